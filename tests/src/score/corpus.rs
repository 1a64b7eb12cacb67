//! Reads JSON Lines, gzipped or not.
#![expect(clippy::disallowed_methods, reason = "the sets are files")]

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use super::Failure;

/// The rows of a set; `None` when the file is not there.
///
/// # Errors
/// When the file cannot be read or a line is not JSON.
pub fn rows(folder: &Path, name: &str) -> Result<Option<Vec<Value>>, Failure> {
    let plain = folder.join(format!("{name}.jsonl"));
    let packed = folder.join(format!("{name}.jsonl.gz"));
    let input: Box<dyn Read> = if plain.is_file() {
        Box::new(File::open(&plain)?)
    } else if packed.is_file() {
        Box::new(MultiGzDecoder::new(File::open(&packed)?))
    } else {
        return Ok(None);
    };
    let mut rows = Vec::new();
    for (number, line) in BufReader::new(input).lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let row =
            serde_json::from_str(&line).map_err(|error| format!("`{name}`, line {}: {error}", number + 1))?;
        rows.push(row);
    }
    Ok(Some(rows))
}

/// The text of a field, or nothing.
#[must_use]
pub fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// A field of `meta`. Some rows hold it as an object, some as the text that Python prints of one.
#[must_use]
pub fn meta(row: &Value, field: &str) -> String {
    let Some(meta) = row.get("meta") else { return String::new() };
    if let Some(printed) = meta.as_str() {
        let after = printed.split_once(&format!("'{field}': ")).map_or("", |(_, after)| after);
        let quote = after.chars().next().filter(|first| matches!(first, '\'' | '"'));
        return quote.and_then(|quote| after.split(quote).nth(1)).unwrap_or_default().to_owned();
    }
    text(meta, field).to_owned()
}
