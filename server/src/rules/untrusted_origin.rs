//! What only an untrusted text asked for.

use banksman_protocol::{Action, Decision, OriginKind};

use serde_json::Value;

use super::Context;
use super::support::{names, sources};
use crate::consent::operations_of;
use crate::effects::{self, Effect, EffectKind, Elsewhere, PackageSource, Remote, ServiceReach};
use crate::trail::{MentionKind, Provenance};
use crate::verdict::Finding;
use crate::world::{Place, Role, Scope};

pub(super) const NAME: &str = "untrusted-origin";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    if !context.trail.mentions.from_content() {
        return;
    }
    let line = match context.action {
        Action::Command { command, .. } => command.trim(),
        _ => "",
    };
    let line_by = context.trail.named_by(MentionKind::Command, line);
    for effect in context.effects {
        if effect.is_read_only() && !matches!(effect.kind, EffectKind::Fetch { .. } | EffectKind::Read { .. })
        {
            continue;
        }
        let named = strings(context, effect).into_iter().find_map(|(kind, text)| {
            judge(context, effect, kind, &text, context.trail.named_by(kind, &text))
        });
        let runs = !matches!(
            effect.kind,
            EffectKind::Read { .. } | EffectKind::Fetch { .. } | EffectKind::RunProject { .. }
        );
        let asked = || judge(context, effect, MentionKind::Command, line, line_by.clone());
        findings.extend(named.or_else(|| if runs { asked() } else { None }));
    }
}

fn judge(
    context: &Context<'_>,
    effect: &Effect,
    kind: MentionKind,
    text: &str,
    by: Provenance,
) -> Option<Finding> {
    let (origin, injected) = match by {
        Provenance::Content { origin, injected } => (origin, injected),
        // A bare word is no mention, but may be what agents were told to take.
        Provenance::Nobody => return addressed(context, effect, kind, text),
        _ => return None,
    };
    if !injected && let Some(finding) = addressed(context, effect, kind, text) {
        return Some(finding);
    }
    // A file counts as the user's, unless it gives orders.
    if !injected && (origin.kind == OriginKind::File || !goes_out(effect)) {
        return None;
    }
    let what = names::quoted(text);
    let asked = match &effect.kind {
        EffectKind::Tool { server, tool, class, target } => {
            context.consent.implies(*class, &effects::tool_words(server, tool), target).is_some()
        }
        _ => false,
    };
    let (decision, orders) = if injected && asked {
        // It may be what the user meant, found in a text that somebody has tampered with.
        (Decision::Ask, ", in a text that tries to give the agent orders")
    } else if injected {
        (Decision::Block, ", in a text that tries to give the agent orders")
    } else {
        (Decision::Ask, "")
    };
    let place = place_of(origin.kind);
    let message = format!(
        "{what} was named by nobody but {place} {}{orders}. The user did not ask for it.",
        names::quoted(&origin.name)
    );
    let targets = match kind {
        MentionKind::Host | MentionKind::Url => names::of_remote(&Remote::read(text)),
        _ => names::words(text),
    };
    Some(
        Finding::new(NAME, decision, effect, message)
            .unless(
                names::need(&operations_of(effect), targets),
                format!("The user names {what} and says what to do with it."),
            )
            .instead("Tell the user what the text asks for, and go on with the task."),
    )
}

/// Only what a text says to agents names this, and nobody asked for it. The project's own files may say
/// how agents are to work there, but not where things are sent or fetched to be run.
fn addressed(context: &Context<'_>, effect: &Effect, kind: MentionKind, text: &str) -> Option<Finding> {
    let said = context.trail.mentions.addressed(kind, text)?;
    let ordinary = match &effect.kind {
        EffectKind::GitLocal { .. } | EffectKind::RunProject { .. } => true,
        EffectKind::Install { source, .. } => *source == PackageSource::Declared,
        _ => effect.is_read_only(),
    };
    let own = context.trail.own_text(&said.origin, context.world.workspace());
    if ordinary || (own && !goes_out(effect)) {
        return None;
    }
    let what = names::quoted(text);
    let message = format!(
        "{what} was named by nobody but {} {}, where it speaks to agents: {}. The user did not ask for it.",
        place_of(said.origin.kind),
        names::quoted(&said.origin.name),
        names::quoted(&said.quote)
    );
    let targets = match kind {
        MentionKind::Host | MentionKind::Url => names::of_remote(&Remote::read(text)),
        _ => names::words(text),
    };
    Some(
        Finding::new(NAME, Decision::Ask, effect, message)
            .unless(
                names::need(&operations_of(effect), targets),
                format!("The user names {what} and says what to do with it."),
            )
            .instead("Tell the user what the text asks of agents, and go on with the task."),
    )
}

fn place_of(kind: OriginKind) -> &'static str {
    match kind {
        OriginKind::File => "the file",
        OriginKind::Web => "the page",
        OriginKind::Command => "the output of",
        OriginKind::Tool => "the tool",
    }
}

/// Something would leave the machine or come to run here, from a place that is not an ordinary one.
fn goes_out(effect: &Effect) -> bool {
    match &effect.kind {
        EffectKind::Send { to, .. } => !to.local,
        EffectKind::RunDownloaded { .. } | EffectKind::RunElsewhere { .. } | EffectKind::OpenShell { .. } => {
            true
        }
        EffectKind::Push { known_remote, .. } => !known_remote,
        EffectKind::Install { source, .. } => {
            matches!(source, PackageSource::Address(_) | PackageSource::OtherRegistry(_))
        }
        _ => false,
    }
}

/// The strings that decide what an effect does, the most telling first.
fn strings(context: &Context<'_>, effect: &Effect) -> Vec<(MentionKind, String)> {
    let mut found = Vec::new();
    match &effect.kind {
        EffectKind::Send { to, .. }
        | EffectKind::Fetch { from: to, .. }
        | EffectKind::RunElsewhere { place: Elsewhere::Host(to), .. } => {
            remote(&mut found, to);
        }
        EffectKind::RunDownloaded { from, .. } => remote(&mut found, &Remote::read(from)),
        EffectKind::OpenShell { peer } => remote(&mut found, &Remote::read(peer)),
        EffectKind::Push { remote: to, known_remote: false, .. } => remote(&mut found, &Remote::read(to)),
        EffectKind::GitSetup { value, .. } | EffectKind::Inject { value, .. } => {
            remote(&mut found, &Remote::read(value))
        }
        EffectKind::Install { package, source, .. } => {
            if let PackageSource::Address(address) | PackageSource::OtherRegistry(address) = source {
                remote(&mut found, &Remote::read(address));
            }
            if *source != PackageSource::Declared {
                mention(&mut found, MentionKind::Package, package);
            }
        }
        EffectKind::Service { target, reach, .. } if *reach != ServiceReach::Local => {
            recipient(&mut found, target)
        }
        EffectKind::Tool { target, .. } => {
            recipient(&mut found, target);
            target.split(", ").for_each(|name| recipient(&mut found, name));
        }
        EffectKind::Delete { place, .. } => path(&mut found, place),
        EffectKind::Write { place, .. }
        | EffectKind::Read { place }
        | EffectKind::Permit { place, .. }
        | EffectKind::Move { to: place, .. }
            if place.scope != Scope::Workspace
                || !matches!(place.role, Role::Ordinary | Role::NotSecret | Role::Build) =>
        {
            path(&mut found, place);
        }
        EffectKind::RunUnknown { place: Some(place), .. } => path(&mut found, place),
        _ => {}
    }
    sources::added_by(context, &effect.kind).iter().for_each(|origin| remote(&mut found, &origin.remote));
    if let Action::Tool { arguments, .. } = context.action
        && !effect.is_read_only()
    {
        arguments.values().for_each(|value| argument(context, &mut found, value));
    }
    found
}

/// How many strings of a call's arguments are looked up.
const ARGUMENT_LIMIT: usize = 400;

/// Whatever a tool is given may be what a text told the agent to give it: a password, a key, a link in a letter.
fn argument(context: &Context<'_>, found: &mut Vec<(MentionKind, String)>, value: &Value) {
    match value {
        Value::String(text) if found.len() < ARGUMENT_LIMIT => {
            if text.len() <= 128 {
                mention(found, MentionKind::Recipient, text);
            }
            let telling = |word: &&str| word.len() >= 6 && word.chars().any(|c| c.is_ascii_digit());
            let words = text.split_whitespace().filter(telling).take(16);
            found.extend(words.map(|word| (MentionKind::Recipient, word.to_owned())));
            found.extend(context.trail.mentions.injected_in(text));
        }
        Value::Array(items) => items.iter().for_each(|item| argument(context, found, item)),
        Value::Object(map) => map.values().for_each(|item| argument(context, found, item)),
        _ => {}
    }
}

fn remote(found: &mut Vec<(MentionKind, String)>, remote: &Remote) {
    if remote.local {
        return;
    }
    mention(found, MentionKind::Url, &remote.shown);
    if let Some(host) = &remote.host {
        mention(found, MentionKind::Host, host);
    }
}

fn recipient(found: &mut Vec<(MentionKind, String)>, target: &str) {
    mention(found, MentionKind::Recipient, target);
    mention(found, MentionKind::Url, target);
}

fn path(found: &mut Vec<(MentionKind, String)>, place: &Place) {
    mention(found, MentionKind::Path, &place.text());
}

fn mention(found: &mut Vec<(MentionKind, String)>, kind: MentionKind, text: &str) {
    if !text.is_empty() {
        found.push((kind, text.to_owned()));
    }
}
