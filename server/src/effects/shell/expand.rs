//! Words: quoting, parameters, substitutions, splitting and globs, as far as they are known.

use brush_parser::ast;
use brush_parser::word::{
    Parameter, ParameterExpr, ParameterTestType, ParameterTransformOp, SpecialParameter, SubstringMatchKind,
    TildeExpr, WordPiece, WordPieceWithSource,
};

use super::state::Variable;
use super::{Arg, Frame, Hole, LONG, Shell, Source, Span, Value, Worst, glob, syntax};
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

    fn pattern_text(&mut self, text: &str, span: Span) -> Option<String> {
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

    fn parameter_expression(&mut self, expression: &ParameterExpr, quoted: bool, span: Span) -> Vec<Value> {
        use ParameterExpr as P;
        let one = |value: Value| vec![value];
        match expression {
            P::Parameter { parameter, indirect } => self.parameter(parameter, *indirect, quoted, span),
            P::UseDefaultValues { parameter, indirect, test_type, default_value } => {
                let default = default_value.clone().unwrap_or_default();
                self.with_default(parameter, *indirect, test_type, &default, quoted, span)
            }
            P::AssignDefaultValues { parameter, indirect, test_type, default_value } => {
                let default = default_value.clone().unwrap_or_default();
                let values = self.with_default(parameter, *indirect, test_type, &default, quoted, span);
                if let (Parameter::Named(name), [value]) = (parameter, values.as_slice()) {
                    self.state.set(name, value.clone());
                }
                values
            }
            P::IndicateErrorIfNullOrUnset { parameter, indirect, error_message, .. } => {
                if let Some(message) = error_message {
                    self.expand_text(message, span);
                }
                let values = self.parameter(parameter, *indirect, quoted, span);
                // The shell stops when it is unset: from here on it is set, to what is not known.
                values.into_iter().map(|value| set_after_all(&value)).collect()
            }
            P::UseAlternativeValue { parameter, indirect, test_type, alternative_value } => {
                let alternative = alternative_value.clone().unwrap_or_default();
                let value = self.single(parameter, *indirect, span);
                let alternative = self.expand_text(&alternative, span);
                let empty = value.text() == Some("");
                let counts_as_unset = match (test_type, parameter) {
                    (ParameterTestType::Unset, Parameter::Named(name)) => self.state.was_unset(name),
                    _ => true,
                };
                let unset =
                    if empty { counts_as_unset } else { value.if_unset_is_empty().as_deref() == Some("") };
                if unset {
                    return one(Value::default());
                }
                one(alternative)
            }
            P::ParameterLength { parameter, indirect } => {
                let value = self.single(parameter, *indirect, span);
                one(value.text().map_or_else(
                    || Value::unknown(Hole::Any("a length".to_owned())),
                    |text| Value::known(text.chars().count().to_string()),
                ))
            }
            P::RemoveSmallestSuffixPattern { parameter, indirect, pattern } => {
                self.trimmed(parameter, *indirect, pattern.as_deref(), span, glob::trim_suffix, false)
            }
            P::RemoveLargestSuffixPattern { parameter, indirect, pattern } => {
                self.trimmed(parameter, *indirect, pattern.as_deref(), span, glob::trim_suffix, true)
            }
            P::RemoveSmallestPrefixPattern { parameter, indirect, pattern } => {
                self.trimmed(parameter, *indirect, pattern.as_deref(), span, glob::trim_prefix, false)
            }
            P::RemoveLargestPrefixPattern { parameter, indirect, pattern } => {
                self.trimmed(parameter, *indirect, pattern.as_deref(), span, glob::trim_prefix, true)
            }
            P::Substring { parameter, indirect, offset, length } => {
                let value = self.single(parameter, *indirect, span);
                let offset = self.arithmetic(&offset.value);
                let length = length.as_ref().map(|length| self.arithmetic(&length.value));
                one(substring(&value, offset, length))
            }
            P::UppercaseFirstChar { parameter, indirect, .. } => {
                let value = self.single(parameter, *indirect, span);
                one(value.map_text(|text| first(text, char::to_ascii_uppercase)))
            }
            P::LowercaseFirstChar { parameter, indirect, .. } => {
                let value = self.single(parameter, *indirect, span);
                one(value.map_text(|text| first(text, char::to_ascii_lowercase)))
            }
            P::UppercasePattern { parameter, indirect, .. } => {
                one(self.single(parameter, *indirect, span).map_text(str::to_uppercase))
            }
            P::LowercasePattern { parameter, indirect, .. } => {
                one(self.single(parameter, *indirect, span).map_text(str::to_lowercase))
            }
            P::ReplaceSubstring { parameter, indirect, pattern, replacement, match_kind } => {
                let value = self.single(parameter, *indirect, span);
                let pattern = self.pattern_text(pattern, span);
                let replacement = self.expand_text(&replacement.clone().unwrap_or_default(), span);
                one(replaced(&value, pattern.as_deref(), &replacement, match_kind))
            }
            P::Transform { parameter, indirect, op } => {
                let value = self.single(parameter, *indirect, span);
                one(match op {
                    ParameterTransformOp::ToUpperCase => value.map_text(str::to_uppercase),
                    ParameterTransformOp::ToLowerCase => value.map_text(str::to_lowercase),
                    ParameterTransformOp::ExpandEscapeSequences => value.map_text(ansi_c),
                    ParameterTransformOp::PromptExpand => {
                        self.run_line(&value, span, &Value::default());
                        Value::unknown(Hole::Any("a prompt".to_owned()))
                    }
                    _ => value,
                })
            }
            P::VariableNames { prefix, .. } => one(Value::unknown(Hole::Any(format!("${{!{prefix}*}}")))),
            P::MemberKeys { variable_name, .. } => {
                one(Value::unknown(Hole::Any(format!("${{!{variable_name}[@]}}"))))
            }
        }
    }

    fn with_default(
        &mut self,
        parameter: &Parameter,
        indirect: bool,
        test: &ParameterTestType,
        default: &str,
        quoted: bool,
        span: Span,
    ) -> Vec<Value> {
        let values = self.parameter(parameter, indirect, quoted, span);
        let unset = values
            .iter()
            .all(|value| matches!(value.hole(), Some(Hole::Unset(_))) && value.pieces().len() == 1);
        let empty = values.iter().all(|value| value.text() == Some(""));
        let unset = unset
            || empty
                && matches!(parameter, Parameter::Named(name) if !indirect && self.state.was_unset(name));
        if unset || values.is_empty() || (empty && matches!(test, ParameterTestType::UnsetOrNull)) {
            return vec![self.expand_text(default, span)];
        }
        // The default may hold commands; they run when the variable is unset after all.
        if values.iter().any(|value| value.text().is_none()) {
            self.expand_text(default, span);
        }
        values
    }

    fn single(&mut self, parameter: &Parameter, indirect: bool, span: Span) -> Value {
        let mut out = Value::default();
        for (index, value) in self.parameter(parameter, indirect, true, span).iter().enumerate() {
            if index > 0 {
                out.push_text(" ");
            }
            out.push(value);
        }
        out
    }

    fn trimmed(
        &mut self,
        parameter: &Parameter,
        indirect: bool,
        pattern: Option<&str>,
        span: Span,
        trim: fn(&str, &str, bool) -> String,
        longest: bool,
    ) -> Vec<Value> {
        let values = self.parameter(parameter, indirect, true, span);
        let pattern = pattern.map_or(Some(String::new()), |pattern| self.pattern_text(pattern, span));
        values
            .iter()
            .map(|value| match &pattern {
                Some(pattern) if value.text().is_some() => {
                    value.map_text(|text| trim(text, pattern, longest))
                }
                _ => {
                    let mut part = Value::unknown(Hole::Any(format!("a part of {}", value.shown())));
                    part.add_sources(value.sources().iter().cloned());
                    part
                }
            })
            .collect()
    }

    /// The value or values of a parameter.
    fn parameter(&mut self, parameter: &Parameter, indirect: bool, quoted: bool, span: Span) -> Vec<Value> {
        let values = match parameter {
            Parameter::Named(name) => vec![self.named(name)],
            Parameter::Positional(0) => vec![self.state.name.clone()],
            Parameter::Positional(number) => vec![self.positional(*number as usize)],
            Parameter::NamedWithIndex { name, index } => {
                let at = self.arithmetic(index);
                vec![match (self.state.variables.get(self.state.meant(name)), at) {
                    (Some(Variable::Array(values)), Some(at)) => {
                        let at = if at < 0 { values.len() as i64 + at } else { at };
                        usize::try_from(at).ok().and_then(|at| values.get(at)).cloned().unwrap_or_default()
                    }
                    (Some(Variable::Array(values)), None) => {
                        let mut any = Value::unknown(Hole::Any(format!("${{{name}[{index}]}}")));
                        for value in values {
                            any.add_sources(value.sources().iter().cloned());
                        }
                        any
                    }
                    (Some(Variable::Scalar(value)), Some(0)) => value.clone(),
                    _ => Value::unknown(Hole::Variable(name.clone())),
                }]
            }
            Parameter::NamedWithAllIndices { name, concatenate } => {
                let values = match self.state.variables.get(self.state.meant(name)) {
                    Some(Variable::Array(values)) => values.clone(),
                    Some(Variable::Scalar(value)) => vec![value.clone()],
                    _ => vec![self.named(name)],
                };
                self.joined(values, *concatenate && quoted)
            }
            Parameter::Special(special) => match special {
                SpecialParameter::AllPositionalParameters { concatenate } => {
                    match self.state.positional.clone() {
                        Some(values) => self.joined(values, *concatenate && quoted),
                        None => vec![Value::unknown(Hole::Any("$@".to_owned()))],
                    }
                }
                SpecialParameter::PositionalParameterCount => vec![match &self.state.positional {
                    Some(values) => Value::known(values.len().to_string()),
                    None => Value::unknown(Hole::Any("$#".to_owned())),
                }],
                SpecialParameter::LastExitStatus => vec![match self.state.status {
                    Some(true) => Value::known("0"),
                    _ => Value::unknown(Hole::Any("$?".to_owned())),
                }],
                SpecialParameter::ShellName => vec![self.state.name.clone()],
                SpecialParameter::ProcessId => vec![Value::unknown(Hole::Any("$$".to_owned()))],
                SpecialParameter::LastBackgroundProcessId => vec![
                    self.state
                        .value("!")
                        .unwrap_or_else(|| Value::unknown(Hole::Any("the last job".to_owned()))),
                ],
                SpecialParameter::CurrentOptionFlags => vec![Value::known("himBHs")],
            },
        };
        if !indirect {
            return values;
        }
        values
            .iter()
            .map(|value| match value.text().map(str::to_owned) {
                Some(name) => match syntax::parameter(&name) {
                    Some(parameter) => self.single(&parameter, false, span),
                    None => Value::unknown(Hole::Variable(name)),
                },
                None => Value::unknown(Hole::Any(format!("${{!{}}}", value.shown()))),
            })
            .collect()
    }

    fn joined(&self, values: Vec<Value>, concatenate: bool) -> Vec<Value> {
        if !concatenate {
            return values;
        }
        let separator = match self.state.value("IFS") {
            Some(value) => {
                value.text().and_then(|text| text.chars().next()).map(String::from).unwrap_or_default()
            }
            None => " ".to_owned(),
        };
        let mut out = Value::default();
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                out.push_text(&separator);
            }
            out.push(value);
        }
        vec![out]
    }

    fn positional(&self, number: usize) -> Value {
        match &self.state.positional {
            Some(values) => number.checked_sub(1).and_then(|at| values.get(at)).cloned().unwrap_or_default(),
            None => Value::unknown(Hole::Variable(number.to_string())),
        }
    }

    /// The value of a variable: what the line set, what every shell knows, the environment.
    pub(super) fn named(&self, name: &str) -> Value {
        if let Some(value) = self.state.value(name) {
            return value;
        }
        if self.state.was_unset(name) {
            return Value::default();
        }
        match name {
            "PWD" => return self.folder(self.cwd(), name),
            "OLDPWD" => return self.folder(self.state.before.as_deref(), name),
            "HOME" => return Value::known(self.world().home().to_string_lossy()),
            "IFS" => return Value::known(" \t\n"),
            "RANDOM" | "SECONDS" | "LINENO" | "EPOCHSECONDS" | "SRANDOM" | "BASHPID" | "PPID" | "UID"
            | "EUID" | "REPLY" | "PIPESTATUS" | "COLUMNS" | "LINES" | "HOSTNAME" | "OSTYPE" | "MACHTYPE"
            | "SHLVL" | "BASH_VERSION" | "BASH_SOURCE" | "FUNCNAME" | "OPTARG" | "OPTIND" => {
                return Value::unknown(Hole::Variable(name.to_owned()));
            }
            _ => {}
        }
        if crate::effects::secret_variable(name) {
            return Value::unknown(Hole::Variable(name.to_owned()))
                .with_source(Source::Variable(name.to_owned()));
        }
        match self.world().variable(name) {
            Some(text) => Value::known(text),
            None => Value::unknown(Hole::Unset(name.to_owned())),
        }
    }

    fn folder(&self, path: Option<&std::path::Path>, name: &str) -> Value {
        path.map_or_else(
            || Value::unknown(Hole::Variable(name.to_owned())),
            |path| Value::known(path.to_string_lossy()),
        )
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

/// What `${name:?}` gives when the shell goes on.
fn set_after_all(value: &Value) -> Value {
    match (value.pieces(), value.hole()) {
        ([_], Some(Hole::Unset(name))) => Value::unknown(Hole::Variable(name.clone())),
        _ => value.clone(),
    }
}

fn substring(value: &Value, offset: Option<i64>, length: Option<Option<i64>>) -> Value {
    let (Some(text), Some(offset)) = (value.text(), offset) else {
        let mut part = Value::unknown(Hole::Any(format!("a part of {}", value.shown())));
        part.add_sources(value.sources().iter().cloned());
        return part;
    };
    let chars: Vec<char> = text.chars().collect();
    let count = chars.len() as i64;
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    let end = match length {
        None => count,
        Some(Some(length)) if length < 0 => (count + length).max(start),
        Some(Some(length)) => start.saturating_add(length).min(count),
        Some(None) => return Value::unknown(Hole::Any(format!("a part of {text}"))),
    };
    let part: String = chars.iter().skip(start as usize).take((end - start).max(0) as usize).collect();
    let mut out = Value::known(part);
    out.add_sources(value.sources().iter().cloned());
    out
}

fn replaced(value: &Value, pattern: Option<&str>, replacement: &Value, kind: &SubstringMatchKind) -> Value {
    let changed = match (value.text(), pattern, replacement.text()) {
        (Some(text), Some(pattern), Some(with)) => glob::replace(text, pattern, with, kind),
        _ => None,
    };
    let Some(changed) = changed else {
        let mut part = Value::unknown(Hole::Any(format!("{} with something replaced", value.shown())));
        part.add_sources(value.sources().iter().chain(replacement.sources()).cloned());
        return part;
    };
    let mut out = Value::known(changed);
    out.add_sources(value.sources().iter().chain(replacement.sources()).cloned());
    out
}

fn first(text: &str, change: fn(&char) -> char) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| change(&c).to_string() + chars.as_str())
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
