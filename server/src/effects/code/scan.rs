//! JavaScript, Perl, Ruby, PHP and others: scanned for calls, with what is known of their arguments.
//!
//! This is not a parser. It finds names that are followed by arguments, evaluates texts, simple
//! concatenations and variables that are assigned once, and leaves everything else unknown.

mod tokens;
mod callbacks;
mod operands;
mod signs;

use std::collections::BTreeMap;

use banksman_protocol::Span;

use super::super::shell::Shell;
use super::super::value::Value;
use super::super::{EffectKind, Worst};
use super::{Deed, Item, perform, tables};
use tokens::{TOKENS, Token, angles_as_glob, tokens};

/// How many operands are looked at.
const STEPS: usize = 100_000;
/// How deep operands may be nested.
const DEPTH: usize = 64;

/// Follows code and returns what it prints.
pub(super) fn read(shell: &mut Shell<'_>, language: &str, text: &str, span: Span) -> Value {
    let table = match language {
        "node" | "javascript" | "deno" | "bun" => tables::NODE,
        "perl" => tables::PERL,
        "ruby" => tables::RUBY,
        "php" => tables::PHP,
        "python" => tables::PYTHON,
        _ => tables::OTHERS,
    };
    let read = angles_as_glob(language, text);
    let tokens = tokens(language, &read);
    if tokens.len() > TOKENS {
        shell.opaque(format!("the {language} code is longer than is looked at"), Worst::Runs, span);
    }
    let before = shell.begin_code();
    let verbatim = shell.stands_at(text, span).filter(|_| read == text);
    let mut reader = Reader {
        shell,
        language,
        table,
        tokens: &tokens,
        names: BTreeMap::new(),
        aliases: BTreeMap::new(),
        span,
        verbatim,
        peer: None,
        globs: Vec::new(),
        deletes: None,
        steps: 0,
        depth: 0,
    };
    reader.all();
    if reader.language == "other" {
        super::telling::read(reader.shell, text, span);
    }
    shell.end_code(before)
}

struct Reader<'s, 'w> {
    shell: &'s mut Shell<'w>,
    language: &'s str,
    table: &'static [(Deed, &'static [&'static str])],
    tokens: &'s [(Token, usize, usize)],
    names: BTreeMap<String, Item>,
    /// Other names of functions that do something.
    aliases: BTreeMap<String, String>,
    span: Span,
    verbatim: Option<usize>,
    peer: Option<(String, Span)>,
    /// Patterns of which the names are asked for.
    globs: Vec<String>,
    /// Something is deleted of which the name is not known: where, and with all it holds.
    deletes: Option<(Span, bool)>,
    steps: usize,
    depth: usize,
}

impl Reader<'_, '_> {
    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at).map(|(token, _, _)| token)
    }

    fn span(&self, from: usize, to: usize) -> Span {
        let start = self.tokens.get(from).map(|(_, start, _)| *start);
        let end = self.tokens.get(to.min(self.tokens.len().saturating_sub(1))).map(|(_, _, end)| *end);
        match (self.verbatim, start, end) {
            (Some(offset), Some(start), Some(end)) => Span::new(offset + start, offset + end.max(start)),
            _ => self.span,
        }
    }

    fn all(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            at = self.step(at).max(at + 1);
        }
        // What a pattern names is what is deleted, more likely than not.
        if let Some((span, tree)) = self.deletes.take() {
            for pattern in std::mem::take(&mut self.globs) {
                let line = format!("rm {} -- {pattern}", if tree { "-rf" } else { "-f" });
                self.shell.run_line(&Value::known(line), span, &Value::default());
            }
        }
        if self.forks_without_end() {
            let how = "a loop that starts copies of itself without end".to_owned();
            self.shell.add(EffectKind::Exhaust { how }, self.span);
        }
        let reads_commands =
            self.tokens.iter().any(|(token, _, _)| matches!(token, Token::Text(text) if is_shell_path(text)));
        if let Some((peer, span)) = self.peer.take().filter(|_| reads_commands) {
            self.shell.add(EffectKind::OpenShell { peer }, span);
        }
    }

    fn step(&mut self, at: usize) -> usize {
        match self.token(at).cloned() {
            Some(Token::Command(line)) => {
                let span = self.span(at, at);
                let value = self.interpolated(&line);
                self.shell.run_line(&value, span, &Value::default());
                at + 1
            }
            // Tagged templates by which JavaScript runs a shell.
            Some(Token::Name(name)) if (name == "$" || name.ends_with(".$")) && self.language == "node" => {
                if let Some(Token::Text(line)) = self.token(at + 1).cloned() {
                    let value = self.interpolated(&line);
                    self.shell.run_line(&value, self.span(at, at + 1), &Value::default());
                }
                at + 1
            }
            // `array_map("unlink", …)` of PHP.
            Some(Token::Text(name))
                if self.language == "php" && matches!(name.as_str(), "unlink" | "rmdir") =>
            {
                self.deletes = Some((self.span(at, at), false));
                at + 1
            }
            Some(Token::Text(name)) if self.language == "php" => self.named_by_text(at, &name, at + 1),
            Some(Token::Mark(mark)) => self.by_mark(at, mark),
            Some(Token::Name(name)) => self.name(at, &name),
            _ => at + 1,
        }
    }

    fn name(&mut self, at: usize, name: &str) -> usize {
        let bare = name.trim_start_matches(['$', '@', '%', '&']);
        // `x = …`, `const x = …`, `my $x = …`.
        if self.token(at + 1) == Some(&Token::Mark('='))
            && !matches!(self.token(at + 2), Some(Token::Mark('=' | '>' | '~')))
        {
            let (item, next) = self.expression(at + 2);
            self.takes_name(bare, at + 2);
            if item != Item::Unknown {
                self.names.insert(bare.to_owned(), item);
            }
            return next.max(at + 2).min(at + 2 + usize::from(next == at + 2));
        }
        self.watch(at, bare);
        self.asks_for_names(at, bare);
        if let Some(next) = self.called_by_name(at, name) {
            return next;
        }
        let aliased = self.aliases.get(bare).cloned();
        let bare = aliased.as_deref().unwrap_or(bare);
        let Some(deed) = tables::deed_by_end(self.table, bare) else { return at + 1 };
        let opens = self.token(at + 1) == Some(&Token::Mark('('));
        // Without brackets only the languages that allow it, and only when a text follows.
        let plain = matches!(self.language, "perl" | "ruby" | "php")
            && matches!(self.token(at + 1), Some(Token::Text(_) | Token::Name(_)));
        if !opens && !plain {
            if matches!(deed, Deed::Delete | Deed::DeleteTree) && matches!(self.language, "perl" | "ruby") {
                self.deletes = Some((self.span(at, at), deed == Deed::DeleteTree));
            }
            return at + 1;
        }
        // `function exec(…) {`, `def system(…)` define and call nothing.
        if at > 0
            && matches!(self.token(at - 1), Some(Token::Name(word)) if matches!(word.as_str(), "function" | "def" | "sub"))
        {
            return at + 1;
        }
        let (mut args, end) = self.arguments(at + 1 + usize::from(opens), opens);
        let span = self.span(at, end);
        let deed = self.corrected(deed, bare, &mut args);
        if matches!(deed, Deed::Delete | Deed::DeleteTree)
            && args.first().is_none_or(|item| item.text().is_none())
        {
            self.deletes = Some((span, deed == Deed::DeleteTree));
        }
        let out = perform(self.shell, self.language, deed, &args, span);
        // What a call gives goes into the variable it is assigned to.
        if at >= 2
            && self.token(at - 1) == Some(&Token::Mark('='))
            && let Some(Token::Name(target)) = self.token(at - 2).cloned()
        {
            self.names.insert(target.trim_start_matches(['$', '@']).to_owned(), out);
        }
        // Calls inside the arguments are looked at as well.
        at + 1
    }

    /// What a call really does, where the name alone does not tell.
    fn corrected(&self, deed: Deed, name: &str, args: &mut Vec<Item>) -> Deed {
        match deed {
            // Several words are a program with its arguments.
            Deed::Run
                if args.len() > 1 && self.language != "node" && !matches!(name, "popen" | "proc_open") =>
            {
                Deed::RunProgram
            }
            // Perl: `open(FH, ">", $path)`, `open(FH, "cmd |")`.
            Deed::Open if self.language == "perl" => {
                let rest: Vec<Item> = args.iter().skip(1).cloned().collect();
                *args = match rest.as_slice() {
                    [mode, path, ..] => vec![path.clone(), mode.clone()],
                    [only] => {
                        let text = only.text().unwrap_or_default();
                        let path = text.trim_matches(|c: char| matches!(c, '<' | '>' | '|' | ' '));
                        let mode = if text.contains('|') {
                            "|"
                        } else if text.starts_with(">>") {
                            ">>"
                        } else if text.starts_with('>') {
                            ">"
                        } else {
                            "r"
                        };
                        vec![Item::known(path), Item::known(mode)]
                    }
                    [] => Vec::new(),
                };
                Deed::Open
            }
            // `File.open(path)` with a block reads; an address is fetched.
            Deed::Open | Deed::Read
                if args.first().is_some_and(|item| item.value().prefix().contains("://")) =>
            {
                Deed::Get
            }
            // `fetch(url, {method: "POST", body})` sends what the options carry.
            Deed::Get if args.len() > 1 => {
                let carries = args.iter().skip(1).any(|item| match item {
                    Item::List(items) => items.iter().any(|item| {
                        item.text().is_some_and(|text| matches!(text.as_str(), "POST" | "PUT" | "PATCH"))
                            || !item.value().sources().is_empty()
                    }),
                    other => !other.value().sources().is_empty(),
                });
                if carries { Deed::Post } else { Deed::Get }
            }
            other => other,
        }
    }
}

fn is_shell_path(text: &str) -> bool {
    matches!(
        text,
        "/bin/sh"
            | "/bin/bash"
            | "sh"
            | "bash"
            | "/bin/sh -i"
            | "/bin/bash -i"
            | "cmd.exe"
            | "/bin/zsh"
            | "powershell.exe"
    ) || text.starts_with("/bin/sh -i")
}
