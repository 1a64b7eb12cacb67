//! Commands that talk to other repositories.

use super::push::{is_known, update};
use super::settings::{Power, power};
use super::{Arg, EffectKind, Git, Handler, Parsed, Shell, State, Value, Worst, tail};
use crate::effects::programs::common::{mailed, sources_of};
use crate::effects::{Elsewhere, RefUpdate, Remote, SendHow, WriteHow};

pub(super) const COMMANDS: &[(&[&str], Handler)] = &[
    (&["fetch", "pull"], fetch),
    (&["ls-remote"], ls_remote),
    (&["clone"], clone),
    (&["init"], init),
    (&["remote"], remote),
    (&["submodule"], submodule),
    (&["subtree"], subtree),
    (&["lfs"], lfs),
    (&["bundle"], bundle),
    (&["send-email", "imap-send"], send_email),
    (&["daemon", "instaweb", "http-backend"], serve),
    (&["svn", "p4", "cvsexportcommit"], other_system),
    (&["fetch-pack", "send-pack", "upload-pack", "receive-pack", "upload-archive"], plumbing),
];

/// The machine behind a remote's name or address.
pub(super) fn machine(git: &Git<'_>, named: &Value) -> Remote {
    let Some(text) = named.text() else { return crate::effects::programs::common::remote(named) };
    let known = git.facts.as_ref().and_then(|facts| facts.remotes.iter().find(|remote| remote.name == text));
    let address = known.map_or(text, |remote| remote.url.as_str());
    if is_path(address) {
        let plain_name = known.is_none() && !address.contains(['/', '.', '\\']);
        return Remote { shown: address.to_owned(), host: None, local: !plain_name };
    }
    Remote::read(address)
}

fn is_path(address: &str) -> bool {
    address.starts_with(['/', '.', '~']) || address.starts_with("file://") || !address.contains(':')
}

fn is_address(text: &str) -> bool {
    text.contains("://")
        || text.contains("::")
        || (text.contains(':') && !text.starts_with(':'))
        || text.starts_with(['/', '.', '~'])
}

/// `ext::command` makes git run the command as its transport.
pub(super) fn transport(git: &Git<'_>, address: &Arg, shell: &mut Shell<'_>) {
    let prefix = address.value.prefix();
    if prefix.starts_with("ext::") {
        let command = tail(address, "ext::".len());
        let line = command.value.map_text(|text| text.replace("%S", "git-upload-pack").replace("% ", r"\ "));
        shell.run_line(&line, address.span, git.stdin);
    } else if prefix.starts_with('-') && prefix.contains('=') {
        shell.opaque("an option stands where an address is expected", Worst::Runs, address.span);
    }
}

/// `--upload-pack` and its like name a program that the other side runs; on this machine it runs here.
pub(super) fn helper(git: &Git<'_>, parsed: &Parsed, names: &[&str], to: &Remote, shell: &mut Shell<'_>) {
    let Some(command) = parsed.value(names) else { return };
    if matches!(
        command.text(),
        Some("git-upload-pack" | "git-receive-pack" | "git upload-pack" | "git receive-pack")
    ) {
        return;
    }
    if to.host.is_some() && !to.local {
        let place = Elsewhere::Host(to.clone());
        shell.add(EffectKind::RunElsewhere { place, command: Some(command.shown()) }, command.span);
    } else {
        git.runs(shell, command);
    }
}

fn fetch(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &[
        "upload-pack",
        "depth",
        "deepen",
        "shallow-since",
        "shallow-exclude",
        "jobs",
        "refmap",
        "filter",
        "strategy",
        "strategy-option",
        "negotiation-tip",
        "server-option",
    ];
    let parsed = git.parse("josX", long);
    if parsed.surely(&["--dry-run"]) {
        return git.observe(shell);
    }
    let named = parsed.operands.first();
    let name = named.map_or_else(|| Value::known("origin"), |arg| arg.value.clone());
    if let Some(arg) = named {
        transport(git, arg, shell);
    }
    let from = machine(git, &name);
    helper(git, &parsed, &["--upload-pack"], &from, shell);
    if let Some(option) = parsed.find(&["--no-verify"]) {
        git.bypass(shell, option);
    }
    shell.add(EffectKind::Fetch { from, saves: None }, git.span);
    // `+src:dst` puts a local branch where the remote's is; the reflog keeps what it was.
    let moves_branch = parsed.rest(1).iter().any(|spec| {
        let shown = spec.shown();
        let target = shown.split_once(':').map(|(_, target)| target).unwrap_or_default();
        let forced = shown.starts_with('+') || (git.name == "fetch" && parsed.has(&["-f", "--force"]));
        forced && !target.is_empty() && !target.starts_with("refs/remotes/")
    });
    if moves_branch { git.rewrite(shell, Some(false), true) } else { git.local(shell) }
}

fn ls_remote(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("o", &["upload-pack", "exec", "sort", "server-option"]);
    let name = parsed.operands.first().map_or_else(|| Value::known("origin"), |arg| arg.value.clone());
    if let Some(arg) = parsed.operands.first() {
        transport(git, arg, shell);
    }
    let from = machine(git, &name);
    helper(git, &parsed, &["--upload-pack", "--exec"], &from, shell);
    shell.add(EffectKind::Fetch { from, saves: None }, git.span);
    git.printed()
}

fn clone(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &[
        "config",
        "template",
        "upload-pack",
        "branch",
        "depth",
        "origin",
        "reference",
        "reference-if-able",
        "separate-git-dir",
        "shallow-since",
        "shallow-exclude",
        "jobs",
        "filter",
        "server-option",
        "revision",
        "bundle-uri",
    ];
    let parsed = git.parse("cubojs", long);
    for setting in parsed.values(&["-c", "--config"]) {
        given_setting(git, setting, shell);
    }
    if let Some(folder) = parsed.value(&["--template"]) {
        shell.add(
            EffectKind::Inject { variable: "init.templateDir".into(), value: folder.shown() },
            folder.span,
        );
    }
    let Some(address) = parsed.operands.first() else { return git.observe(shell) };
    transport(git, address, shell);
    let from = machine(git, &address.value);
    helper(git, &parsed, &["-u", "--upload-pack"], &from, shell);
    let folder = match parsed.operands.get(1) {
        Some(folder) => folder.clone(),
        None => {
            let shown = address.value.suffix().trim_end_matches('/').trim_end_matches(".git").to_owned();
            let name = shown.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
            Arg::known(if name.is_empty() { ".".to_owned() } else { name }, address.span)
        }
    };
    let saves = Some(shell.place(&folder));
    shell.add(EffectKind::Fetch { from, saves }, git.span);
    git.printed()
}

/// `clone -c key=value` writes the setting into the new repository, where it counts at once.
fn given_setting(git: &Git<'_>, setting: &Arg, shell: &mut Shell<'_>) {
    let Some((key, _)) = setting.value.prefix().split_once('=') else { return };
    let value = tail(setting, key.len() + 1);
    match power(key, &value.value) {
        Power::Harmless => {}
        Power::Runs => git.runs(shell, &value),
        Power::Leads => {
            shell.add(EffectKind::Inject { variable: key.to_owned(), value: value.shown() }, value.span);
        }
        Power::Weakens => {
            let what = format!("git's `{key}` is set to `{}`", value.shown());
            shell.add(EffectKind::Weaken { what, once: true }, value.span);
        }
    }
}

fn init(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        git.parse("b", &["template", "separate-git-dir", "object-format", "initial-branch", "ref-format"]);
    if let Some(folder) = parsed.value(&["--template"]).filter(|folder| !folder.value.is_empty()) {
        shell.add(
            EffectKind::Inject { variable: "init.templateDir".into(), value: folder.shown() },
            folder.span,
        );
    }
    if let Some(folder) = parsed.operands.first() {
        shell.write(folder, WriteHow::Create, None);
    }
    git.local(shell)
}

fn remote(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("tm", &["track", "master"]);
    let name = parsed.operand(1).unwrap_or_default().to_owned();
    match parsed.operand(0) {
        None | Some("show") => git.observe(shell),
        Some("get-url") => {
            shell.add(EffectKind::Observe, git.span);
            let facts = git.facts.as_ref();
            let known = facts.and_then(|facts| facts.remotes.iter().find(|remote| remote.name == name));
            known.map_or_else(|| git.printed(), |remote| Value::known(remote.url.clone()))
        }
        Some("update") => {
            let from = machine(git, &Value::known("origin"));
            shell.add(EffectKind::Fetch { from, saves: None }, git.span);
            git.local(shell)
        }
        Some("prune" | "set-head" | "set-branches") => git.local(shell),
        Some("add" | "set-url") => {
            let address = parsed.operands.get(2).map(Arg::shown).unwrap_or_default();
            let runs = address.starts_with("ext::");
            let key = format!("remote.{name}.url");
            shell.add(EffectKind::GitSetup { key, value: address, runs, global: false }, git.span);
            git.printed()
        }
        Some(what) => {
            let key = format!("remote.{name}");
            shell.add(
                EffectKind::GitSetup { key, value: what.to_owned(), runs: false, global: false },
                git.span,
            );
            git.printed()
        }
    }
}

fn submodule(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("b", &["branch", "name", "reference", "depth", "jobs"]);
    match parsed.operand(0).unwrap_or("status") {
        "status" | "summary" => git.observe(shell),
        "foreach" => {
            let after = git.args.iter().position(|arg| arg.text() == Some("foreach")).map_or(0, |at| at + 1);
            let words: Vec<Arg> = git
                .args
                .iter()
                .skip(after)
                .skip_while(|arg| matches!(arg.text(), Some("--recursive" | "-q" | "--quiet")))
                .cloned()
                .collect();
            match words.as_slice() {
                [line] => git.runs(shell, line),
                words => {
                    shell.run_words(words, git.span, git.stdin);
                }
            }
            git.printed()
        }
        "add" => {
            if let Some(address) = parsed.operands.get(1) {
                transport(git, address, shell);
                let from = machine(git, &address.value);
                let saves = parsed.operands.get(2).map(|folder| shell.place(folder));
                shell.add(EffectKind::Fetch { from, saves }, git.span);
            }
            git.local(shell)
        }
        "update" if parsed.has(&["-f", "--force"]) => {
            git.discard(shell, State::unknown(), git.span);
            git.printed()
        }
        "deinit" if parsed.has(&["-f", "--force"]) => {
            let state = parsed
                .rest(1)
                .first()
                .map_or_else(State::unknown, |folder| shell.state_of(&shell.place(folder)));
            git.discard(shell, State { repository: false, ..state }, git.span);
            git.printed()
        }
        _ => git.local(shell),
    }
}

fn subtree(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("Pm", &["prefix", "message", "branch", "onto"]);
    match (parsed.operand(0), parsed.operands.get(1), parsed.operands.get(2)) {
        (Some("push"), Some(remote), Some(name)) => {
            let update = update(git, &name.value, false, false, false, None);
            let known_remote = is_known(git, &remote.shown());
            let kind = EffectKind::Push { remote: remote.shown(), updates: vec![update], known_remote };
            shell.add(kind, git.span);
            git.printed()
        }
        (Some("add" | "pull"), Some(remote), _) if is_address(&remote.shown()) => {
            let from = machine(git, &remote.value);
            shell.add(EffectKind::Fetch { from, saves: None }, git.span);
            git.local(shell)
        }
        _ => git.local(shell),
    }
}

fn lfs(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("IX", &["include", "exclude"]);
    match parsed.operand(0) {
        None | Some("ls-files" | "status" | "env" | "version" | "logs" | "locks" | "pointer" | "fsck") => {
            git.observe(shell)
        }
        Some("pull" | "fetch" | "checkout") => {
            let from = machine(git, &Value::known("origin"));
            shell.add(EffectKind::Fetch { from, saves: None }, git.span);
            git.local(shell)
        }
        Some("push") if !parsed.surely(&["--dry-run"]) => {
            let remote = parsed.operand(1).unwrap_or("origin").to_owned();
            let known_remote = is_known(git, &remote);
            let name = parsed.operand(2).unwrap_or("HEAD").to_owned();
            let update = RefUpdate { name, force: false, delete: false, tag: false, shared: false };
            shell.add(EffectKind::Push { remote, updates: vec![update], known_remote }, git.span);
            git.printed()
        }
        Some("track" | "untrack") => {
            shell.write(&Arg::known(".gitattributes", git.span), WriteHow::Change, None);
            git.printed()
        }
        Some("migrate") if parsed.operand(1) != Some("info") => {
            let published = git.published(shell);
            git.rewrite(shell, published, true)
        }
        Some(_) => git.local(shell),
    }
}

fn bundle(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("", &["version"]);
    match (parsed.operand(0), parsed.operands.get(1)) {
        (Some("create"), Some(file)) => {
            shell.write(file, WriteHow::Replace, Some(git.printed()));
            git.printed()
        }
        (Some("unbundle"), _) => git.local(shell),
        _ => git.observe(shell),
    }
}

fn send_email(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &[
        "to",
        "cc",
        "bcc",
        "from",
        "subject",
        "smtp-server",
        "smtp-user",
        "smtp-pass",
        "smtp-server-port",
        "to-cmd",
        "cc-cmd",
        "header-cmd",
        "in-reply-to",
        "compose-encoding",
        "sendmail-cmd",
    ];
    let parsed = git.parse("", long);
    if parsed.surely(&["--dry-run"]) {
        return git.observe(shell);
    }
    for command in parsed.values(&["--to-cmd", "--cc-cmd", "--header-cmd", "--sendmail-cmd"]) {
        git.runs(shell, command);
    }
    if let Some(server) =
        parsed.value(&["--smtp-server"]).filter(|server| server.value.prefix().starts_with('/'))
    {
        git.runs(shell, server);
    }
    let to: Vec<String> = parsed.values(&["--to", "--cc", "--bcc"]).map(Arg::shown).collect();
    let target = to.join(", ");
    let text = shell.read_files(&parsed.operands);
    let what = sources_of([&text, git.stdin]);
    shell.add(EffectKind::Send { to: Remote::unknown(&target), what, how: SendHow::Body }, git.span);
    mailed(target, git.span, shell);
    git.printed()
}

fn serve(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse(
        "dbp",
        &[
            "base-path",
            "listen",
            "port",
            "httpd",
            "browser",
            "module-path",
            "access-hook",
            "interpolated-path",
            "user",
            "group",
            "pid-file",
        ],
    );
    for command in parsed.values(&["--access-hook"]) {
        git.runs(shell, command);
    }
    if parsed.has(&["--stop"]) {
        return git.observe(shell);
    }
    let here = parsed.has(&["-l", "--local"]);
    let address = parsed
        .value(&["--listen"])
        .map_or_else(|| if here { "127.0.0.1".to_owned() } else { "0.0.0.0".to_owned() }, Arg::shown);
    let folder = parsed.value(&["--base-path"]).or_else(|| parsed.operands.first()).cloned();
    let folder = folder.unwrap_or_else(|| Arg::known(".", git.span));
    let serves = Some(shell.place(&folder));
    shell.add(EffectKind::Listen { address, serves }, git.span);
    git.printed()
}

fn other_system(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    match git.args.iter().filter_map(Arg::text).find(|word| !word.starts_with('-')) {
        Some("dcommit" | "submit" | "commit-diff" | "set-tree" | "branch" | "tag") => {
            let dry = git.only_looks();
            if dry {
                return git.observe(shell);
            }
            let update =
                RefUpdate { name: "trunk".to_owned(), force: false, delete: false, tag: false, shared: true };
            let kind =
                EffectKind::Push { remote: git.name.to_owned(), updates: vec![update], known_remote: true };
            shell.add(kind, git.span);
            git.printed()
        }
        Some("clone" | "fetch" | "rebase" | "sync") => {
            let address = git.args.iter().find(|arg| arg.shown().contains("://"));
            let from = address.map_or_else(|| Remote::unknown(git.name), |arg| machine(git, &arg.value));
            shell.add(EffectKind::Fetch { from, saves: None }, git.span);
            git.local(shell)
        }
        _ => git.observe(shell),
    }
}

fn plumbing(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::RunUnknown { program: format!("git {}", git.name), place: None }, git.span);
    git.printed()
}
