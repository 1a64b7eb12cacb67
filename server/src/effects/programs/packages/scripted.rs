//! gem, bundle, composer, mix and others whose packages need no compiler.

use super::{
    Arg, Call, PackageSource, Reach, ServiceClass, Shell, Spec, Value, adds, asks_for_help_on, declared,
    is_address, named_source, observe, other_registry, own_settings, parse, printed, project, registry,
    removes, runs_tool,
};
use crate::effects::WriteHow;

pub(super) fn gem(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "vsinpPg",
            long: &["version", "source", "install-dir", "bindir", "file", "key", "host"],
            ..Spec::default()
        },
    );
    let elsewhere = other_registry(parsed.value(&["-s", "--source", "--clear-sources"]), &["rubygems.org"]);
    match parsed.operand(0) {
        Some("install" | "i" | "update") => {
            for package in parsed.rest(1) {
                let shown = package.shown();
                let source = if shown.ends_with(".gem") {
                    PackageSource::Local(shown)
                } else {
                    elsewhere.clone().unwrap_or(PackageSource::Registry)
                };
                adds(call, Some(package), source, Reach::User, shell);
            }
            printed(call)
        }
        Some("uninstall" | "cleanup") => removes(call, parsed.rest(1), Reach::User, shell),
        Some("push") => {
            registry(call, "push", parsed.operand(1).unwrap_or_default(), ServiceClass::Publish, shell)
        }
        Some("yank") => {
            registry(call, "yank", parsed.operand(1).unwrap_or_default(), ServiceClass::Destroy, shell)
        }
        Some("owner") if parsed.has(&["-a", "--add", "-r", "--remove"]) => {
            registry(call, "owner", parsed.operand(1).unwrap_or_default(), ServiceClass::Grant, shell)
        }
        Some("exec") => {
            adds(
                call,
                parsed.operands.get(1),
                elsewhere.unwrap_or(PackageSource::Registry),
                Reach::Once,
                shell,
            );
            printed(call)
        }
        Some("sources") if parsed.has(&["-a", "--add", "-r", "--remove"]) => {
            own_settings(call, ".gemrc", call.span, shell)
        }
        Some("build") => project(call, shell),
        _ => observe(call, shell),
    }
}

pub(super) fn bundle(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "jg",
            long: &["source", "git", "github", "path", "version", "group", "gemfile"],
            ..Spec::default()
        },
    );
    match parsed.operand(0) {
        Some("exec") => {
            let words: Vec<Arg> =
                call.args.iter().skip_while(|arg| arg.text() != Some("exec")).skip(1).cloned().collect();
            runs_tool(call, &words, shell)
        }
        Some("add") => {
            let source = parsed
                .value(&["--git", "--github"])
                .map_or(PackageSource::Registry, |arg| PackageSource::Address(arg.shown()));
            let source = other_registry(parsed.value(&["--source"]), &["rubygems.org"]).unwrap_or(source);
            for package in parsed.rest(1) {
                adds(call, Some(package), source.clone(), Reach::Project, shell);
            }
            printed(call)
        }
        Some("remove") => removes(call, parsed.rest(1), Reach::Project, shell),
        None | Some("install" | "update" | "lock" | "package" | "cache") => declared(call, None, shell),
        Some("init" | "binstubs" | "clean") => project(call, shell),
        // A mirror stands in for the place that packages come from.
        Some("config") => {
            let mirror = parsed.operands.iter().filter_map(Arg::text).any(|text| text.starts_with("mirror."));
            match parsed.operands.last().filter(|arg| mirror && arg.shown().contains("://")) {
                Some(address) => {
                    let source = PackageSource::OtherRegistry(address.shown());
                    adds(call, None, source, Reach::Project, shell);
                    printed(call)
                }
                None => observe(call, shell),
            }
        }
        Some(_) => observe(call, shell),
    }
}

pub(super) fn composer(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "d",
            long: &["working-dir", "repository", "repository-url", "stability"],
            ..Spec::default()
        },
    );
    let at = usize::from(parsed.operand(0) == Some("global"));
    let reach = if at == 1 { Reach::User } else { Reach::Project };
    match parsed.operand(at) {
        Some("require" | "req") => {
            let elsewhere =
                other_registry(parsed.value(&["--repository", "--repository-url"]), &["repo.packagist.org"]);
            for package in parsed.rest(at + 1) {
                adds(call, Some(package), elsewhere.clone().unwrap_or(PackageSource::Registry), reach, shell);
            }
            printed(call)
        }
        Some("remove" | "uninstall") => removes(call, parsed.rest(at + 1), reach, shell),
        Some("install" | "i" | "update" | "u" | "upgrade" | "reinstall") => declared(call, None, shell),
        Some("create-project") => {
            adds(call, parsed.operands.get(at + 1), PackageSource::Registry, Reach::Once, shell);
            printed(call)
        }
        Some("config") if parsed.operands.len() > at + 2 => {
            shell.write(&Arg::known("composer.json", call.span), WriteHow::Change, None);
            Value::default()
        }
        Some("exec" | "run-script" | "run" | "dump-autoload" | "dumpautoload" | "test" | "init") => {
            project(call, shell)
        }
        Some("self-update" | "selfupdate") => {
            adds(call, None, PackageSource::Registry, Reach::User, shell);
            printed(call)
        }
        None
        | Some(
            "show"
            | "info"
            | "outdated"
            | "validate"
            | "why"
            | "why-not"
            | "depends"
            | "search"
            | "licenses"
            | "audit"
            | "about"
            | "diagnose"
            | "config"
            | "check-platform-reqs"
            | "status"
            | "suggests"
            | "fund"
            | "home"
            | "list"
            | "help",
        ) => observe(call, shell),
        Some(_) => project(call, shell),
    }
}

pub(super) fn mix(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    match call.args.first().and_then(Arg::text) {
        Some("deps.get" | "deps.update" | "deps.compile") => declared(call, None, shell),
        Some("hex.publish") => registry(call, "publish", "", ServiceClass::Publish, shell),
        Some("archive.install" | "escript.install") => {
            let arg = call.args.get(1).filter(|arg| arg.text() != Some("hex")).or_else(|| call.args.get(2));
            let source = arg
                .map(Arg::shown)
                .filter(|text| is_address(text))
                .map_or(PackageSource::Registry, PackageSource::Address);
            adds(call, arg, source, Reach::User, shell);
            printed(call)
        }
        None | Some("help" | "hex.info" | "deps" | "deps.tree" | "hex.outdated") => observe(call, shell),
        Some(_) => project(call, shell),
    }
}

pub(super) fn other(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    let parsed = parse(call.args, &Spec::default());
    let at = usize::from(parsed.operand(0) == Some("pub"));
    match parsed.operand(at) {
        Some("publish" | "trunk" | "upload") => registry(call, "publish", "", ServiceClass::Publish, shell),
        Some("add" | "install" | "i" | "activate") if parsed.operands.len() > at + 1 => {
            let reach = if matches!(call.name, "flutter" | "dart" | "pod" | "conan" | "vcpkg") {
                Reach::Project
            } else {
                Reach::User
            };
            for package in parsed.rest(at + 1) {
                let shown = package.shown();
                let source =
                    if is_address(&shown) { PackageSource::Address(shown) } else { PackageSource::Registry };
                adds(call, Some(package), source, reach, shell);
            }
            printed(call)
        }
        Some("get" | "install" | "upgrade" | "update") => declared(call, None, shell),
        Some("remove" | "uninstall") => removes(call, parsed.rest(at + 1), Reach::Project, shell),
        Some(word) if matches!(call.name, "cpan" | "cpanm") && !word.starts_with('-') => {
            for package in &parsed.operands {
                adds(call, Some(package), named_source(package.shown()), Reach::User, shell);
            }
            printed(call)
        }
        Some("list" | "search" | "show" | "outdated" | "deps" | "devices" | "doctor" | "info") | None => {
            observe(call, shell)
        }
        Some(_) => project(call, shell),
    }
}
