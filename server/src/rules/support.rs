//! What several rules share, and what is no rule itself.

pub(super) mod names;
pub(super) mod openings;
pub(super) mod popular;
pub(super) mod secrets;
pub(super) mod services;
pub(super) mod sources;
