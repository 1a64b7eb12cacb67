//! What a command line does: one recursive evaluator for every command, however deep it is nested.
//!
//! It parses the line as bash does, follows variables, directories, redirections and pipes as far
//! as they are known, and asks the model of each program what it does. It runs nothing. What it
//! cannot know becomes [`EffectKind::Opaque`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use banksman_protocol::{Certainty, Span};

use super::argv::Arg;
use super::value::{Hole, Value};
use super::{Content, Effect, EffectKind, Inside, Source, Worst, WriteHow};
use crate::world::World;

mod arithmetic;
mod builtins;
mod commands;
mod expand;
mod files;
mod flows;
mod frame;
mod glob;
mod later;
mod lines;
mod loops;
mod many;
mod nested;
mod parameters;
mod redirect;
mod run;
mod script;
mod simple;
mod state;
mod syntax;
mod unknown;
mod variables;
mod written;

#[cfg(test)]
mod flowing;
#[cfg(test)]
mod followed;
#[cfg(test)]
mod links;

pub use commands::{SimpleCommand, commands};
use frame::{Frame, InFile, Stands};
pub use glob::Pattern;
use state::State;

/// How much work is done for one action, in commands.
const STEP_LIMIT: usize = 10_000;
/// How many bytes of text that is parsed make as much work as a command.
const BYTES_A_STEP: usize = 64;
/// How many bytes of values that are put together make as much work as a command.
const LONG: usize = 1_024;
/// How many words make as much work as a command.
const WORDS_A_STEP: usize = 16;
/// What follows a line recurses, and so do the parsers: it does so on a stack of this size, in bytes. Threads
/// that review much had better have one of this size, so that none has to be made for each review.
pub const STACK: usize = 64 * 1024 * 1024;
/// How many effects one action may have before the rest is opaque.
const EFFECT_LIMIT: usize = 2_000;
/// What a program holds that a compiler made of the project's own sources.
pub(in crate::effects) const BUILT: &str = "the project's own sources";
/// How deep commands may be nested.
const DEPTH_LIMIT: usize = 24;

/// The evaluator, and what models of programs may ask of it.
#[derive(Debug)]
pub struct Shell<'w> {
    world: &'w World<'w>,
    effects: Vec<Effect>,
    state: State,
    frame: Frame,
    files: BTreeMap<PathBuf, Value>,
    around: Span,
    /// Every command that is called, for patterns of commands in the settings.
    calls: Vec<SimpleCommand>,
    /// Secrets that were printed somewhere, with where.
    printed_secrets: Vec<(String, Span)>,
    /// What flows into the command that is being read.
    stdin: Value,
    /// What code of other languages prints.
    code_output: Value,
    /// Folders that hold what came from another machine in this line.
    fetched: Vec<(PathBuf, String)>,
    /// Variables that the function being followed has for itself.
    locals: Option<Vec<String>>,
    /// What the command prints may flow on in this line: it does not go to whoever started the line alone.
    flows_on: bool,
    pipes: usize,
    steps: usize,
    /// Rounds of loops over known values that were followed.
    followed_rounds: usize,
    /// What files hold that the line has changed, with all that it puts into them at their end.
    changed: BTreeMap<PathBuf, String>,
    /// Scripts that were followed as the line runs them: where they stand, their language, and their text.
    followed: Vec<(PathBuf, String, String)>,
    depth: usize,
    full: bool,
}

/// What a command line does when run in `cwd` (the session's directory when absent).
#[must_use]
pub fn read_command(command: &str, cwd: Option<&str>, world: &World<'_>) -> Vec<Effect> {
    let mut shell = Shell::follow(command, cwd, world);
    shell.add_what_is_written();
    shell.finish()
}

/// What code in `language` (`sh`, `python`, `node` …) does when it is run in the session's directory.
#[must_use]
pub fn read_code(language: &str, code: &str, world: &World<'_>) -> Vec<Effect> {
    let mut shell = Shell::new(world, code, world.cwd().to_path_buf());
    let whole = Span::new(0, code.len());
    deeply(|| shell.run_code(language, &Value::known(code), whole));
    shell.finish()
}

/// Does something that recurses, on a stack that is large enough for it.
fn deeply<T>(inner: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK / 2, STACK, inner)
}

/// A character that is not shown but changes the order in which others are.
fn reorders(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{200b}')
}

impl<'w> Shell<'w> {
    fn follow(command: &str, cwd: Option<&str>, world: &'w World<'w>) -> Self {
        let cwd = cwd.map_or_else(|| world.cwd().to_path_buf(), |cwd| world.place(world.cwd(), cwd).path);
        let mut shell = Shell::new(world, command, cwd);
        let frame = shell.frame.clone();
        if let Some((start, hidden)) = command.char_indices().find(|(_, char)| reorders(*char)) {
            let span = Span::new(start, start + hidden.len_utf8());
            let reason = "it holds characters that are not shown and make the rest look like something else";
            shell.opaque(reason, Worst::Runs, span);
        }
        shell.flows_on = false;
        let printed = deeply(|| shell.run_text(command, frame, &Value::default()));
        shell.shown_to_agent(&printed);
        shell
    }

    fn new(world: &'w World<'w>, text: &str, cwd: PathBuf) -> Self {
        Self {
            world,
            effects: Vec::new(),
            state: State::new(cwd),
            frame: Frame { text: text.into(), stands: Stands::At(0), file: None },
            files: BTreeMap::new(),
            around: Span::new(0, text.len()),
            calls: Vec::new(),
            printed_secrets: Vec::new(),
            stdin: Value::default(),
            code_output: Value::default(),
            fetched: Vec::new(),
            locals: None,
            flows_on: true,
            pipes: 0,
            steps: 0,
            followed_rounds: 0,
            changed: BTreeMap::new(),
            followed: Vec::new(),
            depth: 0,
            full: false,
        }
    }

    /// An evaluator for tests of models, and what it has found.
    #[cfg(test)]
    pub(crate) fn bare(world: &'w World<'w>, text: &str) -> Self {
        Self::new(world, text, world.cwd().to_path_buf())
    }

    #[cfg(test)]
    pub(crate) fn found(self) -> Vec<Effect> {
        self.finish()
    }

    fn finish(mut self) -> Vec<Effect> {
        let mut seen: Vec<Effect> = Vec::with_capacity(self.effects.len());
        for effect in self.effects.drain(..) {
            let recent = seen.len().saturating_sub(64);
            if !seen.get(recent..).unwrap_or_default().contains(&effect) {
                seen.push(effect);
            }
        }
        if seen.is_empty() {
            seen.push(Effect::new(EffectKind::Observe, Span::new(0, self.frame.text.len())));
        }
        seen
    }

    /// What is printed at the end is read by the agent: secrets in it are shown.
    fn shown_to_agent(&mut self, printed: &Value) {
        let whole = Span::new(0, self.frame.text.len());
        for source in printed.sources() {
            let what = match source {
                Source::Variable(name) if super::secret_variable(name) => format!("the variable `{name}`"),
                Source::Environment => "every variable of the environment".to_owned(),
                Source::Secret(what) => what.clone(),
                _ => continue,
            };
            let span = self
                .printed_secrets
                .iter()
                .find(|(known, _)| *known == what)
                .map_or(whole, |(_, span)| *span);
            self.add(EffectKind::Secret { what }, span);
        }
    }

    // ---- what models may ask ------------------------------------------------------------------

    /// The world.
    #[must_use]
    pub fn world(&self) -> &'w World<'w> {
        self.world
    }

    /// The directory the command runs in, when it is known.
    #[must_use]
    pub fn cwd(&self) -> Option<&Path> {
        self.state.cwd.as_deref()
    }

    /// Adds an effect that is certain.
    pub fn add(&mut self, kind: EffectKind, span: Span) {
        self.add_as(kind, span, Certainty::Certain);
    }

    /// Adds an effect with how sure it is. `span` counts in the text that is being read.
    pub fn add_as(&mut self, kind: EffectKind, span: Span, certainty: Certainty) {
        if self.effects.len() >= EFFECT_LIMIT {
            if !self.full {
                self.full = true;
                let reason = "the command does more things than are looked at".to_owned();
                let (span, inside) = self.tell(span);
                let kind = EffectKind::Opaque { reason, worst: Worst::Runs };
                self.effects.push(Effect { kind, span, inside, certainty: Certainty::Certain });
                // Nothing that follows would be told.
                self.steps = STEP_LIMIT;
            }
            return;
        }
        // What a build or a test runs in a folder that came from another machine is that machine's code.
        let kind = match (kind, self.cwd().and_then(|cwd| self.came_from(cwd))) {
            (EffectKind::RunProject { .. }, Some(from)) => {
                let place = self.cwd().map(|cwd| self.world.place(cwd, "."));
                EffectKind::RunDownloaded { from, place }
            }
            // What a manifest declares is installed with the scripts that it names.
            (EffectKind::Install { package, .. }, Some(from)) if package.is_empty() => {
                let place = self.cwd().map(|cwd| self.world.place(cwd, "."));
                EffectKind::RunDownloaded { from, place }
            }
            (kind, _) => kind,
        };
        if let EffectKind::Fetch { from, saves: Some(place) } = &kind
            && place.known
            && !from.local
        {
            self.fetched.push((place.path.clone(), from.shown.clone()));
        }
        let (span, inside) = self.tell(span);
        self.effects.push(Effect { kind, span, inside, certainty });
    }

    /// Says that something could not be understood.
    pub fn opaque(&mut self, reason: impl Into<String>, worst: Worst, span: Span) {
        self.add(EffectKind::Opaque { reason: reason.into(), worst }, span);
    }

    /// Follows a command line given as text, as `sh -c` does.
    pub fn run_line(&mut self, line: &Value, span: Span, stdin: &Value) -> Value {
        nested::line(self, line, span, stdin)
    }

    /// Follows a command given as words, as `env` or `timeout` do.
    pub fn run_words(&mut self, words: &[Arg], span: Span, stdin: &Value) -> Value {
        nested::words(self, words, span, stdin)
    }

    /// Follows a command given as words with other words behind them that are not known, as `xargs` does.
    pub fn run_words_with(&mut self, words: &[Arg], more: &[Arg], span: Span, stdin: &Value) -> Value {
        let all: Vec<Arg> = words.iter().chain(more).cloned().collect();
        nested::words(self, &all, span, stdin)
    }

    /// Follows code that is piped or handed to the interpreter `language` (`sh`, `python`, `node` …).
    pub fn run_code(&mut self, language: &str, code: &Value, span: Span) -> Value {
        nested::code(self, language, code, span)
    }

    /// Follows a file that is run by `interpreter`, or by itself when that is `None`.
    pub fn run_file(
        &mut self,
        interpreter: Option<&str>,
        file: &Arg,
        args: &[Arg],
        span: Span,
        stdin: &Value,
    ) -> Value {
        nested::file(self, interpreter, file, args, span, stdin)
    }

    /// Runs `inner` in another directory, as `git -C` and `make -C` do.
    pub fn in_folder<T>(&mut self, folder: &Arg, inner: impl FnOnce(&mut Self) -> T) -> T {
        let place = self.place(folder);
        let before = std::mem::replace(&mut self.state.cwd, place.known.then_some(place.path));
        let out = inner(self);
        self.state.cwd = before;
        out
    }

    /// The value of a variable of the line or the environment.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<Value> {
        self.state.value(name).or_else(|| self.world.variable(name).map(Value::known))
    }
}

/// What models of wrappers and interpreters need besides.
impl Shell<'_> {
    /// Sets a variable for what runs next in this call.
    pub fn set_for_call(&mut self, name: &str, value: &Value, span: Span) {
        self.watch_variable(name, value, span);
        if name != "PATH" {
            self.state.set(name, value.clone());
        }
    }

    /// The value of a variable, of which secrets stay unknown.
    #[must_use]
    pub fn named_variable(&self, name: &str) -> Value {
        self.named(name)
    }

    /// Does something with other positional parameters: `args` are `$0`, `$1`, …
    pub fn with_parameters<T>(&mut self, args: &[&Arg], inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.state.clone();
        if let Some((name, rest)) = args.split_first() {
            self.state.name = name.value.clone();
            self.state.positional = Some(rest.iter().map(|arg| arg.value.clone()).collect());
        } else {
            self.state.positional = Some(Vec::new());
        }
        let out = inner(self);
        self.state.positional = before.positional;
        self.state.name = before.name;
        out
    }
}

/// What backslash escapes in a text mean, as `$'…'` reads them.
#[must_use]
pub fn unescaped(text: &str) -> String {
    expand::ansi_c(text)
}

/// How things stood around code of another language.
#[derive(Debug)]
pub(super) struct Outside {
    printed: Value,
    state: State,
}

/// What readers of other languages need besides.
impl Shell<'_> {
    /// What follows runs in another directory.
    pub fn enter(&mut self, folder: &Arg) {
        let place = self.place(folder);
        self.state.cwd = place.known.then_some(place.path);
    }

    /// Code begins to run: what it prints is collected from here on.
    pub(super) fn begin_code(&mut self) -> Outside {
        Outside { printed: std::mem::take(&mut self.code_output), state: self.state.clone() }
    }

    /// Code has run: what it printed. Its directory and variables were its own.
    pub(super) fn end_code(&mut self, before: Outside) -> Value {
        self.state = before.state;
        let mut printed = Value::output("code", Vec::new());
        printed
            .add_sources(std::mem::replace(&mut self.code_output, before.printed).sources().iter().cloned());
        printed
    }

    /// Code prints something.
    pub(super) fn print_from_code(&mut self, value: &Value, span: Span) {
        let (span, _) = self.tell(span);
        for source in value.sources() {
            if let Source::Variable(name) = source
                && super::secret_variable(name)
            {
                self.printed_secrets.push((format!("the variable `{name}`"), span));
            }
        }
        self.code_output.add_sources(value.sources().iter().cloned());
    }
}
