//! What git knows of a repository, read from its files with gix.

use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What git knows of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitFacts {
    /// The folder that holds the files.
    pub worktree: PathBuf,
    /// The repository's own store.
    pub store: PathBuf,
    /// The branch that is checked out.
    pub branch: Option<String>,
    /// The branch on the remote that it follows, as `origin/main`.
    pub upstream: Option<String>,
    /// The remotes.
    pub remotes: Vec<RemoteFact>,
    /// The remote-tracking branches, as `origin/main`, with their commits in hex.
    pub tracking: Vec<(String, String)>,
    /// The local branches, with their commits in hex.
    pub branches: Vec<(String, String)>,
    /// Tags.
    pub tags: Vec<String>,
    /// The default branch of `origin`, from `refs/remotes/origin/HEAD`.
    pub default_branch: Option<String>,
    /// The commit that is checked out, in hex.
    pub head: Option<String>,
    /// Settings of the repository's own configuration that git would run: `key=value`.
    pub running: Vec<String>,
    /// The aliases of the repository and the user: name and what it stands for.
    pub aliases: Vec<(String, String)>,
}

/// A remote of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteFact {
    /// Its name.
    pub name: String,
    /// Its address for fetching.
    pub url: String,
    /// Its address for pushing, when it is another one.
    pub push_url: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Repositories;

#[derive(Debug, Default)]
pub(super) struct Repository {
    pub facts: Arc<GitFacts>,
}

#[derive(Debug)]
pub(super) struct Found;

pub(super) fn discover(_path: &Path) -> Option<Found> {
    None
}

impl Repositories {
    pub(super) fn get(&self, _found: &Found, _home: &Path) -> Option<Arc<Repository>> {
        None
    }
}
