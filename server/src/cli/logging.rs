//! Logs go to stderr or to a file, never to stdout: that belongs to answers.
#![expect(clippy::disallowed_methods, reason = "where a log goes and how fine it is, is said from outside")]

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use super::Failure;

#[derive(Debug, Default, clap::Args)]
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
        0 => LevelFilter::ERROR,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let told = std::env::var("BANKSMAN_LOG").ok().and_then(|text| text.parse().ok());
    let filter: Targets =
        told.unwrap_or_else(|| Targets::new().with_default(LevelFilter::WARN).with_target("banksman", level));
    match &logging.log_file {
        Some(path) => {
            let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
            let file =
                file.map_err(|error| Failure::new(format!("--log-file: `{}`: {error}", path.display())))?;
            begin(filter, false, Mutex::new(file));
        }
        None => {
            let colours = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
            let colours = colours && std::io::stderr().is_terminal();
            begin(filter, colours, std::io::stderr);
        }
    }
    Ok(())
}

fn begin(filter: Targets, colours: bool, writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static) {
    let layer = tracing_subscriber::fmt::layer().with_ansi(colours).with_writer(writer);
    tracing_subscriber::registry().with(layer.with_filter(filter)).init();
}
