//! Text: programs that read files or what flows in, and print some of it; and what they write or run besides.

use base64::Engine as _;

use super::{Call, Program};
use crate::effects::argv::{Arg, Parsed, Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Source, Worst, WriteHow, secret_variable};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["cat", "bat", "batcat", "gcat"], model: cat },
    Program {
        names: &[
            "tac",
            "nl",
            "fold",
            "fmt",
            "expand",
            "unexpand",
            "column",
            "pr",
            "iconv",
            "dos2unix",
            "unix2dos",
            "uniq",
            "shuf",
            "paste",
            "join",
            "comm",
            "cut",
            "look",
            "col",
            "colrm",
            "hexdump",
            "hd",
            "od",
            "strings",
            "wc",
            "less",
            "more",
            "most",
            "zless",
            "diff",
            "colordiff",
            "diff3",
            "cmp",
            "delta",
            "icdiff",
            "vimdiff",
            "base32",
            "uuencode",
            "uudecode",
            "tsort",
            "xmllint",
            "xsltproc",
            "csvtool",
            "csvcut",
            "csvgrep",
            "mlr",
            "pandoc",
            "markdown",
            "glow",
            "rich",
            "pygmentize",
            "highlight",
            "ansifilter",
            "aspell",
            "wdiff",
            "zgrep",
            "zdiff",
            "tidy",
            "html2text",
            "pdftotext",
            "exiftool",
            "identify",
            "ffprobe",
            "mediainfo",
            "rev-list",
        ],
        model: filter,
    },
    Program { names: &["head", "ghead", "tail", "gtail"], model: ends },
    Program {
        names: &[
            "grep", "egrep", "fgrep", "rg", "ripgrep", "ag", "ack", "ggrep", "pcregrep", "ugrep", "git-grep",
        ],
        model: grep,
    },
    Program { names: &["ls", "dir", "vdir", "gls", "ll"], model: list },
    Program { names: &["sort", "gsort"], model: sort },
    Program { names: &["sed", "gsed"], model: sed },
    Program { names: &["awk", "gawk", "mawk", "nawk"], model: awk },
    Program { names: &["tr"], model: translate },
    Program { names: &["rev"], model: reverse },
    Program { names: &["base64", "gbase64"], model: base64_ },
    Program { names: &["xxd"], model: xxd },
    Program { names: &["jq", "gojq", "jaq", "yq", "dasel", "fx", "xq", "tomlq"], model: query },
    Program { names: &["tee", "gtee", "sponge"], model: tee },
    Program { names: &["patch", "gpatch"], model: patch },
    Program {
        names: &[
            "vim",
            "vi",
            "nvim",
            "view",
            "ex",
            "emacs",
            "emacsclient",
            "nano",
            "pico",
            "micro",
            "hx",
            "code",
            "cursor",
            "subl",
            "open",
            "xdg-open",
        ],
        model: editor,
    },
    Program { names: &["ed", "red"], model: line_editor },
    Program { names: &["basename", "dirname"], model: path_part },
    Program { names: &["realpath", "readlink", "grealpath"], model: real_path },
    Program { names: &["seq"], model: sequence },
    Program { names: &["yes"], model: yes },
];

/// What flows out of the files that are named, or of what flows in.
fn inputs(shell: &mut Shell<'_>, files: &[Arg], stdin: &Value) -> Value {
    if files.is_empty() {
        return stdin.clone();
    }
    let mut out = Value::default();
    for file in files {
        if file.text() == Some("-") {
            out.push(stdin);
        } else {
            out.push(&shell.read_file(file));
        }
    }
    out
}

/// Only the sources of a value: the text is changed in a way that is not followed.
fn changed(call: &Call<'_>, value: &Value) -> Value {
    Value::output(call.name, value.sources().to_vec())
}

fn cat(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "lrH",
            long: &["language", "line-range", "style", "paging", "color", "theme"],
            ..Spec::default()
        },
    );
    let spec =
        if call.name == "cat" || call.name == "gcat" { parse(call.args, &Spec::default()) } else { parsed };
    if spec.operands.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let out = inputs(shell, &spec.operands, call.stdin);
    if spec.has(&["-n", "-b", "-A", "-v", "-e", "-t", "-s", "--number"]) { changed(call, &out) } else { out }
}

fn filter(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let (short, long): (&str, &[&str]) = match call.name {
        "cut" => ("bcdf", &["bytes", "characters", "delimiter", "fields", "output-delimiter"]),
        "od" => ("AjNtwS", &["address-radix", "skip-bytes", "read-bytes", "format", "width"]),
        "hexdump" | "hd" => ("neCfs", &["length", "skip", "format"]),
        "fold" | "fmt" => ("wgp", &["width"]),
        "uniq" => ("fsw", &["skip-fields", "skip-chars", "check-chars"]),
        "nl" => ("bdfhilnsvw", &[]),
        "join" => ("12jteao", &[]),
        "paste" => ("d", &["delimiters"]),
        "column" => ("cstonNHRWTdl", &["separator", "table-columns", "output-separator"]),
        "diff" | "colordiff" | "wdiff" => (
            "CUIxXFWDS",
            &["unified", "context", "exclude", "label", "color", "width", "from-file", "to-file"],
        ),
        "iconv" => ("fto", &["from-code", "to-code", "output"]),
        "shuf" => ("nio", &["head-count", "input-range", "output", "random-source"]),
        "less" | "more" => ("bhjkopPtTxyz", &[]),
        "strings" => ("ntTeo", &["bytes", "radix", "encoding", "output-separator"]),
        "pandoc" => (
            "ftosHBAVMFLC",
            &["from", "to", "output", "template", "filter", "lua-filter", "metadata", "variable", "css"],
        ),
        "xmllint" => ("", &["xpath", "schema", "output", "encode", "dtdvalid"]),
        "exiftool" => ("", &[]),
        "tidy" => ("of", &["output-file", "config"]),
        _ => ("", &[]),
    };
    let parsed = parse(call.args, &Spec { short, long, ..Spec::default() });
    let mut files = parsed.operands.clone();
    if call.name == "uniq" && files.len() > 1 {
        let to = files.pop();
        if let Some(to) = to {
            shell.write(&to, WriteHow::Replace, None);
        }
    }
    for to in parsed
        .values(&["-o", "--output", "--output-file"])
        .filter(|_| matches!(call.name, "iconv" | "shuf" | "pandoc" | "xmllint" | "tidy" | "xsltproc"))
        .cloned()
        .collect::<Vec<_>>()
    {
        shell.write(&to, WriteHow::Replace, None);
    }
    if call.name == "pandoc" {
        for program in parsed.values(&["-F", "--filter", "--lua-filter", "-L"]).cloned().collect::<Vec<_>>() {
            shell.run_file(None, &program, &[], call.span, &Value::default());
        }
    }
    if matches!(call.name, "dos2unix" | "unix2dos") {
        for file in &files {
            shell.write(file, WriteHow::Change, None);
        }
        return Value::default();
    }
    if call.name == "exiftool" && call.args.iter().any(|arg| arg.value.prefix().contains('=')) {
        for file in &files {
            shell.write(file, WriteHow::Change, None);
        }
        return Value::default();
    }
    if files.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let out = inputs(shell, &files, call.stdin);
    // `less` and its kin run an input program of the environment; that variable is watched when it is set.
    if call.name == "wc" { Value::output("wc", Vec::new()) } else { changed(call, &out) }
}

fn ends(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "cns", long: &["bytes", "lines", "pid", "sleep-interval"], ..Spec::default() },
    );
    // `head -5 file`: the number is an option of its own.
    let out = inputs(shell, &parsed.operands, call.stdin);
    if parsed.operands.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let wanted = parsed.value(&["-n", "--lines"]).and_then(Arg::text).map(str::to_owned).or_else(|| {
        parsed.options.iter().find_map(|option| {
            option
                .name
                .strip_prefix('-')
                .filter(|name| name.chars().all(|c| c.is_ascii_digit()))
                .map(str::to_owned)
        })
    });
    let Some(text) = out.text() else { return changed(call, &out) };
    if parsed.has(&["-c", "--bytes"]) {
        return changed(call, &out);
    }
    let head = call.name.ends_with("head");
    let lines: Vec<&str> = text.lines().collect();
    let part: Vec<&str> = match wanted.as_deref().map_or(Some((10_usize, ' ')), |wanted| {
        let sign = wanted.chars().next().filter(|c| matches!(c, '+' | '-')).unwrap_or(' ');
        wanted.trim_start_matches(['+', '-']).parse().ok().map(|number| (number, sign))
    }) {
        Some((number, '-')) if head => {
            lines.iter().take(lines.len().saturating_sub(number)).copied().collect()
        }
        Some((number, _)) if head => lines.iter().take(number).copied().collect(),
        Some((number, '+')) => lines.iter().skip(number.saturating_sub(1)).copied().collect(),
        Some((number, _)) => lines.iter().skip(lines.len().saturating_sub(number)).copied().collect(),
        None => return changed(call, &out),
    };
    let mut value = Value::known(part.join("\n"));
    value.push_text("\n");
    value.add_sources(out.sources().iter().cloned());
    value
}

fn grep(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let ripgrep = matches!(call.name, "rg" | "ripgrep");
    let spec = Spec {
        short: if ripgrep { "efgtTmABCjMrE" } else { "efmABCdD" },
        long: &[
            "regexp",
            "file",
            "max-count",
            "after-context",
            "before-context",
            "context",
            "include",
            "exclude",
            "exclude-dir",
            "color",
            "colour",
            "glob",
            "type",
            "type-not",
            "pre",
            "pre-glob",
            "hostname-bin",
            "replace",
            "max-depth",
            "threads",
            "sort",
            "encoding",
            "label",
        ],
        ..Spec::default()
    };
    let parsed = parse(call.args, &spec);
    for program in parsed.values(&["--pre", "--hostname-bin", "--pager"]).cloned().collect::<Vec<_>>() {
        shell.run_line(&program.value, program.span, &Value::default());
    }
    for file in parsed.values(&["-f", "--file"]).cloned().collect::<Vec<_>>() {
        shell.read_file(&file);
    }
    let named = parsed.has(&["-e", "--regexp", "-f", "--file", "--files"]);
    let pattern = parsed
        .value(&["-e", "--regexp"])
        .or_else(|| parsed.operands.first())
        .and_then(Arg::text)
        .unwrap_or_default()
        .to_owned();
    let files = parsed.rest(usize::from(!named));
    let whole_tree = files.is_empty()
        && (ripgrep
            || parsed.has(&["-r", "-R", "--recursive"])
            || matches!(call.name, "ag" | "ack" | "ugrep"));
    if files.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let quiet = parsed.has(&[
        "-q",
        "--quiet",
        "--silent",
        "-l",
        "-L",
        "-c",
        "--count",
        "--files-with-matches",
        "--files-without-match",
    ]);
    let recursive = parsed.has(&["-r", "-R", "--recursive"]) || ripgrep;
    let out = if whole_tree {
        Value::default()
    } else if recursive || quiet {
        let mut out = Value::default();
        for file in files {
            let place = shell.place(file);
            if !matches!(place.role, crate::world::Role::Secret(_)) || !quiet {
                out.push(&shell.read_file(file));
            } else {
                shell.add(EffectKind::Observe, file.span);
            }
        }
        out
    } else {
        inputs(shell, files, call.stdin)
    };
    if parsed.has(&["-l", "-L", "--files-with-matches", "--files-without-match"]) {
        let here = [Arg::known(".", call.span)];
        return super::find::narrowed(if files.is_empty() { &here } else { files });
    }
    let inverted = parsed.has(&["-v", "--invert-match"]);
    let mut sources: Vec<Source> = if quiet { Vec::new() } else { out.sources().to_vec() };
    // Picking harmless names out of the environment shows no secret.
    if !inverted
        && !pattern.is_empty()
        && pattern.chars().any(|c| c.is_ascii_alphabetic())
        && !seeks_secret(&pattern)
    {
        sources.retain(|source| *source != Source::Environment);
    }
    Value::output(call.name, sources)
}

/// A pattern that would pick secrets out of the environment.
fn seeks_secret(pattern: &str) -> bool {
    let upper = pattern.to_ascii_uppercase();
    secret_variable(&upper)
        || ["KEY", "TOKEN", "SECRET", "PASS", "AUTH", "CRED", "."]
            .iter()
            .any(|word| upper.contains(word) && (*word != "." || upper.len() < 4))
}

fn list(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "ITw",
            long: &["ignore", "sort", "time", "color", "width", "time-style", "block-size", "hide"],
            ..Spec::default()
        },
    );
    shell.add(EffectKind::Observe, call.span);
    // The names are known when nothing but folders are listed.
    let long = parsed.has(&["-l", "-g", "-o", "-n", "-s", "-i", "-R", "-F", "-p", "--recursive"]);
    if long || parsed.operands.len() > 1 || parsed.operands.iter().any(|operand| operand.text().is_none()) {
        return Value::output("ls", Vec::new());
    }
    let here = Arg::known(".", call.span);
    let folder = shell.place(parsed.operands.first().unwrap_or(&here));
    if !shell.world().is_folder(&folder.path) {
        return Value::output("ls", Vec::new());
    }
    let listing = shell.world().list(&folder.path);
    if listing.capped || listing.names.len() > 256 {
        return Value::output("ls", Vec::new());
    }
    let all = parsed.has(&["-a", "-A", "--all", "--almost-all"]);
    let names: Vec<String> = listing.names.into_iter().filter(|name| all || !name.starts_with('.')).collect();
    Value::known(names.join("\n"))
}

fn sort(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "koStT",
            long: &[
                "key",
                "output",
                "buffer-size",
                "field-separator",
                "temporary-directory",
                "compress-program",
                "parallel",
                "batch-size",
                "files0-from",
                "random-source",
            ],
            ..Spec::default()
        },
    );
    if let Some(program) = parsed.value(&["--compress-program"]).cloned() {
        shell.run_line(&program.value, program.span, &Value::default());
    }
    if parsed.operands.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let out = inputs(shell, &parsed.operands, call.stdin);
    let sorted = changed(call, &out);
    match parsed.value(&["-o", "--output"]).cloned() {
        Some(to) => {
            shell.write(&to, WriteHow::Replace, Some(sorted));
            Value::default()
        }
        None => sorted,
    }
}

fn sed(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
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

fn awk(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "Fvfie",
            long: &["field-separator", "assign", "file", "source", "include"],
            operand_ends: true,
            ..Spec::default()
        },
    );
    let mut programs: Vec<Arg> = parsed.values(&["-e", "--source"]).cloned().collect();
    let files: Vec<Arg> = parsed.values(&["-f", "--file"]).cloned().collect();
    let takes_first = programs.is_empty() && files.is_empty();
    if takes_first {
        programs.extend(parsed.operands.first().cloned());
    }
    for file in &files {
        let value = shell.read_file(file);
        programs.push(Arg { value, span: file.span, pattern: false });
    }
    for program in &programs {
        follow_awk(shell, program);
    }
    let inputs_named: Vec<Arg> = parsed
        .rest(usize::from(takes_first))
        .iter()
        .filter(|arg| !arg.value.prefix().contains('='))
        .cloned()
        .collect();
    if parsed.has(&["-i"]) && parsed.value(&["-i"]).and_then(Arg::text) == Some("inplace") {
        for file in &inputs_named {
            shell.write(file, WriteHow::Change, None);
        }
    }
    if inputs_named.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let out = inputs(shell, &inputs_named, call.stdin);
    changed(call, &out)
}

/// What a program of awk runs and writes: `system()`, pipes, `print > file`, sockets.
fn follow_awk(shell: &mut Shell<'_>, program: &Arg) {
    let shown = program.shown();
    for (before, literal) in awk_literals(&shown) {
        let before = before.trim_end();
        if before.ends_with("system(") || before.ends_with('|') || before.ends_with("|&") {
            if literal.starts_with("/inet") {
                shell.opaque("awk opens a connection of its own", Worst::Runs, program.span);
            } else {
                shell.run_line(&Value::known(literal), program.span, &Value::default());
            }
        } else if (before.ends_with('>') || before.ends_with(">>")) && before.contains("print") {
            let arg = Arg::known(literal, program.span);
            shell.write(&arg, WriteHow::Replace, None);
        } else if literal.contains("/inet/") {
            shell.opaque("awk opens a connection of its own", Worst::Runs, program.span);
        } else if shown.contains(&format!("\"{literal}\" | getline"))
            || shown.contains(&format!("\"{literal}\"|getline"))
        {
            shell.run_line(&Value::known(literal), program.span, &Value::default());
        }
    }
    let computed = |name: &str| {
        shown
            .match_indices(name)
            .any(|(at, _)| !shown.get(at + name.len()..).unwrap_or_default().trim_start().starts_with('"'))
    };
    if computed("system(") || (shown.contains("| getline") && !shown.contains("\" | getline")) {
        shell.opaque("awk runs a command that it puts together itself", Worst::Runs, program.span);
    }
}

/// String literals of a program, each with what stands before it.
fn awk_literals(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut before = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '"' {
            before.push(c);
            continue;
        }
        let mut literal = String::new();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => literal.extend(chars.next()),
                other => literal.push(other),
            }
        }
        out.push((before.clone(), literal));
    }
    out
}

fn translate(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, call.span);
    let parsed = parse(call.args, &Spec::default());
    let (Some(text), Some(from)) = (call.stdin.text(), parsed.operand(0)) else {
        return changed(call, call.stdin);
    };
    let from = tr_set(from);
    if parsed.has(&["-c", "-C", "-s", "--complement", "--squeeze-repeats"]) {
        return changed(call, call.stdin);
    }
    let out: String = if parsed.has(&["-d", "--delete"]) {
        text.chars().filter(|c| !from.contains(c)).collect()
    } else {
        let Some(to) = parsed.operand(1).map(tr_set) else { return changed(call, call.stdin) };
        text.chars()
            .map(|c| match from.iter().position(|known| *known == c) {
                Some(at) => to.get(at).or(to.last()).copied().unwrap_or(c),
                None => c,
            })
            .collect()
    };
    let mut value = Value::known(out);
    value.add_sources(call.stdin.sources().iter().cloned());
    value
}

fn tr_set(text: &str) -> Vec<char> {
    let text = text
        .replace("[:lower:]", "a-z")
        .replace("[:upper:]", "A-Z")
        .replace("[:digit:]", "0-9")
        .replace("[:space:]", " \\t\\n\\r")
        .replace("[:alpha:]", "A-Za-z");
    let chars: Vec<char> = crate::effects::shell::unescaped(&text).chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(end)) if end >= c => {
                out.extend((*c..=*end).take(512));
                at += 3;
            }
            _ => {
                out.push(*c);
                at += 1;
            }
        }
    }
    out
}

fn reverse(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec::default());
    if parsed.operands.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let out = inputs(shell, &parsed.operands, call.stdin);
    out.map_text(|text| text.lines().map(|line| line.chars().rev().collect::<String>() + "\n").collect())
}

fn base64_(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "wbio", long: &["wrap", "break", "input", "output"], ..Spec::default() },
    );
    if parsed.operands.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let out = inputs(shell, &parsed.operands, call.stdin);
    if !parsed.has(&["-d", "-D", "--decode"]) {
        let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text) + "\n";
        return if out.text().is_some() { out.map_text(encode) } else { changed(call, &out) };
    }
    let decoded = out.text().and_then(|text| {
        let plain: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let engine = base64::engine::GeneralPurpose::new(
            &base64::alphabet::STANDARD,
            base64::engine::GeneralPurposeConfig::new()
                .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
                .with_decode_allow_trailing_bits(true),
        );
        engine.decode(plain).ok().and_then(|bytes| String::from_utf8(bytes).ok())
    });
    match decoded {
        Some(text) => {
            let mut value = Value::known(text);
            value.add_sources(out.sources().iter().cloned());
            value
        }
        None => changed(call, &out),
    }
}

fn xxd(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "cglos", ..Spec::default() });
    let files: Vec<Arg> = parsed.operands.iter().take(1).cloned().collect();
    let out = inputs(shell, &files, call.stdin);
    if files.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let back = parsed.has(&["-r", "-revert"]);
    let decoded = out.text().filter(|_| back && parsed.has(&["-p"])).and_then(|text| {
        let digits: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
        let bytes: Option<Vec<u8>> = digits
            .chunks_exact(2)
            .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok())
            .collect();
        String::from_utf8(bytes?).ok()
    });
    let value = match decoded {
        Some(text) => {
            let mut value = Value::known(text);
            value.add_sources(out.sources().iter().cloned());
            value
        }
        None => changed(call, &out),
    };
    match parsed.operands.get(1) {
        Some(to) => {
            shell.write(to, WriteHow::Replace, Some(value));
            Value::default()
        }
        None => value,
    }
}

fn query(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "fLpoI",
            long: &["from-file", "input-format", "output-format", "indent"],
            ..Spec::default()
        },
    );
    let skip =
        usize::from(!parsed.has(&["-f", "--from-file", "-n", "--null-input"]) || !parsed.operands.is_empty());
    // `--arg NAME VALUE` and its kin take two words that are no files.
    let mut files: Vec<Arg> = Vec::new();
    let mut rest = call.args.iter().filter(|arg| !arg.value.prefix().starts_with('-')).skip(skip).peekable();
    let pairs = call.args.windows(3).filter_map(|three| match three {
        [flag, name, value]
            if matches!(
                flag.text(),
                Some("--arg" | "--argjson" | "--slurpfile" | "--rawfile" | "--argfile")
            ) =>
        {
            Some([name.clone(), value.clone()])
        }
        _ => None,
    });
    let given: Vec<Arg> = pairs.flatten().collect();
    for arg in rest.by_ref() {
        if !given.contains(arg) {
            files.push(arg.clone());
        }
    }
    let only_eval = matches!(call.args.first().and_then(Arg::text), Some("eval" | "e" | "eval-all" | "ea"));
    if only_eval && !files.is_empty() {
        files.remove(0);
    }
    if files.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    if parsed.has(&["-i", "--inplace", "--in-place"]) && call.name != "jq" {
        for file in &files {
            shell.write(file, WriteHow::Change, None);
        }
        return Value::default();
    }
    let out = inputs(shell, &files, call.stdin);
    changed(call, &out)
}

fn tee(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { long: &["output-error"], ..Spec::default() });
    let how = if parsed.has(&["-a", "--append"]) { WriteHow::Append } else { WriteHow::Replace };
    if parsed.operands.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    for file in &parsed.operands {
        shell.write(file, how, Some(call.stdin.clone()));
    }
    call.stdin.clone()
}

/// A patch names the files it changes itself.
fn patch(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "dDBzFgiopVY",
            long: &["directory", "input", "output", "strip", "reject-file"],
            ..Spec::default()
        },
    );
    if parsed.has(&["--dry-run", "-C", "--check"]) {
        shell.add(EffectKind::Observe, call.span);
        return Value::default();
    }
    let text = match parsed.value(&["-i", "--input"]).or_else(|| parsed.operands.get(1)).cloned() {
        Some(file) => shell.read_file(&file),
        None => call.stdin.clone(),
    };
    let work = |shell: &mut Shell<'_>| {
        if let Some(file) = parsed.operands.first() {
            shell.write(file, WriteHow::Change, None);
            return;
        }
        let strip =
            parsed.value(&["-p", "--strip"]).and_then(Arg::text).and_then(|text| text.parse::<usize>().ok());
        let names = text.text().map(|text| patched_files(text, strip)).unwrap_or_default();
        if names.is_empty() {
            let here = Arg::known("./.", call.span);
            shell.write(&here, WriteHow::Change, None);
        }
        for name in names {
            let arg = Arg::known(name, call.span);
            shell.write(&arg, WriteHow::Change, None);
        }
    };
    match parsed.value(&["-d", "--directory"]).cloned() {
        Some(folder) => shell.in_folder(&folder, work),
        None => work(shell),
    }
    Value::default()
}

fn patched_files(text: &str, strip: Option<usize>) -> Vec<String> {
    let mut names: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("+++ "))
        .filter_map(|name| name.split('\t').next())
        .filter(|name| *name != "/dev/null")
        .map(|name| {
            let parts: Vec<&str> = name.split('/').collect();
            let skip = strip.unwrap_or_else(|| usize::from(matches!(parts.first(), Some(&"a" | &"b"))));
            parts.get(skip..).unwrap_or_default().join("/")
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

fn editor(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "cSsuTe", long: &["cmd", "eval", "load", "script", "execute"], ..Spec::default() },
    );
    let lines: Vec<Arg> = parsed
        .values(&["-c", "--cmd", "--eval", "--execute", "-S", "-s"])
        .cloned()
        .chain(parsed.operands.iter().filter(|operand| operand.value.prefix().starts_with('+')).cloned())
        .collect();
    for line in &lines {
        let shown = line.shown();
        match shown.split_once('!') {
            Some((before, command)) if !before.contains("wq") && !before.ends_with('q') => {
                shell.run_line(&Value::known(command), line.span, &Value::default());
            }
            _ if shown.contains("system(")
                || shown.contains("shell-command")
                || shown.contains("call-process")
                || shown.contains("os.execute") =>
            {
                shell.opaque("an editor runs a command of its own", Worst::Runs, line.span);
            }
            _ => {}
        }
    }
    let acts = !lines.is_empty();
    for file in parsed.operands.iter().filter(|operand| !operand.value.prefix().starts_with('+')) {
        if matches!(call.name, "open" | "xdg-open") && file.shown().contains("://") {
            let from = crate::effects::Remote::read(&file.shown());
            shell.add(EffectKind::Fetch { from, saves: None }, file.span);
        } else if acts {
            shell.write(file, WriteHow::Change, None);
        } else {
            shell.read_file(file);
        }
    }
    shell.add(EffectKind::Observe, call.span);
    Value::default()
}

fn line_editor(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "p", ..Spec::default() });
    match call.stdin.text() {
        Some(text) => {
            for line in text
                .lines()
                .filter_map(|line| line.trim().strip_prefix('!'))
                .map(str::to_owned)
                .collect::<Vec<_>>()
            {
                shell.run_line(&Value::known(line), call.span, &Value::default());
            }
        }
        None => shell.opaque("which commands the editor is given is not known", Worst::Writes, call.span),
    }
    for file in &parsed.operands {
        shell.write(file, WriteHow::Change, None);
    }
    Value::default()
}

fn path_part(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, call.span);
    let parsed = parse(call.args, &Spec { short: "s", long: &["suffix"], ..Spec::default() });
    let Some(operand) = parsed.operands.first() else { return Value::default() };
    let cut: fn(&str) -> String = if call.name == "dirname" { dirname } else { basename };
    let mut value = match operand.text() {
        Some(text) => Value::known(cut(text)),
        None => changed(call, &operand.value),
    };
    if let (Some(text), Some(suffix)) =
        (value.text(), parsed.value(&["-s", "--suffix"]).and_then(Arg::text).or(parsed.operand(1)))
    {
        value = Value::known(text.strip_suffix(suffix).unwrap_or(text));
    }
    value.add_sources(operand.value.sources().iter().cloned());
    value
}

fn dirname(text: &str) -> String {
    match text.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => folder.to_owned(),
        None => ".".to_owned(),
    }
}

fn basename(text: &str) -> String {
    super::base_name(text.trim_end_matches('/')).to_owned()
}

fn real_path(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, call.span);
    let parsed: Parsed =
        parse(call.args, &Spec { long: &["relative-to", "relative-base"], ..Spec::default() });
    match parsed.operands.as_slice() {
        [only] if only.text().is_some() && !parsed.has(&["--relative-to", "--relative-base"]) => {
            let place = shell.place(only);
            if place.known { Value::known(place.text()) } else { Value::output(call.name, Vec::new()) }
        }
        _ => Value::output(call.name, Vec::new()),
    }
}

fn sequence(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, call.span);
    let numbers: Option<Vec<i64>> =
        call.args.iter().map(|arg| arg.text().and_then(|text| text.parse().ok())).collect();
    let (from, step, to) = match numbers.as_deref() {
        Some([to]) => (1, 1, *to),
        Some([from, to]) => (*from, 1, *to),
        Some([from, step, to]) if *step > 0 => (*from, *step, *to),
        _ => return Value::output("seq", Vec::new()),
    };
    let count = to.saturating_sub(from).checked_div(step).unwrap_or(0);
    if !(0..=512).contains(&count) {
        return Value::output("seq", Vec::new());
    }
    Value::known((0..=count).map(|index| (from + index * step).to_string() + "\n").collect::<String>())
}

fn yes(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, call.span);
    Value::output("yes", Vec::new())
}

#[cfg(test)]
mod tests {
    use super::{SedCommand, patched_files, sed_commands, substituted};

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

    #[test]
    fn a_patch_names_its_files() {
        assert_eq!(patched_files("--- a/x.rs\n+++ b/x.rs\n@@\n", None), ["x.rs"]);
    }
}
