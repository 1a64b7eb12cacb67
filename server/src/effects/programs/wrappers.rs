//! Programs that run another program: sudo, env, timeout, xargs, watch, script and their like.

use super::{Call, Program};
use crate::effects::argv::{Arg, Spec, parse, tail};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Source, Worst, WriteHow};

pub(super) mod feeds;
mod parallel;
mod terminals;
mod runners;
mod shells;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["sudo", "doas", "pkexec", "gosu", "run0", "dzdo", "sudo-rs"], model: privileged },
    Program { names: &["su", "runuser"], model: as_user },
    Program { names: &["env"], model: env },
    Program { names: &["printenv"], model: print_environment },
    Program { names: &["timeout", "gtimeout"], model: timeout },
    Program {
        names: &[
            "setarch", "linux32", "linux64", "i386", "x86_64", "nice", "ionice", "chrt", "taskset",
            "numactl", "prlimit", "cpulimit", "stdbuf", "unbuffer",
        ],
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
        model: shells::shell_,
    },
    Program { names: &["tmux"], model: terminals::tmux },
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
    let known = parsed.operands.iter().position(|word| word.value.prefix().is_empty());
    if let Some(settings) =
        known.and_then(|at| parsed.operands.get(at..=at)).filter(|_| parsed.operands.len() > 1)
    {
        shell.takes_settings(settings);
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
    let skip = usize::from(matches!(call.name, "taskset" | "chrt" | "setarch"));
    let words = match (call.name, parsed.operands.split_first()) {
        // The options of `setarch` stand behind the machine it names.
        ("setarch", Some((_, rest))) => parse(rest, &Spec { operand_ends: true, ..Spec::default() }).operands,
        _ => parsed.rest(skip).to_vec(),
    };
    shell.run_words(&words, call.span, call.stdin)
}

fn wrapper(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    match call.name {
        "xargs" | "gxargs" => feeds::xargs(call, shell),
        "parallel" => parallel::parallel(call, shell),
        "watch" => terminals::watch(call, shell),
        "script" => terminals::script(call, shell),
        "flock" | "lockfile" => flock(call, shell),
        "screen" => terminals::screen(call, shell),
        "chroot" | "proot" | "nsenter" | "unshare" => other_root(call, shell),
        "nix" | "nix-shell" | "devbox" | "hyperfine" | "direnv" | "mise" | "rtx" | "asdf" | "op"
        | "doppler" | "infisical" | "sops" | "chamber" | "aws-vault" | "dotenv" | "perf" | "entr" => {
            runners::runner(call, shell)
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
        "systemd-run" => (
            "upEMHt",
            &[
                "unit",
                "property",
                "setenv",
                "uid",
                "gid",
                "slice",
                "on-calendar",
                "on-active",
                "on-boot",
                "on-startup",
                "on-unit-active",
                "on-unit-inactive",
                "timer-property",
                "path-property",
                "socket-property",
                "description",
                "service-type",
                "nice",
                "working-directory",
                "machine",
                "host",
            ],
        ),
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
    if matches!(call.name, "strace" | "ltrace" | "perf") && parsed.has(&["-p", "--attach"]) {
        let what = "what another process holds in memory".to_owned();
        shell.add(EffectKind::Secret { what }, call.span);
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
    if call.name == "systemd-run"
        && let Some(when) = parsed.options.iter().find(|option| {
            option.name.starts_with("--on-")
                || option.name.starts_with("--timer-")
                || option.name.starts_with("--path-")
        })
    {
        shell.add(EffectKind::Persist { mechanism: format!("systemd-run {}", when.name) }, when.span);
    }
    let skip = usize::from(call.name == "faketime");
    shell.run_words(parsed.rest(skip), call.span, call.stdin)
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
