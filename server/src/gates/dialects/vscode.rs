//! VS Code's own agent: hooks in `.github/hooks/*.json`. Tried with 1.139.1.

use super::super::tools::{Row, Shape, row};
use super::{Answer, Dialect};

/// How VS Code speaks: Claude Code's form, with tools of its own.
pub static DIALECT: Dialect = Dialect {
    name: "vscode",
    title: "VS Code",
    verified: true,
    project: None,
    tools: TOOLS,
    hear: |said, around| super::hear(said, around, "vscode", TOOLS, &super::claude::NAMES),
    answer: super::claude_form,
    stop: Answer::two,
    page: include_str!("vscode.md"),
};

const TOOLS: &[Row] = &[
    row("run_in_terminal", Shape::Command { line: "command", folder: "" }),
    row("send_to_terminal", Shape::Command { line: "command", folder: "" }),
    row("create_and_run_task", Shape::Task),
    row("create_file", Shape::Write { path: "filePath", text: "content" }),
    row("replace_string_in_file", Shape::Replace { path: "filePath", old: "oldString", new: "newString" }),
    row(
        "multi_replace_string_in_file",
        Shape::Edits { path: "filePath", list: "replacements", old: "oldString", new: "newString" },
    ),
    row("insert_edit_into_file", Shape::Insert { path: "filePath", text: "code" }),
    row("edit_notebook_file", Shape::Insert { path: "filePath", text: "newCode" }),
    row("apply_patch", Shape::Patch { text: "input" }),
    row("create_directory", Shape::Folder { path: "dirPath" }),
    row("read_file", Shape::Read { path: "filePath" }),
    row("view_image", Shape::Read { path: "filePath" }),
    row("list_dir", Shape::Look { path: "path" }),
    row("fetch_webpage", Shape::Fetch { url: "urls" }),
    row("open_simple_browser", Shape::Fetch { url: "url" }),
    row("runSubagent", Shape::Delegate { brief: "prompt" }),
    row("github_repo", Shape::Search),
    row("file_search", Shape::Quiet),
    row("grep_search", Shape::Quiet),
    row("semantic_search", Shape::Quiet),
    row("get_errors", Shape::Quiet),
    row("get_changed_files", Shape::Quiet),
    row("get_terminal_output", Shape::Quiet),
    row("kill_terminal", Shape::Quiet),
    row("terminal_last_command", Shape::Quiet),
    row("terminal_selection", Shape::Quiet),
    row("get_task_output", Shape::Quiet),
    row("test_failure", Shape::Quiet),
    row("list_code_usages", Shape::Quiet),
    row("vscode_listCodeUsages", Shape::Quiet),
    row("get_search_view_results", Shape::Quiet),
    row("get_vscode_api", Shape::Quiet),
    row("get_project_setup_info", Shape::Quiet),
    row("copilot_getNotebookSummary", Shape::Quiet),
    row("read_notebook_cell_output", Shape::Quiet),
    row("vscode_searchExtensions_internal", Shape::Quiet),
    row("vscode_askQuestions", Shape::Quiet),
    row("manage_todo_list", Shape::Quiet),
    row("tool_search", Shape::Quiet),
    row("think", Shape::Quiet),
];
