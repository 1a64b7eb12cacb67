//! VS Code: `chat.tools.terminal.autoApprove`, `chat.tools.edits.autoApprove` and
//! `chat.tools.urls.autoApprove`. What is `false` there asks; VS Code never blocks.

use banksman_protocol::Decision;
use serde_json::{Map, Value};

use super::{Counterpart, Permission, command, on_host, on_path};
use crate::gates::setup;
use crate::settings::options::EffectName;

pub(super) fn read(text: &str) -> Result<Vec<Permission>, String> {
    let settings = setup::value(text).ok_or("it is not JSON")?;
    let none = Map::new();
    let entries = |key: &str| settings.get(key).and_then(Value::as_object).unwrap_or(&none).clone();
    let mut found = Vec::new();
    for (written, set) in entries("chat.tools.terminal.autoApprove") {
        push(&mut found, written, &set, |_, line| terminal(line));
    }
    for (written, set) in entries("chat.tools.edits.autoApprove") {
        push(&mut found, written, &set, |_, path| Ok(on_path(EffectName::Write, path)));
    }
    for (written, set) in entries("chat.tools.urls.autoApprove") {
        push(&mut found, written, &set, address);
    }
    if settings.get("chat.tools.global.autoApprove") == Some(&Value::Bool(true)) {
        found.push(Permission {
            written: "chat.tools.global.autoApprove".to_owned(),
            decision: Decision::Allow,
            becomes: Err("everything at once is too much to allow".to_owned()),
        });
    }
    Ok(found)
}

type Becomes = fn(Decision, &str) -> Result<Counterpart, String>;

fn push(found: &mut Vec<Permission>, written: String, set: &Value, becomes: Becomes) {
    let approve = match set {
        Value::Object(more) if more.get("matchCommandLine") == Some(&Value::Bool(true)) => {
            let why = "Banksman compares one simple command at a time, as the shell would run it";
            found.push(Permission { written, decision: Decision::Ask, becomes: Err(why.to_owned()) });
            return;
        }
        Value::Object(more) => {
            more.get("approve").or_else(|| more.get("approveRequest")).and_then(Value::as_bool)
        }
        set => set.as_bool(),
    };
    // What is neither takes back another setting.
    let Some(approve) = approve else { return };
    let decision = if approve { Decision::Allow } else { Decision::Ask };
    let becomes = becomes(decision, &written);
    found.push(Permission { written, decision, becomes });
}

fn terminal(line: &str) -> Result<Counterpart, String> {
    if line.len() > 1 && line.starts_with('/') {
        return Err("it is a regular expression; Banksman compares words".to_owned());
    }
    Ok(command(line, true))
}

fn address(decision: Decision, pattern: &str) -> Result<Counterpart, String> {
    let rest = pattern.split_once("://").map_or(pattern, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if !matches!(path, "" | "*" | "**") && decision == Decision::Allow {
        return Err("it allows a part of a host only, and Banksman knows whole hosts".to_owned());
    }
    if host.is_empty() || host == "*" {
        return Err("every host at once is too much".to_owned());
    }
    Ok(on_host(decision, host))
}
