//! Commands that look: their output is known where it is cheap, and options that write or run are told.

use super::{Arg, EffectKind, Git, Handler, Shell, Source, Value, Worst};
use crate::effects::WriteHow;
use crate::effects::argv::tail;

pub(super) const COMMANDS: &[(&[&str], Handler)] = &[
    (
        &[
            "status",
            "shortlog",
            "describe",
            "rev-list",
            "name-rev",
            "for-each-ref",
            "show-ref",
            "show-branch",
            "merge-base",
            "ls-tree",
            "check-ignore",
            "check-attr",
            "check-ref-format",
            "check-mailmap",
            "help",
            "version",
            "count-objects",
            "fsck",
            "verify-pack",
            "verify-commit",
            "verify-tag",
            "cherry",
            "range-diff",
            "patch-id",
            "stripspace",
            "column",
            "fmt-merge-msg",
            "get-tar-commit-id",
            "show-index",
            "fast-export",
            "merge-tree",
            "gitk",
            "gui",
            "citool",
            "diagnose",
            "whatchanged",
            "request-pull",
            "hook-list",
        ],
        plain,
    ),
    (&["log", "diff", "show", "diff-tree", "diff-index", "diff-files", "reflog-show"], differences),
    (&["blame", "annotate", "cat-file", "ls-files"], contents),
    (&["grep"], grep),
    (&["rev-parse"], rev_parse),
    (&["var"], var),
    (&["difftool", "mergetool"], tools),
    (&["archive"], archive),
    (&["bugreport", "format-patch"], writes_files),
    (&["interpret-trailers"], trailers),
];

fn plain(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    git.observe(shell)
}

fn differences(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let mut out = git.printed();
    if git.name == "diff" && git.args.iter().any(|arg| arg.text() == Some("--no-index")) {
        let files: Vec<Arg> =
            git.args.iter().filter(|arg| !arg.value.prefix().starts_with('-')).cloned().collect();
        let read = shell.read_files(&files);
        out.add_sources(read.sources().iter().cloned());
    }
    shell.add(EffectKind::Observe, git.span);
    if git.args.iter().any(|arg| arg.text() == Some("--name-only")) {
        out = names_below();
    }
    for arg in git.args {
        if arg.value.prefix().starts_with("--output=") {
            shell.write(&tail(arg, "--output=".len()), WriteHow::Replace, Some(out.clone()));
        }
        if matches!(arg.text(), Some("--ext-diff" | "--textconv")) {
            configured(git, shell, "diff.", arg);
        }
        out = object(arg, out, shell);
    }
    if let Some(at) = git.args.iter().position(|arg| arg.text() == Some("--output"))
        && let Some(file) = git.args.get(at + 1)
    {
        shell.write(file, WriteHow::Replace, Some(out.clone()));
    }
    out
}

/// Names of files that lie below the directory.
fn names_below() -> Value {
    let mut value = Value::known("./");
    value.push(&Value::unknown(crate::effects::value::Hole::Any("a file that git lists".to_owned())));
    value
}

/// Programs that the repository's settings name run.
fn configured(git: &Git<'_>, shell: &mut Shell<'_>, section: &str, arg: &Arg) {
    let Some(facts) = &git.facts else { return };
    for setting in &facts.running {
        if let Some((key, value)) = setting.split_once('=')
            && key.starts_with(section)
        {
            shell.run_line(&Value::known(value), arg.span, &Value::default());
        }
    }
}

/// `HEAD:path` names a file as it was in a commit: a secret in it is a secret still.
fn object(arg: &Arg, mut out: Value, shell: &mut Shell<'_>) -> Value {
    let Some((revision, path)) = arg.text().and_then(|text| text.split_once(':')) else { return out };
    if path.is_empty() || revision.starts_with('-') || path.starts_with('/') {
        return out;
    }
    let place = shell.place_at(path);
    shell.add(EffectKind::Read { place: place.clone() }, arg.span);
    out.add_sources([Source::File(Box::new(place))]);
    out
}

fn contents(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, git.span);
    if git.name == "ls-files" {
        return names_below();
    }
    let mut out = git.printed();
    for (at, arg) in git.args.iter().enumerate() {
        out = object(arg, out, shell);
        if matches!(arg.text(), Some("--textconv" | "--filters")) {
            configured(git, shell, "", arg);
        }
        if arg.text() == Some("--contents")
            && let Some(file) = git.args.get(at + 1)
        {
            let read = shell.read_file(file);
            out.add_sources(read.sources().iter().cloned());
        }
    }
    if matches!(git.name, "blame" | "annotate")
        && let Some(file) = git.args.last().filter(|arg| !arg.value.prefix().starts_with('-'))
    {
        let place = shell.place(file);
        shell.add(EffectKind::Read { place: place.clone() }, file.span);
        out.add_sources([Source::File(Box::new(place))]);
    }
    out
}

fn grep(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, git.span);
    for arg in git.args {
        let prefix = arg.value.prefix();
        if prefix == "--" {
            break;
        }
        let pager = if let Some(name) = prefix.strip_prefix("--open-files-in-pager=") {
            Some(tail(arg, prefix.len() - name.len()))
        } else if prefix.starts_with("-O") && prefix.len() > 2 {
            Some(tail(arg, 2))
        } else {
            None
        };
        if let Some(pager) = pager {
            git.runs(shell, &pager);
        }
    }
    git.printed()
}

fn rev_parse(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, git.span);
    let words: Vec<&str> = git.args.iter().filter_map(Arg::text).collect();
    let facts = git.facts.as_deref();
    let known = facts.and_then(|facts| match words.as_slice() {
        ["--show-toplevel"] => Some(facts.worktree.to_string_lossy().into_owned()),
        ["--git-dir" | "--absolute-git-dir" | "--git-common-dir"] => {
            Some(facts.store.to_string_lossy().into_owned())
        }
        ["--abbrev-ref", "HEAD"] | ["HEAD", "--abbrev-ref"] => facts.branch.clone(),
        ["HEAD"] | ["--verify", "HEAD"] => facts.head.clone(),
        ["--is-inside-work-tree"] => Some("true".to_owned()),
        _ => None,
    });
    known.map_or_else(|| git.printed(), Value::known)
}

fn var(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    git.observe(shell)
}

fn tools(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("xt", &["extcmd", "tool"]);
    shell.add(EffectKind::Observe, git.span);
    if let Some(command) = parsed.value(&["-x", "--extcmd"]) {
        git.runs(shell, command);
    } else if !parsed.has(&["--tool-help"]) {
        configured(git, shell, "difftool.", &Arg::known("", git.span));
        configured(git, shell, "mergetool.", &Arg::known("", git.span));
    }
    git.printed()
}

fn archive(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("o", &["output", "format", "prefix", "remote", "exec", "add-file"]);
    shell.add(EffectKind::Observe, git.span);
    let mut out = git.printed();
    for file in parsed.values(&["--add-file"]) {
        let read = shell.read_file(file);
        out.add_sources(read.sources().iter().cloned());
    }
    if let Some(from) = parsed.value(&["--remote"]) {
        let from = super::remotes::machine(git, &from.value);
        shell.add(EffectKind::Fetch { from, saves: None }, git.span);
    }
    if let Some(command) = parsed.value(&["--exec"]) {
        git.runs(shell, command);
    }
    if let Some(file) = parsed.value(&["-o", "--output"]) {
        shell.write(file, WriteHow::Replace, Some(out.clone()));
    }
    out
}

fn writes_files(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        git.parse("o", &["output-directory", "suffix", "start-number", "subject-prefix", "to", "cc", "from"]);
    if parsed.has(&["--stdout"]) {
        return git.observe(shell);
    }
    if let Some(folder) = parsed.value(&["-o", "--output-directory"]) {
        shell.write(folder, WriteHow::Create, None);
        return git.observe(shell);
    }
    git.local(shell)
}

fn trailers(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("", &["trailer", "where", "if-exists", "if-missing"]);
    if !parsed.has(&["--in-place"]) {
        return git.observe(shell);
    }
    if parsed.unsure {
        shell.opaque("the files are not known", Worst::Writes, git.span);
    }
    for file in &parsed.operands {
        shell.write(file, WriteHow::Change, None);
    }
    git.printed()
}
