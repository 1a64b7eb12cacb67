//! Code in other languages than shell: the file, process and network calls in it.
//!
//! Python is parsed; the others are scanned for calls with what is known of their arguments.
//! A call that is in no table does nothing that rules care about.

use banksman_protocol::Span;

use super::Worst;
use super::argv::Arg;
use super::shell::Shell;
use super::value::Value;

mod deed;
mod depth;
mod item;
mod magics;
mod python;
mod scan;
mod tables;
mod telling;

use deed::{Deed, perform};
use item::Item;

/// How many bytes of code are looked at.
const CODE_LIMIT: usize = 256 * 1024;

/// How deep the syntax of code may be nested: whoever parses it, walks it or lets go of it recurses.
const NESTING_LIMIT: usize = 400;

/// Follows `code`, written in `language` (`python`, `node`, `perl`, `ruby`, `php`), with its arguments.
/// Returns what it prints.
pub fn read(shell: &mut Shell<'_>, language: &str, code: &Value, args: &[Arg], span: Span) -> Value {
    let Some(text) = known(code) else {
        let from_net = code.sources().iter().find_map(|source| match source {
            super::Source::Url(from) => Some(from.clone()),
            _ => None,
        });
        if let Some(from) = from_net {
            shell.add(super::EffectKind::RunDownloaded { from, place: None }, span);
        } else if !code.is_empty() {
            shell.opaque(
                format!("`{}` is run as {language}, and what it holds is not known", code.shown()),
                Worst::Runs,
                span,
            );
        }
        return Value::output(language, code.sources().to_vec());
    };
    if text.len() > CODE_LIMIT {
        shell.opaque(format!("the {language} code is longer than is looked at"), Worst::Runs, span);
        return Value::output(language, Vec::new());
    }
    if language == "python" {
        if !depth::is_deeper(&text, NESTING_LIMIT) {
            return python::read(shell, &text, args, span);
        }
        shell.opaque("the Python code is nested deeper than is followed", Worst::Runs, span);
    }
    // The scan does not recurse with the text: calls in it are seen however deep they stand.
    scan::read(shell, language, &text, span)
}

/// The code as text; what is not known in it stands as a name that is bound to nothing.
fn known(code: &Value) -> Option<String> {
    use super::value::Piece;
    if let Some(text) = code.text() {
        return Some(text.to_owned());
    }
    let holds_text =
        code.pieces().iter().any(|piece| matches!(piece, Piece::Text(text) if !text.trim().is_empty()));
    holds_text.then(|| {
        code.pieces()
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Hole(_) => "_unknown_",
            })
            .collect()
    })
}
