//! Where names lead after a line has made links, told in a real folder.

#![expect(clippy::disallowed_methods, reason = "these claims are about links on a real disk")]

use std::path::Path;

use super::read_command;
use crate::effects::EffectKind;
use crate::trail::Trail;
use crate::world::{Disk, World};

/// A workspace with a folder `src` that holds `a`, a link `now` to it, and a folder beside the workspace.
fn ground() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("w/src")).unwrap();
    std::fs::create_dir_all(folder.path().join("beside")).unwrap();
    std::fs::write(folder.path().join("w/src/a"), "a").unwrap();
    std::os::unix::fs::symlink("src", folder.path().join("w/now")).unwrap();
    folder
}

/// What a line deletes, by path below the ground; `?` for what cannot be told.
fn deleted(line: &str) -> Vec<String> {
    let ground = ground();
    let root = ground.path().canonicalize().unwrap();
    let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
    let workspace = root.join("w");
    let world = World::new(&disk, &trail, &workspace, &workspace);
    let below = |path: &Path| path.strip_prefix(&root).unwrap_or(path).display().to_string();
    read_command(line, None, &world)
        .into_iter()
        .filter_map(|effect| match effect.kind {
            EffectKind::Delete { place, .. } if place.known => Some(below(&place.path)),
            EffectKind::Delete { .. } => Some("?".to_owned()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_link_that_the_line_makes_is_followed() {
    assert_eq!(deleted("ln -s ../beside new; rm -rf new/x"), ["beside/x"]);
    assert_eq!(deleted("cp -s ../beside new; rm -rf new/x"), ["beside/x"]);
    assert_eq!(
        deleted("python3 -c 'import os; os.symlink(\"../beside\", \"new\")'; rm -rf new/x"),
        ["beside/x"]
    );
    assert_eq!(deleted("rm -rf src && ln -s ../beside src && rm -rf src/x"), ["w/src", "beside/x"]);
}

#[test]
fn a_link_leads_from_the_folder_it_lies_in() {
    assert_eq!(deleted("ln -s ../../beside src/new; rm -rf src/new/x"), ["beside/x"]);
    assert_eq!(deleted("ln -sr ../beside src/new; rm -rf src/new/x"), ["beside/x"]);
}

#[test]
fn a_link_takes_the_place_of_a_link() {
    assert_eq!(deleted("ln -sfn ../beside now; rm -rf now/x"), ["beside/x"]);
    assert_eq!(deleted("ln -sf ../../beside now; rm -rf now/beside/x now/a"), ["beside/x", "w/src/a"]);
}

#[test]
fn a_file_is_taken_for_replaced_by_a_link() {
    for force in ["", "f"] {
        assert_eq!(
            deleted(&format!("ln -s{force} ../../beside/x src/a; rm -rf src/a/")),
            ["w/src/a", "beside/x"]
        );
    }
}

#[test]
fn no_link_is_taken_for_made_where_a_folder_stands() {
    assert_eq!(deleted("ln -sfn ../beside src; rm -rf src/a"), ["w/src/a"]);
    for line in
        ["ln -sT ../beside src", "ln -sfT ../beside src", "ln -s . src", "ln -s / src", "cp -sT / src"]
    {
        assert_eq!(deleted(&format!("{line}; rm -rf src/a")), ["?"], "{line}");
    }
}

#[test]
fn a_glob_with_a_slash_at_its_end_stands_for_folders_and_links_to_them() {
    assert_eq!(deleted("touch file; rm -rf */"), ["w/src", "w/src"]);
    assert_eq!(deleted("cd src && rm -rf */"), ["w/src/*"]);
}
