//! `banksman.md` is read and kept: its examples are real messages, and it cannot drift from the types.

#![expect(clippy::disallowed_methods, reason = "the test reads the document and the sources")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use banksman_protocol as protocol;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

#[test]
fn every_example_is_a_real_message() {
    let document = document();
    let examples = examples(&document);
    assert!(examples.len() >= 25, "only {} examples were found", examples.len());
    for (line, kind, text) in examples {
        if let Err(error) = round_trip(kind, text) {
            panic!("banksman.md:{line}: this is no `{kind}`: {error}\n{text}");
        }
    }
}

#[test]
fn every_message_is_described() {
    let document = document();
    let source = std::fs::read_to_string(root().join("src/method.rs")).unwrap();
    for method in source.split('"').filter(|part| part.starts_with("banksman/")) {
        assert!(document.contains(&format!("### `{method}`")), "banksman.md has no heading for `{method}`");
    }
}

#[test]
fn the_document_was_read_after_the_types_last_changed() {
    let wanted = format!("<!-- types: {} -->", hash_of_sources());
    let document = document();
    assert_eq!(
        document.lines().next(),
        Some(wanted.as_str()),
        "protocol/src has changed. Read banksman.md again, correct what is no longer so, and only then replace its first line by the one expected here."
    );
}

fn round_trip(kind: &str, text: &str) -> Result<(), String> {
    match kind {
        "Action" => same::<protocol::Action>(text),
        "AskParams" => same::<protocol::AskParams>(text),
        "AskResult" => same::<protocol::AskResult>(text),
        "ClientCapability" => same::<protocol::ClientCapability>(text),
        "ContentParams" => same::<protocol::ContentParams>(text),
        "ExplainParams" => same::<protocol::ExplainParams>(text),
        "Explanation" => same::<protocol::Explanation>(text),
        "InitializationOptions" => same::<protocol::InitializationOptions>(text),
        "Mode" => same::<protocol::Mode>(text),
        "OutcomeParams" => same::<protocol::OutcomeParams>(text),
        "PromptParams" => same::<protocol::PromptParams>(text),
        "ReplayAnswer" => same::<protocol::ReplayAnswer>(text),
        "ReplayEvent" => same::<protocol::ReplayEvent>(text),
        "Resolution" => same::<protocol::Resolution>(text),
        "ResolveParams" => same::<protocol::ResolveParams>(text),
        "ReviewParams" => same::<protocol::ReviewParams>(text),
        "ServerCapability" => same::<protocol::ServerCapability>(text),
        "SessionEndParams" => same::<protocol::SessionEndParams>(text),
        "SessionParams" => same::<protocol::SessionParams>(text),
        "SessionState" => same::<protocol::SessionState>(text),
        "SetModeParams" => same::<protocol::SetModeParams>(text),
        "Verdict" => same::<protocol::Verdict>(text),
        "VerdictParams" => same::<protocol::VerdictParams>(text),
        _ => Err("the test does not know this type".to_owned()),
    }
}

/// Reads as `T` and writes the same JSON again.
fn same<T: DeserializeOwned + Serialize>(text: &str) -> Result<(), String> {
    let given: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let read: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let written = serde_json::to_value(read).map_err(|error| error.to_string())?;
    if given == written { Ok(()) } else { Err(format!("it is written as {written}")) }
}

/// The fenced blocks that carry a type: line, type, text.
fn examples(document: &str) -> Vec<(usize, &str, &str)> {
    let mut found = Vec::new();
    let mut rest = document;
    while let Some((before, after)) = rest.split_once("```json ") {
        let _ = before;
        let (kind, body) = after.split_once('\n').unwrap();
        let (text, tail) = body.split_once("```").unwrap();
        let line = document.get(..document.len() - body.len()).unwrap().lines().count();
        found.push((line, kind.trim(), text));
        rest = tail;
    }
    found
}

fn hash_of_sources() -> String {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root().join("src")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(std::fs::read_to_string(file).unwrap().replace("\r\n", "\n"));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn document() -> String {
    std::fs::read_to_string(root().join("banksman.md")).unwrap().replace("\r\n", "\n")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
