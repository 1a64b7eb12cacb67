//! `banksman acp -- AGENT`: between an editor and an agent that speak the Agent Client Protocol.

use std::ffi::OsString;

use banksman::gates::acp::{Around, Proxy};
use banksman::guard::Guard;

use super::{Failure, Outcome, child, surroundings};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  Zed, in settings.json:
    \"agent_servers\": { \"Claude, guarded\": {
      \"command\": \"banksman\", \"args\": [\"acp\", \"--\", \"claude-agent-acp\"] } }

  Any other editor: put this in front of the agent's command
    banksman acp -- opencode acp
    banksman acp -- gemini --acp

The exit status is the agent's own. To see what is judged: `banksman log`, or `-vv --log-file FILE`.")]
pub(super) struct Arguments {
    /// The agent and its arguments, as the editor would start it
    #[arg(last = true, required = true, num_args = 1.., value_name = "AGENT")]
    agent: Vec<OsString>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let cwd = surroundings::folder(None)?;
    let around = Around {
        agent: child::name(&arguments.agent),
        cwd: cwd.clone(),
        workspace_of: surroundings::workspace,
        run: child::run_name(),
    };
    let mut variables = Vec::new();
    if around.agent == "opencode" {
        variables.extend(asking_opencode(&cwd));
    }
    child::run(&arguments.agent, variables, move || {
        let guard = Guard::new(surroundings::gate_options());
        for trouble in guard.troubles() {
            super::complain(&trouble);
        }
        Ok::<_, Failure>(Proxy::new(surroundings::counsel(guard, "acp"), around))
    })
}

/// opencode asks for nothing unless it is told to. What the user has set for it stays.
fn asking_opencode(cwd: &std::path::Path) -> Option<(&'static str, String)> {
    const ASK: &str = r#"{"edit":"ask","bash":"ask","webfetch":"ask","external_directory":"ask"}"#;
    const NAME: &str = "OPENCODE_PERMISSION";
    let names = ["opencode.json", "opencode.jsonc", ".opencode/opencode.json", ".opencode/opencode.jsonc"];
    let own = surroundings::home().map(|home| home.join(".config/opencode"));
    let folders = cwd.ancestors().map(std::path::Path::to_path_buf).chain(own);
    let set = surroundings::is_set(NAME)
        || folders.into_iter().any(|folder| {
            names.iter().any(|name| {
                surroundings::glance(&folder.join(name)).is_some_and(|text| text.contains("\"permission\""))
            })
        });
    if set {
        super::complain(
            "opencode's own permissions stay as they are set; what they allow without asking is seen only afterwards",
        );
    }
    (!set).then(|| (NAME, ASK.to_owned()))
}
