//! Programs that spell a text otherwise and back: tr, rev, base64, xxd.

use base64::Engine as _;

use super::{changed, inputs};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, WriteHow};

pub(super) fn translate(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
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

pub(super) fn reverse(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec::default());
    if parsed.operands.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let out = inputs(shell, &parsed.operands, call.stdin);
    out.map_text(|text| text.lines().map(|line| line.chars().rev().collect::<String>() + "\n").collect())
}

pub(super) fn base64_(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
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
    turned(call, &out, decoded)
}

/// What a text was turned into, if that is known, with the sources of the text.
fn turned(call: &Call<'_>, from: &Value, into: Option<String>) -> Value {
    let Some(text) = into else { return changed(call, from) };
    let mut value = Value::known(text);
    value.add_sources(from.sources().iter().cloned());
    value
}

pub(super) fn xxd(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
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
    let value = turned(call, &out, decoded);
    match parsed.operands.get(1) {
        Some(to) => {
            shell.write(to, WriteHow::Replace, Some(value));
            Value::default()
        }
        None => value,
    }
}
