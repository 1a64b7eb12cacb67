//! The types on Banksman's wire and nothing else.
//!
//! `protocol/banksman.md` describes every message with examples that the tests parse.
//! The JSON schemas and `types.ts` beside it are generated from these types.

mod action;
mod verdict;
mod message;
mod replay;
mod capability;
pub mod method;

pub use action::*;
pub use capability::*;
pub use message::*;
pub use replay::*;
pub use verdict::*;
