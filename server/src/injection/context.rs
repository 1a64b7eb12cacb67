//! Weighs a sign by where it stands: in talk about attacks, in a quotation, in a file that is
//! there to instruct agents.

use banksman_protocol::{Origin, OriginKind};

use super::{Found, boundary, signs::Kind};

/// Words by which a passage shows that it speaks about instructions rather than giving them.
const TALK: [&str; 34] = [
    "prompt injection",
    "prompt-injection",
    "prompt_injection",
    "injection attack",
    "injection attempt",
    "jailbreak",
    "attacker",
    "adversar",
    "malicious",
    "attack",
    "phrases like",
    "patterns like",
    "phrases such",
    "such as \"",
    "detects",
    "detection",
    "detector",
    "payload",
    "red team",
    "red-team",
    "exploit",
    "guardrail",
    "owasp",
    "sanitiz",
    "sanitis",
    "untrusted",
    "hijack",
    "manipulat",
    "classifier",
    "poison",
    "vulnerab",
    "mitigat",
    "threat model",
    "test case",
];

/// Makes signs lighter where the text around them gives another reason for them.
pub(super) fn weigh(text: &str, origin: &Origin, all: &mut [Found]) {
    if all.is_empty() {
        return;
    }
    let instructs = is_for_agents(origin);
    for found in all {
        if instructs {
            found.weight *= in_instructions(found.kind);
        }
        if matches!(found.kind, Kind::Hidden | Kind::Encoded) {
            continue;
        }
        let talk = talks(text, found);
        let quoted = quoted(text, found);
        let told = found.kind == Kind::Override && told(text, found);
        found.weight *= match (talk, quoted, told) {
            (true, true, _) => 0.3,
            (true, false, true) => 0.4,
            (true, false, false) => 0.7,
            (false, true, true) => 0.5,
            (false, true, false) => 0.9,
            (false, false, true) => 0.6,
            (false, false, false) => 1.0,
        };
    }
}

/// How much a sign says in a file that is there to instruct agents.
fn in_instructions(kind: Kind) -> f64 {
    match kind {
        Kind::Role | Kind::Address | Kind::Task | Kind::Command | Kind::Pressure => 0.3,
        Kind::Leak | Kind::Authority => 0.5,
        Kind::Override | Kind::Secrecy => 0.7,
        Kind::Hidden | Kind::Encoded => 1.0,
    }
}

/// The text is a file of the project that tells agents how to work there.
#[must_use]
pub fn is_for_agents(origin: &Origin) -> bool {
    if origin.kind != OriginKind::File {
        return false;
    }
    let path = origin.name.to_ascii_lowercase();
    if ["node_modules/", "site-packages/", "vendor/", "/.cargo/registry/"]
        .iter()
        .any(|foreign| path.contains(foreign))
    {
        return false;
    }
    let name = path.rsplit('/').next().unwrap_or(&path);
    const NAMES: [&str; 14] = [
        "agents.md",
        "agent.md",
        "claude.md",
        "claude.local.md",
        "gemini.md",
        "codex.md",
        "copilot-instructions.md",
        ".cursorrules",
        ".windsurfrules",
        ".clinerules",
        "skill.md",
        "conventions.md",
        "llms.txt",
        ".goosehints",
    ];
    NAMES.contains(&name)
        || [".mdc", ".instructions.md", ".prompt.md", ".chatmode.md", ".agent.md"]
            .iter()
            .any(|ending| name.ends_with(ending))
        || [
            ".cursor/rules/",
            ".claude/",
            ".github/prompts/",
            ".github/instructions/",
            "prompts/",
            ".clinerules/",
        ]
        .iter()
        .any(|folder| path.contains(folder))
}

/// The passage around the sign speaks about attacks.
fn talks(text: &str, found: &Found) -> bool {
    let around = |start: usize, end: usize| {
        text.get(boundary(text, start)..boundary(text, end.min(text.len())))
            .unwrap_or_default()
            .to_lowercase()
    };
    let before = around(found.start.saturating_sub(300), found.start);
    let after = around(found.end, found.end + 150);
    TALK.iter().any(|word| before.contains(word) || after.contains(word))
}

/// The sign stands at the beginning of a quotation.
fn quoted(text: &str, found: &Found) -> bool {
    let start = boundary(text, found.start.saturating_sub(24));
    let before = text.get(start..found.start).unwrap_or_default();
    let end = boundary(text, (found.end + 120).min(text.len()));
    let after = text.get(found.end..end).unwrap_or_default();
    let opens = |c: char| matches!(c, '"' | '\'' | '`' | '“' | '‘' | '«' | '「' | '|' | '/');
    let own = text.get(found.start..found.end).unwrap_or_default();
    (before.contains(opens) || own.starts_with(opens))
        && after.contains(|c: char| opens(c) || matches!(c, '”' | '’' | '»'))
}

/// Somebody is told of who would do it: `to ignore …`, `they ignore …`, not `you must ignore …`.
fn told(text: &str, found: &Found) -> bool {
    let start = boundary(text, found.start.saturating_sub(48));
    let before = text.get(start..found.start).unwrap_or_default().to_lowercase();
    let words: Vec<&str> = before.split_whitespace().collect();
    let last = words.last().copied().unwrap_or_default();
    let led = [
        "to", "can", "could", "might", "may", "would", "will", "not", "never", "they", "and", "or", "then",
        "that", "don't", "cannot",
    ];
    led.contains(&last)
        && !words.iter().any(|word| matches!(*word, "you" | "must" | "should" | "want" | "please"))
}
