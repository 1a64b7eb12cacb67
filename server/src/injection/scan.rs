//! Looks for signs: cheap anchors first, patterns only around them.

use std::collections::BTreeMap;

use super::signs::{ANCHORS, Kind, SIGNS, TURNED};
use super::{Found, boundary, decode, plain};

/// How far before and after an anchor its pattern may reach, in bytes.
const BEFORE: usize = 260;
const AFTER: usize = 420;
/// How strongly an encoding speaks when an instruction stands in it.
const ENCODED: f64 = 0.6;
/// How strong a sign must be to be worth noting in an encoded text.
const TELLING: f64 = 0.3;
/// How many turned passages are looked at.
const TURNED_LIMIT: usize = 200;

/// Every sign in `text`, in bytes of it, also in what is encoded in it, `depth` times over.
pub(super) fn signs(text: &str, depth: usize) -> Vec<Found> {
    let plain = plain::plain(text);
    let mut turned = Vec::new();
    let mut out: Vec<Found> = Vec::new();
    for (sign, ranges) in ranges(&plain.text, &mut turned) {
        let Some((sign, regex)) = SIGNS.get(sign).and_then(|sign| Some((sign, sign.regex()?))) else {
            continue;
        };
        for (start, end) in ranges {
            let Some(window) = plain.text.as_bytes().get(start..end) else { continue };
            for hit in regex.find_iter(window) {
                let (from, to) = plain.original(start + hit.start(), start + hit.end());
                let (from, to) = (boundary(text, from), boundary(text, to.max(from)));
                let to = from + text.get(from..to).unwrap_or_default().trim_end().len();
                out.push(Found {
                    start: from,
                    end: to,
                    kind: sign.kind,
                    weight: sign.weight,
                    why: sign.why.into(),
                });
            }
        }
    }
    if depth == 0 {
        return out;
    }
    for block in decode::decode(text) {
        inner(&block.text, (block.start, block.end), block.how, depth, &mut out);
    }
    for at in turned.into_iter().take(TURNED_LIMIT) {
        let start = boundary(&plain.text, usize::saturating_sub(at, 120));
        let end = boundary(&plain.text, (at + 240).min(plain.text.len()));
        let passage = plain.text.get(start..end).unwrap_or_default();
        let place = plain.original(start, end);
        let place = (boundary(text, place.0), boundary(text, place.1));
        inner(&decode::rotated(passage), place, "rotated letters", 0, &mut out);
        inner(&passage.chars().rev().collect::<String>(), place, "reversed letters", 0, &mut out);
    }
    out
}

/// The signs of a decoded text, all at the place where it stands encoded.
fn inner(decoded: &str, (start, end): (usize, usize), how: &str, depth: usize, out: &mut Vec<Found>) {
    let mut telling = None;
    for found in signs(decoded, depth.saturating_sub(1)) {
        if found.weight >= TELLING {
            telling.get_or_insert_with(|| found.why.clone());
        }
        let why = format!("{} (in {how})", found.why);
        out.push(Found { start, end, why, ..found });
    }
    let command = [
        "curl ",
        "wget ",
        "bash -",
        "/dev/tcp/",
        "rm -rf",
        "powershell",
        "| sh",
        "|sh",
        "base64 -d",
        "nc -e",
    ];
    if let Some(what) = telling {
        let why = format!("{what}: in {how}");
        out.push(Found { start, end, kind: Kind::Encoded, weight: ENCODED, why });
    } else if command.iter().any(|command| decoded.contains(command)) {
        let why = format!("a command in {how}");
        out.push(Found { start, end, kind: Kind::Encoded, weight: 0.35, why });
    }
}

/// Where each sign could stand, overlaps joined.
fn ranges(text: &str, turned: &mut Vec<usize>) -> BTreeMap<usize, Vec<(usize, usize)>> {
    let mut ranges: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    let Some(find) = &ANCHORS.find else { return ranges };
    let named = ANCHORS.signs.len() - TURNED.len();
    let flat: String;
    // Anchors of two words may stand on two lines.
    let haystack = if text.contains('\n') {
        flat = text.replace('\n', " ");
        &flat
    } else {
        text
    };
    for hit in find.find_overlapping_iter(haystack) {
        let anchor = hit.pattern().as_usize();
        if anchor >= named {
            if turned.last().is_none_or(|last| hit.start() > last + 240) {
                turned.push(hit.start());
            }
            continue;
        }
        let start = boundary(text, hit.start().saturating_sub(BEFORE));
        let end = boundary(text, (hit.end() + AFTER).min(text.len()));
        for sign in ANCHORS.signs.get(anchor).into_iter().flatten() {
            let known = ranges.entry(*sign).or_default();
            match known.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => known.push((start, end)),
            }
        }
    }
    ranges
}
