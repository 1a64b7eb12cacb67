//! awk: what its programs run and write besides printing.

use super::{changed, inputs};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::shell::Shell;
use crate::effects::value::{Piece, Value};
use crate::effects::{EffectKind, Worst, WriteHow};

pub(super) fn awk(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "Fvfie",
            long: &["field-separator", "assign", "file", "source", "include"],
            operand_ends: true,
            ..Spec::default()
        },
    );
    let mut programs: Vec<Arg> = parsed.values(&["-e", "--source"]).cloned().collect();
    let files: Vec<Arg> = parsed.values(&["-f", "--file"]).cloned().collect();
    let takes_first = programs.is_empty() && files.is_empty();
    if takes_first {
        programs.extend(parsed.operands.first().cloned());
    }
    for file in &files {
        let value = shell.read_file(file);
        programs.push(Arg { value, span: file.span, pattern: false });
    }
    for program in &programs {
        if matches!(program.value.pieces(), [Piece::Hole(_)]) && program.value.if_unset_is_empty().is_none() {
            let reason = format!("the program of awk is `{}`, which is not known", program.shown());
            shell.opaque(reason, Worst::Runs, program.span);
        }
        follow_awk(shell, program);
    }
    let inputs_named: Vec<Arg> = parsed
        .rest(usize::from(takes_first))
        .iter()
        .filter(|arg| !arg.value.prefix().contains('='))
        .cloned()
        .collect();
    if parsed.has(&["-i"]) && parsed.value(&["-i"]).and_then(Arg::text) == Some("inplace") {
        for file in &inputs_named {
            shell.write(file, WriteHow::Change, None);
        }
    }
    if inputs_named.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let out = inputs(shell, &inputs_named, call.stdin);
    changed(call, &out)
}

/// What a program of awk runs and writes: `system()`, pipes, `print > file`, sockets.
fn follow_awk(shell: &mut Shell<'_>, program: &Arg) {
    let shown = program.shown();
    for (before, literal) in awk_literals(&shown) {
        let before = before.trim_end();
        if before.ends_with("system(") || before.ends_with('|') || before.ends_with("|&") {
            if literal.starts_with("/inet") {
                shell.opaque("awk opens a connection of its own", Worst::Runs, program.span);
            } else {
                shell.run_line(&Value::known(literal), program.span, &Value::default());
            }
        } else if (before.ends_with('>') || before.ends_with(">>")) && before.contains("print") {
            let arg = Arg::known(literal, program.span);
            shell.write(&arg, WriteHow::Replace, None);
        } else if literal.contains("/inet/") {
            shell.opaque("awk opens a connection of its own", Worst::Runs, program.span);
        } else if shown.contains(&format!("\"{literal}\" | getline"))
            || shown.contains(&format!("\"{literal}\"|getline"))
        {
            shell.run_line(&Value::known(literal), program.span, &Value::default());
        }
    }
    let computed = |name: &str| {
        shown
            .match_indices(name)
            .any(|(at, _)| !shown.get(at + name.len()..).unwrap_or_default().trim_start().starts_with('"'))
    };
    if computed("system(") || (shown.contains("| getline") && !shown.contains("\" | getline")) {
        shell.opaque("awk runs a command that it puts together itself", Worst::Runs, program.span);
    }
}

/// String literals of a program, each with what stands before it.
fn awk_literals(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut before = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '"' {
            before.push(c);
            continue;
        }
        let mut literal = String::new();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => literal.extend(chars.next()),
                other => literal.push(other),
            }
        }
        out.push((before.clone(), literal));
    }
    out
}
