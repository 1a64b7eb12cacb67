//! Parameters as the types of the protocol, or an error that names the field and the reason.

use banksman_protocol::Action;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, ErrorCode};

use crate::guard::ACTION_LIMIT;

/// Reads parameters.
pub(super) fn read<T: DeserializeOwned>(params: Value) -> Result<T, Error> {
    serde_path_to_error::deserialize(params).map_err(|error| {
        let path = error.path().to_string();
        let reason = error.into_inner().to_string();
        if path == "." { bad(&reason) } else { bad(&format!("`{path}`: {reason}")) }
    })
}

/// Refuses an action of which one text is too long to be reviewed.
pub(super) fn check_size(action: &Action) -> Result<(), Error> {
    for (field, length) in sizes(action) {
        if length > ACTION_LIMIT {
            return Err(bad(&format!(
                "`action.{field}` has {length} bytes; more than {ACTION_LIMIT} are not reviewed"
            )));
        }
    }
    Ok(())
}

fn sizes(action: &Action) -> Vec<(&'static str, usize)> {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    match action {
        Action::Command { command, cwd } => vec![("command", command.len()), ("cwd", length(cwd))],
        Action::Edit { path, old, new } => {
            vec![("path", path.len()), ("old", length(old)), ("new", new.len())]
        }
        Action::Delete { path } | Action::Read { path } => vec![("path", path.len())],
        Action::Fetch { url, method, body } => {
            vec![("url", url.len()), ("method", method.len()), ("body", length(body))]
        }
        Action::Tool { arguments, description, .. } => {
            let arguments = serde_json::to_string(arguments).map_or(0, |text| text.len());
            vec![("arguments", arguments), ("description", length(description))]
        }
        Action::Delegate { prompt } => vec![("prompt", prompt.len())],
    }
}

/// The error for parameters that cannot be taken.
pub(super) fn bad(reason: &str) -> Error {
    failure(ErrorCode::InvalidParams, reason)
}

/// An error with a reason.
pub(super) fn failure(code: ErrorCode, reason: &str) -> Error {
    let mut error = Error::new(code);
    error.message = reason.to_owned().into();
    error
}
