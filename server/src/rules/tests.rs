//! The calibration, with effects made by hand: what the pages cannot show in a command.

use std::collections::BTreeMap;

use banksman_protocol::{Action, Decision, Span};

use super::{Context, check};
use crate::consent::Consent;
use crate::effects::*;
use crate::settings::Settings;
use crate::trail::{FileTrace, Trail};
use crate::verdict::Finding;
use crate::world::{Disk, Place, Role, Scope, SecretKind, State, World};

mod pages;

const WORKSPACE: &str = "/home/ada/project";

struct Bench {
    trail: Trail,
    consent: Consent,
    inside: Option<Inside>,
}

fn bench() -> Bench {
    Bench { trail: Trail::default(), consent: Consent::default(), inside: None }
}

impl Bench {
    fn said(mut self, text: &str) -> Self {
        self.consent.prompts.push(text.to_owned());
        self
    }

    /// The user speaks, and the words are understood.
    fn heard(mut self, text: &str) -> Self {
        self.consent.hear(text);
        self
    }

    fn made(mut self, path: &str) -> Self {
        self.trail.note(path.into(), FileTrace { made: true, folder: true, ..FileTrace::default() });
        self
    }

    /// The evidence stands in a committed file of the project.
    fn in_own_code(mut self) -> Self {
        self.inside = Some(Inside { path: format!("{WORKSPACE}/build.sh").into(), line: 1, own: true });
        self
    }

    fn findings(&self, kind: EffectKind) -> Vec<Finding> {
        let disk = Disk::with_environment("/home/ada".into(), BTreeMap::new());
        let workspace = std::path::Path::new(WORKSPACE);
        let world = World::new(&disk, &self.trail, workspace, workspace);
        let action = Action::Command { command: "…".into(), cwd: None };
        let mut effect = Effect::new(kind, Span::new(0, 1));
        effect.inside.clone_from(&self.inside);
        let settings = Settings::default();
        let context = Context {
            action: &action,
            effects: &[effect],
            world: &world,
            trail: &self.trail,
            consent: &self.consent,
            settings: &settings,
        };
        check(&context)
    }

    fn decides(&self, kind: EffectKind) -> Decision {
        crate::verdict::strictest(&self.findings(kind))
    }
}

fn place(path: &str, scope: Scope, role: Role) -> Place {
    Place { shown: path.into(), path: path.into(), known: true, scope, role }
}

fn inside(name: &str) -> Place {
    place(&format!("{WORKSPACE}/{name}"), Scope::Workspace, Role::Ordinary)
}

fn delete(place: Place, state: State) -> EffectKind {
    EffectKind::Delete { place, recursive: state.folder, state }
}

fn tree(change: impl FnOnce(&mut State)) -> State {
    let mut state = State { exists: true, folder: true, ..State::default() };
    change(&mut state);
    state
}

fn file(change: impl FnOnce(&mut State)) -> State {
    State { folder: false, ..tree(change) }
}

#[test]
fn deleting_flows_when_all_of_it_can_come_back() {
    assert_eq!(bench().decides(delete(inside("a"), tree(|state| state.committed = 40))), Decision::Allow);
    assert_eq!(bench().decides(delete(inside("a"), tree(|state| state.rebuildable = 900))), Decision::Allow);
    assert_eq!(bench().decides(delete(inside("a"), tree(|state| state.made = 3))), Decision::Allow);
    assert_eq!(bench().decides(delete(inside("a"), State::missing())), Decision::Allow);
}

#[test]
fn deleting_one_untracked_file_asks_and_a_tree_of_them_blocks() {
    assert_eq!(bench().decides(delete(inside("a.txt"), file(|state| state.untracked = 1))), Decision::Ask);
    assert_eq!(bench().decides(delete(inside("a"), tree(|state| state.untracked = 2))), Decision::Block);
    assert_eq!(bench().decides(delete(inside("a"), tree(|state| state.ignored = 2))), Decision::Ask);
    assert_eq!(bench().decides(delete(inside("a.rs"), file(|state| state.changed = 1))), Decision::Ask);
}

#[test]
fn deleting_what_the_session_made_flows_wherever_it_lies() {
    let made = bench().made("/home/ada/scratch");
    let scratch = place("/home/ada/scratch", Scope::Home, Role::Ordinary);
    assert_eq!(made.decides(delete(scratch.clone(), tree(|state| state.unversioned = 4))), Decision::Allow);
    assert_eq!(bench().decides(delete(scratch, tree(|state| state.unversioned = 4))), Decision::Block);
}

#[test]
fn deleting_root_or_home_is_hard() {
    for (path, scope) in [("/", Scope::Root), ("/home/ada", Scope::HomeRoot)] {
        let findings =
            bench().findings(delete(place(path, scope, Role::Ordinary), tree(|state| state.unversioned = 1)));
        assert!(findings.iter().any(|finding| finding.hard && finding.decision == Decision::Block), "{path}");
    }
}

#[test]
fn deleting_a_missing_place_outside_is_judged_as_if_it_existed() {
    let missing = place("/home/ada/other", Scope::Home, Role::Ordinary);
    assert_eq!(
        bench().decides(EffectKind::Delete { place: missing, state: State::missing(), recursive: true }),
        Decision::Block
    );
}

#[test]
fn deleting_an_unknown_place_asks_for_it_to_be_spelled_out() {
    let findings = bench().findings(delete(Place::unknown("$WHERE"), State::unknown()));
    assert!(
        findings.iter().any(|finding| finding.decision == Decision::Ask && finding.clears.contains("Spell"))
    );
}

#[test]
fn a_repository_is_never_just_a_folder() {
    assert_eq!(
        bench().decides(delete(
            inside("vendor/x"),
            tree(|state| (state.committed, state.repository) = (3, true))
        )),
        Decision::Block
    );
}

#[test]
fn the_projects_own_scripts_may_tidy_up_but_not_destroy() {
    let own = bench().in_own_code();
    assert_eq!(own.decides(delete(inside("a.txt"), file(|state| state.untracked = 1))), Decision::Allow);
    assert_eq!(
        own.decides(delete(place("/home/ada", Scope::HomeRoot, Role::Ordinary), tree(|_| ()))),
        Decision::Block
    );
}

#[test]
fn secrets_leave_for_nobody_but_their_own_service() {
    let key = place("/home/ada/.aws/credentials", Scope::Home, Role::Secret(SecretKind::Cloud));
    let send = |how, to: &str| EffectKind::Send {
        to: Remote::read(to),
        what: vec![Source::File(Box::new(key.clone()))],
        how,
    };
    let leak = bench().findings(send(SendHow::Body, "https://collect.example.net"));
    assert!(leak.iter().any(|finding| finding.rule == "secret-leak" && finding.hard));
    assert_eq!(bench().decides(send(SendHow::Login, "https://sts.amazonaws.com")), Decision::Allow);
    assert_eq!(bench().decides(send(SendHow::Login, "https://collect.example.net")), Decision::Ask);
    assert_eq!(bench().decides(send(SendHow::Body, "http://localhost:8080")), Decision::Allow);
}

#[test]
fn data_for_an_unnamed_host_asks_whatever_it_is() {
    let send =
        |what| EffectKind::Send { to: Remote::read("https://x.example.net"), what, how: SendHow::Body };
    assert_eq!(bench().decides(send(vec![Source::File(Box::new(inside("a")))])), Decision::Ask);
    assert_eq!(bench().decides(send(Vec::new())), Decision::Ask);
}

#[test]
fn private_keys_block_and_the_projects_own_environment_asks() {
    let read = |path: &str, scope, kind| EffectKind::Read { place: place(path, scope, Role::Secret(kind)) };
    assert_eq!(
        bench().decides(read("/home/ada/.ssh/id_rsa", Scope::Home, SecretKind::PrivateKey)),
        Decision::Block
    );
    assert_eq!(
        bench().decides(read("/home/ada/project/.env", Scope::Workspace, SecretKind::Environment)),
        Decision::Ask
    );
    assert_eq!(bench().decides(EffectKind::Read { place: inside("src/lib.rs") }), Decision::Allow);
}

fn push(change: impl FnOnce(&mut RefUpdate)) -> EffectKind {
    let mut update =
        RefUpdate { name: "feature".into(), force: false, delete: false, tag: false, shared: false };
    change(&mut update);
    EffectKind::Push { remote: "origin".into(), updates: vec![update], known_remote: true }
}

#[test]
fn a_plain_push_flows_without_words_and_asks_with_other_words() {
    assert_eq!(bench().decides(push(|_| ())), Decision::Allow);
    assert_eq!(bench().said("Fix the test.").decides(push(|_| ())), Decision::Ask);
}

#[test]
fn a_push_that_destroys_is_judged_by_its_danger_alone() {
    assert_eq!(bench().decides(push(|update| update.force = true)), Decision::Ask);
    assert_eq!(bench().decides(push(|update| (update.force, update.shared) = (true, true))), Decision::Block);
    assert_eq!(
        bench().decides(push(|update| (update.delete, update.shared) = (true, true))),
        Decision::Block
    );
}

fn service(class: ServiceClass, reach: ServiceReach) -> EffectKind {
    EffectKind::Service {
        service: "service".into(),
        operation: "do".into(),
        target: "thing".into(),
        class,
        reach,
    }
}

#[test]
fn services_on_this_machine_flow_but_for_destroyed_data() {
    for class in [
        ServiceClass::Create,
        ServiceClass::Change,
        ServiceClass::Delete,
        ServiceClass::Run,
        ServiceClass::Deploy,
    ] {
        assert_eq!(
            bench().said("Go on.").decides(service(class, ServiceReach::Local)),
            Decision::Allow,
            "{class:?}"
        );
    }
    assert_eq!(bench().decides(service(ServiceClass::Destroy, ServiceReach::Local)), Decision::Block);
}

#[test]
fn services_beyond_this_machine_ask_and_production_data_blocks() {
    for class in [
        ServiceClass::Change,
        ServiceClass::Delete,
        ServiceClass::Publish,
        ServiceClass::Deploy,
        ServiceClass::Merge,
    ] {
        assert_eq!(bench().decides(service(class, ServiceReach::Remote)), Decision::Ask, "{class:?}");
    }
    assert_eq!(bench().decides(service(ServiceClass::Delete, ServiceReach::Production)), Decision::Block);
    assert_eq!(bench().decides(service(ServiceClass::Propose, ServiceReach::Remote)), Decision::Allow);
    assert_eq!(
        bench().said("Fix it.").decides(service(ServiceClass::Propose, ServiceReach::Remote)),
        Decision::Ask
    );
    assert_eq!(bench().decides(service(ServiceClass::Read, ServiceReach::Production)), Decision::Allow);
}

#[test]
fn the_guard_is_out_of_reach() {
    let guard = place("/home/ada/.config/banksman/banksman.toml", Scope::Home, Role::Guard);
    let write =
        EffectKind::Write { place: guard, state: State::missing(), how: WriteHow::Replace, content: None };
    assert!(bench().findings(write).iter().any(|finding| finding.rule == "guard-tampering" && finding.hard));
    let kill = EffectKind::Kill { target: "banksman".into(), whose: Whose::Others };
    assert!(bench().findings(kill).iter().any(|finding| finding.rule == "guard-tampering" && finding.hard));
}

#[test]
fn what_is_opaque_asks_unless_it_only_reads_or_is_the_projects_own() {
    let opaque = |worst| EffectKind::Opaque { reason: "the name is computed".into(), worst };
    assert_eq!(bench().decides(opaque(Worst::Runs)), Decision::Ask);
    assert_eq!(bench().decides(opaque(Worst::Writes)), Decision::Ask);
    assert_eq!(bench().decides(opaque(Worst::Reads)), Decision::Allow);
    assert_eq!(bench().in_own_code().decides(opaque(Worst::Runs)), Decision::Allow);
}

#[test]
fn packages_flow_by_plain_name_and_ask_from_elsewhere() {
    let install = |package: &str, source| EffectKind::Install {
        manager: "pip".into(),
        package: package.into(),
        source,
        reach: Reach::Project,
    };
    assert_eq!(bench().decides(install("requests", PackageSource::Registry)), Decision::Allow);
    assert_eq!(bench().decides(install("", PackageSource::Declared)), Decision::Allow);
    assert_eq!(bench().decides(install(".", PackageSource::Local(".".into()))), Decision::Allow);
    assert_eq!(bench().decides(install("reqeusts", PackageSource::Registry)), Decision::Ask);
    assert_eq!(
        bench().decides(install("x", PackageSource::Address("git+https://git.example.net/x".into()))),
        Decision::Ask
    );
    let known = PackageSource::OtherRegistry("https://download.pytorch.org/whl/cpu".into());
    assert_eq!(bench().decides(install("torch", known)), Decision::Allow);
}

#[test]
fn build_files_ask_only_for_what_runs_by_itself() {
    let edit = |name: &str, old: &str, new: &str| EffectKind::Write {
        place: place(&format!("{WORKSPACE}/{name}"), Scope::Workspace, Role::Build),
        state: file(|state| state.committed = 1),
        how: WriteHow::Change,
        content: Some(Content { new: new.into(), old: Some(old.into()), from: Vec::new() }),
    };
    assert_eq!(bench().decides(edit("Cargo.toml", "", "serde = \"1\"")), Decision::Allow);
    assert_eq!(bench().decides(edit("Makefile", "", "test:\n\tcargo test\n")), Decision::Allow);
    assert_eq!(bench().decides(edit("package.json", "", "\"postinstall\": \"node x.js\"")), Decision::Ask);
    assert_eq!(
        bench().decides(edit("conftest.py", "", "import subprocess; subprocess.run(['id'])")),
        Decision::Ask
    );
    let same = "import subprocess; subprocess.run(['id'])";
    assert_eq!(bench().decides(edit("conftest.py", same, &format!("{same}\nanswer = 42"))), Decision::Allow);
}

#[test]
fn every_finding_says_why_what_clears_it_and_what_to_do_instead() {
    let unversioned = || tree(|state| state.unversioned = 1);
    let kinds = [
        delete(place("/", Scope::Root, Role::Ordinary), unversioned()),
        delete(Place::unknown("$X"), State::unknown()),
        EffectKind::Device { path: "/dev/sda".into(), how: "write to it".into() },
        EffectKind::RunDownloaded { from: "https://x.example.net/a.sh".into(), place: None },
        EffectKind::Weaken { what: "the firewall".into(), once: false },
        EffectKind::BypassReview { what: "the commit hooks".into() },
        EffectKind::Persist { mechanism: "crontab".into() },
        EffectKind::Privilege { how: "sudo".into() },
        EffectKind::Machine { what: "the firewall".into(), grave: true },
        EffectKind::OpenShell { peer: "198.51.100.7:4444".into() },
        EffectKind::Tunnel { via: "ngrok".into() },
        EffectKind::Exhaust { how: "a fork bomb".into() },
        EffectKind::Kill { target: "4242".into(), whose: Whose::Others },
        EffectKind::Inject { variable: "LD_PRELOAD".into(), value: "/tmp/x.so".into() },
        EffectKind::Opaque { reason: "the name is computed".into(), worst: Worst::Runs },
        push(|update| update.force = true),
        service(ServiceClass::Destroy, ServiceReach::Remote),
    ];
    for kind in kinds {
        let findings = bench().findings(kind.clone());
        assert!(!findings.is_empty(), "{kind:?}");
        for finding in findings {
            assert!(finding.message.ends_with('.'), "{}: {}", finding.rule, finding.message);
            assert!(finding.clears.ends_with('.'), "{}: {}", finding.rule, finding.clears);
            assert!(finding.instead.ends_with('.'), "{}: {}", finding.rule, finding.instead);
            assert!(finding.message.len() < 320, "{}: {}", finding.rule, finding.message);
        }
    }
}

#[test]
fn asking_for_packages_in_general_vouches_for_no_address() {
    let install = EffectKind::Install {
        manager: "pip".into(),
        package: "tool".into(),
        source: PackageSource::Address("git+https://git.example.net/tool".into()),
        reach: Reach::Project,
    };
    let bench = bench().heard("Install the dependencies and run the tests.");
    let findings = bench.findings(install);
    let finding = findings.iter().find(|finding| finding.rule == "package-source").unwrap();
    assert!(bench.consent.covers(finding.need.as_ref().unwrap()).is_none());
}

#[test]
fn an_unknown_name_in_the_shared_temporary_folder_asks() {
    let unknown = |path: &str| Place { known: false, ..place(path, Scope::Root, Role::Ordinary) };
    assert_eq!(bench().decides(delete(unknown("/tmp"), State::unknown())), Decision::Ask);
    assert_eq!(bench().decides(delete(unknown("/"), State::unknown())), Decision::Block);
    assert_eq!(bench().decides(delete(unknown("/usr"), State::unknown())), Decision::Block);
}
