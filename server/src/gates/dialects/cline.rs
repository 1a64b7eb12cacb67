//! Cline: executable files named after the event, after its documents. Not tried with the real client.

use banksman_protocol::Action;
use serde_json::{Value, json};

use super::super::read;
use super::super::tools::{Row, Shape, row};
use super::{Answer, Around, Call, Dialect, Ended, Event, Heard, Kind, Moment, Say};

/// How Cline speaks.
pub static DIALECT: Dialect = Dialect {
    name: "cline",
    title: "Cline",
    verified: false,
    project: None,
    tools: TOOLS,
    hear,
    answer,
    stop: cancel,
    page: include_str!("cline.md"),
};

const TOOLS: &[Row] = &[
    row("execute_command", Shape::Command { line: "command", folder: "" }),
    row("write_to_file", Shape::Write { path: "path", text: "content" }),
    row("replace_in_file", Shape::Blocks { path: "path", text: "diff" }),
    row("read_file", Shape::Read { path: "path" }),
    row("list_files", Shape::Look { path: "path" }),
    row("search_files", Shape::Look { path: "path" }),
    row("list_code_definition_names", Shape::Look { path: "path" }),
    row("web_fetch", Shape::Fetch { url: "url" }),
    row("web_search", Shape::Search),
    row("use_mcp_tool", Shape::Mcp { server: "server_name", tool: "tool_name", arguments: "arguments" }),
    row("ask_followup_question", Shape::Quiet),
    row("plan_mode_respond", Shape::Quiet),
    row("act_mode_respond", Shape::Quiet),
    row("focus_chain", Shape::Quiet),
    row("condense", Shape::Quiet),
];

fn hear(said: &Value, around: &Around) -> Result<Heard, String> {
    let name = read::text(said, &["hookName"]).ok_or("it does not say which event this is")?;
    let none = Value::Null;
    let under = |key: &str| said.get(key).unwrap_or(&none);
    let call = |part: &Value| -> Result<Call, String> {
        let tool = read::text(part, &["toolName", "tool"]).ok_or("it does not name the tool")?;
        let arguments = part.get("parameters").unwrap_or(&none);
        let actions = match (tool, read::text(arguments, &["command"])) {
            // The end of a task may come with a command to show the result.
            ("attempt_completion", None) => Vec::new(),
            ("attempt_completion", Some(line)) => {
                vec![Action::Command { command: line.to_owned(), cwd: None }]
            }
            _ => super::actions(TOOLS, "cline", tool, arguments),
        };
        Ok(Call { id: read::text(part, &["toolCallId", "callId"]).map(str::to_owned), actions })
    };
    let (kind, event) = match name {
        "UserPromptSubmit" => {
            let text = under("userPromptSubmit").get("prompt").and_then(Value::as_str);
            (Kind::Prompt, Event::Prompt(text.ok_or("it does not hold the user's words")?.to_owned()))
        }
        "PreToolUse" => (Kind::Before, Event::Before(call(under("preToolUse"))?)),
        "PostToolUse" => {
            let part = under("postToolUse");
            let ok = part.get("success").and_then(Value::as_bool).unwrap_or(true);
            let output = part.get("result").map(read::output).unwrap_or_default();
            (Kind::After, Event::After(call(part)?, Ended { ok, output }))
        }
        "TaskStart" => {
            let task =
                under("taskStart").get("taskMetadata").and_then(|task| read::text(task, &["initialTask"]));
            match task {
                Some(text) => (Kind::Prompt, Event::Prompt(text.to_owned())),
                None => (Kind::Other, Event::Begin),
            }
        }
        "TaskResume" => (Kind::Other, Event::Begin),
        "TaskCancel" | "TaskComplete" | "PreCompact" => (Kind::Other, Event::Other),
        other => return Err(format!("the event `{other}` is not known")),
    };
    let moment = Moment { event: name.to_owned(), kind, ..Moment::default() };
    Ok(super::place(said, around, "cline", event, moment))
}

fn answer(_: &Moment, say: &Say) -> Answer {
    match say {
        Say::Nothing | Say::Allow => Answer::json(&json!({ "cancel": false })),
        Say::Ask(reason) | Say::Deny(reason) => cancel(&reason.agent),
        Say::Warn(text) => Answer::json(&json!({ "cancel": false, "contextModification": text })),
        Say::Unheard(text) => cancel(text),
    }
}

fn cancel(reason: &str) -> Answer {
    Answer::json(&json!({ "cancel": true, "errorMessage": reason }))
}
