//! parallel: a command is put together from a template and each of its inputs.

use super::feeds::filled;
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::programs::common::observe;
use crate::effects::shell::Shell;
use crate::effects::value::{Hole, Value};
use crate::effects::{EffectKind, Elsewhere, Remote, Worst};

/// How many jobs are followed.
const JOBS: usize = 64;

const LONG: &[&str] = &[
    "jobs",
    "arg-file",
    "sshlogin",
    "sshloginfile",
    "delay",
    "timeout",
    "colsep",
    "results",
    "joblog",
    "nice",
    "delimiter",
    "header",
    "max-args",
    "max-replace-args",
    "max-lines",
    "max-chars",
    "max-procs",
    "retries",
    "halt",
    "load",
    "memfree",
    "tmpdir",
    "tagstring",
    "workdir",
    "env",
    "basefile",
    "return",
    "block",
    "recstart",
    "recend",
    "profile",
    "shuf-seed",
    "termseq",
    "replace",
    "rpl",
];

/// Marks that stand for the input, or for a part of it.
const MARKS: &[(&str, Part)] = &[
    ("{}", Part::Whole),
    ("{.}", Part::Stem),
    ("{/}", Part::Name),
    ("{//}", Part::Folder),
    ("{/.}", Part::NameStem),
];

#[derive(Clone, Copy)]
enum Part {
    Whole,
    Stem,
    Name,
    Folder,
    NameStem,
}

pub(super) fn parallel(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let spec = Spec { short: "jaSNnILPd", long: LONG, operand_ends: true, ..Spec::default() };
    let parsed = parse(call.args, &spec);
    let end = parsed.operands.iter().position(is_separator).unwrap_or(parsed.operands.len());
    let (words, inputs) = parsed.operands.split_at(end);
    if words.is_empty() && inputs.is_empty() && parsed.has(&["--version", "--help", "--citation", "-V", "-h"])
    {
        return observe(call, shell);
    }
    let mut sources = sources_of(inputs, shell);
    for file in parsed.values(&["-a", "--arg-file"]).cloned().collect::<Vec<_>>() {
        let text = shell.read_file(&file);
        sources.push(lines_of(&text));
    }
    if sources.is_empty() {
        sources.push(lines_of(call.stdin));
    }
    for host in parsed.values(&["-S", "--sshlogin"]).filter(|host| host.text() != Some(":")) {
        let place = Elsewhere::Host(Remote::read(&host.shown()));
        shell.add(EffectKind::RunElsewhere { place, command: None }, host.span);
    }
    if words.iter().any(|word| word.shown().contains("{=")) {
        shell.opaque("parallel changes its inputs by code of its own", Worst::Runs, call.span);
    }
    let only_shows = parsed.has(&["--dry-run", "--dryrun"]);
    let quotes = parsed.has(&["-q", "--quote"]);
    let mut out = Value::default();
    for inputs in jobs(&sources) {
        let line = line_of(words, &inputs, quotes);
        if only_shows {
            out.push(&line);
            out.push_text("\n");
            continue;
        }
        out.push(&shell.run_line(&line, call.span, &Value::default()));
        // Other programs of this name hand the words on as they are.
        let differs = !quotes
            && words.len() > 1
            && words.iter().any(|word| word.shown().contains([' ', '$', '"', '\'', ';', '|', '&']));
        if differs {
            let words = filled_words(words, &inputs);
            out.push(&shell.run_words(&words, call.span, &Value::default()));
        }
    }
    if only_shows {
        shell.add(EffectKind::Observe, call.span);
    }
    out
}

fn is_separator(arg: &Arg) -> bool {
    arg.text().is_some_and(|text| matches!(text, ":::" | "::::" | ":::+" | "::::+"))
}

/// The inputs behind `:::`, and those that the files behind `::::` list.
fn sources_of(inputs: &[Arg], shell: &mut Shell<'_>) -> Vec<Vec<Value>> {
    let mut sources: Vec<Vec<Value>> = Vec::new();
    let mut from_files = false;
    for arg in inputs {
        if is_separator(arg) {
            from_files = arg.value.prefix().starts_with("::::");
            sources.push(Vec::new());
        } else if let Some(source) = sources.last_mut() {
            if from_files {
                let text = shell.read_file(arg);
                source.extend(lines_of(&text));
            } else {
                source.push(arg.value.clone());
            }
        }
    }
    sources
}

fn lines_of(text: &Value) -> Vec<Value> {
    match text.text().filter(|_| !text.is_empty()) {
        Some(known) => known
            .lines()
            .take(JOBS)
            .map(|line| {
                let mut value = Value::known(line);
                value.add_sources(text.sources().iter().cloned());
                value
            })
            .collect(),
        None => vec![Value::output("parallel", text.sources().to_vec())],
    }
}

/// Each combination of the inputs.
fn jobs(sources: &[Vec<Value>]) -> Vec<Vec<Value>> {
    let mut jobs: Vec<Vec<Value>> = vec![Vec::new()];
    for source in sources {
        jobs = jobs
            .iter()
            .flat_map(|job| {
                source.iter().map(|value| {
                    let mut job = job.clone();
                    job.push(value.clone());
                    job
                })
            })
            .take(JOBS)
            .collect();
    }
    jobs
}

/// The line that is run: the template's words as they are, the inputs quoted.
fn line_of(words: &[Arg], inputs: &[Value], quotes: bool) -> Value {
    let mut line = Value::default();
    if words.is_empty() {
        for (index, input) in inputs.iter().enumerate() {
            if index > 0 {
                line.push_text(" ");
            }
            line.push(input);
        }
        return line;
    }
    let given: Vec<Value> = inputs.iter().map(quoted).collect();
    let templates: Vec<Arg> = words
        .iter()
        .map(|word| if quotes { Arg { value: quoted(&word.value), ..word.clone() } } else { word.clone() })
        .collect();
    for (index, word) in filled_words(&templates, &given).iter().enumerate() {
        if index > 0 {
            line.push_text(" ");
        }
        line.push(&word.value);
    }
    line
}

/// The words with their marks replaced; without marks the inputs stand behind them.
fn filled_words(words: &[Arg], inputs: &[Value]) -> Vec<Arg> {
    let mut marked = false;
    let mut out: Vec<Arg> = words
        .iter()
        .map(|word| {
            let mut word = word.clone();
            let mut replace = |word: &mut Arg, mark: &str, value: &Value| {
                if word.text().is_some_and(|text| text.contains(mark)) {
                    marked = true;
                    *word = filled(word, mark, value);
                }
            };
            let whole = joined(inputs);
            for (mark, part) in MARKS {
                replace(&mut word, mark, &part_of(&whole, *part));
                for (at, input) in inputs.iter().enumerate() {
                    let numbered = mark.replacen('{', &format!("{{{}", at + 1), 1);
                    replace(&mut word, &numbered, &part_of(input, *part));
                }
            }
            replace(&mut word, "{#}", &Value::known("1"));
            replace(&mut word, "{%}", &Value::known("1"));
            word
        })
        .collect();
    if !marked && let Some(last) = words.last() {
        out.extend(inputs.iter().map(|value| Arg { value: value.clone(), span: last.span, pattern: false }));
    }
    out
}

fn joined(inputs: &[Value]) -> Value {
    let mut out = Value::default();
    for (index, input) in inputs.iter().enumerate() {
        if index > 0 {
            out.push_text(" ");
        }
        out.push(input);
    }
    out
}

fn part_of(value: &Value, part: Part) -> Value {
    let Some(text) = value.text() else {
        return match part {
            Part::Whole => value.clone(),
            _ => Value::unknown(Hole::Any("a part of an input".to_owned())),
        };
    };
    let (folder, name) = text.rsplit_once('/').unwrap_or((".", text));
    let stem = |text: &str| match text.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') && !stem.is_empty() => stem.to_owned(),
        _ => text.to_owned(),
    };
    let known = match part {
        Part::Whole => text.to_owned(),
        Part::Stem => stem(text),
        Part::Name => name.to_owned(),
        Part::Folder => if folder.is_empty() { "/" } else { folder }.to_owned(),
        Part::NameStem => stem(name),
    };
    let mut out = Value::known(known);
    out.add_sources(value.sources().iter().cloned());
    out
}

/// The value as one word of a shell.
fn quoted(value: &Value) -> Value {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '=' | ':' | ',' | '+');
    match value.text() {
        Some(text) if text.chars().all(plain) && !text.is_empty() => value.clone(),
        Some(text) => {
            let mut out = Value::known(format!("'{}'", text.replace('\'', r"'\''")));
            out.add_sources(value.sources().iter().cloned());
            out
        }
        None => value.clone(),
    }
}
