//! Commands inside commands: `sh -c`, `eval`, wrappers, scripts, and programs that nobody knows.

use std::path::Path;

use super::{
    Arg, Certainty, EffectKind, Frame, Hole, InFile, Shell, Source, Span, Stands, Value, Variables, Worst,
};
use crate::effects::programs::{self, Call};
use crate::effects::value::Piece;
use crate::effects::{Remote, SendHow, ServiceClass, ServiceReach, code as other_languages};
use crate::world::{Role, Scope, Text};

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

/// Commands that are followed when they stand behind the name of a program that nobody knows.
const STARTED: [&str; 12] =
    ["rm", "dd", "shred", "mkfs", "git", "sudo", "sh", "bash", "zsh", "curl", "wget", "python3"];

/// Options by which an agent acts without asking anybody.
const UNASKED: [&str; 10] = [
    "--dangerously-skip-permissions",
    "--dangerously-bypass-approvals-and-sandbox",
    "--allow-dangerously-skip-permissions",
    "--dangerously-allow-all",
    "--yolo",
    "--yes-always",
    "--allow-all-tools",
    "--allow-all-paths",
    "--trust-all-tools",
    "--auto-approve-all",
];

/// Options of which one value says the same.
const UNASKED_VALUES: [(&str, &str); 6] = [
    ("--permission-mode", "bypassPermissions"),
    ("--approval-mode", "yolo"),
    ("--ask-for-approval", "never"),
    ("--approval-policy", "never"),
    ("--sandbox", "danger-full-access"),
    ("-s", "danger-full-access"),
];

/// The option by which an agent is told to ask nobody.
fn unasked(args: &[Arg]) -> Option<&Arg> {
    args.iter().enumerate().find_map(|(at, arg)| {
        let text = arg.text()?;
        let behind = args.get(at + 1).and_then(Arg::text);
        let pair = |(name, value): &(&str, &str)| {
            (text == *name && behind == Some(*value))
                || text.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) == Some(*value)
        };
        (UNASKED.contains(&text) || UNASKED_VALUES.iter().any(pair)).then_some(arg)
    })
}

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
    let out = stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || shell.call(words, &[], stdin, span));
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
    let out = script(shell, "bash", file, &task, &place, &text, span, stdin, true);
    shell.state.positional = before;
    out
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
    let text = shell.text_of(&place);
    if let Some(interpreter) = interpreter
        && place.scope == Scope::Sink
    {
        // `bash /dev/stdin`, `bash <(…)`.
        let open =
            super::descriptor(&place.path).is_some_and(|number| shell.state.inputs.contains_key(&number));
        let fed = if open || shell.files.contains_key(&place.path) { text } else { stdin.clone() };
        return code(shell, interpreter, &fed, span);
    }
    let before = shell.state.clone();
    shell.state.positional = Some(args.iter().map(|arg| arg.value.clone()).collect());
    shell.state.name = file.value.clone();
    let language = interpreter.map(str::to_owned).unwrap_or_else(|| language_of(&place.path, text.text()));
    let task = titled(&place.shown, args);
    let out = script(shell, &language, file, &task, &place, &text, span, stdin, false);
    shell.state = before;
    shell.state.status = None;
    handed_over(shell, args);
    if matches!(place.name(), "manage.py" | "artisan" | "rails" | "rake") {
        let call = Call { name: place.name(), args, stdin, variables: &[], span };
        programs::of_task(&call, shell);
    }
    out
}

/// A script with its first plain arguments, as people call it: `./deploy.sh production`.
fn titled(shown: &str, args: &[Arg]) -> String {
    let plain = args.iter().filter_map(Arg::text).take_while(|text| !text.starts_with('-')).take(2);
    plain.fold(shown.to_owned(), |title, word| title + " " + word)
}

#[expect(clippy::too_many_arguments, reason = "a script is all of this at once")]
fn script(
    shell: &mut Shell<'_>,
    language: &str,
    file: &Arg,
    task: &str,
    place: &crate::world::Place,
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
    let own = place.scope == Scope::Workspace && state.committed > 0 && state.changed == 0 && !state.folder;
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
    place: &crate::world::Place,
    state: &crate::world::State,
    span: Span,
) {
    let in_workspace = matches!(place.scope, Scope::Workspace);
    let missing = !state.exists;
    let built = state.rebuildable > 0 || state.made > 0;
    let kind = if in_workspace && (missing || built || state.ignored > 0) {
        EffectKind::RunProject { task: task.to_owned() }
    } else {
        EffectKind::RunUnknown { program: file.shown(), place: Some(place.clone()) }
    };
    shell.add(kind, span);
}

fn language_of(path: &Path, text: Option<&str>) -> String {
    if let Some(line) = text.and_then(|text| text.lines().next()).and_then(|line| line.strip_prefix("#!")) {
        let words: Vec<&str> = line.split_whitespace().filter(|word| !word.starts_with('-')).collect();
        let base = words.first().map(|word| programs::base_name(word)).unwrap_or_default();
        let name = if base == "env" { words.get(1).copied().unwrap_or_default() } else { base };
        let name = programs::base_name(name);
        return name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').to_owned();
    }
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        Some("py" | "pyw") => "python",
        Some("js" | "mjs" | "cjs" | "ts" | "mts") => "node",
        Some("rb") => "ruby",
        Some("pl" | "pm") => "perl",
        Some("php") => "php",
        _ => "bash",
    }
    .to_owned()
}

/// A path into a folder in which installed programs live: it means the program of that name.
pub(super) fn is_program_folder(shell: &Shell<'_>, name: &str) -> bool {
    let place = shell.place_at(name);
    let lexical = name.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
    const SYSTEM: [&str; 9] = [
        "/bin",
        "/sbin",
        "/usr/bin",
        "/usr/sbin",
        "/usr/local/bin",
        "/usr/local/sbin",
        "/opt/homebrew/bin",
        "/snap/bin",
        "/run/current-system/sw/bin",
    ];
    if SYSTEM.contains(&lexical) {
        return true;
    }
    // The tools of the project's own environment; what the session itself put there is not that.
    let own = ["node_modules/.bin", ".venv/bin", "venv/bin", "env/bin", ".tox/bin", "vendor/bin"];
    let in_environment =
        own.iter().any(|folder| lexical == *folder || lexical.ends_with(&format!("/{folder}")));
    let base = programs::base_name(name);
    (in_environment || is_home_tools(shell, lexical))
        && programs::model(base).is_some()
        && !shell.world().trail().made(&place.path)
        && !shell.files.contains_key(&place.path)
}

fn is_home_tools(shell: &Shell<'_>, folder: &str) -> bool {
    let home = shell.world().home();
    [".cargo/bin", ".local/bin", "go/bin", ".bun/bin", ".deno/bin"]
        .iter()
        .any(|tools| Path::new(folder) == home.join(tools))
}

/// A program that Banksman has no model of.
pub(super) fn unknown_program(
    shell: &mut Shell<'_>,
    first: &Arg,
    args: &[Arg],
    stdin: &Value,
    span: Span,
) -> Value {
    let program = first.shown();
    shell.add(EffectKind::RunUnknown { program: program.clone(), place: None }, span);
    generic_arguments(shell, &program, args);
    // A program that takes a whole command line runs it, more likely than not.
    if let [first, rest @ ..] = args
        && !rest.is_empty()
        && first.text().is_some_and(|name| STARTED.contains(&programs::base_name(name)))
    {
        words(shell, args, span, stdin);
    }
    let sources: Vec<Source> =
        stdin.sources().iter().chain(args.iter().flat_map(|arg| arg.value.sources())).cloned().collect();
    Value::output(&program, sources)
}

/// What arguments say by themselves: secrets that are handed over, addresses, verbs that destroy.
pub(super) fn generic_arguments(shell: &mut Shell<'_>, program: &str, args: &[Arg]) {
    if let Some(flag) = unasked(args) {
        let what = format!("the approvals that `{}` asks for", programs::base_name(program));
        shell.add(EffectKind::Weaken { what, once: false }, flag.span);
    }
    programs::exposes(args, shell);
    handed_over(shell, args);
    verbs(shell, program, args);
}

/// Secrets and addresses among the arguments.
fn handed_over(shell: &mut Shell<'_>, args: &[Arg]) {
    let mut secrets: Vec<Source> = Vec::new();
    let mut address = None;
    for arg in args {
        let shown = arg.shown();
        let value = shown
            .split_once('=')
            .filter(|_| shown.starts_with('-'))
            .map_or(shown.as_str(), |(_, value)| value);
        if value.contains("://") {
            address = Some((Remote::read(value), arg.span));
            continue;
        }
        secrets.extend(
            arg.value
                .sources()
                .iter()
                .filter(|source| matches!(source, Source::Variable(_) | Source::Secret(_)))
                .cloned(),
        );
        if shown.starts_with('-') && value == shown {
            continue;
        }
        let place = if value == shown { shell.place(arg) } else { shell.place_at(value) };
        if place.known && matches!(place.role, Role::Secret(_)) {
            secrets.push(Source::File(Box::new(place.clone())));
            shell.add_as(EffectKind::Read { place }, arg.span, Certainty::Likely);
        }
    }
    if let Some((to, span)) = address {
        if secrets.is_empty() {
            shell.add_as(EffectKind::Fetch { from: to, saves: None }, span, Certainty::Possible);
        } else {
            shell.add_as(EffectKind::Send { to, what: secrets, how: SendHow::Body }, span, Certainty::Likely);
        }
    }
}

/// Verbs among the first words: what a program that nobody knows is asked to do.
fn verbs(shell: &mut Shell<'_>, program: &str, args: &[Arg]) {
    let verb = args.iter().filter(|arg| !arg.value.prefix().starts_with('-')).take(3).find_map(|arg| {
        let class = match arg.text()? {
            "delete" | "destroy" | "drop" | "purge" | "wipe" | "nuke" | "erase" | "terminate" => {
                ServiceClass::Destroy
            }
            "publish" => ServiceClass::Publish,
            "deploy" | "rollout" | "promote" => ServiceClass::Deploy,
            _ => return None,
        };
        Some((class, arg.shown(), arg.span))
    });
    if let Some((class, operation, span)) = verb {
        let target = args
            .iter()
            .rev()
            .find(|arg| !arg.value.prefix().starts_with('-'))
            .map(Arg::shown)
            .unwrap_or_default();
        let kind = EffectKind::Service {
            service: programs::base_name(program).to_owned(),
            operation,
            target,
            class,
            reach: ServiceReach::Remote,
        };
        shell.add_as(kind, span, Certainty::Possible);
    }
}

impl Shell<'_> {
    /// Follows a line that stands in a file of the project, as a script in `package.json` does. Programs that
    /// have no model are the project's own dependencies there.
    pub fn run_script_of(&mut self, place: &crate::world::Place, line: &str, span: Span) {
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

    /// Watches for variables that make a program run or load something else, or that switch a check off.
    pub fn watch_variable(&mut self, name: &str, value: &Value, span: Span) {
        let text = value.text().unwrap_or_default().to_owned();
        match Variables::of(name) {
            Variables::Ordinary => {}
            Variables::Runs => {
                if !text.is_empty() || value.text().is_none() {
                    let before = self.state.clone();
                    line(self, value, span, &Value::default());
                    self.state = before;
                }
            }
            Variables::Loads => {
                if !text.is_empty() || value.text().is_none() {
                    let kind = EffectKind::Inject { variable: name.to_owned(), value: value.shown() };
                    self.add(kind, span);
                }
            }
            Variables::LoadsWith(flags) => {
                let shown = value.shown();
                let fetched = value.sources().iter().any(|source| matches!(source, Source::Url(_)));
                // The workspace may itself lie among temporary files.
                let own =
                    |part: &str| part.starts_with('/') && self.place_at(part).scope <= Scope::WorkspaceRoot;
                let planted = |flag: &&str| {
                    let mut parts = shown.split([':', ';', ' ', '=']).filter(|part| part.contains(*flag));
                    shown.contains(*flag) && (!flag.starts_with('/') || !parts.all(own))
                };
                if fetched || flags.iter().any(planted) {
                    let kind = EffectKind::Inject { variable: name.to_owned(), value: value.shown() };
                    self.add(kind, span);
                }
            }
            Variables::Silences => {
                let off = if name == "HISTIGNORE" {
                    text.contains('*')
                } else {
                    matches!(text.as_str(), "" | "0" | "/dev/null")
                };
                if off && value.text().is_some() {
                    let what = "the record of the commands that were run".to_owned();
                    self.add(EffectKind::Weaken { what, once: true }, span);
                }
            }
            Variables::Leads(usual) => self.watch_server(name, value, usual, span),
            Variables::Path => self.watch_path(value, span),
            Variables::Weakens(what) => {
                if !matches!(text.as_str(), "" | "0" | "false" | "no")
                    || name == "NODE_TLS_REJECT_UNAUTHORIZED"
                    || name == "PYTHONHTTPSVERIFY"
                {
                    let off =
                        !matches!(name, "NODE_TLS_REJECT_UNAUTHORIZED" | "PYTHONHTTPSVERIFY") || text == "0";
                    if off {
                        self.add(EffectKind::Weaken { what: what.to_owned(), once: true }, span);
                    }
                }
            }
            Variables::Bypasses(what) => {
                let off = if name == "HUSKY" { text == "0" } else { !text.is_empty() };
                if off {
                    self.add(EffectKind::BypassReview { what: what.to_owned() }, span);
                }
            }
        }
    }

    /// A server that programs get packages from, or tell what they are asked, without looking at who it is.
    fn watch_server(&mut self, name: &str, value: &Value, usual: &[&str], span: Span) {
        let shown = value.shown();
        if name == "OLLAMA_HOST" && shown.starts_with("0.0.0.0") {
            self.add(EffectKind::Listen { address: shown, serves: None }, span);
            return;
        }
        for part in shown.split([',', '|', ' ']).filter(|part| part.contains("://")) {
            let remote = Remote::read(part);
            let Some(host) = &remote.host else { continue };
            let within = |domain: &&str| {
                host == domain || host.strip_suffix(*domain).is_some_and(|before| before.ends_with('.'))
            };
            if !remote.local && !usual.iter().any(within) {
                self.add(EffectKind::Inject { variable: name.to_owned(), value: shown.clone() }, span);
                return;
            }
        }
    }

    /// A folder put before the others decides which program a name means.
    fn watch_path(&mut self, value: &Value, span: Span) {
        let shown = value.shown();
        let inherited = self.world().variable("PATH").unwrap_or_default();
        let known: Vec<&str> = inherited.split(':').collect();
        for folder in shown.split(':').filter(|folder| !folder.is_empty() && !folder.starts_with('$')) {
            if known.contains(&folder) {
                continue;
            }
            let place = self.place_at(folder);
            // What is put into the folder tells more than the folder: `/tmp` itself is grave to touch.
            let planted = self.place_at(&format!("{folder}/program")).scope == Scope::Temp
                || self.world().trail().came_from(&place.path).is_some()
                || self.files.keys().any(|path| path.parent() == Some(place.path.as_path()));
            if planted || folder == "." {
                self.add(EffectKind::Inject { variable: "PATH".to_owned(), value: shown.clone() }, span);
                return;
            }
        }
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
