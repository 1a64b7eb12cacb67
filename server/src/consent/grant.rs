//! One thing that the user allows or forbids.

use super::{Need, Operation};
use crate::effects::Effect;

/// Something that the user allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What may be done.
    pub operation: Operation,
    /// To what.
    pub target: Target,
    /// The user's words.
    pub quote: String,
    /// The turn they were said in, counted from 1.
    pub turn: usize,
}

/// What a grant or a boundary is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Whatever it is done to.
    Any,
    /// One of these, as the user wrote them, in lower case.
    Named(Vec<String>),
}

/// Something that the user forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// What may not be done. Empty: nothing that changes anything.
    pub operations: Vec<Operation>,
    /// To what. For [`BoundaryForce::Only`]: to what it may be done.
    pub target: Target,
    /// What kind of boundary it is.
    pub force: BoundaryForce,
    /// The user's words.
    pub quote: String,
    /// The turn they were said in, counted from 1.
    pub turn: usize,
}

/// What kind of boundary it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundaryForce {
    /// Not at all, until it is lifted.
    Never,
    /// Not without asking first.
    AskFirst,
    /// Nowhere but there.
    Only,
}

impl Grant {
    /// The grant covers what a rule says must be named.
    #[must_use]
    pub fn covers(&self, need: &Need) -> bool {
        let _ = need;
        false
    }
}

impl Boundary {
    /// The effect crosses the boundary.
    #[must_use]
    pub fn is_crossed_by(&self, effect: &Effect) -> bool {
        let _ = effect;
        false
    }
}
