//! From an action to its effects.

use banksman_protocol::{Action, Span};
use std::borrow::Cow;

use super::{Content, Effect, EffectKind, content, fetches, shell, tools};
use crate::effects::WriteHow;
use crate::world::World;

/// What an action would do.
#[must_use]
pub fn of(action: &Action, world: &World<'_>) -> Vec<Effect> {
    match action {
        Action::Command { command, cwd } => shell::read_command(command, cwd.as_deref(), world),
        Action::Edit { path, old, new } => edit(path, old.as_deref(), new, world),
        Action::Delete { path } => vec![delete(path, world)],
        Action::Read { path } => {
            let place = world.place(world.cwd(), &home(path, world));
            vec![Effect::new(EffectKind::Read { place }, Span::new(0, path.len()))]
        }
        Action::Fetch { url, method, body } => match fetches::local_path(url) {
            Some(path) => {
                let place = world.place(world.cwd(), &home(&path, world));
                vec![Effect::new(EffectKind::Read { place }, Span::new(0, url.len()))]
            }
            None => fetches::of(url, method, body.as_deref()),
        },
        Action::Tool { server, tool, arguments, annotations, description } => {
            let claims =
                tools::Claims { annotations: annotations.as_ref(), description: description.as_deref() };
            tools::of(server, tool, arguments, claims, world)
        }
        Action::Delegate { prompt } => {
            let whole = Span::new(0, prompt.len());
            vec![Effect::new(EffectKind::Delegate { prompt: prompt.clone() }, whole)]
        }
    }
}

fn edit(path: &str, old: Option<&str>, new: &str, world: &World<'_>) -> Vec<Effect> {
    let place = world.place(world.cwd(), &home(path, world));
    let state = world.state(&place);
    let whole = Span::new(0, new.len());
    let how = if old.is_some() { WriteHow::Change } else { WriteHow::Replace };
    let mut effects = content::later(&place, old, new, world);
    let told = Content { new: new.to_owned(), old: old.map(str::to_owned), from: content::secrets(new) };
    effects.insert(0, Effect::new(EffectKind::Write { place, state, how, content: Some(told) }, whole));
    effects
}

fn delete(path: &str, world: &World<'_>) -> Effect {
    let place = world.place_itself(world.cwd(), &home(path, world));
    let state = world.state(&place);
    let recursive = state.folder;
    Effect::new(EffectKind::Delete { place, state, recursive }, Span::new(0, path.len()))
}

/// Clients read `~` in the path of a file tool as the user's home, so it must be read that way here.
pub(super) fn home<'p>(path: &'p str, world: &World<'_>) -> Cow<'p, str> {
    match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            Cow::Owned(format!("{}{rest}", world.home().to_string_lossy()))
        }
        _ => Cow::Borrowed(path),
    }
}
