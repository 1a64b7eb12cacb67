//! What a verdict and a session rest on, for people.

use banksman_protocol::{Action, ConsentView, Explanation, Mode, OriginKind, SessionState, Verdict};

use super::session::Session;
use crate::consent::{Boundary, BoundaryForce, Consent, Grant, Operation, Target};
use crate::redact::redact;
use crate::trail::{MentionKind, Provenance, Trail};

/// How many verdicts a session shows.
pub(super) const RECENT: usize = 50;

/// Everything a verdict rests on.
pub(super) fn explain(verdict: &Verdict, action: &Action, state: &Session) -> Explanation {
    Explanation {
        verdict: verdict.clone(),
        action: action.clone(),
        effects: verdict.effects.clone(),
        findings: verdict.findings.clone(),
        grants: grants(&state.consent),
        boundaries: boundaries(&state.consent),
        provenance: provenance(verdict, &state.trail),
    }
}

/// The state of one session.
pub(super) fn state(name: &str, state: &Session, mode: Mode) -> SessionState {
    let mut recent: Vec<_> =
        state.calls().rev().take(RECENT).map(|call| call.reviewed.shown().clone()).collect();
    recent.reverse();
    SessionState {
        session: name.to_owned(),
        mode,
        paused: state.paused,
        grants: grants(&state.consent),
        boundaries: boundaries(&state.consent),
        allowed: state.allowed,
        asked: state.asked,
        blocked: state.blocked,
        recent,
    }
}

/// Where the targets of the effects were first seen.
fn provenance(verdict: &Verdict, trail: &Trail) -> Vec<banksman_protocol::Provenance> {
    let mut found: Vec<banksman_protocol::Provenance> = Vec::new();
    for target in verdict.effects.iter().map(|effect| &effect.target).filter(|target| !target.is_empty()) {
        if found.iter().any(|known| known.what == *target) {
            continue;
        }
        let kinds = [
            MentionKind::Url,
            MentionKind::Host,
            MentionKind::Path,
            MentionKind::Package,
            MentionKind::Recipient,
        ];
        let origin = kinds.into_iter().find_map(|kind| origin(&trail.named_by(kind, target)));
        if let Some(origin) = origin {
            found.push(banksman_protocol::Provenance { what: target.clone(), origin });
        }
    }
    found
}

fn origin(provenance: &Provenance) -> Option<String> {
    match provenance {
        Provenance::User(turn) => Some(format!("your words, turn {turn}")),
        Provenance::Content { origin, injected } => {
            let kind = match origin.kind {
                OriginKind::File => "the file",
                OriginKind::Web => "the page",
                OriginKind::Command => "the output of",
                OriginKind::Tool => "the result of",
            };
            let note = if *injected { ", which tries to instruct the agent" } else { "" };
            Some(format!("{kind} `{}`{note}", origin.name))
        }
        Provenance::Forgotten | Provenance::Nobody => None,
    }
}

fn grants(consent: &Consent) -> Vec<ConsentView> {
    consent.grants.iter().map(grant).collect()
}

fn boundaries(consent: &Consent) -> Vec<ConsentView> {
    consent.boundaries.iter().map(boundary).collect()
}

fn grant(grant: &Grant) -> ConsentView {
    let meaning = format!("{}{}", words(grant.operation), on(&grant.target));
    ConsentView { meaning, quote: redact(&grant.quote).into_owned(), turn: grant.turn }
}

fn boundary(boundary: &Boundary) -> ConsentView {
    let what = match boundary.operations.as_slice() {
        [] => "change anything".to_owned(),
        operations => operations.iter().map(|operation| words(*operation)).collect::<Vec<_>>().join(" or "),
    };
    let target = on(&boundary.target);
    let meaning = match boundary.force {
        BoundaryForce::Never => format!("never {what}{target}"),
        BoundaryForce::AskFirst => format!("ask before: {what}{target}"),
        BoundaryForce::Only => format!("{what} only{target}"),
    };
    ConsentView { meaning, quote: redact(&boundary.quote).into_owned(), turn: boundary.turn }
}

fn on(target: &Target) -> String {
    match target {
        Target::Any => String::new(),
        Target::Named(names) => format!(": {}", names.join(", ")),
    }
}

/// The operation in small letters, as `force push`.
fn words(operation: Operation) -> String {
    let mut out = String::new();
    for c in format!("{operation:?}").chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
