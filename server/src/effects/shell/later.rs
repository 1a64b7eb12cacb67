//! What the shell is told to run later: traps, keys, completions, and names that come to mean another program.

use super::builtins::{operands, quiet};
use super::{Arg, Shell, Span, Value, Worst, nested};
use crate::effects::programs;

/// What a trap runs, it runs: when does not matter.
pub(super) fn trap(shell: &mut Shell<'_>, args: &[Arg], stdin: &Value, span: Span) -> Value {
    if let [body, _, ..] = operands(args).as_slice()
        && !matches!(body.text(), Some("-" | ""))
    {
        runs(shell, &body.value, body.span, stdin);
    }
    quiet(shell, span, Some(true))
}

/// `bind -x '"KEYS": COMMAND'`.
pub(super) fn bind(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    if let Some(at) = args.iter().position(|arg| arg.text() == Some("-x"))
        && let Some(binding) = args.get(at + 1)
    {
        match binding.text().map(|text| text.split_once(':').map_or(text, |(_, line)| line)) {
            Some(line) => {
                let line = line.trim().trim_matches('"');
                runs(shell, &Value::known(line), binding.span, &Value::default());
            }
            None => shell.opaque("a key runs a command that is not known", Worst::Runs, binding.span),
        }
    }
    quiet(shell, span, Some(true))
}

/// `complete -C COMMAND NAME`.
pub(super) fn complete(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    if let Some(at) = args.iter().position(|arg| arg.text() == Some("-C"))
        && let Some(command) = args.get(at + 1)
    {
        runs(shell, &command.value, command.span, &Value::default());
    }
    quiet(shell, span, Some(true))
}

/// `hash -p PATH NAME` lets the name mean that program, unless the name is a builtin.
pub(super) fn hash(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    if let [flag, path, name, ..] = args
        && flag.text() == Some("-p")
    {
        match (path.text(), name.text()) {
            (Some(path), Some(name)) => {
                shell.state.aliases.insert(name.to_owned(), path.to_owned());
            }
            _ => shell.opaque("a name comes to mean a program that is not known", Worst::Runs, span),
        }
    }
    quiet(shell, span, Some(true))
}

/// `enable -f` loads a library into the shell; `enable -n` lets a builtin's name mean a program.
pub(super) fn enable(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    if args.iter().any(|arg| arg.value.prefix().starts_with("-f")) {
        shell.opaque("a library is loaded into the shell", Worst::Runs, span);
    }
    quiet(shell, span, None)
}

/// Follows what runs later, without a trace in the state of now.
fn runs(shell: &mut Shell<'_>, line: &Value, span: Span, stdin: &Value) {
    let state = shell.state.clone();
    nested::same_shell(shell, line, span, stdin);
    shell.state = state;
}

/// Functions that the shell calls by itself, or that answer to the name of a program.
pub(super) fn is_called_unseen(name: &str) -> bool {
    matches!(name, "command_not_found_handle" | "command_not_found_handler" | "preexec" | "precmd" | "chpwd")
        || programs::model(name).is_some()
}
