//! The text as a reader would speak it: no invisible characters, no look-alikes, single gaps.

use unicode_normalization::char::decompose_compatible;

/// A text in plain form, with the way back to where each byte came from.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// The text. Gaps are one byte: a line end if they held one, else a blank.
    pub(super) text: String,
    /// For each byte of the text, the byte of the original at which it begins.
    map: Vec<u32>,
    /// How long the original is.
    len: usize,
}

impl Plain {
    /// The original range of a range of the plain text.
    pub(super) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        let at = |place: usize| self.map.get(place).map_or(self.len, |at| *at as usize);
        (at(start), at(end))
    }

    fn push(&mut self, c: char, from: usize) {
        let mut buffer = [0; 4];
        let piece = c.encode_utf8(&mut buffer);
        self.text.push_str(piece);
        let from = u32::try_from(from).unwrap_or(u32::MAX);
        self.map.extend(std::iter::repeat_n(from, piece.len()));
    }

    fn gap(&mut self, line_end: bool, from: usize) {
        if self.text.ends_with(['\n', ' ']) {
            if line_end && self.text.ends_with(' ') {
                self.text.pop();
                self.text.push('\n');
            }
            return;
        }
        self.push(if line_end { '\n' } else { ' ' }, from);
    }
}

/// The plain form of a text of less than 4 GB.
pub(super) fn plain(text: &str) -> Plain {
    let mut out = Plain {
        text: String::with_capacity(text.len()),
        map: Vec::with_capacity(text.len()),
        len: text.len(),
    };
    let mut at = 0;
    while at < text.len() {
        let Some(rest) = text.get(at..) else { break };
        let run = rest.bytes().take_while(|b| is_plain(*b)).count();
        out.push_run(rest.get(..run).unwrap_or_default(), at);
        at += run;
        let Some(rest) = rest.get(run..).filter(|rest| !rest.is_empty()) else { break };
        at += out.odd(rest, at);
    }
    out
}

/// Stands for itself wherever it stands: ASCII but for control characters, blanks and the backslash.
fn is_plain(b: u8) -> bool {
    (0x21..0x7f).contains(&b) && b != b'\\'
}

impl Plain {
    fn push_run(&mut self, run: &str, at: usize) {
        self.text.push_str(run);
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let len = u32::try_from(run.len()).unwrap_or(u32::MAX);
        self.map.extend(at..at.saturating_add(len));
    }

    /// Takes in the characters at the beginning of `rest` that are not plain. Returns how many bytes they are.
    fn odd(&mut self, rest: &str, base: usize) -> usize {
        let mut chars = rest.char_indices().peekable();
        let mut tagged = false;
        while let Some((place, c)) = chars.next_if(|(_, c)| u8::try_from(*c).map_or(true, |b| !is_plain(b))) {
            let at = base + place;
            match c {
                '\n' | '\r' => self.gap(true, at),
                ' ' | '\t' | '\u{b}' | '\u{c}' => self.gap(false, at),
                '\\' if chars.peek().is_some_and(|(_, next)| matches!(next, ' ' | '\n' | '\r')) => {
                    self.gap(false, at)
                }
                '\\' => self.push(c, at),
                '\u{1b}' => skip_escape(&mut chars),
                _ if c.is_ascii() => {}
                _ => self.foreign(c, at, chars.peek().map(|(_, next)| *next), tagged),
            }
            tagged = is_tag(c);
        }
        chars.peek().map_or(rest.len(), |(place, _)| *place)
    }

    /// Takes in a character beyond ASCII.
    fn foreign(&mut self, c: char, at: usize, next: Option<char>, tagged: bool) {
        if is_tag(c) {
            if !tagged {
                self.gap(false, at);
            }
            return self.push(char::from_u32(u32::from(c) - 0xe0000).unwrap_or(' '), at);
        }
        match c {
            _ if is_invisible(c) => {}
            '\u{300}'..='\u{36f}' => {}
            _ if c.is_whitespace() => self.gap(false, at),
            '\u{ff00}'..='\u{ffef}'
            | '\u{1d400}'..='\u{1d7ff}'
            | '\u{2100}'..='\u{214f}'
            | '\u{2460}'..='\u{24ff}'
            | '\u{fb00}'..='\u{fb06}'
            | '\u{1f100}'..='\u{1f1ff}' => {
                decompose_compatible(c, |part| self.push(part.to_ascii_lowercase(), at));
            }
            _ => {
                let latin = look_alike(c).filter(|_| {
                    self.text.ends_with(|before: char| before.is_ascii_alphabetic())
                        || next.is_some_and(|next| next.is_ascii_alphabetic())
                });
                match latin {
                    Some(latin) => self.push(latin, at),
                    None => c.to_lowercase().for_each(|lower| self.push(lower, at)),
                }
            }
        }
    }
}

/// An invisible copy of an ASCII character.
fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007e}')
}

/// Skips what steers a terminal: `ESC [ … letter`. Of other sequences only the mark, so that text in them is read.
fn skip_escape(rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>) {
    if rest.next_if(|(_, c)| *c == '[').is_none() {
        rest.next_if(|(_, c)| matches!(c, ']' | 'P' | '_' | '^' | '\\' | '(' | ')'));
        return;
    }
    for _ in 0..32 {
        match rest.next() {
            Some((_, '0'..='9' | ';' | '?' | ':' | ' ' | '<' | '=' | '>' | '!')) => {}
            _ => return,
        }
    }
}

/// Takes no room when it is shown.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// A passage was written so that it reads differently from what it is.
pub(super) fn is_disguised(passage: &str) -> bool {
    if passage.is_ascii() {
        return passage.contains('\u{8}');
    }
    let mut before = ' ';
    let mut latin = false;
    let mut other = false;
    for c in passage.chars() {
        let joins_emoji = matches!(c, '\u{200d}' | '\u{fe0f}') && !before.is_ascii();
        if is_invisible(c) && c != '\u{ad}' && c != '\u{feff}' && !joins_emoji {
            return true;
        }
        if matches!(c, '\u{ff21}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}' | '\u{24b6}'..='\u{24e9}') {
            return true;
        }
        if c.is_alphabetic() {
            latin |= c.is_ascii();
            other |= look_alike(c).is_some();
            if latin && other {
                return true;
            }
        } else {
            latin = false;
            other = false;
        }
        before = c;
    }
    false
}

/// The Latin letter for which a Greek, Cyrillic or Armenian one is easily taken.
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'А' | 'α' | 'Α' => 'a',
        'В' | 'Β' => 'b',
        'с' | 'С' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'Е' | 'ε' | 'Ε' | 'ё' => 'e',
        'ɡ' => 'g',
        'һ' | 'Н' | 'Η' => 'h',
        'і' | 'І' | 'ι' | 'Ι' | 'ı' => 'i',
        'ј' | 'Ј' => 'j',
        'К' | 'κ' | 'Κ' | 'к' => 'k',
        'ӏ' => 'l',
        'М' | 'Μ' => 'm',
        'п' | 'ո' | 'Ν' => 'n',
        'о' | 'О' | 'ο' | 'Ο' | 'օ' => 'o',
        'р' | 'Р' | 'ρ' | 'Ρ' => 'p',
        'ѕ' | 'Ѕ' => 's',
        'т' | 'Т' | 'τ' | 'Τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ω' => 'w',
        'х' | 'Х' | 'χ' | 'Χ' => 'x',
        'у' | 'У' | 'γ' | 'Υ' => 'y',
        _ => return None,
    })
}
