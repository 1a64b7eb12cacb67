//! Single requests, with the headers that the transport wants.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value;

use crate::gates::proxy::LIMIT;

const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const NAME: HeaderName = HeaderName::from_static("mcp-name");
const LAST: HeaderName = HeaderName::from_static("last-event-id");

/// From this revision on, headers repeat what a request is about.
const REPEATED: &str = "2026-07-28";
/// How many characters of a server's own words are told.
const TOLD: usize = 300;

/// What the server gave in its greeting.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Session {
    pub(super) id: Option<HeaderValue>,
    pub(super) version: Option<String>,
}

/// The way to the server.
#[derive(Debug)]
pub(super) struct Http {
    client: Client,
    address: Url,
}

impl Http {
    pub(super) fn new(client: Client, address: Url) -> Self {
        Self { client, address }
    }

    /// Sends a message.
    pub(super) async fn post(
        &self,
        session: &Session,
        message: &Value,
        line: &[u8],
    ) -> Result<Response, String> {
        let own = message.pointer("/params/_meta/io.modelcontextprotocol~1protocolVersion");
        let version = own.and_then(Value::as_str).or(session.version.as_deref());
        let mut request = self
            .client
            .post(self.address.clone())
            .header(ACCEPT, "application/json, text/event-stream")
            .header(CONTENT_TYPE, "application/json")
            .body(line.to_vec());
        if version.is_some_and(|version| version >= REPEATED) {
            request = repeat(request, message);
        }
        self.send(request, session, version).await
    }

    /// Asks for what the server says by itself, or for the rest of what it said.
    pub(super) async fn get(&self, session: &Session, last: Option<&str>) -> Result<Response, String> {
        let mut request = self.client.get(self.address.clone()).header(ACCEPT, "text/event-stream");
        if let Some(last) = last.and_then(|last| HeaderValue::from_str(last).ok()) {
            request = request.header(LAST, last);
        }
        self.send(request, session, session.version.as_deref()).await
    }

    /// Tells the server that the session is over.
    pub(super) async fn delete(&self, session: &Session) {
        let request = self.client.delete(self.address.clone());
        if let Err(error) = self.send(request, session, session.version.as_deref()).await {
            tracing::debug!(error, "the server was not told that the session is over");
        }
    }

    async fn send(
        &self,
        mut request: RequestBuilder,
        session: &Session,
        version: Option<&str>,
    ) -> Result<Response, String> {
        if let Some(id) = &session.id {
            request = request.header(SESSION, id.clone());
        }
        if let Some(version) = version.and_then(|version| HeaderValue::from_str(version).ok()) {
            request = request.header(VERSION, version);
        }
        request.send().await.map_err(|error| {
            format!("`{}` cannot be reached: {}", self.address.host_str().unwrap_or_default(), words(&error))
        })
    }
}

/// The session that an answer to a greeting names.
pub(super) fn session(response: &Response) -> Option<HeaderValue> {
    let mut id = response.headers().get(SESSION).cloned()?;
    // Whoever knows it can speak in the session.
    id.set_sensitive(true);
    Some(id)
}

/// What the body is, without its parameters.
pub(super) fn kind(response: &Response) -> String {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The whole body.
pub(super) async fn body(mut response: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| words(&error))? {
        if body.len() + chunk.len() > LIMIT {
            return Err(format!("the server answers with more than {LIMIT} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Why a status is no answer, and what helps.
pub(super) fn refusal(status: StatusCode, location: Option<&HeaderValue>, body: &[u8]) -> String {
    let help = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "; it wants to know who calls: `--header 'Authorization: Bearer ${NAME}'`"
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            "; is the address right, and does it speak Streamable HTTP?"
        }
        _ => "",
    };
    let leads = location.filter(|_| status.is_redirection()).and_then(|location| location.to_str().ok());
    let leads =
        leads.map_or(String::new(), |to| format!(", which leads to `{}` and is not followed", shown(to)));
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let said =
        said.pointer("/error/message").or_else(|| said.get("error_description")).and_then(Value::as_str);
    let said = said.map_or(String::new(), |said| format!(": `{}`", shown(said)));
    format!("the server answers {status}{leads}{said}{help}")
}

/// The place that a response leads to.
pub(super) fn location(response: &Response) -> Option<HeaderValue> {
    response.headers().get(LOCATION).cloned()
}

/// A failure in words, with what lies behind it and without the address, which may hold secrets.
pub(super) fn words(error: &reqwest::Error) -> String {
    let mut words = if error.is_connect() {
        "no connection".to_owned()
    } else if error.is_timeout() {
        "it takes too long".to_owned()
    } else {
        "the connection broke".to_owned()
    };
    let mut behind = std::error::Error::source(error);
    let mut deepest = None;
    while let Some(error) = behind {
        deepest = Some(error.to_string());
        behind = error.source();
    }
    if let Some(deepest) = deepest {
        words.push_str(&format!(" ({deepest})"));
    }
    words
}

fn shown(text: &str) -> String {
    let text = crate::redact::redact(text);
    crate::redact::escape_controls(&text).chars().take(TOLD).collect()
}

/// Says in headers what a request is about, so that those on the way need not read it.
fn repeat(request: RequestBuilder, message: &Value) -> RequestBuilder {
    let Some(method) = message.get("method").and_then(Value::as_str) else { return request };
    let key = match method {
        "tools/call" | "prompts/get" => "name",
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => "uri",
        "tasks/get" | "tasks/update" | "tasks/cancel" => "taskId",
        _ => "",
    };
    let name = message.get("params").and_then(|params| params.get(key)).and_then(Value::as_str);
    let mut request = request;
    for (header, value) in [(METHOD, Some(method)), (NAME, name)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&wrapped(value)).ok()) {
            request = request.header(header, value);
        }
    }
    request
}

/// A text as a header can carry it.
fn wrapped(text: &str) -> String {
    let plain = text.trim() == text
        && text.chars().all(|letter| matches!(letter, ' '..='~'))
        && !(text.starts_with("=?base64?") && text.ends_with("?="));
    if plain { text.to_owned() } else { format!("=?base64?{}?=", BASE64_STANDARD.encode(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_helps_and_no_secret() {
        let told = |status, location: Option<&'static str>, body: &str| {
            refusal(status, location.map(HeaderValue::from_static).as_ref(), body.as_bytes())
        };
        assert!(told(StatusCode::UNAUTHORIZED, None, "").contains("--header"));
        assert!(told(StatusCode::NOT_FOUND, None, "<html>").contains("Streamable HTTP"));
        assert!(told(StatusCode::FOUND, Some("https://other.example"), "").contains("other.example"));
        let secret = ["ghp", "_abcdefghijklmnopqrstuvwxyz0123456789"].concat();
        let said = format!(r#"{{"error":{{"message":"unknown token {secret}\u001b[2J"}}}}"#);
        let told = told(StatusCode::BAD_REQUEST, None, &said);
        assert!(
            told.contains("unknown token") && !told.contains(&secret) && !told.contains('\u{1b}'),
            "{told}"
        );
    }

    #[test]
    fn what_no_header_can_carry_is_wrapped() {
        assert_eq!(wrapped("read file"), "read file");
        assert_eq!(wrapped("größe"), "=?base64?Z3LDtsOfZQ==?=");
        assert_eq!(wrapped("=?base64?x?="), "=?base64?PT9iYXNlNjQ/eD89?=");
        assert_eq!(wrapped(" x"), "=?base64?IHg=?=");
    }
}
