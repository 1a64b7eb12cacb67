//! What a call of an MCP tool does, from its name and arguments.
//!
//! A tool has no fixed meaning; its name and the names of its arguments tell what it is for, and the
//! arguments tell to what. A command line among them is read as a command line, a path as a path, an
//! address as an address. What the server says of its own tool is a claim: it may tighten, never loosen.

use banksman_protocol::{Annotations, Certainty, Origin, OriginKind};
use serde_json::{Map, Value as Json};

use super::{Effect, EffectKind, Remote, SendHow, ServiceClass, Source, Worst, content};
use crate::injection;
use crate::world::World;

mod arguments;
mod classes;
mod files;
mod names;
mod run;
mod services;
mod web;

use arguments::Arguments;
use names::Name;

/// The words of a tool's name in lower case, without the name of its server.
#[must_use]
pub fn words(server: &str, tool: &str) -> Vec<String> {
    Name::read(server, tool).words().to_vec()
}

/// What the server says of its tool.
#[derive(Clone, Copy, Default)]
pub(super) struct Claims<'a> {
    /// The hints.
    pub(super) annotations: Option<&'a Annotations>,
    /// The description.
    pub(super) description: Option<&'a str>,
}

/// One call, as the readers of its parts see it.
struct Call<'a> {
    server: &'a str,
    tool: &'a str,
    /// The words of the tool's name.
    name: Name,
    arguments: Arguments<'a>,
    world: &'a World<'a>,
}

/// What a call does.
#[must_use]
pub(super) fn of(
    server: &str,
    tool: &str,
    arguments: &Map<String, Json>,
    claims: Claims<'_>,
    world: &World<'_>,
) -> Vec<Effect> {
    let call =
        Call { server, tool, name: Name::read(server, tool), arguments: Arguments::read(arguments), world };
    let mut effects = run::of(&call)
        .or_else(|| services::known(&call))
        .or_else(|| web::of(&call))
        .or_else(|| files::of(&call))
        .unwrap_or_else(|| services::of(&call));
    carried(&call, &mut effects);
    claimed(&call, claims, &mut effects);
    effects
}

/// What the arguments carry, whatever the tool is for: secrets, and orders for whoever reads them.
fn carried(call: &Call<'_>, effects: &mut Vec<Effect>) {
    let origin = Origin { kind: OriginKind::Tool, name: call.shown() };
    let stays = effects
        .iter()
        .any(|effect| matches!(effect.kind, EffectKind::Write { .. } | EffectKind::Send { .. }));
    for leaf in call.arguments.texts() {
        if stays || leaf.text.len() < 16 {
            continue;
        }
        let secrets = content::secrets(leaf.text);
        if !secrets.is_empty() && !call.name.keeps_secrets() {
            let to = Remote::unknown(&call.shown());
            effects.push(Effect::new(EffectKind::Send { to, what: secrets, how: SendHow::Body }, leaf.span));
        }
        if !run::is_code(leaf) && injection::read(leaf.text, &origin).injected() {
            let reason = "its arguments give orders to an agent that reads them".to_owned();
            effects.push(Effect::new(EffectKind::Opaque { reason, worst: Worst::Runs }, leaf.span));
        }
    }
}

/// The server's word counts where it is the stricter one.
fn claimed(call: &Call<'_>, claims: Claims<'_>, effects: &mut Vec<Effect>) {
    let origin = Origin { kind: OriginKind::Tool, name: call.shown() };
    let name = call.name.words().join(" ");
    if claims
        .description
        .into_iter()
        .chain([name.as_str()])
        .any(|text| injection::read(text, &origin).injected())
    {
        let reason = "the server's words for the tool give orders to the agent".to_owned();
        effects.push(Effect::new(EffectKind::Opaque { reason, worst: Worst::Runs }, call.arguments.whole()));
    }
    let Some(annotations) = claims.annotations else { return };
    if annotations.destructive_hint == Some(true)
        && annotations.read_only_hint != Some(true)
        && effects.iter().all(|effect| {
            matches!(
                effect.kind,
                EffectKind::Observe
                    | EffectKind::Tool { class: ServiceClass::Read | ServiceClass::Create, .. }
            )
        })
    {
        let kind = services::tool(call, ServiceClass::Delete);
        effects.push(Effect { certainty: Certainty::Possible, ..Effect::new(kind, call.arguments.whole()) });
    }
}

impl Call<'_> {
    /// The tool as it is shown to people.
    fn shown(&self) -> String {
        if self.server.is_empty() { self.tool.to_owned() } else { format!("{} {}", self.server, self.tool) }
    }

    /// A literal secret that stands in a text, or the text's own origin.
    fn sources(&self, text: &str) -> Vec<Source> {
        content::secrets(text)
    }
}

#[cfg(test)]
mod tests;
