//! Disks, the kernel and the power switch.

use super::{machine, words};
use crate::effects::argv::{Arg, Parsed, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::programs::common::{asks_for_help, observe, printed};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, WriteHow};

pub(super) fn mount(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed: Parsed = parse(
        call.args,
        &Spec { short: "toLUO", long: &["types", "options", "source", "target"], ..Spec::default() },
    );
    if parsed.operands.is_empty() && !parsed.has(&["-a", "--all", "-D", "-d"])
        || parsed.has(&["-l", "--show", "-V"])
        || asks_for_help(call.args)
    {
        return observe(call, shell);
    }
    machine(format!("`{}` changes which disks are where", call.name), false, call.span, shell)
}

pub(super) fn disks(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    let has = |options: &[&str]| all.iter().any(|word| options.contains(&word.as_str()));
    let looks = match call.name {
        "fdisk" | "sfdisk" | "gdisk" | "sgdisk" | "parted" | "cfdisk" => {
            has(&["-l", "--list", "-p", "--print", "print", "-d", "--dump", "-V"])
                && !has(&["mklabel", "rm", "mkpart"])
        }
        "wipefs" => !has(&["-a", "--all", "-o", "--offset"]) || has(&["-n", "--no-act"]),
        "hdparm" => all.iter().all(|word| {
            matches!(word.as_str(), "-I" | "-i" | "-t" | "-T" | "-tT" | "-g") || word.starts_with('/')
        }),
        "nvme" | "zfs" | "zpool" | "mdadm" | "cryptsetup" | "btrfs" => all.iter().any(|word| {
            matches!(
                word.as_str(),
                "list"
                    | "get"
                    | "status"
                    | "show"
                    | "smart-log"
                    | "--detail"
                    | "--examine"
                    | "luksDump"
                    | "isLuks"
                    | "iostat"
                    | "history"
            )
        }),
        "tune2fs" | "e2fsck" | "fsck.ext4" => has(&["-l", "-n"]),
        "debugfs" | "xfs_db" | "extundelete" | "photorec" | "testdisk" => {
            !call.args.iter().any(|arg| arg.value.prefix().starts_with("/dev/")) && !has(&["-w", "-x"])
        }
        "badblocks" => !has(&["-w"]),
        _ => false,
    };
    if looks || asks_for_help(call.args) || all.is_empty() {
        return observe(call, shell);
    }
    if matches!(call.name, "debugfs" | "xfs_db" | "extundelete" | "photorec" | "testdisk") {
        // A file system that is read past the kernel: nobody asks who may read which file.
        shell.add(EffectKind::Secret { what: "whatever files lie on the disk".to_owned() }, call.span);
        return printed(call);
    }
    let mut operands = call.args.iter().filter(|arg| !arg.value.prefix().starts_with('-'));
    // What `parted` does to the device stands behind it.
    let device = if call.name == "parted" { operands.next() } else { operands.next_back() };
    // A file system in an ordinary file is only a file.
    if let Some(arg) = device {
        let place = shell.place(arg);
        let pool = matches!(call.name, "zfs" | "zpool" | "vgremove" | "lvremove" | "btrfs");
        if place.known
            && !pool
            && !matches!(
                place.scope,
                crate::world::Scope::Device | crate::world::Scope::Root | crate::world::Scope::Unknown
            )
        {
            shell.write(arg, WriteHow::Replace, None);
            return printed(call);
        }
    }
    let path = device.map(Arg::shown).unwrap_or_default();
    shell.add(EffectKind::Device { path, how: call.name.to_owned() }, call.span);
    printed(call)
}

pub(super) fn kernel(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    let looks = match call.name {
        "modprobe" => all.iter().any(|word| {
            matches!(word.as_str(), "-n" | "--dry-run" | "-c" | "--showconfig" | "-D" | "--show-depends")
        }),
        "efibootmgr" | "bootctl" => {
            all.is_empty() || all.iter().all(|word| matches!(word.as_str(), "-v" | "status" | "list"))
        }
        "bpftool" => all.iter().any(|word| matches!(word.as_str(), "show" | "list" | "dump")),
        _ => false,
    };
    if looks || asks_for_help(call.args) {
        return observe(call, shell);
    }
    machine(
        format!("`{}` changes what the kernel runs or how the machine boots", call.name),
        true,
        call.span,
        shell,
    )
}

pub(super) fn power(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    let shows = all
        .iter()
        .any(|word| matches!(word.as_str(), "--help" | "--version" | "--show" | "-c" | "-w" | "--wtmp-only"));
    if shows
        || (matches!(call.name, "init" | "telinit")
            && !all
                .first()
                .is_some_and(|level| matches!(level.as_str(), "0" | "1" | "6" | "s" | "S" | "3" | "5")))
    {
        return observe(call, shell);
    }
    machine("shuts the machine down", true, call.span, shell)
}
