//! `banksman lsp`: the language server on stdin and stdout.

use super::{Failure, Outcome};

#[derive(Debug, clap::Args)]
#[command(after_help = "Editors start this themselves. To see what is said, add `-vv --log-file FILE`.")]
pub(super) struct Arguments {
    /// Talk on stdin and stdout; that is so anyway, some clients insist on saying it
    #[arg(long)]
    stdio: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let _ = arguments.stdio;
    Err(Failure::new("this build has no language server yet"))
}
