//! Command lines that stand in manifests, pipelines and makefiles, each with the byte it begins at.

/// Strings of a JSON file that are commands: the values of scripts, hooks and tasks.
pub(super) fn json_strings(name: &str, text: &str) -> Vec<(String, usize)> {
    let manifest = matches!(name, "package.json" | "composer.json" | "deno.json" | "deno.jsonc");
    let mut out = Vec::new();
    let mut rest = text;
    let mut base = 0;
    while let Some(at) = rest.find("\": \"").or_else(|| rest.find("\":\"")) {
        let start = at
            + rest
                .get(at..)
                .and_then(|tail| tail.get(2..))
                .and_then(|tail| tail.find('"'))
                .map_or(2, |quote| quote + 3);
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
        let key = rest.get(..at).and_then(|before| before.rsplit('"').next()).unwrap_or_default();
        let runs = if manifest { !is_told(key) } else { is_command(key) };
        if runs && raw.contains(' ') && raw.len() < 4_096 {
            let plain =
                serde_json::from_str::<String>(&format!("\"{raw}\"")).unwrap_or_else(|_| raw.to_owned());
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

/// Keys of a manifest that only tell people something.
fn is_told(key: &str) -> bool {
    matches!(
        key,
        "description"
            | "name"
            | "version"
            | "author"
            | "license"
            | "homepage"
            | "url"
            | "title"
            | "message"
            | "email"
    )
}

/// Keys under which a settings file holds a command.
fn is_command(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "cmd" | "run" | "script" | "exec" | "shell" | "test" | "build" | "start" | "install" | "task"
    ) || lower.ends_with("command")
        || lower.ends_with("script")
}

/// The commands that a build script in Rust starts, as command lines.
pub(super) fn rust_commands(text: &str) -> Vec<(String, usize)> {
    const NEW: &str = "Command::new(";
    text.match_indices(NEW)
        .filter_map(|(at, _)| {
            let rest = text.get(at + NEW.len()..)?;
            let whole = rest.get(..rest.find(';').unwrap_or(rest.len()))?;
            let words: Vec<String> = whole
                .split('"')
                .skip(1)
                .step_by(2)
                .map(|word| format!("'{}'", word.replace('\'', "'\\''")))
                .collect();
            (!words.is_empty()).then(|| (words.join(" "), at))
        })
        .collect()
}

/// `run:`, `script:`, `command:` and the like, with their blocks.
pub(super) fn yaml_commands(text: &str) -> Vec<(String, usize)> {
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
            && matches!(
                key.trim(),
                "run"
                    | "script"
                    | "command"
                    | "cmd"
                    | "cmds"
                    | "sh"
                    | "commands"
                    | "entry"
                    | "before_script"
                    | "after_script"
                    | "entrypoint"
                    | "postCreateCommand"
                    | "install"
                    | "args"
            )
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
            let lines: Vec<String> = body.lines().map(|line| item(line).to_owned()).collect();
            (lines.join("\n"), start)
        })
        .collect()
}

/// A command of a list, with or without a key of its own.
fn item(line: &str) -> &str {
    let bare = line.trim_start().trim_start_matches("- ");
    bare.strip_prefix("cmd: ").or_else(|| bare.strip_prefix("sh: ")).unwrap_or(bare)
}

/// The recipes of a makefile or justfile, and what it runs while it is read, as the shell sees them.
pub(super) fn recipes(text: &str) -> Vec<(String, usize)> {
    let variables: Vec<(&str, &str)> = text.lines().filter_map(assignment).collect();
    let mut out = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let recipe = if line.starts_with(['\t', ' ']) {
            Some(line.trim()).filter(|line| !line.is_empty())
        } else {
            // `target: needs ; command`, `NAME != command`
            match assignment(line) {
                Some((_, value)) if line.contains("!=") => Some(value),
                Some(_) => None,
                None => {
                    line.split_once(';').filter(|(rule, _)| rule.contains(':')).map(|(_, line)| line.trim())
                }
            }
        };
        if let Some(recipe) = recipe {
            let command = recipe.trim_start_matches(['@', '-', '+']);
            let at = line.find(command).unwrap_or(0);
            out.push((as_shell(command, &variables, 0), offset + at));
        } else if let Some((before, _)) = line.split_once("$(shell ") {
            let inner = line.get(before.len()..).unwrap_or_default().trim_end();
            out.push((as_shell(inner, &variables, 0), offset + before.len()));
        }
        offset += line.len();
    }
    out
}

/// `NAME = VALUE` in its several forms.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("export ").or_else(|| line.strip_prefix("override ")).unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end_matches([':', '?', '+', '!']).trim();
    is_name(name).then(|| (name, value.trim()))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// How many variables of a makefile may stand in each other.
const VARIABLES: usize = 4;
/// Variables of a makefile that come from the environment as a rule.
const INHERITED: [&str; 6] = ["HOME", "USER", "PWD", "TMPDIR", "PATH", "SHELL"];

/// A line of a makefile as the shell gets it: `$$` is a dollar, `$(NAME)` a value, `$(shell …)` what a
/// command prints. A variable of which nothing is known stands as a plain word: it is set elsewhere, and
/// not empty.
pub(super) fn as_shell(line: &str, variables: &[(&str, &str)], depth: usize) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let Some(inner) = after.chars().next().and_then(|open| enclosed(after, open)) else {
            out.push('$');
            continue;
        };
        rest = after.get(inner.len() + 2..).unwrap_or_default();
        if let Some(command) = inner.strip_prefix("shell ") {
            out.push_str("$(");
            out.push_str(&as_shell(command, variables, depth));
            out.push(')');
        } else if let Some((_, value)) = variables.iter().rev().find(|(name, _)| *name == inner)
            && depth < VARIABLES
        {
            out.push_str(&as_shell(value, variables, depth + 1));
        } else if INHERITED.contains(&inner) {
            out.push_str("${");
            out.push_str(inner);
            out.push('}');
        } else {
            out.push_str("made");
        }
    }
    out.push_str(rest);
    out
}

/// What stands between the parenthesis or brace that the text begins with and the one that closes it.
fn enclosed(text: &str, open: char) -> Option<&str> {
    let close = match open {
        '(' => ')',
        '{' => '}',
        _ => return None,
    };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return text.get(1..at);
            }
        }
    }
    None
}
