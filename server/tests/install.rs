//! Setting gates up and proving them closed, with the real binary in a throw-away home.
#![expect(clippy::disallowed_methods, reason = "the real binary is run on a throw-away home")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CLIENTS: [&str; 7] = ["claude", "vscode", "copilot", "codex", "gemini", "cursor", "windsurf"];

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
            assert!(shown.contains(&format!("hook {client}")), "{shown}");
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
    let hooks = home.path().join(".codex/hooks.json");
    let state =
        format!("[hooks.state.\"{}:pre_tool_use:0:0\"]\ntrusted_hash = \"sha256:x\"\n", hooks.display());
    std::fs::write(home.path().join(".codex/config.toml"), state).unwrap();
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
    for client in ["vscode", "copilot"] {
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
