//! `banksman mode`: how much flows without a question.

use std::path::PathBuf;

use banksman::settings::chosen::ChosenModes;
use banksman::settings::trust::TrustFile;
use banksman::settings::{Places, load};
use banksman_protocol::Mode;

use super::{Failure, Outcome, say, surroundings, tidy};

/// The modes as the command line takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ModeName {
    /// Ask for whatever is not read-only
    Manual,
    /// Safe work flows, the rest is asked or blocked
    Auto,
    /// As auto, but ask counts as block; for unattended runs
    Strict,
    /// Nothing asks, only hard findings block
    Bypass,
    /// Only read-only actions
    Plan,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Manual => Self::Manual,
            ModeName::Auto => Self::Auto,
            ModeName::Strict => Self::Strict,
            ModeName::Bypass => Self::Bypass,
            ModeName::Plan => Self::Plan,
        }
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman mode                 what holds here
  banksman mode strict          for this workspace
  banksman mode plan --session 7f3a
  banksman mode --reset         back to what the settings say")]
pub(super) struct Arguments {
    /// The mode to choose; without it the one that holds is shown
    mode: Option<ModeName>,
    /// Choose it for this session only
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// The workspace folder; without it the one around the current folder
    #[arg(long, value_name = "DIR")]
    workspace: Option<PathBuf>,
    /// Forget the choice
    #[arg(long, conflicts_with = "mode")]
    reset: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let folder = surroundings::folder(arguments.workspace.as_deref())?;
    let workspace = if arguments.workspace.is_some() { folder } else { surroundings::workspace(&folder) };
    let places = Places::of_this_user();
    let loaded = load(&workspace, None, &places, &TrustFile::open(places.trust()));
    let mut chosen = ChosenModes::open(&places.modes());
    let place = arguments.session.as_ref().map_or_else(|| tidy(&workspace), |id| format!("session {id}"));
    if arguments.reset {
        match &arguments.session {
            Some(session) => chosen.sessions.remove(session),
            None => chosen.workspaces.remove(&workspace),
        };
        chosen.store(&places.modes())?;
        say(&format!("{place}: as the settings say\n"))?;
        return Ok(0);
    }
    let Some(mode) = arguments.mode.map(Mode::from) else {
        let session = arguments.session.as_ref().and_then(|session| chosen.sessions.get(session));
        let (mode, source) = match (session, chosen.workspaces.get(&workspace)) {
            (Some(mode), _) => (*mode, "chosen for this session"),
            (None, Some(_)) => (loaded.settings.mode, "chosen for this workspace"),
            (None, None) => (loaded.settings.mode, "from the settings"),
        };
        say(&format!("{mode}  {place}, {source}\n"))?;
        return Ok(0);
    };
    if !loaded.settings.permits_mode(mode) {
        let managed = tidy(&places.managed);
        return Err(Failure::new(format!("mode `{mode}` is looser than `{managed}` permits")));
    }
    match &arguments.session {
        Some(session) => chosen.sessions.insert(session.clone(), mode),
        None => chosen.workspaces.insert(workspace, mode),
    };
    chosen.store(&places.modes())?;
    say(&format!("{mode}  {place}\n"))?;
    Ok(0)
}
