//! What a shell remembers between commands.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use brush_parser::ast::FunctionBody;

use super::Value;

/// What a shell remembers between commands.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The directory, when it is known.
    pub(super) cwd: Option<PathBuf>,
    /// The directory before, for `cd -`.
    pub(super) before: Option<PathBuf>,
    /// Folders that `pushd` keeps.
    pub(super) stack: Vec<Option<PathBuf>>,
    /// Variables that the line has set.
    pub(super) variables: BTreeMap<String, Variable>,
    /// Positional parameters; `None` when they are not known.
    pub(super) positional: Option<Vec<Value>>,
    /// `$0`.
    pub(super) name: Value,
    /// Functions that the line has defined.
    pub(super) functions: BTreeMap<String, Arc<FunctionBody>>,
    /// Aliases that the line has set.
    pub(super) aliases: BTreeMap<String, String>,
    /// The last command succeeded, as far as known.
    pub(super) status: Option<bool>,
    /// Nothing more runs in this shell.
    pub(super) ended: Option<End>,
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
}

impl State {
    pub(super) fn new(cwd: PathBuf) -> Self {
        Self {
            cwd: Some(cwd),
            before: None,
            stack: Vec::new(),
            variables: BTreeMap::new(),
            positional: Some(Vec::new()),
            name: Value::known("bash"),
            functions: BTreeMap::new(),
            aliases: BTreeMap::new(),
            status: Some(true),
            ended: None,
        }
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        self.variables.insert(name.to_owned(), Variable::Scalar(value));
    }

    pub(super) fn value(&self, name: &str) -> Option<Value> {
        self.variables.get(name).map(|variable| match variable {
            Variable::Scalar(value) => value.clone(),
            Variable::Array(values) => values.first().cloned().unwrap_or_default(),
        })
    }
}
