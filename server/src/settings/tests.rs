//! Claims about how settings come together and speak.
#![expect(clippy::disallowed_methods, reason = "settings are files on a throw-away machine")]

use std::path::{Path, PathBuf};

use banksman_protocol::{Action, Decision, Mode, Span};

use super::files::{Loaded, Places, load};
use super::layer::at_least_as_tight;
use super::trust::{self, Trust, TrustNothing};
use super::*;
use crate::consent::Consent;
use crate::effects::{EffectKind, RefUpdate, WriteHow};
use crate::trail::Trail;
use crate::world::{Disk, State, World};

/// A throw-away machine with settings in each of its places.
struct Machine {
    folder: tempfile::TempDir,
}

struct TrustAll;

impl Trust for TrustAll {
    fn is_trusted(&self, _: &Path, _: &str) -> bool {
        true
    }
}

impl Machine {
    fn new() -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir_all(machine.workspace()).unwrap();
        machine
    }

    fn workspace(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    fn places(&self) -> Places {
        Places::within(self.folder.path())
    }

    fn write(&self, path: &Path, text: &str) -> &Self {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn user(&self, text: &str) -> &Self {
        self.write(&self.places().user, text)
    }

    fn workspace_file(&self, text: &str) -> &Self {
        self.write(&self.workspace().join(FILE_NAME), text)
    }

    fn managed(&self, text: &str) -> &Self {
        self.write(&self.places().managed, text)
    }

    fn load(&self) -> Loaded {
        load(&self.workspace(), None, &self.places(), &TrustNothing)
    }

    fn load_trusted(&self) -> Loaded {
        load(&self.workspace(), None, &self.places(), &TrustAll)
    }
}

fn messages(loaded: &Loaded) -> Vec<String> {
    loaded.problems.iter().map(|problem| problem.message.clone()).collect()
}

// ---- layers -----------------------------------------------------------------------------------

#[test]
fn later_places_win_over_earlier_ones() {
    let machine = Machine::new();
    machine.user("mode = \"strict\"\nask_deadline_seconds = 30\n");
    let editor = serde_json::json!({"mode": "manual"});
    let loaded = load(&machine.workspace(), Some(&editor), &machine.places(), &TrustNothing);
    assert_eq!(loaded.settings.mode, Mode::Manual);
    assert_eq!(loaded.settings.ask_deadline_seconds, 30);
    assert_eq!(loaded.problems, []);
}

#[test]
fn an_untrusted_workspace_only_tightens_every_scalar() {
    let machine = Machine::new();
    machine.user("mode = \"auto\"\nask_deadline_seconds = 60\npause_after_blocks = 10\n");
    machine.workspace_file("mode = \"bypass\"\nask_deadline_seconds = 600\npause_after_blocks = 0\n");
    let loaded = machine.load();
    assert_eq!(loaded.settings.mode, Mode::Auto);
    assert_eq!(loaded.settings.ask_deadline_seconds, 60);
    assert_eq!(loaded.settings.pause_after_blocks, 10);
    assert_eq!(loaded.problems.len(), 3, "{:?}", loaded.problems);
    assert!(loaded.problems.iter().all(|problem| problem.line > 0));
    assert!(loaded.problems[0].to_string().contains("banksman trust"));

    machine.workspace_file("mode = \"strict\"\nask_deadline_seconds = 5\npause_after_blocks = 2\n");
    let loaded = machine.load();
    assert_eq!(loaded.settings.mode, Mode::Strict);
    assert_eq!(loaded.settings.ask_deadline_seconds, 5);
    assert_eq!(loaded.settings.pause_after_blocks, 2);
    assert_eq!(loaded.problems, []);
}

#[test]
fn an_untrusted_workspace_adds_no_host_remote_or_allow() {
    let machine = Machine::new();
    machine.workspace_file(
        "hosts = [\"evil.example\"]\nremotes = [\"*\"]\nprotected = [\"infra/**\"]\n\n[[allow]]\ncommand = \"npm run *\"\n\n[[block]]\ncommand = \"terraform apply *\"\n",
    );
    let loaded = machine.load();
    assert!(!loaded.settings.trusts_host("evil.example"));
    assert!(!loaded.settings.trusts_remote("origin"));
    assert_eq!(loaded.settings.protected.len(), 1);
    assert_eq!(loaded.settings.own.len(), 1);
    assert_eq!(loaded.settings.own[0].decision, Decision::Block);
    assert_eq!(loaded.problems.len(), 3, "{:?}", loaded.problems);
}

#[test]
fn a_trusted_workspace_loosens_until_a_byte_of_it_changes() {
    let machine = Machine::new();
    let text = "mode = \"bypass\"\nhosts = [\"good.example\"]\n";
    machine.workspace_file(text);
    let mut store = trust::TrustFile::open(machine.places().trust());
    store.pin(&machine.workspace().join(FILE_NAME), &trust::hash(text.as_bytes())).unwrap();
    let loaded = load(&machine.workspace(), None, &machine.places(), &store);
    assert_eq!(loaded.settings.mode, Mode::Bypass);
    assert!(loaded.settings.trusts_host("good.example"));
    assert!(loaded.workspace.unwrap().trusted);

    machine.workspace_file(&format!("{text}# \n"));
    let loaded = load(&machine.workspace(), None, &machine.places(), &store);
    assert_eq!(loaded.settings.mode, Mode::Auto);
    assert!(!loaded.workspace.unwrap().trusted);
}

#[test]
fn the_managed_file_is_final_and_bounds_the_modes_of_sessions() {
    let machine = Machine::new();
    machine.user("mode = \"bypass\"\n").managed("mode = \"auto\"\n");
    let loaded = machine.load_trusted();
    assert_eq!(loaded.settings.mode, Mode::Auto);
    assert!(!loaded.settings.permits_mode(Mode::Bypass));
    assert!(loaded.settings.permits_mode(Mode::Strict));
}

#[test]
fn shared_branches_are_replaced_by_the_user_and_only_added_to_by_a_repository() {
    let machine = Machine::new();
    machine.user("shared_branches = [\"stable\"]\n").workspace_file("shared_branches = [\"next\"]\n");
    let settings = machine.load().settings;
    assert_eq!(settings.shared_branches, ["stable", "next"]);
    let settings = machine.load_trusted().settings;
    assert_eq!(settings.shared_branches, ["next"]);
}

/// What a mode makes of the strictest finding, stated once more on its own.
fn decided(mode: Mode, strictest: Decision, hard: bool, read_only: bool) -> Decision {
    match mode {
        Mode::Auto => strictest,
        Mode::Manual => {
            if read_only {
                strictest
            } else {
                strictest.max(Decision::Ask)
            }
        }
        Mode::Strict => {
            if strictest == Decision::Ask {
                Decision::Block
            } else {
                strictest
            }
        }
        Mode::Bypass => {
            if hard && strictest == Decision::Block {
                Decision::Block
            } else {
                Decision::Allow
            }
        }
        Mode::Plan => {
            if read_only {
                strictest
            } else {
                Decision::Block
            }
        }
    }
}

#[test]
fn one_mode_counts_as_tighter_exactly_when_it_is_in_every_case() {
    const MODES: [Mode; 5] = [Mode::Manual, Mode::Auto, Mode::Strict, Mode::Bypass, Mode::Plan];
    for new in MODES {
        for old in MODES {
            let mut always = true;
            for strictest in [Decision::Allow, Decision::Ask, Decision::Block] {
                for hard in [false, true] {
                    for read_only in [false, true] {
                        always &= decided(new, strictest, hard, read_only)
                            >= decided(old, strictest, hard, read_only);
                    }
                }
            }
            assert_eq!(at_least_as_tight(new, old), always, "{new} over {old}");
        }
    }
}

// ---- levels of built-in rules -----------------------------------------------------------------

fn finding(decision: Decision, hard: bool) -> Finding {
    let effect = Effect::new(EffectKind::Observe, Span::new(0, 2));
    let mut finding = Finding::new("some-rule", decision, &effect, "It would happen.");
    finding.hard = hard;
    finding
}

fn levelled(level: Level, reaches_hard: bool, mut found: Finding) -> Decision {
    let mut settings = Settings::default();
    let file = PathBuf::from("/u/banksman.toml");
    settings.levels.insert("some-rule".into(), RuleLevel { level, reaches_hard, file });
    settings.set_levels(std::slice::from_mut(&mut found));
    found.weight()
}

#[test]
fn levels_are_ordered_as_they_decide() {
    for decision in [Decision::Ask, Decision::Block] {
        let decided: Vec<Decision> = [Level::Off, Level::Ask, Level::Default, Level::Block]
            .map(|level| levelled(level, false, finding(decision, false)))
            .to_vec();
        assert!(decided.is_sorted(), "{decision}: {decided:?}");
    }
}

#[test]
fn only_the_user_and_the_managed_file_reach_hard_findings() {
    assert_eq!(levelled(Level::Off, false, finding(Decision::Block, true)), Decision::Block);
    assert_eq!(levelled(Level::Ask, false, finding(Decision::Block, true)), Decision::Block);
    assert_eq!(levelled(Level::Off, true, finding(Decision::Block, true)), Decision::Allow);
}

// ---- rules of your own ------------------------------------------------------------------------

/// What is left after the settings have spoken about a command with these effects and findings.
fn speak(
    settings: &Settings,
    command: &str,
    effects: &[EffectKind],
    findings: &[(Decision, &str)],
) -> Vec<Finding> {
    let action = Action::Command { command: command.to_owned(), cwd: None };
    let disk = Disk::with_home("/home/you".into());
    let trail = Trail::default();
    let workspace = Path::new("/home/you/workspace");
    let world = World::new(&disk, &trail, workspace, workspace);
    let span_of = |part: &str| {
        let start = command.find(part).unwrap();
        Span::new(start, start + part.len())
    };
    let whole = Span::new(0, command.len());
    let effects: Vec<Effect> = effects.iter().map(|kind| Effect::new(kind.clone(), whole)).collect();
    let consent = Consent::default();
    let context = Context {
        action: &action,
        effects: &effects,
        world: &world,
        trail: &trail,
        consent: &consent,
        settings,
    };
    let mut found: Vec<Finding> = findings
        .iter()
        .map(|(decision, part)| {
            let effect = Effect::new(EffectKind::Observe, span_of(part));
            Finding::new("some-rule", *decision, &effect, "It would happen.")
        })
        .collect();
    settings.apply(&context, &mut found);
    found
}

fn settings(text: &str) -> Settings {
    let machine = Machine::new();
    let loaded = machine.user(text).load();
    assert_eq!(messages(&loaded), Vec::<String>::new());
    loaded.settings
}

fn place(path: &str) -> crate::world::Place {
    let disk = Disk::with_home("/home/you".into());
    let trail = Trail::default();
    let workspace = Path::new("/home/you/workspace");
    World::new(&disk, &trail, workspace, workspace).place(workspace, path)
}

fn strictest(found: &[Finding]) -> Decision {
    crate::verdict::strictest(found)
}

#[test]
fn an_allow_clears_what_its_command_does_and_says_where_it_stands() {
    let settings = settings("[[allow]]\ncommand = \"npm run *\"\n");
    let found = speak(&settings, "npm run deploy", &[], &[(Decision::Ask, "npm run deploy")]);
    assert_eq!(strictest(&found), Decision::Allow);
    let cleared_by = found[0].cleared_by.as_deref().unwrap();
    assert!(cleared_by.ends_with("banksman.toml: allow `npm run *`"), "{cleared_by}");
}

#[test]
fn an_allow_does_not_reach_the_other_commands_of_a_line() {
    let settings = settings("[[allow]]\ncommand = \"npm run *\"\n");
    let findings = [(Decision::Ask, "npm run a"), (Decision::Ask, "rm -rf data")];
    let found = speak(&settings, "npm run a && rm -rf data", &[], &findings);
    assert_eq!(strictest(&found), Decision::Ask);
    assert!(found[0].cleared_by.is_some());
    assert!(found[1].cleared_by.is_none());
}

#[test]
fn an_allow_reaches_neither_redirections_nor_variables_set_for_the_command() {
    let settings = settings("[[allow]]\ncommand = \"npm run *\"\n");
    for line in ["npm run a > ~/.bashrc", "LD_PRELOAD=x npm run a"] {
        let found = speak(&settings, line, &[], &[(Decision::Ask, "npm run a")]);
        assert_eq!(strictest(&found), Decision::Ask, "{line}");
    }
}

#[test]
fn an_allow_clears_neither_hard_findings_nor_what_your_rules_stop() {
    let settings = settings(
        "[[allow]]\ncommand = \"npm run *\"\n\n[[ask]]\ncommand = \"npm run deploy\"\nreason = \"Deploys are mine\"\n",
    );
    let found = speak(&settings, "npm run deploy", &[], &[(Decision::Block, "npm run deploy")]);
    assert_eq!(strictest(&found), Decision::Ask);
    assert_eq!(found[1].rule, YOUR_RULES);
    assert!(found[1].message.contains("Deploys are mine."), "{}", found[1].message);
}

fn push(branch: &str) -> EffectKind {
    let update = RefUpdate { name: branch.into(), force: false, delete: false, tag: false, shared: false };
    EffectKind::Push { remote: "origin".into(), updates: vec![update], known_remote: true }
}

#[test]
fn effects_are_stopped_by_what_they_act_on() {
    let settings = settings(
        "[[block]]\neffect = \"push\"\nbranch = \"release/*\"\n\n[[ask]]\neffect = \"write\"\npath = \"infra/**\"\n",
    );
    let write = |path: &str| EffectKind::Write {
        place: place(path),
        state: State::missing(),
        how: WriteHow::Replace,
        content: None,
    };
    assert_eq!(strictest(&speak(&settings, "x", &[push("release/1")], &[])), Decision::Block);
    assert_eq!(strictest(&speak(&settings, "x", &[push("topic")], &[])), Decision::Allow);
    assert_eq!(strictest(&speak(&settings, "x", &[write("infra/a/b.tf")], &[])), Decision::Ask);
    assert_eq!(strictest(&speak(&settings, "x", &[write("src/a.rs")], &[])), Decision::Allow);
}

#[test]
fn protected_paths_ask_when_they_or_a_folder_around_them_change() {
    let settings = settings("protected = [\"infra/prod/**\", \"*.pem\"]\n");
    let delete =
        |path: &str| EffectKind::Delete { place: place(path), state: State::unknown(), recursive: true };
    for (path, expected) in [
        ("infra/prod/a.tf", Decision::Ask),
        ("infra/prod", Decision::Ask),
        ("infra", Decision::Ask),
        ("infra/test", Decision::Allow),
        ("keys/a.pem", Decision::Ask),
        ("/elsewhere/a.pem", Decision::Allow),
    ] {
        assert_eq!(strictest(&speak(&settings, "x", &[delete(path)], &[])), expected, "{path}");
    }
}

#[test]
fn what_is_not_known_may_be_what_a_rule_blocks_and_then_asks() {
    let settings = settings("[[block]]\neffect = \"delete\"\npath = \"infra/**\"\n");
    let unknown = crate::world::Place::unknown("$DIR");
    let delete = EffectKind::Delete { place: unknown, state: State::unknown(), recursive: true };
    assert_eq!(strictest(&speak(&settings, "x", &[delete], &[])), Decision::Ask);
}

#[test]
fn managed_rules_are_not_cleared_by_an_allow_of_the_user() {
    let machine = Machine::new();
    machine.user("[[allow]]\neffect = \"push\"\nbranch = \"*\"\n").managed("[[block]]\neffect = \"push\"\n");
    let settings = machine.load().settings;
    let found = speak(&settings, "x", &[push("main")], &[]);
    assert_eq!(strictest(&found), Decision::Block);
    assert!(found.iter().all(|finding| finding.hard));
}

#[test]
fn an_allow_of_whatever_runs_anything_is_reported_and_left_out() {
    let machine = Machine::new();
    machine.user("[[allow]]\ncommand = \"bash *\"\n\n[[allow]]\neffect = \"run-downloaded\"\n");
    let loaded = machine.load();
    assert!(loaded.settings.own.is_empty());
    assert_eq!(loaded.problems.len(), 2);
    assert_eq!(loaded.problems[0].line, 1);
    assert!(loaded.problems[0].message.contains("`bash` runs any code"), "{}", loaded.problems[0]);
}

#[test]
fn an_example_that_does_not_hold_drops_an_allow_and_keeps_a_block() {
    let machine = Machine::new();
    machine.user(
        "[[allow]]\ncommand = \"npm run *\"\nexamples = [\"npm test\"]\n\n[[block]]\ncommand = \"terraform apply *\"\nexamples = [\"terraform plan\"]\nnot_examples = [\"terraform apply x\"]\n",
    );
    let loaded = machine.load();
    assert_eq!(loaded.settings.own.len(), 1);
    assert_eq!(loaded.settings.own[0].decision, Decision::Block);
    assert_eq!(messages(&loaded).len(), 3, "{:?}", loaded.problems);
    assert!(messages(&loaded)[0].contains("does not match its example `npm test`"), "{:?}", loaded.problems);
}

#[test]
fn examples_that_hold_say_nothing() {
    let found = settings(
        "[[allow]]\ncommand = \"npm run *\"\nexamples = [\"npm run build\", \"npm run a && npm run b\"]\nnot_examples = [\"npm run a && rm x\", \"npx x\"]\n",
    );
    assert_eq!(found.own.len(), 1);
}

#[test]
fn an_allow_does_not_lift_a_boundary_or_what_only_untrusted_text_asked_for() {
    let settings = settings("[[allow]]\ncommand = \"git push *\"\n");
    let action = Action::Command { command: "git push origin".into(), cwd: None };
    let disk = Disk::with_home("/home/you".into());
    let trail = Trail::default();
    let workspace = Path::new("/home/you/workspace");
    let world = World::new(&disk, &trail, workspace, workspace);
    let effects = [Effect::new(EffectKind::Observe, Span::new(0, 15))];
    let consent = Consent::default();
    let context = Context {
        action: &action,
        effects: &effects,
        world: &world,
        trail: &trail,
        consent: &consent,
        settings: &settings,
    };
    for (rule, expected) in [
        ("crossed-boundary", Decision::Block),
        ("untrusted-origin", Decision::Block),
        ("unasked-push", Decision::Allow),
    ] {
        assert!(crate::rules::named(rule).is_some(), "{rule}");
        let mut found = vec![Finding::new(rule, Decision::Block, &effects[0], "It would happen.")];
        settings.apply(&context, &mut found);
        assert_eq!(strictest(&found), expected, "{rule}");
    }
}

#[test]
fn commands_are_found_however_deep_they_are_wrapped() {
    let settings =
        settings("[[block]]\ncommand = \"terraform apply *\"\n\n[[allow]]\ncommand = \"npm run *\"\n");
    for line in [
        "bash -c 'terraform apply -auto-approve'",
        "sudo terraform apply",
        "cd infra && A=1 terraform -chdir=x apply",
        "echo x | xargs terraform apply",
        "T=terraform; $T apply",
        "eval 'terraform apply'",
    ] {
        assert_eq!(strictest(&speak(&settings, line, &[], &[])), Decision::Block, "{line}");
    }
    for line in ["echo terraform apply", "git commit -m 'terraform apply'", "terraform plan"] {
        assert_eq!(strictest(&speak(&settings, line, &[], &[])), Decision::Allow, "{line}");
    }
    let inner = speak(&settings, "bash -c 'npm run a; rm -rf x'", &[], &[(Decision::Ask, "rm -rf x")]);
    assert_eq!(strictest(&inner), Decision::Ask);
}

#[test]
fn a_rule_that_names_nothing_or_two_things_is_reported() {
    let machine = Machine::new();
    machine.user("[[block]]\nreason = \"because\"\n\n[[ask]]\ncommand = \"x\"\neffect = \"push\"\n");
    let loaded = machine.load();
    assert!(loaded.settings.own.is_empty());
    assert_eq!(loaded.problems.len(), 2);
}
