//! One agent conversation.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use banksman_protocol::{Action, Answer, Decision, Mode};

use super::Reviewed;
use crate::consent::Consent;
use crate::settings::Settings;
use crate::trail::{Seen, Trail};
use crate::world::normalise;

/// How many actions of a session are kept in memory.
const KEPT: usize = 256;

/// One agent conversation.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) workspace: PathBuf,
    pub(super) cwd: PathBuf,
    pub(super) trail: Trail,
    pub(super) consent: Consent,
    pub(super) mode: Option<Mode>,
    pub(super) paused: bool,
    pub(super) allowed: u64,
    pub(super) asked: u64,
    pub(super) blocked: u64,
    /// Blocks since the last action that was allowed, and since the user last answered.
    row: u32,
    total: u32,
    calls: VecDeque<Call>,
    approvals: BTreeMap<String, Approval>,
}

/// One action of a session.
#[derive(Debug)]
pub(super) struct Call {
    /// The agent's own name for it.
    pub(super) id: Option<String>,
    pub(super) digest: String,
    pub(super) reviewed: Reviewed,
    /// It is known, or taken to be known, whether it was carried out.
    pub(super) settled: bool,
}

/// What a person said about one digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Approval {
    pub(super) answer: Answer,
    pub(super) note: Option<String>,
}

impl Session {
    pub(super) fn new(workspace: PathBuf) -> Self {
        Self {
            cwd: workspace.clone(),
            workspace,
            trail: Trail::default(),
            consent: Consent::default(),
            mode: None,
            paused: false,
            allowed: 0,
            asked: 0,
            blocked: 0,
            row: 0,
            total: 0,
            calls: VecDeque::new(),
            approvals: BTreeMap::new(),
        }
    }

    pub(super) fn move_to(&mut self, workspace: Option<&Path>, cwd: Option<&Path>) {
        if let Some(workspace) = workspace {
            let workspace = normalise(&self.workspace.join(workspace));
            if workspace != self.workspace {
                self.cwd.clone_from(&workspace);
                self.workspace = workspace;
            }
        }
        if let Some(cwd) = cwd {
            self.cwd = normalise(&self.workspace.join(cwd));
        }
    }

    /// The directory an action would run in.
    pub(super) fn directory(&self, action: &Action) -> PathBuf {
        match action {
            Action::Command { cwd: Some(cwd), .. } => normalise(&self.cwd.join(cwd)),
            _ => self.cwd.clone(),
        }
    }

    pub(super) fn hear(&mut self, text: &str) {
        self.consent.hear(text);
        let turn = self.consent.prompts.len();
        self.trail.mentions.add_text(text, &Seen::Prompt(turn));
        self.lift();
    }

    /// The user has answered: what was counted against the agent is settled.
    pub(super) fn lift(&mut self) {
        self.paused = false;
        self.row = 0;
        self.total = 0;
    }

    /// Counts a decision. True when the session is paused.
    pub(super) fn count(&mut self, decision: Decision, mode: Mode, settings: &Settings) -> bool {
        match decision {
            Decision::Allow => {
                self.allowed += 1;
                self.row = 0;
            }
            Decision::Ask => self.asked += 1,
            Decision::Block => {
                self.blocked += 1;
                self.row += 1;
                self.total += 1;
            }
        }
        if mode == Mode::Auto && settings.pauses_after(self.row, self.total) {
            self.paused = true;
        }
        self.paused
    }

    /// The verdict that the same call already has.
    pub(super) fn known(&self, id: Option<&str>, digest: &str) -> Option<Reviewed> {
        let id = id?;
        let call = self.calls.iter().rev().find(|call| call.id.as_deref() == Some(id))?;
        (call.digest == digest && !self.approvals.contains_key(digest)).then(|| call.reviewed.clone())
    }

    /// What a person said about this digest. What was said for once is used up.
    pub(super) fn answered(&mut self, digest: &str, is_final: bool) -> Option<Approval> {
        let approval = self.approvals.get(digest)?.clone();
        if approval.answer == Answer::Once && !is_final {
            self.approvals.remove(digest);
        }
        Some(approval)
    }

    pub(super) fn approve(&mut self, digest: String, approval: Approval) {
        self.approvals.insert(digest, approval);
    }

    /// Keeps an action. Returns the verdicts that are forgotten for it.
    pub(super) fn remember(&mut self, call: Call) -> Vec<String> {
        self.calls.push_back(call);
        let over = self.calls.len().saturating_sub(KEPT);
        self.calls.drain(..over).map(|call| call.reviewed.verdict.id).collect()
    }

    pub(super) fn call(&self, verdict: &str) -> Option<&Call> {
        self.calls.iter().rev().find(|call| call.reviewed.verdict.id == verdict)
    }

    pub(super) fn calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }

    pub(super) fn verdicts(&self) -> Vec<String> {
        self.calls.iter().map(|call| call.reviewed.verdict.id.clone()).collect()
    }

    /// The digest of a verdict, and why nobody may allow it when nobody may.
    pub(super) fn stopped(&self, verdict: &str) -> Option<(String, Option<String>)> {
        let call = self.call(verdict)?;
        let hard = call
            .reviewed
            .verdict
            .findings
            .iter()
            .find(|finding| finding.hard && finding.decision == Decision::Block);
        Some((
            call.digest.clone(),
            hard.map(|finding| format!("This cannot be allowed from here. {}", finding.message)),
        ))
    }

    /// What was allowed and of which nothing was heard is taken to have been carried out.
    pub(super) fn presume(&mut self, simulated: bool) {
        for call in self.calls.iter_mut().filter(|call| !call.settled) {
            if call.reviewed.judgement.decision == Decision::Allow {
                call.settled = true;
                self.trail.record(&call.reviewed.judgement.effects, simulated);
            }
        }
    }

    /// It is known what became of a call. Returns the action, when it was carried out.
    pub(super) fn settle(&mut self, id: &str, ok: bool, simulated: bool) -> Option<Action> {
        let call = self.calls.iter_mut().rev().find(|call| call.id.as_deref() == Some(id))?;
        if !call.settled {
            call.settled = true;
            if ok {
                self.trail.record(&call.reviewed.judgement.effects, simulated);
            }
        }
        if self.approvals.get(&call.digest).is_some_and(|approval| approval.answer == Answer::Once) {
            self.approvals.remove(&call.digest);
        }
        ok.then(|| call.reviewed.action.clone())
    }

    /// The approval is used up by the action that was asked about, which is now allowed.
    pub(super) fn use_up(&mut self, verdict: &str) {
        let Some(call) = self.calls.iter_mut().find(|call| call.reviewed.verdict.id == verdict) else {
            return;
        };
        self.approvals.remove(&call.digest);
        call.reviewed.judgement.decision = Decision::Allow;
    }
}
