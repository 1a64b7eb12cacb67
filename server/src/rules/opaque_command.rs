//! What could not be understood.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::effects::{EffectKind, Worst};
use crate::verdict::Finding;

pub(super) const NAME: &str = "opaque-command";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::Opaque { reason, worst } = &effect.kind else { continue };
        if *worst == Worst::Reads || names::own(effect) {
            continue;
        }
        let reach = if *worst == Worst::Runs { "run anything" } else { "write or delete any file" };
        let reason = reason.trim_end_matches('.');
        let mut finding = Finding::new(
            NAME,
            Decision::Ask,
            effect,
            format!("What this does cannot be told beforehand: {reason}. At worst it could {reach}."),
        )
        .instead("Write the command out in full, one step at a time.");
        finding.clears = "Put it so that it can be read: without computed command names, encoded text or unknown variables.".to_owned();
        findings.push(finding);
    }
}
