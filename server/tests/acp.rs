//! The proxy for ACP as a real process, between a real agent's process and whoever reads its stdout.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the real binary is run on a throw-away home")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

const SESSION: &str = "0b6ff0a6-7f0e-4b5e-9d0b-4f6f0f3f8e11";

/// An editor: the proxy it started, and a throw-away home with a workspace in it.
struct Editor {
    home: tempfile::TempDir,
    proxy: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Editor {
    /// With an agent that is a script of the shell.
    fn with(script: &str) -> Self {
        Self::start(&["sh", "-c", script])
    }

    fn start(agent: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(home.path().join("ws/.git")).unwrap();
        let mut proxy = Command::new(env!("CARGO_BIN_EXE_banksman"))
            .args(["acp", "--"])
            .args(agent)
            .current_dir(home.path().join("ws"))
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdin, stdout) = (proxy.stdin.take(), BufReader::new(proxy.stdout.take().unwrap()));
        Self { home, proxy, stdin, stdout }
    }

    fn workspace(&self) -> PathBuf {
        self.home.path().join("ws")
    }

    fn say(&mut self, message: &Value) {
        self.write(format!("{message}\n").as_bytes());
    }

    fn write(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    fn line(&mut self) -> Vec<u8> {
        let mut line = Vec::new();
        self.stdout.read_until(b'\n', &mut line).unwrap();
        line
    }

    fn hear(&mut self) -> Value {
        serde_json::from_slice(&self.line()).unwrap()
    }

    /// Closes the proxy's stdin and gives its exit status.
    fn leave(&mut self) -> i32 {
        self.stdin = None;
        self.ended()
    }

    fn ended(&mut self) -> i32 {
        self.proxy.wait().unwrap().code().unwrap()
    }
}

/// An agent that says these lines, and writes what it hears between them into a file.
fn script(steps: &[Step]) -> String {
    let steps = steps.iter().map(|step| match step {
        Step::Say(message) => format!("printf '%s\\n' '{}'\n", message.to_string().replace('\'', "'\\''")),
        Step::Hear => "read -r line; printf '%s\\n' \"$line\" >> heard\n".to_owned(),
    });
    steps.collect()
}

enum Step {
    Say(Value),
    Hear,
}

fn heard(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("heard")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn permission(id: u32, command: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "session/request_permission", "params": {
        "sessionId": SESSION,
        "options": [{ "kind": "allow_once", "name": "Allow", "optionId": "yes" }, { "kind": "reject_once", "name": "No", "optionId": "no" }],
        "toolCall": { "toolCallId": format!("call-{id}"), "title": command, "kind": "execute", "rawInput": { "command": command } } } })
}

#[test]
fn a_conversation_is_gated() {
    let update = json!({ "jsonrpc": "2.0", "method": "session/update", "params": { "sessionId": SESSION,
        "update": { "sessionUpdate": "agent_message_chunk", "content": { "type": "text", "text": "Hello" } } } });
    let mut editor = Editor::with(&script(&[
        Step::Hear,
        Step::Say(json!({ "jsonrpc": "2.0", "id": 0, "result": { "sessionId": SESSION } })),
        Step::Hear,
        Step::Say(update.clone()),
        Step::Say(permission(1, "ls -la")),
        Step::Hear,
        Step::Say(permission(2, "rm -rf ~")),
        Step::Hear,
        Step::Say(permission(3, "git push origin main")),
        Step::Hear,
        Step::Say(json!({ "jsonrpc": "2.0", "id": 4, "method": "terminal/create", "params": {
            "sessionId": SESSION, "command": "rm", "args": ["-rf", "/"] } })),
        Step::Hear,
        Step::Say(json!({ "jsonrpc": "2.0", "id": 1, "result": { "stopReason": "end_turn" } })),
    ]));
    let cwd = editor.workspace();
    editor.say(&json!({ "jsonrpc": "2.0", "id": 0, "method": "session/new", "params": { "cwd": cwd, "mcpServers": [] } }));
    assert_eq!(editor.hear()["result"]["sessionId"], SESSION);
    editor.say(&json!({ "jsonrpc": "2.0", "id": 1, "method": "session/prompt", "params": {
        "sessionId": SESSION, "prompt": [{ "type": "text", "text": "Fix the typo." }] } }));
    assert_eq!(editor.hear(), update);
    // What is fine goes on and what is not does not, and the person hears of the second.
    let told = editor.hear();
    assert!(
        told["params"]["update"]["content"]["text"].as_str().unwrap().contains("irrecoverable-delete"),
        "{told}"
    );
    // What needs a person comes with the reason.
    assert!(editor.hear().to_string().contains("unasked-push"));
    let question = editor.hear();
    assert_eq!((&question["method"], &question["id"]), (&json!("session/request_permission"), &json!(3)));
    editor.say(&json!({ "jsonrpc": "2.0", "id": 3, "result": { "outcome": { "outcome": "selected", "optionId": "yes" } } }));
    assert!(editor.hear().to_string().contains("irrecoverable-delete"));
    assert_eq!(editor.hear()["result"]["stopReason"], "end_turn");
    assert_eq!(editor.ended(), 0);

    let heard = heard(&editor.workspace());
    let chosen: Vec<&Value> =
        heard.iter().filter_map(|message| message.pointer("/result/outcome/optionId")).collect();
    assert_eq!(chosen, ["yes", "no", "yes"]);
    assert!(heard.last().unwrap()["error"]["message"].as_str().unwrap().contains("irrecoverable-delete"));
}

#[test]
fn what_is_not_judged_passes_as_it_came_and_in_order() {
    // An agent that says what it hears: every line goes both ways.
    let mut editor = Editor::start(&["cat"]);
    let mut lines: Vec<Vec<u8>> = [
        "{ \"method\" : \"_other/thing\", \"z\":1.0e2,\"a\":\"\\u0041\\ud800\" }\n",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"session/list\",\"params\":{\"x\":[1,2,3]}}\r\n",
        "not a message at all\n",
        "\n",
    ]
    .map(|line| line.as_bytes().to_vec())
    .to_vec();
    lines.push(format!("{{\"method\":\"_long\",\"params\":\"{}\"}}\n", "x".repeat(3_000_000)).into_bytes());
    lines.extend((0..2_000).map(|nth| format!("{{\"method\":\"_nth\",\"params\":{nth}}}\n").into_bytes()));
    let mut stdin = editor.stdin.take().unwrap();
    let sent = lines.clone();
    let sending = std::thread::spawn(move || sent.iter().for_each(|line| stdin.write_all(line).unwrap()));
    for line in lines {
        assert!(editor.line() == line, "changed: {}", String::from_utf8_lossy(&line));
    }
    sending.join().unwrap();
    assert_eq!(editor.ended(), 0);
}

#[test]
fn what_others_might_read_as_a_message_does_not_pass_unread() {
    let mut editor = Editor::with(
        "printf '%s\\n' '{\"method\":\"terminal/create\",\"x\":NaN}' '[{\"method\":\"x\"}]' '{\"method\":\"_end\"}'; read -r a; read -r b; printf '%s\\n' \"$a\" \"$b\" > heard; cat",
    );
    assert_eq!(editor.hear()["method"], "_end");
    assert_ne!(editor.leave(), 2);
    for message in heard(&editor.workspace()) {
        assert_eq!(
            message["error"]["message"].as_str().unwrap().split(' ').next(),
            Some("Banksman"),
            "{message}"
        );
    }
}

#[test]
fn the_agents_end_is_the_proxys_end() {
    for (script, status) in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("exec cat <&- >&-", 0)] {
        let mut editor = Editor::with(script);
        let mut rest = Vec::new();
        editor.stdout.read_to_end(&mut rest).unwrap();
        let ended = editor.ended();
        assert!(ended == status || script.contains("cat"), "{script}: {ended}");
    }
}

#[test]
fn the_last_words_of_an_agent_are_heard() {
    let mut editor = Editor::with("printf '{\"method\":\"_last\"}'; exit 3");
    assert_eq!(editor.line(), b"{\"method\":\"_last\"}");
    assert_eq!(editor.ended(), 3);
}

#[test]
fn the_agent_does_not_outlive_the_editor() {
    for how in ["leave", "terminate"] {
        let mut editor = Editor::with("printf '{\"pid\":%d}\\n' $$; exec sleep 600");
        let agent = editor.hear()["pid"].to_string();
        if how == "leave" {
            editor.stdin = None;
        } else {
            let proxy = editor.proxy.id().to_string();
            assert!(Command::new("kill").arg(proxy).status().unwrap().success());
        }
        editor.proxy.wait().unwrap();
        let alive = Command::new("kill").args(["-0", &agent]).stderr(Stdio::null()).status().unwrap();
        assert!(!alive.success(), "{how}: the agent lives on");
    }
}

#[test]
fn an_agent_that_cannot_be_started_is_told() {
    let mut editor = Editor::start(&["/no/such/agent"]);
    assert_eq!(editor.ended(), 2);
    let mut told = String::new();
    editor.proxy.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(told.contains("`/no/such/agent` cannot be started"), "{told}");
}

#[test]
fn what_was_reviewed_is_written_down() {
    let mut editor = Editor::with(&script(&[Step::Say(permission(1, "rm -rf ~")), Step::Hear]));
    assert!(editor.hear().to_string().contains("irrecoverable-delete"));
    assert_eq!(editor.ended(), 0);
    let log = Command::new(env!("CARGO_BIN_EXE_banksman"))
        .arg("log")
        .env_clear()
        .env("HOME", editor.home.path())
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&log.stdout).contains("rm -rf ~"));
}
