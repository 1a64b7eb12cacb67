//! What a file is for, by its name and place: whether it holds a secret, runs later, or steers an agent.

use std::path::Path;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Nothing special.
    Ordinary,
    /// Banksman's own settings, ledger or program.
    Guard,
    /// Settings, hooks, permissions or MCP servers of a coding agent.
    AgentSettings,
    /// What a coding agent is told to do in every session.
    AgentInstructions,
    /// A coding agent's record of its sessions.
    AgentRecord,
    /// What the continuous integration runs.
    Ci,
    /// What git runs by itself, or the settings of what it runs.
    GitHook,
    /// Git's settings.
    GitSettings,
    /// Git's own store.
    GitStore,
    /// What a build, a test run or a package manager runs.
    Build,
    /// What an editor runs by itself.
    EditorTasks,
    /// What a shell runs at its start.
    ShellStartup,
    /// What the machine runs by itself, or what lets somebody in.
    Persistence,
    /// A secret.
    Secret(SecretKind),
    /// A public or example counterpart of a secret (`id_rsa.pub`, `.env.example`).
    NotSecret,
    /// What the user typed into shells.
    History,
    /// Users, rights, name resolution, boot: the machine's own settings.
    MachineSettings,
}

/// What kind of secret a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// A private key.
    PrivateKey,
    /// Keys to a cloud.
    Cloud,
    /// A token of a package registry.
    Registry,
    /// A token of a forge.
    Forge,
    /// Keys to a cluster.
    Cluster,
    /// The project's own environment (`.env`).
    Environment,
    /// Passwords: keyrings, password stores, `.netrc`, `.pgpass`.
    Passwords,
    /// A browser's cookies and passwords.
    Browser,
    /// A wallet.
    Wallet,
    /// The machine's own passwords.
    System,
    /// Any other.
    Other,
}

/// What the file at `path` (absolute) is for.
#[must_use]
pub fn role_of(path: &Path, home: &Path, workspace: &Path) -> Role {
    let _ = (path, home, workspace);
    Role::Ordinary
}
