//! Is this text trying to instruct the agent?
//!
//! A score is a mark on the text, never a verdict of its own: rules use it to see that an
//! action's decisive string comes from a text that tried to give orders.

use banksman_protocol::{InjectionSpan, Origin};

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// How strongly the text tries to instruct the agent, from 0 to 1.
    pub score: f64,
    /// Where.
    pub spans: Vec<InjectionSpan>,
}

/// The score from which a text counts as trying to instruct the agent.
pub const THRESHOLD: f64 = 0.5;

impl Reading {
    /// The text tries to instruct the agent.
    #[must_use]
    pub fn injected(&self) -> bool {
        self.score >= THRESHOLD
    }
}

/// Reads a text that the agent has read.
#[must_use]
pub fn read(text: &str, origin: &Origin) -> Reading {
    let _ = (text, origin);
    Reading::default()
}
