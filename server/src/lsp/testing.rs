//! A client for the tests, and transcripts: conversations that read as they happen.
//!
//! ```text
//! → {"id":1,"method":"shutdown"}     the client says (`jsonrpc` is added)
//! ⇒ Content-Length: x\r\n\r\n        the client sends these very bytes
//! ← {"id":1,"result":null}           the server says, among other things; "…" stands for anything
//! ✂                                  the client closes its side
//! = 0                                the server has ended with this exit code
//! ```

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Nothing in a test takes this long.
const LONG: Duration = Duration::from_secs(20);

pub(super) struct Client {
    write: Option<DuplexStream>,
    incoming: mpsc::UnboundedReceiver<Value>,
    /// What the server said and no test has looked at.
    heard: Vec<Value>,
    server: Option<JoinHandle<i32>>,
}

impl Client {
    /// A client of the server that `start` starts.
    pub(super) fn of<F>(start: impl FnOnce(DuplexStream, DuplexStream) -> F) -> Self
    where
        F: Future<Output = i32> + Send + 'static,
    {
        let (write, server_read) = tokio::io::duplex(64 * 1024);
        let (server_write, read) = tokio::io::duplex(64 * 1024);
        let (sender, incoming) = mpsc::unbounded_channel();
        tokio::spawn(listen(read, sender));
        let server = tokio::spawn(start(server_read, server_write));
        Self { write: Some(write), incoming, heard: Vec::new(), server: Some(server) }
    }

    pub(super) async fn raw(&mut self, bytes: &[u8]) {
        self.write.as_mut().expect("the client has closed its side").write_all(bytes).await.unwrap();
    }

    pub(super) async fn send(&mut self, mut message: Value) {
        message.as_object_mut().unwrap().insert("jsonrpc".to_owned(), json!("2.0"));
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
    }

    /// The first message that matches, now or later.
    pub(super) async fn expect(&mut self, pattern: &Value) -> Value {
        if let Some(at) = self.heard.iter().position(|message| matches(pattern, message)) {
            return self.heard.remove(at);
        }
        loop {
            match tokio::time::timeout(LONG, self.incoming.recv()).await {
                Ok(Some(message)) if matches(pattern, &message) => return message,
                Ok(Some(message)) => self.heard.push(message),
                Ok(None) => panic!("the server ended without saying {pattern}\nit said {:#?}", self.heard),
                Err(_) => panic!("the server did not say {pattern}\nit said {:#?}", self.heard),
            }
        }
    }

    pub(super) async fn answer(&mut self, id: i64) -> Value {
        self.expect(&json!({ "id": id })).await
    }

    /// Everything that was said and that no test has looked at.
    pub(super) fn heard(&mut self) -> &[Value] {
        while let Ok(message) = self.incoming.try_recv() {
            self.heard.push(message);
        }
        &self.heard
    }

    pub(super) fn close(&mut self) {
        self.write = None;
    }

    pub(super) async fn exit_code(&mut self) -> i32 {
        let server = self.server.take().expect("the server has ended before");
        tokio::time::timeout(LONG, server).await.expect("the server does not end").unwrap()
    }

    pub(super) async fn initialize(&mut self, params: Value) -> Value {
        self.send(json!({ "id": "initialize", "method": "initialize", "params": params })).await;
        let answer = self.expect(&json!({ "id": "initialize" })).await;
        self.send(json!({ "method": "initialized", "params": {} })).await;
        answer
    }

    /// Plays a transcript.
    pub(super) async fn play(&mut self, transcript: &str) {
        for line in transcript.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (sign, rest) = line.split_at(line.chars().next().unwrap().len_utf8());
            let rest = rest.trim();
            let value = || serde_json::from_str(rest).unwrap_or_else(|error| panic!("{line}: {error}"));
            match sign {
                "→" => self.send(value()).await,
                "⇒" => self.raw(rest.replace("\\r", "\r").replace("\\n", "\n").as_bytes()).await,
                "←" => drop(self.expect(&value()).await),
                "✂" => self.close(),
                "=" => assert_eq!(self.exit_code().await.to_string(), rest),
                _ => panic!("no line of a transcript: {line}"),
            }
        }
    }
}

async fn listen(read: DuplexStream, sender: mpsc::UnboundedSender<Value>) {
    let mut read = BufReader::new(read);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if read.read_line(&mut line).await.unwrap_or_default() == 0 {
                return;
            }
            match line.trim().strip_prefix("Content-Length:") {
                Some(given) => length = given.trim().parse().unwrap(),
                None if line.trim().is_empty() => break,
                None => (),
            }
        }
        let mut body = vec![0; length];
        if read.read_exact(&mut body).await.is_err() {
            return;
        }
        let _ = sender.send(serde_json::from_slice(&body).unwrap());
    }
}

/// An object matches when all that the pattern names is there; "…" matches anything.
fn matches(pattern: &Value, found: &Value) -> bool {
    match (pattern, found) {
        (Value::String(any), _) if any == "…" => true,
        (Value::String(part), Value::String(whole)) if part.contains('…') => {
            let mut rest = whole.as_str();
            part.split('…').all(|part| match rest.split_once(part) {
                Some((_, after)) => {
                    rest = after;
                    true
                }
                None => part.is_empty(),
            })
        }
        (Value::Object(pattern), Value::Object(found)) => {
            pattern.iter().all(|(key, value)| found.get(key).is_some_and(|found| matches(value, found)))
        }
        (Value::Array(pattern), Value::Array(found)) => {
            pattern.len() == found.len()
                && pattern.iter().zip(found).all(|(pattern, found)| matches(pattern, found))
        }
        _ => pattern == found,
    }
}
