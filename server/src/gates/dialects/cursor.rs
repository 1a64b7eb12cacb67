//! Cursor: hooks in `hooks.json`, after its documents. Not tried with the real client.

use banksman_protocol::Action;
use serde_json::{Value, json};

use super::super::tools::{self, Row, Shape, row};
use super::super::{patch, read};
use super::{Answer, Around, Call, Dialect, Ended, Event, Heard, Kind, Moment, Say};

/// How Cursor speaks.
pub static DIALECT: Dialect = Dialect {
    name: "cursor",
    title: "Cursor",
    verified: false,
    project: Some("CURSOR_PROJECT_DIR"),
    tools: TOOLS,
    hear,
    answer,
    stop: Answer::two,
    page: include_str!("cursor.md"),
};

const TOOLS: &[Row] = &[
    row("Shell", Shape::Command { line: "command", folder: "working_directory" }),
    row("StrReplace", Shape::Replace { path: "file_path", old: "old_string", new: "new_string" }),
    row("StrReplace", Shape::Replace { path: "path", old: "old_string", new: "new_string" }),
    row("Write", Shape::Write { path: "path", text: "contents" }),
    row("ApplyPatch", Shape::Patch { text: "patch" }),
    row("Delete", Shape::Delete { path: "path" }),
    row("Delete", Shape::Delete { path: "file_path" }),
    row("Read", Shape::Read { path: "path" }),
    row("Grep", Shape::Look { path: "path" }),
    row("Glob", Shape::Look { path: "target_directory" }),
    row("SemanticSearch", Shape::Quiet),
    row("ReadLints", Shape::Quiet),
    row("AskQuestion", Shape::Quiet),
    row("SwitchMode", Shape::Quiet),
];

fn hear(said: &Value, around: &Around) -> Result<Heard, String> {
    let name = read::text(said, &["hook_event_name"]).ok_or("it does not say which event this is")?;
    let text = |key: &str, what: &str| {
        read::text(said, &[key]).map(str::to_owned).ok_or_else(|| format!("it does not hold {what}"))
    };
    let id = || read::text(said, &["tool_use_id"]).map(str::to_owned);
    let call = |actions: Vec<Action>| Call { id: id(), actions };
    let one = |action: Action| call(vec![action]);
    let output = |key: &str| said.get(key).map(read::output).unwrap_or_default();
    let command = || -> Result<Action, String> {
        Ok(Action::Command {
            command: text("command", "the command")?,
            cwd: read::text(said, &["cwd"]).map(str::to_owned),
        })
    };
    let none = Value::Null;
    let input = said.get("tool_input").unwrap_or(&none);
    let tool = || -> Result<Vec<Action>, String> {
        Ok(super::actions(TOOLS, "cursor", &text("tool_name", "the tool's name")?, input))
    };
    let mcp = || -> Result<Action, String> {
        let parsed = input.as_str().and_then(|text| serde_json::from_str(text).ok());
        let server = read::text(said, &["server_name", "server", "url", "command"]).unwrap_or("cursor");
        Ok(tools::call(server, &text("tool_name", "the tool's name")?, parsed.as_ref().unwrap_or(input)))
    };
    let (kind, asks, event) = match name {
        "beforeSubmitPrompt" => {
            let said =
                said.get("prompt").and_then(Value::as_str).ok_or("it does not hold the user's words")?;
            (Kind::Prompt, false, Event::Prompt(said.to_owned()))
        }
        "preToolUse" => (Kind::Before, false, Event::Before(call(tool()?))),
        "beforeShellExecution" => (Kind::Before, true, Event::Before(one(command()?))),
        "beforeMCPExecution" => (Kind::Before, true, Event::Before(one(mcp()?))),
        "beforeReadFile" | "beforeTabFileRead" => (
            Kind::Before,
            false,
            Event::Before(one(Action::Read { path: text("file_path", "the file's path")? })),
        ),
        "postToolUse" => (
            Kind::After,
            false,
            Event::After(call(tool()?), Ended { ok: true, output: output("tool_output") }),
        ),
        "postToolUseFailure" => (
            Kind::After,
            false,
            Event::After(call(tool()?), Ended { ok: false, output: output("error_message") }),
        ),
        "afterShellExecution" => {
            (Kind::After, false, Event::After(one(command()?), Ended { ok: true, output: output("output") }))
        }
        "afterMCPExecution" => {
            (Kind::After, false, Event::After(one(mcp()?), Ended { ok: true, output: output("result_json") }))
        }
        "sessionStart" => (Kind::Other, false, Event::Begin),
        "sessionEnd" => (Kind::Other, false, Event::End),
        "afterFileEdit" | "afterTabFileEdit" | "afterAgentResponse" | "afterAgentThought" | "stop"
        | "subagentStart" | "subagentStop" | "preCompact" => (Kind::Other, false, Event::Other),
        other => return Err(format!("the event {} is not known", patch::quoted(other))),
    };
    let moment = Moment { event: name.to_owned(), kind, asks, ..Moment::default() };
    Ok(super::place(said, around, "cursor", event, moment))
}

fn answer(moment: &Moment, say: &Say) -> Answer {
    match (say, moment.kind) {
        (Say::Unheard(text), _) => Answer::json(&json!({ "continue": false, "user_message": text })),
        (Say::Nothing | Say::Allow, Kind::Prompt) => Answer::json(&json!({ "continue": true })),
        (Say::Nothing | Say::Allow, Kind::Before) => Answer::json(&json!({ "permission": "allow" })),
        (Say::Ask(reason), Kind::Before) => Answer::json(&json!({
            "permission": "ask", "user_message": reason.person, "agent_message": reason.agent,
        })),
        (Say::Deny(reason), Kind::Before) => Answer::json(&json!({
            "permission": "deny", "user_message": reason.person, "agent_message": reason.agent,
        })),
        (Say::Ask(reason) | Say::Deny(reason), Kind::Prompt) => {
            Answer::json(&json!({ "continue": false, "user_message": reason.person }))
        }
        (Say::Ask(reason) | Say::Deny(reason), _) => Answer::two(&reason.agent),
        (Say::Warn(text), _) => Answer::json(&json!({ "additional_context": text })),
        (Say::Nothing | Say::Allow, _) => Answer::silent(),
    }
}
