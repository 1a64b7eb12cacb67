//! Effects in words.

use banksman_protocol::{EffectView, Reversibility};

use super::{Effect, EffectKind, Elsewhere, Permission, RefUpdate, ServiceClass, Source, WriteHow};
use crate::world::{Place, Scope, State};

/// How much of a name is shown.
const SHOWN_LIMIT: usize = 120;

/// An effect as the wire shows it.
#[must_use]
pub fn view(effect: &Effect) -> EffectView {
    EffectView {
        kind: kind(&effect.kind).to_owned(),
        target: target(&effect.kind),
        summary: summary(&effect.kind),
        span: effect.span,
        certainty: effect.certainty,
        reversibility: reversibility(effect),
    }
}

/// The kind of an effect in kebab-case.
fn kind(kind: &EffectKind) -> &'static str {
    match kind {
        EffectKind::Observe => "observe",
        EffectKind::Read { .. } => "read",
        EffectKind::Write { .. } => "write",
        EffectKind::Delete { .. } => "delete",
        EffectKind::Move { .. } => "move",
        EffectKind::Permit { .. } => "permit",
        EffectKind::Link { .. } => "link",
        EffectKind::Device { .. } => "device",
        EffectKind::Fetch { .. } => "fetch",
        EffectKind::Send { .. } => "send",
        EffectKind::Listen { .. } => "listen",
        EffectKind::OpenShell { .. } => "open-shell",
        EffectKind::Tunnel { .. } => "tunnel",
        EffectKind::RunElsewhere { .. } => "run-elsewhere",
        EffectKind::RunProject { .. } => "run-project",
        EffectKind::RunDownloaded { .. } => "run-downloaded",
        EffectKind::RunUnknown { .. } => "run-unknown",
        EffectKind::Install { .. } => "install",
        EffectKind::Uninstall { .. } => "uninstall",
        EffectKind::GitLocal { .. } => "git-local",
        EffectKind::GitDiscard { .. } => "git-discard",
        EffectKind::GitRewrite { .. } => "git-rewrite",
        EffectKind::Push { .. } => "push",
        EffectKind::GitSetup { .. } => "git-setup",
        EffectKind::Service { .. } => "service",
        EffectKind::Kill { .. } => "kill",
        EffectKind::Privilege { .. } => "privilege",
        EffectKind::Machine { .. } => "machine",
        EffectKind::Persist { .. } => "persist",
        EffectKind::Weaken { .. } => "weaken",
        EffectKind::BypassReview { .. } => "bypass-review",
        EffectKind::Inject { .. } => "inject",
        EffectKind::Secret { .. } => "secret",
        EffectKind::Exhaust { .. } => "exhaust",
        EffectKind::Tool { .. } => "tool",
        EffectKind::Delegate { .. } => "delegate",
        EffectKind::Opaque { .. } => "opaque",
    }
}

/// What an effect acts on: a path, a host, a package, a branch. Empty when it acts on nothing of its own.
fn target(kind: &EffectKind) -> String {
    match kind {
        EffectKind::Read { place }
        | EffectKind::Write { place, .. }
        | EffectKind::Delete { place, .. }
        | EffectKind::Permit { place, .. }
        | EffectKind::Link { place, .. }
        | EffectKind::Move { to: place, .. } => place.text(),
        EffectKind::Device { path, .. } => path.clone(),
        EffectKind::Fetch { from, .. } => from.shown.clone(),
        EffectKind::Send { to, .. } => to.shown.clone(),
        EffectKind::Listen { address, .. } => address.clone(),
        EffectKind::OpenShell { peer } => peer.clone(),
        EffectKind::Tunnel { via } => via.clone(),
        EffectKind::RunElsewhere { place, .. } => elsewhere(place).to_owned(),
        EffectKind::RunProject { task } => task.clone(),
        EffectKind::RunDownloaded { from, .. } => from.clone(),
        EffectKind::RunUnknown { program, place } => {
            place.as_ref().map_or_else(|| program.clone(), Place::text)
        }
        EffectKind::Install { package, .. } | EffectKind::Uninstall { package, .. } => package.clone(),
        EffectKind::GitLocal { what }
        | EffectKind::GitDiscard { what, .. }
        | EffectKind::GitRewrite { what, .. } => what.clone(),
        EffectKind::Push { remote, updates, .. } => {
            let refs: Vec<String> =
                updates.iter().map(|update| format!("{remote}/{}", update.name)).collect();
            if refs.is_empty() { remote.clone() } else { refs.join(" ") }
        }
        EffectKind::GitSetup { key, .. } => key.clone(),
        EffectKind::Service { service, target, .. } => {
            if target.is_empty() {
                service.clone()
            } else {
                target.clone()
            }
        }
        EffectKind::Tool { server, target, .. } => {
            if target.is_empty() {
                server.clone()
            } else {
                target.clone()
            }
        }
        EffectKind::Kill { target, .. } => target.clone(),
        EffectKind::Privilege { how } | EffectKind::Exhaust { how } => how.clone(),
        EffectKind::Machine { what, .. }
        | EffectKind::Weaken { what, .. }
        | EffectKind::BypassReview { what }
        | EffectKind::Secret { what } => what.clone(),
        EffectKind::Persist { mechanism } => mechanism.clone(),
        EffectKind::Inject { variable, .. } => variable.clone(),
        EffectKind::Observe | EffectKind::Delegate { .. } | EffectKind::Opaque { .. } => String::new(),
    }
}

/// The effect in words, to be read behind "would".
fn summary(kind: &EffectKind) -> String {
    match kind {
        EffectKind::Observe => "look at facts".to_owned(),
        EffectKind::Read { place } => format!("read {}", at(place)),
        EffectKind::Write { place, state, how, .. } => write(place, state, *how),
        EffectKind::Delete { place, state, recursive } => {
            let all = if *recursive && (state.folder || !place.known) { " with all it holds" } else { "" };
            format!("delete {}{all}{}", at(place), loss(state))
        }
        EffectKind::Move { from, to, state } => {
            let over = if state.exists && !state.folder {
                format!(", over what is there{}", loss(state))
            } else {
                String::new()
            };
            format!("move {} to {}{over}", at(from), at(to))
        }
        EffectKind::Permit { place, change, recursive } => {
            let all = if *recursive { " and all it holds" } else { "" };
            match change {
                Permission::Executable => format!("make {}{all} executable", at(place)),
                Permission::SetId => format!("make {}{all} run with its owner's rights", at(place)),
                Permission::WorldWritable => format!("let anybody write {}{all}", at(place)),
                Permission::Owner => format!("give {}{all} to another owner", at(place)),
                Permission::Other => format!("change who may use {}{all}", at(place)),
            }
        }
        EffectKind::Link { place, to } => format!("make {} stand for {}", at(place), at(to)),
        EffectKind::Device { path, how } => format!("{how} (device {})", quoted(path)),
        EffectKind::Fetch { from, saves: None } => format!("fetch {}", quoted(&from.shown)),
        EffectKind::Fetch { from, saves: Some(place) } => {
            format!("download {} to {}", quoted(&from.shown), at(place))
        }
        EffectKind::Send { to, what, .. } => format!("send {} to {}", sources(what), quoted(&to.shown)),
        EffectKind::Listen { address, serves: None } => format!("listen on {}", quoted(address)),
        EffectKind::Listen { address, serves: Some(place) } => {
            format!("serve {} on {}", at(place), quoted(address))
        }
        EffectKind::OpenShell { peer } => format!("give {} a shell on this machine", quoted(peer)),
        EffectKind::Tunnel { via } => format!("open this machine to the outside through {}", quoted(via)),
        EffectKind::RunElsewhere { place, command } => {
            let what = command.as_ref().map_or_else(|| "a command".to_owned(), |command| quoted(command));
            let kind = match place {
                Elsewhere::Host(_) => "on",
                Elsewhere::Container(_) => "in the container",
                Elsewhere::Cluster(_) => "in the cluster",
            };
            format!("run {what} {kind} {}", quoted(elsewhere(place)))
        }
        EffectKind::RunProject { task } => format!("run {} on the project", quoted(task)),
        EffectKind::RunDownloaded { from, .. } => format!("run code that came from {}", quoted(from)),
        EffectKind::RunUnknown { program, .. } => format!("run {}", quoted(program)),
        EffectKind::Install { manager, package, .. } if package.is_empty() => {
            format!("install what the project declares ({})", quoted(manager))
        }
        EffectKind::Install { manager, package, .. } => {
            format!("install {} with {}", quoted(package), quoted(manager))
        }
        EffectKind::Uninstall { manager, package, .. } => {
            format!("remove the package {} with {}", quoted(package), quoted(manager))
        }
        EffectKind::GitLocal { what } => format!("run {}", quoted(what)),
        EffectKind::GitDiscard { what, state } => {
            format!("throw away uncommitted work with {}{}", quoted(what), loss(state))
        }
        EffectKind::GitRewrite { what, published, .. } => {
            format!(
                "rewrite {} commits with {}",
                if *published { "published" } else { "local" },
                quoted(what)
            )
        }
        EffectKind::Push { remote, updates, .. } => push(remote, updates),
        EffectKind::GitSetup { key, value, global, .. } => {
            format!(
                "set {} to {}{}",
                quoted(key),
                quoted(value),
                if *global { " for all repositories" } else { "" }
            )
        }
        EffectKind::Service { service, operation, target, class, .. } => {
            service_call(service, operation, target, *class)
        }
        EffectKind::Tool { server, tool, class, target } => service_call(server, tool, target, *class),
        EffectKind::Kill { target, .. } => format!("end {}", quoted(target)),
        EffectKind::Privilege { how } => format!("use more rights than the user has ({})", quoted(how)),
        EffectKind::Machine { what, .. } => format!("change the machine: {what}"),
        EffectKind::Persist { mechanism } => {
            format!("arrange for something to run later ({})", quoted(mechanism))
        }
        EffectKind::Weaken { what, .. } => format!("loosen {what}"),
        EffectKind::BypassReview { what } => format!("go round a check: {what}"),
        EffectKind::Inject { variable, value } => {
            format!("make programs load or run {} ({})", quoted(value), quoted(variable))
        }
        EffectKind::Secret { what } => format!("show {what}"),
        EffectKind::Exhaust { how } => format!("use up the machine: {how}"),
        EffectKind::Delegate { .. } => "hand work to a subagent".to_owned(),
        EffectKind::Opaque { reason, .. } => format!("do something that cannot be told beforehand: {reason}"),
    }
}

fn write(place: &Place, state: &State, how: WriteHow) -> String {
    match how {
        WriteHow::Append => format!("add to {}", at(place)),
        WriteHow::Change => format!("change {}", at(place)),
        WriteHow::Create => format!("create {}", at(place)),
        WriteHow::Replace if state.exists => format!("replace {}{}", at(place), loss(state)),
        WriteHow::Replace => format!("write {}", at(place)),
    }
}

fn push(remote: &str, updates: &[RefUpdate]) -> String {
    let parts: Vec<String> = updates
        .iter()
        .map(|update| {
            let verb = match (update.delete, update.force) {
                (true, _) => "delete",
                (false, true) => "force-push",
                (false, false) => "push",
            };
            format!("{verb} {}", quoted(&update.name))
        })
        .collect();
    match parts.as_slice() {
        [] => format!("push to {}", quoted(remote)),
        parts => format!("{} on {}", parts.join(", "), quoted(remote)),
    }
}

fn service_call(service: &str, operation: &str, target: &str, class: ServiceClass) -> String {
    let verb = match class {
        ServiceClass::Read => "look something up",
        ServiceClass::ReadSecret => "show a secret",
        ServiceClass::Create => "make something",
        ServiceClass::Change => "change something",
        ServiceClass::Delete => "remove something",
        ServiceClass::Destroy => "destroy something",
        ServiceClass::Message => "speak to people",
        ServiceClass::Propose => "open a pull request",
        ServiceClass::Merge => "merge or approve",
        ServiceClass::Publish => "publish",
        ServiceClass::Release => "release",
        ServiceClass::Deploy => "deploy",
        ServiceClass::Grant => "give rights",
        ServiceClass::Pay => "pay",
        ServiceClass::Run => "run something",
    };
    let call = quoted(&format!("{service} {operation}"));
    if target.is_empty() {
        format!("{verb} with {call}")
    } else {
        format!("{verb} with {call}: {}", quoted(target))
    }
}

fn elsewhere(place: &Elsewhere) -> &str {
    match place {
        Elsewhere::Host(remote) => &remote.shown,
        Elsewhere::Container(name) | Elsewhere::Cluster(name) => name,
    }
}

fn sources(what: &[Source]) -> String {
    let parts: Vec<String> = what
        .iter()
        .take(3)
        .map(|source| match source {
            Source::File(place) => at(place),
            Source::Url(url) => quoted(url),
            Source::Variable(name) => quoted(&format!("${name}")),
            Source::Environment => "the environment".to_owned(),
            Source::Secret(what) => what.clone(),
            Source::Output(command) => format!("what {} prints", quoted(command)),
        })
        .collect();
    match parts.len() {
        0 => "data".to_owned(),
        _ if what.len() > 3 => format!("{} and more", parts.join(", ")),
        _ => parts.join(", "),
    }
}

/// What would be lost for ever, in brackets.
fn loss(state: &State) -> String {
    let lost = state.lost();
    if state.repository {
        return " (with a repository's history)".to_owned();
    }
    match lost {
        0 if state.exists && state.capped => " (more than could be looked at)".to_owned(),
        0 => String::new(),
        1 if !state.folder => " (in no commit)".to_owned(),
        1 => " (1 file that is in no commit)".to_owned(),
        _ => format!(" ({lost} files that are in no commit)"),
    }
}

fn at(place: &Place) -> String {
    quoted(&place.shown)
}

fn quoted(text: &str) -> String {
    let mut shown: String = text
        .trim()
        .chars()
        .take(SHOWN_LIMIT)
        .map(|char| match char {
            '`' => '\'',
            char if char.is_control() => ' ',
            char => char,
        })
        .collect();
    if text.trim().chars().nth(SHOWN_LIMIT).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Whether what an effect does can be undone.
pub(super) fn reversibility(effect: &Effect) -> Reversibility {
    use Reversibility::{Harmless, Irreversible, Reversible, Unknown};
    if effect.is_read_only() {
        return Harmless;
    }
    match &effect.kind {
        EffectKind::Write { place, .. } | EffectKind::Delete { place, .. } if place.scope == Scope::Sink => {
            Harmless
        }
        EffectKind::Write { how: WriteHow::Append | WriteHow::Create, place, .. } if place.known => {
            Reversible
        }
        EffectKind::Write { place, state, .. } | EffectKind::Delete { place, state, .. } => {
            of_state(place, state)
        }
        EffectKind::Move { to, state, .. } => of_state(to, state),
        EffectKind::GitDiscard { state, .. } => {
            if state.recoverable() {
                Reversible
            } else {
                Irreversible
            }
        }
        EffectKind::GitRewrite { recoverable, .. } => {
            if *recoverable {
                Reversible
            } else {
                Irreversible
            }
        }
        EffectKind::Permit { .. }
        | EffectKind::Link { .. }
        | EffectKind::GitLocal { .. }
        | EffectKind::GitSetup { .. }
        | EffectKind::Inject { .. }
        | EffectKind::Listen { .. }
        | EffectKind::Fetch { .. } => Reversible,
        EffectKind::Install { .. }
        | EffectKind::Uninstall { .. }
        | EffectKind::Weaken { .. }
        | EffectKind::Persist { .. } => Reversible,
        EffectKind::Push { updates, .. } => {
            if updates.iter().any(|update| update.force || update.delete) {
                Irreversible
            } else {
                Unknown
            }
        }
        EffectKind::Device { .. }
        | EffectKind::Send { .. }
        | EffectKind::Kill { .. }
        | EffectKind::OpenShell { .. }
        | EffectKind::Secret { .. } => Irreversible,
        EffectKind::Service { class, .. } | EffectKind::Tool { class, .. } => match class {
            ServiceClass::Read => Harmless,
            ServiceClass::Create | ServiceClass::Grant | ServiceClass::Delete => Reversible,
            ServiceClass::Destroy
            | ServiceClass::Message
            | ServiceClass::Publish
            | ServiceClass::Release
            | ServiceClass::Pay
            | ServiceClass::ReadSecret => Irreversible,
            ServiceClass::Change
            | ServiceClass::Propose
            | ServiceClass::Merge
            | ServiceClass::Deploy
            | ServiceClass::Run => Unknown,
        },
        _ => Unknown,
    }
}

fn of_state(place: &Place, state: &State) -> Reversibility {
    match (place.known, state.recoverable()) {
        (false, _) => Reversibility::Unknown,
        (true, true) => Reversibility::Reversible,
        (true, false) => Reversibility::Irreversible,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use banksman_protocol::Span;

    use super::*;
    use crate::world::Role;

    fn place(shown: &str) -> Place {
        Place {
            shown: shown.into(),
            path: PathBuf::from("/w").join(shown),
            known: true,
            scope: Scope::Workspace,
            role: Role::Ordinary,
        }
    }

    #[test]
    fn says_what_a_deletion_would_lose() {
        let state = State { exists: true, folder: true, untracked: 12, ..State::default() };
        let effect = Effect::new(
            EffectKind::Delete { place: place("legacy/"), state, recursive: true },
            Span::new(0, 4),
        );
        let view = view(&effect);
        assert_eq!(view.kind, "delete");
        assert_eq!(view.target, "/w/legacy/");
        assert_eq!(view.summary, "delete `legacy/` with all it holds (12 files that are in no commit)");
        assert_eq!(view.reversibility, Reversibility::Irreversible);
    }

    #[test]
    fn a_deletion_that_git_can_undo_is_reversible() {
        let state = State { exists: true, committed: 1, ..State::default() };
        let effect = Effect::new(
            EffectKind::Delete { place: place("a.rs"), state, recursive: false },
            Span::default(),
        );
        assert_eq!(reversibility(&effect), Reversibility::Reversible);
        assert_eq!(view(&effect).summary, "delete `a.rs`");
    }

    #[test]
    fn tells_a_forced_push_from_a_plain_one() {
        let update =
            |force| RefUpdate { name: "main".into(), force, delete: false, tag: false, shared: true };
        let push = |force| EffectKind::Push {
            remote: "origin".into(),
            updates: vec![update(force)],
            known_remote: true,
        };
        assert_eq!(summary(&push(true)), "force-push `main` on `origin`");
        assert_eq!(summary(&push(false)), "push `main` on `origin`");
    }
}
