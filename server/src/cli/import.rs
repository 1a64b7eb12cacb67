//! `banksman import`: permission rules of clients, taken over into `banksman.toml`.
#![expect(clippy::disallowed_methods, reason = "settings are files")]

use std::fmt::Write as _;
use std::path::Path;

use banksman::gates::import::{Permission, SOURCES, Source, merged};
use banksman::settings::{FILE_NAME, Places};
use similar::TextDiff;

use super::{Failure, Outcome, confirmed, install, say, surroundings, tidy};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Your own rules go to your own settings, a project's to its `banksman.toml`, which only tightens
until you say `banksman trust`. What has no counterpart is listed and left out; so is what would
allow an interpreter or a package runner wholesale. The clients' own settings stay as they are."
)]
pub(super) struct Arguments {
    /// The clients; without any, all of them
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(SOURCES.iter().map(|source| source.client)))]
    clients: Vec<String>,
    /// Only your own rules
    #[arg(long, conflicts_with = "workspace")]
    user: bool,
    /// Only the rules of the project around the current folder
    #[arg(long)]
    workspace: bool,
    /// Only show what would change
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Do not ask back
    #[arg(short, long)]
    yes: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let workspace = surroundings::workspace(&surroundings::folder(None)?);
    let mut done = false;
    if !arguments.workspace {
        let home = surroundings::home().ok_or_else(|| Failure::new("there is no home folder"))?;
        done |= take_over(arguments, &home, |source| source.user, &Places::of_this_user().user)?;
    }
    if !arguments.user {
        let file = workspace.join(FILE_NAME);
        let wrote = take_over(arguments, &workspace, |source| source.workspace, &file)?;
        if wrote {
            say("It only tightens until you have read it and said `banksman trust`.\n")?;
        }
        done |= wrote;
    }
    if !done {
        say("nothing was changed\n")?;
    }
    Ok(0)
}

/// Takes over what stands in the files below a folder. Says whether anything was written.
fn take_over(
    arguments: &Arguments,
    folder: &Path,
    files: fn(&Source) -> &'static [&'static str],
    target: &Path,
) -> Result<bool, Failure> {
    let before = match std::fs::read_to_string(target) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::new(format!("{}: {error}", tidy(target)))),
    };
    let mut after = before.clone();
    for source in SOURCES.iter().filter(|source| wanted(arguments, source)) {
        for file in files(source).iter().map(|file| folder.join(file)) {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let told = |why: String| Failure::new(format!("{}: {why}; nothing was changed", tidy(&file)));
            let mut permissions = (source.read)(&text).map_err(told)?;
            if permissions.is_empty() {
                continue;
            }
            after = merged(&after, source.title, &mut permissions)
                .map_err(|why| Failure::new(format!("{}: {why}; nothing was changed", tidy(target))))?;
            say(&report(&file, &permissions))?;
        }
    }
    if after == before {
        return Ok(false);
    }
    let name = tidy(target);
    say(&TextDiff::from_lines(&before, &after).unified_diff().header(&name, &name).to_string())?;
    if arguments.dry_run || !(arguments.yes || confirmed(&format!("Write {name}?"))?) {
        return Ok(false);
    }
    if !before.is_empty() {
        install::keep(target, &before)?;
    }
    install::replace(target, &after, target)?;
    say(&format!("{name} is written\n"))?;
    Ok(true)
}

fn wanted(arguments: &Arguments, source: &Source) -> bool {
    arguments.clients.is_empty() || arguments.clients.iter().any(|client| client == source.client)
}

fn report(file: &Path, permissions: &[Permission]) -> String {
    let refused: Vec<(&Permission, &String)> =
        permissions.iter().filter_map(|one| Some((one, one.becomes.as_ref().err()?))).collect();
    let taken = permissions.len() - refused.len();
    let mut out = format!("{}: {taken} of {} rules have a counterpart\n", tidy(file), permissions.len());
    for (permission, why) in refused {
        let _ = writeln!(out, "  left out: {} `{}`: {why}", permission.decision, permission.written);
    }
    out
}
