//! Hooks of agents' clients, which come by the local socket: one socket for each workspace folder.
//!
//! A hook's review is shown, asked about and remembered as an editor's own. One call of a tool may
//! come by several hooks, at one time or one after the other: it is one review and one question.
#![expect(clippy::disallowed_methods, reason = "questions have a deadline, and servers a start")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;

use super::server::Server;
use crate::gates::attend;
use crate::gates::dialects::Say;
use crate::gates::socket::{self, Entry, Listener, Meeting, Reply, Standing};

mod calls;
mod work;

use calls::{Calls, Stage};

/// How long a hook has to say what it wants, and to hear the answer.
const PROMPTNESS: Duration = Duration::from_secs(10);
/// How many hooks are served at one time; more wait outside.
const AT_ONCE: usize = 256;
/// How often it is looked whether the socket still has its name.
const ROUND: Duration = Duration::from_secs(20);
/// How much sooner than the hook the person's time is over.
const MARGIN: Duration = Duration::from_millis(1_500);

/// The sockets of this server.
#[derive(Debug)]
pub(super) struct Hooks {
    meeting: Option<Meeting>,
    listening: Mutex<BTreeMap<PathBuf, JoinHandle<()>>>,
    places: Arc<Semaphore>,
    calls: Calls,
    started: u64,
}

impl Hooks {
    /// Nobody comes without a meeting place.
    pub(super) fn new(meeting: Option<Meeting>) -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            meeting,
            listening: Mutex::default(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
            calls: Calls::default(),
            started: u64::try_from(started.as_micros()).unwrap_or_default(),
        }
    }

    /// A person has changed their mind about something.
    pub(super) fn reconsider(&self) {
        self.calls.forget();
    }

    /// Listens no longer.
    pub(super) async fn close(&self) {
        let listening = std::mem::take(&mut *self.listening.lock().unwrap_or_else(PoisonError::into_inner));
        for task in listening.into_values() {
            task.abort();
            // The socket goes with the task.
            let _ = task.await;
        }
    }
}

impl Server {
    /// Listens for the hooks of exactly these folders.
    pub(super) fn listen(&self, folders: &[PathBuf]) {
        if self.hooks.meeting.is_none() {
            return;
        }
        let mut listening = self.hooks.listening.lock().unwrap_or_else(PoisonError::into_inner);
        listening.retain(|root, task| {
            let stays = folders.contains(root) && !task.is_finished();
            if !stays {
                task.abort();
            }
            stays
        });
        for root in folders {
            if !listening.contains_key(root) {
                let server = self.clone();
                let folder = root.clone();
                let task = tokio::spawn(async move { server.wait_for_hooks(&folder).await });
                listening.insert(root.clone(), task);
            }
        }
    }

    async fn wait_for_hooks(&self, root: &Path) {
        let mut told = false;
        loop {
            // Another server may take the folder away as it goes, just in between.
            match self.bind(root).or_else(|_| self.bind(root)) {
                Ok((entry, listener)) => {
                    told = false;
                    tracing::info!(socket = %entry.path.display(), "hooks may come");
                    self.let_in(&entry, listener).await;
                }
                Err(error) if !told => {
                    told = true;
                    let root = root.display();
                    self.voice.warn(format!(
                        "Hooks cannot reach this server for `{root}` ({error}); they review by themselves, and \
                         questions are not shown here."
                    ));
                }
                Err(_) => {}
            }
            tokio::time::sleep(ROUND).await;
        }
    }

    fn bind(&self, root: &Path) -> std::io::Result<(Entry, Listener)> {
        let meeting = self.hooks.meeting.as_ref().ok_or(std::io::ErrorKind::NotFound)?;
        let entry = meeting.place(root, self.standing(), self.hooks.started)?;
        let listener = Listener::bind(&entry.path)?;
        Ok((entry, listener))
    }

    fn standing(&self) -> Standing {
        match self.way() {
            Some(super::ask::Way::Own) => Standing::Asks,
            Some(super::ask::Way::Window) => Standing::Shows,
            None => Standing::Mute,
        }
    }

    /// Until the socket has lost its name.
    async fn let_in(&self, entry: &Entry, mut listener: Listener) {
        let mut round = tokio::time::interval(ROUND);
        loop {
            let hook = tokio::select! {
                hook = listener.accept() => hook,
                _ = round.tick() => {
                    if listener.is_found() { continue }
                    tracing::warn!("the socket for hooks was taken away");
                    return;
                }
            };
            match hook {
                Ok(hook) => {
                    let Ok(place) = Arc::clone(&self.hooks.places).acquire_owned().await else { return };
                    let (server, root) = (self.clone(), entry.root.clone());
                    tokio::spawn(async move { server.hook(hook, root, place).await });
                }
                Err(error) => {
                    tracing::warn!(%error, "a hook could not be let in");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    /// One call of a hook. Whoever hears nothing in the end has to stop.
    async fn hook(
        self,
        mut hook: impl AsyncRead + AsyncWrite + Unpin,
        root: PathBuf,
        _place: OwnedSemaphorePermit,
    ) {
        let Ok(Ok(body)) = tokio::time::timeout(PROMPTNESS, socket::receive(&mut hook)).await else { return };
        let request = match socket::request(&body) {
            Ok(request) => request,
            Err(why) => {
                say(&mut hook, &Reply::Refused(why)).await;
                return;
            }
        };
        drop(body);
        if !say(&mut hook, &Reply::Taken).await {
            return;
        }
        let wait = Duration::from_millis(request.wait_millis).min(Duration::from_secs(3600));
        let until = Instant::now() + wait.saturating_sub(MARGIN);
        let (kind, asks) = (request.heard.moment.kind, request.heard.moment.asks);
        let mut stage = self.answer_hook(request.heard, root, until);
        let mut byte = [0];
        loop {
            let now = stage.borrow_and_update().clone();
            match now {
                Stage::Done(answer) => {
                    // The call may have come by another hook, of a client that can ask.
                    let answer = match answer {
                        Say::Ask(reason) if !asks => Say::Deny(reason),
                        other => other,
                    };
                    say(&mut hook, &Reply::Say(answer)).await;
                    return;
                }
                Stage::Asking if !say(&mut hook, &Reply::Asking).await => return,
                Stage::Asking | Stage::Reviewing => {}
            }
            tokio::select! {
                changed = stage.changed() => if changed.is_err() {
                    let answer = attend::failed(kind, "the guard itself failed");
                    say(&mut hook, &Reply::Say(answer)).await;
                    return;
                },
                // A hook that goes away does not wait for the answer any more.
                _ = hook.read(&mut byte) => return,
            }
        }
    }
}

/// Says one thing. False when nobody listens.
async fn say(hook: &mut (impl AsyncWrite + Unpin), reply: &Reply) -> bool {
    let Ok(frame) = socket::encode(reply, socket::SAY_LIMIT) else { return false };
    let written = async {
        hook.write_all(&frame).await?;
        hook.flush().await
    };
    matches!(tokio::time::timeout(PROMPTNESS, written).await, Ok(Ok(())))
}
