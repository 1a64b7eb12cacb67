//! Programs that run a command in a terminal of their own, or type into one.

use crate::effects::argv::{Spec, parse};
use crate::effects::programs::{Call, common};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, WriteHow};

/// `watch` hands its words to a shell.
pub(super) fn watch(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "nq", long: &["interval", "equexit"], operand_ends: true, ..Spec::default() },
    );
    if parsed.has(&["-x", "--exec"]) {
        return shell.run_words(&parsed.operands, call.span, call.stdin);
    }
    let mut line = Value::default();
    for (index, word) in parsed.operands.iter().enumerate() {
        if index > 0 {
            line.push_text(" ");
        }
        line.push(&word.value);
    }
    shell.run_line(&line, call.span, call.stdin)
}

pub(super) fn script(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "cITOBmEo", long: &["command", "log-io", "log-timing", "log-out"], ..Spec::default() },
    );
    if let Some(file) = parsed.operands.first() {
        shell.write(file, WriteHow::Replace, None);
    }
    match parsed.value(&["-c", "--command"]) {
        Some(line) => shell.run_line(&line.value, line.span, call.stdin),
        // On macOS the command stands behind the file.
        None if parsed.operands.len() > 1 => shell.run_words(parsed.rest(1), call.span, call.stdin),
        None if call.stdin.is_empty() => common::waits(call, shell),
        None => shell.run_code("sh", call.stdin, call.span),
    }
}

pub(super) fn screen(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "SXpRcehtTs", operand_ends: true, ..Spec::default() });
    if let Some(typed) = parsed.value(&["-X"]) {
        // `screen -X stuff 'rm -rf x\n'` types into a running shell.
        let mut line = Value::default();
        for operand in &parsed.operands {
            line.push(&operand.value);
            line.push_text(" ");
        }
        if typed.text() == Some("stuff") {
            return shell.run_line(&line, call.span, &Value::default());
        }
        return Value::default();
    }
    shell.run_words(&parsed.operands, call.span, call.stdin)
}

/// `tmux send-keys` types into a running shell, the others start commands.
pub(super) fn tmux(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "LSft", operand_ends: true, ..Spec::default() });
    let Some((sub, rest)) = parsed.operands.split_first() else { return Value::default() };
    let inner = parse(rest, &Spec { short: "tscnxyFe", ..Spec::default() });
    match sub.text() {
        Some("send-keys" | "send") => {
            let mut line = Value::default();
            for operand in &inner.operands {
                if matches!(operand.text(), Some("Enter" | "C-m" | "KPEnter")) {
                    line.push_text("\n");
                } else {
                    line.push(&operand.value);
                    line.push_text(" ");
                }
            }
            shell.run_line(&line, call.span, &Value::default())
        }
        Some(
            "new-session" | "new" | "new-window" | "neww" | "split-window" | "splitw" | "respawn-pane"
            | "run-shell" | "run" | "popup" | "display-popup" | "if-shell" | "pipe-pane",
        ) => {
            let mut line = Value::default();
            for operand in &inner.operands {
                line.push(&operand.value);
                line.push_text(" ");
            }
            if line.is_empty() {
                Value::default()
            } else {
                shell.run_line(&line, call.span, &Value::default())
            }
        }
        Some("kill-server" | "kill-session") => {
            shell.add(
                EffectKind::Kill { target: "tmux".to_owned(), whose: crate::effects::Whose::Others },
                call.span,
            );
            Value::default()
        }
        _ => {
            shell.add(EffectKind::Observe, call.span);
            Value::output("tmux", [])
        }
    }
}
