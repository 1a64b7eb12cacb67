//! Infrastructure as code, and stores of secrets.

use super::*;
use crate::effects::ServiceClass as C;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: TERRAFORM.names, model: terraform },
    Program { names: &["ansible", "ansible-playbook", "ansible-pull", "ansible-console"], model: ansible },
];

pub(super) const TOOLS: &[Tool] = &[PULUMI, ANSIBLE, VAULT, PACKER, TALK];

const TERRAFORM: Tool = Tool {
    names: &["terraform", "tofu", "terragrunt", "opentofu", "cdktf"],
    service: "terraform",
    options: Options {
        single_dash: true,
        long: &[
            "var-file",
            "var",
            "target",
            "out",
            "state",
            "state-out",
            "backend-config",
            "chdir",
            "replace",
            "parallelism",
            "lock-timeout",
            "backup",
            "terragrunt-working-dir",
            "terragrunt-config",
            "working-dir",
        ],
        scope: &["-target", "-chdir", "-var-file", "-state"],
        login: &["-backend-config"],
        reads: &["-var-file"],
        ..PLAIN
    },
    reach: by_names,
    rows: &[
        (
            "plan -destroy; plan|validate|show|output|graph|providers|version|metadata|test|diff|list|synth|hclfmt|render-json|graph-dependencies|validate-inputs|output-module-groups|find|dag; state list|show|pull; workspace list|show; run-all|run plan|validate|output|init; get; console; modules; fmt -check",
            READ,
        ),
        ("output -raw|-json *; output -raw", READ),
        ("init|fmt|get|login|logout; workspace select|new; convert", Does::Project),
        ("destroy; apply -destroy; run-all|run destroy; apply --destroy; stack run destroy", DESTROY),
        ("state rm|push; workspace delete; force-unlock", DELETE),
        ("apply|refresh|deploy; run-all|run apply; stack run apply", DEPLOY),
        ("import|taint|untaint; state mv|replace-provider", CHANGE),
    ],
    otherwise: CHANGE,
};

/// `-chdir=prod` stands before the subcommand, and folders are named after what they shape.
fn terraform(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    follow(&TERRAFORM, call, shell)
}

const PULUMI: Tool = Tool {
    names: &["pulumi"],
    service: "pulumi",
    options: Options {
        short: "sCcmtr",
        long: &[
            "stack",
            "cwd",
            "config",
            "message",
            "target",
            "replace",
            "parallel",
            "config-file",
            "secrets-provider",
        ],
        scope: &["-s", "--stack", "-t", "--target"],
        ..PLAIN
    },
    reach: by_names,
    rows: &[
        (
            "config get --show-secrets; config --show-secrets; stack output --show-secrets; stack export --show-secrets; env open|get --show-secrets",
            Does::Shows,
        ),
        (
            "preview|about|version|whoami|logs|schema|convert; stack ls|output|graph|history|tag|export; config . ; config get; stack . ; up|update --preview-only; policy ls; console; plugin ls; state",
            READ,
        ),
        ("login|logout|new|install|package|plugin|gen-completion; stack select|init", Does::Project),
        ("destroy|down; stack rm; state delete; stack import; cancel", DESTROY),
        ("up|update|watch|refresh; deployment run", DEPLOY),
        ("config set|set-all", Does::Keeps),
    ],
    otherwise: CHANGE,
};

const ANSIBLE: Tool = Tool {
    names: &[
        "ansible-vault",
        "ansible-galaxy",
        "ansible-inventory",
        "ansible-doc",
        "ansible-config",
        "molecule",
    ],
    service: "ansible",
    options: PLAIN,
    reach: remote,
    rows: &[
        ("view|decrypt", Does::Special(unlock)),
        (
            "encrypt|edit|create|rekey|encrypt_string|test|converge|lint|verify|create|destroy|login; collection|role build|init",
            Does::Project,
        ),
        ("install; collection|role install", Does::Special(galaxy)),
        ("collection|role publish", PUBLISH),
    ],
    otherwise: Does::Looks,
};

/// Plays run on the machines of an inventory.
fn ansible(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let spec = Spec {
        short: "iaemMtlfuUc",
        long: &[
            "inventory",
            "args",
            "extra-vars",
            "module-name",
            "limit",
            "tags",
            "user",
            "connection",
            "vault-password-file",
            "become-user",
            "private-key",
            "forks",
            "skip-tags",
            "start-at-task",
        ],
        operand_ends: false,
        single_dash: false,
    };
    let parsed = parse(call.args, &spec);
    if call.args.is_empty()
        || parsed.has(&[
            "--help",
            "--version",
            "--syntax-check",
            "--list-hosts",
            "--list-tasks",
            "--list-tags",
            "--check",
            "-C",
        ])
    {
        return observe(call, shell);
    }
    let inventory =
        parsed.value(&["-i", "--inventory", "--inventory-file"]).map(Arg::shown).unwrap_or_default();
    let limit = parsed.value(&["-l", "--limit"]).map(Arg::shown).unwrap_or_default();
    let operand = parsed.operands.first().map(Arg::shown).unwrap_or_default();
    let near = parsed.value(&["-c", "--connection"]).and_then(Arg::text) == Some("local")
        || matches!(inventory.trim_end_matches(','), "localhost" | "127.0.0.1")
        || (call.name == "ansible" && matches!(operand.as_str(), "localhost" | "127.0.0.1"));
    for playbook in parsed.operands.iter().filter(|_| call.name == "ansible-playbook") {
        shell.read_file(playbook);
    }
    let module =
        parsed.value(&["-m", "--module-name"]).map(Arg::shown).unwrap_or_else(|| "command".to_owned());
    if call.name == "ansible" && matches!(module.as_str(), "ping" | "setup" | "debug" | "gather_facts") {
        return observe(call, shell);
    }
    let command = parsed.value(&["-a", "--args"]).cloned();
    if near {
        match command.filter(|_| matches!(module.as_str(), "command" | "shell" | "raw")) {
            Some(line) => {
                shell.run_line(&line.value, line.span, &Value::default());
            }
            None => shell.opaque(
                "what the play does on this machine is not followed",
                crate::effects::Worst::Writes,
                call.span,
            ),
        }
        return printed(call);
    }
    let place = Elsewhere::Cluster(
        format!("{inventory} {limit} {operand}").split_whitespace().collect::<Vec<_>>().join(" "),
    );
    shell.add(EffectKind::RunElsewhere { place, command: command.map(|line| line.shown()) }, call.span);
    printed(call)
}

fn unlock(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let mut out = shell.read_files(given.rest());
    if given.words.first().map(String::as_str) == Some("decrypt") {
        for file in given.rest() {
            shell.write(file, crate::effects::WriteHow::Replace, None);
        }
        return Value::default();
    }
    out.add_sources([Source::Secret(format!("what `{}` keeps", given.targets().join(" ")))]);
    out
}

fn galaxy(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let file = given.parsed.has(&["-r", "--requirements-file", "--role-file"]);
    let package = if file { String::new() } else { given.targets().join(" ") };
    let source =
        if file { crate::effects::PackageSource::Declared } else { crate::effects::PackageSource::Registry };
    shell.add(
        EffectKind::Install {
            manager: "ansible-galaxy".to_owned(),
            package,
            source,
            reach: crate::effects::Reach::Project,
        },
        given.call.span,
    );
    Value::default()
}

const VAULT: Tool = Tool {
    names: &["vault", "bao", "conjur", "akeyless", "bws"],
    service: "vault",
    options: Options {
        single_dash: true,
        long: &[
            "address",
            "namespace",
            "mount",
            "field",
            "format",
            "path",
            "version",
            "versions",
            "token",
            "policy",
            "ttl",
            "metadata",
        ],
        scope: &["-mount", "-namespace"],
        login: &["-token", "-address"],
        ..PLAIN
    },
    reach: by_names,
    rows: &[
        (
            "status|version; list; kv list|metadata; secrets list; auth list; policy list|read|fmt; audit list; token lookup|capabilities; path-help; operator members; read sys/*; lease lookup; secret list",
            READ,
        ),
        (
            "read; kv get; token create; print token; unwrap; transit decrypt; generate-root; operator init|generate-root|rekey; write -field=*; secret get; kv get -field=*",
            Does::Shows,
        ),
        ("login; server -dev; agent; proxy", Does::Looks),
        ("audit disable", Does::Weakens("the audit log of the secret store")),
        (
            "secrets disable; kv destroy; kv metadata delete; operator raft remove-peer; operator seal; kv destroy",
            DESTROY,
        ),
        ("delete; kv delete; lease revoke; token revoke; auth disable; policy delete; secret delete", DELETE),
        (
            "policy write; auth enable; write auth/*; write sys/policy*; token renew; operator unseal; ssh",
            GRANT,
        ),
        ("kv put|patch; write; secret create|edit", Does::Keeps),
    ],
    otherwise: CHANGE,
};

const PACKER: Tool = Tool {
    names: &[
        "packer",
        "waypoint",
        "boundary",
        "infracost",
        "terrascan",
        "tfsec-cli",
        "driftctl",
        "chef",
        "knife",
        "puppet",
        "salt",
        "salt-call",
        "bolt",
    ],
    service: "infrastructure",
    options: Options {
        single_dash: true,
        long: &["var", "var-file", "only", "except", "environment", "target"],
        ..PLAIN
    },
    reach: by_names,
    rows: &[
        (
            "validate|inspect|fmt|version|plugins|console|breakdown|diff|scan|list|status|lookup; node list|show; parser; config print",
            READ,
        ),
        ("init|build|generate|exec; module build", Does::Project),
        ("node delete|bulk; destroy; purge", DESTROY),
        ("ssh; task|command|script|plan run; *", Does::Runs),
    ],
    otherwise: CHANGE,
};

/// Programs that talk to people or move money.
const TALK: Tool = Tool {
    names: &[
        "slack",
        "slackcat",
        "slack-cli",
        "discord",
        "telegram-send",
        "telegram-cli",
        "ntfy",
        "twilio",
        "stripe",
        "pushover",
        "apprise",
        "matrix-commander",
        "signal-cli",
        "toot",
        "sendgrid",
        "resend",
        "mailgun",
        "paypal",
        "shopify-cli",
        "pd",
        "opsgenie",
    ],
    service: "message",
    options: REMOTE.options,
    reach: by_names,
    rows: &[
        (
            "login|logout|config|version|status|whoami|listen|logs|samples|open|doctor|receive|sub|subscribe|completion|init; * list|retrieve|get|fetch|search|lookup; ** list|retrieve|fetch; events resend; trigger; fixtures; serve; dev; run",
            READ,
        ),
        (
            "charges|payment_intents|payouts|refunds|transfers|invoices|subscriptions|topups|checkout * ; phone-numbers:buy; post /v1/*",
            PAY,
        ),
        ("deploy", DEPLOY),
        ("* delete|cancel|remove; delete", DELETE),
        ("* create|update; get; post", CHANGE),
    ],
    otherwise: Does::Special(speak),
};

/// What is said goes to people outside.
fn speak(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let service = match given.call.name {
        name if name.contains("slack") => "slack",
        name if name.contains("telegram") => "telegram",
        "discord" => "discord",
        "twilio" | "signal-cli" => "sms",
        _ => given.call.name,
    };
    let kind = EffectKind::Service {
        service: service.to_owned(),
        operation: "send".to_owned(),
        target: given.scope(),
        class: C::Message,
        reach: ServiceReach::Remote,
    };
    shell.add(kind, given.call.span);
    given.sends_secrets(&Value::default(), shell);
    Value::default()
}
