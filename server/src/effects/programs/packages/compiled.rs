//! cargo, go, dotnet, mvn and their kin.

use super::{
    Arg, Call, EffectKind, PackageSource, Parsed, Reach, ServiceClass, Shell, Spec, Value, adds,
    asks_for_help_on, declared, is_local, observe, other_registry, own_settings, parse, printed, project,
    registry, removes, tail, weakens,
};
use crate::effects::WriteHow;

pub(super) fn cargo(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    // `cargo +nightly …` and options before the subcommand.
    let mut args = call.args;
    while let Some((first, rest)) = args.split_first() {
        match first.value.prefix() {
            "-C" | "--manifest-path" | "-Z" => args = rest.get(1..).unwrap_or_default(),
            "--config" => {
                if let Some(setting) = rest.first() {
                    cargo_setting(setting, shell);
                }
                args = rest.get(1..).unwrap_or_default();
            }
            prefix
                if prefix.starts_with('+')
                    || matches!(
                        prefix,
                        "-q" | "-v" | "-vv" | "--offline" | "--locked" | "--frozen" | "--color=always"
                    ) =>
            {
                args = rest
            }
            _ => break,
        }
    }
    if args.is_empty() || asks_for_help_on(args) || args.iter().any(|arg| arg.text() == Some("--list")) {
        return observe(call, shell);
    }
    let long = &[
        "git",
        "path",
        "registry",
        "index",
        "branch",
        "tag",
        "rev",
        "version",
        "vers",
        "features",
        "root",
        "config",
        "package",
        "bin",
        "example",
        "test",
        "bench",
        "manifest-path",
        "target",
        "target-dir",
        "profile",
        "jobs",
        "token",
        "rename",
        "message-format",
        "exclude",
    ];
    let parsed = parse(args, &Spec { short: "pFjZ", long, ..Spec::default() });
    for setting in parsed.values(&["--config"]) {
        cargo_setting(setting, shell);
    }
    let elsewhere = parsed
        .value(&["--registry", "--index"])
        .and_then(|arg| other_registry(Some(arg), &["crates-io", "crates.io"]));
    let named = |package: &Arg| {
        if let Some(address) = parsed.value(&["--git"]) {
            PackageSource::Address(address.shown())
        } else if let Some(folder) = parsed.value(&["--path"]) {
            PackageSource::Local(folder.shown())
        } else if is_local(&package.shown()) {
            PackageSource::Local(package.shown())
        } else {
            elsewhere.clone().unwrap_or(PackageSource::Registry)
        }
    };
    let call = Call { args, ..call.clone() };
    let call = &call;
    match parsed.operand(0) {
        Some("add") if parsed.surely(&["--dry-run"]) => observe(call, shell),
        Some(word @ ("add" | "install" | "binstall")) => {
            let reach = if word == "add" { Reach::Project } else { Reach::User };
            for package in parsed.rest(1) {
                adds(call, Some(package), named(package), reach, shell);
            }
            if parsed.operands.len() < 2 {
                let folder =
                    parsed.value(&["--path", "--git"]).cloned().unwrap_or_else(|| Arg::known(".", call.span));
                adds(call, Some(&folder), named(&folder), reach, shell);
            }
            printed(call)
        }
        Some("remove" | "rm") => removes(call, parsed.rest(1), Reach::Project, shell),
        Some("uninstall") => removes(call, parsed.rest(1), Reach::User, shell),
        Some("publish") if parsed.surely(&["--dry-run", "-n"]) => project(call, shell),
        Some("publish") => registry(call, "publish", "", ServiceClass::Publish, shell),
        Some("yank") => {
            registry(call, "yank", parsed.operand(1).unwrap_or_default(), ServiceClass::Change, shell)
        }
        Some("owner") if parsed.has(&["--add", "-a", "--remove", "-r"]) => {
            registry(call, "owner", "", ServiceClass::Grant, shell)
        }
        Some("login" | "logout") => {
            let kind = EffectKind::Machine {
                what: "`cargo login` changes who the registry takes you for".to_owned(),
                grave: false,
            };
            shell.add(kind, call.span);
            Value::default()
        }
        Some(
            "search" | "info" | "metadata" | "tree" | "version" | "help" | "locate-project" | "pkgid"
            | "verify-project" | "read-manifest" | "owner" | "outdated" | "audit" | "deny" | "config"
            | "report",
        ) => observe(call, shell),
        Some("update" | "fetch" | "generate-lockfile" | "vendor") => {
            declared(call, elsewhere.as_ref(), shell)
        }
        Some(_) => project(call, shell),
        None => observe(call, shell),
    }
}

/// `--config key=value` may name programs that cargo runs.
fn cargo_setting(setting: &Arg, shell: &mut Shell<'_>) {
    let text = setting.value.prefix();
    let Some((key, _)) = text.split_once('=') else { return };
    let runs = [
        "runner",
        "linker",
        "rustc",
        "rustc-wrapper",
        "rustc-workspace-wrapper",
        "rustdoc",
        "credential-provider",
    ];
    let last = key.trim().rsplit('.').next().unwrap_or_default();
    if runs.contains(&last) {
        let value = tail(setting, key.len() + 1)
            .value
            .map_text(|value| value.trim_matches(['"', '\'', ' ']).to_owned());
        shell.run_line(&value, setting.span, &Value::default());
    }
}

pub(super) fn go(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "",
            long: &[
                "o",
                "exec",
                "toolexec",
                "modfile",
                "tags",
                "run",
                "count",
                "timeout",
                "ldflags",
                "gcflags",
                "C",
                "mod",
                "p",
                "coverprofile",
                "replace",
                "cpuprofile",
                "bench",
            ],
            single_dash: true,
            ..Spec::default()
        },
    );
    for command in parsed.values(&["-exec", "-toolexec", "--exec", "--toolexec", "-vettool"]) {
        shell.run_line(&command.value, command.span, &Value::default());
    }
    for value in ["GONOSUMCHECK", "GONOSUMDB", "GOFLAGS", "GOINSECURE"] {
        if super::variable(call, &[value]).is_some_and(|value| {
            value.text().is_none_or(|text| text.contains("insecure") || text == "1" || text == "*")
        }) {
            weakens("go does not check what it downloads", call.span, shell);
        }
    }
    let packages = parsed.rest(1);
    let elsewhere = super::variable(call, &["GOPROXY"]).and_then(|value| {
        let arg = Arg { value: value.clone(), span: call.span, pattern: false };
        let shown = arg.shown();
        let usual = shown
            .split([',', '|'])
            .all(|part| matches!(part, "direct" | "off" | "") || part.contains("proxy.golang.org"));
        if usual { None } else { other_registry(Some(&arg), &[]) }
    });
    let source = |package: &Arg| match package.shown() {
        text if is_local(&text) => PackageSource::Local(text),
        _ => elsewhere.clone().unwrap_or(PackageSource::Registry),
    };
    match (parsed.operand(0), parsed.operand(1)) {
        (Some("get"), Some(_)) => {
            for package in packages {
                adds(call, Some(package), source(package), Reach::Project, shell);
            }
            printed(call)
        }
        (Some("install"), Some(_)) => {
            for package in packages {
                adds(call, Some(package), source(package), Reach::User, shell);
            }
            printed(call)
        }
        (Some("run"), Some(package)) if package.contains('@') && !is_local(package) => {
            let arg = packages.first();
            adds(call, arg, elsewhere.clone().unwrap_or(PackageSource::Registry), Reach::Once, shell);
            printed(call)
        }
        (Some("run"), Some(_)) => {
            let outside = packages.first().filter(|file| file.value.prefix().ends_with(".go"));
            if let Some(file) = outside {
                let place = shell.place(file);
                if let Some(from) = shell.world().trail().came_from(&place.path).map(str::to_owned) {
                    shell.add(EffectKind::RunDownloaded { from, place: Some(place) }, file.span);
                }
            }
            project(call, shell)
        }
        (Some("mod"), Some("download" | "tidy" | "vendor")) | (Some("get"), None) => {
            declared(call, elsewhere.as_ref(), shell)
        }
        (Some("mod"), Some("edit" | "init")) | (Some("work"), Some("init" | "use" | "edit")) => {
            for replaced in parsed.values(&["-replace", "--replace"]) {
                if let Some((old, new)) = replaced.text().and_then(|text| text.split_once('='))
                    && !is_local(new)
                    && old.split('@').next() != new.split('@').next()
                {
                    adds(call, Some(replaced), PackageSource::Address(new.to_owned()), Reach::Project, shell);
                }
            }
            shell.write(&Arg::known("go.mod", call.span), WriteHow::Change, None);
            Value::default()
        }
        (Some("env"), _) if parsed.has(&["-w", "-u"]) => {
            own_settings(call, ".config/go/env", call.span, shell)
        }
        (
            Some("env" | "version" | "list" | "doc" | "help" | "mod" | "work" | "bug" | "telemetry") | None,
            _,
        ) => observe(call, shell),
        (Some("clean"), _) => observe(call, shell),
        (Some(_), _) => project(call, shell),
    }
}

pub(super) fn dotnet(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "svkcfo",
            long: &["source", "version", "api-key", "configuration", "framework", "output", "add-source"],
            ..Spec::default()
        },
    );
    // `nuget` writes its long options with one dash.
    let single = call.args.iter().position(|arg| {
        arg.text()
            .is_some_and(|text| matches!(text.to_ascii_lowercase().as_str(), "-source" | "-fallbacksource"))
    });
    let given = single.and_then(|at| call.args.get(at + 1));
    let elsewhere = other_registry(
        given.or_else(|| parsed.value(&["-s", "--source", "--add-source"])),
        &["api.nuget.org", "nuget.org", "www.nuget.org", "nuget"],
    );
    let source = elsewhere.clone().unwrap_or(PackageSource::Registry);
    match (parsed.operand(0), parsed.operand(1)) {
        (Some("add"), _) if parsed.operands.iter().any(|arg| arg.text() == Some("package")) => {
            adds(call, parsed.operands.last(), source, Reach::Project, shell);
            printed(call)
        }
        (Some("remove"), _) => removes(
            call,
            parsed.operands.last().map(std::slice::from_ref).unwrap_or_default(),
            Reach::Project,
            shell,
        ),
        (Some("tool"), Some("install" | "update")) => {
            let reach = if parsed.has(&["-g", "--global"]) { Reach::User } else { Reach::Project };
            adds(call, parsed.operands.get(2), source, reach, shell);
            printed(call)
        }
        (Some("restore"), _) => declared(call, elsewhere.as_ref(), shell),
        // Sources are added for all projects of the user.
        (Some("nuget"), Some("add" | "update")) | (Some("sources"), Some("add" | "update"))
            if parsed.operands.iter().chain(given).any(|arg| arg.shown().contains("://")) =>
        {
            let address = parsed.operands.iter().chain(given).find(|arg| arg.shown().contains("://"));
            match other_registry(address, &["api.nuget.org", "www.nuget.org"]) {
                Some(source) => adds(call, None, source, Reach::User, shell),
                None => return observe(call, shell),
            }
            printed(call)
        }
        (Some("nuget"), Some("push")) | (Some("push"), _) => {
            let target = parsed.operands.last().map(Arg::shown).unwrap_or_default();
            registry(call, "push", &target, ServiceClass::Publish, shell)
        }
        (Some("nuget"), Some("delete")) | (Some("delete"), _) => {
            registry(call, "delete", parsed.operand(2).unwrap_or_default(), ServiceClass::Destroy, shell)
        }
        (Some("install"), _) if call.name == "nuget" => {
            adds(call, parsed.operands.get(1), source, Reach::Project, shell);
            printed(call)
        }
        (None | Some("list" | "help" | "nuget" | "sources"), _) => observe(call, shell),
        (Some("ef"), Some("database")) if parsed.operand(2) == Some("drop") => {
            let kind = EffectKind::Service {
                service: "database".to_owned(),
                operation: "dotnet ef database drop".to_owned(),
                target: String::new(),
                class: ServiceClass::Destroy,
                reach: super::ServiceReach::Local,
            };
            shell.add(kind, call.span);
            printed(call)
        }
        _ => project(call, shell),
    }
}

pub(super) fn java(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    let parsed: Parsed = parse(
        call.args,
        &Spec {
            short: "fpPDIbs",
            long: &["file", "init-script", "build-file", "settings", "project-dir"],
            ..Spec::default()
        },
    );
    for option in call.args.iter().filter(|arg| arg.value.prefix().starts_with("-DremoteRepositories=")) {
        let shown = option.shown();
        // `id::layout::address`.
        let address =
            shown.rsplit("::").next().unwrap_or_default().trim_start_matches("-DremoteRepositories=");
        let usual = ["repo.maven.apache.org", "repo1.maven.org", "central"];
        if let Some(source) = other_registry(Some(&Arg::known(address, option.span)), &usual) {
            adds(call, None, source, Reach::Project, shell);
        }
    }
    for script in parsed.values(&["-I", "--init-script"]) {
        let place = shell.place(script);
        if place.scope != crate::world::Scope::Workspace {
            shell.add(
                EffectKind::RunUnknown {
                    program: format!("{} -I {}", call.name, script.shown()),
                    place: Some(place),
                },
                script.span,
            );
        }
    }
    let publishes = parsed.operands.iter().filter_map(Arg::text).find(|task| {
        let task = task.rsplit(':').next().unwrap_or_default();
        task == "deploy"
            || (task.starts_with("publish") && !task.ends_with("ToMavenLocal"))
            || task == "uploadArchives"
            || task == "release:perform"
    });
    if let Some(task) = publishes {
        return registry(call, task, "", ServiceClass::Publish, shell);
    }
    project(call, shell)
}
