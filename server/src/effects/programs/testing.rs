//! How models are tested: a plain line is split at white space and handed to the model of its program.

use std::path::Path;

use banksman_protocol::Span;

use super::{Call, model};
use crate::effects::argv::Arg;
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{Effect, EffectKind, Elsewhere};
use crate::trail::Trail;
use crate::world::{Disk, World};

/// What a line does in this workspace. `␣` stands for a blank within a word.
pub(crate) fn effects_in(workspace: &Path, trail: &Trail, line: &str) -> Vec<Effect> {
    let disk = Disk::with_home("/home/someone".into());
    let world = World::new(&disk, trail, workspace, workspace);
    let mut shell = Shell::bare(&world, line);
    run(line, &mut shell);
    shell.found()
}

fn run(line: &str, shell: &mut Shell<'_>) {
    let stdin = Value::default();
    let mut args = Vec::new();
    let mut variables = Vec::new();
    let mut name = "";
    for word in line.split_whitespace() {
        let start = word.as_ptr() as usize - line.as_ptr() as usize;
        let span = Span::new(start, start + word.len());
        if name.is_empty() {
            match word.split_once('=') {
                Some((variable, value)) => variables.push((variable.to_owned(), Value::known(value))),
                None => name = word,
            }
        } else {
            args.push(Arg::known(word.replace('␣', " "), span));
        }
    }
    let model = model(name).unwrap_or_else(|| panic!("`{name}` has no model"));
    let span = Span::new(0, line.len());
    model(&Call { name, args: &args, stdin: &stdin, variables: &variables, span }, shell);
}

/// What a program does with these arguments and this input, in a few words each.
pub(crate) fn run_with(name: &str, args: &[Arg], stdin: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let trail = Trail::default();
    let disk = Disk::with_home("/home/someone".into());
    let world = World::new(&disk, &trail, folder.path(), folder.path());
    let mut shell = Shell::bare(&world, name);
    let model = model(name).unwrap_or_else(|| panic!("`{name}` has no model"));
    model(&Call { name, args, stdin, variables: &[], span: Span::new(0, name.len()) }, &mut shell);
    shell.found().iter().map(brief).collect()
}

/// An effect in a few words.
pub(crate) fn brief(effect: &Effect) -> String {
    use EffectKind as K;
    match &effect.kind {
        K::Observe => "observe".to_owned(),
        K::Read { place } => format!("read {}", place.shown),
        K::Write { place, how, .. } => format!("write {} {how:?}", place.shown),
        K::Delete { place, recursive, .. } => format!("delete {}{}", place.shown, flag(*recursive, " -r")),
        K::Move { from, to, .. } => format!("move {} {}", from.shown, to.shown),
        K::Fetch { from, saves } => {
            format!(
                "fetch {}{}",
                from.shown,
                saves.as_ref().map(|place| format!(" > {}", place.shown)).unwrap_or_default()
            )
        }
        K::Send { to, what, how } => format!("send {} {} {how:?}", to.shown, what.len()),
        K::Listen { address, .. } => format!("listen {address}"),
        K::OpenShell { peer } => format!("shell {peer}"),
        K::Tunnel { via } => format!("tunnel {via}"),
        K::RunElsewhere { place, command } => {
            let place = match place {
                Elsewhere::Host(remote) => remote.shown.clone(),
                Elsewhere::Container(name) | Elsewhere::Cluster(name) => name.clone(),
            };
            format!("elsewhere {place}: {}", command.as_deref().unwrap_or("?"))
        }
        K::RunProject { task } => format!("project {task}"),
        K::RunDownloaded { from, .. } => format!("downloaded {from}"),
        K::RunUnknown { program, .. } => format!("unknown {program}"),
        K::Install { manager, package, source, reach } => {
            format!("install {manager} {package} {source:?} {reach:?}")
        }
        K::Uninstall { manager, package, reach } => format!("uninstall {manager} {package} {reach:?}"),
        K::GitLocal { what } => format!("local {what}"),
        K::GitDiscard { what, state } => format!("discard {what}{}", flag(state.capped, " ?")),
        K::GitRewrite { what, published, recoverable } => {
            format!("rewrite {what}{}{}", flag(*published, " published"), flag(!*recoverable, " lost"))
        }
        K::Push { remote, updates, known_remote } => {
            let updates: Vec<String> = updates
                .iter()
                .map(|update| {
                    format!(
                        "{}{}{}{}{}",
                        update.name,
                        flag(update.force, "!"),
                        flag(update.delete, "-"),
                        flag(update.tag, "#"),
                        flag(update.shared, "*")
                    )
                })
                .collect();
            format!("push {remote}{} {}", flag(!*known_remote, "?"), updates.join(","))
        }
        K::GitSetup { key, value, runs, global } => {
            format!("setup {key}={value}{}{}", flag(*runs, " runs"), flag(*global, " global"))
        }
        K::Service { service, operation, target, class, reach } => {
            format!("service {service} {operation} {target} {class:?} {reach:?}")
        }
        K::Kill { target, whose } => format!("kill {target} {whose:?}"),
        K::Privilege { how } => format!("privilege {how}"),
        K::Machine { what, grave } => format!("machine {what}{}", flag(*grave, "!")),
        K::Persist { mechanism } => format!("persist {mechanism}"),
        K::Weaken { what, .. } => format!("weaken {what}"),
        K::BypassReview { what } => format!("bypass {what}"),
        K::Inject { variable, value } => format!("inject {variable}={value}"),
        K::Secret { what } => format!("secret {what}"),
        K::Device { path, how } => format!("device {path} {how}"),
        K::Permit { place, change, .. } => format!("permit {} {change:?}", place.shown),
        K::Link { place, to } => format!("link {} {}", place.shown, to.shown),
        K::Exhaust { how } => format!("exhaust {how}"),
        K::Opaque { reason, worst } => format!("opaque {worst:?} {reason}"),
        K::Tool { .. } | K::Delegate { .. } => format!("{:?}", effect.kind),
    }
}

fn flag(is: bool, text: &str) -> &str {
    if is { text } else { "" }
}

/// Proves rows of a line and what it does. `|` parts several effects; `…` at the end of one stands for any rest,
/// `WORKSPACE` for the workspace's folder.
pub(crate) fn check(rows: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().to_string_lossy().into_owned();
    for (line, wanted) in rows {
        let found = effects_in(folder.path(), &Trail::default(), line);
        let found: Vec<String> =
            found.iter().map(|effect| brief(effect).replace(&path, "WORKSPACE")).collect();
        let wanted: Vec<&str> = wanted.split(" | ").collect();
        let same = found.len() == wanted.len()
            && found.iter().zip(&wanted).all(|(found, wanted)| match wanted.strip_suffix('…') {
                Some(beginning) => found.starts_with(beginning),
                None => found == wanted,
            });
        if !same {
            wrong.push(format!("{line}\n   wanted {}\n   found  {}", wanted.join(" | "), found.join(" | ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
