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
    let mut rest = text.char_indices().peekable();
    let mut tagged = false;
    while let Some((at, c)) = rest.next() {
        match c {
            '\n' | '\r' => out.gap(true, at),
            ' ' | '\t' | '\u{b}' | '\u{c}' => out.gap(false, at),
            '\\' if rest.peek().is_some_and(|(_, next)| matches!(next, ' ' | '\n' | '\r')) => {
                out.gap(false, at)
            }
            '\u{1b}' => skip_escape(&mut rest),
            '\0'..='\u{1f}' | '\u{7f}' => {}
            _ if c.is_ascii() => out.push(c, at),
            '\u{e0020}'..='\u{e007e}' => {
                if !tagged {
                    out.gap(false, at);
                }
                out.push(char::from_u32(u32::from(c) - 0xe0000).unwrap_or(' '), at);
            }
            _ if is_invisible(c) => {}
            '\u{300}'..='\u{36f}' => {}
            _ if c.is_whitespace() => out.gap(false, at),
            '\u{ff00}'..='\u{ffef}'
            | '\u{1d400}'..='\u{1d7ff}'
            | '\u{2100}'..='\u{214f}'
            | '\u{2460}'..='\u{24ff}'
            | '\u{fb00}'..='\u{fb06}'
            | '\u{1f100}'..='\u{1f1ff}' => {
                decompose_compatible(c, |part| out.push(part.to_ascii_lowercase(), at));
            }
            _ => {
                let latin = look_alike(c).filter(|_| {
                    out.text.ends_with(|before: char| before.is_ascii_alphabetic())
                        || rest.peek().is_some_and(|(_, next)| next.is_ascii_alphabetic())
                });
                match latin {
                    Some(latin) => out.push(latin, at),
                    None => c.to_lowercase().for_each(|lower| out.push(lower, at)),
                }
            }
        }
        tagged = matches!(c, '\u{e0020}'..='\u{e007e}');
    }
    out
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
