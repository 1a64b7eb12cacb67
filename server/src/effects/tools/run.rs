//! Tools that run something: a command line, code, a database statement.

use banksman_protocol::Span;

use super::arguments::Leaf;
use super::classes::Deed;
use super::{Call, files};
use crate::effects::{
    Effect, EffectKind, Elsewhere, Remote, ServiceClass, ServiceReach, programs, shell, sql,
};

/// What a command line is called.
const COMMANDS: &[&str] = &[
    "command",
    "cmd",
    "commandline",
    "shellcommand",
    "bashcommand",
    "commands",
    "shell",
    "bash",
    "cmdline",
    "terminalcommand",
    "exec",
    "run",
];
/// What it may be called by a tool whose name says that it runs something.
const LOOSE: &[&str] =
    &["script", "input", "code", "line", "text", "expression", "statement", "program", "executable"];
/// What follows a command.
const FOLLOWING: &[&str] = &["args", "argv", "arguments", "commandargs", "params"];
/// What code is called.
const CODE: &[&str] = &[
    "code",
    "script",
    "source",
    "sourcecode",
    "expression",
    "snippet",
    "python",
    "javascript",
    "js",
    "program",
    "input",
    "cell",
    "cellsource",
    "pythoncode",
    "function",
];
/// What a database statement is called.
const STATEMENTS: &[&str] =
    &["sql", "query", "statement", "sqlquery", "querytext", "sqlstatement", "queries", "statements"];
/// Words by which a tool says that it runs command lines.
const SHELLS: &[&str] = &[
    "bash",
    "shell",
    "terminal",
    "command",
    "cmd",
    "exec",
    "execute",
    "run",
    "console",
    "powershell",
    "zsh",
    "sh",
    "ssh",
    "commander",
    "runner",
    "spawn",
    "subprocess",
    "tmux",
];
/// Words by which it says that it runs code.
const INTERPRETERS: &[&str] = &[
    "python",
    "node",
    "javascript",
    "js",
    "ruby",
    "perl",
    "php",
    "code",
    "interpreter",
    "repl",
    "script",
    "jupyter",
    "notebook",
    "cell",
    "eval",
    "evaluate",
    "sandbox",
    "ipython",
    "typescript",
    "deno",
];
/// Words by which it says that it asks a database.
const DATABASES: &[&str] = &[
    "sql",
    "database",
    "db",
    "postgres",
    "postgresql",
    "mysql",
    "sqlite",
    "mariadb",
    "mssql",
    "bigquery",
    "snowflake",
    "supabase",
    "duckdb",
    "clickhouse",
    "redshift",
    "query",
    "neon",
    "planetscale",
    "oracle",
    "cockroach",
    "execute",
    "statement",
    "migration",
    "prisma",
    "trino",
    "databricks",
    "athena",
];
/// What an editing tool calls `command`.
const EDITING: &[&str] = &[
    "view",
    "create",
    "str_replace",
    "insert",
    "undo_edit",
    "delete",
    "rename",
    "read",
    "write",
    "edit",
    "append",
    "move",
];

/// What the call runs, when it runs something.
pub(super) fn of(call: &Call<'_>) -> Option<Vec<Effect>> {
    statement(call).or_else(|| code(call)).or_else(|| command(call)).or_else(|| ended(call))
}

/// The argument holds code, so that words in it are not addressed to anybody.
pub(super) fn is_code(leaf: &Leaf<'_>) -> bool {
    COMMANDS.contains(&leaf.key.as_str()) || CODE.contains(&leaf.key.as_str()) || leaf.key == "sql"
}

fn command(call: &Call<'_>) -> Option<Vec<Effect>> {
    let runs = call.name.has(SHELLS);
    let parts: Vec<&Leaf<'_>> = {
        let sure: Vec<_> = call.arguments.named(COMMANDS).collect();
        match sure.first() {
            Some(first) => sure.iter().filter(|leaf| leaf.key == first.key).copied().collect(),
            None if runs => call.arguments.text(LOOSE).into_iter().collect(),
            None => Vec::new(),
        }
    };
    let first = parts.first()?;
    let edits = EDITING.contains(&first.text) && (!runs || files::has_path(call));
    let bare = !runs && !first.text.contains(|c: char| c.is_whitespace() || ";|&$`<>(){}/".contains(c));
    if edits || (bare && parts.len() == 1) {
        return None;
    }
    let mut text = match parts.as_slice() {
        [only] => only.text.to_owned(),
        lines if first.key == "commands" => lines.iter().map(|leaf| leaf.text).collect::<Vec<_>>().join("\n"),
        words => words.iter().map(|leaf| quoted(leaf.text)).collect::<Vec<_>>().join(" "),
    };
    let alone = parts.len() == 1;
    let end = if alone { text.len() } else { 0 };
    for leaf in call.arguments.named(FOLLOWING) {
        text.push(' ');
        text.push_str(&quoted(leaf.text));
    }
    if let Some(place) = elsewhere(call) {
        let kind = EffectKind::RunElsewhere { place, command: Some(text) };
        return Some(vec![Effect::new(kind, first.span)]);
    }
    let cwd = call
        .arguments
        .text(&["cwd", "workingdirectory", "workdir", "workingdir", "directory", "dir"])
        .map(|leaf| leaf.text);
    let mut effects = shell::read_command(&text, cwd, call.world);
    for effect in &mut effects {
        effect.span = if effect.span.end <= end { first.inner(effect.span) } else { call.arguments.whole() };
    }
    Some(effects)
}

/// Another machine or container that the command runs on.
fn elsewhere(call: &Call<'_>) -> Option<Elsewhere> {
    let leaf = |keys: &[&str]| call.arguments.text(keys).map(|leaf| leaf.text.to_owned());
    if let Some(host) = leaf(&["host", "hostname", "remotehost", "sshhost", "serverip"]) {
        let remote = Remote::read(&host);
        return (!remote.local).then_some(Elsewhere::Host(remote));
    }
    if let Some(pod) = leaf(&["pod", "podname"]) {
        return Some(Elsewhere::Cluster(pod));
    }
    leaf(&["container", "containerid", "containername"]).map(Elsewhere::Container)
}

fn code(call: &Call<'_>) -> Option<Vec<Effect>> {
    if !call.name.is_of(INTERPRETERS) {
        return None;
    }
    if files::has_path(call) && call.name.deed != Some(Deed::Run) {
        return None;
    }
    let leaf = call.arguments.text(CODE)?;
    if call.name.is_of(&["browser", "page", "playwright", "puppeteer", "chrome", "devtools"]) {
        let class = if ["fetch(", "XMLHttpRequest", "sendBeacon", ".submit("]
            .iter()
            .any(|call| leaf.text.contains(call))
        {
            ServiceClass::Run
        } else {
            ServiceClass::Read
        };
        return Some(vec![Effect::new(super::services::tool(call, class), leaf.span)]);
    }
    let mut effects = shell::read_code(language(call, leaf.text), leaf.text, call.world);
    for effect in &mut effects {
        effect.span = leaf.inner(effect.span);
    }
    Some(effects)
}

fn language(call: &Call<'_>, code: &str) -> &'static str {
    let told = call.arguments.text(&["language", "lang", "runtime", "interpreter", "kernel"]);
    let told = told.map(|leaf| leaf.text.to_ascii_lowercase()).unwrap_or_default();
    let is = |words: &[&str]| words.iter().any(|word| told.starts_with(word)) || call.name.is_of(words);
    let looks = |signs: &[&str]| signs.iter().any(|sign| code.contains(sign));
    if is(&["python", "py", "ipython", "jupyter", "notebook"]) {
        "python"
    } else if is(&["node", "javascript", "js", "typescript", "ts", "deno", "bun"]) {
        "node"
    } else if is(&["ruby"]) {
        "ruby"
    } else if is(&["perl"]) {
        "perl"
    } else if is(&["php"]) {
        "php"
    } else if is(&["bash", "sh", "shell", "zsh"]) {
        "sh"
    } else if looks(&["require(", "const ", "let ", "=> {", "console.log"]) {
        "node"
    } else if looks(&["import ", "print(", "def ", "open("]) {
        "python"
    } else if code.split_whitespace().next().is_some_and(|word| programs::model(word).is_some()) {
        "sh"
    } else {
        "python"
    }
}

fn statement(call: &Call<'_>) -> Option<Vec<Effect>> {
    let leaf = call.arguments.text(STATEMENTS)?;
    let asks = leaf.key.contains("sql") || call.name.has(DATABASES) || call.name.served_by(DATABASES);
    if !asks {
        return None;
    }
    let first = leaf.text.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    if !VERBS.contains(&first.to_ascii_lowercase().as_str()) {
        return None;
    }
    let service = if call.server.is_empty() { "database" } else { call.server };
    let reach = if call.name.is_of(&["prod", "production", "live"]) {
        ServiceReach::Production
    } else if call.name.served_by(&["sqlite", "duckdb", "local"]) {
        ServiceReach::Local
    } else {
        ServiceReach::Remote
    };
    let mut effects: Vec<Effect> = Vec::new();
    for deed in sql::deeds(leaf.text) {
        let kind = EffectKind::Service {
            service: format!("{service} sql"),
            operation: deed.verb,
            target: deed.target,
            class: class_of(deed.does),
            reach,
        };
        let effect = Effect::new(kind, leaf.span);
        if !effects.contains(&effect) {
            effects.push(effect);
        }
    }
    (!effects.is_empty()).then_some(effects)
}

/// Words that statements begin with.
const VERBS: &[&str] = &[
    "select", "with", "insert", "update", "delete", "merge", "replace", "create", "alter", "drop",
    "truncate", "grant", "revoke", "copy", "load", "call", "do", "exec", "execute", "explain", "show",
    "describe", "desc", "pragma", "values", "analyze", "use", "set", "begin", "start", "commit", "rollback",
    "vacuum", "reindex", "comment", "rename", "attach", "detach", "export", "import", "unload", "optimize",
    "kill", "lock", "declare",
];

fn class_of(does: sql::Does) -> ServiceClass {
    match does {
        sql::Does::Reads => ServiceClass::Read,
        sql::Does::Changes => ServiceClass::Change,
        sql::Does::Destroys => ServiceClass::Destroy,
        sql::Does::Grants => ServiceClass::Grant,
        // The ways out of a database: commands, files and code of the server or its client.
        sql::Does::Runs
        | sql::Does::RunsHere
        | sql::Does::Writes
        | sql::Does::WritesHere
        | sql::Does::Opens
        | sql::Does::OpensHere
        | sql::Does::Includes
        | sql::Does::Loads
        | sql::Does::Unknown => ServiceClass::Run,
    }
}

/// Processes that the call ends.
fn ended(call: &Call<'_>) -> Option<Vec<Effect>> {
    let process =
        call.arguments.all().find(|leaf| matches!(leaf.key.as_str(), "pid" | "processid" | "pids"))?;
    if matches!(call.name.deed, Some(Deed::Look | Deed::List)) {
        return None;
    }
    let whose = crate::effects::Whose::Others;
    Some(vec![Effect::new(EffectKind::Kill { target: process.shown(), whose }, process.span)])
}

/// The text as one word of a command line.
pub(super) fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_./:=@%+,".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// A line that is read as if it were run in `cwd`, with its evidence at `span`.
pub(super) fn as_command(call: &Call<'_>, line: &str, cwd: Option<&str>, span: Span) -> Vec<Effect> {
    let mut effects = shell::read_command(line, cwd, call.world);
    for effect in &mut effects {
        effect.span = span;
    }
    effects
}
