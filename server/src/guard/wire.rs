//! From a judgement to the verdict that people and agents get.

use banksman_protocol::{Answer, Decision, EffectView, Finding, Mode, Place, Verdict};

use super::attempt::Attempt;
use super::session::Session;
use crate::effects;
use crate::redact::{Redacted, escape_controls, redact};
use crate::verdict;

/// What is said of an action that a person let go on.
pub(super) const ALLOWED: &str = "You allowed this.";

/// The verdict on the wire, without secrets and without characters that cannot be seen.
pub(super) fn verdict(id: String, digest: String, attempt: &Attempt, state: &Session, mode: Mode) -> Verdict {
    let judgement = &attempt.judgement;
    let mut grants: Vec<String> = Vec::new();
    for quote in judgement.findings.iter().filter_map(|finding| finding.cleared_by.as_deref()) {
        let quote = clean(quote);
        if !grants.contains(&quote) {
            grants.push(quote);
        }
    }
    let effects = effects::views(&judgement.effects).into_iter();
    Verdict {
        id,
        decision: judgement.decision,
        digest,
        summary: summary(attempt, state, mode),
        findings: judgement.findings.iter().map(finding).collect(),
        effects: effects
            .map(|view| EffectView { target: clean(&view.target), summary: clean(&view.summary), ..view })
            .collect(),
        grants,
        elapsed_micros: 0,
    }
}

fn finding(finding: &verdict::Finding) -> Finding {
    Finding {
        rule: finding.rule.to_owned(),
        decision: finding.decision,
        hard: finding.hard,
        message: clean(&finding.message),
        span: finding.span,
        place: finding
            .inside
            .as_ref()
            .map(|inside| Place { path: effects::shown(&inside.path), line: inside.line }),
        clears: clean(&finding.clears),
        instead: clean(&finding.instead),
        cleared_by: finding.cleared_by.as_deref().map(clean),
    }
}

fn clean(text: &str) -> String {
    escape_controls(&redact(text)).into_owned()
}

/// The verdict with its spans counting in the redacted text of the action.
pub(super) fn shifted(verdict: &Verdict, text: &Redacted) -> Verdict {
    let mut verdict = verdict.clone();
    // The evidence in a file that is run does not count in the text of the action.
    verdict.findings.iter_mut().for_each(|finding| finding.span = text.span(finding.span));
    verdict.effects.iter_mut().for_each(|effect| effect.span = text.span(effect.span));
    verdict
}

/// Why nobody may allow what was blocked, when nobody may.
pub(super) fn final_reason(verdict: &Verdict) -> Option<String> {
    let hard = verdict.findings.iter().find(|finding| finding.hard && finding.decision == Decision::Block)?;
    Some(format!("This cannot be allowed from here. {}", hard.message))
}

/// The verdict in one line.
fn summary(attempt: &Attempt, state: &Session, mode: Mode) -> String {
    let judgement = &attempt.judgement;
    let mut line = match &attempt.said {
        Some(said) if said.answer == Answer::No => verdict::refused(said.note.as_deref()),
        Some(_) => ALLOWED.to_owned(),
        None => reason(attempt, state, mode),
    };
    if state.paused && mode == Mode::Auto && judgement.decision != Decision::Allow {
        line.push_str(
            " Many actions were blocked, so whatever changes something is asked about until you answer.",
        );
    }
    clean(&line).replace('\n', " ")
}

fn reason(attempt: &Attempt, state: &Session, mode: Mode) -> String {
    let judgement = &attempt.judgement;
    let strictest = judgement.findings.iter().find(|finding| finding.weight() > Decision::Allow);
    match (judgement.decision, strictest) {
        (Decision::Allow, _) => verdict::allowed(&judgement.findings, &judgement.effects),
        (_, Some(finding)) => finding.message.clone(),
        (_, None) if mode == Mode::Plan => "Mode `plan` lets only read-only actions through.".to_owned(),
        (_, None) if mode == Mode::Auto && state.is_blind() => {
            "What was said before in this session cannot be read, so a person decides.".to_owned()
        }
        (_, None) if mode == Mode::Auto => "This session is paused, so a person decides.".to_owned(),
        (_, None) => format!("Mode `{mode}` asks before anything that is not read-only."),
    }
}
