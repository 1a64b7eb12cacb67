//! Settings of the machine and its kernel.

use super::{Call, Shell, Value, asks_for_help, machine, observe, weaken, words};
use crate::effects::argv::Arg;

pub(super) fn settings(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    let first = all.iter().find(|word| !word.starts_with('-')).map(String::as_str).unwrap_or_default();
    let looks = match call.name {
        "hostnamectl" | "timedatectl" | "localectl" => {
            !first.starts_with("set") && first != "hostname" || all.len() < 2
        }
        "update-alternatives" => all
            .iter()
            .any(|word| matches!(word.as_str(), "--list" | "--display" | "--query" | "--get-selections")),
        "ldconfig" => all.iter().any(|word| matches!(word.as_str(), "-p" | "--print-cache" | "-N" | "-V")),
        "hwclock" => all.iter().all(|word| matches!(word.as_str(), "-r" | "--show" | "--verbose" | "-v")),
        "trust" => matches!(first, "list" | "dump" | "extract" | ""),
        "ntpdate" => all.iter().any(|word| word == "-q"),
        "logrotate" => all.iter().any(|word| matches!(word.as_str(), "-d" | "--debug")),
        _ => false,
    };
    if looks || asks_for_help(call.args) {
        return observe(call, shell);
    }
    if matches!(call.name, "trust" | "update-ca-certificates") {
        return weaken("whose certificates this machine trusts", call.span, shell);
    }
    machine(format!("`{}` changes settings of the machine", call.name), false, call.span, shell)
}

pub(super) fn sysctl(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let writes = call.args.iter().filter_map(Arg::text).any(|arg| {
        arg == "-w"
            || arg == "-p"
            || arg.starts_with("--load")
            || arg == "--write"
            || arg == "--system"
            || (arg.contains('=') && !arg.starts_with('-'))
    });
    if !writes {
        return observe(call, shell);
    }
    let protective = [
        "randomize_va_space",
        "kptr_restrict",
        "dmesg_restrict",
        "ptrace_scope",
        "unprivileged_bpf",
        "protected_",
        "rp_filter",
        "suid_dumpable",
    ];
    let all = words(call).join(" ");
    if protective.iter().any(|key| all.contains(key)) {
        return weaken("a protection of the kernel", call.span, shell);
    }
    machine("changes how the kernel works", false, call.span, shell)
}
