//! Words that take back what was asked before: "never mind", "stop", "not yet".

use super::super::sentence::Token;
use super::super::verbs::{self, Form};
use super::super::{Consent, Operation};

/// What a prompt says as a whole when it takes back the request before it.
const TAKEN_BACK: &[&str] = &[
    "never mind",
    "nevermind",
    "nvm",
    "forget it",
    "forget that",
    "forget about it",
    "forget about that",
    "scratch that",
    "cancel",
    "cancel it",
    "cancel that",
    "abort",
    "abort that",
    "stop",
    "stop it",
    "stop that",
    "stop there",
    "stop right there",
    "hold",
    "hold on",
    "hold off",
    "hang on",
    "wait",
    "wait a moment",
    "wait a minute",
    "wait a second",
    "wait a sec",
    "don't",
    "do not",
    "dont",
    "don't do it",
    "don't do that",
    "don't do this",
    "do not do that",
    "do not do it",
    "not now",
    "not yet",
    "not today",
    "not like that",
    "leave it",
    "leave it for now",
    "leave that",
    "skip it",
    "skip that",
    "i changed my mind",
    "i've changed my mind",
    "on second thought",
    "on second thoughts",
    "stopp",
    "halt",
    "abbrechen",
    "warte",
    "doch nicht",
    "lieber nicht",
    "noch nicht",
    "nicht jetzt",
    "vergiss es",
    "nein",
    "arrête",
    "attends",
    "laisse tomber",
    "pas maintenant",
    "para",
    "espera",
    "olvídalo",
    "todavía no",
    "ahora no",
];

/// Words behind it that change nothing.
const BEHIND: &[&str] = &["please", "bitte", "now", "then", "ok", "okay", "sorry", "thanks", "no"];

/// Words before it that change nothing.
const BEFORE: &[&str] = &[
    "no", "nope", "wait", "stop", "oh", "ah", "hm", "hmm", "sorry", "ok", "okay", "please", "actually", "so",
    "then", "well", "uh", "oops", "bitte", "ach", "nein", "now", "just",
];

/// Words of other languages that say no.
const NO: &[&str] = &[
    "nicht", "kein", "keine", "keinen", "ohne", "warte", "pas", "jamais", "sans", "nunca", "sin", "niet",
    "geen", "não",
];

/// What is asked for by words that begin so in several languages.
const DEEDS: &[(&str, &[Operation])] = &[
    ("push", &[Operation::Push, Operation::ForcePush]),
    ("pouss", &[Operation::Push, Operation::ForcePush]),
    ("deploy", &[Operation::Deploy]),
    ("déploy", &[Operation::Deploy]),
    ("despleg", &[Operation::Deploy]),
    ("merge", &[Operation::Merge]),
    ("release", &[Operation::Release, Operation::Tag]),
    ("veröffentlich", &[Operation::Publish, Operation::Release]),
    ("publi", &[Operation::Publish, Operation::Release]),
    ("lösch", &[Operation::Delete, Operation::DeleteRef]),
    ("supprim", &[Operation::Delete, Operation::DeleteRef]),
    ("borr", &[Operation::Delete, Operation::DeleteRef]),
];

/// Takes back the grants that the text withdraws. True when it says nothing else.
pub(super) fn hear(consent: &mut Consent, text: &str) -> bool {
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || ".,;:!?–—-…".contains(c))
        .map(|word| word.to_lowercase().replace('’', "'"))
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > 8 {
        return false;
    }
    if takes_back(&words) {
        if let Some(turn) = consent.grants.iter().map(|grant| grant.turn).max() {
            consent.grants.retain(|grant| grant.turn < turn);
        }
        consent.asked_commands.clear();
        return true;
    }
    if words.iter().any(|word| NO.contains(&word.as_str())) {
        let named = DEEDS.iter().filter(|(stem, _)| words.iter().any(|word| word.starts_with(stem)));
        let operations: Vec<Operation> =
            named.flat_map(|(_, operations)| operations.iter().copied()).collect();
        consent.grants.retain(|grant| !operations.contains(&grant.operation));
    }
    false
}

fn takes_back(words: &[String]) -> bool {
    let is = |words: &[String]| TAKEN_BACK.contains(&words.join(" ").as_str());
    (0..words.len()).any(|from| {
        words.iter().take(from).all(|word| BEFORE.contains(&word.as_str()))
            && (from + 1..=words.len()).any(|to| {
                words.iter().skip(to).all(|word| BEHIND.contains(&word.as_str()))
                    && words.get(from..to).is_some_and(is)
            })
    })
}

/// "no need to push": what was asked for need not be done any more.
pub(super) fn spared(consent: &mut Consent, tokens: &[Token]) {
    let said = tokens.iter().take(6).map(|token| token.low.as_str()).collect::<Vec<_>>().join(" ");
    let spares = ["no need to", "you don't need to", "you don't have to", "don't bother", "no longer"];
    if !spares.iter().any(|opening| said.contains(opening)) {
        return;
    }
    if let Some((_, hit)) =
        verbs::first_in(tokens).filter(|(_, hit)| matches!(hit.form, Form::Base | Form::Ing))
    {
        let kept = [Operation::Edit, Operation::Create, Operation::Read, Operation::Run, Operation::Fetch];
        consent
            .grants
            .retain(|grant| kept.contains(&grant.operation) || !hit.operations.contains(&grant.operation));
    }
}
