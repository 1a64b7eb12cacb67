//! The language server as a real process.

#![expect(clippy::disallowed_methods, reason = "the test runs the program")]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Nothing in these tests takes this long.
const LONG: Duration = Duration::from_secs(60);

/// A client, and the process that it talks to.
struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    incoming: Receiver<Value>,
    heard: Vec<Value>,
}

impl Client {
    /// A client in a home and a workspace of its own.
    fn start(home: &Path, workspace: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_banksman"))
            .arg("lsp")
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_STATE_HOME", home.join(".local/state"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("XDG_RUNTIME_DIR", home)
            .current_dir(workspace)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, incoming) = channel();
        let stdout = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let stdin = child.stdin.take();
        let mut client = Self { child, stdin, incoming, heard: Vec::new() };
        let folder = url::Url::from_file_path(workspace).unwrap().to_string();
        client.send(json!({
            "id": "initialize", "method": "initialize",
            "params": { "capabilities": {}, "workspaceFolders": [{ "uri": folder, "name": "w" }] }
        }));
        client.send(json!({ "method": "initialized", "params": {} }));
        client.answer(json!("initialize"));
        client
    }

    fn raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    fn send(&mut self, mut message: Value) {
        message.as_object_mut().unwrap().insert("jsonrpc".to_owned(), json!("2.0"));
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    fn request(&mut self, id: u64, method: &str, params: Value) {
        self.send(json!({ "id": id, "method": method, "params": params }));
    }

    /// The answer to a request, now or later.
    fn answer(&mut self, id: Value) -> Value {
        let answers = |message: &Value| message.get("id") == Some(&id) && message.get("method").is_none();
        if let Some(at) = self.heard.iter().position(answers) {
            return self.heard.remove(at);
        }
        loop {
            let message = self.incoming.recv_timeout(LONG).expect("the server does not answer");
            if answers(&message) {
                return message;
            }
            self.heard.push(message);
        }
    }

    fn exit_code(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().strip_prefix("Content-Length:") {
            Some(given) => length = Some(given.trim().parse::<usize>().unwrap()),
            None if line.trim().is_empty() => break,
            None => panic!("this is no frame: {line}"),
        }
    }
    let mut body = vec![0; length.expect("a frame has a length")];
    stdout.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

fn place() -> (TempDir, TempDir) {
    (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap())
}

fn command(session: &str, line: &str) -> Value {
    json!({ "session": session, "action": { "kind": "command", "command": line } })
}

#[test]
fn shutdown_and_exit_end_with_0_and_exit_alone_with_1() {
    let (home, workspace) = place();
    let mut client = Client::start(home.path(), workspace.path());
    client.send(json!({ "id": 1, "method": "shutdown" }));
    client.send(json!({ "method": "exit" }));
    assert_eq!(client.answer(json!(1)).get("result"), Some(&Value::Null));
    assert_eq!(client.exit_code(), Some(0));

    let mut client = Client::start(home.path(), workspace.path());
    client.send(json!({ "method": "exit" }));
    assert_eq!(client.exit_code(), Some(1));
}

#[test]
fn a_client_that_goes_away_takes_the_server_with_it() {
    let (home, workspace) = place();
    let mut client = Client::start(home.path(), workspace.path());
    client.request(1, "banksman/review", command("s", "ls"));
    client.stdin = None;
    assert_eq!(client.exit_code(), Some(1));
}

#[test]
fn malformed_frames_are_answered_and_survived() {
    let (home, workspace) = place();
    let mut client = Client::start(home.path(), workspace.path());
    let broken = [
        ("Content-Length: 1\r\n\r\n{", -32700),
        ("Content-Length: 2\r\n\r\n[]", -32600),
        ("Content-Length: 2\r\n\r\n{}", -32600),
        ("Content-Length: much\r\n\r\n", -32700),
        ("nonsense\r\n\r\n", -32700),
    ];
    for (id, (frame, code)) in (1..).zip(broken) {
        client.raw(frame.as_bytes());
        client.request(id, "banksman/review", command("s", "ls"));
        let answer = client.answer(Value::Null);
        assert_eq!(answer.pointer("/error/code"), Some(&json!(code)), "{frame}: {answer}");
        assert_eq!(client.answer(json!(id)).pointer("/result/decision"), Some(&json!("allow")), "{frame}");
    }
}

#[test]
fn a_thousand_reviews_at_once_are_all_answered() {
    let (home, workspace) = place();
    let mut client = Client::start(home.path(), workspace.path());
    for id in 0..1000 {
        let session = format!("s{}", id % 7);
        client.request(id, "banksman/review", command(&session, &format!("echo {id} > note-{id}.txt")));
    }
    for id in (0..1000).rev() {
        let answer = client.answer(json!(id));
        assert!(answer.pointer("/result/decision").is_some(), "{answer}");
    }
}

#[test]
fn what_was_answered_is_in_the_ledger_even_if_the_server_is_killed() {
    let (home, workspace) = place();
    let mut client = Client::start(home.path(), workspace.path());
    let said = json!({ "session": "s", "text": "Tidy the folder up." });
    client.send(json!({ "method": "banksman/prompt", "params": said }));
    for id in 0..100 {
        client.request(id, "banksman/review", command("s", &format!("echo {id}")));
    }
    let mut verdicts = Vec::new();
    for id in 0..60 {
        verdicts.push(client.answer(json!(id)).pointer("/result/id").cloned().unwrap());
    }
    client.child.kill().unwrap();
    client.child.wait().unwrap();

    let mut client = Client::start(home.path(), workspace.path());
    for (id, verdict) in (0..).zip(verdicts) {
        client.request(id, "banksman/explain", json!({ "verdict": verdict }));
        let answer = client.answer(json!(id));
        assert_eq!(answer.pointer("/result/verdict/id"), Some(&verdict), "{answer}");
    }
}
