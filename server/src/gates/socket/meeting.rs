//! Where hooks and servers meet.
#![expect(
    clippy::disallowed_methods,
    reason = "the runtime folder is named by the environment, and who owns it is on the disk"
)]

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Where hooks and servers of this user meet.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// Folders that both sides know, the best first.
    folders: Vec<PathBuf>,
    /// Who writes another ledger knows other sessions.
    ledger: PathBuf,
}

/// How good a server is at putting questions to a person. The better are called first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It has a view of its own for questions.
    Asks,
    /// It asks by a plain message.
    Shows,
    /// It asks nobody.
    Mute,
}

/// The socket of one server for one workspace folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The socket.
    pub path: PathBuf,
    /// The workspace folder.
    pub root: PathBuf,
}

impl Meeting {
    /// Where this user's hooks and servers meet when they write this ledger.
    #[must_use]
    pub fn of_this_user(ledger: Option<PathBuf>) -> Self {
        Self { folders: folders(), ledger: ledger.unwrap_or_default() }
    }

    /// In a folder of one's own, as tests want it.
    #[must_use]
    pub fn within(folder: &Path) -> Self {
        Self { folders: vec![folder.join("banksman")], ledger: PathBuf::new() }
    }

    /// A place for a new server's socket for a workspace folder. Sockets that nobody answers any
    /// more are swept away.
    ///
    /// # Errors
    /// When no folder can be made that only the user may enter.
    pub fn place(&self, root: &Path, standing: Standing, started: u64) -> io::Result<Entry> {
        let root = std::fs::canonicalize(root)?;
        let mut failure = io::Error::from(io::ErrorKind::NotFound);
        for folder in &self.folders {
            match ours(folder).or_else(|_| made(folder)) {
                Ok(()) => {
                    let folder = folder.join(self.name(&root));
                    std::fs::create_dir_all(&folder)?;
                    sweep(&folder);
                    let name = format!("{}-{started:x}-{:x}", standing as u8, std::process::id());
                    return Ok(Entry { path: folder.join(name), root });
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// The sockets of the servers whose workspace holds a folder: the nearest workspace first, and in
    /// it the server that is best at asking, then the newest.
    #[must_use]
    pub fn around(&self, folder: &Path) -> Vec<Entry> {
        let trusted: Vec<&PathBuf> = self.folders.iter().filter(|folder| ours(folder).is_ok()).collect();
        let mut found = Vec::new();
        if trusted.is_empty() {
            return found;
        }
        for root in folder.ancestors() {
            let name = self.name(root);
            for folder in &trusted {
                let Ok(list) = std::fs::read_dir(folder.join(&name)) else { continue };
                let mut entries: Vec<(u8, u64, PathBuf)> = list
                    .flatten()
                    .filter_map(|entry| {
                        let (standing, started) = read(entry.file_name().to_str()?)?;
                        Some((standing, started, entry.path()))
                    })
                    .collect();
                entries.sort_by_key(|(standing, started, _)| (*standing, std::cmp::Reverse(*started)));
                let here = entries.into_iter().map(|(_, _, path)| Entry { path, root: root.to_path_buf() });
                found.extend(here);
            }
        }
        found
    }

    /// The name of a workspace's folder.
    fn name(&self, root: &Path) -> String {
        let mut hash = Sha256::new();
        hash.update(root.as_os_str().as_encoded_bytes());
        hash.update([0]);
        hash.update(self.ledger.as_os_str().as_encoded_bytes());
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What the name of a socket says: the standing, and when the server started.
fn read(name: &str) -> Option<(u8, u64)> {
    let mut parts = name.split('-');
    let standing = parts.next()?.parse().ok()?;
    Some((standing, u64::from_str_radix(parts.next()?, 16).ok()?))
}

/// Takes away the sockets that nobody answers.
fn sweep(folder: &Path) {
    let Ok(list) = std::fs::read_dir(folder) else { return };
    for entry in list.flatten() {
        // A socket has its name only when it is listened to, so nobody is swept away too early.
        let named = entry.file_name().to_str().and_then(read).is_some();
        if named && super::end(&entry.path()).is_err_and(|error| gone(&error)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound)
}

#[cfg(unix)]
fn folders() -> Vec<PathBuf> {
    let user = rustix::process::geteuid().as_raw();
    let mut folders = Vec::new();
    if let Some(runtime) = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from)
        && runtime.is_absolute()
    {
        folders.push(runtime.join("banksman"));
    }
    // An editor and a terminal may not have the same variables.
    let usual = PathBuf::from(format!("/run/user/{user}"));
    if cfg!(target_os = "linux") && usual.is_dir() && !folders.contains(&usual.join("banksman")) {
        folders.push(usual.join("banksman"));
    }
    folders.push(std::env::temp_dir().join(format!("banksman-run-{user}")));
    folders
}

#[cfg(windows)]
fn folders() -> Vec<PathBuf> {
    use etcetera::BaseStrategy as _;
    etcetera::choose_base_strategy()
        .map(|base| vec![base.cache_dir().join("banksman").join("run")])
        .unwrap_or_default()
}

/// Whether a folder is the user's own and closed to everybody else.
#[cfg(unix)]
fn ours(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let facts = std::fs::symlink_metadata(folder)?;
    let own = facts.is_dir() && facts.uid() == rustix::process::geteuid().as_raw();
    if own && facts.mode() & 0o077 == 0 { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// The folder lies in the user's profile, which is closed to other users.
#[cfg(windows)]
fn ours(folder: &Path) -> io::Result<()> {
    let facts = std::fs::symlink_metadata(folder)?;
    if facts.is_dir() { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

fn made(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    #[cfg(windows)]
    builder.recursive(true);
    match builder.create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => ours(folder),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_nearest_workspace_and_the_best_and_newest_server_come_first() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().canonicalize().unwrap();
        let inner = home.join("outer/inner");
        std::fs::create_dir_all(inner.join("src")).unwrap();
        let meeting = Meeting::within(&home);
        let made = |root: &Path, standing, started| meeting.place(root, standing, started).unwrap();
        let outer = made(&home.join("outer"), Standing::Asks, 9);
        let mute = made(&inner, Standing::Mute, 8);
        let old = made(&inner, Standing::Asks, 1);
        let new = made(&inner, Standing::Asks, 16);
        for entry in [&outer, &mute, &old, &new] {
            // A file stands in for a socket: only the name counts here.
            std::fs::write(&entry.path, "").unwrap();
        }
        assert_eq!(meeting.around(&inner.join("src")), [new, old, mute, outer.clone()]);
        assert_eq!(meeting.around(&home.join("outer")), [outer]);
        assert!(meeting.around(&home).is_empty());
    }

    #[test]
    fn a_folder_that_others_may_enter_is_not_used() {
        let home = tempfile::tempdir().unwrap();
        let meeting = Meeting::within(home.path());
        let entry = meeting.place(home.path(), Standing::Asks, 1).unwrap();
        std::fs::write(&entry.path, "").unwrap();
        let folder = home.path().join("banksman");
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(meeting.around(&entry.root).is_empty());
        assert!(meeting.place(home.path(), Standing::Asks, 2).is_err());
    }

    #[test]
    fn who_writes_another_ledger_is_not_met() {
        let home = tempfile::tempdir().unwrap();
        let one = Meeting::within(home.path());
        let entry = one.place(home.path(), Standing::Asks, 1).unwrap();
        std::fs::write(&entry.path, "").unwrap();
        let other = Meeting { ledger: PathBuf::from("/other"), ..one.clone() };
        assert_eq!(one.around(&entry.root).len(), 1);
        assert!(other.around(&entry.root).is_empty());
    }
}
