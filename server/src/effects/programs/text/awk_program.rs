//! The text of an awk program: the commands it runs, the files it writes, the connections it opens.
//!
//! Only calls of `system`, pipes and redirections are looked at; what they are given is put together as far
//! as texts and variables that are assigned once tell.

use std::collections::BTreeMap;

use crate::effects::argv::{Arg, tail};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{Worst, WriteHow};

/// How many parts of a program are looked at.
const LIMIT: usize = 20_000;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Text(String),
    Name(String),
    Number(String),
    /// A regular expression, which runs nothing.
    Pattern,
    Mark(char),
    /// `||`, `&&`, `==` and other marks of two characters that say nothing here.
    Other,
    /// `>>`.
    Append,
}

/// Follows a program. `read` is what it reads, `given` the variables that are set on the line.
pub(super) fn follow(shell: &mut Shell<'_>, program: &Arg, given: &[Arg], read: &Value) {
    let tokens = tokens(&program.shown());
    let mut reader = Reader { tokens: &tokens, names: BTreeMap::new(), read, fetched: Value::default() };
    for arg in given {
        if let Some((name, _)) = arg.value.prefix().split_once('=') {
            reader.names.insert(name.to_owned(), tail(arg, name.len() + 1).value);
        }
    }
    reader.assignments();
    reader.follow(shell, program);
}

struct Reader<'t> {
    tokens: &'t [Token],
    names: BTreeMap<String, Value>,
    read: &'t Value,
    /// What commands that the program reads from print.
    fetched: Value,
}

impl Reader<'_> {
    fn is(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at) == Some(&Token::Mark(mark))
    }

    fn is_name(&self, at: usize, name: &str) -> bool {
        matches!(self.tokens.get(at), Some(Token::Name(known)) if known == name)
    }

    /// Variables that get a known text. One that is assigned more than once is not known.
    fn assignments(&mut self) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for at in 0..self.tokens.len() {
            if let Some(Token::Name(name)) = self.tokens.get(at)
                && self.is(at + 1, '=')
            {
                let name = name.clone();
                let value = self.expression(at + 2, self.end_of(at + 2));
                let times = seen.entry(name.clone()).or_default();
                *times += 1;
                let value = if *times > 1 { Value::output("awk", value.sources().to_vec()) } else { value };
                self.names.insert(name, value);
            }
        }
    }

    /// Where an expression that begins at `from` ends.
    fn end_of(&self, from: usize) -> usize {
        let mut depth = 0_usize;
        let mut at = from;
        while let Some(token) = self.tokens.get(at) {
            match token {
                Token::Mark('(' | '[') => depth += 1,
                Token::Mark(')' | ']') if depth == 0 => break,
                Token::Mark(')' | ']') => depth -= 1,
                Token::Mark(';' | '}' | '{' | '\n') => break,
                Token::Mark('|' | '>' | ',' | '?' | ':' | '<') | Token::Other | Token::Append
                    if depth == 0 =>
                {
                    break;
                }
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// Where an expression that ends before `to` begins.
    fn start_of(&self, to: usize) -> usize {
        let mut depth = 0_usize;
        let mut at = to;
        while at > 0 {
            match self.tokens.get(at - 1) {
                Some(Token::Mark(')' | ']')) => depth += 1,
                Some(Token::Mark('(' | '[')) if depth == 0 => break,
                Some(Token::Mark('(' | '[')) => depth -= 1,
                Some(Token::Mark(';' | '}' | '{' | '\n')) => break,
                Some(Token::Mark('=' | ',' | '!' | '?' | ':' | '|') | Token::Other) if depth == 0 => break,
                _ => {}
            }
            at -= 1;
        }
        at
    }

    /// Texts and variables that stand side by side are put together.
    fn expression(&self, from: usize, to: usize) -> Value {
        let mut out = Value::default();
        let mut at = from;
        while at < to {
            match self.tokens.get(at) {
                Some(Token::Text(text)) => out.push_text(text),
                Some(Token::Number(text)) => out.push_text(text),
                Some(Token::Mark('(' | ')')) => {}
                Some(Token::Name(_)) if self.is(at + 1, '(') => {
                    out.push(&self.something());
                    at = self.end_of(at + 2);
                }
                Some(Token::Name(name)) => match self.names.get(name) {
                    Some(value) => out.push(value),
                    None => out.push(&self.something()),
                },
                Some(Token::Mark('$')) => {
                    out.push(&self.something());
                    at += 1;
                }
                _ => out.push(&self.something()),
            }
            at += 1;
        }
        out
    }

    /// What is only known when the program runs.
    fn something(&self) -> Value {
        let mut sources = self.read.sources().to_vec();
        sources.extend(self.fetched.sources().iter().cloned());
        Value::output("awk", sources)
    }

    fn follow(&mut self, shell: &mut Shell<'_>, program: &Arg) {
        let span = program.span;
        let connects = |token: &Token| matches!(token, Token::Text(text) if text.contains("/inet"));
        if self.tokens.iter().any(connects) {
            shell.opaque("awk opens a connection of its own", Worst::Runs, span);
        }
        // What is read from commands comes first: it may be what the others are given.
        for at in 0..self.tokens.len() {
            if self.is(at, '|') && self.is_name(at + 1 + usize::from(self.is(at + 1, '&')), "getline") {
                let line = self.expression(self.start_of(at), at);
                let out = shell.run_line(&line, span, &Value::default());
                self.fetched.push(&out);
            }
        }
        // Where the statement began that prints, when one does.
        let mut prints = None;
        for at in 0..self.tokens.len() {
            match self.tokens.get(at) {
                Some(Token::Name(name)) if name == "print" || name == "printf" => prints = Some(at),
                Some(Token::Name(name)) if name == "system" && self.is(at + 1, '(') => {
                    let line = self.expression(at + 2, self.end_of(at + 2));
                    shell.run_line(&line, span, &Value::default());
                }
                Some(Token::Mark(';' | '}' | '{' | '\n')) => prints = None,
                Some(Token::Mark('|')) => {
                    let to = at + 1 + usize::from(self.is(at + 1, '&'));
                    if self.is_name(to, "getline") {
                        continue;
                    }
                    let Some(printed) = prints.take() else { continue };
                    let line = self.expression(to, self.end_of(to));
                    let given = self.expression(printed + 1, at);
                    let given = if given.is_empty() { self.something() } else { given };
                    shell.run_line(&line, span, &given);
                }
                Some(Token::Mark('>') | Token::Append) => {
                    let Some(_) = prints.take() else { continue };
                    let appends = self.tokens.get(at) == Some(&Token::Append);
                    let name = self.expression(at + 1, self.end_of(at + 1));
                    if name.text().is_some() {
                        let how = if appends { WriteHow::Append } else { WriteHow::Replace };
                        shell.write(&Arg { value: name, span, pattern: false }, how, None);
                    }
                }
                _ => {}
            }
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let get = |at: usize| chars.get(at).copied();
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = get(at) {
        if out.len() > LIMIT {
            break;
        }
        match c {
            '"' => {
                let (literal, next) = literal(&chars, at + 1);
                out.push(Token::Text(literal));
                at = next;
                continue;
            }
            '#' => {
                while get(at).is_some_and(|c| c != '\n') {
                    at += 1;
                }
                continue;
            }
            '\\' if get(at + 1) == Some('\n') => at += 1,
            '/' if begins_pattern(out.last()) => {
                at += 1;
                while get(at).is_some_and(|c| c != '/' && c != '\n') {
                    at += 1 + usize::from(get(at) == Some('\\'));
                }
                out.push(Token::Pattern);
            }
            c if c.is_alphabetic() || c == '_' => {
                let start = at;
                while get(at).is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    at += 1;
                }
                out.push(Token::Name(chars.iter().skip(start).take(at - start).collect()));
                continue;
            }
            c if c.is_ascii_digit() => {
                let start = at;
                while get(at).is_some_and(|c| c.is_ascii_alphanumeric() || c == '.') {
                    at += 1;
                }
                out.push(Token::Number(chars.iter().skip(start).take(at - start).collect()));
                continue;
            }
            '>' if get(at + 1) == Some('>') => {
                out.push(Token::Append);
                at += 1;
            }
            '|' | '&' if get(at + 1) == Some(c) => {
                out.push(Token::Other);
                at += 1;
            }
            '=' | '!' | '<' | '>' | '+' | '-' | '*' | '/' | '%' | '^' if get(at + 1) == Some('=') => {
                out.push(Token::Other);
                at += 1;
            }
            '~' => out.push(Token::Other),
            c if c.is_whitespace() && c != '\n' => {}
            other => out.push(Token::Mark(other)),
        }
        at += 1;
    }
    out
}

/// A slash divides behind a value, and begins a regular expression elsewhere.
fn begins_pattern(before: Option<&Token>) -> bool {
    !matches!(
        before,
        Some(
            Token::Text(_)
                | Token::Name(_)
                | Token::Number(_)
                | Token::Pattern
                | Token::Mark(')' | ']' | '$')
        )
    )
}

/// The text of a literal, with its escapes, and where it ends.
fn literal(chars: &[char], from: usize) -> (String, usize) {
    let mut out = String::new();
    let mut at = from;
    while let Some(c) = chars.get(at) {
        at += 1;
        match c {
            '"' => break,
            '\\' => {
                let Some(next) = chars.get(at) else { break };
                at += 1;
                match next {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'x' => {
                        let (code, used) = number(chars, at, 16, 2);
                        at += used;
                        out.extend(code);
                    }
                    '0'..='7' => {
                        let (code, used) = number(chars, at - 1, 8, 3);
                        at += used.saturating_sub(1);
                        out.extend(code);
                    }
                    other => out.push(*other),
                }
            }
            other => out.push(*other),
        }
    }
    (out, at)
}

/// The character of a number in this base, and how many digits it has.
fn number(chars: &[char], from: usize, base: u32, most: usize) -> (Option<char>, usize) {
    let digits: String =
        chars.iter().skip(from).take(most).take_while(|digit| digit.is_digit(base)).collect();
    (u32::from_str_radix(&digits, base).ok().and_then(char::from_u32), digits.len())
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    fn texts(program: &str) -> Vec<String> {
        let texts = tokens(program).into_iter().filter_map(|token| match token {
            Token::Text(text) => Some(text),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn escapes_stand_for_their_characters() {
        assert_eq!(texts(r#"BEGIN { system("a\x20b\040c\\d\"") }"#), ["a b c\\d\""]);
    }

    #[test]
    fn regular_expressions_and_comments_hold_no_texts() {
        assert_eq!(texts("/\"a\"/ { print \"b\" } # \"c\""), ["b"]);
        assert_eq!(texts("{ print $1 / 2 \"x\" / 3 }"), ["x"]);
    }
}
