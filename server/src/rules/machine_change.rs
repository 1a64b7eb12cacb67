//! Changes to the machine itself.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;
use crate::world::{Place, Role};

pub(super) const NAME: &str = "machine-change";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let (decision, message, targets) = match &effect.kind {
            EffectKind::Machine { what, grave } => (
                if *grave { Decision::Block } else { Decision::Ask },
                format!("This would change the machine itself: {}.", what.trim_end_matches('.')),
                names::words(what),
            ),
            EffectKind::Permit { place, .. } if place.role == Role::MachineSettings => file(context, place),
            _ => match names::written(effect) {
                Some(place) if place.role == Role::MachineSettings => file(context, place),
                _ => continue,
            },
        };
        findings.push(
            Finding::new(NAME, decision, effect, message)
                .unless(
                    names::need(&[Operation::Machine, Operation::WriteOutside], targets),
                    "The user names this change to the machine.",
                )
                .instead("Do it in a container, or give the user the command to run."),
        );
    }
}

fn file(context: &Context<'_>, place: &Place) -> (Decision, String, Vec<String>) {
    let name = names::place(context.world, place);
    (
        Decision::Block,
        format!("This would change {name}: users, rights, names or the start of this machine depend on it."),
        names::of_place(context.world, place),
    )
}
