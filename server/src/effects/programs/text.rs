//! Text: programs that read files or what flows in, and print some of it; and what they write or run besides.

use super::{Call, Program};
use crate::effects::argv::{Arg, Parsed, Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, WriteHow};
use crate::world::{Role, SecretKind};

mod awk;
mod awk_program;
mod editors;
mod encode;
mod patch;
mod search;
mod sed;

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
        model: search::grep,
    },
    Program { names: &["ls", "dir", "vdir", "gls", "ll"], model: search::list },
    Program { names: &["sort", "gsort"], model: sort },
    Program { names: &["sed", "gsed"], model: sed::sed },
    Program { names: &["awk", "gawk", "mawk", "nawk"], model: awk::awk },
    Program { names: &["tr"], model: encode::translate },
    Program { names: &["rev"], model: encode::reverse },
    Program { names: &["base64", "gbase64"], model: encode::base64_ },
    Program { names: &["xxd"], model: encode::xxd },
    Program { names: &["jq", "gojq", "jaq", "yq", "dasel", "fx", "xq", "tomlq"], model: search::query },
    Program { names: &["tee", "gtee", "sponge"], model: tee },
    Program { names: &["patch", "gpatch"], model: patch::patch },
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
            "subl",
            "open",
            "xdg-open",
        ],
        model: editors::editor,
    },
    Program {
        names: &[
            "code",
            "code-insiders",
            "code-oss",
            "codium",
            "vscodium",
            "cursor",
            "windsurf",
            "positron",
            "kiro",
            "trae",
        ],
        model: editors::extensible,
    },
    Program { names: &["ed", "red"], model: editors::line_editor },
    Program { names: &["basename", "dirname"], model: path_part },
    Program { names: &["realpath", "readlink", "grealpath"], model: real_path },
    Program { names: &["seq"], model: sequence },
    Program { names: &["yes"], model: yes },
];

/// Of how many files the text is followed. What flows out of more of them is known by where it comes from.
const TEXTS: usize = 32;

/// What flows out of the files that are named, or of what flows in. Texts that nothing in the line could use
/// are not read.
fn inputs(shell: &mut Shell<'_>, files: &[Arg], stdin: &Value) -> Value {
    let followed = shell.flows_on() && files.len() <= TEXTS;
    gathered(shell, files, stdin, followed)
}

/// As [`inputs`], for what is known by where it comes from alone.
fn origins(shell: &mut Shell<'_>, files: &[Arg], stdin: &Value) -> Value {
    gathered(shell, files, stdin, false)
}

fn gathered(shell: &mut Shell<'_>, files: &[Arg], stdin: &Value, followed: bool) -> Value {
    if files.is_empty() {
        return stdin.clone();
    }
    let mut out = Value::default();
    for file in files {
        if file.text() == Some("-") {
            out.push(stdin);
        } else if followed {
            out.push(&shell.read_file(file));
        } else {
            out.push(&shell.read_file_unseen(file));
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
        "hexdump" | "hd" => ("nefs", &["length", "skip", "format"]),
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
    if matches!(call.name, "less" | "more" | "most" | "zless") {
        first_commands(&mut files, shell);
    }
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
    // What stands before the equals sign is a name, and names are no secrets.
    let names = call.name == "cut"
        && parsed.value(&["-d", "--delimiter"]).and_then(Arg::text) == Some("=")
        && parsed.value(&["-f", "--fields"]).and_then(Arg::text) == Some("1");
    if names {
        let settings =
            |file: &Arg, shell: &Shell<'_>| shell.place(file).role == Role::Secret(SecretKind::Environment);
        for file in &files {
            if settings(file, shell) {
                shell.add(EffectKind::Observe, file.span);
            } else {
                shell.read_file(file);
            }
        }
        return Value::output("cut", Vec::new());
    }
    let out = origins(shell, &files, call.stdin);
    // `less` and its kin run an input program of the environment; that variable is watched when it is set.
    if call.name == "wc" { Value::output("wc", Vec::new()) } else { changed(call, &out) }
}

/// `+COMMAND`: what a pager does first. Some of it runs in a shell.
fn first_commands(files: &mut Vec<Arg>, shell: &mut Shell<'_>) {
    let (first, rest): (Vec<Arg>, Vec<Arg>) =
        std::mem::take(files).into_iter().partition(|file| file.value.prefix().starts_with('+'));
    *files = rest;
    for command in first {
        let shown = command.shown();
        let bare = shown.trim_start_matches(['+', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        // `|m` gives a passage of the text to a command.
        let line = bare
            .strip_prefix('!')
            .or_else(|| bare.strip_prefix('#'))
            .or_else(|| bare.strip_prefix('|')?.get(1..));
        if let Some(line) = line {
            shell.run_line(&Value::known(line), command.span, &Value::default());
        }
    }
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
    let out = origins(shell, &parsed.operands, call.stdin);
    let sorted = changed(call, &out);
    match parsed.value(&["-o", "--output"]).cloned() {
        Some(to) => {
            shell.write(&to, WriteHow::Replace, Some(sorted));
            Value::default()
        }
        None => sorted,
    }
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
