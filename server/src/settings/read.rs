//! From text to options: whatever cannot be read is reported and left out, the rest stays.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::options::{Options, OwnRuleOptions, RuleOptions};
use super::problem::{Report, did_you_mean};

/// The keys of [`Options`]. A test compares them with the schema.
const KEYS: &[&str] = &[
    "mode",
    "ask_deadline_seconds",
    "pause_after_blocks_in_a_row",
    "pause_after_blocks",
    "hosts",
    "remotes",
    "protected",
    "shared_branches",
    "rules",
    "allow",
    "ask",
    "block",
];
/// The keys of [`OwnRuleOptions`].
const OWN_RULE_KEYS: &[&str] =
    &["command", "effect", "path", "host", "package", "tool", "branch", "reason", "examples", "not_examples"];
/// The keys of [`RuleOptions`].
const RULE_KEYS: &[&str] = &["level"];

/// Options as written in one place, with where their parts stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub(super) options: Options,
    /// Where each key stands.
    pub(super) keys: Vec<(String, Option<usize>)>,
    /// Where each entry of `allow`, `ask` and `block` stands, in their order.
    pub(super) own: [Vec<Option<usize>>; 3],
}

impl Written {
    /// Where a key stands, as `mode` or `rules.NAME`.
    pub(super) fn at(&self, key: &str) -> Option<usize> {
        self.keys.iter().find(|(known, _)| known == key).and_then(|(_, at)| *at)
    }
}

/// Reads TOML.
pub(super) fn toml(text: &str, report: &mut Report<'_>) -> Written {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        report.add(error.span().map(|span| span.start), error.message().to_owned(), None);
    }
    options(&table_node(table.into_inner()), report)
}

/// Reads an editor's configuration. `null` stands for what is not set.
pub(super) fn json(value: &Value, report: &mut Report<'_>) -> Written {
    match value {
        Value::Null => Written::default(),
        Value::Object(object) => options(&object_node(object), report),
        _ => {
            report.add(None, "must be an object", None);
            Written::default()
        }
    }
}

/// A value with where it stands, whatever it is written in.
#[derive(Debug)]
struct Node {
    at: Option<usize>,
    value: Tree,
}

#[derive(Debug)]
enum Tree {
    Leaf(Value),
    List(Vec<Node>),
    Table(Table),
}

type Table = Vec<(String, Option<usize>, Node)>;

fn options(table: &Table, report: &mut Report<'_>) -> Written {
    let mut written = Written::default();
    for (key, at, node) in table {
        if !KEYS.contains(&key.as_str()) {
            unknown(report, *at, "key", key, KEYS);
            continue;
        }
        written.keys.push((key.clone(), node.at.or(*at)));
        let known = &mut written.options;
        match key.as_str() {
            "allow" => (known.allow, written.own[0]) = own_rules(key, node, report),
            "ask" => (known.ask, written.own[1]) = own_rules(key, node, report),
            "block" => (known.block, written.own[2]) = own_rules(key, node, report),
            "rules" => rules(node, &mut written, report),
            "hosts" => known.hosts = strings(key, node, report),
            "remotes" => known.remotes = strings(key, node, report),
            "protected" => known.protected = strings(key, node, report),
            "shared_branches" => known.shared_branches = Some(strings(key, node, report)),
            "mode" => known.mode = field(key, node, report),
            "ask_deadline_seconds" => {
                known.ask_deadline_seconds = field(key, node, report).filter(|seconds| {
                    let fits = (1..=86_400).contains(seconds);
                    if !fits {
                        report.add(node.at, "`ask_deadline_seconds` must be from 1 to 86400", None);
                    }
                    fits
                });
            }
            "pause_after_blocks_in_a_row" => known.pause_after_blocks_in_a_row = field(key, node, report),
            "pause_after_blocks" => known.pause_after_blocks = field(key, node, report),
            _ => {}
        }
    }
    written
}

fn rules(node: &Node, written: &mut Written, report: &mut Report<'_>) {
    let Tree::Table(table) = &node.value else {
        report.add(node.at, "`rules` must be a table, as in `[rules.NAME]`", None);
        return;
    };
    for (name, at, node) in table {
        if crate::rules::named(name).is_none() {
            let names = crate::rules::ALL.iter().map(|rule| rule.name);
            report.add(*at, format!("there is no rule `{name}`"), did_you_mean(name, names));
            continue;
        }
        let Tree::Table(fields) = &node.value else {
            let suggestion = Some(format!("write `[rules.{name}]` and `level = \"ask\"`"));
            report.add(node.at, format!("`rules.{name}` must be a table"), suggestion);
            continue;
        };
        let mut rule = RuleOptions::default();
        for (key, at, node) in fields {
            match key.as_str() {
                "level" => rule.level = field(&format!("rules.{name}.level"), node, report),
                _ => unknown(report, *at, "key", key, RULE_KEYS),
            }
        }
        written.keys.push((format!("rules.{name}"), *at));
        written.options.rules.insert(name.clone(), rule);
    }
}

fn own_rules(key: &str, node: &Node, report: &mut Report<'_>) -> (Vec<OwnRuleOptions>, Vec<Option<usize>>) {
    let (mut rules, mut places) = (Vec::new(), Vec::new());
    let Tree::List(entries) = &node.value else {
        report.add(node.at, format!("`{key}` must be a list of tables, as in `[[{key}]]`"), None);
        return (rules, places);
    };
    for entry in entries {
        let Tree::Table(fields) = &entry.value else {
            report.add(entry.at, format!("`{key}` must hold tables, as in `[[{key}]]`"), None);
            continue;
        };
        let mut kept = Map::new();
        let mut sound = true;
        for (name, at, node) in fields {
            if !OWN_RULE_KEYS.contains(&name.as_str()) {
                unknown(report, *at, "key", name, OWN_RULE_KEYS);
                // Without a condition that it was meant to have, a rule would say more than it should.
                sound = false;
                continue;
            }
            let alone = Value::Object([(name.clone(), plain(node))].into_iter().collect());
            match serde_json::from_value::<OwnRuleOptions>(alone) {
                Ok(_) => {
                    kept.insert(name.clone(), plain(node));
                }
                Err(error) => {
                    bad(report, node.at, &format!("{key}.{name}"), &error);
                    sound = false;
                }
            }
        }
        if !sound {
            report.add(entry.at, format!("this `[[{key}]]` rule is left out until it is corrected"), None);
            continue;
        }
        if let Ok(rule) = serde_json::from_value(Value::Object(kept)) {
            rules.push(rule);
            places.push(entry.at);
        }
    }
    (rules, places)
}

fn strings(key: &str, node: &Node, report: &mut Report<'_>) -> Vec<String> {
    let Tree::List(entries) = &node.value else {
        report.add(
            node.at,
            format!("`{key}` must be a list of texts"),
            Some(format!("write `{key} = [\"…\"]`")),
        );
        return Vec::new();
    };
    entries.iter().filter_map(|entry| field(key, entry, report)).collect()
}

fn field<T: DeserializeOwned>(key: &str, node: &Node, report: &mut Report<'_>) -> Option<T> {
    serde_json::from_value(plain(node)).map_err(|error| bad(report, node.at, key, &error)).ok()
}

fn unknown(report: &mut Report<'_>, at: Option<usize>, what: &str, word: &str, known: &[&str]) {
    let suggestion = did_you_mean(word, known.iter().copied())
        .unwrap_or_else(|| format!("known here: {}", known.join(", ")));
    report.add(at, format!("unknown {what} `{word}`"), Some(suggestion));
}

/// A value that serde does not take. What it expected stands in backticks in its message.
fn bad(report: &mut Report<'_>, at: Option<usize>, key: &str, error: &serde_json::Error) {
    let message = error.to_string();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let suggestion = match (message.starts_with("unknown variant"), quoted.next()) {
        (true, Some(word)) => {
            let known: Vec<&str> = quoted.collect();
            did_you_mean(word, known.iter().copied())
                .or_else(|| Some(format!("one of: {}", known.join(", "))))
        }
        _ => None,
    };
    let told = match message.split_once(", expected") {
        Some((told, _)) if suggestion.is_some() => told.replace("unknown variant", "unknown value"),
        _ => message,
    };
    report.add(at, format!("`{key}`: {told}"), suggestion);
}

fn plain(node: &Node) -> Value {
    match &node.value {
        Tree::Leaf(value) => value.clone(),
        Tree::List(nodes) => Value::Array(nodes.iter().map(plain).collect()),
        Tree::Table(table) => {
            Value::Object(table.iter().map(|(key, _, node)| (key.clone(), plain(node))).collect())
        }
    }
}

fn table_node(table: DeTable<'_>) -> Table {
    let mut out: Table = table
        .into_iter()
        .map(|(key, value)| {
            (key.get_ref().to_string(), Some(key.span().start), toml_node(value.span(), value.into_inner()))
        })
        .collect();
    out.sort_by_key(|(_, at, _)| *at);
    out
}

fn toml_node(span: Range<usize>, value: DeValue<'_>) -> Node {
    let value = match value {
        DeValue::String(text) => Tree::Leaf(Value::String(text.into_owned())),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            let number = i64::from_str_radix(&digits, number.radix());
            Tree::Leaf(number.map_or(Value::String(digits), Value::from))
        }
        DeValue::Float(number) => {
            let digits = number.as_str().replace('_', "");
            Tree::Leaf(digits.parse::<f64>().map_or(Value::Null, Value::from))
        }
        DeValue::Boolean(yes) => Tree::Leaf(Value::Bool(yes)),
        DeValue::Datetime(time) => Tree::Leaf(Value::String(time.to_string())),
        DeValue::Array(items) => {
            Tree::List(items.into_iter().map(|item| toml_node(item.span(), item.into_inner())).collect())
        }
        DeValue::Table(table) => Tree::Table(table_node(table)),
    };
    Node { at: Some(span.start), value }
}

fn object_node(object: &Map<String, Value>) -> Table {
    object
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.clone(), None, json_node(value)))
        .collect()
}

fn json_node(value: &Value) -> Node {
    let value = match value {
        Value::Array(items) => Tree::List(items.iter().map(json_node).collect()),
        Value::Object(object) => Tree::Table(object_node(object)),
        leaf => Tree::Leaf(leaf.clone()),
    };
    Node { at: None, value }
}

#[cfg(test)]
mod tests {
    use super::super::problem::Problem;
    use super::*;
    use banksman_protocol::Mode;
    use std::path::Path;

    fn read(text: &str) -> (Options, Vec<Problem>) {
        let mut report = Report::new(Path::new("/w/banksman.toml"), text);
        let written = toml(text, &mut report);
        (written.options, report.finish())
    }

    fn keys_of<T: schemars::JsonSchema>() -> Vec<String> {
        let schema = schemars::schema_for!(T);
        let mut keys: Vec<String> =
            schema.get("properties").and_then(Value::as_object).unwrap().keys().cloned().collect();
        keys.sort();
        keys
    }

    #[test]
    fn known_keys_are_those_of_the_schema() {
        let sorted = |keys: &[&str]| {
            let mut keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            keys.sort();
            keys
        };
        assert_eq!(keys_of::<Options>(), sorted(KEYS));
        assert_eq!(keys_of::<OwnRuleOptions>(), sorted(OWN_RULE_KEYS));
        assert_eq!(keys_of::<RuleOptions>(), sorted(RULE_KEYS));
    }

    #[test]
    fn reports_an_unknown_key_with_its_place_and_keeps_the_rest() {
        let (options, problems) =
            read("mode = \"strict\"\n\naks_deadline_seconds = 3\npause_after_blocks = 9\n");
        assert_eq!(options.mode, Some(Mode::Strict));
        assert_eq!(options.pause_after_blocks, Some(9));
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        assert_eq!((problem.line, problem.column), (3, 1));
        assert_eq!(problem.message, "unknown key `aks_deadline_seconds`");
        assert_eq!(problem.suggestion.as_deref(), Some("did you mean `ask_deadline_seconds`?"));
        assert_eq!(
            problem.to_string(),
            "/w/banksman.toml:3:1: unknown key `aks_deadline_seconds` (did you mean `ask_deadline_seconds`?)"
        );
    }

    #[test]
    fn reports_a_bad_value_with_its_place_and_keeps_the_rest() {
        let (options, problems) =
            read("mode = \"stirct\"\npause_after_blocks = \"many\"\nhosts = [\"a.example\", 3]\n");
        assert_eq!(options.mode, None);
        assert_eq!(options.hosts, ["a.example"]);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "/w/banksman.toml:1:8: `mode`: unknown value `stirct` (did you mean `strict`?)",
                "/w/banksman.toml:2:22: `pause_after_blocks`: invalid type: string \"many\", expected u32",
                "/w/banksman.toml:3:23: `hosts`: invalid type: integer `3`, expected a string",
            ]
        );
    }

    #[test]
    fn survives_broken_syntax_and_keeps_what_can_be_read() {
        let (options, problems) = read("mode = \"strict\"\nhosts = [\n");
        assert_eq!(options.mode, Some(Mode::Strict));
        assert!(!problems.is_empty());
        assert_eq!(problems[0].path, Path::new("/w/banksman.toml"));
    }

    #[test]
    fn leaves_out_a_rule_of_which_a_condition_cannot_be_read() {
        let (options, problems) =
            read("[[block]]\neffect = \"psuh\"\n\n[[block]]\neffect = \"push\"\nbranch = \"main\"\n");
        assert_eq!(options.block.len(), 1);
        assert_eq!(options.block[0].branch.as_deref(), Some("main"));
        assert_eq!(problems.len(), 2);
        assert_eq!(problems[1].line, 2);
        assert_eq!(problems[1].suggestion.as_deref(), Some("did you mean `push`?"));
    }

    #[test]
    fn reads_an_editors_configuration_of_the_same_shape() {
        let value = serde_json::json!({"mode": "plan", "hosts": null, "nonsense": 1});
        let mut report = Report::new(Path::new(""), "");
        let written = json(&value, &mut report);
        assert_eq!(written.options.mode, Some(Mode::Plan));
        let problems = report.finish();
        assert_eq!(problems.len(), 1);
        assert!(problems[0].to_string().starts_with("editor settings: unknown key `nonsense`"));
    }
}
