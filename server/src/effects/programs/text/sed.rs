//! sed: what its scripts change, write and run.

use super::{changed, inputs};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Worst, WriteHow};

pub(super) fn sed(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    // `-i` takes a suffix only when it is attached; on macOS the next word may be an empty one.
    let args: Vec<Arg> = call.args.iter().filter(|arg| arg.text() != Some("")).cloned().collect();
    let parsed =
        parse(&args, &Spec { short: "efl", long: &["expression", "file", "line-length"], ..Spec::default() });
    let in_place = parsed.options.iter().any(|option| option.name == "-i" || option.name == "--in-place");
    let scripts: Vec<Arg> = parsed.values(&["-e", "--expression"]).cloned().collect();
    let from_file: Vec<Arg> = parsed.values(&["-f", "--file"]).cloned().collect();
    let takes_first = scripts.is_empty() && from_file.is_empty();
    let mut all = scripts;
    if takes_first {
        all.extend(parsed.operands.first().cloned());
    }
    for file in &from_file {
        let value = shell.read_file(file);
        all.push(Arg { value, span: file.span, pattern: false });
    }
    for script in &all {
        follow_sed(shell, script);
    }
    // What follows `-i` in one bundle is a suffix, not other options: `-ie` keeps a copy named `…e`.
    let files = parsed.rest(usize::from(takes_first));
    if in_place {
        for file in files {
            shell.write(file, WriteHow::Change, None);
        }
        return Value::default();
    }
    if files.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let out = inputs(shell, files, call.stdin);
    match (out.text(), all.as_slice()) {
        (Some(text), [script]) => match script.text().and_then(|script| substituted(text, script)) {
            Some(after) => {
                let mut value = Value::known(after);
                value.add_sources(out.sources().iter().cloned());
                value
            }
            None => changed(call, &out),
        },
        _ => changed(call, &out),
    }
}

/// `s/plain/text/` without anything that has to be understood.
fn substituted(text: &str, script: &str) -> Option<String> {
    let rest = script.strip_prefix('s')?;
    let mark = rest.chars().next()?;
    let parts: Vec<&str> = rest.get(mark.len_utf8()..)?.split(mark).collect();
    let [from, to, flags] = parts.as_slice() else { return None };
    let plain = |part: &str| {
        !part.contains(['\\', '.', '*', '[', ']', '^', '$', '&', '+', '?', '(', ')', '{', '}', '|'])
    };
    if from.is_empty() || !plain(from) || !plain(to) {
        return None;
    }
    let all = match *flags {
        "" => false,
        "g" => true,
        _ => return None,
    };
    Some(
        text.lines()
            .map(|line| if all { line.replace(from, to) } else { line.replacen(from, to, 1) } + "\n")
            .collect(),
    )
}

/// What a script of sed writes and runs.
fn follow_sed(shell: &mut Shell<'_>, script: &Arg) {
    let Some(text) = script.text().map(str::to_owned) else {
        // What is not known stands in for text almost always; a command would need a newline or a semicolon.
        let known: String = script
            .value
            .pieces()
            .iter()
            .map(|piece| match piece {
                crate::effects::value::Piece::Text(text) => text.as_str(),
                crate::effects::value::Piece::Hole(_) => "_",
            })
            .collect();
        follow_sed_text(shell, &known, script);
        return;
    };
    follow_sed_text(shell, &text, script);
}

fn follow_sed_text(shell: &mut Shell<'_>, text: &str, script: &Arg) {
    for command in sed_commands(text) {
        match command {
            SedCommand::Run(line) if line.is_empty() => {
                shell.opaque("sed runs the lines it reads as commands", Worst::Runs, script.span);
            }
            SedCommand::Run(line) => {
                shell.run_line(&Value::known(line), script.span, &Value::default());
            }
            SedCommand::Write(file) => {
                let arg = Arg::known(file, script.span);
                shell.write(&arg, WriteHow::Replace, None);
            }
            SedCommand::Read(file) => {
                let arg = Arg::known(file, script.span);
                shell.read_file(&arg);
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum SedCommand {
    Run(String),
    Write(String),
    Read(String),
}

/// The commands of a script that reach beyond the text: `e`, `w`, `r` and the flags of `s` of those names.
fn sed_commands(text: &str) -> Vec<SedCommand> {
    let mut out = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let get = |at: usize| chars.get(at).copied();
    let line_end =
        |from: usize| chars.iter().skip(from).position(|c| *c == '\n').map_or(chars.len(), |end| from + end);
    let text_of = |from: usize, to: usize| {
        chars.iter().skip(from).take(to.saturating_sub(from)).collect::<String>().trim().to_owned()
    };
    let skip_delimited = |mut at: usize, mark: char| {
        while let Some(c) = get(at) {
            at += if c == '\\' { 2 } else { 1 };
            if c == mark {
                break;
            }
        }
        at
    };
    while let Some(c) = get(at) {
        match c {
            // Addresses: numbers, `$`, `/…/`, `\x…x`, ranges.
            '0'..='9' | '$' | ',' | '~' | '+' | '!' | ' ' | '\t' | '\n' | ';' | '{' | '}' | 'I' | 'M' => {
                at += 1
            }
            '/' => at = skip_delimited(at + 1, '/'),
            '\\' => {
                let mark = get(at + 1).unwrap_or('/');
                at = skip_delimited(at + 2, mark);
            }
            's' | 'y' => {
                let mark = get(at + 1).unwrap_or('/');
                at = skip_delimited(at + 2, mark);
                at = skip_delimited(at, mark);
                while let Some(flag) = get(at) {
                    match flag {
                        'e' if c == 's' => {
                            out.push(SedCommand::Run(String::new()));
                            at += 1;
                        }
                        'w' if c == 's' => {
                            let end = line_end(at + 1);
                            out.push(SedCommand::Write(text_of(at + 1, end)));
                            at = end;
                        }
                        'g' | 'p' | 'i' | 'I' | 'm' | 'M' | '0'..='9' => at += 1,
                        _ => break,
                    }
                }
            }
            'e' => {
                let end = line_end(at + 1);
                out.push(SedCommand::Run(text_of(at + 1, end)));
                at = end;
            }
            'w' | 'W' => {
                let end = line_end(at + 1);
                out.push(SedCommand::Write(text_of(at + 1, end)));
                at = end;
            }
            'r' | 'R' => {
                let end = line_end(at + 1);
                out.push(SedCommand::Read(text_of(at + 1, end)));
                at = end;
            }
            'a' | 'i' | 'c' => {
                // Text up to the first line that does not end in a backslash.
                let mut end = line_end(at);
                while end > at && get(end.saturating_sub(1)) == Some('\\') && end < chars.len() {
                    end = line_end(end + 1);
                }
                at = end;
            }
            '#' | ':' | 'b' | 't' | 'T' => {
                at = chars
                    .iter()
                    .skip(at)
                    .position(|c| matches!(c, '\n' | ';'))
                    .map_or(chars.len(), |end| at + end)
            }
            _ => at += 1,
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{SedCommand, sed_commands, substituted};

    #[test]
    fn sed_scripts_that_only_change_text_reach_nothing() {
        for script in [
            "s/e/w/g",
            "/error/d",
            "1,5p",
            "s|/etc/x|/w y|",
            "$!N;s/\\n/ /",
            "a\\\nwrite this e line",
            "/w e/s/r/e/",
        ] {
            assert_eq!(sed_commands(script), [], "{script}");
        }
    }

    #[test]
    fn sed_scripts_that_run_or_write_are_seen() {
        assert_eq!(sed_commands("1e rm -rf x"), [SedCommand::Run("rm -rf x".into())]);
        assert_eq!(sed_commands("s/a/b/e"), [SedCommand::Run(String::new())]);
        assert_eq!(sed_commands("s/a/b/w out.txt"), [SedCommand::Write("out.txt".into())]);
        assert_eq!(sed_commands("/x/w /etc/passwd"), [SedCommand::Write("/etc/passwd".into())]);
    }

    #[test]
    fn plain_substitutions_are_carried_out() {
        assert_eq!(substituted("rX -rf\n", "s/X/m/").as_deref(), Some("rm -rf\n"));
        assert_eq!(substituted("a", "s/.*/b/"), None);
    }
}
