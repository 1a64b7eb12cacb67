//! Permission rules of clients, put in the words of `banksman.toml`.
//!
//! Everything here goes from text to text. What has no counterpart is told and never guessed; what
//! the settings would refuse, as a wholesale allow of an interpreter, is refused here too.

use banksman_protocol::Decision;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

use crate::settings::options::{EffectName, OwnRuleOptions};
use crate::settings::problems;

mod claude;
mod codex;
mod gemini;
mod vscode;

/// One rule of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// As it stands in the client's settings.
    pub written: String,
    /// What it says.
    pub decision: Decision,
    /// What it becomes, or why nothing.
    pub becomes: Result<Counterpart, String>,
}

/// What a rule of a client becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counterpart {
    /// A rule of the user's own.
    Rule(Box<OwnRuleOptions>),
    /// A host that the agent may talk to.
    Host(String),
}

/// Where a client keeps its permissions.
#[derive(Debug)]
pub struct Source {
    /// The client, as in `banksman install`.
    pub client: &'static str,
    /// The client's own name.
    pub title: &'static str,
    /// The files for all projects, below home.
    pub user: &'static [&'static str],
    /// The files of one project, below its folder.
    pub workspace: &'static [&'static str],
    /// Reads the rules in such a file.
    pub read: fn(&str) -> Result<Vec<Permission>, String>,
}

/// Every client whose permissions can be imported.
pub static SOURCES: &[Source] = &[
    Source {
        client: "claude",
        title: "Claude Code",
        user: &[".claude/settings.json", ".claude/settings.local.json"],
        workspace: &[".claude/settings.json", ".claude/settings.local.json"],
        read: claude::read,
    },
    Source {
        client: "codex",
        title: "Codex",
        user: &[".codex/rules/default.rules"],
        workspace: &[".codex/rules/default.rules"],
        read: codex::read,
    },
    Source {
        client: "gemini",
        title: "Gemini CLI",
        user: &[".gemini/settings.json"],
        workspace: &[".gemini/settings.json"],
        read: gemini::read,
    },
    Source {
        client: "vscode",
        title: "VS Code",
        user: &[
            ".config/Code/User/settings.json",
            "Library/Application Support/Code/User/settings.json",
            "AppData/Roaming/Code/User/settings.json",
        ],
        workspace: &[".vscode/settings.json"],
        read: vscode::read,
    },
];

/// The settings with what can be taken over. Whatever the settings themselves would refuse loses
/// its counterpart and says why. The same text when nothing is new.
///
/// # Errors
/// When the settings as they stand are not TOML.
pub fn merged(text: &str, title: &str, permissions: &mut [Permission]) -> Result<String, String> {
    let mut settings: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    let mut changed = false;
    for permission in permissions {
        let done = match &permission.becomes {
            Err(_) => continue,
            Ok(Counterpart::Host(host)) => add_host(&mut settings, host),
            Ok(Counterpart::Rule(rule)) => {
                add_rule(&mut settings, permission.decision, rule, &reason(title, &permission.written))
            }
        };
        match done {
            Ok(new) => changed |= new,
            Err(why) => permission.becomes = Err(why),
        }
    }
    Ok(if changed { settings.to_string() } else { text.to_owned() })
}

fn reason(title: &str, written: &str) -> String {
    format!("{title} has it as `{written}`")
}

fn add_host(settings: &mut DocumentMut, host: &str) -> Result<bool, String> {
    let hosts = settings.entry("hosts").or_insert_with(|| value(Array::new()));
    let hosts = hosts.as_array_mut().ok_or("`hosts` in your settings is no list")?;
    if hosts.iter().any(|known| known.as_str() == Some(host)) {
        return Ok(false);
    }
    hosts.push(host);
    Ok(true)
}

fn add_rule(
    settings: &mut DocumentMut,
    decision: Decision,
    rule: &OwnRuleOptions,
    reason: &str,
) -> Result<bool, String> {
    let effect = rule.effect.map(|effect| effect.as_str().to_owned());
    let parts = [
        ("command", &rule.command),
        ("effect", &effect),
        ("path", &rule.path),
        ("host", &rule.host),
        ("tool", &rule.tool),
    ];
    let key = decision.as_str();
    let mut table = Table::new();
    for (name, part) in parts {
        if let Some(part) = part {
            table.insert(name, value(part.as_str()));
        }
    }
    let mut alone = DocumentMut::new();
    alone.insert(key, Item::ArrayOfTables(ArrayOfTables::from_iter([table.clone()])));
    if let Some(problem) = problems(&alone.to_string()).first() {
        return Err(problem.message.clone());
    }
    let list = settings.entry(key).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let list = list
        .as_array_of_tables_mut()
        .ok_or_else(|| format!("`{key}` in your settings is no list of rules"))?;
    let said = |table: &Table, name: &str| {
        table.get(name).and_then(Item::as_value).and_then(Value::as_str).map(str::to_owned)
    };
    let same = |known: &Table| parts.iter().all(|(name, part)| said(known, name) == **part);
    if list.iter().any(same) {
        return Ok(false);
    }
    table.insert("reason", value(reason));
    list.push(table);
    Ok(true)
}

/// A command and whatever follows it.
fn command(words: &str, open: bool) -> Counterpart {
    let words = words.trim();
    let command = if open && !words.ends_with('*') { format!("{words} *") } else { words.to_owned() };
    Counterpart::Rule(Box::new(OwnRuleOptions { command: Some(command), ..OwnRuleOptions::default() }))
}

fn on_path(effect: EffectName, path: &str) -> Counterpart {
    Counterpart::Rule(Box::new(OwnRuleOptions {
        effect: Some(effect),
        path: Some(path.to_owned()),
        ..OwnRuleOptions::default()
    }))
}

fn on_tool(tool: String) -> Counterpart {
    Counterpart::Rule(Box::new(OwnRuleOptions { tool: Some(tool), ..OwnRuleOptions::default() }))
}

/// What is said about a host: to allow it is to trust it.
fn on_host(decision: Decision, host: &str) -> Counterpart {
    if decision == Decision::Allow {
        return Counterpart::Host(host.to_owned());
    }
    Counterpart::Rule(Box::new(OwnRuleOptions { host: Some(host.to_owned()), ..OwnRuleOptions::default() }))
}

#[cfg(test)]
mod tests;
