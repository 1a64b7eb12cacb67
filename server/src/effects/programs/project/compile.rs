//! Compilers and debuggers: what they write, load and run.

use super::super::Call;
use super::super::common::{self, asks_for_help, observe, printed, project, title};
use crate::effects::argv::{Arg, Spec, parse, tail};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, WriteHow};

pub(super) fn compiler(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help(call.args) || matches!(call.name, "pkg-config" | "pkgconf") {
        return observe(call, shell);
    }
    let parsed = parse(
        call.args,
        &Spec { short: "oIDLlWOfmxU", long: &["out-dir", "output", "param"], ..Spec::default() },
    );
    if let Some(file) = parsed.value(&["-o", "--output"]) {
        let place = shell.place(file);
        let inside = matches!(
            place.scope,
            crate::world::Scope::Workspace | crate::world::Scope::Temp | crate::world::Scope::Sink
        );
        if !inside {
            shell.write(file, WriteHow::Replace, None);
        } else if place.scope == crate::world::Scope::Temp {
            // A build of nothing but the project's own sources is the project's own program.
            let own = parsed.operands.iter().all(|source| {
                let source = shell.place(source);
                source.scope == crate::world::Scope::Workspace
                    && !shell.world().trail().downloaded(&source.path)
            });
            if own && !parsed.operands.is_empty() {
                shell.write(file, WriteHow::Replace, Some(Value::output(crate::effects::shell::BUILT, [])));
            }
        }
    }
    loaded(call, shell);
    // `gcc -wrapper` and `-B` name programs that the compiler runs.
    if let Some(at) = call.args.iter().position(|arg| arg.text() == Some("-wrapper"))
        && let Some(command) = call.args.get(at + 1)
    {
        let line = command.value.map_text(|text| text.replace(',', " "));
        shell.run_line(&line, command.span, &Value::default());
    }
    shell.add(EffectKind::RunProject { task: title(call, 0) }, call.span);
    printed(call)
}

/// Plugins, tools and specifications that a compiler loads or runs.
fn loaded(call: &Call<'_>, shell: &mut Shell<'_>) {
    const NAMED: [&str; 6] = ["-fplugin=", "-fpass-plugin=", "-specs=", "--specs=", "-B", "-fuse-ld="];
    for (at, arg) in call.args.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| call.args.get(at)).and_then(Arg::text);
        let earlier = at.checked_sub(2).and_then(|at| call.args.get(at)).and_then(Arg::text);
        // `-Xclang -load -Xclang FILE`
        let file = if before == Some("-load") || before == Some("-Xclang") && earlier == Some("-load") {
            Some(("-load", arg.clone()))
        } else {
            let text = arg.value.prefix();
            NAMED.iter().find(|name| text.starts_with(*name)).map(|name| (*name, tail(arg, name.len())))
        };
        if let Some((name, file)) = file {
            common::planted(shell, name.trim_end_matches('='), &file);
        }
    }
}

/// A debugger runs a program, and commands of its own that may be shell commands.
pub(super) fn debugger(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help(call.args) {
        return observe(call, shell);
    }
    let mut args = call.args.iter().enumerate();
    while let Some((at, arg)) = args.next() {
        match arg.text() {
            Some("-ex" | "--ex" | "-iex" | "--eval-command" | "-o" | "--one-line" | "-O") => {
                let Some((_, command)) = args.next() else { break };
                let text = command.value.prefix().trim_start();
                let shell_line = text
                    .strip_prefix("shell ")
                    .or_else(|| text.strip_prefix('!'))
                    .or_else(|| text.strip_prefix("platform shell "));
                if let Some(line) = shell_line {
                    shell.run_line(&Value::known(line), command.span, &Value::default());
                } else if text.starts_with("python") || text.starts_with("script") {
                    let code = text.split_once(' ').map(|(_, code)| code).unwrap_or_default();
                    shell.run_code("python", &Value::known(code), command.span);
                }
            }
            Some("-p" | "--pid" | "--attach-pid" | "--attach" | "-n" | "--attach-name")
                if call.name != "valgrind" =>
            {
                let what = "what another process holds in memory".to_owned();
                shell.add(EffectKind::Secret { what }, call.span);
            }
            Some("-x" | "-s" | "--command" | "--source" | "-S" | "--source-before-file")
                if call.name != "valgrind" =>
            {
                let Some((_, script)) = args.next() else { break };
                shell.run_file(Some("python"), script, &[], script.span, &Value::default());
            }
            Some("--args" | "--") => {
                let command = call.args.get(at + 1..).unwrap_or_default();
                return shell.run_words(command, call.span, call.stdin);
            }
            Some(text) if text.starts_with('-') => {}
            _ if call.name == "valgrind" => {
                let command = call.args.get(at..).unwrap_or_default();
                return shell.run_words(command, call.span, call.stdin);
            }
            _ => {}
        }
    }
    project(call, shell)
}
