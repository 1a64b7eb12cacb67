//! What a call of an MCP tool does, from its name and arguments. What the server says of its own tool
//! is a claim: it may tighten, never loosen.

use banksman_protocol::{Annotations, Span};
use serde_json::{Map, Value as Json};

use super::{Effect, EffectKind, ServiceClass};
use crate::world::World;

/// What a call does.
#[must_use]
pub(super) fn of(
    server: &str,
    tool: &str,
    arguments: &Map<String, Json>,
    annotations: Option<&Annotations>,
    world: &World<'_>,
) -> Vec<Effect> {
    let _ = (annotations, world);
    let text = serde_json::to_string(arguments).unwrap_or_default();
    let kind = EffectKind::Tool { server: server.to_owned(), tool: tool.to_owned(), class: ServiceClass::Change, target: String::new() };
    vec![Effect::new(kind, Span::new(0, text.len()))]
}
