//! What the user's own words allow and forbid, as data.
//!
//! Only prompts and answers to an ask come in here. Questions grant nothing, quotations grant
//! nothing, and nothing that an agent read or said is ever looked at.

use crate::effects::Effect;

mod grant;
mod operation;
mod prompt;

pub use grant::{Boundary, BoundaryForce, Grant, Target};
pub use operation::{Need, Operation, operations_of};

/// All that the user has said in a session, as understood.
#[derive(Clone, Debug, Default)]
pub struct Consent {
    /// The user's words, in order.
    pub prompts: Vec<String>,
    /// What is allowed.
    pub grants: Vec<Grant>,
    /// What is forbidden.
    pub boundaries: Vec<Boundary>,
}

impl Consent {
    /// Takes in what the user said next.
    pub fn hear(&mut self, text: &str) {
        self.prompts.push(text.to_owned());
        let turn = self.prompts.len();
        prompt::hear(self, text, turn);
    }

    /// There are words to compare an action with.
    #[must_use]
    pub fn has_scope(&self) -> bool {
        !self.prompts.is_empty()
    }

    /// The grant that covers what a rule says must be named.
    #[must_use]
    pub fn covers(&self, need: &Need) -> Option<&Grant> {
        self.grants.iter().rev().find(|grant| grant.covers(need))
    }

    /// The boundary that an effect crosses.
    #[must_use]
    pub fn crossed(&self, effect: &Effect) -> Option<&Boundary> {
        self.boundaries.iter().find(|boundary| boundary.is_crossed_by(effect))
    }
}
