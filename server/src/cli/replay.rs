//! `banksman replay`: recorded sessions through today's rules and settings.
#![expect(clippy::disallowed_methods, reason = "the recording is a file")]

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use banksman::guard::{Guard, GuardOptions};
use banksman::replay::replay;
use banksman::settings::Places;

use super::{Failure, Outcome};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman replay session.jsonl
  banksman replay --defaults corpus.jsonl | jq -r .decision | sort | uniq -c

The recording is JSON Lines: session, prompt, content, action and outcome events. One line comes
back for each action and content. Nothing is run, nothing on disk changes, nothing is written
down; later actions are judged as if the earlier ones had been carried out. A line that cannot be
read is reported with its number, the rest goes on, and the exit status is 2.")]
pub(super) struct Arguments {
    /// The recording; `-` reads it from stdin
    file: PathBuf,
    /// Leave out the user's and the workspaces' settings
    #[arg(long)]
    defaults: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let input: Box<dyn Read> = if arguments.file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        let file = std::fs::File::open(&arguments.file);
        Box::new(file.map_err(|error| Failure::new(format!("`{}`: {error}", arguments.file.display())))?)
    };
    let places = (!arguments.defaults).then(Places::of_this_user);
    let guard = Guard::new(GuardOptions { places, simulated: true, ..GuardOptions::default() });
    let output = std::io::BufWriter::new(std::io::stdout());
    let summary = replay(BufReader::new(input), output, std::io::stderr(), &guard)?;
    Ok(summary.exit_code())
}
