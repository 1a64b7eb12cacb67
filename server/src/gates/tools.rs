//! From the tools of a client to actions: one row for each tool.

use banksman_protocol::Action;
use serde_json::{Map, Value};

use super::patch;
use crate::redact::secrets_in;

/// One tool of a client.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
}

/// What a tool's arguments mean, with the names of the arguments.
#[derive(Debug)]
pub(super) enum Shape {
    /// Touches nothing outside the conversation.
    Quiet,
    /// Sends a few words to a search service.
    Search,
    Command {
        line: &'static str,
        folder: &'static str,
    },
    /// Text for a program that runs already, which may be a shell. Nothing means to wait for it.
    Typed {
        text: &'static str,
    },
    Write {
        path: &'static str,
        text: &'static str,
    },
    Replace {
        path: &'static str,
        old: &'static str,
        new: &'static str,
    },
    /// Several replacements in a list, each with a path of its own, or all in one file.
    Edits {
        path: &'static str,
        list: &'static str,
        old: &'static str,
        new: &'static str,
    },
    Insert {
        path: &'static str,
        text: &'static str,
    },
    Patch {
        text: &'static str,
    },
    Blocks {
        path: &'static str,
        text: &'static str,
    },
    Folder {
        path: &'static str,
    },
    Delete {
        path: &'static str,
    },
    Read {
        path: &'static str,
    },
    /// Looks around in a folder; in the session's own when none is named.
    Look {
        path: &'static str,
    },
    Fetch {
        url: &'static str,
    },
    /// Fetches the addresses that stand in a text.
    FetchNamed {
        text: &'static str,
    },
    Delegate {
        brief: &'static str,
    },
    /// A task of an editor: a program and its arguments.
    Task,
    /// A call of an MCP server in the clients that have one tool for all of them.
    Mcp {
        server: &'static str,
        tool: &'static str,
        arguments: &'static str,
    },
}

pub(super) const fn row(name: &'static str, shape: Shape) -> Row {
    Row { name, shape }
}

/// What a call of a tool would do. Empty: nothing outside the conversation. A tool that is not
/// known, or whose arguments are not as they should be, is judged by its name and arguments.
pub(super) fn actions(tables: &[&[Row]], client: &str, tool: &str, arguments: &Value) -> Vec<Action> {
    let parsed;
    let arguments = match arguments {
        // Some clients send the arguments as JSON in a string.
        Value::String(text) => {
            parsed = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()));
            &parsed
        }
        other => other,
    };
    let known = tables.iter().flat_map(|table| table.iter()).find(|row| row.name == tool);
    if let (Some(row), Some(map)) = (known, arguments.as_object())
        && let Some(actions) = row.shape.actions(map, arguments)
    {
        return actions;
    }
    // A patch may come as the bare text.
    if let (Some(Row { shape: Shape::Patch { .. }, .. }), Value::String(text)) = (known, arguments)
        && let Some(actions) = patch::edits(text)
    {
        return actions;
    }
    vec![unknown(client, tool, arguments)]
}

fn unknown(client: &str, tool: &str, arguments: &Value) -> Action {
    let named = tool.strip_prefix("mcp__").and_then(|rest| rest.split_once("__"));
    let (server, tool) = named.unwrap_or((client, tool));
    call(server, tool, arguments)
}

/// A call of a tool of an MCP server.
pub(super) fn call(server: &str, tool: &str, arguments: &Value) -> Action {
    let arguments = match arguments {
        Value::Object(map) => map.clone(),
        Value::Null => Map::new(),
        other => Map::from_iter([("arguments".to_owned(), other.clone())]),
    };
    Action::Tool {
        server: server.to_owned(),
        tool: tool.to_owned(),
        arguments,
        annotations: None,
        description: None,
    }
}

impl Shape {
    /// `None` when the arguments are not as they should be.
    fn actions(&self, map: &Map<String, Value>, whole: &Value) -> Option<Vec<Action>> {
        let text = |name: &str| map.get(name).and_then(Value::as_str);
        let owned = |name: &str| text(name).map(str::to_owned);
        let one = |action: Action| Some(vec![action]);
        match *self {
            Self::Quiet => Some(Vec::new()),
            Self::Search => secrets_in(&whole.to_string()).is_empty().then(Vec::new),
            Self::Command { line, folder } => {
                one(Action::Command { command: owned(line)?, cwd: owned(folder).filter(|at| !at.is_empty()) })
            }
            Self::Typed { text: name } => {
                let typed = map.get(name).map_or(Some(""), Value::as_str)?;
                if typed.chars().all(|c| c.is_whitespace() || c.is_control()) {
                    Some(Vec::new())
                } else {
                    one(command(typed))
                }
            }
            Self::Write { path, text } => {
                one(Action::Edit { path: owned(path)?, old: None, new: owned(text)? })
            }
            Self::Replace { path, old, new } => one(edit(owned(path)?, owned(old), owned(new)?)),
            Self::Edits { path, list, old, new } => {
                let list = map.get(list)?.as_array()?;
                list.iter()
                    .map(|item| {
                        let of = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
                        Some(edit(of(path).or_else(|| owned(path))?, of(old), of(new)?))
                    })
                    .collect()
            }
            Self::Insert { path, text } => one(Action::Edit {
                path: owned(path)?,
                old: Some(String::new()),
                new: map.get(text).map_or(Some(String::new()), lines)?,
            }),
            Self::Patch { text: name } => patch::edits(text(name)?),
            Self::Blocks { path, text: name } => patch::blocks(text(path)?, text(name)?),
            Self::Folder { path } => one(Action::Command {
                command: format!("mkdir -p -- {}", patch::quoted(text(path)?)),
                cwd: None,
            }),
            Self::Delete { path } => one(Action::Delete { path: owned(path)? }),
            Self::Read { path } => one(Action::Read { path: owned(path)? }),
            Self::Look { path } => match map.get(path) {
                None | Some(Value::Null) => Some(Vec::new()),
                Some(Value::String(path)) if path.is_empty() => Some(Vec::new()),
                Some(path) => paths(path, |path| Action::Read { path }),
            },
            Self::Fetch { url } => paths(map.get(url)?, fetch),
            Self::FetchNamed { text: name } => {
                let found: Vec<Action> = addresses(text(name)?).map(fetch).collect();
                (!found.is_empty()).then_some(found)
            }
            Self::Delegate { brief } => one(Action::Delegate { prompt: owned(brief)? }),
            Self::Task => {
                let task = map.get("task")?;
                let mut command = task.get("command")?.as_str()?.to_owned();
                for word in task.get("args").and_then(Value::as_array).into_iter().flatten() {
                    command.push(' ');
                    command.push_str(word.as_str()?);
                }
                one(Action::Command { command, cwd: None })
            }
            Self::Mcp { server, tool, arguments } => {
                let given = map.get(arguments).cloned().unwrap_or_default();
                let given = match &given {
                    Value::String(text) => serde_json::from_str(text).unwrap_or(given),
                    _ => given,
                };
                one(call(text(server)?, text(tool)?, &given))
            }
        }
    }
}

fn command(line: &str) -> Action {
    Action::Command { command: line.to_owned(), cwd: None }
}

/// An edit. Nothing to look for means that the text is the whole file.
fn edit(path: String, old: Option<String>, new: String) -> Action {
    Action::Edit { path, old: old.filter(|old| !old.is_empty()), new }
}

pub(super) fn fetch(url: String) -> Action {
    Action::Fetch { url, method: "GET".to_owned(), body: None }
}

/// A text, or a list of lines.
fn lines(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => {
            let lines: Option<Vec<&str>> = lines.iter().map(Value::as_str).collect();
            Some(lines?.join("\n"))
        }
        _ => None,
    }
}

/// One action for a text, or one for each text of a list.
fn paths(value: &Value, action: impl Fn(String) -> Action) -> Option<Vec<Action>> {
    match value {
        Value::String(text) => Some(vec![action(text.clone())]),
        Value::Array(list) => list.iter().map(|one| Some(action(one.as_str()?.to_owned()))).collect(),
        _ => None,
    }
}

/// The addresses that stand in a text.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| c.is_whitespace() || "\"'<>`()[]{}".contains(c)).filter_map(|word| {
        let at = word.find("http://").or_else(|| word.find("https://"))?;
        let address = word.get(at..)?.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        Some(address.to_owned())
    })
}
