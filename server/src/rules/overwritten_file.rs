//! Writing over what cannot be brought back.

use banksman_protocol::{Action, Decision};

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::{EffectKind, WriteHow};
use crate::verdict::Finding;
use crate::world::{Place, Scope, State};

pub(super) const NAME: &str = "overwritten-file";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    // An agent's edit tool shows the person what changes: editing in the workspace is its ordinary work.
    if matches!(context.action, Action::Edit { .. }) {
        return;
    }
    for effect in context.effects {
        let (place, state) = match &effect.kind {
            EffectKind::Write { place, state, how: WriteHow::Replace, .. } => (place, state),
            EffectKind::Move { to, state, .. } => (to, state),
            _ => continue,
        };
        if names::own(effect) || !is_lost(context, place, state) {
            continue;
        }
        let name = names::place(context.world, place);
        let what = if state.changed > 0 { "Its uncommitted changes" } else { "What it holds" };
        findings.push(
            Finding::new(
                NAME,
                Decision::Ask,
                effect,
                format!("This would replace {name}. {what} would be lost: no commit has them."),
            )
            .unless(
                names::need(&[Operation::Overwrite], names::of_place(context.world, place)),
                format!("The user says to overwrite {name}."),
            )
            .instead("Write to a new file, or keep a copy of the old one first."),
        );
    }
}

fn is_lost(context: &Context<'_>, place: &Place, state: &State) -> bool {
    let session_wrote =
        context.world.trail().trace(&place.path).is_some_and(|trace| trace.made || trace.content.is_some());
    place.known
        && place.scope == Scope::Workspace
        && state.exists
        && !state.folder
        && !state.recoverable()
        && !session_wrote
}
