//! Google.

use super::*;

pub(super) const GCLOUD: Tool = Tool {
    names: &["gcloud"],
    service: "gcloud",
    options: WIDE,
    reach: by_names,
    rows: &[
        (
            "auth print-access-token|print-identity-token; auth application-default print-access-token; secrets versions access; kms decrypt; sql generate-login-token; iam service-accounts keys create; config config-helper",
            Does::Shows,
        ),
        ("auth list; config list|get|get-value|configurations; info; topic; version; components list", READ),
        (
            "auth login|revoke|activate-service-account|configure-docker|application-default; config set|unset; init; components; container clusters get-credentials",
            Does::Looks,
        ),
        (
            "compute ssh; compute scp; app instances ssh; alpha cloud-shell ssh; cloud-shell ssh; compute start-iap-tunnel",
            Does::Runs,
        ),
        ("storage cp|mv|rsync", Does::Special(storage::copy)),
        ("storage rm --recursive|-r; storage buckets delete; storage rm", DESTROY),
        (
            "storage buckets add-iam-policy-binding; ** add-iam-policy-binding|set-iam-policy|add-iam-policy-bindings; iam roles create|update; iam service-accounts create; ** add-access-config; compute firewall-rules create|update; \
          run services add-iam-policy-binding; organizations; sql users create|set-password",
            GRANT,
        ),
        (
            "** describe|list|list|get-iam-policy|read|tail|get-server-config|list-tags|search|get-value|ls|cat|browse|lookup|check|lint|export; logging read",
            READ,
        ),
        (
            "projects|sql|spanner|bigtable|firestore|filestore|container|compute|run|redis|pubsub|kms|dataproc|artifacts|secrets|functions|app|composer|alloydb|dns ** delete|destroy|purge|delete-all|reset",
            DESTROY,
        ),
        ("** delete|remove|stop|disable|cancel|detach|remove-iam-policy-binding|undeploy", DELETE),
        (
            "** deploy|submit|rollback|update-traffic|promote; builds triggers run; run services update",
            DEPLOY,
        ),
        ("** call|execute|run|invoke|publish", RUN),
        ("** create|import|clone|enable|start|reserve|add", CREATE),
    ],
    otherwise: CHANGE,
};

pub(super) const BQ: Tool = Tool {
    names: &["bq"],
    service: "bigquery",
    options: Options {
        greedy: true,
        switches: &[&[
            "dry_run",
            "f",
            "force",
            "r",
            "recursive",
            "nouse_legacy_sql",
            "replace",
            "autodetect",
            "n",
            "d",
            "t",
            "a",
            "quiet",
            "headless",
        ]],
        single_dash: true,
        dry: &["--dry_run"],
        ..PLAIN
    },
    reach: by_names,
    rows: &[
        ("ls|show|head|wait|help|version|info; get-iam-policy; extract", READ),
        ("query", Does::Special(query)),
        ("rm", DESTROY),
        ("mk|cp|load|insert|partition", CREATE),
        ("add-iam-policy-binding|set-iam-policy", GRANT),
        ("init", Does::Looks),
    ],
    otherwise: CHANGE,
};

fn query(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    use crate::effects::sql::{self, Does as Sql};
    let text = given.targets().join(" ");
    let text = if text.is_empty() { given.call.stdin.shown() } else { text };
    if given.is_dry() {
        given.add(C::Read, by_names(given, shell), String::new(), shell);
        return printed(given.call);
    }
    for deed in sql::deeds(&text) {
        let class = match deed.does {
            Sql::Reads => C::Read,
            Sql::Destroys => C::Destroy,
            Sql::Grants => C::Grant,
            _ => C::Change,
        };
        given.add_named(&deed.verb, class, by_names(given, shell), deed.target, shell);
    }
    printed(given.call)
}
