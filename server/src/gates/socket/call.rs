//! The hook's side of a call.
#![expect(clippy::disallowed_methods, reason = "a call has a deadline")]

use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::super::dialects::{Heard, Say};
use super::frame::{Reply, Request, TELL_LIMIT, VERSION, encode, reply};
use super::{Entry, Meeting, Stream, end};

/// A server that lives says at once that it has heard.
const PROMPTNESS: Duration = Duration::from_millis(2_500);

/// What became of a call.
#[derive(Debug)]
pub enum Called {
    /// No server is there for this folder that listens.
    Nobody,
    /// The server says what to answer.
    Answered(Say),
    /// A server has heard, and then was heard no more: the reason.
    Lost(&'static str),
}

/// Tells the server whose workspace holds `folder` what the client said. `asking` is called when
/// the server puts it to a person, with what can be hung up; until `deadline` it may wait for that.
pub fn call(
    meeting: &Meeting,
    folder: &Path,
    client: &str,
    heard: &Heard,
    deadline: Instant,
    mut asking: impl FnMut(&Stream),
) -> Called {
    let mut entries = meeting.around(folder).into_iter().peekable();
    if entries.peek().is_none() {
        return Called::Nobody;
    }
    let left = || deadline.saturating_duration_since(Instant::now());
    let request = Request {
        version: VERSION,
        client: client.to_owned(),
        wait_millis: u64::try_from(left().as_millis()).unwrap_or(u64::MAX),
        heard: heard.clone(),
    };
    let Ok(frame) = encode(&request, TELL_LIMIT) else { return Called::Nobody };
    for entry in entries {
        let Ok(mut stream) = tell(&entry, &frame, left().min(PROMPTNESS)) else { continue };
        loop {
            let next = stream.wait(left()).and_then(|()| reply(&mut stream));
            match next {
                Ok(Reply::Say(say)) => return Called::Answered(say),
                Ok(Reply::Asking) => asking(&stream),
                Ok(Reply::Taken) => {}
                Ok(Reply::Refused(_)) | Err(_) => {
                    return Called::Lost("the language server went away in the middle of it");
                }
            }
        }
    }
    Called::Nobody
}

/// Tells one server, and waits until it says that it has heard. Whoever cannot say so any more when
/// it comes to it (it was frozen, or is very busy) does not begin with it.
fn tell(entry: &Entry, frame: &[u8], patience: Duration) -> io::Result<Stream> {
    let mut stream = end(&entry.path)?;
    stream.wait(patience)?;
    stream.write_all(frame)?;
    match reply(&mut stream)? {
        Reply::Taken => Ok(stream),
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}
