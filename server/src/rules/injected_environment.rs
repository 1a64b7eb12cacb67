//! Variables that make a program run or load something else.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;
use crate::world::Scope;

pub(super) const NAME: &str = "injected-environment";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::Inject { variable, value } = &effect.kind else { continue };
        if names::own(effect) {
            continue;
        }
        let foreign = value.split(':').filter(|part| part.starts_with('/')).any(|part| {
            let place = context.world.place(context.world.cwd(), part);
            place.scope == Scope::Temp || context.world.trail().came_from(&place.path).is_some()
        });
        let decision = if foreign { Decision::Block } else { Decision::Ask };
        let (name, shown) = (names::quoted(variable), names::quoted(value));
        findings.push(
            Finding::new(
                NAME,
                decision,
                effect,
                format!("Setting {name} to {shown} makes the programs that follow load or run it, whatever they are called."),
            )
            .unless(
                names::need(&[Operation::Weaken], vec![variable.clone(), value.clone()]),
                format!("The user names {name} and says to set it."),
            )
            .instead("Call the program that is meant by its full path."),
        );
    }
}
