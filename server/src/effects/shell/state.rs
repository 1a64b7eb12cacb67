//! What a shell remembers between commands.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::Arc;

use brush_parser::ast::FunctionBody;

use super::redirect::To;
use super::{Hole, Value};

/// How many names of variables may stand for each other in a row.
const NAMES: usize = 8;

/// What a shell remembers between commands.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The directory, when it is known.
    pub(super) cwd: Option<PathBuf>,
    /// The directory we are still in if the last `cd` did not succeed.
    pub(super) stray: Option<PathBuf>,
    /// The directory before, for `cd -`.
    pub(super) before: Option<PathBuf>,
    /// Folders that `pushd` keeps.
    pub(super) stack: Vec<Option<PathBuf>>,
    /// Variables that the line has set.
    pub(super) variables: Shared<BTreeMap<String, Variable>>,
    /// Positional parameters; `None` when they are not known.
    pub(super) positional: Option<Vec<Value>>,
    /// `$0`.
    pub(super) name: Value,
    /// Functions that the line has defined.
    pub(super) functions: Shared<BTreeMap<String, Arc<Function>>>,
    /// Aliases that the line has set.
    pub(super) aliases: Shared<BTreeMap<String, String>>,
    /// What flows in on descriptors that `exec` and `coproc` have opened.
    pub(super) inputs: Shared<BTreeMap<i32, Value>>,
    /// Where descriptors lead that `exec` and `coproc` have opened.
    pub(super) outputs: Shared<BTreeMap<i32, To>>,
    /// The last command succeeded, as far as known.
    pub(super) status: Option<bool>,
    /// Nothing more runs in this shell.
    pub(super) ended: Option<End>,
}

/// A function, with the text it stands in.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) body: FunctionBody,
    pub(super) frame: super::Frame,
}

/// Why nothing more runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// `exit`, or `exec` of another program.
    Exit,
    /// `return`.
    Return,
    /// `break` or `continue`.
    Loop,
}

/// A variable that the line has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Variable {
    /// One value.
    Scalar(Value),
    /// Several.
    Array(Vec<Value>),
    /// None: it was unset.
    Unset,
    /// It stands for the variable of that name (`declare -n`).
    Name(String),
}

/// What the ways of a line share until one of them changes it.
#[derive(Debug, Default)]
pub(super) struct Shared<T>(Arc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> DerefMut for Shared<T> {
    fn deref_mut(&mut self) -> &mut T {
        Arc::make_mut(&mut self.0)
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.same_but_status(other) && self.status == other.status
    }
}

impl State {
    pub(super) fn new(cwd: PathBuf) -> Self {
        Self {
            cwd: Some(cwd),
            stray: None,
            before: None,
            stack: Vec::new(),
            variables: Shared::default(),
            positional: Some(Vec::new()),
            name: Value::known("bash"),
            functions: Shared::default(),
            aliases: Shared::default(),
            inputs: Shared::default(),
            outputs: Shared::default(),
            status: Some(true),
            ended: None,
        }
    }

    /// About how much work it is to carry this state on, in commands.
    pub(super) fn weight(&self) -> usize {
        let variables: usize = self
            .variables
            .values()
            .map(|variable| match variable {
                Variable::Scalar(value) => value.weight(),
                Variable::Array(values) => values.iter().map(Value::weight).sum(),
                Variable::Unset | Variable::Name(_) => 0,
            })
            .sum();
        let positional: usize =
            self.positional.iter().flatten().chain(self.inputs.values()).map(Value::weight).sum();
        let entries = self.variables.len() + self.functions.len() + self.aliases.len() + self.stack.len();
        entries / 8 + (variables + positional) / 8_192
    }

    /// The same, with what is printed going into a pipe.
    pub(super) fn piped(mut self) -> Self {
        if self.outputs.contains_key(&1) {
            self.outputs.remove(&1);
        }
        self
    }

    /// The last command did or did not succeed; a `cd` that did not leaves us where we were.
    pub(super) fn settle(mut self, succeeded: bool) -> Self {
        if let Some(stray) = self.stray.take()
            && !succeeded
        {
            self.cwd = Some(stray);
        }
        self
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        let name = self.meant(name).to_owned();
        self.variables.insert(name, Variable::Scalar(value));
    }

    /// The variable that a name stands for in the end.
    pub(super) fn meant<'a>(&'a self, name: &'a str) -> &'a str {
        let mut name = name;
        for _ in 0..NAMES {
            match self.variables.get(name) {
                Some(Variable::Name(other)) => name = other,
                _ => break,
            }
        }
        name
    }

    /// The value that the line has given to a variable.
    pub(super) fn value(&self, name: &str) -> Option<Value> {
        match self.variables.get(self.meant(name))? {
            Variable::Scalar(value) => Some(value.clone()),
            Variable::Array(values) => Some(values.first().cloned().unwrap_or_default()),
            Variable::Unset | Variable::Name(_) => None,
        }
    }

    pub(super) fn was_unset(&self, name: &str) -> bool {
        matches!(self.variables.get(name), Some(Variable::Unset))
    }

    fn same_but_status(&self, other: &Self) -> bool {
        self.cwd == other.cwd
            && self.stray == other.stray
            && self.before == other.before
            && self.stack == other.stack
            && self.variables == other.variables
            && self.positional == other.positional
            && self.aliases == other.aliases
            && self.ended == other.ended
            && self.inputs == other.inputs
            && self.outputs == other.outputs
            && self.functions.len() == other.functions.len()
            && self
                .functions
                .iter()
                .zip(other.functions.iter())
                .all(|((a, f), (b, g))| a == b && Arc::ptr_eq(f, g))
    }

    /// One state that stands for both: what differs is not known.
    fn blur(mut self, other: &Self) -> Self {
        if self.cwd != other.cwd {
            self.cwd = None;
        }
        if self.status != other.status {
            self.status = None;
        }
        if self.ended != other.ended {
            self.ended = None;
        }
        if self.positional != other.positional {
            self.positional = None;
        }
        let names: Vec<String> = if self.variables == other.variables {
            Vec::new()
        } else {
            self.variables.keys().chain(other.variables.keys()).cloned().collect()
        };
        for name in names {
            if self.variables.get(&name) != other.variables.get(&name) {
                let mut value = Value::unknown(Hole::Any(format!("${name}")));
                for side in [self.value(&name), other.value(&name)].into_iter().flatten() {
                    value.add_sources(side.sources().iter().cloned());
                }
                self.set(&name, value);
            }
        }
        for (number, value) in other.inputs.iter() {
            if self.inputs.get(number) != Some(value) {
                let mut any = Value::unknown(Hole::Any(format!("what comes in on {number}")));
                any.add_sources(value.sources().iter().cloned());
                self.inputs.insert(*number, any);
            }
        }
        for (number, to) in other.outputs.iter() {
            self.outputs.entry(*number).or_insert_with(|| to.clone());
        }
        for (name, function) in other.functions.iter() {
            self.functions.entry(name.clone()).or_insert_with(|| Arc::clone(function));
        }
        self
    }
}

/// The different ways among `states`: the same ones once, and not more than are `kept`.
pub(super) fn ways(states: Vec<State>, kept: usize) -> Vec<State> {
    let mut out: Vec<State> = Vec::with_capacity(states.len().min(kept));
    for state in states {
        if let Some(same) = out.iter_mut().find(|known| known.same_but_status(&state)) {
            if same.status != state.status {
                same.status = None;
            }
            continue;
        }
        out.push(state);
    }
    while out.len() > kept {
        let Some(last) = out.pop() else { break };
        let Some(before) = out.pop() else { break };
        out.push(before.blur(&last));
    }
    out
}

/// One state that stands for all ways; `fallback` when there is none.
pub(super) fn join(states: Vec<State>, fallback: &State) -> State {
    let mut states = states.into_iter();
    let Some(first) = states.next() else { return fallback.clone() };
    states.fold(first, |joined, state| joined.blur(&state))
}
