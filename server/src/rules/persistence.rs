//! What would run later by itself, or let somebody in.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;
use crate::world::Role;

pub(super) const NAME: &str = "persistence";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let (message, targets, clears) = match &effect.kind {
            EffectKind::Persist { mechanism } => (
                format!(
                    "Through {} this would go on running, or let somebody in, after the session is over.",
                    names::quoted(mechanism)
                ),
                names::words(mechanism),
                format!("The user asks for {} to be set up.", names::quoted(mechanism)),
            ),
            _ => {
                let Some(place) = names::written(effect) else { continue };
                let what = match place.role {
                    Role::ShellStartup => "every shell of the user runs",
                    Role::Persistence => "the machine runs by itself, or by which it lets people in",
                    _ => continue,
                };
                let name = names::place(context.world, place);
                (
                    format!("This would change {name}, which {what}. It would outlast the session."),
                    names::of_place(context.world, place),
                    format!("The user names {name} and says to change it."),
                )
            }
        };
        findings.push(
            Finding::new(NAME, Decision::Block, effect, message)
                .unless(names::need(&[Operation::Persist, Operation::WriteOutside], targets), clears)
                .instead("Set it for this session only, or show the user the line that they may add."),
        );
    }
}
