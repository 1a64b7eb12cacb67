//! The `banksman/*` requests and notifications.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Action, Decision, EffectView, Finding, Span, Verdict};

/// `banksman/review`: review one action. Answered with a [`Verdict`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReviewParams {
    /// The agent conversation.
    pub session: String,
    /// What the agent proposes.
    pub action: Action,
    /// The agent's own name for the call. The same name gets the same verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    /// The workspace folder the session works in; the first folder of the editor when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
}

/// `banksman/resolve`: a person answers what was asked, or clears what was blocked for a retry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResolveParams {
    /// The verdict's id.
    pub verdict: String,
    /// What the person decided.
    pub answer: Answer,
    /// What the person wants the agent to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a person decides about an asked or blocked action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// This very action, once.
    Once,
    /// This very action, in this session.
    Session,
    /// This very action, in this workspace.
    Workspace,
    /// Not to be run.
    No,
}

/// The result of `banksman/resolve`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
    /// What now holds for the action.
    pub decision: Decision,
    /// Why the answer could not be taken as given, when it could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `banksman/explain`: everything a verdict rests on. Answered with an [`Explanation`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainParams {
    /// The verdict's id.
    pub verdict: String,
}

/// Everything a verdict rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The verdict as it was given.
    pub verdict: Verdict,
    /// The action as it was reviewed, with secrets redacted.
    pub action: Action,
    /// What the action would do.
    pub effects: Vec<EffectView>,
    /// What the rules say.
    pub findings: Vec<Finding>,
    /// The user's words that allow something, as understood.
    pub grants: Vec<ConsentView>,
    /// The user's words that forbid something, as understood.
    pub boundaries: Vec<ConsentView>,
    /// Where the strings that decided were first seen.
    pub provenance: Vec<Provenance>,
}

/// A grant or a boundary, as understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsentView {
    /// What is allowed or forbidden, in words.
    pub meaning: String,
    /// The user's words.
    pub quote: String,
    /// The turn of the conversation, counted from 1.
    pub turn: usize,
}

/// Where a host, an address, a path, a package or a command line was first seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// What was seen.
    pub what: String,
    /// Where: the user's words, the workspace, a file, a web page, a command's output, a tool's result.
    pub origin: String,
}

/// `banksman/session`: the state of one session. Answered with a [`SessionState`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionParams {
    /// The agent conversation.
    pub session: String,
}

/// The state of one session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionState {
    /// The agent conversation.
    pub session: String,
    /// The mode in force.
    pub mode: Mode,
    /// The session has paused to `manual` after too many blocks.
    pub paused: bool,
    /// The user's words that allow something.
    pub grants: Vec<ConsentView>,
    /// The user's words that forbid something.
    pub boundaries: Vec<ConsentView>,
    /// How many actions were allowed.
    pub allowed: u64,
    /// How many actions were asked about.
    pub asked: u64,
    /// How many actions were blocked.
    pub blocked: u64,
    /// The latest verdicts, newest last.
    pub recent: Vec<Verdict>,
}

/// How much Banksman lets flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Ask for whatever is not read-only.
    Manual,
    /// Safe work flows, the rest is asked or blocked.
    #[default]
    Auto,
    /// As `auto`, but ask counts as block. For unattended runs.
    Strict,
    /// Nothing asks; only hard findings block.
    Bypass,
    /// Only read-only actions.
    Plan,
}

impl Mode {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Auto => "auto",
            Self::Strict => "strict",
            Self::Bypass => "bypass",
            Self::Plan => "plan",
        }
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// `banksman/setMode`: change the mode of a session, or of the workspace when no session is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetModeParams {
    /// The agent conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// How much is to flow from now on.
    pub mode: Mode,
}

/// `banksman/prompt`: what the user said to the agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct PromptParams {
    /// The agent conversation.
    pub session: String,
    /// The user's words.
    pub text: String,
}

/// `banksman/content`: text that the agent read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContentParams {
    /// The agent conversation.
    pub session: String,
    /// Where the text comes from.
    pub origin: Origin,
    /// All of it that the agent has read, as it came.
    pub text: String,
}

/// Where a text that the agent read comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS)]
pub struct Origin {
    /// The kind of source.
    pub kind: OriginKind,
    /// A file's path, a page's address, a command line, a tool's name.
    pub name: String,
}

/// The kind of source of a text that the agent read.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "lowercase")]
pub enum OriginKind {
    /// A file.
    File,
    /// A web page or an API's answer.
    Web,
    /// The output of a command.
    Command,
    /// The result of an MCP tool.
    Tool,
}

/// `banksman/outcome`: what became of an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeParams {
    /// The agent conversation.
    pub session: String,
    /// The agent's name for the call, as in `banksman/review`.
    pub tool_call_id: String,
    /// It was carried out.
    pub ok: bool,
    /// What it printed or returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
}

/// `banksman/sessionEnd`: the conversation is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionEndParams {
    /// The agent conversation.
    pub session: String,
}

/// `banksman/verdict`: every verdict, for the decision view. Sent by the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct VerdictParams {
    /// The agent conversation.
    pub session: String,
    /// The action, with secrets redacted.
    pub action: Action,
    /// What holds for the action now; the same id may come again with another decision.
    pub verdict: Verdict,
}

/// `banksman/ask`: a person is to decide. Sent by the server to clients that declare
/// `experimental.banksman.ask`. Answered with an [`AskResult`]; no answer in time means no.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct AskParams {
    /// The agent conversation.
    pub session: String,
    /// The action, with secrets redacted.
    pub action: Action,
    /// Why the person is asked. Its decision is `ask`.
    pub verdict: Verdict,
    /// How long the server waits, in milliseconds.
    pub deadline_millis: u64,
}

/// The answer to `banksman/ask`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct AskResult {
    /// What the person decided.
    pub answer: Answer,
    /// What the person wants the agent to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A stretch of a read text that tries to instruct the agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct InjectionSpan {
    /// Where it stands, in bytes of the text.
    pub span: Span,
    /// Why it stands out.
    pub why: String,
    /// How much it weighs, from 0 to 1.
    pub score: f64,
}
