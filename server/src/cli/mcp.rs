//! `banksman mcp -- SERVER`: between a client and a server of the Model Context Protocol.

use std::ffi::OsString;
use std::path::PathBuf;

use banksman::gates::mcp::{Around, Proxy, identity};
use banksman::guard::Guard;

use super::{Failure, Outcome, child, surroundings};

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The server and its arguments, as the client would start it
    #[cfg_attr(feature = "http", arg(last = true, required_unless_present = "url", num_args = 1.., value_name = "SERVER"))]
    #[cfg_attr(not(feature = "http"), arg(last = true, required = true, num_args = 1.., value_name = "SERVER"))]
    server: Vec<OsString>,
    /// The address of a server that is reached by Streamable HTTP instead of started
    #[cfg(feature = "http")]
    #[arg(long, conflicts_with = "server")]
    url: Option<String>,
    /// What every request to that address carries; `${NAME}` stands for a variable of the environment
    #[cfg(feature = "http")]
    #[arg(long, value_name = "NAME: VALUE", requires = "url")]
    header: Vec<String>,
    /// What the server is called in reasons and settings (`files/read_file`); else as its program or
    /// its machine
    #[arg(long)]
    name: Option<String>,
    /// The workspace; else the one around the folder the client starts the server in
    #[arg(long, value_name = "DIR")]
    workspace: Option<PathBuf>,
    /// Forget what the server said of its tools; what it says next is taken as good
    #[arg(long)]
    accept: bool,
}

const EXAMPLES: &str = "Examples:
  In a client's list of servers (`mcp.json`, `claude_desktop_config.json`, `settings.json`):
    \"files\": { \"command\": \"banksman\",
               \"args\": [\"mcp\", \"--\", \"npx\", \"-y\", \"@modelcontextprotocol/server-filesystem\", \".\"] }

  A server behind an address:
    \"issues\": { \"command\": \"banksman\",
                \"args\": [\"mcp\", \"--name\", \"issues\", \"--url\", \"https://mcp.example.com/mcp\",
                         \"--header\", \"Authorization: Bearer ${ISSUES_TOKEN}\"] }

  A tool changed what it says of itself, and you have read it and agree:
    banksman mcp --accept -- npx -y @modelcontextprotocol/server-filesystem .

The exit status is the server's own. To see what is judged: `banksman log`, or `-vv --log-file FILE`.";

/// The server that the proxy stands in front of.
enum Server<'a> {
    Program(&'a [OsString]),
    #[cfg(feature = "http")]
    Remote(banksman::gates::mcp::Remote),
}

impl Arguments {
    #[cfg(feature = "http")]
    fn server(&self) -> Result<Server<'_>, Failure> {
        let Some(address) = &self.url else { return Ok(Server::Program(&self.server)) };
        let remote = banksman::gates::mcp::Remote::new(address, &self.header, surroundings::variable);
        Ok(Server::Remote(remote.map_err(Failure::new)?))
    }

    #[cfg(not(feature = "http"))]
    fn server(&self) -> Result<Server<'_>, Failure> {
        Ok(Server::Program(&self.server))
    }
}

impl Server<'_> {
    fn name(&self) -> String {
        match self {
            Self::Program(command) => child::name(command),
            #[cfg(feature = "http")]
            Self::Remote(remote) => remote.host().to_owned(),
        }
    }

    /// What tells it from others.
    fn words(&self) -> Vec<String> {
        match self {
            Self::Program(command) => {
                command.iter().map(|word| word.to_string_lossy().into_owned()).collect()
            }
            #[cfg(feature = "http")]
            Self::Remote(remote) => remote.words(),
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let server = arguments.server()?;
    let name = arguments.name.clone().unwrap_or_else(|| server.name());
    let identity = identity(&name, &server.words());
    if arguments.accept {
        return accept(&name, &identity);
    }
    let cwd = surroundings::folder(arguments.workspace.as_deref())?;
    let workspace = if arguments.workspace.is_some() { cwd.clone() } else { surroundings::workspace(&cwd) };
    let around = Around { server: name, identity, workspace, cwd, session: child::run_name() };
    let judge = move || {
        let guard = Guard::new(surroundings::gate_options());
        for trouble in guard.troubles() {
            super::complain(&trouble);
        }
        Ok(Proxy::new(surroundings::counsel(guard, "mcp"), around))
    };
    match server {
        Server::Program(command) => child::run(command, Vec::new(), judge),
        #[cfg(feature = "http")]
        Server::Remote(remote) => {
            if let Some(warning) = remote.warning() {
                super::complain(&warning);
            }
            child::between(|| remote.start().map_err(Failure::new), judge)
        }
    }
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
