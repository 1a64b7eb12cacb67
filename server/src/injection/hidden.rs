//! What a reader does not see: invisible characters that carry data, comments, hidden elements.

use super::plain::is_invisible;
use super::signs::Kind;
use super::{Found, boundary};

/// Where something stands that is not shown.
pub(super) struct Region {
    pub(super) weight: f64,
    pub(super) why: &'static str,
}

/// How far back the beginning of a hidden passage is looked for, in bytes.
const REGION_LIMIT: usize = 4_000;

const MARKS: [(&str, &str, f64, &str); 14] = [
    ("<!--", "-->", 0.4, "in a comment that is not shown"),
    ("[//]: #", "\n", 0.5, "in a comment that is not shown"),
    ("[comment]: #", "\n", 0.5, "in a comment that is not shown"),
    ("display:none", "</", 0.55, "in an element that is not shown"),
    ("display: none", "</", 0.55, "in an element that is not shown"),
    ("visibility:hidden", "</", 0.55, "in an element that is not shown"),
    ("visibility: hidden", "</", 0.55, "in an element that is not shown"),
    ("font-size:0", "</", 0.55, "in an element that is not shown"),
    ("font-size: 0", "</", 0.55, "in an element that is not shown"),
    ("opacity:0", "</", 0.5, "in an element that is not shown"),
    ("color:white", "</", 0.5, "in text of the colour of the page"),
    ("color:#fff", "</", 0.5, "in text of the colour of the page"),
    ("alt=\"", "\"", 0.35, "in an attribute"),
    ("aria-label=\"", "\"", 0.35, "in an attribute"),
];

/// The hidden passage that holds the place `at`.
pub(super) fn region(text: &str, at: usize) -> Option<Region> {
    let start = boundary(text, at.saturating_sub(REGION_LIMIT));
    let before = text.get(start..boundary(text, at))?;
    let held = MARKS.iter().filter_map(|(mark, closing, weight, why)| {
        let rest = before.get(before.rfind(mark)? + mark.len()..)?;
        (!rest.contains(closing)).then_some(Region { weight: *weight, why })
    });
    held.max_by(|a, b| a.weight.total_cmp(&b.weight))
}

/// Invisible characters that carry a message of their own.
pub(super) fn smuggled(text: &str, out: &mut Vec<Found>) {
    if text.is_ascii() {
        return;
    }
    let mut run = Run::default();
    for (at, c) in text.char_indices() {
        if is_invisible(c) {
            run.add(at, c);
        } else {
            run.close(text, out);
            run = Run { before: Some(c), ..Run::default() };
        }
    }
    run.close(text, out);
    overrides(text, out);
}

/// Invisible characters in a row.
#[derive(Default)]
struct Run {
    before: Option<char>,
    start: usize,
    end: usize,
    tags: usize,
    selectors: usize,
    widthless: usize,
}

impl Run {
    fn add(&mut self, at: usize, c: char) {
        if self.tags + self.selectors + self.widthless == 0 {
            self.start = at;
        }
        self.end = at + c.len_utf8();
        match c {
            '\u{e0000}'..='\u{e007f}' => self.tags += 1,
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => self.selectors += 1,
            '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' => {
                self.widthless += 1
            }
            _ => {}
        }
    }

    fn close(&self, text: &str, out: &mut Vec<Found>) {
        // Flags of regions are a black flag with tag characters.
        let flag = self.before == Some('\u{1f3f4}');
        let (weight, why) = if self.tags >= 3 && !flag {
            (0.8, "a message in invisible tag characters")
        } else if self.selectors >= 4 {
            (0.75, "data in invisible variation selectors")
        } else if self.widthless >= 8 {
            (0.55, "data in zero-width characters")
        } else {
            return;
        };
        let end = self.end.min(text.len());
        out.push(Found { start: self.start, end, kind: Kind::Hidden, weight, why: why.into() });
    }
}

/// Marks that turn the order of characters round, in lines that have no need of them.
fn overrides(text: &str, out: &mut Vec<Found>) {
    let turns = |c: char| matches!(c, '\u{202d}' | '\u{202e}');
    for (at, mark) in text.match_indices(turns).take(16) {
        let line = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        let rest = text.get(line..boundary(text, (line + 2_000).min(text.len()))).unwrap_or_default();
        let rest = rest.lines().next().unwrap_or_default();
        let needs = rest
            .chars()
            .any(|c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'));
        if !needs {
            let why = "characters that change the order in which text is shown".into();
            out.push(Found { start: at, end: at + mark.len(), kind: Kind::Hidden, weight: 0.45, why });
        }
    }
}
