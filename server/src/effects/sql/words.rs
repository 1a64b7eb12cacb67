//! SQL cut into words.

/// A word of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A keyword or a plain name, in lower case.
    Word(String),
    /// A name in quotes.
    Name(String),
    /// A string.
    Text(String),
    /// A string in dollar quotes: the body of a function.
    Body(String),
    /// A number.
    Number(String),
    /// A command to the client, to the end of its line.
    Meta(String),
    /// Anything else.
    Symbol(char),
}

impl Token {
    /// It is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word == keyword)
    }
}

/// The statements of a text, cut at semicolons.
pub(super) fn split(text: &str, backslash: bool) -> Vec<Vec<Token>> {
    let mut cutter = Cutter { rest: text, backslash };
    let mut statements = Vec::new();
    let mut now = Vec::new();
    let mut line_begins = true;
    while let Some(first) = cutter.rest.chars().next() {
        if first.is_whitespace() {
            line_begins |= first == '\n';
            cutter.take(first.len_utf8());
            continue;
        }
        let client = now.is_empty() && line_begins && cutter.is_client_command();
        if first == '\\' || client {
            let line = cutter.line();
            now.push(Token::Meta(line));
            // A command to the client ends what stands before it, too.
            statements.push(std::mem::take(&mut now));
            line_begins = true;
            continue;
        }
        line_begins = false;
        if first == ';' {
            cutter.take(1);
            statements.push(std::mem::take(&mut now));
            continue;
        }
        now.extend(cutter.token(first));
    }
    statements.push(now);
    statements.retain(|statement| !statement.is_empty());
    statements
}

struct Cutter<'t> {
    rest: &'t str,
    backslash: bool,
}

impl<'t> Cutter<'t> {
    fn take(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, test: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !test(c)).unwrap_or(self.rest.len());
        self.take(end)
    }

    fn line(&mut self) -> String {
        let line = self.take_while(|c| c != '\n').to_owned();
        self.take(1);
        line
    }

    /// `.tables` of sqlite3, `system ls` of mysql.
    fn is_client_command(&self) -> bool {
        if let Some(after) = self.rest.strip_prefix('.') {
            return after.starts_with(|c: char| c.is_ascii_alphabetic());
        }
        let word: String = self.rest.chars().take_while(char::is_ascii_alphabetic).collect();
        let word = word.to_ascii_lowercase();
        matches!(word.as_str(), "system" | "source" | "tee" | "pager")
            && self.rest.chars().nth(word.len()) == Some(' ')
    }

    fn token(&mut self, first: char) -> Option<Token> {
        if self.rest.starts_with("--") {
            self.take_while(|c| c != '\n');
            return None;
        }
        if self.rest.starts_with("/*!") {
            // MySQL runs what stands in such a comment.
            self.take(3);
            self.take_while(|c| c.is_ascii_digit());
            return None;
        }
        if self.rest.starts_with("/*") {
            let end =
                self.rest.get(2..).and_then(|inner| inner.find("*/")).map_or(self.rest.len(), |at| at + 4);
            self.take(end);
            return None;
        }
        match first {
            '\'' => Some(Token::Text(self.quoted('\'', self.backslash))),
            '"' => Some(Token::Name(self.quoted('"', false))),
            '`' => Some(Token::Name(self.quoted('`', false))),
            '[' if self.rest.get(1..2).is_some_and(|next| next.starts_with(|c: char| c.is_alphabetic())) => {
                self.take(1);
                let name = self.take_while(|c| c != ']').to_owned();
                self.take(1);
                Some(Token::Name(name))
            }
            '$' => Some(self.dollar()),
            'e' | 'E' if self.rest.get(1..2) == Some("'") => {
                self.take(1);
                Some(Token::Text(self.quoted('\'', true)))
            }
            c if c.is_alphabetic() || c == '_' => {
                let word = self.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
                Some(Token::Word(word.to_lowercase()))
            }
            c if c.is_ascii_digit() => {
                Some(Token::Number(self.take_while(|c| c.is_ascii_alphanumeric() || c == '.').to_owned()))
            }
            c => {
                self.take(c.len_utf8());
                Some(Token::Symbol(c))
            }
        }
    }

    fn quoted(&mut self, quote: char, backslash: bool) -> String {
        self.take(1);
        let mut out = String::new();
        let mut chars = self.rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if backslash && c == '\\' {
                if let Some((_, kept)) = chars.next() {
                    out.push(kept);
                }
            } else if c == quote {
                if chars.peek().is_some_and(|(_, next)| *next == quote) {
                    chars.next();
                    out.push(quote);
                } else {
                    self.take(at + 1);
                    return out;
                }
            } else {
                out.push(c);
            }
        }
        self.rest = "";
        out
    }

    /// `$$ … $$` or `$tag$ … $tag$`; a lone dollar is a parameter.
    fn dollar(&mut self) -> Token {
        let inner = self.rest.get(1..).unwrap_or_default();
        let end = inner.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inner.len());
        if inner.get(end..).is_some_and(|rest| rest.starts_with('$'))
            && !inner.starts_with(|c: char| c.is_ascii_digit())
        {
            let tag = self.take(end + 2);
            let close = self.rest.find(tag).unwrap_or(self.rest.len());
            let body = self.take(close).to_owned();
            self.take(tag.len());
            return Token::Body(body);
        }
        self.take(1);
        Token::Symbol('$')
    }
}
