//! What a clause is in its sentence: a permission, a condition, somebody else's words.

use super::super::sentence::{Clause, Sentence};

pub(super) fn after_want(clause: &Clause) -> Clause {
    let at = clause.tokens.iter().position(|token| token.is("to")).map_or(0, |at| at + 1);
    Clause { tokens: clause.tokens.get(at..).unwrap_or_default().to_vec(), ..Clause::default() }
}

pub(super) fn is_permission(clause: &Clause) -> bool {
    clause.tokens.iter().any(|token| {
        matches!(
            token.low.as_str(),
            "permission"
                | "approval"
                | "ok"
                | "okay"
                | "consent"
                | "asking"
                | "confirmation"
                | "confirming"
                | "checking"
                | "go-ahead"
                | "sign-off"
        )
    })
}

/// The clause waits for something that the user says or does.
pub(super) fn gate(sentence: &Sentence) -> bool {
    sentence.clauses.iter().any(|clause| {
        let waits =
            matches!(clause.under.as_deref(), Some("once" | "when" | "after" | "until" | "unless" | "if"));
        let mine = clause
            .tokens
            .first()
            .is_some_and(|token| matches!(token.low.as_str(), "i" | "i've" | "i'm" | "we"));
        let says = clause.tokens.iter().any(|token| {
            [
                "approv", "review", "say", "said", "confirm", "tell", "told", "ok", "check", "happy", "give",
                "given", "sign", "ask", "look", "agree",
            ]
            .iter()
            .any(|word| token.low.starts_with(word))
        });
        waits && mine && says
    })
}

pub(super) fn is_condition(clause: &Clause) -> bool {
    matches!(
        clause.under.as_deref(),
        Some("if" | "when" | "once" | "after" | "unless" | "assuming" | "until")
    )
}

pub(super) fn words_of(clause: &Clause) -> String {
    let words: Vec<&str> = clause
        .under
        .iter()
        .map(String::as_str)
        .chain(clause.tokens.iter().map(|token| token.raw.as_str()))
        .collect();
    words.join(" ")
}

/// Somebody is said to say what follows.
pub(super) fn reports(clause: &Clause) -> bool {
    clause.tokens.iter().any(|token| {
        matches!(
            token.low.as_str(),
            "says"
                | "said"
                | "wrote"
                | "told"
                | "asked"
                | "claims"
                | "reads"
                | "suggests"
                | "states"
                | "asks"
                | "writes"
                | "replied"
                | "commented"
                | "reported"
                | "recommends"
                | "mentioned"
                | "output"
                | "error"
                | "message"
                | "title"
                | "description"
                | "comment"
                | "issue"
        )
    }) && !clause.tokens.iter().any(|token| {
        token.is("fix")
            || token.is("do")
            || token.is("following")
            || token.is("post")
            || token.is("send")
            || token.is("write")
    })
}
