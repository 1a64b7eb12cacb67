//! Programs that run another program: sudo, env, timeout, xargs, watch, script and their like.

use super::{Call, Program};
use crate::effects::argv::{Arg, Spec, parse, tail};
use crate::effects::shell::Shell;
use crate::effects::value::{Piece, Value};
use crate::effects::{EffectKind, Source, Worst, WriteHow};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["sudo", "doas", "pkexec", "gosu", "run0", "dzdo", "sudo-rs"], model: privileged },
    Program { names: &["su", "runuser"], model: as_user },
    Program { names: &["env"], model: env },
    Program { names: &["printenv"], model: print_environment },
    Program { names: &["timeout", "gtimeout"], model: timeout },
    Program {
        names: &["nice", "ionice", "chrt", "taskset", "numactl", "prlimit", "cpulimit", "stdbuf", "unbuffer"],
        model: tuned,
    },
    Program {
        names: &[
            "nohup",
            "setsid",
            "time",
            "gtime",
            "caffeinate",
            "catchsegv",
            "rlwrap",
            "faketime",
            "chronic",
            "ts",
            "pv-exec",
            "systemd-inhibit",
            "dbus-run-session",
            "xvfb-run",
            "noglob",
            "nocorrect",
            "strace",
            "ltrace",
            "perf",
            "hyperfine",
            "entr",
            "dotenv",
            "direnv",
            "mise",
            "rtx",
            "asdf",
            "devbox",
            "nix-shell",
            "nix",
            "bwrap",
            "firejail",
            "unshare",
            "nsenter",
            "chroot",
            "proot",
            "fakeroot",
            "systemd-run",
            "tsp",
            "sem",
            "daemonize",
            "start-stop-daemon",
            "aws-vault",
            "op",
            "doppler",
            "infisical",
            "sops",
            "chamber",
            "tini",
            "dumb-init",
            "catatonit",
            "logger-run",
            "screen",
            "script",
            "flock",
            "lockfile",
            "watch",
            "parallel",
            "xargs",
            "gxargs",
        ],
        model: wrapper,
    },
    Program {
        names: &["sh", "bash", "zsh", "dash", "ksh", "ash", "mksh", "fish", "rbash", "busybox", "toybox"],
        model: shell_,
    },
    Program { names: &["tmux"], model: tmux },
];

fn privileged(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let spec = Spec {
        short: "ugpCDRTrthU",
        long: &[
            "user",
            "group",
            "prompt",
            "close-from",
            "chdir",
            "chroot",
            "command-timeout",
            "role",
            "type",
            "host",
            "other-user",
        ],
        operand_ends: true,
        ..Spec::default()
    };
    let parsed = parse(call.args, &spec);
    let words = without_assignments(shell, &parsed.operands);
    if words.is_empty()
        && parsed.has(&["-l", "--list", "-v", "--validate", "-k", "-K", "-V", "--version", "--help"])
    {
        shell.add(EffectKind::Observe, call.span);
        return Value::default();
    }
    shell.add(EffectKind::Privilege { how: call.name.to_owned() }, call.span);
    if parsed.has(&["-e", "--edit"]) {
        for file in &words {
            shell.write(file, WriteHow::Change, None);
        }
        return Value::default();
    }
    if words.is_empty() {
        if parsed.has(&["-s", "-i", "--shell", "--login"]) {
            return shell.run_code("sh", call.stdin, call.span);
        }
        return Value::default();
    }
    shell.run_words(&words, call.span, call.stdin)
}

fn as_user(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "csugGw",
            long: &["command", "session-command", "shell", "user", "group"],
            ..Spec::default()
        },
    );
    shell.add(EffectKind::Privilege { how: call.name.to_owned() }, call.span);
    match parsed.value(&["-c", "--command", "--session-command"]) {
        Some(line) => shell.run_line(&line.value, line.span, call.stdin),
        None if parsed.value(&["-u", "--user"]).is_some() => {
            shell.run_words(&parsed.operands, call.span, call.stdin)
        }
        None => shell.run_code("sh", call.stdin, call.span),
    }
}

fn env(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let spec = Spec {
        short: "uCSP",
        long: &["unset", "chdir", "split-string"],
        operand_ends: true,
        ..Spec::default()
    };
    let parsed = parse(call.args, &spec);
    if let Some(line) = parsed.value(&["-S", "--split-string"]) {
        let mut line = line.value.clone();
        for operand in &parsed.operands {
            line.push_text(" ");
            line.push(&operand.value);
        }
        return shell.run_line(&line, call.span, call.stdin);
    }
    let words = without_assignments(shell, &parsed.operands);
    if words.is_empty() {
        shell.add(EffectKind::Observe, call.span);
        return Value::output("env", [Source::Environment]);
    }
    match parsed.value(&["-C", "--chdir"]).cloned() {
        Some(folder) => shell.in_folder(&folder, |shell| shell.run_words(&words, call.span, call.stdin)),
        None => shell.run_words(&words, call.span, call.stdin),
    }
}

/// `NAME=VALUE` before a command sets variables for it.
fn without_assignments(shell: &mut Shell<'_>, words: &[Arg]) -> Vec<Arg> {
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        let Some((name, _)) = first.value.prefix().split_once('=') else { break };
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            break;
        }
        let value = tail(first, name.len() + 1).value;
        shell.set_for_call(name, &value, first.span);
        rest = after;
    }
    rest.to_vec()
}

fn print_environment(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec::default());
    shell.add(EffectKind::Observe, call.span);
    if parsed.operands.is_empty() {
        return Value::output("printenv", [Source::Environment]);
    }
    let mut out = Value::default();
    for operand in &parsed.operands {
        match operand.text() {
            Some(name) => out.push(&shell.named_variable(name)),
            None => out.push(&Value::output("printenv", [Source::Environment])),
        }
        out.push_text("\n");
    }
    out
}

fn timeout(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "ks", long: &["kill-after", "signal"], operand_ends: true, ..Spec::default() },
    );
    shell.run_words(parsed.rest(1), call.span, call.stdin)
}

fn tuned(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let short = match call.name {
        "nice" => "n",
        "ionice" => "cnp",
        "stdbuf" => "ioe",
        "cpulimit" => "lpe",
        _ => "pCmNn",
    };
    let spec = Spec {
        short,
        long: &["adjustment", "class", "classdata", "input", "output", "error", "limit"],
        operand_ends: true,
        ..Spec::default()
    };
    let parsed = parse(call.args, &spec);
    // `taskset MASK cmd` and `chrt PRIO cmd` take one word before the command.
    let skip = usize::from(matches!(call.name, "taskset" | "chrt"));
    shell.run_words(parsed.rest(skip), call.span, call.stdin)
}

fn wrapper(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    match call.name {
        "xargs" | "gxargs" => xargs(call, shell),
        "parallel" => parallel(call, shell),
        "watch" => watch(call, shell),
        "script" => script(call, shell),
        "flock" | "lockfile" => flock(call, shell),
        "screen" => screen(call, shell),
        "chroot" | "proot" | "nsenter" | "unshare" => other_root(call, shell),
        "nix" | "nix-shell" | "devbox" | "hyperfine" | "direnv" | "mise" | "rtx" | "asdf" | "op"
        | "doppler" | "infisical" | "sops" | "chamber" | "aws-vault" | "dotenv" | "perf" | "entr" => {
            runner(call, shell)
        }
        _ => plain(call, shell),
    }
}

/// The command stands behind the options of the wrapper.
fn plain(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let (short, long): (&str, &[&str]) = match call.name {
        "time" | "gtime" => ("fo", &["format", "output"]),
        "strace" | "ltrace" => ("eopsPuEabIOSX", &["output", "trace", "expr", "attach"]),
        "valgrind" => ("", &[]),
        "caffeinate" => ("tw", &[]),
        "xvfb-run" => ("nsfepw", &["server-num", "server-args", "auth-file"]),
        "systemd-run" => ("upEMHt", &["unit", "property", "setenv", "uid", "gid", "slice"]),
        "bwrap" | "firejail" => ("", &[]),
        "start-stop-daemon" => ("xpnugac", &["exec", "pidfile", "name", "user", "chuid", "startas"]),
        "gdb" | "lldb" => ("xo", &["command", "ex", "eval-command", "args"]),
        "faketime" => ("f", &[]),
        _ => ("", &[]),
    };
    let parsed = parse(call.args, &Spec { short, long, operand_ends: true, ..Spec::default() });
    if let Some(output) = parsed
        .value(&["-o", "--output"])
        .filter(|_| matches!(call.name, "time" | "gtime" | "strace" | "ltrace"))
    {
        shell.write(output, WriteHow::Replace, None);
    }
    if matches!(call.name, "gdb" | "lldb") {
        for line in parsed.values(&["-ex", "--ex", "--eval-command", "--command", "-o", "-x"]) {
            if line.text().is_none_or(|text| {
                text.contains("shell ") || text.starts_with('!') || text.contains("system(")
            }) {
                shell.opaque("a debugger runs commands of its own", Worst::Runs, line.span);
            }
        }
    }
    let skip = usize::from(call.name == "faketime");
    shell.run_words(parsed.rest(skip), call.span, call.stdin)
}

fn xargs(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let spec = Spec {
        short: "adEIiLlnPsJR",
        long: &[
            "arg-file",
            "delimiter",
            "eof",
            "replace",
            "max-lines",
            "max-args",
            "max-procs",
            "max-chars",
            "process-slot-var",
        ],
        operand_ends: true,
        ..Spec::default()
    };
    // `-i`, `-l` and `-e` take a value only when it is attached.
    let spec = Spec {
        short: if call.args.iter().any(|arg| matches!(arg.text(), Some("-i" | "-l"))) {
            "adEILnPsJR"
        } else {
            spec.short
        },
        ..spec
    };
    let parsed = parse(call.args, &spec);
    let fed = match parsed.value(&["-a", "--arg-file"]).cloned() {
        Some(file) => shell.read_file(&file),
        None => call.stdin.clone(),
    };
    let words = if parsed.operands.is_empty() {
        vec![Arg::known("echo", call.span)]
    } else {
        parsed.operands.clone()
    };
    let mark = parsed.find(&["-I", "-J", "--replace", "-i"]).map(|option| {
        option.value.as_ref().and_then(Arg::text).filter(|mark| !mark.is_empty()).unwrap_or("{}").to_owned()
    });
    let items: Vec<Value> = match fed.text() {
        Some(text) => {
            let zero = parsed.has(&["-0", "--null"]);
            let by_line = mark.is_some() || parsed.has(&["-d", "--delimiter", "-L"]);
            let parts: Vec<&str> = if zero {
                text.split('\0').collect()
            } else if by_line {
                text.lines().collect()
            } else {
                text.split_whitespace().collect()
            };
            parts
                .into_iter()
                .filter(|part| !part.is_empty())
                .take(256)
                .map(|part| {
                    let mut value = Value::known(part.trim_matches(['"', '\'']));
                    value.add_sources(fed.sources().iter().cloned());
                    value
                })
                .collect()
        }
        None => items_of(&fed),
    };
    let span = call.span;
    match mark {
        Some(mark) => {
            let mut out = Value::default();
            for item in items {
                let words: Vec<Arg> = words.iter().map(|word| filled(word, &mark, &item)).collect();
                out.push(&shell.run_words(&words, span, &Value::default()));
            }
            out
        }
        None => {
            let more: Vec<Arg> = items.into_iter().map(|value| Arg { value, span, pattern: false }).collect();
            shell.run_words_with(&words, &more, span, &Value::default())
        }
    }
}

/// The words of a value of which parts are not known.
fn items_of(fed: &Value) -> Vec<Value> {
    let mut items = vec![Value::default()];
    for piece in fed.pieces() {
        match piece {
            Piece::Text(text) => {
                for (index, part) in text.split([' ', '\t', '\n', '\0']).enumerate() {
                    if index > 0 {
                        items.push(Value::default());
                    }
                    if let Some(item) = items.last_mut() {
                        item.push_text(part);
                    }
                }
            }
            Piece::Hole(hole) => {
                if let Some(item) = items.last_mut() {
                    item.push(&Value::unknown(hole.clone()));
                }
            }
        }
    }
    items.retain(|item| !item.is_empty());
    for item in &mut items {
        item.add_sources(fed.sources().iter().cloned());
    }
    items
}

/// The word with the mark replaced by the item.
pub(super) fn filled(word: &Arg, mark: &str, item: &Value) -> Arg {
    let Some(text) = word.text().filter(|text| text.contains(mark)) else { return word.clone() };
    let mut value = Value::default();
    for (index, part) in text.split(mark).enumerate() {
        if index > 0 {
            value.push(item);
        }
        value.push_text(part);
    }
    value.add_sources(word.value.sources().iter().cloned());
    Arg { value, span: word.span, pattern: false }
}

fn parallel(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let spec = Spec {
        short: "jaSNnILPd",
        long: &["jobs", "arg-file", "sshlogin", "delay", "timeout", "colsep", "results", "joblog"],
        operand_ends: true,
        ..Spec::default()
    };
    let parsed = parse(call.args, &spec);
    let end = parsed.operands.iter().position(|arg| arg.text().is_some_and(|text| text.starts_with(":::")));
    let (words, items) = parsed.operands.split_at(end.unwrap_or(parsed.operands.len()));
    let mut line = Value::default();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            line.push_text(" ");
        }
        line.push(&word.value);
    }
    let mut values: Vec<Value> = items
        .iter()
        .filter(|arg| !arg.value.prefix().starts_with(":::"))
        .map(|arg| arg.value.clone())
        .collect();
    if end.is_none() {
        values = match call.stdin.text() {
            Some(text) => text.lines().take(64).map(Value::known).collect(),
            None => vec![Value::output("parallel", call.stdin.sources().to_vec())],
        };
    }
    let mut out = Value::default();
    for value in values {
        let whole = match line.text() {
            Some("") | None if words.is_empty() => value,
            Some(text) if text.contains("{}") => {
                let mut whole = Value::default();
                for (index, part) in text.split("{}").enumerate() {
                    if index > 0 {
                        whole.push(&value);
                    }
                    whole.push_text(part);
                }
                whole
            }
            _ => {
                let mut whole = line.clone();
                whole.push_text(" ");
                whole.push(&value);
                whole
            }
        };
        out.push(&shell.run_line(&whole, call.span, &Value::default()));
    }
    out
}

/// `watch` hands its words to a shell.
fn watch(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "nq", long: &["interval", "equexit"], operand_ends: true, ..Spec::default() },
    );
    if parsed.has(&["-x", "--exec"]) {
        return shell.run_words(&parsed.operands, call.span, call.stdin);
    }
    let mut line = Value::default();
    for (index, word) in parsed.operands.iter().enumerate() {
        if index > 0 {
            line.push_text(" ");
        }
        line.push(&word.value);
    }
    shell.run_line(&line, call.span, call.stdin)
}

fn script(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "cITOBmEo", long: &["command", "log-io", "log-timing", "log-out"], ..Spec::default() },
    );
    if let Some(file) = parsed.operands.first() {
        shell.write(file, WriteHow::Replace, None);
    }
    match parsed.value(&["-c", "--command"]) {
        Some(line) => shell.run_line(&line.value, line.span, call.stdin),
        // On macOS the command stands behind the file.
        None if parsed.operands.len() > 1 => shell.run_words(parsed.rest(1), call.span, call.stdin),
        None => shell.run_code("sh", call.stdin, call.span),
    }
}

fn flock(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "wE",
            long: &["timeout", "wait", "conflict-exit-code"],
            operand_ends: true,
            ..Spec::default()
        },
    );
    if parsed.operand(1) == Some("-c") || parsed.operand(1) == Some("--command") {
        return match parsed.operands.get(2) {
            Some(line) => shell.run_line(&line.value, line.span, call.stdin),
            None => Value::default(),
        };
    }
    shell.run_words(parsed.rest(1), call.span, call.stdin)
}

fn screen(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "SXpRcehtTs", operand_ends: true, ..Spec::default() });
    if let Some(typed) = parsed.value(&["-X"]) {
        // `screen -X stuff 'rm -rf x\n'` types into a running shell.
        let mut line = Value::default();
        for operand in &parsed.operands {
            line.push(&operand.value);
            line.push_text(" ");
        }
        if typed.text() == Some("stuff") {
            return shell.run_line(&line, call.span, &Value::default());
        }
        return Value::default();
    }
    shell.run_words(&parsed.operands, call.span, call.stdin)
}

/// `tmux send-keys` types into a running shell, the others start commands.
fn tmux(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "LSft", operand_ends: true, ..Spec::default() });
    let Some((sub, rest)) = parsed.operands.split_first() else { return Value::default() };
    let inner = parse(rest, &Spec { short: "tscnxyFe", ..Spec::default() });
    match sub.text() {
        Some("send-keys" | "send") => {
            let mut line = Value::default();
            for operand in &inner.operands {
                if matches!(operand.text(), Some("Enter" | "C-m" | "KPEnter")) {
                    line.push_text("\n");
                } else {
                    line.push(&operand.value);
                    line.push_text(" ");
                }
            }
            shell.run_line(&line, call.span, &Value::default())
        }
        Some(
            "new-session" | "new" | "new-window" | "neww" | "split-window" | "splitw" | "respawn-pane"
            | "run-shell" | "run" | "popup" | "display-popup" | "if-shell" | "pipe-pane",
        ) => {
            let mut line = Value::default();
            for operand in &inner.operands {
                line.push(&operand.value);
                line.push_text(" ");
            }
            if line.is_empty() {
                Value::default()
            } else {
                shell.run_line(&line, call.span, &Value::default())
            }
        }
        Some("kill-server" | "kill-session") => {
            shell.add(
                EffectKind::Kill { target: "tmux".to_owned(), whose: crate::effects::Whose::Others },
                call.span,
            );
            Value::default()
        }
        _ => {
            shell.add(EffectKind::Observe, call.span);
            Value::output("tmux", [])
        }
    }
}

fn other_root(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "trSGwb",
            long: &["target", "root", "userspec", "groups"],
            operand_ends: true,
            ..Spec::default()
        },
    );
    shell.add(EffectKind::Privilege { how: call.name.to_owned() }, call.span);
    let skip = usize::from(matches!(call.name, "chroot"));
    if call.name == "nsenter" {
        shell.add(
            EffectKind::Weaken { what: "the walls of the container it runs in".to_owned(), once: true },
            call.span,
        );
    }
    shell.run_words(parsed.rest(skip), call.span, call.stdin)
}

/// Wrappers with subcommands of their own: the command stands behind `--`, `run` or `exec`.
fn runner(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if let Some(at) = call.args.iter().position(|arg| arg.text() == Some("--")) {
        return shell.run_words(call.args.get(at + 1..).unwrap_or_default(), call.span, call.stdin);
    }
    let command = call.args.iter().position(|arg| matches!(arg.text(), Some("-c" | "--command" | "--run")));
    if let Some(at) = command {
        let rest = call.args.get(at + 1..).unwrap_or_default();
        return match (call.name, rest) {
            ("nix-shell", [line, ..]) | ("perf", [line, ..]) => {
                shell.run_line(&line.value, line.span, call.stdin)
            }
            (_, rest) => shell.run_words(rest, call.span, call.stdin),
        };
    }
    match (call.name, call.args) {
        ("hyperfine", args) => {
            let parsed = parse(
                args,
                &Spec {
                    short: "wmMrpcsiPDLnuN",
                    long: &[
                        "warmup",
                        "runs",
                        "prepare",
                        "cleanup",
                        "setup",
                        "min-runs",
                        "max-runs",
                        "export-json",
                        "export-markdown",
                        "shell",
                    ],
                    ..Spec::default()
                },
            );
            for line in parsed
                .values(&["-p", "--prepare", "-c", "--cleanup", "-s", "--setup"])
                .cloned()
                .collect::<Vec<_>>()
            {
                shell.run_line(&line.value, line.span, &Value::default());
            }
            for line in &parsed.operands {
                shell.run_line(&line.value, line.span, &Value::default());
            }
            Value::output("hyperfine", [])
        }
        ("entr", args) => {
            let parsed = parse(args, &Spec { operand_ends: true, ..Spec::default() });
            shell.run_words(&parsed.operands, call.span, &Value::default())
        }
        (_, [sub, rest @ ..])
            if matches!(sub.text(), Some("exec" | "run" | "x" | "record" | "stat" | "exec-env")) =>
        {
            // `direnv exec DIR cmd`, `aws-vault exec PROFILE cmd`.
            let skip = usize::from(matches!(call.name, "direnv" | "aws-vault" | "chamber"));
            let parsed = parse(rest, &Spec { short: "eoF", operand_ends: true, ..Spec::default() });
            shell.run_words(parsed.rest(skip), call.span, call.stdin)
        }
        (_, [sub, ..])
            if matches!(
                sub.text(),
                Some("read" | "get" | "item" | "secrets" | "decrypt" | "-d" | "--decrypt")
            ) =>
        {
            shell.add(EffectKind::Observe, call.span);
            Value::output(call.name, [Source::Secret(format!("what `{}` keeps", call.name))])
        }
        _ => {
            shell.add(EffectKind::RunUnknown { program: call.name.to_owned(), place: None }, call.span);
            Value::output(call.name, [])
        }
    }
}

fn shell_(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if matches!(call.name, "busybox" | "toybox") {
        return shell.run_words(call.args, call.span, call.stdin);
    }
    let spec = Spec { short: "oOc", long: &["rcfile", "init-file"], operand_ends: true, ..Spec::default() };
    // `-lc`, `-ec` and the like: `c` takes the next word even when it is not last in the bundle.
    let bundled = call.args.iter().position(|arg| {
        arg.text().is_some_and(|text| text.starts_with('-') && !text.starts_with("--") && text.contains('c'))
    });
    let takes_value = |at: usize| {
        at > 0
            && matches!(
                call.args.get(at - 1).and_then(Arg::text),
                Some("-o" | "+o" | "-O" | "+O" | "--rcfile" | "--init-file")
            )
    };
    let stops = (0..call.args.len())
        .find(|at| {
            !takes_value(*at)
                && call.args.get(*at).is_some_and(|arg| !arg.value.prefix().starts_with(['-', '+']))
        })
        .unwrap_or(call.args.len());
    if let Some(at) = bundled.filter(|at| *at <= stops) {
        let rest: Vec<&Arg> = call
            .args
            .iter()
            .skip(at + 1)
            .skip_while(|arg| arg.value.prefix().starts_with('-') && arg.text() != Some("-"))
            .collect();
        let Some((line, args)) = rest.split_first() else { return Value::default() };
        return shell.with_parameters(args, |shell| shell.run_line(&line.value, line.span, call.stdin));
    }
    let parsed = parse(call.args, &spec);
    if let Some(file) = parsed.value(&["--rcfile", "--init-file"]) {
        shell.run_file(Some("sh"), file, &[], call.span, call.stdin);
    }
    if parsed.has(&["--version", "--help"]) {
        shell.add(EffectKind::Observe, call.span);
        return Value::default();
    }
    if parsed.has(&["-n"]) {
        // A syntax check runs nothing.
        return shell.read_files(&parsed.operands);
    }
    match parsed.operands.split_first() {
        Some((file, args)) if !parsed.has(&["-s"]) && file.text() != Some("-") => {
            shell.run_file(Some("sh"), file, args, call.span, call.stdin)
        }
        _ => {
            if call.stdin.is_empty() && call.stdin.sources().is_empty() {
                shell.add(EffectKind::Observe, call.span);
                return Value::default();
            }
            let known = call.stdin.text().is_some();
            let out = shell.run_code("sh", call.stdin, call.span);
            // A shell that is fed from outside: whoever gets its output talks to it.
            if known { out } else { out.with_source(Source::Output(call.name.to_owned())) }
        }
    }
}
