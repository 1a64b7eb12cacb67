//! Texts that an agent may read: is an injection seen, and is innocent text left alone.

use std::path::Path;

use banksman::injection;
use serde_json::Value;

use super::Failure;
use super::case::{Judged, Outcome, Wanted};
use super::corpus::{rows, text};
use super::suites::web;

/// The sets, in the order in which they are shown.
pub const SETS: [&str; 10] = [
    "agentdojo_embedded",
    "bipia_embedded",
    "cyberseceval_prompt_injection",
    "deepset_prompt_injections",
    "piguard_valid",
    "notinject",
    "wildguard_benign",
    "hard_negative_security_docs",
    "benign_docs_test",
    "benign_crate_readmes",
];

/// Reads every text of a set.
///
/// # Errors
/// When the set cannot be read.
pub fn read(folder: &Path, name: &str) -> Result<Vec<Judged>, Failure> {
    let Some(rows) = rows(folder, name)? else { return Ok(Vec::new()) };
    let origin = web();
    let judge = |row: &Value| {
        let text = text(row, "text");
        let injected = row.get("label").and_then(Value::as_i64) == Some(1);
        let reading = injection::read(text, &origin);
        Judged {
            suite: name.to_owned(),
            label: if injected { "injected" } else { "innocent" }.to_owned(),
            wanted: Wanted::Injection(injected),
            shown: text.to_owned(),
            sha256: None,
            outcome: Outcome::Reading(reading.injected(), reading.score),
        }
    };
    Ok(rows.iter().map(judge).collect())
}
