//! Tools that call an address.

use super::arguments::{Leaf, covering};
use super::classes::Deed;
use super::{Call, files};
use crate::effects::{Effect, EffectKind, Remote, Source, fetches};

/// What an address is called.
const ADDRESSES: &[&str] = &[
    "url",
    "uri",
    "urls",
    "endpoint",
    "href",
    "link",
    "webhook",
    "webhookurl",
    "baseurl",
    "targeturl",
    "address",
    "site",
    "website",
    "page",
    "domain",
    "host",
    "hostname",
    "pageurl",
    "apiurl",
    "requesturl",
    "server",
    "serverurl",
];
/// What is sent along.
const BODIES: &[&str] = &[
    "body",
    "data",
    "content",
    "payload",
    "json",
    "text",
    "form",
    "formdata",
    "message",
    "value",
    "file",
    "query",
    "eventdata",
];
/// Words by which a tool says that it calls addresses.
const CALLS: &[&str] = &[
    "http", "https", "request", "webpage", "web", "url", "website", "api", "fetch", "curl", "form", "proxy",
    "link", "browser", "uri", "network", "rest", "graphql",
];

/// What the call does on the network, when that is what it is for.
pub(super) fn of(call: &Call<'_>) -> Option<Vec<Effect>> {
    if browses(call) {
        return Some(vec![Effect::new(EffectKind::Observe, call.arguments.whole())]);
    }
    let leaf = address(call)?;
    let method = call
        .arguments
        .text(&["method", "httpmethod", "verb", "requestmethod"])
        .map(|leaf| leaf.text.to_ascii_uppercase());
    let looks = matches!(
        call.name.deed,
        None | Some(Deed::Get | Deed::Look | Deed::List | Deed::Compute | Deed::Browse)
    );
    if method.is_none() && !looks && !call.name.is_of(CALLS) {
        return None;
    }
    if let Some(path) = fetches::local_path(leaf.text) {
        let place = call.world.place(call.world.cwd(), &path);
        return Some(vec![Effect::new(EffectKind::Read { place }, leaf.span)]);
    }
    let from: Vec<Source> = files::paths(call)
        .filter(|path| path.span != leaf.span && !is_destination(call, path))
        .map(|path| Source::File(Box::new(files::place(call, path))))
        .collect();
    let body = body(call, leaf);
    let method =
        method.unwrap_or_else(|| method_of_name(call, body.is_some() || !from.is_empty()).to_owned());
    if call.name.has(&["download", "save", "clone"])
        && let Some((place, span)) = files::destination(call)
    {
        let kind = EffectKind::Fetch {
            from: Remote::read(leaf.text),
            saves: (!files::is_foreign(call, &place)).then_some(place),
        };
        return Some(vec![Effect::new(kind, covering(leaf.span, span))]);
    }
    let mut effects = fetches::of(leaf.text, &method, body.as_deref());
    for effect in &mut effects {
        effect.span = leaf.inner(effect.span);
    }
    if !from.is_empty() {
        effects.push(fetches::send(&Remote::read(leaf.text), from, crate::effects::SendHow::Body, leaf.span));
    }
    Some(effects)
}

fn is_destination(call: &Call<'_>, path: &Leaf<'_>) -> bool {
    call.name.has(&["download", "save", "clone", "screenshot"])
        || files::destination(call).is_some_and(|(_, span)| span == path.span && path.key.contains("out"))
}

/// Acting in a browser window, without going anywhere.
fn browses(call: &Call<'_>) -> bool {
    let goes = call.arguments.texts().any(|leaf| matches!(leaf.key.as_str(), "url" | "uri" | "href"));
    let browser = call.name.is_of(&["browser", "playwright", "puppeteer", "chrome", "page", "computer"]);
    call.name.deed == Some(Deed::Browse) && !goes && (browser || call.name.words().len() < 3)
}

/// The address that is called.
fn address<'c>(call: &'c Call<'_>) -> Option<&'c Leaf<'c>> {
    let full = |text: &str| {
        fetches::local_path(text).is_some()
            || ["http://", "https://", "ws://", "wss://", "ftp://"]
                .iter()
                .any(|scheme| text.starts_with(scheme))
    };
    let named: Vec<&Leaf<'_>> =
        call.arguments.named(ADDRESSES).filter(|leaf| !leaf.text.contains(char::is_whitespace)).collect();
    named
        .iter()
        .find(|leaf| full(leaf.text))
        .or_else(|| {
            named.iter().find(|leaf| {
                matches!(leaf.key.as_str(), "url" | "uri" | "urls" | "link" | "website" | "webhookurl")
                    && leaf.text.contains('.')
                    && !leaf.text.starts_with(['/', '~'])
            })
        })
        .copied()
        .or_else(|| {
            let only = call.name.has(CALLS) || call.name.deed == Some(Deed::Get);
            call.arguments
                .texts()
                .find(|leaf| only && full(leaf.text) && !leaf.text.contains(char::is_whitespace))
        })
}

fn body(call: &Call<'_>, address: &Leaf<'_>) -> Option<String> {
    let parts: Vec<String> = call
        .arguments
        .all()
        .filter(|leaf| leaf.span != address.span)
        .filter(|leaf| BODIES.contains(&leaf.key.as_str()) || BODIES.contains(&leaf.above.as_str()))
        .map(Leaf::shown)
        .filter(|text| !text.is_empty())
        .collect();
    (!parts.is_empty() && !asks(call)).then(|| parts.join("\n"))
}

/// The tool says that it only gets something; what goes along is a question.
fn asks(call: &Call<'_>) -> bool {
    call.name.has(&["get", "search", "browse", "read", "scrape", "crawl", "navigate"])
        && !call.name.has(&["post", "submit"])
}

fn method_of_name(call: &Call<'_>, carries: bool) -> &'static str {
    if call.name.has(&["delete"]) {
        "DELETE"
    } else if call.name.has(&["put", "patch", "update"]) {
        "PUT"
    } else if carries || call.name.has(&["post", "submit", "send", "upload"]) {
        "POST"
    } else {
        "GET"
    }
}
