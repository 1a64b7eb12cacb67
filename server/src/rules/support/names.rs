//! How rules name things: to people, and to the user's words.

use std::path::Path;

use crate::consent::{Need, Operation};
use crate::effects::{Effect, EffectKind, Remote};
use crate::world::{Place, Scope, World};

/// How much of a name is shown.
const SHOWN_LIMIT: usize = 120;

/// Hosts under which everybody can have a name: naming them names nobody.
const SHARED_HOSTING: [&str; 16] = [
    "github.io",
    "gitlab.io",
    "pages.dev",
    "workers.dev",
    "vercel.app",
    "netlify.app",
    "herokuapp.com",
    "amazonaws.com",
    "cloudfront.net",
    "azurewebsites.net",
    "blob.core.windows.net",
    "appspot.com",
    "web.app",
    "ngrok.io",
    "ngrok-free.app",
    "trycloudflare.com",
];

/// Something that came from an agent, safe to show: in backticks, on one line, not too long.
pub(in crate::rules) fn quoted(text: &str) -> String {
    let mut out = String::from("`");
    for (count, char) in text.trim().chars().enumerate() {
        if count >= SHOWN_LIMIT {
            out.push('…');
            break;
        }
        match char {
            '`' => out.push('\''),
            char if char.is_control() => out.push(' '),
            char => out.push(char),
        }
    }
    out.push('`');
    out
}

/// A place as people call it: from the workspace when it lies in it, with `~` for home.
pub(in crate::rules) fn place(world: &World<'_>, place: &Place) -> String {
    quoted(&plain(world, place))
}

fn plain(world: &World<'_>, place: &Place) -> String {
    if !place.known || place.scope == Scope::Unknown {
        return place.shown.clone();
    }
    if let Some(inner) = below(&place.path, world.workspace()) {
        return if inner.is_empty() { place.text() } else { inner };
    }
    match below(&place.path, world.home()) {
        Some(inner) if inner.is_empty() => "~".to_owned(),
        Some(inner) => format!("~/{inner}"),
        None => place.text(),
    }
}

fn below(path: &Path, folder: &Path) -> Option<String> {
    path.strip_prefix(folder).ok().map(|inner| inner.to_string_lossy().into_owned())
}

/// Every name by which the user may have called a place, or a folder that it lies in.
pub(in crate::rules) fn of_place(world: &World<'_>, place: &Place) -> Vec<String> {
    let mut names = Vec::new();
    add(&mut names, place.shown.trim_start_matches("./").trim_end_matches('/'));
    if place.scope == Scope::Unknown {
        return names;
    }
    if !place.known {
        return names;
    }
    if place.path == world.workspace() {
        add(&mut names, "@workspace");
    }
    if world.trail().made(&place.path) {
        add(&mut names, "@session");
    }
    add(&mut names, &place.text());
    add(&mut names, place.name());
    if let Some(inner) = below(&place.path, world.home()) {
        add(&mut names, &format!("~/{inner}"));
    }
    let (root, prefix) = match below(&place.path, world.workspace()) {
        Some(_) => (world.workspace(), ""),
        None => (world.home(), "~/"),
    };
    for folder in place.path.ancestors().take_while(|folder| *folder != root) {
        if let Some(inner) = below(folder, root) {
            add(&mut names, &format!("{prefix}{inner}"));
            add(&mut names, folder.file_name().and_then(|name| name.to_str()).unwrap_or_default());
        }
    }
    names
}

/// Every name by which the user may have called a host.
pub(in crate::rules) fn of_remote(remote: &Remote) -> Vec<String> {
    let mut names = vec![remote.shown.clone()];
    if let Some(host) = &remote.host {
        add(&mut names, host);
        add(&mut names, host.trim_start_matches("www."));
        if let Some(domain) = domain(host) {
            add(&mut names, &domain);
        }
    }
    names
}

/// The part of a host name that its owner registered.
fn domain(host: &str) -> Option<String> {
    if host.parse::<std::net::IpAddr>().is_ok() || SHARED_HOSTING.iter().any(|shared| host.ends_with(shared))
    {
        return None;
    }
    let labels: Vec<&str> = host.split('.').collect();
    let second = labels.len().checked_sub(2).and_then(|at| labels.get(at))?;
    let country = labels.last().is_some_and(|last| last.len() == 2);
    let wide = country && matches!(*second, "co" | "com" | "org" | "net" | "ac" | "gov" | "edu");
    let keep = if wide { 3 } else { 2 };
    let from = labels.len().checked_sub(keep)?;
    Some(labels.get(from..)?.join("."))
}

/// Adds a name once.
pub(in crate::rules) fn add(names: &mut Vec<String>, name: &str) {
    if !name.is_empty() && !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

/// The words of a text, as names: `gh pr create` may have been called by any of its parts.
pub(in crate::rules) fn words(text: &str) -> Vec<String> {
    let mut names = vec![text.to_owned()];
    for word in text.split([' ', '/', ':', '@', ',', '=']) {
        if word.len() > 2 {
            add(&mut names, word);
        }
    }
    names
}

/// Naming one of these operations on one of these targets.
pub(in crate::rules) fn need(operations: &[Operation], targets: Vec<String>) -> Need {
    Need {
        operations: operations.to_vec(),
        targets: targets.into_iter().filter(|name| !name.is_empty()).collect(),
    }
}

/// The effect stands in a committed file of the project: it is the project's own code at work.
pub(in crate::rules) fn own(effect: &Effect) -> bool {
    effect.inside.as_ref().is_some_and(|inside| inside.own)
}

/// The place that the effect puts something in, if it does.
pub(in crate::rules) fn written(effect: &Effect) -> Option<&Place> {
    match &effect.kind {
        EffectKind::Write { place, .. }
        | EffectKind::Move { to: place, .. }
        | EffectKind::Link { place, .. }
        | EffectKind::Fetch { saves: Some(place), .. } => Some(place),
        _ => None,
    }
}

/// `1 file`, `3 files`.
pub(in crate::rules) fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_host_by_its_registered_domain() {
        assert!(
            of_remote(&Remote::read("https://api.example.co.uk/x")).contains(&"example.co.uk".to_owned())
        );
        assert!(of_remote(&Remote::read("https://api.example.com/x")).contains(&"example.com".to_owned()));
    }

    #[test]
    fn naming_a_shared_hoster_names_nobody() {
        assert!(!of_remote(&Remote::read("https://evil.github.io/x")).contains(&"github.io".to_owned()));
        assert_eq!(domain("10.0.0.1"), None);
    }

    #[test]
    fn shows_hostile_names_on_one_line() {
        assert_eq!(quoted("a`b\nc"), "`a'b c`");
    }
}
