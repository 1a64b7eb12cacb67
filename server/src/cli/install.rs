//! `banksman install CLIENT` and `banksman uninstall CLIENT`: the gate in a client's settings.
#![expect(clippy::disallowed_methods, reason = "settings of clients are files")]

use std::fs::Permissions;
use std::io;
use std::path::{Path, PathBuf};

use banksman::gates::setup::{self, CLIENTS, Client, SetupError, trust};
use similar::TextDiff;

use super::{Failure, Outcome, say, surroundings, tidy};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman uninstall claude --dry-run   show what would change, change nothing
  banksman uninstall claude             for all your projects

Only what Banksman put there is taken out. The file as it was is kept beside it.")]
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

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman install claude --dry-run     show what would change, change nothing
  banksman install claude               for all your projects
  banksman install vscode --workspace   for this project
  banksman doctor                       prove that it works

What stands in the settings stays as it is, comments too. The file as it was is kept beside it.")]
pub(super) struct Installation {
    #[command(flatten)]
    place: Arguments,
    /// For Codex: note in its settings, in your name, that it may run these hooks
    ///
    /// Codex passes over every hook that it was not told to trust. Without this option it is you
    /// who tells it, in Codex itself.
    #[arg(long)]
    trust: bool,
}

pub(super) fn install(arguments: &Installation) -> Outcome {
    let Installation { place: arguments, trust } = arguments;
    let program = std::env::current_exe().and_then(std::fs::canonicalize)?;
    let program = program.to_str().ok_or_else(|| Failure::new("the path of Banksman itself is not text"))?;
    let client = client(arguments)?;
    if *trust && client.name != "codex" {
        return Err(Failure::new("only Codex wants its hooks trusted; leave `--trust` away"));
    }
    let file = place(arguments, client)?;
    let hooks = change(arguments, &file, client.own, &|text| setup::installed(text, client, program))?;
    if *trust {
        let hooks = trust::known(&hooks, &file, client).map_err(|error| told(&file, &error))?;
        let config = codex_settings().ok_or_else(|| Failure::new("there is no home folder"))?;
        change(arguments, &config, false, &|text| trust::trusted(text, &hooks))?;
        say("Codex trusts these hooks now, as they stand. Run `banksman doctor`.\n")?;
    } else {
        say(&format!("{}\n", client.then))?;
    }
    Ok(0)
}

/// Where Codex notes which hooks it may run.
pub(super) fn codex_settings() -> Option<PathBuf> {
    let named = std::env::var_os("CODEX_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    Some(named.or_else(|| Some(surroundings::home()?.join(".codex")))?.join("config.toml"))
}

pub(super) fn uninstall(arguments: &Arguments) -> Outcome {
    let client = client(arguments)?;
    let file = place(arguments, client)?;
    change(arguments, &file, client.own, &|text| setup::uninstalled(text, client))?;
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

fn place(arguments: &Arguments, client: &Client) -> Result<PathBuf, Failure> {
    let workspace = surroundings::workspace(&surroundings::folder(None)?);
    let file = file(client, arguments.workspace.then_some(&workspace))
        .ok_or_else(|| Failure::new("there is no home folder"))?;
    // A link is followed, so that it stays one.
    Ok(file.canonicalize().unwrap_or(file))
}

fn told(file: &Path, error: &SetupError) -> Failure {
    Failure::new(format!("{}: {error}; nothing was changed", tidy(file)))
}

/// Changes a file after having shown how, and gives the text that stands there then.
fn change(arguments: &Arguments, file: &Path, own: bool, edit: Change<'_>) -> Result<String, Failure> {
    let before = match std::fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Failure::new(format!("{}: {error}", tidy(file)))),
    };
    let text = before.clone().unwrap_or_default();
    let after = edit(&text).map_err(|error| told(file, &error))?;
    let name = tidy(file);
    if after == text {
        say(&format!("{name}: nothing to change\n"))?;
        return Ok(after);
    }
    let diff = TextDiff::from_lines(&text, &after);
    say(&diff.unified_diff().header(&name, &name).to_string())?;
    if arguments.dry_run {
        say("nothing was changed\n")?;
        return Ok(after);
    }
    if own && setup::is_bare(&after) {
        std::fs::remove_file(file)?;
        say(&format!("{name} is gone\n"))?;
        return Ok(after);
    }
    if let Some(before) = &before {
        keep(file, before)?;
    }
    replace(file, &after, file)?;
    say(&format!("{name} is written\n"))?;
    Ok(after)
}

/// Puts a copy beside a file before it is changed.
pub(super) fn keep(file: &Path, before: &str) -> Result<(), Failure> {
    let kept = beside(file, "before-banksman");
    replace(&kept, before, file)?;
    say(&format!("the file as it was: {}\n", tidy(&kept)))
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{name}.{suffix}"))
}

/// Writes a file whole or not at all, open to whom `like` is open.
pub(super) fn replace(file: &Path, text: &str, like: &Path) -> Result<(), Failure> {
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
