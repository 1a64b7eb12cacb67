//! Claims about the command line, proven with the real binary in a throw-away home.

use std::io::Write;
use std::process::{Output, Stdio};

use banksman::guard::{Guard, GuardOptions};
use banksman_protocol::{Action, Decision, Explanation, ReplayAnswer, ReviewParams, Verdict, VerdictParams};

use crate::support::{Home, write};

const COMMANDS: [&str; 15] = [
    "lsp",
    "install",
    "uninstall",
    "doctor",
    "hook",
    "review",
    "replay",
    "demo",
    "log",
    "explain",
    "rules",
    "trust",
    "mode",
    "completions",
    "man",
];

fn review(home: &Home, command: &str) -> Output {
    home.run(&["review", "--", command])
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

#[test]
fn the_exit_status_tells_the_decision() {
    let home = Home::new();
    home.settings("[[ask]]\ncommand = \"deploy *\"\n");
    for (command, expected) in [("ls", 0), ("deploy it", 3), ("rm -rf ~", 4)] {
        let output = review(&home, command);
        assert_eq!(code(&output), expected, "{command}: {}{}", out(&output), err(&output));
        assert_eq!(err(&output), "", "{command}");
    }
}

#[test]
fn json_is_exactly_one_verdict() {
    let home = Home::new();
    let output = home.run(&["review", "--json", "--", "rm -rf ~"]);
    let verdict: Verdict = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(verdict.decision, Decision::Block);
    assert_eq!(code(&output), 4);
}

#[test]
fn the_evidence_is_underlined_and_the_rule_named() {
    let home = Home::new();
    let drawn = out(&review(&home, "cd /tmp && rm -rf ~"));
    let lines: Vec<&str> = drawn.lines().collect();
    let at = lines.iter().position(|line| line.contains("rm -rf ~")).unwrap();
    assert!(lines[at + 1].contains('\u{2501}'), "{drawn}");
    assert!(drawn.contains("irrecoverable-delete"), "{drawn}");
    assert!(drawn.starts_with("block: "), "{drawn}");
}

#[test]
fn several_words_are_the_program_and_its_arguments() {
    let home = Home::new();
    let output = home.run(&["review", "--", "echo", "a; rm -rf ~"]);
    assert_eq!(code(&output), 0, "{}", out(&output));
}

#[test]
fn a_command_in_quotes_needs_no_dashes_before_it() {
    let home = Home::new();
    for command in ["ls -la", "rm -rf ~"] {
        let bare = home.run(&["review", command]);
        assert_eq!((code(&bare), out(&bare)), {
            let dashed = review(&home, command);
            (code(&dashed), out(&dashed))
        });
    }
    let loose = home.run(&["review", "rm", "-rf", "~"]);
    assert_eq!((code(&loose), out(&loose).as_str()), (2, ""), "{}", err(&loose));
}

#[test]
fn controls_in_a_command_do_not_reach_the_terminal() {
    let home = Home::new();
    let drawn = out(&review(&home, "echo \u{1b}[2J\u{202e} && rm -rf ~"));
    assert!(!drawn.contains('\u{1b}') && !drawn.contains('\u{202e}'), "{drawn:?}");
    assert!(drawn.contains("\\u{1b}"), "{drawn}");
}

#[test]
fn an_action_may_come_as_json_on_stdin() {
    let home = Home::new();
    let mut child = home
        .banksman(&["review", "--action", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(br#"{"kind":"command","command":"ls"}"#).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0);
    assert!(serde_json::from_slice::<Verdict>(&output.stdout).is_ok());
}

#[test]
fn bad_input_is_told_by_its_field_and_status_two() {
    let home = Home::new();
    for (arguments, words) in [
        (vec!["review", "--action", "{\"kind\":\"fech\"}"], "--action: unknown variant `fech`"),
        (vec!["review", "--action", "{\"kind\":\"command\"}"], "--action: missing field `command`"),
        (vec!["review", "--action", "{"], "--action: EOF"),
        (vec!["review", "--edit", "a", "--new", "missing"], "--new: `missing`"),
        (vec!["review", "--content", "missing", "--", "ls"], "--content: `missing`"),
        (vec!["review", "--cwd", "missing", "--", "ls"], "`missing` is not a folder"),
        (vec!["review", "--mode", "atuo", "--", "ls"], "auto"),
        (vec!["review"], "required"),
        (vec!["rules", "unasked-psh"], "did you mean `unasked-push`?"),
        (vec!["man", "nonsense"], "there is no command `nonsense`"),
        (vec!["nonsense"], "unrecognized subcommand"),
        (vec!["trust"], "has no banksman.toml"),
    ] {
        let output = home.run(&arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(words), "{arguments:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{arguments:?}");
    }
}

#[test]
fn a_replay_answers_every_action_and_reports_bad_lines_by_number() {
    let home = Home::new();
    let recording = format!(
        concat!(
            "{{\"event\":\"session\",\"session\":\"s\",\"workspace\":{:?}}}\n",
            "nonsense\n",
            "{{\"event\":\"action\",\"session\":\"s\",\"id\":\"a\",\"action\":{{\"kind\":\"command\",\"command\":\"rm -rf ~\"}}}}\n"
        ),
        home.workspace()
    );
    write(&home.path().join("r.jsonl"), &recording);
    let output = home.run(&["replay", "../r.jsonl"]);
    assert_eq!(code(&output), 2);
    let answer: ReplayAnswer = serde_json::from_slice(&output.stdout).unwrap();
    assert!(matches!(answer, ReplayAnswer::Action { decision: Decision::Block, .. }), "{answer:?}");
    assert!(err(&output).starts_with("line 2:"), "{}", err(&output));
}

#[test]
fn the_log_and_explanations_come_from_the_ledger() {
    let home = Home::new();
    assert_eq!(code(&home.run(&["log"])), 0);
    let path = home.ledger();
    assert!(!path.exists(), "to look is not to make a ledger");
    let guard = Guard::new(GuardOptions::default().with_ledger(&path));
    guard.open("s1", Some(&home.workspace()), None);
    let action = Action::Command { command: "git push --force origin main".into(), cwd: None };
    let params = ReviewParams { session: "s1".into(), action, tool_call_id: None, workspace: None };
    let id = guard.review(&params).verdict.id;
    drop(guard);

    let table = out(&home.run(&["log", "--stopped", "--since", "1h"]));
    assert!(table.contains("block") && table.contains("git push --force") && table.contains(&id), "{table}");
    let line = home.run(&["log", "--json", "--rule", "unasked-push"]);
    let told: VerdictParams = serde_json::from_slice(&line.stdout).unwrap();
    assert_eq!(told.verdict.id, id);
    assert!(out(&home.run(&["log", "--decision", "allow"])).contains("nothing was reviewed"));

    let explained = out(&home.run(&["explain", &id]));
    assert!(explained.contains("git push --force") && explained.contains("effects"), "{explained}");
    let json = home.run(&["explain", &id, "--json"]);
    let explanation: Explanation = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(explanation.verdict.id, id);
    let unknown = home.run(&["explain", "nonsense"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("no verdict is called `nonsense`"));
}

#[test]
fn colours_appear_only_where_they_are_wanted() {
    let home = Home::new();
    let coloured = |set: &[(&str, &str)]| {
        let mut command = home.banksman(&["review", "--", "rm -rf ~"]);
        for (name, value) in set {
            command.env(name, value);
        }
        out(&command.output().unwrap()).contains('\u{1b}')
    };
    assert!(!coloured(&[]), "a pipe");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]), "forced");
    assert!(!coloured(&[("NO_COLOR", "1")]), "refused");
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), "refused and forced");
}

#[test]
fn a_reader_that_goes_away_changes_no_status() {
    let home = Home::new();
    let mut child = home
        .banksman(&["review", "--", "rm -rf ~"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 4);
    assert_eq!(err(&output), "");
}

#[test]
fn problems_of_settings_are_told_and_the_rest_applies() {
    let home = Home::new();
    home.settings("moed = \"plan\"\n\n[[block]]\ncommand = \"deploy *\"\n");
    let output = review(&home, "deploy it");
    assert_eq!(code(&output), 4);
    assert!(
        err(&output).contains("banksman.toml:1:1: unknown key `moed` (did you mean `mode`?)"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_workspace_loosens_nothing_until_it_is_trusted() {
    let home = Home::new();
    home.settings("[rules.outside-workspace]\nlevel = \"block\"\n");
    home.workspace_settings("[[allow]]\ncommand = \"touch *\"\n");
    let command = "touch ~/other";
    assert_eq!(code(&review(&home, command)), 4);

    let shown = home.run(&["trust", "--show"]);
    assert!(out(&shown).contains("is not trusted") && out(&shown).contains("line 1:"), "{}", out(&shown));
    let unasked = home.run(&["trust"]);
    assert_eq!(code(&unasked), 2);
    assert!(err(&unasked).contains("--yes"));

    assert_eq!(code(&home.run(&["trust", "--yes"])), 0);
    let trusted = review(&home, command);
    assert_eq!(code(&trusted), 0, "{}{}", out(&trusted), err(&trusted));
    assert!(out(&trusted).contains("cleared[outside-workspace]"), "{}", out(&trusted));

    home.workspace_settings("[[allow]]\ncommand = \"touch *\"\n# changed\n");
    assert_eq!(code(&review(&home, command)), 4);
}

#[test]
fn trust_can_be_revoked() {
    let home = Home::new();
    home.workspace_settings("mode = \"bypass\"\n");
    home.run(&["trust", "--yes"]);
    assert!(out(&home.run(&["trust", "--show"])).contains("is trusted as it stands"));
    home.run(&["trust", "--revoke"]);
    assert!(out(&home.run(&["trust", "--show"])).contains("is not trusted"));
}

#[test]
fn a_mode_is_chosen_for_a_workspace_and_reset() {
    let home = Home::new();
    assert!(out(&home.run(&["mode"])).starts_with("auto"));
    home.run(&["mode", "plan"]);
    assert!(out(&home.run(&["mode"])).starts_with("plan"));
    assert_eq!(code(&review(&home, "touch a")), 4);
    home.run(&["mode", "--reset"]);
    assert!(out(&home.run(&["mode"])).starts_with("auto"));
}

#[test]
fn help_completions_and_manual_mention_every_command() {
    let home = Home::new();
    let mut texts = vec![out(&home.run(&["--help"])), out(&home.run(&["man"]))];
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        texts.push(out(&home.run(&["completions", shell])));
    }
    for text in texts {
        for command in COMMANDS {
            assert!(
                text.contains(command),
                "{command} is missing in {}",
                text.lines().next().unwrap_or_default()
            );
        }
    }
}

#[test]
fn every_command_has_help_and_a_manual_page() {
    let home = Home::new();
    for command in COMMANDS {
        let help = home.run(&[command, "--help"]);
        assert_eq!(code(&help), 0);
        assert!(out(&help).contains("Usage: banksman"), "{command}");
        let page = out(&home.run(&["man", command]));
        assert!(page.contains(&format!("banksman\\-{command}")), "{command}: {page}");
    }
}

#[test]
fn rules_are_listed_and_shown() {
    let home = Home::new();
    let list = out(&home.run(&["rules"]));
    let page = out(&home.run(&["rules", "unasked-push"]));
    assert!(list.contains("unasked-push"));
    assert!(page.contains("What clears it"));
    let json = home.run(&["rules", "--json"]);
    let rules: Vec<serde_json::Value> = serde_json::from_slice(&json.stdout).unwrap();
    assert!(rules.iter().all(|rule| rule["summary"].as_str().is_some_and(|summary| !summary.is_empty())));
}

#[test]
fn logs_go_to_the_file_and_never_to_stdout() {
    let home = Home::new();
    let log = home.path().join("log");
    let output = home.run(&["-vv", "--log-file", log.to_str().unwrap(), "review", "--json", "--", "ls"]);
    assert!(serde_json::from_slice::<Verdict>(&output.stdout).is_ok());
    assert!(log.is_file());
}
