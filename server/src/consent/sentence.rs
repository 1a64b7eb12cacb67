//! A prompt as sentences and clauses of the user's own words.
//!
//! What the user only shows (quoted lines, pasted logs and issues, code, tags that tools write)
//! is taken out first: it grants nothing and forbids nothing.

mod blocks;
mod clauses;

use std::iter::Peekable;
use std::str::CharIndices;

use blocks::{Block, blocks, is_item, without_tags};
use clauses::{CONTRACTED, clauses_of};

/// A sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Sentence {
    /// As written.
    pub text: String,
    /// Its clauses, in order.
    pub clauses: Vec<Clause>,
    /// It ends in a question mark.
    pub question: bool,
    /// The code block that follows it.
    pub code: Option<String>,
}

/// A part of a sentence with at most one thing said in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Clause {
    /// The words.
    pub tokens: Vec<Token>,
    /// How it hangs on the one before.
    pub joint: Joint,
    /// The word that makes it depend on another clause.
    pub under: Option<String>,
}

/// How a clause hangs on the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Joint {
    /// It is the first, or stands on its own.
    #[default]
    Start,
    /// After a comma.
    Comma,
    /// After "and".
    And,
    /// After "or" or "nor".
    Or,
    /// After "but".
    But,
    /// After "then" or "so".
    Then,
    /// After a colon.
    Colon,
}

/// A word, a quoted text or a separator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// As written, without quotes.
    pub raw: String,
    /// In lower case.
    pub low: String,
    /// What it is.
    pub kind: Kind,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word.
    Word,
    /// Something in backticks.
    Code,
    /// Something in quotation marks.
    Quote,
    /// A comma, a dash, a parenthesis.
    Comma,
    /// A colon.
    Colon,
    /// The end of a sentence.
    End,
    /// The end of a question.
    Question,
}

impl Token {
    fn new(raw: &str, kind: Kind) -> Self {
        Self { raw: raw.to_owned(), low: raw.to_lowercase().replace('’', "'"), kind }
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.low == word
    }

    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }
}

/// The user's own sentences.
pub(super) fn read(text: &str) -> Vec<Sentence> {
    let mut sentences: Vec<Sentence> = Vec::new();
    for block in blocks(&without_tags(text)) {
        match block {
            Block::Text(text) => sentences.extend(of_paragraph(&text)),
            Block::Code(code) => match sentences.last_mut() {
                Some(last) => last.code = Some(code),
                None => sentences.push(Sentence { code: Some(code), ..Sentence::default() }),
            },
        }
    }
    sentences
}

/// The sentences of a paragraph.
fn of_paragraph(text: &str) -> Vec<Sentence> {
    let mut all = Vec::new();
    for line in text.split('\n') {
        let line = if is_item(line) { line.split_once(' ').map_or(line, |(_, rest)| rest) } else { line };
        let mut tokens = Vec::new();
        let mut start = 0;
        for (token, end) in tokens_of(line.trim()) {
            let ends = matches!(token.kind, Kind::End | Kind::Question);
            let question = token.kind == Kind::Question;
            if !ends {
                tokens.push(token);
                continue;
            }
            push_sentence(&mut all, line.trim().get(start..end).unwrap_or_default(), &mut tokens, question);
            start = end;
        }
        push_sentence(&mut all, line.trim().get(start..).unwrap_or_default(), &mut tokens, false);
    }
    all
}

fn push_sentence(all: &mut Vec<Sentence>, text: &str, tokens: &mut Vec<Token>, question: bool) {
    if !tokens.is_empty() {
        let text = text.trim().chars().take(240).collect();
        all.push(Sentence { text, clauses: clauses_of(std::mem::take(tokens)), question, code: None });
    }
}

/// The tokens of a line, each with the offset at which it ends.
fn tokens_of(line: &str) -> Vec<(Token, usize)> {
    let mut out = Vec::new();
    let mut chars = line.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let closing = match c {
            '`' => Some('`'),
            '"' => Some('"'),
            '“' => Some('”'),
            '«' => Some('»'),
            '\'' | '‘' if before.is_whitespace() || before == '(' => single_quote_end(line, at, c),
            _ => None,
        };
        if c.is_whitespace() {
            before = c;
            continue;
        }
        if let Some(closing) = closing
            && let Some((inner, end)) = until(line, at + c.len_utf8(), closing)
        {
            out.push((
                Token::new(inner.trim_matches('`'), if c == '`' { Kind::Code } else { Kind::Quote }),
                end,
            ));
            skip_to(&mut chars, end);
            before = closing;
            continue;
        }
        before = c;
        match c {
            ',' | '(' | ')' | '—' | '–' | '•' => {
                out.push((Token::new(",", Kind::Comma), at + c.len_utf8()))
            }
            ';' => out.push((Token::new(";", Kind::End), at + 1)),
            '"' | '“' | '”' | '`' => {}
            _ => {
                let end = word_end(line, at);
                let word = line.get(at..end).unwrap_or_default();
                before = word.chars().next_back().unwrap_or(' ');
                skip_to(&mut chars, end);
                push_word(&mut out, word, at, end);
            }
        }
    }
    out
}

fn skip_to(chars: &mut Peekable<CharIndices<'_>>, end: usize) {
    while chars.next_if(|(at, _)| *at < end).is_some() {}
}

fn until(line: &str, from: usize, closing: char) -> Option<(&str, usize)> {
    let rest = line.get(from..)?;
    // "``x``" opens with two.
    let skip = if closing == '`' { rest.len() - rest.trim_start_matches('`').len() } else { 0 };
    let end = rest.get(skip..)?.find(closing)? + skip;
    let inner = rest.get(skip..end)?;
    let after = if closing == '`' { end + skip + 1 } else { end + closing.len_utf8() };
    Some((inner, (from + after).min(line.len())))
}

/// A single quote opens a quotation only when one closes it at the end of a word.
fn single_quote_end(line: &str, at: usize, open: char) -> Option<char> {
    let rest = line.get(at + open.len_utf8()..)?;
    let close = if open == '‘' { '’' } else { '\'' };
    let (end, _) = rest.char_indices().find(|(place, c)| {
        let next = rest.get(place + c.len_utf8()..).and_then(|after| after.chars().next()).unwrap_or(' ');
        *c == close && (next.is_whitespace() || matches!(next, '.' | ',' | ')' | '?' | '!' | ':' | ';'))
    })?;
    // `until` stops at the first one; an apostrophe within makes this no plain quotation.
    let inner = rest.get(..end)?;
    (!inner.is_empty() && !inner.contains(close)).then_some(close)
}

fn word_end(line: &str, from: usize) -> usize {
    line.get(from..)
        .and_then(|rest| {
            rest.find(|c: char| {
                c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '—' | '"' | '“' | '”' | '`')
            })
        })
        .map_or(line.len(), |end| from + end.max(1))
}

fn push_word(out: &mut Vec<(Token, usize)>, word: &str, at: usize, end: usize) {
    if matches!(word, "-" | "--" | "–" | "—" | "|") {
        out.push((Token::new(",", Kind::Comma), end));
        return;
    }
    let kept = word.trim_end_matches(['.', '!', '?', ':', '…']);
    let tail = word.get(kept.len()..).unwrap_or_default();
    let abbreviation = matches!(kept.to_ascii_lowercase().as_str(), "e.g" | "i.e" | "etc" | "vs" | "cf");
    if !kept.is_empty() {
        let kept = kept.trim_matches(['*', '_', '\'', '‘', '’']);
        let kept = if CONTRACTED.contains(&kept.to_lowercase().replace('’', "'").as_str()) {
            kept
        } else {
            kept.trim_end_matches("'s").trim_end_matches("’s")
        };
        let glued = if word.contains('*') && !word.starts_with("**") {
            word.trim_end_matches(['.', '!', '?', ':'])
        } else {
            kept
        };
        let bold = glued.trim_start_matches("**").trim_end_matches("**");
        if !bold.is_empty() {
            out.push((Token::new(bold, Kind::Word), at + word.len() - tail.len()));
        }
    } else if word == ".." {
        out.push((Token::new(word, Kind::Word), end));
        return;
    }
    if tail.contains('?') {
        out.push((Token::new("?", Kind::Question), end));
    } else if tail.contains('!') || (tail.contains(['.', '…']) && !abbreviation) {
        out.push((Token::new(".", Kind::End), end));
    } else if tail.contains(':') {
        out.push((Token::new(":", Kind::Colon), end));
    }
}
