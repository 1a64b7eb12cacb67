//! What a proxy stands in front of: a process, or a task that speaks for something elsewhere.

use std::process::ExitStatus;

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tokio::process::Child;
use tokio::task::JoinHandle;

/// How many bytes wait between the proxy and a task.
const ROOM: usize = 64 * 1024;

/// The way to the far end, for lines.
pub(super) type ToFar = Box<dyn AsyncWrite + Unpin + Send>;
/// The way from the far end, for lines.
pub(super) type FromFar = Box<dyn AsyncRead + Unpin + Send>;

/// What a proxy stands in front of.
#[derive(Debug)]
pub enum Far {
    /// A process with both streams.
    Process(Child),
    /// A task in this process.
    Task {
        /// Its stdin and stdout, so to speak.
        streams: Option<DuplexStream>,
        /// Gives the status.
        task: JoinHandle<u8>,
        /// The status, once it has ended.
        ended: Option<u8>,
    },
}

impl Far {
    /// Starts a task that reads and writes lines. To be called inside a tokio runtime.
    pub fn task<W: Future<Output = u8> + Send + 'static>(work: impl FnOnce(DuplexStream) -> W) -> Self {
        let (near, far) = tokio::io::duplex(ROOM);
        Self::Task { streams: Some(near), task: tokio::spawn(work(far)), ended: None }
    }

    pub(super) fn streams(&mut self) -> std::io::Result<(ToFar, FromFar)> {
        let missing = || std::io::Error::other("there are no streams");
        match self {
            Self::Process(child) => {
                let to = child.stdin.take().ok_or_else(missing)?;
                Ok((Box::new(to), Box::new(child.stdout.take().ok_or_else(missing)?)))
            }
            Self::Task { streams, .. } => {
                let (from, to) = tokio::io::split(streams.take().ok_or_else(missing)?);
                Ok((Box::new(to), Box::new(from)))
            }
        }
    }

    /// Until it has ended, with its status. May be called again, and dropped before it comes back.
    pub(super) async fn wait(&mut self) -> u8 {
        match self {
            Self::Process(child) => code(child.wait().await.ok()),
            Self::Task { ended: Some(code), .. } => *code,
            Self::Task { task, ended, .. } => {
                let code = task.await.unwrap_or(1);
                *ended = Some(code);
                code
            }
        }
    }

    /// Ends it.
    pub(super) fn kill(&mut self) {
        match self {
            Self::Process(child) => drop(child.start_kill()),
            Self::Task { task, .. } => task.abort(),
        }
    }
}

/// As shells tell it: the status, or 128 and the signal.
fn code(status: Option<ExitStatus>) -> u8 {
    let Some(status) = status else { return 1 };
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        if let Some(signal) = status.signal() {
            return u8::try_from(128 + signal).unwrap_or(u8::MAX);
        }
    }
    status.code().map_or(1, |code| u8::try_from(code).unwrap_or(1))
}
