//! Packages that come from somewhere else than the default registry, or whose names look like typos.

use banksman_protocol::Decision;

use super::Context;
use super::support::{names, popular, sources};
use crate::consent::Operation;
use crate::effects::{Effect, EffectKind, PackageSource, Remote};
use crate::verdict::Finding;
use crate::world::{Place, Scope};

pub(super) const NAME: &str = "package-source";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        if let EffectKind::Write { place, .. } = &effect.kind {
            findings.extend(redirected(context, effect, place));
        }
        let EffectKind::Install { manager, package, source, .. } = &effect.kind else { continue };
        let shown = names::quoted(package);
        match source {
            PackageSource::Declared => {}
            PackageSource::Registry => {
                if let Some(known) = popular::meant(manager, package) {
                    let message = format!(
                        "{shown} is one letter away from the well-known package {}. Look-alike names are a usual way to spread malicious packages.",
                        names::quoted(known)
                    );
                    findings.push(
                        finding(
                            effect,
                            message,
                            vec![package.clone()],
                            format!("The user names {shown} exactly."),
                        )
                        .instead(format!("Install {}, if that is what is meant.", names::quoted(known))),
                    );
                }
            }
            PackageSource::Local(path) => {
                let place = context.world.place(context.world.cwd(), path);
                if matches!(place.scope, Scope::Workspace | Scope::WorkspaceRoot)
                    || context.world.trail().made(&place.path)
                {
                    continue;
                }
                let name = names::place(context.world, &place);
                let message = format!(
                    "This would install {name} from outside the workspace; its install scripts would run."
                );
                findings.push(
                    finding(
                        effect,
                        message,
                        names::of_place(context.world, &place),
                        format!("The user names {name} and says to install it."),
                    )
                    .instead("Install the package from its registry."),
                );
            }
            PackageSource::Address(address) | PackageSource::OtherRegistry(address) => {
                let remote = Remote::read(address.trim_start_matches("git+"));
                if matches!(source, PackageSource::OtherRegistry(_))
                    && remote.host.as_deref().is_some_and(sources::is_known)
                {
                    continue;
                }
                let from = names::quoted(address);
                let message = format!(
                    "This would install {} from {from}, which is not the default registry; its install scripts would run.",
                    if package.is_empty() { "packages".to_owned() } else { shown }
                );
                let mut targets = names::of_remote(&remote);
                targets.extend(names::words(package));
                targets.extend(names::words(address));
                findings.push(
                    finding(
                        effect,
                        message,
                        targets,
                        format!("The user names {from} and says to install from there."),
                    )
                    .instead("Install the release of the same name from the default registry."),
                );
            }
        }
    }
}

/// A file that says where packages come from would say another place.
fn redirected(context: &Context<'_>, effect: &Effect, place: &Place) -> Option<Finding> {
    if names::own(effect) || place.scope == Scope::Temp {
        return None;
    }
    let found = sources::added_by(context, &effect.kind);
    let first = found.first()?;
    let (from, file) = (names::quoted(&first.address), names::place(context.world, place));
    let more = if found.len() > 1 { " and elsewhere" } else { "" };
    let message = format!(
        "With this change to {file}, packages would come from {from}{more}, a place that the project did not use before; whatever it serves runs at the next install or build."
    );
    let mut targets = names::of_remote(&first.remote);
    targets.extend(names::words(&first.address));
    targets.push("@exact".to_owned());
    let operations = [Operation::Install, Operation::RunDownloaded, Operation::EditSteering];
    let instead = if sources::is_lock(place) {
        "Let the package manager write the lock file, from the registry that the project uses."
    } else {
        "Take the package of that name from the default registry, or show the user the address first."
    };
    Some(
        Finding::new(NAME, Decision::Ask, effect, message)
            .unless(names::need(&operations, targets), format!("The user names {from} as where packages come from."))
            .instead(instead),
    )
}

/// Asking for packages in general vouches for none of these.
fn finding(effect: &Effect, message: String, mut targets: Vec<String>, clears: String) -> Finding {
    targets.push("@exact".to_owned());
    Finding::new(NAME, Decision::Ask, effect, message)
        .unless(names::need(&[Operation::Install, Operation::RunDownloaded], targets), clears)
}
