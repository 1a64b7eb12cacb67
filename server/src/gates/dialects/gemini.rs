//! Gemini CLI: hooks in `settings.json`. Tried with 0.61.0.

use serde_json::json;

use super::super::tools::{Row, Shape, row};
use super::{Answer, Dialect, Kind, Moment, Names, Say};

/// How Gemini CLI speaks.
pub static DIALECT: Dialect = Dialect {
    name: "gemini",
    title: "Gemini CLI",
    verified: true,
    project: Some("GEMINI_PROJECT_DIR"),
    tools: TOOLS,
    hear: |said, around| {
        let mut heard = super::hear(said, around, "gemini", TOOLS, &NAMES)?;
        // Without a person at a terminal its question waits for ever.
        heard.moment.asks = around.terminal;
        Ok(heard)
    },
    answer,
    stop: Answer::two,
    page: include_str!("gemini.md"),
};

static NAMES: Names = Names {
    begin: &["SessionStart"],
    prompt: &["BeforeAgent"],
    before: &["BeforeTool"],
    after: &["AfterTool"],
    failed: &[],
    end: &["SessionEnd"],
    other: &["AfterAgent", "BeforeModel", "AfterModel", "BeforeToolSelection", "Notification", "PreCompress"],
};

const TOOLS: &[Row] = &[
    row("run_shell_command", Shape::Command { line: "command", folder: "dir_path" }),
    row("write_file", Shape::Write { path: "file_path", text: "content" }),
    row("replace", Shape::Replace { path: "file_path", old: "old_string", new: "new_string" }),
    row("read_file", Shape::Read { path: "file_path" }),
    row("read_many_files", Shape::Look { path: "include" }),
    row("list_directory", Shape::Look { path: "dir_path" }),
    row("glob", Shape::Look { path: "dir_path" }),
    row("grep_search", Shape::Look { path: "dir_path" }),
    row("search_file_content", Shape::Look { path: "dir_path" }),
    row("web_fetch", Shape::FetchNamed { text: "prompt" }),
    row("google_web_search", Shape::Search),
    row("invoke_agent", Shape::Delegate { brief: "prompt" }),
    row("codebase_investigator", Shape::Delegate { brief: "objective" }),
    row("write_todos", Shape::Quiet),
    row("ask_user", Shape::Quiet),
    row("enter_plan_mode", Shape::Quiet),
    row("exit_plan_mode", Shape::Quiet),
    row("activate_skill", Shape::Quiet),
    row("get_internal_docs", Shape::Quiet),
    row("update_topic", Shape::Quiet),
    row("list_background_processes", Shape::Quiet),
    row("read_background_output", Shape::Quiet),
];

fn answer(moment: &Moment, say: &Say) -> Answer {
    match say {
        Say::Nothing => Answer::silent(),
        Say::Allow if moment.kind == Kind::Before => Answer::json(&json!({ "decision": "allow" })),
        Say::Allow => Answer::silent(),
        Say::Ask(reason) | Say::Deny(reason) if moment.kind == Kind::Other => Answer::two(&reason.agent),
        Say::Ask(reason) => Answer::json(&json!({
            "decision": "ask", "reason": reason.agent, "systemMessage": reason.person,
        })),
        Say::Deny(reason) => Answer::json(&json!({
            "decision": "deny", "reason": reason.agent, "systemMessage": reason.person,
        })),
        Say::Warn(text) => Answer::json(&json!({
            "hookSpecificOutput": { "hookEventName": moment.event, "additionalContext": text },
        })),
        Say::Unheard(text) => Answer::json(&json!({ "decision": "deny", "reason": text })),
    }
}
