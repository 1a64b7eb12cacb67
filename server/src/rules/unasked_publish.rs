//! Publishing, releasing and deploying.

use banksman_protocol::Decision;

use super::{Context, services};
use crate::consent::Operation;
use crate::effects::{ServiceClass, ServiceReach};
use crate::verdict::Finding;

const NAME: &str = "unasked-publish";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let Some(deed) = services::deed(effect) else { continue };
        let (what, operations): (_, &[Operation]) = match deed.class {
            ServiceClass::Publish => ("would make something public that cannot be taken back", &[Operation::Publish, Operation::Release]),
            ServiceClass::Release => ("would cut a release that others are told of", &[Operation::Release, Operation::Tag, Operation::Publish]),
            ServiceClass::Deploy => ("would put this into use", &[Operation::Deploy]),
            _ => continue,
        };
        if deed.reach == ServiceReach::Local {
            continue;
        }
        findings.push(
            Finding::new(NAME, Decision::Ask, effect, format!("{} {what}{}. Nobody asked for that yet.", deed.shown(), deed.on()))
                .unless(deed.need(operations, deed.class == ServiceClass::Deploy), "The user says to publish, release or deploy it.")
                .instead("Prepare everything, show what would go out (a dry run), and let the user say go."),
        );
    }
}
