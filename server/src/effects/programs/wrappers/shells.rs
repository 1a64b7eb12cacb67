//! Shells: a line behind `-c`, a script, or what flows in.

use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::{Call, common};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Source};

pub(super) fn shell_(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if matches!(call.name, "busybox" | "toybox") {
        return shell.run_words(call.args, call.span, call.stdin);
    }
    let spec = Spec { short: "oOc", long: &["rcfile", "init-file"], operand_ends: true, ..Spec::default() };
    if let Some(option) = parse(call.args, &spec).find(&["-p"]).filter(|_| call.name != "fish") {
        // Only a program that runs as somebody else has rights that are left to keep.
        shell.add(EffectKind::Privilege { how: format!("{} -p", call.name) }, option.span);
    }
    // `-lc`, `-ec` and the like: `c` takes the next word even when it is not last in the bundle.
    let bundled = call.args.iter().position(|arg| {
        arg.text().is_some_and(|text| text.starts_with('-') && !text.starts_with("--") && text.contains('c'))
    });
    let takes_value = |at: usize| {
        at > 0
            && matches!(
                call.args.get(at - 1).and_then(Arg::text),
                Some("-o" | "+o" | "-O" | "+O" | "--rcfile" | "--init-file")
            )
    };
    let stops = (0..call.args.len())
        .find(|at| {
            !takes_value(*at)
                && call.args.get(*at).is_some_and(|arg| !arg.value.prefix().starts_with(['-', '+']))
        })
        .unwrap_or(call.args.len());
    if let Some(at) = bundled.filter(|at| *at <= stops) {
        let rest: Vec<&Arg> = call
            .args
            .iter()
            .skip(at + 1)
            .skip_while(|arg| arg.value.prefix().starts_with('-') && arg.text() != Some("-"))
            .collect();
        let Some((line, args)) = rest.split_first() else { return Value::default() };
        return shell.with_parameters(args, |shell| shell.run_line(&line.value, line.span, call.stdin));
    }
    let parsed = parse(call.args, &spec);
    if let Some(file) = parsed.value(&["--rcfile", "--init-file"]) {
        shell.run_file(Some("sh"), file, &[], call.span, call.stdin);
    }
    if parsed.has(&["--version", "--help"]) {
        shell.add(EffectKind::Observe, call.span);
        return Value::default();
    }
    if parsed.has(&["-n"]) {
        // A syntax check runs nothing.
        return shell.read_files(&parsed.operands);
    }
    match parsed.operands.split_first() {
        Some((file, args)) if !parsed.has(&["-s"]) && file.text() != Some("-") => {
            shell.run_file(Some("sh"), file, args, call.span, call.stdin)
        }
        _ => {
            if call.stdin.is_empty() && call.stdin.sources().is_empty() {
                return common::waits(call, shell);
            }
            let known = call.stdin.text().is_some();
            let out = shell.run_code("sh", call.stdin, call.span);
            // A shell that is fed from outside: whoever gets its output talks to it.
            if known { out } else { out.with_source(Source::Output(call.name.to_owned())) }
        }
    }
}
