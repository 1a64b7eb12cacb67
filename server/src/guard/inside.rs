//! What the guard does behind its face: finding sessions and answers, writing down.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use banksman_protocol::{Answer, Decision, Mode, Origin, ReviewParams, Verdict};

use super::attempt::{self, Attempt};
use super::session::{Call, Done, Pending, Session};
use super::{Guard, GuardError, Reviewed, lock, memory, wire};
use crate::action;
use crate::effects::Effect;
use crate::injection::Reading;
use crate::ledger::{Approved, Entry, Ledger, LedgerError, Record};
use crate::redact::{redact, redact_action};
use crate::review::Judgement;
use crate::settings::{Loaded, Settings};
use crate::world::normalise;

impl Guard {
    /// The session, as this and other processes know it.
    pub(super) fn enter(&self, session: &str) -> Arc<Mutex<Session>> {
        let known = self.sessions.get(session).map(|known| Arc::clone(&known));
        let state = known.unwrap_or_else(|| {
            let workspace = self.folders().into_iter().next().unwrap_or_else(|| PathBuf::from("/"));
            let mut fresh = Session::new(normalise(&workspace));
            fresh.ledger.failed = self.ledger_lost;
            Arc::clone(
                &self.sessions.entry(session.to_owned()).or_insert_with(|| Arc::new(Mutex::new(fresh))),
            )
        });
        if let Some(ledger) = &self.ledger {
            let mut state = lock(&state);
            match ledger.generation() {
                Ok(generation) if state.ledger.generation == Some(generation) => {}
                Ok(generation) => match ledger.news(session, &mut state.ledger.marks) {
                    Ok(news) => {
                        state.ledger.generation = Some(generation);
                        let workspace =
                            news.place.as_ref().map_or_else(|| state.workspace.clone(), |(at, _)| at.clone());
                        let settings = self.settings(&workspace);
                        state.take_up(news, &settings.settings);
                    }
                    Err(error) => self.unreadable(&mut state, &error),
                },
                Err(error) => self.unreadable(&mut state, &error),
            }
        }
        state
    }

    pub(super) fn unreadable(&self, state: &mut Session, error: &LedgerError) {
        state.ledger.failed = true;
        self.tell_of_ledger(&error.to_string());
    }

    pub(super) fn move_to(
        &self,
        session: &str,
        state: &mut Session,
        workspace: Option<&Path>,
        cwd: Option<&Path>,
    ) {
        if state.move_to(workspace, cwd) {
            self.write(|ledger| ledger.session(session, &state.workspace, &state.cwd));
        }
    }

    pub(super) fn take_in(
        &self,
        session: &str,
        state: &mut Session,
        origin: &Origin,
        text: &str,
        reading: &Reading,
    ) {
        state.trail.read_marked(origin, text, reading);
        self.write(|ledger| {
            let (mentions, passages) = memory::keep(origin, text, reading);
            let origin = Origin { kind: origin.kind, name: redact(&origin.name).into_owned() };
            ledger.content(session, &origin, reading.score, &mentions, &passages)
        });
    }

    /// What a person said about exactly this action.
    pub(super) fn approval(&self, session: &str, state: &Session, digest: &str) -> Option<Approved> {
        let stored = self.read(|ledger| ledger.approval(session, &state.workspace, digest));
        match stored {
            Some(Some(approved)) => Some(approved),
            // Another process may have used up what was said for once.
            Some(None) => state.approval(digest).filter(|approved| approved.answer != Answer::Once).cloned(),
            None => state.approval(digest).cloned(),
        }
        .or_else(|| {
            self.approvals.get(&(state.workspace.clone(), digest.to_owned())).map(|known| known.clone())
        })
    }

    /// The verdict that the same call of the same action already has, here or in another process.
    pub(super) fn known(&self, params: &ReviewParams, state: &Session, digest: &str) -> Option<Reviewed> {
        let id = params.tool_call_id.as_deref()?;
        let here = state.known(Some(id), digest).map(|call| &call.reviewed);
        if let Some(reviewed) = here.filter(|reviewed| reviewed.verdict.decision == Decision::Allow) {
            return Some(reviewed.clone());
        }
        let stored = self.read(|ledger| ledger.known(&params.session, id, digest)).flatten();
        // A person may have answered elsewhere what was stopped here.
        let newer = stored.filter(|stored| here.is_none_or(|here| here.verdict.id != stored.id));
        let Some(verdict) = newer else { return here.cloned() };
        Some(Reviewed {
            judgement: Judgement { decision: verdict.decision, effects: Vec::new(), findings: Vec::new() },
            verdict,
            action: redact_action(&params.action).0,
            session: params.session.clone(),
            shifted: None,
        })
    }

    pub(super) fn attempt(
        &self,
        params: &ReviewParams,
        state: &mut Session,
        digest: &str,
        approved: Option<Approved>,
        settings: &Settings,
        mode: Mode,
    ) -> Attempt {
        let mut attempt = attempt::make(self, state, &params.action, settings, mode);
        let Some(approved) = approved else { return attempt };
        if approved.answer == Answer::Once {
            if attempt.is_final() {
                return attempt;
            }
            state.use_once(digest);
            let used = self.read(|ledger| ledger.use_once(&params.session, digest));
            if used == Some(false) {
                return attempt;
            }
        }
        attempt.answer(approved);
        attempt
    }

    pub(super) fn reviewed(
        &self,
        params: &ReviewParams,
        state: &Session,
        digest: String,
        attempt: Attempt,
        mode: Mode,
        start: Instant,
    ) -> Reviewed {
        let (action, text) = redact_action(&params.action);
        let mut verdict = wire::verdict(self.name(), digest, &attempt, state, mode);
        verdict.elapsed_micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        let shifted = text.changed().then(|| wire::shifted(&verdict, &text));
        Reviewed { verdict, action, session: params.session.clone(), judgement: attempt.judgement, shifted }
    }

    /// Writes a verdict down before anybody hears it.
    pub(super) fn write_down(
        &self,
        params: &ReviewParams,
        state: &mut Session,
        reviewed: &Reviewed,
        again: bool,
    ) -> Result<Option<Verdict>, ()> {
        let Some(ledger) = &self.ledger else { return Ok(None) };
        let effects = &reviewed.judgement.effects;
        let leaves = if effects.iter().all(Effect::is_read_only) {
            None
        } else {
            let leaves = state.leaves(effects, &self.disk);
            if leaves.is_empty() { None } else { serde_json::to_string(&leaves).ok() }
        };
        let record = Record {
            session: &params.session,
            call: params.tool_call_id.as_deref(),
            workspace: &state.workspace,
            cwd: &state.cwd,
            action: &reviewed.action,
            verdict: reviewed.shown(),
            leaves: leaves.as_deref(),
            again,
        };
        ledger.review(&record).map_err(|error| self.unreadable(state, &error))
    }

    pub(super) fn remember(
        &self,
        params: &ReviewParams,
        state: &mut Session,
        digest: String,
        reviewed: &Reviewed,
    ) {
        state.trail.proposed(&action::text(&params.action));
        self.verdicts.insert(reviewed.verdict.id.clone(), params.session.clone());
        if !reviewed.judgement.effects.is_empty() {
            state.expect(Pending {
                call: params.tool_call_id.clone(),
                allowed: reviewed.judgement.decision == Decision::Allow,
                awaited: false,
                done: Done::Effects(reviewed.judgement.effects.clone()),
            });
        }
        let call = Call { id: params.tool_call_id.clone(), digest, reviewed: reviewed.clone() };
        for forgotten in state.remember(call) {
            self.verdicts.remove(&forgotten);
        }
    }

    /// The session and digest of a verdict, and why nobody may allow it when nobody may.
    pub(super) fn stopped(&self, verdict: &str) -> Result<(String, String, Option<String>), GuardError> {
        let in_memory = self.verdicts.get(verdict).map(|name| name.clone()).and_then(|session| {
            let state = self.enter(&session);
            let state = lock(&state);
            let call = state.call(verdict)?;
            Some((session.clone(), call.digest.clone(), wire::final_reason(&call.reviewed.verdict)))
        });
        if let Some(found) = in_memory {
            return Ok(found);
        }
        let entry = self.entry(verdict)?;
        let hard = wire::final_reason(&entry.verdict);
        Ok((entry.session, entry.verdict.digest, hard))
    }

    pub(super) fn entry(&self, verdict: &str) -> Result<Entry, GuardError> {
        self.read(|ledger| ledger.entry(verdict))
            .flatten()
            .ok_or_else(|| GuardError::UnknownVerdict(verdict.to_owned()))
    }

    /// The mode of the session, else of the workspace, else of the settings. Never looser than the machine's.
    pub(super) fn mode(&self, session: &str, state: &Session, loaded: &Loaded) -> Mode {
        let chosen = state.mode.or_else(|| loaded.modes.sessions.get(session).copied());
        let chosen = chosen.or_else(|| self.modes.get(&state.workspace).map(|mode| *mode));
        chosen.filter(|mode| loaded.settings.permits_mode(*mode)).unwrap_or(loaded.settings.mode)
    }

    pub(super) fn permit(&self, workspace: &Path, mode: Mode) -> Result<(), GuardError> {
        let loaded = self.settings(workspace);
        match loaded.settings.least_mode {
            Some(least) if !loaded.settings.permits_mode(mode) => {
                Err(GuardError::ModeTooLoose { mode, least })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn write(&self, write: impl FnOnce(&Ledger) -> Result<(), LedgerError>) {
        self.read(write);
    }

    /// What the ledger says; nothing when there is none or it fails, which is told once.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Ledger) -> Result<T, LedgerError>) -> Option<T> {
        match read(self.ledger.as_ref()?) {
            Ok(found) => Some(found),
            Err(error) => {
                self.tell_of_ledger(&error.to_string());
                None
            }
        }
    }

    pub(super) fn tell_of_ledger(&self, failure: &str) {
        failure.clone_into(&mut lock(&self.ledger_failure));
        if !self.ledger_told.swap(true, Ordering::Relaxed) {
            lock(&self.troubles).push(format!(
                "The ledger cannot be used, so nothing is remembered beyond this process: {failure}"
            ));
        }
    }
}
