//! What rules about services share: one view of service calls and MCP tools, and what must be named.

use super::names;
use crate::consent::{Need, Operation};
use crate::effects::{self, Effect, EffectKind, ServiceClass, ServiceReach};
use crate::rules::Context;
use crate::trail::{MentionKind, Provenance};

/// Something done in a service or by a tool.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Deed<'e> {
    /// The service or the MCP server.
    pub(in crate::rules) service: &'e str,
    /// What is done, in its own words.
    pub(in crate::rules) operation: &'e str,
    /// To what; may be empty.
    pub(in crate::rules) target: &'e str,
    /// What kind of thing it is.
    pub(in crate::rules) class: ServiceClass,
    /// How far it reaches.
    pub(in crate::rules) reach: ServiceReach,
    /// It is a call of an MCP tool: its server's name says nothing of what it does.
    tool: bool,
}

/// The effect as a deed in a service, if it is one.
pub(in crate::rules) fn deed(effect: &Effect) -> Option<Deed<'_>> {
    match &effect.kind {
        EffectKind::Service { service, operation, target, class, reach } => {
            Some(Deed { service, operation, target, class: *class, reach: *reach, tool: false })
        }
        EffectKind::Tool { server, tool, class, target } => Some(Deed {
            service: server,
            operation: tool,
            target,
            class: *class,
            reach: ServiceReach::Remote,
            tool: true,
        }),
        _ => None,
    }
}

/// The user's words that a tool's call serves without naming its target: what is asked for calls for
/// such a call, and everybody it concerns was named by the user or stands in what was read for the task.
pub(in crate::rules) fn implied(context: &Context<'_>, effect: &Effect) -> Option<String> {
    let EffectKind::Tool { server, tool, class, target } = &effect.kind else { return None };
    let parties = matches!(class, ServiceClass::Message | ServiceClass::Pay | ServiceClass::Grant);
    let known = target.split(", ").all(|name| is_known(context, name, parties));
    let words = effects::tool_words(server, tool);
    context.consent.implies(*class, &words, target).filter(|_| known).map(str::to_owned)
}

fn is_known(context: &Context<'_>, name: &str, party: bool) -> bool {
    let address = name.contains("://") || name.contains("www.");
    let kind = if address { MentionKind::Url } else { MentionKind::Recipient };
    let digits = name.chars().filter(char::is_ascii_digit).count();
    match context.trail.named_by(kind, name) {
        Provenance::User(_) => true,
        Provenance::Content { injected, .. } => !injected,
        // An address that stands nowhere is made up; a bare name may stand anywhere.
        Provenance::Nobody | Provenance::Forgotten => {
            !party || !(address || name.contains('@') || digits >= 8)
        }
    }
}

impl Deed<'_> {
    /// The deed as it is shown to people.
    pub(in crate::rules) fn shown(&self) -> String {
        names::quoted(&format!("{} {}", self.service, self.operation))
    }

    /// To what, as it is shown to people: ` on …`, or nothing.
    pub(in crate::rules) fn on(&self) -> String {
        let production = if self.reach == ServiceReach::Production { ", which others depend on" } else { "" };
        if self.target.is_empty() {
            production.to_owned()
        } else {
            format!(" on {}{production}", names::quoted(self.target))
        }
    }

    /// Naming one of these operations on what is acted on. Where nothing says on what, the service will do.
    pub(in crate::rules) fn need(&self, operations: &[Operation], exactly: bool) -> Need {
        let mut targets = Vec::new();
        if !self.target.is_empty() {
            targets.extend(names::words(self.target));
        }
        if (!exactly && !self.tool) || self.target.is_empty() {
            targets.extend(names::words(self.service));
            targets.extend(names::words(self.operation));
        }
        if self.reach == ServiceReach::Production {
            targets.push("@production".to_owned());
        }
        names::need(operations, targets)
    }
}
