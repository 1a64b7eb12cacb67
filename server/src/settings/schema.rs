//! What editors and people are told about the settings: the JSON schema and the table of keys.

use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::options::Options;

/// The JSON schema of a `banksman.toml`.
#[must_use]
pub fn schema() -> String {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Options>();
    schema.insert("title".to_owned(), "banksman.toml".into());
    // A key that is not known is reported, so editors may underline it too.
    schema.insert("additionalProperties".to_owned(), false.into());
    for definition in schema.pointer_mut("/definitions").and_then(Value::as_object_mut).into_iter().flatten()
    {
        if let (_, Value::Object(definition)) = definition
            && definition.contains_key("properties")
        {
            definition.insert("additionalProperties".to_owned(), false.into());
        }
    }
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// The keys of a `banksman.toml`, as a table in Markdown.
#[must_use]
pub fn reference() -> String {
    let schema: Value = serde_json::from_str(&schema()).unwrap_or_default();
    let mut out = String::from("| key | meaning |\n|---|---|\n");
    table(&mut out, "", schema.get("properties"));
    for (definition, prefix) in [("RuleOptions", "rules.NAME."), ("OwnRuleOptions", "allow/ask/block: ")] {
        let definition = schema.get("definitions").and_then(|all| all.get(definition));
        table(&mut out, prefix, definition.and_then(|definition| definition.get("properties")));
    }
    out
}

fn table(out: &mut String, prefix: &str, properties: Option<&Value>) {
    for (key, about) in properties.and_then(Value::as_object).into_iter().flatten() {
        let meaning = about.get("description").and_then(Value::as_str).unwrap_or_default();
        let meaning = meaning.replace('\n', " ").replace('|', "\\|");
        let _ = writeln!(out, "| `{prefix}{key}` | {meaning} |");
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "generated files are compared on disk")]

    use std::path::{Path, PathBuf};

    use super::*;

    fn top(file: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)
    }

    /// Writes what should stand there and fails, when something else does.
    fn ensure(path: &Path, wanted: &str) {
        let found = std::fs::read_to_string(path).unwrap_or_default();
        if found.replace("\r\n", "\n") != wanted {
            std::fs::write(path, wanted).unwrap();
            panic!("{} was stale and is written anew; look at it and commit it", path.display());
        }
    }

    #[test]
    fn the_schema_that_is_checked_in_is_not_stale() {
        ensure(&top("protocol/banksman.toml.schema.json"), &schema());
    }

    #[test]
    fn the_table_in_the_readme_is_not_stale() {
        let (start, end) = ("<!-- settings -->\n", "<!-- /settings -->");
        let path = top("README.md");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if let Some((before, rest)) = text.split_once(start) {
            let (_, after) = rest.split_once(end).unwrap();
            ensure(&path, &format!("{before}{start}{}{end}{after}", reference()));
        }
        assert!(reference().contains("| `mode` |"));
    }

    #[test]
    fn every_key_is_described() {
        let described = reference().lines().skip(2).all(|line| !line.ends_with("|  |"));
        assert!(described, "{}", reference());
    }
}
