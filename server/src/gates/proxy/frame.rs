//! One line, and what it says.

use serde_json::{Value, json};

use super::{Out, Side};

/// One line as it came, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// As it came, with its end.
    pub line: Vec<u8>,
    /// What it says.
    pub body: Body,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// A message of JSON-RPC.
    Message(Value),
    /// Words that no reader takes for a message: a greeting, a warning, an empty line.
    Noise,
    /// It begins as a message and cannot be read as one. Other readers may be more lenient, so it
    /// is not passed on.
    Malformed(String),
    /// More bytes than are read, and how many.
    TooLong(usize),
}

impl Frame {
    /// Reads a line.
    #[must_use]
    pub fn read(line: Vec<u8>) -> Self {
        let body = read(&line);
        Self { line, body }
    }

    /// A line that was longer than is read.
    #[must_use]
    pub fn too_long(length: usize) -> Self {
        Self { line: Vec::new(), body: Body::TooLong(length) }
    }

    /// The message, when it is one.
    #[must_use]
    pub fn message(&self) -> Option<&Value> {
        match &self.body {
            Body::Message(message) => Some(message),
            _ => None,
        }
    }

    /// What is called, in a request or a notification.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        self.message()?.get("method")?.as_str()
    }

    /// The request's own name, in a request or a response. `null` is none.
    #[must_use]
    pub fn id(&self) -> Option<&Value> {
        self.message()?.get("id").filter(|id| !id.is_null())
    }

    /// What a request or notification carries.
    #[must_use]
    pub fn params(&self) -> &Value {
        self.message().and_then(|message| message.get("params")).unwrap_or(&Value::Null)
    }

    /// What a response carries, unless it is an error.
    #[must_use]
    pub fn result(&self) -> Option<&Value> {
        self.message()?.get("result")
    }

    /// Passes on exactly as it came.
    #[must_use]
    pub fn pass(&self, from: Side) -> Out {
        Out::To(from.other(), self.line.clone())
    }

    /// What is answered to a frame that no judge looks at. `None` for a message.
    #[must_use]
    pub fn unread(&self, from: Side) -> Option<Vec<Out>> {
        let (code, why) = match &self.body {
            Body::Message(_) => return None,
            Body::Noise => return Some(vec![self.pass(from)]),
            Body::Malformed(why) => {
                (-32700, format!("Banksman could not read this and did not pass it on: {why}"))
            }
            Body::TooLong(length) => {
                (-32600, format!("Banksman does not pass on a message of {length} bytes"))
            }
        };
        tracing::warn!(?from, "{why}");
        let answer = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code, "message": why } });
        Some(vec![Out::To(from, line(&answer))])
    }
}

/// A message as a line.
#[must_use]
pub fn line(message: &Value) -> Vec<u8> {
    let mut line = message.to_string().into_bytes();
    line.push(b'\n');
    line
}

fn read(line: &[u8]) -> Body {
    // Readers in JavaScript put a mark where bytes are no text, and go on.
    let text = String::from_utf8_lossy(line);
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with(['{', '[']) {
        return Body::Noise;
    }
    let value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => match serde_json::from_str(&without_halves(text)) {
            Ok(value) => value,
            Err(_) => return Body::Malformed(error.to_string()),
        },
    };
    match value {
        Value::Object(_) => Body::Message(value),
        _ => Body::Malformed("several messages in one are not understood".to_owned()),
    }
}

/// JSON text whose escapes of halves of characters are replaced: JavaScript reads them, Rust does not.
fn without_halves(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let unit = unit(escape);
        let length = match unit {
            Some(0xd800..=0xdbff) if escape.get(6..).and_then(self::unit).is_some_and(is_low) => 12,
            Some(0xd800..=0xdfff) => {
                out.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            Some(_) => 6,
            None => escape.char_indices().nth(2).map_or(escape.len(), |(at, _)| at),
        };
        let (kept, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        out.push_str(kept);
        rest = after;
    }
    out.push_str(rest);
    out
}

fn unit(escape: &str) -> Option<u32> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

fn is_low(unit: u32) -> bool {
    matches!(unit, 0xdc00..=0xdfff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(line: &str) -> Body {
        Frame::read(line.as_bytes().to_vec()).body
    }

    #[test]
    fn what_other_readers_understand_is_understood() {
        for (line, text) in [
            (r#"{"a":"\ud800"}"#, "\u{fffd}"),
            (r#"{"a":"\udc00\ud83d\ude00"}"#, "\u{fffd}\u{1f600}"),
            (r#"{"a":"\\ud800 \ud800x"}"#, "\\ud800 \u{fffd}x"),
            ("\u{feff} {\"a\":\"b\"}\r\n", "b"),
        ] {
            assert_eq!(body(line), Body::Message(json!({ "a": text })), "{line}");
        }
        assert_eq!(Frame::read(b"{\"a\":\"\xff\"}".to_vec()).body, Body::Message(json!({ "a": "\u{fffd}" })));
    }

    #[test]
    fn what_cannot_be_read_as_a_message_is_told_from_noise() {
        for line in ["", "\n", "npm warn deprecated", "\"text\"", "12"] {
            assert_eq!(body(line), Body::Noise, "{line}");
        }
        for line in ["{", "{\"a\":NaN}", "[{\"method\":\"session/prompt\"}]", "{'a':1}"] {
            assert!(matches!(body(line), Body::Malformed(_)), "{line}");
        }
        assert!(matches!(body(&"[".repeat(100_000)), Body::Malformed(_)));
    }

    #[test]
    fn what_passes_is_not_touched() {
        let line = b"{ \"id\" : 1.0, \"method\":\"x\", \"z\":1e2,\"a\":\"\\u0041\" }\r\n";
        let frame = Frame::read(line.to_vec());
        assert_eq!(frame.pass(Side::Client), Out::To(Side::Child, line.to_vec()));
    }
}
