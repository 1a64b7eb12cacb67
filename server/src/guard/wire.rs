//! From a judgement to the verdict that people and agents get.

use std::time::Duration;

use banksman_protocol::{Answer, Decision, Finding, Mode, Place, Verdict};

use super::attempt::Attempt;
use crate::effects;
use crate::verdict;

/// The verdict on the wire.
pub(super) fn verdict(
    id: String,
    digest: String,
    attempt: &Attempt,
    mode: Mode,
    paused: bool,
    elapsed: Duration,
) -> Verdict {
    let judgement = &attempt.judgement;
    let mut grants: Vec<String> = Vec::new();
    for quote in judgement.findings.iter().filter_map(|finding| finding.cleared_by.as_ref()) {
        if !grants.contains(quote) {
            grants.push(quote.clone());
        }
    }
    Verdict {
        id,
        decision: judgement.decision,
        digest,
        summary: summary(attempt, mode, paused),
        findings: judgement.findings.iter().map(finding).collect(),
        effects: effects::views(&judgement.effects),
        grants,
        elapsed_micros: u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
    }
}

/// A finding as the wire shows it.
pub(super) fn finding(finding: &verdict::Finding) -> Finding {
    Finding {
        rule: finding.rule.to_owned(),
        decision: finding.decision,
        hard: finding.hard,
        message: finding.message.clone(),
        span: finding.span,
        place: finding
            .inside
            .as_ref()
            .map(|inside| Place { path: effects::shown(&inside.path), line: inside.line }),
        clears: finding.clears.clone(),
        instead: finding.instead.clone(),
        cleared_by: finding.cleared_by.clone(),
    }
}

/// The verdict in one line.
fn summary(attempt: &Attempt, mode: Mode, paused: bool) -> String {
    let judgement = &attempt.judgement;
    let mut line = match &attempt.said {
        Some(said) if said.answer == Answer::No => match &said.note {
            Some(note) => format!("You said no: {note}"),
            None => "You said no to this.".to_owned(),
        },
        Some(_) => "You allowed this.".to_owned(),
        None => reason(attempt, mode),
    };
    if paused && judgement.decision != Decision::Allow {
        line.push_str(" Too many actions were blocked, so everything that changes something is asked about until you answer.");
    }
    line
}

fn reason(attempt: &Attempt, mode: Mode) -> String {
    let judgement = &attempt.judgement;
    let first = judgement.findings.iter().find(|finding| finding.weight() == judgement.decision);
    match (judgement.decision, first) {
        (Decision::Allow, _) => {
            match judgement.findings.iter().find_map(|finding| finding.cleared_by.as_ref()) {
                Some(quote) => format!("Allowed: you said \u{201c}{quote}\u{201d}."),
                None => "Allowed.".to_owned(),
            }
        }
        (_, Some(finding)) => finding.message.clone(),
        (_, None) => {
            match (mode, judgement.findings.iter().find(|finding| finding.weight() > Decision::Allow)) {
                (Mode::Strict, Some(finding)) => finding.message.clone(),
                (Mode::Plan, _) => "Mode `plan` lets only read-only actions through.".to_owned(),
                _ => "Mode `manual` asks before anything that is not read-only.".to_owned(),
            }
        }
    }
}
