//! What git knows of a repository, read from its files with gix.
//!
//! Git itself is never run, and nothing that a repository names is: no hook, filter, file-system
//! monitor or include. What is too large, too strange or in a format that is not known here is left
//! out, and what is left out counts as unknown, never as safe.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use gix::bstr::ByteSlice as _;

use super::disk::read_at_most;

mod config;
mod files;
mod ignored;

pub(super) use files::{Budget, Files, Kept};
pub(super) use ignored::Walk;

/// How many repositories are remembered.
const REPOSITORY_LIMIT: usize = 8;
/// How large the indexes of the remembered repositories may be together, in bytes; the newest is kept anyway.
const INDEX_TOTAL_LIMIT: u64 = 20 * 1024 * 1024;
/// How many refs of a kind are listed.
const REF_LIMIT: usize = 20_000;
/// How many folders of refs are watched for changes.
const REF_FOLDER_LIMIT: usize = 128;
/// How large a file of packed refs is read, in bytes.
const PACKED_REFS_LIMIT: u64 = 16 * 1024 * 1024;

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
    /// The tags, by name.
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
    /// Its name, as `origin`.
    pub name: String,
    /// Its address for fetching, as `url.*.insteadOf` makes it.
    pub url: String,
    /// Its address for pushing, when it is another one.
    pub push_url: Option<String>,
}

/// Where a repository lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The folder with the files; the store itself when there are none.
    pub worktree: PathBuf,
    /// The store of this worktree.
    pub store: PathBuf,
    /// The store that all worktrees share.
    pub common: PathBuf,
}

/// The repository that begins at this very folder.
pub(super) fn found_at(folder: &Path) -> Option<Found> {
    if folder.file_name() == Some(OsStr::new(".git")) {
        return None;
    }
    let dot_git = folder.join(".git");
    if let Ok(facts) = std::fs::metadata(&dot_git) {
        let store = if facts.is_dir() { dot_git } else { linked_store(folder, &dot_git)? };
        if store.join("HEAD").symlink_metadata().is_ok() {
            let common = common_store(&store);
            return Some(Found { worktree: folder.to_path_buf(), store, common });
        }
    }
    is_store(folder).then(|| Found {
        worktree: folder.to_path_buf(),
        store: folder.to_path_buf(),
        common: folder.to_path_buf(),
    })
}

/// The folder is a store without a worktree.
fn is_store(folder: &Path) -> bool {
    folder.join("HEAD").symlink_metadata().is_ok()
        && folder.join("objects").is_dir()
        && folder.join("refs").is_dir()
}

/// Where a `.git` file of a worktree or submodule leads.
fn linked_store(folder: &Path, file: &Path) -> Option<PathBuf> {
    if !file.is_file() {
        return None;
    }
    let text = String::from_utf8(read_at_most(file, 4_096)?).ok()?;
    Some(super::normalise(&folder.join(text.strip_prefix("gitdir:")?.trim())))
}

fn common_store(store: &Path) -> PathBuf {
    let file = store.join("commondir");
    let text = file.is_file().then(|| read_at_most(&file, 4_096)).flatten();
    match text.and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) => super::normalise(&store.join(text.trim())),
        None => store.to_path_buf(),
    }
}

/// When a file or folder was last changed, as far as it can be told without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// When its content changed, as it says itself.
    modified: Option<SystemTime>,
    /// When anything about it changed, in nanoseconds since 1970; programs cannot set it back.
    changed: i128,
    length: u64,
    node: u64,
}

impl Stamp {
    /// The stamp of what stands there, links followed; `None` when nothing does.
    pub(super) fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|facts| Self::from_facts(&facts))
    }

    pub(super) fn from_facts(facts: &std::fs::Metadata) -> Self {
        #[cfg(unix)]
        let (node, changed) = {
            use std::os::unix::fs::MetadataExt as _;
            (facts.ino(), i128::from(facts.ctime()) * 1_000_000_000 + i128::from(facts.ctime_nsec()))
        };
        #[cfg(not(unix))]
        let (node, changed) = (0, 0);
        Self { modified: facts.modified().ok(), changed, length: facts.len(), node }
    }

    /// When it last changed; `None` when that is not known.
    pub(super) fn changed_at(self) -> Option<SystemTime> {
        let inode =
            u64::try_from(self.changed).ok().map(|at| SystemTime::UNIX_EPOCH + Duration::from_nanos(at));
        inode.max(self.modified)
    }
}

/// The repositories that were looked at, newest last.
#[derive(Debug, Default)]
pub(super) struct Repositories {
    known: Mutex<VecDeque<Arc<Repository>>>,
}

impl Repositories {
    /// The repository, read anew when anything in it changed.
    pub(super) fn get(&self, found: &Found, user: &UserFiles) -> Arc<Repository> {
        let old = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.iter().find(|repository| repository.found == *found).cloned()
        };
        if let Some(old) = &old
            && old.is_current()
        {
            return Arc::clone(old);
        }
        let new = Arc::new(Repository::read(found.clone(), user));
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|repository| repository.found != *found);
        let mut total =
            new.index_length + known.iter().map(|repository| repository.index_length).sum::<u64>();
        while known.len() >= REPOSITORY_LIMIT || total > INDEX_TOTAL_LIMIT {
            let Some(oldest) = known.pop_front() else { break };
            total -= oldest.index_length;
        }
        known.push_back(Arc::clone(&new));
        new
    }
}

/// The user's own files that concern every repository.
#[derive(Clone, Debug, Default)]
pub(super) struct UserFiles {
    /// The home, for `~/`.
    pub home: PathBuf,
    /// The configuration files, weakest first.
    pub configs: Vec<PathBuf>,
    /// What is ignored everywhere unless the configuration says otherwise.
    pub ignore: PathBuf,
}

/// One repository as it stood when it was read.
#[derive(Debug)]
pub(super) struct Repository {
    pub found: Found,
    pub facts: Arc<GitFacts>,
    watch: Vec<(PathBuf, Option<Stamp>)>,
    /// The file that lists what is ignored in all of the user's repositories.
    excludes: PathBuf,
    /// The tree of the commit that is checked out could be found, or there is no commit yet.
    head_known: bool,
    /// How large the index is, in bytes.
    index_length: u64,
    files: OnceLock<Option<Files>>,
}

impl Repository {
    fn read(found: Found, user: &UserFiles) -> Self {
        let mut watch: Vec<PathBuf> = vec![
            found.common.join("config"),
            found.store.join("config.worktree"),
            found.store.join("HEAD"),
            // Written with every commit, checkout and reset.
            found.store.join("logs/HEAD"),
            found.store.join("index"),
            found.common.join("packed-refs"),
            found.common.join("info/exclude"),
        ];
        watch.extend(user.configs.iter().cloned());
        let plain = watch.iter().all(|path| !path.exists() || path.is_file());
        let ref_folders = ref_folders(&found);
        let plain = plain && ref_folders.is_some();
        watch.extend(ref_folders.unwrap_or_default());

        let settings = config::read(&found, user);
        watch.push(settings.excludes.clone());
        let watch = watch
            .into_iter()
            .map(|path| (Stamp::of(&path), path))
            .map(|(stamp, path)| (path, stamp))
            .collect();
        let mut facts = GitFacts {
            worktree: found.worktree.clone(),
            store: found.store.clone(),
            remotes: settings.remotes,
            running: settings.running,
            aliases: settings.aliases,
            branch: head_branch(&found.store),
            ..GitFacts::default()
        };
        let packed = Stamp::of(&found.common.join("packed-refs")).map_or(0, |stamp| stamp.length);
        let readable = plain && settings.readable && packed <= PACKED_REFS_LIMIT;
        let head_known = readable && open(&found).is_some_and(|repository| refs(&repository, &mut facts));
        facts.upstream = facts.branch.as_ref().and_then(|branch| {
            settings.upstreams.iter().find(|(of, _)| of == branch).map(|(_, upstream)| upstream.clone())
        });
        let index_length = Stamp::of(&found.store.join("index")).map_or(0, |stamp| stamp.length);
        Self {
            found,
            facts: Arc::new(facts),
            watch,
            excludes: settings.excludes,
            head_known,
            index_length,
            files: OnceLock::new(),
        }
    }

    fn is_current(&self) -> bool {
        self.watch.iter().all(|(path, stamp)| Stamp::of(path) == *stamp)
    }

    /// What git knows of the single files; `None` when it could not be read.
    pub(super) fn files(&self) -> Option<&Files> {
        self.files
            .get_or_init(|| {
                if !self.head_known {
                    return None;
                }
                Files::read(&self.found, &self.excludes)
            })
            .as_ref()
    }
}

/// The repository with its own configuration alone: no environment, no includes, nothing of the user's.
fn open(found: &Found) -> Option<gix::Repository> {
    let options = gix::open::Options::isolated().with(gix::sec::Trust::Full).open_path_as_is(true);
    gix::open_opts(&found.store, options).ok()
}

/// The folders below `refs`, the outer ones first; `None` when there is something among the refs that is no ordinary file.
fn ref_folders(found: &Found) -> Option<Vec<PathBuf>> {
    let mut folders = vec![found.common.join("refs")];
    if found.store != found.common {
        folders.push(found.store.join("refs"));
    }
    let mut next = 0;
    while let Some(folder) = folders.get(next).cloned() {
        next += 1;
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let kind = entry.file_type().ok()?;
            if kind.is_dir() {
                if folders.len() < REF_FOLDER_LIMIT {
                    folders.push(entry.path());
                }
            } else if !kind.is_file() && !entry.path().is_file() {
                return None;
            }
        }
    }
    Some(folders)
}

/// The branch that `HEAD` names, which needs no more than its text.
fn head_branch(store: &Path) -> Option<String> {
    let head = store.join("HEAD");
    let bytes = head.is_file().then(|| read_at_most(&head, 4_096)).flatten()?;
    let name = bytes.to_str().ok()?.trim().strip_prefix("ref: refs/heads/")?;
    (name != ".invalid").then(|| name.to_owned())
}

/// Fills in what the refs tell. Whether it is known what is checked out.
fn refs(repository: &gix::Repository, facts: &mut GitFacts) -> bool {
    let Ok(head) = repository.head() else { return false };
    facts.head = head.id().map(|id| id.to_string());
    let known = facts.head.is_some() || head.is_unborn();
    let Ok(all) = repository.references() else { return known };
    let short = |reference: &gix::Reference<'_>| reference.name().shorten().to_str_lossy().into_owned();
    if let Ok(branches) = all.local_branches() {
        for reference in branches.flatten().take(REF_LIMIT) {
            if let Some(id) = reference.try_id() {
                facts.branches.push((short(&reference), id.to_string()));
            }
        }
    }
    if let Ok(branches) = all.remote_branches() {
        for reference in branches.flatten().take(REF_LIMIT) {
            match reference.try_id() {
                Some(id) => facts.tracking.push((short(&reference), id.to_string())),
                None if reference.name().as_bstr() == "refs/remotes/origin/HEAD" => {
                    let target =
                        reference.target().try_name().map(|name| name.as_bstr().to_str_lossy().into_owned());
                    facts.default_branch =
                        target.and_then(|name| name.strip_prefix("refs/remotes/origin/").map(str::to_owned));
                }
                None => {}
            }
        }
    }
    if let Ok(tags) = all.tags() {
        facts.tags = tags.flatten().take(REF_LIMIT).map(|reference| short(&reference)).collect();
    }
    known
}

#[cfg(test)]
mod tests;
