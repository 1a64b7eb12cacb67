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
use crate::world::{Place, Scope, Text, World, normalise};

mod arithmetic;
mod builtins;
mod commands;
mod expand;
mod glob;
mod nested;
mod redirect;
mod run;
mod simple;
mod state;
mod syntax;

pub use commands::{SimpleCommand, commands};
use state::State;

/// How many commands are followed in one action.
const STEP_LIMIT: usize = 20_000;
/// How many effects one action may have before the rest is opaque.
const EFFECT_LIMIT: usize = 2_000;
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
    steps: usize,
    depth: usize,
    full: bool,
}

/// How places in the text that is being read are told to people.
#[derive(Clone, Debug)]
struct Frame {
    /// The text that is being read.
    text: std::sync::Arc<str>,
    /// Where it stands in the text of the action.
    stands: Stands,
    /// The file it stands in, and whether it is the project's own.
    file: Option<(PathBuf, bool)>,
}

#[derive(Clone, Copy, Debug)]
enum Stands {
    /// Word for word, from this byte on.
    At(usize),
    /// Changed by quoting or decoding: somewhere in there.
    Within(Span),
}

/// What a command line does when run in `cwd` (the session's directory when absent).
#[must_use]
pub fn read_command(command: &str, cwd: Option<&str>, world: &World<'_>) -> Vec<Effect> {
    let cwd = cwd.map_or_else(|| world.cwd().to_path_buf(), |cwd| world.place(world.cwd(), cwd).path);
    let mut shell = Shell::new(world, command, cwd);
    let states = vec![shell.state.clone()];
    shell.source_text(command, states, &Value::default());
    shell.finish()
}

impl<'w> Shell<'w> {
    fn new(world: &'w World<'w>, text: &str, cwd: PathBuf) -> Self {
        Self {
            world,
            effects: Vec::new(),
            state: State::new(cwd),
            frame: Frame { text: text.into(), stands: Stands::At(0), file: None },
            files: BTreeMap::new(),
            steps: 0,
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
                self.effects.push(Effect::new(EffectKind::Opaque { reason, worst: Worst::Runs }, span));
            }
            return;
        }
        let (span, inside) = self.tell(span);
        self.effects.push(Effect { kind, span, inside, certainty });
    }

    /// Says that something could not be understood.
    pub fn opaque(&mut self, reason: impl Into<String>, worst: Worst, span: Span) {
        self.add(EffectKind::Opaque { reason: reason.into(), worst }, span);
    }

    /// The place that an argument names; links are followed.
    #[must_use]
    pub fn place(&self, arg: &Arg) -> Place {
        self.place_of(&arg.value, arg.pattern, true)
    }

    /// The place that an argument names; the last link is not followed.
    #[must_use]
    pub fn place_itself(&self, arg: &Arg) -> Place {
        self.place_of(&arg.value, arg.pattern, false)
    }

    /// The place that a known path names.
    #[must_use]
    pub fn place_at(&self, path: &str) -> Place {
        self.place_of(&Value::known(path), false, true)
    }

    fn place_of(&self, value: &Value, pattern: bool, follow: bool) -> Place {
        let shown = value.shown();
        if let Some(text) = value.text().filter(|_| !pattern) {
            let Some(cwd) = self.cwd().or_else(|| text.starts_with('/').then_some(Path::new("/"))) else {
                return Place::unknown(&shown);
            };
            return if follow { self.world.place(cwd, text) } else { self.world.place_itself(cwd, text) };
        }
        // Only the leading folder is known: whatever it is lies somewhere in there.
        let known = if pattern { value.prefix().split(['*', '?', '[', '{']).next().unwrap_or_default() } else { value.prefix() };
        let folder = known.rsplit_once('/').map(|(folder, _)| if folder.is_empty() { "/" } else { folder });
        let cwd = self.cwd();
        let leading = match (folder, cwd) {
            (Some(folder), _) if folder.starts_with('/') => self.world.place(Path::new("/"), folder),
            (Some(folder), Some(cwd)) => self.world.place(cwd, folder),
            (None, Some(cwd)) if pattern || !known.is_empty() => self.world.place(cwd, "."),
            _ => return Place::unknown(&shown),
        };
        if value.shown().contains("..") {
            return Place::unknown(&shown);
        }
        Place { shown, known: false, ..leading }
    }

    /// What stands at a place now. What the line itself has written counts as made.
    #[must_use]
    pub fn state_of(&self, place: &Place) -> crate::world::State {
        if place.known && self.files.contains_key(&place.path) && !self.world.exists(&place.path) {
            return crate::world::State { exists: true, made: 1, ..crate::world::State::default() };
        }
        self.world.state(place)
    }

    /// Reads the files that arguments name, and returns what flows out of them.
    pub fn read_files(&mut self, args: &[Arg]) -> Value {
        let mut out = Value::default();
        for arg in args {
            let value = self.read_file(arg);
            out.push(&value);
        }
        out
    }

    /// Reads the file that an argument names, and returns what flows out of it.
    pub fn read_file(&mut self, arg: &Arg) -> Value {
        let place = self.place(arg);
        let value = self.text_of(&place);
        if place.scope != Scope::Sink {
            self.add(EffectKind::Read { place: place.clone() }, arg.span);
        }
        value
    }

    /// What stands in a file, with where it comes from.
    #[must_use]
    pub fn text_of(&self, place: &Place) -> Value {
        if place.scope == Scope::Sink {
            return Value::default();
        }
        let mut value = if let Some(value) = self.files.get(&place.path) {
            value.clone()
        } else {
            match place.known.then(|| self.world.text(&place.path)) {
                Some(Text::Known(text)) => Value::known(&*text),
                _ => Value::unknown(Hole::Output(format!("cat {}", place.shown))),
            }
        };
        value.add_sources([Source::File(Box::new(place.clone()))]);
        value
    }

    /// Writes a file.
    pub fn write(&mut self, arg: &Arg, how: WriteHow, content: Option<Value>) {
        let place = self.place(arg);
        self.write_place(place, how, content, arg.span);
    }

    /// Writes a file at a place.
    pub fn write_place(&mut self, place: Place, how: WriteHow, content: Option<Value>, span: Span) {
        if place.scope == Scope::Sink {
            return;
        }
        let state = self.state_of(&place);
        let told = content.as_ref().map(|value| Content {
            new: value.shown(),
            old: None,
            from: value.sources().to_vec(),
        });
        if place.known {
            let mut now = match (how, self.files.remove(&place.path)) {
                (WriteHow::Append, Some(before)) => before,
                (WriteHow::Append, None) => match self.world.text(&place.path) {
                    Text::Known(text) => Value::known(&*text),
                    _ => Value::default(),
                },
                _ => Value::default(),
            };
            if how != WriteHow::Create {
                now.push(&content.unwrap_or_else(|| Value::output("an unknown program", [])));
            }
            self.files.insert(place.path.clone(), now);
        }
        self.add(EffectKind::Write { place, state, how, content: told }, span);
    }

    /// Deletes what an argument names.
    pub fn delete(&mut self, arg: &Arg, recursive: bool) {
        let place = self.place_itself(arg);
        let state = self.state_of(&place);
        self.files.remove(&place.path);
        self.add(EffectKind::Delete { place, state, recursive }, arg.span);
    }

    /// The text that this line has written into a file, if it has.
    #[must_use]
    pub fn written(&self, path: &Path) -> Option<&Value> {
        self.files.get(path)
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
    pub fn run_file(&mut self, interpreter: Option<&str>, file: &Arg, args: &[Arg], span: Span, stdin: &Value) -> Value {
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

    // ---- where things stand -------------------------------------------------------------------

    fn tell(&self, span: Span) -> (Span, Option<Inside>) {
        let inside = self.frame.file.as_ref().map(|(path, own)| {
            let before = self.frame.text.get(..span.start).unwrap_or_default();
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            Inside { path: path.clone(), line: u32::try_from(line).unwrap_or(u32::MAX), own: *own }
        });
        let span = match self.frame.stands {
            Stands::At(offset) => Span::new(offset + span.start, offset + span.end),
            Stands::Within(whole) => whole,
        };
        (span, inside)
    }

    fn join(&self, folder: &Path, path: &str) -> PathBuf {
        normalise(&folder.join(path))
    }
}
