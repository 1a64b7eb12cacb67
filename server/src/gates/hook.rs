//! One call of a hook: a client's JSON comes in, one answer goes out.
//!
//! Clients go on when a hook dies, dawdles or babbles. So the work is done in a thread of its own,
//! and whoever waits for it answers with a stop when the thread fails or is late.
#![expect(clippy::disallowed_methods, reason = "a hook has a deadline")]

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::attend;
use super::dialects::{Answer, Around, Dialect, Event, Heard, Moment, Reason, Say};
use super::socket::{self, Called, Meeting};
use crate::guard::Guard;

/// How long a hook takes at the most when nobody is asked: shorter than any client waits.
pub const PATIENCE: Duration = Duration::from_secs(12);
/// How long it takes at the most when a person is asked in the editor and it was not told how long the
/// client waits: shorter than all of them do.
pub const WAIT: Duration = Duration::from_secs(25);
/// The largest payload that is read, in bytes.
pub const LIMIT: u64 = 16 * 1024 * 1024;
/// Deeply nested commands are read by recursion; a thread that overflows its stack cannot be caught.
const STACK: usize = 256 * 1024 * 1024;

/// What a hook needs to do its work.
pub struct Gate {
    /// The client's way of speaking.
    pub dialect: &'static Dialect,
    /// What the process found around it.
    pub around: Around,
    /// Makes the guard. What it costs counts in the time.
    pub guard: Box<dyn FnOnce() -> Guard + Send>,
    /// The workspace around a folder.
    pub workspace_of: fn(&Path) -> PathBuf,
    /// Where the language server of the workspace may be met.
    pub meeting: Option<Meeting>,
    /// How long the hook may take when nobody is asked.
    pub patience: Duration,
    /// How long it may take when a person is asked in the editor.
    pub wait: Duration,
    /// The largest payload that is read, in bytes.
    pub limit: u64,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("dialect", &self.dialect.name).finish_non_exhaustive()
    }
}

/// What the working thread reports.
enum Report {
    /// It understood what was asked.
    Understood(Moment),
    /// A person is asked.
    Asking,
    /// It is done.
    Done(Answer),
}

/// Answers one call of a hook. Returns in time, whatever happens.
pub fn run(gate: Gate, input: impl Read + Send + 'static) -> Answer {
    let start = Instant::now();
    let (mut deadline, latest) = (start + gate.patience, start + gate.wait);
    let dialect = gate.dialect;
    let (sender, reports) = channel();
    let work = move || {
        let done = catch_unwind(AssertUnwindSafe(|| work(gate, input, latest, &sender)));
        // Without an answer the sender is dropped, and that is told below.
        if let Ok(answer) = done {
            let _ = sender.send(Report::Done(answer));
        }
    };
    if std::thread::Builder::new().stack_size(STACK).spawn(work).is_err() {
        return (dialect.stop)(&Reason::failure("no thread could be started").agent);
    }
    let mut moment = None;
    loop {
        match reports.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Report::Understood(understood)) => moment = Some(understood),
            Ok(Report::Asking) => deadline = deadline.max(latest),
            Ok(Report::Done(answer)) => return answer,
            Err(RecvTimeoutError::Timeout) => {
                return stop(dialect, moment.as_ref(), "the review took too long");
            }
            Err(RecvTimeoutError::Disconnected) => {
                return stop(dialect, moment.as_ref(), "the guard itself failed");
            }
        }
    }
}

/// Tells the client to stop, as exactly as is known what it asked.
fn stop(dialect: &Dialect, moment: Option<&Moment>, why: &str) -> Answer {
    match moment {
        Some(moment) => (dialect.answer)(moment, &attend::failed(moment.kind, why)),
        None => (dialect.stop)(&Reason::failure(why).agent),
    }
}

fn work(gate: Gate, input: impl Read, latest: Instant, sender: &Sender<Report>) -> Answer {
    let heard = read(input, gate.limit).and_then(|said| (gate.dialect.hear)(&said, &gate.around));
    let heard = match heard {
        Ok(heard) => heard,
        Err(why) => return stop(gate.dialect, None, &why),
    };
    let _ = sender.send(Report::Understood(heard.moment.clone()));
    let say = match &heard.event {
        Event::Other => Say::Nothing,
        Event::Before(call) if call.actions.is_empty() => Say::Nothing,
        _ => match told(&gate, &heard, latest, sender) {
            Called::Answered(say) => say,
            Called::Lost(why) => attend::failed(heard.moment.kind, why),
            Called::Nobody => {
                let guard = (gate.guard)();
                attend::enter(&guard, &heard, gate.workspace_of);
                match &heard.event {
                    Event::Before(call) => {
                        let reviewed = attend::reviews(&guard, &heard, call);
                        attend::decided(&guard, &heard, call, &reviewed)
                    }
                    _ => attend::note(&guard, &heard).0,
                }
            }
        },
    };
    (gate.dialect.answer)(&heard.moment, &say)
}

/// Tells the server that the workspace has, if it has one.
fn told(gate: &Gate, heard: &Heard, latest: Instant, sender: &Sender<Report>) -> Called {
    let Some(meeting) = &gate.meeting else { return Called::Nobody };
    let folder = attend::real(heard.workspace.as_deref().unwrap_or(&heard.cwd));
    socket::call(meeting, &folder, gate.dialect.name, heard, latest, |_| {
        let _ = sender.send(Report::Asking);
    })
}

fn read(input: impl Read, limit: u64) -> Result<Value, String> {
    let mut bytes = Vec::new();
    input
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("what the client said could not be read: {error}"))?;
    if bytes.len() as u64 > limit {
        return Err(format!("what the client said is longer than {limit} bytes"));
    }
    let said: Value = serde_json::from_slice(&bytes)
        .map_err(|error| format!("what the client said is not JSON ({error})"))?;
    said.is_object().then_some(said).ok_or_else(|| "what the client said is not a JSON object".to_owned())
}

#[cfg(test)]
mod tests;
