//! The durable record of every event and verdict, in SQLite.
//!
//! Several processes write at once: every write is one short transaction in write-ahead mode.
//! Callers hand over texts that are already redacted. A ledger that fails never loosens a verdict:
//! the guard goes on in memory, asks where it cannot know what was said before, and tells it once.
#![expect(clippy::disallowed_methods, reason = "the ledger owns its file and dates what it writes down")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use banksman_protocol::{Action, Decision, Mode, Origin, Verdict};

mod approvals;
mod file;
mod log;
mod pins;
mod restore;
mod schema;

pub use approvals::Approved;
pub use log::{Entry, Filter};
pub use restore::{Heard, Marks, News, Read, Reviewed};

/// How long a write waits for others: two hundred at one time on a busy machine have to come through.
const PATIENCE: Duration = Duration::from_secs(5);

/// The durable record of every event and verdict.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    connection: Mutex<Connection>,
    /// Tells the rows of this process from those of others.
    writer: i64,
    /// What SQLite last said about changes by other processes.
    version: AtomicI64,
    generation: AtomicI64,
}

/// How much is kept. Only whole sessions are forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Sessions that were silent for longer are forgotten.
    pub days: u32,
    /// Above this size of the file, in bytes, the longest silent sessions are forgotten.
    pub bytes: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { days: 90, bytes: 256 * 1024 * 1024 }
    }
}

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The folder or file cannot be made or opened.
    #[error("the ledger `{path}` cannot be opened: {source}")]
    Unreachable {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A newer Banksman has written it.
    #[error("the ledger has format {found}, newer than this Banksman knows ({known})")]
    Newer {
        /// The file's format.
        found: i64,
        /// The newest format that is known here.
        known: i64,
    },
    /// SQLite says no: a damaged file, a full disk, a lock that is not released.
    #[error("the ledger does not work: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A row does not hold what it should.
    #[error("the ledger holds something unreadable: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// One review, redacted, as it is written down.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The agent conversation.
    pub session: &'a str,
    /// The agent's own name for the call.
    pub call: Option<&'a str>,
    /// The workspace folder.
    pub workspace: &'a Path,
    /// The directory of the session.
    pub cwd: &'a Path,
    /// The action.
    pub action: &'a Action,
    /// The verdict.
    pub verdict: &'a Verdict,
    /// What the action leaves in the trail when it is carried out, as JSON.
    pub leaves: Option<&'a str>,
    /// The same call may have been reviewed before, and this verdict takes its place.
    pub again: bool,
}

impl Ledger {
    /// Where the ledger lies when nobody says otherwise: `$BANKSMAN_LEDGER`, or
    /// `banksman/ledger.sqlite3` in the user's state folder.
    #[must_use]
    pub fn usual_path() -> Option<PathBuf> {
        use etcetera::BaseStrategy as _;
        if let Some(path) = std::env::var_os("BANKSMAN_LEDGER").filter(|path| !path.is_empty()) {
            return Some(PathBuf::from(path));
        }
        let strategy = etcetera::choose_base_strategy().ok()?;
        let folder = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
        Some(folder.join("banksman").join("ledger.sqlite3"))
    }

    /// Opens the ledger, makes it if there is none, and forgets what is too old.
    ///
    /// # Errors
    /// When the file cannot be opened, made, read or brought to today's format.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        Self::open_with(path, Retention::default())
    }

    /// As [`Self::open`], with another measure of what is kept.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(path: &Path, retention: Retention) -> Result<Self, LedgerError> {
        let new = file::make(path)
            .map_err(|source| LedgerError::Unreachable { path: path.display().to_string(), source })?;
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(64);
        if !new {
            patiently(|| schema::await_maker(&connection))?;
        }
        patiently(|| schema::prepare(&mut connection))?;
        patiently(|| schema::prune(&mut connection, retention, now()))?;
        let ledger = Self {
            path: path.to_owned(),
            connection: Mutex::new(connection),
            writer: now() ^ (i64::from(std::process::id()) << 40),
            version: AtomicI64::new(-1),
            generation: AtomicI64::new(0),
        };
        ledger.generation()?;
        Ok(ledger)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A number that changes when another process has written something.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn generation(&self) -> Result<i64, LedgerError> {
        let connection = self.connection();
        let version = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if self.version.swap(version, Ordering::Relaxed) != version {
            self.generation.fetch_add(1, Ordering::Relaxed);
        }
        Ok(self.generation.load(Ordering::Relaxed))
    }

    /// Writes down where a session works.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn session(&self, session: &str, workspace: &Path, cwd: &Path) -> Result<(), LedgerError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO sessions (name, workspace, cwd, opened) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (name) DO UPDATE SET workspace = ?2, cwd = ?3, ended = NULL",
            )?
            .execute(params![session, workspace.to_string_lossy(), cwd.to_string_lossy(), now()])?;
        Ok(())
    }

    /// Writes down that a conversation is over.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn end(&self, session: &str) -> Result<(), LedgerError> {
        self.connection()
            .prepare_cached("UPDATE sessions SET ended = ?2 WHERE name = ?1")?
            .execute(params![session, now()])?;
        Ok(())
    }

    /// The workspace that a session works in, as it was last written down.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn place(&self, session: &str) -> Result<Option<PathBuf>, LedgerError> {
        let found: Option<String> = self
            .connection()
            .prepare_cached("SELECT workspace FROM sessions WHERE name = ?1")?
            .query_row(params![session], |row| row.get(0))
            .optional()?;
        Ok(found.map(PathBuf::from))
    }

    /// Writes down what the user said.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn prompt(&self, session: &str, text: &str) -> Result<(), LedgerError> {
        self.connection()
            .prepare_cached("INSERT INTO prompts (session, writer, at, text) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![session, self.writer, now(), text])?;
        Ok(())
    }

    /// Writes down that the agent read something: not the text, but what can be named from it.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn content(
        &self,
        session: &str,
        origin: &Origin,
        score: f64,
        mentions: &str,
        passages: &str,
    ) -> Result<(), LedgerError> {
        self.connection()
            .prepare_cached(
                "INSERT INTO contents (session, writer, at, origin, score, mentions, passages) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                session,
                self.writer,
                now(),
                serde_json::to_string(origin)?,
                score,
                mentions,
                passages
            ])?;
        Ok(())
    }

    /// Writes down a review. When another process has reviewed the same call of the same action
    /// in the meantime, its verdict is returned and nothing is written.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn review(&self, record: &Record<'_>) -> Result<Option<Verdict>, LedgerError> {
        patiently(|| self.review_once(record))
    }

    fn review_once(&self, record: &Record<'_>) -> Result<Option<Verdict>, LedgerError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let (Some(call), false) = (record.call, record.again) {
            let known: Option<String> = transaction
                .prepare_cached(
                    "SELECT verdicts.body FROM actions JOIN verdicts ON verdicts.action = actions.id
                     WHERE actions.session = ?1 AND actions.call = ?2 AND actions.digest = ?3
                     ORDER BY actions.id DESC LIMIT 1",
                )?
                .query_row(params![record.session, call, record.verdict.digest], |row| row.get(0))
                .optional()?;
            if let Some(known) = known {
                return Ok(Some(serde_json::from_str(&known)?));
            }
        }
        let at = now();
        transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO sessions (name, workspace, cwd, opened) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                record.session,
                record.workspace.to_string_lossy(),
                record.cwd.to_string_lossy(),
                at
            ])?;
        transaction
            .prepare_cached(
                "INSERT INTO actions (session, writer, at, call, workspace, digest, body, leaves)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                record.session,
                self.writer,
                at,
                record.call,
                record.workspace.to_string_lossy(),
                record.verdict.digest,
                serde_json::to_string(record.action)?,
                record.leaves
            ])?;
        let action = transaction.last_insert_rowid();
        transaction
            .prepare_cached(
                "INSERT INTO verdicts (id, action, session, decision, rules, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                record.verdict.id,
                action,
                record.session,
                record.verdict.decision.as_str(),
                rules(record.verdict),
                serde_json::to_string(record.verdict)?
            ])?;
        transaction.commit()?;
        Ok(None)
    }

    /// The verdict that a call already has.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn known(&self, session: &str, call: &str, digest: &str) -> Result<Option<Verdict>, LedgerError> {
        let body: Option<String> = self
            .connection()
            .prepare_cached(
                "SELECT verdicts.body FROM actions JOIN verdicts ON verdicts.action = actions.id
                 WHERE actions.session = ?1 AND actions.call = ?2 AND actions.digest = ?3
                 ORDER BY actions.id DESC LIMIT 1",
            )?
            .query_row(params![session, call, digest], |row| row.get(0))
            .optional()?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    /// The latest action of a call, redacted.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn action(&self, session: &str, call: &str) -> Result<Option<Action>, LedgerError> {
        let body: Option<String> = self
            .connection()
            .prepare_cached(
                "SELECT body FROM actions WHERE session = ?1 AND call = ?2 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(params![session, call], |row| row.get(0))
            .optional()?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    /// Writes down what became of a call. What was allowed once for its action is used up.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn outcome(&self, session: &str, call: &str, ok: bool) -> Result<(), LedgerError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction
            .prepare_cached(
                "INSERT INTO outcomes (session, writer, at, call, ok) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![session, self.writer, now(), call, ok])?;
        transaction
            .prepare_cached(
                "DELETE FROM approvals WHERE session = ?1 AND answer = 'once'
                 AND digest IN (SELECT digest FROM actions WHERE session = ?1 AND call = ?2)",
            )?
            .execute(params![session, call])?;
        transaction.commit()?;
        Ok(())
    }

    /// Writes down the mode of a session.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn set_session_mode(&self, session: &str, mode: Mode) -> Result<(), LedgerError> {
        self.connection()
            .prepare_cached("UPDATE sessions SET mode = ?2 WHERE name = ?1")?
            .execute(params![session, mode.as_str()])?;
        Ok(())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ledger {
    /// Where no process keeps the ledger open, the next one to open it reads its log from the start, and
    /// no longer knows what of it was brought in: so whoever leaves a long log empties it. It waits for
    /// nobody, as those who still read or write will leave, too.
    fn drop(&mut self) {
        if let Err(error) = file::shorten_log(&self.path, &self.connection()) {
            tracing::debug!(%error, "the ledger's log stays as it is");
        }
    }
}

/// Tries again what failed because others were at it: SQLite does not wait by itself where two processes would
/// wait for each other.
fn patiently<T>(mut attempt: impl FnMut() -> Result<T, LedgerError>) -> Result<T, LedgerError> {
    let started = Instant::now();
    loop {
        match attempt() {
            Err(LedgerError::Sqlite(error)) if is_passing(&error) && started.elapsed() < PATIENCE => {
                tracing::debug!(%error, "the ledger is tried again");
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
}

/// Others hold the file, and will let go of it.
fn is_passing(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, FileLockingProtocolFailed};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked | FileLockingProtocolFailed))
}

/// Microseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// The rules of a verdict that still count, each between commas.
fn rules(verdict: &Verdict) -> String {
    let mut out = String::from(",");
    for finding in verdict.findings.iter().filter(|finding| finding.cleared_by.is_none()) {
        out.push_str(&finding.rule);
        out.push(',');
    }
    out
}

fn mode_of(word: &str) -> Option<Mode> {
    [Mode::Manual, Mode::Auto, Mode::Strict, Mode::Bypass, Mode::Plan]
        .into_iter()
        .find(|mode| mode.as_str() == word)
}

fn decision_of(word: &str) -> Decision {
    // What is unreadable counts as the strictest.
    [Decision::Allow, Decision::Ask]
        .into_iter()
        .find(|decision| decision.as_str() == word)
        .unwrap_or(Decision::Block)
}

#[cfg(test)]
mod tests;
