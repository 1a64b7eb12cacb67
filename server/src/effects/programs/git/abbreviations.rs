//! Long options of git as they may be written: cut short, and taken back by `--no-`.

use crate::effects::argv::{Arg, Parsed};

/// Long options of commands that can lose something, for options that are cut short.
const LONG: &[(&str, &[&str])] = &[
    (
        "reset",
        &[
            "hard",
            "soft",
            "mixed",
            "merge",
            "keep",
            "patch",
            "quiet",
            "refresh",
            "intent-to-add",
            "pathspec-from-file",
            "recurse-submodules",
        ],
    ),
    ("clean", &["force", "dry-run", "interactive", "exclude", "quiet"]),
    (
        "checkout",
        &[
            "force",
            "ours",
            "theirs",
            "patch",
            "orphan",
            "merge",
            "detach",
            "track",
            "quiet",
            "progress",
            "conflict",
            "pathspec-from-file",
            "overlay",
            "guess",
            "unified",
            "inter-hunk-context",
        ],
    ),
    (
        "restore",
        &[
            "staged",
            "source",
            "worktree",
            "ours",
            "theirs",
            "patch",
            "quiet",
            "progress",
            "conflict",
            "pathspec-from-file",
            "overlay",
            "merge",
            "unified",
            "inter-hunk-context",
        ],
    ),
    ("switch", &["force", "force-create", "discard-changes", "create", "detach", "orphan", "merge", "track"]),
    ("gc", &["prune", "aggressive", "auto", "quiet", "force", "keep-largest-pack", "detach", "cruft"]),
    ("rm", &["cached", "dry-run", "force", "quiet", "ignore-unmatch", "sparse", "pathspec-from-file"]),
    ("branch", &["delete", "force", "move", "copy", "list", "remotes", "all", "merged", "contains", "sort"]),
    (
        "push",
        &[
            "force",
            "force-with-lease",
            "force-if-includes",
            "delete",
            "mirror",
            "all",
            "tags",
            "follow-tags",
            "prune",
            "dry-run",
            "repo",
            "set-upstream",
            "verify",
            "receive-pack",
            "exec",
            "atomic",
            "quiet",
        ],
    ),
    ("tag", &["delete", "force", "list", "verify", "message", "annotate", "sign"]),
];

/// What the short form of an option is called in full, for options that `--no-` takes back.
const SHORT: &[(&str, &str)] = &[
    ("-f", "force"),
    ("-p", "patch"),
    ("-n", "dry-run"),
    ("-S", "staged"),
    ("-W", "worktree"),
    ("-d", "delete"),
];

/// Writes out options that are cut short as git allows it, and drops those that a later `--no-` takes back.
pub(super) fn written_out(command: &str, parsed: &mut Parsed) {
    if let Some((_, known)) = LONG.iter().find(|(name, _)| *name == command) {
        for option in &mut parsed.options {
            let (no, cut) = match option.name.strip_prefix("--no-") {
                Some(cut) => ("no-", cut),
                None => ("", option.name.strip_prefix("--").unwrap_or_default()),
            };
            if cut.is_empty() || known.contains(&cut) {
                continue;
            }
            let mut meant = known.iter().filter(|name| name.starts_with(cut));
            if let (Some(only), None) = (meant.next(), meant.next()) {
                option.name = format!("--{no}{only}");
            }
        }
    }
    let mut taken_back: Vec<String> = Vec::new();
    let mut kept = Vec::with_capacity(parsed.options.len());
    for option in parsed.options.drain(..).rev() {
        let name = option.name.as_str();
        if let Some(positive) = name.strip_prefix("--no-") {
            taken_back.push(positive.to_owned());
        } else {
            let full = SHORT
                .iter()
                .find(|(short, _)| *short == name)
                .map(|(_, full)| *full)
                .or_else(|| name.strip_prefix("--"));
            if full.is_some_and(|full| taken_back.iter().any(|taken| taken == full)) {
                continue;
            }
        }
        kept.push(option);
    }
    kept.reverse();
    parsed.options = kept;
}

/// `--help` stands among the options, and is no option's value.
pub(super) fn asks_for_help(args: &[Arg]) -> bool {
    let mut before = "";
    for arg in args {
        let text = arg.text().unwrap_or_default();
        if text == "--" {
            return false;
        }
        if text == "--help" && !before.starts_with('-') {
            return true;
        }
        before = text;
    }
    false
}
