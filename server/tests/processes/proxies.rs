//! Proxies and the language server as real processes: what a proxy reviews is shown and asked about in the
//! editor, and a server that dies lets nothing through.

use std::io::Write as _;

use crate::support::{Editor, Home, until};
use serde_json::{Value, json};

/// A proxy and what stands behind it, as whoever started it sees them.
struct Proxied {
    child: std::process::Child,
    stdin: Option<std::process::ChildStdin>,
    stdout: std::io::BufReader<std::process::ChildStdout>,
}

impl Proxied {
    fn start(home: &Home, words: &[&str]) -> Self {
        let mut child = home
            .banksman(words)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let (stdin, stdout) = (child.stdin.take(), std::io::BufReader::new(child.stdout.take().unwrap()));
        Self { child, stdin, stdout }
    }

    fn say(&mut self, message: &Value) {
        self.stdin.as_mut().unwrap().write_all(format!("{message}\n").as_bytes()).unwrap();
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        std::io::BufRead::read_line(&mut self.stdout, &mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn leave(mut self) {
        self.stdin = None;
        self.child.wait().unwrap();
    }
}

/// A server of MCP that writes down what it hears, and answers each line with an empty result.
const TOOLS: &str = "while read -r line; do printf '%s\\n' \"$line\" >> heard; \
    id=$(printf '%s' \"$line\" | sed 's/.*\"id\":\\([0-9]*\\).*/\\1/'); \
    printf '{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[]}}\\n' \"$id\"; done";

fn mcp(home: &Home) -> Proxied {
    Proxied::start(home, &["mcp", "--name", "files", "--", "sh", "-c", TOOLS])
}

fn runs(id: u32, command: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call",
        "params": { "name": "run_command", "arguments": { "command": command } } })
}

/// What a proxy gave in the server's place, or nothing.
fn stopped(answer: &Value) -> String {
    answer.pointer("/result/content/0/text").and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[test]
fn calls_of_an_mcp_server_are_shown_in_the_editor_and_asked_about_there() {
    let home = Home::new();
    let mut editor = Editor::asking(&home, &[&home.workspace()]);
    let mut proxy = mcp(&home);
    proxy.say(&runs(1, "ls"));
    assert_eq!(stopped(&proxy.hear()), "");
    assert_eq!(editor.hears("banksman/verdict")["params"]["verdict"]["decision"], json!("allow"));
    proxy.say(&runs(2, "rm -rf ~"));
    assert!(stopped(&proxy.hear()).contains("irrecoverable-delete"));
    assert_eq!(editor.hears("banksman/verdict")["params"]["verdict"]["decision"], json!("block"));
    for (id, answer, goes_on) in [(3, "once", true), (4, "no", false)] {
        // What was made once may be touched again.
        proxy.say(&runs(id, &format!("touch /opt/beside{id}")));
        let question = editor.hears("banksman/ask");
        assert_eq!(question["params"]["action"]["tool"], json!("run_command"));
        // While a person is asked, everything else goes on.
        proxy.say(&json!({ "jsonrpc": "2.0", "id": 90 + id, "method": "ping" }));
        assert_eq!(proxy.hear()["id"], json!(90 + id));
        editor.answers(&question, json!({ "answer": answer }));
        let told = proxy.hear();
        assert_eq!((told["id"].clone(), stopped(&told).is_empty()), (json!(id), goes_on), "{told}");
    }
    proxy.leave();
    let heard = std::fs::read_to_string(home.workspace().join("heard")).unwrap();
    assert_eq!(heard.matches("tools/call").count(), 2, "{heard}");
}

#[test]
fn a_question_about_an_mcp_call_that_nobody_waits_for_is_taken_back() {
    let home = Home::new();
    let mut editor = Editor::asking(&home, &[&home.workspace()]);
    let mut proxy = mcp(&home);
    proxy.say(&runs(1, "touch /opt/beside"));
    let question = editor.hears("banksman/ask");
    proxy
        .say(&json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 1 } }));
    // Whoever answers before the proxy has read that may still be in time: what comes next was read after it.
    proxy.say(&json!({ "jsonrpc": "2.0", "id": 90, "method": "ping" }));
    assert_eq!(proxy.hear()["id"], json!(90));
    // The verdict that holds then.
    let open = editor.hears("banksman/verdict");
    assert_eq!(open["params"]["verdict"]["decision"], json!("ask"));
    until(|| editor.heard("banksman/verdict") > 0);
    editor.answers(&question, json!({ "answer": "once" }));
    proxy.say(&runs(2, "ls"));
    assert_eq!(proxy.hear()["id"], json!(2));
    proxy.leave();
    let heard = std::fs::read_to_string(home.workspace().join("heard")).unwrap();
    assert!(!heard.contains("beside"), "{heard}");
}

#[test]
fn an_mcp_call_goes_to_the_client_when_the_editor_asks_nobody_and_the_answer_is_shown() {
    let home = Home::new();
    let mut editor = Editor::plain(&home, &[&home.workspace()]);
    let mut proxy = mcp(&home);
    proxy.say(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": { "capabilities": { "elicitation": {} } } }));
    proxy.hear();
    proxy.say(&runs(2, "touch /opt/beside"));
    let question = proxy.hear();
    assert_eq!(question["method"], json!("elicitation/create"));
    assert_eq!(editor.hears("banksman/verdict")["params"]["verdict"]["decision"], json!("ask"));
    let yes = json!({ "action": "accept", "content": { "answer": "once" } });
    proxy.say(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": yes }));
    assert_eq!(stopped(&proxy.hear()), "");
    let shown = loop {
        let shown = editor.hears("banksman/verdict")["params"]["verdict"].clone();
        if shown["decision"] != json!("ask") {
            break shown;
        }
    };
    assert!(shown["summary"].as_str().unwrap().contains("The user allowed this once"), "{shown}");
    proxy.leave();
}

#[test]
fn a_server_that_is_killed_while_a_proxy_asks_lets_nothing_through_and_the_proxy_goes_on_alone() {
    let home = Home::new();
    let mut editor = Editor::asking(&home, &[&home.workspace()]);
    let mut proxy = mcp(&home);
    proxy.say(&runs(1, "touch /opt/beside"));
    editor.hears("banksman/ask");
    editor.child.kill().unwrap();
    editor.child.wait().unwrap();
    assert!(stopped(&proxy.hear()).contains("could not review"));
    proxy.say(&runs(2, "rm -rf ~"));
    assert!(stopped(&proxy.hear()).contains("irrecoverable-delete"));
    proxy.say(&runs(3, "ls"));
    assert_eq!(stopped(&proxy.hear()), "");
    proxy.leave();
}

/// An agent that asks once whether it may run a command, and then says what it was told.
const AGENT: &str = "read -r a; read -r b; read -r c; \
    printf '{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"sessionId\":\"0b6ff0a6-7f0e-4b5e-9d0b-4f6f0f3f8e11\"}}\\n'; \
    for command in 'ls' 'rm -rf ~' 'touch /opt/beside'; do \
    printf '{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"session/request_permission\",\"params\":{\"sessionId\":\"0b6ff0a6-7f0e-4b5e-9d0b-4f6f0f3f8e11\",\"toolCall\":{\"toolCallId\":\"%s\",\"kind\":\"execute\",\"title\":\"%s\",\"rawInput\":{\"command\":\"%s\"}},\"options\":[{\"optionId\":\"yes\",\"name\":\"Yes\",\"kind\":\"allow_once\"},{\"optionId\":\"no\",\"name\":\"No\",\"kind\":\"reject_once\"}]}}\\n' \"$command\" \"$command\" \"$command\" \"$command\"; \
    read -r answer; printf '%s\\n' \"$answer\" >> heard; done";

#[test]
fn what_an_agent_behind_acp_asks_is_shown_in_the_editor_and_asked_by_its_own_question() {
    let home = Home::new();
    // Even an editor that could ask leaves the question to the one that the agent works in.
    let mut editor = Editor::asking(&home, &[&home.workspace()]);
    let mut proxy = Proxied::start(&home, &["acp", "--", "sh", "-c", AGENT]);
    proxy.say(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {} }));
    proxy.say(
        &json!({ "jsonrpc": "2.0", "id": 2, "method": "session/new", "params": { "cwd": home.workspace() } }),
    );
    let session = "0b6ff0a6-7f0e-4b5e-9d0b-4f6f0f3f8e11";
    let words = json!([{ "type": "text", "text": "Fix the tests. Never touch notes.txt." }]);
    proxy.say(&json!({ "jsonrpc": "2.0", "id": 3, "method": "session/prompt",
        "params": { "sessionId": session, "prompt": words } }));
    for decision in ["allow", "block", "ask"] {
        let shown = editor.hears("banksman/verdict");
        assert_eq!(shown["params"]["verdict"]["decision"], json!(decision), "{shown}");
        assert_eq!(shown["params"]["session"], json!(session));
    }
    let state = editor.request("banksman/session", json!({ "session": session }));
    assert_eq!(state["result"]["boundaries"].as_array().unwrap().len(), 1, "{state}");
    let question = loop {
        let said = proxy.hear();
        if said["method"] == json!("session/request_permission") {
            break said;
        }
    };
    let yes = json!({ "outcome": { "outcome": "selected", "optionId": "yes" } });
    proxy.say(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": yes }));
    let shown = editor.hears("banksman/verdict");
    assert_eq!(shown["params"]["verdict"]["decision"], json!("allow"), "{shown}");
    assert_eq!(editor.heard("banksman/ask"), 0);
    proxy.leave();
    let heard = std::fs::read_to_string(home.workspace().join("heard")).unwrap();
    let answers: Vec<bool> = heard.lines().map(|line| line.contains("\"yes\"")).collect();
    assert_eq!(answers, [true, false, true], "{heard}");
}
