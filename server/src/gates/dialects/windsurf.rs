//! Windsurf: hooks in `hooks.json`, after its documents. Not tried with the real client.
//!
//! Only status 2 stops anything, and the reason stands on stderr. There is no question to a person.

use banksman_protocol::Action;
use serde_json::Value;

use super::super::read;
use super::super::tools::{self, Row};
use super::{Answer, Around, Call, Dialect, Ended, Event, Heard, Kind, Moment, Say};

/// How Windsurf speaks.
pub static DIALECT: Dialect = Dialect {
    name: "windsurf",
    title: "Windsurf",
    verified: false,
    project: None,
    tools: TOOLS,
    hear,
    answer,
    stop: Answer::two,
    page: include_str!("windsurf.md"),
};

const TOOLS: &[Row] = &[];

fn hear(said: &Value, around: &Around) -> Result<Heard, String> {
    let name = read::text(said, &["agent_action_name"]).ok_or("it does not say which event this is")?;
    let none = Value::Null;
    let info = said.get("tool_info").unwrap_or(&none);
    let text = |key: &str, what: &str| {
        read::text(info, &[key]).map(str::to_owned).ok_or_else(|| format!("it does not hold {what}"))
    };
    let command = || -> Result<Vec<Action>, String> {
        let cwd = read::text(info, &["cwd"]).map(str::to_owned);
        Ok(vec![Action::Command { command: text("command_line", "the command")?, cwd }])
    };
    let edits = || -> Result<Vec<Action>, String> {
        let path = text("file_path", "the file's path")?;
        let edits = info.get("edits").and_then(Value::as_array).ok_or("it does not hold the edits")?;
        edits
            .iter()
            .map(|edit| {
                let old = read::text(edit, &["old_string"]).map(str::to_owned);
                let new = edit.get("new_string").and_then(Value::as_str).ok_or("an edit has no new text")?;
                Ok(Action::Edit { path: path.clone(), old, new: new.to_owned() })
            })
            .collect()
    };
    let file = || -> Result<Vec<Action>, String> {
        Ok(vec![Action::Read { path: text("file_path", "the file's path")? }])
    };
    let mcp = || -> Result<Vec<Action>, String> {
        let arguments = info.get("mcp_tool_arguments").unwrap_or(&none);
        let server = text("mcp_server_name", "the server's name")?;
        Ok(vec![tools::call(&server, &text("mcp_tool_name", "the tool's name")?, arguments)])
    };
    let call = |actions| Call { id: None, actions };
    let ended = |key: &str| Ended { ok: true, output: info.get(key).map(read::output).unwrap_or_default() };
    let (kind, event) = match name {
        "pre_user_prompt" => (Kind::Prompt, Event::Prompt(text("user_prompt", "the user's words")?)),
        "pre_run_command" => (Kind::Before, Event::Before(call(command()?))),
        "pre_write_code" => (Kind::Before, Event::Before(call(edits()?))),
        "pre_read_code" => (Kind::Before, Event::Before(call(file()?))),
        "pre_mcp_tool_use" => (Kind::Before, Event::Before(call(mcp()?))),
        "post_run_command" => (Kind::After, Event::After(call(command()?), ended("output"))),
        "post_mcp_tool_use" => (Kind::After, Event::After(call(mcp()?), ended("mcp_result"))),
        "post_read_code"
        | "post_write_code"
        | "post_cascade_response"
        | "post_cascade_response_with_transcript"
        | "post_setup_worktree" => (Kind::Other, Event::Other),
        other => return Err(format!("the event `{other}` is not known")),
    };
    let moment = Moment { event: name.to_owned(), kind, ..Moment::default() };
    let mut heard = super::place(said, around, "windsurf", event, moment);
    if let Some(cwd) = read::folder(info, &["cwd"]) {
        heard.cwd = cwd;
    }
    Ok(heard)
}

fn answer(_: &Moment, say: &Say) -> Answer {
    match say {
        Say::Nothing | Say::Allow => Answer::silent(),
        Say::Ask(reason) | Say::Deny(reason) => Answer::two(&reason.agent),
        Say::Warn(text) => Answer { stdout: format!("{text}\n"), ..Answer::silent() },
        Say::Unheard(text) => Answer::two(text),
    }
}
