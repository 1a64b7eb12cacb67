//! How far what is done reaches: this machine, another one, one that others depend on.

use super::*;

/// Another machine, unless a name says that others depend on it.
pub(super) fn by_names(given: &Given<'_>, _: &Shell<'_>) -> ServiceReach {
    let named = given
        .parsed
        .options
        .iter()
        .filter(|option| !PROSE.contains(&option.name.as_str()))
        .filter_map(|option| option.value.as_ref())
        .map(Arg::shown)
        .chain(given.targets())
        .any(|name| is_production(&name));
    let says = given.parsed.has(&["--prod", "--production"]);
    if named || says { ServiceReach::Production } else { ServiceReach::Remote }
}

/// Another machine, whatever is named.
pub(super) fn remote(_: &Given<'_>, _: &Shell<'_>) -> ServiceReach {
    ServiceReach::Remote
}

/// This machine.
pub(super) fn local(_: &Given<'_>, _: &Shell<'_>) -> ServiceReach {
    ServiceReach::Local
}

/// Others depend on what is named so.
pub(super) fn is_production(name: &str) -> bool {
    name.to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| matches!(word, "prod" | "production" | "prd" | "live"))
}

/// Options whose value is text for people, or a shape of output.
const PROSE: [&str; 24] = [
    "--title",
    "--body",
    "--message",
    "-m",
    "--description",
    "--comment",
    "--notes",
    "--subject",
    "--text",
    "--filter",
    "--query",
    "--format",
    "--output",
    "-o",
    "-t",
    "-b",
    "--jq",
    "-q",
    "--template",
    "--search",
    "--content",
    "-F",
    "--body-file",
    "--notes-file",
];
