//! Data for a host that nobody named.

use banksman_protocol::Decision;

use super::Context;
use super::support::{names, secrets};
use crate::consent::Operation;
use crate::effects::{EffectKind, SendHow, Source};
use crate::verdict::Finding;

pub(super) const NAME: &str = "unnamed-host";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::Send { to, what, how } = &effect.kind else { continue };
        if to.local || *how == SendHow::Login || names::own(effect) {
            continue;
        }
        if what.iter().any(|source| secrets::of_source(context, source).is_some()) {
            // The rule about leaks speaks.
            continue;
        }
        if to.host.as_deref().is_some_and(|host| context.settings.trusts_host(host)) {
            continue;
        }
        let host = names::quoted(&to.shown);
        let message = if *how == SendHow::Probe {
            format!("This would probe {host} for what it gives away or lets in. The user has not named it, and whoever runs it may take that for an attack.")
        } else {
            format!("This would send {} to {host}, which the user has not named.", data(context, what))
        };
        findings.push(
            Finding::new(
                NAME,
                Decision::Ask,
                effect,
                message,
            )
            .unless(
                names::need(&[Operation::Send, Operation::Publish, Operation::Message], names::of_remote(to)),
                format!("The user names {host} and says to send it there."),
            )
            .instead("Show the user what would be sent, and to whom."),
        );
    }
}

fn data(context: &Context<'_>, what: &[Source]) -> String {
    match what.first() {
        Some(Source::File(place)) => names::place(context.world, place),
        Some(Source::Output(command)) => format!("what {} prints", names::quoted(command)),
        Some(Source::Variable(name)) => format!("the variable {}", names::quoted(name)),
        Some(Source::Url(url)) => format!("what came from {}", names::quoted(url)),
        _ => "data".to_owned(),
    }
}
