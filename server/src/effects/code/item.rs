//! What an expression of a program is, as far as it is known.

use banksman_protocol::Span;

use super::super::argv::Arg;
use super::super::value::{Hole, Value};

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
