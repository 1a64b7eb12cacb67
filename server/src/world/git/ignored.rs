//! What git ignores.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use gix::bstr::BStr;
use gix::glob::pattern::Case;
use gix::ignore::Search;
use gix::ignore::search::Ignore;

use super::super::disk::read_at_most;
use super::Stamp;

/// How large a list of what is ignored is read, in bytes.
const IGNORE_LIMIT: u64 = 256 * 1024;
/// How many folders' lists are remembered.
const FOLDER_LIMIT: usize = 4_096;

/// Patterns of what is ignored, remembered by folder.
#[derive(Debug)]
pub(super) struct Ignored {
    worktree: PathBuf,
    /// `info/exclude` and the user's own file.
    base: Search,
    folders: Mutex<HashMap<PathBuf, Folder>>,
}

/// The patterns of one folder, with the stamp of the file they stand in.
type Folder = (Option<Stamp>, Option<Arc<Search>>);

impl Ignored {
    pub(super) fn read(worktree: &Path, common: &Path, excludes: &Path) -> Self {
        let mut base = Search::default();
        // The last list is the strongest.
        for path in [excludes.to_path_buf(), common.join("info/exclude")] {
            add(&mut base, &path, None);
        }
        Self { worktree: worktree.to_path_buf(), base, folders: Mutex::default() }
    }

    /// The patterns that a folder's own `.gitignore` adds.
    fn of_folder(&self, folder: &Path) -> Option<Arc<Search>> {
        let file = folder.join(".gitignore");
        let stamp = file.symlink_metadata().ok().map(|facts| Stamp::from_facts(&facts));
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, search)) = folders.get(folder)
            && *known == stamp
        {
            return search.clone();
        }
        let mut search = Search::default();
        let search =
            (stamp.is_some() && add(&mut search, &file, Some(&self.worktree))).then(|| Arc::new(search));
        if folders.len() >= FOLDER_LIMIT {
            folders.clear();
        }
        folders.insert(folder.to_path_buf(), (stamp, search.clone()));
        search
    }
}

fn add(search: &mut Search, path: &Path, root: Option<&Path>) -> bool {
    let plain = path.symlink_metadata().is_ok_and(|facts| facts.is_file());
    // Git follows links to its own lists, but not to a `.gitignore` of the worktree.
    if !(plain || root.is_none() && path.is_file()) {
        return false;
    }
    let Some(bytes) = read_at_most(path, IGNORE_LIMIT) else { return false };
    search.add_patterns_buffer(&bytes, path, root, Ignore::default()).is_ok()
}

/// A walk down the folders of a worktree, which knows at every step what is ignored there.
#[derive(Debug)]
pub(in super::super) struct Walk<'a> {
    ignored: &'a Ignored,
    /// The lists of the folder we are in and of those around it, outermost first.
    lists: Vec<Arc<Search>>,
    /// A folder around us is ignored as a whole.
    all: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(ignored: &'a Ignored) -> Self {
        let lists = ignored.of_folder(&ignored.worktree).into_iter().collect();
        Self { ignored, lists, all: false }
    }

    /// The walk one folder further down; `relative` is the folder's path in the worktree.
    pub(in super::super) fn enter(&self, relative: &Path) -> Self {
        let all = self.ignores(relative, true);
        let mut lists = self.lists.clone();
        if !all {
            lists.extend(self.ignored.of_folder(&self.ignored.worktree.join(relative)));
        }
        Self { ignored: self.ignored, lists, all }
    }

    /// The file or folder, which lies right here, is ignored.
    pub(in super::super) fn ignores(&self, relative: &Path, folder: bool) -> bool {
        if self.all {
            return true;
        }
        let path = BStr::new(relative.as_os_str().as_encoded_bytes());
        let found = self
            .lists
            .iter()
            .rev()
            .map(AsRef::as_ref)
            .chain(std::iter::once(&self.ignored.base))
            .find_map(|list| list.pattern_matching_relative_path(path, Some(folder), Case::Sensitive));
        found.is_some_and(|found| !found.pattern.is_negative())
    }
}
