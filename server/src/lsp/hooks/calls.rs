//! Calls of tools that hooks have told of, so that one call is answered once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use banksman_protocol::Action;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::gates::dialects::{Call, Event, Heard, Say};

/// How many calls are kept in mind after they were answered.
const KEPT: usize = 512;

/// How far a call has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It is looked at.
    Reviewing,
    /// A person is asked.
    Asking,
    /// This is the answer.
    Done(Say),
}

/// The calls that are under way or were answered not long ago.
#[derive(Debug, Default)]
pub(super) struct Calls {
    known: Mutex<VecDeque<Known>>,
}

#[derive(Debug)]
struct Known {
    key: Key,
    stage: Arc<watch::Sender<Stage>>,
}

/// What makes two calls the same: conversation, name, and what would be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    digest: [u8; 32],
    /// The client names its calls. Otherwise only calls at one time are the same.
    named: bool,
}

impl Key {
    pub(super) fn of(heard: &Heard, call: &Call) -> Self {
        let mut hash = Sha256::new();
        let name = call.id.as_deref().unwrap_or_default();
        let folder = heard.cwd.to_string_lossy();
        for part in [heard.session.as_bytes(), name.as_bytes(), folder.as_bytes()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let actions: &[Action] = &call.actions;
        hash.update(serde_json::to_vec(actions).unwrap_or_default());
        // What is held back by another is answered otherwise.
        hash.update([u8::from(matches!(heard.event, Event::Held(_)))]);
        Self { digest: hash.finalize().into(), named: call.id.is_some() }
    }
}

impl Calls {
    /// The call as it is known, or as a new one, which whoever gets the sender has to bring to an end.
    pub(super) fn enter(&self, key: &Key) -> (watch::Receiver<Stage>, Option<Arc<watch::Sender<Stage>>>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = known.iter().rev().find(|known| known.key == *key) {
            return (same.stage.subscribe(), None);
        }
        let (sender, receiver) = watch::channel(Stage::Reviewing);
        let sender = Arc::new(sender);
        known.push_back(Known { key: key.clone(), stage: Arc::clone(&sender) });
        if known.len() > KEPT {
            known.pop_front();
        }
        (receiver, Some(sender))
    }

    /// A person has changed their mind about something: what was answered is looked at anew.
    pub(super) fn forget(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|known| !matches!(*known.stage.borrow(), Stage::Done(_)));
    }

    /// The call has its answer, and keeps it if it has a name.
    pub(super) fn end(&self, key: &Key, stage: &watch::Sender<Stage>, say: Option<Say>) {
        let keeps = key.named && say.is_some();
        if let Some(say) = say {
            stage.send_replace(Stage::Done(say));
        }
        if !keeps {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.retain(|known| known.key != *key);
        }
    }
}
