//! What an action is read against: the only code that touches disk and environment.
//!
//! Read-only, lazy, bounded in files and bytes. No program is ever run to look: a hostile
//! repository could have git run its hooks, filters and file-system monitor.
#![expect(clippy::disallowed_methods, reason = "the world is the one reader of disk and environment")]

use std::cell::{OnceCell, RefCell};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use crate::trail::{FileTrace, Trail};

mod disk;
mod folders;
mod git;
mod place;
mod rebuildable;
mod role;
mod state;

#[cfg(test)]
mod testing;

pub use disk::Disk;
use git::Repository;
pub use git::{GitFacts, RemoteFact};
pub use place::{Place, Scope};
pub use rebuildable::rebuildable;
pub(crate) use role::fits_stars;
pub use role::{Role, SecretKind, role_of};
pub use state::State;

/// How many bytes of a file are read at the most.
pub const READ_LIMIT: u64 = 256 * 1024;
/// How many entries of a folder are looked at at the most.
pub const LIST_LIMIT: usize = 4_096;
/// How many names in folders are looked at for one action.
pub const LOOK_LIMIT: usize = 32_768;
/// How many bytes of files are read for one action.
pub const READ_TOTAL_LIMIT: usize = 4 * 1024 * 1024;

/// One snapshot of the world, for one action: what was looked at once is not looked at again.
#[derive(Debug)]
pub struct World<'a> {
    disk: &'a Disk,
    trail: &'a Trail,
    workspace: &'a Path,
    extra_roots: &'a [PathBuf],
    cwd: &'a Path,
    /// The folders of the workspace that are a ground of their own, links followed.
    grounds: OnceCell<Vec<Arc<Path>>>,
    memo: RefCell<Memo>,
}

/// What is known by path. The keys are the paths' text: to hash a path part by part takes much longer.
type ByPath<T> = HashMap<OsString, T>;

/// What was looked at already.
#[derive(Debug, Default)]
struct Memo {
    /// Places by the directory they are named in and how they are written, with the last link followed.
    places: ByPath<HashMap<String, Place>>,
    /// The same with the last link not followed.
    places_themselves: ByPath<HashMap<String, Place>>,
    /// Where folders lead that stand in paths, by how they are written.
    folders: ByPath<Option<PathBuf>>,
    states: ByPath<State>,
    links: ByPath<Option<PathBuf>>,
    /// Names that may or may not be links by now.
    doubted: HashSet<OsString>,
    /// The repository around each folder.
    around: ByPath<Option<Arc<Repository>>>,
    listings: ByPath<Arc<Listing>>,
    texts: ByPath<Text>,
    /// Names in folders that were looked at.
    looked: usize,
    /// Bytes of files that were read.
    read: usize,
    /// What comparing with commits may still cost.
    compare: git::Budget,
}

impl Memo {
    fn forget_places(&mut self) {
        self.places.clear();
        self.places_themselves.clear();
        self.folders.clear();
    }

    fn places(&self, follow: bool) -> &ByPath<HashMap<String, Place>> {
        if follow { &self.places } else { &self.places_themselves }
    }
}

/// What stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// The text.
    Known(Arc<str>),
    /// No such file.
    Missing,
    /// A folder.
    Folder,
    /// Not text, too large, a device or not readable; the reason in words.
    Closed(&'static str),
}

impl Text {
    /// The text, when it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self {
            Self::Known(text) => Some(text),
            _ => None,
        }
    }
}

/// What a folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The names, sorted.
    pub names: Vec<String>,
    /// Those that are folders themselves (a link to one is not), sorted.
    pub folders: Vec<String>,
    /// There are more than were looked at.
    pub capped: bool,
}

impl Listing {
    /// This name is a folder.
    #[must_use]
    pub fn is_folder(&self, name: &str) -> bool {
        self.folders.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
    }
}

impl<'a> World<'a> {
    /// The world as `disk` and what the session did to it (`trail`) show it.
    #[must_use]
    pub fn new(disk: &'a Disk, trail: &'a Trail, workspace: &'a Path, cwd: &'a Path) -> Self {
        Self {
            disk,
            trail,
            workspace,
            extra_roots: &[],
            cwd,
            grounds: OnceCell::new(),
            memo: RefCell::default(),
        }
    }

    /// The same world, with the other folders of a workspace that has several.
    #[must_use]
    pub fn with_extra_roots(mut self, roots: &'a [PathBuf]) -> Self {
        self.extra_roots = roots;
        self.grounds = OnceCell::new();
        self.memo = RefCell::default();
        self
    }

    /// The workspace folder.
    #[must_use]
    pub fn workspace(&self) -> &'a Path {
        self.workspace
    }

    /// The directory the action starts in.
    #[must_use]
    pub fn cwd(&self) -> &'a Path {
        self.cwd
    }

    /// The user's home.
    #[must_use]
    pub fn home(&self) -> &'a Path {
        self.disk.home()
    }

    /// What the session saw and did.
    #[must_use]
    pub fn trail(&self) -> &'a Trail {
        self.trail
    }

    /// A variable of the environment.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        self.disk.variable(name)
    }

    /// The place that `shown` names when written in `cwd`. Symbolic links are followed.
    #[must_use]
    pub fn place(&self, cwd: &Path, shown: &str) -> Place {
        self.located(cwd, shown, true)
    }

    /// As [`Self::place`], but the last link is not followed: what `rm` and `ln` act on.
    #[must_use]
    pub fn place_itself(&self, cwd: &Path, shown: &str) -> Place {
        self.located(cwd, shown, false)
    }

    fn located(&self, cwd: &Path, shown: &str, follow: bool) -> Place {
        if let Some(known) =
            self.memo.borrow().places(follow).get(cwd.as_os_str()).and_then(|known| known.get(shown))
        {
            return known.clone();
        }
        let place = place::locate(self, cwd, shown, follow);
        let mut memo = self.memo.borrow_mut();
        let known = if follow { &mut memo.places } else { &mut memo.places_themselves };
        if !known.contains_key(cwd.as_os_str()) {
            known.insert(cwd.into(), HashMap::new());
        }
        if let Some(known) = known.get_mut(cwd.as_os_str()) {
            known.insert(shown.to_owned(), place.clone());
        }
        place
    }

    /// What a file that is named like this in or below `folder` is for; parts of the name may be patterns.
    #[must_use]
    pub fn role(&self, folder: &Path, name: &str) -> Role {
        let path = if name.starts_with('/') { PathBuf::from(name) } else { normalise(&folder.join(name)) };
        role_of(&path, self.home(), self.ground_of(&path).unwrap_or(self.workspace))
    }

    /// What stands there now, and whether it could be brought back.
    #[must_use]
    pub fn state(&self, place: &Place) -> State {
        if !place.known {
            return State::unknown();
        }
        if let Some(known) = self.memo.borrow().states.get(place.path.as_os_str()) {
            return known.clone();
        }
        let state = state::of(self, place, state::Tracked::Compared);
        self.memo.borrow_mut().states.insert(place.path.as_os_str().into(), state.clone());
        state
    }

    /// As [`Self::state`], for what leaves tracked files alone: those are not compared, and counted
    /// as committed.
    #[must_use]
    pub fn state_besides_tracked(&self, place: &Place) -> State {
        state::of(self, place, state::Tracked::LeftAlone)
    }

    /// What a file holds, with what the session is taken to have done to it.
    #[must_use]
    pub fn text(&self, path: &Path) -> Text {
        match self.trail.overlay(path) {
            Some(FileTrace { gone: true, .. }) => Text::Missing,
            Some(FileTrace { content: Some(content), .. }) => Text::Known(Arc::clone(content)),
            Some(FileTrace { folder: true, .. }) => Text::Folder,
            Some(FileTrace { made: true, .. }) => {
                Text::Closed("made in this session, with content that is not known")
            }
            _ => match self.text_on_disk(path) {
                Text::Missing if self.trail.came_from(path).is_some() => {
                    Text::Closed("from another machine, and not here yet")
                }
                text => text,
            },
        }
    }

    fn text_on_disk(&self, path: &Path) -> Text {
        if let Some(known) = self.memo.borrow().texts.get(path.as_os_str()) {
            return known.clone();
        }
        let mut memo = self.memo.borrow_mut();
        if memo.read >= READ_TOTAL_LIMIT {
            return Text::Closed("more than is read for one action");
        }
        let text = self.disk.text(path);
        // A file that is not text was read, too.
        memo.read += text.known().map_or(4_096, str::len);
        memo.texts.insert(path.into(), text.clone());
        text
    }

    /// Something is there.
    #[must_use]
    pub fn exists(&self, path: &Path) -> bool {
        match self.trail.overlay(path) {
            Some(trace) => !trace.gone,
            None => self.disk.exists(path),
        }
    }

    /// A folder is there.
    #[must_use]
    pub fn is_folder(&self, path: &Path) -> bool {
        match self.trail.overlay(path) {
            Some(trace) if trace.gone || trace.content.is_some() => false,
            Some(trace) if trace.folder => true,
            _ => self.disk.is_folder(path),
        }
    }

    /// The names in a folder, at most [`LIST_LIMIT`], and at most [`LOOK_LIMIT`] for one action.
    #[must_use]
    pub fn list(&self, folder: &Path) -> Arc<Listing> {
        if let Some(known) = self.memo.borrow().listings.get(folder.as_os_str()) {
            return Arc::clone(known);
        }
        let limit = LIST_LIMIT.min(self.looks_left());
        let listing = self.disk.list(folder, limit);
        self.looked_at(1 + listing.names.len());
        let listing =
            if self.trail.concerns(folder) { Arc::new(self.corrected(folder, &listing)) } else { listing };
        self.memo.borrow_mut().listings.insert(folder.into(), Arc::clone(&listing));
        listing
    }

    /// A listing with what the disk does not show.
    fn corrected(&self, folder: &Path, listing: &Listing) -> Listing {
        let mut listing = listing.clone();
        self.trail.relist(folder, &mut listing.names);
        let in_listing = |name: &String| listing.names.binary_search(name).is_ok();
        listing.folders.retain(in_listing);
        let mut written = Vec::new();
        self.trail.relist(folder, &mut written);
        for name in written {
            let made = self.trail.made_folder(&folder.join(&name));
            match listing.folders.binary_search(&name) {
                Err(at) if made => listing.folders.insert(at, name),
                Ok(at) if !made => drop(listing.folders.remove(at)),
                _ => {}
            }
        }
        listing
    }

    /// How many names in folders may still be looked at for this action.
    fn looks_left(&self) -> usize {
        LOOK_LIMIT.saturating_sub(self.memo.borrow().looked)
    }

    fn looked_at(&self, names: usize) {
        self.memo.borrow_mut().looked += names;
    }

    /// Asks git about a file, with what is left for that, and says whether it was too little.
    fn compared(&self, ask: impl FnOnce(&mut git::Budget) -> git::Kept) -> (git::Kept, bool) {
        let mut memo = self.memo.borrow_mut();
        memo.compare.exceeded = false;
        let kept = ask(&mut memo.compare);
        (kept, memo.compare.exceeded)
    }

    /// What git knows of the repository around `path`, if there is one.
    #[must_use]
    pub fn git(&self, path: &Path) -> Option<Arc<GitFacts>> {
        self.repository(path).map(|repository| Arc::clone(&repository.facts))
    }

    /// The repository around `path`.
    fn repository(&self, path: &Path) -> Option<Arc<Repository>> {
        let mut passed = Vec::new();
        let mut found = None;
        for folder in path.ancestors() {
            if let Some(known) = self.memo.borrow().around.get(folder.as_os_str()) {
                found = known.clone();
                break;
            }
            passed.push(folder);
            found = self.disk.repository_at(folder);
            if found.is_some() {
                break;
            }
        }
        let mut memo = self.memo.borrow_mut();
        for folder in passed {
            memo.around.insert(folder.into(), found.clone());
        }
        found
    }

    /// The repository that begins at this very folder.
    fn repository_at(&self, folder: &Path) -> Option<Arc<Repository>> {
        self.repository(folder).filter(|repository| repository.found.worktree == folder)
    }

    /// From here on `path` leads to `target`: the action under review makes that link.
    pub fn assume_link(&self, path: &Path, target: &Path) {
        let mut memo = self.memo.borrow_mut();
        memo.links.insert(path.into(), Some(target.to_path_buf()));
        memo.doubted.remove(path.as_os_str());
        memo.forget_places();
    }

    /// From here on it is not known where `path` leads: the action may have made a link of it or not.
    pub fn doubt_link(&self, path: &Path) {
        let mut memo = self.memo.borrow_mut();
        memo.doubted.insert(path.into());
        memo.forget_places();
    }

    fn doubts(&self, path: &Path) -> bool {
        self.memo.borrow().doubted.contains(path.as_os_str())
    }

    /// Where a folder leads, found by `find` when it has not been asked for yet.
    fn folder(&self, path: &Path, find: impl FnOnce() -> Option<PathBuf>) -> Option<PathBuf> {
        if let Some(known) = self.memo.borrow().folders.get(path.as_os_str()) {
            return known.clone();
        }
        let folder = find();
        self.memo.borrow_mut().folders.insert(path.into(), folder.clone());
        folder
    }

    fn link_target(&self, path: &Path) -> Option<PathBuf> {
        if let Some(known) = self.memo.borrow().links.get(path.as_os_str()) {
            return known.clone();
        }
        let target = self.disk.link_target(path);
        self.memo.borrow_mut().links.insert(path.into(), target.clone());
        target
    }

    fn disk(&self) -> &'a Disk {
        self.disk
    }

    /// Whether a folder stands there, and not a link that leads to one.
    #[must_use]
    pub fn is_real_folder(&self, path: &Path) -> bool {
        self.is_folder(path) && !self.is_link(path)
    }

    /// Whether a link stands there.
    #[must_use]
    pub fn is_link(&self, path: &Path) -> bool {
        self.trail.link(path).is_some() || self.link_target(path).is_some()
    }

    /// The folders of the workspace.
    fn roots(&self) -> impl Iterator<Item = &'a Path> {
        std::iter::once(self.workspace).chain(self.extra_roots.iter().map(PathBuf::as_path))
    }

    /// The folder of the workspace that `path` (links followed) is or lies in.
    ///
    /// The root, or a folder around the home, is no ground that somebody could have meant to give away.
    fn ground_of(&self, path: &Path) -> Option<&Path> {
        let sensible =
            |root: &Path| root.parent().is_some() && (root == self.home() || !self.home().starts_with(root));
        let grounds = self.grounds.get_or_init(|| {
            self.roots().filter(|root| sensible(root)).map(|root| self.disk.real(root)).collect()
        });
        grounds
            .iter()
            .map(AsRef::as_ref)
            .filter(|root| lies_in(path, root))
            .max_by_key(|root| root.as_os_str().len())
    }
}

/// The path is the folder or lies in it. Both are written without `.`, `..` and doubled slashes, so that their
/// text alone tells.
fn lies_in(path: &Path, folder: &Path) -> bool {
    let path = path.as_os_str().as_encoded_bytes();
    path.strip_prefix(folder.as_os_str().as_encoded_bytes())
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// The path without `.` and `..`, as text alone tells.
#[must_use]
pub fn normalise(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// Whether a file name or pattern means what a build or a tool makes again: `*.pyc`, `__pycache__`, `*.log`.
#[must_use]
pub fn rebuildable_name(name: &str) -> bool {
    rebuildable(Path::new(&name.replace(['*', '?'], "x")), Path::new(""))
}
