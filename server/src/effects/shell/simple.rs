//! Simple commands: assignments, the name that is called, and who answers to it.

use std::path::PathBuf;

use brush_parser::ast::{self, CommandPrefixOrSuffixItem as Item};

use super::state::Variable;
use super::{
    Arg, Certainty, EffectKind, Hole, LONG, Shell, SimpleCommand, Span, Value, WORDS_A_STEP, Worst, builtins,
    flows, nested, unknown,
};
use crate::effects::programs::{self, Call};

/// How many commands of a line are kept for patterns of commands.
const CALLS: usize = 4_096;
/// How many elements of an array are kept.
const ELEMENTS: usize = 8_192;

impl Shell<'_> {
    /// Runs a simple command in the current state and returns what it prints.
    pub(super) fn simple(&mut self, simple: &ast::SimpleCommand, stdin: &Value) -> Value {
        let before = self.around;
        if let Some(span) = self.simple_span(simple) {
            self.around = span;
        }
        let out = self.simple_inner(simple, stdin);
        self.around = before;
        out
    }

    fn simple_inner(&mut self, simple: &ast::SimpleCommand, stdin: &Value) -> Value {
        let span = self.around;
        let mut assigned: Vec<(String, Value)> = Vec::new();
        let mut redirects = Vec::new();
        let mut words: Vec<Arg> = Vec::new();
        let mut feeds = Vec::new();

        for item in simple.prefix.iter().flat_map(|prefix| &prefix.0) {
            match item {
                Item::AssignmentWord(assignment, _) if simple.word_or_name.is_none() => {
                    let (name, value) = self.assign(assignment);
                    self.watch_variable(&name, &value, span);
                }
                Item::AssignmentWord(assignment, _) => {
                    let value = match &assignment.value {
                        ast::AssignmentValue::Scalar(word) => self.expand_assigned(word),
                        ast::AssignmentValue::Array(_) => Value::default(),
                    };
                    assigned.push((assignment_name(assignment), value));
                }
                Item::IoRedirect(redirect) => redirects.push(redirect),
                Item::Word(word) => self.expand_into(word, &mut words),
                Item::ProcessSubstitution(kind, subshell) => {
                    words.push(self.process_substitution(kind, subshell, stdin, &mut feeds));
                }
            }
        }
        if let Some(word) = &simple.word_or_name {
            self.expand_into(word, &mut words);
        }
        let mut last: Option<&ast::Word> = None;
        let mut own: Vec<ast::IoRedirect> = Vec::new();
        for item in simple.suffix.iter().flat_map(|suffix| &suffix.0) {
            match item {
                Item::Word(word) => {
                    self.expand_into(word, &mut words);
                    last = Some(word);
                    continue;
                }
                // Braces are expanded before an assignment is seen in `declare X={a,b}`.
                Item::AssignmentWord(_, word) if word.value.contains('{') => {
                    self.expand_into(word, &mut words);
                }
                Item::AssignmentWord(assignment, word) => words.push(self.assignment_arg(assignment, word)),
                Item::IoRedirect(redirect) => {
                    // `{name}>file` opens a new descriptor and puts its number into the variable.
                    let numbered = last.and_then(|word| descriptor_name(&word.value)).map(|name| {
                        words.pop();
                        let number = self.new_descriptor() + i32::try_from(own.len()).unwrap_or(0);
                        self.state.set(name, Value::known(number.to_string()));
                        own.push(with_number(redirect, number));
                    });
                    if numbered.is_none() {
                        own.push(redirect.clone());
                    }
                }
                Item::ProcessSubstitution(kind, subshell) => {
                    words.push(self.process_substitution(kind, subshell, stdin, &mut feeds));
                }
            }
            last = None;
        }
        let bytes: usize = words.iter().map(|word| word.value.weight()).sum();
        let work = words.len() / WORDS_A_STEP + bytes / LONG;
        if work > 0 && !self.works(work) {
            return Value::unknown(Hole::Output("a command that was not followed".to_owned()));
        }
        let mut redirects = self.redirects(redirects.into_iter().chain(&own), stdin);
        let stdin = redirects.stdin.clone().unwrap_or_else(|| stdin.clone());
        if matches!(words.as_slice(), [only] if only.text() == Some("exec")) {
            self.keep_open(&redirects);
            return Value::default();
        }
        let kept = self.take_kept_open(&redirects);
        self.lead_to_kept_open(&mut redirects);
        let inputs = self.state.inputs.clone();
        if !redirects.inputs.is_empty() {
            self.state.inputs.extend(redirects.inputs.iter().cloned());
        }

        let printed = if words.is_empty() {
            if simple.prefix.is_none() || assigned.is_empty() {
                self.state.status = None;
            }
            Value::default()
        } else {
            for (name, value) in &assigned {
                self.watch_variable(name, value, span);
            }
            if let Some((peer, at)) = &redirects.peer
                && words
                    .first()
                    .and_then(Arg::text)
                    .is_some_and(|name| nested::is_shell(programs::base_name(name)))
            {
                self.add(EffectKind::OpenShell { peer: peer.clone() }, *at);
            }
            self.called(&words, assigned.is_empty() && !redirects.writes(), span);
            let outer = std::mem::replace(&mut self.stdin, stdin.clone());
            // What the called command starts in its turn sees these variables, too.
            let mut hidden = Vec::new();
            for (name, value) in assigned.iter().filter(|(name, _)| name != "PATH") {
                hidden.push((name.clone(), self.state.variables.get(name).cloned()));
                self.state.set(name, value.clone());
            }
            let leads_on = redirects.lead_on() || !feeds.is_empty();
            let printed = self.flowing(leads_on, |shell| shell.call(&words, &assigned, &stdin, span));
            for (name, before) in hidden.into_iter().rev() {
                match before {
                    Some(before) => self.state.variables.insert(name, before),
                    None => self.state.variables.remove(&name),
                };
            }
            self.stdin = outer;
            printed
        };
        self.state.inputs = inputs;
        flows::put_back(&mut self.state, kept.as_ref());
        for (path, subshell) in feeds {
            let before = self.state.clone();
            let fed = self.files.remove(&path).unwrap_or_else(|| printed_or(&printed, &stdin));
            self.list(&subshell.list, vec![before.clone()], &fed);
            self.state = before;
        }
        self.redirected(&redirects, printed)
    }

    /// Takes note of a command that is called.
    pub(super) fn called(&mut self, words: &[Arg], plain: bool, span: Span) {
        if self.calls.len() < CALLS {
            let words = words.iter().map(|word| word.value.clone()).collect();
            let (span, inside) = self.tell(span);
            // What a script of the project calls is the script's doing, not a part of the line.
            if inside.is_none() {
                self.calls.push(SimpleCommand { words, span, plain });
            }
        }
    }

    /// Calls a command given as words.
    pub(super) fn call(
        &mut self,
        words: &[Arg],
        assigned: &[(String, Value)],
        stdin: &Value,
        span: Span,
    ) -> Value {
        let Some((first, args)) = words.split_first() else { return Value::default() };
        let Some(name) = first.text().map(str::to_owned).filter(|_| !first.pattern) else {
            return self.unknown_name(first, args, stdin, span);
        };
        // `time -- command` and `time -p -- ! command`.
        if matches!(name.as_str(), "--" | "!") {
            return self.call(args, assigned, stdin, span);
        }
        if name.is_empty() {
            self.state.status = Some(false);
            return Value::default();
        }
        if let Some(function) = self.state.functions.get(&name).cloned() {
            return self.call_function(&function, args, stdin, span);
        }
        if let Some(alias) = self.state.aliases.get(&name).cloned() {
            let mut line = Value::known(alias);
            for arg in args {
                line.push_text(" ");
                line.push(&quoted(&arg.value));
            }
            let hidden = self.state.aliases.remove(&name);
            let out = self.run_line(&line, span, stdin);
            if let Some(alias) = hidden {
                self.state.aliases.insert(name, alias);
            }
            return out;
        }
        if let Some(builtin) = builtins::find(&name) {
            return builtin(self, args, stdin, span);
        }
        if name.contains('/') && !unknown::is_program_folder(self, &name) {
            return self.run_file(None, first, args, span, stdin);
        }
        let base = programs::base_name(&name);
        // Some file systems take upper case for lower case: `RM` finds `rm` there.
        let lower = base.to_ascii_lowercase();
        let base =
            if programs::model(base).is_none() && programs::model(&lower).is_some() { &lower } else { base };
        self.state.status = None;
        if only_asks_for_help(args) && programs::model(base).is_some() {
            self.add(EffectKind::Observe, span);
            return Value::output(base, []);
        }
        match programs::model(base) {
            Some(model) => {
                let told = literal_secrets(base, args, stdin);
                let (args, stdin) = told.as_ref().map_or((args, stdin), |(args, stdin)| (args, stdin));
                let call = Call { name: base, args, stdin, variables: assigned, span };
                model(&call, self)
            }
            None => unknown::unknown_program(self, first, args, stdin, span),
        }
    }

    /// The name of the command is only known when it runs.
    fn unknown_name(&mut self, first: &Arg, args: &[Arg], stdin: &Value, span: Span) -> Value {
        // A variable that is set nowhere leaves the next word as the command.
        if first.value.if_unset_is_empty().as_deref() == Some("") && !args.is_empty() {
            self.call(args, &[], stdin, span);
        }
        if let Some(from) = first.value.sources().iter().find_map(|source| match source {
            super::Source::Url(url) => Some(url.clone()),
            _ => None,
        }) {
            self.add(EffectKind::RunDownloaded { from, place: None }, span);
        }
        // What the name of a path leads to may be known even when its folder is not.
        let base = programs::base_name(first.value.suffix());
        if first.value.suffix().contains('/') && programs::model(base).is_some() {
            let mut known = first.clone();
            known.value = Value::known(base);
            let mut words = vec![known];
            words.extend_from_slice(args);
            let out = self.call(&words, &[], stdin, span);
            self.add_as(
                EffectKind::RunUnknown { program: first.shown(), place: None },
                first.span,
                Certainty::Possible,
            );
            return out;
        }
        let shown = first.shown();
        self.opaque(
            format!("which program `{shown}` is can only be known when it runs"),
            Worst::Runs,
            first.span,
        );
        unknown::generic_arguments(self, &shown, args);
        Value::output(
            &shown,
            first.value.sources().iter().chain(stdin.sources()).cloned().collect::<Vec<_>>(),
        )
    }

    /// Assigns a variable of the shell.
    pub(super) fn assign(&mut self, assignment: &ast::Assignment) -> (String, Value) {
        let name = assignment_name(assignment);
        match &assignment.value {
            ast::AssignmentValue::Scalar(word) => {
                let mut value = self.expand_assigned(word);
                if let ast::AssignmentName::ArrayElementName(_, index) = &assignment.name {
                    let at = self.arithmetic(index).and_then(|at| usize::try_from(at).ok());
                    let mut values = match self.state.variables.remove(&name) {
                        Some(Variable::Array(values)) => values,
                        Some(Variable::Scalar(value)) => vec![value],
                        _ => Vec::new(),
                    };
                    match at {
                        Some(at) if at < 1_024 => {
                            if values.len() <= at {
                                values.resize(at + 1, Value::default());
                            }
                            if let Some(slot) = values.get_mut(at) {
                                *slot = value.clone();
                            }
                        }
                        _ => values.push(value.clone()),
                    }
                    self.state.variables.insert(name.clone(), Variable::Array(values));
                    return (name, value);
                }
                if assignment.append {
                    let mut whole = self.state.value(&name).unwrap_or_else(|| self.named(&name));
                    if matches!(whole.hole(), Some(Hole::Unset(_))) {
                        whole = Value::default();
                    }
                    whole.push(&value);
                    value = whole;
                }
                self.state.set(&name, value.clone());
                (name, value)
            }
            ast::AssignmentValue::Array(items) => {
                let mut values = match (assignment.append, self.state.variables.get(&name)) {
                    (true, Some(Variable::Array(values))) => values.clone(),
                    (true, Some(Variable::Scalar(value))) => vec![value.clone()],
                    _ => Vec::new(),
                };
                let mut words = Vec::new();
                for (_, word) in items {
                    self.expand_into(word, &mut words);
                }
                values.extend(words.into_iter().map(|arg| arg.value));
                if values.len() > ELEMENTS {
                    values.truncate(ELEMENTS);
                    self.opaque("an array has more elements than are looked at", Worst::Runs, self.around);
                }
                let first = values.first().cloned().unwrap_or_default();
                self.state.variables.insert(name.clone(), Variable::Array(values));
                (name, first)
            }
        }
    }

    /// The value of an assignment: tildes count after `=` and `:`.
    fn expand_assigned(&mut self, word: &ast::Word) -> Value {
        self.expand_one(word)
    }

    fn assignment_arg(&mut self, assignment: &ast::Assignment, word: &ast::Word) -> Arg {
        let span = self.span_of(word);
        let name = assignment_name(assignment);
        let mut value = Value::known(format!("{name}{}=", if assignment.append { "+" } else { "" }));
        match &assignment.value {
            ast::AssignmentValue::Scalar(word) => value.push(&self.expand_one(word)),
            ast::AssignmentValue::Array(_) => {
                self.assign(assignment);
                value = Value::known(name);
            }
        }
        Arg { value, span, pattern: false }
    }

    fn process_substitution(
        &mut self,
        kind: &ast::ProcessSubstitutionKind,
        subshell: &ast::SubshellCommand,
        stdin: &Value,
        feeds: &mut Vec<(PathBuf, ast::SubshellCommand)>,
    ) -> Arg {
        let span = self.frame.text.bytes(&subshell.loc);
        self.pipes += 1;
        let path = format!("/dev/fd/{}", 62 + self.pipes);
        match kind {
            ast::ProcessSubstitutionKind::Read => {
                let out = self.subshell_output(subshell, stdin);
                self.files.insert(path.clone().into(), out);
            }
            ast::ProcessSubstitutionKind::Write => feeds.push((path.clone().into(), subshell.clone())),
        }
        Arg::known(path, span)
    }

    fn simple_span(&self, simple: &ast::SimpleCommand) -> Option<Span> {
        use brush_parser::ast::SourceLocation;
        simple.location().map(|span| self.frame.text.bytes(&span))
    }
}

/// The name in `{name}`, as it stands before a redirection.
fn descriptor_name(word: &str) -> Option<&str> {
    let name = word.strip_prefix('{')?.strip_suffix('}')?;
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (plain && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

fn with_number(redirect: &ast::IoRedirect, number: i32) -> ast::IoRedirect {
    use ast::IoRedirect as Redirect;
    match redirect.clone() {
        Redirect::File(None, kind, target) => Redirect::File(Some(number), kind, target),
        Redirect::HereDocument(None, document) => Redirect::HereDocument(Some(number), document),
        Redirect::HereString(None, word) => Redirect::HereString(Some(number), word),
        other => other,
    }
}

fn printed_or(printed: &Value, stdin: &Value) -> Value {
    let mut value = printed.clone();
    value.add_sources(stdin.sources().iter().cloned());
    value
}

fn assignment_name(assignment: &ast::Assignment) -> String {
    match &assignment.name {
        ast::AssignmentName::VariableName(name) | ast::AssignmentName::ArrayElementName(name, _) => {
            name.clone()
        }
    }
}

/// `--help` and `--version` alone ask for nothing else, whatever the program.
fn only_asks_for_help(args: &[Arg]) -> bool {
    matches!(args, [only] if matches!(only.text(), Some("--help" | "--version" | "-V" | "-help")))
}

/// The value as one word of a command line.
pub(super) fn quoted(value: &Value) -> Value {
    match value.text() {
        Some(text) => {
            let mut out = Value::known(format!("'{}'", text.replace('\'', "'\\''")));
            out.add_sources(value.sources().iter().cloned());
            out
        }
        None => value.clone(),
    }
}

/// Programs that send what their words say.
const SENDERS: [&str; 18] = [
    "curl", "wget", "http", "https", "xh", "xhs", "httpie", "curlie", "nc", "ncat", "netcat", "telnet",
    "dig", "nslookup", "host", "websocat", "mail", "sendmail",
];

/// The words and the input of a program that sends, with the secrets that stand in them; nothing when none do.
fn literal_secrets(base: &str, args: &[Arg], stdin: &Value) -> Option<(Vec<Arg>, Value)> {
    let secrets = |value: &Value| match value.text() {
        Some(text) if text.len() >= 20 => super::super::literal_secrets(text),
        _ => Vec::new(),
    };
    if !SENDERS.contains(&base) {
        return None;
    }
    let mut found = false;
    let mut told = |value: &mut Value| {
        let here = secrets(value);
        found |= !here.is_empty();
        value.add_sources(here);
    };
    let mut args = args.to_vec();
    args.iter_mut().for_each(|arg| told(&mut arg.value));
    let mut stdin = stdin.clone();
    told(&mut stdin);
    found.then_some((args, stdin))
}
