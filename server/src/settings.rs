//! The settings in force.

use crate::rules::Context;
use crate::verdict::Finding;
use banksman_protocol::Mode;

/// The settings in force.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The mode that sessions start in.
    pub mode: Mode,
}

impl Settings {
    /// Lets the user's own rules speak.
    pub fn apply(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        let _ = (context, findings);
    }
}

/// Something in a settings file that could not be taken as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem;
