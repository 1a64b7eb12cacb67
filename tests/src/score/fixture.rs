//! A home and a repository to judge against, made in a folder that goes away.
#![expect(clippy::disallowed_methods, reason = "the fixture is made on disk, by the real git")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use banksman::guard::{Guard, GuardOptions};
use banksman::world::Disk;
use tempfile::TempDir;

use super::Failure;

/// Files of the project that are committed.
const COMMITTED: &[(&str, &str)] = &[
    (".gitignore", "/build/\n/dist/\n/target/\nnode_modules/\n.venv/\n__pycache__/\n*.log\n*.pyc\n.env\n"),
    ("README.md", "# Project\n\nA small project.\n"),
    ("CLAUDE.md", "Run the tests before you finish.\n"),
    ("Cargo.toml", "[package]\nname = \"project\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
    (
        "package.json",
        "{\n  \"name\": \"project\",\n  \"version\": \"1.0.0\",\n  \"scripts\": {\n    \"build\": \"tsc\",\n    \"dev\": \"vite\",\n    \"lint\": \"eslint .\",\n    \"start\": \"node src/index.js\",\n    \"test\": \"node --test\"\n  }\n}\n",
    ),
    ("pyproject.toml", "[project]\nname = \"project\"\nversion = \"0.1.0\"\n"),
    ("Makefile", "all: build\n\nbuild:\n\tcargo build\n\ntest:\n\tcargo test\n\nclean:\n\trm -rf build\n"),
    ("src/main.rs", "fn main() {\n    println!(\"hello\");\n}\n"),
    ("src/lib.rs", "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n"),
    ("src/index.js", "console.log('hello');\n"),
    ("src/app.py", "print('hello')\n"),
    ("tests/test_app.py", "def test_add():\n    assert 1 + 1 == 2\n"),
    ("docs/guide.md", "# Guide\n"),
    ("file.txt", "one\ntwo\n"),
    ("a.txt", "one\n"),
    ("b.txt", "one\n"),
    ("file", "one\n"),
    ("foo", "one\n"),
    ("data.json", "{\"a\": 1}\n"),
];

/// Committed files that were changed since.
const CHANGED: &[(&str, &str)] = &[
    ("file.txt", "one\ntwo\nthree\n"),
    ("a.txt", "two\n"),
    ("b.txt", "two\n"),
    ("file", "two\n"),
    ("foo", "two\n"),
    ("src/lib.rs", "pub fn add() {}\n"),
];

/// Files that git does not know.
const UNTRACKED: &[(&str, &str)] = &[
    ("notes.txt", "think about it\n"),
    ("draft/idea.md", "an idea\n"),
    (".env", "API_KEY=0123456789\n"),
    ("build/out.o", "x"),
    ("dist/index.js", "x"),
    ("target/debug/project", "x"),
    ("node_modules/left-pad/index.js", "module.exports = 1;\n"),
];

/// Files in the home.
const HOME: &[(&str, &str)] = &[
    (".bashrc", "export EDITOR=vi\n"),
    (".zshrc", "export EDITOR=vi\n"),
    (".profile", "umask 022\n"),
    (".gitconfig", "[user]\n\tname = Test\n\temail = test@example.org\n"),
    (".npmrc", "save-exact=true\n"),
    (".ssh/id_rsa", "not a key\n"),
    (".ssh/id_ed25519", "not a key\n"),
    (".ssh/authorized_keys", "none\n"),
    (".ssh/config", "Host example\n"),
    (".aws/credentials", "[default]\n"),
    ("Documents/letter.txt", "Dear\n"),
    ("Downloads/picture.png", "x"),
    ("workspace/other/thing.txt", "x"),
    ("workspace/outside/thing.txt", "x"),
];

/// A home with a repository in it.
#[derive(Debug)]
pub struct Fixture {
    home: PathBuf,
    _folder: TempDir,
}

impl Fixture {
    /// Makes everything.
    ///
    /// # Errors
    /// When the disk refuses or `git` cannot be run.
    pub fn make() -> Result<Self, Failure> {
        let folder = tempfile::Builder::new().prefix("scoreboard").tempdir()?;
        let top = folder.path().canonicalize()?;
        let home = top.join("home");
        write(&home, HOME)?;
        let fixture = Self { home, _folder: folder };
        let project = fixture.project();
        let origin = top.join("origin.git");
        write(&project, COMMITTED)?;
        git(&top, &["init", "-q", "--bare", "-b", "main", "origin.git"])?;
        for arguments in [
            &["init", "-q", "-b", "main"][..],
            &["add", "."],
            &["commit", "-q", "-m", "Begin"],
            &["remote", "add", "origin", &origin.to_string_lossy()],
            &["push", "-q", "-u", "origin", "main"],
            &["switch", "-q", "-c", "feature"],
            &["commit", "-q", "--allow-empty", "-m", "Begin a feature"],
            &["switch", "-q", "main"],
            &["tag", "v1"],
            &["worktree", "add", "-q", "../other/worktree", "feature"],
            &["pack-refs", "--all"],
            &["remote", "set-url", "origin", "https://github.com/example/project.git"],
        ] {
            git(&project, arguments)?;
        }
        write(&project, CHANGED)?;
        write(&project, UNTRACKED)?;
        Ok(fixture)
    }

    /// The repository.
    #[must_use]
    pub fn project(&self) -> PathBuf {
        self.home.join("workspace/project")
    }

    /// A folder of the home that is no repository.
    #[must_use]
    pub fn elsewhere(&self) -> PathBuf {
        self.home.join("workspace/outside")
    }

    /// A guard that sees this home and nothing of the real user's.
    #[must_use]
    pub fn guard(&self) -> Guard {
        let environment = [
            ("USER", "test".to_owned()),
            ("LOGNAME", "test".to_owned()),
            ("SHELL", "/bin/bash".to_owned()),
            ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
        ];
        let environment: BTreeMap<String, String> =
            environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let disk = Disk::with_environment(self.home.clone(), environment);
        Guard::new(GuardOptions { disk, simulated: true, ..GuardOptions::default() })
    }

    /// A text of a set, with the folders that it assumes replaced by those that are there.
    #[must_use]
    pub fn mapped(&self, text: &str) -> String {
        let project = self.project().to_string_lossy().into_owned();
        let home = self.home.to_string_lossy().into_owned();
        let workspace = self.home.join("workspace").to_string_lossy().into_owned();
        let pairs = [
            ("/testbed", project.as_str()),
            ("/workspace", workspace.as_str()),
            ("/home/test", home.as_str()),
        ];
        pairs.iter().fold(text.to_owned(), |text, (from, to)| replace_path(&text, from, to))
    }
}

/// Replaces a path where it stands as a path of its own or at the beginning of one.
fn replace_path(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(from) {
        let inside = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.' | '~' | '}' | '*');
        let whole = !before.chars().next_back().is_some_and(inside)
            && !after.chars().next().is_some_and(|next| next.is_alphanumeric() || matches!(next, '_' | '-'));
        out.push_str(before);
        out.push_str(if whole { to } else { from });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn write(folder: &Path, files: &[(&str, &str)]) -> Result<(), Failure> {
    for (name, content) in files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content)?;
    }
    Ok(())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<(), Failure> {
    let done = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&done.stderr).trim()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_replaced_only_where_they_begin() {
        let replaced = |text| replace_path(text, "/testbed", "/w");
        assert_eq!(replaced("cd /testbed && ls /testbed/a"), "cd /w && ls /w/a");
        assert_eq!(replaced("ls a/testbed /testbeds"), "ls a/testbed /testbeds");
    }

    #[test]
    fn the_fixture_is_a_repository_with_work_that_is_not_committed() {
        let fixture = Fixture::make().unwrap();
        let status = Command::new("git")
            .args(["status", "--porcelain"])
            .current_dir(fixture.project())
            .output()
            .unwrap();
        let status = String::from_utf8(status.stdout).unwrap();
        assert!(status.contains(" M file.txt") && status.contains("?? notes.txt"), "{status}");
        assert!(!status.contains("build"), "{status}");
    }
}
