//! Rows whose label contradicts the design, each with our expectation and a reason.
//!
//! A row is known by its suite and the SHA-256 of its command, so that nothing of the text of
//! others is kept here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::Failure;

/// The list that is part of the project.
pub const CHECKED_IN: &str = include_str!("../../corpora/adjudicated.jsonl");

/// What we expect of a row instead.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The suite.
    pub suite: String,
    /// The hash of the row, as [`hash`] makes it.
    pub sha256: String,
    /// `allow`, `ask`, `block`, `not-block`, `not-allow`, or `none` when the row says nothing to us.
    pub expect: String,
    /// Why the label is not ours.
    pub reason: String,
}

/// The list, by suite and hash.
#[derive(Clone, Debug, Default)]
pub struct Adjudicated(BTreeMap<(String, String), Entry>);

impl Adjudicated {
    /// Reads a list, one JSON object a line.
    ///
    /// # Errors
    /// When a line is malformed, has no reason or names a row twice.
    pub fn read(text: &str) -> Result<Self, Failure> {
        let mut entries = BTreeMap::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let complain = |what: String| format!("adjudicated rows, line {}: {what}", number + 1);
            let entry: Entry = serde_json::from_str(line).map_err(|error| complain(error.to_string()))?;
            if entry.reason.trim().is_empty() {
                return Err(complain("no reason".to_owned()).into());
            }
            let key = (entry.suite.clone(), entry.sha256.clone());
            if entries.insert(key, entry).is_some() {
                return Err(complain("this row is listed twice".to_owned()).into());
            }
        }
        Ok(Self(entries))
    }

    /// What is said of a row.
    #[must_use]
    pub fn of(&self, suite: &str, sha256: &str) -> Option<&Entry> {
        self.0.get(&(suite.to_owned(), sha256.to_owned()))
    }
}

/// The hash of a row: of its command, or of the tool's name and its arguments with sorted keys.
#[must_use]
pub fn hash(row: &Value) -> String {
    let text = match row.get("command").and_then(Value::as_str) {
        Some(command) => command.to_owned(),
        None => {
            let mut text = row.get("tool").and_then(Value::as_str).unwrap_or_default().to_owned();
            text.push('\n');
            sorted(row.get("arguments").unwrap_or(&Value::Null), &mut text);
            text
        }
    };
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn sorted(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<&String, &Value> = fields.iter().collect();
            out.push('{');
            for (name, value) in fields {
                let _ = write!(out, "{}:", Value::String(name.clone()));
                sorted(value, out);
                out.push(',');
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for item in items {
                sorted(item, out);
                out.push(',');
            }
            out.push(']');
        }
        plain => {
            let _ = write!(out, "{plain}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_that_is_checked_in_reads_and_says_only_what_is_known() {
        let list = Adjudicated::read(CHECKED_IN).unwrap();
        for entry in list.0.values() {
            let known = ["allow", "ask", "block", "not-block", "not-allow", "none"];
            assert!(known.contains(&entry.expect.as_str()), "{entry:?}");
            assert_eq!(entry.sha256.len(), 64, "{entry:?}");
        }
    }

    #[test]
    fn a_row_without_reason_or_listed_twice_is_refused() {
        let row =
            |reason: &str| format!(r#"{{"suite":"s","sha256":"00","expect":"ask","reason":"{reason}"}}"#);
        assert!(Adjudicated::read(&row("")).is_err());
        assert!(Adjudicated::read(&format!("{}\n{}", row("a"), row("b"))).is_err());
    }

    #[test]
    fn the_hash_of_a_tool_call_does_not_hang_on_the_order_of_its_arguments() {
        let one: Value = serde_json::from_str(r#"{"tool":"t","arguments":{"a":1,"b":[2]}}"#).unwrap();
        let other: Value = serde_json::from_str(r#"{"arguments":{"b":[2],"a":1},"tool":"t"}"#).unwrap();
        assert_eq!(hash(&one), hash(&other));
    }
}
