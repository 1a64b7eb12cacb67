//! From text to bash's grammar, with limits that keep hostile text from using up the parser.

use brush_parser::ast::Program;
use brush_parser::{Parser, ParserOptions, SourceSpan};

use banksman_protocol::Span;

/// How many bytes of a command line are parsed.
const TEXT_LIMIT: usize = 256 * 1024;
/// How deep brackets may be nested.
const NESTING_LIMIT: usize = 100;
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
    if nesting(text) > NESTING_LIMIT {
        return Err(format!("its brackets are nested deeper than {NESTING_LIMIT}"));
    }
    stacker::maybe_grow(STACK / 4, STACK, || {
        let parsed = Parser::new(text.as_bytes(), &options()).parse_program();
        if parsed.is_err() && text.contains("<<") {
            // Bash takes the end of its input as the end of a here-document.
            let ended = format!("{text}\n{}\n", open_documents(text).join("\n"));
            if let Ok(program) = Parser::new(ended.as_bytes(), &options()).parse_program() {
                return Ok(program);
            }
        }
        parsed.map_err(|error| format!("it does not parse: {error}"))
    })
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
    let words = text.split_ascii_whitespace();
    let blocks = words.filter(|word| matches!(*word, "if" | "case" | "do" | "while" | "until")).count();
    deepest.max(
        blocks.min(text.matches("if").count() + text.matches("do").count() + text.matches("case").count())
            / 4,
    )
}

/// The bytes that a span of the parser covers. The parser counts characters.
pub(super) fn bytes(text: &str, span: &SourceSpan) -> Span {
    let (start, end) = (span.start.index, span.end.index);
    let (start, end) = if text.is_ascii() {
        (start.min(text.len()), end.min(text.len()))
    } else {
        let at = |index: usize| text.char_indices().nth(index).map_or(text.len(), |(byte, _)| byte);
        (at(start), at(end))
    };
    let Some(part) = text.get(start..end) else { return Span::new(0, text.len()) };
    let lead = part.len() - part.trim_start().len();
    Span::new(start + lead, start + part.trim_end().len().max(lead))
}
