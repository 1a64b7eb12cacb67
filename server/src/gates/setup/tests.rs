//! Settings with and without Banksman's hooks.

use super::*;

const FOREIGN: &str = r#"{
  // mine
  "model": "opus", // keep
  "hooks": {
    "PreToolUse": [
      { "matcher": "Bash", "hooks": [ { "type": "command", "command": "my-linter --hook" } ] }
    ]
  },
}
"#;

#[test]
fn installing_twice_is_installing_once() {
    for client in CLIENTS {
        for text in ["", "{}", "// only a comment\n{\n}\n"] {
            let once = installed(text, client, "/opt/bin/banksman").unwrap();
            assert_eq!(installed(&once, client, "/opt/bin/banksman").unwrap(), once, "{}", client.name);
            let found = found(&once, client).unwrap();
            assert_eq!(found.len(), client.events.len(), "{}: {once}", client.name);
            assert!(
                found
                    .iter()
                    .all(|hook| hook.everything && hook.words == ["/opt/bin/banksman", "hook", client.name])
            );
        }
    }
}

#[test]
fn taking_away_leaves_what_was_there() {
    for client in CLIENTS.iter().filter(|client| !client.version) {
        for text in [FOREIGN, "{\n  \"a\": 1\n}\n"] {
            let with = installed(text, client, "/opt/bin/banksman").unwrap();
            assert_ne!(with, text);
            let without = uninstalled(&with, client).unwrap();
            assert_eq!(value(&without), value(text), "{}: {without}", client.name);
            for kept in ["// mine", "// keep", "my-linter --hook"].iter().filter(|kept| text.contains(**kept))
            {
                assert!(without.contains(kept) && with.contains(kept), "{}: {without}", client.name);
            }
        }
    }
}

#[test]
fn a_moved_program_takes_the_place_of_the_old_one() {
    for client in CLIENTS {
        let old = installed("{}", client, "/old/banksman").unwrap();
        let new = installed(&old, client, "/new dir/banksman").unwrap();
        assert!(!new.contains("/old/banksman"), "{new}");
        assert_eq!(found(&new, client).unwrap().len(), client.events.len(), "{new}");
        assert_eq!(value(&new), value(&installed("{}", client, "/new dir/banksman").unwrap()), "{new}");
    }
}

#[test]
fn nothing_is_left_of_a_file_of_its_own() {
    for client in CLIENTS {
        let with = installed("", client, "/opt/bin/banksman").unwrap();
        assert!(!is_bare(&with));
        assert!(is_bare(&uninstalled(&with, client).unwrap()), "{}", client.name);
    }
}

#[test]
fn what_is_not_understood_is_not_touched() {
    let claude = client("claude").unwrap();
    for text in ["[]", "{\"hooks\": []}", "{\"hooks\": {\"PreToolUse\": {}}}", "{\"hooks\""] {
        assert!(installed(text, claude, "/b/banksman").is_err(), "{text}");
    }
    assert_eq!(uninstalled(FOREIGN, claude).unwrap(), FOREIGN);
}

#[test]
fn only_a_plain_call_of_banksman_is_its_own_hook() {
    let claude = client("claude").unwrap();
    let ours = |command: &str| {
        let text =
            serde_json::json!({"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":command}]}]}});
        found(&text.to_string(), claude).unwrap().len()
    };
    assert_eq!(ours("'/a b/banksman' hook claude"), 1);
    for command in [
        "evil; banksman hook claude",
        "banksman hook claude || true",
        "echo banksman hook claude",
        "banksman hook codex",
        "$(x) hook claude",
    ] {
        assert_eq!(ours(command), 0, "{command}");
    }
}

#[test]
fn words_are_split_as_a_shell_does() {
    assert_eq!(split(r#"'/a b/c' "d e" f\ g ''"#).unwrap(), ["/a b/c", "d e", "f g", ""]);
    for word in ["/a b", "it's", "plain", ""] {
        assert_eq!(split(&quoted(word)).unwrap(), [word]);
    }
    for line in ["", "a; b", "a | b", "'open", "a $(b)", "\"$x\""] {
        assert_eq!(split(line), None, "{line}");
    }
}
