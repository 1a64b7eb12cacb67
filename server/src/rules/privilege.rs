//! More rights than the user has.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;

pub(super) const NAME: &str = "privilege";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::Privilege { how } = &effect.kind else { continue };
        let shown = names::quoted(how);
        findings.push(
            Finding::new(NAME, Decision::Ask, effect, format!("With {shown} this would run with more rights than the user has, beyond what the system protects."))
                .unless(
                    names::need(&[Operation::Privilege, Operation::Machine, Operation::InstallGlobal], Vec::new()),
                    format!("The user says to use {shown}, or asks for what needs it."),
                )
                .instead("Find a way that needs no such rights, or give the user the command to run."),
        );
    }
}
