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

/// At least as deep as the syntax tree: blocks, brackets, and whatever stands in a chain of operators.
pub(super) fn of_python(text: &str) -> usize {
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
    use super::of_python;

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
    fn what_is_only_long_is_not_deep() {
        assert!(of_python(&format!("x = [{}]", "f(1), -2, 'a' 'b', ".repeat(5_000))) < 20);
        assert!(of_python(&"x = os.path.join(a, b)\n".repeat(5_000)) < 20);
        assert!(of_python(&format!("x = ({})", "'text'\n".repeat(5_000))) < 20);
    }
}
