//! The bundled session: what the user says, what the agent says and wants.

use banksman_protocol::{Action, Answer};
use serde::Deserialize;

use crate::cli::Failure;

const SESSION: &str = include_str!("../../../assets/demo/session.jsonl");

/// One thing that happens.
#[derive(Debug, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub(super) enum Event {
    /// A new part of the story.
    Chapter { text: String },
    /// The user tells the agent something.
    Prompt { text: String },
    /// The agent tells the user something.
    Says { text: String },
    /// The agent wants to do something.
    Action {
        action: Action,
        /// What it prints or returns once it may go on.
        output: Option<String>,
        /// What the person answers when asked.
        answer: Option<Answer>,
    },
}

/// The events in order.
pub(super) fn events() -> Result<Vec<Event>, Failure> {
    let parsed = SESSION.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    parsed.map_err(|error| Failure::new(format!("the bundled session: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_session_can_be_read() {
        let events = events().unwrap();
        let actions = events.iter().filter(|event| matches!(event, Event::Action { .. })).count();
        assert!(actions >= 12, "{actions}");
    }
}
