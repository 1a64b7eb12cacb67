//! Prints how the guard judges the cases and sets of others.
#![expect(clippy::disallowed_methods, reason = "a tool that reads and writes the files it is told to")]

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use banksman_tests::score::Failure;
use banksman_tests::score::adjudicated::{Adjudicated, CHECKED_IN};
use banksman_tests::score::case::{Judged, Wanted};
use banksman_tests::score::figures::Figures;
use banksman_tests::score::fixture::Fixture;
use banksman_tests::score::report::{Requirement, draw, requirements, slowest, write_misses};
use banksman_tests::score::{suites, texts};
use clap::Parser;

/// How the guard judges the cases and sets of others.
///
/// The exit status is 1 when something that must hold does not, 2 when a set cannot be read.
/// Folders and sets that are not there are left out.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder that holds `peers.jsonl`
    #[arg(long)]
    cases: Option<PathBuf>,
    /// The folder that holds `eval`, `train` and `sessions`
    #[arg(long)]
    data: Option<PathBuf>,
    /// Only this set; may be given several times
    #[arg(long)]
    suite: Vec<String>,
    /// How many misses of each kind are shown
    #[arg(long, default_value_t = 0)]
    show: usize,
    /// How many of the reviews that took longest are shown
    #[arg(long, default_value_t = 0)]
    slow: usize,
    /// Write all misses to this file, one JSON object a line
    #[arg(long)]
    misses: Option<PathBuf>,
    /// Write all rows to the file of misses
    #[arg(long, requires = "misses")]
    all: bool,
    /// Write the figures to this file
    #[arg(long)]
    save: Option<PathBuf>,
    /// Compare with figures that were saved
    #[arg(long)]
    baseline: Option<PathBuf>,
    /// Rows to judge by another expectation, instead of the list that is part of the project
    #[arg(long)]
    adjudicated: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "scoreboard: {failure}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let adjudicated = match &arguments.adjudicated {
        Some(file) => Adjudicated::read(&fs::read_to_string(file)?)?,
        None => Adjudicated::read(CHECKED_IN)?,
    };
    let before: Option<Figures> = match &arguments.baseline {
        Some(file) => Some(serde_json::from_str(&fs::read_to_string(file)?)?),
        None => None,
    };
    let judged = judge(arguments, &adjudicated)?;
    if judged.is_empty() {
        writeln!(std::io::stdout(), "No set is there: nothing to judge.")?;
        return Ok(true);
    }
    let figures = Figures::of(&judged);
    let drawn = draw(&judged, &figures, before.as_ref(), arguments.show);
    std::io::stdout().write_all(drawn.as_bytes())?;
    std::io::stdout().write_all(slowest(&judged, arguments.slow).as_bytes())?;
    if let Some(file) = &arguments.misses {
        write_misses(&judged, BufWriter::new(File::create(file)?), arguments.all)?;
    }
    if let Some(file) = &arguments.save {
        fs::write(file, serde_json::to_string_pretty(&figures)?)?;
    }
    Ok(requirements(&figures).iter().all(Requirement::holds))
}

fn judge(arguments: &Arguments, adjudicated: &Adjudicated) -> Result<Vec<Judged>, Failure> {
    let wanted = |suite: &str| arguments.suite.is_empty() || arguments.suite.iter().any(|one| one == suite);
    let fixture = Fixture::make()?;
    let mut judged = Vec::new();
    if let Some(cases) = &arguments.cases {
        judged.extend(suites::peers(cases, &fixture, adjudicated, &wanted)?);
    }
    let Some(data) = &arguments.data else { return Ok(judged) };
    if wanted("agent_commands_swebench") {
        judged.extend(suites::swebench(data, &fixture)?);
    }
    for name in ["agentdojo_benign", "agentdojo_attacked"].into_iter().filter(|name| wanted(name)) {
        judged.extend(suites::sessions(data, &fixture, name)?);
    }
    let eval = data.join("eval");
    let train = data.join("train");
    for (folder, name, label, expect) in [
        (&eval, "intercode_bash", "benign", "allow"),
        (&train, "nl2bash", "benign", "allow"),
        (&train, "tldr_commands", "documented", "none"),
        (&eval, "redcode_exec_bash", "malicious", "block"),
    ] {
        if wanted(name) {
            judged.extend(suites::commands(folder, &fixture, name, label, &Wanted::of(expect))?);
        }
    }
    if wanted("redcode_exec_python") {
        judged.extend(suites::scripts(&eval, &fixture, "redcode_exec_python")?);
    }
    for name in texts::SETS.into_iter().filter(|name| wanted(name)) {
        judged.extend(texts::read(&eval, name)?);
    }
    Ok(judged)
}
