//! The settings of every workspace that a process works in, read again when a file has changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use dashmap::DashMap;
use serde_json::Value;

use super::files::{self, Loaded, Places, Stamp};
use super::trust::TrustFile;

/// The settings of every workspace that a process works in.
#[derive(Debug, Default)]
pub struct Shelf {
    places: Option<Places>,
    /// The editor's configuration, for one workspace or (`None`) for all.
    editor: RwLock<BTreeMap<Option<PathBuf>, Value>>,
    kept: DashMap<PathBuf, (Stamp, Arc<Loaded>)>,
}

impl Shelf {
    /// Settings from these places; `None`: the built-in defaults and what the editor says.
    #[must_use]
    pub fn new(places: Option<Places>) -> Self {
        Self { places, ..Self::default() }
    }

    /// The settings of a workspace, as the files stand now.
    #[must_use]
    pub fn of(&self, workspace: &Path) -> Arc<Loaded> {
        let stamp = self.places.as_ref().map(|places| Stamp::now(workspace, places)).unwrap_or_default();
        if let Some(kept) = self.kept.get(workspace)
            && kept.0 == stamp
        {
            return Arc::clone(&kept.1);
        }
        let loaded = Arc::new(self.load(workspace));
        self.kept.insert(workspace.to_path_buf(), (stamp, Arc::clone(&loaded)));
        loaded
    }

    /// A folder is under settings of its own, other than those of `workspace`.
    #[must_use]
    pub fn sets_apart(&self, folder: &Path, workspace: &Path) -> bool {
        let editor = self.editor.read().unwrap_or_else(PoisonError::into_inner);
        let said = |of: &Path| editor.get(&Some(of.to_path_buf())).or_else(|| editor.get(&None));
        said(folder) != said(workspace) || self.of(folder).workspace.is_some()
    }

    /// The editor's configuration, for one workspace or for all.
    pub fn configure(&self, workspace: Option<&Path>, editor: Value) {
        let mut known = self.editor.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(workspace.map(Path::to_path_buf), editor);
        drop(known);
        self.kept.clear();
    }

    fn load(&self, workspace: &Path) -> Loaded {
        let editor = self.editor.read().unwrap_or_else(PoisonError::into_inner);
        let editor = editor.get(&Some(workspace.to_path_buf())).or_else(|| editor.get(&None)).cloned();
        match &self.places {
            Some(places) => files::load(workspace, editor.as_ref(), places, &TrustFile::open(places.trust())),
            None => files::from_editor(editor.as_ref()),
        }
    }
}
