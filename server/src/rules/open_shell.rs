//! Letting somebody in.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::{EffectKind, Remote};
use crate::verdict::Finding;

pub(super) const NAME: &str = "open-shell";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let (message, targets) = match &effect.kind {
            EffectKind::OpenShell { peer } => (
                format!(
                    "This would give {} a shell on this machine, with all of the user's rights.",
                    names::quoted(peer)
                ),
                names::of_remote(&Remote::read(peer)),
            ),
            EffectKind::Tunnel { via } => (
                format!(
                    "Through {} this machine, or the network behind it, could be reached from outside.",
                    names::quoted(via)
                ),
                names::words(via),
            ),
            _ => continue,
        };
        findings.push(
            Finding::new(NAME, Decision::Block, effect, message)
                .unless(
                    names::need(&[Operation::Expose], targets),
                    "The user names this tunnel or shell and asks for it.",
                )
                .instead("Let the user open it, if somebody really has to get in."),
        );
    }
}
