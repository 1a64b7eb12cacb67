//! Running what came from another machine.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::{EffectKind, Remote};
use crate::verdict::Finding;

pub(super) const NAME: &str = "downloaded-code";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let (from, place) = match &effect.kind {
            EffectKind::RunDownloaded { from, place } => (from.clone(), place.as_ref()),
            EffectKind::RunUnknown { place: Some(place), .. } if place.known => {
                let Some(from) = context.world.trail().came_from(&place.path) else { continue };
                (from.to_owned(), Some(place))
            }
            _ => continue,
        };
        let remote = Remote::read(&from);
        if remote.host.as_deref().is_some_and(|host| context.settings.trusts_host(host)) {
            continue;
        }
        let mut targets = names::of_remote(&remote);
        for name in names::words(&from) {
            names::add(&mut targets, &name);
        }
        if let Some(place) = place {
            targets.extend(names::of_place(context.world, place));
        }
        let decision = if remote.local || names::own(effect) { Decision::Ask } else { Decision::Block };
        let shown = names::quoted(&from);
        findings.push(
            Finding::new(
                NAME,
                decision,
                effect,
                format!("This would run code that came from {shown}. Nobody has vouched for it or read it, and it would run with all your rights."),
            )
            .unless(
                names::need(&[Operation::RunDownloaded], targets),
                format!("The user names {shown} and says to run or install it."),
            )
            .instead("Download it to a file, read it, and show the user what it does; or install the same thing from a package registry."),
        );
    }
}
