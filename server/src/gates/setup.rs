//! Where each client keeps its hooks, and how Banksman's are put there and taken away again.
//!
//! Settings are edited as text with comments: what others wrote stays as it stands. Everything
//! here goes from text to text; whoever calls reads and writes the files.

use std::time::Duration;

use jsonc_parser::ParseOptions;
use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject, CstRootNode};
use serde_json::Value;

pub mod plugin;
pub mod trust;

mod clients;
mod module;
mod words;

pub use clients::{CLIENTS, Client, Patience, Switch, client};
pub use words::{quoted, split};

/// How long a client waits for a hook that asks nobody, in seconds.
const SHORT: u32 = 30;
/// How long a client waits for a hook that may ask a person, in seconds.
const LONG: u32 = 330;
/// How long such a hook takes at the most, in seconds: longer than a person has, and shorter than the
/// client waits by as much as a busy machine may need to start a program.
pub const WAIT: u32 = 305;

/// How a client writes down one hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `{"matcher": "*", "hooks": [{…}]}` in the list of an event.
    Grouped,
    /// `{…}` in the list of an event.
    Flat,
    /// No settings but a text of Banksman's own, after this one.
    Module(&'static str),
}

/// One hook of Banksman that stands in a client's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The client's event.
    pub event: String,
    /// The program and its arguments.
    pub words: Vec<String>,
    /// It is called for every tool.
    pub everything: bool,
    /// How long the client waits for it, in milliseconds, when it says so.
    pub patience: Option<u64>,
    /// Where it stands in the list of its event: the group, and the place in the group.
    pub position: (usize, usize),
}

impl Found {
    /// How long the hook takes at the most when a person is asked.
    #[must_use]
    pub fn wait(&self) -> Duration {
        let told = self.words.iter().skip_while(|word| *word != "--wait").nth(1);
        told.and_then(|told| told.parse().ok()).map_or(super::hook::WAIT, Duration::from_secs)
    }
}

/// Why settings cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// Not JSON, not even with comments.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// Something stands where a list or an object should.
    #[error("`{0}` is not what the client expects there")]
    Shape(String),
    /// A text of the same name that Banksman did not write.
    #[error("somebody else wrote it")]
    Foreign,
    /// Banksman's own text was changed.
    #[error("it is not as Banksman wrote it; installing it anew mends that")]
    Altered,
}

/// The settings with Banksman's hooks in them. The same text when they stand there already.
///
/// # Errors
/// When the settings are not what the client expects.
pub fn installed(text: &str, client: &Client, program: &str) -> Result<String, SetupError> {
    if let Form::Module(template) = client.form {
        return module::installed(text, template, program);
    }
    let root = parse(text)?;
    let settings = root.object_value_or_create().ok_or_else(|| SetupError::Shape("the file".to_owned()))?;
    if client.version && settings.get("version").is_none() {
        settings.insert(0, "version", CstInputValue::Number("1".to_owned()));
    }
    let hooks =
        settings.object_value_or_create("hooks").ok_or_else(|| SetupError::Shape("hooks".to_owned()))?;
    for event in client.events {
        let closes = if client.gates.contains(event) { client.closes } else { "" };
        let list =
            hooks.array_value_or_create(event).ok_or_else(|| SetupError::Shape(format!("hooks.{event}")))?;
        let asks = client.asks.contains(event) && client.patience.is_some();
        let wait = if asks { format!(" --wait {WAIT}") } else { String::new() };
        let mut wanted = (client.entry)(&format!("{} hook {}{wait}{closes}", quoted(program), client.name));
        if let (Some(patience), CstInputValue::Object(entry)) = (client.patience, &mut wanted) {
            let seconds = if asks { LONG } else { SHORT };
            entry.push((patience.key.to_owned(), (seconds * patience.second).into()));
        }
        if !keep_one(&list, client, &wanted) {
            let entry = match client.form {
                Form::Flat | Form::Module(_) => wanted,
                Form::Grouped => {
                    let hooks = ("hooks".to_owned(), CstInputValue::Array(vec![wanted]));
                    let matcher = ("matcher".to_owned(), CstInputValue::String("*".to_owned()));
                    let matched = client.matched.contains(event);
                    CstInputValue::Object(if matched { vec![matcher, hooks] } else { vec![hooks] })
                }
            };
            list.append(entry);
            list.ensure_multiline();
        }
    }
    Ok(ended(root.to_string()))
}

/// The settings without Banksman's hooks. The same text when there are none.
///
/// # Errors
/// When the settings are not what the client expects.
pub fn uninstalled(text: &str, client: &Client) -> Result<String, SetupError> {
    if let Form::Module(_) = client.form {
        return Ok(module::uninstalled(text));
    }
    let root = parse(text)?;
    let Some(settings) = root.object_value() else { return Ok(text.to_owned()) };
    let Some(hooks) = settings.object_value("hooks") else { return Ok(text.to_owned()) };
    let mut removed = false;
    for property in hooks.properties() {
        let Some(list) = property.array_value() else { continue };
        let before = list.elements().len();
        let mut gone = false;
        for element in list.elements() {
            gone |= strip(element, client, None).is_some();
        }
        removed |= gone;
        if gone && before > 0 && list.elements().is_empty() {
            property.remove();
        }
    }
    if !removed {
        return Ok(text.to_owned());
    }
    if hooks.properties().is_empty()
        && let Some(property) = settings.get("hooks")
    {
        property.remove();
    }
    Ok(root.to_string())
}

/// Whether nothing is left in settings that Banksman made.
#[must_use]
pub fn is_bare(text: &str) -> bool {
    let Ok(root) = parse(text) else { return false };
    let Some(Value::Object(settings)) = root.to_serde_value() else { return text.trim().is_empty() };
    settings.keys().all(|key| key == "version")
}

/// Banksman's hooks in a client's settings.
///
/// # Errors
/// When the settings cannot be read.
pub fn found(text: &str, client: &Client) -> Result<Vec<Found>, SetupError> {
    if let Form::Module(template) = client.form {
        return module::found(text, template, client);
    }
    let mut found = Vec::new();
    let settings = parse(text)?.to_serde_value().unwrap_or_default();
    let Some(Value::Object(hooks)) = settings.get("hooks") else { return Ok(found) };
    for (event, list) in hooks {
        for (outer, element) in list.as_array().into_iter().flatten().enumerate() {
            let everything =
                matches!(element.get("matcher").and_then(Value::as_str), None | Some("" | "*" | ".*"));
            let inner = element.get("hooks").and_then(Value::as_array);
            let entries = inner.map_or_else(|| std::slice::from_ref(element), Vec::as_slice);
            for (at, entry) in entries.iter().enumerate() {
                if let Some(words) = ours(entry, client) {
                    let patience = client.patience.and_then(|patience| {
                        let told = entry.get(patience.key)?.as_u64()?;
                        Some(told.saturating_mul(1000) / u64::from(patience.second))
                    });
                    let (event, position) = (event.clone(), (outer, at));
                    found.push(Found { event, words, everything, patience, position });
                }
            }
        }
    }
    Ok(found)
}

/// Settings as a value, for whoever looks for switches in them. `None` when they cannot be read.
#[must_use]
pub fn value(text: &str) -> Option<Value> {
    parse(text).ok()?.to_serde_value()
}

fn parse(text: &str) -> Result<CstRootNode, SetupError> {
    let text = if text.trim().is_empty() { "{}" } else { text };
    CstRootNode::parse(text, &ParseOptions::default())
        .map_err(|error| SetupError::Unreadable(error.to_string()))
}

fn ended(mut text: String) -> String {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Takes away all of Banksman's hooks from a list but one that is just as it should be.
fn keep_one(list: &CstArray, client: &Client, wanted: &CstInputValue) -> bool {
    let wanted = plain(wanted);
    let mut kept = false;
    for element in list.elements() {
        let keep = if kept { None } else { Some(&wanted) };
        kept |= strip(element, client, keep) == Some(true);
    }
    kept
}

/// Takes Banksman's hooks out of one element of a list. `None`: there was none. Otherwise whether
/// the one that should be kept was among them.
fn strip(element: CstNode, client: &Client, keep: Option<&Value>) -> Option<bool> {
    let object: CstObject = element.as_object()?;
    let Some(inner) = object.array_value("hooks") else {
        let value = element.to_serde_value()?;
        ours(&value, client)?;
        if keep == Some(&value) {
            return Some(true);
        }
        element.remove();
        return Some(false);
    };
    let matcher =
        object.get("matcher").and_then(|property| property.value()).and_then(|value| value.to_serde_value());
    let everything = matches!(matcher.as_ref().map(Value::as_str), None | Some(Some("*")));
    let mut result = None;
    for entry in inner.elements() {
        let Some(value) = entry.to_serde_value().filter(|value| ours(value, client).is_some()) else {
            continue;
        };
        if result != Some(true) && everything && keep == Some(&value) {
            result = Some(true);
        } else {
            entry.remove();
            result = result.or(Some(false));
        }
    }
    if result.is_some() && inner.elements().is_empty() {
        element.remove();
    }
    result
}

/// The words of a hook that is Banksman's own.
fn ours(entry: &Value, client: &Client) -> Option<Vec<String>> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let words = match text("exec") {
        Some(program) => {
            let arguments = entry.get("args").and_then(Value::as_array).into_iter().flatten();
            let mut words = vec![program.to_owned()];
            words.extend(arguments.filter_map(Value::as_str).map(str::to_owned));
            words
        }
        None => {
            let line = text("command").or_else(|| text("bash"))?;
            split(line.strip_suffix(client.closes).unwrap_or(line))?
        }
    };
    let [program, hook, name, ..] = words.as_slice() else { return None };
    let file = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let is_ours = matches!(file, "banksman" | "banksman.exe") && hook == "hook" && name == client.name;
    is_ours.then_some(words)
}

fn plain(value: &CstInputValue) -> Value {
    match value {
        CstInputValue::Null => Value::Null,
        CstInputValue::Bool(value) => Value::Bool(*value),
        CstInputValue::Number(text) => serde_json::from_str(text).unwrap_or_default(),
        CstInputValue::String(text) => Value::String(text.clone()),
        CstInputValue::Array(list) => list.iter().map(plain).collect(),
        CstInputValue::Object(map) => map.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
    }
}

#[cfg(test)]
mod tests;
