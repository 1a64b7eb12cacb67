//! From a tool call, as the protocol tells it, to actions.
//!
//! The protocol leaves it to the agent what a call's arguments look like. They are read by the
//! agent's own name for the tool where that is known, else by their shape; what is shown to the
//! person, a difference or a title, counts where the arguments say nothing.

use banksman_protocol::Action;
use serde_json::{Map, Value};

use super::calls::Call;
use crate::gates::{dialects, patch, tools};

/// What a call would do.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Meant {
    /// Empty: nothing outside the conversation, or nothing that is known.
    pub(super) actions: Vec<Action>,
    /// The actions follow from what the call says. Otherwise they are the call itself, by its title.
    pub(super) sure: bool,
}

const PATHS: [&str; 9] = [
    "file_path",
    "filePath",
    "path",
    "fileName",
    "filename",
    "file",
    "abs_path",
    "absolute_path",
    "notebook_path",
];
const TEXTS: [&str; 6] = ["content", "file_text", "contents", "newFileContents", "new_source", "text"];
const OLDS: [&str; 4] = ["old_string", "oldString", "old_str", "oldText"];
const NEWS: [&str; 4] = ["new_string", "newString", "new_str", "newText"];

/// What a call would do.
pub(super) fn of(call: &Call, agent: &str) -> Meant {
    if call.kind == "switch_mode" {
        return Meant { actions: Vec::new(), sure: true };
    }
    let mut meant = arguments(call, agent);
    // What is shown may reach further than what could be read of the arguments.
    for (path, action) in differences(&call.content) {
        if !meant.actions.iter().any(|known| touches(known, path)) {
            meant.actions.push(action);
            meant.sure = true;
        }
    }
    if meant.actions.is_empty() && !meant.sure {
        meant = shown(call);
    }
    if meant.actions.is_empty() && !meant.sure {
        let arguments = call.arguments.last().unwrap_or(&Value::Null);
        let (server, tool) = match &call.tool {
            Some(tool) => {
                tool.strip_prefix("mcp__").and_then(|rest| rest.split_once("__")).unwrap_or((agent, tool))
            }
            None => (agent, call.title.as_str()),
        };
        meant.actions = vec![tools::call(server, tool, arguments)];
    }
    meant
}

/// A command and its arguments, as `terminal/create` tells them.
pub(super) fn terminal(params: &Value) -> Option<Action> {
    let command = params.get("command")?.as_str()?;
    let mut line = String::new();
    for variable in params.get("env").and_then(Value::as_array).into_iter().flatten() {
        let name = variable.get("name")?.as_str()?;
        let value = variable.get("value")?.as_str()?;
        let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !plain {
            return None;
        }
        line.push_str(&format!("{name}={} ", patch::quoted(value)));
    }
    line.push_str(command);
    for word in params.get("args").and_then(Value::as_array).into_iter().flatten() {
        line.push(' ');
        line.push_str(&word_of(word.as_str()?));
    }
    let cwd = params.get("cwd").and_then(Value::as_str).map(str::to_owned);
    Some(Action::Command { command: line, cwd })
}

/// By what the arguments say.
fn arguments(call: &Call, agent: &str) -> Meant {
    let mut meant = Meant::default();
    for arguments in &call.arguments {
        let named = call.tool.as_deref().map(|tool| dialects::actions(&[], agent, tool, arguments));
        let named = named.filter(
            |actions| !matches!(actions.as_slice(), [Action::Tool { server, .. }] if server == agent),
        );
        let found = named.or_else(|| arguments.as_object().and_then(|map| shape(map, arguments, call)));
        let Some(found) = found else { continue };
        meant.sure = true;
        for action in found {
            if !meant.actions.contains(&action) {
                meant.actions.push(action);
            }
        }
    }
    meant
}

/// By the shape of the arguments. `None` when it says nothing.
fn shape(map: &Map<String, Value>, whole: &Value, call: &Call) -> Option<Vec<Action>> {
    let text = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| map.get(*name)?.as_str())
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let any = |names: &[&str]| names.iter().find_map(|name| map.get(*name)?.as_str()).map(str::to_owned);
    let one = |action: Action| Some(vec![action]);
    if let (Some(server), Some(tool)) = (text(&["server", "serverName"]), text(&["tool", "toolName"])) {
        return one(tools::call(&server, &tool, map.get("arguments").unwrap_or(&Value::Null)));
    }
    let path = text(&PATHS);
    if let (Some(path), Some(new)) = (&path, any(&NEWS)) {
        return one(Action::Edit { path: path.clone(), old: text(&OLDS), new });
    }
    if let Some(patch) = ["patch", "patchText", "input"].iter().find_map(|name| map.get(*name)?.as_str())
        && let Some(edits) = patch::edits(patch)
    {
        return Some(edits);
    }
    if let Some(command) = map.get("command").or_else(|| map.get("cmd")) {
        // Some editors' tools are told what to do by a word called `command`, and have a path.
        if path.is_none() || call.kind == "execute" {
            return one(Action::Command {
                command: line(command)?,
                cwd: text(&["cwd", "workdir", "directory"]),
            });
        }
    }
    if let (Some(path), Some(new), true) =
        (&path, any(&TEXTS), matches!(call.kind.as_str(), "edit" | "other" | ""))
    {
        return one(Action::Edit { path: path.clone(), old: None, new });
    }
    if let Some(url) = text(&["url", "uri"]).filter(|url| url.contains("://")) {
        let method = text(&["method"]).unwrap_or_else(|| "GET".to_owned());
        return one(Action::Fetch { url, method, body: text(&["body"]) });
    }
    match (call.kind.as_str(), path) {
        ("delete", Some(path)) => one(Action::Delete { path }),
        ("read" | "search", Some(path)) => one(Action::Read { path }),
        ("fetch", None) => Some(tools::addresses(&whole.to_string()).map(tools::fetch).collect()),
        _ => None,
    }
}

/// By what is shown of it: its kind, its title, its places.
fn shown(call: &Call) -> Meant {
    let places = |action: fn(String) -> Action| call.locations.iter().cloned().map(action).collect();
    let actions: Vec<Action> = match call.kind.as_str() {
        // Agents that tell no arguments tell the command as the title.
        "execute" if !call.title.is_empty() => {
            vec![Action::Command { command: call.title.clone(), cwd: None }]
        }
        "read" | "search" => places(|path| Action::Read { path }),
        "delete" => places(|path| Action::Delete { path }),
        "fetch" => tools::addresses(&call.title).map(tools::fetch).collect(),
        _ => Vec::new(),
    };
    let sure = !actions.is_empty() || matches!(call.kind.as_str(), "read" | "search" | "think");
    Meant { actions, sure }
}

/// The edits that are shown as differences, each with its path.
fn differences(content: &[Value]) -> impl Iterator<Item = (&str, Action)> {
    content.iter().filter_map(|item| {
        if item.get("type")?.as_str()? != "diff" {
            return None;
        }
        let path = item.get("path")?.as_str()?;
        let old = item.get("oldText").and_then(Value::as_str).filter(|old| !old.is_empty());
        let new = item.get("newText")?.as_str()?.to_owned();
        Some((path, Action::Edit { path: path.to_owned(), old: old.map(str::to_owned), new }))
    })
}

fn touches(action: &Action, path: &str) -> bool {
    let file = |path: &str| path.rsplit(['/', '\\']).next().map(str::to_owned);
    match action {
        Action::Edit { path: known, .. } | Action::Delete { path: known } => {
            known == path || (!known.starts_with('/') && file(known) == file(path))
        }
        _ => false,
    }
}

/// A command line, or a list of words.
fn line(command: &Value) -> Option<String> {
    match command {
        Value::String(line) => Some(line.clone()),
        Value::Array(words) => {
            let words: Option<Vec<String>> = words.iter().map(|word| Some(word_of(word.as_str()?))).collect();
            words.filter(|words| !words.is_empty()).map(|words| words.join(" "))
        }
        _ => None,
    }
}

fn word_of(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { patch::quoted(word) }
}
