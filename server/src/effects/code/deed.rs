//! What a call of a library does, and how that becomes effects.

use banksman_protocol::{Certainty, Span};

use super::super::argv::Arg;
use super::super::shell::Shell;
use super::super::value::Value;
use super::super::{EffectKind, Permission, Remote, SendHow, Source, Whose, Worst, WriteHow};
use super::Item;
use crate::effects::programs::permission;
use crate::effects::value::Hole;
use crate::world::{Role, Scope};

/// What stands for a name that a listing of a folder finds.
pub(super) const FOUND: &str = "what is found";

/// What a call does. The arguments are meant in their usual order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Runs a command line, or a list of words.
    Run,
    /// Runs a program, its arguments a list behind it.
    RunProgram,
    /// Runs code of the same language.
    Eval,
    /// Reads a file.
    Read,
    /// Opens a file; the second argument is the mode.
    Open,
    /// Replaces a file by the second argument.
    Write,
    /// Adds to a file.
    Append,
    /// Deletes a file.
    Delete,
    /// Deletes a folder with all it holds.
    DeleteTree,
    /// Moves the first to the second.
    Move,
    /// Copies the first to the second.
    Copy,
    /// Makes a file or folder.
    Make,
    /// Changes rights: path, mode.
    Permit,
    /// Gives a file away.
    Own,
    /// Makes the second a name of the first.
    Link,
    /// Changes the directory.
    Enter,
    /// Gets an address.
    Get,
    /// Sends to an address.
    Post,
    /// Saves an address to a file.
    Save,
    /// Unpacks the first into the second.
    Unpack,
    /// Ends processes.
    Kill,
    /// Changes who the program runs as.
    BecomeUser,
    /// Reads a variable of the environment.
    Variable,
    /// Opens a connection to a host and port.
    Connect,
    /// Waits for connections.
    Listen,
    /// Starts a copy of the process.
    Fork,
    /// Shows its arguments to whoever reads the output.
    Print,
}

/// Lets the deed happen to its arguments, and returns what it gives.
pub(super) fn perform(shell: &mut Shell<'_>, language: &str, deed: Deed, args: &[Item], span: Span) -> Item {
    let first = args.first().cloned().unwrap_or(Item::Unknown);
    let second = args.get(1).cloned().unwrap_or(Item::Unknown);
    let path = first.is_known().then(|| first.arg(span));
    let other = second.is_known().then(|| second.arg(span));
    match deed {
        Deed::Run => return run(shell, &first, span),
        Deed::RunProgram => return run_program(shell, args, span),
        Deed::Eval => {
            if first.is_known() {
                shell.run_code(language, &first.value(), span);
            } else if first == Item::Unknown {
                shell.opaque(format!("{language} code is put together when it runs"), Worst::Runs, span);
            }
        }
        Deed::Read => return path.map_or(Item::Unknown, |path| Item::Text(shell.read_file(&path))),
        Deed::Open => return open(shell, &first, &second, span),
        Deed::Write | Deed::Append => {
            let how = if deed == Deed::Append { WriteHow::Append } else { WriteHow::Replace };
            if let Some(path) = path {
                shell.write(&path, how, Some(second.value()));
            }
        }
        Deed::Delete | Deed::DeleteTree => match path {
            Some(path) => match harmless_folder(shell, &path) {
                Some(folder) => shell.delete(&folder, true),
                None => shell.delete(&path, deed == Deed::DeleteTree),
            },
            // One file of an unknown name is most often the code's own; a whole tree may be anything.
            None if deed == Deed::DeleteTree => {
                shell.opaque(
                    format!("{language} code deletes what is only known when it runs"),
                    Worst::Writes,
                    span,
                );
            }
            None => {}
        },
        Deed::Move | Deed::Copy | Deed::Link => {
            if let (Some(from), Some(to)) = (path, other) {
                let words: &[&str] = match deed {
                    Deed::Move => &["mv"],
                    Deed::Copy => &["cp", "-r"],
                    // Unlike the command, a call never makes the link in a folder of that name.
                    _ => &["ln", "-s", "-T"],
                };
                let mut words: Vec<Arg> = words.iter().map(|word| Arg::known(*word, span)).collect();
                words.extend([from, to]);
                shell.run_words(&words, span, &Value::default());
            }
        }
        Deed::Make => {
            if let Some(path) = path {
                shell.write(&path, WriteHow::Create, None);
            }
        }
        Deed::Permit | Deed::Own => {
            if let Some(path) = path {
                let mode = second.text().unwrap_or_default();
                let change = if deed == Deed::Own {
                    Permission::Owner
                } else {
                    permission(mode.trim_start_matches("0o"))
                };
                let place = shell.place(&path);
                shell.add(EffectKind::Permit { place, change, recursive: false }, span);
            }
        }
        Deed::Enter => {
            if let Some(path) = path {
                shell.enter(&path);
            }
        }
        Deed::Get => return get(shell, &first, args, span),
        Deed::Post => return post(shell, &first, args.get(1..).unwrap_or_default(), span),
        Deed::Save => {
            let from = remote(&first);
            let content = Value::output("a download", [Source::Url(from.shown.clone())]);
            let saves = other.as_ref().map(|to| shell.place(to));
            if let Some(to) = other {
                shell.write(&to, WriteHow::Replace, Some(content));
            }
            shell.add(EffectKind::Fetch { from, saves }, span);
        }
        Deed::Unpack => {
            let packed = path.map(|path| shell.read_file(&path)).unwrap_or_default();
            let folder = other.unwrap_or_else(|| Arg::known(".", span));
            shell.unpacked_into(&folder, Value::output("an archive", packed.sources().to_vec()));
        }
        Deed::Kill => {
            let whose = if first.text().as_deref() == Some("-1") { Whose::Everything } else { Whose::Others };
            shell.add_as(EffectKind::Kill { target: first.value().shown(), whose }, span, Certainty::Likely);
        }
        Deed::BecomeUser => {
            if first.text().as_deref() == Some("0") {
                shell.add(EffectKind::Privilege { how: "setuid".to_owned() }, span);
            }
        }
        Deed::Variable => {
            return match first.text() {
                Some(name) => Item::Text(shell.named_variable(&name)),
                None => Item::Text(Value::output("the environment", [Source::Environment])),
            };
        }
        Deed::Connect => {
            let shown = peer(args);
            return Item::Text(Value::output(&shown, [Source::Url(shown.clone())]));
        }
        Deed::Listen => {
            let shown = peer(args);
            let address =
                if shown.starts_with(':') || shown.is_empty() { format!("0.0.0.0{shown}") } else { shown };
            shell.add(EffectKind::Listen { address, serves: None }, span);
        }
        Deed::Print => {
            for item in args {
                shell.print_from_code(&item.value(), span);
            }
        }
        Deed::Fork => {}
    }
    Item::Unknown
}

/// The folder in which something was found by a listing, when all that it holds can be brought back: then
/// it does not matter what was found.
fn harmless_folder(shell: &Shell<'_>, path: &Arg) -> Option<Arg> {
    let listed = matches!(path.value.hole(), Some(Hole::Any(what)) if what == FOUND);
    let folder = path.value.prefix().strip_suffix('/').filter(|_| listed)?;
    let place = shell.place_at(folder);
    let state = shell.state_of(&place);
    let ordinary = place.known && place.scope == Scope::Workspace && place.role == Role::Ordinary;
    (ordinary && state.exists && state.recoverable()).then(|| Arg::known(folder, path.span))
}

fn run(shell: &mut Shell<'_>, command: &Item, span: Span) -> Item {
    match command {
        Item::List(items) => {
            let words: Vec<Arg> = items.iter().map(|item| item.arg(span)).collect();
            Item::Text(shell.run_words(&words, span, &Value::default()))
        }
        Item::Text(value) => Item::Text(shell.run_line(value, span, &Value::default())),
        _ => {
            let reason = "a command that is only known when the code runs".to_owned();
            shell.add_as(EffectKind::Opaque { reason, worst: Worst::Runs }, span, Certainty::Possible);
            Item::Unknown
        }
    }
}

/// The program is followed by a list of its arguments, or by them one by one.
fn run_program(shell: &mut Shell<'_>, args: &[Item], span: Span) -> Item {
    let Some((program, rest)) = args.split_first() else { return Item::Unknown };
    let mut words = vec![program.arg(span)];
    match rest.first() {
        Some(Item::List(items)) => words.extend(items.iter().map(|item| item.arg(span))),
        _ => words.extend(rest.iter().take_while(|item| item.is_known()).map(|item| item.arg(span))),
    }
    Item::Text(shell.run_words(&words, span, &Value::default()))
}

fn open(shell: &mut Shell<'_>, path: &Item, mode: &Item, span: Span) -> Item {
    if !path.is_known() {
        return Item::Unknown;
    }
    let arg = path.arg(span);
    let mode = mode.text().unwrap_or_else(|| "r".to_owned());
    if mode.contains('|') {
        return run(shell, path, span);
    }
    if mode.contains('a') || mode.starts_with(">>") {
        shell.write(&arg, WriteHow::Append, None);
    } else if mode.contains(['w', 'x', '>']) {
        shell.write(&arg, WriteHow::Replace, None);
    } else if mode.contains('+') {
        shell.write(&arg, WriteHow::Change, None);
    } else {
        return Item::File(shell.read_file(&arg));
    }
    Item::File(Value::default())
}

fn remote(item: &Item) -> Remote {
    if let Some(text) = item.text() {
        return Remote::read(&text);
    }
    let value = item.value();
    // The host is known when what is not known begins behind it.
    let known = value.prefix();
    let host_known = known.split_once("://").is_some_and(|(_, rest)| rest.contains(['/', '?', ':']));
    if host_known {
        Remote { shown: value.shown(), ..Remote::read(known) }
    } else {
        Remote::unknown(&value.shown())
    }
}

fn get(shell: &mut Shell<'_>, address: &Item, args: &[Item], span: Span) -> Item {
    if !address.is_known() {
        return Item::Unknown;
    }
    let from = remote(address);
    let what: Vec<Source> = args.iter().flat_map(|item| carried(&item.value())).collect();
    let answer = answer(&from);
    if what.is_empty() {
        shell.add(EffectKind::Fetch { from, saves: None }, span);
    } else {
        shell.add(EffectKind::Send { to: from, what, how: SendHow::Address }, span);
    }
    answer
}

fn post(shell: &mut Shell<'_>, address: &Item, rest: &[Item], span: Span) -> Item {
    let what: Vec<Source> = rest.iter().flat_map(|item| item.value().sources().to_vec()).collect();
    if !address.is_known() && what.is_empty() {
        return Item::Unknown;
    }
    let to = remote(address);
    let answer = answer(&to);
    shell.add(EffectKind::Send { to, what, how: SendHow::Body }, span);
    answer
}

fn answer(from: &Remote) -> Item {
    Item::Text(Value::output(&from.shown, [Source::Url(from.shown.clone())]))
}

/// What an address or a header carries that is not the program's own text.
fn carried(value: &Value) -> Vec<Source> {
    let out = |source: &&Source| !matches!(source, Source::Url(_) | Source::Output(_));
    value.sources().iter().filter(out).cloned().collect()
}

/// `HOST:PORT` from a pair, or from two arguments.
pub(super) fn peer(args: &[Item]) -> String {
    let parts: Vec<String> = match args.first() {
        Some(Item::List(items)) => items.iter().map(|item| item.value().shown()).collect(),
        _ => args.iter().take(2).map(|item| item.value().shown()).collect(),
    };
    match parts.as_slice() {
        [host, port, ..] => format!("{host}:{port}"),
        [only] => only.clone(),
        [] => "an address that is not known".to_owned(),
    }
}
