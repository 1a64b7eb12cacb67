//! What other processes wrote about a session.

use std::path::PathBuf;

use banksman_protocol::{Decision, Mode, Origin, Verdict};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Ledger, LedgerError, decision_of, mode_of};

/// How far a session has been read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    prompts: i64,
    contents: i64,
    actions: i64,
    outcomes: i64,
    answers: i64,
    /// The rows of this process are known and passed over.
    own_known: bool,
}

/// What was written about a session since it was last read.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// Workspace and directory, when the session is known at all.
    pub place: Option<(PathBuf, PathBuf)>,
    /// The mode that was set for the session.
    pub mode: Option<Mode>,
    /// What the user said, in order.
    pub prompts: Vec<Heard>,
    /// What the agent read, in order.
    pub contents: Vec<Read>,
    /// What was reviewed, in order.
    pub reviews: Vec<Reviewed>,
    /// What became of calls, in order.
    pub outcomes: Vec<(String, bool)>,
    /// When a person last answered, in microseconds since 1970.
    pub answered: i64,
}

/// What the user said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// The words, redacted.
    pub text: String,
}

/// What is kept of a text that the agent read.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// Where the text comes from.
    pub origin: Origin,
    /// How strongly it tries to instruct the agent.
    pub score: f64,
    /// What it mentions, as the guard wrote it down.
    pub mentions: String,
    /// The passages that try to instruct.
    pub passages: String,
}

/// What is kept of a review for the sessions of other processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// The agent's own name for the call.
    pub call: Option<String>,
    /// What was decided.
    pub decision: Decision,
    /// What the action leaves in the trail, as JSON.
    pub leaves: Option<String>,
}

impl Ledger {
    /// What was written about a session beyond `marks`, which move on.
    ///
    /// # Errors
    /// When SQLite says no or a row is unreadable.
    pub fn news(&self, session: &str, marks: &mut Marks) -> Result<News, LedgerError> {
        let connection = self.connection();
        let mut news = News::default();
        place(&connection, session, &mut news)?;
        let writer = if marks.own_known { self.writer } else { 0 };
        let unread = Unread { connection: &connection, session, writer };
        unread.rows(
            "SELECT id, at, text FROM prompts WHERE session = ?1 AND id > ?2 AND writer <> ?3 ORDER BY id",
            &mut marks.prompts,
            |row| {
                news.prompts.push(Heard { at: row.get(1)?, text: row.get(2)? });
                Ok(())
            },
        )?;
        unread.rows(
            "SELECT id, origin, score, mentions, passages
             FROM contents WHERE session = ?1 AND id > ?2 AND writer <> ?3 ORDER BY id",
            &mut marks.contents,
            |row| {
                let origin: String = row.get(1)?;
                news.contents.push(Read {
                    origin: serde_json::from_str(&origin)?,
                    score: row.get(2)?,
                    mentions: row.get(3)?,
                    passages: row.get(4)?,
                });
                Ok(())
            },
        )?;
        unread.rows(
            "SELECT actions.id, actions.at, actions.call, verdicts.decision, actions.leaves
             FROM actions JOIN verdicts ON verdicts.action = actions.id
             WHERE actions.session = ?1 AND actions.id > ?2 AND actions.writer <> ?3 ORDER BY actions.id",
            &mut marks.actions,
            |row| {
                let decision: String = row.get(3)?;
                news.reviews.push(Reviewed {
                    at: row.get(1)?,
                    call: row.get(2)?,
                    decision: decision_of(&decision),
                    leaves: row.get(4)?,
                });
                Ok(())
            },
        )?;
        unread.rows(
            "SELECT id, call, ok FROM outcomes WHERE session = ?1 AND id > ?2 AND writer <> ?3 ORDER BY id",
            &mut marks.outcomes,
            |row| {
                news.outcomes.push((row.get(1)?, row.get(2)?));
                Ok(())
            },
        )?;
        unread.rows(
            "SELECT id, at FROM answers WHERE session = ?1 AND id > ?2 AND writer <> ?3 ORDER BY id",
            &mut marks.answers,
            |row| {
                news.answered = news.answered.max(row.get(1)?);
                Ok(())
            },
        )?;
        marks.own_known = true;
        Ok(news)
    }

    /// The latest verdicts of a session, newest last.
    ///
    /// # Errors
    /// When SQLite says no or a row is unreadable.
    pub fn recent(&self, session: &str, count: usize) -> Result<Vec<Verdict>, LedgerError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT verdicts.body FROM actions JOIN verdicts ON verdicts.action = actions.id
             WHERE actions.session = ?1 ORDER BY actions.id DESC LIMIT ?2",
        )?;
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let bodies = statement.query_map(params![session, count], |row| row.get::<_, String>(0))?;
        let mut recent = Vec::new();
        for body in bodies {
            recent.push(serde_json::from_str(&body?)?);
        }
        recent.reverse();
        Ok(recent)
    }
}

fn place(connection: &Connection, session: &str, news: &mut News) -> Result<(), LedgerError> {
    let found: Option<(String, String, Option<String>)> = connection
        .prepare_cached("SELECT workspace, cwd, mode FROM sessions WHERE name = ?1")?
        .query_row(params![session], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    if let Some((workspace, cwd, mode)) = found {
        news.place = Some((workspace.into(), cwd.into()));
        news.mode = mode.as_deref().and_then(mode_of);
    }
    Ok(())
}

/// What others wrote about a session and this process has not read.
struct Unread<'l> {
    connection: &'l Connection,
    session: &'l str,
    /// Whose rows are passed over.
    writer: i64,
}

impl Unread<'_> {
    /// Takes every row whose number, in the first column, lies beyond `mark`, which moves on.
    fn rows(
        &self,
        question: &str,
        mark: &mut i64,
        mut take: impl FnMut(&Row<'_>) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let mut statement = self.connection.prepare_cached(question)?;
        let mut rows = statement.query(params![self.session, *mark, self.writer])?;
        while let Some(row) = rows.next()? {
            *mark = row.get(0)?;
            take(row)?;
        }
        Ok(())
    }
}
