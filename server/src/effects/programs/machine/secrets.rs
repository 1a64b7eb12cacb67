//! Keyrings and password stores.

use super::{Call, EffectKind, Shell, Source, Value, machine, observe, words};
use crate::effects::WriteHow;
use crate::effects::argv::{Arg, Spec, parse};

pub(super) fn secrets(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let verb = call
        .args
        .iter()
        .filter_map(Arg::text)
        .find(|word| !word.starts_with('-'))
        .unwrap_or_default()
        .to_owned();
    let shows = match call.name {
        "secret-tool" => matches!(verb.as_str(), "lookup" | "search"),
        "keyctl" => matches!(verb.as_str(), "read" | "pipe" | "print" | "setperm" | "chown"),
        "kwallet-query" => !words(call).iter().any(|word| word == "-l"),
        "pass" | "gopass" => !matches!(
            verb.as_str(),
            "" | "ls"
                | "list"
                | "find"
                | "search"
                | "git"
                | "help"
                | "version"
                | "generate"
                | "insert"
                | "rm"
                | "mv"
                | "cp"
                | "edit"
                | "init"
        ),
        "bw" => matches!(verb.as_str(), "get" | "list" | "export"),
        "lpass" => matches!(verb.as_str(), "show" | "export"),
        _ => false,
    };
    if shows {
        shell.add(EffectKind::Secret { what: format!("what `{}` keeps", call.name) }, call.span);
        return Value::output(call.name, [Source::Secret(format!("from `{}`", call.name))]);
    }
    if call.name == "age" {
        let parsed = parse(
            call.args,
            &Spec { short: "oirR", long: &["output", "identity", "recipient"], ..Spec::default() },
        );
        let text =
            if parsed.operands.is_empty() { call.stdin.clone() } else { shell.read_files(&parsed.operands) };
        let made = Value::output("age", text.sources().to_vec());
        if let Some(file) = parsed.value(&["-o", "--output"]) {
            shell.write(file, WriteHow::Replace, Some(made));
            return Value::default();
        }
        return made;
    }
    if matches!(verb.as_str(), "rm" | "delete" | "clear" | "remove" | "revoke" | "unlink") {
        return machine(format!("deletes secrets that `{}` keeps", call.name), true, call.span, shell);
    }
    observe(call, shell)
}
