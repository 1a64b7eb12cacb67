//! What stands at a place now, and whether it could be brought back.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::disk::Entry;
use super::git::{Files, Kept, Repository, Walk};
use super::{Place, Role, Scope, World, rebuildable, role_of};
use crate::trail::FileTrace;

/// How many files and folders are looked at, with all that lies below.
const WALK_LIMIT: usize = 16_384;
/// How many repositories are looked at that lie in a folder.
const NESTED_LIMIT: usize = 8;
/// How deep a walk goes.
const DEPTH_LIMIT: usize = 64;

/// What stands at a place now, in numbers of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Something is there.
    pub exists: bool,
    /// It is a folder.
    pub folder: bool,
    /// Made in this session.
    pub made: usize,
    /// Tracked by git and as in the last commit.
    pub committed: usize,
    /// Tracked by git, with changes that are in no commit.
    pub changed: usize,
    /// Made by a build and made again by the next one.
    pub rebuildable: usize,
    /// Ignored by git, and not known to be rebuildable.
    pub ignored: usize,
    /// In a repository, neither tracked nor ignored.
    pub untracked: usize,
    /// In no repository.
    pub unversioned: usize,
    /// A repository's own store lies in it.
    pub repository: bool,
    /// There was more than was looked at, or something could not be read.
    pub capped: bool,
}

impl State {
    /// Nothing is there.
    #[must_use]
    pub fn missing() -> Self {
        Self::default()
    }

    /// Something is there, and nothing is known of it.
    #[must_use]
    pub fn unknown() -> Self {
        Self { exists: true, capped: true, ..Self::default() }
    }

    /// Files that could not be brought back.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.changed + self.ignored + self.untracked + self.unversioned
    }

    /// All that is there could be brought back, or nothing is there.
    #[must_use]
    pub fn recoverable(&self) -> bool {
        !self.exists || (self.lost() == 0 && !self.repository && !self.capped)
    }
}

/// What is asked about tracked files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tracked {
    /// Whether they are as in the last commit.
    Compared,
    /// Nothing.
    LeftAlone,
}

pub(super) fn of(world: &World<'_>, place: &Place, tracked: Tracked) -> State {
    if !place.known {
        return State::unknown();
    }
    if place.scope == Scope::Sink {
        return State { exists: true, ..State::default() };
    }
    let path = &place.path;
    let mut count = Count { world, tracked, state: State::default(), seen: 0, nested: 0 };
    match world.trail().overlay(path) {
        Some(trace) if trace.gone => return State::missing(),
        Some(trace) if !trace.folder => {
            count.state.exists = true;
            count.simulated(path, trace);
            return count.state;
        }
        _ => {}
    }
    let Some(kind) = world.disk().kind(path) else {
        if !world.exists(path) {
            return State::missing();
        }
        count.state = State { exists: true, folder: true, ..State::default() };
        count.folder(path, None, 0);
        return count.state;
    };
    count.state.exists = true;
    count.state.folder = kind == Entry::Folder;
    if in_store(path) {
        count.store(path);
        return count.state;
    }
    // A file is no repository: the question begins at its folder.
    let folder = if kind == Entry::Folder { path.as_path() } else { path.parent().unwrap_or(path) };
    let repository = world.repository(folder);
    let spot = repository.as_deref().and_then(|repository| Spot::around(repository, path));
    if kind == Entry::Folder {
        count.folder(path, spot.as_ref(), 0);
    } else {
        count.file(path, spot.as_ref(), true);
    }
    count.state
}

/// A count that goes on while folders are walked.
struct Count<'a> {
    world: &'a World<'a>,
    tracked: Tracked,
    state: State,
    seen: usize,
    nested: usize,
}

/// A folder in a repository, for judging what lies right in it.
struct Spot<'a> {
    worktree: &'a Path,
    files: Option<&'a Files>,
    /// The folder in the worktree.
    folder: PathBuf,
    /// What is ignored here, when a walk has come this way. Of a single file it is seldom asked.
    walk: Option<Walk<'a>>,
}

impl<'a> Spot<'a> {
    /// The spot of the folder that `path` lies in. `None` for a repository without worktree.
    fn around(repository: &'a Repository, path: &Path) -> Option<Self> {
        let found = &repository.found;
        if found.worktree == found.store {
            return None;
        }
        let folder = path.parent()?.strip_prefix(&found.worktree).unwrap_or(Path::new(""));
        Some(Self {
            worktree: &found.worktree,
            files: repository.files(),
            folder: folder.to_path_buf(),
            walk: None,
        })
    }

    fn enter(&self, folder: &Path) -> Self {
        let relative = folder.strip_prefix(self.worktree).unwrap_or(folder);
        Self {
            worktree: self.worktree,
            files: self.files,
            folder: relative.to_path_buf(),
            walk: self.files.map(|files| match &self.walk {
                Some(walk) => walk.enter(relative),
                None => self.walk_to(files).enter(relative),
            }),
        }
    }

    fn walk_to(&self, files: &'a Files) -> Walk<'a> {
        let mut at = PathBuf::new();
        self.folder.iter().fold(files.walk(), |walk, part| {
            at.push(part);
            walk.enter(&at)
        })
    }

    /// The file, which lies right here, is ignored.
    fn ignores(&self, relative: &Path) -> bool {
        match (&self.walk, self.files) {
            (Some(walk), _) => walk.ignores(relative, false),
            (None, Some(files)) => self.walk_to(files).ignores(relative, false),
            (None, None) => false,
        }
    }
}

impl<'a> Count<'a> {
    /// A folder with all it holds; `around` is the spot of the folder it lies in.
    fn folder(&mut self, path: &Path, around: Option<&Spot<'_>>, depth: usize) {
        let left = self.world.looks_left().min(WALK_LIMIT.saturating_sub(self.seen));
        if depth > DEPTH_LIMIT || left == 0 {
            self.state.capped = true;
            return;
        }
        let tracked = around.and_then(|spot| {
            let relative = path.strip_prefix(spot.worktree).ok()?;
            spot.files.map(|files| files.tracked_below(relative))
        });
        if tracked.unwrap_or(0) == 0 && self.is_rebuildable(path, around) {
            self.state.rebuildable += 1;
            return;
        }
        let touched = self.world.trail().concerns(path);
        let Some(found) = self.world.disk().entries(path, left) else {
            // Not on the disk: made in this session, or not readable.
            if self.world.disk().kind(path).is_some() {
                self.state.capped = true;
            }
            return self.overlaid(path, &mut Vec::new());
        };
        self.world.looked_at(1 + found.len());
        self.state.capped |= found.len() > left;
        let mut corrected: Vec<_>;
        let entries = if touched {
            corrected = found.iter().take(left).cloned().collect();
            self.overlaid(path, &mut corrected);
            corrected.as_slice()
        } else {
            found.get(..left).unwrap_or(&found)
        };

        let has = |name: &str| entries.iter().any(|(known, _)| known == name);
        let own = self.world.trail().made(path);
        if has("HEAD") && has("objects") && has("refs") {
            self.state.repository |= !own;
            self.state.made += usize::from(own);
            return;
        }
        let mut nested = None;
        if let Some((_, kind)) = entries.iter().find(|(name, _)| name == ".git") {
            self.state.repository |=
                *kind == Entry::Folder && !own && !self.world.trail().made(&path.join(".git"));
            if around.is_none_or(|spot| spot.worktree != path) {
                self.nested += 1;
                if self.nested > NESTED_LIMIT {
                    self.state.capped = true;
                    return;
                }
                nested = self.world.repository_at(path);
            }
        }
        let spot = match &nested {
            Some(repository) => Spot::around(repository, &path.join(".git")),
            None => around
                .map(|spot| if spot.worktree == path { spot.enter(Path::new("")) } else { spot.enter(path) }),
        };
        for (name, kind) in entries {
            if name == ".git" {
                continue;
            }
            self.seen += 1;
            let below = path.join(name);
            match kind {
                Entry::Folder => self.folder(&below, spot.as_ref(), depth + 1),
                Entry::Other => self.file(&below, spot.as_ref(), touched),
            }
        }
    }

    /// Takes out of a listing what is only taken to be gone, and counts what is only taken to be there.
    fn overlaid(&mut self, folder: &Path, entries: &mut Vec<(OsString, Entry)>) {
        let trail = self.world.trail();
        let mut names: Vec<String> = Vec::new();
        trail.relist(folder, &mut names);
        entries.retain(|(name, _)| match trail.overlay(&folder.join(name)) {
            Some(trace) => trace.folder && !trace.gone,
            None => true,
        });
        for name in names {
            let path = folder.join(&name);
            match trail.overlay(&path) {
                Some(trace) if trace.folder && self.world.disk().kind(&path).is_none() => {
                    self.state.made += usize::from(trace.made);
                    self.folder(&path, None, 1);
                }
                Some(trace) if !trace.folder => self.simulated(&path, trace),
                _ => {}
            }
        }
    }

    /// A file that the session wrote in a replay: the disk does not show it, or as it was before.
    fn simulated(&mut self, path: &Path, trace: &FileTrace) {
        if trace.made || trace.clean {
            self.state.made += 1;
            return;
        }
        if self.world.disk().kind(path).is_none() {
            self.state.unversioned += 1;
            return;
        }
        let committed = self.state.committed;
        let repository = self.world.repository(path);
        let spot = repository.as_deref().and_then(|repository| Spot::around(repository, path));
        self.file(path, spot.as_ref(), true);
        if self.state.committed > committed {
            // What the disk shows is committed, and the session changed nothing else.
            self.state.committed = committed;
            self.state.made += 1;
        }
    }

    /// A file, or a link; `touched` when the session may have done something to it.
    fn file(&mut self, path: &Path, spot: Option<&Spot<'_>>, touched: bool) {
        let relative = spot.and_then(|spot| path.strip_prefix(spot.worktree).ok());
        let files = spot.and_then(|spot| spot.files);
        let kept = match (files, relative) {
            (Some(files), Some(relative)) if self.tracked == Tracked::LeftAlone && files.tracks(relative) => {
                Kept::Committed
            }
            (Some(files), Some(relative)) => {
                let (kept, exceeded) = self.world.compared(|budget| files.kept(relative, budget));
                self.state.capped |= exceeded;
                kept
            }
            _ => Kept::No,
        };
        let trail = self.world.trail();
        let made = touched && trail.made(path);
        match kept {
            Kept::Committed => self.state.committed += 1,
            Kept::Changed if made || trail.trace(path).is_some_and(|trace| trace.clean) => {
                self.state.made += 1
            }
            Kept::Changed => self.state.changed += 1,
            Kept::Submodule | Kept::No if made => self.state.made += 1,
            Kept::Submodule | Kept::No if self.is_rebuildable(path, spot) => self.state.rebuildable += 1,
            Kept::Submodule | Kept::No => match (spot, files, relative) {
                (None, ..) => self.state.unversioned += 1,
                (Some(spot), Some(_), Some(relative)) if spot.ignores(relative) => {
                    self.state.ignored += 1;
                }
                (Some(_), files, _) => {
                    self.state.untracked += 1;
                    self.state.capped |= files.is_none();
                }
            },
        }
    }

    /// Something in git's own store, or the store itself.
    fn store(&mut self, path: &Path) {
        let parts: Vec<&OsStr> = path.iter().skip_while(|part| *part != ".git").skip(1).collect();
        let name = parts.last().and_then(|name| name.to_str()).unwrap_or_default();
        let first = parts.first().and_then(|name| name.to_str()).unwrap_or_default();
        // Left over by git, or written anew by it.
        let spare = [".lock", ".pid", ".sample", "_MSG"].iter().any(|end| name.ends_with(end))
            || matches!(name, "ORIG_HEAD" | "FETCH_HEAD");
        if self.world.trail().made(path) {
            self.state.made += 1;
        } else if parts.is_empty() && !self.state.folder {
            self.state.unversioned += 1;
        } else if spare && (parts.len() == 1 || first == "hooks") {
            self.state.rebuildable += 1;
        } else if matches!(
            first,
            "" | "objects" | "refs" | "logs" | "HEAD" | "packed-refs" | "modules" | "worktrees"
        ) {
            self.state.repository = true;
        } else {
            self.state.unversioned += 1;
        }
    }

    /// Made by a build, as far as names tell. A secret is not, whatever folder it lies in.
    fn is_rebuildable(&self, path: &Path, spot: Option<&Spot<'_>>) -> bool {
        let ground = self.world.ground_of(path);
        let Some(base) = ground.or(spot.map(|spot| spot.worktree)) else { return false };
        rebuildable(path, base) && !matches!(role_of(path, self.world.home(), base), Role::Secret(_))
    }
}

/// The path is git's own store, or lies in it.
fn in_store(path: &Path) -> bool {
    path.iter().any(|part| part == ".git")
}

#[cfg(test)]
mod tests;
