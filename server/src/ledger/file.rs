//! The ledger's files: how they come to be, and how its log is kept short.
#![expect(clippy::disallowed_methods, reason = "the ledger owns its file")]

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

/// A log of more bytes than this is emptied by whoever leaves it.
pub(super) const LONG_LOG: u64 = 100 * 4_096;

/// Makes the folder and the file for nobody but the user. True when this process made the file.
pub(super) fn make(path: &Path) -> std::io::Result<bool> {
    use std::io::ErrorKind;
    // A file that is there is not opened: closing it would give back the locks that SQLite holds on it for
    // others in this process.
    match std::fs::metadata(path) {
        Ok(found) => return close_to_others(path, &found).map(|()| false),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn close_to_others(path: &Path, found: &std::fs::Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if found.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(_: &Path, _: &std::fs::Metadata) -> std::io::Result<()> {
    Ok(())
}

/// Brings a long log in and cuts it off. Cutting keeps all others from writing: so the slow part, which waits
/// for the disk, is done before it, and nothing is cut while others still read or write.
pub(super) fn shorten_log(ledger: &Path, connection: &Connection) -> rusqlite::Result<()> {
    let mut log = ledger.as_os_str().to_owned();
    log.push("-wal");
    if !std::fs::metadata(log).is_ok_and(|log| log.len() > LONG_LOG) {
        return Ok(());
    }
    connection.busy_timeout(Duration::ZERO)?;
    let all = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok(row.get::<_, i64>("busy")? == 0
            && row.get::<_, i64>("log")? == row.get::<_, i64>("checkpointed")?)
    })?;
    if all {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(())
}
