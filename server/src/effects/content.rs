//! What a text that is written into a file will do once it is there, and which secrets stand in it.
//!
//! A file that runs later is read as if it ran: of what it would do, the grave effects count
//! already when it is written.

use std::path::Path;

use banksman_protocol::{Certainty, Span};

use super::{Effect, EffectKind, Source, Whose, shell};
use crate::world::{Place, Role, Scope, World};

/// How many bytes of a written text are looked at.
const LOOKED_AT: usize = 64 * 1024;

/// The grave effects that the written text will have when it is run.
#[must_use]
pub(super) fn later(place: &Place, old: Option<&str>, new: &str, world: &World<'_>) -> Vec<Effect> {
    if new.len() > LOOKED_AT || matches!(place.scope, Scope::Sink) {
        return Vec::new();
    }
    let before: Vec<EffectKind> = old
        .map(|old| runs(place, old, world).into_iter().flat_map(|(text, _)| shell::read_code(language(place, &text), &text, world)).map(|effect| effect.kind).collect())
        .unwrap_or_default();
    let mut effects = Vec::new();
    for (text, at) in runs(place, new, world) {
        for effect in shell::read_code(language(place, &text), &text, world) {
            // What stood there before is not the edit's doing.
            if !is_grave(&effect.kind) || before.contains(&effect.kind) {
                continue;
            }
            let span = Span::new(at + effect.span.start, at + effect.span.end);
            effects.push(Effect { span, certainty: effect.certainty.min(Certainty::Likely), ..effect });
        }
    }
    effects
}

/// What nobody wants in a file that runs, whatever runs it.
fn is_grave(kind: &EffectKind) -> bool {
    match kind {
        EffectKind::RunDownloaded { .. }
        | EffectKind::OpenShell { .. }
        | EffectKind::Tunnel { .. }
        | EffectKind::Device { .. }
        | EffectKind::Persist { .. }
        | EffectKind::Exhaust { .. } => true,
        EffectKind::Delete { place, recursive, .. } => {
            is_system(place) || (*recursive && place.scope == Scope::Home)
        }
        EffectKind::Move { from, to, .. } => is_system(from) || is_system(to),
        EffectKind::Permit { place, .. } | EffectKind::Link { place, .. } => is_system(place),
        EffectKind::Kill { whose, .. } => *whose == Whose::Everything,
        EffectKind::Write { place, .. } => {
            is_system(place)
                || matches!(
                    place.role,
                    Role::ShellStartup
                        | Role::Persistence
                        | Role::MachineSettings
                        | Role::AgentSettings
                        | Role::Guard
                )
        }
        EffectKind::Read { place } => matches!(place.role, Role::Secret(_)) && place.scope != Scope::Workspace,
        EffectKind::Send { what, .. } => what.iter().any(|source| match source {
            Source::File(place) => matches!(place.role, Role::Secret(_)),
            Source::Environment | Source::Secret(_) => true,
            Source::Variable(name) => super::secret_variable(name),
            Source::Url(_) | Source::Output(_) => false,
        }),
        _ => false,
    }
}

/// What belongs to the machine, not to the project or the user.
fn is_system(place: &Place) -> bool {
    matches!(place.scope, Scope::Root | Scope::HomeRoot | Scope::System | Scope::Device)
}

/// The parts of a text that run, each with the byte it begins at.
fn runs(place: &Place, text: &str, world: &World<'_>) -> Vec<(String, usize)> {
    let name = place.name().to_ascii_lowercase();
    let extension = Path::new(&name).extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default();
    let _ = world;
    match extension.as_str() {
        "sh" | "bash" | "zsh" | "py" | "pyw" | "js" | "mjs" | "cjs" | "ts" | "mts" | "rb" | "pl" | "php" => vec![(text.to_owned(), 0)],
        "json" => json_strings(text),
        "yml" | "yaml" => yaml_commands(text),
        "mk" => recipes(text),
        "toml" | "md" | "txt" | "rst" | "html" | "css" | "lock" | "csv" => Vec::new(),
        _ if name == "makefile" || name == "gnumakefile" || name == "justfile" => recipes(text),
        _ if name == "dockerfile" || name.starts_with("dockerfile.") || name == "containerfile" => docker_commands(text),
        _ if text.starts_with("#!") => vec![(text.to_owned(), 0)],
        _ if matches!(place.role, Role::ShellStartup | Role::GitHook) => vec![(text.to_owned(), 0)],
        _ => Vec::new(),
    }
}

fn language(place: &Place, text: &str) -> &'static str {
    let name = place.name().to_ascii_lowercase();
    let extension = Path::new(&name).extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    match extension.as_str() {
        "py" | "pyw" => "python",
        "js" | "mjs" | "cjs" | "ts" | "mts" => "node",
        "rb" => "ruby",
        "pl" => "perl",
        "php" => "php",
        _ if first.starts_with("#!") && first.contains("python") => "python",
        _ if first.starts_with("#!") && first.contains("node") => "node",
        _ if first.starts_with("#!") && first.contains("ruby") => "ruby",
        _ if first.starts_with("#!") && first.contains("perl") => "perl",
        _ => "sh",
    }
}

/// Strings of a JSON file that are commands: the values of scripts, hooks and tasks.
fn json_strings(text: &str) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut base = 0;
    while let Some(at) = rest.find("\": \"").or_else(|| rest.find("\":\"")) {
        let start = at + rest.get(at..).and_then(|tail| tail.get(2..)).and_then(|tail| tail.find('"')).map_or(2, |quote| quote + 3);
        let Some(value) = rest.get(start..) else { break };
        let mut end = 0;
        let mut escaped = false;
        for (index, c) in value.char_indices() {
            if c == '"' && !escaped {
                end = index;
                break;
            }
            escaped = c == '\\' && !escaped;
        }
        let raw = value.get(..end).unwrap_or_default();
        if raw.contains(' ') && raw.len() < 4_096 {
            let plain = serde_json::from_str::<String>(&format!("\"{raw}\"")).unwrap_or_else(|_| raw.to_owned());
            out.push((plain, base + start));
        }
        let next = start + end + 1;
        base += next;
        match rest.get(next..) {
            Some(after) => rest = after,
            None => break,
        }
    }
    out
}

/// `run:`, `script:`, `command:` and the like, with their blocks.
fn yaml_commands(text: &str) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    let mut offset = 0;
    let mut block: Option<(usize, usize, String)> = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if let Some((depth, start, mut body)) = block.take() {
            if line.trim().is_empty() || indent > depth {
                body.push_str(line);
                block = Some((depth, start, body));
                offset += line.len();
                continue;
            }
            out.push((body, start));
        }
        let bare = line.trim().trim_start_matches("- ");
        if let Some((key, value)) = bare.split_once(':')
            && matches!(key.trim(), "run" | "script" | "command" | "cmd" | "entry" | "before_script" | "after_script" | "entrypoint" | "postCreateCommand" | "install" | "args")
        {
            let value = value.trim();
            if value.is_empty() || value.starts_with('|') || value.starts_with('>') {
                block = Some((indent, offset + line.len(), String::new()));
            } else if let Some(at) = line.find(value) {
                out.push((value.trim_matches(['"', '\'']).to_owned(), offset + at));
            }
        }
        offset += line.len();
    }
    if let Some((_, start, body)) = block {
        out.push((body, start));
    }
    // Items of a list of commands stand behind dashes.
    out.into_iter()
        .map(|(body, start)| {
            let lines: Vec<String> = body.lines().map(|line| line.trim_start().trim_start_matches("- ").to_owned()).collect();
            (lines.join("\n"), start)
        })
        .collect()
}

/// The recipes of a makefile: lines that begin with a tab.
fn recipes(text: &str) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(['\t', ' ']) && !line.trim().is_empty() {
            let command = line.trim().trim_start_matches(['@', '-', '+']).replace("$$", "$");
            let at = line.find(command.as_str()).unwrap_or(0);
            out.push((command, offset + at));
        } else if line.contains("$(shell ")
            && let Some((_, inner)) = line.split_once("$(shell ")
        {
            let at = line.find(inner).unwrap_or(0);
            out.push((inner.trim_end().trim_end_matches(')').to_owned(), offset + at));
        }
        offset += line.len();
    }
    out
}

fn docker_commands(text: &str) -> Vec<(String, usize)> {
    // What a container build runs, it runs in the container: only what it downloads and runs matters here,
    // and that is the container's own affair.
    let _ = text;
    Vec::new()
}

/// Secrets that stand in a text word for word.
#[must_use]
pub(super) fn secrets(text: &str) -> Vec<Source> {
    let mut out: Vec<Source> = Vec::new();
    for (_, kind) in crate::redact::secrets_in(text) {
        let source = Source::Secret(kind.to_owned());
        if !out.contains(&source) {
            out.push(source);
        }
    }
    out
}
