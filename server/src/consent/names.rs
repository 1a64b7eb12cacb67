//! Whether a name that the user wrote means a thing that an action touches.

use std::path::Path;

use globset::GlobBuilder;

use crate::effects::{Effect, EffectKind, Elsewhere};
use crate::world::Place;

/// How much a name covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// A path: what lies below it is meant too.
    Path,
    /// A name of one thing.
    Exact,
}

/// `name`, as the user wrote it, means the thing that is called `called`.
pub(super) fn means(name: &str, called: &str, reading: Reading) -> bool {
    let name = plain(name);
    let called = plain(called);
    if name.is_empty() || called.is_empty() {
        return false;
    }
    if name == called || unversioned(&name) == unversioned(&called) {
        return true;
    }
    if reading == Reading::Exact || name.starts_with('@') || called.starts_with('@') {
        return false;
    }
    if name.contains(['*', '?', '[', '{']) {
        return glob(&name, &called);
    }
    if called.starts_with(&format!("{name}/")) {
        return true;
    }
    let last = called.rsplit('/').next().unwrap_or_default();
    if WELL_KNOWN.contains(&name.as_str()) && last.split('.').next() == Some(name.as_str()) {
        return true;
    }
    // Below an absolute path a relative name could be anybody's; the caller lists the relative path too.
    if called.starts_with('/') || called.starts_with('~') {
        return false;
    }
    called.ends_with(&format!("/{name}")) || called.contains(&format!("/{name}/"))
}

/// Files that are called without their ending.
const WELL_KNOWN: [&str; 6] = ["readme", "changelog", "license", "contributing", "security", "dockerfile"];

/// Lower case, without leading `./`, trailing `/`, quotes.
pub(super) fn plain(name: &str) -> String {
    let low = name.trim().to_lowercase();
    let low = low.strip_prefix("./").unwrap_or(&low);
    let low = if low.len() > 1 {
        low.strip_suffix("/**").or_else(|| low.strip_suffix("/*")).unwrap_or(low)
    } else {
        low
    };
    if low.len() > 1 { low.trim_end_matches('/').to_owned() } else { low.to_owned() }
}

/// `v1.2.0` and `1.2.0` are one version.
fn unversioned(name: &str) -> &str {
    name.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(name)
}

fn glob(pattern: &str, called: &str) -> bool {
    let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() else { return false };
    let matcher = glob.compile_matcher();
    if matcher.is_match(called) {
        return true;
    }
    // `*.log` without a folder means such files wherever they lie.
    !pattern.contains('/')
        && Path::new(called).file_name().is_some_and(|name| matcher.is_match(Path::new(name)))
}

/// The word without the endings that make no other word of it.
pub(super) fn stem(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let word = word.strip_suffix("'s").unwrap_or(&word);
    for (ending, instead) in [("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() > 1
        {
            return format!("{rest}{instead}");
        }
    }
    match word.strip_suffix('s') {
        Some(rest) if rest.len() > 2 && !rest.ends_with(['s', 'u', 'i']) => rest.to_owned(),
        _ => word.to_owned(),
    }
}

/// The names by which a user may have called what an effect acts on.
pub(super) fn of(effect: &Effect, workspace: Option<&Path>) -> Vec<String> {
    let mut all = Vec::new();
    match &effect.kind {
        EffectKind::Move { from, to, .. } => {
            all.extend(of_place(from, workspace));
            all.extend(of_place(to, workspace));
        }
        EffectKind::Device { path, .. } => all.push(path.clone()),
        EffectKind::Fetch { from: remote, .. } | EffectKind::Send { to: remote, .. } => {
            all.push(remote.shown.clone());
            all.extend(remote.host.iter().flat_map(|host| of_host(host)));
        }
        EffectKind::RunElsewhere { place, .. } => match place {
            Elsewhere::Host(remote) => {
                all.push(remote.shown.clone());
                all.extend(remote.host.iter().flat_map(|host| of_host(host)));
            }
            Elsewhere::Container(name) | Elsewhere::Cluster(name) => all.push(name.clone()),
        },
        EffectKind::Listen { .. } => all.push("server".to_owned()),
        EffectKind::RunProject { task } => {
            all.extend(with_words(task));
            if tests(task) {
                all.push("@tests".to_owned());
            }
            if serves(task) {
                all.extend(["server", "app"].map(str::to_owned));
            }
            if migrates(task) {
                all.extend(["migration", "migrations"].map(str::to_owned));
            }
        }
        EffectKind::RunUnknown { program, .. } => all.push(program.clone()),
        EffectKind::RunDownloaded { from, .. } => all.push(from.clone()),
        EffectKind::Install { package, manager, .. } | EffectKind::Uninstall { package, manager, .. } => {
            all.push(package.clone());
            all.push(manager.clone());
            all.extend(manifests(manager).iter().map(|name| (*name).to_owned()));
        }
        EffectKind::GitLocal { what }
        | EffectKind::GitDiscard { what, .. }
        | EffectKind::GitRewrite { what, .. } => {
            all.push(what.clone());
        }
        EffectKind::Push { remote, updates, .. } => {
            for update in updates {
                all.push(update.name.clone());
                all.push(format!("{remote}/{}", update.name));
            }
            all.push(remote.clone());
        }
        EffectKind::GitSetup { key, .. } => all.push(key.clone()),
        EffectKind::Service { service, target, .. } => {
            all.extend(with_words(target));
            all.extend(with_words(service));
        }
        EffectKind::Tool { server, tool, target, .. } => {
            all.extend(with_words(target));
            all.push(server.clone());
            all.push(tool.clone());
        }
        EffectKind::Kill { target, .. } => all.extend(with_words(target)),
        EffectKind::Machine { what, .. }
        | EffectKind::Weaken { what, .. }
        | EffectKind::BypassReview { what } => {
            all.extend(with_words(what));
        }
        _ => {}
    }
    if !matches!(effect.kind, EffectKind::Move { .. })
        && let Some(place) = effect.place()
    {
        all.extend(of_place(place, workspace));
    }
    if all.iter().any(|name| is_production(name)) {
        all.push("@production".to_owned());
    }
    all.retain(|name| !name.is_empty());
    all
}

fn of_place(place: &Place, workspace: Option<&Path>) -> Vec<String> {
    let mut all = vec![place.path.to_string_lossy().into_owned(), place.name().to_owned()];
    let relative = workspace.and_then(|root| place.path.strip_prefix(root).ok());
    match relative {
        Some(relative) => all.push(relative.to_string_lossy().into_owned()),
        None if workspace.is_none() && !place.shown.starts_with(['/', '~']) => all.push(place.shown.clone()),
        None => {}
    }
    let words = relative.unwrap_or(Path::new(&place.shown)).to_string_lossy().to_lowercase();
    if is_test(&words) {
        all.push("@tests".to_owned());
    }
    all
}

/// The file is one of a test suite, by its path.
fn is_test(path: &str) -> bool {
    path.split('/').any(|part| {
        matches!(part, "test" | "tests" | "spec" | "specs" | "__tests__" | "testing" | "testdata")
            || part.starts_with("test_")
            || part.rsplit_once('.').is_some_and(|(stem, _)| {
                ["_test", ".test", "_spec", ".spec", "-test", "tests"].iter().any(|end| stem.ends_with(end))
            })
    })
}

fn of_host(host: &str) -> Vec<String> {
    let mut all = vec![host.to_owned()];
    let parts: Vec<&str> = host.split('.').collect();
    if parts.len() > 2 && host.parse::<std::net::IpAddr>().is_err() {
        let domain: Vec<&str> = parts.iter().rev().take(2).rev().copied().collect();
        all.push(domain.join("."));
    }
    all
}

/// The files in which a manager keeps what it adds.
fn manifests(manager: &str) -> &'static [&'static str] {
    match manager {
        "npm" | "npx" => &["package.json", "package-lock.json"],
        "yarn" => &["package.json", "yarn.lock"],
        "pnpm" => &["package.json", "pnpm-lock.yaml"],
        "bun" => &["package.json", "bun.lock"],
        "cargo" => &["cargo.toml", "cargo.lock"],
        "uv" => &["pyproject.toml", "uv.lock"],
        "poetry" => &["pyproject.toml", "poetry.lock"],
        "pdm" => &["pyproject.toml", "pdm.lock"],
        "go" => &["go.mod", "go.sum"],
        "bundle" | "bundler" => &["gemfile", "gemfile.lock"],
        "composer" => &["composer.json", "composer.lock"],
        _ => &[],
    }
}

/// The task changes the shape of a database.
pub(super) fn migrates(task: &str) -> bool {
    task.split(|c: char| c.is_whitespace() || c == ':')
        .any(|word| matches!(word, "migrate" | "alembic" | "migration:run"))
        && !task.contains("makemigrations")
}

/// The task runs tests.
fn tests(task: &str) -> bool {
    const RUNNERS: [&str; 16] = [
        "test",
        "tests",
        "pytest",
        "unittest",
        "nextest",
        "jest",
        "vitest",
        "mocha",
        "tox",
        "nox",
        "rspec",
        "phpunit",
        "ctest",
        "playwright",
        "cypress",
        "karma",
    ];
    says(task, &RUNNERS)
}

/// The task starts something that goes on serving.
fn serves(task: &str) -> bool {
    const SERVING: [&str; 10] = [
        "dev",
        "serve",
        "server",
        "start",
        "preview",
        "runserver",
        "uvicorn",
        "gunicorn",
        "flask",
        "nodemon",
    ];
    says(task, &SERVING)
}

/// A word of the task's name, and not one of its options or files, is one of these.
fn says(task: &str, wanted: &[&str]) -> bool {
    task.split_whitespace().enumerate().filter(|(at, word)| *at == 0 || !word.contains(['/', '='])).any(
        |(_, word)| {
            let name = word.rsplit('/').next().unwrap_or_default();
            !word.starts_with('-')
                && name
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|part| wanted.contains(&part.to_ascii_lowercase().as_str()))
        },
    )
}

fn with_words(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    all.extend(text.split_whitespace().map(stem));
    all
}

/// The word says that others depend on it.
pub(super) fn is_production(name: &str) -> bool {
    name.split(|c: char| !c.is_alphanumeric())
        .any(|part| matches!(part.to_ascii_lowercase().as_str(), "production" | "prod" | "live" | "prd"))
}
