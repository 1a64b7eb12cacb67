//! What a client would send for a command, and what it would make of an answer: for the doctor,
//! who must know whether a gate is closed, and for the tests.

use std::path::Path;

use serde_json::{Value, json};

/// A command that every workspace allows.
pub const HARMLESS: &str = "ls";
/// A command that nothing said in any conversation allows.
pub const FORBIDDEN: &str = "rm -rf ~";

/// What a client makes of an answer to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It goes on.
    Runs,
    /// It asks a person.
    Asks,
    /// It does not run the command.
    Stopped,
}

/// The proposal to run a command, as the client makes it.
#[must_use]
pub fn proposal(client: &str, session: &str, cwd: &Path, command: &str) -> Value {
    let id = format!("{session}-{command}");
    match client {
        "copilot" => json!({
            "sessionId": session, "timestamp": 1, "cwd": cwd, "toolName": "bash", "toolArgs": { "command": command },
        }),
        "opencode" => json!({
            "session_id": session, "cwd": cwd, "hook_event_name": "tool.execute.before",
            "tool_name": "bash", "tool_input": { "command": command }, "tool_use_id": id,
        }),
        "gemini" => json!({
            "session_id": session, "cwd": cwd, "hook_event_name": "BeforeTool",
            "tool_name": "run_shell_command", "tool_input": { "command": command },
        }),
        "cursor" => json!({
            "conversation_id": session, "hook_event_name": "beforeShellExecution", "workspace_roots": [cwd],
            "command": command, "cwd": cwd,
        }),
        "windsurf" => json!({
            "agent_action_name": "pre_run_command", "trajectory_id": session,
            "tool_info": { "command_line": command, "cwd": cwd },
        }),
        "cline" => json!({
            "hookName": "PreToolUse", "taskId": session, "workspaceRoots": [cwd],
            "preToolUse": { "toolName": "execute_command", "parameters": { "command": command } },
        }),
        _ => json!({
            "session_id": session, "cwd": cwd, "hook_event_name": "PreToolUse", "permission_mode": "default",
            "tool_name": if client == "vscode" { "run_in_terminal" } else { "Bash" },
            "tool_input": { "command": command }, "tool_use_id": id,
        }),
    }
}

/// What a client makes of an answer to a proposal, after its own rules: what it does not understand,
/// it passes over.
#[must_use]
pub fn taken(client: &str, status: Option<i32>, stdout: &str, stderr: &str) -> Taken {
    // The plugin is Banksman's own, and lets only consent through.
    if client == "opencode" {
        let said: Value = serde_json::from_str(stdout).unwrap_or_default();
        let runs = status == Some(0) && said.get("decision").and_then(Value::as_str) == Some("allow");
        return if runs { Taken::Runs } else { Taken::Stopped };
    }
    match status {
        Some(0) => {}
        Some(2) if client != "cline" && stdout.is_empty() && !stderr.trim().is_empty() => {
            return Taken::Stopped;
        }
        // Copilot alone stops at any failure.
        Some(_) if client == "copilot" => return Taken::Stopped,
        _ => return Taken::Runs,
    }
    let Ok(said) = serde_json::from_str::<Value>(stdout) else { return Taken::Runs };
    let text = |pointer: &str| said.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let nested = text("/hookSpecificOutput/permissionDecision");
    let word = match client {
        "claude" | "vscode" if text("/hookSpecificOutput/hookEventName") == "PreToolUse" => nested,
        "copilot" => text("/permissionDecision"),
        "gemini" => text("/decision"),
        "cursor" => text("/permission"),
        "cline" if said.get("cancel") == Some(&Value::Bool(true)) => "deny",
        "codex" => {
            // A key too many, or no reason, and the whole answer is passed over.
            let keys =
                |value: Option<&Value>| value.and_then(Value::as_object).map_or(0, serde_json::Map::len);
            let inner = said.get("hookSpecificOutput");
            let proper = keys(Some(&said)) == 1 && keys(inner) == 3;
            let told = !text("/hookSpecificOutput/permissionDecisionReason").is_empty();
            if proper && told && nested == "deny" { "deny" } else { "" }
        }
        _ => "",
    };
    match word {
        "deny" => Taken::Stopped,
        "ask" => Taken::Asks,
        _ => Taken::Runs,
    }
}
