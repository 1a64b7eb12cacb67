//! Every rule's page is a test: its examples are reviewed for real.
//!
//! The fixture is a home with a project in it, made anew in a temporary folder:
//!
//! ```text
//! home/
//!   .ssh/id_rsa, .ssh/id_rsa.pub, .ssh/authorized_keys, .aws/credentials, .bashrc, Documents/
//!   project/                the workspace, a git repository
//!     README.md             committed, as are Cargo.toml, package.json, src/lib.rs, src/main.rs,
//!                           scripts/deploy.sh, .gitignore
//!     src/main.rs           changed since
//!     notes.txt             untracked, as is data/results.csv
//!     target/               ignored and rebuildable
//!     .env                  ignored
//!     .git                  branch `feature` is checked out; `main` and `feature` are pushed to
//!                           `origin`, a bare repository beside the home; `topic` was never pushed
//! ```
//!
//! The environment holds `HOME`, `PATH` and `GITHUB_TOKEN`, and nothing else.
//!
//! An example is a fenced block `action allow|ask|block`. Its body is a command line or an action as
//! JSON. Lines before it set the scene: `prompt: …` (the user says), `content(web:NAME): …` (the agent
//! reads; also `file`, `command`, `tool`), `earlier: …` (a command that was carried out before),
//! `mode: …`.
#![expect(clippy::disallowed_methods, reason = "the fixture is made on the real disk by the real git")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use banksman_protocol::{Action, Decision, Mode, Origin, OriginKind};

use crate::consent::Consent;
use crate::review::{Judgement, review};
use crate::rules::{ALL, Rule};
use crate::settings::Settings;
use crate::trail::{Seen, Trail};
use crate::world::{Disk, World};
use crate::{effects, injection};

/// A home with a project in it.
struct Fixture {
    _folder: tempfile::TempDir,
    workspace: PathBuf,
    disk: Disk,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let home = root.join("home");
        let workspace = home.join("project");
        for (path, text) in [
            (".ssh/id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\n"),
            (".ssh/id_rsa.pub", "ssh-rsa AAAA\n"),
            (".ssh/authorized_keys", "ssh-rsa AAAA\n"),
            (".aws/credentials", "[default]\naws_secret_access_key = x\n"),
            (".bashrc", "alias ll='ls -l'\n"),
            ("Documents/report.txt", "A report\n"),
            ("project/README.md", "# Example\n"),
            ("project/Cargo.toml", "[package]\nname = \"example\"\nversion = \"0.1.0\"\n"),
            ("project/package.json", PACKAGE),
            ("project/src/lib.rs", "pub fn answer() -> u32 { 41 }\n"),
            ("project/src/main.rs", "fn main() {}\n"),
            ("project/scripts/deploy.sh", "#!/bin/sh\necho deployed\n"),
            ("project/.gitignore", "target/\n.env\nnode_modules/\n"),
        ] {
            write(&home.join(path), text);
        }
        git(&root, &["init", "-q", "--bare", "-b", "main", "origin.git"]);
        git(&workspace, &["init", "-q", "-b", "main"]);
        git(&workspace, &["add", "."]);
        git(&workspace, &["commit", "-q", "-m", "Begin"]);
        git(&workspace, &["remote", "add", "origin", "../../origin.git"]);
        git(&workspace, &["push", "-q", "-u", "origin", "main"]);
        git(&workspace, &["branch", "topic"]);
        git(&workspace, &["checkout", "-q", "-b", "feature"]);
        git(&workspace, &["push", "-q", "-u", "origin", "feature"]);
        write(&workspace.join("src/main.rs"), "fn main() { println!(\"changed\"); }\n");
        write(&workspace.join("notes.txt"), "Remember\n");
        write(&workspace.join("data/results.csv"), "a,b\n1,2\n");
        write(&workspace.join("target/debug/example"), "binary\n");
        write(&workspace.join(".env"), "DATABASE_URL=postgres://localhost/example\nSECRET_KEY=abc\n");
        let environment = BTreeMap::from([
            ("PATH".to_owned(), "/usr/local/bin:/usr/bin:/bin".to_owned()),
            ("GITHUB_TOKEN".to_owned(), "ghp_0123456789".to_owned()),
        ]);
        let disk = Disk::with_environment(home, environment);
        Self { _folder: folder, workspace, disk }
    }

    fn judge(&self, example: &Example) -> Judgement {
        let mut trail = Trail::default();
        let mut consent = Consent::default();
        for line in &example.scene {
            match line {
                Scene::Prompt(text) => {
                    consent.hear(text);
                    trail.mentions.add_text(text, &Seen::Prompt(consent.prompts.len()));
                }
                Scene::Content(origin, text) => {
                    let reading = injection::read(text, origin);
                    trail.read_marked(origin, text, &reading);
                }
                Scene::Earlier(command) => {
                    let action = Action::Command { command: command.clone(), cwd: None };
                    let done = {
                        let world = World::new(&self.disk, &trail, &self.workspace, &self.workspace);
                        effects::of(&action, &world)
                    };
                    trail.record(&done, true);
                }
            }
        }
        let world = World::new(&self.disk, &trail, &self.workspace, &self.workspace);
        review(&example.action, &world, &trail, &consent, &Settings::default(), example.mode)
    }
}

const PACKAGE: &str = r#"{
  "name": "example",
  "scripts": {
    "test": "node test.js"
  },
  "dependencies": {
    "left-pad": "1.3.0"
  }
}
"#;

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// One example of a page.
#[derive(Debug)]
struct Example {
    line: usize,
    expected: Decision,
    scene: Vec<Scene>,
    action: Action,
    mode: Mode,
}

/// What went before.
#[derive(Debug)]
enum Scene {
    Prompt(String),
    Content(Origin, String),
    Earlier(String),
}

fn examples(rule: &Rule) -> Vec<Example> {
    let mut found = Vec::new();
    let mut lines = rule.page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```action ") else { continue };
        let expected = match info {
            "allow" => Decision::Allow,
            "ask" => Decision::Ask,
            "block" => Decision::Block,
            other => panic!("{}:{}: `{other}` is no decision", rule.path, at + 1),
        };
        let body: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        let (scene, action, mode) =
            read(&body).unwrap_or_else(|why| panic!("{}:{}: {why}", rule.path, at + 1));
        found.push(Example { line: at + 1, expected, scene, action, mode });
    }
    found
}

fn read(body: &[&str]) -> Result<(Vec<Scene>, Action, Mode), String> {
    let (mut scene, mut mode, mut at) = (Vec::new(), Mode::Auto, 0);
    for line in body {
        if let Some(text) = line.strip_prefix("prompt: ") {
            scene.push(Scene::Prompt(text.to_owned()));
        } else if let Some(text) = line.strip_prefix("earlier: ") {
            scene.push(Scene::Earlier(text.to_owned()));
        } else if let Some(word) = line.strip_prefix("mode: ") {
            mode = serde_json::from_value(word.into()).map_err(|error| error.to_string())?;
        } else if let Some((origin, text)) =
            line.strip_prefix("content(").and_then(|rest| rest.split_once("): "))
        {
            let (kind, name) = origin.split_once(':').ok_or("a content needs kind and name")?;
            let kind: OriginKind = serde_json::from_value(kind.into()).map_err(|error| error.to_string())?;
            scene.push(Scene::Content(Origin { kind, name: name.to_owned() }, text.to_owned()));
        } else {
            break;
        }
        at += 1;
    }
    let text = body[at..].join("\n");
    if text.is_empty() {
        return Err("no action".to_owned());
    }
    let action = if text.starts_with('{') && text.contains("\"kind\"") {
        serde_json::from_str(&text).map_err(|error| error.to_string())?
    } else {
        Action::Command { command: text, cwd: None }
    };
    Ok((scene, action, mode))
}

#[test]
fn every_example_gets_the_verdict_that_its_page_promises() {
    let fixture = Fixture::new();
    let mut wrong = Vec::new();
    for rule in ALL {
        for example in examples(rule) {
            let judgement = fixture.judge(&example);
            let named = judgement
                .findings
                .iter()
                .any(|finding| finding.rule == rule.name && finding.weight() == judgement.decision);
            let decides = example.expected == Decision::Allow || named;
            if judgement.decision == example.expected && decides {
                continue;
            }
            let rules: Vec<String> = judgement
                .findings
                .iter()
                .map(|finding| {
                    format!(
                        "{} {}{}",
                        finding.rule,
                        finding.decision,
                        if finding.cleared_by.is_some() { " (cleared)" } else { "" }
                    )
                })
                .collect();
            wrong.push(format!(
                "{}:{} wants {}, gets {} from [{}]; effects {:?}\n    {:?}",
                rule.path,
                example.line,
                example.expected,
                judgement.decision,
                rules.join(", "),
                effects::views(&judgement.effects)
                    .iter()
                    .map(|view| view.summary.clone())
                    .collect::<Vec<_>>(),
                example.action,
            ));
        }
    }
    assert!(wrong.is_empty(), "{} examples are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_page_has_its_parts() {
    for rule in ALL {
        let heading = rule.page.lines().next().unwrap_or_default();
        assert_eq!(heading, format!("# {}", rule.name));
        for part in ["## What it stops", "## Why", "## Examples", "## What clears it", "## Instead"] {
            assert!(rule.page.contains(&format!("\n{part}\n")), "{} has no part `{part}`", rule.path);
        }
        let decisions: Vec<Decision> = examples(rule).iter().map(|example| example.expected).collect();
        assert!(decisions.contains(&Decision::Allow), "{} shows nothing that flows", rule.path);
        assert!(
            decisions.iter().any(|decision| *decision != Decision::Allow),
            "{} shows nothing that stops",
            rule.path
        );
    }
}

#[test]
fn a_rule_and_its_page_lie_side_by_side_under_one_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| !["support.rs", "tests.rs"].contains(&name.as_str()))
        .collect();
    let mut wanted: Vec<String> = ALL
        .iter()
        .map(|rule| rule.name.replace('-', "_"))
        .flat_map(|module| [format!("{module}.md"), format!("{module}.rs")])
        .collect();
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
    for rule in ALL {
        assert_eq!(rule.path, format!("server/src/rules/{}.md", rule.name.replace('-', "_")));
    }
}

#[test]
fn every_name_is_taken_once() {
    let mut names: Vec<&str> = ALL.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// What many ways of spelling one thing come to: `claims.txt`, a verdict and a command a line.
/// `stop` is ask or block; `\n` in a command is a line break.
#[test]
fn harm_stops_however_it_is_spelled_and_ordinary_work_flows() {
    let fixture = Fixture::new();
    let mut wrong = Vec::new();
    let mut rows = 0;
    for (at, line) in include_str!("claims.txt").lines().enumerate() {
        let Some((wanted, command)) = line.split_once(": ").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        rows += 1;
        let (scene, command) = match command.split_once(" => ") {
            Some((prompt, command)) if prompt.starts_with('"') => {
                (vec![Scene::Prompt(prompt.trim_matches('"').to_owned())], command)
            }
            _ => (Vec::new(), command),
        };
        let action = Action::Command { command: command.replace("\\n", "\n"), cwd: None };
        let expected = Decision::Allow;
        let judgement = fixture.judge(&Example { line: at + 1, expected, scene, action, mode: Mode::Auto });
        let found = judgement.decision;
        if wanted == found.as_str() || (wanted == "stop" && found != Decision::Allow) {
            continue;
        }
        let findings: Vec<String> = judgement
            .findings
            .iter()
            .map(|finding| format!("{} {}", finding.rule, finding.decision))
            .collect();
        let effects: Vec<String> =
            effects::views(&judgement.effects).into_iter().map(|view| view.summary).collect();
        wrong.push(format!(
            "{}: {command}\n    wanted {wanted}, got {found} {findings:?} {effects:?}",
            at + 1
        ));
    }
    assert!(rows > 200, "the claims were not read");
    assert!(wrong.is_empty(), "{} of {rows} claims are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_file_of_secrets_that_is_forced_into_a_commit_is_named() {
    let fixture = Fixture::new();
    for (scene, command) in [
        (Vec::new(), "git add -f .env"),
        (Vec::new(), "git add -f .env && git commit -m x && git push"),
        (
            vec![Scene::Prompt("Commit your changes and push them.".to_owned())],
            "git add -f .env && git commit -m x && git push",
        ),
    ] {
        let action = Action::Command { command: command.to_owned(), cwd: None };
        let expected = Decision::Ask;
        let judgement = fixture.judge(&Example { line: 0, expected, scene, action, mode: Mode::Auto });
        assert_eq!(judgement.decision, expected, "{command}");
        let told = judgement.findings.iter().find(|finding| finding.rule == "secret-leak").unwrap();
        assert_eq!(told.weight(), expected, "{}", told.message);
        assert!(told.message.contains("`.env`"), "{}", told.message);
    }
}
