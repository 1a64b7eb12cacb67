//! What rules about services share: one view of service calls and MCP tools, and what must be named.

use super::names;
use crate::consent::{Need, Operation};
use crate::effects::{Effect, EffectKind, ServiceClass, ServiceReach};

/// Something done in a service or by a tool.
#[derive(Clone, Debug)]
pub(super) struct Deed<'e> {
    /// The service or the MCP server.
    pub(super) service: &'e str,
    /// What is done, in its own words.
    pub(super) operation: &'e str,
    /// To what; may be empty.
    pub(super) target: &'e str,
    /// What kind of thing it is.
    pub(super) class: ServiceClass,
    /// How far it reaches.
    pub(super) reach: ServiceReach,
}

/// The effect as a deed in a service, if it is one.
pub(super) fn deed(effect: &Effect) -> Option<Deed<'_>> {
    match &effect.kind {
        EffectKind::Service { service, operation, target, class, reach } => {
            Some(Deed { service, operation, target, class: *class, reach: *reach })
        }
        EffectKind::Tool { server, tool, class, target } => Some(Deed {
            service: server,
            operation: tool,
            target,
            class: *class,
            reach: ServiceReach::Remote,
        }),
        _ => None,
    }
}

impl Deed<'_> {
    /// The deed as it is shown to people.
    pub(super) fn shown(&self) -> String {
        names::quoted(&format!("{} {}", self.service, self.operation))
    }

    /// To what, as it is shown to people: ` on …`, or nothing.
    pub(super) fn on(&self) -> String {
        let production = if self.reach == ServiceReach::Production { ", which others depend on" } else { "" };
        if self.target.is_empty() {
            production.to_owned()
        } else {
            format!(" on {}{production}", names::quoted(self.target))
        }
    }

    /// Naming one of these operations on what is acted on. Where nothing says on what, the service will do.
    pub(super) fn need(&self, operations: &[Operation], exactly: bool) -> Need {
        let mut targets = Vec::new();
        if !self.target.is_empty() {
            targets.extend(names::words(self.target));
        }
        if !exactly || self.target.is_empty() {
            targets.extend(names::words(self.service));
            targets.extend(names::words(self.operation));
        }
        if self.reach == ServiceReach::Production {
            targets.push("@production".to_owned());
        }
        names::need(operations, targets)
    }
}
