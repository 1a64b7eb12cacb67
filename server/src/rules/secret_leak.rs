//! Secrets that would leave the machine.

use banksman_protocol::Decision;

use super::{Context, names, secrets};
use crate::effects::{EffectKind, SendHow};
use crate::verdict::Finding;

const NAME: &str = "secret-leak";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::Send { to, what, how } = &effect.kind else { continue };
        if to.local || *how == SendHow::Login {
            continue;
        }
        let Some(secret) = what.iter().find_map(|source| secrets::of_source(context, source)) else {
            continue;
        };
        let finding = Finding::new(
            NAME,
            Decision::Block,
            effect,
            format!(
                "This would send {secret} to {}. A secret that has left cannot be called back.",
                names::quoted(&to.shown)
            ),
        )
        .hard()
        .instead(
            "Leave the secret out. If a service needs it, the user gives it to that service's own login.",
        );
        findings.push(finding);
    }
}
