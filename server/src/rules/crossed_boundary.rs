//! What the user has forbidden.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::BoundaryForce;
use crate::verdict::Finding;

pub(super) const NAME: &str = "crossed-boundary";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let Some(boundary) = context.consent.crossed_in(effect, Some(context.world.workspace())) else {
            continue;
        };
        let quote = names::quoted(&boundary.quote);
        let does = crate::effects::view(effect).summary;
        let (decision, message) = match boundary.force {
            BoundaryForce::AskFirst => {
                (Decision::Ask, format!("The user wants to be asked before this: {quote}. It would {does}."))
            }
            BoundaryForce::Never | BoundaryForce::Only => {
                (Decision::Block, format!("The user has ruled this out: {quote}. It would {does}."))
            }
        };
        let mut finding = Finding::new(NAME, decision, effect, message)
            .instead("Do the rest of the task, and tell the user what is left for them.");
        finding.clears = "The user lifts it in their own words.".to_owned();
        findings.push(finding);
    }
}
