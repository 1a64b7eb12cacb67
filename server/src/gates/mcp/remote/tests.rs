//! The transport against servers on this machine that answer as they are told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::{Remote, wire};

/// One request, as the server got it.
#[derive(Clone, Debug)]
struct Heard {
    method: String,
    headers: BTreeMap<String, String>,
    body: Value,
}

impl Heard {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// What is called, or the method of HTTP.
    fn call(&self) -> &str {
        self.body.get("method").and_then(Value::as_str).unwrap_or(&self.method)
    }
}

/// A server, and the transport that speaks to it.
struct Stand {
    heard: Arc<Mutex<Vec<Heard>>>,
    streams: BufReader<DuplexStream>,
    ended: JoinHandle<u8>,
}

impl Stand {
    async fn new(answer: impl Fn(&Heard) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://user:password@{}/mcp?key=quiet", listener.local_addr().unwrap());
        let heard: Arc<Mutex<Vec<Heard>>> = Arc::default();
        let (keep, answer) = (Arc::clone(&heard), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (keep, answer) = (Arc::clone(&keep), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    let request = read(&mut stream).await;
                    keep.lock().unwrap().push(request.clone());
                    let answer = answer(&request);
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    stream.shutdown().await.unwrap();
                });
            }
        });
        Self::at(&address, heard)
    }

    fn at(address: &str, heard: Arc<Mutex<Vec<Heard>>>) -> Self {
        let header = "X-Key: ${TOKEN}".to_owned();
        let remote = Remote::new(address, &[header], |_| Some("quiet".to_owned())).unwrap();
        assert!(!format!("{remote:?}").contains("quiet"));
        let (near, far) = tokio::io::duplex(64 * 1024);
        let ended = tokio::spawn(wire::run(remote.http().unwrap(), far));
        Self { heard, streams: BufReader::new(near), ended }
    }

    async fn say(&mut self, message: &Value) {
        self.streams.write_all(format!("{message}\n").as_bytes()).await.unwrap();
    }

    async fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.streams.read_line(&mut line).await.unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Greets the server and lets it know that it was heard.
    async fn greet(&mut self) {
        self.say(&greeting()).await;
        assert_eq!(self.hear().await["id"], 1);
        self.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
    }

    /// The client goes. Gives all that the server has heard.
    async fn leave(mut self) -> Vec<Heard> {
        self.streams.shutdown().await.unwrap();
        assert_eq!(self.ended.await.unwrap(), 0);
        self.heard.lock().unwrap().clone()
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Heard {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let method = head[0].split(' ').next().unwrap().to_owned();
    let headers: BTreeMap<String, String> = head[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    Heard { method, headers, body: serde_json::from_slice(&body).unwrap_or_default() }
}

fn greeting() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "protocolVersion": "2025-06-18" } })
}

fn call() -> Value {
    json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": { "name": "größe", "arguments": {} } })
}

fn reply(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n{body}")
}

fn as_json(headers: &str, body: &Value) -> String {
    // In several lines, as some servers write it.
    let headers = format!("Content-Type: application/json; charset=utf-8\r\n{headers}");
    reply("200 OK", &headers, &format!("{body:#}\r\n"))
}

fn as_events(events: &str) -> String {
    reply("200 OK", "Content-Type: text/event-stream\r\n", events)
}

fn greeted(session: &str) -> String {
    let result = json!({ "jsonrpc": "2.0", "id": 1, "result": { "protocolVersion": "2025-06-18" } });
    as_json(&format!("Mcp-Session-Id: {session}\r\n"), &result)
}

/// What every server here says, but for calls.
fn usual(heard: &Heard) -> String {
    match heard.call() {
        "initialize" => greeted("first"),
        "GET" => reply("405 Method Not Allowed", "", ""),
        _ => reply("202 Accepted", "", ""),
    }
}

fn done() -> Value {
    json!({ "jsonrpc": "2.0", "id": 2, "result": { "content": [] } })
}

#[tokio::test]
async fn a_line_is_a_request_and_its_answer_is_a_line() {
    let progress = json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": {} });
    let events = format!(
        ": hello\r\n\r\nevent: message\r\ndata: {progress}\r\n\r\nid: 1\ndata:\n\ndata: {}\n\n",
        done()
    );
    let mut stand = Stand::new(move |heard| match heard.call() {
        "tools/call" => as_events(&events),
        _ => usual(heard),
    })
    .await;
    stand.greet().await;
    stand.say(&call()).await;
    assert_eq!(stand.hear().await, progress);
    assert_eq!(stand.hear().await, done());
    let heard = stand.leave().await;
    let of = |call: &str| heard.iter().find(|heard| heard.call() == call).unwrap().clone();
    let first = of("initialize");
    assert_eq!(first.body, greeting());
    assert_eq!((first.header("mcp-session-id"), first.header("mcp-protocol-version")), ("", ""));
    assert_eq!(first.header("accept"), "application/json, text/event-stream");
    for later in ["notifications/initialized", "GET", "tools/call", "DELETE"] {
        let later = of(later);
        assert_eq!(later.header("mcp-session-id"), "first", "{later:?}");
        assert_eq!(later.header("mcp-protocol-version"), "2025-06-18", "{later:?}");
        assert_eq!(later.header("x-key"), "quiet");
        assert_eq!(later.header("authorization"), "Basic dXNlcjpwYXNzd29yZA==");
    }
}

#[tokio::test]
async fn later_revisions_are_told_in_headers_what_a_request_is_about() {
    let mut stand = Stand::new(|heard| match heard.call() {
        "tools/call" => as_json("", &done()),
        _ => usual(heard),
    })
    .await;
    let mut call = call();
    call["params"]["_meta"] = json!({ "io.modelcontextprotocol/protocolVersion": "2026-07-28" });
    stand.say(&call).await;
    assert_eq!(stand.hear().await, done());
    let heard = stand.leave().await;
    let names = ["mcp-protocol-version", "mcp-method", "mcp-name"];
    let told = names.map(|name| heard[0].header(name).to_owned());
    assert_eq!(told, ["2026-07-28", "tools/call", "=?base64?Z3LDtsOfZQ==?="]);
    assert_eq!(heard.len(), 1, "there is no session that could end");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_taken_up_where_it_was() {
    let mut stand = Stand::new(|heard| match (heard.call(), heard.header("last-event-id")) {
        ("tools/call", _) => as_events("id: seventh\nretry: 100\ndata:\n\n"),
        ("GET", "seventh") => as_events(&format!("id: eighth\ndata: {}\n\n", done())),
        _ => usual(heard),
    })
    .await;
    stand.greet().await;
    stand.say(&call()).await;
    assert_eq!(stand.hear().await, done());
    let heard = stand.leave().await;
    assert_eq!(heard.iter().filter(|heard| heard.call() == "tools/call").count(), 1, "a call is made once");
}

#[tokio::test]
async fn a_session_that_the_server_has_forgotten_is_begun_again() {
    let greetings = Mutex::new(["second", "first"].to_vec());
    let mut stand = Stand::new(move |heard| match (heard.call(), heard.header("mcp-session-id")) {
        ("initialize", "") => greeted(greetings.lock().unwrap().pop().unwrap()),
        ("tools/call", "first") => reply("404 Not Found", "", ""),
        ("tools/call", "second") => as_json("", &done()),
        _ => usual(heard),
    })
    .await;
    stand.greet().await;
    stand.say(&call()).await;
    assert_eq!(stand.hear().await["method"], "notifications/tools/list_changed");
    assert_eq!(stand.hear().await, done());
    let heard = stand.leave().await;
    assert_eq!(heard.iter().filter(|heard| heard.call() == "initialize").count(), 2);
    assert_eq!(heard.last().unwrap().header("mcp-session-id"), "second");
}

#[tokio::test]
async fn what_the_server_says_by_itself_is_heard_and_answered() {
    let question = json!({ "jsonrpc": "2.0", "id": "a", "method": "roots/list" });
    let asked = question.clone();
    let mut stand = Stand::new(move |heard| match (heard.call(), heard.header("last-event-id")) {
        ("GET", "") => as_events(&format!("id: one\ndata: {asked}\n\n")),
        _ => usual(heard),
    })
    .await;
    stand.greet().await;
    assert_eq!(stand.hear().await, question);
    let answer = json!({ "jsonrpc": "2.0", "id": "a", "result": { "roots": [] } });
    stand.say(&answer).await;
    let heard = stand.leave().await;
    assert!(heard.iter().any(|heard| heard.method == "POST" && heard.body == answer), "{heard:?}");
}

#[tokio::test]
async fn every_failure_is_an_answer() {
    let other = json!({ "jsonrpc": "2.0", "id": 3, "result": {} });
    let html = reply("200 OK", "Content-Type: text/html\r\n", "<p>Welcome");
    let moved = reply("307 Temporary Redirect", "Location: http://127.0.0.1:9/elsewhere\r\n", "");
    for (answer, why) in [
        (reply("401 Unauthorized", "", ""), "--header"),
        (reply("404 Not Found", "", ""), "Streamable HTTP"),
        (reply("500 Internal Server Error", "", ""), "500"),
        (reply("202 Accepted", "", ""), "202"),
        (moved, "not followed"),
        (html, "text/html"),
        (as_json("", &other), "something else"),
        (as_json("", &json!("no message")), "something else"),
        (reply("200 OK", "Content-Type: application/json\r\n", "{ \"id\": 2,"), "something else"),
        (reply("200 OK", "Content-Type: application/json\r\nContent-Length: 100\r\n", "{"), "broke"),
        (as_events("data: {}\n\n"), "before it was complete"),
        ("nonsense\r\n\r\n".to_owned(), "cannot be reached"),
    ] {
        let said = answer.clone();
        let mut stand = Stand::new(move |_| said.clone()).await;
        stand.say(&call()).await;
        let told = loop {
            let told = stand.hear().await;
            if told["id"] == 2 {
                break told;
            }
        };
        let words = told["error"]["message"].as_str().unwrap();
        assert!(words.contains(why), "{answer}: {words}");
        assert!(!words.contains("quiet") && !words.contains("password"), "{words}");
        stand.leave().await;
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_answer_too() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let mut stand = Stand::at(&address, Arc::default());
    stand.say(&greeting()).await;
    let told = stand.hear().await;
    assert!(told["error"]["message"].as_str().unwrap().contains("no connection"), "{told}");
    stand.leave().await;
}

#[tokio::test]
async fn an_error_of_the_protocol_passes_as_it_is() {
    let error =
        json!({ "jsonrpc": "2.0", "id": 2, "error": { "code": -32004, "message": "which revision?" } });
    let body = error.to_string();
    let mut stand =
        Stand::new(move |_| reply("400 Bad Request", "Content-Type: application/json\r\n", &body)).await;
    stand.say(&call()).await;
    assert_eq!(stand.hear().await, error);
    stand.leave().await;
}

#[tokio::test]
async fn a_call_that_is_not_wanted_any_more_is_not_answered() {
    let mut stand = Stand::new(|heard| match heard.call() {
        "tools/call" => as_events("id: 1\nretry: 100\ndata:\n\n"),
        "ping" => as_json("", &json!({ "jsonrpc": "2.0", "id": 3, "result": {} })),
        _ => usual(heard),
    })
    .await;
    stand.say(&call()).await;
    stand
        .say(&json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 2 } }))
        .await;
    stand.say(&json!({ "jsonrpc": "2.0", "id": 3, "method": "ping" })).await;
    assert_eq!(stand.hear().await["id"], 3);
    let mut rest = String::new();
    stand.streams.get_mut().shutdown().await.unwrap();
    stand.streams.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "");
}

#[test]
fn an_address_that_cannot_be_used_is_told_and_an_open_way_is_warned_of() {
    let new = |address: &str, headers: &[&str]| {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        Remote::new(address, &headers, |_| None)
    };
    for address in ["", "mcp.example.com", "ftp://mcp.example.com", "file:///etc/passwd", "unix:/run/x"] {
        assert!(new(address, &[]).is_err(), "{address}");
    }
    let warns = |address: &str, headers: &[&str]| new(address, headers).unwrap().warning().is_some();
    assert!(warns("http://mcp.example.com/", &["X-Key: a"]));
    assert!(!warns("http://mcp.example.com/", &[]));
    for here in ["http://localhost:80/", "http://127.0.0.1/", "http://[::1]/", "https://mcp.example.com/"] {
        assert!(!warns(here, &["X-Key: a"]), "{here}");
    }
}
