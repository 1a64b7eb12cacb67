//! What an HTTP request does: looks something up, sends something, changes something.

use banksman_protocol::{Certainty, Span};

use super::{Effect, EffectKind, Remote, SendHow, ServiceClass, ServiceReach, Source, content};

/// Hosts that are there to take down whatever is sent to them, by a form, a hook or a bare request.
const COLLECTORS: &[&str] = &[
    "webhook.site",
    "requestbin.com",
    "requestbin.net",
    "pipedream.net",
    "beeceptor.com",
    "hookbin.com",
    "requestcatcher.com",
    "oast.fun",
    "oast.pro",
    "oast.live",
    "oast.site",
    "oast.online",
    "oast.me",
    "oastify.com",
    "interact.sh",
    "burpcollaborator.net",
    "dnslog.cn",
    "canarytokens.com",
    "hooks.slack.com",
    "discord.com/api/webhooks",
    "discordapp.com/api/webhooks",
    "api.telegram.org/bot",
    "pastebin.com/api",
    "hastebin.com/documents",
    "transfer.sh",
    "file.io",
];

/// Addresses that hand out secrets, by the end of their path.
const GIVEAWAYS: &[&str] = &[
    "/actuator/env",
    "/actuator/heapdump",
    "/actuator/configprops",
    "/api/v1/secrets",
    "/actions/secrets",
    "/actions/variables",
    "/variables",
    "/.env",
    "/.git/config",
    "/.aws/credentials",
];

/// What is looked up reaches whoever answers for the name: `?name=` of a name server on the web.
fn asks_a_name(url: &str) -> bool {
    url.contains("name=") && ["/dns-query", "/resolve"].iter().any(|path| url.contains(path))
}

fn collects(url: &str, host: &str) -> bool {
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    COLLECTORS.iter().any(|known| {
        if known.contains('/') {
            bare.starts_with(known)
        } else {
            host == *known || host.strip_suffix(known).is_some_and(|before| before.ends_with('.'))
        }
    })
}

fn gives_away(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/');
    GIVEAWAYS
        .iter()
        .any(|known| path.ends_with(known) && (*known != "/variables" || path.contains("/api/v4/")))
}

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
    let host = remote.host.clone().unwrap_or_default();
    if looks && effects.is_empty() && (collects(url, &host) || asks_a_name(url)) {
        effects.push(send(&remote, Vec::new(), SendHow::Address, whole));
    }
    if looks && gives_away(url) {
        effects.push(Effect::new(EffectKind::Secret { what: format!("what `{url}` hands out") }, whole));
    }
    if looks {
        effects.push(Effect::new(EffectKind::Fetch { from: remote, saves: None }, whole));
    }
    effects
}

pub(super) fn send(to: &Remote, what: Vec<Source>, how: SendHow, span: Span) -> Effect {
    Effect::new(EffectKind::Send { to: to.clone(), what, how }, span)
}
