//! Clouds: AWS, Google Cloud, Azure and the smaller ones.

use super::*;
use crate::effects::ServiceClass as C;
use crate::effects::WriteHow;

mod storage;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: AWS.names, model: tool },
    Program { names: GCLOUD.names, model: tool },
    Program { names: AZ.names, model: tool },
    Program { names: GSUTIL.names, model: tool },
    Program { names: BQ.names, model: tool },
    Program { names: SMALL.names, model: tool },
];

pub(super) const TOOLS: &[Tool] = &[AWS, GCLOUD, AZ, GSUTIL, BQ, SMALL];

const AWS: Tool = Tool {
    names: &["aws", "awslocal", "aws2"],
    service: "aws",
    options: Options {
        greedy: true,
        switches: &[
            "recursive",
            "force",
            "delete",
            "dryrun",
            "dry-run",
            "no-paginate",
            "debug",
            "quiet",
            "with-decryption",
            "exact-timestamps",
            "size-only",
            "human-readable",
            "summarize",
            "follow",
            "skip-final-snapshot",
            "force-delete-without-recovery",
            "no-sign-request",
            "no-verify-ssl",
            "generate-cli-skeleton",
            "overwrite",
            "publish",
            "version",
            "help",
            "enabled",
            "resolve-s3",
            "guided",
            "details",
            "decrypt",
            "list",
            "all",
            "no-fail-on-empty-changeset",
            "only-show-errors",
            "no-progress",
            "multi-az",
            "publicly-accessible",
        ],
        dry: &["--dry-run", "--dryrun", "--generate-cli-skeleton", "--no-execute-changeset"],
        scope: SCOPE,
        login: &["--profile", "--region", "--token-code"],
        ..PLAIN
    },
    reach: aws_reach,
    rows: &[
        (
            "s3 ls; s3api list-*|get-bucket*|head-*; configure list|list-profiles; sts get-caller-identity; sso login|logout; login; logout; configure get region|output; history",
            READ,
        ),
        ("configure get; configure export-credentials", Does::Shows),
        ("configure; configure set|import|sso|add-model", Does::Looks),
        (
            "secretsmanager get-secret-value|batch-get-secret-value; ssm get-parameter|get-parameters|get-parameters-by-path --with-decryption; kms decrypt; \
          sts get-session-token|assume-role|assume-role-with-*|get-federation-token; ecr get-login-password|get-authorization-token|get-login; iam get-credential-report; \
          eks get-token; rds generate-db-auth-token; codeartifact get-authorization-token; cognito-idp initiate-auth|admin-initiate-auth; iam create-access-key; \
          ec2 get-password-data; lightsail download-default-key-pair; redshift get-cluster-credentials; apigateway get-api-keys --include-values; sso get-role-credentials",
            Does::Special(shows_aws),
        ),
        ("s3 cp|mv|sync", Does::Special(storage::copy)),
        ("s3 rm --recursive; s3 rb; s3api delete-bucket|delete-objects", DESTROY),
        ("s3 rm; s3api delete-object", DELETE),
        (
            "s3 presign; s3api put-bucket-acl|put-bucket-policy|put-object-acl|delete-public-access-block|put-public-access-block; s3 website",
            GRANT,
        ),
        (
            "cloudtrail delete-trail|stop-logging; guardduty delete-detector|update-detector; config* stop-configuration-recorder|delete-configuration-recorder; \
          ec2 delete-flow-logs; securityhub disable-security-hub; kms disable-key|schedule-key-deletion; iam deactivate-mfa-device|delete-account-password-policy; \
          wafv2 disassociate-web-acl; rds modify-db-instance --no-deletion-protection",
            Does::Weakens("a protection or an audit log of the cloud"),
        ),
        (
            "iam attach-*|put-*-policy|add-*|create-login-profile|update-assume-role-policy|create-user|create-role|create-policy*|update-login-profile|set-default-policy-version|create-instance-profile|pass-role; \
          ec2 authorize-security-group-*|modify-snapshot-attribute|modify-image-attribute|create-key-pair|import-key-pair; lambda add-permission|create-function-url-config; kms create-grant|put-key-policy; \
          rds modify-db-snapshot-attribute; secretsmanager put-resource-policy; organizations *; sso-admin *; ecr set-repository-policy; sns add-permission; sqs add-permission; ram *",
            GRANT,
        ),
        (
            "ec2 terminate-instances; logs delete-log-group; rds delete-db-*; dynamodb delete-table; cloudformation delete-stack; ec2 delete-volume|delete-snapshot; ecr batch-delete-image|delete-repository; \
          eks delete-cluster; ecs delete-cluster|delete-service; route53 delete-hosted-zone; secretsmanager delete-secret; elasticache delete-*; redshift delete-*; efs delete-*; \
          kinesis delete-*; sqs purge-queue|delete-queue; cognito-idp delete-user-pool; backup delete-*; glacier delete-*; docdb delete-*; es|opensearch delete-*; kms delete-*; * purge-*; * terminate-*; dynamodb batch-write-item",
            DESTROY,
        ),
        (
            "* delete-*|remove-*|deregister-*|release-*|revoke-*|cancel-*|detach-*|disassociate-*|untag-*|stop-*",
            DELETE,
        ),
        (
            "* describe-*|list-*|get-*|head-*|search-*|lookup-*|scan|query|filter-*|tail|wait|validate-*|estimate-*|batch-get-*|preview-*|simulate-*|detect-*|check-*|select-*|view-*|test-*|start-query|start-query-execution|help; logs tail; * wait; cloudformation validate-template; cloudformation package",
            READ,
        ),
        (
            "lambda invoke|invoke-async; ssm send-command|start-session|start-automation-execution; ecs execute-command|run-task; batch submit-job; stepfunctions start-execution; codebuild start-build; glue start-*; emr add-steps; ec2-instance-connect *; events put-events",
            Does::Special(runs_aws),
        ),
        (
            "lambda update-function-code|publish-*|update-alias; cloudformation deploy|create-stack|update-stack|execute-change-set; ecs update-service; deploy push|create-deployment; elasticbeanstalk *; \
          amplify start-*|create-deployment; apprunner start-deployment; apigateway create-deployment; eks update-*; codepipeline start-*",
            DEPLOY,
        ),
        ("ses send-*; sesv2 send-*; sns publish; pinpoint send-*; chime *; connect start-*", MESSAGE),
        (
            "route53domains register-domain|transfer-domain; ec2 purchase-*; savingsplans create-*; rds purchase-*; marketplace* *",
            PAY,
        ),
        (
            "* create-*|run-instances|allocate-*|request-*|register-*|import-*|copy-*|start-*|tag-*; s3 mb",
            CREATE,
        ),
    ],
    otherwise: CHANGE,
};

/// Options that say on what.
const SCOPE: &[&str] = &[
    "--profile",
    "--bucket",
    "--key",
    "--stack-name",
    "--function-name",
    "--db-instance-identifier",
    "--db-cluster-identifier",
    "--cluster",
    "--cluster-name",
    "--service",
    "--instance-ids",
    "--table-name",
    "--queue-url",
    "--topic-arn",
    "--secret-id",
    "--name",
    "--names",
    "--role-name",
    "--user-name",
    "--policy-arn",
    "--group-id",
    "--repository-name",
    "--project",
    "--zone",
    "--region",
    "--resource-group",
    "-g",
    "-n",
    "--subscription",
    "--vault-name",
    "--app",
    "-a",
    "--account",
    "--instance",
    "--database",
    "--hosted-zone-id",
    "--volume-id",
    "--snapshot-id",
    "--log-group-name",
    "--trail-name",
    "--member",
    "--role",
    "--env",
    "--environment",
    "--scope",
    "--assignee",
    "--config",
    "-c",
];

fn aws_reach(given: &Given<'_>, shell: &Shell<'_>) -> ServiceReach {
    let near = given.call.name == "awslocal"
        || given.parsed.value(&["--endpoint-url"]).is_some_and(|url| Remote::read(&url.shown()).local);
    if near { ServiceReach::Local } else { by_names(given, shell) }
}

/// The secret is what an option names.
fn shows_aws(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    if given.words.iter().any(|word| word == "create-access-key") {
        given.add(C::Grant, by_names(given, shell), given.scope(), shell);
    } else {
        given.add(C::Read, by_names(given, shell), given.scope(), shell);
    }
    let on = given.scope();
    let what = if on.is_empty() {
        format!("the secret that `{}` prints", given.shown())
    } else {
        format!("the secret `{on}` of `aws`")
    };
    Value::output("aws", [Source::Secret(what)])
}

/// Commands on machines of the cloud.
fn runs_aws(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let command = given.parsed.value(&["--command", "--parameters"]).map(Arg::shown);
    let on_machine = matches!(
        given.words.get(1).map(String::as_str),
        Some("send-command" | "start-session" | "execute-command")
    );
    if on_machine {
        let place = Elsewhere::Cluster(format!("aws {}", given.scope()).trim().to_owned());
        shell.add(EffectKind::RunElsewhere { place, command }, given.call.span);
        return printed(given.call);
    }
    if given.words.get(1).map(String::as_str) == Some("invoke")
        && let Some(out) = given.rest().last().cloned()
    {
        shell.write(&out, WriteHow::Replace, None);
    }
    given.service(C::Run, aws_reach(given, shell), shell)
}

const WIDE: Options = Options {
    greedy: true,
    switches: &[
        "quiet",
        "force",
        "yes",
        "recursive",
        "async",
        "verbose",
        "help",
        "version",
        "all",
        "dry-run",
        "no-wait",
        "delete",
        "allow-unauthenticated",
        "only-show-errors",
        "debug",
        "validate-only",
        "delete-disks",
        "preview",
        "project-only",
        "no-promote",
        "promote",
        "public",
        "access-token",
        "global",
        "local",
        "brief",
        "watch",
    ],
    short: "gnao",
    dry: &["--dry-run", "--dryrun", "--what-if", "--validate-only", "--preview"],
    scope: SCOPE,
    ..PLAIN
};

const GCLOUD: Tool = Tool {
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

const AZ: Tool = Tool {
    names: &["az", "azd"],
    service: "azure",
    options: WIDE,
    reach: by_names,
    rows: &[
        (
            "account get-access-token; keyvault secret show|download; ** list-keys|list-connection-strings|show-connection-string|list-secrets|regenerate; ** get-credentials --admin; ad sp create-for-rbac; \
          ** keys list|show|renew; ** credential list|reset; acr credential show; ** generate-sas; webapp deployment list-publishing-*; functionapp keys list; keyvault key download|decrypt",
            Does::Shows,
        ),
        (
            "login; logout; account set|clear; configure; config; extension; bicep build|lint|format|decompile; aks get-credentials; acr login; init; interactive; auth; env select|list|get-values",
            Does::Looks,
        ),
        (
            "** show|list|get|exists|check*|tail|logs|query|wait|what-if|validate|diff|list-*|show-*; version; find; repos list|show; repos pr list|show|checkout; monitor; provision --preview",
            READ,
        ),
        ("repos pr create", Does::Acts(C::Propose)),
        (
            "repos pr set-vote|update --status=completed; repos pr set-vote; repos pr update",
            Does::Acts(C::Merge),
        ),
        (
            "repos delete; group delete; ** purge; sql db|server|mi delete; storage account|container|blob|share delete; cosmosdb ** delete; cosmosdb delete; aks|vm|acr|keyvault|redis|postgres|mysql|webapp|functionapp|network|disk|snapshot ** delete; \
          ** delete-batch; storage blob delete-batch; down; vm deallocate --force",
            DESTROY,
        ),
        (
            "role assignment create|update; ad app|user|group|sp ** create|add|update; ad user|app|sp create|update; keyvault set-policy; ** firewall-rule create; network nsg rule create|update; ** policy assignment; storage container set-permission; account management-group",
            GRANT,
        ),
        (
            "vm run-command; container exec; webapp ssh|remote-connection create; aks command; ssh; containerapp exec; vm|vmss run-command invoke",
            Does::Runs,
        ),
        ("** delete|remove|stop|disable|cancel|detach|deallocate", DELETE),
        (
            "deployment; ** deploy|up|deployment|swap|publish|release; up; provision; deploy; webapp up; pipelines run; acr build",
            DEPLOY,
        ),
        ("boards work-item create|update; devops invoke", MESSAGE),
        ("** create|add|import|start|upload|upload-batch|copy", CREATE),
    ],
    otherwise: CHANGE,
};

const GSUTIL: Tool = Tool {
    names: &["gsutil", "s3cmd", "s5cmd", "mc", "b2", "azcopy", "swift-s3"],
    service: "storage",
    options: Options { short: "ohcp", dry: &["--dry-run", "-n"], ..PLAIN },
    reach: by_names,
    rows: &[
        (
            "ls|cat|du|stat|hash|version|info|head|tree|find|diff|list-buckets|list; test; admin info; alias list|ls; lifecycle get; iam get; acl get; get-bucket-info; la; jobs",
            READ,
        ),
        ("config; alias; set; login; logout; authorize-account; --configure", Does::Looks),
        (
            "cp|mv|rsync|sync|copy|put|get|mirror|upload-file|download-file|cat; pipe",
            Does::Special(storage::copy),
        ),
        (
            "rm -r|-R|--recursive; rb; rb --force; delete-bucket; rm|del --recursive|-r|--force; remove; batch-delete",
            DESTROY,
        ),
        ("rm|del|delete-file-version|delete", DELETE),
        (
            "acl; iam; defacl; policy; anonymous; setacl; setpolicy; signurl; share; signurl; admin user|policy; web; cors",
            GRANT,
        ),
        ("mb; make; create-bucket", CREATE),
    ],
    otherwise: CHANGE,
};

const BQ: Tool = Tool {
    names: &["bq"],
    service: "bigquery",
    options: Options {
        greedy: true,
        switches: &[
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
        ],
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

const SMALL: Tool = Tool {
    names: &[
        "doctl",
        "flyctl",
        "fly",
        "heroku",
        "vercel",
        "netlify",
        "wrangler",
        "railway",
        "render",
        "firebase",
        "supabase",
        "amplify",
        "serverless",
        "sls",
        "sam",
        "cdk",
        "eb",
        "copilot",
        "now",
        "surge",
        "pscale",
        "neonctl",
        "turso",
        "linode-cli",
        "hcloud",
        "scw",
        "ibmcloud",
        "oci",
        "aliyun",
        "cf",
        "dokku",
        "kamal",
        "cap",
        "gh-pages",
        "eas",
        "convex",
        "modal",
        "fastlane",
        "sentry-cli",
        "gigalixir",
        "northflank",
        "koyeb",
        "zeabur",
        "deployctl",
        "sst",
        "encore",
        "shopify",
        "clasp",
        "ghost-cli",
        "plesk",
        "render-cli",
        "upctl",
        "vultr-cli",
        "ovhai",
        "exo",
    ],
    service: "cloud",
    options: Options {
        short: "aecpfo",
        switches: &[
            "yes",
            "force",
            "json",
            "verbose",
            "debug",
            "quiet",
            "all",
            "help",
            "prod",
            "confirm",
            "wait",
            "watch",
            "no-wait",
            "follow",
            "recursive",
            "no-input",
            "interactive",
            "no-interactive",
            "production",
            "version",
            "approve",
            "dry-run",
            "delete",
            "preview",
            "non-interactive",
            "staging",
            "public",
            "private",
            "now",
            "detach",
            "local",
            "linked",
            "guided",
            "hotswap",
            "tail",
            "build",
            "prebuilt",
            "open",
            "live",
            "skip-build",
            "remote",
            "persist",
            "experimental",
        ],
        scope: &[
            "-a",
            "--app",
            "--project",
            "--env",
            "-e",
            "--environment",
            "--stage",
            "-s",
            "--project-ref",
            "--site",
            "--stack-name",
            "--service",
            "--profile",
            "--context",
        ],
        ..REMOTE.options
    },
    reach: small_reach,
    rows: &[
        (
            "auth token|api-keys; apps:export-keys; config:get; pg:credentials:url; secrets get|print|reveal; secret view|get; tokens create|deploy|org; auth:token; projects api-keys; functions:config:get; authorizations:create;  kubernetes cluster kubeconfig show|save; variables; variable list; token; config . ; config -s; auth print*; env:get",
            Does::Shows,
        ),
        (
            "login; logout; auth login|logout|init|list|switch|whoami|signup|docker; whoami; link; unlink; switch; init; new; create-next-app; open; dashboard; docs; doctor; telemetry; upgrade; login:*; use; target:*; completion; context; docker login; registry login; bootstrap:*",
            Does::Looks,
        ),
        (
            "dev|serve|build|start|stop|local|synth|synthesize|package|validate|test|lint|typecheck|types|generate|codegen|emulators:*|emulators|run-local|offline|prebuild|print|sync-deps|gen; \
          db diff|lint|start|dump|pull; invoke --local; pages dev; functions serve|new; invoke local; migration new; env pull; init",
            Does::Project,
        ),
        ("db reset --linked; db reset --db-url", DESTROY),
        ("db reset|push --local; db reset", Does::Special(local_reset)),
        (
            "apps destroy; apps:destroy; pg:reset; postgres:destroy; addons:destroy; addons:detach; volumes destroy|delete; destroy; remove; rm; delete; teardown; nuke; down; *:destroy; *:delete; database|databases|db|cluster|branch|group|project|projects|droplet|volume|bucket|d1|r2|kv|queues|sites|services ** delete|destroy|drop|rm|purge|remove; \
          compute|kubernetes|firestore:delete|server|instance ** delete|destroy|rm; firestore:delete; database:remove; d1 delete; r2 bucket delete; kv namespace delete; sites:delete; site:delete; env remove; app delete|destroy; stack delete; delete-stack; projects:delete; terminate; functions:delete",
            DESTROY,
        ),
        (
            "** delete|destroy|rm|remove|stop|suspend|revoke|unset|disable|cancel; *:remove; *:stop; *:unset; undeploy; disable; secrets unset; maintenance:on",
            DELETE,
        ),
        (
            "** list|ls|status|logs|log|info|show|get|inspect|tail|ps|releases|history|diff|describe|domains|doctor|regions|plan|events|metrics|whoami|account|versions|top|issues|usage|output|outputs|health; \
          ls|list|status|logs|log|info|ps|apps|releases|domains|addons|regions|inspect|diff|projects|deployments|tail|machines|volumes|services|sites|plugins|features|pg|pg:info|pg:ps|pg:diagnose|apps:info|buildpacks|certs|dyno; apps:list; *:list; *:info; *:status; *:log; *:ps",
            READ,
        ),
        (
            "access; access:*; collab:*; members; members:*; orgs invite; ssh-key; keys:add; keys add; tokens; authorizations:*; firewall; domains:update; teams; iam; roles; sharing:*; org invite",
            GRANT,
        ),
        ("d1 execute --local; d1 migrations apply --local; kv * --local", Does::Here(C::Change)),
        (
            "secrets set|import|put|bulk; secret put|bulk|set; config:set; env add|set|import; env:set; env:import; variables --set; variable set; functions:config:set; vars set; functions:secrets:set; env:*; config:*; env",
            Does::Keeps,
        ),
        (
            "ssh; console; run; run:*; exec; ssh console; app exec; ps:exec; pg:psql; psql; connect; remote; postgres connect; db connect; rails console; shell; proxy; machine exec; app console; machines exec",
            Does::Runs,
        ),
        ("publish; upload", PUBLISH),
        (
            "d1 execute; sql; db execute; db push; migration up; migrations apply; d1 migrations apply; db:push",
            CHANGE,
        ),
        (
            "** deploy|deploy:*|release|rollback|promote|publish|up|redeploy|restart; deploy; --prod; deploy*; release:*; hosting:*; functions:*; submit; rollback; promote; up; sync; push; pages deploy; versions upload|deploy; app update; scale; ps:*; restart; pipelines:promote; bootstrap; update; redeploy; setup; alias; . ; ./*; pg:promote",
            DEPLOY,
        ),
        (
            "domains buy; domains transfer-in; domains:add; addons:create; billing; plan; upgrade; certs:*",
            PAY,
        ),
        ("** create|add|new|launch|fork|provision|import; *:create; *:add; launch; create; add", CREATE),
    ],
    otherwise: CHANGE,
};

/// Some have a mode for this machine.
fn small_reach(given: &Given<'_>, shell: &Shell<'_>) -> ServiceReach {
    if given.parsed.has(&["--local"]) { ServiceReach::Local } else { by_names(given, shell) }
}

/// `supabase db reset` is for the database on this machine unless it says otherwise.
fn local_reset(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    given.add(C::Destroy, ServiceReach::Local, given.scope(), shell);
    printed(given.call)
}
