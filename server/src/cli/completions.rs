//! `banksman completions`: completions for a shell.

use super::{Outcome, definition, say};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman completions bash > ~/.local/share/bash-completion/completions/banksman
  banksman completions fish > ~/.config/fish/completions/banksman.fish
  banksman completions zsh  > ~/.zfunc/_banksman")]
pub(super) struct Arguments {
    /// The shell
    shell: clap_complete::Shell,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut definition(), "banksman", &mut text);
    say(&String::from_utf8_lossy(&text))?;
    Ok(0)
}
