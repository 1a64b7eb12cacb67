//! Package managers of the machine and of the user.

use super::{
    Arg, Call, EffectKind, PackageSource, Reach, Shell, Spec, Value, adds, asks_for_help_on, is_address,
    named_source, observe, parse, printed, removes,
};
use crate::effects::Source;

pub(super) fn apt(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "otac",
            long: &["option", "target-release", "default-release", "config-file"],
            ..Spec::default()
        },
    );
    for option in parsed.values(&["-o", "--option"]) {
        let text = option.value.prefix();
        let key = text.split('=').next().unwrap_or_default().to_ascii_lowercase();
        if key.contains("invoke")
            || key.contains("dpkg::options") && text.contains("pre-invoke")
            || key.contains("::pager")
        {
            let command = crate::effects::argv::tail(option, (key.len() + 1).min(text.len()));
            shell.run_line(&command.value, option.span, &Value::default());
        }
        if key.contains("allowunauthenticated")
            || key.contains("allowinsecure")
            || key.contains("verify-peer")
        {
            super::weakens("apt does not check what it installs", option.span, shell);
        }
    }
    if let Some(option) = parsed.find(&["--allow-unauthenticated", "--allow-insecure-repositories"]) {
        super::weakens("apt does not check what it installs", option.span, shell);
    }
    if parsed.surely(&[
        "-s",
        "--simulate",
        "--dry-run",
        "--just-print",
        "--recon",
        "--no-act",
        "--print-uris",
    ]) || asks_for_help_on(call.args)
    {
        return observe(call, shell);
    }
    match (call.name, parsed.operand(0)) {
        ("apt-cache", _) => observe(call, shell),
        ("apt-key" | "add-apt-repository" | "apt-add-repository", Some(word)) if word != "list" => {
            let what = format!("`{}` trusts another source of system packages", call.name);
            shell.add(EffectKind::Machine { what, grave: false }, call.span);
            printed(call)
        }
        (_, Some("install" | "reinstall" | "satisfy" | "build-dep")) => {
            for package in parsed.rest(1) {
                let source = match named_source(package.shown()) {
                    PackageSource::Registry if package.shown().ends_with(".deb") => {
                        PackageSource::Local(package.shown())
                    }
                    source => source,
                };
                adds(call, Some(package), source, Reach::System, shell);
            }
            printed(call)
        }
        (
            _,
            Some("update" | "upgrade" | "full-upgrade" | "dist-upgrade" | "dselect-upgrade" | "safe-upgrade"),
        ) => {
            adds(call, None, PackageSource::Registry, Reach::System, shell);
            printed(call)
        }
        (_, Some("remove" | "purge" | "autoremove" | "autopurge")) => {
            if parsed.operands.len() < 2 {
                let all = [Arg::known("what nothing needs", call.span)];
                return removes(call, &all, Reach::System, shell);
            }
            removes(call, parsed.rest(1), Reach::System, shell)
        }
        (_, Some("download" | "source")) => {
            let from = crate::effects::Remote::unknown("the system's package mirror");
            let saves = Some(shell.place_at("."));
            shell.add(EffectKind::Fetch { from, saves }, call.span);
            printed(call)
        }
        (_, Some("edit-sources" | "hold" | "unhold" | "auto" | "manual")) => {
            shell.add(
                EffectKind::Machine {
                    what: "changes how system packages are managed".to_owned(),
                    grave: false,
                },
                call.span,
            );
            printed(call)
        }
        _ => observe(call, shell),
    }
}

pub(super) fn file_package(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "D",
            long: &["root", "admindir", "instdir", "pre-invoke", "post-invoke", "eval", "define"],
            ..Spec::default()
        },
    );
    for command in parsed.values(&["--pre-invoke", "--post-invoke"]) {
        shell.run_line(&command.value, command.span, &Value::default());
    }
    let adds_files = if call.name == "dpkg" {
        parsed.has(&["-i", "--install", "--unpack"])
    } else {
        parsed.options.iter().any(|option| {
            matches!(option.name.as_str(), "-i" | "-U" | "-F" | "--install" | "--upgrade" | "--freshen")
        }) && !parsed.has(&["-q", "--query"])
    };
    let asks = call.name == "rpm"
        && parsed.options.first().is_some_and(|option| matches!(option.name.as_str(), "-q" | "-V"));
    let takes = if call.name == "dpkg" {
        parsed.has(&["-r", "-P", "--remove", "--purge"])
    } else {
        parsed.has(&["-e", "--erase"])
    };
    if asks {
        return observe(call, shell);
    }
    if takes {
        return removes(call, &parsed.operands, Reach::System, shell);
    }
    if adds_files {
        for package in &parsed.operands {
            let shown = package.shown();
            let place = shell.place(package);
            let from = shell.world().trail().came_from(&place.path).map(str::to_owned);
            let from = from.or_else(|| {
                shell.text_of(&place).sources().iter().find_map(|source| match source {
                    Source::Url(url) => Some(url.clone()),
                    _ => None,
                })
            });
            let source = match from {
                Some(from) => PackageSource::Address(from),
                None if is_address(&shown) => PackageSource::Address(shown),
                None => PackageSource::Local(shown),
            };
            adds(call, Some(package), source, Reach::System, shell);
        }
        return printed(call);
    }
    observe(call, shell)
}

pub(super) fn brew(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "", long: &["file"], ..Spec::default() });
    if parsed.surely(&["-n", "--dry-run"]) || asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    match parsed.operand(0) {
        // Only the list of what there is to install.
        Some("update") if parsed.operands.len() < 2 => observe(call, shell),
        Some("install" | "reinstall" | "upgrade" | "update") => {
            for package in parsed.rest(1) {
                let shown = package.shown();
                // `user/tap/formula` comes from somebody's own tap.
                let of_a_tap = shown.matches('/').count() == 2 && !shown.starts_with("homebrew/");
                let source = if of_a_tap { PackageSource::Address(shown) } else { named_source(shown) };
                adds(call, Some(package), source, Reach::User, shell);
            }
            if parsed.operands.len() < 2 {
                adds(call, None, PackageSource::Registry, Reach::User, shell);
            }
            printed(call)
        }
        Some("tap") if parsed.operands.len() > 1 => {
            let address = parsed.operands.last();
            let source = PackageSource::OtherRegistry(address.map(Arg::shown).unwrap_or_default());
            adds(call, address, source, Reach::User, shell);
            printed(call)
        }
        Some("uninstall" | "remove" | "rm" | "untap" | "autoremove" | "cleanup") => {
            removes(call, parsed.rest(1), Reach::User, shell)
        }
        Some("services") if matches!(parsed.operand(1), Some("start" | "restart" | "run")) => {
            shell.add(
                EffectKind::Persist {
                    mechanism: format!("brew services {}", parsed.operand(2).unwrap_or_default()),
                },
                call.span,
            );
            printed(call)
        }
        Some("services") if matches!(parsed.operand(1), Some("stop" | "kill" | "cleanup")) => {
            let what = format!("stops the service {}", parsed.operand(2).unwrap_or_default());
            shell.add(EffectKind::Machine { what, grave: false }, call.span);
            printed(call)
        }
        Some("bundle") if !matches!(parsed.operand(1), Some("list" | "check" | "dump")) => {
            adds(call, None, PackageSource::Declared, Reach::User, shell);
            printed(call)
        }
        _ => observe(call, shell),
    }
}

pub(super) fn pacman(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        parse(call.args, &Spec { short: "", long: &["config", "root", "dbpath"], ..Spec::default() });
    let has = |letter: &str| parsed.options.iter().any(|option| option.name == letter);
    let looks = ["-s", "-i", "-l", "-p", "-g"].iter().any(|letter| has(letter)) && !has("-u")
        || parsed.has(&["--search", "--info", "--list", "--print"]);
    if (has("-S") || parsed.has(&["--sync"]) || has("-U") || parsed.has(&["--upgrade"])) && !looks {
        for package in &parsed.operands {
            adds(call, Some(package), named_source(package.shown()), Reach::System, shell);
        }
        if parsed.operands.is_empty() {
            adds(call, None, PackageSource::Registry, Reach::System, shell);
        }
        return printed(call);
    }
    if has("-R") || parsed.has(&["--remove"]) {
        return removes(call, &parsed.operands, Reach::System, shell);
    }
    observe(call, shell)
}

/// Managers whose verbs are words: yum, dnf, apk, zypper, snap, flatpak, port, nix-env, winget.
pub(super) fn generic(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "tX",
            long: &["repository", "repo", "virtual", "channel", "setopt", "installroot", "id"],
            ..Spec::default()
        },
    );
    if let Some(option) =
        parsed.find(&["--nogpgcheck", "--allow-untrusted", "--no-gpg-checks", "--dangerous"])
    {
        super::weakens(&format!("{} does not check what it installs", call.name), option.span, shell);
    }
    if parsed.surely(&["--assumeno", "--dry-run", "--simulate"]) || asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    let reach = if matches!(call.name, "nix-env" | "scoop") || parsed.has(&["--user"]) {
        Reach::User
    } else {
        Reach::System
    };
    let dashes = parsed
        .options
        .iter()
        .map(|option| option.name.as_str())
        .find(|name| matches!(*name, "-i" | "-iA" | "--install" | "-e" | "--uninstall"));
    let (verb, packages): (&str, &[Arg]) = match (call.name, dashes) {
        ("nix-env" | "emerge" | "xbps-install", Some("-e" | "--uninstall")) => ("remove", &parsed.operands),
        ("nix-env" | "emerge" | "xbps-install", _) => ("install", &parsed.operands),
        _ => (parsed.operand(0).unwrap_or_default(), parsed.rest(1)),
    };
    match verb {
        "install" | "in" | "add" | "localinstall" | "reinstall" | "groupinstall" | "upgrade" | "update"
        | "dist-upgrade" | "refresh" => {
            for package in packages {
                let source = match named_source(package.shown()) {
                    PackageSource::Registry => parsed
                        .value(&["--repository", "-X"])
                        .map_or(PackageSource::Registry, |arg| PackageSource::OtherRegistry(arg.shown())),
                    source => source,
                };
                adds(call, Some(package), source, reach, shell);
            }
            if packages.is_empty() {
                adds(call, None, PackageSource::Registry, reach, shell);
            }
            printed(call)
        }
        "remove" | "uninstall" | "erase" | "del" | "delete" | "rm" | "autoremove" | "purge" => {
            removes(call, packages, reach, shell)
        }
        "addrepo" | "ar" | "config-manager" | "copr" | "remote-add" | "bucket" => {
            let what = format!("`{} {verb}` trusts another source of packages", call.name);
            shell.add(EffectKind::Machine { what, grave: false }, call.span);
            printed(call)
        }
        "run" if call.name == "flatpak" => {
            shell.add(
                EffectKind::RunUnknown {
                    program: format!("flatpak run {}", packages.first().map(Arg::shown).unwrap_or_default()),
                    place: None,
                },
                call.span,
            );
            printed(call)
        }
        _ => observe(call, shell),
    }
}

/// Managers of versions of languages and tools, in the user's home.
pub(super) fn versions(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "ct", long: &["toolchain", "component", "target", "profile"], ..Spec::default() },
    );
    let words: Vec<&str> = parsed.operands.iter().filter_map(Arg::text).collect();
    if words.iter().any(|word| {
        matches!(
            *word,
            "list"
                | "ls"
                | "show"
                | "current"
                | "which"
                | "where"
                | "--version"
                | "doc"
                | "check"
                | "latest"
                | "ls-remote"
                | "list-all"
                | "doctor"
        )
    }) {
        return observe(call, shell);
    }
    match words.as_slice() {
        ["run" | "exec" | "x", ..] => {
            let skip = usize::from(matches!(call.name, "rustup" | "nvm"));
            let words: Vec<Arg> = super::behind(call.args, 1 + skip).to_vec();
            super::runs_tool(call, &words, shell)
        }
        ["install" | "i" | "add" | "update" | "upgrade" | "self", rest @ ..]
        | ["toolchain" | "component" | "target", "install" | "add" | "update", rest @ ..] => {
            let package =
                rest.last().and_then(|last| parsed.operands.iter().find(|arg| arg.text() == Some(*last)));
            let declared = package.is_none()
                && matches!(
                    call.name,
                    "mise" | "rtx" | "asdf" | "nvm" | "fnm" | "pyenv" | "rbenv" | "corepack"
                );
            let source = if declared { PackageSource::Declared } else { PackageSource::Registry };
            adds(call, package, source, Reach::User, shell);
            printed(call)
        }
        ["plugin", "add", rest @ ..] => {
            let address = rest.get(1).copied();
            let package = parsed.operands.get(2);
            let source =
                address.map_or(PackageSource::Registry, |address| PackageSource::Address(address.to_owned()));
            adds(call, package, source, Reach::User, shell);
            printed(call)
        }
        ["uninstall" | "remove", ..] | ["toolchain" | "component" | "target", "uninstall" | "remove", ..] => {
            removes(
                call,
                parsed.operands.last().map(std::slice::from_ref).unwrap_or_default(),
                Reach::User,
                shell,
            )
        }
        ["default" | "global" | "set" | "alias" | "override" | "pin", ..] => {
            shell.add(
                EffectKind::Machine {
                    what: format!("`{} {}` changes the user's default tools", call.name, words.join(" ")),
                    grave: false,
                },
                call.span,
            );
            printed(call)
        }
        _ => observe(call, shell),
    }
}
