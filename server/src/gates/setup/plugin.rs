//! The plugin of Claude Code in `editors/claude-code`: the hooks and the language server in one
//! folder, for whoever installs plugins and not settings. It wants `banksman` on the path.

use serde_json::{Value, json};

use super::{client, installed, value};

/// What the program is called when its place is not known.
const PROGRAM: &str = "banksman";

/// Files in which a warning of the language server reaches the agent.
const LANGUAGES: &[(&str, &str)] = &[
    (".sh", "shellscript"),
    (".bash", "shellscript"),
    (".md", "markdown"),
    (".json", "json"),
    (".yml", "yaml"),
    (".yaml", "yaml"),
    (".toml", "toml"),
    (".js", "javascript"),
    (".ts", "typescript"),
    (".py", "python"),
    (".rs", "rust"),
    (".go", "go"),
];

/// The files of the plugin, by their paths in its folder.
#[must_use]
pub fn files() -> Vec<(&'static str, String)> {
    let hooks = client("claude").and_then(|client| value(&installed("", client, PROGRAM).ok()?));
    let extensions: serde_json::Map<String, Value> =
        LANGUAGES.iter().map(|(extension, language)| ((*extension).to_owned(), json!(language))).collect();
    let plugin = json!({
        "name": "banksman",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Reviews every action that Claude Code proposes, before it runs",
        "license": "MIT OR Apache-2.0",
    });
    let server = json!({
        "banksman": { "command": PROGRAM, "args": ["lsp"], "extensionToLanguage": extensions },
    });
    vec![
        (".claude-plugin/plugin.json", pretty(&plugin)),
        (".lsp.json", pretty(&server)),
        ("hooks/hooks.json", pretty(&hooks.unwrap_or_default())),
    ]
}

fn pretty(value: &Value) -> String {
    format!("{:#}\n", super::trust::sorted(value))
}
