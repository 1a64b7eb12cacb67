//! Deleting what cannot be brought back.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::{Effect, EffectKind};
use crate::verdict::Finding;
use crate::world::{Place, Role, Scope, SecretKind, State};

pub(super) const NAME: &str = "irrecoverable-delete";

/// Folders below home that programs fill again by themselves.
const CACHES: [&str; 7] = [
    ".cache",
    ".npm",
    ".cargo/registry",
    ".gradle/caches",
    ".m2/repository",
    "Library/Caches",
    ".pnpm-store",
];
/// Folders of the system that programs fill again by themselves.
const SYSTEM_CACHES: [&str; 3] = ["/var/cache", "/var/lib/apt/lists", "/var/lib/dnf"];

/// Folders without which the machine does not work.
const VITAL: [&str; 10] =
    ["/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/boot", "/sys", "/System", "/Library"];

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        match &effect.kind {
            EffectKind::Delete { place, state, recursive } => {
                delete(context, effect, place, state, *recursive, findings)
            }
            EffectKind::Move { from, to, .. } if moved_away(from, to) => {
                delete(context, effect, from, &context.world.state(from), true, findings);
            }
            _ => {}
        }
    }
}

/// Losing it would be losing the machine or a home: not the shared temporary folder, and not a name
/// below the root that nothing has.
fn is_vital_root(context: &Context<'_>, place: &Place, state: &State) -> bool {
    let inner = context.world.place(&place.path, "x");
    place.path.parent().is_none() || (state.exists && inner.scope != Scope::Temp)
}

/// A move is as good as a deletion when nothing is kept, or when it takes root or home away.
fn moved_away(from: &Place, to: &Place) -> bool {
    to.scope == Scope::Sink || matches!(from.scope, Scope::Root | Scope::HomeRoot | Scope::WorkspaceRoot)
}

fn delete(
    context: &Context<'_>,
    effect: &Effect,
    place: &Place,
    state: &State,
    recursive: bool,
    findings: &mut Vec<Finding>,
) {
    let name = names::place(context.world, place);
    let tree = recursive || state.folder;
    let judged = match place.scope {
        Scope::Sink => None,
        Scope::Root | Scope::HomeRoot if !place.known && !is_vital_root(context, place, state) => Some((
            Decision::Ask,
            format!("What {name} names cannot be told beforehand, so neither can what would be deleted."),
        )),
        Scope::Root | Scope::HomeRoot if !place.known => Some((
            Decision::Block,
            format!(
                "What {name} names cannot be told; if the variable in it is empty, this deletes the root or the home of this machine."
            ),
        )),
        Scope::Root | Scope::HomeRoot if tree => {
            let finding = Finding::new(
                NAME,
                Decision::Block,
                effect,
                format!(
                    "This would delete {name} with all it holds: the machine or the user's home would be lost for ever."
                ),
            );
            findings.push(finding.hard().instead("Delete the one folder that is meant, by its full name."));
            return;
        }
        Scope::Root | Scope::HomeRoot | Scope::Device => {
            Some((Decision::Block, format!("This would delete {name}, on which the machine depends.")))
        }
        Scope::WorkspaceRoot if !place.known => Some((
            Decision::Block,
            format!(
                "What {name} names cannot be told; if the variable in it is empty, this deletes the whole workspace."
            ),
        )),
        Scope::WorkspaceRoot if tree => Some((
            Decision::Block,
            format!(
                "This would delete the whole workspace ({name}) with its history and everything that no commit holds."
            ),
        )),
        Scope::Unknown => Some((
            Decision::Ask,
            format!("What {name} names cannot be told beforehand, so neither can what would be deleted."),
        )),
        Scope::Temp => in_temp(context, effect, place, &name),
        Scope::Workspace | Scope::WorkspaceRoot => in_workspace(context, place, state, tree, &name),
        Scope::System if below_one(place, &SYSTEM_CACHES) => None,
        Scope::Home | Scope::System | Scope::Elsewhere => outside(context, place, state, tree, &name),
    };
    let Some((decision, message)) = judged else { return };
    if decision == Decision::Ask && names::own(effect) {
        return;
    }
    let finding = Finding::new(NAME, decision, effect, message)
        .instead("Move it aside instead, or delete only what this session made or git can bring back.");
    findings.push(if place.known {
        finding.unless(
            names::need(&[Operation::Delete], names::of_place(context.world, place)),
            format!("The user says to delete {name}."),
        )
    } else {
        Finding { clears: "Spell the path out, so that what is deleted can be told.".into(), ..finding }
    });
}

/// One's own temporary files may go. A pattern right below the shared folder sweeps up everybody's.
fn in_temp(context: &Context<'_>, effect: &Effect, place: &Place, name: &str) -> Option<(Decision, String)> {
    if context.world.trail().made(&place.path) {
        return None;
    }
    let folder = place.path.parent();
    let sweep = context.effects.iter().filter(|other| {
        other.span == effect.span
            && matches!(&other.kind, EffectKind::Delete { place: one, .. } if one.path.parent() == folder)
    });
    let shared = folder.is_some_and(|folder| {
        context.world.place(context.world.cwd(), &folder.to_string_lossy()).scope == Scope::Root
    });
    (shared && sweep.count() > 1).then(|| {
        (
            Decision::Ask,
            format!("This would delete {name} and its neighbours, which other programs may be working on."),
        )
    })
}

fn in_workspace(
    context: &Context<'_>,
    place: &Place,
    state: &State,
    tree: bool,
    name: &str,
) -> Option<(Decision, String)> {
    if !place.known {
        return Some((
            Decision::Ask,
            format!("Part of {name} cannot be told beforehand, so neither can what would be deleted."),
        ));
    }
    if !state.exists || context.world.trail().made(&place.path) {
        return None;
    }
    if state.repository || (place.role == Role::GitStore && keeps_history(place, tree)) {
        return Some((
            Decision::Block,
            format!(
                "This would delete {name}, where git keeps the history: commits, branches and stashes that are nowhere else would be lost."
            ),
        ));
    }
    if place.role == Role::GitStore && is_lock(place) {
        return None;
    }
    if place.role == Role::GitStore {
        return Some((
            Decision::Ask,
            format!("This would delete {name}, which git needs to know where it stands."),
        ));
    }
    if state.recoverable() {
        return None;
    }
    let untracked = state.untracked + state.unversioned;
    if tree && state.folder && untracked > 0 {
        return Some((
            Decision::Block,
            format!(
                "This would delete {name} for ever: {} in it {} in no commit.",
                names::files(untracked),
                are(untracked)
            ),
        ));
    }
    let why = if state.capped {
        "it holds more than could be looked at, and part of it may be in no commit".to_owned()
    } else if state.folder {
        let lost = state.lost();
        format!("{} in it {} in no commit", names::files(lost), are(lost))
    } else if state.changed > 0 {
        "its changes are in no commit".to_owned()
    } else {
        "no commit holds it".to_owned()
    };
    Some((Decision::Ask, format!("This would delete {name} for ever: {why}.")))
}

fn outside(
    context: &Context<'_>,
    place: &Place,
    state: &State,
    tree: bool,
    name: &str,
) -> Option<(Decision, String)> {
    if context.world.trail().made(&place.path) {
        return None;
    }
    if place.known && place.scope == Scope::Home && in_cache(context, place) {
        return Some((
            Decision::Ask,
            format!("This would delete {name}, a cache outside the workspace that other projects use too."),
        ));
    }
    let precious = !matches!(place.role, Role::Ordinary | Role::NotSecret)
        || (place.scope == Scope::System
            && below_one(place, &VITAL)
            && !place.path.starts_with("/usr/local"));
    if state.repository {
        return Some((
            Decision::Block,
            format!("This would delete {name}, which holds a git repository outside the workspace."),
        ));
    }
    if tree || precious && place.role != Role::Secret(SecretKind::Environment) {
        return Some((
            Decision::Block,
            format!(
                "This would delete {name} for ever. It lies outside the workspace, where nothing can bring it back."
            ),
        ));
    }
    Some((Decision::Ask, format!("This would delete {name}, which lies outside the workspace.")))
}

fn in_cache(context: &Context<'_>, place: &Place) -> bool {
    CACHES.iter().any(|cache| place.path.starts_with(context.world.home().join(cache)))
}

fn below_one(place: &Place, folders: &[&str]) -> bool {
    folders.iter().any(|folder| place.path.starts_with(folder))
}

/// What lies in a repository's store and is commits or the names by which they are reached.
fn keeps_history(place: &Place, tree: bool) -> bool {
    let parts = ["objects", "refs", "packed-refs", "HEAD", "config", "logs", "ORIG_HEAD"];
    place.name() == ".git"
        || (!is_lock(place)
            && (tree || place.path.iter().any(|part| parts.iter().any(|known| part == *known))))
}

fn is_lock(place: &Place) -> bool {
    place.name().ends_with(".lock")
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}
