//! What stays between reviews: sessions, approvals, counters, settings.
//!
//! The guard is the shell around the pure [`crate::review::review`]: it finds the session, measures
//! the time, catches what breaks, writes the verdict down before anybody hears it. Every way in
//! (language server, hooks, proxies, command line, replay) calls it and has no policy of its own.
#![expect(clippy::disallowed_methods, reason = "the guard is the shell: it measures time and names verdicts")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
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
use crate::ledger::Ledger;
use crate::review::Judgement;
use crate::settings::{Loaded, Places, Problem, Shelf};
use crate::world::{Disk, normalise};

mod attempt;
mod explain;
mod session;
mod wire;

use session::{Approval, Call, Session};

/// The largest action that is reviewed, in bytes, unless told otherwise.
pub const ACTION_LIMIT: usize = 1024 * 1024;

/// What a guard is made of.
#[derive(Debug)]
pub struct GuardOptions {
    /// What actions are read against.
    pub disk: Disk,
    /// Where everything is written down; `None` keeps it in memory.
    pub ledger: Option<Ledger>,
    /// Nothing is really run: what was allowed is only taken to have happened.
    pub simulated: bool,
    /// The largest action that is reviewed, in bytes.
    pub action_limit: usize,
    /// Where settings stand; `None`: only the built-in defaults and what the editor says.
    pub places: Option<Places>,
}

impl Default for GuardOptions {
    fn default() -> Self {
        Self { disk: Disk::new(), ledger: None, simulated: false, action_limit: ACTION_LIMIT, places: None }
    }
}

/// The guard. One for a process; all methods may be called from any thread.
#[derive(Debug)]
pub struct Guard {
    disk: Disk,
    ledger: Option<Ledger>,
    simulated: bool,
    action_limit: usize,
    folders: RwLock<Vec<PathBuf>>,
    sessions: DashMap<String, Arc<Mutex<Session>>>,
    /// The session that each verdict in memory belongs to.
    verdicts: DashMap<String, String>,
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
    /// What the verdict was made of.
    pub judgement: Judgement,
}

/// Why the guard cannot answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// No verdict has this name.
    #[error("no verdict is called `{0}`")]
    UnknownVerdict(String),
}

impl Guard {
    /// A guard without sessions.
    #[must_use]
    pub fn new(options: GuardOptions) -> Self {
        Self {
            disk: options.disk,
            ledger: options.ledger,
            simulated: options.simulated,
            action_limit: options.action_limit,
            folders: RwLock::default(),
            sessions: DashMap::new(),
            verdicts: DashMap::new(),
            shelf: Shelf::new(options.places),
            modes: DashMap::new(),
            troubles: Mutex::default(),
            counter: AtomicU64::new(0),
        }
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

    /// What people should be told about the guard itself. Everything is told once.
    pub fn troubles(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.troubles))
    }

    /// A session begins, or says where it works now. `cwd` may be relative to the workspace.
    pub fn open(&self, session: &str, workspace: Option<&Path>, cwd: Option<&Path>) {
        let state = self.enter(session);
        lock(&state).move_to(workspace, cwd);
    }

    /// The user speaks.
    pub fn prompt(&self, session: &str, text: &str) {
        let state = self.enter(session);
        let mut state = lock(&state);
        state.presume(self.simulated);
        state.hear(text);
    }

    /// The agent reads.
    pub fn content(&self, session: &str, origin: &Origin, text: &str) -> Reading {
        let reading = injection::read(text, origin);
        let state = self.enter(session);
        let mut state = lock(&state);
        state.presume(self.simulated);
        state.trail.read(origin, text, reading.injected());
        reading
    }

    /// The agent proposes.
    pub fn review(&self, params: &ReviewParams) -> Reviewed {
        let start = Instant::now();
        let state = self.enter(&params.session);
        let mut state = lock(&state);
        if let Some(workspace) = &params.workspace {
            state.move_to(Some(Path::new(workspace)), None);
        }
        let digest = action::digest(&params.action, &state.directory(&params.action));
        if let Some(known) = state.known(params.tool_call_id.as_deref(), &digest) {
            return known;
        }
        state.presume(self.simulated);
        let loaded = self.shelf.of(&state.workspace);
        let settings = &loaded.settings;
        let mode = self.mode_of(&params.session, &state, &loaded);
        let mut attempt = attempt::make(self, &state, &params.action, settings, mode);
        let answer = state.answered(&digest, attempt.is_final());
        attempt.answer(answer.as_ref());
        let decision = attempt.judgement.decision;
        let paused = state.count(decision, mode, settings);
        let verdict = wire::verdict(self.name(), digest.clone(), &attempt, mode, paused, start.elapsed());
        let reviewed = Reviewed {
            verdict,
            action: params.action.clone(),
            session: params.session.clone(),
            judgement: attempt.judgement,
        };
        self.verdicts.insert(reviewed.verdict.id.clone(), params.session.clone());
        let call =
            Call { id: params.tool_call_id.clone(), digest, reviewed: reviewed.clone(), settled: false };
        for forgotten in state.remember(call) {
            self.verdicts.remove(&forgotten);
        }
        reviewed
    }

    /// What became of an action.
    pub fn outcome(&self, params: &OutcomeParams) {
        let state = self.enter(&params.session);
        let mut state = lock(&state);
        state.settle(&params.tool_call_id, params.ok, self.simulated);
    }

    /// A person answers: what was asked may be run, or what was stopped may be tried again.
    ///
    /// `once` lasts until the action is reviewed again or its outcome is told.
    pub fn resolve(&self, params: &ResolveParams) -> Result<Resolution, GuardError> {
        let unknown = || GuardError::UnknownVerdict(params.verdict.clone());
        let session = self.verdicts.get(&params.verdict).map(|name| name.clone()).ok_or_else(unknown)?;
        let state = self.enter(&session);
        let mut state = lock(&state);
        let (digest, hard) = state.stopped(&params.verdict).ok_or_else(unknown)?;
        state.lift();
        if let (Some(reason), true) = (hard, params.answer != Answer::No) {
            return Ok(Resolution { decision: Decision::Block, reason: Some(reason) });
        }
        state.approve(digest, Approval { answer: params.answer, note: params.note.clone() });
        let decision = if params.answer == Answer::No { Decision::Block } else { Decision::Allow };
        Ok(Resolution { decision, reason: None })
    }

    /// As [`Self::resolve`], for whoever still holds the agent back: an approval for `once` is
    /// used up by this very answer, so that the same action is asked about when it comes again.
    pub fn settle(&self, params: &ResolveParams) -> Result<Resolution, GuardError> {
        let resolution = self.resolve(params)?;
        if params.answer == Answer::Once && resolution.decision == Decision::Allow {
            let session = self.verdicts.get(&params.verdict).map(|name| name.clone());
            if let Some(session) = session {
                let state = self.enter(&session);
                lock(&state).use_up(&params.verdict);
            }
        }
        Ok(resolution)
    }

    /// Everything a verdict rests on.
    pub fn explain(&self, verdict: &str) -> Result<Explanation, GuardError> {
        let unknown = || GuardError::UnknownVerdict(verdict.to_owned());
        let session = self.verdicts.get(verdict).map(|name| name.clone()).ok_or_else(unknown)?;
        let state = self.enter(&session);
        let state = lock(&state);
        let call = state.call(verdict).ok_or_else(unknown)?;
        Ok(explain::explain(&call.reviewed, &state))
    }

    /// The state of one session.
    #[must_use]
    pub fn session(&self, session: &str) -> SessionState {
        let state = self.enter(session);
        let state = lock(&state);
        let loaded = self.shelf.of(&state.workspace);
        explain::state(session, &state, self.mode_of(session, &state, &loaded))
    }

    /// Changes the mode of a session, or of the workspace when no session is named.
    pub fn set_mode(&self, session: Option<&str>, mode: Mode) -> Result<Mode, GuardError> {
        match session {
            Some(session) => {
                let state = self.enter(session);
                let mut state = lock(&state);
                state.mode = Some(mode);
                state.lift();
            }
            None => {
                for folder in self.folders() {
                    self.modes.insert(folder, mode);
                }
            }
        }
        Ok(mode)
    }

    /// The conversation is over.
    pub fn end(&self, session: &str) {
        if let Some((_, state)) = self.sessions.remove(session) {
            for verdict in lock(&state).verdicts() {
                self.verdicts.remove(&verdict);
            }
        }
    }

    /// The editor's own settings for a workspace, or for all.
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

    fn enter(&self, session: &str) -> Arc<Mutex<Session>> {
        if let Some(known) = self.sessions.get(session) {
            return Arc::clone(&known);
        }
        let workspace = self.folders().into_iter().next().unwrap_or_else(|| PathBuf::from("/"));
        let fresh = Arc::new(Mutex::new(Session::new(normalise(&workspace))));
        Arc::clone(&self.sessions.entry(session.to_owned()).or_insert(fresh))
    }

    /// The mode of the session, else of the workspace. Never looser than the managed one.
    fn mode_of(&self, session: &str, state: &Session, loaded: &Loaded) -> Mode {
        let chosen = state.mode.or_else(|| loaded.modes.sessions.get(session).copied());
        let chosen = chosen.or_else(|| self.modes.get(&state.workspace).map(|mode| *mode));
        chosen.filter(|mode| loaded.settings.permits_mode(*mode)).unwrap_or(loaded.settings.mode)
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
