//! What the user's words mean, claim by claim: `claims.txt` is the table.

use std::path::PathBuf;

use banksman_protocol::Span;

use super::*;
use crate::effects::{
    PackageSource, Reach, RefUpdate, Remote, SendHow, ServiceClass, ServiceReach, Whose, WriteHow,
};
use crate::world::{Place, Role, Scope, State};

fn place(path: &str) -> Place {
    Place {
        shown: path.to_owned(),
        path: PathBuf::from("/home/u/work").join(path),
        known: true,
        scope: Scope::Workspace,
        role: Role::Ordinary,
    }
}

fn there() -> State {
    State { exists: true, committed: 1, ..State::default() }
}

fn service(class: ServiceClass, target: &str) -> EffectKind {
    EffectKind::Service {
        service: "github".to_owned(),
        operation: String::new(),
        target: target.to_owned(),
        class,
        reach: ServiceReach::Remote,
    }
}

fn push(name: &str, force: bool, tag: bool) -> EffectKind {
    let update = RefUpdate { name: name.to_owned(), force, delete: false, tag, shared: name == "main" };
    EffectKind::Push { remote: "origin".to_owned(), updates: vec![update], known_remote: true }
}

fn effect(text: &str) -> Effect {
    let (what, target) = text.split_once(' ').unwrap_or((text, ""));
    let kind = match what {
        "edit" => {
            EffectKind::Write { place: place(target), state: there(), how: WriteHow::Change, content: None }
        }
        "create" => EffectKind::Write {
            place: place(target),
            state: State::missing(),
            how: WriteHow::Create,
            content: None,
        },
        "delete" => EffectKind::Delete { place: place(target), state: there(), recursive: true },
        "read" => EffectKind::Read { place: place(target) },
        "push" => push(target, false, false),
        "force" => push(target, true, false),
        "tag" => push(target, false, true),
        "commit" => EffectKind::GitLocal { what: "git commit".to_owned() },
        "install" => EffectKind::Install {
            manager: "cargo".to_owned(),
            package: target.to_owned(),
            source: PackageSource::Registry,
            reach: Reach::Project,
        },
        "fetch" => EffectKind::Fetch { from: Remote::read(target), saves: None },
        "send" => EffectKind::Send { to: Remote::read(target), what: Vec::new(), how: SendHow::Body },
        "run" => EffectKind::RunProject { task: target.to_owned() },
        "delegate" => EffectKind::Delegate { prompt: target.to_owned() },
        "listen" => EffectKind::Listen { address: target.to_owned(), serves: None },
        "git" => EffectKind::GitLocal { what: format!("git {target}") },
        "rewrite" => {
            EffectKind::GitRewrite { what: format!("git {target}"), published: true, recoverable: true }
        }
        "test" => EffectKind::RunProject { task: "cargo test".to_owned() },
        "sudo" => EffectKind::Privilege { how: "sudo".to_owned() },
        "kill" => EffectKind::Kill { target: target.to_owned(), whose: Whose::Others },
        "propose" => service(ServiceClass::Propose, target),
        "merge" => service(ServiceClass::Merge, target),
        "deploy" => service(ServiceClass::Deploy, target),
        "message" => service(ServiceClass::Message, target),
        other => panic!("no such effect: {other}"),
    };
    Effect::new(kind, Span::default())
}

fn need(text: &str) -> Need {
    let (name, targets) = text.split_once(' ').unwrap_or((text, ""));
    let operation = OPERATIONS
        .iter()
        .find(|operation| format!("{operation:?}") == name)
        .unwrap_or_else(|| panic!("no such operation: {name}"));
    Need::new(*operation, targets.split(',').map(|target| target.trim().to_owned()))
}

const OPERATIONS: &[Operation] = &[
    Operation::Read,
    Operation::Edit,
    Operation::Create,
    Operation::Delete,
    Operation::Discard,
    Operation::Overwrite,
    Operation::WriteOutside,
    Operation::Commit,
    Operation::Push,
    Operation::ForcePush,
    Operation::RewriteHistory,
    Operation::DeleteRef,
    Operation::Tag,
    Operation::Propose,
    Operation::Merge,
    Operation::Message,
    Operation::Release,
    Operation::Publish,
    Operation::Deploy,
    Operation::Install,
    Operation::InstallGlobal,
    Operation::Uninstall,
    Operation::RunDownloaded,
    Operation::Run,
    Operation::Fetch,
    Operation::Send,
    Operation::ReadSecret,
    Operation::Kill,
    Operation::Privilege,
    Operation::Machine,
    Operation::Persist,
    Operation::Weaken,
    Operation::BypassReview,
    Operation::EditSteering,
    Operation::EditAgent,
    Operation::Expose,
    Operation::ServiceChange,
    Operation::ServiceDelete,
    Operation::Database,
    Operation::Grant,
    Operation::Pay,
    Operation::RunElsewhere,
    Operation::Move,
    Operation::GitSetup,
    Operation::Switch,
    Operation::Stash,
];

/// The claim fails: says what was found instead.
fn failure(consent: &Consent, claim: &str) -> Option<String> {
    let (kind, rest) = claim.split_once(' ').unwrap_or((claim, ""));
    let holds = match kind {
        "+" => consent.covers(&need(rest)).is_some(),
        "-" => consent.covers(&need(rest)).is_none(),
        "x" => consent.crossed(&effect(rest)).is_some(),
        "o" => consent.crossed(&effect(rest)).is_none(),
        "r" => consent.asked_to_run(rest).is_some(),
        "n" => consent.asked_to_run(rest).is_none(),
        "w" => consent.names(rest),
        "v" => !consent.names(rest),
        other => panic!("no such claim: {other}"),
    };
    (!holds).then(|| {
        let grants: Vec<String> =
            consent.grants.iter().map(|grant| format!("{:?} {:?}", grant.operation, grant.target)).collect();
        let boundaries: Vec<String> = consent
            .boundaries
            .iter()
            .map(|b| format!("{:?} {:?} {:?}", b.force, b.operations, b.target))
            .collect();
        format!(
            "{:?}\n    {claim}\n      grants {grants:?}\n      boundaries {boundaries:?}",
            consent.prompts
        )
    })
}

#[test]
fn words_mean_what_the_table_claims() {
    let mut consent = Consent { workspace: Some(PathBuf::from("/home/u/work")), ..Consent::default() };
    let fresh = consent.clone();
    let mut claimed = false;
    let mut count = 0;
    let mut failures = Vec::new();
    for line in include_str!("claims.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(prompt) = line.strip_prefix("> ") {
            if claimed {
                consent = fresh.clone();
                claimed = false;
            }
            consent.hear(&prompt.replace("\\n", "\n"));
            continue;
        }
        claimed = true;
        count += 1;
        failures.extend(failure(&consent, line));
    }
    assert!(count >= 150, "only {count} claims");
    assert!(failures.is_empty(), "{} of {count} claims fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn any_text_is_heard_without_failing() {
    let mut consent = Consent::default();
    for text in [
        "",
        "`",
        "\"'`",
        "<",
        "</x>",
        "```",
        "删除 src/ 不要 push",
        "don't",
        "no",
        "‘’“”«»",
        "rm",
        "\u{202e}push",
        "a\n\n\n- \n1.",
        "((((",
        "until until before",
    ] {
        consent.hear(text);
    }
    assert_eq!(consent.prompts.len(), 15);
}

#[test]
fn an_answer_grants_what_was_asked() {
    let mut consent = Consent::default();
    let need = Need::new(Operation::Push, ["main".to_owned()]);
    assert!(consent.covers(&need).is_none());
    consent.answer(&need, "yes");
    assert_eq!(consent.covers(&need).map(|grant| grant.quote.as_str()), Some("yes"));
}

#[test]
fn a_grant_quotes_the_sentence_and_keeps_its_condition() {
    let mut consent = Consent::default();
    consent.hear("Fix the bug. If the tests pass, push. Then tell me.");
    let need = Need::new(Operation::Push, ["@branch".to_owned()]);
    let grant = consent.covers(&need).unwrap();
    assert_eq!(grant.quote, "If the tests pass, push.");
    assert_eq!(grant.condition.as_deref(), Some("if the tests pass"));
}
