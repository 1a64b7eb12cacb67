//! Files as clients have them, and what becomes of them.

use super::*;

const CLAUDE: &str = r#"{
  // a comment
  "permissions": {
    "allow": [
      "Bash(npm run lint)", "Bash(npm run test:*)", "Bash(git log *)", "Bash", "Bash(python3:*)", "Bash(npx *)",
      "Bash(cat x | sh)", "Read(~/notes/**)", "WebFetch(domain:docs.rs)", "WebSearch", "mcp__github__get_issue", "Edit"
    ],
    "ask": ["Bash(git push:*)", "Bash(git * main)"],
    "deny": ["Read(./.env)", "Read(//etc/shadow)", "Edit(/migrations/**)", "Bash(curl:*)", "WebFetch(domain:evil.example)", "mcp__shell"],
    "defaultMode": "acceptEdits"
  }
}"#;

const CODEX: &str = r#"
# git
prefix_rule(
    pattern = ["git", ["status", "log"]],
    decision = "allow",
    justification = "looking (only)",
)
prefix_rule(pattern=["git", "push"], decision="prompt")
prefix_rule(pattern=['terraform', 'destroy',], decision='forbidden')
prefix_rule(pattern=["bash", "-c"])
"#;

const GEMINI: &str = r#"{
  "tools": {
    "allowed": ["run_shell_command(git status)", "run_shell_command", "read_file"],
    "exclude": ["run_shell_command(rm)", "web_fetch"],
    "core": ["read_file"]
  }
}"#;

const VSCODE: &str = r#"{
  "chat.tools.terminal.autoApprove": {
    "git status": true, "rm": false, "/^npm (run|test)$/": true, "make": null, "node": true,
    "ls": { "approve": true, "matchCommandLine": true }
  },
  "chat.tools.edits.autoApprove": { "**/*.lock": false, "docs/**": true },
  "chat.tools.urls.autoApprove": { "https://*.example.com/*": true, "https://api.example.org/v1": true, "https://ads.example": false },
  "editor.fontSize": 13
}"#;

fn import(client: &str, text: &str) -> (String, Vec<Permission>) {
    let source = SOURCES.iter().find(|source| source.client == client).unwrap();
    let mut permissions = (source.read)(text).unwrap();
    let settings = merged("", source.title, &mut permissions).unwrap();
    (settings, permissions)
}

fn refused(permissions: &[Permission]) -> Vec<&str> {
    let mut refused: Vec<&str> =
        permissions.iter().filter(|one| one.becomes.is_err()).map(|one| one.written.as_str()).collect();
    refused.sort_unstable();
    refused
}

/// Each rule in a line: what it says, and the conditions.
fn rules(settings: &str) -> Vec<String> {
    let table: toml::Table = settings.parse().unwrap();
    let mut lines = Vec::new();
    for decision in ["allow", "ask", "block"] {
        for rule in table.get(decision).and_then(toml::Value::as_array).into_iter().flatten() {
            let rule = rule.as_table().unwrap();
            let parts = rule.iter().filter(|(name, _)| *name != "reason");
            let parts: Vec<String> =
                parts.map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
            lines.push(format!("{decision} {}", parts.join(" ")));
        }
    }
    lines
}

#[test]
fn claude_codes_rules_become_banksmans() {
    let (settings, permissions) = import("claude", CLAUDE);
    assert_eq!(
        rules(&settings),
        [
            "allow command=npm run lint",
            "allow command=npm run test *",
            "allow command=git log *",
            "allow effect=read path=~/notes/**",
            "allow tool=github/get_issue",
            "ask command=git push *",
            "block effect=read path=.env",
            "block effect=read path=/etc/shadow",
            "block effect=write path=migrations/**",
            "block command=curl *",
            "block host=evil.example",
            "block tool=shell/*",
        ]
    );
    assert!(settings.contains(r#"hosts = ["docs.rs"]"#), "{settings}");
    assert_eq!(
        refused(&permissions),
        [
            "Bash",
            "Bash(cat x | sh)",
            "Bash(git * main)",
            "Bash(npx *)",
            "Bash(python3:*)",
            "Edit",
            "WebSearch",
            "defaultMode acceptEdits"
        ]
    );
    assert_eq!(problems(&settings), []);
}

#[test]
fn codexs_rules_become_banksmans() {
    let (settings, permissions) = import("codex", CODEX);
    assert_eq!(
        rules(&settings),
        [
            "allow command=git status *",
            "allow command=git log *",
            "ask command=git push *",
            "block command=terraform destroy *"
        ]
    );
    assert_eq!(refused(&permissions), ["bash -c"]);
}

#[test]
fn geminis_lists_become_rules() {
    let (settings, permissions) = import("gemini", GEMINI);
    assert_eq!(rules(&settings), ["allow command=git status *", "block command=rm *"]);
    assert_eq!(
        refused(&permissions),
        ["read_file", "run_shell_command", "tools.core \"read_file\"", "web_fetch"]
    );
}

#[test]
fn vs_codes_approvals_become_rules() {
    let (settings, permissions) = import("vscode", VSCODE);
    assert_eq!(
        rules(&settings),
        [
            "allow command=git status *",
            "allow effect=write path=docs/**",
            "ask command=rm *",
            "ask effect=write path=**/*.lock",
            "ask host=ads.example"
        ]
    );
    assert!(settings.contains(r#"hosts = ["*.example.com"]"#), "{settings}");
    assert_eq!(refused(&permissions), ["/^npm (run|test)$/", "https://api.example.org/v1", "ls", "node"]);
}

#[test]
fn importing_twice_is_importing_once() {
    for (client, text) in [("claude", CLAUDE), ("codex", CODEX), ("gemini", GEMINI), ("vscode", VSCODE)] {
        let (once, mut permissions) = import(client, text);
        let title = SOURCES.iter().find(|source| source.client == client).unwrap().title;
        assert_eq!(merged(&once, title, &mut permissions).unwrap(), once, "{client}");
    }
}

#[test]
fn what_stood_in_the_settings_stays() {
    let settings = "# mine\nmode = \"strict\" # so\n\n[[allow]]\ncommand = \"npm run lint\"\n";
    let mut permissions = (SOURCES.first().unwrap().read)(CLAUDE).unwrap();
    let merged = merged(settings, "Claude Code", &mut permissions).unwrap();
    assert!(merged.contains("# mine\nmode = \"strict\" # so\n"), "{merged}");
    assert_eq!(merged.matches("npm run lint").count(), 1, "{merged}");
}

#[test]
fn what_cannot_be_read_is_told() {
    for source in SOURCES.iter().filter(|source| source.client != "codex") {
        assert!((source.read)("{ \"a\": ").is_err(), "{}", source.client);
        assert_eq!((source.read)("{}").unwrap(), [], "{}", source.client);
    }
    assert!(
        (SOURCES.iter().find(|source| source.client == "codex").unwrap().read)("prefix_rule(pattern=[")
            .is_err()
    );
    assert!(merged("mode = ", "x", &mut []).is_err());
}
