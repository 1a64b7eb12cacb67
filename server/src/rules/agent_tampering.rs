//! What steers coding agents: their settings, records and standing instructions.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;
use crate::world::{Place, Role};

pub(super) const NAME: &str = "agent-tampering";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let place = match &effect.kind {
            EffectKind::Permit { place, .. } => place,
            EffectKind::Delete { place, state, .. } if state.exists => place,
            EffectKind::Move { from, to, .. } => {
                if steers(from) {
                    from
                } else {
                    to
                }
            }
            _ => {
                let Some(place) = names::written(effect) else { continue };
                place
            }
        };
        let (decision, what) = match place.role {
            Role::AgentSettings => (
                Decision::Block,
                "an agent's settings, hooks, permissions or servers. An agent does not change what it is allowed to do",
            ),
            Role::AgentRecord => {
                (Decision::Block, "an agent's record of its sessions. What was done must stay on record")
            }
            Role::AgentInstructions => (
                Decision::Ask,
                "what agents are told at the start of every session, so that it would steer all later ones",
            ),
            _ => continue,
        };
        let name = names::place(context.world, place);
        let mut targets = names::of_place(context.world, place);
        if place.role == Role::AgentInstructions {
            for word in ["agent instructions", "instructions", "memory", "skill"] {
                names::add(&mut targets, word);
            }
        }
        findings.push(
            Finding::new(NAME, decision, effect, format!("{name} is {what}."))
                .unless(
                    names::need(&[Operation::EditAgent, Operation::Delete], targets),
                    format!("The user names {name} and says to change it."),
                )
                .instead("Tell the user which line you would change, and let them do it."),
        );
    }
}

fn steers(place: &Place) -> bool {
    matches!(place.role, Role::AgentSettings | Role::AgentRecord | Role::AgentInstructions)
}
