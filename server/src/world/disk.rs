//! The disk and the environment themselves, with a cache of what git says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{GitFacts, LIST_LIMIT, Listing, READ_LIMIT, Text};

/// The disk and the environment of this process.
#[derive(Debug)]
pub struct Disk {
    home: PathBuf,
    temp: Vec<PathBuf>,
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
        let home = std::env::var_os("HOME").map_or_else(|| PathBuf::from("/nonexistent"), PathBuf::from);
        Self::with_home(home)
    }

    /// The disk, with another folder as the user's home.
    #[must_use]
    pub fn with_home(home: PathBuf) -> Self {
        let mut temp = vec![PathBuf::from("/tmp"), PathBuf::from("/var/tmp"), PathBuf::from("/private/tmp")];
        if let Some(own) = std::env::var_os("TMPDIR") {
            temp.push(PathBuf::from(own));
        }
        Self { home, temp }
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    pub(super) fn temp_folders(&self) -> &[PathBuf] {
        &self.temp
    }

    pub(super) fn variable(&self, name: &str) -> Option<String> {
        match name {
            "HOME" => Some(self.home.to_string_lossy().into_owned()),
            _ => std::env::var(name).ok(),
        }
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
        match std::fs::read(path).map(String::from_utf8) {
            Ok(Ok(text)) => Text::Known(text.into()),
            Ok(Err(_)) => Text::Closed("not text"),
            Err(_) => Text::Closed("not readable"),
        }
    }

    pub(super) fn list(&self, folder: &Path) -> Listing {
        let mut listing = Listing::default();
        let Ok(entries) = std::fs::read_dir(folder) else { return listing };
        for entry in entries.flatten() {
            if listing.names.len() >= LIST_LIMIT {
                listing.capped = true;
                break;
            }
            listing.names.push(entry.file_name().to_string_lossy().into_owned());
        }
        listing.names.sort();
        listing
    }

    pub(super) fn git(&self, path: &Path) -> Option<Arc<GitFacts>> {
        let _ = path;
        None
    }
}
