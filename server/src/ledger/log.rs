//! The record, read back for people.

use banksman_protocol::{Action, Decision, Verdict};
use rusqlite::{Row, ToSql, params, params_from_iter};

use super::{Ledger, LedgerError};

/// What to look for. The default is the latest hundred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Only of this session.
    pub session: Option<String>,
    /// Only with this decision.
    pub decision: Option<Decision>,
    /// Only where this rule counted.
    pub rule: Option<String>,
    /// Only from this time on, in microseconds since 1970.
    pub since: Option<i64>,
    /// At most this many, the latest.
    pub limit: usize,
}

impl Default for Filter {
    fn default() -> Self {
        Self { session: None, decision: None, rule: None, since: None, limit: 100 }
    }
}

/// One reviewed action.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// The agent conversation.
    pub session: String,
    /// The workspace folder.
    pub workspace: String,
    /// The agent's own name for the call.
    pub call: Option<String>,
    /// The action, redacted.
    pub action: Action,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether it was carried out, when that was told.
    pub outcome: Option<bool>,
}

const COLUMNS: &str =
    "SELECT actions.at, actions.session, actions.workspace, actions.call, actions.body, verdicts.body,
        (SELECT ok FROM outcomes WHERE outcomes.session = actions.session AND outcomes.call = actions.call
         ORDER BY outcomes.id DESC LIMIT 1)
     FROM actions JOIN verdicts ON verdicts.action = actions.id";

impl Ledger {
    /// What was reviewed, newest last.
    ///
    /// # Errors
    /// When SQLite says no or a row is unreadable.
    pub fn log(&self, filter: &Filter) -> Result<Vec<Entry>, LedgerError> {
        let mut query = format!("{COLUMNS} WHERE 1");
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        if let Some(session) = &filter.session {
            query.push_str(" AND actions.session = ?");
            values.push(Box::new(session.clone()));
        }
        if let Some(decision) = filter.decision {
            query.push_str(" AND verdicts.decision = ?");
            values.push(Box::new(decision.as_str()));
        }
        if let Some(rule) = &filter.rule {
            query.push_str(" AND instr(verdicts.rules, ?) > 0");
            values.push(Box::new(format!(",{rule},")));
        }
        if let Some(since) = filter.since {
            query.push_str(" AND actions.at >= ?");
            values.push(Box::new(since));
        }
        query.push_str(" ORDER BY actions.id DESC LIMIT ?");
        values.push(Box::new(i64::try_from(filter.limit).unwrap_or(i64::MAX)));
        let connection = self.connection();
        let mut statement = connection.prepare(&query)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(entry(row)?);
        }
        entries.reverse();
        Ok(entries)
    }

    /// The review that gave this verdict. The beginning of its name will do when no other begins so.
    ///
    /// # Errors
    /// When SQLite says no or a row is unreadable.
    pub fn entry(&self, verdict: &str) -> Result<Option<Entry>, LedgerError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "{COLUMNS} WHERE verdicts.id >= ?1 AND verdicts.id < ?1 || char(127) ORDER BY verdicts.id <> ?1 LIMIT 2"
        ))?;
        let mut rows = statement.query(params![verdict])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let first = entry(row)?;
        let exact = first.verdict.id == verdict;
        let alone = rows.next()?.is_none();
        Ok((!verdict.is_empty() && (exact || alone)).then_some(first))
    }
}

fn entry(row: &Row<'_>) -> Result<Entry, LedgerError> {
    let action: String = row.get(4)?;
    let verdict: String = row.get(5)?;
    Ok(Entry {
        at: row.get(0)?,
        session: row.get(1)?,
        workspace: row.get(2)?,
        call: row.get(3)?,
        action: serde_json::from_str(&action)?,
        verdict: serde_json::from_str(&verdict)?,
        outcome: row.get(6)?,
    })
}
