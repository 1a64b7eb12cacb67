//! Code as names, texts, numbers and marks; comments left out.

/// How many tokens are looked at.
pub(super) const TOKENS: usize = 50_000;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name with its dots, colons and arrows: `fs.promises.rm`, `Net::HTTP.get`.
    Name(String),
    /// A text, with the names that stand in it as `${name}`.
    Text(String),
    /// A text that is run as a command: backticks, `%x()`, `qx//`.
    Command(String),
    /// A number.
    Number(String),
    /// Anything else, one character.
    Mark(char),
}

/// The tokens of a text, each with its first byte and the byte behind its last.
pub(super) fn tokens(language: &str, text: &str) -> Vec<(Token, usize, usize)> {
    let mut out = Vec::new();
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let hash_comments = matches!(language, "perl" | "ruby" | "php" | "python");
    let byte = |at: usize| chars.get(at).map_or(text.len(), |(byte, _)| *byte);
    let get = |at: usize| chars.get(at).map(|(_, c)| *c);
    let mut at = 0;
    while let Some(c) = get(at) {
        if out.len() > TOKENS {
            break;
        }
        let start = at;
        match c {
            '\n' => {
                out.push((Token::Mark('\n'), byte(at), byte(at + 1)));
                at += 1;
            }
            c if c.is_whitespace() => at += 1,
            '/' if get(at + 1) == Some('/') && !hash_comments => {
                while get(at).is_some_and(|c| c != '\n') {
                    at += 1;
                }
            }
            '/' if get(at + 1) == Some('*') => {
                at += 2;
                while at < chars.len() && !(get(at) == Some('*') && get(at + 1) == Some('/')) {
                    at += 1;
                }
                at += 2;
            }
            '#' if hash_comments && get(at + 1) != Some('{') => {
                while get(at).is_some_and(|c| c != '\n') {
                    at += 1;
                }
            }
            '"' | '\'' | '`' => {
                let (body, next) = quoted(&chars, at + 1, c, language);
                at = next;
                let command = c == '`'
                    && language != "node"
                    && language != "javascript"
                    && language != "deno"
                    && language != "bun";
                let token = if command { Token::Command(body) } else { Token::Text(body) };
                out.push((token, byte(start), byte(at)));
            }
            '%' if get(at + 1) == Some('x')
                && language == "ruby"
                && get(at + 2).is_some_and(|c| matches!(c, '(' | '{' | '[' | '|')) =>
            {
                let close = match get(at + 2) {
                    Some('(') => ')',
                    Some('{') => '}',
                    Some('[') => ']',
                    other => other.unwrap_or('|'),
                };
                let (body, next) = quoted(&chars, at + 3, close, language);
                at = next;
                out.push((Token::Command(body), byte(start), byte(at)));
            }
            c if c.is_ascii_digit() => {
                while get(at).is_some_and(|c| c.is_ascii_alphanumeric() || c == '.') {
                    at += 1;
                }
                let body: String = chars.iter().skip(start).take(at - start).map(|(_, c)| *c).collect();
                out.push((Token::Number(body), byte(start), byte(at)));
            }
            c if c.is_alphabetic() || matches!(c, '_' | '$' | '@') => {
                at += 1;
                while let Some(c) = get(at) {
                    let joins = match c {
                        '.' => {
                            get(at + 1).is_some_and(|c| c.is_alphabetic() || c == '_') && language != "php"
                        }
                        ':' => get(at + 1) == Some(':') || get(at.wrapping_sub(1)) == Some(':'),
                        '-' => get(at + 1) == Some('>') && language != "ruby",
                        '>' => get(at.wrapping_sub(1)) == Some('-'),
                        c => c.is_alphanumeric() || matches!(c, '_' | '$'),
                    };
                    if !joins {
                        break;
                    }
                    at += 1;
                }
                let body: String = chars.iter().skip(start).take(at - start).map(|(_, c)| *c).collect();
                if language == "perl"
                    && body == "qx"
                    && let Some(open) = get(at)
                {
                    let close = match open {
                        '(' => ')',
                        '{' => '}',
                        '[' => ']',
                        other => other,
                    };
                    let (line, next) = quoted(&chars, at + 1, close, language);
                    at = next;
                    out.push((Token::Command(line), byte(start), byte(at)));
                    continue;
                }
                // `require("child_process").exec` is the module and its function in one.
                out.push((Token::Name(body), byte(start), byte(at)));
            }
            other => {
                at += 1;
                // The name behind `).` belongs to what the call gave.
                if other == '.'
                    && matches!(out.last(), Some((Token::Mark(')'), _, _)))
                    && get(at).is_some_and(|c| c.is_alphabetic())
                {
                    continue;
                }
                out.push((Token::Mark(other), byte(start), byte(at)));
            }
        }
    }
    out
}

/// The body of a text that ends at `close`, and where it ends. `${x}`, `#{x}` and `$x` become `${x}`.
fn quoted(chars: &[(usize, char)], from: usize, close: char, language: &str) -> (String, usize) {
    let mut out = String::new();
    let mut at = from;
    let fills = close != '\'';
    while let Some((_, c)) = chars.get(at) {
        match c {
            '\\' => {
                at += 1;
                if let Some((_, next)) = chars.get(at) {
                    match next {
                        'n' if fills => out.push('\n'),
                        't' if fills => out.push('\t'),
                        'x' if fills => {
                            let digits: String = chars.iter().skip(at + 1).take(2).map(|(_, c)| *c).collect();
                            if let Ok(byte) = u8::from_str_radix(&digits, 16) {
                                out.push(char::from(byte));
                                at += 2;
                            }
                        }
                        other => out.push(*other),
                    }
                }
                at += 1;
            }
            c if *c == close => return (out, at + 1),
            '#' if fills && language == "ruby" && matches!(chars.get(at + 1), Some((_, '{'))) => {
                out.push('$');
                at += 1;
            }
            '$' if fills
                && matches!(language, "perl" | "php")
                && chars.get(at + 1).is_some_and(|(_, c)| c.is_alphabetic() || *c == '_') =>
            {
                let name: String = chars
                    .iter()
                    .skip(at + 1)
                    .map(|(_, c)| *c)
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                at += 1 + name.chars().count();
                out.push_str("${");
                out.push_str(&name);
                out.push('}');
            }
            other => {
                out.push(*other);
                at += 1;
            }
        }
    }
    (out, at)
}

/// Perl's `<*.txt>` as `glob("*.txt")`.
pub(super) fn angles_as_glob<'t>(language: &str, text: &'t str) -> std::borrow::Cow<'t, str> {
    if language != "perl" || !text.contains('*') {
        return text.into();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let inner = after.get(1..).unwrap_or_default();
        let end = inner.find('>').unwrap_or(inner.len());
        let pattern = inner.get(..end).unwrap_or_default();
        let plain =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '*' | '?' | '_' | '-' | '~');
        if end < inner.len() && pattern.contains(['*', '?']) && pattern.chars().all(plain) {
            out.push_str(&format!("glob(\"{pattern}\")"));
            rest = inner.get(end + 1..).unwrap_or_default();
        } else {
            out.push('<');
            rest = inner;
        }
    }
    out.push_str(rest);
    out.into()
}
