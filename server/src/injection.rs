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

/// How far the words of an instruction reach before and after what gives it away, in bytes.
const REACH_BEFORE: usize = 400;
const REACH_AFTER: usize = 1_200;

impl Reading {
    /// The text tries to instruct the agent.
    #[must_use]
    pub fn injected(&self) -> bool {
        self.score >= THRESHOLD
    }

    /// The passages around what was found, in which the instruction itself stands.
    pub fn reach<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        self.spans.iter().map(|found| {
            let mut start = found.span.start.saturating_sub(REACH_BEFORE);
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            let mut end = found.span.end.saturating_add(REACH_AFTER).min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.get(start..end).unwrap_or_default()
        })
    }
}

/// Reads a text that the agent has read.
#[must_use]
pub fn read(text: &str, origin: &Origin) -> Reading {
    let _ = (text, origin);
    Reading::default()
}

/// The texts that stand hidden or encoded in `text`.
#[must_use]
pub fn uncovered(text: &str) -> Vec<String> {
    let _ = text;
    Vec::new()
}
