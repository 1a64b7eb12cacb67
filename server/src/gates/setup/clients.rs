//! One row for each client whose settings Banksman edits.

use jsonc_parser::cst::CstInputValue;

use super::{Form, quoted};

/// Where a client keeps its hooks and how they look.
#[derive(Debug)]
pub struct Client {
    /// The word on the command line, as in the dialect.
    pub name: &'static str,
    /// The variable that names the user's folder instead of the first part of [`Self::user`].
    pub variable: Option<&'static str>,
    /// The file for all projects, below home.
    pub user: &'static [&'static str],
    /// The file for one project, below its folder.
    pub workspace: &'static [&'static str],
    /// The file is Banksman's own and goes when nothing is left in it.
    pub own: bool,
    /// How hooks are grouped.
    pub form: Form,
    /// The file begins with `"version": 1`.
    pub version: bool,
    /// The events that are answered.
    pub events: &'static [&'static str],
    /// Those of them that want a matcher of tools.
    pub matched: &'static [&'static str],
    /// Those of them that gate.
    pub gates: &'static [&'static str],
    /// One hook.
    pub entry: fn(&str) -> CstInputValue,
    /// What the person has to do beside.
    pub then: &'static str,
    /// Settings that switch the hooks off.
    pub switches: &'static [Switch],
}

/// A setting that switches hooks off, or lets the client do without its own questions.
#[derive(Debug)]
pub struct Switch {
    /// The file, below home; or absolute.
    pub file: &'static str,
    /// It stands in the project too, below its folder.
    pub project: bool,
    /// The setting, as a JSON pointer.
    pub pointer: &'static str,
    /// What it says when it does harm, as JSON.
    pub value: &'static str,
    /// The gate is open then. Otherwise it is only worth a word.
    pub opens: bool,
    /// What it means.
    pub meaning: &'static str,
}

/// The client of this name.
#[must_use]
pub fn client(name: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.name == name)
}

const CLAUDE_EVENTS: &[&str] =
    &["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure", "SessionEnd"];

/// Every client whose settings Banksman edits.
pub static CLIENTS: &[Client] = &[
    Client {
        name: "claude",
        variable: Some("CLAUDE_CONFIG_DIR"),
        user: &[".claude", "settings.json"],
        workspace: &[".claude", "settings.local.json"],
        own: false,
        form: Form::Grouped,
        version: false,
        events: CLAUDE_EVENTS,
        matched: &["PreToolUse", "PostToolUse", "PostToolUseFailure"],
        gates: &["PreToolUse"],
        entry: |program| {
            object([
                ("type", "command".into()),
                ("command", line(program, "claude").into()),
                ("timeout", 30_u32.into()),
            ])
        },
        then: "Sessions that run already take it up when they are started anew.",
        switches: &[
            Switch {
                file: ".claude/settings.json",
                project: true,
                pointer: "/disableAllHooks",
                value: "true",
                opens: true,
                meaning: "all hooks are switched off",
            },
            Switch {
                file: ".claude/settings.local.json",
                project: true,
                pointer: "/disableAllHooks",
                value: "true",
                opens: true,
                meaning: "all hooks are switched off",
            },
            Switch {
                file: "/etc/claude-code/managed-settings.json",
                project: false,
                pointer: "/disableAllHooks",
                value: "true",
                opens: true,
                meaning: "all hooks are switched off by the managed settings",
            },
            Switch {
                file: "/etc/claude-code/managed-settings.json",
                project: false,
                pointer: "/allowManagedHooksOnly",
                value: "true",
                opens: true,
                meaning: "only the hooks of the managed settings run",
            },
            Switch {
                file: ".claude/settings.json",
                project: true,
                pointer: "/permissions/defaultMode",
                value: "\"bypassPermissions\"",
                opens: false,
                meaning: "Claude Code's own questions are switched off; Banksman answers a question with a stop",
            },
        ],
    },
    Client {
        name: "vscode",
        variable: None,
        user: &[".copilot", "hooks", "banksman.json"],
        workspace: &[".github", "hooks", "banksman.json"],
        own: true,
        form: Form::Flat,
        version: false,
        events: &["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse"],
        matched: &[],
        gates: &["PreToolUse"],
        entry: |program| {
            object([
                ("type", "command".into()),
                ("command", line(program, "vscode").into()),
                ("timeout", 30_u32.into()),
            ])
        },
        then: "VS Code runs hooks in trusted workspaces only.",
        switches: &[
            Switch {
                file: ".config/Code/User/settings.json",
                project: false,
                pointer: "/chat.useHooks",
                value: "false",
                opens: true,
                meaning: "VS Code runs no hooks",
            },
            Switch {
                file: ".vscode/settings.json",
                project: true,
                pointer: "/chat.useHooks",
                value: "false",
                opens: true,
                meaning: "VS Code runs no hooks",
            },
            Switch {
                file: ".config/Code/User/settings.json",
                project: false,
                pointer: "/chat.tools.global.autoApprove",
                value: "true",
                opens: false,
                meaning: "VS Code's own questions are switched off",
            },
        ],
    },
    Client {
        name: "copilot",
        variable: None,
        user: &[".copilot", "hooks", "banksman-copilot.json"],
        workspace: &[".github", "hooks", "banksman-copilot.json"],
        own: true,
        form: Form::Flat,
        version: true,
        events: &["sessionStart", "userPromptSubmitted", "preToolUse", "postToolUse", "sessionEnd"],
        matched: &[],
        gates: &["preToolUse"],
        entry: |program| {
            object([
                ("type", "command".into()),
                ("bash", line(program, "copilot").into()),
                ("powershell", format!("& {}", line(program, "copilot")).into()),
                ("timeoutSec", 30_u32.into()),
            ])
        },
        then: "Hooks of a repository run in folders that you trust.",
        switches: &[],
    },
    Client {
        name: "codex",
        variable: Some("CODEX_HOME"),
        user: &[".codex", "hooks.json"],
        workspace: &[".codex", "hooks.json"],
        own: false,
        form: Form::Grouped,
        version: false,
        events: &["SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse"],
        matched: &["PreToolUse", "PostToolUse"],
        gates: &["PreToolUse"],
        entry: |program| {
            object([
                ("type", "command".into()),
                ("command", line(program, "codex").into()),
                ("timeout", 30_u32.into()),
            ])
        },
        then: "Codex skips hooks that it was not told to trust: start `codex`, enter `/hooks`, trust Banksman's. Then run `banksman doctor`.",
        switches: &[],
    },
    Client {
        name: "gemini",
        variable: None,
        user: &[".gemini", "settings.json"],
        workspace: &[".gemini", "settings.json"],
        own: false,
        form: Form::Grouped,
        version: false,
        events: &["SessionStart", "BeforeAgent", "BeforeTool", "AfterTool", "SessionEnd"],
        matched: &["BeforeTool", "AfterTool"],
        gates: &["BeforeTool"],
        // Gemini counts in milliseconds.
        entry: |program| {
            object([
                ("type", "command".into()),
                ("name", "banksman".into()),
                ("command", line(program, "gemini").into()),
                ("timeout", 30_000_u32.into()),
            ])
        },
        then: "Settings of a project apply in folders that you trust.",
        switches: &[
            Switch {
                file: ".gemini/settings.json",
                project: true,
                pointer: "/hooksConfig/enabled",
                value: "false",
                opens: true,
                meaning: "Gemini CLI runs no hooks",
            },
            Switch {
                file: ".gemini/settings.json",
                project: true,
                pointer: "/tools/enableHooks",
                value: "false",
                opens: true,
                meaning: "Gemini CLI runs no hooks",
            },
        ],
    },
    Client {
        name: "cursor",
        variable: None,
        user: &[".cursor", "hooks.json"],
        workspace: &[".cursor", "hooks.json"],
        own: false,
        form: Form::Flat,
        version: true,
        events: &[
            "beforeSubmitPrompt",
            "preToolUse",
            "beforeShellExecution",
            "beforeMCPExecution",
            "beforeReadFile",
            "afterShellExecution",
            "afterMCPExecution",
        ],
        matched: &[],
        gates: &["beforeShellExecution"],
        entry: |program| {
            object([
                ("command", line(program, "cursor").into()),
                ("timeout", 30_u32.into()),
                ("failClosed", true.into()),
            ])
        },
        then: "Not tried with the real client: look under Settings, Hooks whether Cursor has found them.",
        switches: &[],
    },
    Client {
        name: "windsurf",
        variable: None,
        user: &[".codeium", "windsurf", "hooks.json"],
        workspace: &[".windsurf", "hooks.json"],
        own: false,
        form: Form::Flat,
        version: false,
        events: &[
            "pre_user_prompt",
            "pre_run_command",
            "pre_write_code",
            "pre_read_code",
            "pre_mcp_tool_use",
            "post_run_command",
            "post_mcp_tool_use",
        ],
        matched: &[],
        gates: &["pre_run_command"],
        entry: |program| {
            object([("command", line(program, "windsurf").into()), ("show_output", true.into())])
        },
        then: "Not tried with the real client.",
        switches: &[],
    },
];

fn line(program: &str, client: &str) -> String {
    format!("{} hook {client}", quoted(program))
}

fn object<const COUNT: usize>(entries: [(&str, CstInputValue); COUNT]) -> CstInputValue {
    CstInputValue::Object(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
