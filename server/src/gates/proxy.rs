//! What the proxies share: a child process, and frames that pass between it and whoever started us.
//!
//! A proxy stands on two streams of lines. Each line is shown to a judge, which says what is
//! written to which side. The judge is plain code that knows nothing of streams; everything that
//! waits, queues, dies or breaks is dealt with here.

use std::sync::Arc;
use std::time::Duration;

mod far;
pub mod frame;
mod lane;
pub(crate) mod lines;
mod pump;
mod work;

pub use far::Far;
pub use frame::{Body, Frame};
pub use pump::{Ended, Pump};

/// How long one frame may be looked at.
pub const PATIENCE: Duration = Duration::from_secs(12);
/// The longest frame that is read, in bytes. Pictures travel in them.
pub const LIMIT: usize = 64 * 1024 * 1024;

/// One end of a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who started the proxy: the editor, or the client of the server.
    Client,
    /// What the proxy started: the agent, or the server.
    Child,
}

impl Side {
    /// The other end.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Child,
            Self::Child => Self::Client,
        }
    }
}

/// What is to be done after a frame was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// One line, with its end, for one side.
    To(Side, Vec<u8>),
    /// Come back to this after a while.
    Later(u64, Duration),
    /// Do this elsewhere, and come back to it then. Meanwhile frames go on passing.
    Errand(u64, Errand),
}

/// Something that takes longer than a frame may be looked at.
#[derive(Clone)]
pub struct Errand(Arc<dyn Fn() + Send + Sync>);

impl Errand {
    /// Something to do. What comes of it is kept by whoever wants it done.
    pub fn new(work: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(work))
    }

    /// Does it.
    pub fn run(&self) {
        (self.0)();
    }
}

impl std::fmt::Debug for Errand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Errand")
    }
}

impl PartialEq for Errand {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Errand {}

/// Looks at what passes. All of it is called from one thread, one frame after the other.
pub trait Judge: Send + 'static {
    /// A frame came from one side.
    fn hear(&mut self, from: Side, frame: &Frame) -> Vec<Out>;

    /// The time of something that was to be looked at later has come.
    fn due(&mut self, token: u64) -> Vec<Out>;

    /// Both ends are gone, or about to be.
    fn over(&mut self) {}

    /// A frame could not be looked at: the judge failed, or was too slow. What it would have
    /// gated does not happen. Knows nothing but the frame.
    fn refuse(from: Side, frame: &Frame, why: &str) -> Vec<Out>
    where
        Self: Sized;
}
