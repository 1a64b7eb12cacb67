//! What an action leaves in the trail, in a form that other processes can take up.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{FileTrace, Trail};

/// What an action leaves in the trail. Without what files hold: that stands on the disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Leaves {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<Leaf>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    started: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    made_refs: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    installed: Vec<String>,
    #[serde(skip_serializing_if = "is_zero")]
    commits: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Leaf {
    path: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    came_from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<PathBuf>,
    #[serde(skip_serializing_if = "is_false")]
    made: bool,
    #[serde(skip_serializing_if = "is_false")]
    gone: bool,
    #[serde(skip_serializing_if = "is_false")]
    folder: bool,
    #[serde(skip_serializing_if = "is_false")]
    emptied: bool,
    #[serde(skip_serializing_if = "is_false")]
    written: bool,
    #[serde(skip_serializing_if = "is_false")]
    clean: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(value: &usize) -> bool {
    *value == 0
}

impl Leaves {
    /// Nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Trail {
    /// What was added since the trail was as `before`.
    #[must_use]
    pub fn leaves_since(&self, before: &Self) -> Leaves {
        let changed = self.files.iter().filter(|(path, trace)| before.files.get(*path) != Some(trace));
        let new = |now: &[String], then: &[String]| {
            now.iter().filter(|name| !then.contains(name)).cloned().collect()
        };
        Leaves {
            files: changed.map(|(path, trace)| leaf(path.clone(), trace)).collect(),
            started: new(&self.started, &before.started),
            made_refs: new(&self.made_refs, &before.made_refs),
            installed: new(&self.installed, &before.installed),
            commits: self.commits.saturating_sub(before.commits),
        }
    }

    /// Takes up what an action left that another process reviewed.
    pub fn take_up(&mut self, leaves: Leaves) {
        for leaf in leaves.files {
            let Leaf { path, came_from, link, made, gone, folder, emptied, written, clean } = leaf;
            let trace = FileTrace {
                made,
                gone,
                content: None,
                came_from,
                link,
                folder,
                emptied,
                written,
                clean,
                simulated: false,
            };
            self.note(path, trace);
        }
        self.started.extend(leaves.started);
        self.made_refs.extend(leaves.made_refs);
        self.installed.extend(leaves.installed);
        self.commits += leaves.commits;
    }
}

fn leaf(path: PathBuf, trace: &FileTrace) -> Leaf {
    let FileTrace { made, gone, folder, emptied, written, clean, .. } = *trace;
    Leaf {
        path,
        came_from: trace.came_from.clone(),
        link: trace.link.clone(),
        made,
        gone,
        folder,
        emptied,
        written,
        clean,
    }
}
