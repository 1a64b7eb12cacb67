//! Operands and arguments: what is known of them.

use super::super::Item;
use super::tokens::Token;
use super::{DEPTH, Reader, STEPS};
use crate::effects::value::Value;
use crate::effects::{Source, Worst};

impl Reader<'_, '_> {
    /// The arguments from `at` on, and where they end.
    pub(super) fn arguments(&mut self, at: usize, bracketed: bool) -> (Vec<Item>, usize) {
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
    pub(super) fn expression(&mut self, at: usize) -> (Item, usize) {
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

    pub(super) fn named(&self, name: &str) -> Item {
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
    pub(super) fn interpolated(&self, text: &str) -> Value {
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
