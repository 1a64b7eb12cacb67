//! What a clause is for: to ask for something, to allow it, to forbid it, or none of these.

use super::sentence::{Clause, Joint, Kind, Token};
use super::verbs::{self, Form, Hit};

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

/// Openings and what they make of the verb after them. Longer ones first where one begins another.
const OPENINGS: &[(&str, Mood)] = &[
    ("don't forget to", Mood::Request),
    ("do not forget to", Mood::Request),
    ("don't hesitate to", Mood::Permit),
    ("do not hesitate to", Mood::Permit),
    ("no need to ask", Mood::Waive),
    ("no need to ask me", Mood::Waive),
    ("no need to check with me", Mood::Waive),
    ("no need to confirm", Mood::Waive),
    ("you don't need to ask", Mood::Waive),
    ("you don't need to ask me", Mood::Waive),
    ("you don't have to ask", Mood::Waive),
    ("you don't have to ask me", Mood::Waive),
    ("you needn't ask", Mood::Waive),
    ("don't ask", Mood::Waive),
    ("don't ask me", Mood::Waive),
    ("don't bother asking", Mood::Waive),
    ("stop asking", Mood::Waive),
    ("stop asking me", Mood::Waive),
    ("never mind about not", Mood::Permit),
    ("you can stop asking", Mood::Waive),
    ("you no longer need to ask", Mood::Waive),
    ("you no longer have to ask", Mood::Waive),
    ("no need to", Mood::Silent),
    ("no longer", Mood::Silent),
    ("you don't need to", Mood::Silent),
    ("you don't have to", Mood::Silent),
    ("don't bother", Mood::Silent),
    ("don't worry", Mood::Silent),
    ("do not worry", Mood::Silent),
    ("don't mind", Mood::Silent),
    ("don't just", Mood::Silent),
    ("do not just", Mood::Silent),
    ("don't only", Mood::Silent),
    ("not only", Mood::Silent),
    ("not just", Mood::Silent),
    ("don't you think", Mood::Silent),
    ("make sure you don't", Mood::Forbid),
    ("make sure you do not", Mood::Forbid),
    ("make sure you never", Mood::Forbid),
    ("make sure that you don't", Mood::Forbid),
    ("make sure that you do not", Mood::Forbid),
    ("make sure not to", Mood::Forbid),
    ("make sure to not", Mood::Forbid),
    ("make sure to never", Mood::Forbid),
    ("ensure you don't", Mood::Forbid),
    ("ensure you do not", Mood::Forbid),
    ("ensure that you don't", Mood::Forbid),
    ("be sure not to", Mood::Forbid),
    ("be sure you don't", Mood::Forbid),
    ("be careful not to", Mood::Forbid),
    ("take care not to", Mood::Forbid),
    ("try not to", Mood::Forbid),
    ("try to not", Mood::Forbid),
    ("remember not to", Mood::Forbid),
    ("i don't want you to", Mood::Forbid),
    ("i do not want you to", Mood::Forbid),
    ("i'd rather you didn't", Mood::Forbid),
    ("i'd rather you did not", Mood::Forbid),
    ("i would rather you didn't", Mood::Forbid),
    ("i'd prefer you didn't", Mood::Forbid),
    ("i'd prefer that you don't", Mood::Forbid),
    ("i'd prefer you not", Mood::Forbid),
    ("i prefer you not", Mood::Forbid),
    ("i forbid you to", Mood::Forbid),
    ("under no circumstances", Mood::Forbid),
    ("by no means", Mood::Forbid),
    ("at no point", Mood::Forbid),
    ("please don't", Mood::Forbid),
    ("please do not", Mood::Forbid),
    ("don't ever", Mood::Forbid),
    ("do not ever", Mood::Forbid),
    ("don't you dare", Mood::Forbid),
    ("don't", Mood::Forbid),
    ("do not", Mood::Forbid),
    ("dont", Mood::Forbid),
    ("do no", Mood::Forbid),
    ("never", Mood::Forbid),
    ("you must not", Mood::Forbid),
    ("you mustn't", Mood::Forbid),
    ("you must never", Mood::Forbid),
    ("you should not", Mood::Forbid),
    ("you shouldn't", Mood::Forbid),
    ("you should never", Mood::Forbid),
    ("you may not", Mood::Forbid),
    ("you can't", Mood::Forbid),
    ("you cannot", Mood::Forbid),
    ("you can not", Mood::Forbid),
    ("you are not allowed to", Mood::Forbid),
    ("you're not allowed to", Mood::Forbid),
    ("you aren't allowed to", Mood::Forbid),
    ("you are not to", Mood::Forbid),
    ("you're not to", Mood::Forbid),
    ("you will not", Mood::Forbid),
    ("you won't", Mood::Forbid),
    ("must not", Mood::Forbid),
    ("mustn't", Mood::Forbid),
    ("should not", Mood::Forbid),
    ("shouldn't", Mood::Forbid),
    ("can't", Mood::Forbid),
    ("cannot", Mood::Forbid),
    ("it's not ok to", Mood::Forbid),
    ("it is not ok to", Mood::Forbid),
    ("it's not okay to", Mood::Forbid),
    ("we don't", Mood::Silent),
    ("not to", Mood::Forbid),
    ("not", Mood::Forbid),
    ("stop", Mood::Forbid),
    ("avoid", Mood::Forbid),
    ("refrain from", Mood::Forbid),
    ("abstain from", Mood::Forbid),
    ("hold off on", Mood::Forbid),
    ("hold off", Mood::Forbid),
    ("no", Mood::Forbid),
    ("you can", Mood::Permit),
    ("you may", Mood::Permit),
    ("you now may", Mood::Permit),
    ("you now can", Mood::Permit),
    ("you are allowed to", Mood::Permit),
    ("you're allowed to", Mood::Permit),
    ("you are free to", Mood::Permit),
    ("you're free to", Mood::Permit),
    ("feel free to", Mood::Permit),
    ("go ahead and", Mood::Permit),
    ("go ahead with", Mood::Permit),
    ("go ahead", Mood::Permit),
    ("it's ok to", Mood::Permit),
    ("it's okay to", Mood::Permit),
    ("it's fine to", Mood::Permit),
    ("it is ok to", Mood::Permit),
    ("it is okay to", Mood::Permit),
    ("it is fine to", Mood::Permit),
    ("it's safe to", Mood::Permit),
    ("it is safe to", Mood::Permit),
    ("ok to", Mood::Permit),
    ("okay to", Mood::Permit),
    ("fine to", Mood::Permit),
    ("safe to", Mood::Permit),
    ("you have permission to", Mood::Permit),
    ("you have my permission to", Mood::Permit),
    ("you have my ok to", Mood::Permit),
    ("i allow you to", Mood::Permit),
    ("i'm fine with you", Mood::Permit),
    ("i'm ok with you", Mood::Permit),
    ("i'm okay with you", Mood::Permit),
    ("i approve", Mood::Permit),
    ("you could", Mood::Silent),
    ("can you", Mood::Request),
    ("could you", Mood::Request),
    ("would you", Mood::Request),
    ("will you", Mood::Request),
    ("can we", Mood::Request),
    ("would you mind", Mood::Request),
    ("do you mind", Mood::Request),
    ("i want you to", Mood::Request),
    ("i'd like you to", Mood::Request),
    ("i would like you to", Mood::Request),
    ("i need you to", Mood::Request),
    ("i want to", Mood::Request),
    ("i'd like to", Mood::Request),
    ("i would like to", Mood::Request),
    ("i need to", Mood::Request),
    ("we need to", Mood::Request),
    ("we want to", Mood::Request),
    ("we have to", Mood::Request),
    ("we should", Mood::Request),
    ("let's", Mood::Request),
    ("lets", Mood::Request),
    ("let us", Mood::Request),
    ("you should", Mood::Request),
    ("you need to", Mood::Request),
    ("you must", Mood::Request),
    ("you have to", Mood::Request),
    ("you are to", Mood::Request),
    ("your task is to", Mood::Request),
    ("your job is to", Mood::Request),
    ("your goal is to", Mood::Request),
    ("the task is to", Mood::Request),
    ("the goal is to", Mood::Request),
    ("the plan is to", Mood::Request),
    ("try to", Mood::Request),
    ("try and", Mood::Request),
    ("make sure to", Mood::Request),
    ("make sure you", Mood::Request),
    ("make sure that you", Mood::Request),
    ("be sure to", Mood::Request),
    ("ensure you", Mood::Request),
    ("remember to", Mood::Request),
    ("help me to", Mood::Request),
    ("help me", Mood::Request),
    ("help us", Mood::Request),
    ("it's time to", Mood::Request),
    ("time to", Mood::Request),
    ("i'd appreciate it if you could", Mood::Request),
    ("i'd appreciate if you could", Mood::Request),
    ("i'd love for you to", Mood::Request),
    ("start by", Mood::Request),
    ("begin by", Mood::Request),
    ("proceed to", Mood::Request),
    ("continue to", Mood::Request),
    ("continue", Mood::Request),
    ("do a", Mood::Request),
    ("do", Mood::Request),
];

/// Words before a clause that say nothing about what it is for.
const FILLERS: &[&str] = &[
    "ok",
    "okay",
    "yes",
    "yeah",
    "yep",
    "yup",
    "sure",
    "great",
    "good",
    "perfect",
    "cool",
    "thanks",
    "thank",
    "hi",
    "hey",
    "hello",
    "alright",
    "right",
    "fine",
    "well",
    "so",
    "now",
    "then",
    "next",
    "also",
    "and",
    "but",
    "or",
    "nor",
    "please",
    "pls",
    "plz",
    "simply",
    "kindly",
    "first",
    "second",
    "third",
    "finally",
    "lastly",
    "afterwards",
    "actually",
    "instead",
    "again",
    "quickly",
    "always",
    "carefully",
    "immediately",
    "lgtm",
    "approved",
    "nice",
    "however",
    "otherwise",
    "still",
    "todo",
    "task",
    "today",
    "additionally",
    "furthermore",
    "moreover",
    "meanwhile",
    "directly",
    "locally",
    "therefore",
    "security",
    "even",
    "strictly",
    "temporarily",
    "all",
    "important",
    "claude",
    "copilot",
    "gemini",
    "codex",
    "cursor",
    "everyone",
    "team",
    "folks",
    "there",
    "note",
    "btw",
    "fyi",
];

/// Words between an opening and its verb.
const BETWEEN: &[&str] = &[
    "please",
    "also",
    "just",
    "now",
    "then",
    "ever",
    "yet",
    "actually",
    "directly",
    "even",
    "accidentally",
    "blindly",
    "simply",
    "safely",
    "kindly",
    "always",
    "never",
    "you",
    "to",
    "be",
    "should",
    "must",
    "may",
    "go",
    "ahead",
    "and",
    "quickly",
    "first",
    "again",
    "try",
    "attempt",
    "any",
    "me",
    "us",
    "maybe",
    "immediately",
    "automatically",
    "under",
    "circumstances",
    "i",
    "further",
    "only",
    "by",
    "yourself",
    "help",
    "really",
];

const ASKING: &[&str] = &[
    "what", "why", "how", "who", "where", "which", "is", "are", "was", "were", "did", "does", "has", "have",
    "had", "am", "should", "shall", "isn't", "aren't", "wasn't", "don't we", "whose", "may", "might", "can",
    "could", "would", "will", "whether", "when", "what's", "how's", "why's", "who's",
];

/// Words that put a thing off.
const LATER: &[&[&str]] = &[
    &["later"],
    &["someday"],
    &["eventually"],
    &["tomorrow"],
    &["at", "some", "point"],
    &["in", "the", "future"],
    &["next", "week"],
    &["one", "day"],
    &["next", "time"],
];

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
        } else if token.is("no") && tokens.get(at + 1).is_none_or(|next| next.kind == Kind::Comma) {
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

const PREDICATES: &[&str] = &[
    "is", "are", "was", "were", "has", "fails", "fail", "failed", "failing", "access", "seems", "looks",
    "does", "doesn't", "isn't", "aren't",
];

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

const MODALS: &[&str] = &[
    "should",
    "must",
    "may",
    "can",
    "shall",
    "needs",
    "need",
    "has",
    "have",
    "shouldn't",
    "mustn't",
    "can't",
    "cannot",
    "won't",
    "will",
    "ought",
    "is",
];
