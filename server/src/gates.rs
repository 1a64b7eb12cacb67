//! Where an agent asks before it acts: each client's own way of asking, turned into reviews.
//!
//! The gates have no policy of their own. They hear what a client says, call the guard, and answer
//! in the client's words. Whatever goes wrong on the way is answered as a stop.

pub mod acp;
pub mod dialects;
pub mod hook;
pub mod import;
pub mod mcp;
pub mod probe;
pub mod proxy;
pub mod setup;
pub mod socket;

pub(crate) mod attend;
pub mod counsel;
mod patch;
mod read;
pub(crate) mod say;
mod tools;
