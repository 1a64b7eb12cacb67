//! Between the lines of the proxy and the requests of HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncWriteExt as _, BufReader, DuplexStream, WriteHalf};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::events::Events;
use super::http::{Http, Session, body, kind, location, refusal, session};
use crate::gates::proxy::{Frame, LIMIT, frame, lines};

/// How many requests may be under way.
const OPEN: usize = 1024;
/// How long the server may take to take in what wants no answer.
const PROMPTNESS: Duration = Duration::from_secs(30);
/// How long what is under way is waited for when the client has gone, and the server's farewell.
const PARTING: Duration = Duration::from_millis(2_000);
const FAREWELL: Duration = Duration::from_millis(700);
/// How long it is waited before a stream that broke off is taken up again, unless the server says.
const PAUSE: Duration = Duration::from_secs(1);
/// And the shortest and the longest that a server may say.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How often that is tried in a row without a word of the server's.
const ATTEMPTS: u32 = 6;
/// The longest name of an event that is repeated to the server.
const NAME_LIMIT: usize = 4096;

/// What one end of the proxy speaks into.
struct Wire {
    http: Http,
    session: Mutex<Session>,
    /// The client's greeting, for a server that has forgotten the session.
    greeting: Mutex<Option<Frame>>,
    out: Mutex<WriteHalf<DuplexStream>>,
    /// Requests under way, and whether they are still wanted.
    open: std::sync::Mutex<BTreeMap<String, bool>>,
}

/// Speaks for the server until the client has gone. The status is that of a process.
pub(super) async fn run(http: Http, streams: DuplexStream) -> u8 {
    let (from, out) = tokio::io::split(streams);
    let wire = Arc::new(Wire {
        http,
        session: Mutex::default(),
        greeting: Mutex::default(),
        out: Mutex::new(out),
        open: std::sync::Mutex::default(),
    });
    let mut from = BufReader::with_capacity(64 * 1024, from);
    let mut work = JoinSet::new();
    let mut listening = JoinSet::new();
    while let Ok(Some(frame)) = lines::next(&mut from, LIMIT).await {
        while work.try_join_next().is_some() {}
        if frame.message().is_none() {
            continue;
        }
        match (frame.method(), frame.id()) {
            // Nothing is said to a server before it has answered the greeting.
            (Some("initialize"), Some(id)) => {
                wire.open().insert(id.to_string(), true);
                wire.request(frame).await;
            }
            (Some(_), Some(id)) if work.len() >= OPEN => {
                wire.fail(id, "too many requests are under way").await;
            }
            (Some(_), Some(id)) => {
                wire.open().insert(id.to_string(), true);
                let wire = Arc::clone(&wire);
                work.spawn(async move { wire.request(frame).await });
            }
            (method, _) => {
                let begins = method == Some("notifications/initialized");
                wire.tell(&frame).await;
                if begins {
                    listening.abort_all();
                    let wire = Arc::clone(&wire);
                    listening.spawn(async move { wire.listen().await });
                }
            }
        }
    }
    let _ = tokio::time::timeout(PARTING, async { while work.join_next().await.is_some() {} }).await;
    let session = wire.session.lock().await.clone();
    if session.id.is_some() {
        let _ = tokio::time::timeout(FAREWELL, wire.http.delete(&session)).await;
    }
    0
}

impl Wire {
    /// A request. Whatever happens, it is answered, unless it is not wanted any more.
    async fn request(&self, frame: Frame) {
        let Some(id) = frame.id().cloned() else { return };
        let done = self.ask(&frame, &id).await;
        let wanted = self.open().remove(&id.to_string()).unwrap_or_default();
        if let (Err(why), true) = (done, wanted) {
            self.fail(&id, &why).await;
        }
    }

    /// The requests under way.
    fn open(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, bool>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_wanted(&self, id: &Value) -> bool {
        self.open().get(&id.to_string()).copied().unwrap_or_default()
    }

    async fn ask(&self, frame: &Frame, id: &Value) -> Result<(), String> {
        let greets = frame.method() == Some("initialize");
        if greets {
            *self.session.lock().await = Session::default();
        }
        let mut response = self.post(frame).await?;
        let status = response.status();
        if !status.is_success() {
            let leads = location(&response);
            let body = body(response).await.unwrap_or_default();
            // An error of the protocol's own may come with the status of an error too.
            return if self.deliver(&body, Some(id)).await {
                Ok(())
            } else {
                Err(refusal(status, leads.as_ref(), &body))
            };
        }
        if greets {
            self.session.lock().await.id = session(&response);
            *self.greeting.lock().await = Some(frame.clone());
        }
        match kind(&response).as_str() {
            "text/event-stream" => {
                let mut last = None;
                let mut pause = PAUSE;
                let mut attempts = 0;
                loop {
                    let before = last.clone();
                    if self.relay(response, Some(id), &mut last, &mut pause).await {
                        return Ok(());
                    }
                    if !self.is_wanted(id) {
                        return Ok(());
                    }
                    attempts = if before == last { attempts + 1 } else { 0 };
                    // Without a name for what came last there is nothing that could be taken up.
                    let Some(known) = last.as_deref().filter(|_| attempts < ATTEMPTS) else {
                        return Err("the server ended its answer before it was complete".to_owned());
                    };
                    response = loop {
                        tokio::time::sleep(pause).await;
                        let session = self.session.lock().await.clone();
                        match self.http.get(&session, Some(known)).await {
                            Ok(again) if again.status().is_success() => break again,
                            Ok(again) if !again.status().is_server_error() => {
                                return Err(refusal(again.status(), None, &[]));
                            }
                            Ok(again) if attempts >= ATTEMPTS => {
                                return Err(refusal(again.status(), None, &[]));
                            }
                            Err(why) if attempts >= ATTEMPTS => return Err(why),
                            Ok(_) | Err(_) => attempts += 1,
                        }
                    };
                }
            }
            "application/json" => {
                let body = body(response).await?;
                let answered = self.deliver(&body, Some(id)).await;
                answered.then_some(()).ok_or_else(|| "the server answers something else".to_owned())
            }
            other => Err(format!("the server answers {status} with `{}`", other.escape_debug())),
        }
    }

    /// Sends a message; when the server has forgotten the session, in a new one.
    async fn post(&self, frame: &Frame) -> Result<Response, String> {
        let message = frame.message().ok_or("this is no message")?;
        let session = self.session.lock().await.clone();
        let response = self.http.post(&session, message, &frame.line).await?;
        if response.status() != StatusCode::NOT_FOUND || session.id.is_none() {
            return Ok(response);
        }
        let session = self.renew(&session).await?;
        self.http.post(&session, message, &frame.line).await
    }

    /// Greets again. Gives the new session.
    async fn renew(&self, lost: &Session) -> Result<Session, String> {
        let mut session_now = self.session.lock().await;
        if session_now.id != lost.id {
            return Ok(session_now.clone());
        }
        let greeting = self.greeting.lock().await.clone();
        let Some(greeting) = greeting else { return Err("the server has ended the session".to_owned()) };
        let (Some(message), Some(id)) = (greeting.message(), greeting.id()) else {
            return Err("the server has ended the session".to_owned());
        };
        tracing::info!("the server has ended the session; it is greeted again");
        let response = self.http.post(&Session::default(), message, &greeting.line).await?;
        if !response.status().is_success() {
            return Err(refusal(response.status(), None, &[]));
        }
        let mut fresh = Session { id: session(&response), version: None };
        let said = answer(response, id).await.ok_or("the server does not answer the greeting any more")?;
        fresh.version = version(&said);
        let begun = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        self.http.post(&fresh, &begun, begun.to_string().as_bytes()).await?;
        *session_now = fresh.clone();
        drop(session_now);
        // It may have come back with other tools; whoever looks at them again has them compared.
        let changed = json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" });
        self.write(&frame::line(&changed)).await;
        Ok(fresh)
    }

    /// What wants no answer: a notification, or the answer to a request of the server's. The next line
    /// waits until the server has it.
    async fn tell(&self, frame: &Frame) {
        if frame.method() == Some("notifications/cancelled")
            && let Some(id) = frame.params().get("requestId")
            && let Some(wanted) = self.open().get_mut(&id.to_string())
        {
            *wanted = false;
        }
        match tokio::time::timeout(PROMPTNESS, self.post(frame)).await {
            Ok(Ok(response)) if response.status().is_success() => {}
            Ok(Ok(response)) => {
                tracing::warn!(status = %response.status(), "the server does not take what it was told");
            }
            Ok(Err(error)) => tracing::warn!(error, "the server was not told"),
            Err(_) => tracing::warn!("the server takes too long to take what it is told"),
        }
    }

    /// What the server says by itself.
    async fn listen(&self) {
        let (mut last, mut pause, mut attempts) = (None, PAUSE, 0);
        while attempts < ATTEMPTS {
            let session = self.session.lock().await.clone();
            match self.http.get(&session, last.as_deref()).await {
                Ok(response) if response.status().is_success() && kind(&response) == "text/event-stream" => {
                    attempts = 0;
                    self.relay(response, None, &mut last, &mut pause).await;
                }
                Ok(response) if response.status() == StatusCode::NOT_FOUND && session.id.is_some() => {
                    last = None;
                    attempts += 1;
                    if let Err(error) = self.renew(&session).await {
                        tracing::warn!(error, "the server is not heard any more");
                        return;
                    }
                }
                // It says nothing by itself.
                Ok(response) if !response.status().is_server_error() => return,
                Ok(_) | Err(_) => attempts += 1,
            }
            tokio::time::sleep(pause.saturating_mul(1 << attempts.min(5))).await;
        }
        tracing::warn!("the server is not heard any more");
    }

    /// Passes events on until the stream ends, or the answer to `id` has come: true then.
    async fn relay(
        &self,
        response: Response,
        id: Option<&Value>,
        last: &mut Option<String>,
        pause: &mut Duration,
    ) -> bool {
        let mut events = Events::of(response);
        while let Some(event) = events.next().await {
            if let Some(name) = event.id.filter(|name| name.len() <= NAME_LIMIT) {
                // An empty name takes the last one back.
                *last = (!name.is_empty()).then_some(name);
            }
            if let Some(millis) = event.retry {
                *pause = Duration::from_millis(millis).clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
            }
            if !matches!(event.event.as_deref(), None | Some("" | "message")) {
                continue;
            }
            if self.deliver(event.data.unwrap_or_default().as_bytes(), id).await {
                return true;
            }
        }
        false
    }

    /// Writes what the server said. True when it answers `id`.
    async fn deliver(&self, said: &[u8], id: Option<&Value>) -> bool {
        let mut answered = false;
        for frame in messages(said) {
            if frame.message().is_none() {
                tracing::warn!("the server says what is no message");
                continue;
            }
            let answer = id.is_some_and(|id| answers(&frame, id));
            if answer && self.greeting.lock().await.as_ref().is_some_and(|greeting| greeting.id() == id) {
                self.session.lock().await.version = frame.message().and_then(version);
            }
            answered |= answer;
            self.write(&frame.line).await;
        }
        answered
    }

    /// Answers a request in the server's place: it failed, and why.
    async fn fail(&self, id: &Value, why: &str) {
        tracing::warn!(why, "a request was not answered");
        let error = json!({ "code": -32000, "message": format!("Banksman: {why}") });
        self.write(&frame::line(&json!({ "jsonrpc": "2.0", "id": id, "error": error }))).await;
    }

    async fn write(&self, line: &[u8]) {
        // When nobody reads any more, the proxy is about to end this.
        let _ = self.out.lock().await.write_all(line).await;
    }
}

/// What the server said, message by message, each in a line. Old revisions put several into one.
fn messages(said: &[u8]) -> Vec<Frame> {
    let said = said.trim_ascii();
    if said.is_empty() {
        return Vec::new();
    }
    if said.starts_with(b"[") {
        let several: Vec<Value> = serde_json::from_slice(said).unwrap_or_default();
        return several.iter().map(|message| Frame::read(frame::line(message))).collect();
    }
    // Inside of strings there are none of these.
    let mut line: Vec<u8> =
        said.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect();
    line.push(b'\n');
    vec![Frame::read(line)]
}

fn answers(frame: &Frame, id: &Value) -> bool {
    frame.method().is_none() && frame.id() == Some(id)
}

/// The revision that an answer to a greeting settles on.
fn version(message: &Value) -> Option<String> {
    Some(message.pointer("/result/protocolVersion")?.as_str()?.to_owned())
}

/// The one answer that is wanted.
async fn answer(response: Response, id: &Value) -> Option<Value> {
    let find = |frames: Vec<Frame>| {
        frames.into_iter().find(|frame| answers(frame, id)).and_then(|frame| frame.message().cloned())
    };
    if kind(&response) != "text/event-stream" {
        return find(messages(&body(response).await.ok()?));
    }
    let mut events = Events::of(response);
    while let Some(event) = events.next().await {
        if let Some(found) = find(messages(event.data.unwrap_or_default().as_bytes())) {
            return Some(found);
        }
    }
    None
}
