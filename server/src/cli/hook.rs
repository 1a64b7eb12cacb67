//! `banksman hook CLIENT`: one call of an agent's hook.
#![expect(
    clippy::disallowed_methods,
    reason = "the hook is started by the client, which speaks by the environment too"
)]

use std::ffi::OsString;
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use banksman::gates::dialects::{self, Around};
use banksman::gates::hook::{self, Gate};
use banksman::gates::socket::Meeting;
use banksman::guard::Guard;
use banksman::ledger::Ledger;

use super::{FAILED, Outcome, surroundings};

/// How long a client may wait, in seconds.
const WAITS: RangeInclusive<u64> = 1..=3600;

#[derive(Debug, PartialEq, clap::Args)]
#[command(after_help = "Clients start this themselves, see `banksman install`. To see it work:
  echo '{\"session_id\":\"try\",\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\
\"tool_input\":{\"command\":\"rm -rf ~\"}}' | banksman hook claude")]
pub(super) struct Arguments {
    /// The client that calls
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(dialects::ALL.map(|dialect| dialect.name)))]
    client: String,
    /// How long the client waits for this hook at the most, less a second for the way there and back;
    /// so long a person has to answer in the editor
    #[arg(long, value_name = "SECONDS", default_value_t = hook::WAIT.as_secs(), value_parser = clap::value_parser!(u64).range(WAITS))]
    wait: u64,
}

/// The arguments, when they are just as `banksman install` writes them.
pub(super) fn told(mut words: impl Iterator<Item = OsString>) -> Option<Arguments> {
    let mut next = || words.next().map(|word| word.into_string().ok());
    if next()?? != "hook" {
        return None;
    }
    let client = dialects::named(&next()??)?.name.to_owned();
    let wait = match next() {
        None => hook::WAIT.as_secs(),
        Some(Some(option)) if option == "--wait" => {
            next()??.parse().ok().filter(|wait| WAITS.contains(wait))?
        }
        Some(_) => return None,
    };
    next().is_none().then_some(Arguments { client, wait })
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let Some(dialect) = dialects::named(&arguments.client) else { return Ok(FAILED) };
    let around = Around {
        project: dialect
            .project
            .and_then(std::env::var_os)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute()),
        cwd: std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/")),
        terminal: cfg!(windows) || std::fs::File::open("/dev/tty").is_ok(),
    };
    let gate = Gate {
        dialect,
        around,
        guard: Box::new(|| {
            #[cfg(debug_assertions)]
            fail_on_purpose();
            Guard::new(surroundings::gate_options())
        }),
        workspace_of: surroundings::workspace,
        meeting: Some(Meeting::of_this_user(Ledger::usual_path())),
        patience: hook::PATIENCE.min(Duration::from_secs(arguments.wait)),
        wait: Duration::from_secs(arguments.wait),
        limit: hook::LIMIT,
    };
    let answer = hook::run(gate, std::io::stdin());
    let _ = std::io::stderr().write_all(answer.stderr.as_bytes());
    let mut out = std::io::stdout().lock();
    match out.write_all(answer.stdout.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(answer.code),
        // A stop that nobody heard is still a stop.
        Err(_) => Ok(FAILED),
    }
}

/// How the claims with real agents see what becomes of a hook that breaks. It can only break: whatever
/// happens here stops the agent. Not in a release.
#[cfg(debug_assertions)]
#[expect(clippy::panic, reason = "that is what it is for")]
fn fail_on_purpose() {
    match std::env::var("BANKSMAN_FAULT").as_deref() {
        Ok("panic") => panic!("on purpose"),
        Ok("hang") => std::thread::sleep(Duration::from_secs(3600)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Hook {
        #[command(flatten)]
        arguments: Arguments,
    }

    #[test]
    fn what_is_read_quickly_is_read_as_otherwise() {
        for line in ["hook claude", "hook codex --wait 305", "hook gemini --wait 3600"] {
            let words = || line.split(' ').map(OsString::from);
            assert_eq!(
                told(words()),
                Hook::try_parse_from(words()).ok().map(|hook| hook.arguments),
                "{line}"
            );
        }
        for line in
            ["hook", "hook emacs", "hook claude -v", "hook claude --wait 0", "hook claude --wait", "lsp"]
        {
            assert_eq!(told(line.split(' ').map(OsString::from)), None, "{line}");
        }
    }
}
