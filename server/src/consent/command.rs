//! Command lines that the user asks to run as they are.

use super::Operation::{self, *};
use super::Target;
use super::sentence::{Kind, Token};

/// The programs that a prompt typed as a bare command line begins with.
const PROGRAMS: &[&str] = &[
    "git",
    "npm",
    "npx",
    "pnpm",
    "yarn",
    "cargo",
    "docker",
    "docker-compose",
    "kubectl",
    "pip",
    "pip3",
    "python",
    "python3",
    "node",
    "rm",
    "sudo",
    "cp",
    "mv",
    "ls",
    "cd",
    "curl",
    "wget",
    "ssh",
    "scp",
    "apt",
    "apt-get",
    "brew",
    "terraform",
    "aws",
    "gcloud",
    "gh",
    "helm",
    "chmod",
    "chown",
    "mkdir",
    "rsync",
    "systemctl",
    "pytest",
    "uv",
    "uvx",
    "poetry",
    "bun",
    "deno",
    "psql",
    "sqlite3",
    "mysql",
    "redis-cli",
    "bash",
    "sh",
    "zsh",
    "pkill",
    "killall",
    "tar",
    "unzip",
    "grep",
    "rg",
    "sed",
    "awk",
    "twine",
    "rustup",
    "composer",
    "bundle",
    "gem",
    "mvn",
    "gradle",
    "./gradlew",
    "dotnet",
    "ansible",
    "crontab",
    "dd",
    "ln",
    "echo",
    "export",
    "source",
    "tox",
    "ruff",
    "black",
    "mypy",
    "eslint",
    "tsc",
    "jest",
    "vercel",
    "netlify",
    "fly",
    "heroku",
    "flyctl",
];

/// Programs whose names are English verbs: only with a flag, or as a short line.
const WORDS: &[&str] = &[
    "make", "kill", "find", "go", "cat", "test", "sort", "touch", "cut", "install", "node", "just", "watch",
];

const PROSE: &[&str] = &[
    "the", "my", "a", "an", "please", "is", "are", "this", "that", "it", "them", "all", "your", "you", "i",
    "we", "because", "with", "for", "so", "should", "was", "would", "me", "sure", "and", "then", "if",
    "when", "what", "why", "how", "does", "doesn't", "don't", "?",
];

/// The text is a command line and nothing else.
pub(super) fn is_command(text: &str) -> bool {
    let text = stripped(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(first) = words.first() else { return false };
    let prose = words
        .iter()
        .skip(1)
        .any(|word| PROSE.contains(&word.trim_matches([',', '.', '?', '!']).to_lowercase().as_str()));
    if text.ends_with('?') || prose {
        return false;
    }
    let flagged = words.iter().skip(1).any(|word| word.starts_with('-') && word.len() > 1)
        || text.contains(['|', '>'])
        || text.contains("&&");
    let path = first.starts_with("./") && first.len() > 2;
    PROGRAMS.contains(first) && (words.len() <= 6 || flagged)
        || path
        || WORDS.contains(first) && (flagged || words.len() == 2 && *first == "make")
}

/// Without the prompt sign that a terminal shows.
pub(super) fn stripped(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("$ ")
        .or_else(|| text.strip_prefix("! "))
        .or_else(|| text.strip_prefix('!'))
        .unwrap_or(text)
        .trim()
}

/// The command line that the words after "run" give: quoted, or bare to the end.
pub(super) fn after_run(tokens: &[Token]) -> Vec<String> {
    let quoted: Vec<String> = tokens
        .iter()
        .filter(|token| token.kind == Kind::Code || token.kind == Kind::Quote && is_command(&token.raw))
        .map(|token| token.raw.clone())
        .collect();
    if !quoted.is_empty() {
        return quoted;
    }
    let words: Vec<&str> = tokens
        .iter()
        .skip_while(|token| matches!(token.low.as_str(), "the" | "a" | "command" | ":" | "please" | "now"))
        .take_while(|token| {
            token.is_word()
                && !matches!(
                    token.low.as_str(),
                    "and" | "then" | "please" | "again" | "to" | "in" | "for" | "until" | "from"
                )
        })
        .map(|token| token.raw.as_str())
        .collect();
    let line = words.join(" ");
    if is_command(&line) && words.len() > 1 { vec![line] } else { Vec::new() }
}

/// The action is this command, with at most what changes nothing about it.
pub(super) fn is_same(asked: &str, command: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let asked = plain(stripped(asked));
    let mut command = plain(command);
    if asked.is_empty() {
        return false;
    }
    if command == asked {
        return true;
    }
    if let Some((folder, rest)) = command.split_once(" && ")
        && folder
            .strip_prefix("cd ")
            .is_some_and(|path| !path.contains([';', '|', '&', '$', '`', '(', '<', '>']))
    {
        command = rest.to_owned();
    }
    if let Some((line, filter)) = command.rsplit_once(" | ")
        && is_shortening(filter)
    {
        command = line.to_owned();
    }
    command.strip_suffix(" 2>&1").unwrap_or(&command) == asked
}

fn is_shortening(filter: &str) -> bool {
    let mut words = filter.split_whitespace();
    matches!(words.next(), Some("tail" | "head"))
        && words.all(|word| word == "-n" || word.trim_start_matches('-').chars().all(|c| c.is_ascii_digit()))
}

/// What a command line that the user gave allows in other spellings too.
pub(super) fn allows(command: &str) -> Vec<(Operation, Target)> {
    let command = stripped(command).to_lowercase();
    if command.contains(['|', ';', '&', '$', '`', '<', '>', '(']) {
        return Vec::new();
    }
    let words: Vec<&str> = command.split_whitespace().collect();
    let plain: Vec<String> =
        words.iter().skip(2).filter(|word| !word.starts_with('-')).map(|word| (*word).to_owned()).collect();
    let flag = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let named = |names: Vec<String>| {
        if names.is_empty() { Target::Named(vec!["@branch".to_owned()]) } else { Target::Named(names) }
    };
    match (words.first().copied(), words.get(1).copied()) {
        (Some("git"), Some("push")) => {
            let remote = plain.first().cloned().unwrap_or_else(|| "origin".to_owned());
            let refs: Vec<String> =
                plain.iter().skip(1).map(|name| name.trim_start_matches('+').to_owned()).collect();
            let all: Vec<String> =
                refs.iter().flat_map(|name| [name.clone(), format!("{remote}/{name}")]).collect();
            if flag(&["--delete", "-d"]) {
                return vec![(
                    DeleteRef,
                    named(refs.iter().map(|name| format!("{remote}/{name}")).collect()),
                )];
            }
            let forced = flag(&["--force", "-f", "--force-with-lease"]);
            vec![(if forced { ForcePush } else { Push }, named(all))]
        }
        (Some("brew" | "apt" | "apt-get"), Some("install")) if !plain.is_empty() => {
            vec![(InstallGlobal, Target::Named(plain))]
        }
        (Some("git"), Some("commit")) => vec![(Commit, named(Vec::new()))],
        (Some("git"), Some("tag")) => vec![(Tag, named(plain))],
        (Some("git"), Some("branch")) if flag(&["-d", "--delete"]) => vec![(DeleteRef, named(plain))],
        (Some("npm" | "cargo" | "yarn" | "pnpm"), Some("publish")) => {
            vec![(Publish, Target::Named(vec!["@package".to_owned()]))]
        }
        (Some("rm"), _) => {
            let names: Vec<String> = words
                .iter()
                .skip(1)
                .filter(|word| !word.starts_with('-'))
                .map(|word| (*word).to_owned())
                .collect();
            if names.is_empty() { Vec::new() } else { vec![(Delete, Target::Named(names))] }
        }
        (
            Some("npm" | "cargo" | "yarn" | "pnpm" | "pip" | "pip3" | "uv" | "bun"),
            Some("install" | "add" | "i"),
        ) if !plain.is_empty() => {
            vec![(Install, Target::Named(plain))]
        }
        _ => Vec::new(),
    }
}
