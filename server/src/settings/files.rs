//! The files that settings stand in, and how they are read.
#![expect(clippy::disallowed_methods, reason = "settings stand in files")]

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde_json::Value;

use super::chosen::ChosenModes;
use super::layer::{self, Layer};
use super::problem::{Problem, Report};
use super::trust::{self, Trust};
use super::{Settings, read};

/// The name of a settings file.
pub const FILE_NAME: &str = "banksman.toml";
/// How many bytes of a settings file are read at the most.
const SIZE_LIMIT: u64 = 1024 * 1024;

/// Where Banksman keeps its own on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The user's settings: `~/.config/banksman/banksman.toml`.
    pub user: PathBuf,
    /// The settings of whoever manages the machine: `/etc/banksman/banksman.toml`.
    pub managed: PathBuf,
    /// What Banksman remembers: `~/.local/state/banksman`.
    pub state: PathBuf,
}

impl Places {
    /// The places of this user on this machine, after the XDG variables or their like.
    #[must_use]
    pub fn of_this_user() -> Self {
        let managed = if cfg!(windows) {
            std::env::var_os("ProgramData")
                .map_or_else(|| PathBuf::from(r"C:\ProgramData"), PathBuf::from)
                .join("banksman")
        } else {
            PathBuf::from("/etc/banksman")
        };
        let managed = managed.join(FILE_NAME);
        // XDG everywhere but on Windows, as people expect of a program of the command line.
        match etcetera::choose_base_strategy() {
            Ok(base) => {
                let state = base.state_dir().unwrap_or_else(|| base.data_dir());
                Self {
                    user: base.config_dir().join("banksman").join(FILE_NAME),
                    managed,
                    state: state.join("banksman"),
                }
            }
            Err(_) => {
                let nowhere = PathBuf::from("/nonexistent");
                Self { user: nowhere.join(FILE_NAME), managed, state: nowhere }
            }
        }
    }

    /// All in one folder, as tests want it.
    #[must_use]
    pub fn within(folder: &Path) -> Self {
        Self {
            user: folder.join("config/banksman").join(FILE_NAME),
            managed: folder.join("etc/banksman").join(FILE_NAME),
            state: folder.join("state/banksman"),
        }
    }

    /// The file that keeps which modes were chosen.
    #[must_use]
    pub fn modes(&self) -> PathBuf {
        self.state.join("modes.json")
    }

    /// The file that keeps which workspace settings are trusted.
    #[must_use]
    pub fn trust(&self) -> PathBuf {
        self.state.join("trust.json")
    }
}

/// Settings as they came together, with what was wrong.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The settings in force.
    pub settings: Settings,
    /// What does not apply as written.
    pub problems: Vec<Problem>,
    /// The modes that the user chose from outside.
    pub modes: ChosenModes,
    /// The files that were read, in the order of the layers.
    pub files: Vec<PathBuf>,
    /// The workspace's own file, when it has one.
    pub workspace: Option<WorkspaceFile>,
}

/// The settings file of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceFile {
    /// Where it is.
    pub path: PathBuf,
    /// The hash of what it holds.
    pub hash: String,
    /// The user trusts exactly this.
    pub trusted: bool,
}

/// When and how large the files were from which settings came; another stamp, other settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp(Vec<Option<(std::time::SystemTime, u64)>>);

impl Stamp {
    pub(super) fn now(workspace: &Path, places: &Places) -> Self {
        let files =
            [&places.user, &workspace.join(FILE_NAME), &places.managed, &places.trust(), &places.modes()];
        let facts = files.map(|file| {
            let facts = std::fs::metadata(file).ok()?;
            Some((facts.modified().ok()?, facts.len()))
        });
        Self(facts.to_vec())
    }
}

/// Reads all settings that hold in a workspace. Never fails: what cannot be read is a [`Problem`].
#[must_use]
pub fn load(workspace: &Path, editor: Option<&Value>, places: &Places, trust: &dyn Trust) -> Loaded {
    let mut loaded = Loaded::default();
    if let Some(text) = content(&places.user, &mut loaded.problems) {
        loaded.lay(&places.user, &text, Layer::User);
    }
    loaded.lay_editor(editor);
    let own = workspace.join(FILE_NAME);
    if let Some(text) = content(&own, &mut loaded.problems) {
        let hash = trust::hash(text.as_bytes());
        let trusted = trust.is_trusted(&own, &hash);
        let layer = if trusted { Layer::Trusted } else { Layer::Workspace };
        loaded.lay(&own, &text, layer);
        loaded.workspace = Some(WorkspaceFile { path: own, hash, trusted });
    }
    loaded.modes = ChosenModes::open(&places.modes());
    if let Some(mode) = loaded.modes.workspaces.get(workspace) {
        loaded.settings.mode = *mode;
    }
    if let Some(text) = content(&places.managed, &mut loaded.problems) {
        loaded.lay(&places.managed, &text, Layer::Managed);
    }
    loaded
}

/// What does not apply in settings of the user's own with this text.
#[must_use]
pub fn problems(text: &str) -> Vec<Problem> {
    let mut loaded = Loaded::default();
    loaded.lay(Path::new(FILE_NAME), text, Layer::User);
    loaded.problems
}

/// The built-in defaults and what the editor says, without any file.
pub(super) fn from_editor(editor: Option<&Value>) -> Loaded {
    let mut loaded = Loaded::default();
    loaded.lay_editor(editor);
    loaded
}

impl Loaded {
    fn lay_editor(&mut self, editor: Option<&Value>) {
        let Some(value) = editor else { return };
        let mut report = Report::new(Path::new(""), "");
        let written = read::json(value, &mut report);
        layer::lay(&mut self.settings, &written, Layer::Editor, &mut report);
        self.problems.extend(report.finish());
    }

    fn lay(&mut self, path: &Path, text: &str, layer: Layer) {
        let mut report = Report::new(path, text);
        let written = read::toml(text, &mut report);
        layer::lay(&mut self.settings, &written, layer, &mut report);
        self.problems.extend(report.finish());
        self.files.push(path.to_path_buf());
    }
}

/// What a settings file holds; `None` when there is none or it cannot be read, which is reported.
fn content(path: &Path, problems: &mut Vec<Problem>) -> Option<String> {
    let mut told = |message: String| {
        problems.push(Problem { path: path.to_path_buf(), line: 0, column: 0, message, suggestion: None });
        None
    };
    let facts = match std::fs::metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => return None,
        Err(error) => return told(format!("cannot be read: {error}")),
    };
    if !facts.is_file() {
        return told("is not an ordinary file".to_owned());
    }
    if facts.len() > SIZE_LIMIT {
        return told("is larger than 1 MB".to_owned());
    }
    match std::fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => Some(text),
        Ok(Err(_)) => told("is not UTF-8 text".to_owned()),
        Err(error) => told(format!("cannot be read: {error}")),
    }
}
