//! The schemas and `types.ts` are generated from the types. A stale one is rewritten, and the test
//! fails once so that the change is seen.

#![expect(clippy::disallowed_methods, reason = "the test writes the generated files")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use banksman_protocol as protocol;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};
use ts_rs::TS;

/// Calls a macro with every type on the wire, in the order in which `types.ts` shows them.
macro_rules! with_types {
    ($each:ident, $($argument:expr),*) => {
        $each!(
            [$($argument),*]
            Action Annotations
            Decision Span Place Finding EffectView Certainty Reversibility Verdict
            ReviewParams ResolveParams Answer Resolution ExplainParams Explanation ConsentView Provenance
            SessionParams SessionState Mode SetModeParams PromptParams ContentParams Origin OriginKind
            OutcomeParams SessionEndParams VerdictParams AskParams AskResult InjectionSpan
            ClientCapability ServerCapability InitializationOptions
            ReplayEvent ReplayAnswer
        )
    };
}

macro_rules! declarations {
    ([$config:expr] $($name:ident)*) => {
        [$((protocol::$name::docs(), protocol::$name::decl($config))),*]
    };
}

macro_rules! subschemas {
    ([$generator:expr] $($name:ident)*) => {
        $($generator.subschema_for::<protocol::$name>();)*
    };
}

#[test]
fn types_ts_is_up_to_date() {
    let config = ts_rs::Config::new().with_large_int("number");
    let mut text = "// Generated from the types in protocol/src. Do not edit.\n".to_owned();
    for (docs, declaration) in with_types!(declarations, &config) {
        text.push('\n');
        text.push_str(&docs.unwrap_or_default());
        text.push_str("export ");
        text.push_str(&declaration);
        text.push('\n');
    }
    text.push_str("\n/** The names of the messages. */\nexport const method = {\n");
    for (name, method) in METHODS {
        text.push_str(&format!("  {name}: \"{method}\",\n"));
    }
    text.push_str("} as const;\n");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    assert_current("types.ts", &(lines.join("\n") + "\n"));
}

#[test]
fn action_schema_is_up_to_date() {
    assert_current("action.schema.json", &schema::<protocol::Action>("Banksman action"));
}

#[test]
fn verdict_schema_is_up_to_date() {
    assert_current("verdict.schema.json", &schema::<protocol::Verdict>("Banksman verdict"));
}

#[test]
fn replay_schema_is_up_to_date() {
    assert_current("replay.schema.json", &schema::<protocol::ReplayEvent>("One line of a recorded session"));
}

#[test]
fn messages_schema_is_up_to_date() {
    let mut generator = generator();
    with_types!(subschemas, generator);
    let definitions: std::collections::BTreeMap<String, Value> =
        generator.take_definitions(true).into_iter().collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Every type on Banksman's wire",
        "$defs": definitions,
    });
    assert_current("messages.schema.json", &pretty(&schema));
}

#[test]
fn methods_are_listed_completely() {
    let source = include_str!("../src/method.rs");
    assert_eq!(source.matches("pub const").count(), METHODS.len());
}

const METHODS: [(&str, &str); 11] = [
    ("review", protocol::method::REVIEW),
    ("resolve", protocol::method::RESOLVE),
    ("explain", protocol::method::EXPLAIN),
    ("session", protocol::method::SESSION),
    ("setMode", protocol::method::SET_MODE),
    ("prompt", protocol::method::PROMPT),
    ("content", protocol::method::CONTENT),
    ("outcome", protocol::method::OUTCOME),
    ("sessionEnd", protocol::method::SESSION_END),
    ("verdict", protocol::method::VERDICT),
    ("ask", protocol::method::ASK),
];

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().into_generator()
}

fn schema<T: JsonSchema>(title: &str) -> String {
    let mut schema = generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), json!(title));
    pretty(&schema.to_value())
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap();
    text.push('\n');
    text
}

fn assert_current(name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let found = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if found != wanted {
        std::fs::write(&path, wanted).unwrap();
    }
    assert!(found == wanted, "{name} was stale and has been rewritten: look at the difference and run again");
}
