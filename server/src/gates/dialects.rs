//! One dialect for each client: what it says on a hook's stdin, and what it wants to hear.

use std::path::PathBuf;

use banksman_protocol::Action;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::read;
pub use super::say::{Reason, Say};
use super::tools::Row;

pub mod claude;
pub mod cline;
pub mod codex;
pub mod copilot;
pub mod cursor;
pub mod gemini;
pub mod opencode;
pub mod vscode;
pub mod windsurf;

/// All dialects, in the order in which they are listed to people.
pub const ALL: [&Dialect; 9] = [
    &claude::DIALECT,
    &vscode::DIALECT,
    &copilot::DIALECT,
    &codex::DIALECT,
    &gemini::DIALECT,
    &opencode::DIALECT,
    &cursor::DIALECT,
    &windsurf::DIALECT,
    &cline::DIALECT,
];

/// How one client speaks.
#[derive(Debug)]
pub struct Dialect {
    /// The word on the command line.
    pub name: &'static str,
    /// The client's own name.
    pub title: &'static str,
    /// It was tried with the real client, not only built after its documents.
    pub verified: bool,
    /// The variable in which the client names the project's folder.
    pub project: Option<&'static str>,
    /// The client's own tools.
    pub(super) tools: &'static [Row],
    /// Understands what came on stdin.
    pub hear: fn(&Value, &Around) -> Result<Heard, String>,
    /// Puts an answer in the client's words.
    pub answer: fn(&Moment, &Say) -> Answer,
    /// Tells the client to stop when it is not even known what it asked.
    pub stop: fn(&str) -> Answer,
    /// The page for people.
    pub page: &'static str,
}

/// The dialect of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Dialect> {
    ALL.into_iter().find(|dialect| dialect.name == name)
}

/// What the hook's process finds around it.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The project's folder, as the client says in the environment.
    pub project: Option<PathBuf>,
    /// The folder the hook was started in.
    pub cwd: PathBuf,
    /// There is a terminal that a person may sit at.
    pub terminal: bool,
}

/// What a client said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Heard {
    /// The agent conversation.
    pub session: String,
    /// The folder that the agent works in.
    pub cwd: PathBuf,
    /// The workspace, when the client names it.
    pub workspace: Option<PathBuf>,
    /// What it is about.
    pub event: Event,
    /// What the answer depends on.
    pub moment: Moment,
}

/// What an answer depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Moment {
    /// The client's own name of the event.
    pub event: String,
    /// What it is about.
    pub kind: Kind,
    /// The payload has the shape that Claude Code made known.
    pub nested: bool,
    /// The client can put a question to a person, and is safe when nobody answers.
    pub asks: bool,
    /// The client holds back by itself what changes something; its own limits stay.
    pub limited: bool,
    /// What a tool gave back, where the answer has to repeat it. Only the hook itself needs it.
    #[serde(skip)]
    pub output: Option<String>,
}

/// What an event is about, for the form of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// The user speaks.
    Prompt,
    /// The agent proposes.
    Before,
    /// The agent has done something.
    After,
    /// Anything else.
    #[default]
    Other,
}

/// What a client tells of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Event {
    /// A conversation begins or goes on.
    Begin,
    /// The user speaks.
    Prompt(String),
    /// The agent proposes.
    Before(Call),
    /// The agent proposes, and whoever tells of it holds it back, puts a question to the person by
    /// itself and tells what was answered.
    Held(Call),
    /// A person answered what was held back.
    Answered {
        /// The verdicts, by name.
        verdicts: Vec<String>,
        /// The answer.
        answer: banksman_protocol::Answer,
    },
    /// The agent has done something.
    After(Call, Ended),
    /// The conversation is over.
    End,
    /// Nothing that concerns Banksman.
    Other,
}

/// One call of a tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// The client's own name for the call.
    pub id: Option<String>,
    /// What it would do. Empty: nothing outside the conversation.
    pub actions: Vec<Action>,
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// It was carried out.
    pub ok: bool,
    /// What it gave back.
    pub output: String,
}

/// What the hook's process writes, and how it ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// One JSON object, or nothing.
    pub stdout: String,
    /// One line, or nothing.
    pub stderr: String,
    /// The exit status.
    pub code: u8,
}

impl Answer {
    /// Nothing at all.
    pub(super) fn silent() -> Self {
        Self::default()
    }

    /// One JSON object.
    pub(super) fn json(value: &Value) -> Self {
        Self { stdout: format!("{value}\n"), ..Self::default() }
    }

    /// Status 2 with the reason on stderr: what most clients take for a stop.
    pub(super) fn two(reason: &str) -> Self {
        Self { stderr: format!("{}\n", reason.replace('\n', " ")), code: 2, ..Self::default() }
    }
}

/// The names that a client's events have.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) begin: &'static [&'static str],
    pub(super) prompt: &'static [&'static str],
    pub(super) before: &'static [&'static str],
    pub(super) after: &'static [&'static str],
    pub(super) failed: &'static [&'static str],
    pub(super) end: &'static [&'static str],
    /// Events that do not concern Banksman.
    pub(super) other: &'static [&'static str],
}

/// Understands a payload of the shape that Claude Code made known.
pub(super) fn hear(
    said: &Value,
    around: &Around,
    client: &'static str,
    own: &'static [Row],
    names: &Names,
) -> Result<Heard, String> {
    let name = read::text(said, &["hook_event_name", "hookEventName"])
        .ok_or("it does not say which event this is")?;
    let is = |list: &[&str]| list.contains(&name);
    let tool = || -> Result<Call, String> {
        let tool = read::text(said, &["tool_name", "toolName"]).ok_or("it does not name the tool")?;
        let none = Value::Null;
        let arguments =
            ["tool_input", "toolInput", "toolArgs", "tool_args"].iter().find_map(|name| said.get(*name));
        let arguments = arguments.unwrap_or(&none);
        let id =
            read::text(said, &["tool_use_id", "toolUseId", "toolCallId", "tool_call_id"]).map(str::to_owned);
        let mut actions = actions(own, client, tool, arguments);
        if let Some((server, tool)) = mcp(said) {
            actions = vec![super::tools::call(server, tool, arguments)];
        }
        Ok(Call { id, actions })
    };
    let (kind, event) = if is(names.before) {
        (Kind::Before, Event::Before(tool()?))
    } else if is(names.after) || is(names.failed) {
        let output = ["tool_response", "toolResponse", "tool_result", "toolResult", "error"];
        let output = output.iter().find_map(|name| said.get(*name)).map(read::output).unwrap_or_default();
        let call = tool()?;
        // A command that failed may have done half of its work.
        let ran = call.actions.iter().any(|action| matches!(action, Action::Command { .. }));
        (Kind::After, Event::After(call, Ended { ok: ran || !is(names.failed), output }))
    } else if is(names.prompt) {
        let text = said.get("prompt").and_then(Value::as_str).ok_or("it does not hold the user's words")?;
        (Kind::Prompt, Event::Prompt(text.to_owned()))
    } else if is(names.begin) {
        (Kind::Other, Event::Begin)
    } else if is(names.end) {
        (Kind::Other, Event::End)
    } else if is(names.other) {
        (Kind::Other, Event::Other)
    } else {
        return Err(format!("the event `{name}` is not known"));
    };
    let mode = read::text(said, &["permission_mode"]).unwrap_or_default();
    let moment = Moment {
        event: name.to_owned(),
        kind,
        nested: true,
        asks: !matches!(mode, "bypassPermissions" | "dontAsk"),
        limited: mode == "plan",
        output: None,
    };
    Ok(place(said, around, client, event, moment))
}

/// The server and tool of an MCP call, where the client says so apart from the tool's name.
fn mcp(said: &Value) -> Option<(&str, &str)> {
    let context = said.get("mcp_context")?;
    Some((read::text(context, &["server_name"])?, read::text(context, &["tool_name"])?))
}

/// Who speaks, and where.
pub(super) fn place(
    said: &Value,
    around: &Around,
    client: &'static str,
    event: Event,
    moment: Moment,
) -> Heard {
    let roots = ["workspace_roots", "workspaceRoots"].iter().find_map(|name| read::first_folder(said, name));
    let cwd = read::folder(said, &["cwd"]).or_else(|| roots.clone());
    let cwd = cwd.or_else(|| around.project.clone()).unwrap_or_else(|| around.cwd.clone());
    let names = ["session_id", "sessionId", "conversation_id", "trajectory_id", "taskId"];
    let session =
        read::text(said, &names).map_or_else(|| format!("{client} in {}", cwd.display()), str::to_owned);
    Heard { session, cwd, workspace: roots.or_else(|| around.project.clone()), event, moment }
}

/// What a call of a tool would do, after the client's own table and then those of the others: some
/// clients read the hook files of others.
pub(super) fn actions(own: &'static [Row], client: &str, tool: &str, arguments: &Value) -> Vec<Action> {
    let mut tables = vec![own];
    tables.extend(ALL.map(|dialect| dialect.tools));
    super::tools::actions(&tables, client, tool, arguments)
}

/// The answers of the clients that took over Claude Code's form.
pub(super) fn claude_form(moment: &Moment, say: &Say) -> Answer {
    let decide = |decision: &str, reason: &Reason| {
        Answer::json(&json!({
            "hookSpecificOutput": {
                "hookEventName": moment.event,
                "permissionDecision": decision,
                "permissionDecisionReason": reason.agent,
            },
            "systemMessage": reason.person,
        }))
    };
    match say {
        Say::Nothing => Answer::silent(),
        Say::Allow if moment.kind == Kind::Before && !moment.limited => Answer::json(&json!({
            "hookSpecificOutput": { "hookEventName": moment.event, "permissionDecision": "allow" },
        })),
        Say::Allow => Answer::silent(),
        Say::Ask(reason) if moment.kind == Kind::Before => decide("ask", reason),
        Say::Deny(reason) if moment.kind == Kind::Before => decide("deny", reason),
        Say::Ask(reason) | Say::Deny(reason) => Answer::two(&reason.agent),
        Say::Warn(text) => Answer::json(&json!({
            "hookSpecificOutput": { "hookEventName": moment.event, "additionalContext": text },
        })),
        Say::Unheard(text) => Answer::json(&json!({ "decision": "block", "reason": text })),
    }
}
