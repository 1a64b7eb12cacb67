//! What a person decided about an action, for as long as it holds.

use std::path::Path;

use banksman_protocol::Answer;
use rusqlite::{OptionalExtension, TransactionBehavior, params};

use super::{Ledger, LedgerError, now};

/// An answer of a person that holds for later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    /// What the person decided.
    pub answer: Answer,
    /// What the person wants the agent to know.
    pub note: Option<String>,
}

impl Ledger {
    /// Writes down what a person decided about a digest. An earlier answer no longer holds.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn approve(
        &self,
        session: &str,
        workspace: &Path,
        digest: &str,
        approved: &Approved,
    ) -> Result<(), LedgerError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction
            .prepare_cached("DELETE FROM approvals WHERE digest = ?1 AND (session = ?2 OR workspace = ?3)")?
            .execute(params![digest, session, workspace.to_string_lossy()])?;
        transaction
            .prepare_cached(
                "INSERT INTO approvals (session, workspace, writer, at, digest, answer, note)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                session,
                workspace.to_string_lossy(),
                self.writer,
                now(),
                digest,
                answer_word(approved.answer),
                approved.note
            ])?;
        transaction
            .prepare_cached("INSERT INTO answers (session, writer, at) VALUES (?1, ?2, ?3)")?
            .execute(params![session, self.writer, now()])?;
        transaction.commit()?;
        Ok(())
    }

    /// What a person decided about a digest, in this session or for this workspace.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn approval(
        &self,
        session: &str,
        workspace: &Path,
        digest: &str,
    ) -> Result<Option<Approved>, LedgerError> {
        let found: Option<(String, Option<String>)> = self
            .connection()
            .prepare_cached(
                "SELECT answer, note FROM approvals
                 WHERE digest = ?1 AND (session = ?2 OR (workspace = ?3 AND answer = 'workspace'))
                   AND NOT (answer = 'no' AND EXISTS (
                       SELECT 1 FROM prompts WHERE prompts.session = ?2 AND prompts.at > approvals.at))
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(params![digest, session, workspace.to_string_lossy()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        Ok(found.and_then(|(word, note)| Some(Approved { answer: answer_of(&word)?, note })))
    }

    /// Uses up an approval for once. False when there is none, or somebody else was quicker.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn use_once(&self, session: &str, digest: &str) -> Result<bool, LedgerError> {
        let used = self
            .connection()
            .prepare_cached("DELETE FROM approvals WHERE session = ?1 AND digest = ?2 AND answer = 'once'")?
            .execute(params![session, digest])?;
        Ok(used > 0)
    }
}

fn answer_word(answer: Answer) -> &'static str {
    match answer {
        Answer::Once => "once",
        Answer::Session => "session",
        Answer::Workspace => "workspace",
        Answer::No => "no",
    }
}

fn answer_of(word: &str) -> Option<Answer> {
    [Answer::Once, Answer::Session, Answer::Workspace, Answer::No]
        .into_iter()
        .find(|answer| answer_word(*answer) == word)
}
