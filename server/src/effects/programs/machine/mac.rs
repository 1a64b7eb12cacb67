//! Programs of macOS, and the clipboard.

use super::{Call, EffectKind, Shell, Source, Value, machine, observe, weaken, words};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::common::printed;
use crate::effects::{PackageSource, Reach, WriteHow};

pub(super) fn mac(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    let has = |options: &[&str]| all.iter().any(|word| options.contains(&word.as_str()));
    let first = all.first().map(String::as_str).unwrap_or_default();
    match call.name {
        "osascript" => script(call, shell),
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

/// AppleScript can run shell commands.
fn script(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "els", ..Spec::default() });
    let mut texts: Vec<(Value, banksman_protocol::Span)> =
        parsed.values(&["-e"]).map(|arg| (arg.value.clone(), arg.span)).collect();
    if texts.is_empty() {
        match parsed.operands.first().filter(|file| file.text() != Some("-")).cloned() {
            Some(file) => texts.push((shell.read_file(&file), file.span)),
            None => texts.push((call.stdin.clone(), call.span)),
        }
    }
    for (text, span) in texts {
        let Some(known) = text.text().map(str::to_owned) else {
            shell.opaque("the AppleScript is not known", crate::effects::Worst::Runs, span);
            continue;
        };
        let mut rest = known.as_str();
        let mut ran = false;
        while let Some((_, after)) = rest.split_once("do shell script") {
            ran = true;
            let quoted = after.split_once('"').map(|(_, quoted)| quoted).unwrap_or_default();
            let line = quoted.split_once('"').map_or(quoted, |(line, _)| line);
            shell.run_line(&Value::known(line), span, &Value::default());
            rest = after;
        }
        if known.contains("administrator privileges") {
            shell.add(
                EffectKind::Privilege { how: "AppleScript with administrator privileges".to_owned() },
                span,
            );
        }
        let only_tells =
            ["display notification", "display dialog", "set volume", "beep", "get volume", "say "];
        if !ran && !only_tells.iter().any(|verb| known.trim_start().starts_with(verb)) {
            machine("an AppleScript steers other programs", false, span, shell);
        }
    }
    printed(call)
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
