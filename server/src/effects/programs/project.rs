//! Tools that build, test, lint, format or serve the project: they run its own code.

use super::common::{self, asks_for_help, asks_for_help_on, observe, printed, project, title};
use super::{Call, Program};
use crate::effects::argv::{Arg, Spec, parse, tail};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, PackageSource, Reach, WriteHow};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["make", "gmake", "bmake", "remake"], model: make },
    Program { names: &["ctest", "ninja", "samu", "meson", "cmake", "cpack"], model: builder },
    Program {
        names: &[
            "bazel",
            "bazelisk",
            "buck",
            "buck2",
            "pants",
            "please",
            "scons",
            "waf",
            "xmake",
            "premake5",
            "ant",
            "sbt",
            "mill",
            "lein",
            "boot",
            "stack",
            "cabal",
            "dune",
            "rebar3",
            "zig",
            "xcodebuild",
            "crystal",
            "shards",
            "nimble",
            "v",
            "vlang",
            "gleam",
            "elm",
            "spago",
            "just",
            "task",
            "mage",
            "invoke",
            "inv",
            "fab",
            "doit",
            "earthly",
            "turbo",
            "nx",
            "lerna",
            "rush",
            "moon",
            "wireit",
            "grunt",
            "gulp",
            "brunch",
            "ember",
            "ng",
            "configure",
            "autoreconf",
            "autoconf",
            "automake",
            "aclocal",
            "libtoolize",
            "pre-commit",
            "lefthook",
            "husky",
            "lint-staged",
            "trunk",
            "flit",
            "maturin",
            "wasm-pack",
            "trunk-rs",
            "dx",
            "tauri",
            "electron",
            "electron-builder",
        ],
        model: runner,
    },
    Program {
        names: &[
            "pytest",
            "py.test",
            "tox",
            "nox",
            "nose2",
            "nosetests",
            "green",
            "stestr",
            "behave",
            "robot",
            "coverage",
            "jest",
            "vitest",
            "mocha",
            "ava",
            "tap",
            "tape",
            "jasmine",
            "karma",
            "cypress",
            "playwright",
            "nightwatch",
            "testcafe",
            "wdio",
            "c8",
            "nyc",
            "rspec",
            "minitest",
            "cucumber",
            "phpunit",
            "pest",
            "paratest",
            "codecept",
            "phpspec",
            "behat",
            "infection",
            "gotestsum",
            "ginkgo",
            "bats",
            "shellspec",
            "prove",
            "busted",
            "storybook",
            "start-storybook",
            "build-storybook",
            "webpack",
            "webpack-cli",
            "webpack-dev-server",
            "rollup",
            "vite",
            "esbuild",
            "parcel",
            "swc",
            "babel",
            "tsup",
            "next",
            "nuxt",
            "nuxi",
            "remix",
            "astro",
            "gatsby",
            "svelte-kit",
            "react-scripts",
            "vue-cli-service",
            "expo",
            "metro",
            "docusaurus",
            "vitepress",
            "hugo",
            "jekyll",
            "mkdocs",
            "sphinx-build",
            "sphinx-autobuild",
            "mdbook",
            "eleventy",
            "hexo",
            "zola",
            "nodemon",
            "ts-node-dev",
            "concurrently",
            "npm-run-all",
            "run-s",
            "run-p",
            "uvicorn",
            "gunicorn",
            "hypercorn",
            "daphne",
            "flask",
            "celery",
            "streamlit",
            "jupyter",
            "nbconvert",
            "papermill",
            "puma",
            "unicorn",
            "rackup",
            "foreman",
            "overmind",
            "honcho",
            "symfony",
            "drush",
            "mypyc",
            "stubgen",
        ],
        model: tester,
    },
    Program {
        names: &[
            "eslint",
            "prettier",
            "biome",
            "rome",
            "oxlint",
            "standard",
            "xo",
            "tslint",
            "stylelint",
            "htmlhint",
            "markdownlint",
            "markdownlint-cli2",
            "remark",
            "black",
            "ruff",
            "isort",
            "autopep8",
            "yapf",
            "autoflake",
            "pyupgrade",
            "flake8",
            "pylint",
            "pycodestyle",
            "pydocstyle",
            "mypy",
            "dmypy",
            "pyright",
            "basedpyright",
            "pyre",
            "pytype",
            "bandit",
            "vulture",
            "radon",
            "ty",
            "tsc",
            "tsserver",
            "vue-tsc",
            "rustfmt",
            "clippy-driver",
            "golangci-lint",
            "gofmt",
            "gofumpt",
            "goimports",
            "golint",
            "staticcheck",
            "govulncheck",
            "rubocop",
            "standardrb",
            "reek",
            "brakeman",
            "phpcs",
            "phpcbf",
            "php-cs-fixer",
            "phpstan",
            "psalm",
            "phpmd",
            "pint",
            "rector",
            "ktlint",
            "detekt",
            "scalafmt",
            "scalafix",
            "clang-format",
            "clang-tidy",
            "cppcheck",
            "iwyu",
            "uncrustify",
            "astyle",
            "swiftlint",
            "swiftformat",
            "dartanalyzer",
            "shellcheck",
            "shfmt",
            "hadolint",
            "yamllint",
            "taplo",
            "jsonlint",
            "actionlint",
            "ansible-lint",
            "tflint",
            "checkov",
            "tfsec",
            "semgrep",
            "codespell",
            "typos",
            "vale",
            "buf",
            "protoc",
            "sqlfluff",
            "djlint",
            "cspell",
            "dprint",
            "stylua",
            "luacheck",
            "selene",
            "hlint",
            "ormolu",
            "fourmolu",
            "elm-format",
            "elm-test",
            "nixfmt",
            "alejandra",
            "statix",
            "commitlint",
            "knip",
            "depcheck",
            "ts-prune",
            "madge",
            "svgo",
            "spectral",
            "openapi-generator",
            "graphql-codegen",
            "prisma-fmt",
            "sqlc",
            "mockgen",
            "stringer",
            "wire",
            "gitleaks",
            "trufflehog",
            "osv-scanner",
        ],
        model: linter,
    },
    Program {
        names: &[
            "gcc",
            "g++",
            "cc",
            "c++",
            "clang",
            "clang++",
            "rustc",
            "javac",
            "kotlinc",
            "scalac",
            "ghc",
            "ocamlc",
            "ocamlopt",
            "ocamlfind",
            "nasm",
            "yasm",
            "as",
            "ld",
            "lld",
            "ar",
            "ranlib",
            "strip",
            "gfortran",
            "nvcc",
            "emcc",
            "tcc",
            "fpc",
            "gnatmake",
            "ldc2",
            "dmd",
            "nim",
            "csc",
            "mcs",
            "fsc",
            "valac",
            "flex",
            "bison",
            "yacc",
            "lex",
            "swig",
            "cython",
            "gcov",
            "lcov",
            "genhtml",
            "gprof",
            "pdflatex",
            "xelatex",
            "lualatex",
            "latex",
            "latexmk",
            "bibtex",
            "biber",
            "asciidoctor",
            "doxygen",
            "dot",
            "plantuml",
            "mmdc",
            "pkg-config",
            "pkgconf",
            "bear",
            "ctags",
            "cscope",
            "gtags",
        ],
        model: compiler,
    },
    Program { names: &["gdb", "lldb", "valgrind"], model: debugger },
];

fn make(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    for arg in call.args {
        let Some((name, value)) = arg.text().and_then(|text| text.split_once('=')) else { continue };
        let name = name.trim_start_matches("-D");
        if matches!(name, "CC" | "CXX" | "LD" | "AR" | "MAKE" | "SHELL" | "CFLAGS" | "CXXFLAGS" | "LDFLAGS") {
            shell.watch_variable(name, &Value::known(value), arg.span);
        }
    }
    let long = &["file", "makefile", "directory", "include-dir", "old-file", "what-if", "eval"];
    let parsed = parse(call.args, &Spec { short: "fCIoWE", long, ..Spec::default() });
    let only_looks = [
        "-n",
        "--just-print",
        "--dry-run",
        "--recon",
        "-p",
        "--print-data-base",
        "-q",
        "--question",
        "-v",
        "--version",
        "--help",
        "-h",
    ];
    if parsed.has(&["-C", "--directory"])
        && let Some(folder) = parsed.value(&["-C", "--directory"])
        && call.args.iter().any(|arg| {
            matches!(arg.value.prefix(), "-C" | "--directory") || arg.value.prefix().starts_with("-C")
        })
    {
        let folder = folder.clone();
        return shell.in_folder(&folder, |shell| made(call, &parsed, &only_looks, shell));
    }
    made(call, &parsed, &only_looks, shell)
}

fn made(
    call: &Call<'_>,
    parsed: &crate::effects::argv::Parsed,
    only_looks: &[&str],
    shell: &mut Shell<'_>,
) -> Value {
    let assigned = |name: &str| {
        parsed
            .operands
            .iter()
            .find(|arg| arg.value.prefix().starts_with(name))
            .map(|arg| tail(arg, name.len()))
    };
    if let Some(program) = assigned("SHELL=")
        && !program
            .text()
            .is_some_and(|text| matches!(text.rsplit('/').next(), Some("sh" | "bash" | "dash" | "zsh")))
    {
        shell.run_line(&program.value, program.span, &Value::default());
    }
    for text in parsed.values(&["-E", "--eval"]) {
        shell.opaque("`make --eval` runs a text of its own", crate::effects::Worst::Runs, text.span);
    }
    if parsed.has(only_looks) {
        return observe(call, shell);
    }
    let file = parsed.value(&["-f", "--file", "--makefile"]);
    if let Some(file) = file {
        if file.text() == Some("-") {
            shell.opaque("the makefile comes through a pipe", crate::effects::Worst::Runs, file.span);
            return printed(call);
        }
        let place = shell.place(file);
        if let Some(from) = shell.world().trail().came_from(&place.path).map(str::to_owned) {
            shell.add(EffectKind::RunDownloaded { from, place: Some(place) }, file.span);
        } else if !matches!(place.scope, crate::world::Scope::Workspace) {
            shell.add(
                EffectKind::RunUnknown { program: format!("make -f {}", file.shown()), place: Some(place) },
                file.span,
            );
        }
    }
    let targets: Vec<String> =
        parsed.operands.iter().map(Arg::shown).filter(|target| !target.contains('=')).collect();
    let task = if targets.is_empty() {
        call.name.to_owned()
    } else {
        format!("{} {}", call.name, targets.join(" "))
    };
    shell.add(EffectKind::RunProject { task }, call.span);
    printed(call)
}

/// How settings of cmake end that name programs and scripts which the build runs.
const TOOLS: [&str; 8] = [
    "_COMPILER",
    "_LAUNCHER",
    "_TOOLCHAIN_FILE",
    "_LINKER",
    "_MAKE_PROGRAM",
    "_AR",
    "CMAKE_PROJECT_INCLUDE",
    "CMAKE_PROJECT_TOP_LEVEL_INCLUDES",
];

fn builder(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    let words: Vec<&str> = call.args.iter().filter_map(Arg::text).collect();
    for (at, arg) in call.args.iter().enumerate() {
        // `-DNAME=VALUE`, `-D NAME=VALUE`
        let behind = at.checked_sub(1).and_then(|at| call.args.get(at)).and_then(Arg::text) == Some("-D");
        let text = arg.value.prefix();
        let Some(setting) = text.strip_prefix("-D").or(behind.then_some(text)) else { continue };
        let Some((name, _)) = setting.split_once('=') else { continue };
        let plain = name.split(':').next().unwrap_or(name);
        if TOOLS.iter().any(|end| plain.ends_with(end)) {
            let value = tail(arg, text.len() - setting.len() + name.len() + 1);
            common::planted(shell, plain, &value);
        }
    }
    match (call.name, words.as_slice()) {
        // `cmake -E` is a small tool box of its own.
        (
            "cmake",
            [
                "-E",
                "capabilities" | "echo" | "environment" | "sleep" | "compare_files" | "sha256sum" | "md5sum"
                | "time",
                ..,
            ],
        ) => observe(call, shell),
        ("cmake", ["-E", "rm" | "remove" | "remove_directory", ..]) => {
            let recursive =
                words.iter().any(|word| matches!(*word, "-r" | "-rf" | "-fr" | "-R" | "remove_directory"));
            for arg in call.args.iter().skip(2).filter(|arg| !arg.value.prefix().starts_with('-')) {
                shell.delete(arg, recursive);
            }
            Value::default()
        }
        ("cmake", ["-E", "env", ..]) => {
            let command: Vec<Arg> = call
                .args
                .iter()
                .skip(2)
                .skip_while(|arg| arg.value.prefix().contains('='))
                .cloned()
                .collect();
            shell.run_words(&command, call.span, call.stdin)
        }
        ("cmake", ["-E", ..]) => {
            for arg in call.args.iter().skip(3).filter(|arg| !arg.value.prefix().starts_with('-')) {
                shell.write(arg, WriteHow::Replace, None);
            }
            Value::default()
        }
        ("cmake" | "meson" | "ninja", words)
            if words.iter().any(|word| matches!(*word, "--install" | "install")) =>
        {
            let prefix = call
                .args
                .iter()
                .skip_while(|arg| !matches!(arg.text(), Some("--prefix" | "--destdir")))
                .nth(1);
            match prefix {
                Some(folder) => shell.write(folder, WriteHow::Create, None),
                None => {
                    let kind = EffectKind::Install {
                        manager: call.name.to_owned(),
                        package: String::new(),
                        source: PackageSource::Local(".".to_owned()),
                        reach: Reach::System,
                    };
                    shell.add(kind, call.span);
                }
            }
            printed(call)
        }
        _ => project(call, shell),
    }
}

fn runner(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let looks = call.args.first().and_then(Arg::text).is_some_and(|word| {
        matches!(
            word,
            "--list"
                | "-l"
                | "--list-all"
                | "--summary"
                | "--dry-run"
                | "-n"
                | "--tasks"
                | "tasks"
                | "info"
                | "version"
                | "query"
        )
    });
    if asks_for_help_on(call.args) || looks { observe(call, shell) } else { project(call, shell) }
}

fn tester(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help(call.args) {
        return observe(call, shell);
    }
    let long = &[
        "host",
        "bind",
        "listen",
        "hostname",
        "output-file",
        "junitxml",
        "junit-xml",
        "outputFile",
        "reporter-options",
    ];
    let parsed = parse(call.args, &Spec { short: "", long, ..Spec::default() });
    for file in parsed.values(&["--junitxml", "--junit-xml", "--outputFile", "--output-file"]) {
        shell.write(file, WriteHow::Replace, None);
    }
    let host = parsed.value(&["--host", "--bind", "--hostname", "--listen"]).map(Arg::shown);
    if let Some(address) = host.filter(|host| host.starts_with("0.0.0.0") || host == "::" || host == "[::]") {
        shell.add(EffectKind::Listen { address, serves: None }, call.span);
    }
    project(call, shell)
}

fn linter(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help(call.args) {
        return observe(call, shell);
    }
    let long = &["output-file", "output", "report", "config"];
    let short = if matches!(call.name, "eslint" | "semgrep" | "flake8") { "o" } else { "" };
    let parsed = parse(call.args, &Spec { short, long, ..Spec::default() });
    for file in parsed.values(&["--output-file", "-o"]) {
        shell.write(file, WriteHow::Replace, None);
    }
    // A formatter that is pointed outside of the workspace changes files there.
    let writes = parsed.has(&["-w", "--write", "--fix", "-i", "--in-place", "--inplace"])
        || matches!(call.name, "black" | "isort" | "autopep8" | "yapf");
    if writes {
        for arg in &parsed.operands {
            let place = shell.place(arg);
            let outside = !matches!(
                place.scope,
                crate::world::Scope::Workspace
                    | crate::world::Scope::WorkspaceRoot
                    | crate::world::Scope::Unknown
            );
            if outside && arg.value.prefix().contains('/') {
                shell.write(arg, WriteHow::Change, None);
            }
        }
    }
    project(call, shell)
}

fn compiler(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help(call.args) || matches!(call.name, "pkg-config" | "pkgconf") {
        return observe(call, shell);
    }
    let parsed = parse(
        call.args,
        &Spec { short: "oIDLlWOfmxU", long: &["out-dir", "output", "param"], ..Spec::default() },
    );
    if let Some(file) = parsed.value(&["-o", "--output"]) {
        let place = shell.place(file);
        let inside = matches!(
            place.scope,
            crate::world::Scope::Workspace | crate::world::Scope::Temp | crate::world::Scope::Sink
        );
        if !inside {
            shell.write(file, WriteHow::Replace, None);
        }
    }
    loaded(call, shell);
    // `gcc -wrapper` and `-B` name programs that the compiler runs.
    if let Some(at) = call.args.iter().position(|arg| arg.text() == Some("-wrapper"))
        && let Some(command) = call.args.get(at + 1)
    {
        let line = command.value.map_text(|text| text.replace(',', " "));
        shell.run_line(&line, command.span, &Value::default());
    }
    shell.add(EffectKind::RunProject { task: title(call, 0) }, call.span);
    printed(call)
}

/// Plugins, tools and specifications that a compiler loads or runs.
fn loaded(call: &Call<'_>, shell: &mut Shell<'_>) {
    const NAMED: [&str; 6] = ["-fplugin=", "-fpass-plugin=", "-specs=", "--specs=", "-B", "-fuse-ld="];
    for (at, arg) in call.args.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| call.args.get(at)).and_then(Arg::text);
        let earlier = at.checked_sub(2).and_then(|at| call.args.get(at)).and_then(Arg::text);
        // `-Xclang -load -Xclang FILE`
        let file = if before == Some("-load") || before == Some("-Xclang") && earlier == Some("-load") {
            Some(("-load", arg.clone()))
        } else {
            let text = arg.value.prefix();
            NAMED.iter().find(|name| text.starts_with(*name)).map(|name| (*name, tail(arg, name.len())))
        };
        if let Some((name, file)) = file {
            common::planted(shell, name.trim_end_matches('='), &file);
        }
    }
}

/// A debugger runs a program, and commands of its own that may be shell commands.
fn debugger(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help(call.args) {
        return observe(call, shell);
    }
    let mut args = call.args.iter().enumerate();
    while let Some((at, arg)) = args.next() {
        match arg.text() {
            Some("-ex" | "--ex" | "-iex" | "--eval-command" | "-o" | "--one-line" | "-O") => {
                let Some((_, command)) = args.next() else { break };
                let text = command.value.prefix().trim_start();
                let shell_line = text
                    .strip_prefix("shell ")
                    .or_else(|| text.strip_prefix('!'))
                    .or_else(|| text.strip_prefix("platform shell "));
                if let Some(line) = shell_line {
                    shell.run_line(&Value::known(line), command.span, &Value::default());
                } else if text.starts_with("python") || text.starts_with("script") {
                    let code = text.split_once(' ').map(|(_, code)| code).unwrap_or_default();
                    shell.run_code("python", &Value::known(code), command.span);
                }
            }
            Some("-p" | "--pid" | "--attach-pid" | "--attach" | "-n" | "--attach-name")
                if call.name != "valgrind" =>
            {
                let what = "what another process holds in memory".to_owned();
                shell.add(EffectKind::Secret { what }, call.span);
            }
            Some("-x" | "-s" | "--command" | "--source" | "-S" | "--source-before-file")
                if call.name != "valgrind" =>
            {
                let Some((_, script)) = args.next() else { break };
                shell.run_file(Some("python"), script, &[], script.span, &Value::default());
            }
            Some("--args" | "--") => {
                let command = call.args.get(at + 1..).unwrap_or_default();
                return shell.run_words(command, call.span, call.stdin);
            }
            Some(text) if text.starts_with('-') => {}
            _ if call.name == "valgrind" => {
                let command = call.args.get(at..).unwrap_or_default();
                return shell.run_words(command, call.span, call.stdin);
            }
            _ => {}
        }
    }
    project(call, shell)
}
