//! Banksman itself.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::effects::EffectKind;
use crate::verdict::Finding;
use crate::world::{Place, Role};

pub(super) const NAME: &str = "guard-tampering";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let message = match &effect.kind {
            EffectKind::Permit { place, .. }
            | EffectKind::Delete { place, .. }
            | EffectKind::Move { from: place, .. }
                if is_guard(place) =>
            {
                "This would change Banksman's own files."
            }
            EffectKind::Kill { target, .. } if names_guard(target) => "This would stop Banksman itself.",
            EffectKind::Weaken { what, .. } if names_guard(what) => "This would loosen Banksman itself.",
            EffectKind::Uninstall { package, .. } if names_guard(package) => "This would remove Banksman.",
            EffectKind::Inject { variable, .. } if variable.to_ascii_uppercase().starts_with("BANKSMAN_") => {
                "This would change how Banksman works."
            }
            _ if names::written(effect).is_some_and(is_guard) => "This would change Banksman's own files.",
            _ => continue,
        };
        let finding = Finding::new(
            NAME,
            Decision::Block,
            effect,
            format!(
                "{message} The reviewed do not switch off the review; only a person does, by their own hand."
            ),
        )
        .hard()
        .instead("Ask the user to change it in their editor or terminal.");
        findings.push(finding);
    }
}

fn is_guard(place: &Place) -> bool {
    place.role == Role::Guard
}

fn names_guard(text: &str) -> bool {
    text.to_ascii_lowercase().contains("banksman")
}
