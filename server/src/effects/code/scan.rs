//! JavaScript, Perl, Ruby, PHP and others: scanned for calls, with what is known of their arguments.
//!
//! This is not a parser. It finds names that are followed by arguments, evaluates texts, simple
//! concatenations and variables that are assigned once, and leaves everything else unknown.

mod tokens;

use std::collections::BTreeMap;

use banksman_protocol::Span;

use super::super::shell::Shell;
use super::super::value::Value;
use super::super::{EffectKind, Source, Worst};
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

    /// `fork while 1`, `loop { fork }`; a server that waits for those it starts is none.
    fn forks_without_end(&self) -> bool {
        if !matches!(self.language, "perl" | "ruby" | "php") {
            return false;
        }
        let named = |names: &[&str]| {
            self.tokens
                .iter()
                .any(|(token, _, _)| matches!(token, Token::Name(name) if names.contains(&name.as_str())))
        };
        let endless = self.tokens.iter().enumerate().any(|(at, (token, _, _))| match token {
            Token::Name(name) if matches!(name.as_str(), "while" | "until") => {
                let test = at + 1 + usize::from(self.token(at + 1) == Some(&Token::Mark('(')));
                match self.token(test) {
                    Some(Token::Number(number)) => (number == "0") == (name == "until"),
                    Some(Token::Name(word)) => {
                        (word == "false") == (name == "until") && matches!(word.as_str(), "true" | "false")
                    }
                    _ => false,
                }
            }
            Token::Name(name) => name == "loop",
            Token::Mark(';') => self.token(at + 1) == Some(&Token::Mark(';')),
            _ => false,
        });
        endless
            && named(&["fork", "Process.fork", "pcntl_fork"])
            && !named(&["wait", "waitpid", "exit", "Process.wait", "pcntl_wait", "pcntl_waitpid"])
    }

    /// The names that fit a pattern, or that lie in a folder, are asked for.
    fn asks_for_names(&mut self, at: usize, name: &str) {
        let last = name.rsplit(['.', ':', '>']).next().unwrap_or(name);
        let folder =
            matches!(last, "readdirSync" | "readdir" | "scandir" | "children" | "each_child" | "entries")
                || name == "opendir";
        let pattern = matches!(last, "glob" | "globSync" | "bsd_glob");
        let mut from = at + 1;
        while matches!(self.token(from), Some(Token::Mark('(' | '[' | '*'))) {
            from += 1;
        }
        // `Dir["…"]` of Ruby.
        let indexed = name == "Dir" && self.token(at + 1) == Some(&Token::Mark('['));
        if !(folder || pattern || indexed) {
            return;
        }
        if let (Item::Text(value), _) = self.expression(from)
            && let Some(text) = value
                .text()
                .filter(|text| !text.is_empty() && !text.contains(['\n', ';', '|', '&', '`', '$']))
        {
            let asked = if folder { format!("{}/*", text.trim_end_matches('/')) } else { text.to_owned() };
            if self.globs.len() < 16 && !self.globs.contains(&asked) {
                self.globs.push(asked);
            }
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
            if item != Item::Unknown {
                self.names.insert(bare.to_owned(), item);
            }
            return next.max(at + 2).min(at + 2 + usize::from(next == at + 2));
        }
        self.watch(at, bare);
        self.asks_for_names(at, bare);
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

    /// Connections that are opened, for shells that are handed over.
    fn watch(&mut self, at: usize, name: &str) {
        let last = name.rsplit(['.', ':', '>']).next().unwrap_or(name);
        let connects = matches!(last, "connect" | "createConnection" | "fsockopen" | "TCPSocket")
            || name.ends_with("TCPSocket.new")
            || name.ends_with("TCPSocket.open")
            || name.ends_with("INET.new")
            || name == "sockaddr_in";
        if !connects || self.token(at + 1) != Some(&Token::Mark('(')) {
            return;
        }
        let (args, end) = self.arguments(at + 2, true);
        let mut parts: Vec<String> = args
            .iter()
            .flat_map(|item| match item {
                Item::List(items) => items.clone(),
                other => vec![other.clone()],
            })
            .filter_map(|item| item.text())
            .take(2)
            .collect();
        if parts.first().is_some_and(|first| first.chars().all(|c| c.is_ascii_digit())) {
            parts.reverse();
        }
        if !parts.is_empty() {
            self.peer = Some((parts.join(":"), self.span(at, end)));
        }
    }

    /// The arguments from `at` on, and where they end.
    fn arguments(&mut self, at: usize, bracketed: bool) -> (Vec<Item>, usize) {
        let mut args = Vec::new();
        let mut at = at;
        loop {
            match self.token(at) {
                None => break,
                Some(Token::Mark(')')) if bracketed => break,
                Some(Token::Mark(';' | '}')) => break,
                Some(Token::Mark('\n')) if !bracketed => break,
                Some(Token::Mark(',' | '\n')) => at += 1,
                _ => {
                    let (item, next) = self.expression(at);
                    args.push(item);
                    at = self.skip_to_comma(next.max(at + usize::from(next == at)), bracketed);
                }
            }
            if args.len() > 64 {
                break;
            }
        }
        (args, at)
    }

    /// The next comma or end of the arguments at this depth.
    fn skip_to_comma(&mut self, from: usize, bracketed: bool) -> usize {
        let mut depth = 0_usize;
        let mut at = from;
        // What is nested deeper is not looked at, so nobody waits for its end.
        if self.steps > STEPS {
            return self.tokens.len();
        }
        while let Some(token) = self.token(at) {
            match token {
                Token::Mark('(' | '[' | '{') => depth += 1,
                Token::Mark(')' | ']' | '}') if depth == 0 => break,
                Token::Mark(')' | ']' | '}') => depth -= 1,
                Token::Mark(',' | ';') if depth == 0 => break,
                Token::Mark('\n') if depth == 0 && !bracketed => break,
                _ => {}
            }
            at += 1;
            if at > from + 4_096 {
                break;
            }
        }
        self.works((at - from) / 16);
        at
    }

    /// A text, a list, a name or a concatenation of such.
    fn expression(&mut self, at: usize) -> (Item, usize) {
        let (mut item, mut at) = self.operand(at);
        while matches!(self.token(at), Some(Token::Mark('+' | '.')))
            && self.token(at + 1) != Some(&Token::Mark('='))
        {
            let (right, next) = self.operand(at + 1);
            if next == at + 1 {
                break;
            }
            let mut value = item.value();
            value.push(&right.value());
            item = if item.is_known() || right.is_known() { Item::Text(value) } else { Item::Unknown };
            at = next;
        }
        (item, at)
    }

    /// Counts work, in operands. False when there has been too much of it, which is told once.
    fn works(&mut self, work: usize) -> bool {
        if self.steps > STEPS {
            return false;
        }
        self.steps += work;
        if self.steps > STEPS {
            let reason = format!("the {} code does more than is followed", self.language);
            self.shell.opaque(reason, Worst::Runs, self.span);
            return false;
        }
        true
    }

    fn operand(&mut self, at: usize) -> (Item, usize) {
        if self.depth >= DEPTH || !self.works(1) {
            return (Item::Unknown, at);
        }
        self.depth += 1;
        let out = self.operand_inner(at);
        self.depth -= 1;
        out
    }

    fn operand_inner(&mut self, at: usize) -> (Item, usize) {
        match self.token(at).cloned() {
            Some(Token::Text(text)) => (Item::Text(self.interpolated(&text)), at + 1),
            Some(Token::Number(text)) => (Item::known(text), at + 1),
            Some(Token::Mark('[')) => {
                let mut items = Vec::new();
                let mut inner = at + 1;
                while !matches!(self.token(inner), None | Some(Token::Mark(']'))) && items.len() < 64 {
                    if matches!(self.token(inner), Some(Token::Mark(',' | '\n'))) {
                        inner += 1;
                        continue;
                    }
                    let (item, next) = self.expression(inner);
                    items.push(item);
                    inner = self.skip_to_comma(next.max(inner + usize::from(next == inner)), true);
                    if self.token(inner) == Some(&Token::Mark(',')) {
                        inner += 1;
                    }
                }
                (Item::list(items), inner + 1)
            }
            Some(Token::Mark('{')) => {
                // An object carries what its values carry.
                let end = self.skip_to_comma(at + 1, true);
                let mut items = Vec::new();
                let mut inner = at + 1;
                while inner < end.max(at + 1) || !matches!(self.token(inner), None | Some(Token::Mark('}'))) {
                    match self.token(inner).cloned() {
                        None | Some(Token::Mark('}')) => break,
                        Some(Token::Text(_)) => {
                            let (item, next) = self.operand(inner);
                            items.push(item);
                            inner = next;
                        }
                        Some(Token::Name(name)) => {
                            items.push(self.named(&name));
                            inner += 1;
                        }
                        _ => inner += 1,
                    }
                    if items.len() > 64 {
                        break;
                    }
                }
                self.works((inner - at) / 16);
                (Item::list(items), inner)
            }
            Some(Token::Name(name)) => {
                let item = self.named(&name);
                if self.token(at + 1) == Some(&Token::Mark('(')) {
                    let (args, end) = self.arguments(at + 2, true);
                    return (self.computed(&name, &args), end + 1);
                }
                (item, at + 1)
            }
            _ => (Item::Unknown, at),
        }
    }

    fn named(&self, name: &str) -> Item {
        let bare = name.trim_start_matches(['$', '@', '%', '&']);
        if let Some(item) = self.names.get(bare) {
            return item.clone();
        }
        if let Some(variable) = bare.strip_prefix("process.env.").or_else(|| bare.strip_prefix("ENV.")) {
            return Item::Text(self.shell.named_variable(variable));
        }
        match bare {
            "process.env" | "ENV" | "_ENV" | "_SERVER" => {
                Item::Text(Value::output("the environment", [Source::Environment]))
            }
            _ => Item::Unknown,
        }
    }

    /// Calls that only compute, and calls that read.
    fn computed(&mut self, name: &str, args: &[Item]) -> Item {
        let last = name.rsplit(['.', ':']).next().unwrap_or(name);
        let first = args.first();
        match last {
            "from" if args.get(1).and_then(Item::text).as_deref() == Some("base64") => {
                first.map_or(Item::Unknown, base64_decoded)
            }
            "atob" | "base64_decode" | "decode64" | "decode_base64" | "strict_decode64" => {
                first.map_or(Item::Unknown, base64_decoded)
            }
            "join" | "resolve" if name.contains("path") => {
                let mut value = Value::default();
                for (index, item) in args.iter().enumerate() {
                    if index > 0 {
                        value.push_text("/");
                    }
                    value.push(&item.value());
                }
                Item::Text(value)
            }
            "homedir" | "home" => Item::Text(self.shell.named_variable("HOME")),
            "toString" | "trim" | "String" | "stringify" | "escapeshellarg" | "encodeURIComponent"
            | "expand_path" => first.cloned().unwrap_or(Item::Unknown),
            "getenv" | "fetch" if name.contains("ENV") || last == "getenv" => {
                match first.and_then(Item::text) {
                    Some(variable) => Item::Text(self.shell.named_variable(&variable)),
                    None => Item::Unknown,
                }
            }
            "readFileSync" | "readFile" | "file_get_contents" | "read" => {
                first.filter(|item| item.is_known()).map_or(Item::Unknown, |item| {
                    let place = self.shell.place(&item.arg(self.span));
                    Item::Text(self.shell.text_of(&place))
                })
            }
            _ => {
                let sources: Vec<Source> =
                    args.iter().flat_map(|item| item.value().sources().to_vec()).collect();
                if sources.is_empty() { Item::Unknown } else { Item::Text(Value::output(name, sources)) }
            }
        }
    }

    /// A text with the names in it filled in.
    fn interpolated(&self, text: &str) -> Value {
        let mut value = Value::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            value.push_text(before);
            let Some((name, tail)) = after.split_once('}') else {
                value.push_text("${");
                rest = after;
                continue;
            };
            value.push(&self.named(name.trim()).value());
            rest = tail;
        }
        value.push_text(rest);
        value
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

fn base64_decoded(item: &Item) -> Item {
    use base64::Engine as _;
    let value = item.value();
    let plain = value.text().map(|text| text.chars().filter(|c| !c.is_whitespace()).collect::<String>());
    match plain
        .and_then(|text| base64::engine::general_purpose::STANDARD.decode(text).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
    {
        Some(text) => Item::known(text),
        None => Item::Text(Value::output("something decoded", value.sources().to_vec())),
    }
}
