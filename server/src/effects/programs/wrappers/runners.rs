//! Wrappers with subcommands of their own: the command stands behind `--`, `run` or `exec`.

use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Source};

/// Wrappers with subcommands of their own: the command stands behind `--`, `run` or `exec`.
pub(super) fn runner(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if let Some(at) = call.args.iter().position(|arg| arg.text() == Some("--")) {
        return shell.run_words(call.args.get(at + 1..).unwrap_or_default(), call.span, call.stdin);
    }
    let command = call.args.iter().position(|arg| matches!(arg.text(), Some("-c" | "--command" | "--run")));
    if let Some(at) = command {
        let rest = call.args.get(at + 1..).unwrap_or_default();
        return match (call.name, rest) {
            ("nix-shell", [line, ..]) | ("perf", [line, ..]) => {
                shell.run_line(&line.value, line.span, call.stdin)
            }
            (_, rest) => shell.run_words(rest, call.span, call.stdin),
        };
    }
    match (call.name, call.args) {
        ("hyperfine", args) => {
            let parsed = parse(
                args,
                &Spec {
                    short: "wmMrpcsiPDLnuN",
                    long: &[
                        "warmup",
                        "runs",
                        "prepare",
                        "cleanup",
                        "setup",
                        "min-runs",
                        "max-runs",
                        "export-json",
                        "export-markdown",
                        "shell",
                    ],
                    ..Spec::default()
                },
            );
            for line in parsed
                .values(&["-p", "--prepare", "-c", "--cleanup", "-s", "--setup"])
                .cloned()
                .collect::<Vec<_>>()
            {
                shell.run_line(&line.value, line.span, &Value::default());
            }
            for line in &parsed.operands {
                shell.run_line(&line.value, line.span, &Value::default());
            }
            Value::output("hyperfine", [])
        }
        ("entr", args) => {
            let parsed = parse(args, &Spec { operand_ends: true, ..Spec::default() });
            shell.run_words(&parsed.operands, call.span, &Value::default())
        }
        ("sops", [sub, rest @ ..]) if matches!(sub.text(), Some("exec-env" | "exec-file")) => {
            // `sops exec-env FILE 'command'`: what the file holds is in the command's environment.
            let parsed = parse(rest, &Spec { short: "e", operand_ends: false, ..Spec::default() });
            let Some(line) = parsed.operands.get(1) else { return Value::default() };
            shows_environment(shell, line, sub.text() == Some("exec-file"));
            shell.run_line(&line.value, line.span, call.stdin)
        }
        (_, [sub, rest @ ..])
            if matches!(sub.text(), Some("exec" | "run" | "x" | "record" | "stat" | "exec-env")) =>
        {
            // `direnv exec DIR cmd`, `aws-vault exec PROFILE cmd`.
            let skip = usize::from(matches!(call.name, "direnv" | "aws-vault" | "chamber"));
            let parsed = parse(rest, &Spec { short: "eoF", operand_ends: true, ..Spec::default() });
            shell.run_words(parsed.rest(skip), call.span, call.stdin)
        }
        (_, [sub, ..])
            if matches!(
                sub.text(),
                Some(
                    "read"
                        | "get"
                        | "item"
                        | "secrets"
                        | "decrypt"
                        | "-d"
                        | "--decrypt"
                        | "export"
                        | "document"
                        | "signin"
                )
            ) =>
        {
            shell.add(EffectKind::Observe, call.span);
            Value::output(call.name, [Source::Secret(format!("what `{}` keeps", call.name))])
        }
        _ => {
            shell.add(EffectKind::RunUnknown { program: call.name.to_owned(), place: None }, call.span);
            Value::output(call.name, [])
        }
    }
}

/// A command whose environment, or whose file, holds secrets, and that shows what it holds.
fn shows_environment(shell: &mut Shell<'_>, line: &Arg, is_file: bool) {
    let text = line.shown();
    let first = text.split_whitespace().next().unwrap_or_default();
    let shows = matches!(first, "env" | "printenv" | "export" | "set" | "declare" | "sh" | "bash")
        || text.contains("echo ")
        || (is_file && matches!(first, "cat" | "less" | "head" | "tail" | "cp"));
    if shows {
        shell.add(EffectKind::Secret { what: "what `sops` keeps encrypted".to_owned() }, line.span);
    }
}
