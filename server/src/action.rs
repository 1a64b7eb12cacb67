//! What an agent proposes, and the digest by which an approval is pinned to it.

use std::path::Path;

use banksman_protocol::Action;
use sha2::{Digest, Sha256};

/// The text of an action that spans count in.
#[must_use]
pub fn text(action: &Action) -> String {
    match action {
        Action::Command { command, .. } => command.clone(),
        Action::Edit { new, .. } => new.clone(),
        Action::Delete { path } | Action::Read { path } => path.clone(),
        Action::Fetch { url, .. } => url.clone(),
        Action::Tool { arguments, .. } => serde_json::to_string(arguments).unwrap_or_default(),
        Action::Delegate { prompt } => prompt.clone(),
    }
}

/// SHA-256, in hex, of the action and the directory it would run in.
#[must_use]
pub fn digest(action: &Action, cwd: &Path) -> String {
    let mut hash = Sha256::new();
    hash.update(cwd.to_string_lossy().as_bytes());
    hash.update([0]);
    hash.update(serde_json::to_vec(action).unwrap_or_default());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
