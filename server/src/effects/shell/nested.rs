//! Commands inside commands.
use super::*;
pub(super) fn line(shell: &mut Shell<'_>, line: &Value, span: Span, stdin: &Value) -> Value { let _ = (shell, line, span, stdin); Value::default() }
pub(super) fn words(shell: &mut Shell<'_>, words: &[Arg], span: Span, stdin: &Value) -> Value { let _ = (shell, words, span, stdin); Value::default() }
pub(super) fn code(shell: &mut Shell<'_>, language: &str, code: &Value, span: Span) -> Value { let _ = (shell, language, code, span); Value::default() }
pub(super) fn file(shell: &mut Shell<'_>, interpreter: Option<&str>, file: &Arg, args: &[Arg], span: Span, stdin: &Value) -> Value { let _ = (shell, interpreter, file, args, span, stdin); Value::default() }
