//! What Banksman answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is to happen with an action. Ordered: the strictest wins.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Go on.
    Allow,
    /// A person decides.
    Ask,
    /// Do not run it.
    Block,
}

impl Decision {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Block => "block",
        }
    }
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// A range of bytes in the text of an action: the command line, the new text of an edit,
/// the path of a delete or read, the address of a fetch, the brief of a delegate,
/// the arguments of a tool call as compact JSON.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// Where in a file the evidence stands, when an action runs a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS)]
pub struct Place {
    /// The file, absolute.
    pub path: String,
    /// The line, counted from 1.
    pub line: u32,
}

/// What one rule says about an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule, by name.
    pub rule: String,
    /// What the rule asks for.
    pub decision: Decision,
    /// Nothing said in the conversation clears it.
    pub hard: bool,
    /// What would happen and why it matters: one or two sentences.
    pub message: String,
    /// The evidence in the text of the action.
    pub span: Span,
    /// The evidence in a file that the action runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What would clear it.
    pub clears: String,
    /// A safer way.
    pub instead: String,
    /// The user's words that cleared it, if they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cleared_by: Option<String>,
}

/// One thing that an action would do to the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct EffectView {
    /// The kind of effect, in kebab-case.
    pub kind: String,
    /// What it acts on: a path, a host, a package, a branch.
    pub target: String,
    /// The effect in words.
    pub summary: String,
    /// The evidence in the text of the action.
    pub span: Span,
    /// How sure Banksman is that it would happen.
    pub certainty: Certainty,
    /// Whether it can be undone.
    pub reversibility: Reversibility,
}

/// How sure Banksman is of an effect.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// It may happen, depending on what is not known here.
    Possible,
    /// It would happen as far as can be seen.
    Likely,
    /// It would happen.
    Certain,
}

/// Whether an effect can be undone.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "lowercase")]
pub enum Reversibility {
    /// Nothing is changed.
    Harmless,
    /// What was there can be brought back.
    Reversible,
    /// It is not known whether it can be undone.
    Unknown,
    /// It cannot be undone.
    Irreversible,
}

/// The answer to one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Names this verdict in the ledger, in `banksman/resolve` and `banksman/explain`.
    pub id: String,
    /// What is to happen.
    pub decision: Decision,
    /// SHA-256 of the action and its directory, in hex. An approval holds for this digest only.
    pub digest: String,
    /// The verdict in one line.
    pub summary: String,
    /// What the rules say, strictest first. Cleared findings stand last, with the words that cleared them.
    pub findings: Vec<Finding>,
    /// What the action would do.
    pub effects: Vec<EffectView>,
    /// The user's words that counted.
    pub grants: Vec<String>,
    /// How long the review took, in microseconds.
    pub elapsed_micros: u64,
}
