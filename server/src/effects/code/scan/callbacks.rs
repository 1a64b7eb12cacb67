//! Functions that are called by another name, or by a text that names them.

use super::super::tables;
use super::{Deed, Item, Reader, Token, perform};
use crate::effects::Worst;

/// Functions of PHP that call the function whose name they are given first.
const CALLS: [&str; 9] = [
    "call_user_func",
    "call_user_func_array",
    "array_map",
    "array_walk",
    "array_filter",
    "usort",
    "register_shutdown_function",
    "forward_static_call",
    "iterator_apply",
];

impl Reader<'_, '_> {
    /// `const run = cp.spawnSync`: the variable stands for the function from here on.
    pub(super) fn takes_name(&mut self, variable: &str, value: usize) {
        let ends = matches!(self.token(value + 1), None | Some(Token::Mark(';' | ',' | '\n' | ')' | '}')));
        if self.language == "node"
            && ends
            && let Some(Token::Name(function)) = self.token(value).cloned()
            && tables::deed_by_end(self.table, &function).is_some()
        {
            self.aliases.insert(variable.to_owned(), function);
        }
    }

    /// What begins with a mark: `{a: b} =`, `{a as b}`, `x["a" + "b"](…)`, `&{"name"}(…)`.
    pub(super) fn by_mark(&mut self, at: usize, mark: char) -> usize {
        match (self.language, mark) {
            ("node" | "javascript" | "deno" | "bun", '{') => self.renames(at),
            ("node" | "javascript" | "deno" | "bun", '[') => {
                let follows =
                    at > 0 && matches!(self.token(at - 1), Some(Token::Name(_) | Token::Mark(')' | ']')));
                if follows {
                    let (item, next) = self.expression(at + 1);
                    if self.token(next) == Some(&Token::Mark(']'))
                        && let Some(name) = item.text()
                    {
                        return self.named_by_text(at, &name, next + 1);
                    }
                }
                at + 1
            }
            ("perl", '&') => {
                let braced = self.token(at + 1) == Some(&Token::Mark('{'));
                let named = self.token(at + 1 + usize::from(braced)).cloned();
                let name = match named {
                    Some(Token::Text(name)) => Some(name),
                    Some(Token::Name(variable)) if variable.starts_with('$') => self.named(&variable).text(),
                    _ => None,
                };
                let behind = at + 2 + 2 * usize::from(braced);
                name.map_or(at + 1, |name| self.named_by_text(at, &name, behind))
            }
            _ => at + 1,
        }
    }

    /// `const {execSync: run} = require(…)`, `import {execSync as run} from …`.
    fn renames(&mut self, at: usize) -> usize {
        let led = at > 0
            && matches!(
                self.token(at - 1),
                Some(Token::Name(word)) if matches!(word.as_str(), "const" | "let" | "var" | "import")
            );
        if !led {
            return at + 1;
        }
        let mut inner = at + 1;
        while let Some(token) = self.token(inner).cloned() {
            let (Token::Name(function), between, to) =
                (token, self.token(inner + 1), self.token(inner + 2).cloned())
            else {
                if self.token(inner) == Some(&Token::Mark('}')) {
                    break;
                }
                inner += 1;
                continue;
            };
            let renamed = match between {
                Some(Token::Mark(':')) => true,
                Some(Token::Name(word)) => word == "as",
                _ => false,
            };
            if renamed
                && let Some(Token::Name(other)) = to
                && let Some(whole) = self.of_module(&function)
            {
                self.aliases.insert(other, whole);
            }
            inner += if renamed { 3 } else { 1 };
        }
        at + 1
    }

    /// The name by which the table knows what a module gives: `exec` or `fs.unlink`.
    fn of_module(&self, function: &str) -> Option<String> {
        ["", "child_process.", "fs.", "promises.", "process."]
            .iter()
            .map(|module| format!("{module}{function}"))
            .find(|name| tables::deed_by_end(self.table, name).is_some())
    }

    /// The function that a text names is called with the arguments that begin at `open`.
    pub(super) fn named_by_text(&mut self, at: usize, name: &str, open: usize) -> usize {
        // `->(…)` of Perl.
        let arrow =
            self.token(open) == Some(&Token::Mark('-')) && self.token(open + 1) == Some(&Token::Mark('>'));
        let open = open + 2 * usize::from(arrow);
        let Some(deed) = self.of_module(name).and_then(|name| tables::deed_by_end(self.table, &name)) else {
            return at + 1;
        };
        if self.token(open) != Some(&Token::Mark('(')) {
            return at + 1;
        }
        self.calls(at, deed, name, open + 1);
        at + 1
    }

    fn calls(&mut self, at: usize, deed: Deed, name: &str, from: usize) {
        let (mut args, end) = self.arguments(from, true);
        let span = self.span(at, end);
        let deed = self.corrected(deed, name, &mut args);
        if matches!(deed, Deed::Delete | Deed::DeleteTree)
            && args.first().is_none_or(|item| item.text().is_none())
        {
            self.deletes = Some((span, deed == Deed::DeleteTree));
        }
        perform(self.shell, self.language, deed, &args, span);
    }

    /// Calls that name what they call: `send(:system, …)`, `call_user_func("system", …)`, `$f(…)`.
    pub(super) fn called_by_name(&mut self, at: usize, name: &str) -> Option<usize> {
        let open = self.token(at + 1) == Some(&Token::Mark('('));
        match self.language {
            "php" => {
                let bare = name.trim_start_matches('\\');
                if name.starts_with('$') && open {
                    let function = self.named(name).text()?;
                    return Some(self.named_by_text(at, &function, at + 1));
                }
                if bare == "ReflectionFunction" && open {
                    let function = self.expression(at + 2).0.text()?;
                    tables::deed(self.table, &function)?;
                    let reason = format!("`{function}` is called in a roundabout way");
                    self.shell.opaque(reason, Worst::Runs, self.span(at, at + 2));
                    return Some(at + 1);
                }
                if !CALLS.contains(&bare) || !open {
                    return None;
                }
                let (args, end) = self.arguments(at + 2, true);
                let (first, rest) = args.split_first()?;
                // `array_walk` is given the function last.
                let (function, given) =
                    match first.text().filter(|text| tables::deed(self.table, text).is_some()) {
                        Some(function) => (function, rest),
                        None => (rest.first()?.text()?, args.get(..1).unwrap_or_default()),
                    };
                let deed = tables::deed(self.table, &function)?;
                let span = self.span(at, end);
                let each: Vec<Item> = match given.first() {
                    Some(Item::List(items)) if bare != "call_user_func" => items.clone(),
                    _ => Vec::new(),
                };
                if bare == "call_user_func_array" || each.is_empty() {
                    let given = if each.is_empty() { given } else { each.as_slice() };
                    if given.first().is_some_and(|item| item.is_known()) {
                        perform(self.shell, "php", deed, given, span);
                    }
                } else {
                    for item in Item::followed(&each, self.shell) {
                        perform(self.shell, "php", deed, &[item], span);
                    }
                }
                Some(at + 1)
            }
            "ruby" => self.sent(at, name, open),
            "node" | "javascript" | "deno" | "bun"
                if matches!(name, "process.binding" | "process._linkedBinding") && open =>
            {
                let reason = "the inner parts of Node are called past its own functions";
                self.shell.opaque(reason, Worst::Runs, self.span(at, at + 2));
                Some(at + 1)
            }
            _ => None,
        }
    }

    /// `Kernel.send(:system, …)`, `method(:system).call(…)`, `each(&File.method(:delete))` of Ruby.
    fn sent(&mut self, at: usize, name: &str, open: bool) -> Option<usize> {
        let (owner, last) = name.rsplit_once('.').map_or(("", name), |(owner, last)| (owner, last));
        let sends = matches!(last, "send" | "public_send" | "__send__");
        let takes = matches!(last, "method" | "instance_method" | "public_method");
        if !sends && !takes {
            return None;
        }
        let first = at + 1 + usize::from(open);
        let (function, behind) = match (self.token(first), self.token(first + 1).cloned()) {
            (Some(Token::Mark(':')), Some(Token::Name(function) | Token::Text(function))) => {
                (function, first + 2)
            }
            _ => {
                let (item, next) = self.expression(first);
                (item.text()?, next)
            }
        };
        let whole =
            if owner.is_empty() || owner == "Kernel" { function } else { format!("{owner}.{function}") };
        let deed = tables::deed_by_end(self.table, &whole)?;
        if sends {
            let from = behind + usize::from(self.token(behind) == Some(&Token::Mark(',')));
            let (mut args, end) = self.arguments(from, open);
            let deed = self.corrected(deed, &whole, &mut args);
            let span = self.span(at, end);
            perform(self.shell, "ruby", deed, &args, span);
            return Some(at + 1);
        }
        // `).call(…)`, `).(…)`.
        let closed = behind + usize::from(self.token(behind) == Some(&Token::Mark(')')));
        let called = match self.token(closed) {
            Some(Token::Name(word)) if word == "call" => closed + 1,
            Some(Token::Mark('.')) => closed + 1,
            _ => closed,
        };
        if self.token(called) == Some(&Token::Mark('(')) && called > closed {
            self.calls(at, deed, &whole, called + 1);
        } else if matches!(deed, Deed::Delete | Deed::DeleteTree) {
            self.deletes = Some((self.span(at, behind), deed == Deed::DeleteTree));
        } else if matches!(deed, Deed::Run | Deed::RunProgram | Deed::Eval) {
            let reason = format!("`{whole}` is handed on, to be called with what is not known");
            self.shell.opaque(reason, Worst::Runs, self.span(at, behind));
        }
        Some(at + 1)
    }
}
