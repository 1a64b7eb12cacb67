//! The modes that the user has chosen with `banksman mode`: for a workspace, or for one session.
#![expect(clippy::disallowed_methods, reason = "the choice is kept in a file of the user")]

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use banksman_protocol::Mode;
use serde::{Deserialize, Serialize};

/// The modes that the user has chosen, kept in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChosenModes {
    /// By workspace folder.
    pub workspaces: BTreeMap<PathBuf, Mode>,
    /// By session.
    pub sessions: BTreeMap<String, Mode>,
}

impl ChosenModes {
    /// Reads what is kept at `path`. What cannot be read chooses nothing.
    #[must_use]
    pub fn open(path: &Path) -> Self {
        std::fs::read_to_string(path)
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    }

    /// Keeps it at `path`.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub fn store(&self, path: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        super::trust::replace(path, &(text + "\n"))
    }
}
