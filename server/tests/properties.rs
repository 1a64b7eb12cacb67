//! Properties that hold for whatever an agent proposes: there is a verdict, it is the same one every
//! time, and what is read to reach it is bounded by counts, never by a clock.
#![expect(clippy::disallowed_methods, reason = "the workspace is made on the real disk")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "properties/hostile.rs"]
mod hostile;
#[path = "properties/likely.rs"]
mod likely;

use std::path::PathBuf;

use banksman::consent::Consent;
use banksman::effects::{self, shell};
use banksman::review::{Judgement, review};
use banksman::settings::Settings;
use banksman::trail::Trail;
use banksman::world::{Disk, World};
use banksman_protocol::{Action, Decision, Mode, Origin, OriginKind};
use proptest::prelude::*;

/// What an action may have at the most: two thousand effects, one that says that there are more,
/// and one for the folder of an edited file.
const EFFECTS: usize = 2_002;
/// What a thread of the server has.
const STACK: usize = 2 * 1024 * 1024;

struct Ground {
    _folder: tempfile::TempDir,
    workspace: PathBuf,
    disk: Disk,
}

fn ground() -> Ground {
    let folder = tempfile::tempdir().unwrap();
    // Deep enough that `a/../../..` stays in what is ours: others change the folder around it meanwhile.
    let home = folder.path().join("machine/homes/someone");
    let workspace = home.join("work");
    std::fs::create_dir_all(workspace.join("src")).unwrap();
    for (name, text) in [
        ("src/main.rs", "fn main() {}\n"),
        ("Makefile", "all:\n\trm -rf build\n"),
        ("run.sh", "./run.sh; rm -rf x\n"),
    ] {
        std::fs::write(workspace.join(name), text).unwrap();
    }
    let disk = Disk::with_environment(home, std::collections::BTreeMap::new());
    Ground { _folder: folder, workspace, disk }
}

impl Ground {
    fn review(&self, action: &Action) -> Judgement {
        let trail = Trail::default();
        let world = World::new(&self.disk, &trail, &self.workspace, &self.workspace);
        review(action, &world, &trail, &Consent::default(), &Settings::default(), Mode::Auto)
    }

    /// The same verdict twice, with spans that lie in the action and not more effects than are looked at.
    fn holds(&self, action: &Action) {
        let first = self.review(action);
        assert!(!first.effects.is_empty(), "an action without effects: {action:?}");
        assert!(first.effects.len() <= EFFECTS, "{} effects", first.effects.len());
        let length = serde_json::to_string(action).unwrap().len();
        for finding in &first.findings {
            assert!(finding.span.start <= finding.span.end, "{finding:?}");
            assert!(finding.span.end <= length, "{:?} lies outside of {length} bytes", finding.span);
        }
        assert_eq!(first, self.review(action), "two verdicts on one action");
    }
}

/// Does something on a thread that has as much stack as one of the server.
fn on_a_thread(inner: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(inner).unwrap();
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn hostile_commands_get_a_verdict() {
    on_a_thread(|| {
        let ground = ground();
        for (name, line) in hostile::lines() {
            let judgement = ground.review(&hostile::command(line));
            assert!(
                (1..=EFFECTS).contains(&judgement.effects.len()),
                "{name}: {} effects",
                judgement.effects.len()
            );
        }
    });
}

#[test]
fn hostile_code_gets_effects() {
    on_a_thread(|| {
        let ground = ground();
        let trail = Trail::default();
        let world = World::new(&ground.disk, &trail, &ground.workspace, &ground.workspace);
        for (language, code) in hostile::code() {
            let found = shell::read_code(language, &code, &world);
            assert!((1..=EFFECTS).contains(&found.len()), "{language}: {} effects", found.len());
        }
    });
}

#[test]
fn what_is_not_followed_to_its_end_is_not_allowed() {
    let ground = ground();
    for line in [
        "(".repeat(1_000),
        "x=aaaaaaaa; for i in {1..60}; do x=$x$x; done; $x".to_owned(),
        "f() { f; f; }; f; rm -rf /".to_owned(),
        "true; ".repeat(30_000) + "rm -rf /",
        "rm {1..999999999}".to_owned(),
        format!("if {}", "rm -rf x; ".repeat(10)),
        "a".repeat(300_000),
    ] {
        let shown: String = line.chars().take(40).collect();
        let judgement = ground.review(&hostile::command(line));
        assert_ne!(judgement.decision, Decision::Allow, "{shown}");
    }
}

#[test]
fn evidence_in_an_open_here_document_lies_in_the_line() {
    for line in
        ["rm$(make ${x:-/} src && ${x:-/} rm <<E\nPATH=. 2>&1 ", "echo $(rm -rf / <<E\n", "rm -rf / <<E\nx"]
    {
        ground().holds(&hostile::command(line.to_owned()));
    }
}

#[test]
fn an_action_of_a_megabyte_gets_a_verdict() {
    on_a_thread(|| {
        let ground = ground();
        let text = "rm -rf / # {[('\"`$\n".repeat(55_000);
        for action in likely::actions_with(&text) {
            let judgement = ground.review(&action);
            assert!((1..=EFFECTS).contains(&judgement.effects.len()), "{}", action.kind());
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_as_a_command_give_one_verdict(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let line = String::from_utf8_lossy(&bytes).into_owned();
        ground().holds(&hostile::command(line));
    }

    #[test]
    fn any_text_as_a_command_gives_one_verdict(line in "\\PC{0,200}") {
        ground().holds(&hostile::command(line));
    }

    #[test]
    fn shell_like_text_gives_one_verdict(line in likely::line()) {
        ground().holds(&hostile::command(line));
    }

    #[test]
    fn any_action_gives_one_verdict(action in likely::action()) {
        ground().holds(&action);
    }

    #[test]
    fn any_code_gives_the_same_effects_twice(language in likely::language(), code in likely::code()) {
        let ground = ground();
        let trail = Trail::default();
        // A world is one action's: it keeps what that action made of it.
        let world = || World::new(&ground.disk, &trail, &ground.workspace, &ground.workspace);
        let first = shell::read_code(language, &code, &world());
        prop_assert!((1..=EFFECTS).contains(&first.len()));
        prop_assert_eq!(first, shell::read_code(language, &code, &world()));
    }

    #[test]
    fn any_text_that_is_read_is_taken_in(text in "\\PC{0,400}", line in likely::line()) {
        let origin = Origin { kind: OriginKind::Web, name: "https://example.com".to_owned() };
        let mut trail = Trail::default();
        for text in [&text, &line] {
            let reading = banksman::injection::read(text, &origin);
            prop_assert!(reading.spans.iter().all(|found| text.get(found.span.start..found.span.end).is_some()));
            trail.read_marked(&origin, text, &reading);
        }
        let ground = ground();
        let judge = || {
            let world = World::new(&ground.disk, &trail, &ground.workspace, &ground.workspace);
            review(&hostile::command(line.clone()), &world, &trail, &Consent::default(), &Settings::default(), Mode::Auto)
        };
        prop_assert_eq!(judge(), judge());
    }

    #[test]
    fn an_effect_more_never_loosens_a_verdict(lines in proptest::collection::vec(likely::line(), 1..4), other in likely::line(), mode in likely::mode()) {
        let ground = ground();
        let trail = Trail::default();
        let world = World::new(&ground.disk, &trail, &ground.workspace, &ground.workspace);
        let consent = Consent::default();
        let settings = Settings::default();
        let mut found: Vec<effects::Effect> = lines.iter().flat_map(|line| shell::read_command(line, None, &world)).collect();
        let action = hostile::command(lines.join("; "));
        let judge = |found: Vec<effects::Effect>| banksman::review::judge(&action, found, &world, &trail, &consent, &settings, mode).decision;
        let before = judge(found.clone());
        for effect in shell::read_command(&other, None, &world) {
            found.push(effect);
            let after = judge(found.clone());
            prop_assert!(after >= before, "{before} became {after} with {:?}", found.last());
        }
    }

    #[test]
    fn what_follows_a_command_never_loosens_its_verdict(line in likely::line(), other in likely::simple()) {
        let ground = ground();
        let before = ground.review(&hostile::command(line.clone()));
        let after = ground.review(&hostile::command(format!("{other}\n{line}")));
        prop_assume!(!line.contains("$") && !other.contains("cd ") && !other.contains("="));
        if before.decision == Decision::Block {
            prop_assert!(after.decision >= Decision::Ask, "{line:?} behind {other:?}");
        }
    }
}
