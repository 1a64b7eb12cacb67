//! Verbs and phrases, and the operations that they ask for.

mod table;

use super::Operation;
use super::sentence::Token;
use table::{IRREGULAR, NOUNS, VERBS};

/// A verb found in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// What it asks for; empty for verbs that only look, or say nothing.
    pub operations: &'static [Operation],
    /// The verb in its plain form.
    pub verb: &'static str,
    /// How many tokens it takes.
    pub length: usize,
    /// The form it has.
    pub form: Form,
    /// The token at which a particle stands that belongs to it, as in "blow it away".
    pub particle: Option<usize>,
}

/// The form of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// "push".
    Base,
    /// "pushing".
    Ing,
    /// "pushed".
    Past,
    /// "pushes".
    Third,
}

/// The longest phrase of the table that begins at `at`.
pub(super) fn at(tokens: &[Token], at: usize) -> Option<Hit> {
    let first = tokens.get(at).filter(|token| token.is_word())?;
    let mut best: Option<Hit> = None;
    for (phrase, operations) in VERBS {
        let mut parts = phrase.split(' ');
        let Some(verb) = parts.next() else { continue };
        let Some(form) = form_of(verb, &first.low) else { continue };
        let Some((length, particle)) = follow(tokens, at + 1, parts) else { continue };
        let weight = |hit: &Hit| hit.length + usize::from(hit.particle.is_some());
        let hit = Hit { operations, verb: phrase, length: length + 1, form, particle };
        if best.as_ref().is_none_or(|known| weight(&hit) > weight(known)) {
            best = Some(hit);
        }
    }
    best
}

/// The first verb of these words, in whatever form.
pub(super) fn first_in(tokens: &[Token]) -> Option<(usize, Hit)> {
    (0..tokens.len()).find_map(|place| at(tokens, place).map(|hit| (place, hit)))
}

/// The rest of a phrase: words that follow at once, or after `..` within a few words.
fn follow<'a>(
    tokens: &[Token],
    from: usize,
    parts: impl Iterator<Item = &'a str>,
) -> Option<(usize, Option<usize>)> {
    let mut at = from;
    let mut gap = false;
    let mut length = 0;
    for part in parts {
        if part == ".." {
            gap = true;
            continue;
        }
        if gap {
            let found = (at..at + 7).find(|place| tokens.get(*place).is_some_and(|token| token.is(part)))?;
            return (found > at).then_some((length, Some(found)));
        }
        if !tokens.get(at).is_some_and(|token| token.is(part)) {
            return None;
        }
        at += 1;
        length += 1;
    }
    Some((length, None))
}

fn form_of(verb: &str, word: &str) -> Option<Form> {
    if verb == word {
        return Some(Form::Base);
    }
    let shared = verb.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    if let Some((_, past)) = IRREGULAR.iter().find(|(base, _)| *base == verb)
        && past.contains(&word)
    {
        return Some(Form::Past);
    }
    let bare = verb.strip_suffix('e');
    if shared + 1 < verb.len() || shared == 0 {
        return None;
    }
    let ending = |base: &str, ending: &str| word.strip_prefix(base).is_some_and(|rest| rest == ending);
    let double = verb.chars().next_back().map(|last| format!("{verb}{last}")).unwrap_or_default();
    if ending(verb, "ing") || bare.is_some_and(|bare| ending(bare, "ing")) || ending(&double, "ing") {
        return Some(Form::Ing);
    }
    let soft = verb.strip_suffix('y');
    if ending(verb, "ed")
        || bare.is_some_and(|bare| ending(bare, "ed"))
        || ending(&double, "ed")
        || soft.is_some_and(|soft| ending(soft, "ied"))
    {
        return Some(Form::Past);
    }
    (ending(verb, "s") || ending(verb, "es") || soft.is_some_and(|soft| ending(soft, "ies")))
        .then_some(Form::Third)
}

/// What a noun forbids or allows: "no pushes", "leave the tag to me".
pub(super) fn noun(word: &str) -> Option<&'static [Operation]> {
    let word = super::names::stem(word);
    NOUNS.iter().find(|(noun, _)| *noun == word).map(|(_, operations)| *operations)
}
