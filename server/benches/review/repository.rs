//! The repository that the actions concern.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// How many files of code the repository has.
const FILES: usize = 10_000;

/// Ten thousand files in forty folders of two hundred and fifty, committed, with some scripts, a
/// remote, some changes and some build output.
pub(crate) fn make(workspace: &Path) {
    for folder in 0..FILES / 250 {
        let path = workspace.join(format!("src/module{folder}"));
        std::fs::create_dir_all(&path).expect("a folder");
        for file in 0..250 {
            let text = format!("pub fn function_{file}() -> usize {{\n    {}\n}}\n", folder * file);
            std::fs::write(path.join(format!("file{file}.rs")), text).expect("a file");
        }
    }
    for (name, text) in [
        ("package.json", "{\n  \"scripts\": { \"build\": \"tsc -p .\", \"test\": \"vitest run\" }\n}\n"),
        ("Makefile", "all:\n\tcargo build\nclean:\n\trm -rf target\n"),
        ("Cargo.toml", "[package]\nname = \"project\"\nversion = \"0.1.0\"\n"),
        (".gitignore", "target/\nnode_modules/\n*.log\n.env\n"),
        ("run.sh", "#!/bin/sh\nset -e\ncargo build --release\n./target/release/project \"$@\"\n"),
    ] {
        std::fs::write(workspace.join(name), text).expect("a file");
    }
    let tools = workspace.join("tools");
    std::fs::create_dir_all(&tools).expect("a folder");
    for script in 0..20 {
        let python = "import json\nimport sys\n\n\ndef check(path):\n    with open(path) as file:\n        return json.load(file)\n\n\n".repeat(20);
        let shell = "cargo build --release\ngrep -rn TODO src/module1 || true\n".repeat(10);
        std::fs::write(tools.join(format!("check{script}.py")), python).expect("a file");
        std::fs::write(tools.join(format!("run{script}.sh")), format!("#!/bin/sh\nset -e\n{shell}"))
            .expect("a file");
    }
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .args([
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@localhost",
                "-c",
                "commit.gpgsign=false",
                "-c",
                "gc.auto=0",
            ])
            .args(arguments)
            .current_dir(workspace)
            .output()
            .expect("git runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "first"]);
    git(&["remote", "add", "origin", "https://example.com/team/project.git"]);
    git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    git(&["branch", "feature"]);
    // An index whose entries are as old as the index is racy: every file would be read.
    std::thread::sleep(Duration::from_millis(1_100));
    git(&["update-index", "--really-refresh"]);
    std::fs::write(workspace.join("src/module0/file0.rs"), "pub fn changed() {}\n").expect("a file");
    std::fs::write(workspace.join("notes.md"), "not committed\n").expect("a file");
    for name in ["target/debug/deps", "node_modules/left"] {
        std::fs::create_dir_all(workspace.join(name)).expect("a folder");
        for file in 0..100 {
            std::fs::write(workspace.join(name).join(format!("built{file}.o")), "x").expect("a file");
        }
    }
}
