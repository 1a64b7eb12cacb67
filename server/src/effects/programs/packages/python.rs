//! pip, uv, poetry, conda and their kin.

use super::{
    Arg, Call, EffectKind, PackageSource, Parsed, Reach, ServiceClass, Shell, Spec, Value, adds,
    asks_for_help_on, declared, is_address, is_local, observe, other_registry, own_settings, parse, printed,
    project, registry, removes, runs_tool, variable, weakens,
};
use crate::effects::WriteHow;

const USUAL: &[&str] =
    &["pypi.org", "pypi.python.org", "files.pythonhosted.org", "test.pypi.org", "download.pytorch.org"];

const LONG: &[&str] = &[
    "requirement",
    "spec",
    "from",
    "constraint",
    "editable",
    "index-url",
    "extra-index-url",
    "find-links",
    "trusted-host",
    "target",
    "prefix",
    "root",
    "proxy",
    "cert",
    "python",
    "log",
    "cache-dir",
    "upgrade-strategy",
    "no-binary",
    "only-binary",
    "platform",
    "python-version",
    "src",
    "build-option",
    "global-option",
    "config-settings",
    "timeout",
    "retries",
    "report",
    "index",
    "default-index",
    "with",
    "from",
    "with-requirements",
    "with-editable",
    "group",
    "extra",
    "package",
    "directory",
    "project",
    "tag",
    "rev",
    "branch",
    "git",
    "path",
    "source",
    "dest",
    "wheel-dir",
    "token",
    "publish-url",
    "repository",
    "name",
    "output-file",
    "env-file",
    "allow-insecure-host",
];

/// Where a requirement comes from.
fn source_of(package: &Arg, index: Option<&PackageSource>) -> PackageSource {
    let shown = package.shown();
    let at = shown
        .split_once('@')
        .map(|(_, address)| address.trim().to_owned())
        .filter(|address| address.contains("://"));
    if let Some(address) = at.filter(|_| !shown.contains("://") || !shown.starts_with("git+")) {
        return PackageSource::Address(address);
    }
    if is_address(&shown) && !shown.starts_with("file:") {
        return PackageSource::Address(shown);
    }
    if is_local(&shown) || shown.ends_with(".whl") || shown.ends_with(".tar.gz") || shown.ends_with(".zip") {
        return PackageSource::Local(shown);
    }
    index.cloned().unwrap_or(PackageSource::Registry)
}

fn index_of(call: &Call<'_>, parsed: &Parsed, shell: &mut Shell<'_>) -> Option<PackageSource> {
    for host in parsed.values(&["--trusted-host", "--allow-insecure-host"]) {
        if !crate::effects::is_local(&host.shown()) {
            weakens("the index's certificate is not checked", host.span, shell);
        }
    }
    let names =
        ["-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--index", "--default-index"];
    let given = parsed.values(&names).find_map(|arg| {
        let address = arg.shown();
        if is_local(&address) {
            Some(PackageSource::Local(address))
        } else {
            other_registry(Some(arg), USUAL)
        }
    });
    given.or_else(|| {
        let value = variable(
            call,
            &[
                "PIP_INDEX_URL",
                "PIP_EXTRA_INDEX_URL",
                "PIP_FIND_LINKS",
                "UV_INDEX_URL",
                "UV_EXTRA_INDEX_URL",
                "UV_DEFAULT_INDEX",
                "UV_INDEX",
            ],
        )?;
        let arg = Arg { value: value.clone(), span: call.span, pattern: false };
        other_registry(Some(&arg), USUAL)
    })
}

pub(super) fn pip(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help_on(call.args) || call.args.is_empty() {
        return observe(call, shell);
    }
    let parsed = parse(call.args, &Spec { short: "rceiftpdw", long: LONG, ..Spec::default() });
    let index = index_of(call, &parsed, shell);
    let reach = reach_of(&parsed);
    let verb = if call.name == "easy_install" { Some("install") } else { parsed.operand(0) };
    match verb {
        Some("install") => {
            if parsed.surely(&["--dry-run"]) {
                return observe(call, shell);
            }
            packages(call, &parsed, usize::from(call.name != "easy_install"), index.as_ref(), reach, shell);
            for folder in parsed.values(&["-t", "--target"]) {
                shell.write(folder, WriteHow::Create, None);
            }
            printed(call)
        }
        Some("download" | "wheel") => {
            for package in parsed.rest(1) {
                let from = match source_of(package, index.as_ref()) {
                    PackageSource::Address(address) | PackageSource::OtherRegistry(address) => {
                        crate::effects::Remote::read(&address)
                    }
                    _ => crate::effects::Remote::read("pypi.org"),
                };
                let folder = parsed.value(&["-d", "--dest", "-w", "--wheel-dir"]).cloned();
                let saves = folder.map(|folder| shell.place(&folder));
                shell.add(
                    EffectKind::Fetch { from, saves: Some(saves.unwrap_or_else(|| shell.place_at("."))) },
                    package.span,
                );
            }
            printed(call)
        }
        Some("uninstall") => {
            for file in parsed.values(&["-r", "--requirement"]) {
                shell.read_file(file);
            }
            removes(call, parsed.rest(1), reach, shell)
        }
        Some("config") if matches!(parsed.operand(1), Some("set" | "unset" | "edit")) => {
            own_settings(call, ".config/pip/pip.conf", call.span, shell)
        }
        Some("cache") if matches!(parsed.operand(1), Some("purge" | "remove")) => observe(call, shell),
        _ => observe(call, shell),
    }
}

fn reach_of(parsed: &Parsed) -> Reach {
    if parsed.has(&["--break-system-packages", "--system"]) {
        Reach::System
    } else if parsed.has(&["--user"]) {
        Reach::User
    } else {
        Reach::Project
    }
}

/// The packages that a call names, and those that its files name.
fn packages(
    call: &Call<'_>,
    parsed: &Parsed,
    from: usize,
    index: Option<&PackageSource>,
    reach: Reach,
    shell: &mut Shell<'_>,
) {
    let mut named = false;
    for package in parsed.rest(from) {
        named = true;
        adds(call, Some(package), source_of(package, index), reach, shell);
    }
    for package in parsed.values(&["-e", "--editable", "--with-editable"]) {
        named = true;
        let source = match source_of(package, index) {
            PackageSource::Registry | PackageSource::OtherRegistry(_) => {
                PackageSource::Local(package.shown())
            }
            source => source,
        };
        adds(call, Some(package), source, reach, shell);
    }
    for file in parsed.values(&["-r", "--requirement", "--requirements", "--with-requirements"]) {
        named = true;
        requirements(call, file, index, reach, shell);
    }
    if !named {
        adds(call, None, index.cloned().unwrap_or(PackageSource::Declared), reach, shell);
    }
}

/// A requirements file is what the project declares, unless it names an address.
fn requirements(
    call: &Call<'_>,
    file: &Arg,
    index: Option<&PackageSource>,
    reach: Reach,
    shell: &mut Shell<'_>,
) {
    if is_address(&file.shown()) {
        adds(call, Some(file), PackageSource::Address(file.shown()), reach, shell);
        return;
    }
    let text = shell.read_file(file);
    let mut elsewhere = index.cloned();
    for line in text.text().unwrap_or_default().lines().map(str::trim) {
        let option = ["--index-url", "--extra-index-url", "-i", "--find-links", "-f"]
            .iter()
            .find_map(|name| line.strip_prefix(name));
        if let Some(address) = option {
            let arg = Arg::known(address.trim_start_matches(['=', ' ']), file.span);
            elsewhere = elsewhere.or_else(|| other_registry(Some(&arg), USUAL));
        }
    }
    let declared = Arg::known("", file.span);
    adds(call, Some(&declared), elsewhere.unwrap_or(PackageSource::Declared), reach, shell);
}

pub(super) fn pipx(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "i", long: &["index-url", "python", "spec", "suffix", "pip-args"], ..Spec::default() },
    );
    let index = index_of(call, &parsed, shell);
    match parsed.operand(0) {
        Some("install" | "inject" | "upgrade" | "reinstall" | "install-all") => {
            for package in parsed.rest(1) {
                adds(call, Some(package), source_of(package, index.as_ref()), Reach::User, shell);
            }
            printed(call)
        }
        Some("uninstall" | "uninject" | "uninstall-all") => removes(call, parsed.rest(1), Reach::User, shell),
        Some("run") => {
            let at = call.args.iter().position(|arg| arg.text() == Some("run")).map_or(0, |at| at + 1);
            let words: Vec<Arg> = call.args.iter().skip(at).cloned().collect();
            uvx(&Call { args: &words, ..call.clone() }, shell)
        }
        _ => observe(call, shell),
    }
}

/// `uvx TOOL`, `pipx run TOOL`: a well-known tool of projects as what it is, any other fetched and run.
pub(super) fn uvx(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "pi", long: LONG, operand_ends: true, single_dash: false });
    let index = index_of(call, &parsed, shell);
    for package in parsed.values(&["--with", "--from", "--spec"]) {
        adds(call, Some(package), source_of(package, index.as_ref()), Reach::Once, shell);
    }
    let Some(tool) = parsed.operands.first() else { return observe(call, shell) };
    let shown = tool.shown();
    let name = shown.split(['@', '=', '[']).next().unwrap_or_default().to_owned();
    let source = source_of(tool, index.as_ref());
    let given = parsed.has(&["--from", "--spec"]);
    let well_known = source == PackageSource::Registry && super::super::project_tool(&name);
    if !given && !well_known {
        adds(call, Some(tool), source, Reach::Once, shell);
    }
    if super::super::model(&name).is_some() {
        let mut words = vec![Arg::known(name, tool.span)];
        words.extend(parsed.rest(1).iter().cloned());
        return shell.run_words(&words, call.span, call.stdin);
    }
    super::as_program(tool, &name, parsed.rest(1), call, shell)
}

pub(super) fn uv(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    let parsed = parse(call.args, &Spec { short: "rceifpt", long: LONG, ..Spec::default() });
    let index = index_of(call, &parsed, shell);
    let nested = |skip: usize| -> Vec<Arg> { call.args.iter().skip(skip).cloned().collect() };
    match (parsed.operand(0), parsed.operand(1)) {
        (Some("pip"), _) => pip(&Call { args: &nested(1), ..call.clone() }, shell),
        (Some("run"), _) => {
            for package in parsed.values(&["--with", "--with-editable", "--with-requirements"]) {
                adds(call, Some(package), source_of(package, index.as_ref()), Reach::Once, shell);
            }
            let after =
                parse(&nested(1), &Spec { short: "pm", long: LONG, operand_ends: true, single_dash: false });
            if let Some(module) = after.value(&["-m", "--module"]) {
                let mut words =
                    vec![Arg::known("python", call.span), Arg::known("-m", call.span), module.clone()];
                words.extend(after.operands);
                return shell.run_words(&words, call.span, call.stdin);
            }
            let Some(first) = after.operands.first() else { return observe(call, shell) };
            if is_address(&first.shown()) {
                shell.add(EffectKind::RunDownloaded { from: first.shown(), place: None }, first.span);
                return printed(call);
            }
            if first.text().is_some_and(|text| text.ends_with(".py")) {
                return shell.run_file(Some("python"), first, after.rest(1), call.span, call.stdin);
            }
            runs_tool(call, &after.operands, shell)
        }
        (Some("tool"), Some("run")) => uvx(&Call { args: &nested(2), ..call.clone() }, shell),
        (Some("tool"), Some("install" | "upgrade")) => {
            for package in parsed.rest(2) {
                adds(call, Some(package), source_of(package, index.as_ref()), Reach::User, shell);
            }
            printed(call)
        }
        (Some("tool"), Some("uninstall")) => removes(call, parsed.rest(2), Reach::User, shell),
        (Some("add"), _) => {
            packages(call, &parsed, 1, index.as_ref(), Reach::Project, shell);
            printed(call)
        }
        (Some("remove"), _) => removes(call, parsed.rest(1), Reach::Project, shell),
        (Some("sync" | "lock"), _) => declared(call, index.as_ref(), shell),
        (Some("publish"), _) => registry(call, "publish", "", ServiceClass::Publish, shell),
        (Some("python"), Some("install" | "uninstall" | "upgrade")) | (Some("self"), Some("update")) => {
            adds(call, parsed.operands.get(2), PackageSource::Registry, Reach::User, shell);
            printed(call)
        }
        (Some("init" | "venv" | "build" | "format" | "export"), _) => project(call, shell),
        _ => observe(call, shell),
    }
}

pub(super) fn project_manager(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    let parsed = parse(call.args, &Spec { short: "GrCP", long: LONG, ..Spec::default() });
    let index = index_of(call, &parsed, shell);
    match parsed.operand(0) {
        Some("add") => {
            packages(call, &parsed, 1, index.as_ref(), Reach::Project, shell);
            printed(call)
        }
        Some("install" | "sync" | "lock" | "update" | "upgrade") => {
            if call.name == "pipenv" && parsed.operands.len() > 1 {
                packages(call, &parsed, 1, index.as_ref(), Reach::Project, shell);
                return printed(call);
            }
            declared(call, index.as_ref(), shell)
        }
        Some("remove" | "uninstall") => removes(call, parsed.rest(1), Reach::Project, shell),
        Some("run" | "exec") => {
            let at = call
                .args
                .iter()
                .position(|arg| matches!(arg.text(), Some("run" | "exec")))
                .map_or(0, |at| at + 1);
            let words: Vec<Arg> = call.args.iter().skip(at).cloned().collect();
            runs_tool(call, &words, shell)
        }
        Some("publish") if !parsed.surely(&["--dry-run"]) => {
            registry(call, "publish", "", ServiceClass::Publish, shell)
        }
        Some("config") if parsed.operands.len() > 2 => {
            own_settings(call, &format!(".config/{}/config.toml", call.name), call.span, shell)
        }
        Some("source") if parsed.operand(1) == Some("add") => {
            shell.write(&Arg::known("pyproject.toml", call.span), WriteHow::Change, None);
            Value::default()
        }
        Some("build" | "init" | "new" | "version" | "test" | "fmt" | "shell" | "check" | "env") => {
            project(call, shell)
        }
        _ => observe(call, shell),
    }
}

pub(super) fn conda(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "ncpf",
            long: &["name", "channel", "prefix", "file", "solver", "spec"],
            ..Spec::default()
        },
    );
    let channel = parsed.values(&["-c", "--channel"]).find_map(|arg| {
        other_registry(
            Some(arg),
            &[
                "conda-forge",
                "defaults",
                "bioconda",
                "anaconda",
                "pytorch",
                "nvidia",
                "main",
                "conda.anaconda.org",
            ],
        )
    });
    let reach = if call.name == "pixi" { Reach::Project } else { Reach::User };
    match (parsed.operand(0), parsed.operand(1)) {
        (Some("install" | "add"), Some(_)) | (Some("create"), _) => {
            for package in parsed.rest(1) {
                adds(call, Some(package), channel.clone().unwrap_or(PackageSource::Registry), reach, shell);
            }
            if parsed.operands.len() < 2 {
                return declared(call, channel.as_ref(), shell);
            }
            printed(call)
        }
        (Some("env"), Some("remove")) => {
            let name =
                parsed.value(&["-n", "--name", "-p", "--prefix"]).cloned().into_iter().collect::<Vec<_>>();
            removes(call, &name, reach, shell)
        }
        (Some("env"), Some("create" | "update")) | (Some("install" | "update" | "upgrade"), _) => {
            declared(call, channel.as_ref(), shell)
        }
        (Some("remove" | "uninstall"), _) => removes(call, parsed.rest(1), reach, shell),
        (Some("run"), _) => {
            let after = parse(
                call.args.get(1..).unwrap_or_default(),
                &Spec {
                    short: "np",
                    long: &["name", "prefix", "cwd"],
                    operand_ends: true,
                    single_dash: false,
                },
            );
            runs_tool(call, &after.operands, shell)
        }
        (Some("config"), _)
            if parsed.options.iter().any(|option| {
                matches!(option.name.as_str(), "--add" | "--set" | "--append" | "--prepend" | "--remove")
            }) =>
        {
            own_settings(call, ".condarc", call.span, shell)
        }
        (Some("init"), _) => {
            let arg = Arg::known(shell.world().home().join(".bashrc").to_string_lossy(), call.span);
            shell.write(&arg, WriteHow::Change, None);
            Value::default()
        }
        (Some("clean"), _) => observe(call, shell),
        _ => observe(call, shell),
    }
}

pub(super) fn twine(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "rupi",
            long: &["repository", "repository-url", "username", "password", "config-file"],
            ..Spec::default()
        },
    );
    match parsed.operand(0) {
        Some("upload" | "register") => {
            let target = parsed.rest(1).iter().map(Arg::shown).collect::<Vec<_>>().join(" ");
            registry(call, "upload", &target, ServiceClass::Publish, shell)
        }
        _ => observe(call, shell),
    }
}
