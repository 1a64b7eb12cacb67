//! Limits on how git is used: the branch that is checked out, the stash, the history.

use super::super::Operation::{self, *};
use super::super::target::Object;
use super::super::verbs::Hit;
use super::super::{BoundaryForce, Target, meaning};
use super::{Limit, limit, only_says_yet};

/// "don't switch branches", "don't stash", "don't rewrite the git history".
pub(super) fn of_git(hit: &Hit, object: &Object, force: BoundaryForce) -> Option<Limit> {
    let operations: &[Operation] = if meaning::leaves_the_branch(hit, object) {
        &[Switch]
    } else if hit.verb == "stash" && is_of_work(object) {
        &[Stash]
    } else if is_of_history(hit, object) {
        &[RewriteHistory, ForcePush]
    } else {
        return None;
    };
    limit(operations, Target::Any, force)
}

/// What git can put aside, and not "the token in a cookie".
fn is_of_work(object: &Object) -> bool {
    object.all
        || object.pronoun
        || object.names.iter().any(|name| name == "@uncommitted" || name == "@session")
        || object.is_of(&["change", "work", "edit", "modification"])
        || only_says_yet(object)
}

/// The history of commits, and not what a program keeps under that name.
fn is_of_history(hit: &Hit, object: &Object) -> bool {
    const OF_GIT: [&str; 10] = [
        "git",
        "history",
        "commit",
        "published",
        "pushed",
        "existing",
        "previous",
        "repo",
        "repository",
        "branch",
    ];
    let only_git = object.nouns.iter().all(|noun| OF_GIT.contains(&noun.as_str()));
    match hit.verb {
        "rewrite history" | "rewrite the history" => only_git,
        "rewrite" => only_git && object.is_of(&["history", "commit"]),
        "change" | "alter" | "modify" | "edit" | "touch" | "mess with" => {
            only_git && object.is_of(&["history"]) && object.is_of(&["git", "commit"])
        }
        _ => false,
    }
}
