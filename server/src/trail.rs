//! What a session has seen and done; provenance is answered from it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use banksman_protocol::{Origin, OriginKind};

use crate::injection::{self, Reading};

/// How many marks on contents are kept.
const MARK_LIMIT: usize = 500;
/// How many characters of a marked passage are kept.
const EXCERPT_LIMIT: usize = 240;

/// What a session has seen and done.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    files: BTreeMap<PathBuf, FileTrace>,
    /// Where each host, address, path, package and command line was first seen.
    pub mentions: Mentions,
    /// Programs that the session started, as `cargo run` or `node`.
    pub started: Vec<String>,
    /// Branches, tags and stashes that the session made, by name.
    pub made_refs: Vec<String>,
    /// Commits that the session made on this machine.
    pub commits: usize,
    /// Packages that the session added, as `cargo:serde`.
    pub installed: Vec<String>,
    /// Texts the agent read that try to instruct it, in the order in which they came.
    pub content_marks: Vec<ContentMark>,
}

/// What the session did to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTrace {
    /// The session made it: it was not there before.
    pub made: bool,
    /// The session deleted it or moved it away.
    pub gone: bool,
    /// What it holds, when the disk does not show it (replays) or the session wrote it.
    pub content: Option<Arc<str>>,
    /// Where it came from, when it came from another machine.
    pub came_from: Option<String>,
    /// What it leads to, when it is a link.
    pub link: Option<PathBuf>,
    /// It is a folder.
    pub folder: bool,
    /// What the disk shows in this folder is gone; only what the session put there counts.
    pub emptied: bool,
    /// The session wrote what it holds.
    pub written: bool,
    /// What stood there before the session wrote it is in the last commit.
    pub clean: bool,
    /// The disk does not show it: it is only taken to have happened.
    pub simulated: bool,
}

/// A text the agent read that tries to instruct it.
#[derive(Clone, Debug, PartialEq)]
pub struct ContentMark {
    /// Where the text comes from.
    pub origin: Origin,
    /// How strongly it tries, from 0 to 1.
    pub score: f64,
    /// The score reached the threshold.
    pub injected: bool,
    /// The passages that stand out, shortened, each with the reason. Not yet redacted.
    pub excerpts: Vec<(String, String)>,
}

mod extract;
mod leaves;
mod mentions;
mod name;
mod record;

pub use leaves::Leaves;
pub use mentions::{Addressed, Mention, MentionKind, Mentions, Provenance, Seen};
pub use record::{Before, Blank};

impl Trail {
    /// What the session is taken to have done to a file that the disk does not show.
    /// What lies in a folder that is taken to be gone is gone with it.
    #[must_use]
    pub fn overlay(&self, path: &Path) -> Option<&FileTrace> {
        if self.files.is_empty() {
            return None;
        }
        if let Some(trace) = self.files.get(path).filter(|trace| trace.simulated) {
            return Some(trace);
        }
        path.ancestors()
            .skip(1)
            .find_map(|at| self.files.get(at).filter(|trace| trace.simulated && hides(trace)))
            .map(|trace| if trace.gone { trace } else { &GONE })
    }

    /// What the session did to a file, or to a folder it lies in.
    #[must_use]
    pub fn trace(&self, path: &Path) -> Option<&FileTrace> {
        if self.files.is_empty() {
            return None;
        }
        path.ancestors().find_map(|at| self.files.get(at))
    }

    /// The session made this file, or a folder that it lies in.
    #[must_use]
    pub fn made(&self, path: &Path) -> bool {
        self.trace(path).is_some_and(|trace| trace.made)
    }

    /// The session wrote this file, made or not.
    #[must_use]
    pub fn wrote(&self, path: &Path) -> bool {
        self.files.get(path).is_some_and(|trace| trace.written)
    }

    /// All files that the session wrote and that are still there, sorted.
    pub fn written(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().filter(|(_, trace)| trace.written && !trace.gone).map(|(path, _)| path.as_path())
    }

    /// Where this file, or a folder that it lies in, came from, when it came from another machine.
    #[must_use]
    pub fn came_from(&self, path: &Path) -> Option<&str> {
        if self.files.is_empty() {
            return None;
        }
        for at in path.ancestors() {
            let Some(trace) = self.files.get(at) else { continue };
            if let Some(from) = &trace.came_from {
                return Some(from);
            }
            // What the agent wrote itself does not come from elsewhere because its folder does.
            if at == path && trace.written && trace.content.is_some() {
                return None;
            }
        }
        None
    }

    /// This file, or a folder that it lies in, came from another machine.
    #[must_use]
    pub fn downloaded(&self, path: &Path) -> bool {
        self.came_from(path).is_some()
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

    /// Something is known of what the session did in this folder, below it, or to a folder around it.
    #[must_use]
    pub fn concerns(&self, folder: &Path) -> bool {
        self.trace(folder).is_some()
            || self
                .files
                .range(folder.to_path_buf()..)
                .next()
                .is_some_and(|(path, _)| path.starts_with(folder))
    }

    /// Corrects a listing of `folder` by what the disk does not show.
    pub fn relist(&self, folder: &Path, names: &mut Vec<String>) {
        if self.files.is_empty() {
            return;
        }
        if folder
            .ancestors()
            .any(|at| self.files.get(at).is_some_and(|trace| trace.simulated && hides(trace)))
        {
            names.clear();
        }
        let mut touched = false;
        for (path, trace) in self.files.range(folder.to_path_buf()..) {
            if !path.starts_with(folder) {
                break;
            }
            if !trace.simulated || path.parent() != Some(folder) {
                continue;
            }
            let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else {
                continue;
            };
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

    /// The session started this program: its first word, or the name of the file it stands in.
    #[must_use]
    pub fn started(&self, program: &str) -> bool {
        let name = |text: &str| text.rsplit('/').next().unwrap_or(text).to_owned();
        self.started.iter().any(|started| {
            started == program || started.split_whitespace().any(|word| name(word) == name(program))
        })
    }

    /// Takes note of what was done to a file.
    pub fn note(&mut self, path: PathBuf, trace: FileTrace) {
        self.files.insert(path, trace);
    }

    /// Takes note of a text that the agent read.
    pub fn read(&mut self, origin: &Origin, text: &str, injected: bool) {
        self.mentions.add_text(text, &Seen::Content { origin: origin.clone(), injected });
    }

    /// Takes note of a text that the agent read, with what [`injection::read`] found in it.
    /// Only what stands near the instructions counts as named by them.
    pub fn read_marked(&mut self, origin: &Origin, text: &str, reading: &Reading) {
        let injected = reading.injected();
        if injected {
            let seen = Seen::Content { origin: origin.clone(), injected };
            for passage in reading.reach(text) {
                self.mentions.add_text(passage, &seen);
                self.mentions.add_words(passage, &seen);
            }
        }
        // What is said to agents is kept apart: it is no order, and no reader's business either.
        if !injected && !injection::is_for_agents(origin) {
            for passage in reading.addressed(text) {
                self.mentions.add_addressed(passage, origin);
            }
        }
        self.read(origin, text, false);
        for hidden in injection::uncovered(text) {
            self.read(origin, &hidden, injected);
        }
        if reading.spans.is_empty() || self.content_marks.len() >= MARK_LIMIT {
            return;
        }
        let excerpts = reading.spans.iter().take(4).map(|found| {
            let passage = text.get(found.span.start..found.span.end).unwrap_or_default();
            (passage.chars().take(EXCERPT_LIMIT).collect(), found.why.clone())
        });
        self.content_marks.push(ContentMark {
            origin: origin.clone(),
            score: reading.score,
            injected,
            excerpts: excerpts.collect(),
        });
    }

    /// Takes note of the user's words.
    pub fn heard(&mut self, turn: usize, text: &str) {
        self.mentions.add_text(text, &Seen::Prompt(turn));
    }

    /// Takes note of the text of an action that the agent proposed, so that what it named by
    /// itself does not count as named by the output that repeats it.
    pub fn proposed(&mut self, text: &str) {
        self.mentions.add_text(text, &Seen::Agent);
    }

    /// Who named this first.
    #[must_use]
    pub fn named_by(&self, kind: MentionKind, text: &str) -> Provenance {
        self.mentions.named_by(kind, text)
    }

    /// A text from here is the project's own: a file of the workspace that neither came from another
    /// machine nor lies among the packages of others.
    #[must_use]
    pub fn own_text(&self, origin: &Origin, workspace: &Path) -> bool {
        if origin.kind != OriginKind::File {
            return false;
        }
        let path = workspace.join(&origin.name);
        path.starts_with(workspace)
            && !self.downloaded(&path)
            && !path
                .components()
                .any(|part| part.as_os_str().to_str().is_some_and(|part| FOREIGN_FOLDERS.contains(&part)))
    }
}

/// Folders in a workspace that hold what others wrote.
const FOREIGN_FOLDERS: [&str; 8] =
    ["..", "node_modules", "site-packages", ".venv", "venv", "vendor", "third_party", ".cargo"];

/// What stands for everything below a folder whose old contents are gone.
static GONE: FileTrace = FileTrace {
    made: false,
    gone: true,
    content: None,
    came_from: None,
    link: None,
    folder: false,
    emptied: false,
    written: false,
    clean: false,
    simulated: true,
};

/// What the disk shows below this does not count.
fn hides(trace: &FileTrace) -> bool {
    trace.gone || trace.emptied
}
