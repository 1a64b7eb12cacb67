//! GitHub Copilot CLI: hooks in `~/.copilot/hooks/*.json` and `.github/hooks/*.json`. Tried with 1.0.102.
//!
//! An event that is named in camel case comes with a payload that does not name it: what it is
//! shows in what it holds. An event that is named as Claude Code names it comes in Claude's form.

use banksman_protocol::Action;
use serde_json::{Value, json};

use super::super::read;
use super::super::tools::{Row, Shape, row};
use super::{Answer, Around, Call, Dialect, Ended, Event, Heard, Kind, Moment, Reason, Say};

/// How Copilot CLI speaks.
pub static DIALECT: Dialect = Dialect {
    name: "copilot",
    title: "Copilot CLI",
    verified: true,
    project: None,
    tools: TOOLS,
    hear,
    answer,
    stop: |reason| deny(&Moment::default(), "deny", &Reason::failure(reason)),
    page: include_str!("copilot.md"),
};

const TOOLS: &[Row] = &[
    row("bash", Shape::Command { line: "command", folder: "" }),
    row("write_bash", Shape::Typed { text: "input" }),
    row("create", Shape::Write { path: "path", text: "file_text" }),
    row("edit", Shape::Replace { path: "path", old: "old_str", new: "new_str" }),
    row("apply_patch", Shape::Patch { text: "patch" }),
    row("view", Shape::Read { path: "path" }),
    row("glob", Shape::Look { path: "path" }),
    row("grep", Shape::Look { path: "path" }),
    row("rg", Shape::Look { path: "path" }),
    row("web_fetch", Shape::Fetch { url: "url" }),
    row("web_search", Shape::Search),
    row("task", Shape::Delegate { brief: "prompt" }),
    row("read_bash", Shape::Quiet),
    row("stop_bash", Shape::Quiet),
    row("list_bash", Shape::Quiet),
    row("report_intent", Shape::Quiet),
    row("update_todo", Shape::Quiet),
    row("ask_user", Shape::Quiet),
    row("exit_plan_mode", Shape::Quiet),
    row("skill", Shape::Quiet),
    row("show_file", Shape::Read { path: "path" }),
    row("fetch_copilot_cli_documentation", Shape::Quiet),
    row("read_agent", Shape::Quiet),
    row("list_agents", Shape::Quiet),
];

fn hear(said: &Value, around: &Around) -> Result<Heard, String> {
    if read::text(said, &["hook_event_name", "hookEventName"]).is_some() {
        return super::hear(said, around, "copilot", TOOLS, &super::claude::NAMES);
    }
    let has = |name: &str| said.get(name).is_some();
    let mut moment = Moment { asks: true, ..Moment::default() };
    let event = if let Some(tool) = read::text(said, &["toolName"]) {
        let none = Value::Null;
        let arguments = said.get("toolArgs").or_else(|| said.get("toolInput")).unwrap_or(&none);
        let call = Call {
            id: read::text(said, &["toolCallId", "toolUseId"]).map(str::to_owned),
            actions: super::actions(TOOLS, "copilot", tool, arguments),
        };
        if let Some(result) = said.get("toolResult") {
            moment.kind = Kind::After;
            moment.output = read::text(result, &["textResultForLlm"]).map(str::to_owned);
            let failed = matches!(read::text(result, &["resultType"]), Some("denied" | "failure"));
            let ran = call.actions.iter().any(|action| matches!(action, Action::Command { .. }));
            let denied = read::text(result, &["resultType"]) == Some("denied");
            let output = moment.output.clone().unwrap_or_else(|| read::output(result));
            Event::After(call, Ended { ok: !failed || (ran && !denied), output })
        } else if has("hookName") {
            // The question to a person that follows a review.
            Event::Other
        } else {
            moment.kind = Kind::Before;
            Event::Before(call)
        }
    } else if let Some(text) = said.get("prompt").and_then(Value::as_str) {
        moment.kind = Kind::Prompt;
        Event::Prompt(text.to_owned())
    } else if has("source") || has("initialPrompt") {
        Event::Begin
    } else if has("reason") && !has("stopReason") {
        Event::End
    } else if has("error") || has("stopReason") || has("hookName") || has("agentName") || has("trigger") {
        Event::Other
    } else {
        return Err("it is not known what this event is about".to_owned());
    };
    Ok(super::place(said, around, "copilot", event, moment))
}

fn answer(moment: &Moment, say: &Say) -> Answer {
    match say {
        Say::Nothing => Answer::silent(),
        Say::Allow if moment.kind == Kind::Before && !moment.limited => {
            Answer::json(&decision(moment, "allow", ""))
        }
        Say::Allow => Answer::silent(),
        Say::Ask(reason) if moment.kind == Kind::Before => deny(moment, "ask", reason),
        Say::Deny(reason) if moment.kind == Kind::Before => deny(moment, "deny", reason),
        Say::Ask(reason) | Say::Deny(reason) => Answer::two(&reason.agent),
        Say::Warn(text) => match &moment.output {
            Some(output) => Answer::json(&json!({
                "modifiedResult": { "resultType": "success", "textResultForLlm": format!("{text}\n\n{output}") },
            })),
            None => super::claude_form(moment, say),
        },
        Say::Unheard(_) => super::claude_form(moment, say),
    }
}

fn deny(moment: &Moment, word: &str, reason: &Reason) -> Answer {
    Answer::json(&decision(moment, word, &reason.agent))
}

/// The flat form, and Claude's beside it when the client spoke in it.
fn decision(moment: &Moment, word: &str, reason: &str) -> Value {
    let mut flat = json!({ "permissionDecision": word });
    if !reason.is_empty()
        && let Some(flat) = flat.as_object_mut()
    {
        flat.insert("permissionDecisionReason".to_owned(), reason.into());
    }
    if moment.nested {
        let mut nested = flat.clone();
        if let (Some(flat), Some(nested)) = (flat.as_object_mut(), nested.as_object_mut()) {
            nested.insert("hookEventName".to_owned(), moment.event.clone().into());
            flat.insert("hookSpecificOutput".to_owned(), Value::Object(nested.clone()));
        }
    }
    flat
}
