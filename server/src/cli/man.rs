//! `banksman man`: the manual page.

use super::{Failure, Outcome, definition, say};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman man | man -l -
  banksman man review | man -l -")]
pub(super) struct Arguments {
    /// The page of one subcommand
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let mut whole = definition();
    whole.build();
    let page = match &arguments.command {
        None => whole,
        Some(name) => {
            let found = whole.find_subcommand(name).cloned();
            let found = found.ok_or_else(|| Failure::new(format!("there is no command `{name}`")))?;
            found.name(format!("banksman-{name}"))
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    say(&String::from_utf8_lossy(&text))?;
    Ok(0)
}
