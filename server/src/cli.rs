//! The command line: one file for each subcommand, and what they share.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{CommandFactory, Parser, Subcommand};

mod acp;
mod child;
mod completions;
mod demo;
mod doctor;
mod draw;
mod explain;
mod hook;
mod import;
mod install;
mod log;
mod logging;
mod lsp;
mod man;
mod mcp;
mod mode;
mod page;
mod replay;
mod review;
mod rules;
mod surroundings;
mod trust;

/// Could not do what was asked for.
pub(crate) const FAILED: u8 = 2;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default())
    .valid(AnsiColor::Green.on_default())
    .invalid(AnsiColor::Red.on_default());

/// Plain text: styles would be wrong in pipes and manual pages.
const EXAMPLES: &str = "Examples:
  Watch an agent being watched:
    banksman demo

  What would happen if an agent ran this?
    banksman review -- 'rm -rf build/ ~/.cache'

  The same, after the user has asked for something:
    banksman review --prompt 'clean the build folder' -- 'rm -rf build/'

  A recorded session through today's rules and settings:
    banksman replay session.jsonl

  What a rule stops, and what clears it:
    banksman rules unasked-push

Exit status of a review: 0 allow, 3 ask, 4 block, 2 could not be reviewed.";

/// Reviews every action that a coding agent proposes, before it runs.
///
/// Safe work flows. What is dangerous, or was not asked for, stops with the reason, the evidence
/// and what would clear it. Everything is decided on this machine; nothing is ever run to look.
#[derive(Debug, Parser)]
#[command(name = "banksman", version, styles = STYLES, after_help = EXAMPLES, max_term_width = 100)]
#[command(propagate_version = true, arg_required_else_help = true, infer_subcommands = false)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    logging: logging::Logging,
}

#[derive(Debug, Subcommand)]
#[command(subcommand_help_heading = "Commands")]
enum Command {
    /// Serve editors and agents' clients on stdin and stdout
    Lsp(lsp::Arguments),
    /// Set a gate up in the settings of an agent's client
    Install(install::Installation),
    /// Take a gate out of a client's settings
    Uninstall(install::Arguments),
    /// Take permission rules of other clients over into `banksman.toml`
    Import(import::Arguments),
    /// Prove that the gates that are set up are closed
    Doctor(doctor::Arguments),
    /// Answer one call of an agent's hook, on stdin and stdout
    Hook(hook::Arguments),
    /// Stand between an editor and its agent, which speak the Agent Client Protocol
    Acp(acp::Arguments),
    /// Stand between a client and one of its servers, which speak the Model Context Protocol
    Mcp(mcp::Arguments),
    /// Review one action and show the verdict with its evidence
    Review(Box<review::Arguments>),
    /// Run recorded sessions through today's rules and settings
    Replay(replay::Arguments),
    /// Watch an agent's session being reviewed by the real server
    Demo(demo::Arguments),
    /// Show what was reviewed, newest last
    Log(log::Arguments),
    /// Show everything that a verdict rests on
    Explain(explain::Arguments),
    /// List the rules, or show the page of one
    Rules(rules::Arguments),
    /// Trust the settings of a workspace, as they stand in its `banksman.toml` now
    Trust(trust::Arguments),
    /// Show or choose how much flows without a question
    Mode(mode::Arguments),
    /// Print completions for a shell
    Completions(completions::Arguments),
    /// Print the manual page
    Man(man::Arguments),
}

/// Why a subcommand could not do what was asked for: one line for people.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Nobody reads on: not worth a word.
    #[error("nobody reads what is written")]
    Unread,
    /// In words.
    #[error("{0}")]
    Told(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Unread } else { Self::Told(error.to_string()) }
    }
}

impl Failure {
    fn new(words: impl Into<String>) -> Self {
        Self::Told(words.into())
    }
}

/// A subcommand's end: its exit status, or why it failed.
type Outcome = Result<u8, Failure>;

/// Reads the arguments, runs the subcommand, gives the exit status.
pub(crate) fn run() -> ExitCode {
    // Every action of every agent waits for this: without all the other commands it starts sooner.
    if let Some(hook) = hook::told(std::env::args_os().skip(1)) {
        return ended(logging::start(&logging::Logging::default()).and_then(|()| hook::run(&hook)));
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { FAILED } else { 0 };
            // Help that nobody reads is no failure.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let done = logging::start(&arguments.logging).and_then(|()| match arguments.command {
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Install(arguments) => install::install(&arguments),
        Command::Uninstall(arguments) => install::uninstall(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Hook(arguments) => hook::run(&arguments),
        Command::Acp(arguments) => acp::run(&arguments),
        Command::Mcp(arguments) => mcp::run(&arguments),
        Command::Review(told) => review::run(&told, arguments.logging.verbose > 0),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Log(arguments) => log::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Trust(arguments) => trust::run(&arguments),
        Command::Mode(arguments) => mode::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    });
    ended(done)
}

fn ended(done: Outcome) -> ExitCode {
    ExitCode::from(match done {
        Ok(code) => code,
        Err(Failure::Unread) => FAILED,
        Err(failure) => {
            complain(&failure.to_string());
            FAILED
        }
    })
}

/// Says on stderr what went wrong. That it cannot be said is nothing to fail about.
pub(crate) fn complain(words: &str) {
    let style = AnsiColor::Red.on_default().bold();
    let words = banksman::redact::escape_controls(words);
    let _ = writeln!(anstream::stderr(), "{style}banksman:{style:#} {words}");
}

/// Writes to stdout. A pipe that was closed early is fine for text, the status still tells.
fn say(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Asks the person at the terminal. Anything but a yes is a no.
fn confirmed(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::new("nobody can be asked here; look at what it says and add `--yes`"));
    }
    let mut out = anstream::stdout().lock();
    write!(out, "{question} [y/N] ")?;
    out.flush()?;
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}

/// Writes one value as JSON, whole or not at all.
fn say_json<T: serde::Serialize>(value: &T) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|error| Failure::new(error.to_string()))?;
    say(&(text + "\n"))
}

/// The command line as clap knows it, for completions and the manual.
fn definition() -> clap::Command {
    Arguments::command()
}

/// How wide text may be.
fn width() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)).clamp(40, 100)
}

/// A file or folder as people name it: below home with `~`.
fn tidy(path: &std::path::Path) -> String {
    match surroundings::home().and_then(|home| path.strip_prefix(home).ok().map(PathBuf::from)) {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}
