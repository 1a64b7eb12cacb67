//! awk: what its programs run and write besides printing.

use super::{TEXTS, awk_program, changed, gathered};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::shell::Shell;
use crate::effects::value::{Piece, Value};
use crate::effects::{EffectKind, Worst};

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
    }
    let inputs_named: Vec<Arg> = parsed
        .rest(usize::from(takes_first))
        .iter()
        .filter(|arg| !arg.value.prefix().contains('='))
        .cloned()
        .collect();
    if parsed.has(&["-i"]) && parsed.value(&["-i"]).and_then(Arg::text) == Some("inplace") {
        for file in &inputs_named {
            shell.rewrite(file);
        }
    }
    if inputs_named.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    // The program itself may use what it reads.
    let out = gathered(shell, &inputs_named, call.stdin, inputs_named.len() <= TEXTS);
    let given: Vec<Arg> = parsed.values(&["-v", "--assign"]).cloned().collect();
    for program in &programs {
        awk_program::follow(shell, program, &given, &out);
    }
    changed(call, &out)
}
