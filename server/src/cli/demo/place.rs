//! A throw-away home with a small project in it. Nothing outside it is read or written.

use std::fs;
use std::path::{Path, PathBuf};

use banksman_protocol::Action;
use gix::objs::tree::{Entry, EntryKind};

use crate::cli::Failure;

/// The project's files as they are committed.
const COMMITTED: &[(&str, &str)] = &[
    (".github/workflows/ci.yml", include_str!("../../../assets/demo/workspace/ci.yml")),
    (".gitignore", include_str!("../../../assets/demo/workspace/gitignore")),
    ("README.md", include_str!("../../../assets/demo/workspace/README.md")),
    ("pyproject.toml", include_str!("../../../assets/demo/workspace/pyproject.toml")),
    ("tests/test_clock.py", include_str!("../../../assets/demo/workspace/test_clock.py")),
    ("tides/__init__.py", ""),
    ("tides/clock.py", include_str!("../../../assets/demo/workspace/clock.py")),
];

/// What lies beside them: ignored and rebuildable, ignored and secret, in no commit at all.
const LOOSE: &[(&str, &str)] = &[
    (".env", include_str!("../../../assets/demo/workspace/env")),
    (".pytest_cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"),
    ("build/lib/tides/clock.py", include_str!("../../../assets/demo/workspace/clock.py")),
    ("pytest.log", "2 passed in 0.03s\n"),
    ("recordings/pier.csv", include_str!("../../../assets/demo/workspace/pier.csv")),
];

const REMOTE: &str = "[remote \"origin\"]
\turl = git@github.com:tidewatch/tidewatch.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
[branch \"main\"]
\tremote = origin
\tmerge = refs/heads/main
";

/// A home, and the project in it; both go when this goes.
pub(super) struct Place {
    home: tempfile::TempDir,
    project: PathBuf,
}

impl Place {
    pub(super) fn new() -> Result<Self, Failure> {
        let home = tempfile::Builder::new().prefix("banksman-demo-").tempdir()?;
        // Links are followed, so that the folder has one name.
        let project = home.path().canonicalize()?.join("tidewatch");
        for (path, text) in COMMITTED.iter().chain(LOOSE) {
            write(&project.join(path), text)?;
        }
        commit(&project).map_err(|error| Failure::new(format!("the project to work in: {error}")))?;
        Ok(Self { home, project })
    }

    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(super) fn project(&self) -> &Path {
        &self.project
    }

    /// What a file of the project holds.
    pub(super) fn read(&self, path: &Path) -> Option<String> {
        fs::read_to_string(self.project.join(path)).ok()
    }

    /// Makes an edit that may go on, as an editor would. Commands are never run.
    pub(super) fn edit(&self, action: &Action) -> Result<(), Failure> {
        let Action::Edit { path, old, new } = action else { return Ok(()) };
        let text = match old {
            Some(old) => self.read(Path::new(path)).unwrap_or_default().replacen(old, new, 1),
            None => new.clone(),
        };
        write(&self.project.join(path), &text)
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, text)?)
}

/// A repository with one commit that is pushed, on a branch that is not. Made without `git`, which
/// may be missing and would follow the user's settings.
fn commit(project: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let repository: gix::Repository = gix::ThreadSafeRepository::init_opts(
        project,
        gix::create::Kind::WithWorktree,
        gix::create::Options::default(),
        gix::open::Options::isolated(),
    )?
    .into();
    let tree = tree(&repository, "")?;
    let harbour = gix::actor::SignatureRef {
        name: "Harbour".into(),
        email: "harbour@example.com".into(),
        time: "1792800000 +0000",
    };
    let none: [gix::ObjectId; 0] = [];
    let commit = repository.commit_as(harbour, harbour, "HEAD", "Tell the time of high tide", tree, none)?;
    repository.index_from_tree(&tree)?.write(gix::index::write::Options::default())?;
    let store = repository.git_dir();
    for name in ["refs/heads/fix-dst", "refs/remotes/origin/main"] {
        write(&store.join(name), &format!("{commit}\n"))?;
    }
    fs::write(store.join("HEAD"), "ref: refs/heads/fix-dst\n")?;
    let settings = store.join("config");
    fs::write(&settings, fs::read_to_string(&settings)? + REMOTE)?;
    Ok(())
}

/// Writes the tree of a folder, given with its last slash.
fn tree(repository: &gix::Repository, folder: &str) -> Result<gix::ObjectId, Box<dyn std::error::Error>> {
    let mut entries: Vec<Entry> = Vec::new();
    for (path, text) in COMMITTED {
        let Some(rest) = path.strip_prefix(folder) else { continue };
        let name = rest.split('/').next().unwrap_or(rest);
        if entries.iter().any(|entry| entry.filename == name) {
            continue;
        }
        let (mode, oid) = if name == rest {
            (EntryKind::Blob, repository.write_blob(text)?.detach())
        } else {
            (EntryKind::Tree, tree(repository, &format!("{folder}{name}/"))?)
        };
        entries.push(Entry { mode: mode.into(), filename: name.into(), oid });
    }
    entries.sort();
    Ok(repository.write_object(gix::objs::Tree { entries })?.detach())
}
