//! From text to bash's grammar, with limits that keep hostile text from using up the parser.

use std::borrow::Cow;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use brush_parser::ast::Program;
use brush_parser::word::{self, BraceExpressionOrText, Parameter, WordPiece, WordPieceWithSource};
use brush_parser::{ParserOptions, SourceSpan, Token, parse_tokens, uncached_tokenize_str};

use banksman_protocol::Span;

/// How many bytes of a command line are parsed.
const TEXT_LIMIT: usize = 256 * 1024;
/// How deep brackets may be nested.
const NESTING_LIMIT: usize = 100;
/// How deep indices of arrays may be nested.
const INDEX_LIMIT: usize = 3;
/// How many indices one word may hold: the parser recurses with them.
const INDICES_LIMIT: usize = 1_000;
/// How deep blocks may be nested; a word that only looks like the beginning of one counts, too.
const BLOCK_LIMIT: usize = 250;
/// How many tokens the parser may look at, all tries together.
const WORK_LIMIT: usize = 1 << 20;
/// How many characters the parser of braces may look at, all tries together.
const BRACE_LIMIT: usize = 1 << 17;
/// The parser recurses: it gets a stack of its own when little is left.
const STACK: usize = 16 * 1024 * 1024;

/// The options that bash itself parses with.
pub(super) fn options() -> ParserOptions {
    ParserOptions::default()
}

/// Parses a command line; the error says in words why not.
pub(super) fn parse(text: &str) -> Result<Program, String> {
    if text.len() > TEXT_LIMIT {
        return Err(format!("it is longer than {} KiB", TEXT_LIMIT / 1024));
    }
    if text.contains('\0') {
        return Err("it holds a NUL character".to_owned());
    }
    if indices(text) > INDEX_LIMIT {
        return Err(format!("its indices are nested deeper than {INDEX_LIMIT}"));
    }
    if nesting(text) > NESTING_LIMIT {
        return Err(format!("its brackets are nested deeper than {NESTING_LIMIT}"));
    }
    let text = &*with_ends(text);
    stacker::maybe_grow(STACK / 4, STACK, || {
        let parsed = parse_whole(text);
        if parsed.is_err() && text.contains("<<") {
            // Bash takes the end of its input as the end of a here-document.
            let ended = format!("{text}\n{}\n", open_documents(text).join("\n"));
            if let Ok(program) = parse_whole(&ended) {
                return Ok(program);
            }
        }
        parsed
    })
}

/// The text with empty lines behind it when it may hold here-documents with an empty name, which end with
/// such a line: the parser goes on without end when it comes to the end of the text before it finds one.
fn with_ends(text: &str) -> Cow<'_, str> {
    let documents = text.matches("<<").count();
    let nameless = |rest: &str| {
        let name = rest.trim_start_matches(['-', ' ', '\t']);
        name.starts_with(['\'', '"', '\\', '$', '`'])
            || name.starts_with(|first: char| first != '\n' && (first.is_whitespace() || first.is_control()))
    };
    if text.match_indices("<<").any(|(at, _)| text.get(at + 2..).is_some_and(nameless)) {
        return Cow::Owned(format!("{text}{}", "\n".repeat(documents + 1)));
    }
    Cow::Borrowed(text)
}

fn parse_whole(text: &str) -> Result<Program, String> {
    let program = kept(|| {
        let options = options();
        let tokens = uncached_tokenize_str(text, &options.tokenizer_options())
            .map_err(|error| format!("it does not parse: {error}"))?;
        check(&tokens)?;
        parse_tokens(&tokens, &options).map_err(|error| format!("it does not parse: {error}"))
    });
    program.unwrap_or_else(|| Err("the parser fails on it".to_owned()))
}

/// What the parser gives; `None` when it panics, as it does on some texts that end in the middle of
/// something: they are not understood, like any other that does not parse.
pub(super) fn kept<T>(parser: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(parser)).ok()
}

/// The parser goes back and tries again, twice as often for every bracket and `case` around a command that does not
/// parse, and it recurses with the nesting of blocks and negations.
fn check(tokens: &[Token]) -> Result<(), String> {
    let mut brackets = 0_u32;
    let mut cases = 0_u32;
    let mut deepest = 0_u32;
    let mut blocks = 0_usize;
    let mut negations = 0_usize;
    let mut numbers = false;
    for token in tokens {
        let text = token.to_str();
        if has_many_indices(text) {
            return Err("it holds too many indices".to_owned());
        }
        if text.len() > 9 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            numbers = true;
        }
        if numbers && matches!(token, Token::Operator(..)) && text.contains(['<', '>']) {
            return Err("the number of a redirection is too large".to_owned());
        }
        negations = if matches!(text, "!" | "coproc") { negations + 1 } else { 0 };
        match (token, text) {
            (Token::Operator(..), "(") => brackets += 1,
            (Token::Operator(..), ")") => brackets = brackets.saturating_sub(1),
            (Token::Word(..), "case") => {
                blocks += 1;
                cases += 1;
            }
            (Token::Word(..), "esac") => {
                blocks = blocks.saturating_sub(1);
                cases = cases.saturating_sub(1);
            }
            (Token::Word(..), "{" | "if" | "do" | "[[") => blocks += 1,
            (Token::Word(..), "}" | "fi" | "done" | "]]") => blocks = blocks.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(brackets + cases);
        if blocks > BLOCK_LIMIT || negations > NESTING_LIMIT {
            return Err("its blocks are nested too deep".to_owned());
        }
    }
    match 1_usize.checked_shl(deepest).and_then(|tries| tries.checked_mul(tokens.len())) {
        Some(work) if work <= WORK_LIMIT => Ok(()),
        _ => Err("its brackets are nested too deep".to_owned()),
    }
}

/// The ends of here-documents that no line of the text gives.
fn open_documents(text: &str) -> Vec<String> {
    text.match_indices("<<")
        .take(64)
        .filter_map(|(at, _)| text.get(at + 2..))
        .filter(|rest| !rest.starts_with('<'))
        .map(|rest| rest.trim_start_matches(['-', ' ', '\t', '\'', '"', '\\']))
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        .filter(|tag| !tag.is_empty() && !text.lines().any(|line| line.trim_start_matches('\t') == tag))
        .collect()
}

/// The deepest nesting of brackets and substitutions, quoting left aside: at least what the parser will see.
fn nesting(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for byte in text.bytes() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// How deep indices of arrays stand in indices of arrays: the parser reads each some thirty times.
fn indices(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    let mut in_name = false;
    let mut before = b' ';
    for byte in text.bytes() {
        match byte {
            b'{' if before == b'$' => in_name = true,
            b'[' if in_name => {
                depth += 1;
                deepest = deepest.max(depth);
                in_name = false;
            }
            b']' => {
                depth = depth.saturating_sub(1);
                in_name = false;
            }
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'!' | b'#') => {}
            _ => in_name = false,
        }
        before = byte;
    }
    deepest
}

/// More indices than the parser can be trusted with: quoting decides which of them stand in each other.
fn has_many_indices(text: &str) -> bool {
    text.len() > INDICES_LIMIT
        && text.as_bytes().windows(2).filter(|pair| matches!(pair, [name, b'['] if is_of_name(*name))).count()
            > INDICES_LIMIT
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The pieces of a word; `None` when it cannot be read.
pub(super) fn word(text: &str) -> Option<Vec<WordPieceWithSource>> {
    if !is_sound(text) {
        return None;
    }
    stacker::maybe_grow(STACK / 4, STACK, || kept(|| word::parse(text, &options()).ok()).flatten())
}

/// The pieces of the body of a here-document; `None` when it cannot be read.
pub(super) fn document(text: &str) -> Option<Vec<WordPieceWithSource>> {
    if !is_sound(text) {
        return None;
    }
    stacker::maybe_grow(STACK / 4, STACK, || kept(|| word::parse_heredoc(text, &options()).ok()).flatten())
}

/// A parameter by its name; `None` when it cannot be read.
pub(super) fn parameter(name: &str) -> Option<Parameter> {
    if !is_sound(name) {
        return None;
    }
    kept(|| word::parse_parameter(name, &options()).ok()).flatten()
}

/// The parser neither recurses too deep in it nor fails on a number that is too long.
fn is_sound(text: &str) -> bool {
    nesting(text) <= NESTING_LIMIT
        && indices(text) <= INDEX_LIMIT
        && !has_many_indices(text)
        && !(text.starts_with('~') && has_long_number(text))
}

/// The parts of a word between braces that expand, `None` when there are none; the error when they
/// are more than the parser can be trusted with.
pub(super) fn braces(text: &str) -> Result<Option<Vec<BraceExpressionOrText>>, ()> {
    if !text.contains('{') || !(text.contains(',') || text.contains("..")) {
        return Ok(None);
    }
    let plain = !text.contains('`') && !text.contains("$(");
    let open = if plain {
        has_unquoted_brace(text)
    } else {
        // Braces in what is quoted or run by itself are none of this word.
        word(text).is_none_or(|pieces| {
            pieces.iter().any(|piece| matches!(&piece.piece, WordPiece::Text(text) if text.contains('{')))
        })
    };
    if !open {
        return Ok(None);
    }
    // The parser tries each bracket in two ways, and in two more when it may begin a sequence.
    let ways = if text.contains("..") { 2 } else { 1 };
    let depth = u32::try_from(nesting(text)).unwrap_or(u32::MAX).saturating_mul(ways);
    let work = 1_usize.checked_shl(depth).and_then(|tries| tries.checked_mul(text.len()));
    if work.is_none_or(|work| work > BRACE_LIMIT) || (text.contains("..") && has_long_number(text)) {
        return Err(());
    }
    kept(|| word::parse_brace_expansions(text, &options()).unwrap_or_default()).ok_or(())
}

fn has_unquoted_brace(text: &str) -> bool {
    let mut quote = None;
    let mut before = ' ';
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None | Some('"'), '\\') => {
                chars.next();
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '{') if before != '$' => return true,
            _ => {}
        }
        before = c;
    }
    false
}

fn has_long_number(text: &str) -> bool {
    let mut digits = 0;
    text.bytes().any(|byte| {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        digits > 17
    })
}

/// A text that is read, with where its characters stand as far as that is not plain: the parser
/// counts characters, and everything else counts bytes.
#[derive(Clone, Debug)]
pub(super) struct Line {
    text: Arc<str>,
    offsets: Option<Arc<[u32]>>,
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        let offset = |(byte, _)| u32::try_from(byte).unwrap_or(u32::MAX);
        let offsets = (!text.is_ascii()).then(|| text.char_indices().map(offset).collect());
        Self { text: text.into(), offsets }
    }
}

impl Deref for Line {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Line {
    fn byte(&self, index: usize) -> usize {
        match &self.offsets {
            Some(offsets) => offsets.get(index).map_or(self.text.len(), |byte| *byte as usize),
            None => index.min(self.text.len()),
        }
    }

    /// The bytes that a span of the parser covers.
    pub(super) fn bytes(&self, span: &SourceSpan) -> Span {
        let (start, end) = (self.byte(span.start.index), self.byte(span.end.index));
        let Some(part) = self.text.get(start..end) else { return Span::new(0, self.text.len()) };
        let lead = part.len() - part.trim_start().len();
        Span::new(start + lead, start + part.trim_end().len().max(lead))
    }
}
