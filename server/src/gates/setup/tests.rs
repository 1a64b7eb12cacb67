//! Settings with and without Banksman's hooks.

#![expect(clippy::disallowed_methods, reason = "what is generated is compared with what is checked in")]

use std::path::Path;

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

/// The clients whose gate stands in their settings.
fn settings() -> impl Iterator<Item = &'static Client> {
    CLIENTS.iter().filter(|client| !matches!(client.form, Form::Module(_)))
}

#[test]
fn installing_twice_is_installing_once() {
    for client in settings() {
        for text in ["", "{}", "// only a comment\n{\n}\n"] {
            let once = installed(text, client, "/opt/bin/banksman").unwrap();
            assert_eq!(installed(&once, client, "/opt/bin/banksman").unwrap(), once, "{}", client.name);
            let found = found(&once, client).unwrap();
            assert_eq!(found.len(), client.events.len(), "{}: {once}", client.name);
            for hook in found {
                assert!(hook.everything, "{}: {once}", client.name);
                let words = ["/opt/bin/banksman", "hook", client.name];
                assert!(hook.words.starts_with(&words.map(str::to_owned)), "{}: {once}", client.name);
            }
        }
    }
}

#[test]
fn taking_away_leaves_what_was_there() {
    for client in settings().filter(|client| !client.version) {
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
    for client in settings() {
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

#[cfg(unix)]
#[test]
fn a_program_that_is_gone_stops_what_it_was_to_review() {
    for client in CLIENTS.iter().filter(|client| !client.closes.is_empty()) {
        let text = installed("", client, "/opt/bin/banksman").unwrap();
        assert_eq!(text.matches(" || exit 2").count(), client.gates.len(), "{text}");
    }
}

#[test]
fn the_plugin_that_is_checked_in_is_not_stale() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/claude-code");
    let mut stale = Vec::new();
    for (name, text) in plugin::files() {
        let file = folder.join(name);
        if std::fs::read_to_string(&file).ok().as_ref() != Some(&text) {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, text).unwrap();
            stale.push(name);
        }
    }
    assert_eq!(
        stale,
        Vec::<&str>::new(),
        "they were stale and are written anew; look at them and commit them"
    );
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

#[test]
fn a_module_is_known_again_as_long_as_nobody_changed_it() {
    let opencode = client("opencode").unwrap();
    let text = installed("", opencode, "/a \"b\"/banksman").unwrap();
    assert_eq!(installed(&text, opencode, "/a \"b\"/banksman").unwrap(), text);
    let hooks = found(&text, opencode).unwrap();
    assert!(hooks.iter().all(|hook| hook.words == ["/a \"b\"/banksman", "hook", "opencode"]));
    assert_eq!(hooks.len(), opencode.events.len());
    assert_eq!(found(&text.replace("!==", "==="), opencode), Err(SetupError::Altered));
    assert_eq!(installed(&text.replace("!==", "==="), opencode, "/a \"b\"/banksman").unwrap(), text);
    assert_eq!(uninstalled(&text, opencode).unwrap(), "");
}

#[test]
fn a_module_of_others_is_not_touched() {
    let opencode = client("opencode").unwrap();
    let text = "export const Other = async () => ({})\n";
    assert_eq!(installed(text, opencode, "/b/banksman"), Err(SetupError::Foreign));
    assert_eq!(uninstalled(text, opencode).unwrap(), text);
    assert_eq!(found(text, opencode).unwrap(), Vec::new());
}

mod codex {
    use std::path::Path;

    use super::super::trust::{Known, Trust, known, trust, trusted};
    use super::*;

    fn hooks() -> Vec<Known> {
        let codex = client("codex").unwrap();
        let text = installed("{}", codex, "/opt/bin/banksman").unwrap();
        known(&text, Path::new("/home/u/.codex/hooks.json"), codex).unwrap()
    }

    #[test]
    fn a_hook_is_named_by_its_place_and_hashed_by_its_definition() {
        let hooks = hooks();
        let before = hooks.iter().find(|hook| hook.event == "PreToolUse").unwrap();
        assert_eq!(before.key, "/home/u/.codex/hooks.json:pre_tool_use:0:0");
        assert!(before.hash.starts_with("sha256:") && before.hash.len() == 71, "{}", before.hash);
        let mut hashes: Vec<&String> = hooks.iter().map(|hook| &hook.hash).collect();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), 4);
    }

    #[test]
    fn trust_is_given_once_and_kept_beside_what_others_wrote() {
        let hooks = hooks();
        let config =
            "# mine\nmodel = \"m\"\n\n[hooks.state.\"/other:stop:0:0\"]\ntrusted_hash = \"sha256:1\"\n";
        let with = trusted(config, &hooks).unwrap();
        assert!(with.starts_with(config), "{with}");
        assert!(hooks.iter().all(|hook| trust(&with, hook) == Trust::Given), "{with}");
        assert_eq!(trusted(&with, &hooks).unwrap(), with);
    }

    #[test]
    fn trust_in_what_stood_there_before_is_none() {
        let hook = hooks().remove(0);
        let old = Known { hash: "sha256:0".to_owned(), ..hook.clone() };
        let config = trusted("", &[old]).unwrap();
        assert_eq!(trust(&config, &hook), Trust::Outdated);
        assert_eq!(trust("", &hook), Trust::Missing);
        let off = format!("{config}enabled = false\n");
        assert_eq!(trust(&off, &hook), Trust::Off);
    }

    #[test]
    fn settings_that_are_not_understood_are_not_trusted_into() {
        for config in ["hooks = 1\n", "[hooks]\nstate = []\n", "= \n"] {
            assert!(trusted(config, &hooks()).is_err(), "{config}");
        }
    }
}

#[test]
fn a_person_has_five_minutes_and_the_hook_is_done_before_the_client_goes_on() {
    for client in settings().filter(|client| client.patience.is_some()) {
        let text = installed("", client, "/opt/bin/banksman").unwrap();
        for hook in found(&text, client).unwrap() {
            let patience = hook.patience.map(Duration::from_millis).unwrap();
            let asks = client.asks.contains(&hook.event.as_str());
            assert_eq!(hook.wait() > Duration::from_secs(300), asks, "{}: {text}", client.name);
            assert!(hook.wait() + Duration::from_secs(5) <= patience, "{}: {text}", client.name);
        }
    }
}

#[test]
fn what_an_older_banksman_installed_is_brought_up_to_date() {
    for client in settings().filter(|client| client.patience.is_some()) {
        let new = installed("", client, "/opt/bin/banksman").unwrap();
        let seconds = |seconds: u32| (seconds * client.patience.unwrap().second).to_string();
        let old = new.replace(&format!(" --wait {WAIT}"), "").replace(&seconds(LONG), &seconds(SHORT));
        assert_ne!(old, new, "{}", client.name);
        assert_eq!(
            value(&installed(&old, client, "/opt/bin/banksman").unwrap()),
            value(&new),
            "{}",
            client.name
        );
    }
}
