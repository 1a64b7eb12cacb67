//! Publishing, releasing and deploying.

use banksman_protocol::Decision;

use super::Context;
use super::support::{names, services};
use crate::consent::{Need, Operation};
use crate::effects::{EffectKind, ServiceClass, ServiceReach};
use crate::verdict::Finding;

pub(super) const NAME: &str = "unasked-publish";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        if let EffectKind::RunProject { task } = &effect.kind
            && let Some(word) = sends_out(task)
        {
            let shown = names::quoted(task);
            findings.push(
                Finding::new(
                    NAME,
                    Decision::Ask,
                    effect,
                    format!("By its name, {shown} would {word} something. Nobody asked for that yet."),
                )
                .unless(
                    names::need(operations_of_word(word), targets(task)),
                    format!("The user says to run {shown}."),
                )
                .instead("Read what the task does, and let the user say go."),
            );
            continue;
        }
        let Some(deed) = services::deed(effect) else { continue };
        let (what, operations): (_, &[Operation]) = match deed.class {
            ServiceClass::Publish => (
                "would make something public that cannot be taken back",
                &[Operation::Publish, Operation::Release],
            ),
            ServiceClass::Release => (
                "would cut a release that others are told of",
                &[Operation::Release, Operation::Tag, Operation::Publish],
            ),
            ServiceClass::Deploy => ("would put this into use", &[Operation::Deploy]),
            _ => continue,
        };
        if deed.reach == ServiceReach::Local {
            continue;
        }
        findings.push(
            Finding::new(
                NAME,
                Decision::Ask,
                effect,
                format!("{} {what}{}. Nobody asked for that yet.", deed.shown(), deed.on()),
            )
            .unless(
                with_package(deed.need(operations, deed.class == ServiceClass::Deploy), deed.class),
                "The user says to publish, release or deploy it.",
            )
            .instead("Prepare everything, show what would go out (a dry run), and let the user say go."),
        );
    }
}

/// What a task acts on: the environment that it names, or else the task itself.
fn targets(task: &str) -> Vec<String> {
    const ENVIRONMENTS: [&str; 10] =
        ["production", "prod", "live", "staging", "stage", "preview", "qa", "uat", "canary", "dev"];
    let words = task.split(|c: char| !c.is_alphanumeric());
    let named: Vec<String> = words.filter(|word| ENVIRONMENTS.contains(word)).map(str::to_owned).collect();
    if named.is_empty() { names::words(task) } else { named }
}

/// "Publish it" means the project's own package.
fn with_package(mut need: Need, class: ServiceClass) -> Need {
    if matches!(class, ServiceClass::Publish | ServiceClass::Release) {
        need.targets.push("@package".to_owned());
    }
    need
}

/// The word by which a task of the project says that it sends something out: `make deploy`.
fn sends_out(task: &str) -> Option<&'static str> {
    // Programs whose `publish` is their own are modelled as what they do.
    let own = [
        "cargo publish",
        "npm publish",
        "pnpm publish",
        "yarn publish",
        "yarn npm",
        "bun publish",
        "uv publish",
        "poetry publish",
    ];
    if own.iter().any(|own| task.starts_with(own)) {
        return None;
    }
    let names = task
        .split_whitespace()
        .skip(1)
        .filter(|word| !word.starts_with('-') && !word.contains(['/', '.', '=']));
    let dry = task
        .split_whitespace()
        .any(|word| word.contains("dry") || word.contains("check") || word.contains("local"));
    let mut parts = names.flat_map(|name| name.split([':', '-', '_']));
    if dry {
        return None;
    }
    parts.find_map(|part| match part {
        "deploy" | "ship" => Some("deploy"),
        "publish" | "upload" => Some("publish"),
        "release" => Some("release"),
        _ => None,
    })
}

fn operations_of_word(word: &str) -> &'static [Operation] {
    match word {
        "deploy" => &[Operation::Deploy],
        "publish" => &[Operation::Publish, Operation::Release],
        _ => &[Operation::Release, Operation::Publish],
    }
}

#[cfg(test)]
mod tests {
    use super::sends_out;

    #[test]
    fn knows_a_task_that_sends_something_out_by_its_name() {
        assert_eq!(sends_out("make deploy"), Some("deploy"));
        assert_eq!(sends_out("npm run deploy:prod"), Some("deploy"));
        assert_eq!(sends_out("make deploy-dry-run"), None);
        assert_eq!(sends_out("cargo build --release"), None);
        assert_eq!(sends_out("pytest tests/test_deploy.py"), None);
    }
}
