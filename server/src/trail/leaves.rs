//! What an action leaves in the trail, in a form that other processes can take up.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Before, FileTrace, Trail};
use crate::effects::{Effect, EffectKind, Source};

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
    fn leaves_since(&self, before: &Self) -> Leaves {
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

    /// What these effects would add when they came about, with what stood there `before`.
    #[must_use]
    pub fn leaves_of(&self, effects: &[Effect], before: &dyn Before) -> Leaves {
        let near = self.near(effects);
        let mut after = near.clone();
        after.record_deeds(effects, false, before);
        let mut leaves = after.leaves_since(&near);
        leaves.started.retain(|name| !self.started.contains(name));
        leaves.made_refs.retain(|name| !self.made_refs.contains(name));
        leaves.installed.retain(|name| !self.installed.contains(name));
        leaves
    }

    /// What is known of the files that these effects concern: at, above and below them.
    fn near(&self, effects: &[Effect]) -> Self {
        let mut near = Self::default();
        if self.files.is_empty() {
            return near;
        }
        let mut keep = |path: &Path| {
            for at in path.ancestors() {
                if let Some((path, trace)) = self.files.get_key_value(at) {
                    near.files.insert(path.clone(), trace.clone());
                }
            }
            let below = self.files.range(path.to_path_buf()..).take_while(|(at, _)| at.starts_with(path));
            near.files.extend(below.map(|(path, trace)| (path.clone(), trace.clone())));
        };
        for effect in effects {
            if let Some(place) = effect.place() {
                keep(&place.path);
            }
            match &effect.kind {
                EffectKind::Move { from, .. } => keep(&from.path),
                EffectKind::Link { to, .. } => keep(&to.path),
                EffectKind::Write { content: Some(content), .. } => {
                    for source in &content.from {
                        if let Source::File(place) = source {
                            keep(&place.path);
                        }
                    }
                }
                _ => {}
            }
        }
        near
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::WriteHow;
    use crate::trail::Blank;
    use crate::world::{Place, Role, Scope, State};
    use banksman_protocol::Span;

    fn place(path: &str) -> Place {
        Place {
            shown: path.to_owned(),
            path: path.into(),
            known: true,
            scope: Scope::Workspace,
            role: Role::Ordinary,
        }
    }

    fn effects() -> Vec<Effect> {
        let kinds = [
            EffectKind::Write {
                place: place("/w/a/new"),
                state: State::missing(),
                how: WriteHow::Replace,
                content: None,
            },
            EffectKind::Move { from: place("/w/got"), to: place("/w/b"), state: State::missing() },
            EffectKind::Delete { place: place("/w/c"), state: State::missing(), recursive: true },
            EffectKind::RunProject { task: "cargo run".to_owned() },
            EffectKind::RunProject { task: "make".to_owned() },
            EffectKind::GitLocal { what: "git commit".to_owned() },
        ];
        kinds.map(|kind| Effect::new(kind, Span::default())).to_vec()
    }

    #[test]
    fn leaves_are_what_the_whole_trail_would_gain() {
        let mut trail = Trail::default();
        for path in ["/w/c", "/w/c/x", "/w/got", "/w/other", "/v/far"] {
            let came_from = (path == "/w/got").then(|| "example.com".to_owned());
            trail.note(path.into(), FileTrace { made: true, came_from, ..FileTrace::default() });
        }
        trail.started.push("make".to_owned());
        let mut after = trail.clone();
        after.record_over(&effects(), false, &Blank);
        let leaves = trail.leaves_of(&effects(), &Blank);
        assert_eq!(leaves, after.leaves_since(&trail));
        assert_eq!(leaves.started, ["cargo run"]);
        assert!(leaves.files.iter().any(|leaf| leaf.came_from.as_deref() == Some("example.com")));
        assert!(!leaves.is_empty());
    }
}
