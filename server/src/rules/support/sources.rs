//! Where packages come from, as the files of a project say it: manifests, lock files, settings of
//! package managers.

use std::collections::BTreeSet;

use crate::effects::{Content, EffectKind, Remote};
use crate::rules::Context;
use crate::world::Place;

/// Registries that the makers of well-known software run, with the domains below them.
const KNOWN: [&str; 40] = [
    "pypi.org",
    "files.pythonhosted.org",
    "download.pytorch.org",
    "pypi.nvidia.com",
    "registry.npmjs.org",
    "registry.npmjs.com",
    "registry.yarnpkg.com",
    "npm.pkg.github.com",
    "npm.jsr.io",
    "jsr.io",
    "repo.yarnpkg.com",
    "crates.io",
    "index.crates.io",
    "static.crates.io",
    "github.com/rust-lang",
    "proxy.golang.org",
    "sum.golang.org",
    "rubygems.org",
    "repo.maven.apache.org",
    "repo1.maven.org",
    "central.sonatype.com",
    "oss.sonatype.org",
    "s01.oss.sonatype.org",
    "maven.google.com",
    "dl.google.com",
    "plugins.gradle.org",
    "services.gradle.org",
    "repo.spring.io",
    "packages.confluent.io",
    "conda.anaconda.org",
    "repo.anaconda.com",
    "api.nuget.org",
    "www.nuget.org",
    "nuget.pkg.github.com",
    "repo.packagist.org",
    "packagist.org",
    "pub.dev",
    "hex.pm",
    "repo.hex.pm",
    "cdn.cocoapods.org",
];

/// Hosts where the first part of a path says whose ground it is.
const FORGES: [&str; 6] =
    ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "codeload.github.com", "git.sr.ht"];

/// Files in which a project says where its packages come from, so that a lock file repeats it.
const DECLARING: [&str; 22] = [
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    "bunfig.toml",
    "package.json",
    "pnpm-workspace.yaml",
    "Cargo.toml",
    ".cargo/config.toml",
    ".cargo/config",
    "pyproject.toml",
    "requirements.txt",
    "Pipfile",
    "pip.conf",
    "uv.toml",
    "poetry.toml",
    "Gemfile",
    "composer.json",
    "mix.exs",
    "pubspec.yaml",
    "nuget.config",
    "NuGet.Config",
    "go.mod",
];

/// A place that packages would come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Origin {
    /// The address as written.
    pub(in crate::rules) address: String,
    /// Whose it is.
    pub(in crate::rules) remote: Remote,
}

/// What kind of file says where packages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Written by a package manager; one of these keys stands before each address. None: any.
    Lock(&'static [&'static str]),
    /// A lock file in which archives and repositories count, and other addresses tell people something.
    Archives,
    /// The settings of a package manager: every address in it is one to get packages from.
    Settings,
    /// Written by people; one of these keys stands before an address to get packages from.
    Manifest(&'static [&'static str]),
    /// As a manifest, in a list of requirements: every address counts.
    Requirements,
    /// `package.json`: whatever stands for a version.
    Package,
    /// `go.mod`: what a module is replaced by.
    Modules,
    /// `pom.xml` and the settings of Maven: what stands in a repository or mirror.
    Maven,
}

/// Addresses to get packages from that a change to this file names and that nothing named before.
pub(in crate::rules) fn added(context: &Context<'_>, place: &Place, content: &Content) -> Vec<Origin> {
    let Some(kind) = kind_of(place, &content.new) else { return Vec::new() };
    let before = context.world.text(&place.path);
    let before = before.known().unwrap_or_default();
    let old = content.old.as_deref().unwrap_or(before);
    // With the text around it, what an edit puts in is read for what it is.
    let whole = match content.old.as_deref() {
        Some(old) if !old.is_empty() && before.contains(old) => before.replacen(old, &content.new, 1),
        _ => content.new.clone(),
    };
    let known: BTreeSet<String> =
        [old, before].iter().flat_map(|text| addresses(kind, text)).map(|address| owner(&address)).collect();
    let mut found: Vec<Origin> = Vec::new();
    for address in addresses(kind, &whole) {
        let whose = owner(&address);
        let remote = Remote::read(bare(&address));
        if remote.local
            || known.contains(&whose)
            || is_known(&whose)
            || found.iter().any(|found| owner(&found.address) == whose)
        {
            continue;
        }
        found.push(Origin { address, remote });
    }
    if !found.is_empty() && matches!(kind, Kind::Lock(_) | Kind::Archives) {
        let declared = declared(context, place);
        found.retain(|origin| !declared.contains(&owner(&origin.address)));
    }
    found
}

/// As [`added`], for whatever an effect writes.
pub(in crate::rules) fn added_by(context: &Context<'_>, kind: &EffectKind) -> Vec<Origin> {
    match kind {
        EffectKind::Write { place, content: Some(content), .. } => added(context, place, content),
        _ => Vec::new(),
    }
}

/// The file at this place is written by a package manager.
pub(in crate::rules) fn is_lock(place: &Place) -> bool {
    matches!(kind_of(place, ""), Some(Kind::Lock(_) | Kind::Archives))
}

/// Whose addresses the files beside a lock file name.
fn declared(context: &Context<'_>, place: &Place) -> BTreeSet<String> {
    let folders = [place.path.parent(), Some(context.world.workspace())];
    let mut out = BTreeSet::new();
    for folder in folders.into_iter().flatten() {
        for name in DECLARING {
            let text = context.world.text(&folder.join(name));
            out.extend(every(text.known().unwrap_or_default()).iter().map(|(address, _)| owner(address)));
        }
    }
    out
}

fn kind_of(place: &Place, text: &str) -> Option<Kind> {
    let name = place.name().to_ascii_lowercase();
    let path = place.path.to_string_lossy().to_ascii_lowercase();
    let kind = match name.as_str() {
        "package-lock.json" | "npm-shrinkwrap.json" => Kind::Lock(&["resolved", "version"]),
        "pnpm-lock.yaml" => {
            Kind::Lock(&["tarball", "repo", "registry", "resolution", "version", "specifier"])
        }
        "yarn.lock" | "bun.lock" | "cargo.lock" | "mix.lock" => Kind::Lock(&[]),
        "poetry.lock" | "uv.lock" | "pdm.lock" | "pipfile.lock" => Kind::Lock(&["url", "registry", "git"]),
        "gemfile.lock" | "gems.locked" => Kind::Lock(&["remote"]),
        "composer.lock" => Kind::Archives,
        "pubspec.lock" => Kind::Lock(&["url"]),
        "package.resolved" => Kind::Lock(&["location"]),
        ".npmrc" | ".yarnrc" | ".yarnrc.yml" | "bunfig.toml" | ".bunfig.toml" | "pip.conf" | "pip.ini"
        | "uv.toml" | ".condarc" | ".gemrc" | "nuget.config" | "environment.yml" | "environment.yaml" => {
            Kind::Settings
        }
        "config" | "config.toml"
            if path.ends_with(".cargo/config") || path.ends_with(".cargo/config.toml") =>
        {
            Kind::Settings
        }
        "config" if path.ends_with(".bundle/config") => Kind::Settings,
        "package.json" => Kind::Package,
        "go.mod" | "go.work" => Kind::Modules,
        "pom.xml" => Kind::Maven,
        "settings.xml" if text.is_empty() || text.contains("<mirror") || text.contains("<repositor") => {
            Kind::Maven
        }
        "cargo.toml" => Kind::Manifest(&["git", "index", "registry-index"]),
        "pyproject.toml" | "pixi.toml" => {
            Kind::Manifest(&["url", "git", "index-url", "extra-index-url", "find-links", "index", "@"])
        }
        "pipfile" => Kind::Manifest(&["url", "git"]),
        "setup.py" | "setup.cfg" => Kind::Manifest(&["@"]),
        "gemfile" | "gems.rb" => Kind::Manifest(&["source", "git"]),
        "podfile" => Kind::Manifest(&["source", "git"]),
        "composer.json" => Kind::Manifest(&["url"]),
        "pubspec.yaml" => Kind::Manifest(&["hosted", "url", "git"]),
        "mix.exs" => Kind::Manifest(&["git"]),
        "gradle-wrapper.properties" => Kind::Settings,
        _ if name.ends_with(".gradle") || name.ends_with(".gradle.kts") => {
            Kind::Manifest(&["url", "maven", "uri", "seturl"])
        }
        _ if name.ends_with(".txt") && (name.contains("requirements") || name.contains("constraints")) => {
            Kind::Requirements
        }
        _ => return None,
    };
    Some(kind)
}

/// The addresses to get packages from in a text.
fn addresses(kind: Kind, text: &str) -> Vec<String> {
    match kind {
        Kind::Modules => return replaced_modules(text),
        Kind::Maven => return repositories(text),
        _ => {}
    }
    every(text)
        .into_iter()
        .filter(|(address, key)| match kind {
            Kind::Lock(keys) => keys.is_empty() || keys.contains(&key.as_str()),
            Kind::Archives => {
                key == "url" && ["zip", ".tar", ".git"].iter().any(|sign| address.contains(sign))
            }
            Kind::Settings => !matches!(key.as_str(), "xmlns" | "schemalocation" | "homepage" | "see"),
            Kind::Requirements => true,
            Kind::Manifest(keys) => keys.contains(&key.as_str()),
            Kind::Package => is_version(key, address),
            Kind::Modules | Kind::Maven => false,
        })
        .map(|(address, _)| address)
        .collect()
}

/// What stands for a version in `package.json`: an archive, a repository, a registry.
fn is_version(key: &str, address: &str) -> bool {
    const TOLD: [&str; 9] =
        ["url", "homepage", "repository", "bugs", "funding", "author", "license", "$schema", "email"];
    if TOLD.contains(&key) || key.is_empty() {
        return false;
    }
    let path = address.split(['#', '?']).next().unwrap_or(address);
    address.starts_with("git")
        || address.starts_with("ssh:")
        || [".tgz", ".tar.gz", ".git"].iter().any(|ending| path.ends_with(ending))
        || is_forge(address)
        || key.ends_with("registry")
}

/// Every address in a text, with the word that stands before it.
fn every(text: &str) -> Vec<(String, String)> {
    // `.properties` files escape the colon.
    let text = &text.replace("\\:", ":");
    let mut out = Vec::new();
    let starts = text.match_indices("://").map(|(at, _)| at).chain(
        // Short names of forges, as npm reads them, and addresses of ssh.
        ["github:", "gitlab:", "bitbucket:", "git@"]
            .iter()
            .flat_map(|short| text.match_indices(short).map(|(at, short)| at + short.len() - 1)),
    );
    for at in starts {
        let scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-');
        let before = text.get(..at).unwrap_or_default();
        let start = before.rfind(|c: char| !scheme(c)).map_or(0, |end| end + 1);
        let rest = text.get(start..).unwrap_or_default();
        let ends = |c: char| c.is_whitespace() || "\"'`)]}<>,;\\".contains(c);
        let address = rest.get(..rest.find(ends).unwrap_or(rest.len())).unwrap_or_default();
        let short = !address.contains("://");
        if address.len() > 2_048 || (short && !address.contains('/')) {
            continue;
        }
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = text.get(line_start..start).unwrap_or_default();
        if line.len() < 512 && is_comment(line) {
            continue;
        }
        out.push((address.to_owned(), key_before(text.get(..start).unwrap_or_default())));
    }
    out
}

/// What begins this line is told to people.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(['#', '!']) || line.starts_with("//") || line.contains(" # ")
}

/// The last word before an address: its key in whatever notation. `@` for `name @ address`.
fn key_before(before: &str) -> String {
    let trimmed = before.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '=' | ':' | '(' | '[' | '{' | '>' | '!')
    });
    if trimmed.ends_with('@') {
        return "@".to_owned();
    }
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '@' | '/' | '.');
    let start = trimmed.rfind(|c: char| !inner(c)).map_or(0, |end| {
        end + trimmed.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let word = trimmed.get(start..).unwrap_or_default().to_ascii_lowercase();
    word.trim_start_matches('-').to_owned()
}

/// `replace a => b v1`, where `b` is another's module.
fn replaced_modules(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| {
            let line = line.split("//").next().unwrap_or_default();
            let (from, to) = line.split_once("=>")?;
            let to = to.split_whitespace().next()?;
            let from = from.trim().trim_start_matches("replace").split_whitespace().next()?;
            let other = owner(to) != owner(from);
            (other && !to.starts_with(['.', '/']) && to.contains('.')).then(|| to.to_owned())
        })
        .collect()
}

/// `<url>…</url>` in a repository or mirror.
fn repositories(text: &str) -> Vec<String> {
    let opened = |before: &str| {
        ["repository", "pluginRepository", "mirror", "snapshotRepository"].iter().any(|tag| {
            let opens = before.rfind(&format!("<{tag}>"));
            opens.is_some() && opens > before.rfind(&format!("</{tag}>"))
        })
    };
    text.match_indices("<url>")
        .filter(|(at, _)| text.get(..*at).is_some_and(opened))
        .filter_map(|(at, tag)| {
            let rest = text.get(at + tag.len()..)?;
            Some(rest.split('<').next()?.trim().to_owned())
        })
        .filter(|address| address.contains("://"))
        .collect()
}

/// The address without what package managers put before it.
fn bare(address: &str) -> &str {
    let rest = ["git+", "registry+", "sparse+", "hg+", "svn+"]
        .iter()
        .find_map(|prefix| address.strip_prefix(prefix))
        .unwrap_or(address);
    rest.strip_prefix("github:")
        .or_else(|| rest.strip_prefix("gitlab:"))
        .or_else(|| rest.strip_prefix("bitbucket:"))
        .map_or(rest, |_| "https://github.com/")
}

/// Whose ground an address lies on: the host, on a forge with the owner.
fn owner(address: &str) -> String {
    if !address.contains("://")
        && let Some((forge, path)) = ["github", "gitlab"]
            .iter()
            .find_map(|forge| Some((forge, address.strip_prefix(forge)?.strip_prefix(':')?)))
    {
        return format!("{forge}.com/{}", path.split('/').next().unwrap_or_default().to_ascii_lowercase());
    }
    let plain = bare(address);
    let rest = plain.split_once("://").map_or(plain, |(_, rest)| rest);
    let rest = rest.split_once('@').filter(|(user, _)| !user.contains('/')).map_or(rest, |(_, rest)| rest);
    let mut parts = rest.split(['/', ':']).filter(|part| !part.is_empty());
    let host = parts.next().unwrap_or_default().to_ascii_lowercase();
    if !FORGES.contains(&host.as_str()) {
        return host;
    }
    let host = host.trim_start_matches("codeload.");
    format!("{host}/{}", parts.next().unwrap_or_default().to_ascii_lowercase())
}

fn is_forge(address: &str) -> bool {
    let whose = owner(address);
    FORGES.iter().any(|forge| whose.split('/').next() == Some(forge.trim_start_matches("codeload.")))
}

/// A registry that everybody uses. An address that is put together when it is read is no address yet.
pub(in crate::rules) fn is_known(whose: &str) -> bool {
    whose.is_empty() || whose.contains(['$', '{', '%', '*']) || KNOWN.contains(&whose)
}

#[cfg(test)]
mod tests {
    use super::{Kind, addresses, every, owner};

    #[test]
    fn an_address_is_told_by_the_word_before_it() {
        let keys = |text: &str| every(text).into_iter().map(|(_, key)| key).collect::<Vec<_>>();
        assert_eq!(keys("\"resolved\": \"https://a.example/x.tgz\""), ["resolved"]);
        assert_eq!(keys("  resolved \"https://a.example/x.tgz#1\""), ["resolved"]);
        assert_eq!(keys("x = { git = \"https://a.example/x\" }"), ["git"]);
        assert_eq!(keys("--index-url https://a.example/simple"), ["index-url"]);
        assert_eq!(keys("x @ git+https://a.example/x"), ["@"]);
        assert_eq!(keys("maven { url = uri(\"https://a.example/m2\") }"), ["uri"]);
        assert_eq!(keys("# see https://a.example"), [""; 0]);
    }

    #[test]
    fn the_ground_of_an_address_is_its_host_or_the_owner_on_a_forge() {
        assert_eq!(owner("registry+https://github.com/rust-lang/crates.io-index"), "github.com/rust-lang");
        assert_eq!(owner("git+ssh://git@github.com/acme/x.git#1"), "github.com/acme");
        assert_eq!(owner("git@github.com:acme/x.git"), "github.com/acme");
        assert_eq!(owner("github:acme/x"), "github.com/acme");
        assert_eq!(owner("https://codeload.github.com/acme/x/tar.gz/1"), "github.com/acme");
        assert_eq!(owner("https://NPM.acme.example:8443/x"), "npm.acme.example");
    }

    #[test]
    fn what_only_tells_people_something_is_no_place_to_get_packages_from() {
        let manifest = "{\"homepage\": \"https://a.example\", \"repository\": {\"url\": \"git+https://github.com/a/b.git\"}, \"apiUrl\": \"https://api.example/v1\", \"dependencies\": {\"x\": \"github:evil/x\", \"y\": \"https://e.example/y.tgz\"}}";
        assert_eq!(addresses(Kind::Package, manifest), ["https://e.example/y.tgz", "github:evil/x"]);
        let pom = "<project><url>https://a.example</url><repositories><repository><url>https://m.example</url></repository></repositories></project>";
        assert_eq!(addresses(Kind::Maven, pom), ["https://m.example"]);
        let module = "module a.example/b\nreplace x.example/y => ../y\nreplace x.example/y => github.com/evil/y v1.0.0 // fork\n";
        assert_eq!(addresses(Kind::Modules, module), ["github.com/evil/y"]);
    }
}
