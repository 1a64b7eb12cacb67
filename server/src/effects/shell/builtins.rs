//! What the shell itself does when it is told to: directories, variables, sources, aliases.

use super::state::{End, Variable};
use super::{Arg, EffectKind, Hole, Shell, Source, Span, Value, Worst, later, lines, nested};
use crate::effects::programs;

/// A builtin, and what it prints.
pub(super) type Builtin = fn(&mut Shell<'_>, &[Arg], &Value, Span) -> Value;

/// The builtin of this name.
pub(super) fn find(name: &str) -> Option<Builtin> {
    Some(match name {
        "cd" | "chdir" => cd,
        "pushd" => pushd,
        "popd" => popd,
        "pwd" => pwd,
        "export" | "readonly" => export,
        "declare" | "typeset" | "local" => declare,
        "unset" => unset,
        "eval" => eval,
        "source" | "." => source,
        "exec" => exec,
        "command" | "builtin" => command,
        "exit" | "logout" => |shell, _, _, _| end(shell, End::Exit),
        "return" => |shell, _, _, _| end(shell, End::Return),
        "break" | "continue" => |shell, _, _, _| end(shell, End::Loop),
        "true" | ":" => |shell, _, _, span| quiet(shell, span, Some(true)),
        "false" => |shell, _, _, span| quiet(shell, span, Some(false)),
        "test" | "[" | "[[" | "let" | "shopt" | "wait" | "jobs" | "fg" | "bg" | "disown" | "umask"
        | "ulimit" | "getopts" | "times" | "compopt" | "caller" | "suspend" | "sleep" => {
            |shell, _, _, span| quiet(shell, span, None)
        }
        "set" => set,
        "shift" => shift,
        "trap" => later::trap,
        "bind" => later::bind,
        "complete" | "compgen" => later::complete,
        "hash" => later::hash,
        "alias" => alias,
        "unalias" => unalias,
        "echo" => lines::echo,
        "printf" => lines::printf,
        "read" => lines::read,
        "mapfile" | "readarray" => lines::mapfile,
        "type" | "which" | "whereis" => which,
        "enable" => later::enable,
        "history" => history,
        _ => return None,
    })
}

pub(super) fn quiet(shell: &mut Shell<'_>, span: Span, status: Option<bool>) -> Value {
    shell.state.status = status;
    shell.add(EffectKind::Observe, span);
    Value::default()
}

fn end(shell: &mut Shell<'_>, how: End) -> Value {
    shell.state.ended = Some(how);
    Value::default()
}

pub(super) fn operands(args: &[Arg]) -> Vec<&Arg> {
    let mut only = false;
    args.iter()
        .filter(|arg| {
            if only {
                return true;
            }
            if arg.text() == Some("--") {
                only = true;
                return false;
            }
            !arg.value.prefix().starts_with('-') || arg.text() == Some("-")
        })
        .collect()
}

fn cd(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    shell.add(EffectKind::Observe, span);
    let target = match operands(args).first() {
        None => shell.named("HOME"),
        Some(arg) if arg.text() == Some("-") => {
            let before = shell.state.before.clone();
            return go(shell, before, false);
        }
        Some(arg) if arg.pattern => Value::unknown(Hole::Any(arg.shown())),
        Some(arg) => arg.value.clone(),
    };
    // `cd "$(git rev-parse --show-toplevel)"` and unset variables that leave nothing.
    let Some(text) = target.text().map(str::to_owned) else {
        return go(shell, None, false);
    };
    if text.is_empty() {
        shell.state.status = Some(true);
        return Value::default();
    }
    let place = shell.place_at(&text);
    let there = shell.world().is_folder(&place.path)
        || shell.files.contains_key(&place.path)
        || shell.files.keys().any(|path| path.starts_with(&place.path));
    go(shell, place.known.then_some(place.path), there)
}

/// Changes the directory. When the folder is not there, the command may fail and leave us where we are.
fn go(shell: &mut Shell<'_>, path: Option<std::path::PathBuf>, there: bool) -> Value {
    let before = std::mem::replace(&mut shell.state.cwd, path);
    if there {
        shell.state.stray = None;
    } else if shell.state.stray.is_none() {
        shell.state.stray.clone_from(&before);
    }
    shell.state.before = before;
    shell.state.status = there.then_some(true);
    Value::default()
}

fn pushd(shell: &mut Shell<'_>, args: &[Arg], stdin: &Value, span: Span) -> Value {
    let here = shell.state.cwd.clone();
    shell.state.stack.push(here);
    cd(shell, args, stdin, span)
}

fn popd(shell: &mut Shell<'_>, _: &[Arg], _: &Value, span: Span) -> Value {
    shell.add(EffectKind::Observe, span);
    let back = shell.state.stack.pop().flatten();
    let there = back.is_some();
    go(shell, back, there)
}

fn pwd(shell: &mut Shell<'_>, _: &[Arg], _: &Value, span: Span) -> Value {
    shell.add(EffectKind::Observe, span);
    shell.state.status = Some(true);
    shell.named("PWD")
}

/// `export` and `readonly` give a variable of the shell, never one of a function.
fn export(shell: &mut Shell<'_>, args: &[Arg], stdin: &Value, span: Span) -> Value {
    let locals = shell.locals.take();
    let out = declare(shell, args, stdin, span);
    shell.locals = locals;
    out
}

fn declare(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    shell.state.status = Some(true);
    if operands(args).is_empty() {
        // `export -p` and `declare -p` print every variable with its value.
        shell.add(EffectKind::Observe, span);
        return Value::output("export", [Source::Environment]);
    }
    shell.takes_settings(args);
    let flags = |letter: char| {
        args.iter().filter_map(Arg::text).any(|text| text.starts_with('-') && text.contains(letter))
    };
    let (names, global) = (flags('n'), flags('g'));
    for arg in operands(args) {
        let prefix = arg.value.prefix();
        let (name, has_value) = match prefix.split_once('=') {
            Some((name, _)) => (name.to_owned(), true),
            None => (prefix.to_owned(), false),
        };
        let at = name.len() + 1;
        let name = name.trim_end_matches('+').to_owned();
        if let Some(locals) = shell.locals.as_mut().filter(|_| !global) {
            locals.push(name.clone());
        }
        if !has_value {
            continue;
        }
        let value = crate::effects::argv::tail(arg, at).value;
        if let Some(other) = value.text().filter(|_| names) {
            let other = Variable::Name(other.to_owned());
            shell.state.variables.insert(name, other);
            continue;
        }
        shell.watch_variable(&name, &value, arg.span);
        shell.state.set(&name, value);
    }
    shell.add(EffectKind::Observe, span);
    Value::default()
}

fn unset(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    for arg in operands(args) {
        if let Some(name) = arg.text() {
            shell.state.variables.insert(name.to_owned(), Variable::Unset);
            shell.state.functions.remove(name);
        }
    }
    quiet(shell, span, Some(true))
}

fn eval(shell: &mut Shell<'_>, args: &[Arg], stdin: &Value, span: Span) -> Value {
    let mut line = Value::default();
    for (index, arg) in args.iter().enumerate() {
        if index > 0 {
            line.push_text(" ");
        }
        line.push(&arg.value);
    }
    let at = match (args.first(), args.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => span,
    };
    nested::same_shell(shell, &line, at, stdin)
}

fn source(shell: &mut Shell<'_>, args: &[Arg], stdin: &Value, span: Span) -> Value {
    match args.split_first() {
        Some((file, rest)) => nested::sourced(shell, file, rest, span, stdin),
        None => quiet(shell, span, Some(false)),
    }
}

fn exec(shell: &mut Shell<'_>, args: &[Arg], stdin: &Value, span: Span) -> Value {
    let words: Vec<Arg> =
        args.iter().skip_while(|arg| arg.value.prefix().starts_with('-')).cloned().collect();
    if words.is_empty() {
        return quiet(shell, span, Some(true));
    }
    let out = shell.run_words(&words, span, stdin);
    shell.state.ended = Some(End::Exit);
    out
}

fn command(shell: &mut Shell<'_>, args: &[Arg], stdin: &Value, span: Span) -> Value {
    let asks = args.first().and_then(Arg::text).is_some_and(|flag| matches!(flag, "-v" | "-V"));
    if asks {
        return which(shell, args.get(1..).unwrap_or_default(), stdin, span);
    }
    let words: Vec<Arg> =
        args.iter().skip_while(|arg| matches!(arg.text(), Some("-p" | "--"))).cloned().collect();
    // Functions and aliases of the line do not answer to `command NAME`.
    let functions = std::mem::take(&mut shell.state.functions);
    let aliases = std::mem::take(&mut shell.state.aliases);
    let out = shell.run_words(&words, span, stdin);
    shell.state.functions = functions;
    shell.state.aliases = aliases;
    out
}

/// `set -- words` gives new positional parameters.
fn set(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    if args
        .windows(2)
        .any(|pair| matches!(pair, [how, what] if how.text() == Some("+o") && what.text() == Some("history")))
    {
        let what = "the record of the commands that were run".to_owned();
        shell.add(EffectKind::Weaken { what, once: true }, span);
    }
    let start = args.iter().position(|arg| arg.text() == Some("--")).map(|at| at + 1);
    let plain = args.iter().position(|arg| !arg.value.prefix().starts_with(['-', '+']));
    if let Some(at) =
        start.or(plain.filter(|at| args.get(at.wrapping_sub(1)).and_then(Arg::text) != Some("-o")))
    {
        shell.state.positional = Some(args.iter().skip(at).map(|arg| arg.value.clone()).collect());
    }
    quiet(shell, span, Some(true))
}

fn shift(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    let by = args.first().and_then(Arg::text).and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
    if let Some(values) = &mut shell.state.positional {
        values.drain(..by.min(values.len()));
    }
    quiet(shell, span, Some(true))
}

fn alias(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    for arg in args {
        match arg.text().and_then(|text| text.split_once('=')) {
            Some((name, value)) => {
                shell.state.aliases.insert(name.to_owned(), value.to_owned());
                // Whoever calls the program from now on gets this instead.
                if programs::model(name).is_some() {
                    let state = shell.state.clone();
                    shell.state.aliases.remove(name);
                    nested::same_shell(shell, &Value::known(value), arg.span, &Value::default());
                    shell.state = state;
                }
            }
            None if arg.text().is_none() => {
                shell.opaque("an alias whose meaning is only known when it runs", Worst::Runs, arg.span);
            }
            None => {}
        }
    }
    quiet(shell, span, Some(true))
}

fn unalias(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    for arg in args {
        match arg.text() {
            Some("-a") => shell.state.aliases.clear(),
            Some(name) => {
                shell.state.aliases.remove(name);
            }
            None => {}
        }
    }
    quiet(shell, span, Some(true))
}

fn which(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    shell.add(EffectKind::Observe, span);
    shell.state.status = None;
    match operands(args).as_slice() {
        // The path is not known, but which program it is: its name will do as the command.
        [only] if only.text().is_some_and(|name| programs::model(name).is_some() || find(name).is_some()) => {
            only.value.clone()
        }
        _ => Value::output("which", []),
    }
}

fn history(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    if args.iter().any(|arg| matches!(arg.text(), Some("-c" | "-w" | "-d"))) {
        shell.add(
            EffectKind::Weaken { what: "the record of the commands that were run".to_owned(), once: false },
            span,
        );
    } else if args.iter().any(|arg| matches!(arg.text(), Some("-s" | "-p" | "-a" | "-n" | "-r"))) {
        // Nothing of it is shown.
        shell.add(EffectKind::Observe, span);
    } else {
        shell.add(EffectKind::Secret { what: "the commands that the user typed".to_owned() }, span);
    }
    Value::output("history", [])
}
