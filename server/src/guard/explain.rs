//! What a verdict and a session rest on, for people.

use banksman_protocol::{ConsentView, Explanation, Mode, SessionState};

use super::Reviewed;
use super::session::Session;
use crate::consent::{Boundary, Consent, Grant};

/// How many verdicts a session shows.
const RECENT: usize = 50;

/// Everything a verdict rests on.
pub(super) fn explain(reviewed: &Reviewed, state: &Session) -> Explanation {
    Explanation {
        verdict: reviewed.verdict.clone(),
        action: reviewed.action.clone(),
        effects: reviewed.verdict.effects.clone(),
        findings: reviewed.verdict.findings.clone(),
        grants: grants(&state.consent),
        boundaries: boundaries(&state.consent),
        provenance: Vec::new(),
    }
}

/// The state of one session.
pub(super) fn state(name: &str, state: &Session, mode: Mode) -> SessionState {
    let mut recent: Vec<_> =
        state.calls().rev().take(RECENT).map(|call| call.reviewed.verdict.clone()).collect();
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

fn grants(consent: &Consent) -> Vec<ConsentView> {
    consent.grants.iter().map(grant).collect()
}

fn boundaries(consent: &Consent) -> Vec<ConsentView> {
    consent.boundaries.iter().map(boundary).collect()
}

fn grant(grant: &Grant) -> ConsentView {
    ConsentView { meaning: format!("{:?}", grant.operation), quote: grant.quote.clone(), turn: grant.turn }
}

fn boundary(boundary: &Boundary) -> ConsentView {
    ConsentView {
        meaning: format!("{:?}", boundary.force),
        quote: boundary.quote.clone(),
        turn: boundary.turn,
    }
}
