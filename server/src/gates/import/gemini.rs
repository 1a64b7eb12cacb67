//! Gemini CLI: `tools.allowed` and `tools.exclude` in `settings.json`, as `run_shell_command(git)`.

use banksman_protocol::Decision;
use serde_json::Value;

use super::{Counterpart, Permission, command};
use crate::gates::setup;

/// The lists, with the older names that some versions still read.
const LISTS: [(&str, Decision); 4] = [
    ("/tools/exclude", Decision::Block),
    ("/excludeTools", Decision::Block),
    ("/tools/allowed", Decision::Allow),
    ("/allowedTools", Decision::Allow),
];

pub(super) fn read(text: &str) -> Result<Vec<Permission>, String> {
    let settings = setup::value(text).ok_or("it is not JSON")?;
    let mut found = Vec::new();
    for (pointer, decision) in LISTS {
        let list = settings.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        for written in list.filter_map(Value::as_str) {
            let becomes = becomes(decision, written);
            found.push(Permission { written: written.to_owned(), decision, becomes });
        }
    }
    for core in settings.pointer("/tools/core").and_then(Value::as_array).into_iter().flatten() {
        found.push(Permission {
            written: format!("tools.core {core}"),
            decision: Decision::Allow,
            becomes: Err("which tools there are stays Gemini's own business".to_owned()),
        });
    }
    Ok(found)
}

fn becomes(decision: Decision, written: &str) -> Result<Counterpart, String> {
    let (tool, inside) = written.split_once('(').unwrap_or((written, ""));
    let inside = inside.strip_suffix(')').unwrap_or(inside).trim();
    match tool {
        "run_shell_command" | "ShellTool" if !inside.is_empty() => Ok(command(inside, true)),
        "run_shell_command" | "ShellTool" if decision == Decision::Allow => {
            Err("every command at once is too much to allow".to_owned())
        }
        "run_shell_command" | "ShellTool" => Ok(command("*", true)),
        _ => Err("Banksman looks at what a tool does, not at its name".to_owned()),
    }
}
