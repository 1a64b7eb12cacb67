//! npm, pnpm, yarn, bun, deno and their kin.

use super::{
    Arg, Call, EffectKind, PackageSource, Parsed, Reach, ServiceClass, Shell, Spec, Value, adds,
    asks_for_help, behind, declared, is_address, is_local, observe, other_registry, own_settings, parse,
    plain, printed, project, registry, removes, runs_tool, variable, weakens,
};
use crate::effects::WriteHow;

const USUAL: &[&str] = &["registry.npmjs.org", "registry.yarnpkg.com", "npm.jsr.io", "registry.npmjs.com"];

const LONG: &[&str] = &[
    "registry",
    "prefix",
    "tag",
    "workspace",
    "filter",
    "access",
    "otp",
    "cwd",
    "dir",
    "script-shell",
    "node-options",
    "cache",
    "userconfig",
    "loglevel",
    "omit",
    "include",
    "location",
    "message",
    "package",
    "call",
    "scope",
];

pub(super) fn manager(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "wCFpc", long: LONG, ..Spec::default() });
    if asks_for_help(call.args) {
        return observe(call, shell);
    }
    if call.name == "bun"
        && let [flag, code, ..] = call.args
        && matches!(flag.text(), Some("-e" | "--eval" | "-p" | "--print"))
    {
        shell.add(EffectKind::RunProject { task: "bun -e".to_owned() }, call.span);
        return shell.run_code("node", &code.value, code.span);
    }
    if let Some(folder) =
        parsed.value(&["-C", "--prefix", "--dir", "--cwd"]).filter(|folder| !folder.value.is_empty()).cloned()
    {
        return shell.in_folder(&folder, |shell| verb(call, &parsed, shell));
    }
    verb(call, &parsed, shell)
}

fn verb(call: &Call<'_>, parsed: &Parsed, shell: &mut Shell<'_>) -> Value {
    let global = parsed.has(&["-g", "--global"])
        || parsed.value(&["--location"]).is_some_and(|arg| arg.text() == Some("global"));
    let reach = if global { Reach::User } else { Reach::Project };
    let by_variable = variable(call, &["npm_config_registry", "yarn_registry", "yarn_npm_registry_server"]);
    let by_variable = by_variable.map(|value| Arg { value: value.clone(), span: call.span, pattern: false });
    let elsewhere = other_registry(parsed.value(&["--registry"]).or(by_variable.as_ref()), USUAL);
    injected(parsed, shell);
    let helps = parsed.has(&["--help", "-h"])
        && !matches!(parsed.operand(0), Some("run" | "exec" | "x" | "dlx" | "start" | "test"));
    if helps {
        return observe(call, shell);
    }
    let Some(word) = parsed.operands.first() else {
        return if matches!(call.name, "yarn" | "yarnpkg")
            && call.args.iter().all(|arg| arg.value.prefix().starts_with('-'))
        {
            declared(call, elsewhere.as_ref(), shell)
        } else {
            observe(call, shell)
        };
    };
    let Some(word) = word.text() else {
        shell.opaque(format!("what {} does is not known", call.name), crate::effects::Worst::Runs, word.span);
        return printed(call);
    };
    let rest = plain(parsed, 1);
    match word {
        "install" | "i" | "in" | "ins" | "inst" | "insta" | "instal" | "isnt" | "isntall" | "add" | "it"
        | "install-test" | "link" | "ln"
            if !rest.is_empty() =>
        {
            for package in &rest {
                adds(call, Some(package), source_of(package, elsewhere.as_ref()), reach, shell);
            }
            printed(call)
        }
        "link" | "ln" | "unlink" if rest.is_empty() => {
            adds(call, None, PackageSource::Local(".".to_owned()), Reach::User, shell);
            printed(call)
        }
        "install"
        | "i"
        | "in"
        | "ins"
        | "inst"
        | "isntall"
        | "ci"
        | "clean-install"
        | "ic"
        | "install-clean"
        | "it"
        | "install-test"
        | "cit"
        | "update"
        | "up"
        | "upgrade"
        | "dedupe"
        | "ddp"
        | "rebuild"
        | "rb"
        | "prune"
        | "import"
        | "fetch"
        | "install-ci-test"
        | "upgrade-interactive" => {
            if global {
                for package in &rest {
                    adds(call, Some(package), source_of(package, elsewhere.as_ref()), reach, shell);
                }
                return printed(call);
            }
            declared(call, elsewhere.as_ref(), shell)
        }
        "uninstall" | "remove" | "rm" | "r" | "un" | "unlink" => removes(call, &rest, reach, shell),
        "audit" if matches!(parsed.operand(1), Some("fix")) && !parsed.surely(&["--dry-run"]) => {
            declared(call, elsewhere.as_ref(), shell)
        }
        "run" | "run-script" | "rum" | "urn" => match parsed.operands.get(1) {
            Some(name) => script(call, &name.shown(), behind(call.args, usize::MAX), shell),
            None => observe(call, shell),
        },
        "test" | "t" | "tst" if call.name != "bun" => {
            script(call, "test", behind(call.args, usize::MAX), shell)
        }
        "start" | "stop" | "restart" => script(call, word, behind(call.args, usize::MAX), shell),
        "test" | "build" | "t" => project(call, shell),
        "exec" | "x" | "dlx" => exec(call, parsed, word, shell),
        // `yarn node` and `pnpm node` are node in the project's environment.
        "node" if call.name != "npm" => {
            let at = call.args.iter().position(|arg| arg.text() == Some("node")).unwrap_or_default();
            shell.run_words(call.args.get(at..).unwrap_or_default(), call.span, call.stdin)
        }
        "explore" => {
            let words = behind(call.args, call.args.len());
            runs_tool(call, words, shell)
        }
        "init" | "create" | "innit" => match rest.iter().find(|arg| !arg.value.prefix().starts_with('-')) {
            Some(template) => {
                adds(call, Some(template), source_of(template, elsewhere.as_ref()), Reach::Once, shell);
                printed(call)
            }
            None => {
                shell.write(&Arg::known("package.json", call.span), WriteHow::Create, None);
                Value::default()
            }
        },
        "pkg" | "set-script" if !matches!(parsed.operand(1), Some("get")) => {
            let content = Value::known(rest.iter().map(|arg| entry(&arg.shown())).collect::<String>());
            shell.write(&Arg::known("package.json", call.span), WriteHow::Change, Some(content));
            Value::default()
        }
        "version" if !rest.is_empty() => {
            shell.write(&Arg::known("package.json", call.span), WriteHow::Change, None);
            shell.add(EffectKind::GitLocal { what: format!("{} version", call.name) }, call.span);
            Value::default()
        }
        "config" | "c" | "set" | "get" => settings(call, parsed, word, shell),
        "npm" if call.name.starts_with("yarn") => {
            let nested: Vec<Arg> = call.args.iter().skip(1).cloned().collect();
            manager(&Call { name: "npm", args: &nested, ..call.clone() }, shell)
        }
        "global" => {
            let nested: Vec<Arg> = call
                .args
                .iter()
                .filter(|arg| arg.text() != Some("global"))
                .cloned()
                .chain([Arg::known("--global", call.span)])
                .collect();
            manager(&Call { args: &nested, ..call.clone() }, shell)
        }
        _ => in_registry(call, parsed, word, shell).unwrap_or_else(|| named(call, word, &rest, shell)),
    }
}

/// Options that make the package manager run something else than it would.
fn injected(parsed: &Parsed, shell: &mut Shell<'_>) {
    for option in &parsed.options {
        let Some(value) = &option.value else { continue };
        match option.name.as_str() {
            "--script-shell" | "--node-options" | "--git" | "--userconfig" | "--globalconfig" => {
                shell.add(
                    EffectKind::Inject { variable: option.name.clone(), value: value.shown() },
                    option.span,
                );
            }
            "--strict-ssl" if value.text() == Some("false") => {
                weakens("the registry's certificate is not checked", option.span, shell)
            }
            _ => {}
        }
    }
    if let Some(option) = parsed.find(&["--no-strict-ssl"]) {
        weakens("the registry's certificate is not checked", option.span, shell);
    }
}

fn source_of(package: &Arg, registry: Option<&PackageSource>) -> PackageSource {
    let shown = package.shown();
    // `name@spec`: what counts is the spec, when it is an address.
    let after =
        shown.get(1..).and_then(|rest| rest.split_once('@')).map(|(_, spec)| spec).unwrap_or_default();
    for text in [shown.as_str(), after].into_iter().filter(|text| !text.is_empty()) {
        if is_local(text) {
            return PackageSource::Local(text.to_owned());
        }
        let shorthand = !text.starts_with('@') && text.matches('/').count() == 1 && !text.contains(':');
        if is_address(text) || shorthand {
            return PackageSource::Address(text.to_owned());
        }
    }
    registry.cloned().unwrap_or(PackageSource::Registry)
}

/// A script of `package.json`, with what npm runs before and after it.
fn script(call: &Call<'_>, name: &str, args: &[Arg], shell: &mut Shell<'_>) -> Value {
    shell.add(
        EffectKind::RunProject {
            task: format!("{} {name}", if call.name == "npm" { "npm run" } else { call.name }),
        },
        call.span,
    );
    let file = Arg::known("package.json", call.span);
    let place = shell.place(&file);
    let text = shell.file_text(&place.path);
    let Some(manifest) = text.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok()) else {
        return printed(call);
    };
    let more: String = args.iter().map(|arg| format!(" {}", arg.shown())).collect();
    for (part, more) in
        [(format!("pre{name}"), ""), (name.to_owned(), more.as_str()), (format!("post{name}"), "")]
    {
        if let Some(line) =
            manifest.pointer("/scripts").and_then(|scripts| scripts.get(&part)).and_then(|line| line.as_str())
        {
            shell.run_script_of(&place, &format!("{line}{more}"), call.span);
        }
    }
    printed(call)
}

/// A word that is no command of the manager: a script of the project, or a tool of its dependencies.
fn named(call: &Call<'_>, word: &str, rest: &[Arg], shell: &mut Shell<'_>) -> Value {
    let looks = [
        "ls",
        "list",
        "la",
        "ll",
        "view",
        "v",
        "info",
        "show",
        "search",
        "s",
        "se",
        "find",
        "outdated",
        "explain",
        "why",
        "fund",
        "docs",
        "home",
        "help",
        "ping",
        "doctor",
        "root",
        "prefix",
        "bin",
        "whoami",
        "audit",
        "diff",
        "repo",
        "bugs",
        "issues",
        "query",
        "sbom",
        "licenses",
        "cache",
        "store",
        "help-search",
        "completion",
        "policies",
        "versions",
        "env",
        "workspaces",
        "constraints",
        "plugin",
        "patch",
        "recursive",
        "m",
        "pm",
        "shrinkwrap",
        "pack",
        "autoclean",
        "check",
        "setup",
        "server",
        "edit",
        "explain",
    ];
    if call.name == "npm" || looks.contains(&word) || call.name == "cnpm" {
        return observe(call, shell);
    }
    // `bun FILE` runs a file of the project; `yarn NAME` and `pnpm NAME` a script or a tool.
    let place = shell.place_at("package.json");
    let is_script = shell.file_text(&place.path).is_some_and(|text| text.contains(&format!("\"{word}\"")));
    if is_script || super::super::model(word).is_none() {
        let args: Vec<Arg> = rest.to_vec();
        return script(call, word, &args, shell);
    }
    runs_tool(call, call.args, shell)
}

fn exec(call: &Call<'_>, parsed: &Parsed, word: &str, shell: &mut Shell<'_>) -> Value {
    if let Some(line) = parsed.value(&["-c", "--call"]) {
        return shell.run_line(&line.value, line.span, call.stdin);
    }
    let at = call.args.iter().position(|arg| arg.text() == Some(word)).map_or(0, |at| at + 1);
    let words: Vec<Arg> = call
        .args
        .iter()
        .skip(at)
        .skip_while(|arg| matches!(arg.text(), Some("--" | "-y" | "--yes" | "--no")))
        .cloned()
        .collect();
    if word == "exec" && call.name != "npm" {
        return runs_tool(call, &words, shell);
    }
    once(&Call { args: &words, ..call.clone() }, shell)
}

/// `npx TOOL`: the project's own tool when it is installed or well known, else a package that is fetched and run.
pub(super) fn once(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "pcw",
            long: &["package", "call", "registry", "cache", "workspace", "node-options", "script-shell"],
            operand_ends: true,
            single_dash: false,
        },
    );
    let elsewhere = other_registry(parsed.value(&["--registry"]), USUAL);
    injected(&parsed, shell);
    for package in parsed.values(&["-p", "--package"]) {
        adds(call, Some(package), source_of(package, elsewhere.as_ref()), Reach::Once, shell);
    }
    if let Some(line) = parsed.value(&["-c", "--call"]) {
        return shell.run_line(&line.value, line.span, call.stdin);
    }
    let Some(tool) = parsed.operands.first() else { return observe(call, shell) };
    let shown = tool.shown();
    let name = plain_name(&shown);
    let installed = shell.place_at(&format!("node_modules/.bin/{name}"));
    let here = shell.world().exists(&installed.path);
    let source = source_of(tool, elsewhere.as_ref());
    let declared = here || named_in_manifest(&shown, shell);
    let well_known = source == PackageSource::Registry && super::super::project_tool(&name);
    if !declared && !well_known && !parsed.has(&["-p", "--package"]) {
        adds(call, Some(tool), source, Reach::Once, shell);
    }
    if super::super::model(&name).is_some() {
        let mut words = vec![Arg::known(name, tool.span)];
        words.extend(parsed.rest(1).iter().cloned());
        return shell.run_words(&words, call.span, call.stdin);
    }
    if declared {
        shell.add(EffectKind::RunProject { task: format!("{} {name}", call.name) }, call.span);
        return printed(call);
    }
    super::as_program(tool, &name, parsed.rest(1), call, shell)
}

/// The tool's name without its version.
fn plain_name(package: &str) -> String {
    let skip = usize::from(package.starts_with('@'));
    let end = package.get(skip..).and_then(|rest| rest.find('@')).map_or(package.len(), |at| at + skip);
    package.get(..end).unwrap_or(package).to_owned()
}

fn named_in_manifest(package: &str, shell: &Shell<'_>) -> bool {
    let place = shell.place_at("package.json");
    let name = plain_name(package);
    shell.file_text(&place.path).is_some_and(|text| text.contains(&format!("\"{name}\":")))
}

/// `scripts.build=tsc` as it stands in the manifest.
fn entry(setting: &str) -> String {
    let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
    let name = key.rsplit('.').next().unwrap_or(key);
    format!("{}: {},\n", serde_json::Value::from(name), serde_json::Value::from(value))
}

fn settings(call: &Call<'_>, parsed: &Parsed, word: &str, shell: &mut Shell<'_>) -> Value {
    let (verb, from) =
        if matches!(word, "config" | "c") { (parsed.operand(1).unwrap_or("list"), 2) } else { (word, 1) };
    if !matches!(verb, "set" | "delete" | "unset" | "edit" | "rm") {
        return observe(call, shell);
    }
    let text = parsed.rest(from).iter().map(Arg::shown).collect::<Vec<_>>().join(" ");
    if text.starts_with("strict-ssl false") || text.starts_with("strict-ssl=false") {
        let what = "the registry's certificate is no longer checked".to_owned();
        shell.add(EffectKind::Weaken { what, once: false }, call.span);
    }
    let file = if call.name.starts_with("yarn") { ".yarnrc.yml" } else { ".npmrc" };
    if parsed.value(&["--location"]).is_some_and(|arg| arg.text() == Some("project")) {
        shell.write(&Arg::known(file, call.span), WriteHow::Change, Some(Value::known(text)));
        return Value::default();
    }
    own_settings(call, file, call.span, shell)
}

fn in_registry(call: &Call<'_>, parsed: &Parsed, word: &str, shell: &mut Shell<'_>) -> Option<Value> {
    let target = parsed.rest(1).iter().map(Arg::shown).collect::<Vec<_>>().join(" ");
    let sub = parsed.operand(1).unwrap_or_default();
    let class = match (word, sub) {
        ("publish", _) if parsed.surely(&["--dry-run"]) => return Some(observe(call, shell)),
        ("publish", _) => ServiceClass::Publish,
        ("unpublish", _) => ServiceClass::Destroy,
        ("deprecate" | "star" | "unstar", _) => ServiceClass::Change,
        ("dist-tag" | "dist-tags" | "tag", "add" | "set" | "rm" | "remove") => ServiceClass::Change,
        ("owner" | "author", "add" | "rm" | "remove") => ServiceClass::Grant,
        ("access", "ls" | "list" | "get" | "") => ServiceClass::Read,
        ("access" | "team" | "org", _) => ServiceClass::Grant,
        ("token", "create") => ServiceClass::Grant,
        ("token", "revoke" | "delete") => ServiceClass::Delete,
        ("token", _) => ServiceClass::ReadSecret,
        ("hook", "add" | "rm" | "update") => ServiceClass::Change,
        ("profile", "set" | "enable-2fa" | "disable-2fa") => ServiceClass::Change,
        ("login" | "adduser" | "add-user" | "logout", _) => {
            let how = format!("{} {word}", call.name);
            let kind = EffectKind::Machine {
                what: format!("`{how}` changes who the registry takes you for"),
                grave: false,
            };
            shell.add(kind, call.span);
            return Some(Value::default());
        }
        ("pack", _) => {
            shell.add(EffectKind::RunProject { task: format!("{} pack", call.name) }, call.span);
            return Some(printed(call));
        }
        _ => return None,
    };
    Some(registry(call, word, &target, class, shell))
}
