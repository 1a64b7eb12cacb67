//! The types on Banksman's wire and nothing else.
//!
//! `protocol/banksman.md` describes every message with examples that the tests parse.
//! The JSON schemas and `types.ts` beside it are generated from these types.

mod action;
mod message;
mod replay;
mod verdict;

pub use action::*;
pub use message::*;
pub use replay::*;
pub use verdict::*;
