//! Pushing: which branches and tags move, and whose they are.

use super::remotes::{helper, machine, transport};
use super::{EffectKind, Git, Handler, Parsed, Shell, Value};
use crate::effects::{RefUpdate, ServiceClass, ServiceReach};

pub(super) const COMMANDS: &[(&[&str], Handler)] = &[(&["push"], push)];

fn push(git: &Git<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = git.parse("o", &["repo", "receive-pack", "exec", "push-option", "recurse-submodules"]);
    if parsed.surely(&["-n", "--dry-run"]) {
        return git.observe(shell);
    }
    if let Some(option) = parsed.find(&["--no-verify"]) {
        git.bypass(shell, option);
    }
    push_options(&parsed, shell);
    let facts = git.facts.as_deref();
    let branch = facts.and_then(|facts| facts.branch.clone());
    let upstream = facts.and_then(|facts| facts.upstream.clone());
    let follows = upstream.as_deref().and_then(|upstream| upstream.split_once('/'));
    let named = parsed.operands.first().or_else(|| parsed.value(&["--repo"]));
    let remote = match named {
        Some(arg) => arg.shown(),
        None => follows.map_or("origin", |(remote, _)| remote).to_owned(),
    };
    if let Some(arg) = named {
        transport(git, arg, shell);
    }
    let to = machine(git, &Value::known(remote.clone()));
    helper(git, &parsed, &["--receive-pack", "--exec"], &to, shell);

    let force = parsed.has(&["-f", "--force", "--mirror"])
        || parsed.options.iter().any(|option| option.name.starts_with("--force"));
    let delete = parsed.has(&["-d", "--delete"]);
    let mut updates: Vec<RefUpdate> = parsed
        .rest(1)
        .iter()
        .scan(false, |tag_follows, spec| {
            let is_tag = std::mem::replace(tag_follows, spec.text() == Some("tag"));
            Some((spec, is_tag))
        })
        .filter(|(spec, is_tag)| *is_tag || spec.text() != Some("tag"))
        .map(|(spec, is_tag)| update(git, &spec.value, force, delete, is_tag, branch.as_deref()))
        .collect();
    let every = |tag: bool, delete: bool, force: bool| RefUpdate {
        name: "*".into(),
        force,
        delete,
        tag,
        shared: !tag,
    };
    if parsed.has(&["--mirror"]) {
        updates.push(every(false, true, true));
    }
    if parsed.has(&["--all", "--branches"]) {
        updates.push(every(false, false, force));
    }
    if parsed.has(&["--prune"]) {
        updates.push(every(false, true, force));
    }
    if parsed.has(&["--tags", "--follow-tags"]) && !parsed.has(&["--follow-tags"]) {
        updates.push(every(true, false, force));
    }
    if updates.is_empty() {
        let same_remote = follows.filter(|(name, _)| *name == remote);
        let name = same_remote.map(|(_, name)| name.to_owned()).or(branch);
        let name = name.unwrap_or_else(|| "HEAD".to_owned());
        let shared = is_shared(git, &name) || (name == "HEAD" && force);
        updates.push(RefUpdate { name, force, delete, tag: false, shared });
    }
    let known_remote = is_known(git, &remote);
    shell.add(EffectKind::Push { remote, updates, known_remote }, git.span);
    git.printed()
}

/// A forge does more with some push options than take a branch.
fn push_options(parsed: &Parsed, shell: &mut Shell<'_>) {
    for option in parsed.values(&["-o", "--push-option"]) {
        let text = option.shown();
        if text.starts_with("ci.skip") {
            let what = "`ci.skip` keeps the checks of the project from running".to_owned();
            shell.add(EffectKind::BypassReview { what }, option.span);
            continue;
        }
        let class = match text.as_str() {
            _ if text.contains("merge_when_pipeline_succeeds") || text.contains("auto_merge") => {
                ServiceClass::Merge
            }
            _ if text.starts_with("merge_request.create") => ServiceClass::Propose,
            _ => continue,
        };
        let kind = EffectKind::Service {
            service: "gitlab".to_owned(),
            operation: text.clone(),
            target: String::new(),
            class,
            reach: ServiceReach::Remote,
        };
        shell.add(kind, option.span);
    }
}

pub(super) fn update(
    git: &Git<'_>,
    spec: &Value,
    force: bool,
    delete: bool,
    is_tag: bool,
    branch: Option<&str>,
) -> RefUpdate {
    let shown = spec.shown();
    let (force, plain) = match shown.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (force, shown.as_str()),
    };
    let (source, target) = match plain.split_once(':') {
        Some((source, target)) => (Some(source), target),
        None => (None, plain),
    };
    let delete = delete || source == Some("");
    let named_tag = is_tag || target.starts_with("refs/tags/");
    let mut name = target.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/").to_owned();
    if matches!(name.as_str(), "HEAD" | "@")
        && let Some(branch) = branch
    {
        name = branch.to_owned();
    }
    let facts = git.facts.as_ref();
    let only_a_tag = facts.is_some_and(|facts| {
        facts.tags.contains(&name) && !facts.branches.iter().any(|(branch, _)| *branch == name)
    });
    let tag = named_tag
        || only_a_tag
        || (facts.is_none_or(|facts| facts.branches.is_empty()) && looks_like_version(&name));
    let unknown = spec.text().is_none();
    let shared = !tag && (is_shared(git, &name) || name == "*" || (unknown && (force || delete)));
    RefUpdate { name, force, delete, tag, shared }
}

fn looks_like_version(name: &str) -> bool {
    let digits = name.strip_prefix('v').unwrap_or(name);
    digits.starts_with(|letter: char| letter.is_ascii_digit()) && digits.contains('.')
}

/// Others build on a branch of this name.
fn is_shared(git: &Git<'_>, name: &str) -> bool {
    const SHARED: &[&str] = &[
        "main",
        "master",
        "trunk",
        "develop",
        "development",
        "dev",
        "staging",
        "stable",
        "production",
        "prod",
        "release",
        "next",
        "gh-pages",
    ];
    const BEGINNINGS: &[&str] = &["release/", "release-", "releases/", "hotfix/", "stable/", "support/"];
    SHARED.contains(&name)
        || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
        || git.facts.as_ref().is_some_and(|facts| {
            facts.default_branch.as_deref().is_some_and(|default| {
                default.rsplit_once("origin/").map_or(default, |(_, name)| name) == name
            })
        })
}

pub(super) fn is_known(git: &Git<'_>, remote: &str) -> bool {
    let usual = matches!(remote, "origin" | "upstream");
    let Some(facts) = git.facts.as_ref().filter(|facts| !facts.remotes.is_empty()) else { return usual };
    facts
        .remotes
        .iter()
        .any(|known| known.name == remote || known.url == remote || known.push_url.as_deref() == Some(remote))
}
