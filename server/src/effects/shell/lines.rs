//! The lines that the shell itself writes and reads: `echo`, `printf`, `read`, `mapfile`.

use super::builtins::{operands, quiet};
use super::state::{State, Variable};
use super::{Arg, EffectKind, Hole, Shell, Source, Span, Value, expand};
use crate::effects::secret_variable;

pub(super) fn echo(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    let mut words = args;
    let mut newline = true;
    let mut escapes = false;
    while let Some((first, rest)) = words.split_first() {
        let Some(flags) = first.text().and_then(|text| text.strip_prefix('-')) else { break };
        if flags.is_empty() || !flags.chars().all(|c| matches!(c, 'n' | 'e' | 'E')) {
            break;
        }
        newline &= !flags.contains('n');
        escapes |= flags.contains('e');
        words = rest;
    }
    let mut out = Value::default();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            out.push_text(" ");
        }
        out.push(&if escapes { word.value.map_text(expand::ansi_c) } else { word.value.clone() });
    }
    if newline {
        out.push_text("\n");
    }
    print(shell, &out, span);
    shell.state.status = Some(true);
    out
}

/// Printing a secret shows it to whoever reads the output.
fn print(shell: &mut Shell<'_>, out: &Value, span: Span) {
    shell.add(EffectKind::Observe, span);
    let secrets: Vec<String> = out
        .sources()
        .iter()
        .filter_map(|source| match source {
            Source::Variable(name) if secret_variable(name) => Some(format!("the variable `{name}`")),
            _ => None,
        })
        .collect();
    for what in secrets {
        shell.printed_secrets.push((what, span));
    }
}

pub(super) fn printf(shell: &mut Shell<'_>, args: &[Arg], _: &Value, span: Span) -> Value {
    let mut words = args;
    let mut name = None;
    if let [flag, variable, rest @ ..] = words
        && flag.text() == Some("-v")
    {
        name = variable.text().map(str::to_owned);
        words = rest;
    }
    if words.first().and_then(Arg::text) == Some("--") {
        words = words.get(1..).unwrap_or_default();
    }
    let Some((format, values)) = words.split_first() else { return quiet(shell, span, Some(false)) };
    let out = formatted(&format.value, values);
    match name {
        Some(name) => {
            shell.state.set(&name, out);
            quiet(shell, span, Some(true))
        }
        None => {
            print(shell, &out, span);
            shell.state.status = Some(true);
            out
        }
    }
}

fn formatted(format: &Value, values: &[Arg]) -> Value {
    let Some(text) = format.text() else {
        let sources = values.iter().flat_map(|value| value.value.sources().iter().cloned());
        return Value::output("printf", format.sources().iter().cloned().chain(sources).collect::<Vec<_>>());
    };
    let mut out = Value::default();
    out.add_sources(format.sources().iter().cloned());
    let mut left = values.iter();
    let mut rounds = 0;
    loop {
        let mut used = false;
        let mut chars = text.chars().peekable();
        let mut plain = String::new();
        while let Some(c) = chars.next() {
            if c != '%' {
                plain.push(c);
                continue;
            }
            let mut directive = String::new();
            let mut letter = None;
            for next in chars.by_ref() {
                if next.is_ascii_alphabetic() || next == '%' {
                    letter = Some(next);
                    break;
                }
                directive.push(next);
            }
            if letter == Some('%') {
                plain.push('%');
                continue;
            }
            out.push_text(&expand::ansi_c(&plain));
            plain.clear();
            let value = left.next().map(|arg| arg.value.clone());
            used |= value.is_some();
            let value = value.unwrap_or_default();
            match letter {
                Some('s') if directive.is_empty() => out.push(&value),
                Some('b') => out.push(&value.map_text(expand::ansi_c)),
                Some('d' | 'i' | 'u') if directive.is_empty() => out.push(&value),
                Some('c') => out
                    .push(&value.map_text(|text| text.chars().next().map(String::from).unwrap_or_default())),
                Some('q') => out.push(&super::simple::quoted(&value)),
                Some('x') if directive.is_empty() => out.push(&value.map_text(|text| {
                    text.parse::<i64>().map_or_else(|_| text.to_owned(), |number| format!("{number:x}"))
                })),
                Some('o') if directive.is_empty() => out.push(&value.map_text(|text| {
                    text.parse::<i64>().map_or_else(|_| text.to_owned(), |number| format!("{number:o}"))
                })),
                _ => out.push(&Value::output("printf", value.sources().to_vec())),
            }
        }
        out.push_text(&expand::ansi_c(&plain));
        rounds += 1;
        if !used || left.len() == 0 || rounds > 64 {
            return out;
        }
    }
}

pub(super) fn read(shell: &mut Shell<'_>, args: &[Arg], stdin: &Value, span: Span) -> Value {
    let mut names: Vec<String> = Vec::new();
    let mut array = None;
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.text() {
            Some("-a") => array = rest.next().and_then(Arg::text).map(str::to_owned),
            Some("-d" | "-i" | "-n" | "-N" | "-p" | "-t") => {
                rest.next();
            }
            Some(text) if takes_descriptor(text) => {
                rest.next();
            }
            Some(text) if text.starts_with('-') => {}
            Some(text) => names.push(text.to_owned()),
            None => {}
        }
    }
    if names.is_empty() && array.is_none() {
        names.push("REPLY".to_owned());
    }
    let stdin = &descriptor(shell, args).unwrap_or_else(|| stdin.clone());
    match stdin.text().map(|text| text.lines().next().unwrap_or_default().to_owned()) {
        Some(line) if array.is_none() => assign_fields(&mut shell.state, &names, &line, stdin.sources()),
        _ => {
            let mut any = Value::unknown(Hole::Any("a line that is read".to_owned()));
            any.add_sources(stdin.sources().iter().cloned());
            for name in names.iter().chain(&array) {
                shell.state.set(name, any.clone());
            }
        }
    }
    quiet(shell, span, None)
}

/// A cluster of flags whose last is `-u`: the next word is the number of a descriptor.
fn takes_descriptor(text: &str) -> bool {
    text.starts_with('-') && !text.starts_with("--") && text.ends_with('u')
}

/// What flows in on the descriptor that `-u` names.
fn descriptor(shell: &Shell<'_>, args: &[Arg]) -> Option<Value> {
    let number = args.iter().enumerate().find_map(|(at, arg)| {
        let (_, number) = arg.text()?.strip_prefix('-')?.split_once('u')?;
        match number {
            "" => Some(args.get(at + 1)?.shown()),
            number => Some(number.to_owned()).filter(|number| number.chars().all(|c| c.is_ascii_digit())),
        }
    })?;
    match number.parse() {
        Ok(0) => None,
        Ok(number) => Some(shell.input(number)),
        Err(_) => Some(Value::unknown(Hole::Any(format!("what comes in on {number}")))),
    }
}

/// Gives the words of a line to variables, as `read` does.
pub(super) fn assign_fields(state: &mut State, names: &[String], line: &str, sources: &[Source]) {
    let marks = state.value("IFS").and_then(|value| value.text().map(str::to_owned));
    let marks = marks.unwrap_or_else(|| " \t\n".to_owned());
    let blank = |c: char| c.is_whitespace() && marks.contains(c);
    let mut rest = line.trim_matches(blank);
    for (index, name) in names.iter().enumerate() {
        let last = index + 1 == names.len();
        let (field, after) =
            if last { (rest, "") } else { rest.split_once(|c| marks.contains(c)).unwrap_or((rest, "")) };
        let mut value = Value::known(field);
        value.add_sources(sources.iter().cloned());
        state.set(name, value);
        rest = after.trim_start_matches(blank);
    }
}

pub(super) fn mapfile(shell: &mut Shell<'_>, args: &[Arg], stdin: &Value, span: Span) -> Value {
    let name = operands(args).last().and_then(|arg| arg.text()).unwrap_or("MAPFILE").to_owned();
    let stdin = &descriptor(shell, args).unwrap_or_else(|| stdin.clone());
    let variable = match stdin.text() {
        Some(text) => Variable::Array(
            text.lines()
                .take(1_024)
                .map(|line| {
                    let mut value = Value::known(line);
                    value.add_sources(stdin.sources().iter().cloned());
                    value
                })
                .collect(),
        ),
        None => {
            let mut any = Value::unknown(Hole::Any("the lines that are read".to_owned()));
            any.add_sources(stdin.sources().iter().cloned());
            Variable::Scalar(any)
        }
    };
    shell.state.variables.insert(name, variable);
    quiet(shell, span, Some(true))
}
