//! Is this text trying to instruct the agent?
//!
//! A score is a mark on the text, never a verdict of its own: rules use it to see that an
//! action's decisive string comes from a text that tried to give orders.
//!
//! The text is brought into a plain form, encoded blocks in it are decoded, and [signs](signs)
//! of phrasing and structure are looked for in both. Signs of different kinds that stand close
//! to each other add up as independent evidence.

use banksman_protocol::{InjectionSpan, Origin, Span};

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// How strongly the text tries to instruct the agent, from 0 to 1.
    pub score: f64,
    /// Where, in the order of the text.
    pub spans: Vec<InjectionSpan>,
    /// Where the text speaks to an agent and not to a reader, whatever its score.
    pub addressed: Vec<Span>,
}

/// The score from which a text counts as trying to instruct the agent.
pub const THRESHOLD: f64 = 0.5;

/// How many bytes of a text are read: this much from its beginning, and a quarter of it from its end.
const TEXT_LIMIT: usize = 4 * 1024 * 1024;
/// How far apart signs may stand to add up, in bytes.
const NEAR: usize = 1_600;
/// How many signs are weighed, and how many are reported.
const FOUND_LIMIT: usize = 4_000;
const SPAN_LIMIT: usize = 50;
/// For how many signs it is looked up whether they stand in a hidden passage.
const REGION_LIMIT: usize = 400;
/// How strong a sign must be for its surroundings to count as part of an instruction.
const TELLING: f64 = 0.2;
/// How weak a sign may be to be reported.
const FAINT: f64 = 0.1;
/// How often decoded text is decoded again.
const DEPTH: usize = 2;
/// How far the words of an instruction reach before and after what gives it away, in bytes.
const REACH_BEFORE: usize = 240;
const REACH_AFTER: usize = 1_200;
/// How far what is said to an agent reaches, when it is only said and not ordered, in bytes.
const SAID_AFTER: usize = 500;
/// How many passages that address an agent are kept.
const ADDRESSED_LIMIT: usize = 40;

mod context;
mod decode;
mod hidden;
mod plain;
mod scan;
mod signs;

pub use context::is_for_agents;
use signs::Kind;

impl Reading {
    /// The text tries to instruct the agent.
    #[must_use]
    pub fn injected(&self) -> bool {
        self.score >= THRESHOLD
    }

    /// The passages that speak to an agent: from where it is addressed to the end of what is said.
    pub fn addressed<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> {
        self.addressed.iter().map(|span| {
            let line = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            // A long line is no sentence.
            let start = if span.start - line > 200 { span.start } else { line };
            let end = boundary(text, span.end.saturating_add(SAID_AFTER));
            let end =
                text.get(end..).and_then(|after| after.find(char::is_whitespace)).map_or(end, |at| end + at);
            let passage = text.get(start..end).unwrap_or_default();
            let heading = passage.find("\n#").unwrap_or(passage.len());
            passage.get(..heading.max(span.end - start)).unwrap_or(passage)
        })
    }

    /// The passages around what was found, in which the instruction itself stands. They hold
    /// whole words and do not overlap.
    pub fn reach<'a>(&self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for found in self.spans.iter().filter(|found| found.score >= TELLING) {
            let start = boundary(text, found.span.start.saturating_sub(REACH_BEFORE));
            let end = boundary(text, found.span.end.saturating_add(REACH_AFTER));
            let before = text.get(..start).and_then(|before| before.rfind(char::is_whitespace));
            let start = before.map_or(0, |at| if start - at > 512 { start } else { at });
            let after = text.get(end..).and_then(|after| after.find(char::is_whitespace));
            let end = after.map_or(text.len(), |at| if at > 512 { end } else { end + at });
            match ranges.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => ranges.push((start, end)),
            }
        }
        ranges.into_iter().map(|(start, end)| text.get(start..end).unwrap_or_default())
    }
}

/// One sign that was found, in bytes of the original text.
#[derive(Clone, Debug)]
struct Found {
    start: usize,
    end: usize,
    kind: Kind,
    weight: f64,
    why: String,
}

/// Reads a text that the agent has read.
#[must_use]
pub fn read(text: &str, origin: &Origin) -> Reading {
    if text.len() <= TEXT_LIMIT {
        return weigh(found(text, origin));
    }
    let head = boundary(text, TEXT_LIMIT);
    let tail = boundary(text, text.len() - TEXT_LIMIT / 4);
    let mut all = found(text.get(..head).unwrap_or_default(), origin);
    for mut late in found(text.get(tail..).unwrap_or_default(), origin) {
        late.start += tail;
        late.end += tail;
        all.push(late);
    }
    weigh(all)
}

/// The texts that stand hidden or encoded in `text`: what they name is named by nothing that is seen.
#[must_use]
pub fn uncovered(text: &str) -> Vec<String> {
    let text = text.get(..boundary(text, TEXT_LIMIT.min(text.len()))).unwrap_or_default();
    let mut out: Vec<String> = decode::decode(text).into_iter().map(|decoded| decoded.text).collect();
    if !text.is_ascii() {
        let tags: String = text
            .chars()
            .filter_map(|c| {
                matches!(c, '\u{e0020}'..='\u{e007e}')
                    .then(|| char::from_u32(u32::from(c) - 0xe0000))
                    .flatten()
            })
            .collect();
        if tags.len() > 3 {
            out.push(tags);
        }
    }
    out
}

/// All signs in a text, weighed by where they stand.
fn found(text: &str, origin: &Origin) -> Vec<Found> {
    let mut out = Vec::new();
    let mut seen = scan::signs(text, DEPTH);
    context::weigh(text, origin, &mut seen);
    for (nth, sign) in seen.into_iter().enumerate() {
        let passage = text.get(sign.start..sign.end).unwrap_or_default();
        if plain::is_disguised(passage) {
            out.push(Found {
                start: sign.start,
                end: sign.end,
                kind: Kind::Encoded,
                weight: 0.5,
                why: "written with invisible or look-alike characters".into(),
            });
        }
        if nth < REGION_LIMIT
            && let Some(region) = hidden::region(text, sign.start)
        {
            let why = format!("{} {}", sign.why, region.why);
            let (start, end) = (sign.start, sign.end);
            out.push(Found { start, end, kind: Kind::Hidden, weight: region.weight, why });
        }
        out.push(sign);
    }
    hidden::smuggled(text, &mut out);
    out
}

/// Adds signs up as independent evidence: the strongest of each kind, among those near each other.
fn weigh(mut all: Vec<Found>) -> Reading {
    all.retain(|found| found.weight > 0.02);
    all.sort_by(|a, b| {
        (a.start, a.end, a.kind).cmp(&(b.start, b.end, b.kind)).then(b.weight.total_cmp(&a.weight))
    });
    all.truncate(FOUND_LIMIT);
    let mut score: f64 = 0.0;
    for (nth, first) in all.iter().enumerate() {
        let mut strongest = [0.0_f64; Kind::COUNT];
        for found in all.iter().skip(nth).take(200).take_while(|found| found.start <= first.start + NEAR) {
            if let Some(best) = strongest.get_mut(found.kind as usize) {
                *best = best.max(found.weight);
            }
        }
        let nothing: f64 = strongest.iter().map(|weight| 1.0 - weight).product();
        score = score.max(1.0 - nothing);
    }
    let mut spans: Vec<InjectionSpan> = Vec::new();
    let mut addressed: Vec<Span> = Vec::new();
    for found in all {
        let span = Span::new(found.start, found.end);
        if found.kind == Kind::Address && addressed.len() < ADDRESSED_LIMIT {
            addressed.push(span);
        }
        if found.weight >= FAINT && spans.len() < SPAN_LIMIT {
            spans.push(InjectionSpan { span, why: found.why, score: round(found.weight) });
        }
    }
    Reading { score: round(score), spans, addressed }
}

/// Three places are more than these numbers mean.
fn round(score: f64) -> f64 {
    (score * 1_000.0).round() / 1_000.0
}

/// The last place at or before `at` where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests;
