//! The simple commands of a line, for patterns of commands in the settings.

use banksman_protocol::Span;

use crate::effects::value::{Hole, Value};
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
    let _ = (cwd, world);
    let mut found = Vec::new();
    let mut words: Vec<Value> = Vec::new();
    let (mut start, mut plain) = (0, true);
    let mut word: Option<(Value, usize)> = None;
    let mut quote: Option<char> = None;
    let mut close = |words: &mut Vec<Value>, start: usize, end: usize, plain: &mut bool| {
        if !words.is_empty() {
            found.push(SimpleCommand { words: std::mem::take(words), span: Span::new(start, end), plain: *plain });
        }
        *plain = true;
    };
    for (at, c) in command.char_indices().chain([(command.len(), '\n')]) {
        let ends = quote.is_none() && (c.is_whitespace() || matches!(c, ';' | '|' | '&' | '(' | ')'));
        if ends {
            if let Some((value, from)) = word.take() {
                if words.is_empty() {
                    start = from;
                    plain &= !value.prefix().contains('=');
                }
                words.push(value);
            }
            if c == '\n' || !c.is_whitespace() {
                close(&mut words, start, at, &mut plain);
            }
            continue;
        }
        let (value, _) = word.get_or_insert((Value::default(), at));
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None | Some('"'), '$' | '`') => value.push(&Value::unknown(Hole::Any("$".to_owned()))),
            (None, '>' | '<') => plain = false,
            (_, c) => value.push_text(c.encode_utf8(&mut [0; 4])),
        }
    }
    found
}
