//! A gate that is a program text of Banksman's own, for clients that load plugins.

use super::{Client, Found, SetupError};

/// The line that names the program, up to its value.
const LINE: &str = "const PROGRAM = ";
/// How the text begins, so that it is known again.
const HEAD: &str = "// Banksman's gate in ";

/// The text for this program.
pub(super) fn installed(text: &str, template: &str, program: &str) -> Result<String, SetupError> {
    if !text.trim().is_empty() && !text.starts_with(HEAD) {
        return Err(SetupError::Foreign);
    }
    Ok(written(template, program))
}

/// Nothing, where the text is Banksman's own.
pub(super) fn uninstalled(text: &str) -> String {
    if text.starts_with(HEAD) { String::new() } else { text.to_owned() }
}

/// The hooks that the text makes. A text that is not just as it was written gates nobody knows what.
pub(super) fn found(text: &str, template: &str, client: &Client) -> Result<Vec<Found>, SetupError> {
    if !text.starts_with(HEAD) {
        return Ok(Vec::new());
    }
    let program = text.lines().find_map(|line| line.strip_prefix(LINE));
    let program: Option<String> = program.and_then(|value| serde_json::from_str(value).ok());
    let program = program.filter(|program| written(template, program) == text).ok_or(SetupError::Altered)?;
    let words = vec![program, "hook".to_owned(), client.name.to_owned()];
    let hook = |event: &&str| Found {
        event: (*event).to_owned(),
        words: words.clone(),
        everything: true,
        patience: None,
        position: (0, 0),
    };
    Ok(client.events.iter().map(hook).collect())
}

fn written(template: &str, program: &str) -> String {
    let line = |line: &str| match line.strip_prefix(LINE) {
        Some(_) => format!("{LINE}{}\n", serde_json::Value::from(program)),
        None => format!("{line}\n"),
    };
    template.lines().map(line).collect()
}
