//! Banksman reviews every action that a coding agent proposes before it runs.
//!
//! The modules stand in the order in which an action passes through them.

pub mod action;
pub mod world;
pub mod trail;
pub mod effects;
pub mod rules;
pub mod consent;
pub mod injection;
pub mod settings;
pub mod verdict;
pub mod review;
pub mod redact;
pub mod guard;
pub mod ledger;
pub mod replay;
pub mod gates;
pub mod lsp;
