//! The JSON Lines that `banksman replay` reads and writes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Action, Decision, InjectionSpan, Origin};

/// One line of a recorded session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum ReplayEvent {
    /// A session begins.
    Session {
        /// The session's name; sessions may interleave.
        session: String,
        /// The workspace folder, absolute.
        workspace: String,
        /// The directory the agent works in, absolute or relative to the workspace.
        #[serde(default)]
        cwd: Option<String>,
    },
    /// The user speaks.
    Prompt {
        /// The session's name.
        session: String,
        /// The user's words.
        text: String,
    },
    /// The agent reads.
    Content {
        /// The session's name.
        session: String,
        /// Names the text in the output.
        id: String,
        /// Where the text comes from.
        origin: Origin,
        /// The text.
        text: String,
    },
    /// The agent proposes.
    Action {
        /// The session's name.
        session: String,
        /// Names the action in the output.
        id: String,
        /// What it proposes.
        action: Action,
    },
    /// What became of an action.
    Outcome {
        /// The session's name.
        session: String,
        /// The action's name.
        id: String,
        /// It was carried out.
        ok: bool,
        /// What it printed or returned.
        #[serde(default)]
        output: Option<String>,
    },
}

/// One line of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum ReplayAnswer {
    /// The verdict on an action.
    #[serde(rename_all = "camelCase")]
    Action {
        /// The session's name.
        session: String,
        /// The action's name.
        id: String,
        /// The decision.
        decision: Decision,
        /// The rules that decided, strictest first.
        rules: Vec<String>,
        /// The verdict in one line.
        summary: String,
        /// How long the review took, in microseconds.
        elapsed_micros: u64,
    },
    /// The reading of a text.
    #[serde(rename_all = "camelCase")]
    Content {
        /// The session's name.
        session: String,
        /// The text's name.
        id: String,
        /// The text tries to instruct the agent.
        injection: bool,
        /// How strongly, from 0 to 1.
        score: f64,
        /// Where.
        spans: Vec<InjectionSpan>,
    },
}
