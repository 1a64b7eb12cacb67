//! Using up the machine.

use banksman_protocol::Decision;

use super::Context;
use crate::effects::EffectKind;
use crate::verdict::Finding;

pub(super) const NAME: &str = "exhausted-machine";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::Exhaust { how } = &effect.kind else { continue };
        let mut finding = Finding::new(
            NAME,
            Decision::Block,
            effect,
            format!(
                "This would use up the machine ({}), so that nothing else can work on it.",
                how.trim_end_matches('.')
            ),
        )
        .instead("Bound it: a number of rounds, a size, a time-out.");
        finding.clears = "Bound it, so that it ends.".to_owned();
        findings.push(finding);
    }
}
