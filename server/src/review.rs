//! The whole guard, in the order it happens.

use banksman_protocol::{Action, Decision, Mode};

use crate::consent::Consent;
use crate::effects::{self, Effect};
use crate::rules::{self, Context};
use crate::settings::Settings;
use crate::trail::Trail;
use crate::verdict::{self, Finding};
use crate::world::World;

/// What a review says: everything that a verdict on the wire is made of, without id and time.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// What is to happen.
    pub decision: Decision,
    /// What the action would do.
    pub effects: Vec<Effect>,
    /// What the rules say: strictest first, cleared ones last.
    pub findings: Vec<Finding>,
}

/// Reviews one action.
#[must_use]
pub fn review(
    action: &Action,
    world: &World<'_>,
    trail: &Trail,
    consent: &Consent,
    settings: &Settings,
    mode: Mode,
) -> Judgement {
    judge(action, effects::of(action, world), world, trail, consent, settings, mode)
}

/// What is said about an action with these effects.
#[must_use]
pub fn judge(
    action: &Action,
    effects: Vec<Effect>,
    world: &World<'_>,
    trail: &Trail,
    consent: &Consent,
    settings: &Settings,
    mode: Mode,
) -> Judgement {
    let context = Context { action, effects: &effects, world, trail, consent, settings };
    let mut findings = rules::check(&context);
    settings.apply(&context, &mut findings);
    clear(&mut findings, action, consent);
    let decision = in_mode(mode, &effects, &mut findings);
    findings.sort_by(|a, b| {
        (b.weight(), b.decision, b.hard, a.span, a.rule).cmp(&(
            a.weight(),
            a.decision,
            a.hard,
            b.span,
            b.rule,
        ))
    });
    findings.dedup_by(|a, b| a.rule == b.rule && a.message == b.message && a.span == b.span);
    Judgement { decision, effects, findings }
}

/// Clears what the user's own words cover, or the very command they asked for.
fn clear(findings: &mut [Finding], action: &Action, consent: &Consent) {
    let asked = match action {
        Action::Command { command, .. } => consent.asked_to_run(command),
        _ => None,
    };
    for finding in findings.iter_mut().filter(|finding| !finding.hard) {
        let Some(need) = &finding.need else { continue };
        let words = consent.covers(need).map(|grant| grant.quote.as_str()).or(asked);
        if let Some(words) = words {
            finding.cleared_by = Some(words.to_owned());
        }
    }
}

/// What a mode makes of the strictest finding.
fn in_mode(mode: Mode, effects: &[Effect], findings: &mut [Finding]) -> Decision {
    let strictest = verdict::strictest(findings);
    let read_only = effects.iter().all(Effect::is_read_only);
    match mode {
        Mode::Auto => strictest,
        Mode::Manual if read_only => strictest,
        Mode::Manual => strictest.max(Decision::Ask),
        Mode::Strict if strictest == Decision::Ask => Decision::Block,
        Mode::Strict => strictest,
        Mode::Bypass
            if findings.iter().any(|finding| finding.hard && finding.decision == Decision::Block) =>
        {
            Decision::Block
        }
        Mode::Bypass => Decision::Allow,
        Mode::Plan if read_only => strictest,
        Mode::Plan => Decision::Block,
    }
}
