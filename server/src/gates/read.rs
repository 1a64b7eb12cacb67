//! How values are taken out of what a client says.

use std::path::PathBuf;

use serde_json::Value;

/// How many bytes of one tool's output are read.
const OUTPUT: usize = 1024 * 1024;

/// The text under the first of these names that there is.
pub(super) fn text<'a>(value: &'a Value, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| value.get(name)?.as_str()).filter(|text| !text.is_empty())
}

/// The folder under the first of these names that there is, when it is absolute.
pub(super) fn folder(value: &Value, names: &[&str]) -> Option<PathBuf> {
    text(value, names).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// The first folder of a list.
pub(super) fn first_folder(value: &Value, name: &str) -> Option<PathBuf> {
    let first = value.get(name)?.as_array()?.first()?.as_str()?;
    Some(PathBuf::from(first)).filter(|path| path.is_absolute())
}

/// The texts that stand anywhere in a tool's output, one under the other.
pub(super) fn output(value: &Value) -> String {
    let mut text = String::new();
    gather(value, &mut text);
    text
}

fn gather(value: &Value, text: &mut String) {
    match value {
        Value::String(part) if text.len() < OUTPUT => {
            if !text.is_empty() {
                text.push('\n');
            }
            text.extend(part.chars().take(OUTPUT - text.len()));
        }
        Value::Array(parts) => parts.iter().for_each(|part| gather(part, text)),
        Value::Object(parts) => parts.values().for_each(|part| gather(part, text)),
        _ => {}
    }
}
