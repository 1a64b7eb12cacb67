//! From the user's words to what is forbidden.

mod asked;
mod git;
mod outward;
mod stated;

use super::Operation::{self, *};
use super::mood::{self, Only};
use super::sentence::Token;
use super::target::{self, Object};
use super::verbs::{self, Hit};
use super::{BoundaryForce, Target, meaning};
pub(super) use asked::{asks_to_be_asked, to_be_asked};
pub(super) use outward::off_the_network;
pub(super) use stated::stated;

/// What is forbidden, without the words that say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    pub operations: Vec<Operation>,
    pub target: Target,
    pub force: BoundaryForce,
}

const TOUCHING: [Operation; 5] = [Edit, Create, Delete, Move, Overwrite];
const RISKY: [Operation; 8] =
    [Delete, Discard, ForcePush, RewriteHistory, ServiceDelete, Database, DeleteRef, Overwrite];

fn limit(operations: impl Into<Vec<Operation>>, target: Target, force: BoundaryForce) -> Option<Limit> {
    Some(Limit { operations: operations.into(), target, force })
}

/// What "don't" before this verb and object forbids.
pub(super) fn forbidden(hit: &Hit, object: &Object, tokens: &[Token], force: BoundaryForce) -> Option<Limit> {
    let verb = hit.verb.split(' ').next().unwrap_or_default();
    let names = said(object);
    let all = object.all || object.words.is_empty() || only_says_yet(object);
    if let Some(limit) = git::of_git(hit, object, force) {
        return Some(limit);
    }
    if hit.verb == "stash" {
        return None;
    }
    let words: Vec<&str> = object.words.iter().map(String::as_str).collect();
    if matches!(verb, "use" | "touch" | "reach" | "hit" | "access" | "contact" | "connect" | "go")
        && outward::is_the_network(&words)
    {
        return Some(outward::offline(force));
    }
    let changing = matches!(
        verb,
        "touch"
            | "mess"
            | "edit"
            | "change"
            | "modify"
            | "alter"
            | "update"
            | "work"
            | "rewrite"
            | "refactor"
            | "fix"
    );
    if !object.except.is_empty()
        && (changing || hit.operations.contains(&Delete) || matches!(verb, "do" | "make"))
    {
        let operations = if hit.operations.contains(&Delete) { vec![Delete] } else { TOUCHING.to_vec() };
        return limit(operations, Target::Named(object.except.clone()), BoundaryForce::Only);
    }
    if changing || matches!(verb, "do" | "make" | "write" | "implement" | "create" | "add" | "apply") {
        return unchanged(verb, object, names, all, changing, force);
    }
    match verb {
        "use" => return unused(object, force),
        "run" | "execute" | "start" | "launch" | "invoke" | "build" | "test" => {
            return not_run(object, names, all, force);
        }
        "install" | "upgrade" | "downgrade" | "bump" => {
            let generic = names.is_empty();
            return limit(
                [Install, InstallGlobal],
                if generic { Target::Any } else { Target::Named(names) },
                force,
            );
        }
        _ => {}
    }
    let meant = meaning::of(hit, object, tokens);
    let operations: Vec<Operation> = meant
        .iter()
        .map(|(operation, _)| *operation)
        .filter(|operation| {
            !matches!(operation, Edit | Create | Uninstall) || hit.operations.contains(operation)
        })
        .collect();
    let operations = if operations.is_empty() && hit.operations.contains(&Delete) {
        return named_only(object, names, force);
    } else {
        operations
    };
    if operations.is_empty()
        || (operations == [Read] || operations == [Read, Fetch])
            && names.is_empty()
            && !object.words.is_empty()
    {
        return None;
    }
    if operations.contains(&Delete) {
        if all || is_of_files(object) && names.is_empty() {
            return limit([Delete], Target::Any, force);
        }
        let mut names = names;
        if names.is_empty() || object.guessed {
            names.extend(object.nouns.iter().flat_map(|noun| [noun.clone(), format!("{noun}s")]));
        }
        return limit([Delete], Target::Named(names), force);
    }
    let mut names = names;
    if operations.contains(&Push) || operations.contains(&ForcePush) {
        names.retain(|name| {
            !matches!(
                name.as_str(),
                "origin"
                    | "github"
                    | "gitlab"
                    | "remote"
                    | "@uncommitted"
                    | "@session"
                    | "@tests"
                    | "@branch"
            )
        });
        names.retain(|_| !object.guessed || !object.towards.is_empty());
        let operations = if operations.contains(&ForcePush) { vec![ForcePush] } else { vec![Push] };
        return limit(operations, if names.is_empty() { Target::Any } else { Target::Named(names) }, force);
    }
    if object.guessed {
        names.clear();
    }
    let specific = names
        .into_iter()
        .filter(|name| {
            !matches!(name.as_str(), "@branch" | "@uncommitted" | "@session" | "@repo" | "@package")
        })
        .collect::<Vec<_>>();
    limit(operations, if specific.is_empty() { Target::Any } else { Target::Named(specific) }, force)
}

fn named_only(object: &Object, names: Vec<String>, force: BoundaryForce) -> Option<Limit> {
    let named = !names.is_empty() && !object.guessed;
    named.then(|| Limit { operations: vec![Delete], target: Target::Named(names), force })
}

/// "don't change anything", "don't touch `x`", "don't make any changes", "don't edit the tests".
fn unchanged(
    verb: &str,
    object: &Object,
    names: Vec<String>,
    all: bool,
    changing: bool,
    force: BoundaryForce,
) -> Option<Limit> {
    let generic = all || is_of_files(object) || object.nouns.is_empty();
    let data = object.has(&["database", "databases", "db", "schema", "data base"])
        && !object.has(&["code", "file", "files", "folder", "module", "layer", "config", "configuration"]);
    if data && (changing || verb == "write") {
        return limit([Database, ServiceDelete], Target::Any, force);
    }
    if names.is_empty() || (all && object.within.is_empty() && object.towards.is_empty() && object.guessed) {
        let of_changes = object.words.iter().any(|word| mood::is_change(word));
        return match verb {
            "add" | "create"
                if object.has(&["dependency", "dependencies", "package", "packages", "deps"]) =>
            {
                limit([Install, InstallGlobal], Target::Any, force)
            }
            "add" | "create" | "write" if is_of_files(object) => limit([Create], Target::Any, force),
            "write" | "implement" if all || object.is_of(&["code"]) => limit([], Target::Any, force),
            "make" | "apply" if of_changes => limit([], Target::Any, force),
            "do" if object.all
                && !object.words.iter().any(|word| matches!(word.as_str(), "else" | "other")) =>
            {
                limit([], Target::Any, force)
            }
            "touch" | "change" | "modify" | "edit" | "alter" if generic || object.is_of(&["code"]) => {
                limit([], Target::Any, force)
            }
            _ if object.guessed || object.nouns.is_empty() || !changing => None,
            _ => limit(
                TOUCHING,
                Target::Named(
                    object
                        .nouns
                        .windows(2)
                        .flat_map(|pair| [pair.join("-"), pair.join("_")])
                        .collect::<Vec<_>>(),
                ),
                force,
            )
            .filter(|limit| limit.target != Target::Named(Vec::new())),
        };
    }
    if matches!(verb, "do" | "make" | "implement" | "apply")
        && !object.words.iter().any(|word| mood::is_change(word))
    {
        return None;
    }
    if matches!(verb, "add" | "create" | "write")
        && object.has(&["dependency", "dependencies", "package", "packages"])
    {
        return limit(
            [Install, InstallGlobal],
            if object.guessed { Target::Any } else { Target::Named(names) },
            force,
        );
    }
    if object.guessed && object.nouns.iter().any(|noun| ABSTRACT.contains(&noun.as_str())) {
        return None;
    }
    if verb == "touch" || verb == "mess" {
        return limit([], Target::Named(names), force);
    }
    limit(TOUCHING, Target::Named(names), force)
}

/// What no path stands for.
const ABSTRACT: &[&str] = &[
    "behavior",
    "behaviour",
    "signature",
    "interface",
    "semantic",
    "format",
    "output",
    "meaning",
    "logic",
    "name",
    "style",
    "structure",
    "order",
    "api",
    "version",
    "time",
    "code",
    "thing",
    "mistake",
    "assumption",
    "progress",
    "sense",
    "noise",
    "fuss",
    "public",
    "default",
];

/// "don't run anything", "don't run the tests", "don't start the server".
fn not_run(object: &Object, mut names: Vec<String>, all: bool, force: BoundaryForce) -> Option<Limit> {
    if all {
        return limit([Run], Target::Any, force);
    }
    // Some of the tests are not all of them.
    if !object
        .nouns
        .iter()
        .all(|noun| matches!(noun.as_str(), "test" | "suite" | "full" | "whole" | "entire"))
    {
        names.retain(|name| name != "@tests");
    }
    names.extend(object.nouns.iter().cloned());
    let operations: &[Operation] = if object.is_of(&["server"]) { &[Run, Expose] } else { &[Run] };
    limit(operations, Target::Named(names), force)
}

fn unused(object: &Object, force: BoundaryForce) -> Option<Limit> {
    let word = |wanted: &[&str]| object.has(wanted);
    if word(&["--no-verify"]) {
        return limit([BypassReview], Target::Any, force);
    }
    if word(&["--force", "force", "-f"]) {
        return limit([ForcePush], Target::Any, force);
    }
    // "The network layer" and "the web client" are parts of a program.
    if word(&["network", "internet", "web"])
        && !object.nouns.iter().all(|noun| {
            matches!(noun.as_str(), "network" | "internet" | "web" | "access" | "connection" | "search")
        })
    {
        return None;
    }
    let operations: Vec<Operation> =
        object.words.iter().filter_map(|word| verbs::noun(word)).flatten().copied().collect();
    if operations.is_empty() { None } else { limit(operations, Target::Any, force) }
}

fn said(object: &Object) -> Vec<String> {
    let mut names = object.every_name();
    // "for now" says when, not what.
    names.retain(|name| !matches!(name.as_str(), "now" | "yet" | "today" | "later" | "moment"));
    names
}

fn only_says_yet(object: &Object) -> bool {
    object.words.iter().all(|word| {
        matches!(
            word.as_str(),
            "yet"
                | "now"
                | "it"
                | "this"
                | "that"
                | "them"
                | "please"
                | "for"
                | "me"
                | ","
                | "ever"
                | "again"
                | "at"
                | "all"
                | "anymore"
                | "any"
                | "more"
        )
    })
}

fn is_of_files(object: &Object) -> bool {
    object.nouns.iter().all(|noun| {
        matches!(
            noun.as_str(),
            "file" | "folder" | "directory" | "code" | "change" | "source" | "new" | "data"
        )
    }) && !object.nouns.is_empty()
}

/// "no pushes", "no new dependencies", "no changes outside `src/`".
pub(super) fn no_noun(tokens: &[Token]) -> Option<Limit> {
    let object = target::object(tokens);
    let changes = tokens.iter().take(3).any(|token| mood::is_change(&token.low));
    if changes {
        if !object.except.is_empty() {
            return limit(TOUCHING, Target::Named(object.except), BoundaryForce::Only);
        }
        let mut names = object.towards;
        names.extend(object.within);
        return match names.is_empty() {
            true => limit([], Target::Any, BoundaryForce::Never),
            false => limit(TOUCHING, Target::Named(names), BoundaryForce::Never),
        };
    }
    let (place, operations) = tokens
        .iter()
        .enumerate()
        .take(4)
        .find_map(|(place, token)| verbs::noun(&token.low).map(|operations| (place, operations)))?;
    let forced = tokens.iter().take(place + 1).any(|token| token.is("force"));
    let operations = if forced { &[ForcePush] } else { operations };
    let named: Vec<String> =
        object.towards.into_iter().filter(|name| !matches!(name.as_str(), "origin" | "github")).collect();
    limit(operations, if named.is_empty() { Target::Any } else { Target::Named(named) }, BoundaryForce::Never)
}

/// What "only" before this verb and object limits the rest to.
pub(super) fn only(hit: &Hit, object: &Object, only: Only) -> Option<Limit> {
    let names: Vec<String> = object.every_name();
    let firm = !names.is_empty()
        && (only == Only::Strict || names.iter().any(|name| name.contains(['/', '.', '*'])));
    let verb = hit.verb.split(' ').next().unwrap_or_default();
    if hit.operations == [Read]
        || matches!(verb, "look" | "read" | "review" | "inspect") && only == Only::Strict && names.is_empty()
    {
        return (only == Only::Strict
            && object.words.iter().all(|word| {
                matches!(word.as_str(), "files" | "code" | "the" | "at" | "around" | "things" | "it" | "this")
            }))
        .then(|| Limit {
            operations: Vec::new(),
            target: Target::Any,
            force: BoundaryForce::Never,
        });
    }
    if !firm || object.guessed && only == Only::Weak {
        return None;
    }
    let editing = hit.operations.contains(&Edit) || matches!(verb, "do" | "work" | "stay");
    if editing && !hit.operations.contains(&Install) {
        return limit(TOUCHING, Target::Named(names), BoundaryForce::Only);
    }
    if hit.operations.contains(&Delete) {
        return limit([Delete], Target::Named(names), BoundaryForce::Only);
    }
    if hit.operations.contains(&Push) {
        return limit([Push], Target::Named(names), BoundaryForce::Only);
    }
    None
}

/// The object of a verb: what follows it, or stands between it and its particle.
pub(super) fn object_of(tokens: &[Token], place: usize, hit: &Hit) -> Object {
    let from = place + hit.length;
    let words: Vec<Token> = tokens
        .iter()
        .enumerate()
        .skip(from)
        .filter(|(at, _)| hit.particle != Some(*at))
        .map(|(_, token)| token.clone())
        .collect();
    target::object(&words)
}
