//! Parameters: what `$name`, `${name…}` and their kin give, as far as it is known.

use brush_parser::word::{
    Parameter, ParameterExpr, ParameterTestType, ParameterTransformOp, SpecialParameter, SubstringMatchKind,
};

use super::expand::ansi_c;
use super::state::Variable;
use super::{Hole, Shell, Source, Span, Value, glob, syntax};

impl Shell<'_> {
    /// The value or values of an expansion with a parameter in it.
    pub(super) fn parameter_expression(
        &mut self,
        expression: &ParameterExpr,
        quoted: bool,
        span: Span,
    ) -> Vec<Value> {
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
