//! One agent conversation.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use banksman_protocol::{Action, Answer, Decision, Mode};

use super::{Reviewed, wire};
use crate::consent::Consent;
use crate::effects::{Effect, EffectKind};
use crate::ledger::{Approved, Marks};
use crate::settings::Settings;
use crate::trail::{Leaves, Trail};
use crate::world::{Disk, World, normalise};

/// How many actions of a session are kept in memory, and how many bytes of them.
const KEPT: usize = 256;
const KEPT_BYTES: usize = 4 * 1024 * 1024;
/// How many actions that were stopped may still turn out to have been carried out.
const PENDING: usize = 64;

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
    kept_bytes: usize,
    pending: VecDeque<Pending>,
    approvals: BTreeMap<String, Approved>,
    pub(super) ledger: Reading,
}

/// How the session stands to the ledger.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) marks: Marks,
    pub(super) generation: Option<i64>,
    /// What was said before could not be read, or what is said now cannot be written.
    pub(super) failed: bool,
    /// The user spoke to this very process.
    pub(super) heard: bool,
}

/// One action of a session.
#[derive(Debug)]
pub(super) struct Call {
    /// The agent's own name for it.
    pub(super) id: Option<String>,
    pub(super) digest: String,
    pub(super) reviewed: Reviewed,
}

/// An action of which is not known whether it was carried out.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) call: Option<String>,
    /// It was allowed, so it is taken to have been carried out when nothing is heard.
    pub(super) allowed: bool,
    /// Its outcome will be told.
    pub(super) awaited: bool,
    pub(super) done: Done,
}

/// What is done when an action is carried out.
#[derive(Debug)]
pub(super) enum Done {
    /// By an action reviewed here.
    Effects(Vec<Effect>),
    /// By an action that another process reviewed.
    Leaves(Leaves),
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
            kept_bytes: 0,
            pending: VecDeque::new(),
            approvals: BTreeMap::new(),
            ledger: Reading::default(),
        }
    }

    /// Goes to another workspace or directory. True when that changed something.
    pub(super) fn move_to(&mut self, workspace: Option<&Path>, cwd: Option<&Path>) -> bool {
        let before = (self.workspace.clone(), self.cwd.clone());
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
        before != (self.workspace.clone(), self.cwd.clone())
    }

    /// The directory an action would run in.
    pub(super) fn directory(&self, action: &Action) -> PathBuf {
        match action {
            Action::Command { cwd: Some(cwd), .. } => normalise(&self.cwd.join(cwd)),
            _ => self.cwd.clone(),
        }
    }

    /// Boundaries may have been stated that are not known here.
    pub(super) fn is_blind(&self) -> bool {
        self.ledger.failed && !self.ledger.heard
    }

    pub(super) fn hear(&mut self, text: &str) {
        // Whoever speaks again may have come to see it otherwise: it is asked again.
        self.approvals.retain(|_, approved| approved.answer != Answer::No);
        self.consent.hear(text);
        self.trail.heard(self.consent.prompts.len(), text);
    }

    /// The user has answered: what was counted against the agent is settled.
    pub(super) fn lift(&mut self) {
        self.paused = false;
        self.row = 0;
        self.total = 0;
    }

    /// Counts a decision.
    pub(super) fn count(&mut self, decision: Decision, mode: Mode, settings: &Settings) {
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
    }

    /// What the same call of the same action was answered.
    pub(super) fn known(&self, id: Option<&str>, digest: &str) -> Option<&Call> {
        let id = id?;
        self.calls
            .iter()
            .rev()
            .find(|call| call.id.as_deref() == Some(id))
            .filter(|call| call.digest == digest)
    }

    pub(super) fn approval(&self, digest: &str) -> Option<&Approved> {
        self.approvals.get(digest)
    }

    pub(super) fn approve(&mut self, digest: String, approved: Approved) {
        self.approvals.insert(digest, approved);
    }

    /// Uses up an approval for once.
    pub(super) fn use_once(&mut self, digest: &str) {
        if self.approvals.get(digest).is_some_and(|approved| approved.answer == Answer::Once) {
            self.approvals.remove(digest);
        }
    }

    /// Keeps an action. Returns the verdicts that are forgotten for it.
    pub(super) fn remember(&mut self, call: Call) -> Vec<String> {
        self.kept_bytes += weight(&call);
        self.calls.push_back(call);
        let mut forgotten = Vec::new();
        while self.calls.len() > KEPT || (self.kept_bytes > KEPT_BYTES && self.calls.len() > 1) {
            let Some(old) = self.calls.pop_front() else { break };
            self.kept_bytes = self.kept_bytes.saturating_sub(weight(&old));
            forgotten.push(old.reviewed.verdict.id);
        }
        forgotten
    }

    pub(super) fn call(&self, verdict: &str) -> Option<&Call> {
        self.calls.iter().rev().find(|call| call.reviewed.verdict.id == verdict)
    }

    pub(super) fn calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }

    /// The action of a call.
    pub(super) fn action(&self, id: &str) -> Option<&Action> {
        self.calls.iter().rev().find(|call| call.id.as_deref() == Some(id)).map(|call| &call.reviewed.action)
    }

    /// Waits for what becomes of an action.
    pub(super) fn expect(&mut self, pending: Pending) {
        self.pending.push_back(pending);
        let stopped = self.pending.iter().filter(|pending| !pending.allowed).count();
        if stopped > PENDING
            && let Some(oldest) = self.pending.iter().position(|pending| !pending.allowed)
        {
            self.pending.remove(oldest);
        }
    }

    /// The outcome of a call will be told.
    pub(super) fn await_outcome(&mut self, id: &str) {
        for pending in self.pending.iter_mut().filter(|pending| pending.call.as_deref() == Some(id)) {
            pending.awaited = true;
        }
    }

    /// What was allowed and of which nothing was heard is taken to have been carried out.
    pub(super) fn presume(&mut self, disk: &Disk, simulated: bool) {
        let (due, rest): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|pending| pending.allowed && !pending.awaited);
        self.pending = rest;
        for pending in due {
            self.carry_out(pending.done, disk, simulated);
        }
    }

    /// It is known what became of a call.
    pub(super) fn settle(&mut self, id: &str, ok: bool, disk: &Disk, simulated: bool) {
        while let Some(at) = self.pending.iter().position(|pending| pending.call.as_deref() == Some(id)) {
            let Some(pending) = self.pending.remove(at) else { return };
            if ok {
                self.carry_out(pending.done, disk, simulated);
            }
        }
        let digest = self
            .calls
            .iter()
            .rev()
            .find(|call| call.id.as_deref() == Some(id))
            .map(|call| call.digest.clone());
        if let Some(digest) = digest {
            self.use_once(&digest);
        }
    }

    /// Another process was told what became of a call.
    pub(super) fn settle_elsewhere(&mut self, id: &str, ok: bool) {
        while let Some(at) = self.pending.iter().position(|pending| pending.call.as_deref() == Some(id)) {
            let Some(pending) = self.pending.remove(at) else { return };
            match pending.done {
                Done::Leaves(leaves) if ok => self.trail.take_up(leaves),
                Done::Effects(effects) if ok => self.trail.record(&effects, false),
                _ => {}
            }
        }
    }

    fn carry_out(&mut self, done: Done, disk: &Disk, simulated: bool) {
        match done {
            Done::Effects(effects) => {
                let untouched = Trail::default();
                let before = World::new(disk, &untouched, &self.workspace, &self.cwd);
                self.trail.record_over(&effects, simulated, &before);
            }
            Done::Leaves(leaves) => self.trail.take_up(leaves),
        }
    }

    /// What the trail would gain if these effects came about.
    pub(super) fn leaves(&self, effects: &[Effect], disk: &Disk) -> Leaves {
        let untouched = Trail::default();
        self.trail.leaves_of(effects, &World::new(disk, &untouched, &self.workspace, &self.cwd))
    }

    /// The person let the action go on while the agent still waited.
    pub(super) fn let_go(&mut self, verdict: &str) {
        let Some(call) = self.calls.iter_mut().find(|call| call.reviewed.verdict.id == verdict) else {
            return;
        };
        call.reviewed.verdict.decision = Decision::Allow;
        call.reviewed.judgement.decision = Decision::Allow;
        wire::ALLOWED.clone_into(&mut call.reviewed.verdict.summary);
        let (id, digest) = (call.id.clone(), call.digest.clone());
        self.use_once(&digest);
        if let Some(pending) = self.pending.iter_mut().rev().find(|pending| pending.call == id) {
            pending.allowed = true;
        }
    }
}

/// About how many bytes a call takes.
fn weight(call: &Call) -> usize {
    let text = match &call.reviewed.action {
        Action::Command { command, .. } => command.len(),
        Action::Edit { old, new, .. } => old.as_ref().map_or(0, String::len) + new.len() * 2,
        Action::Delete { path } | Action::Read { path } => path.len(),
        Action::Fetch { url, body, .. } => url.len() + body.as_ref().map_or(0, String::len),
        Action::Tool { arguments, .. } => serde_json::to_string(arguments).map_or(0, |text| text.len()),
        Action::Delegate { prompt } => prompt.len(),
    };
    let judgement = &call.reviewed.judgement;
    let written: usize = judgement.effects.iter().map(written).sum();
    let said = judgement.effects.len() + judgement.findings.len();
    1024 * (1 + said) + text * 2 + written
}

/// How many bytes an effect writes, as far as it is known what.
fn written(effect: &Effect) -> usize {
    match &effect.kind {
        EffectKind::Write { content: Some(content), .. } => content.new.len(),
        _ => 0,
    }
}
