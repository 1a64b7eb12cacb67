//! Failures on the way: whatever breaks, each client hears a stop in the form that it honours.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::*;
use crate::gates::dialects::{self, ALL};
use crate::gates::probe::{self, Taken};
use crate::guard::GuardOptions;

fn gate(dialect: &'static Dialect, guard: impl FnOnce() -> Guard + Send + 'static) -> Gate {
    Gate {
        dialect,
        around: Around { cwd: PathBuf::from("/"), ..Around::default() },
        guard: Box::new(guard),
        workspace_of: Path::to_path_buf,
        meeting: None,
        patience: Duration::from_secs(60),
        wait: Duration::from_secs(60),
        limit: LIMIT,
    }
}

fn plain() -> Guard {
    Guard::new(GuardOptions::default())
}

/// A harmless command, as each client proposes it.
fn proposal(dialect: &Dialect) -> Value {
    probe::proposal(dialect.name, "s", Path::new("/"), "ls")
}

fn input(value: &Value) -> Cursor<Vec<u8>> {
    Cursor::new(value.to_string().into_bytes())
}

fn stops(dialect: &Dialect, answer: &Answer) -> bool {
    probe::taken(dialect.name, Some(i32::from(answer.code)), &answer.stdout, &answer.stderr) == Taken::Stopped
}

#[test]
fn what_each_client_says_is_understood() {
    for dialect in ALL {
        let answer = run(gate(dialect, plain), input(&proposal(dialect)));
        assert_eq!((answer.code, stops(dialect, &answer)), (0, false), "{}: {answer:?}", dialect.name);
    }
}

#[test]
fn a_panic_stops_the_agent() {
    for dialect in ALL {
        let answer = run(gate(dialect, || panic!("on purpose")), input(&proposal(dialect)));
        assert!(stops(dialect, &answer), "{}: {answer:?}", dialect.name);
    }
}

#[test]
fn a_review_that_hangs_stops_the_agent_in_time() {
    for dialect in ALL {
        let (hold, wait) = channel::<()>();
        let hang = move || {
            let _ = wait.recv();
            plain()
        };
        let gate = Gate { patience: Duration::from_millis(50), ..gate(dialect, hang) };
        let answer = run(gate, input(&proposal(dialect)));
        drop(hold);
        assert!(stops(dialect, &answer), "{}: {answer:?}", dialect.name);
    }
}

/// An input that never ends and never says anything.
struct Silence;

impl Read for Silence {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        loop {
            std::thread::park();
        }
    }
}

#[test]
fn a_client_that_says_nothing_is_told_to_stop() {
    for dialect in ALL {
        let gate = Gate { patience: Duration::from_millis(50), ..gate(dialect, plain) };
        let answer = run(gate, Silence);
        assert!(stops(dialect, &answer), "{}: {answer:?}", dialect.name);
    }
}

#[test]
fn what_cannot_be_read_stops_the_agent() {
    for dialect in ALL {
        let unreadable: [&[u8]; 7] =
            [b"", b"nonsense", b"[]", b"{}", b"null", b"\xff\xfe", b"{\"hook_event_name\":\"PreToolUse\"}"];
        for bytes in unreadable {
            let answer = run(gate(dialect, plain), Cursor::new(bytes.to_vec()));
            assert!(
                stops(dialect, &answer),
                "{}: {}: {answer:?}",
                dialect.name,
                String::from_utf8_lossy(bytes)
            );
        }
    }
}

#[test]
fn two_objects_stop_the_agent() {
    for dialect in ALL {
        let twice = format!("{0}{0}", proposal(dialect));
        let answer = run(gate(dialect, plain), Cursor::new(twice.into_bytes()));
        assert!(stops(dialect, &answer), "{}: {answer:?}", dialect.name);
    }
}

#[test]
fn an_event_nobody_knows_stops_the_agent() {
    for dialect in ALL {
        let event = json!({
            "hook_event_name": "BeforeTheFlood", "agent_action_name": "pre_flood", "hookName": "PreFlood",
            "session_id": "s", "sessionId": "s",
        });
        let mut event = event;
        if dialect.name == "copilot" {
            event = json!({"sessionId": "s", "flood": true});
        }
        let answer = run(gate(dialect, plain), input(&event));
        assert!(stops(dialect, &answer), "{}: {answer:?}", dialect.name);
    }
}

#[test]
fn a_payload_beyond_the_limit_stops_the_agent() {
    for dialect in ALL {
        let gate = Gate { limit: 20, ..gate(dialect, plain) };
        let answer = run(gate, input(&proposal(dialect)));
        assert!(stops(dialect, &answer), "{}: {answer:?}", dialect.name);
    }
}

#[test]
fn deep_nesting_stops_the_agent_instead_of_ending_the_process() {
    let deep = "$(".repeat(100_000) + &")".repeat(100_000);
    for dialect in ALL {
        let text = proposal(dialect).to_string().replace("\"ls\"", &format!("\"{deep}\""));
        let answer = run(gate(dialect, plain), Cursor::new(text.into_bytes()));
        let asked = answer.stdout.contains("\"ask\"");
        assert!(asked || stops(dialect, &answer), "{}: {}", dialect.name, answer.code);
    }
}

#[test]
fn without_a_ledger_the_users_words_are_not_passed_over() {
    let lost = || {
        Guard::new(GuardOptions {
            ledger_failure: Some("it is locked".to_owned()),
            ..GuardOptions::default()
        })
    };
    for (name, said, pointer) in [
        (
            "claude",
            json!({"session_id":"s","cwd":"/","hook_event_name":"UserPromptSubmit","prompt":"never push"}),
            "/reason",
        ),
        (
            "codex",
            json!({"session_id":"s","cwd":"/","hook_event_name":"UserPromptSubmit","prompt":"never push"}),
            "/reason",
        ),
        (
            "gemini",
            json!({"session_id":"s","cwd":"/","hook_event_name":"BeforeAgent","prompt":"never push"}),
            "/reason",
        ),
        (
            "cursor",
            json!({"conversation_id":"s","hook_event_name":"beforeSubmitPrompt","prompt":"never push"}),
            "/user_message",
        ),
    ] {
        let answer = run(gate(dialects::named(name).unwrap(), lost), input(&said));
        let said: Value = serde_json::from_str(&answer.stdout).unwrap();
        assert!(
            said.pointer(pointer).is_some_and(|text| text.as_str().unwrap().contains("locked")),
            "{name}: {said}"
        );
    }
}

#[test]
fn without_a_ledger_nothing_that_changes_something_simply_runs() {
    for dialect in ALL {
        let lost = || {
            Guard::new(GuardOptions {
                ledger_failure: Some("it is locked".to_owned()),
                ..GuardOptions::default()
            })
        };
        let text = proposal(dialect).to_string().replace("\"ls\"", "\"touch x\"");
        let answer = run(gate(dialect, lost), Cursor::new(text.into_bytes()));
        let asked = answer.stdout.contains("\"ask\"");
        assert!(asked || stops(dialect, &answer), "{}: {answer:?}", dialect.name);
    }
}
