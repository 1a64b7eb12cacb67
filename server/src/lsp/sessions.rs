//! What is said in a session takes effect in the order in which it was said.
//!
//! Every message of a session takes its place in the session's queue before its first `await`. What
//! changes the session goes alone, reviews go together. No person is ever waited for in the queue.

use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, OwnedSemaphorePermit, RwLock, Semaphore};

/// The queues of all sessions, and how much work is done at one time.
#[derive(Debug)]
pub(super) struct Sessions {
    queues: DashMap<String, Arc<RwLock<()>>>,
    hands: Arc<Semaphore>,
}

/// Leave to read a session.
pub(super) struct Look {
    _turn: OwnedRwLockReadGuard<()>,
    _hand: Option<OwnedSemaphorePermit>,
}

/// Leave to change a session.
pub(super) struct Change {
    _turn: OwnedRwLockWriteGuard<()>,
    _hand: Option<OwnedSemaphorePermit>,
}

impl Default for Sessions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { queues: DashMap::new(), hands: Arc::new(Semaphore::new(cores.saturating_mul(2))) }
    }
}

impl Sessions {
    /// Waits until all that was said before has taken effect.
    pub(super) async fn look(&self, session: &str) -> Look {
        let turn = self.queue(session).read_owned().await;
        Look { _turn: turn, _hand: Arc::clone(&self.hands).acquire_owned().await.ok() }
    }

    /// Waits until all that came before is done.
    pub(super) async fn change(&self, session: &str) -> Change {
        let turn = self.queue(session).write_owned().await;
        Change { _turn: turn, _hand: Arc::clone(&self.hands).acquire_owned().await.ok() }
    }

    /// Forgets a session that is over.
    pub(super) fn forget(&self, session: &str) {
        // Somebody may still stand in the queue; then it stays.
        self.queues.remove_if(session, |_, queue| Arc::strong_count(queue) == 1);
    }

    fn queue(&self, session: &str) -> Arc<RwLock<()>> {
        if let Some(queue) = self.queues.get(session) {
            return Arc::clone(&queue);
        }
        Arc::clone(&self.queues.entry(session.to_owned()).or_default())
    }
}
