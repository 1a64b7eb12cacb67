//! opencode: no hooks, but a plugin that Banksman writes and that asks here. Tried with 1.18.33.
//!
//! Both ends are Banksman's own, so consent is a word and not silence: the plugin stops whatever
//! is not answered by `allow`.

use serde_json::json;

use super::super::tools::{Row, Shape, row};
use super::{Answer, Dialect, Moment, Names, Say};

/// How Banksman's plugin in opencode speaks.
pub static DIALECT: Dialect = Dialect {
    name: "opencode",
    title: "opencode",
    verified: true,
    project: None,
    tools: TOOLS,
    hear: |said, around| {
        let mut heard = super::hear(said, around, "opencode", TOOLS, &NAMES)?;
        // A plugin cannot make opencode ask.
        heard.moment.asks = false;
        Ok(heard)
    },
    answer,
    stop: deny,
    page: include_str!("opencode.md"),
};

static NAMES: Names = Names {
    begin: &[],
    prompt: &["chat.message"],
    before: &["tool.execute.before"],
    after: &["tool.execute.after"],
    failed: &[],
    end: &[],
    other: &[],
};

const TOOLS: &[Row] = &[
    row("bash", Shape::Command { line: "command", folder: "workdir" }),
    row("write", Shape::Write { path: "filePath", text: "content" }),
    row("edit", Shape::Replace { path: "filePath", old: "oldString", new: "newString" }),
    row("multiedit", Shape::Edits { path: "filePath", list: "edits", old: "oldString", new: "newString" }),
    row("apply_patch", Shape::Patch { text: "patchText" }),
    row("patch", Shape::Patch { text: "patchText" }),
    row("read", Shape::Read { path: "filePath" }),
    row("list", Shape::Look { path: "path" }),
    row("glob", Shape::Look { path: "path" }),
    row("grep", Shape::Look { path: "path" }),
    row("webfetch", Shape::Fetch { url: "url" }),
    row("websearch", Shape::Search),
    row("codesearch", Shape::Search),
    row("task", Shape::Delegate { brief: "prompt" }),
    row("todowrite", Shape::Quiet),
    row("todoread", Shape::Quiet),
    row("question", Shape::Quiet),
    row("skill", Shape::Quiet),
    row("invalid", Shape::Quiet),
    row("plan_enter", Shape::Quiet),
    row("plan_exit", Shape::Quiet),
];

fn answer(_moment: &Moment, say: &Say) -> Answer {
    match say {
        Say::Nothing | Say::Allow => Answer::json(&json!({ "decision": "allow" })),
        Say::Ask(reason) | Say::Deny(reason) => deny(&reason.agent),
        Say::Warn(text) => Answer::json(&json!({ "decision": "allow", "warning": text })),
        Say::Unheard(text) => deny(text),
    }
}

fn deny(reason: &str) -> Answer {
    Answer::json(&json!({ "decision": "deny", "reason": reason }))
}
