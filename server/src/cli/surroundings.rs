//! What the command line finds around it: folders, files, stdin.
#![expect(clippy::disallowed_methods, reason = "the command line starts from where it was called")]

use std::io::Read;
use std::path::{Path, PathBuf};

use banksman::gates::counsel::Counsel;
use banksman::gates::socket::Meeting;
use banksman::guard::{Guard, GuardOptions};
use banksman::ledger::Ledger;
use banksman::settings::Places;

use super::Failure;

/// How many bytes are read from a file or stdin at the most.
const LIMIT: u64 = 64 * 1024 * 1024;

/// The user's home.
pub(super) fn home() -> Option<PathBuf> {
    etcetera::home_dir().ok()
}

/// The folder the program was called in, or the one that was named.
pub(super) fn folder(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let here = std::env::current_dir()
        .map_err(|error| Failure::new(format!("the current folder cannot be found: {error}")))?;
    let Some(named) = named else { return Ok(here) };
    let folder = here.join(named);
    if !folder.is_dir() {
        return Err(Failure::new(format!("`{}` is not a folder", named.display())));
    }
    // Links are followed, so that a folder has one name.
    Ok(folder.canonicalize().unwrap_or(folder))
}

/// The workspace around a folder: the nearest one with a repository or a `banksman.toml`, else the
/// folder itself. Never home or the root, although people keep repositories there too.
pub(super) fn workspace(folder: &Path) -> PathBuf {
    let home = home();
    let around = folder.ancestors().find(|at| {
        at.parent().is_some()
            && Some(*at) != home.as_deref()
            && (at.join(".git").exists() || at.join(banksman::settings::FILE_NAME).is_file())
    });
    around.unwrap_or(folder).to_path_buf()
}

/// What a file holds, or stdin when it is called `-`. `field` names it in a failure.
pub(super) fn text(field: &str, file: &Path) -> Result<String, Failure> {
    let told = |error: std::io::Error| Failure::new(format!("{field}: `{}`: {error}", file.display()));
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().lock().take(LIMIT).read_to_end(&mut bytes).map_err(told)?;
    } else {
        std::fs::File::open(file).and_then(|open| open.take(LIMIT).read_to_end(&mut bytes)).map_err(told)?;
    }
    String::from_utf8(bytes)
        .map_err(|_| Failure::new(format!("{field}: `{}` is not UTF-8 text", file.display())))
}

/// What a file that the evidence stands in holds, when it is small and text.
pub(super) fn glance(file: &Path) -> Option<String> {
    let facts = file.metadata().ok()?;
    (facts.is_file() && facts.len() < banksman::world::READ_LIMIT).then_some(())?;
    std::fs::read_to_string(file).ok()
}

/// A variable of the environment says something.
pub(super) fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// What a variable of the environment says, when that is text.
#[cfg(feature = "http")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The guard of this user: settings and ledger where they usually lie. A ledger that cannot be
/// opened is told and loosens nothing.
pub(super) fn guard_options() -> GuardOptions {
    let options = GuardOptions { places: Some(Places::of_this_user()), ..GuardOptions::default() };
    match Ledger::usual_path() {
        Some(path) => options.with_ledger(&path),
        None => options,
    }
}

/// Who decides for a proxy: the server of the workspace when there is one, else this guard.
pub(super) fn counsel(guard: Guard, client: &'static str) -> Counsel {
    Counsel::new(guard, Meeting::of_this_user(Ledger::usual_path()), client)
}

/// As [`guard_options`], for a process that lives for one call only: without a ledger it would not
/// know what was said before, and that is a failure.
pub(super) fn gate_options() -> GuardOptions {
    let mut options = guard_options();
    if options.ledger.is_none() && options.ledger_failure.is_none() {
        options.ledger_failure = Some("there is no home folder for it".to_owned());
    }
    options
}
