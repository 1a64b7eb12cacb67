//! The arguments of a call, each with where it stands in their compact JSON text.

use banksman_protocol::Span;
use serde_json::{Map, Value};

/// How many arguments are looked at.
const LIMIT: usize = 4_000;
/// How deep arguments are nested at the most.
const DEPTH: usize = 16;

/// All arguments of a call.
pub(super) struct Arguments<'a> {
    leaves: Vec<Leaf<'a>>,
    length: usize,
}

/// One argument that holds no others.
pub(super) struct Leaf<'a> {
    /// The name of the argument, or of the list that it stands in: lower case, without separators.
    pub(super) key: String,
    /// The key of the object that holds it, in the same form.
    pub(super) above: String,
    /// Its text; empty for what is not a text.
    pub(super) text: &'a str,
    /// What is not a text.
    pub(super) value: Option<&'a Value>,
    /// Where it stands, without quotes.
    pub(super) span: Span,
}

impl<'a> Arguments<'a> {
    /// Takes the arguments apart.
    pub(super) fn read(map: &'a Map<String, Value>) -> Self {
        let mut leaves = Vec::new();
        let length = object(map, 0, "", &mut leaves, 0);
        Self { leaves, length }
    }

    /// All of their text.
    pub(super) fn whole(&self) -> Span {
        Span::new(0, self.length)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Leaf<'a>> {
        self.leaves.iter()
    }

    /// The arguments that are texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Leaf<'a>> {
        self.leaves.iter().filter(|leaf| leaf.value.is_none())
    }

    /// The first text of one of these names, in the order of the names.
    pub(super) fn text(&self, keys: &[&str]) -> Option<&Leaf<'a>> {
        keys.iter().find_map(|key| self.texts().find(|leaf| leaf.key == *key && !leaf.text.is_empty()))
    }

    /// All texts of these names.
    pub(super) fn named<'s>(&'s self, keys: &'s [&str]) -> impl Iterator<Item = &'s Leaf<'a>> {
        self.texts().filter(move |leaf| keys.contains(&leaf.key.as_str()) && !leaf.text.is_empty())
    }

    /// One of these names is there.
    pub(super) fn has(&self, keys: &[&str]) -> bool {
        self.leaves
            .iter()
            .any(|leaf| keys.contains(&leaf.key.as_str()) || keys.contains(&leaf.above.as_str()))
    }
}

impl Leaf<'_> {
    /// What is acted on, as a short text.
    pub(super) fn shown(&self) -> String {
        match self.value {
            Some(value) => value.to_string(),
            None => self.text.to_owned(),
        }
    }

    /// Where a span of its text stands in the text of all arguments.
    pub(super) fn inner(&self, span: Span) -> Span {
        Span::new(self.position(span.start), self.position(span.end))
    }

    fn position(&self, at: usize) -> usize {
        let before = self.text.char_indices().take_while(|(index, _)| *index < at);
        (self.span.start + before.map(|(_, c)| escaped(c)).sum::<usize>()).min(self.span.end)
    }
}

/// Both spans and what lies between them.
pub(super) fn covering(one: Span, other: Span) -> Span {
    Span::new(one.start.min(other.start), one.end.max(other.end))
}

/// How many bytes a character takes in JSON.
fn escaped(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    }
}

fn quoted_length(text: &str) -> usize {
    text.chars().map(escaped).sum::<usize>() + 2
}

/// A name without separators and case: `filePath`, `file_path` and `file-path` are the same.
fn plain(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns where the text goes on.
fn object<'a>(
    map: &'a Map<String, Value>,
    at: usize,
    above: &str,
    out: &mut Vec<Leaf<'a>>,
    depth: usize,
) -> usize {
    let mut at = at + 1;
    for (index, (key, value)) in map.iter().enumerate() {
        at += usize::from(index > 0) + quoted_length(key) + 1;
        at = leaf(value, at, &plain(key), above, out, depth);
    }
    at + 1
}

fn leaf<'a>(
    value: &'a Value,
    at: usize,
    key: &str,
    above: &str,
    out: &mut Vec<Leaf<'a>>,
    depth: usize,
) -> usize {
    match value {
        Value::Object(map) if depth < DEPTH => object(map, at, key, out, depth + 1),
        Value::Array(items) if depth < DEPTH => {
            let mut at = at + 1;
            for (index, item) in items.iter().enumerate() {
                at += usize::from(index > 0);
                at = leaf(item, at, key, above, out, depth + 1);
            }
            at + 1
        }
        Value::String(text) => {
            let length = quoted_length(text);
            keep(
                out,
                Leaf {
                    key: key.to_owned(),
                    above: above.to_owned(),
                    text,
                    value: None,
                    span: Span::new(at + 1, at + length - 1),
                },
            );
            at + length
        }
        _ => {
            let length = value.to_string().len();
            let span = Span::new(at, at + length);
            keep(
                out,
                Leaf { key: key.to_owned(), above: above.to_owned(), text: "", value: Some(value), span },
            );
            at + length
        }
    }
}

fn keep<'a>(out: &mut Vec<Leaf<'a>>, leaf: Leaf<'a>) {
    if out.len() < LIMIT {
        out.push(leaf);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_each_argument_stands() {
        let value = serde_json::json!({"a": "x\n\"é\" tail", "b": {"c_d": ["one", 2, "three"]}, "e": null});
        let map = value.as_object().unwrap();
        let text = serde_json::to_string(map).unwrap();
        let arguments = Arguments::read(map);
        assert_eq!(arguments.whole().end, text.len());
        let shown: Vec<&str> =
            arguments.all().map(|leaf| text.get(leaf.span.start..leaf.span.end).unwrap()).collect();
        assert_eq!(shown, ["x\\n\\\"é\\\" tail", "one", "2", "three", "null"]);
        let first = arguments.all().next().unwrap();
        let tail = first.text.find("tail").unwrap();
        let span = first.inner(Span::new(tail, tail + 4));
        assert_eq!(text.get(span.start..span.end).unwrap(), "tail");
        assert_eq!(arguments.all().nth(1).unwrap().key, "cd");
    }
}
