//! Deno, which fetches what it runs and asks for permissions.

use super::{
    Arg, Call, EffectKind, PackageSource, Reach, ServiceClass, Shell, Spec, Value, adds, declared,
    is_address, observe, parse, printed, project, registry, remote, removes,
};

pub(super) fn deno(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let words: Vec<&str> = call.args.iter().filter_map(Arg::text).collect();
    let parsed = parse(
        call.args,
        &Spec {
            short: "crLno",
            long: &["config", "import-map", "lock", "output", "name", "root", "ext"],
            ..Spec::default()
        },
    );
    match words.first().copied() {
        None
        | Some(
            "info" | "doc" | "types" | "help" | "--version" | "-V" | "--help" | "outdated" | "repl" | "lsp"
            | "completions" | "coverage",
        ) => observe(call, shell),
        Some("eval") => match parsed.operands.get(1) {
            Some(code) => shell.run_code("node", &code.value, code.span),
            None => observe(call, shell),
        },
        Some("run" | "serve" | "x") => match parsed.operands.get(1) {
            Some(file) if is_address(&file.shown()) => {
                let from = remote(&file.value).shown;
                shell.add(EffectKind::RunDownloaded { from, place: None }, file.span);
                printed(call)
            }
            Some(file) if file.text() == Some("-") => shell.run_code("node", call.stdin, call.span),
            Some(file) => shell.run_file(Some("node"), file, parsed.rest(2), call.span, call.stdin),
            None => observe(call, shell),
        },
        Some("install" | "add" | "i") => {
            let global = parsed.has(&["-g", "--global"]);
            let packages = parsed.rest(1);
            if packages.is_empty() {
                return declared(call, None, shell);
            }
            for package in packages {
                let text = package.shown();
                let source =
                    if is_address(&text) { PackageSource::Address(text) } else { PackageSource::Registry };
                adds(call, Some(package), source, if global { Reach::User } else { Reach::Project }, shell);
            }
            printed(call)
        }
        Some("uninstall" | "remove") => removes(call, parsed.rest(1), Reach::Project, shell),
        Some("publish") => registry(call, "publish", "", ServiceClass::Publish, shell),
        Some("deploy") => registry(call, "deploy", "", ServiceClass::Deploy, shell),
        Some("upgrade") => {
            adds(call, None, PackageSource::Registry, Reach::User, shell);
            printed(call)
        }
        Some(_) => project(call, shell),
    }
}
