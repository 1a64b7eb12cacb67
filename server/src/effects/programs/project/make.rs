//! make, cmake and their kin: settings that name tools, targets that are built or installed.

use super::super::Call;
use super::super::common::{self, asks_for_help_on, observe, printed, project};
use crate::effects::argv::{Arg, Spec, parse, tail};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, PackageSource, Reach, WriteHow};

pub(super) fn make(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    for arg in call.args {
        let Some((name, value)) = arg.text().and_then(|text| text.split_once('=')) else { continue };
        let name = name.trim_start_matches("-D");
        if matches!(name, "CC" | "CXX" | "LD" | "AR" | "MAKE" | "SHELL" | "CFLAGS" | "CXXFLAGS" | "LDFLAGS") {
            shell.watch_variable(name, &Value::known(value), arg.span);
        }
        // A value becomes part of the recipes that it stands in.
        if value.contains([';', '|', '&', '`', '$', '\n']) {
            let line = crate::effects::as_shell(value);
            shell.call_part(&Value::known(line), arg.span);
        }
    }
    let long = &["file", "makefile", "directory", "include-dir", "old-file", "what-if", "eval"];
    let parsed = parse(call.args, &Spec { short: "fCIoWE", long, ..Spec::default() });
    let only_looks = [
        "-n",
        "--just-print",
        "--dry-run",
        "--recon",
        "-p",
        "--print-data-base",
        "-q",
        "--question",
        "-v",
        "--version",
        "--help",
        "-h",
    ];
    if parsed.has(&["-C", "--directory"])
        && let Some(folder) = parsed.value(&["-C", "--directory"])
        && call.args.iter().any(|arg| {
            matches!(arg.value.prefix(), "-C" | "--directory") || arg.value.prefix().starts_with("-C")
        })
    {
        let folder = folder.clone();
        return shell.in_folder(&folder, |shell| made(call, &parsed, &only_looks, shell));
    }
    made(call, &parsed, &only_looks, shell)
}

pub(super) fn builder(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    let words: Vec<&str> = call.args.iter().filter_map(Arg::text).collect();
    for (at, arg) in call.args.iter().enumerate() {
        // `-DNAME=VALUE`, `-D NAME=VALUE`
        let behind = at.checked_sub(1).and_then(|at| call.args.get(at)).and_then(Arg::text) == Some("-D");
        let text = arg.value.prefix();
        let Some(setting) = text.strip_prefix("-D").or(behind.then_some(text)) else { continue };
        let Some((name, _)) = setting.split_once('=') else { continue };
        let plain = name.split(':').next().unwrap_or(name);
        if TOOLS.iter().any(|end| plain.ends_with(end)) {
            let value = tail(arg, text.len() - setting.len() + name.len() + 1);
            common::planted(shell, plain, &value);
        }
    }
    match (call.name, words.as_slice()) {
        // `cmake -E` is a small tool box of its own.
        (
            "cmake",
            [
                "-E",
                "capabilities" | "echo" | "environment" | "sleep" | "compare_files" | "sha256sum" | "md5sum"
                | "time",
                ..,
            ],
        ) => observe(call, shell),
        ("cmake", ["-E", "rm" | "remove" | "remove_directory", ..]) => {
            let recursive =
                words.iter().any(|word| matches!(*word, "-r" | "-rf" | "-fr" | "-R" | "remove_directory"));
            for arg in call.args.iter().skip(2).filter(|arg| !arg.value.prefix().starts_with('-')) {
                shell.delete(arg, recursive);
            }
            Value::default()
        }
        ("cmake", ["-E", "env", ..]) => {
            let command: Vec<Arg> = call
                .args
                .iter()
                .skip(2)
                .skip_while(|arg| arg.value.prefix().contains('='))
                .cloned()
                .collect();
            shell.run_words(&command, call.span, call.stdin)
        }
        ("cmake", ["-E", ..]) => {
            for arg in call.args.iter().skip(3).filter(|arg| !arg.value.prefix().starts_with('-')) {
                shell.write(arg, WriteHow::Replace, None);
            }
            Value::default()
        }
        ("cmake" | "meson" | "ninja", words)
            if words.iter().any(|word| matches!(*word, "--install" | "install")) =>
        {
            let prefix = call
                .args
                .iter()
                .skip_while(|arg| !matches!(arg.text(), Some("--prefix" | "--destdir")))
                .nth(1);
            match prefix {
                Some(folder) => shell.write(folder, WriteHow::Create, None),
                None => {
                    let kind = EffectKind::Install {
                        manager: call.name.to_owned(),
                        package: String::new(),
                        source: PackageSource::Local(".".to_owned()),
                        reach: Reach::System,
                    };
                    shell.add(kind, call.span);
                }
            }
            printed(call)
        }
        _ => project(call, shell),
    }
}

fn made(
    call: &Call<'_>,
    parsed: &crate::effects::argv::Parsed,
    only_looks: &[&str],
    shell: &mut Shell<'_>,
) -> Value {
    let assigned = |name: &str| {
        parsed
            .operands
            .iter()
            .find(|arg| arg.value.prefix().starts_with(name))
            .map(|arg| tail(arg, name.len()))
    };
    if let Some(program) = assigned("SHELL=")
        && !program
            .text()
            .is_some_and(|text| matches!(text.rsplit('/').next(), Some("sh" | "bash" | "dash" | "zsh")))
    {
        shell.run_line(&program.value, program.span, &Value::default());
    }
    for text in parsed.values(&["-E", "--eval"]) {
        shell.opaque("`make --eval` runs a text of its own", crate::effects::Worst::Runs, text.span);
    }
    if parsed.has(only_looks) {
        return observe(call, shell);
    }
    let file = parsed.value(&["-f", "--file", "--makefile"]);
    if let Some(file) = file {
        if file.text() == Some("-") {
            shell.opaque("the makefile comes through a pipe", crate::effects::Worst::Runs, file.span);
            return printed(call);
        }
        let place = shell.place(file);
        if let Some(from) = shell.world().trail().came_from(&place.path).map(str::to_owned) {
            shell.add(EffectKind::RunDownloaded { from, place: Some(place) }, file.span);
        } else if !matches!(place.scope, crate::world::Scope::Workspace) {
            shell.add(
                EffectKind::RunUnknown { program: format!("make -f {}", file.shown()), place: Some(place) },
                file.span,
            );
        }
    }
    let targets: Vec<String> =
        parsed.operands.iter().map(Arg::shown).filter(|target| !target.contains('=')).collect();
    let task = if targets.is_empty() {
        call.name.to_owned()
    } else {
        format!("{} {}", call.name, targets.join(" "))
    };
    shell.add(EffectKind::RunProject { task }, call.span);
    printed(call)
}

/// How settings of cmake end that name programs and scripts which the build runs.
const TOOLS: [&str; 8] = [
    "_COMPILER",
    "_LAUNCHER",
    "_TOOLCHAIN_FILE",
    "_LINKER",
    "_MAKE_PROGRAM",
    "_AR",
    "CMAKE_PROJECT_INCLUDE",
    "CMAKE_PROJECT_TOP_LEVEL_INCLUDES",
];
