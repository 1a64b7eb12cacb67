//! What an effect is: one thing that an action would do to the world.
//!
//! Rules see effects and nothing else. An effect carries what it acts on, resolved against the
//! world, the evidence in the text of the action, how sure we are and whether it can be undone.
//! What could not be understood is the effect [`EffectKind::Opaque`]: data, never an error.

use std::path::{Path, PathBuf};

use banksman_protocol::{Certainty, EffectView, Reversibility, Span};

use crate::world::{Place, State};

/// One thing that an action would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What it does, and to what.
    pub kind: EffectKind,
    /// The evidence in the text of the action.
    pub span: Span,
    /// The evidence in a file that the action runs.
    pub inside: Option<Inside>,
    /// How sure we are.
    pub certainty: Certainty,
}

/// Where in a file that the action runs the evidence stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inside {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: u32,
    /// The file is the project's own and committed: it is run as the project's code.
    pub own: bool,
}

/// Everything that an action can do, as far as rules care.
#[derive(Clone, Debug, PartialEq)]
pub enum EffectKind {
    /// Looks at facts: listings, help, versions, status. Changes nothing and reads no secret.
    Observe,
    /// Reads what a file holds.
    Read {
        /// The file.
        place: Place,
    },
    /// Changes a file or creates it.
    Write {
        /// The file.
        place: Place,
        /// What stands there now.
        state: State,
        /// How it is written.
        how: WriteHow,
        /// What is written, when it is known.
        content: Option<Content>,
    },
    /// Deletes a file or a folder.
    Delete {
        /// The file or folder.
        place: Place,
        /// What stands there now.
        state: State,
        /// With all it holds.
        recursive: bool,
    },
    /// Moves a file or a folder.
    Move {
        /// From here.
        from: Place,
        /// To there.
        to: Place,
        /// What stands at the destination now.
        state: State,
    },
    /// Changes who may do what with a file.
    Permit {
        /// The file or folder.
        place: Place,
        /// What changes.
        change: Permission,
        /// With all it holds.
        recursive: bool,
    },
    /// Makes one path stand for another.
    Link {
        /// The new name.
        place: Place,
        /// What it stands for.
        to: Place,
    },
    /// Writes a raw device or makes a file system on it.
    Device {
        /// The device.
        path: String,
        /// What is done to it.
        how: String,
    },
    /// Gets something from another machine.
    Fetch {
        /// From where.
        from: Remote,
        /// The file it is saved to.
        saves: Option<Place>,
    },
    /// Sends something to another machine.
    Send {
        /// To whom.
        to: Remote,
        /// What is sent, by where it comes from.
        what: Vec<Source>,
        /// What kind of message it is.
        how: SendHow,
    },
    /// Opens a port on this machine.
    Listen {
        /// The address, `127.0.0.1` when only this machine can reach it.
        address: String,
        /// The folder that is served, if one is.
        serves: Option<Place>,
    },
    /// Gives a shell on this machine to another one, or waits for somebody who wants one.
    OpenShell {
        /// Who gets it.
        peer: String,
    },
    /// Makes this machine, or a network behind it, reachable from outside.
    Tunnel {
        /// By what.
        via: String,
    },
    /// Runs a command on another machine or in a container or cluster.
    RunElsewhere {
        /// Where.
        place: Elsewhere,
        /// What, when it is known.
        command: Option<String>,
    },
    /// Builds, tests, lints, formats or runs the project's own code.
    RunProject {
        /// The tool, as `cargo test`.
        task: String,
    },
    /// Runs code that came from another machine.
    RunDownloaded {
        /// Where it came from.
        from: String,
        /// The file it stands in, if it stands in one.
        place: Option<Place>,
    },
    /// Runs a program that Banksman has no model of.
    RunUnknown {
        /// As the command line calls it.
        program: String,
        /// The file, when it was named by a path.
        place: Option<Place>,
    },
    /// Adds a package.
    Install {
        /// The package manager.
        manager: String,
        /// The package, as written; empty for what the project's manifest declares.
        package: String,
        /// Where it comes from.
        source: PackageSource,
        /// Who gets it.
        reach: Reach,
    },
    /// Removes a package.
    Uninstall {
        /// The package manager.
        manager: String,
        /// By the name that the manager knows it by.
        package: String,
        /// Who loses it.
        reach: Reach,
    },
    /// Local git work that can be undone.
    GitLocal {
        /// The command, as `git commit`.
        what: String,
    },
    /// Throws away work that git does not keep.
    GitDiscard {
        /// The command, as `git reset --hard`.
        what: String,
        /// What would be lost.
        state: State,
    },
    /// Rewrites commits or removes names by which they are reached.
    GitRewrite {
        /// The command, as `git rebase`.
        what: String,
        /// Somebody else may have these commits.
        published: bool,
        /// The commits can still be reached by another name or the reflog.
        recoverable: bool,
    },
    /// Changes a branch or tag of a remote.
    Push {
        /// The remote, by name or address.
        remote: String,
        /// What each ref would become.
        updates: Vec<RefUpdate>,
        /// The remote is one that the repository is set up with.
        known_remote: bool,
    },
    /// Changes git's own settings.
    GitSetup {
        /// The key, as `core.hooksPath`.
        key: String,
        /// What it is set to.
        value: String,
        /// Git runs the value, or what it names, later.
        runs: bool,
        /// Every repository of the user is concerned.
        global: bool,
    },
    /// Does something in a service: a forge, a cloud, a cluster, a registry, a database, a tracker.
    Service {
        /// The service, as `github` or `aws s3`.
        service: String,
        /// What is done, in the service's own words.
        operation: String,
        /// To what.
        target: String,
        /// What kind of thing it is.
        class: ServiceClass,
        /// How far it reaches.
        reach: ServiceReach,
    },
    /// Ends processes.
    Kill {
        /// Which, as written.
        target: String,
        /// Which, as understood.
        whose: Whose,
    },
    /// Gets more rights than the user has.
    Privilege {
        /// How, as `sudo`.
        how: String,
    },
    /// Changes this machine beyond the workspace: services, users, network, kernel, power.
    Machine {
        /// What is changed, in words.
        what: String,
        /// How bad it is when it is wrong.
        grave: bool,
    },
    /// Arranges for something to run later or to let somebody in, other than by writing a file.
    Persist {
        /// By what, as `crontab`.
        mechanism: String,
    },
    /// Switches off or loosens a protection.
    Weaken {
        /// Which, in words.
        what: String,
        /// Only this one call is less protected, not what comes after it.
        once: bool,
    },
    /// Goes round checks that the project has set up.
    BypassReview {
        /// Which, in words.
        what: String,
    },
    /// Sets a variable that makes a program run or load something else.
    Inject {
        /// The variable.
        variable: String,
        /// Its value.
        value: String,
    },
    /// Shows or fetches a secret other than by reading a file.
    Secret {
        /// Which, in words.
        what: String,
    },
    /// Uses up the machine.
    Exhaust {
        /// By what, in words.
        how: String,
    },
    /// Calls a tool of an MCP server that Banksman has no model of.
    Tool {
        /// The server's name, as the client calls it.
        server: String,
        /// The tool's name, as the server calls it.
        tool: String,
        /// What it seems to do, from its name and arguments.
        class: ServiceClass,
        /// What is acted on, from the arguments.
        target: String,
    },
    /// Hands a brief to a subagent, whose actions are reviewed on their own.
    Delegate {
        /// The brief.
        prompt: String,
    },
    /// Could not be understood.
    Opaque {
        /// Why not.
        reason: String,
        /// What it could do at worst.
        worst: Worst,
    },
}

impl Effect {
    /// An effect that is certain, with its evidence.
    #[must_use]
    pub fn new(kind: EffectKind, span: Span) -> Self {
        Self { kind, span, inside: None, certainty: Certainty::Certain }
    }

    /// Nothing in the world is changed and nothing leaves the machine.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        match &self.kind {
            EffectKind::Observe | EffectKind::Read { .. } | EffectKind::Delegate { .. } => true,
            EffectKind::Fetch { saves, .. } => saves.is_none(),
            EffectKind::Service { class, .. } | EffectKind::Tool { class, .. } => {
                *class == ServiceClass::Read
            }
            EffectKind::Opaque { worst, .. } => *worst == Worst::Reads,
            _ => false,
        }
    }

    /// The place it acts on, when it acts on one.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match &self.kind {
            EffectKind::Read { place }
            | EffectKind::Write { place, .. }
            | EffectKind::Delete { place, .. }
            | EffectKind::Permit { place, .. }
            | EffectKind::Link { place, .. } => Some(place),
            EffectKind::Move { to, .. } => Some(to),
            EffectKind::Fetch { saves, .. } => saves.as_ref(),
            EffectKind::RunUnknown { place, .. } | EffectKind::RunDownloaded { place, .. } => place.as_ref(),
            _ => None,
        }
    }
}

mod describe;

pub mod argv;
pub mod code;
pub mod programs;
pub mod shell;
pub mod sql;
pub mod value;

mod content;
mod fetches;
mod parts;
mod read;
mod tools;

pub use describe::view;
pub use parts::{
    Content, Elsewhere, PackageSource, Permission, Reach, RefUpdate, Remote, SendHow, ServiceClass,
    ServiceReach, Source, Whose, Worst, WriteHow, is_local,
};
pub(crate) use programs::MIGHTY_CAPABILITIES;
pub use read::of;
pub use tools::words as tool_words;

/// The path as text, as it is shown to people.
#[must_use]
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The effects as the wire shows them.
#[must_use]
pub fn views(effects: &[Effect]) -> Vec<EffectView> {
    effects.iter().map(view).collect()
}

/// Whether what an effect does can be undone.
#[must_use]
pub fn reversibility(effect: &Effect) -> Reversibility {
    describe::reversibility(effect)
}

/// A text of a makefile as the shell gets it.
fn as_shell(text: &str) -> String {
    content::as_shell(text)
}

/// Secrets that stand in a text word for word.
fn literal_secrets(text: &str) -> Vec<Source> {
    content::secrets(text)
}

/// Whether a variable of this name holds a secret, as far as names tell.
#[must_use]
pub fn secret_variable(name: &str) -> bool {
    const PARTS: [&str; 15] = [
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "PASSPHRASE",
        "APIKEY",
        "API_KEY",
        "ACCESS_KEY",
        "PRIVATE_KEY",
        "CREDENTIAL",
        "AUTH_KEY",
        "ENCRYPTION_KEY",
        "SIGNING_KEY",
        "SESSION_KEY",
        "DATABASE_URL",
    ];
    let name = name.to_ascii_uppercase();
    PARTS.iter().any(|part| name.contains(part))
        || name.ends_with("_PAT")
        || name.ends_with("_PWD")
        || name.ends_with("_PW")
}
