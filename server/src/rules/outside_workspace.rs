//! Writing outside the workspace.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::{EffectKind, WriteHow};
use crate::verdict::Finding;
use crate::world::{Place, Role, Scope};

pub(super) const NAME: &str = "outside-workspace";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let mut places: Vec<&Place> = Vec::new();
        match &effect.kind {
            EffectKind::Write { place, .. }
            | EffectKind::Permit { place, .. }
            | EffectKind::Link { place, .. } => places.push(place),
            EffectKind::Fetch { saves: Some(place), .. } => places.push(place),
            EffectKind::Move { from, to, .. } => places.extend([from, to]),
            _ => continue,
        }
        let only_new = matches!(effect.kind, EffectKind::Write { how: WriteHow::Create, .. });
        for place in places {
            let Some((decision, message)) = judged(context, place, only_new) else { continue };
            if decision == Decision::Ask && names::own(effect) && place.scope != Scope::System {
                continue;
            }
            let name = names::place(context.world, place);
            let finding = Finding::new(NAME, decision, effect, message)
                .instead("Write in the workspace, or in a temporary folder.");
            findings.push(if place.known {
                finding.unless(
                    names::need(&[Operation::WriteOutside], names::of_place(context.world, place)),
                    format!("The user names {name} and what to do with it."),
                )
            } else {
                Finding {
                    clears: "Spell the path out, so that what is written can be told.".into(),
                    ..finding
                }
            });
        }
    }
}

fn judged(context: &Context<'_>, place: &Place, only_new: bool) -> Option<(Decision, String)> {
    // Places that have a rule of their own are left to it.
    if !matches!(
        place.role,
        Role::Ordinary
            | Role::NotSecret
            | Role::Secret(_)
            | Role::Build
            | Role::History
            | Role::Ci
            | Role::EditorTasks
            | Role::GitStore
    ) {
        return None;
    }
    if place.known && context.world.trail().made(&place.path) {
        return None;
    }
    let name = names::place(context.world, place);
    match place.scope {
        Scope::Workspace | Scope::Temp | Scope::Sink | Scope::Device => None,
        Scope::WorkspaceRoot if place.path == context.world.workspace() => None,
        // A folder that is made writes nothing over.
        Scope::Unknown if only_new => None,
        Scope::Unknown => Some((
            Decision::Ask,
            format!(
                "What {name} names cannot be told beforehand, so neither can what would be written over."
            ),
        )),
        Scope::Home if in_cache(context, place) => None,
        Scope::System if !local(place) && !only_new => Some((
            Decision::Block,
            format!(
                "This would change {name}, which belongs to the system; a mistake there can stop the machine from working."
            ),
        )),
        Scope::System | Scope::Root => Some((
            Decision::Ask,
            format!("This would write {name}, in the folders of the system and outside the workspace."),
        )),
        Scope::Home | Scope::HomeRoot | Scope::Elsewhere | Scope::WorkspaceRoot => Some((
            Decision::Ask,
            format!(
                "This would write {name}, outside the workspace, where git keeps nothing and other programs may rely on it."
            ),
        )),
    }
}

fn in_cache(context: &Context<'_>, place: &Place) -> bool {
    place.known && place.path.starts_with(context.world.home().join(".cache"))
}

/// Where software that is not the system's own belongs.
fn local(place: &Place) -> bool {
    place.path.starts_with("/usr/local") || place.path.starts_with("/opt")
}
