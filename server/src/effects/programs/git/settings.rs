//! Git's settings: which of them make git run something, and the ways by which they are given.

use super::{Arg, Call, EffectKind, Git, Global, Handler, Shell, Value, Worst, tail};
use crate::effects::{Source, WriteHow};

pub(super) const COMMANDS: &[(&[&str], Handler)] = &[
    (&["config"], config),
    (&["credential", "credential-store", "credential-cache", "credential-osxkeychain"], credential),
];

/// What a setting does when git next looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Power {
    /// Git hands its value to a shell.
    Runs,
    /// Git runs, reads or obeys what the value names.
    Leads,
    /// A protection is off.
    Weakens,
    /// Nothing of that.
    Harmless,
}

/// Settings whose value is a command line; `*` stands for any one part.
const RUNS: &[&str] = &[
    "core.pager",
    "core.editor",
    "core.sshcommand",
    "core.fsmonitor",
    "core.askpass",
    "core.gitproxy",
    "core.alternaterefscommand",
    "sequence.editor",
    "diff.external",
    "diff.*.command",
    "diff.*.textconv",
    "difftool.*.cmd",
    "difftool.*.path",
    "mergetool.*.cmd",
    "mergetool.*.path",
    "merge.*.driver",
    "filter.*.clean",
    "filter.*.smudge",
    "filter.*.process",
    "pager.*",
    "credential.helper",
    "credential.*.helper",
    "gpg.program",
    "gpg.*.program",
    "gpg.ssh.defaultkeycommand",
    "interactive.difffilter",
    "trailer.*.command",
    "trailer.*.cmd",
    "uploadpack.packobjectshook",
    "remote.*.uploadpack",
    "remote.*.receivepack",
    "sendemail.smtpserver",
    "sendemail.tocmd",
    "sendemail.cccmd",
    "sendemail.headercmd",
    "browser.*.cmd",
    "man.*.cmd",
    "guitool.*.cmd",
    "submodule.*.update",
    "instaweb.httpd",
    "tar.*.command",
    "lsrefs.*",
];

/// Settings whose value names what git runs, reads or talks to.
const LEADS: &[&str] = &[
    "core.hookspath",
    "init.templatedir",
    "include.path",
    "includeif.*.path",
    "core.worktree",
    "core.attributesfile",
    "url.*.insteadof",
    "url.*.pushinsteadof",
    "http.proxy",
    "https.proxy",
    "http.*.proxy",
    "remote.*.vcs",
    "hook.*.command",
];

/// Values that run nothing new where a command is expected.
const HARMLESS: &[&str] = &[
    "",
    "true",
    "false",
    ":",
    "cat",
    "less",
    "more",
    "delta",
    "bat",
    "most",
    "less -r",
    "less -f",
    "less -frx",
    "less -frsx",
    "less -frx",
    "vi",
    "vim",
    "nvim",
    "nano",
    "emacs",
    "ed",
    "code --wait",
    "code -w",
    "subl -w",
    "store",
    "cache",
    "osxkeychain",
    "manager",
    "manager-core",
    "libsecret",
    "wincred",
    "oauth",
    "!gh auth git-credential",
    "gpg",
    "gpg2",
    "ssh-keygen",
    "ssh",
    "diff-highlight",
    "diff-so-fancy",
    "difft",
    "git-lfs filter-process",
    "git-lfs clean -- %f",
    "git-lfs smudge -- %f",
    "nbstripout",
    "checkout",
    "rebase",
    "merge",
    "none",
    "1",
    "0",
    "diff-so-fancy | less",
];

/// What a setting does with this value.
pub(super) fn power(key: &str, value: &Value) -> Power {
    let key = key.to_ascii_lowercase();
    let text = value.text().map(str::trim).map(str::to_ascii_lowercase);
    if key.starts_with("alias.") {
        return if value.prefix().starts_with('!') || text.is_none() { Power::Runs } else { Power::Harmless };
    }
    let weakens = match key.as_str() {
        "http.sslverify" | "receive.fsckobjects" | "transfer.fsckobjects" | "fetch.fsckobjects" => {
            text.as_deref().is_some_and(is_off)
        }
        "safe.directory" => text.as_deref() == Some("*"),
        "protocol.ext.allow" | "protocol.allow" => text.as_deref() != Some("never"),
        _ => key.starts_with("http.") && key.ends_with(".sslverify") && text.as_deref().is_some_and(is_off),
    };
    if weakens {
        return Power::Weakens;
    }
    if RUNS.iter().any(|pattern| matches(pattern, &key)) {
        let harmless = text.as_deref().is_some_and(|text| HARMLESS.contains(&text));
        return if harmless { Power::Harmless } else { Power::Runs };
    }
    if LEADS.iter().any(|pattern| matches(pattern, &key)) {
        return Power::Leads;
    }
    Power::Harmless
}

fn is_off(text: &str) -> bool {
    matches!(text, "false" | "no" | "off" | "0")
}

/// The middle part of a key may hold dots itself.
fn matches(pattern: &str, key: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == key,
        Some((before, after)) => {
            key.len() > before.len() + after.len() && key.starts_with(before) && key.ends_with(after)
        }
    }
}

/// A hooks folder that holds no hooks.
fn is_nowhere(value: &Value) -> bool {
    matches!(value.text().map(str::trim), Some("" | "/dev/null" | "/nonexistent" | "/dev/empty" | "NUL"))
}

/// `git -c key=value`: the setting counts for this call.
pub(super) fn once(call: &Call<'_>, setting: &Arg, options: &mut Global, shell: &mut Shell<'_>) {
    let Some((key, _)) = setting.value.prefix().split_once('=') else {
        if setting.text().is_none() {
            shell.opaque("the setting given to git is not known", Worst::Runs, setting.span);
        }
        return;
    };
    let key = key.to_owned();
    let value = tail(setting, key.len() + 1);
    apply(call, &key, &value, options, shell);
}

fn apply(call: &Call<'_>, key: &str, value: &Arg, options: &mut Global, shell: &mut Shell<'_>) {
    let lower = key.to_ascii_lowercase();
    if let (Some(name), Some(text)) = (lower.strip_prefix("alias."), value.text()) {
        options.aliases.push((name.to_owned(), text.to_owned()));
        return;
    }
    if lower == "clean.requireforce" && value.text().is_some_and(is_off) {
        options.clean_needs_no_force = true;
    }
    match power(&lower, &value.value) {
        Power::Harmless => {}
        Power::Runs => {
            let line = value.value.map_text(|text| text.trim_start_matches('!').to_owned());
            shell.run_line(&line, value.span, call.stdin);
        }
        Power::Leads if lower == "core.hookspath" && is_nowhere(&value.value) => {
            let what = "`core.hooksPath` leads nowhere: the hooks of the project are skipped".to_owned();
            shell.add(EffectKind::BypassReview { what }, value.span);
        }
        Power::Leads => {
            shell.add(EffectKind::Inject { variable: key.to_owned(), value: value.shown() }, value.span);
        }
        Power::Weakens => weaken(key, value, true, shell),
    }
}

fn weaken(key: &str, value: &Arg, once: bool, shell: &mut Shell<'_>) {
    let what = format!("git's `{key}` is set to `{}`", value.shown());
    shell.add(EffectKind::Weaken { what, once }, value.span);
}

/// Variables by which git is told what to run, and the settings that they stand for.
const VARIABLES: &[(&str, &str)] = &[
    ("GIT_SSH_COMMAND", "core.sshCommand"),
    ("GIT_SSH", "core.sshCommand"),
    ("GIT_PAGER", "core.pager"),
    ("PAGER", "core.pager"),
    ("GIT_EDITOR", "core.editor"),
    ("EDITOR", "core.editor"),
    ("VISUAL", "core.editor"),
    ("GIT_SEQUENCE_EDITOR", "sequence.editor"),
    ("GIT_EXTERNAL_DIFF", "diff.external"),
    ("GIT_ASKPASS", "core.askPass"),
    ("SSH_ASKPASS", "core.askPass"),
    ("GIT_PROXY_COMMAND", "core.gitProxy"),
    ("GIT_TEMPLATE_DIR", "init.templateDir"),
    ("GIT_CONFIG_GLOBAL", "include.path"),
    ("GIT_CONFIG_SYSTEM", "include.path"),
    ("GIT_CONFIG", "include.path"),
];

/// `GIT_…` variables that are set for this call or earlier in the line.
pub(super) fn variables(call: &Call<'_>, shell: &mut Shell<'_>) {
    let mut given: Vec<(String, Value)> = call.variables.to_vec();
    for (name, _) in VARIABLES {
        let before = shell.world().variable(name).map(Value::known);
        if let Some(value) = shell.variable(name).filter(|value| Some(value) != before.as_ref())
            && !given.iter().any(|(known, _)| known == name)
        {
            given.push(((*name).to_owned(), value));
        }
    }
    let mut ignored = Global::default();
    for (name, value) in &given {
        let arg = Arg { value: value.clone(), span: call.span, pattern: false };
        if let Some((_, key)) = VARIABLES.iter().find(|(known, _)| known == name) {
            let empty = matches!(value.text(), Some("" | "/dev/null"));
            if !empty {
                apply(call, key, &arg, &mut ignored, shell);
            }
        } else if name == "GIT_EXEC_PATH" {
            shell.add(EffectKind::Inject { variable: name.clone(), value: value.shown() }, call.span);
        } else if name == "GIT_CONFIG_PARAMETERS" || name.starts_with("GIT_CONFIG_VALUE_") {
            let number = name.rsplit('_').next().unwrap_or_default();
            let key = given.iter().find(|(key, _)| *key == format!("GIT_CONFIG_KEY_{number}"));
            match key.and_then(|(_, key)| key.text().map(str::to_owned)) {
                Some(key) => apply(call, &key, &arg, &mut ignored, shell),
                None => shell.opaque("git takes a setting from the environment", Worst::Runs, call.span),
            }
        } else if name == "GIT_SSL_NO_VERIFY" && !matches!(value.text(), Some("" | "0" | "false")) {
            weaken("http.sslVerify", &Arg::known("false", call.span), true, shell);
        } else if name == "HUSKY" && value.text() == Some("0") {
            let what = "`HUSKY=0` skips the hooks of the project".to_owned();
            shell.add(EffectKind::BypassReview { what }, call.span);
        }
    }
}

/// The store of a repository that this session made or fetched may hold settings that nobody here has set.
pub(super) fn of_a_foreign_repository(git: &Git<'_>, shell: &mut Shell<'_>) {
    let Some(facts) = git.facts.clone() else { return };
    if facts.running.is_empty() {
        return;
    }
    let config = facts.store.join("config");
    let Some(from) = shell.world().trail().came_from(&config).map(str::to_owned) else { return };
    let place = shell.place_at(&config.to_string_lossy());
    shell.add(EffectKind::RunDownloaded { from, place: Some(place) }, git.span);
}

const FORMS: &[&str] = &[
    "get",
    "set",
    "unset",
    "list",
    "edit",
    "rename-section",
    "remove-section",
    "get-all",
    "get-regexp",
    "get-urlmatch",
    "get-color",
    "get-colorbool",
    "add",
    "replace-all",
    "unset-all",
];

fn config(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &["file", "blob", "type", "default", "comment", "value", "url"];
    let parsed = git.parse("f", long);
    let mut form = FORMS.iter().copied().find(|form| parsed.has(&[&format!("--{form}")]));
    let mut operands = parsed.operands.as_slice();
    let has_short = |name: &str| parsed.options.iter().any(|option| option.name == name);
    if form.is_none() && has_short("-l") {
        form = Some("list");
    }
    if form.is_none() && has_short("-e") {
        form = Some("edit");
    }
    if form.is_none()
        && let Some((first, rest)) = operands.split_first()
        && let Some(word) = first.text()
        && let Some(named) = FORMS.iter().copied().find(|form| *form == word)
    {
        form = Some(named);
        operands = rest;
    }
    let key = operands.first();
    let value = operands.get(1);
    let global = parsed.has(&["--global"]) || parsed.has(&["--system"]);
    let writes = match form {
        Some(
            "set" | "add" | "replace-all" | "unset" | "unset-all" | "rename-section" | "remove-section"
            | "edit",
        ) => true,
        Some(_) => false,
        None => value.is_some(),
    };
    if !writes {
        return looked_up(git, form, key, shell);
    }
    if let Some(file) = parsed.value(&["-f", "--file"]) {
        shell.write(file, WriteHow::Change, None);
    }
    let key_text = key.map(Arg::shown).unwrap_or_default();
    let empty = Arg::known("", git.span);
    let removes = matches!(form, Some("unset" | "unset-all" | "remove-section"));
    let value = value.filter(|_| !removes).unwrap_or(&empty);
    let power = power(&key_text, &value.value);
    if power == Power::Weakens {
        weaken(&key_text, value, false, shell);
    }
    let span = key.map_or(git.span, |key| key.span);
    if !removes && key_text.eq_ignore_ascii_case("core.hooksPath") && is_nowhere(&value.value) {
        let what = "`core.hooksPath` leads nowhere: the hooks of the project no longer run".to_owned();
        shell.add(EffectKind::BypassReview { what }, value.span);
    }
    let runs = !removes && matches!(power, Power::Runs | Power::Leads);
    shell.add(EffectKind::GitSetup { key: key_text, value: value.shown(), runs, global }, span);
    Value::default()
}

fn looked_up(git: &Git<'_>, form: Option<&str>, key: Option<&Arg>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, git.span);
    let mut out = git.printed();
    let secret = key.and_then(Arg::text).is_some_and(|key| {
        let key = key.to_ascii_lowercase();
        key.contains("token") || key.contains("password") || key.contains("extraheader")
    });
    if secret {
        shell.add(EffectKind::Secret { what: "a credential in git's settings".to_owned() }, git.span);
        out.add_sources([Source::Secret("git credential".to_owned())]);
    }
    let remote = key.and_then(Arg::text).and_then(|key| key.strip_prefix("remote.")?.strip_suffix(".url"));
    if matches!(form, None | Some("get"))
        && let (Some(name), Some(facts)) = (remote, &git.facts)
        && let Some(known) = facts.remotes.iter().find(|known| known.name == name)
    {
        return Value::known(known.url.clone());
    }
    out
}

fn credential(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let form = git.args.iter().filter_map(Arg::text).find(|word| !word.starts_with('-')).unwrap_or_default();
    match form {
        "fill" | "get" => {
            shell.add(
                EffectKind::Secret { what: "the password or token that git keeps".to_owned() },
                git.span,
            );
            Value::output("git credential", [Source::Secret("git credential".to_owned())])
        }
        "approve" | "store" | "reject" | "erase" | "exit" => git.local(shell),
        _ => git.observe(shell),
    }
}
