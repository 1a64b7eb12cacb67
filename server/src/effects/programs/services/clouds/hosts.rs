//! Hosts of applications: heroku, vercel, fly and the many like them.

use super::*;

pub(super) const HOSTS: Tool = Tool {
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
            USUAL,
            &[
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
    reach,
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
fn reach(given: &Given<'_>, shell: &Shell<'_>) -> ServiceReach {
    if given.parsed.has(&["--local"]) { ServiceReach::Local } else { by_names(given, shell) }
}

/// `supabase db reset` is for the database on this machine unless it says otherwise.
fn local_reset(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    given.add(C::Destroy, ServiceReach::Local, given.scope(), shell);
    printed(given.call)
}
