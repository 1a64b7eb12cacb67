//! What is told of a script by its name, its first line and its arguments.

use std::path::Path;

use super::{Arg, EffectKind};
use crate::effects::programs;
use crate::effects::{ServiceClass, ServiceReach};

/// A script with its first plain arguments, as people call it: `./deploy.sh production`.
pub(super) fn titled(shown: &str, args: &[Arg]) -> String {
    // `--env prod` says as much as `prod` does, and `--dry-run` that nothing happens.
    let telling = ["--env", "--dry-run", "--check", "--help"];
    let options = |text: &&str| {
        !text.starts_with('-') || *text == "-e" || telling.iter().any(|option| text.starts_with(option))
    };
    let plain = args.iter().filter_map(Arg::text).take_while(options).take(2);
    plain.fold(shown.to_owned(), |title, word| title + " " + word)
}

/// What a script that nobody can look into sends out, by its name: `./deploy.sh production`.
pub(super) fn sent_out(name: &str, task: &str) -> Option<EffectKind> {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).map(str::to_ascii_lowercase).collect()
    };
    let all = words(task);
    if all
        .iter()
        .any(|word| ["dry", "check", "test", "tests", "local", "help", "status"].contains(&word.as_str()))
    {
        return None;
    }
    let class = words(name).iter().find_map(|word| match word.as_str() {
        "deploy" | "ship" | "rollout" => Some(ServiceClass::Deploy),
        "publish" | "upload" => Some(ServiceClass::Publish),
        "release" => Some(ServiceClass::Release),
        _ => None,
    })?;
    let production = all.iter().any(|word| ["production", "prod", "live"].contains(&word.as_str()));
    let (service, operation) = task.split_once(' ').unwrap_or((task, ""));
    Some(EffectKind::Service {
        service: service.to_owned(),
        operation: operation.to_owned(),
        target: if production { "production".to_owned() } else { operation.to_owned() },
        class,
        reach: if production { ServiceReach::Production } else { ServiceReach::Remote },
    })
}

/// What a script is written in, by its first line, or else by its name.
pub(super) fn language_of(path: &Path, text: Option<&str>) -> String {
    if let Some(line) = text.and_then(|text| text.lines().next()).and_then(|line| line.strip_prefix("#!")) {
        let words: Vec<&str> = line.split_whitespace().filter(|word| !word.starts_with('-')).collect();
        let base = words.first().map(|word| programs::base_name(word)).unwrap_or_default();
        let name = if base == "env" { words.get(1).copied().unwrap_or_default() } else { base };
        let name = programs::base_name(name);
        return name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').to_owned();
    }
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("py" | "pyw") => "python",
        Some("js" | "mjs" | "cjs" | "ts" | "mts") => "node",
        Some("rb") => "ruby",
        Some("pl" | "pm") => "perl",
        Some("php") => "php",
        _ => "bash",
    }
    .to_owned()
}
