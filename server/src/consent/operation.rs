//! What an effect does, in the words that a user would use for it.

use crate::effects::Effect;

/// What can be granted or forbidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Read files or facts.
    Read,
    /// Change files.
    Edit,
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
        Self { operations: vec![operation], targets: targets.into_iter().filter(|name| !name.is_empty()).collect() }
    }
}

/// The operations that an effect is, for boundaries.
#[must_use]
pub fn operations_of(effect: &Effect) -> Vec<Operation> {
    let _ = effect;
    Vec::new()
}
