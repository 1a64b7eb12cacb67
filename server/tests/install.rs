//! Setting gates up and proving them closed, with the real binary in a throw-away home.
#![expect(clippy::disallowed_methods, reason = "the real binary is run on a throw-away home")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CLIENTS: [&str; 8] =
    ["claude", "vscode", "copilot", "codex", "gemini", "opencode", "cursor", "windsurf"];

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir_all(home.path().join("ws/.git")).unwrap();
        home
    }

    fn path(&self) -> PathBuf {
        self.0.path().canonicalize().unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_banksman"))
            .args(arguments)
            .current_dir(self.path().join("ws"))
            .env_clear()
            .env("HOME", self.path())
            .env("PATH", "/usr/bin:/bin")
            .output()
            .unwrap()
    }

    fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
        text
    }

    fn files(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, files) } else { files.push(path) }
            }
        }
        let mut files = Vec::new();
        walk(&self.path(), &mut files);
        files.retain(|file| !file.to_string_lossy().contains("ledger"));
        files.sort();
        files
    }
}

#[test]
fn a_gate_that_is_set_up_is_closed() {
    for client in CLIENTS.iter().filter(|client| **client != "codex") {
        for place in ["--user", "--workspace"] {
            let home = Home::new();
            let shown = home.good(&["install", client, place]);
            let called = [format!("hook {client}"), format!("[\"hook\", \"{client}\", ")];
            assert!(called.iter().any(|words| shown.contains(words)), "{shown}");
            let report = home.good(&["doctor"]);
            assert!(
                report.contains("closed") && report.contains("`rm -rf ~` is stopped"),
                "{client}: {report}"
            );
            assert!(home.good(&["install", client, place]).contains("nothing to change"));
        }
    }
}

#[test]
fn codex_is_open_until_its_hook_is_trusted() {
    let home = Home::new();
    home.good(&["install", "codex"]);
    let output = home.run(&["doctor"]);
    let report = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(report.contains("not told to trust"), "{report}");
    let shown = home.good(&["install", "codex", "--trust"]);
    assert!(shown.contains("trusted_hash"), "{shown}");
    assert!(home.good(&["doctor"]).contains("closed"));
}

#[test]
fn trust_that_was_given_to_another_hook_is_none() {
    let home = Home::new();
    home.good(&["install", "codex", "--trust"]);
    let hooks = home.path().join(".codex/hooks.json");
    let text = std::fs::read_to_string(&hooks).unwrap();
    std::fs::write(&hooks, text.replace("\"timeout\": 330", "\"timeout\": 331")).unwrap();
    let output = home.run(&["doctor"]);
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && report.contains("was changed since"), "{report}");
}

#[test]
fn a_client_that_does_not_wait_for_the_hook_is_open() {
    let home = Home::new();
    home.good(&["install", "claude"]);
    let settings = home.path().join(".claude/settings.json");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, text.replace("\"timeout\": 330", "\"timeout\": 300")).unwrap();
    let output = home.run(&["doctor"]);
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && report.contains("goes on without it after 300 s"), "{report}");
    std::fs::write(&settings, text.replace("\"timeout\": 330", "\"timeout\": 30").replace(" --wait 305", ""))
        .unwrap();
    assert!(home.good(&["doctor"]).contains("makes five minutes of it"));
    home.good(&["install", "claude"]);
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(value(&std::fs::read_to_string(&settings).unwrap()), value(&text));
}

#[test]
fn trust_is_a_word_for_codex_alone() {
    let home = Home::new();
    assert_eq!(home.run(&["install", "claude", "--trust"]).status.code(), Some(2));
    assert_eq!(home.files(), Vec::<PathBuf>::new());
}

#[test]
fn a_plugin_that_somebody_changed_is_open() {
    let home = Home::new();
    home.good(&["install", "opencode"]);
    let file = home.path().join(".config/opencode/plugins/banksman.js");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("throw new Error", "console.log")).unwrap();
    let output = home.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    home.good(&["install", "opencode"]);
    assert!(home.good(&["doctor"]).contains("closed"));
}

#[test]
fn looking_changes_nothing() {
    for client in CLIENTS {
        let home = Home::new();
        let shown = home.good(&["install", client, "--dry-run"]);
        assert!(shown.contains("nothing was changed"), "{shown}");
        assert_eq!(home.files(), Vec::<PathBuf>::new(), "{client}");
    }
}

#[test]
fn taking_a_gate_away_keeps_what_others_wrote() {
    let home = Home::new();
    let file = home.path().join(".claude/settings.json");
    let text = "{\n  // mine\n  \"model\": \"opus\",\n  \"hooks\": {\n    \"Stop\": [{ \"hooks\": [{ \"type\": \"command\", \"command\": \"ding\" }] }]\n  }\n}\n";
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    home.good(&["install", "claude"]);
    let with = std::fs::read_to_string(&file).unwrap();
    assert!(with.contains("// mine") && with.contains("ding") && with.contains("hook claude"), "{with}");
    assert_eq!(std::fs::read_to_string(file.with_file_name("settings.json.before-banksman")).unwrap(), text);
    home.good(&["uninstall", "claude"]);
    let without = std::fs::read_to_string(&file).unwrap();
    assert!(
        without.contains("// mine") && without.contains("ding") && !without.contains("banksman"),
        "{without}"
    );
}

#[test]
fn a_file_of_its_own_goes_with_the_gate() {
    for client in ["vscode", "copilot", "opencode"] {
        let home = Home::new();
        home.good(&["install", client]);
        home.good(&["uninstall", client]);
        assert_eq!(home.files(), Vec::<PathBuf>::new(), "{client}");
    }
}

#[test]
fn settings_that_cannot_be_read_stay_as_they_are() {
    let home = Home::new();
    let file = home.path().join(".claude/settings.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "{ \"hooks\": ").unwrap();
    let output = home.run(&["install", "claude"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{ \"hooks\": ");
}

#[test]
fn a_gate_that_is_switched_off_is_open() {
    let home = Home::new();
    home.good(&["install", "claude"]);
    let file = home.path().join("ws/.claude/settings.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "{ \"disableAllHooks\": true }").unwrap();
    let output = home.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_hook_whose_program_is_gone_is_open() {
    let home = Home::new();
    home.good(&["install", "gemini"]);
    let file = home.path().join(".gemini/settings.json");
    let text =
        std::fs::read_to_string(&file).unwrap().replace(env!("CARGO_BIN_EXE_banksman"), "/gone/banksman");
    std::fs::write(&file, text).unwrap();
    let output = home.run(&["doctor"]);
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && report.contains("is not there"), "{report}");
}

#[test]
fn rules_of_other_clients_are_shown_before_they_are_taken_over() {
    let home = Home::new();
    let claude = home.path().join(".claude/settings.json");
    std::fs::create_dir_all(claude.parent().unwrap()).unwrap();
    let text =
        r#"{"permissions": {"allow": ["Bash(npm run lint)", "Bash(bash:*)"], "deny": ["Read(./.env)"]}}"#;
    std::fs::write(&claude, text).unwrap();
    let shown = home.good(&["import", "--dry-run"]);
    assert!(shown.contains("+command = \"npm run lint\""), "{shown}");
    assert!(shown.contains("left out: allow `Bash(bash:*)`"), "{shown}");
    assert_eq!(home.files(), std::slice::from_ref(&claude));
    let output = home.run(&["import"]);
    assert_eq!(output.status.code(), Some(2), "nobody can be asked here");
    home.good(&["import", "--yes"]);
    let settings = std::fs::read_to_string(home.path().join(".config/banksman/banksman.toml")).unwrap();
    assert!(settings.contains("npm run lint") && settings.contains(".env"), "{settings}");
    assert!(home.good(&["import", "--yes"]).contains("nothing was changed"));
    assert_eq!(std::fs::read_to_string(&claude).unwrap(), text);
}

#[test]
fn rules_of_a_project_wait_for_trust() {
    let home = Home::new();
    let claude = home.path().join("ws/.claude/settings.json");
    std::fs::create_dir_all(claude.parent().unwrap()).unwrap();
    std::fs::write(&claude, r#"{"permissions": {"allow": ["Bash(git push:*)"]}}"#).unwrap();
    let shown = home.good(&["import", "claude", "--yes"]);
    assert!(shown.contains("banksman trust"), "{shown}");
    assert!(home.path().join("ws/banksman.toml").exists());
    let waits = home.run(&["trust", "--show"]);
    let waits = String::from_utf8(waits.stdout).unwrap();
    assert!(waits.contains("is not trusted"), "{waits}");
}
