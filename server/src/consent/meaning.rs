//! From a verb and its object to the operations and targets that are meant.

mod made;
mod words;

use super::Operation::{self, *};
use super::Target;
use super::sentence::Token;
use super::target::Object;
use super::verbs::Hit;
use made::made;
use words::{DATABASE, MONEY, PACKAGES, PARTS, PROPOSALS, REFS, SERVICE, WORK};

/// What a request for this verb and object allows.
pub(super) fn of(hit: &Hit, object: &Object, tokens: &[Token]) -> Vec<(Operation, Target)> {
    let mut all = Vec::new();
    for operation in hit.operations {
        refine(*operation, hit.verb, object, &mut all);
    }
    if leaves_the_branch(hit, object) {
        all.push((Switch, Target::Any));
    }
    made(hit, object, &mut all);
    besides(object, tokens, &mut all);
    let mut out: Vec<(Operation, Target)> = Vec::new();
    for one in all {
        if !out.contains(&one) {
            out.push(one);
        }
    }
    out
}

/// "switch branches", "check out main", "change to another branch".
pub(super) fn leaves_the_branch(hit: &Hit, object: &Object) -> bool {
    const TRUNKS: [&str; 4] = ["main", "master", "develop", "trunk"];
    match hit.verb {
        "switch" | "checkout" | "check out" => {
            object.has(&["branch", "branches"])
                || object.names.iter().chain(&object.towards).any(|name| TRUNKS.contains(&name.as_str()))
        }
        // The name or the protection of a branch is something else.
        "change" | "leave" => object.nouns == ["branch"] && object.names.iter().all(|name| name == "@branch"),
        _ => false,
    }
}

fn target(names: Vec<String>) -> Target {
    if names.is_empty() { Target::Any } else { Target::Named(names) }
}

fn named(names: &[&str]) -> Target {
    Target::Named(names.iter().map(|name| (*name).to_owned()).collect())
}

fn is_proposal(object: &Object) -> bool {
    object.is_of(PROPOSALS) || (object.is_of(&["request"]) && object.has(&["pull", "merge"]))
}

fn refine(operation: Operation, verb: &str, object: &Object, all: &mut Vec<(Operation, Target)>) {
    match operation {
        Delete => delete(verb, object, all),
        Discard => discard(verb, object, all),
        Push | ForcePush => push(operation, object, all),
        Commit => all.push((Commit, named(&["@branch"]))),
        RewriteHistory => {
            let mut names = vec!["@branch".to_owned()];
            names.extend(object.names.iter().cloned());
            all.push((RewriteHistory, Target::Named(names)));
        }
        Install => install(verb, object, all),
        Uninstall => all.push((Uninstall, target(object.names.clone()))),
        InstallGlobal => all.push((InstallGlobal, target(object.names.clone()))),
        Deploy => {
            let mut names = object.towards.clone();
            names.extend(object.within.iter().cloned());
            names.extend(object.names.iter().filter(|_| !object.guessed).cloned());
            all.push((Deploy, target(names)));
        }
        Release => release(verb, object, all),
        Publish if verb == "upload" => {
            if object.towards.iter().any(|name| matches!(name.as_str(), "github" | "gitlab" | "@repo")) {
                all.push((Push, named(&["@branch"])));
            }
            all.push((Publish, target(object.towards.clone())));
        }
        Publish => {
            let mut names = if object.guessed { Vec::new() } else { object.names.clone() };
            if names.is_empty() || object.is_of(PACKAGES) || object.pronoun {
                names.push("@package".to_owned());
            }
            names.extend(object.towards.iter().cloned());
            all.push((Publish, Target::Named(names)));
        }
        Send | Message => {
            if object.is_of(MONEY) {
                all.push((Pay, target(recipients(object))));
            }
            if verb == "report" && object.towards.is_empty() {
                return;
            }
            all.push((operation, target(recipients(object))));
        }
        Pay => {
            if verb != "transfer" || !object.is_of(&["repo", "repository", "ownership"]) {
                all.push((Pay, target(object.every_name())));
            }
        }
        Kill => all.push((Kill, target(object.every_name()))),
        Fetch | RunElsewhere | Move | Grant | ServiceChange | Overwrite | ReadSecret | Expose | Merge
        | GitSetup => {
            all.push((operation, target(object.every_name())));
        }
        Edit | Create => {
            let mut names = if object.guessed { Vec::new() } else { object.names.clone() };
            names.extend(object.towards.iter().chain(&object.within).cloned());
            let sure = names.iter().any(|name| !name.starts_with('@'));
            all.push((operation, if sure { Target::Named(names) } else { Target::Any }));
        }
        Run => {
            all.push((Run, target(object.names.iter().filter(|_| !object.guessed).cloned().collect())));
            // What is called by its kind lifts a limit on that kind.
            if object.guessed && object.names.iter().any(|name| name == "@tests") {
                all.push((Run, named(&["@tests"])));
            }
            if object.is_of(&["server"]) {
                all.extend([Run, Expose].map(|operation| (operation, named(&["server"]))));
            }
            if !object.towards.is_empty() {
                all.push((RunElsewhere, Target::Named(object.towards.clone())));
            }
            downloaded(object, all);
            if object.is_of(&["migration", "seed"]) {
                let mut names = if object.guessed { Vec::new() } else { object.names.clone() };
                names.extend(object.towards.iter().chain(&object.within).cloned());
                all.push((Database, target(names)));
            }
        }
        Weaken | BypassReview | Persist => {
            let mut names = object.every_name();
            names.extend(object.nouns.iter().cloned());
            all.push((operation, target(names)));
        }
        Stash => all.push((Stash, Target::Any)),
        Tag => all.push((Tag, target(object.names.iter().filter(|_| !object.guessed).cloned().collect()))),
        Database | ServiceDelete => all.push((operation, target(object.every_name()))),
        Read => all.push((Read, target(object.every_name()))),
        _ => all.push((operation, target(object.names.clone()))),
    }
}

/// Who gets a message: after "to" when it is said so, otherwise the object itself.
fn recipients(object: &Object) -> Vec<String> {
    if object.towards.is_empty() { object.names.clone() } else { object.towards.clone() }
}

fn delete(verb: &str, object: &Object, all: &mut Vec<(Operation, Target)>) {
    let sure: Vec<String> = if object.guessed {
        Vec::new()
    } else {
        object.names.iter().filter(|name| !name.starts_with('@')).cloned().collect()
    };
    let folder = object.has(&["folder", "directory", "dir", "file", "files", "folders", "directories"]);
    let path_named = sure.iter().any(|name| name.contains(['/', '.', '*']));
    if object.is_of(REFS) && !folder {
        all.push((DeleteRef, target(refs(object))));
    } else if object.is_of(WORK) && !path_named && !folder {
        discard(verb, object, all);
    } else if object.is_of(&["commit", "history"]) && !folder {
        all.push((RewriteHistory, named(&["@branch"])));
    } else if object.is_of(&["process"]) {
        all.push((Kill, target(object.every_name())));
    } else if object.is_of(DATABASE) && !path_named && !folder {
        all.push((Database, target(object.every_name())));
        all.push((ServiceDelete, target(object.every_name())));
    } else if object.is_of(SERVICE) && !path_named && !folder {
        let mut names = object.every_name();
        names.extend(object.nouns.iter().cloned());
        all.push((ServiceDelete, target(if sure.is_empty() && object.vague { Vec::new() } else { names })));
    } else if object.is_of(PACKAGES) && !path_named {
        all.push((Uninstall, target(object.names.clone())));
    } else if object.is_of(PARTS) && !folder {
        refine(Edit, verb, object, all);
        return;
    } else {
        files(object, &sure, all);
        if !path_named && !object.names.is_empty() && !folder {
            all.push((Uninstall, Target::Named(object.names.clone())));
        }
    }
    all.push((Edit, Target::Any));
}

/// Files to delete: what is named, read from the folder that it is said to lie in.
fn files(object: &Object, sure: &[String], all: &mut Vec<(Operation, Target)>) {
    let folders: Vec<&String> = object.within.iter().filter(|name| !name.starts_with('@')).collect();
    let contents = object.all || object.is_of(&["content"]);
    let mut names: Vec<String> = Vec::new();
    if sure.is_empty() && contents && !object.vague && !folders.is_empty() && object.except.is_empty() {
        names.extend(folders.iter().map(|name| (*name).clone()));
    } else if folders.is_empty() || sure.iter().any(|name| name.starts_with('/')) {
        names.extend(object.names.iter().cloned());
    } else {
        let own = if sure.is_empty() { &object.names } else { sure };
        names.extend(own.iter().flat_map(|name| {
            folders.iter().map(move |folder| {
                if name.starts_with('@') {
                    name.clone()
                } else {
                    format!("{}/{name}", folder.trim_end_matches('/'))
                }
            })
        }));
    }
    if object.vague && object.guessed {
        names.clear();
    }
    all.push((Delete, target(names)));
}

/// Branches and tags to delete. A branch is the local one unless the remote is named.
fn refs(object: &Object) -> Vec<String> {
    let names: Vec<String> = object.names.iter().filter(|name| !is_remote(name)).cloned().collect();
    let remote =
        object.has(&["remote", "remotes", "origin", "github", "gitlab", "upstream", "remotely", "server"]);
    let local = !remote || object.has(&["local", "locally", "both", "everywhere"]);
    let mut all = Vec::new();
    if local {
        all.extend(names.iter().cloned());
    }
    if remote {
        all.extend(names.iter().filter(|name| !name.starts_with('@')).map(|name| {
            match name.strip_prefix("origin/") {
                Some(_) => name.clone(),
                None => format!("origin/{name}"),
            }
        }));
    }
    all
}

fn is_remote(name: &str) -> bool {
    matches!(name, "origin" | "upstream" | "github" | "gitlab" | "remote" | "@repo" | "bitbucket")
}

fn discard(verb: &str, object: &Object, all: &mut Vec<(Operation, Target)>) {
    if object.is_of(DATABASE) {
        all.push((Database, target(object.every_name())));
        return;
    }
    if object.is_of(&["deployment", "release", "deploy"])
        || object.names.iter().any(|name| name == "@production")
    {
        all.push((Deploy, target(object.every_name())));
        return;
    }
    let back = object.is_of(&["commit"])
        || object.towards.iter().any(|name| name.contains("head") || name.contains("origin/"))
        || verb.contains("hard");
    let mut names: Vec<String> = object.every_name().into_iter().filter(|name| !is_remote(name)).collect();
    let yours = names.iter().any(|name| name == "@session");
    if yours {
        names.retain(|name| name == "@session");
    } else if object.names.iter().all(|name| name.starts_with('@')) || object.pronoun {
        names.push("@uncommitted".to_owned());
    }
    if object.is_of(&["stash"]) {
        names.push("stash".to_owned());
    }
    if back {
        all.push((RewriteHistory, named(&["@branch"])));
    }
    all.push((Discard, target(names)));
    all.push((Edit, Target::Any));
}

fn push(operation: Operation, object: &Object, all: &mut Vec<(Operation, Target)>) {
    let forced = operation == ForcePush
        || object.words.iter().any(|word| {
            matches!(
                word.as_str(),
                "force" | "--force" | "-f" | "--force-with-lease" | "forcibly" | "forcefully"
            )
        });
    let operation = if forced { ForcePush } else { operation };
    if object.is_of(&["image"]) {
        all.push((Publish, target(object.every_name())));
        return;
    }
    let tags = object.is_of(&["tag"]);
    if let Some(place) = object
        .towards
        .iter()
        .find(|name| matches!(name.as_str(), "staging" | "@production" | "heroku" | "qa" | "uat" | "preview"))
    {
        all.push((Deploy, target(object.towards.clone())));
        all.push((operation, Target::Named(vec![place.clone()])));
        return;
    }
    let sure: Vec<String> =
        object.names.iter().filter(|_| !object.guessed || object.is_of(&["branch"])).cloned().collect();
    let direct: Vec<String> = sure
        .into_iter()
        .filter(|name| {
            !is_remote(name)
                && !matches!(name.as_str(), "@uncommitted" | "@session" | "@tests")
                && !is_flag(name)
        })
        .collect();
    let branches: Vec<String> = object
        .towards
        .iter()
        .filter(|name| !is_remote(name) && !is_flag(name) && *name != "@session")
        .cloned()
        .collect();
    let mut names: Vec<String> = if branches.is_empty() { direct } else { branches };
    if tags {
        all.push((Tag, target(names.clone())));
    }
    if names.is_empty() && object.is_of(&["branches", "branch"]) && object.all {
        all.push((operation, Target::Any));
        return;
    }
    if names.is_empty() {
        names.push("@branch".to_owned());
    }
    let remote: Vec<String> = names
        .iter()
        .filter(|name| !name.contains('/') && !name.starts_with('@'))
        .map(|name| format!("origin/{name}"))
        .collect();
    names.extend(remote);
    all.push((operation, Target::Named(names)));
}

fn is_flag(name: &str) -> bool {
    name.starts_with('-')
}

fn install(verb: &str, object: &Object, all: &mut Vec<(Operation, Target)>) {
    downloaded(object, all);
    let names: Vec<String> =
        object.names.iter().filter(|name| !name.starts_with('@') || name.contains('/')).cloned().collect();
    // "Install the package from ADDRESS": the address is the package's name.
    let addresses: Vec<String> = object.within.iter().filter(|name| name.contains("://")).cloned().collect();
    if !addresses.is_empty() {
        all.push((Install, Target::Named(addresses)));
    }
    let global = object.has(&["globally", "-g", "--global", "system-wide", "systemwide", "global"])
        || (object.is_of(&["machine", "system"]));
    if object.is_of(&["hook", "hooks", "pre-commit"]) {
        all.push((Persist, target(object.nouns.clone())));
        all.push((GitSetup, named(&["core.hookspath", "hooks"])));
    }
    if names.is_empty() || object.guessed && object.is_of(PACKAGES) {
        if matches!(verb, "install" | "reinstall" | "upgrade" | "npm" | "pip")
            && object.is_of(&["dependency", "dep", "requirement", "package", "everything", "module"])
        {
            all.push((Install, named(&["@declared"])));
        }
        return;
    }
    let system = ["apt", "apt-get", "brew", "dnf", "yum", "pacman", "snap", "choco", "winget", "apk"];
    let global =
        global || object.towards.iter().any(|name| system.contains(&name.as_str())) || object.has(&system);
    if global {
        all.push((InstallGlobal, Target::Named(names.clone())));
    }
    let mut every = names;
    every.extend(object.within.iter().cloned());
    all.push((Install, Target::Named(every)));
}

/// Code to run from an address. A host where anybody can have an address is not vouched for by one of
/// them, so an address with a path stands for itself alone.
fn downloaded(object: &Object, all: &mut Vec<(Operation, Target)>) {
    let named = object.words.iter().chain(&object.names).filter(|word| word.contains("://"));
    for word in named {
        let word = word.trim_end_matches('/');
        let mut names = vec![word.to_owned()];
        if let Ok(url) = url::Url::parse(word)
            && url.path().len() < 2
        {
            names.extend(url.host_str().map(str::to_owned));
        }
        all.push((RunDownloaded, Target::Named(names.clone())));
        all.push((Fetch, Target::Named(names)));
    }
}

fn release(verb: &str, object: &Object, all: &mut Vec<(Operation, Target)>) {
    if verb == "cut" && !object.is_of(&["release", "tag", "version"]) {
        return;
    }
    let mut versions: Vec<String> =
        object.every_name().into_iter().filter(|name| name.contains(|c: char| c.is_ascii_digit())).collect();
    all.push((Release, target(versions.clone())));
    all.push((Tag, target(versions.clone())));
    if !versions.is_empty() {
        let prefixed: Vec<String> =
            versions.iter().filter(|name| !name.starts_with('v')).map(|name| format!("v{name}")).collect();
        versions.extend(prefixed);
        let remote: Vec<String> = versions.iter().map(|name| format!("origin/{name}")).collect();
        versions.extend(remote);
        all.push((Push, Target::Named(versions.clone())));
    }
    versions.push("@package".to_owned());
    versions.extend(object.towards.iter().cloned());
    all.push((Publish, Target::Named(versions)));
}

/// What a clause allows by words that are neither its verb nor its object.
fn besides(object: &Object, tokens: &[Token], all: &mut Vec<(Operation, Target)>) {
    let words: Vec<&str> = tokens.iter().map(|token| token.low.as_str()).collect();
    let pair = |a: &str, b: &str| words.windows(2).any(|at| at.first() == Some(&a) && at.get(1) == Some(&b));
    if words.contains(&"sudo") || pair("as", "root") {
        all.push((Privilege, Target::Any));
    }
    if words.iter().any(|word| matches!(*word, "--no-verify" | "--no-gpg-sign" | "[skip ci]")) {
        all.push((BypassReview, Target::Any));
    }
    if object.has(&["force", "--force", "--force-with-lease"]) && pair("push", "force") {
        all.push((ForcePush, named(&["@branch"])));
    }
}
