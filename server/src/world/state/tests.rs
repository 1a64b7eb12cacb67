use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::trail::Trail;
use crate::world::Disk;
use crate::world::testing::git;

/// A real repository in a workspace, with git's own program beside it.
struct Ground {
    _folder: tempfile::TempDir,
    home: PathBuf,
    workspace: PathBuf,
    disk: Disk,
    trail: Trail,
}

fn bare_ground() -> Ground {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().canonicalize().unwrap();
    let workspace = home.join("work");
    std::fs::create_dir_all(&workspace).unwrap();
    let disk = Disk::with_environment(home.clone(), BTreeMap::new());
    Ground { _folder: folder, home, workspace, disk, trail: Trail::default() }
}

fn ground() -> Ground {
    let ground = bare_ground();
    ground.git(&["init", "-q", "-b", "main"]);
    ground.write("src/a.rs", "a");
    ground.write("src/b.rs", "b");
    ground.write("readme", "r");
    ground.commit();
    ground
}

impl Ground {
    fn git(&self, arguments: &[&str]) {
        git(&self.workspace, &self.home, arguments);
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "work"]);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.workspace.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn state(&self, shown: &str) -> State {
        let world = World::new(&self.disk, &self.trail, &self.workspace, &self.workspace);
        world.state(&world.place_itself(&self.workspace, shown))
    }
}

fn file(state: State) -> State {
    State { exists: true, ..state }
}

fn folder(state: State) -> State {
    State { exists: true, folder: true, ..state }
}

#[test]
fn committed_files_are_recoverable() {
    let ground = ground();
    assert_eq!(ground.state("readme"), file(State { committed: 1, ..State::default() }));
    assert_eq!(ground.state("src"), folder(State { committed: 2, ..State::default() }));
    assert!(ground.state("src").recoverable());
}

#[test]
fn what_is_not_there_is_missing() {
    assert_eq!(ground().state("nowhere"), State::missing());
}

#[test]
fn an_edited_file_is_changed_even_with_its_old_time_and_length() {
    let ground = ground();
    let path = ground.workspace.join("readme");
    let before = path.metadata().unwrap().modified().unwrap();
    std::fs::write(&path, "x").unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
    assert_eq!(ground.state("readme"), file(State { changed: 1, ..State::default() }));
}

#[test]
fn a_touched_file_is_still_committed() {
    let ground = ground();
    ground.write("readme", "r");
    assert_eq!(ground.state("readme"), file(State { committed: 1, ..State::default() }));
    assert_eq!(ground.state("readme"), file(State { committed: 1, ..State::default() }));
}

#[test]
fn staged_but_uncommitted_counts_as_changed() {
    let ground = ground();
    ground.write("readme", "new");
    ground.write("new", "new");
    ground.git(&["add", "-A"]);
    assert_eq!(ground.state("readme").changed, 1);
    assert_eq!(ground.state("new").changed, 1);
}

#[test]
fn nothing_is_committed_before_the_first_commit() {
    let ground = bare_ground();
    ground.git(&["init", "-q"]);
    ground.write("a", "a");
    ground.git(&["add", "-A"]);
    assert_eq!(ground.state("a"), file(State { changed: 1, ..State::default() }));
}

#[test]
fn a_commit_is_seen_at_once() {
    let ground = ground();
    ground.write("src/a.rs", "changed");
    assert_eq!(ground.state("src").changed, 1);
    ground.commit();
    assert_eq!(ground.state("src"), folder(State { committed: 2, ..State::default() }));
}

#[test]
fn ignored_but_not_rebuildable_files_are_lost() {
    let ground = ground();
    ground.write(".gitignore", "/target\n*.db\nprivate/\n");
    ground.write("src/.gitignore", "local.txt\n!keep.db\n");
    ground.write(".git/info/exclude", "excluded\n");
    ground.write("app.db", "rows");
    ground.write("private/deep/notes", "n");
    ground.write("src/local.txt", "l");
    ground.write("src/keep.db", "l");
    ground.write("excluded", "e");
    ground.write("target/debug/app", "bin");
    for path in ["app.db", "private/deep/notes", "src/local.txt", "excluded"] {
        assert_eq!(ground.state(path), file(State { ignored: 1, ..State::default() }), "{path}");
    }
    assert_eq!(ground.state("src/keep.db").untracked, 1);
    assert!(!ground.state("private").recoverable());
    assert!(ground.state("target").recoverable());
    assert_eq!(ground.state("src").ignored, 1);
}

#[test]
fn the_users_own_list_of_what_is_ignored_counts() {
    let ground = ground();
    std::fs::write(ground.home.join(".gitconfig"), "[core]\n\texcludesFile = ~/ignored\n").unwrap();
    std::fs::write(ground.home.join("ignored"), "mine.txt\n").unwrap();
    ground.write("mine.txt", "m");
    assert_eq!(ground.state("mine.txt").ignored, 1);
}

#[test]
fn tracked_files_in_a_build_folder_are_not_rebuildable() {
    let ground = ground();
    ground.write("dist/app.js", "v1");
    ground.commit();
    ground.write("dist/app.js", "v2");
    ground.write("dist/extra.js", "x");
    assert_eq!(ground.state("dist"), folder(State { changed: 1, rebuildable: 1, ..State::default() }));
}

#[test]
fn a_secret_in_a_build_folder_is_not_rebuildable() {
    let ground = ground();
    ground.write("build/.env", "TOKEN=1");
    assert!(!ground.state("build/.env").recoverable());
}

#[test]
fn untracked_and_unversioned_files_are_lost() {
    let ground = ground();
    ground.write("notes.txt", "n");
    assert_eq!(ground.state("notes.txt"), file(State { untracked: 1, ..State::default() }));
    let plain = bare_ground();
    plain.write("notes/a.txt", "n");
    assert_eq!(plain.state("notes"), folder(State { unversioned: 1, ..State::default() }));
}

#[test]
fn a_repository_in_a_folder_is_not_recoverable() {
    let ground = ground();
    assert!(ground.state(".").repository);
    assert!(ground.state(".git").repository);
    assert!(ground.state(".git/objects").repository);
    let nested = ground.workspace.join("vendor/lib");
    std::fs::create_dir_all(&nested).unwrap();
    ground.git(&["init", "-q", "vendor/lib"]);
    assert!(ground.state("vendor").repository);
}

#[test]
fn a_left_over_lock_of_git_is_no_loss() {
    let ground = ground();
    ground.write(".git/index.lock", "");
    assert!(ground.state(".git/index.lock").recoverable());
    ground.write(".git/hooks/pre-commit", "#!/bin/sh");
    assert!(!ground.state(".git/hooks/pre-commit").recoverable());
}

#[test]
fn a_worktree_beside_is_judged_by_its_own_index() {
    let ground = ground();
    ground.git(&["worktree", "add", "-q", "-b", "side", "side"]);
    let state = ground.state("side");
    assert_eq!(state, folder(State { committed: 3, ..State::default() }));
    ground.write("side/readme", "changed there");
    assert_eq!(ground.state("side").changed, 1);
    assert_eq!(ground.state("side/readme").changed, 1);
    assert_eq!(ground.state("readme").committed, 1);
}

#[test]
fn a_submodule_is_judged_by_its_own_repository() {
    let ground = ground();
    let other = bare_ground();
    other.git(&["init", "-q", "-b", "main"]);
    other.write("lib.rs", "l");
    other.commit();
    ground.git(&["submodule", "--quiet", "add", other.workspace.to_str().unwrap(), "lib"]);
    ground.commit();
    assert_eq!(ground.state("lib/lib.rs").committed, 1);
    ground.write("lib/lib.rs", "changed");
    assert_eq!(ground.state("lib").changed, 1);
}

#[test]
fn links_are_not_followed() {
    let ground = bare_ground();
    std::os::unix::fs::symlink("/usr", ground.workspace.join("link")).unwrap();
    assert_eq!(ground.state("link"), file(State { unversioned: 1, ..State::default() }));
    std::fs::create_dir(ground.workspace.join("folder")).unwrap();
    std::os::unix::fs::symlink("/usr", ground.workspace.join("folder/link")).unwrap();
    assert_eq!(ground.state("folder"), folder(State { unversioned: 1, ..State::default() }));
}

#[test]
fn what_the_session_made_is_no_loss() {
    let mut ground = ground();
    ground.write("new.txt", "n");
    ground.trail.note(ground.workspace.join("new.txt"), FileTrace { made: true, ..FileTrace::default() });
    assert_eq!(ground.state("new.txt"), file(State { made: 1, ..State::default() }));
}

#[test]
fn what_only_a_replay_wrote_is_counted() {
    let mut ground = ground();
    let trace =
        FileTrace { made: true, simulated: true, content: Some(Arc::from("x")), ..FileTrace::default() };
    ground.trail.note(ground.workspace.join("src/new.rs"), trace);
    let gone = FileTrace { gone: true, simulated: true, ..FileTrace::default() };
    ground.trail.note(ground.workspace.join("src/a.rs"), gone);
    assert_eq!(ground.state("src"), folder(State { committed: 1, made: 1, ..State::default() }));
    assert_eq!(ground.state("src/a.rs"), State::missing());
    assert_eq!(ground.state("src/new.rs"), file(State { made: 1, ..State::default() }));
}

#[test]
fn an_own_edit_of_a_committed_file_is_own_work() {
    let mut ground = ground();
    let trace = FileTrace { clean: true, written: true, ..FileTrace::default() };
    ground.write("readme", "edited by the session");
    ground.trail.note(ground.workspace.join("readme"), trace);
    assert_eq!(ground.state("readme"), file(State { made: 1, ..State::default() }));
}

#[test]
fn a_large_folder_is_capped() {
    let ground = bare_ground();
    let many = ground.workspace.join("many");
    std::fs::create_dir(&many).unwrap();
    for number in 0..WALK_LIMIT + 10 {
        std::fs::write(many.join(number.to_string()), "").unwrap();
    }
    assert!(ground.state("many").capped);
}

#[test]
fn all_walks_of_an_action_together_are_capped() {
    let ground = bare_ground();
    let names: Vec<String> = (0..3).map(|number| format!("many{number}")).collect();
    for name in &names {
        std::fs::create_dir(ground.workspace.join(name)).unwrap();
        for number in 0..WALK_LIMIT - 10 {
            std::fs::write(ground.workspace.join(name).join(number.to_string()), "").unwrap();
        }
    }
    let world = World::new(&ground.disk, &ground.trail, &ground.workspace, &ground.workspace);
    let states: Vec<State> =
        names.iter().map(|name| world.state(&world.place_itself(&ground.workspace, name))).collect();
    assert!(!states.first().unwrap().capped);
    assert!(states.last().unwrap().capped && !states.last().unwrap().recoverable());
    assert!(world.list(&ground.workspace).capped);
}

#[test]
fn a_folder_of_many_repositories_is_capped() {
    let ground = bare_ground();
    for number in 0..NESTED_LIMIT + 2 {
        let store = ground.workspace.join(format!("all/{number}/.git"));
        std::fs::create_dir_all(store.join("objects")).unwrap();
        std::fs::create_dir_all(store.join("refs")).unwrap();
        std::fs::write(store.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    }
    let state = ground.state("all");
    assert!(state.capped && state.repository && !state.recoverable());
}

#[test]
fn files_are_read_up_to_a_total() {
    let ground = bare_ground();
    let text = "x".repeat(usize::try_from(crate::world::READ_LIMIT).unwrap());
    let most = crate::world::READ_TOTAL_LIMIT / text.len();
    let world = World::new(&ground.disk, &ground.trail, &ground.workspace, &ground.workspace);
    let read: Vec<bool> = (0..=most)
        .map(|number| {
            let path = ground.workspace.join(number.to_string());
            std::fs::write(&path, &text).unwrap();
            world.text(&path).known().is_some()
        })
        .collect();
    assert_eq!(read.iter().filter(|known| **known).count(), most);
    assert!(world.text(&ground.workspace.join("0")).known().is_some());
    assert!(matches!(world.text(&ground.workspace.join("another")), crate::world::Text::Closed(_)));
}

#[test]
fn a_listing_tells_folders_from_links_to_them() {
    let mut ground = bare_ground();
    ground.write("folder/a", "a");
    ground.write("file", "f");
    std::os::unix::fs::symlink("folder", ground.workspace.join("link")).unwrap();
    let made = FileTrace { folder: true, made: true, simulated: true, ..FileTrace::default() };
    ground.trail.note(ground.workspace.join("made"), made);
    let world = World::new(&ground.disk, &ground.trail, &ground.workspace, &ground.workspace);
    let listing = world.list(&ground.workspace);
    assert_eq!(listing.names, ["file", "folder", "link", "made"]);
    assert_eq!(listing.folders, ["folder", "made"]);
}

#[test]
fn what_cannot_be_read_is_not_recoverable() {
    let ground = ground();
    std::fs::write(ground.workspace.join(".git/index"), "no index").unwrap();
    assert!(!ground.state("readme").recoverable());
    assert!(ground.state("readme").capped);
}

#[test]
fn a_place_that_is_not_known_is_unknown() {
    let ground = ground();
    let world = World::new(&ground.disk, &ground.trail, &ground.workspace, &ground.workspace);
    assert_eq!(world.state(&Place::unknown("$X")), State::unknown());
}
