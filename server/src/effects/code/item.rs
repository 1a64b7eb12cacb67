//! What an expression of a program is, as far as it is known.

use banksman_protocol::Span;

use super::super::argv::Arg;
use super::super::shell::Shell;
use super::super::value::{Hole, Value};

/// How many items a list may hold, those in lists within it included.
const LIST_LIMIT: usize = 4_096;

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    /// A text, or what stands for one.
    Text(Value),
    /// A list or tuple.
    List(Vec<Item>),
    /// An open file, with what can be read from it.
    File(Value),
    /// A module, function or class, by its full name.
    Name(String),
    /// Nothing is known.
    Unknown,
}

impl Item {
    /// A known text.
    pub(super) fn known(text: impl Into<String>) -> Self {
        Self::Text(Value::known(text))
    }

    /// A list. What is too long to follow is known by where it comes from alone.
    pub(super) fn list(items: Vec<Self>) -> Self {
        if items.iter().map(Self::count).sum::<usize>() <= LIST_LIMIT {
            return Self::List(items);
        }
        let mut value = Value::output("a long list", []);
        for item in items.iter().take(LIST_LIMIT) {
            value.add_sources(item.value().sources().iter().cloned());
        }
        Self::Text(value)
    }

    /// Those of many items that are followed one by one, and behind them what stands for the others.
    pub(super) fn followed(items: &[Self], shell: &mut Shell<'_>) -> Vec<Self> {
        let values: Vec<Value> = items.iter().map(Self::value).collect();
        let (which, any) = shell.followed_of(&values, "one of many");
        let any = any.map(|any| {
            let plain = items.iter().all(|item| matches!(item, Self::Text(_)));
            if plain { Self::Text(any) } else { Self::Unknown }
        });
        which.into_iter().filter_map(|at| items.get(at).cloned()).chain(any).collect()
    }

    fn count(&self) -> usize {
        match self {
            Self::List(items) => 1 + items.iter().map(Self::count).sum::<usize>(),
            _ => 1,
        }
    }

    /// The item as a text.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Text(value) | Self::File(value) => value.clone(),
            Self::List(items) => {
                let mut value = Value::default();
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        value.push_text(" ");
                    }
                    value.push(&item.value());
                }
                value
            }
            Self::Name(name) => Value::unknown(Hole::Any(name.clone())),
            Self::Unknown => Value::unknown(Hole::Any("something computed".to_owned())),
        }
    }

    /// The known text.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Text(value) | Self::File(value) => value.text().map(str::to_owned),
            _ => None,
        }
    }

    /// Something of it is known.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Self::Text(value) | Self::File(value) => {
                value.text().is_some() || !value.prefix().is_empty() || !value.sources().is_empty()
            }
            Self::List(items) => items.iter().any(Self::is_known),
            Self::Name(_) | Self::Unknown => false,
        }
    }

    /// The item as an argument of a program.
    pub(super) fn arg(&self, span: Span) -> Arg {
        Arg { value: self.value(), span, pattern: false }
    }
}
