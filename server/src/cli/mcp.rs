//! `banksman mcp -- SERVER`: between a client and a server of the Model Context Protocol.

use std::ffi::OsString;
use std::path::PathBuf;

use banksman::gates::mcp::{Around, Proxy, identity};
use banksman::guard::Guard;

use super::{Failure, Outcome, child, surroundings};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  In a client's list of servers (`mcp.json`, `claude_desktop_config.json`, `settings.json`):
    \"files\": { \"command\": \"banksman\",
               \"args\": [\"mcp\", \"--\", \"npx\", \"-y\", \"@modelcontextprotocol/server-filesystem\", \".\"] }

  A tool changed what it says of itself, and you have read it and agree:
    banksman mcp --accept -- npx -y @modelcontextprotocol/server-filesystem .

The exit status is the server's own. To see what is judged: `banksman log`, or `-vv --log-file FILE`.")]
pub(super) struct Arguments {
    /// The server and its arguments, as the client would start it
    #[arg(last = true, required = true, num_args = 1.., value_name = "SERVER")]
    server: Vec<OsString>,
    /// What the server is called in reasons and settings (`files/read_file`); else as its program
    #[arg(long)]
    name: Option<String>,
    /// The workspace; else the one around the folder the client starts the server in
    #[arg(long, value_name = "DIR")]
    workspace: Option<PathBuf>,
    /// Forget what the server said of its tools; what it says next is taken as good
    #[arg(long)]
    accept: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let server = arguments.name.clone().unwrap_or_else(|| child::name(&arguments.server));
    let words: Vec<String> =
        arguments.server.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let identity = identity(&server, &words);
    if arguments.accept {
        return accept(&server, &identity);
    }
    let cwd = surroundings::folder(arguments.workspace.as_deref())?;
    let workspace = if arguments.workspace.is_some() { cwd.clone() } else { surroundings::workspace(&cwd) };
    let around = Around { server, identity, workspace, cwd, session: child::run_name() };
    child::run(&arguments.server, Vec::new(), move || {
        let guard = Guard::new(surroundings::gate_options());
        for trouble in guard.troubles() {
            super::complain(&trouble);
        }
        Ok(Proxy::new(guard, around))
    })
}

fn accept(server: &str, identity: &str) -> Outcome {
    let guard = Guard::new(surroundings::gate_options());
    let ledger = guard.ledger().ok_or_else(|| {
        Failure::new(guard.troubles().into_iter().next().unwrap_or_else(|| "there is no ledger".to_owned()))
    })?;
    let count = ledger.unpin(identity).map_err(|error| Failure::new(error.to_string()))?;
    let tools = if count == 1 { "1 tool".to_owned() } else { format!("{count} tools") };
    super::say(&format!(
        "What `{server}` said of {tools} is forgotten. What it says when it is started next is taken as good.\n"
    ))?;
    Ok(0)
}
