//! Ports that others can reach.

use std::net::IpAddr;

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;
use crate::world::Scope;

pub(super) const NAME: &str = "exposed-port";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::Listen { address, serves } = &effect.kind else { continue };
        let open = !only_this_machine(address);
        let foreign = serves
            .as_ref()
            .filter(|place| !matches!(place.scope, Scope::Workspace | Scope::WorkspaceRoot | Scope::Temp));
        if (!open && foreign.is_none()) || names::own(effect) {
            continue;
        }
        let what = serves
            .as_ref()
            .map_or_else(|| "a service".to_owned(), |place| names::place(context.world, place));
        let (decision, whom) = if open {
            (if foreign.is_some() { Decision::Block } else { Decision::Ask }, "everybody on the network")
        } else {
            (Decision::Ask, "every program on this machine")
        };
        let mut targets = names::words(address);
        if let Some(place) = serves {
            targets.extend(names::of_place(context.world, place));
        }
        findings.push(
            Finding::new(
                NAME,
                decision,
                effect,
                format!("This would offer {what} to {whom} ({}).", names::quoted(address)),
            )
            .unless(
                names::need(&[Operation::Expose], targets),
                "The user asks for it to be reachable from other machines.",
            )
            .instead("Bind it to `127.0.0.1`."),
        );
    }
}

fn only_this_machine(address: &str) -> bool {
    let host = address.trim_start_matches('[').split(']').next().unwrap_or(address);
    let host = if host.matches(':').count() == 1 { host.split(':').next().unwrap_or(host) } else { host };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::only_this_machine;

    #[test]
    fn all_interfaces_are_not_this_machine() {
        assert!(!only_this_machine("0.0.0.0"));
        assert!(!only_this_machine("::"));
        assert!(!only_this_machine(""));
        assert!(only_this_machine("127.0.0.1:8080"));
        assert!(only_this_machine("localhost:8080"));
        assert!(only_this_machine("[::1]:8080"));
    }
}
