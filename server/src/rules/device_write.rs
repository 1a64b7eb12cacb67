//! Writing raw devices.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;
use crate::world::Scope;

pub(super) const NAME: &str = "device-write";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let (path, how) = match &effect.kind {
            EffectKind::Device { path, how } => (path.clone(), how.clone()),
            _ => match names::written(effect) {
                Some(place) if place.scope == Scope::Device => (place.text(), "write to it".to_owned()),
                _ => continue,
            },
        };
        let shown = names::quoted(&path);
        findings.push(
            Finding::new(
                NAME,
                Decision::Block,
                effect,
                format!("This reaches the device {shown} itself ({how}). Whatever file system stands on it would be destroyed."),
            )
            .unless(
                names::need(&[Operation::Overwrite, Operation::Delete], names::words(&path)),
                format!("The user names the device {shown} and what to do with it."),
            )
            .instead("Work on an image file in the workspace."),
        );
    }
}
