//! The simple commands of a line, for patterns of commands in the settings.

use banksman_protocol::Span;

use super::Shell;
use crate::effects::value::Value;
use crate::world::World;

/// One simple command of a line, as the shell would run it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimpleCommand {
    /// The program and its arguments, as far as they are known.
    pub words: Vec<Value>,
    /// Where it stands in the text of the action.
    pub span: Span,
    /// It is nothing but its words: no variable is set for it and no file is written by a redirection.
    pub plain: bool,
}

/// The simple commands of a line, those inside other commands included.
#[must_use]
pub fn commands(command: &str, cwd: Option<&str>, world: &World<'_>) -> Vec<SimpleCommand> {
    Shell::follow(command, cwd, world).calls
}
