//! From an action to its effects.

use banksman_protocol::{Action, Span};

use super::{Effect, EffectKind, Worst, shell};
use crate::world::World;

/// What an action would do.
#[must_use]
pub fn of(action: &Action, world: &World<'_>) -> Vec<Effect> {
    match action {
        Action::Command { command, cwd } => shell::read_command(command, cwd.as_deref(), world),
        _ => vec![Effect::new(EffectKind::Opaque { reason: "not modelled".into(), worst: Worst::Runs }, Span::default())],
    }
}
