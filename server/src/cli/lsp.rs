//! `banksman lsp`: the language server on stdin and stdout.

use std::sync::Arc;

use banksman::gates::socket::Meeting;
use banksman::guard::Guard;
use banksman::ledger::Ledger;

use super::{Failure, Outcome, surroundings};

#[derive(Debug, clap::Args)]
#[command(after_help = "Editors start this themselves. To see what is said, add `-vv --log-file FILE`.")]
pub(super) struct Arguments {
    /// Talk on stdin and stdout; that is so anyway, some clients insist on saying it
    #[arg(long)]
    stdio: bool,
}

pub(super) fn run(_: &Arguments) -> Outcome {
    let guard = Arc::new(Guard::new(surroundings::guard_options()));
    let meeting = Meeting::of_this_user(Ledger::usual_path());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // It takes up memory only where it is used.
        .thread_stack_size(banksman::effects::shell::STACK)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("the server cannot start: {error}")))?;
    let code =
        runtime.block_on(banksman::lsp::serve(tokio::io::stdin(), tokio::io::stdout(), guard, Some(meeting)));
    // Whatever still waits for a person or a disk would wait in vain.
    runtime.shutdown_background();
    Ok(u8::try_from(code).unwrap_or(1))
}
