//! Git's own settings.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;
use crate::world::{Place, Role, Scope};

pub(super) const NAME: &str = "git-settings";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let (decision, message, targets) = match &effect.kind {
            EffectKind::GitSetup { key, value, runs, global } => {
                let name = names::quoted(key);
                let whom = if *global { "in every repository of the user" } else { "in this repository" };
                let mut targets = names::words(value);
                targets.push(key.clone());
                targets.extend(key.rsplit('.').next().map(str::to_owned));
                match (*runs, *global) {
                    (true, true) => (
                        Decision::Block,
                        format!(
                            "With {name} set to {}, git would run it {whom}, at every later command.",
                            names::quoted(value)
                        ),
                        targets,
                    ),
                    (true, false) => (
                        Decision::Ask,
                        format!(
                            "With {name} set to {}, git would run it {whom}, at later commands.",
                            names::quoted(value)
                        ),
                        targets,
                    ),
                    (false, true) => (Decision::Ask, format!("This would change {name} {whom}."), targets),
                    (false, false) if points_elsewhere(key) => (
                        Decision::Ask,
                        format!(
                            "This would point {name} to {}, so that later pushes and fetches go there.",
                            names::quoted(value)
                        ),
                        targets,
                    ),
                    (false, false) => continue,
                }
            }
            _ => match names::written(effect) {
                Some(place) if place.role == Role::GitSettings => {
                    (Decision::Ask, file_message(context, place), names::of_place(context.world, place))
                }
                Some(place) if place.role == Role::GitStore && !is_note(place) => (
                    Decision::Ask,
                    format!(
                        "This would write {}, in git's own store, past git itself: a mistake there breaks the repository.",
                        names::place(context.world, place)
                    ),
                    names::of_place(context.world, place),
                ),
                _ => continue,
            },
        };
        if names::own(effect) && decision == Decision::Ask {
            continue;
        }
        findings.push(
            Finding::new(NAME, decision, effect, message)
                .unless(names::need(&[Operation::GitSetup, Operation::EditSteering], targets), "The user names the setting and says to change it.")
                .instead("Pass the setting to the one command that needs it, if it is harmless: `git -c key=value …`."),
        );
    }
}

fn points_elsewhere(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    (key.starts_with("remote.") && key.ends_with("url")) || key.starts_with("url.")
}

fn file_message(context: &Context<'_>, place: &Place) -> String {
    let whom =
        if place.scope == Scope::Home { "in every repository of the user" } else { "in this repository" };
    format!(
        "This would change {}, the settings that git obeys {whom}; some of them make it run programs.",
        names::place(context.world, place)
    )
}

/// What git only reads when it is asked to, and what people edit by hand.
fn is_note(place: &Place) -> bool {
    place.name().ends_with("_MSG")
        || place.name().ends_with("_EDITMSG")
        || place.path.ends_with("info/exclude")
}
