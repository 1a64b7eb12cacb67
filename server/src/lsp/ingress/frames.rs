//! Frames and messages, read so that a malformed one is answered and survived.

use std::fmt::Display;

use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt};
use tower_lsp::jsonrpc::{Error, Id, Request, Response};

/// The longest message that is taken in, in bytes.
const LONGEST_MESSAGE: usize = 32 * 1024 * 1024;

/// A length beyond this is taken for a mistake in the header, not for a message to be skipped.
const LONGEST_SKIP: usize = 1024 * 1024 * 1024;

/// The longest line of a header, in bytes.
const LONGEST_LINE: usize = 8 * 1024;

const LENGTH: &[u8] = b"content-length:";

/// What comes next from the client.
pub(super) enum Frame {
    Message(Message),
    Broken(Broken),
    /// The client is gone; `whole` when it left between two messages.
    End {
        whole: bool,
    },
}

/// A message as the service takes it.
pub(super) enum Message {
    Call(Request),
    Reply(Response),
}

/// What could not be taken in.
#[derive(Debug)]
pub(super) struct Broken {
    code: i64,
    id: Value,
    pub(super) reason: String,
}

impl Broken {
    fn unreadable(reason: impl Display) -> Self {
        Self { code: -32700, id: Value::Null, reason: reason.to_string() }
    }

    fn invalid(id: Value, reason: impl Display) -> Self {
        Self { code: -32600, id, reason: reason.to_string() }
    }

    /// The answer to it.
    pub(super) fn answer(&self) -> Value {
        json!({ "jsonrpc": "2.0", "id": self.id, "error": { "code": self.code, "message": self.reason } })
    }
}

/// The frames of a stream.
pub(super) struct Frames<R> {
    source: R,
    buffer: Vec<u8>,
    /// Bytes of the buffer that are used up.
    used: usize,
    /// The stream makes no sense here, and that has been said: skip to the next header.
    lost: bool,
}

/// A header section, read.
enum Header {
    Length(usize),
    Broken(Broken),
    End { whole: bool },
}

impl<R: AsyncRead + Unpin> Frames<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, buffer: Vec::new(), used: 0, lost: false }
    }

    pub(super) async fn next(&mut self) -> Frame {
        let length = match self.header().await {
            Header::Length(length) => length,
            Header::Broken(broken) => return Frame::Broken(broken),
            Header::End { whole } => return Frame::End { whole },
        };
        if length > LONGEST_MESSAGE {
            if !self.skip(length).await {
                return Frame::End { whole: false };
            }
            let reason = format!("the message has {length} bytes; the limit is {LONGEST_MESSAGE}");
            return Frame::Broken(Broken::invalid(Value::Null, reason));
        }
        while self.rest().len() < length {
            if !self.fill().await {
                return Frame::End { whole: false };
            }
        }
        let body: Vec<u8> = self.rest().iter().copied().take(length).collect();
        self.used += length;
        match serde_json::from_slice(&body) {
            Ok(value) => match message(value) {
                Ok(message) => Frame::Message(message),
                Err(broken) => Frame::Broken(broken),
            },
            Err(error) => {
                self.recover(&body);
                Frame::Broken(Broken::unreadable(format!("the message is not JSON: {error}")))
            }
        }
    }

    /// Reads up to the blank line that ends a header.
    async fn header(&mut self) -> Header {
        let mut length = None;
        let mut begun = false;
        loop {
            let Some(line) = self.line().await else {
                return Header::End { whole: !begun && self.rest().is_empty() };
            };
            let line = line.trim_ascii_end();
            if line.is_empty() {
                match length {
                    Some(Ok(length)) => {
                        self.lost = false;
                        return Header::Length(length);
                    }
                    Some(Err(reason)) => return self.stray(reason),
                    None if begun && !self.lost => {
                        return self.stray("the header has no `Content-Length`".to_owned());
                    }
                    None => continue,
                }
            }
            begun = true;
            match last_length(line) {
                Some((0, given)) => length = Some(parse_length(given)),
                Some((_, given)) => {
                    // What stands before is the rest of a message whose length was wrong.
                    length = Some(parse_length(given));
                    if !self.lost {
                        self.put_back(given);
                        return self.stray("this is not a header; looking for the next one".to_owned());
                    }
                }
                None if self.lost || is_header(line) => (),
                None => return self.stray("this is not a header; looking for the next one".to_owned()),
            }
        }
    }

    /// Says once that the stream makes no sense here.
    fn stray(&mut self, reason: String) -> Header {
        self.lost = true;
        Header::Broken(Broken::unreadable(reason))
    }

    /// Puts a header back that was found at the end of a line.
    fn put_back(&mut self, given: &[u8]) {
        let mut header = LENGTH.to_vec();
        header.extend_from_slice(given);
        header.extend_from_slice(b"\r\n");
        header.extend_from_slice(self.rest());
        self.buffer = header;
        self.used = 0;
    }

    /// A body that is no JSON may have been given too great a length, and may hold the next frame.
    /// A line break is never raw inside a JSON string, so no text of a message can pass for a header.
    fn recover(&mut self, body: &[u8]) {
        let Some(at) = next_header(body) else { return };
        let mut buffer = body.get(at..).unwrap_or_default().to_vec();
        buffer.extend_from_slice(self.rest());
        self.buffer = buffer;
        self.used = 0;
    }

    /// The next line, or a stretch of an endless one; `None` at the end of the stream.
    async fn line(&mut self) -> Option<Vec<u8>> {
        let mut seen = 0;
        loop {
            let rest = self.rest();
            let end = rest.iter().skip(seen).position(|byte| *byte == b'\n').map(|at| seen + at + 1);
            if let Some(end) = end.or_else(|| (rest.len() > LONGEST_LINE).then(|| rest.len() - 64)) {
                let line = rest.iter().copied().take(end).collect();
                self.used += end;
                return Some(line);
            }
            seen = rest.len();
            if !self.fill().await {
                return None;
            }
        }
    }

    async fn skip(&mut self, mut count: usize) -> bool {
        loop {
            let here = self.rest().len().min(count);
            self.used += here;
            count -= here;
            if count == 0 {
                return true;
            }
            if !self.fill().await {
                return false;
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.used..).unwrap_or_default()
    }

    /// Reads more; false at the end of the stream, and when it fails.
    async fn fill(&mut self) -> bool {
        if self.used > 0 {
            self.buffer.drain(..self.used.min(self.buffer.len()));
            self.used = 0;
        }
        if self.buffer.is_empty() {
            // What one great message took is given back.
            self.buffer.shrink_to(64 * 1024);
        }
        self.buffer.reserve(16 * 1024);
        match self.source.read_buf(&mut self.buffer).await {
            Ok(count) => count > 0,
            Err(error) => {
                tracing::warn!(%error, "the client cannot be read");
                false
            }
        }
    }
}

/// The last `Content-Length:` of a line: where it stands, and what follows.
fn last_length(line: &[u8]) -> Option<(usize, &[u8])> {
    let at = line.windows(LENGTH.len()).rposition(|window| window.eq_ignore_ascii_case(LENGTH))?;
    Some((at, line.get(at + LENGTH.len()..)?))
}

fn parse_length(given: &[u8]) -> Result<usize, String> {
    let given = String::from_utf8_lossy(given);
    match given.trim().parse::<usize>() {
        Ok(length) if length <= LONGEST_SKIP => Ok(length),
        _ => {
            Err(format!("`Content-Length` is `{}`, which is no length of a message", shortened(given.trim())))
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).take(40).collect()
}

fn is_header(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    name.len() < line.len()
        && !name.is_empty()
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte))
}

/// Where the next header stands in a body that is no JSON.
fn next_header(body: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = body.get(from..)?;
        let at = from + rest.windows(LENGTH.len()).position(|window| window.eq_ignore_ascii_case(LENGTH))?;
        let after = body.get(at + LENGTH.len()..)?;
        let line = after.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if line.ends_with(b"\r") && parse_length(line).is_ok() {
            return Some(at);
        }
        from = at + LENGTH.len();
    }
}

/// What a JSON value says as a message of JSON-RPC 2.0.
fn message(value: Value) -> Result<Message, Broken> {
    let mut fields = match value {
        Value::Object(fields) => fields,
        Value::Array(_) => {
            return Err(Broken::invalid(Value::Null, "batches are not taken: send one message a frame"));
        }
        _ => return Err(Broken::invalid(Value::Null, "a message is a JSON object")),
    };
    let given = fields.remove("id");
    let id = match &given {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(Id::String(text.clone()))),
        Some(Value::Number(number)) => number.as_i64().map(|number| Some(Id::Number(number))).ok_or(()),
        Some(_) => Err(()),
    };
    let known = if id.is_ok() { given.unwrap_or_default() } else { Value::Null };
    if fields.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(Broken::invalid(known, "`jsonrpc` is missing or not \"2.0\""));
    }
    let Ok(id) = id else {
        return Err(Broken::invalid(known, "`id` is neither a string nor an integer"));
    };
    match fields.remove("method") {
        Some(Value::String(method)) => {
            let mut call = Request::build(method);
            match fields.remove("params") {
                None | Some(Value::Null) => (),
                Some(params @ (Value::Object(_) | Value::Array(_))) => call = call.params(params),
                Some(_) => return Err(Broken::invalid(known, "`params` is neither an object nor an array")),
            }
            if let Some(id) = id {
                call = call.id(id);
            }
            Ok(Message::Call(call.finish()))
        }
        Some(_) => Err(Broken::invalid(known, "`method` is not a string")),
        None => reply(id, fields.remove("result"), fields.remove("error"))
            .ok_or_else(|| Broken::invalid(known, "`method` is missing")),
    }
}

fn reply(id: Option<Id>, result: Option<Value>, error: Option<Value>) -> Option<Message> {
    let body = match (result, error) {
        (_, Some(error)) if !error.is_null() => Err(told(&error)),
        (Some(result), _) => Ok(result),
        _ => return None,
    };
    Some(Message::Reply(Response::from_parts(id?, body)))
}

/// The error of a client, however loosely it is written.
fn told(error: &Value) -> Error {
    let mut known = Error::internal_error();
    if let Some(code) = error.get("code").and_then(Value::as_i64) {
        known.code = code.into();
    }
    if let Some(message) = error.get("message").and_then(Value::as_str) {
        known.message = message.to_owned().into();
    }
    known
}
