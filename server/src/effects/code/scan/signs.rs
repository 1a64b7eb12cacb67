//! Signs that no single call tells: copies without end, names that are asked for, connections.

use super::super::Item;
use super::Reader;
use super::tokens::Token;

impl Reader<'_, '_> {
    /// `fork while 1`, `loop { fork }`; a server that waits for those it starts is none.
    pub(super) fn forks_without_end(&self) -> bool {
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
    pub(super) fn asks_for_names(&mut self, at: usize, name: &str) {
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
        // `find(sub { … }, FOLDER)` of Perl.
        if self.language == "perl" && matches!(last, "find" | "finddepth") {
            let open = self.token(at + 1) == Some(&Token::Mark('('));
            let (args, _) = self.arguments(at + 1 + usize::from(open), open);
            for text in args.iter().skip(1).filter_map(Item::text).take(4) {
                self.globs.push(format!("{}/*", text.trim_end_matches('/')));
            }
            return;
        }
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

    /// Connections that are opened, for shells that are handed over.
    pub(super) fn watch(&mut self, at: usize, name: &str) {
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
}
