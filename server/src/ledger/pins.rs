//! What servers said of their tools when they were first seen.

use std::collections::BTreeMap;

use rusqlite::params;

use super::{Ledger, LedgerError, now};

impl Ledger {
    /// The tools of a server that were seen before, each with the digest of what was said of it.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn pins(&self, server: &str) -> Result<BTreeMap<String, String>, LedgerError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT tool, digest FROM pins WHERE server = ?1")?;
        let rows = statement.query_map(params![server], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes down what is said of a tool, in the place of what was said before.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn pin(&self, server: &str, tool: &str, digest: &str) -> Result<(), LedgerError> {
        self.connection()
            .prepare_cached("INSERT OR REPLACE INTO pins (server, tool, digest, at) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![server, tool, digest, now()])?;
        Ok(())
    }

    /// Forgets what a server said of its tools. Gives how many there were.
    ///
    /// # Errors
    /// When SQLite says no.
    pub fn unpin(&self, server: &str) -> Result<usize, LedgerError> {
        let count = self
            .connection()
            .prepare_cached("DELETE FROM pins WHERE server = ?1")?
            .execute(params![server])?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_of_a_tool_is_kept_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite3");
        let ledger = Ledger::open(&path).unwrap();
        ledger.pin("server", "a", "1").unwrap();
        ledger.pin("server", "a", "2").unwrap();
        ledger.pin("other", "a", "3").unwrap();
        drop(ledger);
        let ledger = Ledger::open(&path).unwrap();
        assert_eq!(ledger.pins("server").unwrap(), BTreeMap::from([("a".to_owned(), "2".to_owned())]));
        assert_eq!(ledger.unpin("server").unwrap(), 1);
        assert!(ledger.pins("server").unwrap().is_empty());
        assert_eq!(ledger.pins("other").unwrap().len(), 1);
    }
}
