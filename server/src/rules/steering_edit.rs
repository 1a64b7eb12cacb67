//! Edits to files that run or steer later.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::{Content, EffectKind, Permission};
use crate::verdict::Finding;
use crate::world::{Place, Role, Scope};

pub(super) const NAME: &str = "steering-edit";

/// Keys of a package manifest that a package manager runs by itself.
const LIFECYCLE: [&str; 8] = [
    "\"preinstall\"",
    "\"install\"",
    "\"postinstall\"",
    "\"prepare\"",
    "\"prepublish\"",
    "\"prepublishOnly\"",
    "\"prepack\"",
    "\"postpack\"",
];

/// Calls by which code that a build or a test run loads starts programs or reaches the network.
const RUNS: [&str; 26] = [
    "subprocess",
    "os.system",
    "os.popen",
    "os.exec",
    "pty.spawn",
    "urllib",
    "requests.",
    "httpx.",
    "socket.",
    "exec(",
    "eval(",
    "Command::new",
    "TcpStream",
    "child_process",
    "execSync",
    "spawn(",
    "fetch(",
    "https.get",
    "http.get",
    "XMLHttpRequest",
    "curl ",
    "wget ",
    "base64",
    "bash -c",
    "sh -c",
    "| sh",
];

/// Settings by which a build tool is made to run something else. Where its packages come from is another
/// rule's affair.
const REDIRECTS: [&str; 14] = [
    "replace-with",
    "rustc-wrapper",
    "rustc-workspace-wrapper",
    "runner =",
    "runner=",
    "linker =",
    "linker=",
    "script-shell",
    "node-options",
    "yarnPath",
    "yarn-path",
    "credential-provider",
    "build =",
    "gpg-program",
];

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let (verb, place, content) = match &effect.kind {
            EffectKind::Write { place, content, .. } => ("change", place, content.as_ref()),
            EffectKind::Delete { place, state, .. } if state.exists => ("delete", place, None),
            EffectKind::Permit { place, change: Permission::Executable, .. }
                if place.role == Role::GitHook && is_gits_own(place) =>
            {
                ("switch on", place, None)
            }
            _ => {
                let Some(place) = names::written(effect) else { continue };
                ("replace", place, None)
            }
        };
        if names::own(effect) || place.scope == Scope::Temp {
            continue;
        }
        let Some((runner, words)) = runner(place.role) else { continue };
        if place.role == Role::Build
            && (verb == "delete" || !adds_something_that_runs(context, place, content))
        {
            continue;
        }
        let name = names::place(context.world, place);
        let mut targets = names::of_place(context.world, place);
        for word in words {
            names::add(&mut targets, word);
        }
        findings.push(
            Finding::new(NAME, Decision::Ask, effect, format!("This would {verb} {name}, which {runner}."))
                .unless(
                    names::need(&[Operation::EditSteering, Operation::Delete], targets),
                    format!("The user asks for {name} to be changed."),
                )
                .instead(
                    "Propose the change to the user in words, and leave the file alone until they agree.",
                ),
        );
    }
}

/// Git itself runs the hooks in its own folder; others are tools of the project.
fn is_gits_own(place: &Place) -> bool {
    place.path.components().any(|part| part.as_os_str() == ".git") || place.text().contains(".git/hooks")
}

/// What runs a file of this role, and the words by which users call such files.
fn runner(role: Role) -> Option<(&'static str, &'static [&'static str])> {
    match role {
        Role::Ci => Some((
            "the continuous integration runs with its own secrets and rights",
            &["ci", "workflow", "workflows", "pipeline", "github actions", "continuous integration"],
        )),
        Role::GitHook => Some((
            "git runs by itself at every commit, push or checkout",
            &["hook", "hooks", "git hook", "git hooks", "pre-commit", "husky"],
        )),
        Role::Build => Some((
            "the next build, install or test run would run",
            &["build script", "build", "install script", "makefile"],
        )),
        Role::EditorTasks => Some((
            "the editor runs or obeys by itself",
            &["tasks", "launch", "editor settings", "devcontainer", "vscode"],
        )),
        _ => None,
    }
}

/// Whether a change to a build file adds something that runs by itself. Dependencies, versions
/// and targets that somebody calls by name are ordinary work.
fn adds_something_that_runs(context: &Context<'_>, place: &Place, content: Option<&Content>) -> bool {
    let Some(content) = content else { return true };
    let before = context.world.text(&place.path);
    let old = content.old.as_deref().or(before.known()).unwrap_or_default();
    let added = |word: &&str| count(&content.new, word) > count(old, word);
    match place.name() {
        "package.json" | "composer.json" | "deno.json" => {
            LIFECYCLE.iter().any(added)
                || RUNS
                    .iter()
                    .filter(|word| word.contains("curl") || word.contains("wget") || word.contains("| sh"))
                    .any(added)
        }
        _ => RUNS.iter().any(added) || REDIRECTS.iter().any(added),
    }
}

fn count(text: &str, word: &str) -> usize {
    text.matches(word).count()
}
