//! Commands that change the files of the work tree, and what they throw away.

use super::{Arg, EffectKind, Git, Handler, Parsed, Shell, Source, Span, State, Value, Worst};
use crate::effects::{Remote, SendHow, WriteHow};
use crate::world::{Place, Role};

pub(super) const COMMANDS: &[(&[&str], Handler)] = &[
    (&["checkout"], checkout),
    (&["restore"], restore),
    (&["switch"], switch),
    (&["reset"], reset),
    (&["clean"], clean),
    (&["stash"], stash),
    (&["rm"], remove),
    (&["mv"], rename),
    (&["worktree"], worktree),
    (&["read-tree"], read_tree),
    (&["checkout-index"], checkout_index),
    (&["apply"], apply),
    (&["am"], am),
    (&["add", "stage"], add),
    (&["update-index", "rerere", "sparse-checkout", "write-tree", "hash-object"], local),
];

fn local(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let looks = git.only_looks();
    if looks && git.name != "update-index" { git.observe(shell) } else { git.local(shell) }
}

fn add(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("", &["chmod", "pathspec-from-file"]);
    if git.only_looks() || parsed.has(&["-n", "--dry-run"]) {
        return git.observe(shell);
    }
    let forced = parsed.has(&["-f", "--force"]);
    for operand in &parsed.operands {
        let named = shell.place(operand);
        let within =
            forced.then(|| shell.place_at(&format!("{}/.env", operand.shown().trim_end_matches('/'))));
        for place in [Some(named), within].into_iter().flatten() {
            if !place.known || !matches!(place.role, Role::Secret(_)) {
                continue;
            }
            let state = shell.state_of(&place);
            let new = state.untracked > 0 || (forced && state.ignored > 0);
            if new && !state.folder {
                let shown = "the history of the repository".to_owned();
                let to = Remote { shown, host: None, local: true };
                let what = vec![Source::File(Box::new(place))];
                shell.add(EffectKind::Send { to, what, how: SendHow::Commit }, operand.span);
            }
        }
    }
    git.local(shell)
}

/// What is lost when tracked files below a place go back to what git has.
fn tracked(state: State) -> State {
    State { untracked: 0, ignored: 0, rebuildable: 0, unversioned: 0, repository: false, ..state }
}

/// What is lost when files that git does not track go.
fn not_tracked(state: State, untracked: bool, ignored: bool) -> State {
    State {
        changed: 0,
        committed: 0,
        untracked: if untracked { state.untracked } else { 0 },
        ignored: if ignored { state.ignored } else { 0 },
        rebuildable: if ignored { state.rebuildable } else { 0 },
        repository: false,
        ..state
    }
}

/// The whole work tree, when it is known.
fn everything(git: &Git<'_>, shell: &Shell<'_>) -> State {
    match &git.facts {
        Some(facts) => shell.state_of(&shell.place_at(&facts.worktree.to_string_lossy())),
        None => State::unknown(),
    }
}

fn below(git: &Git<'_>, paths: &[Arg], shell: &Shell<'_>) -> State {
    let mut all = State::missing();
    for path in paths {
        let state = state_of_spec(git, path, shell);
        // Without a repository to look into, only the session's own files are known to be no loss.
        if git.facts.is_none() && state.made == 0 {
            return State::unknown();
        }
        all = sum(all, state);
    }
    all
}

fn state_of_spec(git: &Git<'_>, path: &Arg, shell: &Shell<'_>) -> State {
    if path.text().is_some_and(|text| text.starts_with(':')) {
        return everything(git, shell);
    }
    if path.pattern || path.text().is_some_and(|text| text.contains(['*', '?', '['])) {
        // Git expands the pattern itself; whatever it matches lies in the folder before it.
        let known = path.value.prefix().split(['*', '?', '[']).next().unwrap_or_default();
        let folder = known.rsplit_once('/').map_or(".", |(folder, _)| folder);
        return shell.state_of(&shell.place_at(folder));
    }
    shell.state_of(&shell.place(path))
}

fn sum(one: State, other: State) -> State {
    State {
        exists: one.exists || other.exists,
        folder: one.folder || other.folder,
        made: one.made + other.made,
        committed: one.committed + other.committed,
        changed: one.changed + other.changed,
        rebuildable: one.rebuildable + other.rebuildable,
        ignored: one.ignored + other.ignored,
        untracked: one.untracked + other.untracked,
        unversioned: one.unversioned + other.unversioned,
        repository: one.repository || other.repository,
        capped: one.capped || other.capped,
    }
}

fn span_of(paths: &[Arg], otherwise: Span) -> Span {
    match (paths.first(), paths.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end.max(first.span.end)),
        _ => otherwise,
    }
}

fn checkout(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        git.parse("bBU", &["orphan", "conflict", "pathspec-from-file", "unified", "inter-hunk-context"]);
    let separator = git.args.iter().position(|arg| arg.text() == Some("--"));
    let force = parsed.has(&["-f", "--force"]);
    if parsed.has(&["-b", "--orphan", "-p", "--patch"]) && !force {
        return git.local(shell);
    }
    if parsed.has(&["-B"]) {
        if force {
            let state = tracked(everything(git, shell));
            git.discard(shell, state, git.span);
        }
        return git.rewrite(shell, Some(false), true);
    }
    if parsed.has(&["--pathspec-from-file"]) {
        let state = tracked(everything(git, shell));
        git.discard(shell, state, git.span);
        return git.printed();
    }
    let operands = parsed.operands.as_slice();
    let paths: &[Arg] = match separator {
        Some(at) => git.args.get(at + 1..).unwrap_or_default(),
        None => match operands {
            [] => &[],
            [only] if is_path(git, only, shell) => operands,
            [_] => &[],
            [first, rest @ ..] => {
                if is_revision(git, first) || !is_path(git, first, shell) {
                    rest
                } else {
                    operands
                }
            }
        },
    };
    if paths.is_empty() {
        if force {
            let state = tracked(everything(git, shell));
            git.discard(shell, state, git.span);
            return git.printed();
        }
        return git.local(shell);
    }
    if parsed.has(&["--ours", "--theirs"]) {
        return git.local(shell);
    }
    let state = tracked(below(git, paths, shell));
    git.discard(shell, state, span_of(paths, git.span));
    git.printed()
}

/// Git takes a word for a revision first.
fn is_revision(git: &Git<'_>, arg: &Arg) -> bool {
    let Some(text) = arg.text() else { return false };
    if text == "-" || text == "@" || text.starts_with("HEAD") || text.contains(['~', '^', '@']) {
        return true;
    }
    let hash = text.len() >= 7 && text.chars().all(|letter| letter.is_ascii_hexdigit());
    let named = git.facts.as_ref().is_some_and(|facts| {
        facts.branches.iter().chain(&facts.tracking).any(|(name, _)| name == text)
            || facts.tags.iter().any(|tag| tag == text)
    });
    hash || named
}

fn is_path(git: &Git<'_>, arg: &Arg, shell: &Shell<'_>) -> bool {
    if is_revision(git, arg) {
        return false;
    }
    let Some(text) = arg.text() else { return arg.pattern };
    if arg.pattern || text.starts_with(['.', ':', '/']) || text.contains('*') {
        return true;
    }
    let place = shell.place(arg);
    place.known && shell.world().exists(&place.path)
}

fn restore(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        git.parse("sU", &["source", "conflict", "pathspec-from-file", "unified", "inter-hunk-context"]);
    let worktree = parsed.has(&["-W", "--worktree"]);
    if parsed.has(&["-p", "--patch", "--ours", "--theirs"]) || (parsed.has(&["-S", "--staged"]) && !worktree)
    {
        return git.local(shell);
    }
    let state =
        if parsed.operands.is_empty() { everything(git, shell) } else { below(git, &parsed.operands, shell) };
    git.discard(shell, tracked(state), span_of(&parsed.operands, git.span));
    git.printed()
}

fn switch(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("cC", &["create", "force-create", "orphan", "conflict"]);
    if parsed.has(&["-f", "--force", "--discard-changes"]) {
        let state = tracked(everything(git, shell));
        git.discard(shell, state, git.span);
        return git.printed();
    }
    if parsed.has(&["-C", "--force-create"]) {
        return git.rewrite(shell, Some(false), true);
    }
    git.local(shell)
}

fn reset(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("", &["pathspec-from-file"]);
    let hard = parsed.has(&["--hard", "--merge"]);
    if parsed.has(&["-p", "--patch"]) {
        return git.local(shell);
    }
    let to = parsed.operands.first();
    let stays = match to {
        None => true,
        Some(arg) => match arg.text() {
            Some("HEAD" | "@" | "--") => true,
            // Without a mode, other words are paths to unstage.
            Some(_) => !hard && !parsed.has(&["--soft", "--mixed", "--keep"]) && !is_revision(git, arg),
            None => false,
        },
    };
    if hard {
        let state = tracked(everything(git, shell));
        git.discard(shell, state, git.span);
    }
    if !stays {
        let to_remote = to.and_then(Arg::text).is_some_and(|to| follows_remote(git, to));
        let published = if to_remote { Some(false) } else { git.published(shell) };
        return git.rewrite(shell, published, true);
    }
    if hard { git.printed() } else { git.local(shell) }
}

fn follows_remote(git: &Git<'_>, to: &str) -> bool {
    to.contains("@{u")
        || to == "FETCH_HEAD"
        || to == "ORIG_HEAD"
        || to.starts_with("origin/")
        || to.starts_with("upstream/")
        || git.facts.as_ref().is_some_and(|facts| facts.tracking.iter().any(|(name, _)| name == to))
}

fn clean(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("e", &["exclude"]);
    let force = parsed.has(&["-f", "--force"]) || git.clean_needs_no_force;
    if parsed.surely(&["-n", "--dry-run"])
        || (!force && !parsed.has(&["-i", "--interactive"]) && !parsed.unsure)
    {
        return git.observe(shell);
    }
    let only_ignored = parsed.has(&["-X"]);
    let state = if parsed.operands.is_empty() {
        // Git cleans the folder it stands in and what is below.
        if git.facts.is_some() { shell.state_besides_tracked(&shell.place_at(".")) } else { State::unknown() }
    } else {
        below(git, &parsed.operands, shell)
    };
    let state = not_tracked(state, !only_ignored, only_ignored || parsed.has(&["-x"]));
    git.discard(shell, state, git.span);
    git.printed()
}

fn stash(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let words: Vec<&str> = git.args.iter().filter_map(Arg::text).collect();
    match words.first().copied().unwrap_or("push") {
        "list" | "show" => git.observe(shell),
        "drop" | "clear" => {
            let named = words.get(1).copied().unwrap_or("stash@{0}");
            if words.first() == Some(&"drop") && (git.made(shell, named) || git.made(shell, "stash")) {
                return git.local(shell);
            }
            let state = State { exists: true, changed: 1, ..State::default() };
            git.discard(shell, state, git.span);
            git.printed()
        }
        _ => git.local(shell),
    }
}

fn remove(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("", &["pathspec-from-file"]);
    if parsed.surely(&["-n", "--dry-run"]) {
        return git.observe(shell);
    }
    if parsed.has(&["--cached"]) {
        return git.local(shell);
    }
    if parsed.has(&["--pathspec-from-file"]) {
        shell.opaque("git removes the files that another file lists", Worst::Writes, git.span);
    }
    let force = parsed.has(&["-f", "--force"]);
    for path in &parsed.operands {
        let place = shell.place_itself(path);
        let mut state = tracked(state_of_spec(git, path, shell));
        if !force {
            // Git refuses to remove what differs from the last commit.
            state.changed = 0;
        }
        shell.add(EffectKind::Delete { place, state, recursive: parsed.has(&["-r"]) }, path.span);
    }
    git.printed()
}

fn rename(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("", &[]);
    if parsed.surely(&["-n", "--dry-run"]) {
        return git.observe(shell);
    }
    let Some((to, from)) = parsed.operands.split_last() else { return git.observe(shell) };
    let folder = shell.place(to);
    let into = folder.known && shell.world().is_folder(&folder.path);
    for source in from {
        let from = shell.place_itself(source);
        let to = if into { inside(&folder, &from, shell) } else { folder.clone() };
        let state = if parsed.has(&["-f", "--force"]) { shell.state_of(&to) } else { State::missing() };
        shell.add(EffectKind::Move { from, to, state }, source.span);
    }
    git.printed()
}

fn inside(folder: &Place, file: &Place, shell: &Shell<'_>) -> Place {
    shell.place_at(&folder.path.join(file.name()).to_string_lossy())
}

fn worktree(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("bB", &["reason", "expire"]);
    match parsed.operand(0).unwrap_or("list") {
        "list" => git.observe(shell),
        "add" => {
            if let Some(folder) = parsed.operands.get(1) {
                shell.write(folder, WriteHow::Create, None);
            }
            git.local(shell)
        }
        "remove" if parsed.has(&["-f", "--force"]) => {
            for folder in parsed.rest(1) {
                let state = shell.state_of(&shell.place(folder));
                let state = State { repository: false, ignored: 0, ..state };
                git.discard(shell, state, folder.span);
            }
            git.printed()
        }
        _ => git.local(shell),
    }
}

fn read_tree(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("", &["prefix", "index-output", "exclude-per-directory"]);
    if parsed.surely(&["-n", "--dry-run"]) {
        return git.observe(shell);
    }
    if parsed.has(&["-u"]) {
        let state = tracked(everything(git, shell));
        git.discard(shell, state, git.span);
        return git.printed();
    }
    git.local(shell)
}

fn checkout_index(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("", &["prefix", "stage"]);
    if let Some(folder) = parsed.value(&["--prefix"]) {
        shell.write(folder, WriteHow::Create, None);
        return git.printed();
    }
    if !parsed.has(&["-f", "--force"]) {
        return git.local(shell);
    }
    let all = parsed.has(&["-a", "--all", "--stdin"]) || parsed.operands.is_empty();
    let state = if all { everything(git, shell) } else { below(git, &parsed.operands, shell) };
    git.discard(shell, tracked(state), git.span);
    git.printed()
}

fn am(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    if git.args.iter().filter_map(Arg::text).any(|word| matches!(word, "-n" | "--no-verify")) {
        let what = "`git am --no-verify` skips the hooks of the project".to_owned();
        shell.add(EffectKind::BypassReview { what }, git.span);
    }
    git.local(shell)
}

fn apply(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("pC", &["directory", "exclude", "include", "whitespace", "build-fake-ancestor"]);
    let text = if parsed.operands.is_empty() || parsed.operand(0) == Some("-") {
        git.stdin.clone()
    } else {
        shell.read_files(&parsed.operands)
    };
    if parsed.has(&["--check", "--stat", "--numstat", "--summary"]) && !parsed.has(&["--apply"]) {
        return git.observe(shell);
    }
    if parsed.has(&["--cached"]) {
        return git.local(shell);
    }
    let reverse = parsed.has(&["-R", "--reverse"]);
    let own_changes = text.sources().iter().any(|source| {
        matches!(source, Source::Output(command) if command.starts_with("git diff") || command.starts_with("git stash"))
    });
    if own_changes {
        if reverse {
            let state = tracked(everything(git, shell));
            git.discard(shell, state, git.span);
            return git.printed();
        }
        return git.local(shell);
    }
    patch(&text, strip_of(&parsed), reverse, git.span, shell);
    git.printed()
}

fn strip_of(parsed: &Parsed) -> usize {
    parsed.value(&["-p"]).and_then(Arg::text).and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// What applying a patch does to the files it names. `strip` leading folders of each name are left out.
fn patch(text: &Value, strip: usize, reverse: bool, span: Span, shell: &mut Shell<'_>) {
    let Some(known) = text.text().filter(|text| !text.is_empty()) else {
        shell.opaque("the patch is not known, so neither are the files it changes", Worst::Writes, span);
        return;
    };
    let name_of = |line: &str| {
        let name = line.split('\t').next().unwrap_or_default().trim();
        let kept = name.splitn(strip + 1, '/').nth(strip).unwrap_or(name);
        (name != "/dev/null").then(|| kept.to_owned())
    };
    let mut before = None;
    let mut found: Vec<(String, bool, String)> = Vec::new();
    for line in known.lines() {
        if let Some(name) = line.strip_prefix("--- ") {
            before = name_of(name);
        } else if let Some(name) = line.strip_prefix("+++ ") {
            let after = name_of(name);
            let (old, new) = if reverse { (after, before.take()) } else { (before.take(), after) };
            match (old, new) {
                (_, Some(new)) => found.push((new, false, String::new())),
                (Some(old), None) => found.push((old, true, String::new())),
                (None, None) => {}
            }
        } else if let Some(added) = line.strip_prefix(if reverse { '-' } else { '+' })
            && let Some((_, _, content)) = found.last_mut()
        {
            content.push_str(added);
            content.push('\n');
        }
    }
    if found.is_empty() {
        shell.opaque("the patch names no files", Worst::Writes, span);
    }
    for (name, gone, content) in found {
        let arg = Arg::known(name, span);
        if gone {
            shell.delete(&arg, false);
        } else {
            let mut content = Value::known(content);
            content.add_sources(text.sources().iter().cloned());
            shell.write(&arg, WriteHow::Change, Some(content));
        }
    }
}
