//! Findings and how they come together: the strictest wins.

use banksman_protocol::{Decision, Span};

use crate::consent::Need;
use crate::effects::{self, Effect, Inside};
use crate::redact::redact;

/// What one rule says about one effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// What the rule asks for.
    pub decision: Decision,
    /// Nothing said in the conversation clears it.
    pub hard: bool,
    /// What would happen and why it matters: one or two sentences, calm and short.
    pub message: String,
    /// The evidence in the text of the action.
    pub span: Span,
    /// The evidence in a file that the action runs.
    pub inside: Option<Inside>,
    /// What the user must have named; `None` when words in the conversation do not clear it.
    pub need: Option<Need>,
    /// What would clear it, in words.
    pub clears: String,
    /// A safer way.
    pub instead: String,
    /// The user's words that cleared it.
    pub cleared_by: Option<String>,
}

impl Finding {
    /// A finding about `effect`.
    #[must_use]
    pub fn new(rule: &'static str, decision: Decision, effect: &Effect, message: impl Into<String>) -> Self {
        Self {
            rule,
            decision,
            hard: false,
            message: message.into(),
            span: effect.span,
            inside: effect.inside.clone(),
            need: None,
            clears: String::new(),
            instead: String::new(),
            cleared_by: None,
        }
    }

    /// Nothing said in the conversation clears it.
    #[must_use]
    pub fn hard(mut self) -> Self {
        self.hard = true;
        self.need = None;
        self.clears = "Nothing said in the conversation.".to_owned();
        self
    }

    /// What the user must have named to clear it, and that in words.
    #[must_use]
    pub fn unless(mut self, need: Need, clears: impl Into<String>) -> Self {
        self.need = Some(need);
        self.clears = clears.into();
        self
    }

    /// A safer way.
    #[must_use]
    pub fn instead(mut self, instead: impl Into<String>) -> Self {
        self.instead = instead.into();
        self
    }

    /// What counts for the verdict: nothing, once it is cleared.
    #[must_use]
    pub fn weight(&self) -> Decision {
        if self.cleared_by.is_some() { Decision::Allow } else { self.decision }
    }
}

/// The strictest of all.
#[must_use]
pub fn strictest(findings: &[Finding]) -> Decision {
    findings.iter().map(Finding::weight).max().unwrap_or(Decision::Allow)
}

/// Why an action flows, in one line: the user's words that cleared it, or what it does.
#[must_use]
pub fn allowed(findings: &[Finding], effects: &[Effect]) -> String {
    let does = does(effects);
    match findings.iter().find_map(|finding| finding.cleared_by.as_ref()) {
        Some(quote) => format!("Allowed by \u{201c}{quote}\u{201d}: {does}."),
        None => format!("Allowed: {does}."),
    }
}

/// Why an action does not run that a person has refused, in one line.
#[must_use]
pub fn refused(note: Option<&str>) -> String {
    let note = note.map(|note| note.trim().trim_end_matches('.')).filter(|note| !note.is_empty());
    let said = note.map_or_else(String::new, |note| format!(": {}", redact(note)));
    format!("The user said no{said}. It is not asked about again before they have said more.")
}

/// The weightiest thing that an action does, in words.
fn does(effects: &[Effect]) -> String {
    let weightiest = effects.iter().rev().max_by_key(|effect| effects::reversibility(effect));
    weightiest.map_or_else(|| "nothing".to_owned(), |effect| effects::view(effect).summary)
}
