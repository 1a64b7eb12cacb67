//! Commands that make, move or rewrite commits and the names by which they are reached.

use super::{Arg, EffectKind, Git, Handler, Shell, Value, tail};
use crate::effects::WriteHow;

pub(super) const COMMANDS: &[(&[&str], Handler)] = &[
    (&["commit"], commit),
    (&["merge", "cherry-pick", "revert"], combine),
    (&["rebase"], rebase),
    (&["branch"], branch),
    (&["tag"], tag),
    (&["bisect"], bisect),
    (&["reflog"], reflog),
    (&["gc", "prune", "repack", "prune-packed", "maintenance"], tidy),
    (&["update-ref", "symbolic-ref", "replace"], names),
    (&["filter-branch", "filter-repo"], filter),
    (&["fast-import"], fast_import),
    (&["notes"], notes),
    (&["hook"], hook),
    (
        &[
            "commit-tree",
            "commit-graph",
            "multi-pack-index",
            "mktree",
            "mktag",
            "pack-objects",
            "unpack-objects",
            "index-pack",
            "pack-refs",
            "merge-file",
            "merge-index",
            "mailinfo",
            "mailsplit",
            "update-server-info",
            "init-db",
            "pack-redundant",
            "unpack-file",
            "backfill",
            "refs",
        ],
        local,
    ),
];

fn local(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    git.local(shell)
}

fn commit(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &[
        "message",
        "file",
        "author",
        "date",
        "template",
        "reuse-message",
        "reedit-message",
        "fixup",
        "squash",
        "cleanup",
        "trailer",
        "pathspec-from-file",
    ];
    let parsed = git.parse("mFCct", long);
    if parsed.surely(&["--dry-run"]) {
        return git.observe(shell);
    }
    if let Some(option) = parsed.find(&["-n", "--no-verify"]) {
        git.bypass(shell, option);
    }
    if let Some(file) = parsed.value(&["-F", "--file"]).filter(|file| file.text() != Some("-")) {
        shell.read_file(file);
    }
    if parsed.has(&["--amend"]) {
        let published = git.published(shell);
        if published == Some(false) {
            return git.local(shell);
        }
        return git.rewrite(shell, published, true);
    }
    git.local(shell)
}

fn combine(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse(
        "mFsX",
        &["message", "file", "strategy", "strategy-option", "mainline", "into-name", "cleanup"],
    );
    if let Some(option) = parsed.find(&["--no-verify"]) {
        git.bypass(shell, option);
    }
    git.local(shell)
}

fn rebase(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("xsXC", &["exec", "onto", "strategy", "strategy-option", "empty", "whitespace"]);
    for command in parsed.values(&["-x", "--exec"]) {
        git.runs(shell, command);
    }
    if let Some(option) = parsed.find(&["--no-verify"]) {
        git.bypass(shell, option);
    }
    let goes_on = ["--abort", "--continue", "--skip", "--quit", "--edit-todo", "--show-current-patch"];
    let published = git.published(shell);
    if parsed.has(&goes_on) || published == Some(false) {
        return git.local(shell);
    }
    git.rewrite(shell, published, true)
}

fn branch(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        git.parse("u", &["set-upstream-to", "contains", "no-contains", "points-at", "sort", "format"]);
    let removes = parsed.has(&["-D", "-d", "--delete"]);
    let force = parsed.has(&["-D"])
        || parsed.options.iter().any(|option| matches!(option.name.as_str(), "-f" | "--force"));
    if removes {
        if parsed.has(&["-r", "--remotes"]) || !force {
            // Names of a remote come back with the next fetch; git itself refuses to remove unmerged branches.
            return git.local(shell);
        }
        let all_known = parsed.operands.iter().all(|name| name.text().is_some());
        let recoverable = all_known
            && parsed.operands.iter().filter_map(Arg::text).all(|name| still_reached(git, name, shell));
        return git.rewrite(shell, Some(false), recoverable);
    }
    if parsed.has(&["--show-current"]) {
        shell.add(EffectKind::Observe, git.span);
        let known = git.facts.as_ref().and_then(|facts| facts.branch.clone());
        return known.map_or_else(|| git.printed(), Value::known);
    }
    let lists = [
        "--list",
        "-l",
        "-a",
        "--all",
        "-r",
        "--remotes",
        "-v",
        "-vv",
        "--verbose",
        "--contains",
        "--no-contains",
        "--merged",
        "--no-merged",
        "--points-at",
    ];
    let changes = [
        "-m",
        "-M",
        "--move",
        "-c",
        "-C",
        "--copy",
        "-u",
        "--set-upstream-to",
        "--unset-upstream",
        "--edit-description",
    ];
    if parsed.has(&changes) {
        return git.local(shell);
    }
    if parsed.operands.is_empty() || parsed.has(&lists) {
        return git.observe(shell);
    }
    if force {
        return git.rewrite(shell, Some(false), true);
    }
    git.local(shell)
}

/// Another name leads to the commit of this branch, or the session made the branch.
fn still_reached(git: &Git<'_>, branch: &str, shell: &Shell<'_>) -> bool {
    if git.made(shell, branch) {
        return true;
    }
    let Some(facts) = &git.facts else { return false };
    let Some((_, commit)) = facts.branches.iter().find(|(name, _)| name == branch) else { return true };
    facts.head.as_ref() == Some(commit)
        || facts.tracking.iter().any(|(_, other)| other == commit)
        || facts.branches.iter().any(|(name, other)| name != branch && other == commit)
}

fn tag(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse(
        "mFu",
        &[
            "message",
            "file",
            "local-user",
            "contains",
            "no-contains",
            "points-at",
            "sort",
            "format",
            "cleanup",
            "merged",
            "no-merged",
        ],
    );
    let looks = [
        "-l",
        "--list",
        "-n",
        "--contains",
        "--no-contains",
        "--points-at",
        "--merged",
        "--no-merged",
        "-v",
        "--verify",
    ];
    if parsed.has(&["-d", "--delete"]) {
        let known = git.facts.as_ref().is_some_and(|facts| {
            parsed.operands.iter().filter_map(Arg::text).any(|name| facts.tags.iter().any(|tag| tag == name))
        });
        if parsed.operands.iter().filter_map(Arg::text).all(|name| git.made(shell, name)) {
            return git.local(shell);
        }
        return git.rewrite(shell, Some(false), !known);
    }
    if parsed.operands.is_empty() || parsed.has(&looks) {
        return git.observe(shell);
    }
    if let Some(file) = parsed.value(&["-F", "--file"]).filter(|file| file.text() != Some("-")) {
        shell.read_file(file);
    }
    if parsed.has(&["-f", "--force"]) {
        return git.rewrite(shell, None, true);
    }
    git.local(shell)
}

fn bisect(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    match git.args.split_first() {
        Some((first, command)) if first.text() == Some("run") => {
            shell.run_words(command, git.span, git.stdin);
            git.local(shell)
        }
        Some((first, _)) if matches!(first.text(), Some("log" | "view" | "visualize" | "terms")) => {
            git.observe(shell)
        }
        _ => git.local(shell),
    }
}

fn reflog(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("n", &["expire", "expire-unreachable"]);
    let dry = git.only_looks();
    match parsed.operand(0) {
        Some("expire" | "delete") if !dry => git.rewrite(shell, Some(false), false),
        _ => git.observe(shell),
    }
}

fn tidy(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let words: Vec<&str> = git.args.iter().filter_map(Arg::text).collect();
    if git.only_looks() {
        return git.observe(shell);
    }
    let parsed = git.parse("", &[]);
    let now = parsed.value(&["--prune"]).is_some_and(|when| {
        when.text().is_none_or(|when| matches!(when, "now" | "all" | "0") || when.ends_with(".seconds.ago"))
    });
    match git.name {
        "prune" => git.rewrite(shell, Some(false), false),
        "gc" if now => git.rewrite(shell, Some(false), false),
        "maintenance" if words.first() == Some(&"start") => {
            shell.add(EffectKind::Persist { mechanism: "git maintenance".to_owned() }, git.span);
            git.printed()
        }
        _ => git.local(shell),
    }
}

fn names(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("m", &["format"]);
    let removes = parsed.has(&["-d", "--delete"]);
    match git.name {
        "symbolic-ref" if !removes && parsed.operands.len() < 2 => git.observe(shell),
        "symbolic-ref" if !removes => git.local(shell),
        "replace" if parsed.operands.is_empty() || parsed.has(&["-l", "--list"]) => git.observe(shell),
        "update-ref" if parsed.operand(0).is_some_and(|name| name.starts_with("refs/remotes/")) => {
            git.local(shell)
        }
        _ => git.rewrite(shell, Some(false), !removes && !parsed.has(&["--stdin"])),
    }
}

const FILTERS: &[&str] = &[
    "--tree-filter",
    "--index-filter",
    "--msg-filter",
    "--env-filter",
    "--commit-filter",
    "--parent-filter",
    "--tag-name-filter",
    "--setup",
];

fn filter(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    if git.name == "filter-repo" {
        let mut args = git.args.iter();
        while let Some(arg) = args.next() {
            let prefix = arg.value.prefix();
            if matches!(prefix, "--analyze" | "--dry-run" | "--help") {
                return git.local(shell);
            }
            let Some((name, _)) = prefix.split_once("-callback") else { continue };
            let code = if prefix.contains('=') {
                Some(tail(arg, name.len() + "-callback=".len()))
            } else {
                args.next().cloned()
            };
            if let Some(code) = code {
                shell.run_code("python", &code.value, code.span);
            }
        }
        return git.rewrite(shell, Some(git.published(shell).unwrap_or(true)), false);
    }
    let mut args = git.args.iter();
    while let Some(arg) = args.next() {
        if arg.text().is_some_and(|text| FILTERS.contains(&text))
            && let Some(command) = args.next()
        {
            git.runs(shell, command);
        }
    }
    let published = git.published(shell);
    git.rewrite(shell, published, true)
}

fn fast_import(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    if git.args.iter().any(|arg| arg.text() == Some("--force")) {
        return git.rewrite(shell, Some(false), false);
    }
    for arg in git.args {
        if arg.value.prefix().starts_with("--export-marks=") {
            shell.write(&tail(arg, "--export-marks=".len()), WriteHow::Replace, None);
        }
    }
    git.local(shell)
}

fn notes(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    match git.args.iter().filter_map(Arg::text).find(|word| !word.starts_with('-')) {
        None | Some("list" | "show" | "get-ref") => git.observe(shell),
        Some(_) => git.local(shell),
    }
}

fn hook(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let named = git.args.iter().filter_map(Arg::text).find(|word| !word.starts_with('-') && *word != "run");
    let task = format!("git hook {}", named.unwrap_or("run"));
    shell.add(EffectKind::RunProject { task }, git.span);
    git.printed()
}
