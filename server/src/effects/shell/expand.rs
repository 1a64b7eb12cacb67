//! Words: quoting, parameters, substitutions, splitting and globs, as far as they are known.

use brush_parser::ast;
use brush_parser::word::{
    Parameter, ParameterExpr, SpecialParameter, TildeExpr, WordPiece, WordPieceWithSource,
};

use super::{Arg, Frame, Hole, LONG, Shell, Span, Value, Worst, glob, syntax};
use crate::world::Scope;

/// How many words braces may expand to.
const BRACES: usize = 1_024;
/// How many words a command or an array may have.
const WORDS: usize = 4_096;

/// A field under construction.
#[derive(Clone, Debug, Default)]
struct Field {
    value: Value,
    /// The value as a glob, quoted parts escaped; `None` when no unquoted glob character stands in it.
    pattern: String,
    globs: bool,
    quoted: bool,
}

impl Field {
    fn text(&mut self, text: &str, quoted: bool) {
        self.value.push_text(text);
        if quoted {
            self.quoted = true;
            self.pattern.push_str(&glob::escape(text));
        } else {
            self.globs |= text.contains(['*', '?']) || (text.contains('[') && text.contains(']'));
            self.pattern.push_str(text);
        }
    }

    fn value(&mut self, value: &Value, quoted: bool) {
        match value.text() {
            Some(text) => {
                let text = text.to_owned();
                self.text(&text, quoted);
                self.value.add_sources(value.sources().iter().cloned());
            }
            None => {
                self.value.push(value);
                self.quoted |= quoted;
            }
        }
    }
}

impl Shell<'_> {
    /// All that a word expands to: brace expansion, expansions, splitting, globs.
    pub(super) fn expand(&mut self, word: &ast::Word) -> Vec<Arg> {
        let mut args = Vec::new();
        self.expand_into(word, &mut args);
        args
    }

    /// As [`Self::expand`], behind other words.
    pub(super) fn expand_into(&mut self, word: &ast::Word, args: &mut Vec<Arg>) {
        if args.len() > WORDS {
            return;
        }
        let span = self.span_of(word);
        let texts = braces(&word.value).unwrap_or_else(|()| {
            self.opaque("its braces are nested too deep to be followed", Worst::Runs, span);
            vec![word.value.clone()]
        });
        if texts.len() > BRACES {
            self.opaque("braces expand to more words than are looked at", Worst::Runs, span);
        }
        for text in texts.into_iter().take(BRACES) {
            for field in self.fields(&text, span) {
                self.glob_field(field, span, args);
            }
            if args.len() > WORDS {
                args.truncate(WORDS + 1);
                self.opaque("there are more words than are looked at", Worst::Runs, span);
                return;
            }
        }
    }

    /// What a word expands to where no splitting happens: assignments, redirections, here-strings.
    pub(super) fn expand_one(&mut self, word: &ast::Word) -> Value {
        let span = self.span_of(word);
        self.expand_text(&word.value, span)
    }

    /// As [`Self::expand_one`], for the text of a word.
    pub(super) fn expand_text(&mut self, text: &str, span: Span) -> Value {
        let mut field = Field::default();
        match syntax::word(text) {
            Some(pieces) => {
                for piece in &pieces {
                    for value in self.piece(piece, false, span) {
                        field.value(&value, true);
                    }
                }
            }
            None => field.value(&self.unreadable(text, span), true),
        }
        self.put_together(&field.value);
        field.value
    }

    /// Counts the work of putting a long value together.
    fn put_together(&mut self, value: &Value) {
        let work = value.weight() / LONG;
        if work > 0 {
            self.works(work);
        }
    }

    /// The body of a here-document.
    pub(super) fn expand_heredoc(&mut self, text: &str, span: Span) -> Value {
        let mut out = Value::default();
        match syntax::document(text) {
            Some(pieces) => {
                for piece in &pieces {
                    for value in self.piece(piece, true, span) {
                        out.push(&value);
                    }
                }
            }
            None => out.push(&self.unreadable(text, span)),
        }
        out
    }

    /// A word as a pattern, quoted parts escaped; `None` when it is not known.
    pub(super) fn expand_pattern(&mut self, word: &ast::Word) -> Option<String> {
        let span = self.span_of(word);
        self.pattern_text(&word.value, span)
    }

    pub(super) fn pattern_text(&mut self, text: &str, span: Span) -> Option<String> {
        let pieces = syntax::word(text)?;
        let mut pattern = String::new();
        for piece in &pieces {
            let quoted = !matches!(piece.piece, WordPiece::Text(_) | WordPiece::ParameterExpansion(_));
            for value in self.piece(piece, false, span) {
                let text = value.text()?;
                if quoted {
                    pattern.push_str(&glob::escape(text));
                } else {
                    pattern.push_str(text);
                }
            }
        }
        Some(pattern)
    }

    fn unreadable(&mut self, text: &str, span: Span) -> Value {
        self.opaque(format!("the word `{text}` could not be read"), Worst::Runs, span);
        Value::unknown(Hole::Any(text.to_owned()))
    }

    fn fields(&mut self, text: &str, span: Span) -> Vec<Field> {
        // Words without anything to expand are by far the most common.
        if !text.contains(['$', '`', '\'', '"', '\\', '~', '<', '>']) {
            let mut field = Field::default();
            field.text(text, false);
            return vec![field];
        }
        let Some(pieces) = syntax::word(text) else {
            let mut field = Field::default();
            field.value(&self.unreadable(text, span), true);
            return vec![field];
        };
        let mut fields: Vec<Field> = Vec::new();
        let mut field = Field::default();
        let mut open = false;
        for piece in &pieces {
            match &piece.piece {
                WordPiece::Text(text) => {
                    field.text(text, false);
                    open = true;
                }
                WordPiece::DoubleQuotedSequence(inner) | WordPiece::GettextDoubleQuotedSequence(inner) => {
                    field.quoted = true;
                    open = true;
                    let alone = inner.len() == 1;
                    for piece in inner {
                        let values = self.piece(piece, true, span);
                        let list = is_list(&piece.piece);
                        if list && values.is_empty() && alone {
                            // "$@" without parameters is no word at all.
                            open = pieces.len() > 1;
                        }
                        for (index, value) in values.iter().enumerate() {
                            if list && index > 0 {
                                fields.push(std::mem::take(&mut field));
                                field.quoted = true;
                            }
                            field.value(value, true);
                        }
                    }
                }
                WordPiece::ParameterExpansion(_)
                | WordPiece::CommandSubstitution(_)
                | WordPiece::BackquotedCommandSubstitution(_) => {
                    let values = self.piece(piece, false, span);
                    for (index, value) in values.iter().enumerate() {
                        if index > 0 && open {
                            fields.push(std::mem::take(&mut field));
                            open = false;
                        }
                        self.split_into(value, &mut field, &mut fields, &mut open);
                    }
                }
                _ => {
                    for value in self.piece(piece, false, span) {
                        field.value(&value, true);
                    }
                    open = true;
                }
            }
        }
        if open {
            fields.push(field);
        }
        fields
    }

    /// Splits what an unquoted expansion gave at the separators in force.
    fn split_into(&self, value: &Value, field: &mut Field, fields: &mut Vec<Field>, open: &mut bool) {
        let separators = match self.state.value("IFS") {
            Some(value) => value.text().map_or_else(|| " \t\n".to_owned(), str::to_owned),
            None => " \t\n".to_owned(),
        };
        for piece in value.pieces() {
            match piece {
                super::super::value::Piece::Hole(hole) => {
                    let mut part = Value::unknown(hole.clone());
                    part.add_sources(value.sources().iter().cloned());
                    field.value(&part, false);
                    *open = true;
                }
                super::super::value::Piece::Text(text) => {
                    let mut first = true;
                    for part in text.split(|c| separators.contains(c)) {
                        if !first && *open {
                            fields.push(std::mem::take(field));
                            *open = false;
                        }
                        first = false;
                        if !part.is_empty() {
                            field.text(part, false);
                            field.value.add_sources(value.sources().iter().cloned());
                            *open = true;
                        }
                    }
                }
            }
        }
    }

    fn glob_field(&mut self, field: Field, span: Span, args: &mut Vec<Arg>) {
        if !field.globs {
            args.push(Arg { value: field.value, span, pattern: false });
            return;
        }
        match (field.value.text(), self.cwd()) {
            (Some(_), Some(cwd)) => match glob::expand(self.world(), cwd, &field.pattern, &self.files) {
                glob::Matches::Names(names) => {
                    let sources = field.value.sources().to_vec();
                    for name in names {
                        let mut value = Value::known(name);
                        value.add_sources(sources.iter().cloned());
                        args.push(Arg { value, span, pattern: false });
                    }
                }
                // Where nothing matches, the shell hands the pattern over as it is.
                glob::Matches::None => {
                    let scope = self.place_at(&glob_folder(field.value.prefix())).scope;
                    let pattern = !matches!(scope, Scope::Workspace | Scope::WorkspaceRoot | Scope::Temp);
                    args.push(Arg { value: field.value, span, pattern });
                }
                glob::Matches::Many => args.push(Arg { value: field.value, span, pattern: true }),
            },
            _ => args.push(Arg { value: field.value, span, pattern: true }),
        }
    }

    /// What one piece of a word gives; more than one value only for lists such as `$@`.
    fn piece(&mut self, piece: &WordPieceWithSource, quoted: bool, span: Span) -> Vec<Value> {
        match &piece.piece {
            WordPiece::Text(text) | WordPiece::SingleQuotedText(text) => vec![Value::known(text.as_str())],
            WordPiece::AnsiCQuotedText(text) => vec![Value::known(ansi_c(text))],
            WordPiece::EscapeSequence(text) => {
                let plain = text.strip_prefix('\\').unwrap_or(text);
                vec![if plain == "\n" { Value::default() } else { Value::known(plain) }]
            }
            WordPiece::DoubleQuotedSequence(inner) | WordPiece::GettextDoubleQuotedSequence(inner) => {
                let mut value = Value::default();
                for piece in inner {
                    for part in self.piece(piece, true, span) {
                        value.push(&part);
                    }
                }
                vec![value]
            }
            WordPiece::TildeExpansion(tilde) => vec![self.tilde(tilde)],
            WordPiece::CommandSubstitution(text) => vec![self.substitute(text, text, span)],
            WordPiece::BackquotedCommandSubstitution(text) => {
                let plain = text.replace("\\`", "`").replace("\\$", "$").replace("\\\\", "\\");
                vec![self.substitute(&plain, text, span)]
            }
            WordPiece::ArithmeticExpression(expression) => {
                let value = self.arithmetic(&expression.value);
                vec![value.map_or_else(
                    || Value::unknown(Hole::Any(format!("$(({}))", expression.value))),
                    |number| Value::known(number.to_string()),
                )]
            }
            WordPiece::ParameterExpansion(expression) => self.parameter_expression(expression, quoted, span),
        }
    }

    /// What a command substitution prints, without the newlines at its end.
    fn substitute(&mut self, text: &str, shown: &str, span: Span) -> Value {
        let frame = Frame { text: text.into(), ..self.frame_in(shown, span) };
        let before = self.state.clone();
        self.state = before.clone().piped();
        let out = self.run_text(text, frame, &Value::default());
        self.state = before;
        match out.text() {
            Some(known) => {
                let mut value = Value::known(known.trim_end_matches('\n'));
                value.add_sources(out.sources().iter().cloned());
                value
            }
            None => {
                let whole: String = text.trim().chars().take(80).collect();
                let mut value =
                    if out.pieces().len() == 1 { Value::unknown(Hole::Output(whole)) } else { out.clone() };
                value.add_sources(out.sources().iter().cloned());
                value
            }
        }
    }

    fn tilde(&self, tilde: &TildeExpr) -> Value {
        let path = |path: Option<&std::path::Path>, name: &str| match path {
            Some(path) => Value::known(path.to_string_lossy()),
            None => Value::unknown(Hole::Variable(name.to_owned())),
        };
        match tilde {
            TildeExpr::Home => match self.state.value("HOME") {
                Some(home) => home,
                None => path(Some(self.world().home()), "HOME"),
            },
            TildeExpr::UserHome(user) if user == "root" => Value::known("/root"),
            TildeExpr::UserHome(user) => {
                let own = self.world().home();
                let sibling = own.parent().map(|homes| homes.join(user));
                path(sibling.as_deref(), "HOME")
            }
            TildeExpr::WorkingDir => path(self.cwd(), "PWD"),
            TildeExpr::OldWorkingDir => path(self.state.before.as_deref(), "OLDPWD"),
            TildeExpr::NthDirFromTopOfDirStack { .. } | TildeExpr::NthDirFromBottomOfDirStack { .. } => {
                Value::unknown(Hole::Any("a folder of the directory stack".to_owned()))
            }
        }
    }

    pub(super) fn span_of(&self, word: &ast::Word) -> Span {
        word.loc.as_ref().map_or_else(|| self.around, |span| self.frame.text.bytes(span))
    }
}

/// The folder that a glob searches, as far as it is known.
fn glob_folder(text: &str) -> String {
    let plain = text.split(['*', '?', '[']).next().unwrap_or_default();
    plain.rfind('/').map_or(".", |at| plain.get(..=at).unwrap_or(".")).to_owned()
}

/// `$@` and `${array[@]}` keep their values apart even in double quotes.
fn is_list(piece: &WordPiece) -> bool {
    let WordPiece::ParameterExpansion(expression) = piece else { return false };
    let (ParameterExpr::Parameter { parameter, .. }
    | ParameterExpr::UseDefaultValues { parameter, .. }
    | ParameterExpr::RemoveSmallestSuffixPattern { parameter, .. }
    | ParameterExpr::RemoveLargestSuffixPattern { parameter, .. }
    | ParameterExpr::RemoveSmallestPrefixPattern { parameter, .. }
    | ParameterExpr::RemoveLargestPrefixPattern { parameter, .. }) = expression
    else {
        return false;
    };
    matches!(
        parameter,
        Parameter::Special(SpecialParameter::AllPositionalParameters { concatenate: false })
            | Parameter::NamedWithAllIndices { concatenate: false, .. }
    )
}

/// All that braces in a word expand to, in order.
fn braces(text: &str) -> Result<Vec<String>, ()> {
    Ok(match syntax::braces(text)? {
        Some(parts) => glob::braces(&parts, BRACES + 1),
        None => vec![text.to_owned()],
    })
}

/// What `$'…'` means.
pub(super) fn ansi_c(text: &str) -> String {
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let Some(next) = chars.next() else {
            bytes.push(b'\\');
            break;
        };
        let mut number = |radix: u32, most: usize, first: Option<char>| {
            let mut digits: String = first.into_iter().collect();
            while digits.len() < most
                && let Some(digit) = chars.next_if(|c| c.is_digit(radix))
            {
                digits.push(digit);
            }
            u32::from_str_radix(&digits, radix).ok()
        };
        match next {
            'a' => bytes.push(7),
            'b' => bytes.push(8),
            'e' | 'E' => bytes.push(27),
            'f' => bytes.push(12),
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            'v' => bytes.push(11),
            'x' => match number(16, 2, None) {
                Some(byte) => bytes.push(byte as u8),
                None => bytes.extend(b"\\x"),
            },
            'u' | 'U' => {
                let most = if next == 'u' { 4 } else { 8 };
                if let Some(c) = number(16, most, None).and_then(char::from_u32) {
                    bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            '0'..='7' => {
                if let Some(byte) = number(8, 3, Some(next)) {
                    bytes.push(byte as u8);
                }
            }
            'c' => {
                if let Some(control) = chars.next() {
                    bytes.push((control as u32 as u8) & 0x1f);
                }
            }
            other => bytes.extend(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
