//! What client and server tell each other in `initialize`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The version of these messages. Changes are additive; a break raises it.
pub const VERSION: u32 = 1;

/// The code of the JSON-RPC error for a verdict that the server does not know.
pub const UNKNOWN_VERDICT: i64 = -32010;

/// The code of the JSON-RPC error for a mode that the settings of the machine forbid.
pub const REFUSED: i64 = -32011;

/// `capabilities.experimental.banksman` of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClientCapability {
    /// The client answers `banksman/ask`.
    #[serde(default)]
    pub ask: bool,
}

/// `capabilities.experimental.banksman` of the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerCapability {
    /// The version of these messages.
    pub version: u32,
}

/// `initializationOptions.banksman` of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct InitializationOptions {
    /// The server puts what is to be asked to the person, and answers `banksman/review` with what the
    /// person decided. Set by itself for clients that answer `banksman/ask`.
    #[serde(default)]
    pub ask: bool,
    /// How long the server waits for the person at most, in milliseconds. The settings'
    /// `ask_deadline_seconds` holds when it is absent or longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_deadline_millis: Option<u64>,
}
