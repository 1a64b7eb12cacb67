//! Speaking to people in the user's name.

use banksman_protocol::Decision;

use super::Context;
use super::support::services;
use crate::consent::Operation;
use crate::effects::{ServiceClass, ServiceReach};
use crate::verdict::Finding;

pub(super) const NAME: &str = "unasked-message";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let Some(deed) = services::deed(effect) else { continue };
        let (what, operations): (_, &[Operation]) = match deed.class {
            ServiceClass::Message => ("would speak to people in the user's name", &[Operation::Message]),
            ServiceClass::Propose => ("would open a pull request in the user's name", &[Operation::Propose]),
            ServiceClass::Merge => (
                "would merge or approve in the user's name, which is for people to decide",
                &[Operation::Merge],
            ),
            _ => continue,
        };
        let routine = deed.class != ServiceClass::Merge && !speaks_to_outsiders(deed.service);
        if deed.reach == ServiceReach::Local || (routine && !context.consent.has_scope()) {
            continue;
        }
        let mut finding =
            Finding::new(NAME, Decision::Ask, effect, format!("{} {what}{}.", deed.shown(), deed.on()))
                .unless(
                    deed.need(operations, false),
                    "The user asks for that message, pull request or merge.",
                )
                .instead("Write the text down and show it to the user.");
        finding.cleared_by = services::implied(context, effect);
        findings.push(finding);
    }
}

/// A message that is not about the code at hand, in the place where the code lives.
fn speaks_to_outsiders(service: &str) -> bool {
    ["mail", "smtp", "slack", "telegram", "discord", "teams", "twilio", "twitter", "whatsapp", "sms"]
        .iter()
        .any(|word| service.to_ascii_lowercase().contains(word))
}
