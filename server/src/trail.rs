//! What a session has seen and done; provenance is answered from it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use banksman_protocol::Origin;

/// What a session has seen and done.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    files: BTreeMap<PathBuf, FileTrace>,
    /// Where each host, address, path, package and command line was first seen.
    pub mentions: mentions::Mentions,
    /// Processes that the session started, by program name.
    pub started: Vec<String>,
    /// Commits, branches and stashes that the session made, by name.
    pub made_refs: Vec<String>,
}

/// What the session did to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTrace {
    /// The session made it: it was not there before.
    pub made: bool,
    /// It is gone.
    pub gone: bool,
    /// What it holds, when the disk does not show it (replays) or the session wrote it.
    pub content: Option<Arc<str>>,
    /// Where it came from, when it came from another machine.
    pub came_from: Option<String>,
    /// What it leads to, when it is a link.
    pub link: Option<PathBuf>,
    /// A folder.
    pub folder: bool,
    /// The disk does not show it: it is only taken to have happened.
    pub simulated: bool,
}

mod mentions;
mod record;

pub use mentions::{Mention, MentionKind, Mentions, Seen};

impl Trail {
    /// What the session is taken to have done to a file that the disk does not show.
    #[must_use]
    pub fn overlay(&self, path: &Path) -> Option<&FileTrace> {
        self.files.get(path).filter(|trace| trace.simulated)
    }

    /// What the session did to a file, or to a folder it lies in.
    #[must_use]
    pub fn trace(&self, path: &Path) -> Option<&FileTrace> {
        path.ancestors().find_map(|at| self.files.get(at).filter(|trace| at == path || trace.folder))
    }

    /// The session made this file, or a folder that it lies in.
    #[must_use]
    pub fn made(&self, path: &Path) -> bool {
        self.trace(path).is_some_and(|trace| trace.made)
    }

    /// Where this file, or a folder that it lies in, came from, when it came from another machine.
    #[must_use]
    pub fn came_from(&self, path: &Path) -> Option<&str> {
        path.ancestors()
            .find_map(|at| self.files.get(at).and_then(|trace| trace.came_from.as_deref()))
    }

    /// What a link that the session made leads to.
    #[must_use]
    pub fn link(&self, path: &Path) -> Option<&Path> {
        self.files.get(path).filter(|trace| trace.simulated).and_then(|trace| trace.link.as_deref())
    }

    /// The session made a folder here that the disk does not show.
    #[must_use]
    pub fn made_folder(&self, path: &Path) -> bool {
        self.overlay(path).is_some_and(|trace| trace.folder && !trace.gone)
    }

    /// Corrects a listing of `folder` by what the disk does not show.
    pub fn relist(&self, folder: &Path, names: &mut Vec<String>) {
        let mut touched = false;
        for (path, trace) in self.files.range(folder.to_path_buf()..) {
            if !path.starts_with(folder) {
                break;
            }
            if !trace.simulated || path.parent() != Some(folder) {
                continue;
            }
            let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
            names.retain(|known| *known != name);
            if !trace.gone {
                names.push(name);
            }
            touched = true;
        }
        if touched {
            names.sort();
        }
    }

    /// Takes note of what was done to a file.
    pub fn note(&mut self, path: PathBuf, trace: FileTrace) {
        self.files.insert(path, trace);
    }

    /// Takes note of a text that the agent read.
    pub fn read(&mut self, origin: &Origin, text: &str, injected: bool) {
        self.mentions.add_text(text, &Seen::Content { origin: origin.clone(), injected });
    }
}
