//! What the models of several families say in the same way.

use super::Call;
use crate::effects::argv::Arg;
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Remote, ServiceClass, ServiceReach, Source, Worst};
use crate::world::Scope;
use banksman_protocol::Span;

/// The arguments only ask what the program is: `--help`, `--version` and nothing that acts.
pub(super) fn asks_for_help(args: &[Arg]) -> bool {
    let [only] = args else { return false };
    only.text()
        .is_some_and(|text| matches!(text, "--help" | "-h" | "--version" | "-V" | "-help" | "-version"))
}

/// As [`asks_for_help`], with subcommands before the question: `cargo build --help`.
pub(super) fn asks_for_help_on(args: &[Arg]) -> bool {
    let Some((last, before)) = args.split_last() else { return false };
    let asks = last.text().is_some_and(|text| matches!(text, "--help" | "-h"));
    let plain = |arg: &Arg| arg.text().is_some_and(|text| !text.starts_with('-'));
    asks_for_help(args) || (asks && before.len() <= 3 && before.iter().all(plain))
}

/// The call only looks at facts.
pub(super) fn observe(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, call.span);
    printed(call)
}

/// Nothing is there for the program to run, so it waits for what is typed. Some agents can type into
/// a program that runs, and nobody reviews that.
pub(super) fn waits(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let reason = format!("`{}` runs whatever is typed into it later", call.name);
    shell.opaque(reason, Worst::Runs, call.span);
    printed(call)
}

/// The call runs the project's own code.
pub(super) fn project(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::RunProject { task: title(call, 1) }, call.span);
    printed(call)
}

/// What a program prints of which nothing is known.
pub(super) fn printed(call: &Call<'_>) -> Value {
    let command = title(call, 2);
    Value::output(&command, [Source::Output(command.clone())])
}

/// The program with its first plain words, as people call it: `cargo test`.
pub(super) fn title(call: &Call<'_>, words: usize) -> String {
    let mut out = call.name.to_owned();
    let plain = call.args.iter().filter_map(Arg::text).take_while(|text| !text.starts_with('-')).take(words);
    for word in plain {
        out.push(' ');
        out.push_str(word);
    }
    out
}

/// A message goes out by mail.
pub(super) fn mailed(target: String, span: Span, shell: &mut Shell<'_>) {
    let kind = EffectKind::Service {
        service: "mail".to_owned(),
        operation: "send".to_owned(),
        target,
        class: ServiceClass::Message,
        reach: ServiceReach::Remote,
    };
    shell.add(kind, span);
}

/// The sources of several values, each once.
pub(super) fn sources_of<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vec<Source> {
    let mut out = Vec::new();
    for value in values {
        for source in value.sources() {
            if !out.contains(source) {
                out.push(source.clone());
            }
        }
    }
    out
}

/// The machine that a value names.
pub(super) fn remote(value: &Value) -> Remote {
    match value.text() {
        Some(text) => Remote::read(text),
        None => {
            // A known scheme and host in front of what is not known still say where it goes.
            let known = value.prefix();
            let host_is_known = known.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
            if host_is_known {
                Remote { shown: value.shown(), ..Remote::read(known) }
            } else {
                Remote::unknown(&value.shown())
            }
        }
    }
}

/// An argument that is not in the text as such.
pub(super) fn made(text: impl Into<String>, call: &Call<'_>) -> Arg {
    Arg::known(text, call.span)
}

/// A program or library that is run or loaded by name, when it lies where anybody could have put it.
pub(super) fn planted(shell: &mut Shell<'_>, option: &str, file: &Arg) {
    if !file.value.prefix().contains('/') {
        return;
    }
    let place = shell.place(file);
    let about = matches!(place.scope, Scope::Temp) && !shell.world().trail().made(&place.path);
    let fetched = shell.came_from(&place.path).is_some();
    let downloads = place.path.components().any(|part| part.as_os_str() == "Downloads");
    if about || fetched || downloads {
        shell.add(EffectKind::Inject { variable: option.to_owned(), value: file.shown() }, file.span);
    }
}

/// The address that a server is told to listen at, when others can reach it.
pub(in crate::effects) fn exposes(args: &[Arg], shell: &mut Shell<'_>) {
    const NAMES: [&str; 8] = [
        "--host",
        "--bind",
        "--listen",
        "--addr",
        "--address",
        "--bind-address",
        "--http-host",
        "--listen-address",
    ];
    for (at, arg) in args.iter().enumerate() {
        let shown = arg.shown();
        let (name, value) = match shown.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (shown, args.get(at + 1).map(Arg::shown)),
        };
        let open = |value: &str| value.starts_with("0.0.0.0") || matches!(value, "::" | "[::]" | "*");
        if NAMES.contains(&name.as_str())
            && let Some(address) = value.filter(|value| open(value))
        {
            shell.add(EffectKind::Listen { address, serves: None }, arg.span);
        }
    }
}
