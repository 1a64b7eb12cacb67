//! Commands that run on another machine.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::{EffectKind, Elsewhere};
use crate::verdict::Finding;

pub(super) const NAME: &str = "remote-command";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::RunElsewhere { place, command } = &effect.kind else { continue };
        let (whom, targets) = match place {
            Elsewhere::Container(_) => continue,
            Elsewhere::Host(remote) if remote.local => continue,
            Elsewhere::Host(remote) => (names::quoted(&remote.shown), names::of_remote(remote)),
            Elsewhere::Cluster(name) => (format!("the cluster {}", names::quoted(name)), names::words(name)),
        };
        let what = command.as_ref().map_or_else(|| "a command".to_owned(), |command| names::quoted(command));
        findings.push(
            Finding::new(NAME, Decision::Ask, effect, format!("This would run {what} on {whom}, where nothing that Banksman knows of this machine holds."))
                .unless(
                    names::need(&[Operation::RunElsewhere], targets),
                    format!("The user names {whom} and says what to run there."),
                )
                .instead("Try it in a container on this machine first."),
        );
    }
}
