//! xargs: what flows in becomes words of a command.

use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::shell::Shell;
use crate::effects::value::{Hole, Piece, Value};

pub(super) fn xargs(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let spec = Spec {
        short: "adEIiLlnPsSJR",
        long: &["arg-file", "delimiter", "max-args", "max-procs", "max-chars", "process-slot-var"],
        operand_ends: true,
        ..Spec::default()
    };
    // `-i`, `-l` and `-e` take a value only when it is attached.
    let spec = Spec {
        short: if call.args.iter().any(|arg| matches!(arg.text(), Some("-i" | "-l"))) {
            "adEILnPsSJR"
        } else {
            spec.short
        },
        ..spec
    };
    let parsed = parse(call.args, &spec);
    let fed = match parsed.value(&["-a", "--arg-file"]).cloned() {
        Some(file) => shell.read_file(&file),
        // What is typed, or what another program holds ready.
        None if call.stdin.is_empty() => Value::unknown(Hole::Any("the input".to_owned())),
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
pub(in crate::effects::programs) fn filled(word: &Arg, mark: &str, item: &Value) -> Arg {
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
