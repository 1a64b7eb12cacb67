//! The names by which files with a role are known.
//!
//! `~/` begins what lies in a home, `/` what lies at the root; anything else is looked for anywhere
//! in a path. A star stands for any part of one name, a last `/**` for the folder and all it holds.
//! Names in lower case fit in any case; a name with capitals fits only as it is written.
//! **The first row that fits wins**: what is special stands before what is general.

mod keys;
mod logins;
mod agents;
mod machine;
mod project;
mod build;

use super::Role::{self, *};
use super::SecretKind::*;

pub(super) const ROWS: &[(Role, &[&str])] = &[
    (Guard, GUARD),
    // What looks like a secret and is none.
    (NotSecret, keys::NOT_SECRET),
    (
        Ordinary,
        &[
            ".ssh/config",
            ".ssh/config.d/**",
            "templates/secret.yaml",
            "templates/secrets.yaml",
            "~/.aws/cli/**",
            "~/.docker/cli-plugins/**",
            "~/.docker/buildx/**",
            "~/.docker/contexts/**",
            "~/.docker/run/**",
            "~/.azure/cliextensions/**",
            "~/.config/gcloud/logs/**",
            "~/.config/gcloud/configurations/**",
            "/proc/self/fd/*",
            "/proc/thread-self/fd/*",
        ],
    ),
    (Persistence, &[".ssh/authorized_keys*", ".ssh/rc", ".ssh/environment"]),
    (Secret(PrivateKey), keys::PRIVATE_KEYS),
    (Secret(Cloud), keys::CLOUD),
    (Secret(Cluster), keys::CLUSTER),
    (Secret(Registry), keys::REGISTRY),
    (Secret(Forge), keys::FORGE),
    (Secret(Browser), logins::BROWSER),
    (Secret(Wallet), logins::WALLET),
    (Secret(Passwords), logins::PASSWORDS),
    (Secret(System), logins::SYSTEM),
    (Secret(Other), logins::OTHER),
    (Secret(Other), logins::OWN_LOGINS),
    (Secret(Environment), keys::ENVIRONMENT),
    (History, machine::HISTORY),
    (AgentRecord, agents::RECORDS),
    (AgentInstructions, agents::INSTRUCTIONS),
    (AgentSettings, agents::SETTINGS),
    (Ci, project::CI),
    (GitHook, project::GIT_HOOKS),
    (GitSettings, project::GIT_SETTINGS),
    (GitStore, &[".git/**"]),
    (ShellStartup, machine::SHELL_STARTUP),
    (Persistence, machine::PERSISTENCE),
    (MachineSettings, machine::SETTINGS),
    (EditorTasks, project::EDITOR_TASKS),
    (Build, build::BUILD),
];

const GUARD: &[&str] = &[
    "banksman.toml",
    ".banksman.toml",
    ".banksman/**",
    "~/.config/banksman/**",
    "~/.local/share/banksman/**",
    "~/.local/state/banksman/**",
    "~/.cache/banksman/**",
    "~/library/application support/banksman/**",
    "~/library/logs/banksman/**",
    "/etc/banksman/**",
    "/var/lib/banksman/**",
    "bin/banksman",
    "bin/banksman.exe",
    "~/appdata/roaming/banksman/**",
    "~/appdata/local/banksman/**",
    "~/.vscode/extensions/banksman*/**",
    "~/.vscode-server/extensions/banksman*/**",
    "~/.cursor/extensions/banksman*/**",
    "/run/banksman/**",
    "/run/user/*/banksman*/**",
    "/tmp/banksman-*.sock",
    "/tmp/banksman-run-*/**",
];
