//! Conversations with the language server, in memory.

mod questions;
mod notices;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::testing::Client;
use crate::guard::{Guard, GuardOptions};
use crate::settings::Places;

/// A workspace on disk and a client that has it open.
struct Editor {
    client: Client,
    folder: TempDir,
    _home: TempDir,
}

/// A server on an empty workspace.
async fn editor(initialize: Value) -> Editor {
    editor_on(&[], initialize).await
}

async fn editor_on(files: &[(&str, &str)], mut initialize: Value) -> Editor {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let home = tempfile::tempdir().unwrap();
    let places = Some(Places::within(home.path()));
    let guard = Arc::new(Guard::new(GuardOptions { places, ..GuardOptions::default() }));
    let mut client = Client::of(|read, write| super::serve(read, write, guard, None));
    let fields = initialize.as_object_mut().unwrap();
    fields.entry("capabilities").or_insert_with(|| json!({}));
    fields
        .insert("workspaceFolders".to_owned(), json!([{ "uri": uri(&real(&folder)), "name": "workspace" }]));
    client.initialize(initialize).await;
    Editor { client, folder, _home: home }
}

fn real(folder: &TempDir) -> PathBuf {
    folder.path().canonicalize().unwrap()
}

fn uri(path: &Path) -> String {
    url::Url::from_file_path(path).unwrap().to_string()
}

impl Editor {
    fn uri(&self, name: &str) -> String {
        uri(&real(&self.folder).join(name))
    }

    async fn mode(&mut self, mode: &str) {
        self.client
            .send(json!({ "id": "mode", "method": "banksman/setMode", "params": { "session": "s", "mode": mode } }))
            .await;
        self.client.expect(&json!({ "id": "mode", "result": mode })).await;
    }

    async fn propose(&mut self, id: i64, action: Value) {
        self.client
            .send(json!({ "id": id, "method": "banksman/review", "params": { "session": "s", "action": action } }))
            .await;
    }

    async fn review(&mut self, id: i64, action: Value) -> Value {
        self.propose(id, action).await;
        self.client.answer(id).await["result"].clone()
    }

    async fn open(&mut self, name: &str, text: &str) {
        let uri = self.uri(name);
        let document = json!({ "uri": uri, "languageId": "plaintext", "version": 1, "text": text });
        self.client
            .send(json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }))
            .await;
    }

    /// The next diagnostics of a file that are of this number.
    async fn shown(&mut self, name: &str, count: usize) -> Value {
        let pattern = json!({
            "method": "textDocument/publishDiagnostics",
            "params": { "uri": self.uri(name), "diagnostics": vec!["…"; count] }
        });
        self.client.expect(&pattern).await["params"]["diagnostics"].clone()
    }
}

fn edit(path: &str, old: Option<&str>, new: &str) -> Value {
    json!({ "kind": "edit", "path": path, "old": old, "new": new })
}

const ASKS: &str = r#"{"capabilities":{"experimental":{"banksman":{"ask":true}}}}"#;

fn asks() -> Value {
    serde_json::from_str(ASKS).unwrap()
}

#[tokio::test]
async fn the_server_says_what_it_can() {
    let mut client = Client::of(|read, write| {
        super::serve(read, write, Arc::new(Guard::new(GuardOptions::default())), None)
    });
    let offered = json!({ "general": { "positionEncodings": ["utf-16", "utf-8"] } });
    let answer = client.initialize(json!({ "capabilities": offered })).await;
    let capabilities = &answer["result"]["capabilities"];
    assert_eq!(capabilities["positionEncoding"], "utf-8");
    assert_eq!(capabilities["experimental"]["banksman"]["version"], 1);
    assert_eq!(capabilities["textDocumentSync"]["change"], 2);
}

#[tokio::test]
async fn reading_in_the_workspace_is_allowed_and_told() {
    let mut editor = editor_on(&[("a.txt", "text\n")], json!({})).await;
    let verdict = editor.review(1, json!({ "kind": "read", "path": "a.txt" })).await;
    let told = editor.client.expect(&json!({ "method": "banksman/verdict" })).await;
    assert_eq!(told["params"]["verdict"]["id"], verdict["id"]);
    assert_eq!(told["params"]["session"], "s");
}

#[tokio::test]
async fn bad_params_are_refused_with_field_and_reason() {
    editor(json!({}))
        .await
        .client
        .play(
            r#"
            → {"id":1,"method":"banksman/review"}
            ← {"id":1,"error":{"code":-32602}}
            → {"id":2,"method":"banksman/review","params":{"session":7,"action":{"kind":"read","path":"a"}}}
            ← {"id":2,"error":{"code":-32602,"message":"`session`…string…"}}
            → {"id":3,"method":"banksman/review","params":{"session":"s","action":{"kind":"command"}}}
            ← {"id":3,"error":{"code":-32602,"message":"`action`…command…"}}
            → {"id":4,"method":"banksman/review","params":{"session":"s","action":{"kind":"dance"}}}
            ← {"id":4,"error":{"code":-32602,"message":"`action…dance…"}}
            → {"id":5,"method":"banksman/resolve","params":{"verdict":"none","answer":"once"}}
            ← {"id":5,"error":{"code":-32010,"message":"…`none`"}}
            → {"id":6,"method":"banksman/resolve","params":{"verdict":"none","answer":"perhaps"}}
            ← {"id":6,"error":{"code":-32602,"message":"`answer`…perhaps…"}}
            → {"id":7,"method":"banksman/explain","params":{"verdict":"none"}}
            ← {"id":7,"error":{"code":-32010}}
            → {"id":8,"method":"workspace/executeCommand","params":{"command":"banksman.nothing","arguments":[]}}
            ← {"id":8,"error":{"code":-32602,"message":"`command`…"}}
            → {"id":9,"method":"banksman/dance","params":{}}
            ← {"id":9,"error":{"code":-32601}}
            → {"method":"banksman/prompt","params":{"session":"s"}}
            ← {"method":"window/logMessage","params":{"message":"`banksman/prompt` was not taken in…`text`…"}}
            → {"id":10,"method":"banksman/session","params":{"session":"s"}}
            ← {"id":10,"result":{"session":"s","mode":"auto"}}
            "#,
        )
        .await;
}

#[tokio::test]
async fn an_oversized_action_is_refused_by_field_and_the_next_one_is_served() {
    let mut editor = editor(json!({})).await;
    editor.propose(1, edit("a.txt", None, &"x".repeat(1024 * 1024 + 1))).await;
    let refused = editor.client.answer(1).await;
    assert_eq!(refused["error"]["code"], -32602);
    let message = refused["error"]["message"].as_str().unwrap();
    assert!(message.contains("`action.new` has 1048577 bytes"), "{message}");
    let verdict = editor.review(2, json!({ "kind": "read", "path": "a.txt" })).await;
    assert!(verdict["decision"].is_string());
}

#[tokio::test]
async fn a_review_sees_every_prompt_that_was_sent_before_it() {
    let mut editor = editor(json!({})).await;
    for turn in 0..100 {
        let text = format!("Words of turn {turn}.");
        editor
            .client
            .send(json!({ "method": "banksman/prompt", "params": { "session": "s", "text": text } }))
            .await;
    }
    editor
        .client
        .play(r#"→ {"method":"banksman/prompt","params":{"session":"s","text":"Never delete `precious`."}}"#)
        .await;
    editor.client.play(r#"→ {"id":1,"method":"banksman/session","params":{"session":"s"}}"#).await;
    let state = editor.client.answer(1).await;
    for boundary in state["result"]["boundaries"].as_array().unwrap() {
        assert_eq!(boundary["turn"], 101);
    }
}

#[tokio::test]
async fn a_thousand_reviews_at_once_are_all_answered() {
    let mut editor = editor(json!({})).await;
    for id in 0..1000 {
        let params = json!({
            "session": format!("s{}", id % 10),
            "action": { "kind": "command", "command": format!("echo {id}") }
        });
        editor.client.send(json!({ "id": id, "method": "banksman/review", "params": params })).await;
    }
    // The answers come in any order; each is asked for from the far end.
    for id in (0..1000).rev() {
        assert!(editor.client.answer(id).await["result"]["decision"].is_string());
    }
}

#[tokio::test]
async fn verdicts_of_a_session_are_told_in_the_order_of_its_reviews() {
    let mut editor = editor(json!({})).await;
    // Every other one takes long, so that the next one is done first.
    let long = "echo a b c; ".repeat(400);
    let command = |id: i64| if id % 2 == 0 { format!("{long} echo {id}") } else { format!("echo {id}") };
    for id in 0..60 {
        editor.propose(id, json!({ "kind": "command", "command": command(id) })).await;
    }
    for id in 0..60 {
        let told = editor.client.expect(&json!({ "method": "banksman/verdict" })).await;
        assert_eq!(told["params"]["action"]["command"], command(id), "verdict {id}");
    }
}

#[tokio::test]
async fn a_cancelled_review_is_answered_as_cancelled_and_its_late_answer_does_no_harm() {
    let mut editor = editor(asks()).await;
    editor.mode("manual").await;
    editor.propose(1, edit("a.txt", None, "new")).await;
    let asked = editor.client.expect(&json!({ "method": "banksman/ask" })).await;
    editor
        .client
        .play(
            r#"
            → {"method":"$/cancelRequest","params":{"id":1}}
            ← {"id":1,"error":{"code":-32800}}
            "#,
        )
        .await;
    editor.client.send(json!({ "id": asked["id"], "result": { "answer": "once" } })).await;
    // It is not taken for an answer to the same action proposed again.
    editor.propose(2, edit("a.txt", None, "new")).await;
    editor.client.expect(&json!({ "method": "banksman/ask" })).await;
}

#[tokio::test]
async fn settings_are_pulled_and_settings_files_are_watched() {
    let capabilities = json!({
        "workspace": { "configuration": true, "didChangeWatchedFiles": { "dynamicRegistration": true } }
    });
    let mut editor = editor(json!({ "capabilities": capabilities })).await;
    let watch = editor.client.expect(&json!({ "method": "client/registerCapability" })).await;
    let registration = &watch["params"]["registrations"][0];
    assert_eq!(registration["registerOptions"]["watchers"][0]["globPattern"], "**/banksman.toml");
    editor.client.send(json!({ "id": watch["id"], "result": null })).await;
    let pull = editor.client.expect(&json!({ "method": "workspace/configuration" })).await;
    assert_eq!(pull["params"]["items"][0], json!({ "section": "banksman" }));
    assert_eq!(pull["params"]["items"][1]["scopeUri"], uri(&real(&editor.folder)));
    editor.client.send(json!({ "id": pull["id"], "result": [{}, null] })).await;

    editor.client.play(r#"→ {"method":"workspace/didChangeConfiguration","params":{"settings":null}}"#).await;
    let again = editor.client.expect(&json!({ "method": "workspace/configuration" })).await;
    assert_ne!(again["id"], pull["id"]);
}

#[tokio::test]
async fn folders_come_and_go() {
    let mut editor = editor(json!({})).await;
    let other = tempfile::tempdir().unwrap();
    let change = json!({ "event": {
        "added": [{ "uri": uri(&real(&other)), "name": "other" }],
        "removed": [{ "uri": uri(&real(&editor.folder)), "name": "workspace" }]
    } });
    editor.client.send(json!({ "method": "workspace/didChangeWorkspaceFolders", "params": change })).await;
    let mode = json!({ "session": "t", "mode": "plan" });
    editor.client.send(json!({ "id": 1, "method": "banksman/setMode", "params": mode })).await;
    editor.client.answer(1).await;
    let params = json!({ "session": "t", "action": edit("a.txt", None, "new") });
    editor.client.send(json!({ "id": 2, "method": "banksman/review", "params": params })).await;
    editor.client.answer(2).await;
    let shown = json!({
        "method": "textDocument/publishDiagnostics",
        "params": { "uri": uri(&real(&other).join("a.txt")) }
    });
    editor.client.expect(&shown).await;
}
