//! `banksman install CLIENT` and `banksman uninstall CLIENT`: the gate in a client's settings.
#![expect(clippy::disallowed_methods, reason = "settings of clients are files")]

use std::fs::Permissions;
use std::io;
use std::path::{Path, PathBuf};

use banksman::gates::setup::{self, CLIENTS, Client, SetupError};
use similar::TextDiff;

use super::{Failure, Outcome, say, surroundings, tidy};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman install claude --dry-run     show what would change, change nothing
  banksman install claude               for all your projects
  banksman install vscode --workspace   for this project
  banksman doctor                       prove that it works

What stands in the settings stays as it is, comments too. The file as it was is kept beside it.")]
pub(super) struct Arguments {
    /// The client
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(CLIENTS.iter().map(|client| client.name)))]
    client: String,
    /// In your own settings, for all projects; that is so anyway
    #[arg(long, conflicts_with = "workspace")]
    user: bool,
    /// In the settings of the project around the current folder
    #[arg(long)]
    workspace: bool,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn install(arguments: &Arguments) -> Outcome {
    let program = std::env::current_exe().and_then(std::fs::canonicalize)?;
    let program = program.to_str().ok_or_else(|| Failure::new("the path of Banksman itself is not text"))?;
    let client = client(arguments)?;
    change(arguments, client, &|text| setup::installed(text, client, program))?;
    say(&format!("{}\n", client.then))?;
    Ok(0)
}

pub(super) fn uninstall(arguments: &Arguments) -> Outcome {
    let client = client(arguments)?;
    change(arguments, client, &|text| setup::uninstalled(text, client))?;
    Ok(0)
}

fn client(arguments: &Arguments) -> Result<&'static Client, Failure> {
    setup::client(&arguments.client).ok_or_else(|| Failure::new("this client is not known"))
}

/// The settings of a client, for all projects or for one.
pub(super) fn file(client: &Client, workspace: Option<&Path>) -> Option<PathBuf> {
    let Some(workspace) = workspace else {
        let named = client.variable.and_then(std::env::var_os).filter(|folder| !folder.is_empty());
        return match (named, client.user) {
            (Some(folder), [_, rest @ ..]) => {
                Some(PathBuf::from(folder).join(rest.iter().collect::<PathBuf>()))
            }
            (_, parts) => Some(surroundings::home()?.join(parts.iter().collect::<PathBuf>())),
        };
    };
    Some(workspace.join(client.workspace.iter().collect::<PathBuf>()))
}

type Change<'a> = &'a dyn Fn(&str) -> Result<String, SetupError>;

fn change(arguments: &Arguments, client: &Client, edit: Change<'_>) -> Result<(), Failure> {
    let workspace = surroundings::workspace(&surroundings::folder(None)?);
    let file = file(client, arguments.workspace.then_some(&workspace))
        .ok_or_else(|| Failure::new("there is no home folder"))?;
    // A link is followed, so that it stays one.
    let file = file.canonicalize().unwrap_or(file);
    let before = match std::fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Failure::new(format!("{}: {error}", tidy(&file)))),
    };
    let text = before.clone().unwrap_or_default();
    let after = edit(&text)
        .map_err(|error| Failure::new(format!("{}: {error}; nothing was changed", tidy(&file))))?;
    if after == text {
        return say(&format!("{}: nothing to change\n", tidy(&file)));
    }
    let name = tidy(&file);
    let diff = TextDiff::from_lines(&text, &after);
    say(&diff.unified_diff().header(&name, &name).to_string())?;
    if arguments.dry_run {
        return say("nothing was changed\n");
    }
    if client.own && setup::is_bare(&after) {
        std::fs::remove_file(&file)?;
        return say(&format!("{name} is gone\n"));
    }
    if let Some(before) = &before {
        let kept = beside(&file, "before-banksman");
        replace(&kept, before, &file)?;
        say(&format!("the file as it was: {}\n", tidy(&kept)))?;
    }
    replace(&file, &after, &file)?;
    say(&format!("{name} is written\n"))
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{name}.{suffix}"))
}

/// Writes a file whole or not at all, open to whom `like` is open.
fn replace(file: &Path, text: &str, like: &Path) -> Result<(), Failure> {
    let told = |error: io::Error| Failure::new(format!("{}: {error}", tidy(file)));
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(told)?;
    }
    let permissions: Option<Permissions> = std::fs::metadata(like).ok().map(|facts| facts.permissions());
    let fresh = beside(file, &format!("{}.new", std::process::id()));
    let written = std::fs::write(&fresh, text)
        .and_then(|()| {
            permissions.map_or(Ok(()), |permissions| std::fs::set_permissions(&fresh, permissions))
        })
        .and_then(|()| std::fs::rename(&fresh, file));
    if written.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    written.map_err(told)
}
