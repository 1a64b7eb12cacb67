//! One call of a program that is a table: what its words do, and to what.

use super::*;

/// One call of such a program.
#[derive(Debug)]
pub(super) struct Given<'c> {
    pub(super) tool: &'static Tool,
    pub(super) call: &'c Call<'c>,
    pub(super) parsed: Parsed,
    /// The operands as they are shown.
    pub(super) words: Vec<String>,
    /// How many operands say what is done.
    pub(super) taken: usize,
}

pub(super) fn follow(tool: &'static Tool, call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = split(call.args, &tool.options);
    let words: Vec<String> = parsed.operands.iter().map(Arg::shown).collect();
    let asks = parsed.has(&["--help", "-help"]) && !call.args.iter().any(|arg| arg.text() == Some("--"));
    // Some put the project into use when nothing more is said.
    let bare = call.args.is_empty() && !matches!(call.name, "vercel" | "now" | "surge");
    if bare || asks || matches!(words.first().map(String::as_str), Some("help" | "version" | "completion")) {
        return observe(call, shell);
    }
    if words.is_empty()
        && !parsed.options.is_empty()
        && parsed
            .options
            .iter()
            .all(|option| matches!(option.name.as_str(), "-v" | "-V" | "--version" | "-h"))
    {
        return observe(call, shell);
    }
    let mut given = Given { tool, call, parsed, words, taken: 0 };
    let mut does = tool.otherwise;
    let fits = tool.rows.iter().find_map(|(patterns, does)| {
        pattern::fit(patterns, &given.words, &given.parsed).map(|taken| (taken, *does))
    });
    match fits {
        Some((taken, found)) => {
            given.taken = taken;
            does = found;
        }
        None => {
            let verb = given.parsed.operands.iter().take(2).position(|word| word.text().is_none());
            if let Some(at) = verb {
                let span = given.parsed.operands.get(at).map_or(call.span, |word| word.span);
                let reason = format!("what `{}` is told to do can only be known when it runs", call.name);
                shell.opaque(reason, crate::effects::Worst::Runs, span);
                return printed(call);
            }
            given.taken = given.words.len().min(2);
        }
    }
    given.does(does, shell)
}

/// Splits the arguments as the program would.
fn split(args: &[Arg], options: &Options) -> Parsed {
    let spec = Spec {
        short: options.short,
        long: options.long,
        operand_ends: false,
        single_dash: options.single_dash,
    };
    if !options.greedy {
        return parse(args, &spec);
    }
    // `--name value` is told to the parser as `--name=value`.
    let mut joined: Vec<Arg> = Vec::with_capacity(args.len());
    let mut rest = args.iter().peekable();
    while let Some(arg) = rest.next() {
        if arg.text() == Some("--") {
            joined.push(arg.clone());
            joined.extend(rest.cloned());
            break;
        }
        let text = arg.text().unwrap_or_default();
        let name = text.strip_prefix("--").or_else(|| text.strip_prefix('-').filter(|_| options.single_dash));
        let valued = name.is_some_and(|name| {
            !name.is_empty()
                && !name.contains('=')
                && !options.switches.iter().any(|names| names.contains(&name))
                && !name.starts_with("no-")
        });
        match rest.peek() {
            Some(next) if valued && !next.value.prefix().starts_with("--") => {
                let mut value = arg.value.clone();
                value.push_text("=");
                value.push(&next.value);
                joined.push(Arg { value, span: next.span, pattern: next.pattern });
                rest.next();
            }
            _ => joined.push(arg.clone()),
        }
    }
    parse(&joined, &spec)
}

impl Given<'_> {
    /// The operands behind those that say what is done.
    pub(super) fn rest(&self) -> &[Arg] {
        self.parsed.rest(self.taken)
    }

    /// What is done, in the program's own words.
    pub(super) fn operation(&self) -> String {
        let said = self.words.get(..self.taken).unwrap_or_default().join(" ");
        if said.is_empty() {
            self.words.first().cloned().unwrap_or_else(|| self.call.name.to_owned())
        } else {
            said
        }
    }

    /// What it is done to.
    pub(super) fn targets(&self) -> Vec<String> {
        self.words.get(self.taken..).unwrap_or_default().to_vec()
    }

    pub(super) fn scope(&self) -> String {
        self.values(self.tool.options.scope).map(Arg::shown).collect::<Vec<_>>().join(" ")
    }

    /// The values of options by their full names: these programs take no abbreviations.
    pub(super) fn values<'s>(&'s self, names: &'s [&'s str]) -> impl Iterator<Item = &'s Arg> {
        self.parsed
            .options
            .iter()
            .filter(move |option| names.contains(&option.name.as_str()))
            .filter_map(|option| option.value.as_ref())
    }

    pub(super) fn does(&self, does: Does, shell: &mut Shell<'_>) -> Value {
        let reach = (self.tool.reach)(self, shell);
        match does {
            Does::Looks => observe(self.call, shell),
            Does::Acts(class) => self.service(class, reach, shell),
            Does::Here(class) => self.service(class, ServiceReach::Local, shell),
            Does::Shows => {
                self.files(shell);
                self.add(ServiceClass::Read, reach, self.targets().join(" "), shell);
                self.secret()
            }
            Does::Keeps => {
                self.add(ServiceClass::Change, reach, self.targets().join(" "), shell);
                Value::default()
            }
            Does::Project => {
                self.files(shell);
                shell.add(EffectKind::RunProject { task: self.shown() }, self.call.span);
                printed(self.call)
            }
            Does::Weakens(what) => {
                shell.add(EffectKind::Weaken { what: what.to_owned(), once: false }, self.call.span);
                Value::default()
            }
            Does::Runs => self.runs(Elsewhere::Cluster(self.tool.service.to_owned()), self.rest(), shell),
            Does::Special(special) => special(self, shell),
            Does::Unknown => {
                shell.add(
                    EffectKind::RunUnknown {
                        program: format!("{} {}", self.call.name, self.operation()),
                        place: None,
                    },
                    self.call.span,
                );
                printed(self.call)
            }
        }
    }

    /// What is printed is a secret. It is only shown when nothing else takes it.
    pub(super) fn secret(&self) -> Value {
        let on = self.targets().join(" ");
        let what = if on.is_empty() {
            format!("the secret that `{}` prints", self.shown())
        } else {
            format!("the secret `{on}` of `{}`", self.call.name)
        };
        Value::output(self.call.name, [Source::Secret(what)])
    }

    /// The program with the words that say what it does.
    pub(super) fn shown(&self) -> String {
        let operation = self.operation();
        if operation == self.call.name { operation } else { format!("{} {operation}", self.call.name) }
    }

    /// Something is done in the service.
    pub(super) fn service(&self, class: ServiceClass, reach: ServiceReach, shell: &mut Shell<'_>) -> Value {
        // `-f` means to follow there.
        let follows = self.words.first().is_some_and(|word| word == "logs");
        let read = if follows { Value::default() } else { self.files(shell) };
        let class = if self.is_dry() { ServiceClass::Read } else { class };
        let outward = matches!(
            class,
            ServiceClass::Publish
                | ServiceClass::Release
                | ServiceClass::Propose
                | ServiceClass::Merge
                | ServiceClass::Message
        );
        let reach = if outward && reach == ServiceReach::Local { ServiceReach::Remote } else { reach };
        if class == ServiceClass::ReadSecret {
            self.add(ServiceClass::Read, reach, self.targets().join(" "), shell);
            return self.secret();
        }
        let targets = self.targets();
        let scope = self.scope();
        let with_scope = |target: String| {
            if scope.is_empty() { target } else { format!("{target} {scope}").trim().to_owned() }
        };
        if matches!(class, ServiceClass::Delete | ServiceClass::Destroy) && targets.len() > 1 {
            for target in targets {
                self.add(class, reach, with_scope(target), shell);
            }
        } else {
            self.add(class, reach, with_scope(targets.join(" ")), shell);
        }
        if class != ServiceClass::Read && reach != ServiceReach::Local {
            self.sends_secrets(&read, shell);
        }
        printed(self.call)
    }

    pub(super) fn is_dry(&self) -> bool {
        self.parsed.surely(self.tool.options.dry)
    }

    /// Adds what is done to a target.
    pub(super) fn add(
        &self,
        class: ServiceClass,
        reach: ServiceReach,
        target: String,
        shell: &mut Shell<'_>,
    ) {
        self.add_named(&self.operation(), class, reach, target, shell);
    }

    pub(super) fn add_named(
        &self,
        operation: &str,
        class: ServiceClass,
        reach: ServiceReach,
        target: String,
        shell: &mut Shell<'_>,
    ) {
        let kind = EffectKind::Service {
            service: self.tool.service.to_owned(),
            operation: operation.to_owned(),
            target,
            class,
            reach,
        };
        shell.add(kind, self.call.span);
    }

    /// Reads and writes the files that options name; returns what was read.
    pub(super) fn files(&self, shell: &mut Shell<'_>) -> Value {
        let mut out = Value::default();
        for file in self.values(self.tool.options.reads) {
            if file.text() == Some("-") {
                out.push(self.call.stdin);
            } else if !file.value.prefix().contains("://") {
                out.push(&shell.read_file(file));
            }
        }
        for file in self.values(self.tool.options.writes) {
            if file.text() != Some("-") {
                shell.write(file, crate::effects::WriteHow::Replace, None);
            }
        }
        out
    }

    /// Secrets among what the service is given.
    pub(super) fn sends_secrets(&self, read: &Value, shell: &mut Shell<'_>) {
        let mut what: Vec<Source> = Vec::new();
        let values = self
            .parsed
            .options
            .iter()
            .filter(|option| !self.tool.options.login.contains(&option.name.as_str()))
            .filter_map(|option| option.value.as_ref())
            .chain(self.rest());
        for value in values.map(|arg| &arg.value).chain([read, self.call.stdin]) {
            for source in value.sources().iter().filter(|source| is_secret(source)) {
                if !what.contains(source) {
                    what.push(source.clone());
                }
            }
        }
        if !what.is_empty() {
            let to = Remote::unknown(self.tool.service);
            shell.add(EffectKind::Send { to, what, how: SendHow::Body }, self.call.span);
        }
    }

    /// A command runs elsewhere.
    pub(super) fn runs(&self, place: Elsewhere, words: &[Arg], shell: &mut Shell<'_>) -> Value {
        let command = words.iter().map(Arg::shown).collect::<Vec<_>>().join(" ");
        let command = (!command.is_empty()).then_some(command);
        shell.add(EffectKind::RunElsewhere { place, command }, self.call.span);
        printed(self.call)
    }
}

fn is_secret(source: &Source) -> bool {
    match source {
        Source::File(place) => matches!(place.role, Role::Secret(_)),
        Source::Secret(_) | Source::Environment => true,
        Source::Variable(name) => secret_variable(name),
        Source::Url(_) | Source::Output(_) => false,
    }
}
