//! What a clause is for: to ask for something, to allow it, to forbid it, or none of these.

mod words;

use super::sentence::{Clause, Joint, Kind, Token};
use super::verbs::{self, Form, Hit};
use words::{ASKING, BETWEEN, FILLERS, LATER, MODALS, OPENINGS, PREDICATES};

/// What a clause is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// Something is to be done.
    Request,
    /// Something may be done.
    Permit,
    /// It may be done without asking first.
    Waive,
    /// Something must not be done.
    Forbid,
    /// A question, a statement, a report: it changes nothing.
    Silent,
}

/// A clause, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// What it is for.
    pub mood: Mood,
    /// The token at which its verb, or what stands in place of a verb, is.
    pub at: usize,
    /// The verb.
    pub hit: Option<Hit>,
    /// "only" or "just" stands before the verb or the object.
    pub only: Option<Only>,
    /// It asked politely, so a question mark takes nothing away.
    pub polite: bool,
    /// The verb is passive: what it is done to stands before this token.
    pub passive: Option<usize>,
}

/// How strongly a clause limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Only {
    /// "only".
    Strict,
    /// "just", which often means nothing.
    Weak,
}

impl Reading {
    pub(super) fn silent() -> Self {
        Self { mood: Mood::Silent, at: 0, hit: None, only: None, polite: false, passive: None }
    }
}

/// Reads a clause. `before` is the reading of the clause that it hangs on, `listed` says that a
/// later clause of the same list is joined by "or".
pub(super) fn read(clause: &Clause, question: bool, before: Option<&Reading>, listed: bool) -> Reading {
    let tokens = clause.tokens.as_slice();
    let mut at = 0;
    let mut only = None;
    while let Some(token) = tokens.get(at) {
        if token.kind == Kind::Comma
            || (token.is_word()
                && FILLERS.contains(&token.low.as_str())
                && verbs::at(tokens, at).is_none_or(|hit| hit.length == 1))
        {
            at += 1;
        } else if token.is("only") {
            only = Some(Only::Strict);
            at += 1;
        } else if token.is("just") {
            only = only.or(Some(Only::Weak));
            at += 1;
        } else if ["no", "wait", "stop"].iter().any(|word| token.is(word))
            && tokens.get(at + 1).is_none_or(|next| next.kind == Kind::Comma)
        {
            at += 1;
        } else {
            break;
        }
    }
    let base = Reading { only, ..Reading::silent() };
    if tokens.get(at).is_none() {
        return base;
    }
    if let Some(reading) = opening(tokens, at, question) {
        let only = reading.only.or(only);
        return deferred(tokens, Reading { only, ..reading });
    }
    if let Some(reading) = passive(tokens, at, question) {
        return deferred(tokens, Reading { only, ..reading });
    }
    let Some(token) = tokens.get(at) else { return base };
    if token.is_word() && ASKING.contains(&token.low.as_str()) && !(at > 0 && before.is_some()) {
        return base;
    }
    let Some(hit) = verbs::at(tokens, at).filter(|hit| hit.form == Form::Base) else {
        return base;
    };
    // A noun that looks like a verb is the subject: "tests fail", "build is broken", "push access".
    if tokens
        .get(at + hit.length)
        .is_some_and(|next| next.is_word() && PREDICATES.contains(&next.low.as_str()))
    {
        return base;
    }
    let inherited = before.filter(|before| before.hit.is_some() || before.mood == Mood::Silent);
    let mood = match (clause.joint, inherited) {
        (Joint::And | Joint::Or, Some(before)) if before.mood == Mood::Silent => Mood::Silent,
        // "Don't push, and only edit src/": the limit stands for itself.
        (Joint::And, Some(before)) if before.mood == Mood::Forbid && only.is_some() => Mood::Request,
        (Joint::And | Joint::Or, Some(before)) if before.mood == Mood::Forbid => Mood::Forbid,
        (Joint::Comma, Some(before)) if before.mood == Mood::Forbid && listed && only.is_none() => {
            Mood::Forbid
        }
        (Joint::And | Joint::Or | Joint::Comma, Some(before)) if before.mood == Mood::Permit => Mood::Permit,
        _ => Mood::Request,
    };
    let polite = inherited.is_some_and(|before| before.polite);
    let mood = if question && !polite && mood != Mood::Forbid { Mood::Silent } else { mood };
    deferred(tokens, Reading { mood, at, hit: Some(hit), only, polite, passive: None })
}

fn deferred(tokens: &[Token], reading: Reading) -> Reading {
    let put_off = LATER.iter().any(|words| {
        tokens.windows(words.len()).any(|at| at.iter().zip(words.iter()).all(|(token, word)| token.is(word)))
    });
    if put_off && matches!(reading.mood, Mood::Request | Mood::Permit) {
        return Reading { mood: Mood::Silent, ..reading };
    }
    reading
}

fn opening(tokens: &[Token], at: usize, question: bool) -> Option<Reading> {
    let (length, mood) = OPENINGS
        .iter()
        .filter(|(phrase, _)| {
            phrase
                .split(' ')
                .enumerate()
                .all(|(offset, word)| tokens.get(at + offset).is_some_and(|token| token.is(word)))
        })
        .map(|(phrase, mood)| (phrase.split(' ').count(), *mood))
        .max_by_key(|(length, _)| *length)?;
    let mut place = at + length;
    let mut only = None;
    if matches!(tokens.get(at).map(|token| token.low.as_str()), Some("no")) {
        // "no pushing", "no new dependencies": a noun may stand in place of the verb.
        let hit = verbs::at(tokens, place).filter(|hit| hit.form == Form::Ing);
        let known = mood != Mood::Forbid || hit.is_some() || forbids_noun(tokens, place);
        return known.then_some(Reading {
            mood,
            at: place,
            hit: hit.or_else(|| if mood == Mood::Forbid { None } else { verbs::at(tokens, place) }),
            only: None,
            polite: false,
            passive: None,
        });
    }
    while let Some(token) = tokens.get(place) {
        if token.kind == Kind::Comma
            || (token.is_word() && BETWEEN.contains(&token.low.as_str()) && !is_verb_here(tokens, place))
        {
            only = match token.low.as_str() {
                "only" => Some(Only::Strict),
                "just" => only.or(Some(Only::Weak)),
                _ => only,
            };
            place += 1;
        } else {
            break;
        }
    }
    let polite = matches!(
        tokens.get(at).map(|token| token.low.as_str()),
        Some("can" | "could" | "would" | "will" | "do" | "please" | "i" | "i'd")
    );
    let hit = verbs::at(tokens, place).filter(|hit| matches!(hit.form, Form::Base | Form::Ing));
    let Some(hit) = hit else {
        let first = tokens.get(at).map(|token| token.low.as_str()).unwrap_or_default();
        return match mood {
            // "stop the server" is a request; "don't" before an unknown verb forbids nothing we know.
            Mood::Forbid if first == "stop" => None,
            Mood::Request if length == 1 => None,
            _ => Some(Reading { mood, at: place, hit: None, only, polite, passive: None }),
        };
    };
    let first = tokens.get(at).map(|token| token.low.as_str()).unwrap_or_default();
    // "stop pushing", "avoid pushing" forbid; "stop build server" is about a thing.
    if matches!(first, "stop" | "avoid" | "refrain" | "abstain" | "hold") && hit.form != Form::Ing {
        return (first == "avoid").then_some(Reading {
            mood,
            at: at + length,
            hit: None,
            only,
            polite,
            passive: None,
        });
    }
    if first == "do" && (length == 1 || mood == Mood::Request) && hit.form != Form::Base {
        return None;
    }
    let mood =
        if question && !polite && matches!(mood, Mood::Request | Mood::Permit) { Mood::Silent } else { mood };
    Some(Reading { mood, at: place, hit: Some(hit), only, polite, passive: None })
}

fn is_verb_here(tokens: &[Token], place: usize) -> bool {
    let word = tokens.get(place).map(|token| token.low.as_str()).unwrap_or_default();
    !matches!(word, "go" | "try" | "attempt" | "do" | "help" | "be") && verbs::at(tokens, place).is_some()
}

/// "no …": a noun within the next words that stands for something done.
fn forbids_noun(tokens: &[Token], from: usize) -> bool {
    (from..from + 5).any(|place| {
        tokens.get(place).is_some_and(|token| {
            token.is_word() && (verbs::noun(&token.low).is_some() || is_change(&token.low))
        })
    })
}

/// The noun stands for changing files.
pub(super) fn is_change(word: &str) -> bool {
    matches!(
        word,
        "change" | "changes" | "edit" | "edits" | "modification" | "modifications" | "writes" | "touching"
    )
}

/// "X must not be touched", "nothing should be pushed", "`foo.txt` can be deleted".
fn passive(tokens: &[Token], from: usize, question: bool) -> Option<Reading> {
    if question {
        return None;
    }
    let place = (from..tokens.len()).find(|place| {
        tokens.get(*place).is_some_and(|token| token.is("be") || token.is("get") || token.is("stay"))
    })?;
    if place <= from + 1 {
        return None;
    }
    let hit = verbs::at(tokens, place + 1).filter(|hit| hit.form == Form::Past)?;
    let before: Vec<&str> =
        tokens.get(from..place).unwrap_or_default().iter().map(|token| token.low.as_str()).collect();
    let modal = before.iter().position(|word| MODALS.contains(word))?;
    let negated = before
        .iter()
        .skip(modal)
        .any(|word| matches!(*word, "not" | "never") || word.ends_with("n't") || *word == "cannot")
        || matches!(before.first(), Some(&"nothing" | &"no" | &"none" | &"never"));
    let subject = from + modal;
    if subject == from {
        return None;
    }
    let mood = if negated { Mood::Forbid } else { Mood::Permit };
    let named = tokens
        .get(from..subject)
        .unwrap_or_default()
        .iter()
        .any(|token| super::target::explicit(token).is_some());
    if mood == Mood::Permit && !named {
        return None;
    }
    Some(Reading { mood, at: place + 1, hit: Some(hit), only: None, polite: false, passive: Some(subject) })
}
