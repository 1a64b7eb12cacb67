//! Limits that need no negation: "leave X alone", "hands off X", "read-only".

use super::super::Operation::{self, *};
use super::super::sentence::{Clause, Kind, Token};
use super::super::target::{self, Object};
use super::super::verbs::{self, Form};
use super::super::{BoundaryForce, Target};
use super::outward::{OUTWARD, kept_here, not_by_us, nothing_leaves, offline};
use super::{Limit, TOUCHING, forbidden, limit};

/// The limits that a clause states by itself.
pub(in crate::consent) fn stated(clause: &Clause, sentence: &str) -> Vec<Limit> {
    let tokens = clause.tokens.as_slice();
    let mut out = Vec::new();
    let word = |at: usize| tokens.get(at).map(|token| token.low.as_str()).unwrap_or_default();
    let has = |wanted: &str| tokens.iter().any(|token| token.is(wanted));
    let never = |names: Vec<String>| Limit {
        operations: Vec::new(),
        target: Target::Named(names),
        force: BoundaryForce::Never,
    };
    for at in 0..tokens.len() {
        let rest = |from: usize| tokens.get(from..).unwrap_or_default();
        match word(at) {
            "hands" if word(at + 1) == "off" => out.extend(named_by(rest(at + 2)).map(never)),
            "stay" | "keep"
                if (word(at + 1) == "out" || word(at + 1) == "away")
                    && matches!(word(at + 2), "of" | "from") =>
            {
                out.extend(named_by(rest(at + 3)).map(never));
            }
            "stay" | "remain" if matches!(word(at + 1), "in" | "inside" | "within") => {
                out.extend(named_by(rest(at + 2)).map(|names| Limit {
                    operations: TOUCHING.to_vec(),
                    target: Target::Named(names),
                    force: BoundaryForce::Only,
                }));
            }
            "off" if word(at + 1) == "limits" && at > 0 => {
                out.extend(named_by(tokens.get(..at).unwrap_or_default()).map(never));
            }
            "off-limits" if at > 0 => out.extend(named_by(tokens.get(..at).unwrap_or_default()).map(never)),
            "limit" | "restrict" | "confine" | "stick" | "keep"
                if has("to")
                    && (has("changes") || has("yourself") || has("edits") || word(at) == "stick") =>
            {
                let to =
                    tokens.iter().position(|token| token.is("to")).map_or(tokens.len(), |place| place + 1);
                out.extend(named_by(rest(to)).map(|names| Limit {
                    operations: TOUCHING.to_vec(),
                    target: Target::Named(names),
                    force: BoundaryForce::Only,
                }));
            }
            // "stay on this branch"
            "stay" | "remain" if word(at + 1) == "on" => {
                let branch = matches!(word(at + 2), "this" | "the" | "my" | "our" | "that")
                    && rest(at + 3).iter().take(2).any(|token| token.is("branch"));
                if branch || matches!(word(at + 2), "main" | "master" | "develop" | "trunk") {
                    out.extend(limit([Switch], Target::Any, BoundaryForce::Never));
                }
            }
            // "keep it local", "local only", "stay offline"
            "keep" | "leave"
                if word(at + 2) == "local"
                    && matches!(word(at + 1), "it" | "this" | "that" | "everything" | "changes" | "all")
                    && !matches!(word(at + 3), "to" | "in" | "variable") =>
            {
                out.extend(limit(OUTWARD, Target::Any, BoundaryForce::Never));
            }
            "local" | "locally" if word(at + 1) == "only" && tokens.len() <= 4 => {
                out.extend(limit(OUTWARD, Target::Any, BoundaryForce::Never));
            }
            "offline" if at > 0 && matches!(word(at - 1), "stay" | "work" | "remain" | "be" | "keep") => {
                out.push(offline(BoundaryForce::Never));
            }
            // "skip the push"
            "skip" if at == 0 && tokens.len() <= 4 => {
                let last = tokens.last().map(|token| token.low.as_str()).unwrap_or_default();
                let operations = verbs::noun(last).or_else(|| verbs_noun(last));
                out.extend(
                    operations.and_then(|operations| limit(operations, Target::Any, BoundaryForce::Never)),
                );
            }
            "leave" | "keep" => out.extend(left(rest(at + 1), word(at) == "leave")),
            "i'll" | "i" if myself(tokens, at) => {
                let noun = || rest(at + 1).iter().skip(1).find_map(|token| verbs::noun(&token.low));
                let found = verbs::first_in(rest(at + 1)).filter(|(_, hit)| hit.form == Form::Base);
                if let Some((_, hit)) = &found
                    && hit.operations.is_empty()
                {
                    out.extend(
                        noun().and_then(|operations| limit(operations, Target::Any, BoundaryForce::Never)),
                    );
                } else if let Some((place, hit)) = found {
                    let object = target::object(rest(at + 1 + place + hit.length));
                    out.extend(
                        forbidden(&hit, &Object { pronoun: false, ..object }, tokens, BoundaryForce::Never)
                            .map(|limit| Limit {
                                target: if matches!(limit.target, Target::Named(_))
                                    && !limit.operations.contains(&Deploy)
                                {
                                    Target::Any
                                } else {
                                    limit.target
                                },
                                ..limit
                            }),
                    );
                }
            }
            _ => {}
        }
    }
    if kept_here(tokens, sentence) {
        out.push(nothing_leaves());
    }
    out.extend(not_by_us(clause));
    if read_only(tokens, sentence) {
        out.push(Limit { operations: Vec::new(), target: Target::Any, force: BoundaryForce::Never });
    }
    out
}

fn myself(tokens: &[Token], at: usize) -> bool {
    let will = tokens.get(at).is_some_and(|token| token.is("i'll"))
        || tokens.get(at + 1).is_some_and(|token| token.is("will"));
    will && tokens.iter().any(|token| token.is("myself") || token.is("manually"))
}

fn named_by(tokens: &[Token]) -> Option<Vec<String>> {
    let object = target::object(tokens);
    let names = object.every_name();
    (!names.is_empty()).then_some(names)
}

/// "leave X alone", "keep X as is", "leave the tag to me".
fn left(tokens: &[Token], leave: bool) -> Option<Limit> {
    let end = tokens.iter().position(|token| {
        token.is_word()
            && matches!(
                token.low.as_str(),
                "alone" | "as" | "untouched" | "unchanged" | "intact" | "be" | "to" | "in" | "where" | "like"
            )
    })?;
    let object_tokens = tokens.get(..end)?;
    let ending = tokens.get(end)?.low.as_str();
    let next = tokens.get(end + 1).map(|token| token.low.as_str()).unwrap_or_default();
    match ending {
        "to" if leave && matches!(next, "me" | "us") => {
            let operations = object_tokens
                .iter()
                .find_map(|token| verbs::noun(&token.low).or_else(|| verbs_noun(&token.low)))?;
            limit(operations, Target::Any, BoundaryForce::Never)
        }
        "to" | "like" if next != "it" => None,
        "in" if next != "place" => None,
        "as" if !matches!(next, "is" | "it" | "they" | "") => None,
        _ => {
            let names = named_by(object_tokens)?;
            limit([], Target::Named(names), BoundaryForce::Never)
        }
    }
}

fn verbs_noun(word: &str) -> Option<&'static [Operation]> {
    let token = Token { raw: word.to_owned(), low: word.to_owned(), kind: Kind::Word };
    verbs::at(&[token], 0)
        .filter(|hit| matches!(hit.form, Form::Ing) && !hit.operations.is_empty())
        .map(|hit| hit.operations)
}

fn read_only(tokens: &[Token], sentence: &str) -> bool {
    let text: Vec<&str> = tokens.iter().map(|token| token.low.as_str()).collect();
    let text = text.join(" ");
    let low = sentence.to_lowercase();
    let about_now = ["this is", "stay", "mode", "please", "access", "session", "task", "analysis", "keep"]
        .iter()
        .any(|word| low.contains(word))
        || tokens.len() <= 3;
    let file_mode = [
        "file system",
        "filesystem",
        "flag",
        "property",
        "attribute",
        "field",
        "replica",
        "transaction",
        "make ",
        "add ",
        "variable",
        "database",
    ]
    .iter()
    .any(|word| low.contains(word));
    (text.contains("read-only") || text.contains("read only") || text.contains("readonly"))
        && about_now
        && !file_mode
        || text.contains("look but don't touch")
        || [
            "just look",
            "only look",
            "just looking",
            "dry run only",
            "dry-run only",
            "only a dry run",
            "only do a dry run",
            "analysis only",
            "plan only",
        ]
        .iter()
        .any(|phrase| text.starts_with(phrase) || text.ends_with(phrase))
            && !text.contains("look at")
            && !text.contains("look like")
}
