//! Codex: `prefix_rule(pattern = ["git", ["push", "fetch"]], decision = "prompt")` in `*.rules`.

use banksman_protocol::Decision;
use serde_json::Value;

use super::{Counterpart, Permission, command};
use crate::gates::setup;

pub(super) fn read(text: &str) -> Result<Vec<Permission>, String> {
    let mut found = Vec::new();
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect();
    let mut rest = code.as_str();
    while let Some((_, after)) = rest.split_once("prefix_rule(") {
        let (call, next) = closing(after, ')').ok_or("a `prefix_rule(` is not closed")?;
        found.extend(rule(call));
        rest = next;
    }
    Ok(found)
}

/// What stands before the closing bracket, and what comes after it.
fn closing(text: &str, bracket: char) -> Option<(&str, &str)> {
    let mut quote = None;
    let mut depth = 0_u32;
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, letter) if letter == bracket && depth == 0 => {
                return Some((text.get(..at)?, text.get(at + letter.len_utf8()..)?));
            }
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn rule(call: &str) -> Vec<Permission> {
    let decision = match argument(call, "decision").as_deref() {
        None | Some("allow") => Decision::Allow,
        Some("prompt") => Decision::Ask,
        _ => Decision::Block,
    };
    let pattern = call.split_once("pattern").and_then(|(_, rest)| rest.trim_start().strip_prefix('='));
    let pattern = pattern.and_then(|rest| closing(rest.trim_start().strip_prefix('[')?, ']'));
    // A list in Starlark is one in JSON with comments, but for its quotes.
    let list = pattern.and_then(|(list, _)| setup::value(&format!("[{}]", list.replace('\'', "\""))));
    let Some(Value::Array(words)) = list else {
        let written = call.split_whitespace().collect::<Vec<_>>().join(" ");
        return vec![Permission {
            written,
            decision,
            becomes: Err("its pattern is not understood".to_owned()),
        }];
    };
    let mut lines = vec![String::new()];
    for word in &words {
        let choices: Vec<&str> = match word {
            Value::Array(choices) => choices.iter().filter_map(Value::as_str).collect(),
            word => word.as_str().into_iter().collect(),
        };
        lines = lines
            .iter()
            .flat_map(|line| choices.iter().map(move |choice| format!("{line} {}", setup::quoted(choice))))
            .take(64)
            .collect();
    }
    let permission = |line: String| {
        let written = line.trim().to_owned();
        let becomes: Result<Counterpart, String> = Ok(command(&written, true));
        Permission { written, decision, becomes }
    };
    lines.into_iter().map(permission).collect()
}

fn argument(call: &str, name: &str) -> Option<String> {
    let (_, rest) = call.split_once(name)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
    let (word, _) = rest.strip_prefix(quote)?.split_once(quote)?;
    Some(word.to_owned())
}
