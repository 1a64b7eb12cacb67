//! Programs that nobody knows: what their arguments say by themselves.

use std::path::Path;

use super::nested::words;
use super::{Arg, Certainty, EffectKind, Shell, Source, Span, Value};
use crate::effects::programs;
use crate::effects::{Remote, SendHow, ServiceClass, ServiceReach};
use crate::world::Role;

/// Commands that are followed when they stand behind the name of a program that nobody knows.
const STARTED: [&str; 12] =
    ["rm", "dd", "shred", "mkfs", "git", "sudo", "sh", "bash", "zsh", "curl", "wget", "python3"];

/// Options by which an agent acts without asking anybody.
const UNASKED: [&str; 10] = [
    "--dangerously-skip-permissions",
    "--dangerously-bypass-approvals-and-sandbox",
    "--allow-dangerously-skip-permissions",
    "--dangerously-allow-all",
    "--yolo",
    "--yes-always",
    "--allow-all-tools",
    "--allow-all-paths",
    "--trust-all-tools",
    "--auto-approve-all",
];

/// Options of which one value says the same.
const UNASKED_VALUES: [(&str, &str); 6] = [
    ("--permission-mode", "bypassPermissions"),
    ("--approval-mode", "yolo"),
    ("--ask-for-approval", "never"),
    ("--approval-policy", "never"),
    ("--sandbox", "danger-full-access"),
    ("-s", "danger-full-access"),
];

/// The option by which an agent is told to ask nobody.
fn unasked(args: &[Arg]) -> Option<&Arg> {
    args.iter().enumerate().find_map(|(at, arg)| {
        let text = arg.text()?;
        let behind = args.get(at + 1).and_then(Arg::text);
        let pair = |(name, value): &(&str, &str)| {
            (text == *name && behind == Some(*value))
                || text.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) == Some(*value)
        };
        (UNASKED.contains(&text) || UNASKED_VALUES.iter().any(pair)).then_some(arg)
    })
}

/// A path into a folder in which installed programs live: it means the program of that name.
pub(super) fn is_program_folder(shell: &Shell<'_>, name: &str) -> bool {
    let place = shell.place_at(name);
    let lexical = name.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
    const SYSTEM: [&str; 9] = [
        "/bin",
        "/sbin",
        "/usr/bin",
        "/usr/sbin",
        "/usr/local/bin",
        "/usr/local/sbin",
        "/opt/homebrew/bin",
        "/snap/bin",
        "/run/current-system/sw/bin",
    ];
    if SYSTEM.contains(&lexical) {
        return true;
    }
    // The tools of the project's own environment; what the session itself put there is not that.
    let own = ["node_modules/.bin", ".venv/bin", "venv/bin", "env/bin", ".tox/bin", "vendor/bin"];
    let in_environment =
        own.iter().any(|folder| lexical == *folder || lexical.ends_with(&format!("/{folder}")));
    let base = programs::base_name(name);
    (in_environment || is_home_tools(shell, lexical))
        && programs::model(base).is_some()
        && !shell.world().trail().made(&place.path)
        && !shell.files.contains_key(&place.path)
}

fn is_home_tools(shell: &Shell<'_>, folder: &str) -> bool {
    let home = shell.world().home();
    [".cargo/bin", ".local/bin", "go/bin", ".bun/bin", ".deno/bin"]
        .iter()
        .any(|tools| Path::new(folder) == home.join(tools))
}

/// A program that Banksman has no model of.
pub(super) fn unknown_program(
    shell: &mut Shell<'_>,
    first: &Arg,
    args: &[Arg],
    stdin: &Value,
    span: Span,
) -> Value {
    let program = first.shown();
    shell.add(EffectKind::RunUnknown { program: program.clone(), place: None }, span);
    generic_arguments(shell, &program, args);
    // A program that takes a whole command line runs it, more likely than not.
    if let [first, rest @ ..] = args
        && !rest.is_empty()
        && first.text().is_some_and(|name| STARTED.contains(&programs::base_name(name)))
    {
        words(shell, args, span, stdin);
    }
    let sources: Vec<Source> =
        stdin.sources().iter().chain(args.iter().flat_map(|arg| arg.value.sources())).cloned().collect();
    Value::output(&program, sources)
}

/// What arguments say by themselves: secrets that are handed over, addresses, verbs that destroy.
pub(super) fn generic_arguments(shell: &mut Shell<'_>, program: &str, args: &[Arg]) {
    if let Some(flag) = unasked(args) {
        let what = format!("the approvals that `{}` asks for", programs::base_name(program));
        shell.add(EffectKind::Weaken { what, once: false }, flag.span);
    }
    programs::exposes(args, shell);
    handed_over(shell, args);
    verbs(shell, program, args);
}

/// Secrets and addresses among the arguments.
pub(super) fn handed_over(shell: &mut Shell<'_>, args: &[Arg]) {
    let mut secrets: Vec<Source> = Vec::new();
    let mut address = None;
    for arg in args {
        let shown = arg.shown();
        let value = shown
            .split_once('=')
            .filter(|_| shown.starts_with('-'))
            .map_or(shown.as_str(), |(_, value)| value);
        if value.contains("://") {
            address = Some((Remote::read(value), arg.span));
            continue;
        }
        secrets.extend(
            arg.value
                .sources()
                .iter()
                .filter(|source| matches!(source, Source::Variable(_) | Source::Secret(_)))
                .cloned(),
        );
        if shown.starts_with('-') && value == shown {
            continue;
        }
        let place = if value == shown { shell.place(arg) } else { shell.place_at(value) };
        if place.known && matches!(place.role, Role::Secret(_)) {
            secrets.push(Source::File(Box::new(place.clone())));
            shell.add_as(EffectKind::Read { place }, arg.span, Certainty::Likely);
        }
    }
    if let Some((to, span)) = address {
        if secrets.is_empty() {
            shell.add_as(EffectKind::Fetch { from: to, saves: None }, span, Certainty::Possible);
        } else {
            shell.add_as(EffectKind::Send { to, what: secrets, how: SendHow::Body }, span, Certainty::Likely);
        }
    }
}

/// Verbs among the first words: what a program that nobody knows is asked to do.
fn verbs(shell: &mut Shell<'_>, program: &str, args: &[Arg]) {
    let verb = args.iter().filter(|arg| !arg.value.prefix().starts_with('-')).take(3).find_map(|arg| {
        let class = match arg.text()? {
            "delete" | "destroy" | "drop" | "purge" | "wipe" | "nuke" | "erase" | "terminate" => {
                ServiceClass::Destroy
            }
            "publish" => ServiceClass::Publish,
            "deploy" | "rollout" | "promote" => ServiceClass::Deploy,
            _ => return None,
        };
        Some((class, arg.shown(), arg.span))
    });
    if let Some((class, operation, span)) = verb {
        let target = args
            .iter()
            .rev()
            .find(|arg| !arg.value.prefix().starts_with('-'))
            .map(Arg::shown)
            .unwrap_or_default();
        let kind = EffectKind::Service {
            service: programs::base_name(program).to_owned(),
            operation,
            target,
            class,
            reach: ServiceReach::Remote,
        };
        shell.add_as(kind, span, Certainty::Possible);
    }
}
