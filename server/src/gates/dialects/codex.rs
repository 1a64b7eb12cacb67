//! OpenAI Codex: hooks in `hooks.json`, run only when trusted. Tried with 0.169.0.
//!
//! Codex takes an object with a key too many for a failed hook, and goes on. An `ask` or a bare
//! `allow` is a failed hook too, so a question becomes a stop and consent is silence.

use serde_json::json;

use super::super::tools::{Row, Shape, row};
use super::{Answer, Dialect, Kind, Moment, Names, Say};

/// How Codex speaks.
pub static DIALECT: Dialect = Dialect {
    name: "codex",
    title: "Codex",
    verified: true,
    project: None,
    tools: TOOLS,
    hear: |said, around| {
        let mut heard = super::hear(said, around, "codex", TOOLS, &NAMES)?;
        heard.moment.asks = false;
        Ok(heard)
    },
    answer,
    stop: Answer::two,
    page: include_str!("codex.md"),
};

static NAMES: Names = Names {
    begin: &["SessionStart"],
    prompt: &["UserPromptSubmit"],
    before: &["PreToolUse"],
    after: &["PostToolUse"],
    failed: &[],
    end: &["SessionEnd"],
    other: &[
        "PermissionRequest",
        "PreCompact",
        "PostCompact",
        "SubagentStart",
        "SubagentStop",
        "Stop",
        "Interrupt",
    ],
};

const TOOLS: &[Row] = &[
    row("Bash", Shape::Command { line: "command", folder: "" }),
    row("exec_command", Shape::Command { line: "cmd", folder: "workdir" }),
    // What is typed into a program that runs. Codex does not tell its hooks so far.
    row("write_stdin", Shape::Typed { text: "chars" }),
    row("apply_patch", Shape::Patch { text: "command" }),
    row("apply_patch", Shape::Patch { text: "input" }),
    row("view_image", Shape::Read { path: "path" }),
    row("spawn_agent", Shape::Delegate { brief: "message" }),
    row("web_search", Shape::Search),
    row("update_plan", Shape::Quiet),
    row("wait_agent", Shape::Quiet),
    row("close_agent", Shape::Quiet),
    row("request_user_input", Shape::Quiet),
    row("get_goal", Shape::Quiet),
    row("create_goal", Shape::Quiet),
    row("update_goal", Shape::Quiet),
    row("tool_search", Shape::Quiet),
];

fn answer(moment: &Moment, say: &Say) -> Answer {
    match say {
        Say::Nothing | Say::Allow => Answer::silent(),
        Say::Ask(reason) | Say::Deny(reason) => match moment.kind {
            Kind::Before => Answer::json(&json!({
                "hookSpecificOutput": {
                    "hookEventName": moment.event,
                    "permissionDecision": "deny",
                    "permissionDecisionReason": reason.agent,
                },
            })),
            Kind::After => Answer::json(&json!({ "decision": "block", "reason": reason.agent })),
            Kind::Prompt | Kind::Other => Answer::two(&reason.agent),
        },
        Say::Warn(text) => Answer::json(&json!({
            "hookSpecificOutput": { "hookEventName": moment.event, "additionalContext": text },
        })),
        Say::Unheard(text) => Answer::json(&json!({ "decision": "block", "reason": text })),
    }
}
