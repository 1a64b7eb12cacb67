//! What an effect does, in the words that a user would use for it.
//!
//! A [`Need`] lists the names by which its target may have been called. Beside real names these
//! stand for what users call by a description:
//!
//! | name | what the user calls so |
//! |---|---|
//! | `@branch` | the branch that is checked out: "my branch", "this branch", a bare "push" |
//! | `@uncommitted` | work that no commit holds: "my changes", "local changes" |
//! | `@untracked` | files that git does not know: "untracked files" |
//! | `@session` | what the agent made in this session: "your changes", "the files you created" |
//! | `@repo`, `@workspace` | the project as a whole: "the repo", "this project" |
//! | `@package` | the project's own package: "publish it", "release 1.2.0" |
//! | `@declared` | what the manifest declares: "install the dependencies" |
//! | `@merged` | a local branch whose commits are all on another one: "merged branches" |
//! | `@exact` | nothing by itself: the target has to be named, the operation alone does not say enough |
//! | `@production` | what others depend on, by whatever name: "production", "prod", "live" |
//!
//! A branch on a remote is called `origin/name`; the bare name stands for the local one.

use crate::effects::{
    Effect, EffectKind, Elsewhere, PackageSource, Permission, Reach, SendHow, ServiceClass, Source, Worst,
    WriteHow,
};
use crate::world::{Place, Role, Scope};

/// What can be granted or forbidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Read files or facts.
    Read,
    /// Change files.
    Edit,
    /// Make files that were not there.
    Create,
    /// Delete files.
    Delete,
    /// Throw away uncommitted work.
    Discard,
    /// Replace what cannot be brought back.
    Overwrite,
    /// Write outside the workspace.
    WriteOutside,
    /// Commit.
    Commit,
    /// Push a branch.
    Push,
    /// Push over what is there.
    ForcePush,
    /// Rewrite commits that others may have.
    RewriteHistory,
    /// Delete a branch or tag, here or on a remote.
    DeleteRef,
    /// Make or push a tag.
    Tag,
    /// Open a pull request.
    Propose,
    /// Merge or approve.
    Merge,
    /// Comment, mail, post, message.
    Message,
    /// Cut a release.
    Release,
    /// Publish a package, a gist, a site, an image.
    Publish,
    /// Deploy.
    Deploy,
    /// Add a package.
    Install,
    /// Add a package for the user or the machine.
    InstallGlobal,
    /// Remove a package.
    Uninstall,
    /// Run what was downloaded.
    RunDownloaded,
    /// Run a program or a task.
    Run,
    /// Fetch from another machine.
    Fetch,
    /// Send data to another machine.
    Send,
    /// Read a secret.
    ReadSecret,
    /// End processes.
    Kill,
    /// Use more rights than the user has.
    Privilege,
    /// Change the machine beyond the workspace.
    Machine,
    /// Arrange for something to run later, or let somebody in.
    Persist,
    /// Switch off or loosen a protection.
    Weaken,
    /// Go round the project's checks.
    BypassReview,
    /// Edit what runs or steers later: CI, hooks, build scripts, editor tasks.
    EditSteering,
    /// Edit what steers an agent: its settings and instructions.
    EditAgent,
    /// Open a port or a tunnel.
    Expose,
    /// Change something in a service.
    ServiceChange,
    /// Delete something in a service.
    ServiceDelete,
    /// Change the data or the shape of a database.
    Database,
    /// Give rights to somebody.
    Grant,
    /// Move money or bind the user to something.
    Pay,
    /// Run something on another machine.
    RunElsewhere,
    /// Rename or move files.
    Move,
    /// Change git's settings or remotes.
    GitSetup,
    /// Check out another branch.
    Switch,
    /// Put work aside in git's stash, or take it from there.
    Stash,
}

impl Operation {
    /// Who allows `self` on a target has allowed `other` on it too.
    #[must_use]
    pub fn includes(self, other: Self) -> bool {
        use Operation::*;
        if self == other {
            return true;
        }
        match self {
            ForcePush => matches!(other, Push | RewriteHistory),
            Delete => matches!(other, Overwrite | Discard | WriteOutside),
            Edit | Overwrite => {
                matches!(other, Edit | Create | Overwrite | WriteOutside | EditSteering | EditAgent)
            }
            Create => matches!(other, Edit | WriteOutside | EditSteering | EditAgent),
            Move => matches!(other, Edit | Create | WriteOutside | EditSteering),
            Read => other == ReadSecret,
            InstallGlobal => other == Install,
            Deploy | Grant | Pay | Database | Merge => other == ServiceChange,
            ServiceDelete => matches!(other, ServiceChange | Database),
            Release => other == Tag,
            _ => false,
        }
    }

    /// How much a request says that names this operation and no target.
    pub(super) fn alone(self) -> Alone {
        use Operation::*;
        match self {
            Read | Edit | Create | Commit | Run | Fetch | Privilege | Propose | Tag | Release | Switch
            | Stash => Alone::Anything,
            Deploy | Database | BypassReview | Expose | GitSetup | Install => Alone::NotProduction,
            _ => Alone::Nothing,
        }
    }
}

/// How much a request says that names an operation and no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alone {
    /// Whatever it is done to.
    Anything,
    /// Whatever it is done to, as long as nobody else depends on it.
    NotProduction,
    /// The target has to be named.
    Nothing,
}

/// What the user must have named for a finding to be cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Need {
    /// The operations; naming one of them will do.
    pub operations: Vec<Operation>,
    /// The names by which the target may have been called: path, file name, branch, host, package.
    /// Empty: the operation alone says it all.
    pub targets: Vec<String>,
}

impl Need {
    /// Naming `operation` on one of `targets`.
    #[must_use]
    pub fn new(operation: Operation, targets: impl IntoIterator<Item = String>) -> Self {
        Self {
            operations: vec![operation],
            targets: targets.into_iter().filter(|name| !name.is_empty()).collect(),
        }
    }

    /// Naming this other operation will do as well.
    #[must_use]
    pub fn or(mut self, operation: Operation) -> Self {
        self.operations.push(operation);
        self
    }
}

/// The operations that an effect is, for boundaries.
#[must_use]
pub fn operations_of(effect: &Effect) -> Vec<Operation> {
    use Operation::*;
    match &effect.kind {
        EffectKind::Observe | EffectKind::Delegate { .. } => Vec::new(),
        EffectKind::Read { place } if matches!(place.role, Role::Secret(_)) => vec![Read, ReadSecret],
        EffectKind::Read { .. } => vec![Read],
        EffectKind::Write { place, state, how, .. } => {
            let mut all = vec![Edit];
            if !state.exists {
                all.push(Create);
            }
            if state.exists && *how == WriteHow::Replace && !state.recoverable() {
                all.push(Overwrite);
            }
            all.extend(ground(place));
            all
        }
        EffectKind::Delete { place, .. } => [Delete].into_iter().chain(ground(place)).collect(),
        EffectKind::Move { from, to, state } => {
            let mut all = vec![Move, Edit];
            if state.exists {
                all.push(Overwrite);
            }
            all.extend(ground(from));
            all.extend(ground(to));
            all
        }
        EffectKind::Permit { change: Permission::SetId | Permission::WorldWritable, .. } => {
            vec![Edit, Weaken]
        }
        EffectKind::Permit { .. } => vec![Edit],
        EffectKind::Link { place, .. } => [Edit, Create].into_iter().chain(ground(place)).collect(),
        EffectKind::Device { .. } => vec![Overwrite, Delete, Machine],
        EffectKind::Fetch { .. } => vec![Fetch],
        EffectKind::Send { what, how, .. } => {
            let secret = what.iter().any(is_secret);
            match how {
                SendHow::Login => vec![Fetch],
                SendHow::Body | SendHow::Address if secret => vec![Send, ReadSecret],
                SendHow::Commit => vec![Send, ReadSecret, Commit],
                SendHow::Probe => vec![Send, Fetch],
                SendHow::Body | SendHow::Address => vec![Send],
            }
        }
        EffectKind::Listen { .. } | EffectKind::Tunnel { .. } | EffectKind::OpenShell { .. } => vec![Expose],
        EffectKind::RunElsewhere { place: Elsewhere::Container(_), .. } => vec![Run],
        EffectKind::RunElsewhere { .. } => vec![RunElsewhere],
        EffectKind::RunProject { .. } | EffectKind::RunUnknown { .. } => vec![Run],
        EffectKind::RunDownloaded { .. } => vec![RunDownloaded, Run],
        EffectKind::Install { source: PackageSource::Declared, reach: Reach::Project, .. } => vec![Install],
        EffectKind::Install { reach: Reach::User | Reach::System, .. } => vec![Install, InstallGlobal],
        EffectKind::Install { .. } => vec![Install],
        EffectKind::Uninstall { .. } => vec![Uninstall],
        EffectKind::GitLocal { what } => local_git(what),
        // Files that are checked out come from a commit, and the branch stays.
        EffectKind::GitDiscard { what, .. } if what.starts_with("git checkout") => vec![Discard],
        EffectKind::GitDiscard { what, .. } => [Discard].into_iter().chain(put_aside(what)).collect(),
        EffectKind::GitRewrite { what, .. } => [RewriteHistory].into_iter().chain(put_aside(what)).collect(),
        EffectKind::Push { updates, .. } => {
            let mut all = vec![Push];
            for update in updates {
                if update.force {
                    all.push(ForcePush);
                }
                if update.delete {
                    all.push(DeleteRef);
                }
                if update.tag {
                    all.push(Tag);
                }
            }
            all
        }
        EffectKind::GitSetup { .. } => vec![GitSetup],
        EffectKind::Service { class, service, .. } => in_service(*class, is_database(service)),
        EffectKind::Tool { class, server, .. } => in_service(*class, is_database(server)),
        EffectKind::Kill { .. } => vec![Kill],
        EffectKind::Privilege { .. } => vec![Privilege],
        EffectKind::Machine { .. } => vec![Machine],
        EffectKind::Persist { .. } => vec![Persist],
        EffectKind::Weaken { .. } => vec![Weaken],
        EffectKind::BypassReview { .. } => vec![BypassReview],
        EffectKind::Inject { .. } => vec![Weaken],
        EffectKind::Secret { .. } => vec![ReadSecret],
        EffectKind::Exhaust { .. } => vec![Machine],
        EffectKind::Opaque { worst: Worst::Reads, .. } => vec![Read],
        EffectKind::Opaque { worst: Worst::Writes, .. } => vec![Edit],
        EffectKind::Opaque { worst: Worst::Runs, .. } => vec![Run],
    }
}

/// What a change is besides, by the ground that it is made on.
fn ground(place: &Place) -> Vec<Operation> {
    let mut all = Vec::new();
    if !matches!(place.scope, Scope::Workspace | Scope::WorkspaceRoot | Scope::Temp | Scope::Sink) {
        all.push(Operation::WriteOutside);
    }
    match place.role {
        Role::Ci | Role::GitHook | Role::Build | Role::EditorTasks => all.push(Operation::EditSteering),
        Role::AgentSettings | Role::AgentInstructions => all.push(Operation::EditAgent),
        Role::ShellStartup | Role::Persistence => all.push(Operation::Persist),
        Role::GitSettings => all.push(Operation::GitSetup),
        Role::MachineSettings => all.push(Operation::Machine),
        _ => {}
    }
    all
}

fn is_secret(source: &Source) -> bool {
    match source {
        Source::File(place) => matches!(place.role, Role::Secret(_)),
        Source::Secret(_) | Source::Environment => true,
        Source::Url(_) | Source::Variable(_) | Source::Output(_) => false,
    }
}

fn local_git(what: &str) -> Vec<Operation> {
    match what.split_whitespace().find(|word| *word != "git").unwrap_or_default() {
        "commit" | "cherry-pick" | "revert" | "am" => vec![Operation::Commit],
        "merge" => vec![Operation::Merge],
        "tag" => vec![Operation::Tag],
        "rebase" => vec![Operation::RewriteHistory],
        "mv" => vec![Operation::Move, Operation::Edit],
        "rm" => vec![Operation::Delete],
        "fetch" | "pull" | "clone" => vec![Operation::Fetch],
        "remote" | "config" => vec![Operation::GitSetup],
        _ => put_aside(what).into_iter().collect(),
    }
}

/// What takes the work tree to another branch or into the stash, whatever else it does.
fn put_aside(what: &str) -> Option<Operation> {
    let mut words = what.split_whitespace().filter(|word| *word != "git");
    let command = words.next().unwrap_or_default();
    let flags: Vec<&str> = words.collect();
    let of_files = ["-p", "--patch", "--ours", "--theirs"].iter().any(|flag| flags.contains(flag));
    match command {
        "switch" => Some(Operation::Switch),
        "checkout" if !of_files => Some(Operation::Switch),
        "stash" => Some(Operation::Stash),
        _ => None,
    }
}

fn is_database(service: &str) -> bool {
    ["sql", "postgres", "psql", "mongo", "redis", "database", "maria", "duckdb"]
        .iter()
        .any(|word| service.contains(word))
}

fn in_service(class: ServiceClass, database: bool) -> Vec<Operation> {
    use Operation::*;
    let mut all = match class {
        ServiceClass::Read => Vec::new(),
        ServiceClass::ReadSecret => vec![ReadSecret],
        ServiceClass::Create | ServiceClass::Change => vec![ServiceChange],
        ServiceClass::Delete | ServiceClass::Destroy => vec![ServiceDelete, ServiceChange],
        ServiceClass::Message => vec![Message],
        // Opening a pull request puts the work where others see it, as a push does.
        ServiceClass::Propose => vec![Propose, Push],
        ServiceClass::Merge => vec![Merge],
        ServiceClass::Publish => vec![Publish],
        ServiceClass::Release => vec![Release, Tag],
        ServiceClass::Deploy => vec![Deploy],
        ServiceClass::Grant => vec![Grant],
        ServiceClass::Pay => vec![Pay],
        ServiceClass::Run => vec![RunElsewhere],
    };
    if database && !matches!(class, ServiceClass::Read | ServiceClass::ReadSecret) {
        all.push(Database);
    }
    all
}
