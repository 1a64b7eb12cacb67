use std::collections::BTreeMap;
use std::process::Command;

use crate::trail::Trail;
use crate::world::testing::git;
use crate::world::{Disk, World};

use super::*;

struct Ground {
    _folder: tempfile::TempDir,
    home: PathBuf,
    workspace: PathBuf,
    disk: Disk,
}

fn ground() -> Ground {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().canonicalize().unwrap();
    let workspace = home.join("work");
    std::fs::create_dir_all(workspace.join("deep/er")).unwrap();
    let disk = Disk::with_environment(home.clone(), BTreeMap::new());
    let ground = Ground { _folder: folder, home, workspace, disk };
    ground.git(&["init", "-q", "-b", "main"]);
    ground.git(&["commit", "-q", "--allow-empty", "-m", "first"]);
    ground
}

impl Ground {
    fn git(&self, arguments: &[&str]) -> String {
        git(&self.workspace, &self.home, arguments)
    }

    fn facts(&self) -> Option<Arc<GitFacts>> {
        self.disk.git(&self.workspace.join("deep/er/file"))
    }
}

#[test]
fn the_repository_around_a_path_is_described() {
    let ground = ground();
    ground.git(&["remote", "add", "origin", "https://example.com/team/app.git"]);
    ground.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    ground.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    ground.git(&["config", "branch.main.remote", "origin"]);
    ground.git(&["config", "branch.main.merge", "refs/heads/main"]);
    ground.git(&["branch", "feature/x"]);
    ground.git(&["tag", "v1"]);
    ground.git(&["config", "alias.st", "status"]);
    let head = ground.git(&["rev-parse", "HEAD"]);
    let expected = GitFacts {
        worktree: ground.workspace.clone(),
        store: ground.workspace.join(".git"),
        branch: Some("main".into()),
        upstream: Some("origin/main".into()),
        remotes: vec![RemoteFact {
            name: "origin".into(),
            url: "https://example.com/team/app.git".into(),
            push_url: None,
        }],
        tracking: vec![("origin/main".into(), head.clone())],
        branches: vec![("feature/x".into(), head.clone()), ("main".into(), head.clone())],
        tags: vec!["v1".into()],
        default_branch: Some("main".into()),
        head: Some(head),
        running: Vec::new(),
        aliases: vec![("st".into(), "status".into())],
    };
    assert_eq!(*ground.facts().unwrap(), expected);
    ground.git(&["pack-refs", "--all"]);
    assert_eq!(*ground.facts().unwrap(), expected);
}

#[test]
fn a_change_is_seen_at_once() {
    let ground = ground();
    assert_eq!(ground.facts().unwrap().branch.as_deref(), Some("main"));
    ground.git(&["checkout", "-q", "-b", "topic/one"]);
    assert_eq!(ground.facts().unwrap().branch.as_deref(), Some("topic/one"));
    let before = ground.facts().unwrap().head.clone();
    ground.git(&["commit", "-q", "--allow-empty", "-m", "second"]);
    assert_ne!(ground.facts().unwrap().head, before);
    ground.git(&["checkout", "-q", "--detach"]);
    assert_eq!(ground.facts().unwrap().branch, None);
}

#[test]
fn an_unchanged_repository_is_read_once() {
    let ground = ground();
    assert!(Arc::ptr_eq(&ground.facts().unwrap(), &ground.facts().unwrap()));
}

#[test]
fn a_hostile_fsmonitor_is_not_run() {
    let ground = ground();
    let proof = ground.home.join("ran");
    let program = format!("touch {}", proof.display());
    std::fs::write(ground.workspace.join("file"), "x").unwrap();
    std::fs::write(ground.workspace.join(".gitattributes"), "* filter=evil diff=evil\n").unwrap();
    ground.git(&["add", "-A"]);
    ground.git(&["commit", "-q", "-m", "second"]);
    for key in [
        "core.fsmonitor",
        "filter.evil.clean",
        "filter.evil.process",
        "diff.evil.textconv",
        "core.sshCommand",
    ] {
        ground.git(&["config", key, &program]);
    }
    let include = ground.home.join("include");
    std::fs::write(&include, "[remote \"evil\"]\n\turl = https://evil.example\n").unwrap();
    ground.git(&["config", "include.path", include.to_str().unwrap()]);
    std::fs::write(ground.workspace.join("file"), "x").unwrap();
    let trail = Trail::default();
    let world = World::new(&ground.disk, &trail, &ground.workspace, &ground.workspace);
    let state = world.state(&world.place(&ground.workspace, "file"));
    let facts = ground.facts().unwrap();
    assert_eq!(state.committed, 1);
    assert!(!proof.exists());
    assert!(facts.remotes.is_empty());
    let keys: Vec<&str> = facts.running.iter().filter_map(|setting| setting.split('=').next()).collect();
    assert_eq!(
        keys,
        [
            "core.fsmonitor",
            "core.sshcommand",
            "filter.evil.clean",
            "filter.evil.process",
            "diff.evil.textconv",
            "include.path",
        ]
    );
}

#[test]
fn settings_that_run_nothing_are_not_listed() {
    let ground = ground();
    for (key, value) in [
        ("core.fsmonitor", "true"),
        ("core.pager", "cat"),
        ("alias.st", "status"),
        ("filter.lfs.clean", "git-lfs clean -- %f"),
        ("user.name", "x"),
    ] {
        ground.git(&["config", key, value]);
    }
    assert!(ground.facts().unwrap().running.is_empty());
    ground.git(&["config", "alias.go", "!touch x"]);
    ground.git(&["config", "core.hooksPath", "tools"]);
    assert_eq!(ground.facts().unwrap().running, ["core.hookspath=tools", "alias.go=!touch x"]);
}

#[test]
fn the_users_aliases_are_known_but_their_settings_are_not_the_repositorys() {
    let ground = ground();
    std::fs::write(ground.home.join("more"), "[alias]\n\tnuke = \"!rm -rf .\"\n").unwrap();
    std::fs::write(
        ground.home.join(".gitconfig"),
        "[core]\n\tpager = less\n[include]\n\tpath = more\n[url \"https://mirror/\"]\n\tinsteadOf = gh:\n",
    )
    .unwrap();
    ground.git(&["remote", "add", "origin", "gh:team/app"]);
    let facts = ground.facts().unwrap();
    assert_eq!(facts.aliases, [("nuke".to_owned(), "!rm -rf .".to_owned())]);
    assert!(facts.running.is_empty());
    assert_eq!(facts.remotes.first().map(|remote| remote.url.as_str()), Some("https://mirror/team/app"));
}

#[test]
fn worktrees_bare_stores_and_paths_in_the_store_are_found() {
    let ground = ground();
    ground.git(&["worktree", "add", "-q", "-b", "side", "../side"]);
    let side = ground.disk.git(&ground.home.join("side/file")).unwrap();
    assert_eq!(side.branch.as_deref(), Some("side"));
    assert_eq!(side.worktree, ground.home.join("side"));
    assert_eq!(side.branches.len(), 2);
    ground.git(&["init", "-q", "--bare", "../bare.git"]);
    assert_eq!(ground.disk.git(&ground.home.join("bare.git")).unwrap().store, ground.home.join("bare.git"));
    let inside = ground.disk.git(&ground.workspace.join(".git/hooks/pre-commit")).unwrap();
    assert_eq!(inside.worktree, ground.workspace);
    assert!(ground.disk.git(Path::new("/usr/bin/env")).is_none());
}

#[test]
fn unknown_formats_leave_facts_out() {
    let ground = ground();
    ground.git(&["init", "-q", "-b", "main", "--object-format=sha256", "../new"]);
    let facts = ground.disk.git(&ground.home.join("new/file")).unwrap();
    assert_eq!(facts.branch.as_deref(), Some("main"));
    assert_eq!(facts.head, None);
    let trail = Trail::default();
    let folder = ground.home.join("new");
    std::fs::write(folder.join("a"), "a").unwrap();
    let world = World::new(&ground.disk, &trail, &folder, &folder);
    assert!(!world.state(&world.place(&folder, "a")).recoverable());
}

#[test]
fn a_pipe_in_place_of_a_file_does_not_hang() {
    let ground = ground();
    let config = ground.workspace.join(".git/config");
    std::fs::remove_file(&config).unwrap();
    assert!(Command::new("mkfifo").arg(&config).status().unwrap().success());
    let facts = ground.facts().unwrap();
    assert_eq!(facts.head, None);
    assert_eq!(facts.branch.as_deref(), Some("main"));
}
