//! One run of the pure review, with what may go wrong around it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use banksman_protocol::{Action, Answer, Decision, Mode, Span};

use super::Guard;
use super::session::Session;
use crate::effects::{Effect, EffectKind, Worst};
use crate::ledger::Approved;
use crate::review::{self, Judgement};
use crate::settings::Settings;
use crate::verdict::Finding;
use crate::world::World;

/// A judgement on its way to a verdict.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) judgement: Judgement,
    /// What a person said, when that decided.
    pub(super) said: Option<Approved>,
}

/// Reviews an action. What breaks on the way asks, or blocks where nobody can be asked.
pub(super) fn make(
    guard: &Guard,
    state: &Session,
    action: &Action,
    settings: &Settings,
    mode: Mode,
) -> Attempt {
    judged(guard, state, action, mode, |mode| {
        let beside = guard.folders_beside(&state.workspace);
        let world = World::new(&guard.disk, &state.trail, &state.workspace, &state.cwd);
        let world = world.with_extra_roots(&beside);
        review::review(action, &world, &state.trail, &state.consent, settings, mode)
    })
}

fn judged(
    guard: &Guard,
    state: &Session,
    action: &Action,
    mode: Mode,
    judge: impl FnOnce(Mode) -> Judgement,
) -> Attempt {
    let mode = if (state.paused || state.is_blind()) && mode == Mode::Auto { Mode::Manual } else { mode };
    let size = size(action);
    if size > guard.action_limit {
        let message = format!(
            "This action is {size} bytes long. More than {} bytes are not reviewed.",
            guard.action_limit
        );
        return failed(
            "action-too-large",
            &message,
            "Do it in smaller steps, or put the text into a file first.",
            mode,
        );
    }
    match catch_unwind(AssertUnwindSafe(|| judge(mode))) {
        Ok(judgement) => Attempt { judgement, said: None },
        Err(_) => failed(
            "guard-failure",
            "The guard failed on this action, so nothing is known of what it would do.",
            "Read the action yourself before you let it run, and report it as a bug.",
            mode,
        ),
    }
}

fn failed(rule: &'static str, message: &str, instead: &str, mode: Mode) -> Attempt {
    let decision = if matches!(mode, Mode::Strict | Mode::Plan) { Decision::Block } else { Decision::Ask };
    let effect =
        Effect::new(EffectKind::Opaque { reason: message.to_owned(), worst: Worst::Runs }, Span::default());
    let finding = Finding::new(rule, decision, &effect, message).instead(instead);
    Attempt { judgement: Judgement { decision, effects: vec![effect], findings: vec![finding] }, said: None }
}

/// How many bytes an action carries.
fn size(action: &Action) -> usize {
    match action {
        Action::Command { command, .. } => command.len(),
        Action::Edit { path, old, new } => path.len() + old.as_ref().map_or(0, String::len) + new.len(),
        Action::Delete { path } | Action::Read { path } => path.len(),
        Action::Fetch { url, body, .. } => url.len() + body.as_ref().map_or(0, String::len),
        Action::Tool { arguments, .. } => serde_json::to_string(arguments).map_or(0, |text| text.len()),
        Action::Delegate { prompt } => prompt.len(),
    }
}

impl Attempt {
    /// Nobody may allow it.
    pub(super) fn is_final(&self) -> bool {
        self.judgement.findings.iter().any(|finding| finding.hard && finding.decision == Decision::Block)
    }

    /// Takes in what a person said about exactly this action.
    pub(super) fn answer(&mut self, approved: Approved) {
        if approved.answer == Answer::No {
            self.judgement.decision = Decision::Block;
        } else if self.is_final() {
            return;
        } else {
            self.judgement.decision = Decision::Allow;
            for finding in self.judgement.findings.iter_mut().filter(|finding| finding.cleared_by.is_none()) {
                finding.cleared_by = Some("you allowed this".to_owned());
            }
        }
        self.said = Some(approved);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::guard::GuardOptions;

    #[test]
    fn a_panic_while_reviewing_asks_or_blocks() {
        let guard = Guard::new(GuardOptions::default());
        let state = Session::new(PathBuf::from("/work"));
        let action = Action::Command { command: "ls".to_owned(), cwd: None };
        for (mode, decision) in [
            (Mode::Auto, Decision::Ask),
            (Mode::Manual, Decision::Ask),
            (Mode::Bypass, Decision::Ask),
            (Mode::Strict, Decision::Block),
            (Mode::Plan, Decision::Block),
        ] {
            let attempt = judged(&guard, &state, &action, mode, |_| panic!("a bug in a rule"));
            assert_eq!(attempt.judgement.decision, decision, "in mode {mode}");
            let rules: Vec<&str> = attempt.judgement.findings.iter().map(|finding| finding.rule).collect();
            assert_eq!(rules, ["guard-failure"], "in mode {mode}");
            assert!(!attempt.judgement.effects.iter().all(Effect::is_read_only), "in mode {mode}");
        }
    }
}
