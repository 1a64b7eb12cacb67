//! One row for each client whose settings Banksman edits.

use jsonc_parser::cst::CstInputValue;

use super::Form;

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
    /// Those of them in which a person may be asked, so that the client has to wait for long.
    pub asks: &'static [&'static str],
    /// How a hook says how long the client waits for it. `None`: the client cannot be told.
    pub patience: Option<Patience>,
    /// One hook that runs this command line.
    pub entry: fn(&str) -> CstInputValue,
    /// What follows a command line that gates, so that a program that is gone or dies stops the
    /// call too: only the status 2 does.
    pub closes: &'static str,
    /// What the person has to do beside.
    pub then: &'static str,
    /// Settings that switch the hooks off.
    pub switches: &'static [Switch],
}

/// How a hook says how long the client waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The key in the hook's entry.
    pub key: &'static str,
    /// How many of its units are a second.
    pub second: u32,
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
    /// What it says, or holds in its list, when it does harm, as JSON.
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

/// In the shells that clients start. The shell of Windows that some start does not know it.
const CLOSES: &str = if cfg!(windows) { "" } else { " || exit 2" };

const SECONDS: Option<Patience> = Some(Patience { key: "timeout", second: 1 });

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
        asks: &["PreToolUse"],
        patience: SECONDS,
        entry: |line| object([("type", "command".into()), ("command", line.into())]),
        closes: CLOSES,
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
        asks: &["PreToolUse"],
        patience: SECONDS,
        entry: |line| object([("type", "command".into()), ("command", line.into())]),
        closes: CLOSES,
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
        asks: &["preToolUse"],
        patience: Some(Patience { key: "timeoutSec", second: 1 }),
        entry: |line| {
            object([
                ("type", "command".into()),
                ("bash", line.into()),
                ("powershell", format!("& {line}").into()),
            ])
        },
        closes: "",
        then: "Hooks of a repository run in folders that you trust.",
        switches: &[
            Switch {
                file: ".copilot/settings.json",
                project: false,
                pointer: "/disableAllHooks",
                value: "true",
                opens: true,
                meaning: "all hooks are switched off",
            },
            Switch {
                file: ".github/copilot/settings.json",
                project: true,
                pointer: "/disableAllHooks",
                value: "true",
                opens: true,
                meaning: "all hooks are switched off",
            },
        ],
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
        asks: &["PreToolUse"],
        patience: SECONDS,
        entry: |line| object([("type", "command".into()), ("command", line.into())]),
        closes: CLOSES,
        then: "Codex skips hooks that it was not told to trust: start `codex`, enter `/hooks`, trust Banksman's; or install with `--trust`. Then run `banksman doctor`.",
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
        asks: &["BeforeTool"],
        patience: Some(Patience { key: "timeout", second: 1_000 }),
        entry: |line| {
            object([("type", "command".into()), ("name", "banksman".into()), ("command", line.into())])
        },
        closes: CLOSES,
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
                pointer: "/hooksConfig/disabled",
                value: "\"banksman\"",
                opens: true,
                meaning: "Banksman's hooks are switched off",
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
        name: "opencode",
        variable: Some("XDG_CONFIG_HOME"),
        user: &[".config", "opencode", "plugins", "banksman.js"],
        workspace: &[".opencode", "plugins", "banksman.js"],
        own: true,
        form: Form::Module(include_str!("opencode.js")),
        version: false,
        events: &["chat.message", "tool.execute.before", "tool.execute.after"],
        matched: &[],
        gates: &["tool.execute.before"],
        asks: &["tool.execute.before"],
        patience: None,
        // The module has no entries.
        entry: |_| CstInputValue::Null,
        closes: "",
        then: "opencode loads it when it is started anew.",
        switches: &[],
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
        asks: &["preToolUse", "beforeShellExecution", "beforeMCPExecution", "beforeReadFile"],
        patience: SECONDS,
        entry: |line| object([("command", line.into()), ("failClosed", true.into())]),
        closes: "",
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
        asks: &["pre_run_command"],
        patience: None,
        entry: |line| object([("command", line.into()), ("show_output", true.into())]),
        closes: CLOSES,
        then: "Not tried with the real client.",
        switches: &[],
    },
];

fn object<const COUNT: usize>(entries: [(&str, CstInputValue); COUNT]) -> CstInputValue {
    CstInputValue::Object(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
