//! Claude Code: `permissions` in `settings.json`, as `Bash(npm run test:*)`.

use banksman_protocol::Decision;
use serde_json::Value;

use super::{Counterpart, Permission, command, on_host, on_path, on_tool};
use crate::gates::setup;
use crate::settings::options::EffectName;

pub(super) fn read(text: &str) -> Result<Vec<Permission>, String> {
    let settings = setup::value(text).ok_or("it is not JSON")?;
    let Some(permissions) = settings.get("permissions") else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for (key, decision) in [("deny", Decision::Block), ("ask", Decision::Ask), ("allow", Decision::Allow)] {
        let list = permissions.get(key).and_then(Value::as_array).into_iter().flatten();
        for written in list.filter_map(Value::as_str) {
            let becomes = becomes(decision, written);
            found.push(Permission { written: written.to_owned(), decision, becomes });
        }
    }
    if let Some(mode) =
        permissions.get("defaultMode").and_then(Value::as_str).filter(|mode| *mode != "default")
    {
        found.push(Permission {
            written: format!("defaultMode {mode}"),
            decision: Decision::Allow,
            becomes: Err("a mode of Claude Code's own; `banksman mode` chooses Banksman's".to_owned()),
        });
    }
    for folder in permissions.get("additionalDirectories").and_then(Value::as_array).into_iter().flatten() {
        found.push(Permission {
            written: format!("additionalDirectories {folder}"),
            decision: Decision::Allow,
            becomes: Err("Banksman has one workspace for each session".to_owned()),
        });
    }
    Ok(found)
}

fn becomes(decision: Decision, written: &str) -> Result<Counterpart, String> {
    let (tool, inside) = match written.split_once('(') {
        Some((tool, rest)) => {
            (tool, rest.strip_suffix(')').filter(|inside| !inside.is_empty() && *inside != "*"))
        }
        None => (written, None),
    };
    if let Some(rest) = tool.strip_prefix("mcp__") {
        let (server, tool) = rest.split_once("__").unwrap_or((rest, "*"));
        return Ok(on_tool(format!("{server}/{tool}")));
    }
    match (tool, inside) {
        ("Bash", Some(line)) => shell(decision, line),
        ("Bash", None) if decision != Decision::Allow => Ok(command("*", true)),
        ("Bash", None) => Err("every command at once is too much to allow".to_owned()),
        ("Read" | "Grep" | "Glob", Some(path)) => place(path).map(|path| on_path(EffectName::Read, &path)),
        ("Edit" | "Write" | "MultiEdit" | "NotebookEdit", Some(path)) => {
            place(path).map(|path| on_path(EffectName::Write, &path))
        }
        ("Edit" | "Write" | "MultiEdit" | "NotebookEdit", None) if decision != Decision::Allow => {
            Ok(on_path(EffectName::Write, "**"))
        }
        ("Read" | "Edit" | "Write" | "MultiEdit" | "NotebookEdit" | "Grep" | "Glob" | "LS", None) => {
            Err("Banksman looks at what is read or changed, not at the tool".to_owned())
        }
        ("WebFetch", Some(inside)) => match inside.strip_prefix("domain:") {
            Some(host) => Ok(on_host(decision, host)),
            None => Err("it names no domain".to_owned()),
        },
        _ => Err(format!("Banksman has no rules about the tool `{tool}`")),
    }
}

fn shell(decision: Decision, line: &str) -> Result<Counterpart, String> {
    let (words, open) = match line.strip_suffix(":*") {
        Some(words) => (words, true),
        None => (line.strip_suffix(" *").unwrap_or(line), line.ends_with(" *")),
    };
    if words.contains(['|', ';', '&', '>', '<', '$', '`', '\n']) {
        return Err("Banksman compares one simple command at a time, as the shell would run it".to_owned());
    }
    // In Claude Code a star stands for several words.
    if decision != Decision::Allow && words.split_whitespace().any(|word| word == "*") {
        return Err("a `*` between words would stop less here than there".to_owned());
    }
    Ok(command(words, open))
}

/// `//` is the root, `~/` home; `/` and `./` count from the project.
fn place(path: &str) -> Result<String, String> {
    if let Some(absolute) = path.strip_prefix("//") {
        return Ok(format!("/{absolute}"));
    }
    let path = path.strip_prefix("./").or_else(|| path.strip_prefix('/')).unwrap_or(path);
    if path.is_empty() { Err("it names no path".to_owned()) } else { Ok(path.to_owned()) }
}
