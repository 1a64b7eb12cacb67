//! The durable record of every event and verdict.

/// The durable record of every event and verdict.
#[derive(Debug)]
pub struct Ledger;
