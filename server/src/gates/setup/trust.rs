//! Which hooks Codex was told to trust.
//!
//! Codex runs a hook only when `config.toml` holds the hash of its definition, and passes over all
//! others without a word. The hash is taken of the definition as JSON, with the names in order.

use std::path::Path;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use toml_edit::{DocumentMut, Item, Table, TableLike, value};

use super::{Client, Found, SetupError};

/// What Codex takes for the time of a hook that names none, in seconds.
const TIMEOUT: i64 = 600;

/// One hook, as Codex knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Codex's event.
    pub event: String,
    /// The name under which its trust is noted.
    pub key: String,
    /// The hash of its definition as it stands.
    pub hash: String,
}

/// What Codex makes of a hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It runs.
    Given,
    /// It was trusted as it stood before, and is passed over now.
    Outdated,
    /// It is passed over.
    Missing,
    /// It is switched off.
    Off,
}

/// Banksman's hooks in a `hooks.json` that stands at this place.
///
/// # Errors
/// When the settings cannot be read.
pub fn known(text: &str, file: &Path, client: &Client) -> Result<Vec<Known>, SetupError> {
    let settings = super::value(text).unwrap_or_default();
    let found = super::found(text, client)?;
    Ok(found.iter().filter_map(|hook| describe(&settings, hook, file)).collect())
}

/// What Codex makes of a hook, after its `config.toml`.
#[must_use]
pub fn trust(config: &str, hook: &Known) -> Trust {
    let Ok(settings) = config.parse::<DocumentMut>() else { return Trust::Missing };
    let state = settings
        .get("hooks")
        .and_then(Item::as_table_like)
        .and_then(|hooks| hooks.get("state")?.as_table_like())
        .and_then(|state| state.get(&hook.key)?.as_table_like());
    let Some(state) = state else { return Trust::Missing };
    if state.get("enabled").and_then(Item::as_bool) == Some(false) {
        return Trust::Off;
    }
    match state.get("trusted_hash").and_then(Item::as_str) {
        None => Trust::Missing,
        Some(hash) if hash == hook.hash => Trust::Given,
        Some(_) => Trust::Outdated,
    }
}

/// The `config.toml` with these hooks trusted. What else stands in it stays.
///
/// # Errors
/// When it is not what Codex expects.
pub fn trusted(config: &str, hooks: &[Known]) -> Result<String, SetupError> {
    let mut settings: DocumentMut = config
        .parse()
        .map_err(|error: toml_edit::TomlError| SetupError::Unreadable(error.message().to_owned()))?;
    let state = table(settings.as_table_mut(), "hooks").and_then(|hooks| table(hooks, "state"));
    let state = state.ok_or_else(|| SetupError::Shape("hooks.state".to_owned()))?;
    for hook in hooks {
        let shape = || SetupError::Shape(format!("hooks.state.\"{}\"", hook.key));
        let entry = state.entry(&hook.key).or_insert_with(|| Item::Table(Table::new()));
        let entry = entry.as_table_like_mut().ok_or_else(shape)?;
        entry.insert("trusted_hash", value(hook.hash.as_str()));
    }
    Ok(settings.to_string())
}

/// The table of this name, made when there is none.
fn table<'a>(settings: &'a mut dyn TableLike, name: &str) -> Option<&'a mut dyn TableLike> {
    let made = || {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    };
    settings.entry(name).or_insert_with(made).as_table_like_mut()
}

fn describe(settings: &Value, hook: &Found, file: &Path) -> Option<Known> {
    let (outer, inner) = hook.position;
    let group = settings.get("hooks")?.get(&hook.event)?.get(outer)?;
    let handler = group.get("hooks")?.get(inner)?;
    let label = snake(&hook.event);
    let mut normal = Map::new();
    normal.insert("type".to_owned(), json!("command"));
    normal.insert("command".to_owned(), handler.get("command")?.clone());
    let timeout = handler.get("timeout").and_then(Value::as_i64).unwrap_or(TIMEOUT).max(1);
    normal.insert("timeout".to_owned(), json!(timeout));
    normal.insert("async".to_owned(), json!(false));
    if let Some(message) = handler.get("statusMessage") {
        normal.insert("statusMessage".to_owned(), message.clone());
    }
    let mut identity = Map::new();
    identity.insert("event_name".to_owned(), json!(label));
    identity.insert("hooks".to_owned(), json!([normal]));
    // Prompts have nothing to match.
    if let Some(matcher) = group.get("matcher").filter(|_| label != "user_prompt_submit") {
        identity.insert("matcher".to_owned(), matcher.clone());
    }
    let hash = Sha256::digest(sorted(&Value::Object(identity)).to_string());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = format!("{}:{label}:{outer}:{inner}", file.display());
    Some(Known { event: hook.event.clone(), key, hash: format!("sha256:{hash}") })
}

/// The same value with the names of all objects in order.
pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            names.sort();
            let entry = |name: &String| Some((name.clone(), sorted(map.get(name)?)));
            Value::Object(names.into_iter().filter_map(entry).collect())
        }
        Value::Array(list) => list.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
