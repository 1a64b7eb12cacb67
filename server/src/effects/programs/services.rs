//! Programs that act on services: forges, clouds, containers, clusters, databases, secret stores.
//!
//! Most of them say what they do by their first words, `gh repo delete` or `docker volume rm`, so a
//! program is a table of such words. A row holds patterns, parted by `;`; the first that fits counts.
//!
//! | in a pattern | fits |
//! |---|---|
//! | `word` | the next operand, when it is this word |
//! | `a\|b` | one of these words |
//! | `de*`, `*ed` | words that begin or end so |
//! | `*` | any operand |
//! | `**` | any number of operands |
//! | `.` | the end of the operands |
//! | `-x`, `--long` | nothing itself: the option must be given somewhere |
//! | `--name=v*` | the same, with such a value |

use super::common::{observe, printed};
use super::{Call, Program};
use crate::effects::argv::{Arg, Parsed, Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{
    EffectKind, Elsewhere, Remote, SendHow, ServiceClass, ServiceReach, Source, secret_variable,
};
use crate::world::Role;

mod pattern;

mod clouds;
mod clusters;
mod containers;
mod databases;
mod deploys;
mod forges;

/// The tables of all programs in this family.
const TOOLS: &[&[&[Tool]]] =
    &[&[forges::TOOLS, containers::TOOLS, clusters::TOOLS, clouds::TOOLS, deploys::TOOLS], databases::TOOLS];

pub(super) const FORGES: &[Program] = forges::PROGRAMS;
pub(super) const CONTAINERS: &[Program] = containers::PROGRAMS;
pub(super) const CLUSTERS: &[Program] = clusters::PROGRAMS;
pub(super) const CLOUDS: &[Program] = clouds::PROGRAMS;
pub(super) const DEPLOYS: &[Program] = deploys::PROGRAMS;

pub(in crate::effects) use databases::of_task;
pub(super) use databases::{CLIENTS, DOCUMENTS, MIGRATIONS, QUEUES};

/// A program whose first words say what it does.
#[derive(Clone, Copy, Debug)]
struct Tool {
    /// The names it goes by.
    names: &'static [&'static str],
    /// The service it acts on, as people call it.
    service: &'static str,
    /// Its options.
    options: Options,
    /// How far what it does reaches.
    reach: fn(&Given<'_>, &Shell<'_>) -> ServiceReach,
    /// What its words mean, the first that fits.
    rows: &'static [(&'static str, Does)],
    /// What words mean that no row knows.
    otherwise: Does,
}

/// The options of a program, as far as they matter.
#[derive(Clone, Copy, Debug)]
struct Options {
    /// Short ones that take a value.
    short: &'static str,
    /// Long ones that take a value, without dashes.
    long: &'static [&'static str],
    /// Every long option takes the next word as its value, but for [`Options::switches`].
    greedy: bool,
    /// Long options that take no value, without dashes, where the others do.
    switches: &'static [&'static str],
    /// Long options are written with one dash.
    single_dash: bool,
    /// Options whose value names a file that is read.
    reads: &'static [&'static str],
    /// Options whose value names a file that is written.
    writes: &'static [&'static str],
    /// Options whose value says on what, beside the operands.
    scope: &'static [&'static str],
    /// Options with which nothing is changed.
    dry: &'static [&'static str],
    /// Options whose value logs in: it goes to the service that it belongs to.
    login: &'static [&'static str],
}

/// The usual.
const PLAIN: Options = Options {
    short: "",
    long: &[],
    greedy: false,
    switches: &[],
    single_dash: false,
    reads: &[],
    writes: &[],
    scope: &[],
    dry: &["--dry-run", "--dryrun"],
    login: &[
        "--token",
        "--password",
        "--api-key",
        "--auth",
        "--access-token",
        "--apikey",
        "--username",
        "--user",
    ],
};

/// A program of which only names, service and rows are to be said.
const REMOTE: Tool = Tool {
    names: &[],
    service: "",
    options: Options {
        greedy: true,
        switches: &[
            "yes",
            "force",
            "json",
            "verbose",
            "debug",
            "quiet",
            "all",
            "help",
            "prod",
            "confirm",
            "wait",
            "watch",
            "no-wait",
            "follow",
            "recursive",
            "no-input",
            "interactive",
            "no-interactive",
            "force-reset",
            "accept-data-loss",
            "skip-generate",
            "production",
            "version",
            "approve",
            "dry-run",
            "delete",
            "preview",
            "non-interactive",
            "staging",
            "public",
            "private",
            "skip-confirmation",
            "now",
            "detach",
            "local",
            "linked",
        ],
        ..PLAIN
    },
    reach: by_names,
    rows: &[],
    otherwise: Does::Acts(ServiceClass::Change),
};

/// What words mean.
#[derive(Clone, Copy, Debug)]
enum Does {
    /// It looks at this machine or at itself.
    Looks,
    /// It does this in the service.
    Acts(ServiceClass),
    /// As [`Does::Acts`], on something for development on this machine.
    Here(ServiceClass),
    /// It prints a secret.
    Shows,
    /// It hands the service a secret to keep.
    Keeps,
    /// It runs, builds or serves the project.
    Project,
    /// It loosens this protection from now on.
    Weakens(&'static str),
    /// It runs a command in the service; the words behind these are the command.
    Runs,
    /// More than a row can say.
    Special(fn(&Given<'_>, &mut Shell<'_>) -> Value),
    /// Not known.
    Unknown,
}

const READ: Does = Does::Acts(ServiceClass::Read);
const CREATE: Does = Does::Acts(ServiceClass::Create);
const CHANGE: Does = Does::Acts(ServiceClass::Change);
const DELETE: Does = Does::Acts(ServiceClass::Delete);
const DESTROY: Does = Does::Acts(ServiceClass::Destroy);
const GRANT: Does = Does::Acts(ServiceClass::Grant);
const DEPLOY: Does = Does::Acts(ServiceClass::Deploy);
const PUBLISH: Does = Does::Acts(ServiceClass::Publish);
const RUN: Does = Does::Acts(ServiceClass::Run);
const MESSAGE: Does = Does::Acts(ServiceClass::Message);
const PAY: Does = Does::Acts(ServiceClass::Pay);

/// One call of such a program.
#[derive(Debug)]
struct Given<'c> {
    tool: &'static Tool,
    call: &'c Call<'c>,
    parsed: Parsed,
    /// The operands as they are shown.
    words: Vec<String>,
    /// How many operands say what is done.
    taken: usize,
}

/// The model of all programs in the tables.
fn tool(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let Some(tool) =
        TOOLS.iter().copied().flatten().copied().flatten().find(|tool| tool.names.contains(&call.name))
    else {
        return Value::default();
    };
    follow(tool, call, shell)
}

fn follow(tool: &'static Tool, call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
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
                && !options.switches.contains(&name)
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
    fn rest(&self) -> &[Arg] {
        self.parsed.rest(self.taken)
    }

    /// What is done, in the program's own words.
    fn operation(&self) -> String {
        let said = self.words.get(..self.taken).unwrap_or_default().join(" ");
        if said.is_empty() {
            self.words.first().cloned().unwrap_or_else(|| self.call.name.to_owned())
        } else {
            said
        }
    }

    /// What it is done to.
    fn targets(&self) -> Vec<String> {
        self.words.get(self.taken..).unwrap_or_default().to_vec()
    }

    fn scope(&self) -> String {
        self.values(self.tool.options.scope).map(Arg::shown).collect::<Vec<_>>().join(" ")
    }

    /// The values of options by their full names: these programs take no abbreviations.
    fn values<'s>(&'s self, names: &'s [&'s str]) -> impl Iterator<Item = &'s Arg> {
        self.parsed
            .options
            .iter()
            .filter(move |option| names.contains(&option.name.as_str()))
            .filter_map(|option| option.value.as_ref())
    }

    fn does(&self, does: Does, shell: &mut Shell<'_>) -> Value {
        let reach = (self.tool.reach)(self, shell);
        match does {
            Does::Looks => observe(self.call, shell),
            Does::Acts(class) => self.service(class, reach, shell),
            Does::Here(class) => self.service(class, ServiceReach::Local, shell),
            Does::Shows => {
                self.files(shell);
                self.add(ServiceClass::Read, reach, self.targets().join(" "), shell);
                self.secret(shell)
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
    fn secret(&self, shell: &mut Shell<'_>) -> Value {
        let on = self.targets().join(" ");
        let what = if on.is_empty() {
            format!("the secret that `{}` prints", self.shown())
        } else {
            format!("the secret `{on}` of `{}`", self.call.name)
        };
        let _ = shell;
        Value::output(self.call.name, [Source::Secret(what)])
    }

    /// The program with the words that say what it does.
    fn shown(&self) -> String {
        let operation = self.operation();
        if operation == self.call.name { operation } else { format!("{} {operation}", self.call.name) }
    }

    /// Something is done in the service.
    fn service(&self, class: ServiceClass, reach: ServiceReach, shell: &mut Shell<'_>) -> Value {
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
            return self.secret(shell);
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

    fn is_dry(&self) -> bool {
        self.parsed.surely(self.tool.options.dry)
    }

    /// Adds what is done to a target.
    fn add(&self, class: ServiceClass, reach: ServiceReach, target: String, shell: &mut Shell<'_>) {
        self.add_named(&self.operation(), class, reach, target, shell);
    }

    fn add_named(
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
    fn files(&self, shell: &mut Shell<'_>) -> Value {
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
    fn sends_secrets(&self, read: &Value, shell: &mut Shell<'_>) {
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
    fn runs(&self, place: Elsewhere, words: &[Arg], shell: &mut Shell<'_>) -> Value {
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

/// Others depend on what is named so.
fn is_production(name: &str) -> bool {
    name.to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| matches!(word, "prod" | "production" | "prd" | "live"))
}

/// Options whose value is text for people, or a shape of output.
const PROSE: [&str; 24] = [
    "--title",
    "--body",
    "--message",
    "-m",
    "--description",
    "--comment",
    "--notes",
    "--subject",
    "--text",
    "--filter",
    "--query",
    "--format",
    "--output",
    "-o",
    "-t",
    "-b",
    "--jq",
    "-q",
    "--template",
    "--search",
    "--content",
    "-F",
    "--body-file",
    "--notes-file",
];

/// Another machine, unless a name says that others depend on it.
fn by_names(given: &Given<'_>, _: &Shell<'_>) -> ServiceReach {
    let named = given
        .parsed
        .options
        .iter()
        .filter(|option| !PROSE.contains(&option.name.as_str()))
        .filter_map(|option| option.value.as_ref())
        .map(Arg::shown)
        .chain(given.targets())
        .any(|name| is_production(&name));
    let says = given.parsed.has(&["--prod", "--production"]);
    if named || says { ServiceReach::Production } else { ServiceReach::Remote }
}

/// Another machine, whatever is named.
fn remote(_: &Given<'_>, _: &Shell<'_>) -> ServiceReach {
    ServiceReach::Remote
}

/// This machine.
fn local(_: &Given<'_>, _: &Shell<'_>) -> ServiceReach {
    ServiceReach::Local
}

#[cfg(test)]
mod tests;
