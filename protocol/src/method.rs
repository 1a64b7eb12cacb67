//! The names of the `banksman/*` messages.

/// Request: review one action.
pub const REVIEW: &str = "banksman/review";
/// Request: a person answers what was asked, or clears what was blocked for a retry.
pub const RESOLVE: &str = "banksman/resolve";
/// Request: everything a verdict rests on.
pub const EXPLAIN: &str = "banksman/explain";
/// Request: the state of one session.
pub const SESSION: &str = "banksman/session";
/// Request: change the mode of a session or of a workspace.
pub const SET_MODE: &str = "banksman/setMode";
/// Notification: what the user said to the agent.
pub const PROMPT: &str = "banksman/prompt";
/// Notification: text that the agent read.
pub const CONTENT: &str = "banksman/content";
/// Notification: what became of an action.
pub const OUTCOME: &str = "banksman/outcome";
/// Notification: the conversation is over.
pub const SESSION_END: &str = "banksman/sessionEnd";
/// Notification from the server: every verdict.
pub const VERDICT: &str = "banksman/verdict";
/// Request from the server: a person is to decide.
pub const ASK: &str = "banksman/ask";
