//! Sentences as clauses, and how each hangs on the one before.

use super::super::verbs;
use super::{Clause, Joint, Kind, Token};

pub(super) const CONTRACTED: [&str; 12] = [
    "let's",
    "it's",
    "that's",
    "what's",
    "there's",
    "here's",
    "who's",
    "how's",
    "he's",
    "she's",
    "where's",
    "everything's",
];

/// Words that make a clause depend on another one.
const UNDER: [&str; 21] = [
    "if", "unless", "until", "till", "when", "once", "after", "before", "because", "since", "while",
    "although", "though", "without", "that", "which", "who", "whenever", "whose", "where", "assuming",
];

pub(super) fn clauses_of(tokens: Vec<Token>) -> Vec<Clause> {
    let mut all: Vec<Clause> = Vec::new();
    let mut now = Clause::default();
    let mut at = 0;
    let close = |now: &mut Clause, all: &mut Vec<Clause>, joint: Joint, under: Option<String>| {
        let done = std::mem::replace(now, Clause { tokens: Vec::new(), joint, under });
        if !done.tokens.is_empty() {
            all.push(done);
        }
    };
    while let Some(token) = tokens.get(at) {
        let rest = tokens.get(at + 1..).unwrap_or_default();
        let before = now.tokens.last().map(|token| token.low.clone()).unwrap_or_default();
        match token.kind {
            Kind::Colon => close(&mut now, &mut all, Joint::Colon, None),
            Kind::Comma => {
                let (joint, skip) = joint_at(rest);
                let next = rest.get(skip..).unwrap_or_default();
                if joint == Joint::Then || starts_clause(next, &now) || ends_introduction(&now) {
                    close(&mut now, &mut all, if joint == Joint::Start { Joint::Comma } else { joint }, None);
                    at += skip;
                } else {
                    now.tokens.push(token.clone());
                }
            }
            Kind::Word
                if joint_of(&token.low) != Joint::Start
                    && !matches!(before.as_str(), "try" | "ahead" | "go") =>
            {
                let joint = joint_of(&token.low);
                let starts = match joint {
                    Joint::Then => {
                        let goes_on = token.low != "so" || rest.first().is_none_or(opens);
                        goes_on && !now.tokens.is_empty()
                    }
                    _ => starts_clause(rest, &now),
                };
                if starts {
                    close(&mut now, &mut all, joint, None);
                } else {
                    now.tokens.push(token.clone());
                }
            }
            Kind::Word if UNDER.contains(&token.low.as_str()) && makes_clause(token, rest, &before, &now) => {
                let joint = now.joint;
                let empty = now.tokens.iter().all(|token| joint_of(&token.low) != Joint::Start);
                let joint = if now.tokens.is_empty() && empty { joint } else { Joint::Start };
                close(&mut now, &mut all, joint, Some(token.low.clone()));
            }
            _ => now.tokens.push(token.clone()),
        }
        at += 1;
    }
    close(&mut now, &mut all, Joint::Start, None);
    all
}

fn makes_clause(token: &Token, rest: &[Token], before: &str, now: &Clause) -> bool {
    let next = rest.first().map(|token| token.low.as_str()).unwrap_or_default();
    match token.low.as_str() {
        // "make sure that you …", "I want that branch": not a clause of its own.
        "that" | "which" | "who" | "where" | "whose" => {
            !now.tokens.is_empty()
                && !matches!(
                    before,
                    "sure"
                        | "delete"
                        | "remove"
                        | "push"
                        | "run"
                        | "do"
                        | "of"
                        | "to"
                        | "with"
                        | "in"
                        | "from"
                        | "ensure"
                        | "deploy"
                        | "merge"
                        | "publish"
                        | "fix"
                        | "commit"
                        | "install"
                        | "into"
                        | "on"
                )
                && (token.low != "that" || !matches!(next, "" | "and" | "," | "branch" | "file" | "folder"))
        }
        "when" => !now.tokens.is_empty() || !next.is_empty(),
        _ => true,
    }
}

fn joint_of(word: &str) -> Joint {
    match word {
        "and" | "&" | "plus" => Joint::And,
        "or" | "nor" => Joint::Or,
        "but" | "however" | "instead" => Joint::But,
        "then" | "so" | "therefore" | "afterwards" => Joint::Then,
        _ => Joint::Start,
    }
}

/// The joint that the words begin with, and how many words it takes.
fn joint_at(tokens: &[Token]) -> (Joint, usize) {
    let first =
        tokens.first().filter(|token| token.is_word()).map_or(Joint::Start, |token| joint_of(&token.low));
    if first == Joint::Start {
        return (first, 0);
    }
    let second =
        tokens.get(1).filter(|token| token.is_word()).map_or(Joint::Start, |token| joint_of(&token.low));
    if second == Joint::Start { (first, 1) } else { (second, 2) }
}

/// A comma after these ends the clause whatever follows: "ok, …", "if it works, …".
fn ends_introduction(now: &Clause) -> bool {
    now.under.as_deref().is_some_and(|under| {
        !matches!(under, "that" | "which" | "who" | "where" | "whose" | "without" | "except")
    })
}

/// A clause begins here.
fn starts_clause(tokens: &[Token], now: &Clause) -> bool {
    let mut rest = tokens;
    while let Some((first, more)) = rest.split_first()
        && first.is_word()
        && LEAD.contains(&first.low.as_str())
    {
        rest = more;
    }
    let Some(first) = rest.first() else { return false };
    if !first.is_word() {
        return false;
    }
    if opens(first) {
        return true;
    }
    let Some(hit) = verbs::at(rest, 0).filter(|hit| hit.form == verbs::Form::Base) else { return false };
    let ends = rest
        .get(hit.length)
        .is_none_or(|next| matches!(next.kind, Kind::Comma) || joint_of(&next.low) != Joint::Start);
    // "delete dist, build and test": names in a list, not further requests.
    !(ends
        && AMBIGUOUS.contains(&first.low.as_str())
        && now.tokens.iter().any(|token| LISTING.contains(&token.low.as_str())))
}

const LEAD: [&str; 15] = [
    "please",
    "also",
    "just",
    "now",
    "finally",
    "always",
    "only",
    "simply",
    "next",
    "kindly",
    "pls",
    "maybe",
    "later",
    "ok",
    "afterwards",
];

const AMBIGUOUS: [&str; 12] = [
    "build", "test", "cache", "log", "format", "start", "watch", "dump", "check", "install", "target", "view",
];

const LISTING: [&str; 8] = ["delete", "remove", "rm", "wipe", "clean", "nuke", "clear", "erase"];

/// The word begins a clause of its own.
pub(super) fn opens(token: &Token) -> bool {
    token.is_word()
        && matches!(
            token.low.as_str(),
            "i" | "you"
                | "we"
                | "it"
                | "they"
                | "he"
                | "she"
                | "there"
                | "i'll"
                | "i'm"
                | "i've"
                | "i'd"
                | "you're"
                | "you'll"
                | "it's"
                | "that's"
                | "let's"
                | "lets"
                | "let"
                | "don't"
                | "do"
                | "dont"
                | "never"
                | "not"
                | "no"
                | "can"
                | "could"
                | "would"
                | "will"
                | "should"
                | "shall"
                | "must"
                | "may"
                | "what"
                | "why"
                | "how"
                | "without"
                | "if"
                | "unless"
                | "until"
                | "before"
                | "after"
                | "when"
                | "once"
                | "nothing"
                | "only"
                | "please"
                | "nobody"
                | "we're"
                | "doesn't"
                | "didn't"
                | "make"
                | "feel"
                | "everything"
        )
}
