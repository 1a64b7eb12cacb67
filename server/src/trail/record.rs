//! What an action that was carried out leaves in the trail.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{FileTrace, Seen, Trail};
use crate::effects::{Content, Effect, EffectKind, Elsewhere, Remote, Source, WriteHow};
use crate::world::{State, Text, World};

/// How many bytes of one file are kept when the disk does not show it.
const CONTENT_LIMIT: usize = 1024 * 1024;
/// How many names are kept of each kind of thing that was made or started.
const NAME_LIMIT: usize = 2_000;

/// What stood there before the action.
pub trait Before {
    /// The text of a file.
    fn text(&self, path: &Path) -> Option<Arc<str>>;
    /// Something is there.
    fn exists(&self, path: &Path) -> bool;
    /// A folder is there.
    fn is_folder(&self, path: &Path) -> bool;
}

/// Nothing is known of what stood there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Blank;

impl Before for Blank {
    fn text(&self, _: &Path) -> Option<Arc<str>> {
        None
    }
    fn exists(&self, _: &Path) -> bool {
        false
    }
    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

/// The world as it was: make it with an empty trail for what the disk alone shows.
impl Before for World<'_> {
    fn text(&self, path: &Path) -> Option<Arc<str>> {
        match World::text(self, path) {
            Text::Known(text) => Some(text),
            _ => None,
        }
    }
    fn exists(&self, path: &Path) -> bool {
        World::exists(self, path)
    }
    fn is_folder(&self, path: &Path) -> bool {
        World::is_folder(self, path)
    }
}

impl Trail {
    /// Takes note of what an action did. With `simulated`, nothing was really run and the disk does not show it.
    pub fn record(&mut self, effects: &[Effect], simulated: bool) {
        self.record_over(effects, simulated, &Blank);
    }

    /// As [`Self::record`], with what stood there `before`: needed to know what a file holds after a
    /// change that is only simulated.
    pub fn record_over(&mut self, effects: &[Effect], simulated: bool, before: &dyn Before) {
        let mut step = Step { trail: self, simulated, before };
        for effect in effects {
            step.names(effect);
        }
        self.record_deeds(effects, simulated, before);
    }

    /// As [`Self::record_over`], without what the action names.
    pub(super) fn record_deeds(&mut self, effects: &[Effect], simulated: bool, before: &dyn Before) {
        let mut step = Step { trail: self, simulated, before };
        for effect in effects {
            step.effect(&effect.kind);
        }
    }
}

struct Step<'a> {
    trail: &'a mut Trail,
    simulated: bool,
    before: &'a dyn Before,
}

impl Step<'_> {
    /// What the agent named by itself does not count as named by a text that repeats it later.
    fn names(&mut self, effect: &Effect) {
        let mut say = |text: &str| self.trail.mentions.add_text(text, &Seen::Agent);
        match &effect.kind {
            EffectKind::Fetch { from, .. } => say(&from.shown),
            EffectKind::Send { to, .. } | EffectKind::RunElsewhere { place: Elsewhere::Host(to), .. } => {
                say(&to.shown)
            }
            EffectKind::Write { content: Some(content), .. } if content.from.is_empty() => say(&content.new),
            EffectKind::Service { target, .. } | EffectKind::Tool { target, .. } => say(target),
            _ => {}
        }
    }

    fn effect(&mut self, kind: &EffectKind) {
        match kind {
            EffectKind::Write { place, state, how, content } if place.known => {
                self.write(&place.path, state, *how, content.as_ref());
            }
            EffectKind::Delete { place, .. } if place.known => self.delete(&place.path),
            EffectKind::Move { from, to, state } if from.known && to.known => {
                let to = if state.folder && !from.name().is_empty() && self.holds_folder(&to.path) {
                    to.path.join(from.name())
                } else {
                    to.path.clone()
                };
                self.rename(&from.path, &to);
            }
            EffectKind::Link { place, to } if place.known => {
                let trace = FileTrace { made: true, link: Some(to.path.clone()), ..self.blank() };
                let came_from = self.trail.came_from(&to.path).map(str::to_owned);
                self.put(&place.path, FileTrace { came_from, ..trace });
            }
            EffectKind::Fetch { from, saves: Some(place) } if place.known => self.fetch(from, &place.path),
            EffectKind::RunProject { task } => self.start(task),
            EffectKind::RunUnknown { program, .. } => self.start(program),
            EffectKind::RunDownloaded { place: Some(place), .. } => self.start(&place.text()),
            EffectKind::Install { manager, package, .. } if !package.is_empty() => {
                add(&mut self.trail.installed, format!("{manager}:{package}"));
            }
            EffectKind::GitLocal { what } => self.git(what),
            _ => {}
        }
    }

    fn write(&mut self, path: &Path, state: &State, how: WriteHow, content: Option<&Content>) {
        let old = self.trail.files.get(path).cloned();
        let there = state.exists || old.as_ref().is_some_and(|old| !old.gone);
        if how == WriteHow::Create && there {
            return;
        }
        let made = !state.exists || old.as_ref().is_some_and(|old| old.made && !old.gone);
        let keeps = matches!(how, WriteHow::Append | WriteHow::Change);
        let came_from = content
            .and_then(|content| self.origin(&content.from))
            .or_else(|| old.as_ref().filter(|old| keeps && !old.gone).and_then(|old| old.came_from.clone()));
        // `mkdir` creates without content; `touch` creates with an empty one.
        let folder = match content {
            None => state.folder || how == WriteHow::Create,
            Some(_) => state.folder,
        };
        let text = if self.simulated && !folder { self.text_after(path, how, content) } else { None };
        let emptied = folder && old.as_ref().is_some_and(|old| old.gone || old.emptied);
        let written = !folder;
        let kept = state.committed > 0 && state.changed == 0;
        let clean = written && (kept || old.as_ref().is_some_and(|old| old.clean && !old.gone));
        self.parents(path);
        self.put(
            path,
            FileTrace { made, came_from, folder, emptied, written, clean, content: text, ..self.blank() },
        );
    }

    /// What the file holds after it was written, as far as it is known.
    fn text_after(&self, path: &Path, how: WriteHow, content: Option<&Content>) -> Option<Arc<str>> {
        let content = content?;
        // A text that passed through something not known here is not what stands in the effect.
        if content.new.is_empty() && !content.from.is_empty() {
            return match content.from.as_slice() {
                [Source::File(from)] if how == WriteHow::Replace => self.text(&from.path),
                _ => None,
            };
        }
        let whole = match how {
            WriteHow::Replace | WriteHow::Create => content.new.clone(),
            WriteHow::Append => {
                let base = self.text(path);
                format!("{}{}", base.as_deref().unwrap_or_default(), content.new)
            }
            WriteHow::Change => {
                let base = self.text(path)?;
                let old = content.old.as_deref().filter(|old| !old.is_empty())?;
                base.replacen(old, &content.new, 1)
            }
        };
        (whole.len() <= CONTENT_LIMIT).then(|| whole.into())
    }

    fn text(&self, path: &Path) -> Option<Arc<str>> {
        match self.trail.overlay(path) {
            Some(trace) if trace.gone => None,
            Some(trace) if trace.content.is_some() => trace.content.clone(),
            _ => self.before.text(path),
        }
    }

    fn delete(&mut self, path: &Path) {
        let made = self.trail.made(path);
        self.below(path);
        self.put(path, FileTrace { made, gone: true, ..self.blank() });
    }

    fn rename(&mut self, from: &Path, to: &Path) {
        if from == to {
            return;
        }
        let known = self.trail.files.contains_key(from);
        let mut moved = self.below(from);
        let made = self.trail.made(from);
        let came_from = self.trail.came_from(from).map(str::to_owned);
        if !known {
            let folder = self.simulated && self.before.is_folder(from);
            let content = if self.simulated { self.text(from) } else { None };
            moved.push((from.to_path_buf(), FileTrace { made, came_from, folder, content, ..self.blank() }));
        }
        self.below(to);
        self.put(from, FileTrace { made, gone: true, ..self.blank() });
        self.parents(to);
        for (path, mut trace) in moved {
            let Ok(rest) = path.strip_prefix(from) else { continue };
            let target = if rest.as_os_str().is_empty() { to.to_path_buf() } else { to.join(rest) };
            if path == from && trace.came_from.is_none() {
                trace.came_from = self.trail.came_from(from).map(str::to_owned);
            }
            trace.simulated = self.simulated;
            self.put(&target, trace);
        }
    }

    fn fetch(&mut self, from: &Remote, path: &Path) {
        let old = self.trail.files.get(path).filter(|old| !old.gone).cloned();
        // What the session fetched is the session's, unless a write beside it says that something stood there.
        let made = old.as_ref().is_none_or(|old| old.made);
        let folder = is_clone(&from.shown) || old.is_some_and(|old| old.folder);
        self.parents(path);
        let came_from = Some(from.shown.clone());
        self.put(path, FileTrace { made, came_from, folder, written: !folder, ..self.blank() });
    }

    /// From which other machine something made of these comes.
    fn origin(&self, sources: &[Source]) -> Option<String> {
        sources.iter().find_map(|source| match source {
            Source::Url(url) => Some(url.clone()),
            Source::File(place) => self.trail.came_from(&place.path).map(str::to_owned),
            _ => None,
        })
    }

    fn start(&mut self, program: &str) {
        add(&mut self.trail.started, program.to_owned());
    }

    fn git(&mut self, what: &str) {
        let words: Vec<&str> = what.split_whitespace().collect();
        let named =
            |rest: &[&str]| rest.iter().find(|word| !word.starts_with('-')).map(|word| (*word).to_owned());
        let made = match words.as_slice() {
            ["git", "commit", ..] => {
                self.trail.commits += 1;
                None
            }
            ["git", "branch" | "tag", flag, ..]
                if matches!(*flag, "-d" | "-D" | "-l" | "--list" | "-m" | "--delete") =>
            {
                None
            }
            ["git", "branch" | "tag", rest @ ..] => named(rest),
            ["git", "checkout", "-b" | "-B", rest @ ..]
            | ["git", "switch", "-c" | "-C" | "--create", rest @ ..] => named(rest),
            ["git", "stash"] | ["git", "stash", "push" | "save", ..] => Some("stash".to_owned()),
            _ => None,
        };
        if let Some(name) = made {
            add(&mut self.trail.made_refs, name);
        }
    }

    /// Takes out what is known of all that lies at and below `path`.
    fn below(&mut self, path: &Path) -> Vec<(PathBuf, FileTrace)> {
        let keys: Vec<PathBuf> = self
            .trail
            .files
            .range(path.to_path_buf()..)
            .take_while(|(at, _)| at.starts_with(path))
            .map(|(at, _)| at.clone())
            .collect();
        keys.into_iter().filter_map(|at| self.trail.files.remove_entry(&at)).collect()
    }

    /// Folders that a simulated write must have made on its way.
    fn parents(&mut self, path: &Path) {
        if !self.simulated {
            return;
        }
        for folder in path.ancestors().skip(1) {
            if folder.parent().is_none() || self.holds_folder(folder) || self.before.exists(folder) {
                return;
            }
            let emptied = self.trail.overlay(folder).is_some_and(|trace| trace.gone);
            let trace = FileTrace { made: true, folder: true, emptied, ..self.blank() };
            self.put(folder, trace);
        }
    }

    fn holds_folder(&self, path: &Path) -> bool {
        match self.trail.overlay(path) {
            Some(trace) => trace.folder && !trace.gone,
            None => self.before.is_folder(path),
        }
    }

    fn blank(&self) -> FileTrace {
        FileTrace { simulated: self.simulated, ..FileTrace::default() }
    }

    fn put(&mut self, path: &Path, trace: FileTrace) {
        self.trail.files.insert(path.to_path_buf(), trace);
    }
}

/// The address is a repository's, so what is saved is a folder.
fn is_clone(address: &str) -> bool {
    let address = address.trim_end_matches('/');
    address.ends_with(".git") || address.starts_with("git@") || address.starts_with("ssh://") || {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let mut parts = rest.split('/');
        let host = parts.next().unwrap_or_default();
        ["github.com", "gitlab.com", "codeberg.org", "bitbucket.org"].contains(&host) && parts.count() == 2
    }
}

fn add(list: &mut Vec<String>, name: String) {
    if list.len() < NAME_LIMIT && !list.contains(&name) {
        list.push(name);
    }
}

#[cfg(test)]
mod tests;
