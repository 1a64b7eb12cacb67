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
        let new: Option<Vec<String>> = all.iter().map(|script| put_in(script.text()?)).collect();
        for file in files {
            match &new {
                Some(new) => {
                    let before = shell.text_of(&shell.place(file));
                    let after = match (before.text(), all.as_slice()) {
                        (Some(text), [script]) => script.text().and_then(|script| substituted(text, script)),
                        _ => None,
                    };
                    shell.change(file, &new.join("\n"));
                    if let Some(after) = after {
                        shell.hold(file, Value::known(after));
                    }
                }
                None => shell.rewrite(file),
            }
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

/// The text that a script puts into what it changes, for all that is told of it; nothing when it holds
/// more than substitutions, deletions and lines that are added.
fn put_in(script: &str) -> Option<String> {
    let mut out = Vec::new();
    for command in script.split('\n').flat_map(|line| commands_of(line.trim())) {
        let bare = without_address(command.trim())?;
        let mut rest = bare.chars();
        match rest.next() {
            None | Some('#' | '}' | '{') => {}
            Some('d' | 'p' | 'q' | 'N' | 'n' | 'h' | 'H' | 'g' | 'G' | 'x' | 'D' | 'P') => {}
            Some('a' | 'i' | 'c') => out.push(rest.as_str().trim_start_matches(['\\', ' ']).to_owned()),
            Some('s') => {
                let mark = rest.next()?;
                let parts = split_at(rest.as_str(), mark);
                let [_, to, ..] = parts.as_slice() else { return None };
                out.push(to.replace(&format!("\\{mark}"), &mark.to_string()).replace("\\n", "\n"));
            }
            _ => return None,
        }
    }
    Some(out.join("\n"))
}

/// A line of a script at the semicolons that divide it: one that stands in a substitution or in a line that is
/// added does not.
fn commands_of(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = line;
    while let Some(bare) = without_address(rest.trim_start()) {
        let mut body = bare.chars();
        let length = match body.next() {
            Some('a' | 'i' | 'c' | '#') => bare.len(),
            Some('s' | 'y') => {
                let mark = body.next().unwrap_or(' ');
                let (from, to) = match split_at(body.as_str(), mark).as_slice() {
                    [from, to, _, ..] => (from.len(), to.len()),
                    _ => return vec![line],
                };
                let flags = 1 + 3 * mark.len_utf8() + from + to;
                flags + bare.get(flags..).and_then(|flags| flags.find(';')).unwrap_or(bare.len() - flags)
            }
            _ => bare.find(';').unwrap_or(bare.len()),
        };
        let end = rest.len() - bare.len() + length;
        let (Some(command), Some(left)) = (rest.get(..end), rest.get(end..)) else { return vec![line] };
        out.push(command);
        match left.strip_prefix(';') {
            Some(left) => rest = left,
            None => return out,
        }
    }
    vec![line]
}

/// A command without the lines that it is for.
fn without_address(command: &str) -> Option<&str> {
    let mut rest = command.trim_start();
    loop {
        let first = rest.chars().next();
        rest = match first {
            Some('0'..='9' | '$' | ',' | '~' | '+' | '!' | ' ' | '{') => rest.get(1..)?,
            Some('/') => {
                let body = rest.get(1..)?;
                let parts = split_at(body, '/');
                let [address, ..] = parts.as_slice() else { return None };
                body.get(address.len() + 1..)?
            }
            _ => return Some(rest),
        };
    }
}

/// The parts between marks that no backslash stands before.
fn split_at(text: &str, mark: char) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == mark && !escaped {
            out.push(text.get(start..at).unwrap_or_default());
            start = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    out.push(text.get(start..).unwrap_or_default());
    out
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
    use super::{SedCommand, put_in, sed_commands, substituted};

    #[test]
    fn what_a_script_puts_in_is_told() {
        assert_eq!(put_in("s#a/b#https://x.example/c#g").as_deref(), Some("https://x.example/c"));
        assert_eq!(put_in("s/a\\/b/c\\/d/").as_deref(), Some("c/d"));
        assert_eq!(put_in("/image:/a\\    privileged: true").as_deref(), Some("privileged: true"));
        assert_eq!(put_in("3,5d").as_deref(), Some(""));
        assert_eq!(put_in("s/a/b/;s/c/d/").as_deref(), Some("b\nd"));
        assert_eq!(put_in("r other.txt"), None);
    }

    #[test]
    fn a_semicolon_divides_where_nothing_is_put_in() {
        for (line, parts) in [
            ("s/a/b;c/;s/d/e/g;3d", &["s/a/b;c/", "s/d/e/g", "3d"][..]),
            ("/x/s|a|b;c|", &["/x/s|a|b;c|"]),
            ("1,3p;2a one; two", &["1,3p", "2a one; two"]),
            ("y/a;/b;/; p", &["y/a;/b;/", " p"]),
            ("s/a", &["s/a"]),
            ("", &[""]),
            ("é;d", &["é", "d"]),
        ] {
            assert_eq!(super::commands_of(line), parts, "{line}");
        }
    }

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
