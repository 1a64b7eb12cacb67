//! Secrets are taken out of every text before it is stored or shown.
//!
//! Pure. A cheap search for words that every secret comes with runs first; only texts that hold
//! such a word are looked at closely.

use std::borrow::Cow;

use banksman_protocol::{Action, Span};
use serde_json::{Map, Value};

mod control;
mod patterns;

pub use control::escape_controls;

/// A text without its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redacted {
    /// The text, with a word for the kind in the place of each secret.
    pub text: String,
    /// What was replaced, in bytes of the original, and the length of what stands there now.
    cuts: Vec<(Span, usize)>,
}

impl Redacted {
    /// Where a span of the original stands now. A span that touches a secret takes in its whole replacement.
    #[must_use]
    pub fn span(&self, span: Span) -> Span {
        Span::new(self.position(span.start, false), self.position(span.end, true))
    }

    fn position(&self, at: usize, end: bool) -> usize {
        let mut now = at;
        for (cut, length) in &self.cuts {
            if at <= cut.start {
                break;
            }
            let before = now - at + cut.start;
            if at < cut.end {
                return if end { before + length } else { before };
            }
            now = now + length - (cut.end - cut.start);
        }
        now
    }

    /// Something was replaced.
    #[must_use]
    pub fn changed(&self) -> bool {
        !self.cuts.is_empty()
    }
}

/// Literal secrets in a text, in order, each with what it is in words.
///
/// Placeholders, variables and words that only look like code are not secrets.
#[must_use]
pub fn secrets_in(text: &str) -> Vec<(Span, &'static str)> {
    patterns::find(text, patterns::Care::Sure)
}

/// The text with every secret replaced by a word that says what stood there.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    let found = patterns::find(text, patterns::Care::Any);
    if found.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(replace(text, &found).text) }
}

/// As [`redact`], with the means to find spans again.
#[must_use]
pub fn redact_mapped(text: &str) -> Redacted {
    replace(text, &patterns::find(text, patterns::Care::Any))
}

fn replace(text: &str, found: &[(Span, &'static str)]) -> Redacted {
    let mut out = Redacted { text: String::with_capacity(text.len()), cuts: Vec::new() };
    let mut from = 0;
    for (span, kind) in found {
        let mark = format!("\u{2039}redacted: {kind}\u{203a}");
        out.text.push_str(text.get(from..span.start).unwrap_or_default());
        out.text.push_str(&mark);
        out.cuts.push((*span, mark.len()));
        from = span.end;
    }
    out.text.push_str(text.get(from..).unwrap_or_default());
    out
}

/// The action without its secrets, and the text that its spans count in, redacted in the same way.
#[must_use]
pub fn redact_action(action: &Action) -> (Action, Redacted) {
    let plain = |text: &str| redact(text).into_owned();
    match action {
        Action::Command { command, cwd } => {
            let text = redact_mapped(command);
            (Action::Command { command: text.text.clone(), cwd: cwd.as_deref().map(plain) }, text)
        }
        Action::Edit { path, old, new } => {
            let text = redact_mapped(new);
            let old = old.as_deref().map(plain);
            (Action::Edit { path: plain(path), old, new: text.text.clone() }, text)
        }
        Action::Delete { path } => {
            let text = redact_mapped(path);
            (Action::Delete { path: text.text.clone() }, text)
        }
        Action::Read { path } => {
            let text = redact_mapped(path);
            (Action::Read { path: text.text.clone() }, text)
        }
        Action::Fetch { url, method, body } => {
            let text = redact_mapped(url);
            let body = body.as_deref().map(plain);
            (Action::Fetch { url: text.text.clone(), method: method.clone(), body }, text)
        }
        Action::Tool { server, tool, arguments, annotations, description } => {
            let compact = serde_json::to_string(arguments).unwrap_or_default();
            let text = redact_mapped(&compact);
            let arguments = serde_json::from_str(&text.text).unwrap_or_else(|_| redact_map(arguments));
            let (server, tool) = (server.clone(), tool.clone());
            let description = description.as_deref().map(plain);
            (Action::Tool { server, tool, arguments, annotations: annotations.clone(), description }, text)
        }
        Action::Delegate { prompt } => {
            let text = redact_mapped(prompt);
            (Action::Delegate { prompt: text.text.clone() }, text)
        }
    }
}

/// Every text in a JSON value without its secrets.
pub fn redact_value(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(redacted) = redact(text) {
                *text = redacted;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact_value),
        Value::Object(map) => map.values_mut().for_each(redact_value),
        _ => {}
    }
}

fn redact_map(map: &Map<String, Value>) -> Map<String, Value> {
    let mut map = map.clone();
    map.values_mut().for_each(redact_value);
    map
}

#[cfg(test)]
mod tests;
