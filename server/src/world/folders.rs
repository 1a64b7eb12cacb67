//! What lies in folders, remembered as long as they do not change.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use super::Listing;
use super::disk::Entry;
use super::git::Stamp;

/// How many names are remembered.
const NAME_LIMIT: usize = 65_536;
/// How long a folder must have rested before it was read: one that changes twice within what its
/// file system tells apart looks the same afterwards. The coarsest count in steps of two seconds.
const REST: Duration = Duration::from_secs(3);

/// The folders that were looked into.
#[derive(Debug, Default)]
pub(super) struct Folders {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    folders: HashMap<PathBuf, Arc<Folder>>,
    /// How many names they hold together, and one for each of them.
    names: usize,
}

/// What lies in a folder.
#[derive(Debug)]
pub(super) struct Folder {
    stamp: Option<Stamp>,
    /// By name. One more than were asked for when there are more.
    entries: Arc<[(OsString, Entry)]>,
    listing: OnceLock<Arc<Listing>>,
}

impl Folders {
    /// The folder, of which not more than `limit` names and one are read; `None` when it cannot be.
    pub(super) fn get(&self, path: &Path, limit: usize) -> Option<Arc<Folder>> {
        let stamp = Stamp::of(path);
        let known = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.folders.get(path).filter(|folder| folder.stamp == stamp).cloned()
        };
        if known.is_some() {
            return known;
        }
        // The stamp is older than what is read: a change in between only makes it be read again.
        let folder = Arc::new(Folder::read(path, limit, stamp)?);
        if stamp.is_some_and(rested) && folder.entries.len() <= limit {
            self.remember(path, &folder);
        }
        Some(folder)
    }

    fn remember(&self, path: &Path, folder: &Arc<Folder>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = known.folders.remove(path) {
            known.names -= 1 + old.entries.len();
        }
        let names = 1 + folder.entries.len();
        if known.names + names > NAME_LIMIT {
            *known = Known::default();
        }
        if names <= NAME_LIMIT {
            known.names += names;
            known.folders.insert(path.to_path_buf(), Arc::clone(folder));
        }
    }
}

impl Folder {
    fn read(path: &Path, limit: usize, stamp: Option<Stamp>) -> Option<Self> {
        let entries = std::fs::read_dir(path).ok()?;
        let found = entries.flatten().take(limit.saturating_add(1)).map(|entry| {
            let kind = entry.file_type().map_or(Entry::Other, Entry::of);
            (entry.file_name(), kind)
        });
        let mut entries: Vec<_> = found.collect();
        entries.sort();
        Some(Self { stamp, entries: entries.into(), listing: OnceLock::new() })
    }

    /// What lies in it, by name; more than `limit` when there is more than was asked for.
    pub(super) fn entries(&self) -> Arc<[(OsString, Entry)]> {
        Arc::clone(&self.entries)
    }

    /// The names in it, at most `limit`.
    pub(super) fn listing(&self, limit: usize) -> Arc<Listing> {
        if self.entries.len() > limit {
            return Arc::new(listing(self.entries.get(..limit).unwrap_or_default(), true));
        }
        Arc::clone(self.listing.get_or_init(|| Arc::new(listing(&self.entries, false))))
    }
}

fn listing(entries: &[(OsString, Entry)], capped: bool) -> Listing {
    let mut names = Vec::with_capacity(entries.len());
    let mut folders = Vec::new();
    for (name, kind) in entries {
        let name = name.to_string_lossy().into_owned();
        if *kind == Entry::Folder {
            folders.push(name.clone());
        }
        names.push(name);
    }
    // What stands for bytes that are no text may sort elsewhere than they do.
    names.sort();
    folders.sort();
    Listing { names, folders, capped }
}

/// The folder has not changed for so long that its next change is told.
fn rested(stamp: Stamp) -> bool {
    stamp.changed_at().and_then(|at| SystemTime::now().duration_since(at).ok()).is_some_and(|age| age > REST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folders: &Folders, path: &Path) -> Vec<String> {
        folders.get(path, 100).unwrap().listing(100).names.clone()
    }

    /// A folder that was last changed long ago, as far as its times tell.
    fn old_folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "").unwrap();
        folder
    }

    #[test]
    fn what_changed_a_moment_ago_is_not_remembered() {
        let (folder, folders) = (old_folder(), Folders::default());
        assert_eq!(names(&folders, folder.path()), ["a"]);
        assert!(folders.known.lock().unwrap().folders.is_empty());
    }

    #[test]
    fn what_is_remembered_is_read_again_when_it_changes() {
        let (folder, folders) = (old_folder(), Folders::default());
        let read = Arc::new(Folder::read(folder.path(), 100, Stamp::of(folder.path())).unwrap());
        folders.remember(folder.path(), &read);
        assert!(Arc::ptr_eq(&folders.get(folder.path(), 100).unwrap(), &read));
        std::fs::create_dir(folder.path().join("b")).unwrap();
        assert_eq!(names(&folders, folder.path()), ["a", "b"]);
    }

    #[test]
    fn no_more_than_the_limit_is_remembered() {
        let (folder, folders) = (old_folder(), Folders::default());
        for number in 0..40 {
            let many: Vec<_> =
                (0..NAME_LIMIT / 30).map(|name| (name.to_string().into(), Entry::Other)).collect();
            let folder_read = Folder { stamp: None, entries: many.into(), listing: OnceLock::new() };
            folders.remember(&folder.path().join(number.to_string()), &Arc::new(folder_read));
            assert!(folders.known.lock().unwrap().names <= NAME_LIMIT);
        }
    }
}
