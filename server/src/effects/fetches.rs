//! What an HTTP request does: looks something up, sends something, changes something.

use std::borrow::Cow;

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

/// The path of a `file:` address, decoded; nothing when it is another address.
#[must_use]
pub(super) fn local_path(url: &str) -> Option<String> {
    let url = url.trim();
    let scheme = url.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("file:"))?;
    let rest = url.get(scheme.len()..)?;
    let path = match rest.strip_prefix("//") {
        // What stands before the next slash is a machine, and only this one has files here.
        Some(rest) => rest.find('/').map_or("/", |at| rest.get(at..).unwrap_or("/")),
        None if rest.starts_with('/') => rest,
        None => return None,
    };
    let path = path.split(['?', '#']).next().unwrap_or(path);
    Some(unescaped(path).into_owned())
}

/// The text with its `%xx` read, as often as it is written over another: nobody does so twice but to hide.
#[must_use]
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    for _ in 0..4 {
        let Some(next) = unescaped_once(&out) else { break };
        out = Cow::Owned(next);
    }
    out
}

fn unescaped_once(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut any = false;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(|byte| *byte != 0) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
                any = true;
            }
            None => {
                bytes.push(b'%');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    if any { String::from_utf8(bytes).ok() } else { None }
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

#[cfg(test)]
mod tests {
    use super::{local_path, unescaped};

    #[test]
    fn a_file_address_is_a_path_however_it_is_written() {
        for url in [
            "file:///etc/shadow",
            "FILE:///etc/%73hadow",
            "file://localhost/etc/shadow",
            "file:/etc/shadow",
            "file:///etc/%2573hadow?x#y",
            " file:///etc/shadow",
        ] {
            assert_eq!(local_path(url).as_deref(), Some("/etc/shadow"), "{url}");
        }
        assert_eq!(local_path("https://example.org/file:"), None);
        assert_eq!(local_path("/etc/shadow"), None);
    }

    #[test]
    fn what_is_escaped_over_and_over_is_read() {
        assert_eq!(unescaped("..%252f..%255cx"), "../..\\x");
        assert_eq!(unescaped("100% of a%zz%00b"), "100% of a%zz%00b");
    }
}
