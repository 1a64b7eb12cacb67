//! Logs go to stderr or to a file, never to stdout: that belongs to answers.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::Failure;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(super) struct Logging {
    /// Tell more; twice for everything
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub(super) verbose: u8,
    /// Write the log to this file instead of stderr
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) log_file: Option<PathBuf>,
}

/// Starts logging. `BANKSMAN_LOG` chooses finer than `-v`, as in `banksman=debug`.
pub(super) fn start(logging: &Logging) -> Result<(), Failure> {
    let level = match logging.verbose {
        0 => "error",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_env("BANKSMAN_LOG")
        .unwrap_or_else(|_| EnvFilter::new(format!("warn,banksman={level}")));
    let builder = tracing_subscriber::fmt().with_env_filter(filter);
    match &logging.log_file {
        Some(path) => {
            let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
            let file =
                file.map_err(|error| Failure::new(format!("--log-file: `{}`: {error}", path.display())))?;
            builder.with_ansi(false).with_writer(Mutex::new(file)).init();
        }
        None => {
            let colours = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
            let colours = colours && std::io::stderr().is_terminal();
            builder.with_ansi(colours).with_writer(std::io::stderr).init();
        }
    }
    Ok(())
}
