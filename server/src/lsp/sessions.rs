//! What is said in a session takes effect in the order in which it was said.
//!
//! Every message of a session takes its place in the session's queue before its first `await`. What
//! changes the session goes alone, reviews go together. No person is ever waited for in the queue.
//! What reviews that go together come to is told in the order in which they were asked for.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use dashmap::DashMap;
use tokio::sync::{
    Mutex, OwnedMutexGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, OwnedSemaphorePermit, RwLock,
    Semaphore,
};

/// The queues of all sessions, and how much work is done at one time.
#[derive(Debug)]
pub(super) struct Sessions {
    queues: DashMap<String, Arc<Queue>>,
    hands: Arc<Semaphore>,
}

/// The queue of one session.
#[derive(Debug, Default)]
struct Queue {
    /// Who may look at the session, and who may change it.
    turns: Arc<RwLock<()>>,
    /// Who may tell what a review came to.
    telling: Arc<Mutex<()>>,
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

/// A place in the order in which verdicts are told.
pub(super) struct Place {
    reached: Pin<Box<dyn Future<Output = OwnedMutexGuard<()>> + Send>>,
    /// The turn has come already.
    held: Option<OwnedMutexGuard<()>>,
}

impl Place {
    /// Waits until all that was asked for before has been told. Nobody else tells as long as this is held.
    pub(super) async fn reached(self) -> OwnedMutexGuard<()> {
        match self.held {
            Some(held) => held,
            None => self.reached.await,
        }
    }
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
        let turn = Arc::clone(&self.queue(session).turns).read_owned().await;
        Look { _turn: turn, _hand: Arc::clone(&self.hands).acquire_owned().await.ok() }
    }

    /// Waits until all that came before is done.
    pub(super) async fn change(&self, session: &str) -> Change {
        let turn = Arc::clone(&self.queue(session).turns).write_owned().await;
        Change { _turn: turn, _hand: Arc::clone(&self.hands).acquire_owned().await.ok() }
    }

    /// Takes a place in the order in which verdicts are told. Who gives up leaves the order.
    pub(super) fn place(&self, session: &str) -> Place {
        let telling = Arc::clone(&self.queue(session).telling);
        let mut reached: Pin<Box<dyn Future<Output = OwnedMutexGuard<()>> + Send>> =
            Box::pin(telling.lock_owned());
        // The lock is fair: whoever asks for it first, by polling once, is first.
        let held = match reached.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(held) => Some(held),
            Poll::Pending => None,
        };
        Place { reached, held }
    }

    /// Forgets a session that is over.
    pub(super) fn forget(&self, session: &str) {
        // Somebody may still stand in the queue; then it stays.
        let alone = |queue: &Arc<Queue>| {
            Arc::strong_count(queue) == 1
                && Arc::strong_count(&queue.turns) == 1
                && Arc::strong_count(&queue.telling) == 1
        };
        self.queues.remove_if(session, |_, queue| alone(queue));
    }

    fn queue(&self, session: &str) -> Arc<Queue> {
        if let Some(queue) = self.queues.get(session) {
            return Arc::clone(&queue);
        }
        Arc::clone(&self.queues.entry(session.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn verdicts_are_told_in_the_order_of_the_places() {
        let sessions = Sessions::default();
        let (first, second, third) = (sessions.place("s"), sessions.place("s"), sessions.place("s"));
        let told = Arc::new(std::sync::Mutex::new(Vec::new()));
        let tell = |nth: u8, place: Place| {
            let told = Arc::clone(&told);
            tokio::spawn(async move {
                let _held = place.reached().await;
                told.lock().unwrap().push(nth);
            })
        };
        let late = tell(3, third);
        tokio::task::yield_now().await;
        // Who gives up holds nobody up.
        drop(second);
        let early = tell(1, first);
        early.await.unwrap();
        late.await.unwrap();
        assert_eq!(*told.lock().unwrap(), [1, 3]);
    }

    #[tokio::test]
    async fn sessions_do_not_wait_for_each_other() {
        let sessions = Sessions::default();
        let _first = sessions.place("a");
        sessions.place("b").reached().await;
        sessions.forget("b");
        assert!(sessions.queues.contains_key("a") && !sessions.queues.contains_key("b"));
    }
}
