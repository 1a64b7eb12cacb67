//! What effects are made of: how something is written, where it comes from, whom it reaches.

use crate::world::Place;

/// What something that was not understood could do at worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Worst {
    /// Something is read that we do not know.
    Reads,
    /// Any file could be written or deleted.
    Writes,
    /// Anything could be run.
    Runs,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WriteHow {
    /// What was there is gone.
    Replace,
    /// What was there stays.
    Append,
    /// Parts of it are changed.
    Change,
    /// Only created, never replaced (`touch`, `mkdir`).
    Create,
}

/// What is written into a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The text that is new in the file.
    pub new: String,
    /// The text that it takes the place of, when it is known.
    pub old: Option<String>,
    /// Where the text comes from, other than from the action itself.
    pub from: Vec<Source>,
}

/// Where data comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A file.
    File(Box<Place>),
    /// An address on the network.
    Url(String),
    /// A variable of the environment.
    Variable(String),
    /// All variables of the environment.
    Environment,
    /// A secret that stands in the text itself or that a program printed; the word says what kind.
    Secret(String),
    /// What a program printed.
    Output(String),
}

/// Another machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Remote {
    /// The address as written.
    pub shown: String,
    /// The host in lower case, when it is known.
    pub host: Option<String>,
    /// It is this machine.
    pub local: bool,
}

impl Remote {
    /// Reads an address: a URL, `host:port`, `user@host:path` or a bare host.
    #[must_use]
    pub fn read(shown: &str) -> Self {
        let host = host_of(shown);
        let local = host.as_deref().is_some_and(is_local);
        Self { shown: shown.to_owned(), host, local }
    }

    /// An address that is not known.
    #[must_use]
    pub fn unknown(shown: &str) -> Self {
        Self { shown: shown.to_owned(), host: None, local: false }
    }
}

fn host_of(shown: &str) -> Option<String> {
    if let Ok(url) = url::Url::parse(shown)
        && shown.contains("://")
    {
        return url.host_str().map(|host| host.trim_matches(['[', ']']).to_ascii_lowercase());
    }
    let after_user = shown.rsplit_once('@').map_or(shown, |(_, host)| host);
    let end = after_user.find([':', '/', '?', '#']).unwrap_or(after_user.len());
    let host = after_user.get(..end)?;
    let plausible =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    plausible.then(|| host.to_ascii_lowercase())
}

/// Whether a host name or address means this machine.
#[must_use]
pub fn is_local(host: &str) -> bool {
    if host == "localhost" || host.ends_with(".localhost") || host == "0.0.0.0" {
        return true;
    }
    host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
}

/// What kind of message leaves the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SendHow {
    /// A body, a file or a form.
    Body,
    /// Parts of the address, a header, a DNS name.
    Address,
    /// Credentials that a program adds by itself to talk to its own service.
    Login,
    /// Into the history of the repository, which whoever has the code gets.
    Commit,
    /// Questions that test what a machine gives away or lets in.
    Probe,
}

/// Where a command runs when it does not run on this machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Elsewhere {
    /// A machine.
    Host(Remote),
    /// A container on this machine.
    Container(String),
    /// A cluster.
    Cluster(String),
}

/// How the rights on a file change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// It may be run.
    Executable,
    /// It runs with its owner's or group's rights.
    SetId,
    /// Anybody may write it.
    WorldWritable,
    /// It belongs to somebody else.
    Owner,
    /// Anything else.
    Other,
}

/// Where a package comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PackageSource {
    /// What the project's manifest or lock file declares.
    Declared,
    /// The manager's default registry.
    Registry,
    /// A folder or file on this machine.
    Local(String),
    /// An address, a repository, a fork.
    Address(String),
    /// A registry that is not the default one.
    OtherRegistry(String),
}

/// Who is concerned by a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// The project.
    Project,
    /// The user.
    User,
    /// The machine.
    System,
    /// Fetched and run at once, as `npx` does.
    Once,
}

/// What becomes of one ref of a remote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RefUpdate {
    /// The branch or tag on the remote, without `refs/heads/`.
    pub name: String,
    /// What was there may be lost.
    pub force: bool,
    /// It is removed.
    pub delete: bool,
    /// It is a tag.
    pub tag: bool,
    /// It is the branch that others build on: `main`, `master`, a release branch, the remote's default.
    pub shared: bool,
}

/// What kind of thing is done in a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceClass {
    /// Looks something up.
    Read,
    /// Reads a secret.
    ReadSecret,
    /// Makes something new.
    Create,
    /// Changes something.
    Change,
    /// Removes something that can be made again.
    Delete,
    /// Removes something with what it holds.
    Destroy,
    /// Talks to people: comments, issues, mail, chat.
    Message,
    /// Opens a pull request.
    Propose,
    /// Merges or approves.
    Merge,
    /// Makes something public: packages, gists, sites.
    Publish,
    /// Cuts a release or a tag.
    Release,
    /// Puts something into use.
    Deploy,
    /// Gives rights to somebody.
    Grant,
    /// Moves money or binds the user to something.
    Pay,
    /// Runs code in the service.
    Run,
}

/// How far a change in a service reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceReach {
    /// Something on this machine for development.
    Local,
    /// Another machine.
    Remote,
    /// What others depend on, by its name.
    Production,
}

/// Whose processes end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// Started in this session.
    Ours,
    /// Not known to be ours.
    Others,
    /// All of them.
    Everything,
}
