//! The language server as one client sees it.

use serde_json::{Value, json};

use crate::support::{Editor, Home};

const REVIEW: &str = "banksman/review";

fn open(home: &Home) -> Editor {
    Editor::plain(home, &[&home.workspace()])
}

fn exit_code(mut editor: Editor) -> Option<i32> {
    editor.child.wait().unwrap().code()
}

fn command(session: &str, line: &str) -> Value {
    json!({ "session": session, "action": { "kind": "command", "command": line } })
}

#[test]
fn shutdown_and_exit_end_with_0_and_exit_alone_with_1() {
    let home = Home::new();
    let mut client = open(&home);
    let shutdown = client.ask("shutdown", Value::Null);
    client.send(json!({ "method": "exit" }));
    assert_eq!(client.answer(&shutdown).get("result"), Some(&Value::Null));
    assert_eq!(exit_code(client), Some(0));

    let mut client = open(&home);
    client.send(json!({ "method": "exit" }));
    assert_eq!(exit_code(client), Some(1));
}

#[test]
fn a_client_that_goes_away_takes_the_server_with_it() {
    let home = Home::new();
    let mut client = open(&home);
    client.ask(REVIEW, command("s", "ls"));
    client.hang_up();
    assert_eq!(exit_code(client), Some(1));
}

#[test]
fn malformed_frames_are_answered_and_survived() {
    let home = Home::new();
    let mut client = open(&home);
    let broken = [
        ("Content-Length: 1\r\n\r\n{", -32700),
        ("Content-Length: 2\r\n\r\n[]", -32600),
        ("Content-Length: 2\r\n\r\n{}", -32600),
        ("Content-Length: much\r\n\r\n", -32700),
        ("nonsense\r\n\r\n", -32700),
    ];
    for (frame, code) in broken {
        client.raw(frame);
        let review = client.ask(REVIEW, command("s", "ls"));
        let answer = client.answer(&Value::Null);
        assert_eq!(answer.pointer("/error/code"), Some(&json!(code)), "{frame}: {answer}");
        assert_eq!(client.answer(&review).pointer("/result/decision"), Some(&json!("allow")), "{frame}");
    }
}

#[test]
fn a_thousand_reviews_at_once_are_all_answered() {
    let home = Home::new();
    let mut client = open(&home);
    let reviews: Vec<Value> = (0..1000)
        .map(|nth| {
            let line = format!("echo {nth} > note-{nth}.txt");
            client.ask(REVIEW, command(&format!("s{}", nth % 7), &line))
        })
        .collect();
    for review in reviews.iter().rev() {
        let answer = client.answer(review);
        assert!(answer.pointer("/result/decision").is_some(), "{answer}");
    }
}

#[test]
fn what_was_answered_is_in_the_ledger_even_if_the_server_is_killed() {
    let home = Home::new();
    let mut client = open(&home);
    let said = json!({ "session": "s", "text": "Tidy the folder up." });
    client.send(json!({ "method": "banksman/prompt", "params": said }));
    let reviews: Vec<Value> =
        (0..100).map(|nth| client.ask(REVIEW, command("s", &format!("echo {nth}")))).collect();
    let verdicts: Vec<Value> = reviews
        .iter()
        .take(60)
        .map(|review| client.answer(review).pointer("/result/id").cloned().unwrap())
        .collect();
    client.child.kill().unwrap();
    client.child.wait().unwrap();

    let mut client = open(&home);
    for verdict in verdicts {
        let answer = client.request("banksman/explain", json!({ "verdict": verdict }));
        assert_eq!(answer.pointer("/result/verdict/id"), Some(&verdict), "{answer}");
    }
}
