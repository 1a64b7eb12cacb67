//! Package managers: what they add, from where and for whom, what they run, what they publish.

use super::common::{asks_for_help, asks_for_help_on, observe, printed, project, remote};
use super::{Call, Program};
use crate::effects::argv::{Arg, Parsed, Spec, parse, tail};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, PackageSource, Reach, ServiceClass, ServiceReach};
use banksman_protocol::Span;

mod compiled;
mod deno;
mod javascript;
mod python;
mod scripted;
mod system;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["npm", "pnpm", "yarn", "yarnpkg", "bun", "cnpm"], model: javascript::manager },
    Program { names: &["npx", "bunx", "pnpx", "pnpm-dlx"], model: javascript::once },
    Program { names: &["corepack", "volta", "nvm", "fnm", "n", "nodenv"], model: system::versions },
    Program { names: &["deno"], model: deno::deno },
    Program {
        names: &["pip", "pip3", "pip2", "pip3.10", "pip3.11", "pip3.12", "pip3.13"],
        model: python::pip,
    },
    Program { names: &["pipx"], model: python::pipx },
    Program { names: &["uv"], model: python::uv },
    Program { names: &["uvx"], model: python::uvx },
    Program { names: &["poetry", "pdm", "pipenv", "rye", "hatch"], model: python::project_manager },
    Program { names: &["conda", "mamba", "micromamba", "pixi"], model: python::conda },
    Program { names: &["easy_install"], model: python::pip },
    Program { names: &["twine"], model: python::twine },
    Program { names: &["cargo"], model: compiled::cargo },
    Program { names: &["go"], model: compiled::go },
    Program { names: &["gem"], model: scripted::gem },
    Program { names: &["bundle", "bundler"], model: scripted::bundle },
    Program { names: &["composer"], model: scripted::composer },
    Program { names: &["dotnet", "nuget"], model: compiled::dotnet },
    Program { names: &["mvn", "mvnw", "gradle", "gradlew"], model: compiled::java },
    Program { names: &["mix", "hex"], model: scripted::mix },
    Program {
        names: &[
            "flutter",
            "dart",
            "pod",
            "swiftpm",
            "luarocks",
            "cpan",
            "cpanm",
            "opam",
            "vcpkg",
            "conan",
            "cabal-install",
        ],
        model: scripted::other,
    },
    Program { names: &["brew"], model: system::brew },
    Program {
        names: &[
            "apt",
            "apt-get",
            "aptitude",
            "apt-cache",
            "apt-key",
            "apt-mark",
            "add-apt-repository",
            "apt-add-repository",
        ],
        model: system::apt,
    },
    Program { names: &["dpkg", "rpm"], model: system::file_package },
    Program {
        names: &[
            "yum",
            "dnf",
            "microdnf",
            "apk",
            "zypper",
            "snap",
            "flatpak",
            "port",
            "pkg",
            "emerge",
            "nix-env",
            "xbps-install",
            "choco",
            "winget",
            "scoop",
        ],
        model: system::generic,
    },
    Program { names: &["pacman", "yay", "paru"], model: system::pacman },
    Program {
        names: &["rustup", "sdk", "pyenv", "rbenv", "goenv", "jenv", "tfenv", "ghcup", "juliaup"],
        model: system::versions,
    },
];

/// Tells that a package is added.
fn adds(call: &Call<'_>, arg: Option<&Arg>, source: PackageSource, reach: Reach, shell: &mut Shell<'_>) {
    let (package, span) = arg.map_or_else(|| (String::new(), call.span), |arg| (arg.shown(), arg.span));
    shell.add(EffectKind::Install { manager: call.name.to_owned(), package, source, reach }, span);
}

/// Tells that what the project declares is installed.
fn declared(call: &Call<'_>, registry: Option<&PackageSource>, shell: &mut Shell<'_>) -> Value {
    adds(call, None, registry.cloned().unwrap_or(PackageSource::Declared), Reach::Project, shell);
    printed(call)
}

fn removes(call: &Call<'_>, args: &[Arg], reach: Reach, shell: &mut Shell<'_>) -> Value {
    for arg in args {
        let kind = EffectKind::Uninstall { manager: call.name.to_owned(), package: arg.shown(), reach };
        shell.add(kind, arg.span);
    }
    printed(call)
}

/// Tells what is done in the registry behind a package manager.
fn registry(
    call: &Call<'_>,
    operation: &str,
    target: &str,
    class: ServiceClass,
    shell: &mut Shell<'_>,
) -> Value {
    let kind = EffectKind::Service {
        service: call.name.to_owned(),
        operation: operation.to_owned(),
        target: target.to_owned(),
        class,
        reach: ServiceReach::Remote,
    };
    shell.add(kind, call.span);
    printed(call)
}

/// A registry given on the line, when it is not one of the usual ones.
fn other_registry(arg: Option<&Arg>, usual: &[&str]) -> Option<PackageSource> {
    let shown = arg?.shown();
    let host = crate::effects::Remote::read(&shown).host;
    let known = host.as_deref().is_some_and(|host| usual.contains(&host)) || usual.contains(&shown.as_str());
    (!known).then_some(PackageSource::OtherRegistry(shown))
}

/// A path on this machine stands where a package is expected.
fn is_local(text: &str) -> bool {
    text.starts_with(['.', '/', '~'])
        || text.starts_with("file:")
        || text.starts_with("link:")
        || text.starts_with("workspace:")
        || text.starts_with("portal:")
}

/// An address stands where a package is expected.
fn is_address(text: &str) -> bool {
    text.contains("://")
        || text.starts_with("git+")
        || text.starts_with("git@")
        || ["github:", "gitlab:", "bitbucket:", "gist:"].iter().any(|forge| text.starts_with(forge))
}

/// Where a package comes from whose name may be an address or a file.
fn named_source(shown: String) -> PackageSource {
    if is_address(&shown) {
        PackageSource::Address(shown)
    } else if is_local(&shown) {
        PackageSource::Local(shown)
    } else {
        PackageSource::Registry
    }
}

/// The value behind `name=` in the variables of the call.
fn variable<'c>(call: &'c Call<'_>, names: &[&str]) -> Option<&'c Value> {
    call.variables
        .iter()
        .find(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known)))
        .map(|(_, value)| value)
}

fn weakens(what: &str, span: Span, shell: &mut Shell<'_>) {
    shell.add(EffectKind::Weaken { what: what.to_owned(), once: true }, span);
}

/// A package manager's own settings file in the user's home.
fn own_settings(call: &Call<'_>, file: &str, span: Span, shell: &mut Shell<'_>) -> Value {
    let path = shell.world().home().join(file);
    let arg = Arg::known(path.to_string_lossy(), span);
    let content = call.args.iter().skip(1).map(Arg::shown).collect::<Vec<_>>().join(" ");
    shell.write(&arg, crate::effects::WriteHow::Change, Some(Value::known(content)));
    Value::default()
}

/// The words of a call without its options.
fn plain(parsed: &Parsed, from: usize) -> Vec<Arg> {
    parsed.rest(from).to_vec()
}

/// The operands behind a `--`, or behind the first `skip` operands.
fn behind(args: &[Arg], skip: usize) -> &[Arg] {
    let separator = args.iter().position(|arg| arg.text() == Some("--"));
    match separator {
        Some(at) => args.get(at + 1..).unwrap_or_default(),
        None => args.get(skip..).unwrap_or_default(),
    }
}

/// Runs a tool of the project's dependencies: a known one as what it is, any other as the project's.
fn runs_tool(call: &Call<'_>, words: &[Arg], shell: &mut Shell<'_>) -> Value {
    let Some(first) = words.first() else { return observe(call, shell) };
    let known =
        first.text().is_some_and(|name| super::model(super::base_name(name)).is_some() || name.contains('/'));
    if known || first.text().is_none() {
        return shell.run_words(words, call.span, call.stdin);
    }
    let task = format!("{} {}", call.name, first.shown());
    shell.add(EffectKind::RunProject { task }, call.span);
    printed(call)
}

/// Runs the program that a package brings, as far as its arguments tell what it does.
fn as_program(tool: &Arg, package: &str, args: &[Arg], call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let name = package.rsplit('/').next().unwrap_or(package);
    if args.is_empty() || name.is_empty() || tool.text().is_none() || is_address(package) || is_local(package)
    {
        return printed(call);
    }
    let mut words = vec![Arg::known(name, tool.span)];
    words.extend(args.iter().cloned());
    shell.run_words(&words, call.span, call.stdin)
}

#[cfg(test)]
mod tests;
