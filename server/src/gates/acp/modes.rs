//! The modes in which an agent no longer asks before it acts.
//!
//! An agent that does not ask cannot be gated. Nothing is lost without such modes: what is safe is
//! answered by the proxy, so it flows in the modes that ask.

use serde_json::{Map, Value};

/// Parts of a mode's name, without what is neither letter nor digit.
const UNASKING: [&str; 20] = [
    "bypass",
    "yolo",
    "fullaccess",
    "fullauto",
    "danger",
    "skippermission",
    "skipapproval",
    "autopilot",
    "allowall",
    "allowalways",
    "alwaysallow",
    "approveall",
    "acceptall",
    "unrestricted",
    "noapproval",
    "neverask",
    "acceptedit",
    "autoedit",
    "autoaccept",
    "autoapprove",
];

/// Whole names. They are too short to look for in others.
const UNASKING_NAMES: [&str; 3] = ["auto", "never", "trusted"];

/// The names under which agents offer a mode that asks, the best first.
const ASKING: [&str; 8] = ["default", "ask", "manual", "normal", "agent", "build", "readonly", "plan"];

/// In this mode the agent no longer asks, or not about everything that changes something.
pub(super) fn is_unasking(mode: &str) -> bool {
    let plain = plain(mode);
    UNASKING_NAMES.contains(&plain.as_str()) || UNASKING.iter().any(|part| plain.contains(part))
}

/// Setting this option of a session to this value would switch the asking off.
pub(super) fn switches_off(option: &str, value: &Value) -> bool {
    match value {
        Value::String(value) => {
            let plain = plain(value);
            UNASKING.iter().any(|part| plain.contains(part))
                || (is_about_asking(option, None) && is_unasking(value))
        }
        Value::Bool(on) => *on && is_unasking(option),
        _ => false,
    }
}

/// A setting of a session that takes modes or permissions, by its own name and its category.
fn is_about_asking(option: &str, category: Option<&str>) -> bool {
    category == Some("mode")
        || ["mode", "permission", "approval", "sandbox", "autonomy"].iter().any(|part| {
            let option = plain(option);
            option.contains(part) && !option.contains("model")
        })
}

/// The modes of a session, as `session/new` and its kin tell them: the one it is in when that does
/// not ask, and the best one that does.
pub(super) fn to_leave(modes: &Value) -> Option<(&str, Option<&str>)> {
    let current = modes.get("currentModeId")?.as_str()?;
    let offered = modes.get("availableModes").and_then(Value::as_array).into_iter().flatten();
    let offered: Vec<&str> = offered.filter_map(|mode| mode.get("id")?.as_str()).collect();
    is_unasking(current).then(|| (current, asking(&offered)))
}

/// The settings of a session that stand on a mode that does not ask: the setting, and the best of
/// its values that does.
pub(super) fn options_to_leave(options: &Value) -> Vec<(&str, Option<&str>)> {
    let options = options.as_array().into_iter().flatten();
    options
        .filter_map(|option| {
            let id = option.get("id")?.as_str()?;
            let category = option.get("category").and_then(Value::as_str);
            let current = option.get("currentValue")?.as_str()?;
            if !is_about_asking(id, category) || !is_unasking(current) {
                return None;
            }
            let mut values = Vec::new();
            choices(option.get("options").unwrap_or(&Value::Null), &mut values);
            Some((id, asking(&values)))
        })
        .collect()
}

/// The values to choose from; they may stand in groups.
fn choices<'a>(options: &'a Value, values: &mut Vec<&'a str>) {
    for option in options.as_array().into_iter().flatten() {
        let option: Option<&Map<String, Value>> = option.as_object();
        match option.and_then(|option| option.get("value")) {
            Some(Value::String(value)) => values.push(value),
            _ => choices(option.and_then(|option| option.get("options")).unwrap_or(&Value::Null), values),
        }
    }
}

/// The best mode that asks.
pub(super) fn asking<'a>(offered: &[&'a str]) -> Option<&'a str> {
    let fine = || offered.iter().copied().filter(|mode| !is_unasking(mode));
    let named = |name: &str| fine().find(|mode| last_word(mode) == name);
    ASKING.into_iter().find_map(named).or_else(|| fine().next())
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Some agents name modes by addresses: the part after the last `#`.
fn last_word(mode: &str) -> String {
    plain(mode.rsplit('#').next().unwrap_or(mode))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn modes_of_real_agents_are_told_apart() {
        let unasking = [
            "bypassPermissions",
            "acceptEdits",
            "auto",
            "full-access",
            "autoEdit",
            "yolo",
            "https://agentclientprotocol.com/protocol/session-modes#autopilot",
        ];
        for mode in unasking {
            assert!(is_unasking(mode), "{mode}");
        }
        let asking = [
            "default",
            "plan",
            "dontAsk",
            "read-only",
            "build",
            "ask",
            "https://agentclientprotocol.com/protocol/session-modes#agent",
        ];
        for mode in asking {
            assert!(!is_unasking(mode), "{mode}");
        }
    }

    #[test]
    fn a_model_that_is_called_auto_is_no_mode() {
        assert!(!is_about_asking("model", Some("model")));
        assert!(is_about_asking("mode", Some("mode")));
        assert!(is_about_asking("approval_policy", None));
        assert!(!is_about_asking("thought_level", Some("thought_level")));
        assert!(!switches_off("model", &json!("auto")));
        assert!(switches_off("mode", &json!("auto")));
        assert!(switches_off("speed", &json!("yolo")));
        assert!(switches_off("auto_approve", &json!(true)));
        assert!(!switches_off("auto_approve", &json!(false)));
    }

    #[test]
    fn the_way_back_is_the_mode_that_asks_most_usefully() {
        let modes = json!({ "currentModeId": "full-access", "availableModes": [
            { "id": "read-only" }, { "id": "auto" }, { "id": "full-access" } ] });
        assert_eq!(to_leave(&modes), Some(("full-access", Some("read-only"))));
        let modes = json!({ "currentModeId": "default", "availableModes": [] });
        assert_eq!(to_leave(&modes), None);
        let options = json!([
            { "id": "mode", "category": "mode", "currentValue": "yolo",
              "options": [{ "group": "a", "options": [{ "value": "plan" }, { "value": "default" }] }, { "value": "yolo" }] },
            { "id": "model", "category": "model", "currentValue": "auto", "options": [] },
        ]);
        assert_eq!(options_to_leave(&options), [("mode", Some("default"))]);
    }
}
