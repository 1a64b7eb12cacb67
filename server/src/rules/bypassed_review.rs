//! Going round the project's own checks.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;

pub(super) const NAME: &str = "bypassed-review";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::BypassReview { what } = &effect.kind else { continue };
        findings.push(
            Finding::new(
                NAME,
                Decision::Block,
                effect,
                format!(
                    "This goes round a check that the project has set up: {}.",
                    what.trim_end_matches('.')
                ),
            )
            .unless(
                names::need(&[Operation::BypassReview], names::words(what)),
                "The user names the check and says to skip it.",
            )
            .instead("Run the check and mend what it finds, or show the user why it fails."),
        );
    }
}
