use banksman_protocol::{Answer, Finding};

use super::*;

fn verdict(id: &str, decision: Decision) -> Verdict {
    Verdict {
        id: id.into(),
        decision,
        digest: format!("digest of {id}"),
        summary: String::new(),
        findings: vec![Finding {
            rule: "some-rule".into(),
            decision,
            hard: false,
            message: String::new(),
            span: Default::default(),
            place: None,
            clears: String::new(),
            instead: String::new(),
            cleared_by: None,
        }],
        effects: Vec::new(),
        grants: Vec::new(),
        elapsed_micros: 1,
    }
}

fn write(ledger: &Ledger, session: &str, call: Option<&str>, verdict: &Verdict) -> Option<Verdict> {
    let action = Action::Command { command: "ls".into(), cwd: None };
    let workspace = Path::new("/w");
    let record = Record {
        session,
        call,
        workspace,
        cwd: workspace,
        action: &action,
        verdict,
        leaves: None,
        again: false,
    };
    ledger.review(&record).unwrap()
}

fn at(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("deep/ledger.sqlite3")
}

#[test]
fn writers_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder);
    let writers: Vec<_> = (0..6)
        .map(|writer| {
            let path = path.clone();
            std::thread::spawn(move || {
                // Each has a connection of its own, as separate processes have.
                let ledger = Ledger::open(&path).unwrap();
                for count in 0..50 {
                    let name = format!("{writer}-{count}");
                    assert_eq!(write(&ledger, "s", None, &verdict(&name, Decision::Allow)), None);
                    ledger.prompt("s", &name).unwrap();
                }
            })
        })
        .collect();
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    let ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.log(&Filter { limit: 1_000, ..Filter::default() }).unwrap().len(), 300);
    assert_eq!(ledger.news("s", &mut Marks::default()).unwrap().prompts.len(), 300);
}

#[test]
fn one_call_has_one_verdict_whoever_reviews_it() {
    let folder = tempfile::tempdir().unwrap();
    let first = Ledger::open(&at(&folder)).unwrap();
    let second = Ledger::open(&at(&folder)).unwrap();
    let mine = verdict("mine", Decision::Ask);
    let theirs = Verdict { id: "theirs".into(), ..mine.clone() };
    assert_eq!(write(&first, "s", Some("call"), &mine), None);
    assert_eq!(write(&second, "s", Some("call"), &theirs), Some(mine));
    assert_eq!(first.log(&Filter::default()).unwrap().len(), 1);
    let other_action = verdict("other", Decision::Ask);
    assert_eq!(write(&second, "s", Some("call"), &other_action), None);
}

#[test]
fn an_approval_for_once_is_used_once_by_whoever_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&at(&folder)).unwrap();
    let once = Approved { answer: Answer::Once, note: None };
    ledger.approve("s", Path::new("/w"), "d", &once).unwrap();
    assert_eq!(ledger.approval("s", Path::new("/w"), "d").unwrap(), Some(once));
    let processes: Vec<_> = (0..4)
        .map(|_| {
            let path = at(&folder);
            std::thread::spawn(move || Ledger::open(&path).unwrap().use_once("s", "d").unwrap())
        })
        .collect();
    let used = processes.into_iter().map(|process| process.join().unwrap());
    assert_eq!(used.filter(|used| *used).count(), 1);
}

#[test]
fn an_approval_for_a_workspace_reaches_other_sessions_there_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&at(&folder)).unwrap();
    let workspace = Approved { answer: Answer::Workspace, note: None };
    ledger.approve("s", Path::new("/w"), "d", &workspace).unwrap();
    assert_eq!(ledger.approval("t", Path::new("/w"), "d").unwrap(), Some(workspace));
    assert_eq!(ledger.approval("t", Path::new("/v"), "d").unwrap(), None);
    assert_eq!(ledger.approval("t", Path::new("/w"), "e").unwrap(), None);
    let session = Approved { answer: Answer::Session, note: None };
    ledger.approve("s", Path::new("/w"), "e", &session).unwrap();
    assert_eq!(ledger.approval("t", Path::new("/w"), "e").unwrap(), None);
}

#[test]
fn a_file_that_is_no_ledger_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite3");
    std::fs::write(&path, "this is not a database, but long enough to be looked at".repeat(50)).unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Sqlite(_))));
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_ledger_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(Ledger::open(&at(&folder)).unwrap());
    Connection::open(at(&folder)).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Ledger::open(&at(&folder)), Err(LedgerError::Newer { found: 99, .. })));
}

#[test]
fn whoever_finds_a_file_in_the_making_leaves_it_to_its_maker() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(at(&folder).parent().unwrap()).unwrap();
    std::fs::write(at(&folder), "").unwrap();
    let path = at(&folder);
    let maker = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        Connection::open(path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    });
    let found = Ledger::open(&at(&folder)).unwrap_err();
    assert!(matches!(found, LedgerError::Newer { found: 99, .. }), "{found}");
    maker.join().unwrap();
}

#[test]
fn a_file_whose_maker_was_killed_is_made_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(at(&folder).parent().unwrap()).unwrap();
    std::fs::write(at(&folder), "").unwrap();
    let ledger = Ledger::open(&at(&folder)).unwrap();
    assert!(write(&ledger, "s", None, &verdict("a", Decision::Allow)).is_none());
}

#[cfg(unix)]
#[test]
fn nobody_but_the_user_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&at(&folder)).unwrap();
    ledger.prompt("s", "x").unwrap();
    for name in ["ledger.sqlite3", "ledger.sqlite3-wal"] {
        let mode = std::fs::metadata(at(&folder).with_file_name(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn the_log_is_filtered() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&at(&folder)).unwrap();
    for (session, id, decision) in
        [("s", "a1", Decision::Allow), ("s", "a2", Decision::Block), ("t", "b1", Decision::Block)]
    {
        write(&ledger, session, Some(id), &verdict(id, decision));
    }
    ledger.outcome("s", "a1", true).unwrap();
    let ids = |filter: Filter| -> Vec<String> {
        ledger.log(&filter).unwrap().into_iter().map(|entry| entry.verdict.id).collect()
    };
    assert_eq!(ids(Filter::default()), ["a1", "a2", "b1"]);
    assert_eq!(ids(Filter { session: Some("s".into()), ..Filter::default() }), ["a1", "a2"]);
    assert_eq!(ids(Filter { decision: Some(Decision::Block), ..Filter::default() }), ["a2", "b1"]);
    assert_eq!(ids(Filter { rule: Some("some-rule".into()), limit: 1, ..Filter::default() }), ["b1"]);
    assert_eq!(ids(Filter { rule: Some("rule".into()), ..Filter::default() }), Vec::<String>::new());
    assert_eq!(ids(Filter { since: Some(now() + 1_000_000), ..Filter::default() }), Vec::<String>::new());
    assert_eq!(ledger.entry("a1").unwrap().unwrap().outcome, Some(true));
    assert_eq!(ledger.entry("b").unwrap().unwrap().verdict.id, "b1");
    assert_eq!(ledger.entry("a").unwrap(), None);
    assert_eq!(ledger.entry("").unwrap(), None);
}

#[test]
fn old_sessions_are_forgotten_whole_and_living_ones_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder);
    let ledger = Ledger::open(&path).unwrap();
    for session in ["old", "living"] {
        write(&ledger, session, None, &verdict(session, Decision::Allow));
        ledger.prompt(session, "never push").unwrap();
    }
    drop(ledger);
    let connection = Connection::open(&path).unwrap();
    let long_ago = now() - 100 * 24 * 60 * 60 * 1_000_000;
    connection.execute("UPDATE sessions SET opened = ?1", params![long_ago]).unwrap();
    for table in ["prompts", "actions"] {
        let update = format!("UPDATE {table} SET at = ?1 WHERE session = 'old'");
        connection.execute(&update, params![long_ago]).unwrap();
    }
    connection.execute("DELETE FROM upkeep", []).unwrap();
    drop(connection);
    let ledger = Ledger::open(&path).unwrap();
    assert!(ledger.news("old", &mut Marks::default()).unwrap().prompts.is_empty());
    assert_eq!(ledger.news("living", &mut Marks::default()).unwrap().prompts.len(), 1);
    assert_eq!(ledger.log(&Filter::default()).unwrap().len(), 1);
}

#[test]
fn a_size_above_the_measure_forgets_nothing_of_today() {
    let folder = tempfile::tempdir().unwrap();
    drop(Ledger::open(&at(&folder)).unwrap());
    let tight = Retention { days: 90, bytes: 0 };
    let connection = Connection::open(at(&folder)).unwrap();
    connection.execute("DELETE FROM upkeep", []).unwrap();
    drop(connection);
    let ledger = Ledger::open(&at(&folder)).unwrap();
    write(&ledger, "s", None, &verdict("v", Decision::Allow));
    drop(ledger);
    Connection::open(at(&folder)).unwrap().execute("DELETE FROM upkeep", []).unwrap();
    let ledger = Ledger::open_with(&at(&folder), tight).unwrap();
    assert_eq!(ledger.log(&Filter::default()).unwrap().len(), 1);
}

#[test]
fn processes_that_come_and_go_leave_a_short_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder);
    for count in 0..120 {
        let ledger = Ledger::open(&path).unwrap();
        write(&ledger, "s", None, &verdict(&count.to_string(), Decision::Allow));
    }
    let log = std::fs::metadata(path.with_file_name("ledger.sqlite3-wal")).unwrap().len();
    assert!(log <= file::LONG_LOG, "{log} bytes");
    assert_eq!(Ledger::open(&path).unwrap().recent("s", 500).unwrap().len(), 120);
}
