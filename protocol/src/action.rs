//! What an agent proposes to do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

/// One thing an agent wants to do, before it is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Action {
    /// Run a command line in a POSIX shell.
    Command {
        /// The command line, as the shell would be given it.
        command: String,
        /// The directory to run it in; the session's directory when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cwd: Option<String>,
    },
    /// Change a file, or create it.
    Edit {
        /// The file, absolute or relative to the session's directory.
        path: String,
        /// The text that is replaced; null when `new` is the whole file.
        old: Option<String>,
        /// The text that takes its place.
        new: String,
    },
    /// Delete a file or a folder with all it holds.
    Delete {
        /// The file or folder, absolute or relative to the session's directory.
        path: String,
    },
    /// Read a file.
    Read {
        /// The file, absolute or relative to the session's directory.
        path: String,
    },
    /// Send an HTTP request.
    Fetch {
        /// The address.
        url: String,
        /// The HTTP method; `GET` when absent.
        #[serde(default = "get")]
        method: String,
        /// What is sent, when something is.
        #[serde(default)]
        body: Option<String>,
    },
    /// Call a tool of an MCP server.
    Tool {
        /// The name of the server as the client knows it.
        server: String,
        /// The name of the tool.
        tool: String,
        /// The arguments of the call.
        #[serde(default)]
        #[ts(type = "Record<string, unknown>")]
        arguments: Map<String, Value>,
        /// The hints of the MCP server about the tool. They are claims of the server, not facts.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        annotations: Option<Annotations>,
        /// What the server says the tool does. A claim of the server, not a fact.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    /// Hand a brief to a subagent.
    Delegate {
        /// What the subagent is told to do.
        prompt: String,
    },
}

fn get() -> String {
    "GET".to_owned()
}

impl Action {
    /// The word by which the wire and people call this kind of action.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Command { .. } => "command",
            Self::Edit { .. } => "edit",
            Self::Delete { .. } => "delete",
            Self::Read { .. } => "read",
            Self::Fetch { .. } => "fetch",
            Self::Tool { .. } => "tool",
            Self::Delegate { .. } => "delegate",
        }
    }
}

/// The tool hints of the Model Context Protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "camelCase")]
pub struct Annotations {
    /// The server says that the tool changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_only_hint: Option<bool>,
    /// The server says that the tool may destroy something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destructive_hint: Option<bool>,
    /// The server says that calling the tool twice is as calling it once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotent_hint: Option<bool>,
    /// The server says that the tool reaches systems beyond the server itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_world_hint: Option<bool>,
}
