//! Running a program file that nobody here knows.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;
use crate::world::{Place, Scope};

pub(super) const NAME: &str = "unknown-program";

/// Folders below home where installed programs live.
const INSTALLED: [&str; 14] = [
    ".local",
    ".cargo",
    ".rustup",
    ".nvm",
    ".pyenv",
    ".rbenv",
    ".asdf",
    ".deno",
    ".bun",
    ".volta",
    ".sdkman",
    "go/bin",
    "miniconda3",
    "anaconda3",
];

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        // A bare name is an installed tool; the effects of its arguments are judged on their own.
        let EffectKind::RunUnknown { place: Some(place), .. } = &effect.kind else { continue };
        if names::own(effect) || is_known(context, place) {
            continue;
        }
        let name = names::place(context.world, place);
        findings.push(
            Finding::new(
                NAME,
                Decision::Ask,
                effect,
                format!("This would run {name}, a program outside the workspace that is not installed. What it does cannot be told."),
            )
            .unless(
                names::need(&[Operation::RunDownloaded], names::of_place(context.world, place)),
                format!("The user names {name} and says to run it."),
            )
            .instead("Run a tool that is installed, or build the program from source in the workspace."),
        );
    }
}

fn is_known(context: &Context<'_>, place: &Place) -> bool {
    if !place.known {
        return false;
    }
    let trail = context.world.trail();
    if trail.came_from(&place.path).is_some() {
        // The rule about downloaded code speaks.
        return true;
    }
    match place.scope {
        // What lies in `/run` was put there by somebody since the machine started.
        Scope::System => !place.path.starts_with("/run"),
        Scope::Workspace | Scope::WorkspaceRoot | Scope::Root => true,
        Scope::Home => {
            INSTALLED.iter().any(|folder| place.path.starts_with(context.world.home().join(folder)))
        }
        _ => trail.made(&place.path),
    }
}
