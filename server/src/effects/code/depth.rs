//! How deep the syntax of Python code is nested, at the most: told from its tokens, before anything recurses.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// One bracket that is open, or the line itself.
#[derive(Clone, Copy, Default)]
struct Level {
    /// Tokens of the element so far that may each take what is there one level down.
    own: usize,
    /// The deepest bracket of the element so far.
    inner: usize,
    /// The deepest element so far.
    deepest: usize,
    /// Tokens that reach over commas: a `lambda` with several parameters.
    kept: usize,
}

impl Level {
    fn depth(self) -> usize {
        self.deepest.max(self.own + self.inner) + self.kept
    }

    fn end_element(&mut self) {
        self.deepest = self.deepest.max(self.own + self.inner);
        (self.own, self.inner) = (0, 0);
    }
}

/// Whether the syntax tree is deeper than `limit`, or might be.
pub(super) fn is_deeper(text: &str, limit: usize) -> bool {
    might_nest(text) > limit && of_python(text) > limit
}

/// How many tokens there are at the most that something may hang on, wherever they stand: short code has too few
/// of them to be deep, and need not be cut into its tokens to tell.
fn might_nest(text: &str) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    // What is wrong at the end of the text is a token of its own.
    let mut count = 1;
    let mut before = 0;
    for line in text.as_bytes().split(|byte| *byte == b'\n' || *byte == b'\r') {
        let indent = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        count += usize::from(indent > before);
        before = indent;
        count += line.iter().filter(|byte| !is_part(byte) && !matches!(byte, b',' | b' ' | b'\t')).count();
        count += line.split(|byte| !is_part(byte)).filter(|word| is_keyword(word)).count();
    }
    count
}

/// A word of the language, hard or soft.
fn is_keyword(word: &[u8]) -> bool {
    matches!(
        word,
        b"False"
            | b"None"
            | b"True"
            | b"and"
            | b"as"
            | b"assert"
            | b"async"
            | b"await"
            | b"break"
            | b"case"
            | b"class"
            | b"continue"
            | b"def"
            | b"del"
            | b"elif"
            | b"else"
            | b"except"
            | b"finally"
            | b"for"
            | b"from"
            | b"global"
            | b"if"
            | b"import"
            | b"in"
            | b"is"
            | b"lambda"
            | b"match"
            | b"nonlocal"
            | b"not"
            | b"or"
            | b"pass"
            | b"raise"
            | b"return"
            | b"try"
            | b"type"
            | b"while"
            | b"with"
            | b"yield"
    )
}

/// At least as deep as the syntax tree: blocks, brackets, and whatever stands in a chain of operators.
fn of_python(text: &str) -> usize {
    let mut tokens = lexer::lex(text, Mode::Module);
    let mut open: Vec<Level> = Vec::new();
    let mut line = Level::default();
    let mut blocks = 0_usize;
    let mut deepest = 0_usize;
    loop {
        let token = tokens.next_token();
        let level = open.last_mut().unwrap_or(&mut line);
        match token {
            TokenKind::EndOfFile => break,
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                level.own += 1;
                open.push(Level::default());
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                if let Some(closed) = open.pop() {
                    let level = open.last_mut().unwrap_or(&mut line);
                    level.inner = level.inner.max(closed.depth());
                }
            }
            TokenKind::Comma => level.end_element(),
            TokenKind::Lambda => level.kept += 1,
            TokenKind::Newline | TokenKind::Semi => {
                deepest = deepest.max(blocks + depth(&open, line));
                open.clear();
                line = Level::default();
            }
            // Names, numbers and texts lie side by side.
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline => {}
            _ => level.own += 1,
        }
        // What is never closed is as deep as what is.
        if open.len() > 4_096 {
            return usize::MAX;
        }
    }
    deepest.max(blocks + depth(&open, line))
}

fn depth(open: &[Level], line: Level) -> usize {
    line.depth() + open.iter().map(|level| level.depth()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::{might_nest, of_python};

    #[test]
    fn what_nests_is_counted() {
        for part in [
            "(",
            "-",
            "not ",
            "lambda: ",
            "lambda a, b: ",
            "a.",
            "a(",
            "x if y else ",
            "f\"{",
            "1+",
            "await ",
        ] {
            assert!(of_python(&part.repeat(400)) >= 390, "{part}");
        }
        let blocks: String = (0..300).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
        assert!(of_python(&blocks) >= 299);
        assert!(of_python(&format!("x = a{}", "(1)".repeat(300))) >= 300);
    }

    #[test]
    fn the_count_of_what_might_nest_is_never_less_than_the_depth() {
        let deep = [
            "(",
            "-",
            "not ",
            "lambda: ",
            "a.",
            "a(",
            "x if y else ",
            "f\"{",
            "F'{",
            "t'{",
            "rf'{",
            "1+",
            "await ",
            "[",
            "{",
            "a[",
            "yield ",
            "*",
            "~",
            "a:=(",
            "é(",
            "x or ",
            "x is not ",
            "\\\n(",
            "((#)\n",
            "'''('''(",
        ];
        for part in deep {
            let text = part.repeat(50);
            assert!(might_nest(&text) >= of_python(&text), "{part}");
        }
        let blocks: String = (0..90).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
        assert!(might_nest(&blocks) >= of_python(&blocks));
        let steps: String = (0..90).map(|depth| format!("{}x\n", " ".repeat(depth))).collect();
        assert!(might_nest(&steps) >= of_python(&steps));
    }

    #[test]
    fn what_is_only_long_is_not_deep() {
        assert!(of_python(&format!("x = [{}]", "f(1), -2, 'a' 'b', ".repeat(5_000))) < 20);
        assert!(of_python(&"x = os.path.join(a, b)\n".repeat(5_000)) < 20);
        assert!(of_python(&format!("x = ({})", "'text'\n".repeat(5_000))) < 20);
    }
}
