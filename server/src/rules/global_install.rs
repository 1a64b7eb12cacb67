//! Packages for the user or the whole machine.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::{EffectKind, Reach};
use crate::verdict::Finding;

pub(super) const NAME: &str = "global-install";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let (verb, package, reach, operations): (_, _, _, &[Operation]) = match &effect.kind {
            EffectKind::Install { package, reach, .. } => {
                ("install", package, reach, &[Operation::InstallGlobal, Operation::Install])
            }
            EffectKind::Uninstall { package, reach, .. } => {
                ("remove", package, reach, &[Operation::Uninstall, Operation::Delete])
            }
            _ => continue,
        };
        let whom = match reach {
            Reach::User => "all projects of this user",
            Reach::System => "the whole machine",
            Reach::Project | Reach::Once => continue,
        };
        let shown = if package.is_empty() { "packages".to_owned() } else { names::quoted(package) };
        findings.push(
            Finding::new(
                NAME,
                Decision::Ask,
                effect,
                format!("This would {verb} {shown} for {whom}, not just for this project."),
            )
            .unless(
                names::need(operations, if package.is_empty() { Vec::new() } else { names::words(package) }),
                format!("The user says to {verb} {shown}."),
            )
            .instead("Use the project's own environment: its manifest, a virtual environment, a container."),
        );
    }
}
