//! Protections that are switched off or loosened.

use banksman_protocol::Decision;

use super::Context;
use super::support::{names, openings};
use crate::consent::Operation;
use crate::effects::{Effect, EffectKind, Permission};
use crate::verdict::Finding;
use crate::world::Scope;

pub(super) const NAME: &str = "weakened-security";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        findings.extend(opened(context, effect));
        let (decision, message, targets) = match &effect.kind {
            EffectKind::Weaken { what, once } => {
                let decision = if *once { Decision::Ask } else { Decision::Block };
                let reach = if *once { "for this call" } else { "from now on" };
                (
                    decision,
                    format!("{} would be switched off or loosened {reach}.", sentence(what)),
                    names::words(what),
                )
            }
            EffectKind::Permit { place, change, recursive } => {
                let name = names::place(context.world, place);
                let targets = names::of_place(context.world, place);
                match change {
                    Permission::SetId => (
                        Decision::Block,
                        format!("{name} would run with its owner's rights, whoever starts it."),
                        targets,
                    ),
                    Permission::WorldWritable => {
                        let inside = matches!(place.scope, Scope::Workspace | Scope::WorkspaceRoot);
                        if place.scope == Scope::Temp {
                            continue;
                        }
                        let decision = if inside && !*recursive { Decision::Ask } else { Decision::Block };
                        (decision, format!("Anybody on this machine could then change {name}."), targets)
                    }
                    Permission::Owner | Permission::Other
                        if *recursive
                            && matches!(place.scope, Scope::Root | Scope::HomeRoot | Scope::System) =>
                    {
                        (
                            Decision::Block,
                            format!(
                                "This would change the rights on all of {name}, on which the machine depends."
                            ),
                            targets,
                        )
                    }
                    _ => continue,
                }
            }
            _ => continue,
        };
        if decision == Decision::Ask && names::own(effect) {
            continue;
        }
        findings.push(
            Finding::new(NAME, decision, effect, message)
                .unless(
                    names::need(&[Operation::Weaken], targets),
                    "The user names this protection and says to switch it off.",
                )
                .instead(
                    "Mend what the protection complains about, or give exactly the right that is needed.",
                ),
        );
    }
}

/// A file would describe containers with fewer walls than before.
fn opened(context: &Context<'_>, effect: &Effect) -> Option<Finding> {
    let found = openings::added_by(context, &effect.kind);
    let first = found.first().filter(|_| !names::own(effect))?;
    let file = effect.place().map(|place| names::place(context.world, place)).unwrap_or_default();
    let all: Vec<String> = found.iter().take(3).map(|opening| names::quoted(opening)).collect();
    let message = format!(
        "With this change to {file}, containers that it describes get {}: the walls between them and the machine would be gone.",
        all.join(", ")
    );
    let mut targets = vec![first.clone(), "@exact".to_owned()];
    for part in first.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() > 3) {
        names::add(&mut targets, part);
    }
    for path in first.split_whitespace().filter(|word| word.contains('/')) {
        names::add(&mut targets, path);
        let name = path.rsplit('/').next().unwrap_or_default();
        names::add(&mut targets, name);
        names::add(&mut targets, &name.replace(".sock", " socket"));
    }
    let operations = [Operation::Weaken, Operation::EditSteering, Operation::Edit, Operation::Grant];
    Some(
        Finding::new(NAME, Decision::Ask, effect, message)
            .unless(names::need(&operations, targets), "The user asks for exactly this right or mount.")
            .instead("Give the container the one capability, device or folder that it needs, or leave it to the user."),
    )
}

fn sentence(what: &str) -> String {
    let mut chars = what.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
