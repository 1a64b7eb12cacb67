//! Limits on what leaves the machine, and on reaching beyond it.

use super::super::Operation::{self, *};
use super::super::sentence::{Clause, Token};
use super::super::target;
use super::super::verbs::{self, Form};
use super::super::{BoundaryForce, Target};
use super::{Limit, forbidden, only_says_yet};

/// What does not stay on this machine.
pub(super) const OUTWARD: [Operation; 8] =
    [Push, ForcePush, Propose, Release, Publish, Deploy, Send, Message];
/// What needs another machine.
const BEYOND: [Operation; 11] =
    [Push, ForcePush, Propose, Release, Publish, Deploy, Send, Message, Fetch, Install, InstallGlobal];

pub(super) fn nothing_leaves() -> Limit {
    Limit { operations: OUTWARD.to_vec(), target: Target::Any, force: BoundaryForce::Never }
}

pub(super) fn offline(force: BoundaryForce) -> Limit {
    Limit { operations: BEYOND.to_vec(), target: Target::Any, force }
}

/// "access the internet", "use the network", "go online", "network access": the words after a "don't" or
/// "no" speak of the network as a whole.
pub(in crate::consent) fn off_the_network(tokens: &[Token], force: BoundaryForce) -> Option<Limit> {
    const REACHING: [&str; 10] =
        ["access", "use", "reach", "touch", "contact", "hit", "connect", "go", "talk", "get"];
    let words: Vec<&str> = tokens.iter().map(|token| token.low.as_str()).collect();
    let rest = match words.as_slice() {
        [verb, rest @ ..] if REACHING.contains(verb) => rest,
        all => all,
    };
    is_the_network(rest).then(|| offline(force))
}

/// "the internet", "any network access", "online", and nothing that makes it something else.
pub(super) fn is_the_network(words: &[&str]) -> bool {
    let bare = match words {
        ["to" | "on" | "onto", "the" | "any" | "my" | "our", rest @ ..]
        | ["to" | "on" | "onto", rest @ ..] => rest,
        ["the" | "any" | "my" | "our", rest @ ..] => rest,
        all => all,
    };
    let after = match bare {
        ["internet" | "network", "access" | "connection" | "connections" | "connectivity", rest @ ..] => rest,
        ["internet" | "network" | "online", rest @ ..] => rest,
        _ => return false,
    };
    matches!(
        after,
        [] | ["," | "please" | "yet" | "now" | "today" | "anymore", ..]
            | ["at", "all", ..]
            | ["for", "this" | "now", ..]
    )
}

/// "nothing should leave my machine", "don't let anything leave this laptop".
pub(super) fn kept_here(tokens: &[Token], sentence: &str) -> bool {
    let words: Vec<&str> = tokens.iter().map(|token| token.low.as_str()).collect();
    let Some(at) = words.iter().position(|word| matches!(*word, "leave" | "leaves" | "leaving")) else {
        return false;
    };
    let (before, after) = words.split_at(at);
    let here = match after.get(1..).unwrap_or_default() {
        ["my" | "this" | "our", "local" | "own" | "dev", place, ..] | ["my" | "this" | "our", place, ..] => {
            matches!(*place, "machine" | "computer" | "laptop" | "pc" | "workstation" | "box" | "network")
        }
        _ => false,
    };
    let nothing = matches!(before.first(), Some(&"nothing" | &"no"))
        && before.iter().any(|word| matches!(*word, "should" | "must" | "may" | "can" | "shall" | "will"));
    let not = before.iter().any(|word| {
        matches!(*word, "don't" | "dont" | "not" | "never" | "shouldn't" | "mustn't" | "cannot" | "can't")
    });
    here && (nothing || not) && !sentence.trim_end().ends_with('?')
}

/// "we shouldn't push this yet": what is said of us all is meant for the agent when it is about this work,
/// and is about a program otherwise.
pub(super) fn not_by_us(clause: &Clause) -> Option<Limit> {
    const OURS: [Operation; 9] =
        [Commit, Push, ForcePush, Merge, Tag, Release, Publish, Deploy, RewriteHistory];
    const WHERE: [&str; 8] =
        ["main", "master", "develop", "origin", "upstream", "@production", "staging", "@branch"];
    let tokens = clause.tokens.as_slice();
    let low = |at: usize| tokens.get(at).map(|token| token.low.as_str()).unwrap_or_default();
    let from = match (low(0), low(1), low(2)) {
        ("we", "shouldn't" | "mustn't" | "can't" | "cannot", _) => 2,
        ("we", "should" | "must" | "can", "not" | "never") => 3,
        _ => return None,
    };
    let hit = verbs::at(tokens, from)
        .filter(|hit| hit.form == Form::Base && hit.operations.iter().any(|one| OURS.contains(one)))?;
    let object = target::object(tokens.get(from + hit.length..).unwrap_or_default());
    let of_this_work = only_says_yet(&object)
        || object.all
        || object.is_of(&["branch"])
        || object.names.iter().any(|name| name == "@uncommitted" || name == "@session")
        || object.names.is_empty() && object.towards.iter().any(|name| WHERE.contains(&name.as_str()));
    of_this_work.then(|| forbidden(&hit, &object, tokens, BoundaryForce::Never)).flatten()
}
