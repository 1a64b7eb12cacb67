//! Who may do what: users, capabilities, confinement and its log.

use super::{Call, EffectKind, Shell, Value, asks_for_help, machine, observe, weaken, words};
use crate::effects::Permission;
use crate::effects::argv::{Arg, Spec, parse};

pub(super) fn users(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "gGsducepkKbfRrmMaA",
            long: &["groups", "gid", "shell", "home", "comment", "password", "uid", "root", "file"],
            ..Spec::default()
        },
    );
    let all = words(call);
    let looks = match call.name {
        "passwd" => all.iter().any(|word| matches!(word.as_str(), "-S" | "--status")),
        "chage" => all.iter().any(|word| word == "-l" || word == "--list"),
        "visudo" => all.iter().any(|word| word.starts_with("-c") || word == "--check"),
        "chsh" => all.iter().any(|word| word == "-l" || word == "--list-shells"),
        "dscl" => all.iter().any(|word| {
            matches!(word.as_str(), "-list" | "list" | "-read" | "read" | "-search" | "ls" | "cat")
        }),
        "useradd" => all.iter().any(|word| word == "-D") && all.len() == 1,
        _ => false,
    };
    if looks || asks_for_help(call.args) {
        return observe(call, shell);
    }
    let grants = all.iter().any(|word| {
        ["sudo", "wheel", "admin", "root", "docker", "lxd", "shadow", "disk", "adm"]
            .iter()
            .any(|group| word.split(',').any(|part| part == *group))
    });
    let removes = matches!(call.name, "userdel" | "deluser" | "groupdel");
    let who = parsed.operands.last().map(Arg::shown).unwrap_or_default();
    if grants && !removes && matches!(call.name, "usermod" | "useradd" | "adduser" | "gpasswd") {
        shell.add(
            EffectKind::Privilege {
                how: format!("`{}` puts {who} into a group that rules the machine", call.name),
            },
            call.span,
        );
    }
    if matches!(call.name, "visudo" | "sudoedit" | "vipw" | "vigr") {
        shell.add(EffectKind::Privilege { how: call.name.to_owned() }, call.span);
    }
    machine(format!("`{}` changes the users of the machine", call.name), true, call.span, shell)
}

pub(super) fn setcap(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let files = call.args.iter().skip(1).filter(|arg| !arg.value.prefix().starts_with('-'));
    for file in files {
        let place = shell.place(file);
        let change = Permission::SetId;
        shell.add(EffectKind::Permit { place, change, recursive: false }, file.span);
    }
    Value::default()
}

pub(super) fn confinement(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    match call.name {
        "setenforce" if all.iter().any(|word| matches!(word.as_str(), "1" | "Enforcing" | "enforcing")) => {
            machine("switches SELinux on", false, call.span, shell)
        }
        "semanage" | "semodule"
            if all.iter().any(|word| matches!(word.as_str(), "-l" | "--list" | "list")) =>
        {
            observe(call, shell)
        }
        "apparmor_parser"
            if all.iter().any(|word| matches!(word.as_str(), "-a" | "-r" | "--add" | "--replace")) =>
        {
            machine("loads an AppArmor profile", false, call.span, shell)
        }
        _ => weaken("the confinement of programs on this machine", call.span, shell),
    }
}

pub(super) fn audit(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if words(call).iter().all(|word| matches!(word.as_str(), "-l" | "-s" | "--list" | "-v")) {
        return observe(call, shell);
    }
    weaken("the machine's audit log", call.span, shell)
}
