//! Texts that stand encoded in a text.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// A text that stood encoded.
pub(super) struct Decoded {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
    pub(super) how: &'static str,
}

/// How many bytes are decoded from one text.
const DECODE_LIMIT: usize = 512 * 1024;
/// How many blocks are decoded from one text.
const BLOCKS: usize = 4_000;

const ANY_PADDING: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, ANY_PADDING);

/// Every block that decodes to readable text.
pub(super) fn decode(text: &str) -> Vec<Decoded> {
    let mut out = Vec::new();
    let mut left = DECODE_LIMIT;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() && out.len() < BLOCKS && left > 0 {
        let Some(rest) = bytes.get(at..) else { break };
        let run = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'_' | b'-'))
            .count();
        if run >= 20 {
            let padded = run + rest.iter().skip(run).take(2).take_while(|b| **b == b'=').count();
            if let Some(block) = text.get(at..at + padded)
                && let Some((decoded, how)) = block_text(block)
            {
                left = left.saturating_sub(decoded.len());
                out.push(Decoded { start: at, end: at + padded, text: decoded, how });
            }
        }
        at += run.max(1);
        // Between blocks, jump to the next byte that can begin one.
        at +=
            bytes.get(at..).map_or(0, |rest| rest.iter().take_while(|b| !b.is_ascii_alphanumeric()).count());
    }
    escapes(text, &mut left, &mut out);
    binary(text, &mut out);
    out
}

/// Groups of eight zeros and ones.
fn binary(text: &str, out: &mut Vec<Decoded>) {
    let mut run: Option<(usize, usize, Vec<u8>)> = None;
    let mut flush = |run: &mut Option<(usize, usize, Vec<u8>)>| {
        if let Some((start, end, bytes)) = run.take()
            && bytes.len() >= 8
            && let Some(text) = readable(&bytes)
        {
            out.push(Decoded { start, end, text, how: "zeros and ones" });
        }
    };
    for (at, word) in words(text) {
        let bits = word.len() == 8 && word.bytes().all(|b| matches!(b, b'0' | b'1'));
        let Some(byte) = bits.then(|| u8::from_str_radix(word, 2).ok()).flatten() else {
            flush(&mut run);
            continue;
        };
        let (_, end, bytes) = run.get_or_insert_with(|| (at, at, Vec::new()));
        *end = at + word.len();
        bytes.push(byte);
    }
    flush(&mut run);
}

/// All words with their places, when there are zeros and ones among them.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let has = text.contains("0100") || text.contains("0110") || text.contains("0111");
    let text = if has { text } else { "" };
    text.split_inclusive(char::is_whitespace).scan(0, |at, word| {
        let start = *at;
        *at += word.len();
        Some((start, word.trim_end()))
    })
}

fn block_text(block: &str) -> Option<(String, &'static str)> {
    let bare = block.trim_end_matches('=');
    if bare.len().is_multiple_of(2) && bare.len() >= 24 && bare.bytes().all(|b| b.is_ascii_hexdigit()) {
        return readable(&hex(bare)).map(|text| (text, "hexadecimal"));
    }
    // Words, paths and names have no digits and mixed cases as an encoded text has.
    let upper = bare.bytes().filter(u8::is_ascii_uppercase).count();
    let lower = bare.bytes().filter(u8::is_ascii_lowercase).count();
    if upper < 2 || lower < 2 || bare.len() % 4 == 1 {
        return None;
    }
    let engine = if bare.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    // Most blocks are hashes and images: the first bytes tell.
    let probe = bare.get(..bare.len().min(32) & !3)?;
    let first = engine.decode(probe).ok()?;
    if !first.iter().all(|b| (0x20..0x7f).contains(b) || matches!(b, b'\n' | b'\r' | b'\t') || *b >= 0x80) {
        return None;
    }
    readable(&engine.decode(bare).ok()?).map(|text| (text, "base64"))
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok()).unwrap_or_default();
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0_u8, |sum, b| (sum << 4) | digit(*b)))
        .collect()
}

/// The bytes as text, when they read like one.
fn readable(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let chars = text.chars().count();
    let good =
        text.chars().filter(|c| c.is_alphanumeric() || c.is_ascii_punctuation() || c.is_whitespace()).count();
    (chars >= 8 && good * 20 >= chars * 19).then(|| text.to_owned())
}

/// Runs of `%41`, `\u0041`, `\x41` and `&#65;`.
fn escapes(text: &str, left: &mut usize, out: &mut Vec<Decoded>) {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(['%', '\\', '&'])) {
        let start = at + found;
        let Some((decoded, end, count, how)) = escape_run(text, start) else {
            at = start + 1;
            continue;
        };
        at = end.max(start + 1);
        if count >= 6 && decoded.chars().any(char::is_alphabetic) && out.len() < BLOCKS && *left > 0 {
            *left = left.saturating_sub(decoded.len());
            out.push(Decoded { start, end, text: decoded, how });
        }
    }
}

/// One run of escapes of one kind, with up to 24 plain characters between them.
fn escape_run(text: &str, start: usize) -> Option<(String, usize, usize, &'static str)> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut at = start;
    let mut end = start;
    let mut count = 0;
    let mut how = "";
    let mut plain = 0;
    let mut buffer = [0; 4];
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((value, len, kind)) = escape(rest)
            && (how.is_empty() || how == kind)
        {
            how = kind;
            if kind == "percent signs" {
                bytes.push(u8::try_from(value).ok()?);
            } else {
                let c = char::from_u32(value).unwrap_or('\u{fffd}');
                bytes.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            }
            at += len;
            end = at;
            count += 1;
            plain = 0;
            continue;
        }
        let c = rest.chars().next()?;
        plain += 1;
        if how.is_empty() || plain > 24 || c == '\n' {
            break;
        }
        let shown = if how == "percent signs" && c == '+' { ' ' } else { c };
        bytes.extend_from_slice(shown.encode_utf8(&mut buffer).as_bytes());
        at += c.len_utf8();
    }
    (count > 0).then(|| (String::from_utf8_lossy(&bytes).into_owned(), end, count, how))
}

/// The escape that `rest` begins with: its value, its length and its kind.
fn escape(rest: &str) -> Option<(u32, usize, &'static str)> {
    let number = |digits: &str, radix: u32, len: usize, kind| {
        u32::from_str_radix(digits, radix).ok().map(|value| (value, len, kind))
    };
    if rest.starts_with('%') {
        return number(rest.get(1..3)?, 16, 3, "percent signs");
    }
    if rest.starts_with("\\u{") {
        let end = rest.get(..12.min(rest.len()))?.find('}')?;
        return number(rest.get(3..end)?, 16, end + 1, "escapes");
    }
    if rest.starts_with("\\u") {
        return number(rest.get(2..6)?, 16, 6, "escapes");
    }
    if rest.starts_with("\\x") {
        return number(rest.get(2..4)?, 16, 4, "escapes");
    }
    let body = rest.strip_prefix("&#")?;
    let mut cut = body.len().min(8);
    while !body.is_char_boundary(cut) {
        cut -= 1;
    }
    let end = body.get(..cut)?.find(';')?;
    let digits = body.get(..end)?;
    match digits.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => number(hexadecimal, 16, end + 3, "character references"),
        None => number(digits, 10, end + 3, "character references"),
    }
}

/// Letters moved by thirteen places.
pub(super) fn rotated(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'a'..='m' | 'A'..='M' => char::from_u32(u32::from(c) + 13).unwrap_or(c),
            'n'..='z' | 'N'..='Z' => char::from_u32(u32::from(c) - 13).unwrap_or(c),
            _ => c,
        })
        .collect()
}
