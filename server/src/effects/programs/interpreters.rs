//! Interpreters: python, node, perl, ruby, php and others with code on the line, in a file or flowing in.

use super::{Call, Program, common};
use crate::effects::argv::{Arg, Spec, parse, tail};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, code};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "python",
            "python2",
            "python3",
            "python3.8",
            "python3.9",
            "python3.10",
            "python3.11",
            "python3.12",
            "python3.13",
            "python3.14",
            "pypy",
            "pypy3",
            "ipython",
            "ipython3",
        ],
        model: python,
    },
    Program { names: &["node", "nodejs", "tsx", "ts-node", "esno", "babel-node"], model: node },
    Program { names: &["perl"], model: perl },
    Program { names: &["ruby", "irb", "jruby"], model: ruby },
    Program { names: &["php"], model: php },
    Program {
        names: &[
            "lua",
            "luajit",
            "Rscript",
            "R",
            "julia",
            "octave",
            "tclsh",
            "wish",
            "expect",
            "osascript",
            "elixir",
            "erl",
            "ghci",
            "runghc",
            "scala",
            "kotlin",
            "groovy",
            "clojure",
            "racket",
            "guile",
            "sbcl",
            "gnuplot",
            "swift",
            "java",
            "pwsh",
            "powershell",
        ],
        model: other,
    },
];

struct Kind {
    language: &'static str,
    /// Options that take code.
    code: &'static [&'static str],
    /// Short options that take a value, those with code among them.
    short: &'static str,
    /// Long options that take a value.
    long: &'static [&'static str],
}

fn run(call: &Call<'_>, shell: &mut Shell<'_>, kind: &Kind) -> Value {
    if common::asks_for_help(call.args)
        || matches!(call.args, [only] if matches!(only.text(), Some("-v" | "-V" | "-VV")))
    {
        return common::observe(call, shell);
    }
    let parsed =
        parse(call.args, &Spec { short: kind.short, long: kind.long, operand_ends: true, ..Spec::default() });
    let given: Vec<Arg> = parsed.values(kind.code).cloned().collect();
    if !given.is_empty() {
        let mut out = Value::default();
        for text in &given {
            shell.add(
                EffectKind::RunProject {
                    task: format!(
                        "{} {}",
                        call.name,
                        parsed.options.first().map(|option| option.name.as_str()).unwrap_or_default()
                    ),
                },
                call.span,
            );
            out.push(&code::read(shell, kind.language, &text.value, &parsed.operands, text.span));
        }
        return out;
    }
    match parsed.operands.split_first() {
        Some((file, args)) if file.text() != Some("-") => {
            shell.run_file(Some(kind.language), file, args, call.span, call.stdin)
        }
        _ if !call.stdin.is_empty() => shell.run_code(kind.language, call.stdin, call.span),
        _ if call.args.iter().all(is_prompting) => common::waits(call, shell),
        _ => common::observe(call, shell),
    }
}

/// The options with which an interpreter still waits for what is typed.
fn is_prompting(arg: &Arg) -> bool {
    matches!(arg.text(), Some("-" | "-i" | "-q" | "-u" | "-B" | "-E" | "-s" | "-l" | "--interactive"))
}

fn python(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    // `-m` and `-c` end the options: what follows belongs to the module or the code.
    let module = call.args.iter().position(|arg| {
        arg.value.prefix().starts_with("-m")
            || (is_bundle(arg) && arg.text().is_some_and(|text| text.ends_with('m')))
    });
    let first = call
        .args
        .iter()
        .position(|arg| !arg.value.prefix().starts_with('-') || is_code(arg))
        .unwrap_or(call.args.len());
    if let Some(at) = module.filter(|at| *at < first || *at == 0) {
        let attached = call
            .args
            .get(at)
            .filter(|arg| arg.value.prefix().starts_with("-m") && arg.text() != Some("-m"))
            .map(|arg| tail(arg, 2));
        let skip = if attached.is_some() { at + 1 } else { at + 2 };
        let name = attached.or_else(|| call.args.get(at + 1).cloned());
        let rest = call.args.get(skip..).unwrap_or_default();
        return match name {
            Some(name) => python_module(call, shell, &name, rest),
            None => Value::default(),
        };
    }
    run(
        call,
        shell,
        &Kind { language: "python", code: &["-c"], short: "cWXQ", long: &["check-hash-based-pycs"] },
    )
}

fn is_bundle(arg: &Arg) -> bool {
    arg.text().is_some_and(|text| {
        text.len() > 1
            && text.len() < 6
            && text.starts_with('-')
            && !text.starts_with("--")
            && text.chars().skip(1).all(|c| c.is_ascii_alphabetic())
    })
}

fn is_code(arg: &Arg) -> bool {
    arg.text().is_some_and(|text| text == "-c")
}

fn python_module(call: &Call<'_>, shell: &mut Shell<'_>, name: &Arg, rest: &[Arg]) -> Value {
    let inner = Call { args: rest, ..call.clone() };
    match name.text() {
        Some("pip" | "pip3" | "pipx" | "uv" | "poetry" | "build" | "twine") => {
            let program = name.text().unwrap_or("pip").to_owned();
            shell.call_model(&program, &inner)
        }
        Some(_) if rest.iter().any(|arg| matches!(arg.text(), Some("--help" | "-h"))) => {
            common::observe(call, shell)
        }
        Some("http.server" | "SimpleHTTPServer") => {
            let parsed = parse(
                rest,
                &Spec { short: "bdp", long: &["bind", "directory", "protocol"], ..Spec::default() },
            );
            let address = parsed.value(&["-b", "--bind"]).and_then(Arg::text).unwrap_or("0.0.0.0");
            let folder =
                parsed.value(&["-d", "--directory"]).cloned().unwrap_or_else(|| Arg::known(".", call.span));
            let serves = Some(shell.place(&folder));
            let port = parsed.operand(0).unwrap_or("8000");
            shell.add(EffectKind::Listen { address: format!("{address}:{port}"), serves }, call.span);
            Value::default()
        }
        Some(
            "json.tool" | "this" | "calendar" | "site" | "sysconfig" | "platform" | "tokenize" | "ast"
            | "dis" | "inspect" | "base64" | "zipfile" | "tarfile" | "gzip" | "timeit" | "antigravity"
            | "ensurepip" | "py_compile" | "compileall" | "tabnanny" | "pyclbr" | "trace",
        ) => {
            let reads: Vec<Arg> =
                rest.iter().filter(|arg| !arg.value.prefix().starts_with('-')).cloned().collect();
            if name.text() == Some("timeit") {
                for text in &reads {
                    code::read(shell, "python", &text.value, &[], text.span);
                }
                return Value::default();
            }
            if name.text() == Some("json.tool") {
                return shell.read_files(&reads);
            }
            shell.add(EffectKind::RunProject { task: format!("python -m {}", name.shown()) }, call.span);
            Value::output("python", Vec::new())
        }
        Some(module) if super::model(module).is_some() && !matches!(module, "python" | "test") => {
            shell.call_model(module, &inner)
        }
        Some(module) => {
            // A module of the project or of what is installed for it.
            common::exposes(rest, shell);
            shell.add(EffectKind::RunProject { task: format!("python -m {module}") }, call.span);
            Value::output("python", call.stdin.sources().to_vec())
        }
        None => {
            shell.opaque(
                format!("which module `{}` is can only be known when it runs", name.shown()),
                crate::effects::Worst::Runs,
                name.span,
            );
            Value::default()
        }
    }
}

fn node(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if let Some(first) = call.args.first().and_then(Arg::text)
        && matches!(first, "--test" | "--check" | "-c" | "--run" | "--v8-options" | "inspect")
    {
        return common::project(call, shell);
    }
    let loaded: Vec<Arg> = parse(call.args, &NODE)
        .values(&["-r", "--require", "--import", "--loader", "--experimental-loader"])
        .cloned()
        .collect();
    for file in &loaded {
        if file.text().is_none_or(|text| text.starts_with(['.', '/'])) {
            shell.run_file(Some("node"), file, &[], call.span, &Value::default());
        }
    }
    run(
        call,
        shell,
        &Kind {
            language: "node",
            code: &["-e", "--eval", "-p", "--print", "-pe"],
            short: NODE.short,
            long: NODE.long,
        },
    )
}

const NODE: Spec = Spec {
    short: "eprC",
    long: &[
        "eval",
        "print",
        "require",
        "import",
        "loader",
        "experimental-loader",
        "conditions",
        "input-type",
        "env-file",
        "max-old-space-size",
        "stack-trace-limit",
    ],
    operand_ends: true,
    single_dash: false,
};

fn perl(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let in_place = call.args.iter().any(|arg| {
        arg.text().is_some_and(|text| {
            text.starts_with('-')
                && !text.starts_with("--")
                && text.split(['e', 'E']).next().is_some_and(|flags| flags.contains('i'))
        })
    });
    // `-pe`, `-ne`, `-lane`: the code is the next word.
    let at = call.args.iter().position(|arg| {
        arg.text().is_some_and(|text| {
            text.starts_with('-')
                && text.len() > 1
                && text.len() < 12
                && text.ends_with(['e', 'E'])
                && !text.starts_with("--")
        })
    });
    if let Some(at) = at {
        let text = call.args.get(at + 1).cloned();
        let files = call.args.get(at + 2..).unwrap_or_default();
        let mut out = Value::default();
        if let Some(text) = text {
            shell.add(EffectKind::Observe, call.span);
            out = code::read(shell, "perl", &text.value, files, text.span);
        }
        let loops = call.args.iter().take(at + 1).filter_map(Arg::text).any(|text| text.contains(['p', 'n']));
        if in_place || loops {
            for file in files.iter().filter(|file| !file.value.prefix().starts_with('-')) {
                if in_place {
                    shell.rewrite(file);
                } else {
                    let read = shell.read_file(file);
                    out.add_sources(read.sources().iter().cloned());
                }
            }
        }
        out.add_sources(call.stdin.sources().iter().cloned());
        return out;
    }
    run(call, shell, &Kind { language: "perl", code: &["-e", "-E"], short: "eEIMmx", long: &[] })
}

fn ruby(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    run(call, shell, &Kind { language: "ruby", code: &["-e"], short: "erICEK", long: &["require"] })
}

fn php(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "rBREFcdfgStz", operand_ends: true, ..Spec::default() });
    if let Some(address) = parsed.value(&["-S"]) {
        let serves = Some(shell.place_at("."));
        shell.add(EffectKind::Listen { address: address.shown(), serves }, call.span);
        return Value::default();
    }
    if parsed.has(&["-l", "-i", "-m"]) {
        return common::observe(call, shell);
    }
    if let Some(file) = parsed.value(&["-f"]).cloned() {
        return shell.run_file(Some("php"), &file, &parsed.operands, call.span, call.stdin);
    }
    run(
        call,
        shell,
        &Kind { language: "php", code: &["-r", "-B", "-R", "-E"], short: "rBREFcdgtz", long: &[] },
    )
}

fn other(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if call.name == "java" {
        return common::project(call, shell);
    }
    run(
        call,
        shell,
        &Kind {
            language: "other",
            code: &["-e", "-E", "--eval", "--execute", "-c", "-Command", "-command", "--e"],
            short: "eEclLm",
            long: &["eval", "execute"],
        },
    )
}
