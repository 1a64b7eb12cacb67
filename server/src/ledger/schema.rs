//! The tables, how old ones become new ones, and what is forgotten.
#![expect(clippy::disallowed_methods, reason = "it is waited for others only so long")]

use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::{LedgerError, Retention};

/// Each step brings the file one format further. Steps are only ever added.
const STEPS: &[&str] = &["
CREATE TABLE sessions (
    name TEXT PRIMARY KEY, workspace TEXT NOT NULL, cwd TEXT NOT NULL, mode TEXT,
    opened INTEGER NOT NULL, ended INTEGER
) WITHOUT ROWID;
CREATE TABLE prompts (
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE INDEX prompts_of ON prompts (session, id);
CREATE TABLE contents (
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL,
    origin TEXT NOT NULL, score REAL NOT NULL, mentions TEXT NOT NULL, passages TEXT NOT NULL
);
CREATE INDEX contents_of ON contents (session, id);
CREATE TABLE actions (
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL, call TEXT,
    workspace TEXT NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL, leaves TEXT
);
CREATE INDEX actions_of ON actions (session, id);
CREATE INDEX actions_called ON actions (session, call) WHERE call IS NOT NULL;
CREATE INDEX actions_at ON actions (at);
CREATE TABLE verdicts (
    id TEXT PRIMARY KEY, action INTEGER NOT NULL, session TEXT NOT NULL,
    decision TEXT NOT NULL, rules TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX verdicts_on ON verdicts (action);
CREATE TABLE outcomes (
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL,
    call TEXT NOT NULL, ok INTEGER NOT NULL
);
CREATE INDEX outcomes_of ON outcomes (session, id);
CREATE TABLE answers (
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, writer INTEGER NOT NULL, at INTEGER NOT NULL
);
CREATE INDEX answers_of ON answers (session, id);
CREATE TABLE approvals (
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, workspace TEXT NOT NULL, writer INTEGER NOT NULL,
    at INTEGER NOT NULL, digest TEXT NOT NULL, answer TEXT NOT NULL, note TEXT
);
CREATE INDEX approvals_for ON approvals (digest);
CREATE TABLE upkeep (what TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
", "
CREATE TABLE pins (
    server TEXT NOT NULL, tool TEXT NOT NULL, digest TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (server, tool)
) WITHOUT ROWID;
"];

/// How long the write-ahead log may get, in pages.
const LOG_PAGES: i64 = 250;

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// How long somebody else may take to make the file.
const MAKING: Duration = Duration::from_secs(2);

/// Waits until whoever made the file has brought it to a format. Two hundred who all made it would each wait for
/// the disk while the others wait for them. A maker that was killed is waited for in vain, and replaced.
pub(super) fn await_maker(connection: &Connection) -> Result<(), LedgerError> {
    let started = Instant::now();
    while format(connection)? == 0 && started.elapsed() < MAKING {
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Brings the file to today's format.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), LedgerError> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    let mut found = format(connection)?;
    if found == 0 {
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    // A hook lives for one call. If it tidied up as it left, it would wait for the disk four times;
    // so the log stays, whoever fills it brings it in, and it is kept so short that opening is quick.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(()))?;
    if found < known {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have been quicker.
        found = format(&transaction)?;
        for step in STEPS.iter().skip(usize::try_from(found).unwrap_or_default()) {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "user_version", known.max(found))?;
        transaction.commit()?;
    }
    if found > known {
        return Err(LedgerError::Newer { found, known });
    }
    Ok(())
}

fn format(connection: &Connection) -> Result<i64, LedgerError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Forgets sessions that were silent for long, at most once a day.
pub(super) fn prune(connection: &mut Connection, retention: Retention, now: i64) -> Result<(), LedgerError> {
    let last: Option<i64> = connection
        .query_row("SELECT at FROM upkeep WHERE what = 'prune'", [], |row| row.get(0))
        .optional()?;
    if last.is_some_and(|last| now - last < DAY) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("INSERT OR REPLACE INTO upkeep (what, at) VALUES ('prune', ?1)", params![now])?;
    let silent = last_heard(&transaction)?;
    let mut size = size(&transaction)?;
    let share = size / u64::try_from(silent.len().max(1)).unwrap_or(1);
    for (session, at) in silent {
        let old = now - at > DAY * i64::from(retention.days);
        // A session of today is kept whatever it takes: what was said in it still holds.
        let over = size > retention.bytes && now - at > DAY;
        if old || over {
            forget(&transaction, &session)?;
            size = size.saturating_sub(share);
        }
    }
    transaction.commit()?;
    connection.execute_batch("PRAGMA incremental_vacuum")?;
    Ok(())
}

/// Every session and when something of it was last heard, the longest silent first.
fn last_heard(connection: &Connection) -> Result<Vec<(String, i64)>, LedgerError> {
    let mut statement = connection.prepare(
        "SELECT name, MAX(opened, COALESCE((SELECT MAX(at) FROM prompts WHERE session = name), 0),
                          COALESCE((SELECT MAX(at) FROM contents WHERE session = name), 0),
                          COALESCE((SELECT MAX(at) FROM actions WHERE session = name), 0)) AS heard
         FROM sessions ORDER BY heard",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn size(connection: &Connection) -> Result<u64, LedgerError> {
    let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let page: i64 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    Ok(u64::try_from(pages.saturating_mul(page)).unwrap_or_default())
}

fn forget(connection: &Connection, session: &str) -> Result<(), LedgerError> {
    for table in ["prompts", "contents", "actions", "verdicts", "outcomes", "answers"] {
        connection.execute(&format!("DELETE FROM {table} WHERE session = ?1"), params![session])?;
    }
    connection
        .execute("DELETE FROM approvals WHERE session = ?1 AND answer <> 'workspace'", params![session])?;
    connection.execute("DELETE FROM sessions WHERE name = ?1", params![session])?;
    Ok(())
}
