//! Which `banksman.toml` of a workspace the user trusts: that very file, by its hash.
#![expect(clippy::disallowed_methods, reason = "trust is kept in a file of the user")]

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Says whether a file is trusted.
pub trait Trust {
    /// The user trusts this file with exactly this content.
    fn is_trusted(&self, path: &Path, hash: &str) -> bool;
}

/// Trusts nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrustNothing;

impl Trust for TrustNothing {
    fn is_trusted(&self, _: &Path, _: &str) -> bool {
        false
    }
}

/// The trust that the user has given, kept in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustFile {
    path: PathBuf,
    files: BTreeMap<String, String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// SHA-256 in hex, by the absolute path of the file.
    files: BTreeMap<String, String>,
}

impl TrustFile {
    /// Reads the trust kept at `path`. What cannot be read trusts nothing.
    #[must_use]
    pub fn open(path: PathBuf) -> Self {
        let kept: Option<Kept> =
            std::fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str(&text).ok());
        Self { path, files: kept.unwrap_or_default().files }
    }

    /// The hash under which a file is trusted.
    #[must_use]
    pub fn pinned(&self, file: &Path) -> Option<&str> {
        self.files.get(&*file.to_string_lossy()).map(String::as_str)
    }

    /// Trusts a file with exactly this content.
    ///
    /// # Errors
    /// When the trust cannot be stored.
    pub fn pin(&mut self, file: &Path, hash: &str) -> io::Result<()> {
        self.files.insert(file.to_string_lossy().into_owned(), hash.to_owned());
        self.store()
    }

    /// Trusts a file no more. Says whether it was trusted.
    ///
    /// # Errors
    /// When the trust cannot be stored.
    pub fn revoke(&mut self, file: &Path) -> io::Result<bool> {
        let was = self.files.remove(&*file.to_string_lossy()).is_some();
        if was {
            self.store()?;
        }
        Ok(was)
    }

    fn store(&self) -> io::Result<()> {
        let text =
            serde_json::to_string_pretty(&Kept { files: self.files.clone() }).map_err(io::Error::other)?;
        replace(&self.path, &(text + "\n"))
    }
}

/// Writes a new file beside the old one and puts it in its place, so that a reader never sees half.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    let new = path.with_extension(format!("new-{}", std::process::id()));
    std::fs::write(&new, text)?;
    std::fs::rename(&new, path)
}

impl Trust for TrustFile {
    fn is_trusted(&self, path: &Path, hash: &str) -> bool {
        self.pinned(path) == Some(hash)
    }
}

/// The hash that pins a file: SHA-256 in hex.
#[must_use]
pub fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_lasts_until_it_is_revoked_and_holds_for_one_content() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("state/trust.json");
        let file = Path::new("/w/banksman.toml");
        let mut trust = TrustFile::open(store.clone());
        trust.pin(file, &hash(b"a")).unwrap();
        let read = TrustFile::open(store.clone());
        assert!(read.is_trusted(file, &hash(b"a")));
        assert!(!read.is_trusted(file, &hash(b"b")));
        assert!(!read.is_trusted(Path::new("/x/banksman.toml"), &hash(b"a")));
        assert!(trust.revoke(file).unwrap());
        assert!(!TrustFile::open(store).is_trusted(file, &hash(b"a")));
    }

    #[test]
    fn a_broken_store_trusts_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("trust.json");
        std::fs::write(&store, "{").unwrap();
        assert!(!TrustFile::open(store).is_trusted(Path::new("/w/banksman.toml"), &hash(b"a")));
    }
}
