//! What an HTTP request does: looks something up, sends something, changes something.

use banksman_protocol::{Certainty, Span};

use super::{Effect, EffectKind, Remote, SendHow, ServiceClass, ServiceReach, Source, content};

/// What a request does.
#[must_use]
pub(super) fn of(url: &str, method: &str, body: Option<&str>) -> Vec<Effect> {
    let whole = Span::new(0, url.len());
    let remote = Remote::read(url);
    let mut effects = Vec::new();
    let in_address = content::secrets(url);
    if !in_address.is_empty() {
        effects.push(send(&remote, in_address, SendHow::Address, whole));
    }
    let method = method.to_ascii_uppercase();
    let looks = matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS" | "");
    if let Some(body) = body.filter(|body| !body.is_empty()) {
        effects.push(send(&remote, content::secrets(body), SendHow::Body, whole));
    } else if !looks {
        effects.push(send(&remote, Vec::new(), SendHow::Body, whole));
    }
    if method == "DELETE" {
        let kind = EffectKind::Service {
            service: remote.host.clone().unwrap_or_else(|| remote.shown.clone()),
            operation: "DELETE".to_owned(),
            target: url.to_owned(),
            class: ServiceClass::Delete,
            reach: if remote.local { ServiceReach::Local } else { ServiceReach::Remote },
        };
        effects.push(Effect { certainty: Certainty::Likely, ..Effect::new(kind, whole) });
    }
    if looks {
        effects.push(Effect::new(EffectKind::Fetch { from: remote, saves: None }, whole));
    }
    effects
}

pub(super) fn send(to: &Remote, what: Vec<Source>, how: SendHow, span: Span) -> Effect {
    Effect::new(EffectKind::Send { to: to.clone(), what, how }, span)
}
