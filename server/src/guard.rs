//! What stays between reviews: sessions, approvals, counters, settings.
//!
//! The guard is the shell around the pure [`crate::review::review`]: it finds the session, measures
//! the time, catches what breaks, writes the verdict down before anybody hears it. Every way in
//! (language server, hooks, proxies, command line, replay) calls it and has no policy of its own.
#![expect(clippy::disallowed_methods, reason = "the guard is the shell: it measures time and names verdicts")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use banksman_protocol::{
    Action, Answer, Decision, Explanation, Mode, Origin, OutcomeParams, Resolution, ResolveParams,
    ReviewParams, SessionState, Verdict,
};
use dashmap::DashMap;
use serde_json::Value;

use crate::action;
use crate::injection::{self, Reading};
use crate::ledger::{Approved, Ledger};
use crate::redact::redact;
use crate::review::Judgement;
use crate::settings::{Loaded, Places, Problem, Shelf};
use crate::world::Disk;

mod attempt;
mod explain;
mod inside;
mod memory;
mod session;
mod wire;

use session::Session;

/// The largest action that is reviewed, in bytes, unless told otherwise.
pub const ACTION_LIMIT: usize = 1024 * 1024;

/// What a guard is made of.
#[derive(Debug)]
pub struct GuardOptions {
    /// What actions are read against.
    pub disk: Disk,
    /// Where everything is written down; `None` keeps it in memory.
    pub ledger: Option<Ledger>,
    /// Why there is no ledger although there should be one. What was said before is then not
    /// known, and the guard asks where that could matter.
    pub ledger_failure: Option<String>,
    /// Where settings stand; `None`: only the built-in defaults and what the editor says.
    pub places: Option<Places>,
    /// Nothing is really run: what was allowed is only taken to have happened.
    pub simulated: bool,
    /// The largest action that is reviewed, in bytes.
    pub action_limit: usize,
}

impl Default for GuardOptions {
    fn default() -> Self {
        Self {
            disk: Disk::new(),
            ledger: None,
            ledger_failure: None,
            places: None,
            simulated: false,
            action_limit: ACTION_LIMIT,
        }
    }
}

impl GuardOptions {
    /// With the ledger at `path`, or with the reason why it cannot be used.
    #[must_use]
    pub fn with_ledger(mut self, path: &Path) -> Self {
        match Ledger::open(path) {
            Ok(ledger) => self.ledger = Some(ledger),
            Err(error) => self.ledger_failure = Some(error.to_string()),
        }
        self
    }
}

/// The guard. One for a process; all methods may be called from any thread.
#[derive(Debug)]
pub struct Guard {
    disk: Disk,
    ledger: Option<Ledger>,
    ledger_lost: bool,
    ledger_told: AtomicBool,
    /// What the ledger last failed with.
    ledger_failure: Mutex<String>,
    simulated: bool,
    action_limit: usize,
    folders: RwLock<Vec<PathBuf>>,
    sessions: DashMap<String, Arc<Mutex<Session>>>,
    /// The session that each verdict in memory belongs to.
    verdicts: DashMap<String, String>,
    /// What a person allowed for a workspace, when the ledger cannot keep it.
    approvals: DashMap<(PathBuf, String), Approved>,
    shelf: Shelf,
    modes: DashMap<PathBuf, Mode>,
    troubles: Mutex<Vec<String>>,
    counter: AtomicU64,
}

/// One action and what was said about it.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The verdict. Its spans count in the action as it was proposed.
    pub verdict: Verdict,
    /// The action, with secrets redacted.
    pub action: Action,
    /// The agent conversation.
    pub session: String,
    /// What the verdict was made of. Empty when another process reviewed the same call before.
    pub judgement: Judgement,
    /// The verdict with its spans counting in the redacted action, when that makes a difference.
    shifted: Option<Verdict>,
}

impl Reviewed {
    /// The verdict whose spans count in the redacted action: for whoever shows both.
    #[must_use]
    pub fn shown(&self) -> &Verdict {
        self.shifted.as_ref().unwrap_or(&self.verdict)
    }
}

/// Why the guard cannot do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// No verdict has this name.
    #[error("no verdict is called `{0}`")]
    UnknownVerdict(String),
    /// The managed settings ask for more.
    #[error("mode `{mode}` is looser than `{least}`, which the settings of this machine ask for")]
    ModeTooLoose {
        /// The mode that was asked for.
        mode: Mode,
        /// The loosest mode that may be set.
        least: Mode,
    },
}

impl Guard {
    /// A guard without sessions.
    #[must_use]
    pub fn new(options: GuardOptions) -> Self {
        let guard = Self {
            disk: options.disk,
            ledger_lost: options.ledger_failure.is_some(),
            ledger: options.ledger,
            ledger_told: AtomicBool::new(false),
            ledger_failure: Mutex::default(),
            simulated: options.simulated,
            action_limit: options.action_limit,
            folders: RwLock::default(),
            sessions: DashMap::new(),
            verdicts: DashMap::new(),
            approvals: DashMap::new(),
            shelf: Shelf::new(options.places),
            modes: DashMap::new(),
            troubles: Mutex::default(),
            counter: AtomicU64::new(0),
        };
        if let Some(failure) = options.ledger_failure {
            guard.tell_of_ledger(&failure);
        }
        guard
    }

    /// The editor's workspace folders. Sessions that name none work in the first.
    pub fn set_folders(&self, folders: Vec<PathBuf>) {
        *self.folders.write().unwrap_or_else(PoisonError::into_inner) = folders;
    }

    /// The editor's workspace folders.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        self.folders.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The other folders of the workspace that this one is a folder of, as far as they are under the
    /// same settings: what a folder rules out for itself must not be overlooked from another one.
    fn folders_beside(&self, workspace: &Path) -> Vec<PathBuf> {
        let folders = self.folders();
        if folders.len() < 2 || !folders.iter().any(|folder| folder == workspace) {
            return Vec::new();
        }
        let beside = folders.into_iter().filter(|folder| folder != workspace);
        beside.filter(|folder| !self.shelf.sets_apart(folder, workspace)).collect()
    }

    /// The ledger, for whoever reads it.
    #[must_use]
    pub fn ledger(&self) -> Option<&Ledger> {
        self.ledger.as_ref()
    }

    /// What people should be told about the guard itself. Everything is told once.
    pub fn troubles(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.troubles))
    }

    /// A session begins, or says where it works now. `cwd` may be relative to the workspace.
    pub fn open(&self, session: &str, workspace: Option<&Path>, cwd: Option<&Path>) {
        let state = self.enter(session);
        let mut state = lock(&state);
        self.move_to(session, &mut state, workspace, cwd);
    }

    /// The workspace that a session works in, when the session is known.
    #[must_use]
    pub fn place(&self, session: &str) -> Option<PathBuf> {
        let known = self.sessions.get(session).map(|known| Arc::clone(&known));
        match known {
            Some(state) => Some(lock(&state).workspace.clone()),
            None => self.read(|ledger| ledger.place(session)).flatten(),
        }
    }

    /// The user speaks. Gives the reason when it could not be written down: it then holds in this
    /// process only.
    pub fn prompt(&self, session: &str, text: &str) -> Option<String> {
        let state = self.enter(session);
        let mut state = lock(&state);
        state.presume(&self.disk, self.simulated);
        state.hear(text);
        state.lift();
        state.ledger.heard = true;
        let written = self.read(|ledger| ledger.prompt(session, &redact(text)));
        let wanted = self.ledger.is_some() || self.ledger_lost;
        (wanted && written.is_none()).then(|| lock(&self.ledger_failure).clone())
    }

    /// The agent reads.
    pub fn content(&self, session: &str, origin: &Origin, text: &str) -> Reading {
        let reading = injection::read(text, origin);
        let state = self.enter(session);
        let mut state = lock(&state);
        state.presume(&self.disk, self.simulated);
        self.take_in(session, &mut state, origin, text, &reading);
        reading
    }

    /// The agent proposes.
    pub fn review(&self, params: &ReviewParams) -> Reviewed {
        let start = Instant::now();
        let state = self.enter(&params.session);
        let mut state = lock(&state);
        if let Some(workspace) = &params.workspace {
            self.move_to(&params.session, &mut state, Some(Path::new(workspace)), None);
        }
        let digest = action::digest(&params.action, &state.directory(&params.action));
        let approved = self.approval(&params.session, &state, &digest);
        let again = state.known(params.tool_call_id.as_deref(), &digest).is_some();
        if approved.is_none()
            && let Some(known) = self.known(params, &state, &digest)
        {
            return known;
        }
        state.presume(&self.disk, self.simulated);
        let loaded = self.settings(&state.workspace);
        let settings = &loaded.settings;
        let mode = self.mode(&params.session, &state, &loaded);
        let attempt = self.attempt(params, &mut state, &digest, approved, settings, mode);
        // What a person said is newer than what was written down of this call before.
        let anew = again || attempt.said.is_some();
        let mut reviewed = self.reviewed(params, &state, digest.clone(), attempt, mode, start);
        match self.write_down(params, &mut state, &reviewed, anew) {
            Ok(None) => {}
            Ok(Some(other)) => {
                // Another process was quicker with the same call: there is one verdict on it.
                reviewed.judgement.decision = other.decision;
                reviewed.verdict = other;
                return reviewed;
            }
            Err(()) if state.is_blind() => {
                let attempt = self.attempt(params, &mut state, &digest, None, settings, mode);
                if attempt.judgement.decision > reviewed.judgement.decision {
                    reviewed = self.reviewed(params, &state, digest.clone(), attempt, mode, start);
                }
            }
            Err(()) => {}
        }
        if !again {
            state.count(reviewed.judgement.decision, mode, settings);
        }
        self.remember(params, &mut state, digest, &reviewed);
        reviewed
    }

    /// What became of an action. Its output counts as read by the agent.
    pub fn outcome(&self, params: &OutcomeParams) {
        let state = self.enter(&params.session);
        let mut state = lock(&state);
        state.settle(&params.tool_call_id, params.ok, &self.disk, self.simulated);
        self.write(|ledger| ledger.outcome(&params.session, &params.tool_call_id, params.ok));
        let Some(output) = params.output.as_deref().filter(|output| !output.is_empty()) else { return };
        let action = state
            .action(&params.tool_call_id)
            .cloned()
            .or_else(|| self.read(|ledger| ledger.action(&params.session, &params.tool_call_id)).flatten());
        let origin = action.as_ref().map_or_else(
            || Origin { kind: banksman_protocol::OriginKind::Tool, name: params.tool_call_id.clone() },
            memory::origin,
        );
        let reading = injection::read(output, &origin);
        self.take_in(&params.session, &mut state, &origin, output, &reading);
    }

    /// The outcome of an action will be told: until then it counts as not carried out.
    pub fn await_outcome(&self, session: &str, tool_call_id: &str) {
        let state = self.enter(session);
        lock(&state).await_outcome(tool_call_id);
    }

    /// A person answers: what was asked may be run, or what was stopped may be tried again.
    ///
    /// `once` lasts until the action is reviewed again or its outcome is told. Whoever still holds
    /// the agent back and will let it go on with this answer calls [`Self::settle`] instead.
    ///
    /// # Errors
    /// When no verdict has this name.
    pub fn resolve(&self, params: &ResolveParams) -> Result<Resolution, GuardError> {
        let (session, digest, hard) = self.stopped(&params.verdict)?;
        let state = self.enter(&session);
        let mut state = lock(&state);
        state.lift();
        if let (Some(reason), true) = (hard, params.answer != Answer::No) {
            return Ok(Resolution { decision: Decision::Block, reason: Some(reason) });
        }
        let approved = Approved {
            answer: params.answer,
            note: params.note.as_deref().map(|note| redact(note).into_owned()),
        };
        self.write(|ledger| ledger.approve(&session, &state.workspace, &digest, &approved));
        if params.answer == Answer::Workspace {
            self.approvals.insert((state.workspace.clone(), digest.clone()), approved.clone());
        }
        state.approve(digest, approved);
        let decision = if params.answer == Answer::No { Decision::Block } else { Decision::Allow };
        Ok(Resolution { decision, reason: None })
    }

    /// As [`Self::resolve`], for whoever still holds the agent back: an approval for `once` is
    /// used up by this very answer, so that the same action is asked about when it comes again.
    ///
    /// # Errors
    /// When no verdict has this name.
    pub fn settle(&self, params: &ResolveParams) -> Result<Resolution, GuardError> {
        let resolution = self.resolve(params)?;
        if resolution.decision == Decision::Allow
            && let Some(session) = self.verdicts.get(&params.verdict).map(|name| name.clone())
        {
            let state = self.enter(&session);
            let mut state = lock(&state);
            if params.answer == Answer::Once
                && let Some(digest) = state.call(&params.verdict).map(|call| call.digest.clone())
            {
                self.write(|ledger| ledger.use_once(&session, &digest).map(|_| ()));
            }
            state.let_go(&params.verdict);
        }
        Ok(resolution)
    }

    /// Everything a verdict rests on. Spans count in the redacted action.
    ///
    /// # Errors
    /// When no verdict has this name.
    pub fn explain(&self, verdict: &str) -> Result<Explanation, GuardError> {
        if let Some(session) = self.verdicts.get(verdict).map(|name| name.clone()) {
            let state = self.enter(&session);
            let state = lock(&state);
            if let Some(call) = state.call(verdict) {
                return Ok(explain::explain(call.reviewed.shown(), &call.reviewed.action, &state));
            }
        }
        let entry = self.entry(verdict)?;
        let state = self.enter(&entry.session);
        let state = lock(&state);
        Ok(explain::explain(&entry.verdict, &entry.action, &state))
    }

    /// The state of one session.
    #[must_use]
    pub fn session(&self, session: &str) -> SessionState {
        let state = self.enter(session);
        let state = lock(&state);
        let loaded = self.settings(&state.workspace);
        let mut shown = explain::state(session, &state, self.mode(session, &state, &loaded));
        if let Some(recent) = self.read(|ledger| ledger.recent(session, explain::RECENT)) {
            shown.recent = recent;
        }
        shown
    }

    /// Changes the mode of a session, or of the workspace folders when no session is named.
    ///
    /// # Errors
    /// When the managed settings ask for more.
    pub fn set_mode(&self, session: Option<&str>, mode: Mode) -> Result<Mode, GuardError> {
        let Some(name) = session else {
            let folders = self.folders();
            folders.iter().try_for_each(|folder| self.permit(folder, mode))?;
            for folder in folders {
                self.modes.insert(folder, mode);
            }
            return Ok(mode);
        };
        let state = self.enter(name);
        let mut state = lock(&state);
        self.permit(&state.workspace, mode)?;
        state.mode = Some(mode);
        state.lift();
        self.write(|ledger| {
            ledger.session(name, &state.workspace, &state.cwd)?;
            ledger.set_session_mode(name, mode)
        });
        Ok(mode)
    }

    /// The conversation is over.
    pub fn end(&self, session: &str) {
        self.write(|ledger| ledger.end(session));
        if let Some((_, state)) = self.sessions.remove(session) {
            for call in lock(&state).calls() {
                self.verdicts.remove(&call.reviewed.verdict.id);
            }
        }
    }

    /// The editor's own settings for a workspace, or for all that have none of their own.
    pub fn configure(&self, workspace: Option<&Path>, editor: Value) -> Vec<Problem> {
        self.shelf.configure(workspace, editor);
        self.problems(workspace)
    }

    /// A settings file was changed on disk.
    pub fn settings_changed(&self, path: &Path) -> Vec<Problem> {
        let workspace = self.folders().into_iter().find(|folder| path.parent() == Some(folder));
        self.problems(workspace.as_deref())
    }

    /// What does not apply as written in the settings of a workspace, or of all folders.
    #[must_use]
    pub fn problems(&self, workspace: Option<&Path>) -> Vec<Problem> {
        let folders = workspace.map_or_else(|| self.folders(), |workspace| vec![workspace.to_path_buf()]);
        let mut problems: Vec<Problem> =
            folders.iter().flat_map(|folder| self.shelf.of(folder).problems.clone()).collect();
        problems.sort();
        problems.dedup();
        problems
    }

    /// The settings in force in a workspace.
    #[must_use]
    pub fn settings(&self, workspace: &Path) -> Arc<Loaded> {
        self.shelf.of(workspace)
    }

    /// A name for a verdict that no other process gives.
    fn name(&self) -> String {
        let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        format!("{micros:x}-{:x}-{count:x}", std::process::id())
    }
}

/// A panic in another thread leaves a session as it was before the event, so it is used on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
