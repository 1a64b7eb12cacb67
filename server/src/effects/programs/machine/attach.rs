//! Programs that reach into others: running processes, terminals, the system's message bus, binaries.

use super::{Call, EffectKind, Shell, Value, machine, observe};
use crate::effects::WriteHow;
use crate::effects::argv::{Arg, Spec, parse};

/// Reads the memory of a process or takes over its terminal.
pub(super) fn attach(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let first = call.args.first().and_then(Arg::text).unwrap_or_default();
    if call.args.is_empty() || matches!(first, "--help" | "-h" | "--version" | "list" | "info") {
        return observe(call, shell);
    }
    shell.add(EffectKind::Secret { what: "what another process holds in memory".to_owned() }, call.span);
    if call.name == "gcore"
        && let Some(output) =
            parse(call.args, &Spec { short: "o", ..Spec::default() }).value(&["-o"]).cloned()
    {
        shell.write(&output, WriteHow::Replace, None);
    }
    Value::default()
}

/// Offers this terminal to others through a server in between, or on a port.
pub(super) fn shared_terminal(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let first = call.args.first().and_then(Arg::text).unwrap_or_default();
    if matches!(first, "--help" | "-h" | "--version" | "-v" | "-V" | "kill-session" | "session" | "list") {
        return observe(call, shell);
    }
    if call.name == "sshuttle" {
        shell.add(EffectKind::Tunnel { via: "sshuttle".to_owned() }, call.span);
        return Value::default();
    }
    shell.add(EffectKind::OpenShell { peer: format!("whoever connects to {}", call.name) }, call.span);
    Value::default()
}

/// Calls a method of a service of the machine.
pub(super) fn message_bus(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let words: Vec<String> = call.args.iter().map(Arg::shown).collect();
    let says = |texts: &[&str]| words.iter().any(|word| texts.contains(&word.as_str()));
    let acts = match call.name {
        "busctl" => says(&["call", "set-property", "emit"]),
        "gdbus" => says(&["call", "emit"]),
        _ => says(&["--type=method_call", "--type=signal", "--print-reply"]) || !words.is_empty(),
    };
    let asks = words.iter().any(|word| {
        let method = word.rsplit('.').next().unwrap_or_default();
        matches!(method, "Introspect" | "Get" | "GetAll" | "Ping")
            || method.starts_with("Get")
            || method.starts_with("List")
    });
    if !acts || asks || says(&["--user", "--session"]) {
        return observe(call, shell);
    }
    let service = words
        .iter()
        .map(|word| word.trim_start_matches("--dest="))
        .find(|word| word.split('.').count() > 2 && !word.starts_with(['-', '/']))
        .unwrap_or("a service of the machine");
    machine(format!("tells `{service}` to act, by the system's message bus"), false, call.span, shell)
}

/// Rewrites a program or a library: what it loads, or what stands in it.
pub(super) fn binary(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let spec = match call.name {
        "patchelf" => Spec {
            long: &[
                "set-interpreter",
                "set-rpath",
                "add-rpath",
                "set-soname",
                "add-needed",
                "remove-needed",
                "page-size",
                "output",
                "allowed-rpath-prefixes",
            ],
            ..Spec::default()
        },
        "chrpath" => Spec { short: "r", long: &["replace"], ..Spec::default() },
        "install_name_tool" => {
            Spec { single_dash: true, long: &["id", "add_rpath", "delete_rpath"], ..Spec::default() }
        }
        _ => Spec {
            short: "IOFBjRNKWGLx",
            long: &[
                "input-target",
                "output-target",
                "target",
                "add-section",
                "update-section",
                "remove-section",
                "only-section",
                "rename-section",
                "dump-section",
                "set-section-flags",
                "set-start",
            ],
            ..Spec::default()
        },
    };
    let parsed = parse(call.args, &spec);
    let looks = parsed.has(&[
        "--print-interpreter",
        "--print-rpath",
        "--print-needed",
        "--print-soname",
        "-l",
        "--list",
        "--help",
        "--version",
        "-h",
    ]);
    let changed = parsed.value(&["--output"]).or(parsed.operands.last());
    match changed {
        Some(file) if !looks => {
            let file = file.clone();
            shell.write(&file, WriteHow::Change, None);
            Value::default()
        }
        _ => observe(call, shell),
    }
}
