//! Programs of macOS, and the clipboard.

use super::{Call, EffectKind, Shell, Source, Value, machine, observe, weaken, words};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::{PackageSource, Reach, WriteHow};

pub(super) fn mac(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    let has = |options: &[&str]| all.iter().any(|word| options.contains(&word.as_str()));
    let first = all.first().map(String::as_str).unwrap_or_default();
    match call.name {
        "pbcopy" | "pbpaste" => clipboard(call, shell),
        "security" => match first {
            "find-generic-password" | "find-internet-password" | "dump-keychain" | "export" | "find-key" => {
                shell.add(EffectKind::Secret { what: "passwords in the keychain".to_owned() }, call.span);
                Value::output("security", [Source::Secret("keychain password".to_owned())])
            }
            "add-trusted-cert" | "remove-trusted-cert" | "authorizationdb" | "trust-settings-import" => {
                weaken("whom this machine trusts", call.span, shell)
            }
            "delete-keychain"
            | "delete-generic-password"
            | "delete-internet-password"
            | "delete-certificate"
            | "delete-identity" => machine("deletes from the keychain", true, call.span, shell),
            "list-keychains" | "find-certificate" | "find-identity" | "verify-cert" | "help"
            | "default-keychain" | "show-keychain-info" => observe(call, shell),
            _ => machine("changes the keychain", false, call.span, shell),
        },
        "defaults" if matches!(first, "write" | "delete" | "import" | "rename") => {
            let domain = all.get(1).cloned().unwrap_or_default();
            let protective = [
                "com.apple.LaunchServices",
                "com.apple.alf",
                "com.apple.security",
                "loginwindow",
                "LSQuarantine",
            ];
            if protective.iter().any(|name| all.iter().any(|word| word.contains(name))) {
                return weaken("a protection of macOS", call.span, shell);
            }
            machine(format!("changes the settings of {domain}"), false, call.span, shell)
        }
        "csrutil" | "spctl"
            if has(&[
                "disable",
                "--master-disable",
                "--global-disable",
                "--disable",
                "--add",
                "--remove",
                "clear",
                "authenticated-root",
            ]) =>
        {
            weaken("a protection of macOS", call.span, shell)
        }
        "tccutil" | "profiles" if !has(&["list", "show", "status", "-L", "-P"]) => {
            weaken("who may do what on this machine", call.span, shell)
        }
        "tmutil"
            if has(&[
                "delete",
                "deletelocalsnapshots",
                "disable",
                "removedestination",
                "thinlocalsnapshots",
            ]) =>
        {
            machine("deletes or stops backups", true, call.span, shell)
        }
        "diskutil"
            if !has(&["list", "info", "activity", "listFilesystems", "verifyVolume", "verifyDisk"]) =>
        {
            let grave = has(&[
                "eraseDisk",
                "eraseVolume",
                "reformat",
                "partitionDisk",
                "zeroDisk",
                "secureErase",
                "randomDisk",
                "apfs",
                "deleteVolume",
                "deleteContainer",
            ]);
            if grave {
                let path = all.last().cloned().unwrap_or_default();
                shell.add(EffectKind::Device { path, how: format!("diskutil {first}") }, call.span);
                return Value::default();
            }
            machine("changes which disks are where", false, call.span, shell)
        }
        "launchctl" => match first {
            "list" | "print" | "blame" | "dumpstate" | "version" | "help" | "print-disabled" | "getenv"
            | "managername" => observe(call, shell),
            "load" | "bootstrap" | "enable" | "submit" | "kickstart" | "start" => {
                shell.add(EffectKind::Persist { mechanism: format!("launchctl {first}") }, call.span);
                Value::default()
            }
            "setenv" => {
                let value = all.get(2).cloned().unwrap_or_default();
                shell.add(
                    EffectKind::Inject { variable: all.get(1).cloned().unwrap_or_default(), value },
                    call.span,
                );
                Value::default()
            }
            _ => machine(format!("`launchctl {first}` changes services"), false, call.span, shell),
        },
        "pmset" | "systemsetup" | "nvram" | "mdutil" => {
            let reads = has(&["-g", "-s", "-p", "-print"])
                || all.iter().all(|word| word.starts_with("-get") || word.starts_with("-list"));
            if reads {
                observe(call, shell)
            } else {
                machine(format!("`{}` changes settings of the machine", call.name), false, call.span, shell)
            }
        }
        "kextload" => machine("loads into the kernel", true, call.span, shell),
        "installer" | "softwareupdate" if !has(&["-l", "--list", "-pkginfo", "-query"]) => {
            let package =
                parse(call.args, &Spec { long: &["pkg", "target"], single_dash: true, ..Spec::default() });
            let package = package.value(&["-pkg"]).map(Arg::shown).unwrap_or_default();
            let source = if package.is_empty() {
                PackageSource::Registry
            } else {
                PackageSource::Local(package.clone())
            };
            shell.add(
                EffectKind::Install { manager: call.name.to_owned(), package, source, reach: Reach::System },
                call.span,
            );
            Value::default()
        }
        "hdiutil" if has(&["erasekeys"]) => machine("makes a disk image unreadable", true, call.span, shell),
        "screencapture" => {
            if let Some(file) = call.args.iter().rev().find(|arg| !arg.value.prefix().starts_with('-')) {
                shell.write(
                    file,
                    WriteHow::Replace,
                    Some(Value::output("screencapture", [Source::Secret("the screen".to_owned())])),
                );
            }
            Value::default()
        }
        _ => observe(call, shell),
    }
}

/// What the user has copied is the user's; it may be a password.
pub(super) fn clipboard(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let reads = matches!(call.name, "pbpaste" | "wl-paste")
        || call.args.iter().filter_map(Arg::text).any(|arg| matches!(arg, "-o" | "-out" | "--output"));
    shell.add(EffectKind::Observe, call.span);
    if reads {
        Value::output(call.name, [Source::Secret("the clipboard".to_owned())])
    } else {
        Value::default()
    }
}
