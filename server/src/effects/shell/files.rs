//! Files, as models of programs act on them: places, what they hold, what the line does to them.

use std::path::{Path, PathBuf};

use banksman_protocol::{Certainty, Span};

use super::{Arg, Content, EffectKind, Hole, Shell, Source, Value, WriteHow};
use crate::world::{Place, Role, Scope, SecretKind, State, Text, World};

/// The number of the descriptor that a path stands for.
pub(super) fn descriptor(path: &Path) -> Option<i32> {
    let text = path.to_str()?;
    let number = ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"]
        .iter()
        .find_map(|folder| text.strip_prefix(folder))?;
    number.parse().ok()
}

impl Shell<'_> {
    /// The place that an argument names; links are followed.
    #[must_use]
    pub fn place(&self, arg: &Arg) -> Place {
        self.place_of(&arg.value, arg.pattern, true)
    }

    /// The place that an argument names; the last link is not followed.
    #[must_use]
    pub fn place_itself(&self, arg: &Arg) -> Place {
        self.place_of(&arg.value, arg.pattern, false)
    }

    /// The place that a known path names.
    #[must_use]
    pub fn place_at(&self, path: &str) -> Place {
        self.place_of(&Value::known(path), false, true)
    }

    fn place_of(&self, value: &Value, pattern: bool, follow: bool) -> Place {
        let shown = value.shown();
        if let Some(text) = value.text().filter(|_| !pattern) {
            let Some(cwd) = self.cwd().or_else(|| text.starts_with('/').then_some(Path::new("/"))) else {
                return Place::unknown(&shown);
            };
            return if follow { self.world.place(cwd, text) } else { self.world.place_itself(cwd, text) };
        }
        // Only the leading folder is known: whatever it is lies somewhere in there.
        let known = if pattern {
            value.prefix().split(['*', '?', '[', '{']).next().unwrap_or_default()
        } else {
            value.prefix()
        };
        let folder = known.rsplit_once('/').map(|(folder, _)| if folder.is_empty() { "/" } else { folder });
        let cwd = self.cwd();
        let leading = match (folder, cwd) {
            (Some(folder), _) if folder.starts_with('/') => self.world.place(Path::new("/"), folder),
            (Some(folder), Some(cwd)) => self.world.place(cwd, folder),
            (None, Some(cwd)) if pattern || !known.is_empty() => self.world.place(cwd, "."),
            _ => return Place::unknown(&shown),
        };
        if value.shown().contains("..") {
            return Place::unknown(&shown);
        }
        // What a file is for may be told by its name even when its folder is a pattern.
        let role = match self.world.role(&leading.path, shown.trim_start_matches("~/")) {
            Role::Ordinary => leading.role,
            role => role,
        };
        Place { shown, known: false, role, ..leading }
    }

    /// What stands at a place now. What the line itself has written counts as made.
    #[must_use]
    pub fn state_of(&self, place: &Place) -> State {
        self.state_by(place, |world| world.state(place))
    }

    /// As [`Self::state_of`], for what leaves tracked files alone.
    #[must_use]
    pub fn state_besides_tracked(&self, place: &Place) -> State {
        self.state_by(place, |world| world.state_besides_tracked(place))
    }

    fn state_by(&self, place: &Place, look: impl FnOnce(&World<'_>) -> State) -> State {
        if place.known && self.files.contains_key(&place.path) && !self.world.exists(&place.path) {
            return State { exists: true, made: 1, ..State::default() };
        }
        // Whatever lies in the root, around home or in a folder of the system is grave as a whole: nothing is to
        // be counted there.
        let whole =
            matches!(place.scope, Scope::Root | Scope::HomeRoot) && place.path.components().count() <= 3;
        if whole || (place.known && place.scope == Scope::System && self.world.is_folder(&place.path)) {
            return State { folder: true, ..State::unknown() };
        }
        look(self.world)
    }

    /// Whether the line itself has taken away what stood there.
    pub fn gone(&self, path: &Path) -> bool {
        self.effects.iter().any(|effect| match &effect.kind {
            EffectKind::Delete { place, .. } | EffectKind::Move { from: place, .. } => {
                place.known && path.starts_with(&place.path)
            }
            _ => false,
        })
    }

    /// Makes a link at `place` that leads to `to`.
    ///
    /// No link takes the place of a folder: where such a name leads is not told from then on. A file is
    /// taken for replaced, whether or not the command would refuse that: what follows may go either way.
    pub fn link(&mut self, place: Place, to: Place, span: Span) {
        let stands = !self.gone(&place.path);
        if place.known && to.known && place.path != to.path {
            if stands && self.world.is_real_folder(&place.path) {
                self.world.doubt_link(&place.path);
            } else {
                let state = self.state_of(&place);
                if stands && state.exists && !self.world.is_link(&place.path) {
                    self.add(EffectKind::Delete { place: place.clone(), state, recursive: false }, span);
                }
                self.world.assume_link(&place.path, &to.path);
            }
        }
        self.add(EffectKind::Link { place, to }, span);
    }

    /// The words are settings for programs, as in `export $(cat .env | xargs)`: nobody is shown what they
    /// hold, so reading the project's own settings for them shows no secret.
    pub fn takes_settings(&mut self, args: &[Arg]) {
        let spans: Vec<Span> =
            args.iter().filter(|arg| arg.value.hole().is_some()).map(|arg| self.tell(arg.span).0).collect();
        self.effects.retain(|effect| match &effect.kind {
            EffectKind::Read { place } => {
                let settings = place.role == Role::Secret(SecretKind::Environment)
                    && matches!(place.scope, Scope::Workspace | Scope::WorkspaceRoot);
                !(settings
                    && spans
                        .iter()
                        .any(|span| span.start <= effect.span.start && effect.span.end <= span.end))
            }
            _ => true,
        });
    }

    /// Reads the files that arguments name, and returns what flows out of them.
    pub fn read_files(&mut self, args: &[Arg]) -> Value {
        let mut out = Value::default();
        for arg in args {
            let value = self.read_file(arg);
            out.push(&value);
        }
        out
    }

    /// Reads the file that an argument names, and returns what flows out of it.
    pub fn read_file(&mut self, arg: &Arg) -> Value {
        let place = self.place(arg);
        let value = self.text_of(&place);
        if place.scope != Scope::Sink {
            self.add(EffectKind::Read { place: place.clone() }, arg.span);
        }
        value
    }

    /// As [`Self::read_file`], of a file whose text is not followed.
    pub fn read_file_unseen(&mut self, arg: &Arg) -> Value {
        let place = self.place(arg);
        if place.scope == Scope::Sink || self.files.contains_key(&place.path) {
            return self.read_file(arg);
        }
        self.add(EffectKind::Read { place: place.clone() }, arg.span);
        let mut value = Value::unknown(Hole::Output(format!("cat {}", place.shown)));
        value.add_sources([Source::File(Box::new(place))]);
        value
    }

    /// What stands in a file, with where it comes from.
    #[must_use]
    pub fn text_of(&self, place: &Place) -> Value {
        if let Some(value) = descriptor(&place.path).and_then(|number| self.state.inputs.get(&number)) {
            return value.clone();
        }
        if place.scope == Scope::Sink {
            let is_stdin = matches!(place.shown.as_str(), "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0");
            return if is_stdin {
                self.stdin.clone()
            } else {
                self.files.get(&place.path).cloned().unwrap_or_default()
            };
        }
        let mut value = if let Some(value) = self.files.get(&place.path) {
            value.clone()
        } else {
            match place.known.then(|| self.world.text(&place.path)) {
                Some(Text::Known(text)) => Value::known(&*text),
                _ => Value::unknown(Hole::Output(format!("cat {}", place.shown))),
            }
        };
        value.add_sources([Source::File(Box::new(place.clone()))]);
        value
    }

    /// Writes a file.
    pub fn write(&mut self, arg: &Arg, how: WriteHow, content: Option<Value>) {
        let place = self.place(arg);
        self.write_place(place, how, content, arg.span);
    }

    /// Writes a file at a place.
    pub fn write_place(&mut self, place: Place, how: WriteHow, content: Option<Value>, span: Span) {
        if place.scope == Scope::Sink {
            // What a process substitution reads is looked at when the command is over.
            if let Some(content) =
                content.filter(|_| descriptor(&place.path).is_some_and(|number| number > 2))
            {
                self.files.entry(place.path).or_default().push(&content);
            }
            return;
        }
        self.changed.remove(&place.path);
        let state = self.state_of(&place);
        let told = content.as_ref().map(|value| Content {
            new: value.shown(),
            old: None,
            from: value.sources().to_vec(),
        });
        if place.known {
            let mut now = match (how, self.files.remove(&place.path)) {
                (WriteHow::Append, Some(before)) => before,
                (WriteHow::Append, None) => match self.world.text(&place.path) {
                    Text::Known(text) => Value::known(&*text),
                    _ => Value::default(),
                },
                _ => Value::default(),
            };
            if how != WriteHow::Create {
                now.push(&content.unwrap_or_else(|| Value::output("an unknown program", [])));
            }
            self.files.insert(place.path.clone(), now);
        }
        self.add(EffectKind::Write { place, state, how, content: told }, span);
    }

    /// Changes a file of which the rest is not followed: `new` is all that is put into it.
    pub fn change(&mut self, arg: &Arg, new: &str) {
        let at = self.effects.len();
        let place = self.place(arg);
        // Where the new lines come to stand is not worked out: behind all the others they do as much.
        let before = match self.changed.get(&place.path) {
            Some(text) => Some(text.clone()),
            None => self.text_of(&place).text().map(str::to_owned),
        };
        self.write(arg, WriteHow::Change, None);
        if let Some(before) = before.filter(|before| place.known && self.works(before.len() / 8_192)) {
            self.changed.insert(place.path, format!("{before}\n{new}\n"));
        }
        for effect in self.effects.iter_mut().skip(at) {
            if let EffectKind::Write { content, .. } = &mut effect.kind {
                *content = Some(Content { new: new.to_owned(), old: Some(String::new()), from: Vec::new() });
            }
        }
    }

    /// Changes a file by a program that may put anything into it.
    pub fn rewrite(&mut self, arg: &Arg) {
        self.write(arg, WriteHow::Change, None);
        self.hold(arg, Value::unknown(Hole::Any("what it holds now".to_owned())));
    }

    /// A file that was changed holds this now.
    pub fn hold(&mut self, arg: &Arg, text: Value) {
        let place = self.place(arg);
        self.changed.remove(&place.path);
        if place.known && place.scope != Scope::Sink {
            self.files.insert(place.path, text);
        }
    }

    /// Deletes what an argument names.
    pub fn delete(&mut self, arg: &Arg, recursive: bool) {
        let place = self.place_itself(arg);
        // A variable that is set nowhere is most likely empty: what is left of the path may be the root.
        if !place.known
            && let Some(text) = arg.value.if_unset_is_empty().filter(|text| !text.is_empty())
            && arg.text().is_none()
        {
            let bare = text.trim_end_matches('*');
            let left = self.place_at(if bare.is_empty() { "." } else { bare });
            if matches!(left.scope, Scope::Root | Scope::HomeRoot | Scope::System) {
                let kind = EffectKind::Delete { state: State::unknown(), place: left, recursive };
                self.add_as(kind, arg.span, Certainty::Likely);
            }
        }
        let state = self.state_of(&place);
        self.files.remove(&place.path);
        self.changed.remove(&place.path);
        self.add(EffectKind::Delete { place, state, recursive }, arg.span);
    }

    /// The text that this line has written into a file, if it has.
    #[must_use]
    pub fn written(&self, path: &Path) -> Option<&Value> {
        self.files.get(path)
    }

    /// A name for a new temporary file.
    pub fn temporary_name(&mut self) -> Value {
        self.pipes += 1;
        let path = format!("/tmp/tmp.new-{}", self.pipes);
        self.files.insert(PathBuf::from(&path), Value::default());
        Value::known(path)
    }

    /// What this line has written at `from` is at `to` now.
    pub fn carry(&mut self, from: &Place, to: &Place) {
        let text = self.text_of(from);
        self.files.remove(&from.path);
        self.changed.remove(&to.path);
        if let Some(changed) = self.changed.remove(&from.path).filter(|_| to.known) {
            self.changed.insert(to.path.clone(), changed);
        }
        if to.known {
            self.files.insert(to.path.clone(), text);
        }
    }

    /// An archive is unpacked into a folder: files there come from where the archive came from.
    pub fn unpacked_into(&mut self, folder: &Arg, packed: Value) {
        let mut place = self.place(folder);
        let from = packed.sources().to_vec();
        let archive = from.iter().find_map(|source| match source {
            Source::File(file) => Some(file.clone()),
            _ => None,
        });
        // The whole workspace does not become foreign: archives bring a folder of their own name.
        if place.scope == Scope::WorkspaceRoot
            && let Some(archive) = &archive
        {
            let stem = archive.name().split('.').next().unwrap_or_default();
            place = self.world.place(&place.path, stem);
        }
        let url = from.iter().find_map(|source| match source {
            Source::Url(url) => Some(url.clone()),
            Source::File(file) => self.came_from(&file.path),
            _ => None,
        });
        if let (Some(url), true) = (url, place.known) {
            self.fetched.push((place.path.clone(), url));
        }
        let exists = self.world.exists(&place.path);
        let state = State { exists, folder: true, ..State::default() };
        let content = Some(Content { new: String::new(), old: None, from });
        self.add(EffectKind::Write { place, state, how: WriteHow::Append, content }, folder.span);
    }

    /// Where what lies at a path came from, when it came from another machine in this line or before.
    #[must_use]
    pub fn came_from(&self, path: &Path) -> Option<String> {
        if let Some(value) = self.files.get(path)
            && let Some(url) = value.sources().iter().find_map(|source| match source {
                Source::Url(url) => Some(url.clone()),
                _ => None,
            })
        {
            return Some(url);
        }
        self.fetched
            .iter()
            .rev()
            .find(|(folder, _)| path.starts_with(folder))
            .map(|(_, url)| url.clone())
            .or_else(|| self.world.trail().came_from(path).map(str::to_owned))
    }
}
