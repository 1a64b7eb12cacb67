//! `banksman trust`: a workspace's settings may loosen once the user has pinned that very file.

use std::fmt::Write as _;
use std::path::PathBuf;

use banksman::settings::trust::{TrustFile, TrustNothing};
use banksman::settings::{FILE_NAME, Loaded, Places, WorkspaceFile, load};

use super::{Failure, Outcome, confirmed, say, surroundings, tidy};

#[derive(Debug, clap::Args)]
#[command(after_help = "A `banksman.toml` in a workspace only tightens until you trust it. Trust holds for
exactly what the file says now: after any change it only tightens again.")]
pub(super) struct Arguments {
    /// The workspace folder; without it the one around the current folder
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Only say whether it is trusted and what waits for that
    #[arg(long, conflicts_with = "revoke")]
    show: bool,
    /// Trust it no more
    #[arg(long)]
    revoke: bool,
    /// Do not ask back
    #[arg(short, long, conflicts_with_all = ["show", "revoke"])]
    yes: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let folder = surroundings::folder(arguments.folder.as_deref())?;
    let workspace = if arguments.folder.is_some() { folder } else { surroundings::workspace(&folder) };
    let places = Places::of_this_user();
    let mut store = TrustFile::open(places.trust());
    let path = workspace.join(FILE_NAME);
    if arguments.revoke {
        let was = store.revoke(&path)?;
        let words = if was { "is trusted no more; it only tightens now" } else { "was not trusted" };
        say(&format!("{} {words}\n", tidy(&path)))?;
        return Ok(0);
    }
    let loaded = load(&workspace, None, &places, &store);
    let Some(file) = loaded.workspace.clone() else {
        return Err(Failure::new(format!("`{}` has no {FILE_NAME}", tidy(&workspace))));
    };
    if file.trusted {
        say(&format!("{} is trusted as it stands\n", tidy(&file.path)))?;
        return Ok(0);
    }
    let untrusted = load(&workspace, None, &places, &TrustNothing);
    say(&waiting(&untrusted, &file, store.pinned(&file.path).is_some()))?;
    if arguments.show {
        return Ok(0);
    }
    if !arguments.yes && !confirmed(&format!("Trust {} as it stands?", tidy(&file.path)))? {
        say("nothing was changed\n")?;
        return Ok(1);
    }
    store.pin(&file.path, &file.hash)?;
    say(&format!("{} is trusted as it stands\n", tidy(&file.path)))?;
    Ok(0)
}

/// What would start to apply.
fn waiting(loaded: &Loaded, file: &WorkspaceFile, changed: bool) -> String {
    let mut out = String::new();
    let name = tidy(&file.path);
    let since = if changed { "was changed since you trusted it" } else { "is not trusted" };
    let _ = writeln!(out, "{name} {since}; it only tightens");
    let _ = writeln!(out, "  sha256 {}", file.hash);
    for problem in loaded.problems.iter().filter(|problem| problem.path == file.path) {
        let _ = writeln!(out, "  line {}: {}", problem.line, problem.message);
    }
    out
}
