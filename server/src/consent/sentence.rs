//! A prompt as sentences and clauses of the user's own words.
//!
//! What the user only shows (quoted lines, pasted logs and issues, code, tags that tools write)
//! is taken out first: it grants nothing and forbids nothing.

use std::iter::Peekable;
use std::str::CharIndices;

use super::verbs;

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

enum Block {
    Text(String),
    Code(String),
}

/// Takes out what stands between tags that tools and pastes use.
fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tagged) = rest.split_at(at);
        out.push_str(before);
        let inner = tagged.strip_prefix('<').unwrap_or(tagged);
        let name: String =
            inner.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
        let close = format!("</{name}>");
        let known = name.contains(['-', '_']) || QUOTING_TAGS.contains(&name.to_ascii_lowercase().as_str());
        if name.is_empty() || !known {
            out.push('<');
            rest = inner;
            continue;
        }
        out.push('\n');
        rest = match tagged.find(&close) {
            Some(end) => tagged.get(end + close.len()..).unwrap_or_default(),
            None if tagged.get(name.len() + 1..).is_some_and(|after| after.starts_with('>')) => "",
            None => inner,
        };
    }
    out.push_str(rest);
    out
}

const QUOTING_TAGS: [&str; 20] = [
    "issue",
    "output",
    "result",
    "results",
    "stdout",
    "stderr",
    "document",
    "documents",
    "context",
    "log",
    "logs",
    "file",
    "error",
    "diff",
    "email",
    "message",
    "page",
    "content",
    "example",
    "quote",
];

/// Paragraphs and code blocks, without quoted lines and what is pasted.
fn blocks(text: &str) -> Vec<Block> {
    let mut all = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut code: Option<(String, Vec<&str>)> = None;
    let mut quoting = false;
    let flush = |paragraph: &mut Vec<&str>, all: &mut Vec<Block>| {
        if !paragraph.is_empty() {
            all.push(Block::Text(join_lines(paragraph)));
            paragraph.clear();
        }
    };
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some((fence, lines)) = &mut code {
            if trimmed.starts_with(fence.as_str()) {
                all.push(Block::Code(lines.join("\n")));
                code = None;
            } else {
                lines.push(line);
            }
            continue;
        }
        if trimmed.starts_with("\"\"\"") || trimmed.starts_with("'''") {
            flush(&mut paragraph, &mut all);
            quoting = !quoting;
            continue;
        }
        if quoting {
            continue;
        }
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            flush(&mut paragraph, &mut all);
            code = Some((trimmed.chars().take(3).collect(), Vec::new()));
        } else if trimmed.is_empty() || is_shown(line) {
            flush(&mut paragraph, &mut all);
        } else if introduces_paste(trimmed) {
            // The rest is somebody else's text, and where it ends cannot be told.
            paragraph.push(trimmed);
            flush(&mut paragraph, &mut all);
            let fenced = text.get(offset_after(text, line)..).is_some_and(|rest| {
                let rest = rest.trim_start();
                rest.starts_with("```")
                    || rest.starts_with("~~~")
                    || rest.starts_with('>')
                    || rest.starts_with("\"\"\"")
            });
            if !fenced {
                break;
            }
        } else {
            paragraph.push(trimmed);
        }
    }
    flush(&mut paragraph, &mut all);
    if let Some((_, lines)) = code {
        all.push(Block::Code(lines.join("\n")));
    }
    all
}

fn offset_after(text: &str, line: &str) -> usize {
    (line.as_ptr() as usize).saturating_sub(text.as_ptr() as usize) + line.len()
}

/// The line is shown, not said: a quotation, a log, a diff, a trace.
fn is_shown(line: &str) -> bool {
    let line = line.trim_start();
    let starts = [
        ">",
        "$ ",
        "diff --git",
        "@@ ",
        "+++ ",
        "--- ",
        "Traceback (",
        "File \"",
        "at ",
        "error[",
        "error:",
        "ERROR",
        "WARN",
        "INFO",
        "DEBUG",
        "FATAL",
        "fatal:",
        "warning:",
        "npm ERR",
        "remote:",
        "panicked at",
        "thread '",
        "E   ",
        "| ",
    ];
    let first = line.chars().next().unwrap_or(' ');
    let stamp = line.chars().take(19).filter(char::is_ascii_digit).count() >= 8
        && line.chars().take(24).any(|c| c == ':');
    let bracketed = first == '['
        && line.contains(']')
        && !line.contains("](")
        && !line.starts_with("[ ]")
        && !line.starts_with("[x]");
    let traced = !line.starts_with("at ") || line.contains('(');
    let started = traced && starts.iter().any(|start| line.starts_with(start));
    started || stamp || bracketed
}

/// "Here is the issue:", "The log says:".
fn introduces_paste(line: &str) -> bool {
    let Some(line) = line.strip_suffix(':') else { return false };
    let low = line.to_lowercase();
    let has = |words: &[&str]| low.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
    has(&[
        "issue",
        "issues",
        "log",
        "logs",
        "output",
        "error",
        "message",
        "mail",
        "email",
        "comment",
        "comments",
        "review",
        "readme",
        "docs",
        "documentation",
        "trace",
        "stacktrace",
        "traceback",
        "ticket",
        "report",
        "response",
        "description",
        "instructions",
        "transcript",
        "thread",
        "post",
        "page",
        "content",
        "contents",
    ]) && has(&[
        "here",
        "following",
        "this",
        "says",
        "said",
        "reads",
        "from",
        "the",
        "below",
        "get",
        "got",
        "see",
        "its",
    ]) && !has(&["fix", "address", "do", "tasks"])
}

/// Lines of one paragraph: a line break ends a sentence unless the line was only wrapped.
fn join_lines(lines: &[&str]) -> String {
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            let before = lines.get(at - 1).copied().unwrap_or_default();
            out.push(if is_wrapped(before, line) { ' ' } else { '\n' });
        }
        out.push_str(line);
    }
    out
}

fn is_wrapped(before: &str, line: &str) -> bool {
    let last = before.rsplit(' ').next().unwrap_or_default().to_lowercase();
    if HANGING.contains(&last.as_str()) || before.ends_with(',') {
        return !is_item(line);
    }
    let upper = line.chars().next().is_some_and(char::is_uppercase);
    before.chars().count() >= 60 && !upper && !is_item(line) && !before.ends_with(['.', '!', '?', ':', ';'])
}

const HANGING: [&str; 28] = [
    "not", "don't", "never", "to", "the", "a", "an", "and", "or", "with", "of", "in", "on", "at", "by",
    "for", "please", "you", "must", "should", "can", "no", "without", "only", "until", "before", "do", "nor",
];

fn is_item(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        Some('-' | '*' | '•' | '+') => chars.next() == Some(' '),
        Some(c) if c.is_ascii_digit() => {
            chars.find(|c| !c.is_ascii_digit()).is_some_and(|c| matches!(c, '.' | ')'))
                && chars.next() == Some(' ')
        }
        _ => false,
    }
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

const CONTRACTED: [&str; 12] = [
    "let's",
    "it's",
    "that's",
    "what's",
    "there's",
    "here's",
    "who's",
    "how's",
    "he's",
    "she's",
    "where's",
    "everything's",
];

/// Words that make a clause depend on another one.
const UNDER: [&str; 21] = [
    "if", "unless", "until", "till", "when", "once", "after", "before", "because", "since", "while",
    "although", "though", "without", "that", "which", "who", "whenever", "whose", "where", "assuming",
];

fn clauses_of(tokens: Vec<Token>) -> Vec<Clause> {
    let mut all: Vec<Clause> = Vec::new();
    let mut now = Clause::default();
    let mut at = 0;
    let close = |now: &mut Clause, all: &mut Vec<Clause>, joint: Joint, under: Option<String>| {
        let done = std::mem::replace(now, Clause { tokens: Vec::new(), joint, under });
        if !done.tokens.is_empty() {
            all.push(done);
        }
    };
    while let Some(token) = tokens.get(at) {
        let rest = tokens.get(at + 1..).unwrap_or_default();
        let before = now.tokens.last().map(|token| token.low.clone()).unwrap_or_default();
        match token.kind {
            Kind::Colon => close(&mut now, &mut all, Joint::Colon, None),
            Kind::Comma => {
                let (joint, skip) = joint_at(rest);
                let next = rest.get(skip..).unwrap_or_default();
                if joint == Joint::Then || starts_clause(next, &now) || ends_introduction(&now) {
                    close(&mut now, &mut all, if joint == Joint::Start { Joint::Comma } else { joint }, None);
                    at += skip;
                } else {
                    now.tokens.push(token.clone());
                }
            }
            Kind::Word
                if joint_of(&token.low) != Joint::Start
                    && !matches!(before.as_str(), "try" | "ahead" | "go") =>
            {
                let joint = joint_of(&token.low);
                let starts = match joint {
                    Joint::Then => {
                        let goes_on = token.low != "so" || rest.first().is_none_or(opens);
                        goes_on && !now.tokens.is_empty()
                    }
                    _ => starts_clause(rest, &now),
                };
                if starts {
                    close(&mut now, &mut all, joint, None);
                } else {
                    now.tokens.push(token.clone());
                }
            }
            Kind::Word if UNDER.contains(&token.low.as_str()) && makes_clause(token, rest, &before, &now) => {
                let joint = now.joint;
                let empty = now.tokens.iter().all(|token| joint_of(&token.low) != Joint::Start);
                let joint = if now.tokens.is_empty() && empty { joint } else { Joint::Start };
                close(&mut now, &mut all, joint, Some(token.low.clone()));
            }
            _ => now.tokens.push(token.clone()),
        }
        at += 1;
    }
    close(&mut now, &mut all, Joint::Start, None);
    all
}

fn makes_clause(token: &Token, rest: &[Token], before: &str, now: &Clause) -> bool {
    let next = rest.first().map(|token| token.low.as_str()).unwrap_or_default();
    match token.low.as_str() {
        // "make sure that you …", "I want that branch": not a clause of its own.
        "that" | "which" | "who" | "where" | "whose" => {
            !now.tokens.is_empty()
                && !matches!(
                    before,
                    "sure"
                        | "delete"
                        | "remove"
                        | "push"
                        | "run"
                        | "do"
                        | "of"
                        | "to"
                        | "with"
                        | "in"
                        | "from"
                        | "ensure"
                        | "deploy"
                        | "merge"
                        | "publish"
                        | "fix"
                        | "commit"
                        | "install"
                        | "into"
                        | "on"
                )
                && (token.low != "that" || !matches!(next, "" | "and" | "," | "branch" | "file" | "folder"))
        }
        "when" => !now.tokens.is_empty() || !next.is_empty(),
        _ => true,
    }
}

fn joint_of(word: &str) -> Joint {
    match word {
        "and" | "&" | "plus" => Joint::And,
        "or" | "nor" => Joint::Or,
        "but" | "however" | "instead" => Joint::But,
        "then" | "so" | "therefore" | "afterwards" => Joint::Then,
        _ => Joint::Start,
    }
}

/// The joint that the words begin with, and how many words it takes.
fn joint_at(tokens: &[Token]) -> (Joint, usize) {
    let first =
        tokens.first().filter(|token| token.is_word()).map_or(Joint::Start, |token| joint_of(&token.low));
    if first == Joint::Start {
        return (first, 0);
    }
    let second =
        tokens.get(1).filter(|token| token.is_word()).map_or(Joint::Start, |token| joint_of(&token.low));
    if second == Joint::Start { (first, 1) } else { (second, 2) }
}

/// A comma after these ends the clause whatever follows: "ok, …", "if it works, …".
fn ends_introduction(now: &Clause) -> bool {
    now.under.as_deref().is_some_and(|under| {
        !matches!(under, "that" | "which" | "who" | "where" | "whose" | "without" | "except")
    })
}

/// A clause begins here.
fn starts_clause(tokens: &[Token], now: &Clause) -> bool {
    let mut rest = tokens;
    while let Some((first, more)) = rest.split_first()
        && first.is_word()
        && LEAD.contains(&first.low.as_str())
    {
        rest = more;
    }
    let Some(first) = rest.first() else { return false };
    if !first.is_word() {
        return false;
    }
    if opens(first) {
        return true;
    }
    let Some(hit) = verbs::at(rest, 0).filter(|hit| hit.form == verbs::Form::Base) else { return false };
    let ends = rest
        .get(hit.length)
        .is_none_or(|next| matches!(next.kind, Kind::Comma) || joint_of(&next.low) != Joint::Start);
    // "delete dist, build and test": names in a list, not further requests.
    !(ends
        && AMBIGUOUS.contains(&first.low.as_str())
        && now.tokens.iter().any(|token| LISTING.contains(&token.low.as_str())))
}

const LEAD: [&str; 15] = [
    "please",
    "also",
    "just",
    "now",
    "finally",
    "always",
    "only",
    "simply",
    "next",
    "kindly",
    "pls",
    "maybe",
    "later",
    "ok",
    "afterwards",
];

const AMBIGUOUS: [&str; 12] = [
    "build", "test", "cache", "log", "format", "start", "watch", "dump", "check", "install", "target", "view",
];

const LISTING: [&str; 8] = ["delete", "remove", "rm", "wipe", "clean", "nuke", "clear", "erase"];

/// The word begins a clause of its own.
fn opens(token: &Token) -> bool {
    token.is_word()
        && matches!(
            token.low.as_str(),
            "i" | "you"
                | "we"
                | "it"
                | "they"
                | "he"
                | "she"
                | "there"
                | "i'll"
                | "i'm"
                | "i've"
                | "i'd"
                | "you're"
                | "you'll"
                | "it's"
                | "that's"
                | "let's"
                | "lets"
                | "let"
                | "don't"
                | "do"
                | "dont"
                | "never"
                | "not"
                | "no"
                | "can"
                | "could"
                | "would"
                | "will"
                | "should"
                | "shall"
                | "must"
                | "may"
                | "what"
                | "why"
                | "how"
                | "without"
                | "if"
                | "unless"
                | "until"
                | "before"
                | "after"
                | "when"
                | "once"
                | "nothing"
                | "only"
                | "please"
                | "nobody"
                | "we're"
                | "doesn't"
                | "didn't"
                | "make"
                | "feel"
                | "everything"
        )
}
