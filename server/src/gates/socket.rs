//! How a hook finds the language server of its workspace, and what they say to each other.
//!
//! Every server has a socket of its own for each of its workspace folders, in a folder that only
//! the user may enter and that is named after the workspace. Nothing has to be taken over when a
//! server goes: the next hook finds the other one. A server that was killed leaves a socket that
//! nobody answers; the next server sweeps it away.

mod call;
mod end;
mod frame;
mod meeting;

pub use call::{Called, call};
pub use end::{Hangup, Listener, Stream, end};
pub use frame::{Reply, Request, SAY_LIMIT, TELL_LIMIT, VERSION, encode, receive, request};
pub use meeting::{Entry, Meeting, Standing};
