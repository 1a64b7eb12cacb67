//! The disk and the environment themselves, with a cache of what git says.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::folders::Folders;
use super::git::{self, Repositories, Repository, UserFiles};
use super::{Listing, READ_LIMIT, Text};

/// The disk and the environment of this process.
#[derive(Debug)]
pub struct Disk {
    home: PathBuf,
    temp: Vec<PathBuf>,
    /// The environment, when it is not the one of this process.
    environment: Option<BTreeMap<String, String>>,
    /// Where the workspaces really lie, as it was when they were first seen: a link that is put
    /// in a workspace's place later must not move its ground.
    real: Mutex<HashMap<PathBuf, Arc<Path>>>,
    user_files: UserFiles,
    repositories: Repositories,
    folders: Folders,
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

impl Disk {
    /// The disk and environment as this process sees them.
    #[must_use]
    pub fn new() -> Self {
        let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
        Self::with_home(home.map_or_else(|| PathBuf::from("/nonexistent"), PathBuf::from))
    }

    /// The disk, with another folder as the user's home.
    #[must_use]
    pub fn with_home(home: PathBuf) -> Self {
        Self::build(home, None)
    }

    /// The disk, with another home and with this environment instead of the one of this process.
    #[must_use]
    pub fn with_environment(home: PathBuf, environment: BTreeMap<String, String>) -> Self {
        Self::build(home, Some(environment))
    }

    fn build(home: PathBuf, environment: Option<BTreeMap<String, String>>) -> Self {
        let home = std::fs::canonicalize(&home).unwrap_or(home);
        let mut disk = Self {
            home,
            temp: Vec::new(),
            environment,
            real: Mutex::default(),
            user_files: UserFiles::default(),
            repositories: Repositories::default(),
            folders: Folders::default(),
        };
        disk.user_files = disk.find_user_files();
        let fixed =
            ["/tmp", "/var/tmp", "/private/tmp", "/private/var/tmp", "/var/folders", "/private/var/folders"];
        disk.temp = fixed.iter().map(PathBuf::from).collect();
        if let Some(own) = disk.variable("TMPDIR").map(PathBuf::from) {
            let own = std::fs::canonicalize(&own).unwrap_or(own);
            // A variable must not turn the home or the whole disk into scratch space.
            if own.is_absolute() && own.components().count() > 2 && !disk.home.starts_with(&own) {
                disk.temp.push(own);
            }
        }
        disk
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    pub(super) fn temp_folders(&self) -> &[PathBuf] {
        &self.temp
    }

    pub(super) fn variable(&self, name: &str) -> Option<String> {
        if name == "HOME" {
            return Some(self.home.to_string_lossy().into_owned());
        }
        match &self.environment {
            Some(environment) => environment.get(name).cloned(),
            None => std::env::var(name).ok(),
        }
    }

    /// The folder with its links followed, as it was when it was first asked for.
    pub(super) fn real(&self, folder: &Path) -> Arc<Path> {
        let mut real = self.real.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = real.get(folder) {
            return Arc::clone(known);
        }
        let path: Arc<Path> = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf()).into();
        real.insert(folder.to_path_buf(), Arc::clone(&path));
        path
    }

    pub(super) fn exists(&self, path: &Path) -> bool {
        path.symlink_metadata().is_ok()
    }

    pub(super) fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }

    pub(super) fn link_target(&self, path: &Path) -> Option<PathBuf> {
        std::fs::read_link(path).ok()
    }

    pub(super) fn text(&self, path: &Path) -> Text {
        let Ok(facts) = std::fs::metadata(path) else { return Text::Missing };
        if facts.is_dir() {
            return Text::Folder;
        }
        if !facts.is_file() {
            return Text::Closed("not an ordinary file");
        }
        if facts.len() > READ_LIMIT {
            return Text::Closed("too large");
        }
        // With room for all of it and some more, one call reads it and a second one finds its end.
        let room = usize::try_from(facts.len()).unwrap_or(0) + 64;
        let Some(bytes) = read_into(Vec::with_capacity(room), path, READ_LIMIT) else {
            return Text::Closed("not readable");
        };
        match String::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Text::Known(text.into()),
            _ => Text::Closed("not text"),
        }
    }

    /// The names in a folder, at most `limit`.
    pub(super) fn list(&self, folder: &Path, limit: usize) -> Arc<Listing> {
        if limit == 0 {
            return Arc::new(Listing { capped: true, ..Listing::default() });
        }
        self.folders.get(folder, limit).map(|folder| folder.listing(limit)).unwrap_or_default()
    }

    /// What stands there, links not followed.
    pub(super) fn kind(&self, path: &Path) -> Option<Entry> {
        path.symlink_metadata().ok().map(|facts| Entry::of(facts.file_type()))
    }

    /// What lies in a folder, by name; `None` when it cannot be read. More than one above `limit` are not read.
    pub(super) fn entries(&self, folder: &Path, limit: usize) -> Option<Arc<[(OsString, Entry)]>> {
        self.folders.get(folder, limit).map(|folder| folder.entries())
    }

    /// What git knows of the repository around `path`.
    #[cfg(test)]
    pub(super) fn git(&self, path: &Path) -> Option<Arc<super::GitFacts>> {
        self.repository(path).map(|repository| Arc::clone(&repository.facts))
    }

    /// The repository around `path`.
    #[cfg(test)]
    pub(super) fn repository(&self, path: &Path) -> Option<Arc<Repository>> {
        path.ancestors().find_map(|folder| self.repository_at(folder))
    }

    /// The repository that begins at this folder.
    pub(super) fn repository_at(&self, folder: &Path) -> Option<Arc<Repository>> {
        git::found_at(folder).map(|found| self.repositories.get(&found, &self.user_files))
    }

    fn find_user_files(&self) -> UserFiles {
        let config = match self.variable("XDG_CONFIG_HOME").map(PathBuf::from) {
            Some(folder) if folder.is_absolute() => folder,
            _ => self.home.join(".config"),
        };
        UserFiles {
            home: self.home.clone(),
            configs: vec![
                PathBuf::from("/etc/gitconfig"),
                config.join("git/config"),
                self.home.join(".gitconfig"),
            ],
            ignore: config.join("git/ignore"),
        }
    }
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Entry {
    /// A folder.
    Folder,
    /// A file, a link, or something else without parts.
    Other,
}

impl Entry {
    pub(super) fn of(kind: std::fs::FileType) -> Self {
        if kind.is_dir() { Self::Folder } else { Self::Other }
    }
}

/// The bytes of a file, at most `limit` of them.
pub(super) fn read_at_most(path: &Path, limit: u64) -> Option<Vec<u8>> {
    read_into(Vec::new(), path, limit)
}

fn read_into(mut bytes: Vec<u8>, path: &Path, limit: u64) -> Option<Vec<u8>> {
    std::fs::File::open(path).ok()?.take(limit).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
