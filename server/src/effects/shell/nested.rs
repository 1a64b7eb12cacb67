//! Commands inside commands: `sh -c`, `eval`, wrappers, scripts, and programs that nobody knows.

use std::collections::BTreeMap;
use std::path::Path;

use super::script::{language_of, sent_out, titled};
use super::state::Variable;
use super::{
    Arg, Certainty, EffectKind, Frame, Hole, InFile, Shell, Source, Span, Stands, Value, Worst, unknown,
};
use crate::effects::code as other_languages;
use crate::effects::programs::{self, Call};
use crate::effects::secret_variable;
use crate::effects::value::Piece;
use crate::world::{Place, Role, Scope, Text};

/// Whether this program reads shell commands.
pub(super) fn is_shell(name: &str) -> bool {
    matches!(name, "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash" | "mksh" | "fish" | "rbash" | "busybox")
}

/// Programs that print commands for the shell that called them, to be evaluated.
const PRINT_SETUP: [&str; 26] = [
    "ssh-agent",
    "direnv",
    "pyenv",
    "rbenv",
    "nodenv",
    "goenv",
    "brew",
    "opam",
    "starship",
    "zoxide",
    "dircolors",
    "conda",
    "mamba",
    "micromamba",
    "fnm",
    "mise",
    "rtx",
    "asdf",
    "minikube",
    "docker-machine",
    "keychain",
    "thefuck",
    "register-python-argcomplete",
    "dbus-launch",
    "resize",
    "luarocks",
];

/// A line that runs in a shell of its own.
pub(super) fn line(shell: &mut Shell<'_>, line: &Value, span: Span, stdin: &Value) -> Value {
    let before = shell.state.clone();
    let out = same_shell(shell, line, span, stdin);
    shell.state = before;
    out
}

/// A line that runs in the current shell.
pub(super) fn same_shell(shell: &mut Shell<'_>, line: &Value, span: Span, stdin: &Value) -> Value {
    let Some(text) = readable(shell, line, span) else {
        return Value::output("a command that is not known", line.sources().to_vec());
    };
    let frame = Frame { text: text.as_str().into(), ..shell.frame_in(&text, span) };
    let around = std::mem::replace(&mut shell.around, Span::new(0, text.len()));
    let out = shell.run_text(&text, frame, stdin);
    shell.around = around;
    out
}

/// The line as text. Unknown parts become variables of that unknown value; a line that is unknown as a
/// whole cannot be read.
fn readable(shell: &mut Shell<'_>, line: &Value, span: Span) -> Option<String> {
    let downloaded = line.sources().iter().find_map(|source| match source {
        Source::Url(url) => Some(url.clone()),
        Source::File(place) => shell.came_from(&place.path),
        _ => None,
    });
    if let Some(from) = downloaded {
        shell.add(EffectKind::RunDownloaded { from, place: None }, span);
    }
    if let Some(text) = line.text() {
        return Some(text.to_owned());
    }
    let known =
        line.pieces().iter().any(|piece| matches!(piece, Piece::Text(text) if !text.trim().is_empty()));
    if !known {
        not_readable(shell, line, span);
        return None;
    }
    let mut text = String::new();
    for (index, piece) in line.pieces().iter().enumerate() {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Hole(hole) => {
                let name = format!("__part_{}_{index}", shell.depth);
                let mut value = Value::unknown(hole.clone());
                value.add_sources(line.sources().iter().cloned());
                shell.state.set(&name, value);
                text.push_str(&format!("${{{name}}}"));
            }
        }
    }
    Some(text)
}

fn not_readable(shell: &mut Shell<'_>, line: &Value, span: Span) {
    if line.is_empty() || line.sources().iter().any(|source| matches!(source, Source::Url(_))) {
        return;
    }
    match line.hole() {
        Some(Hole::Unset(_)) if line.if_unset_is_empty().is_some() => {}
        Some(Hole::Output(command)) if prints_setup(command) => shell.add(EffectKind::Observe, span),
        _ => {
            let reason = format!("`{}` is run as a command, and what it holds is not known", line.shown());
            shell.opaque(reason, Worst::Runs, span);
        }
    }
}

fn prints_setup(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let Some(first) = words.next() else { return false };
    let base = programs::base_name(first);
    if command.contains(['|', ';', '&', '<', '>']) {
        return false;
    }
    PRINT_SETUP.contains(&base) || command.contains(" completion") || command.ends_with(" shellenv")
}

/// A command given as words.
pub(super) fn words(shell: &mut Shell<'_>, words: &[Arg], span: Span, stdin: &Value) -> Value {
    if words.is_empty() {
        return Value::default();
    }
    if !shell.works(1 + words.len() / super::WORDS_A_STEP) {
        return Value::default();
    }
    if shell.depth >= super::DEPTH_LIMIT {
        shell.opaque("commands are nested too deep to follow", Worst::Runs, span);
        return Value::default();
    }
    shell.called(words, true, span);
    shell.depth += 1;
    // The program that starts them may use what they print.
    let out = shell.flowing(true, |shell| {
        stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || shell.call(words, &[], stdin, span))
    });
    shell.depth -= 1;
    out
}

/// Code for an interpreter.
pub(super) fn code(shell: &mut Shell<'_>, language: &str, code: &Value, span: Span) -> Value {
    if is_shell(language) {
        return line(shell, code, span, &Value::default());
    }
    if let Some(from) = code.sources().iter().find_map(|source| match source {
        Source::Url(url) => Some(url.clone()),
        Source::File(place) => shell.came_from(&place.path),
        _ => None,
    }) {
        shell.add(EffectKind::RunDownloaded { from, place: None }, span);
    }
    other_languages::read(shell, language, code, &[], span)
}

/// `source FILE`.
pub(super) fn sourced(shell: &mut Shell<'_>, file: &Arg, args: &[Arg], span: Span, stdin: &Value) -> Value {
    let place = shell.place(file);
    let positional = if args.is_empty() {
        shell.state.positional.clone()
    } else {
        Some(args.iter().map(|arg| arg.value.clone()).collect())
    };
    // An environment that the project's own tools have made.
    if place.known && is_environment(&place.path) {
        shell.state.status = Some(true);
        shell.add(EffectKind::RunProject { task: format!("source {}", place.shown) }, span);
        return Value::default();
    }
    let text = shell.text_of(&place);
    let before = std::mem::replace(&mut shell.state.positional, positional);
    let task = place.shown.clone();
    let known = place_of_secrets(&place).then(|| shell.state.variables.clone());
    let out = script(shell, "bash", file, &task, &place, &text, span, stdin, true);
    if let Some(known) = known {
        keep_secret(shell, &known);
    }
    shell.state.positional = before;
    out
}

fn place_of_secrets(place: &Place) -> bool {
    matches!(place.role, Role::Secret(_))
}

/// What a file of secrets has set is as secret as what the environment holds under such names.
fn keep_secret(shell: &mut Shell<'_>, known: &BTreeMap<String, Variable>) {
    let set: Vec<String> = shell
        .state
        .variables
        .iter()
        .filter(|(name, variable)| secret_variable(name) && known.get(*name) != Some(*variable))
        .map(|(name, _)| name.clone())
        .collect();
    for name in set {
        let value = Value::unknown(Hole::Variable(name.clone())).with_source(Source::Variable(name.clone()));
        shell.state.set(&name, value);
    }
}

fn is_environment(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    (name.starts_with("activate") && folder.as_deref() == Some("bin"))
        || path.ends_with(".cargo/env")
        || path.ends_with(".nvm/nvm.sh")
        || path.ends_with("etc/profile.d/conda.sh")
        || path.ends_with("emsdk_env.sh")
}

/// A file that is run.
pub(super) fn file(
    shell: &mut Shell<'_>,
    interpreter: Option<&str>,
    file: &Arg,
    args: &[Arg],
    span: Span,
    stdin: &Value,
) -> Value {
    let place = shell.place(file);
    let text = match shell.changed.get(&place.path) {
        Some(text) => Value::known(text.clone()),
        None => shell.text_of(&place),
    };
    if let Some(interpreter) = interpreter
        && place.scope == Scope::Sink
    {
        // `bash /dev/stdin`, `bash <(…)`.
        let open = super::files::descriptor(&place.path)
            .is_some_and(|number| shell.state.inputs.contains_key(&number));
        let fed = if open || shell.files.contains_key(&place.path) { text } else { stdin.clone() };
        return code(shell, interpreter, &fed, span);
    }
    if interpreter.is_none() && is_folder(shell, &place) {
        shell.add(EffectKind::Observe, span);
        shell.state.status = None;
        return Value::default();
    }
    let before = shell.state.clone();
    shell.state.positional = Some(args.iter().map(|arg| arg.value.clone()).collect());
    shell.state.name = file.value.clone();
    let language = interpreter.map(str::to_owned).unwrap_or_else(|| language_of(&place.path, text.text()));
    let task = titled(&place.shown, args);
    // With arguments or from another folder it may do something else than it does by itself.
    if args.is_empty() && place.known && before.cwd.as_deref() == Some(shell.world().cwd()) {
        shell
            .followed
            .extend(text.text().map(|text| (place.path.clone(), language.clone(), text.to_owned())));
    }
    let out = script(shell, &language, file, &task, &place, &text, span, stdin, false);
    shell.state = before;
    shell.state.status = None;
    unknown::handed_over(shell, args);
    if matches!(place.name(), "manage.py" | "artisan" | "rails" | "rake") {
        let call = Call { name: place.name(), args, stdin, variables: &[], span };
        programs::of_task(&call, shell);
    }
    out
}

/// What is called stands there as a folder, and the line puts nothing in its place: no shell runs that.
fn is_folder(shell: &Shell<'_>, place: &Place) -> bool {
    place.known
        && shell.world().is_folder(&place.path)
        && !shell.files.contains_key(&place.path)
        && !shell.gone(&place.path)
}

#[expect(clippy::too_many_arguments, reason = "a script is all of this at once")]
fn script(
    shell: &mut Shell<'_>,
    language: &str,
    file: &Arg,
    task: &str,
    place: &Place,
    text: &Value,
    span: Span,
    stdin: &Value,
    same: bool,
) -> Value {
    if !place.known {
        shell.opaque(
            format!("which file `{}` is can only be known when it runs", file.shown()),
            Worst::Runs,
            file.span,
        );
        return Value::output(&file.shown(), []);
    }
    let from = shell.came_from(&place.path);
    if let Some(from) = from {
        shell.add(EffectKind::RunDownloaded { from, place: Some(place.clone()) }, file.span);
    }
    let state = shell.state_of(place);
    let own = place.scope == Scope::Workspace
        && state.committed > 0
        && state.changed == 0
        && !state.folder
        && !shell.files.contains_key(&place.path);
    if own {
        shell.add(EffectKind::RunProject { task: task.to_owned() }, span);
    }
    let Some(known) = text.text().map(str::to_owned) else {
        if !own {
            not_seen(shell, file, task, place, &state, span);
        }
        return Value::output(&place.shown, stdin.sources().to_vec());
    };
    if known.is_empty() && !state.exists && !shell.files.contains_key(&place.path) {
        not_seen(shell, file, task, place, &state, span);
        return Value::output(&place.shown, []);
    }
    let stands = Stands::Within(shell.tell(span).0);
    let frame = Frame {
        text: known.as_str().into(),
        stands,
        file: Some(InFile { path: place.path.clone(), line: 1, own }),
    };
    if is_shell(language) {
        let around = std::mem::replace(&mut shell.around, Span::new(0, known.len()));
        let kept = shell.state.clone();
        let out = shell.run_text(&known, frame, stdin);
        if !same {
            shell.state = kept;
        }
        shell.around = around;
        return out;
    }
    // The project's own programs are run as such; what is new is read.
    if !own {
        let whole = Span::new(0, known.len());
        shell.add_as(EffectKind::RunProject { task: task.to_owned() }, span, Certainty::Likely);
        return shell
            .within(frame, |shell| other_languages::read(shell, language, &Value::known(known), &[], whole));
    }
    Value::output(&place.shown, stdin.sources().to_vec())
}

/// A file that cannot be looked into: not there, not text, too large.
fn not_seen(
    shell: &mut Shell<'_>,
    file: &Arg,
    task: &str,
    place: &Place,
    state: &crate::world::State,
    span: Span,
) {
    if let Some(value) = shell.files.get(&place.path).filter(|value| is_foreign(shell, value, &place.path)) {
        let reason =
            format!("`{}` was just written, and `{}` in it is not known", place.shown, value.shown());
        shell.opaque(reason, Worst::Runs, file.span);
        return;
    }
    let in_workspace = matches!(place.scope, Scope::Workspace);
    let missing = !state.exists;
    let built = state.rebuildable > 0 || state.made > 0;
    let compiled = shell
        .files
        .get(&place.path)
        .is_some_and(|value| matches!(value.hole(), Some(Hole::Output(by)) if by == super::BUILT));
    let kind = if compiled || (in_workspace && (missing || built || state.ignored > 0)) {
        // What it does can only be told by what it is called.
        if let Some(kind) = sent_out(place.name(), task) {
            shell.add_as(kind, span, Certainty::Likely);
        }
        EffectKind::RunProject { task: task.to_owned() }
    } else {
        EffectKind::RunUnknown { program: file.shown(), place: Some(place.clone()) }
    };
    shell.add(kind, span);
}

/// What the line has written into the file `at` is not known, and may be made of what the project does not keep.
fn is_foreign(shell: &Shell<'_>, value: &Value, at: &Path) -> bool {
    let kept = |place: &Place| {
        let state = shell.state_of(place);
        place.path == at || (place.known && state.committed > 0 && state.recoverable())
    };
    match value.hole() {
        Some(Hole::Any(_)) => true,
        Some(Hole::Output(by)) if by != super::BUILT => value.sources().iter().any(|source| match source {
            Source::File(place) => !kept(place),
            _ => false,
        }),
        _ => false,
    }
}

impl Shell<'_> {
    /// Follows a line that stands in a file of the project, as a script in `package.json` does. Programs that
    /// have no model are the project's own dependencies there.
    pub fn run_script_of(&mut self, place: &Place, line: &str, span: Span) {
        if self.depth >= super::DEPTH_LIMIT {
            self.opaque("commands are nested too deep to follow", Worst::Runs, span);
            return;
        }
        let state = self.state_of(place);
        let own = place.scope == Scope::Workspace && state.committed > 0 && state.changed == 0;
        let stands = Stands::Within(self.tell(span).0);
        let file = Some(InFile { path: place.path.clone(), line: 1, own });
        let frame = Frame { text: line.into(), stands, file };
        let around = std::mem::replace(&mut self.around, Span::new(0, line.len()));
        let kept = self.state.clone();
        let first = self.effects.len();
        self.run_text(line, frame, &Value::default());
        let mut at = 0;
        self.effects.retain(|effect| {
            at += 1;
            at <= first || !matches!(&effect.kind, EffectKind::RunUnknown { place: None, .. })
        });
        self.state = kept;
        self.around = around;
    }

    /// Whether a file is text that is known; for models that look into files.
    #[must_use]
    pub fn file_text(&self, path: &Path) -> Option<String> {
        if let Some(value) = self.files.get(path) {
            return value.text().map(str::to_owned);
        }
        match self.world().text(path) {
            Text::Known(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// Calls the model of another program, as aliases of programs do (`gmake` for `make`).
    pub fn call_model(&mut self, name: &str, call: &Call<'_>) -> Value {
        match programs::model(name) {
            Some(model) => model(&Call { name, ..call.clone() }, self),
            None => Value::default(),
        }
    }
}
