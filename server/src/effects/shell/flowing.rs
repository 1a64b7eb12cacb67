//! What flows from one command into another: texts and names are known wherever a line can use them.

#![expect(clippy::disallowed_methods, reason = "these claims are about files on a real disk")]

use super::read_command;
use crate::effects::EffectKind;
use crate::trail::Trail;
use crate::world::{Disk, World};

/// What a line does in a workspace whose `todo.txt` holds a command, and whose folder `d` holds two files.
fn kinds(line: &str) -> Vec<EffectKind> {
    let ground = tempfile::tempdir().unwrap();
    let workspace = ground.path().canonicalize().unwrap();
    std::fs::write(workspace.join("todo.txt"), "rm -rf /srv/x\n").unwrap();
    std::fs::create_dir(workspace.join("d")).unwrap();
    std::fs::write(workspace.join("d/x1"), "").unwrap();
    std::fs::write(workspace.join("d/x2"), "").unwrap();
    let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
    let world = World::new(&disk, &trail, &workspace, &workspace);
    read_command(line, None, &world).into_iter().map(|effect| effect.kind).collect()
}

/// The names of what a line is known to delete.
fn deleted(line: &str) -> Vec<String> {
    let name = |kind| match kind {
        EffectKind::Delete { place, .. } if place.known => Some(place.name().to_owned()),
        _ => None,
    };
    kinds(line).into_iter().filter_map(name).collect()
}

#[test]
fn what_a_file_holds_is_followed_wherever_it_is_run() {
    for line in [
        "cat todo.txt | sh",
        "sh -c \"$(cat todo.txt)\"",
        "eval \"$(head -5 todo.txt)\"",
        "eval `cat todo.txt`",
        "cat todo.txt > run.sh; sh run.sh",
        "{ cat todo.txt; } > run.sh && sh run.sh",
        "cat todo.txt | tee run.sh; sh run.sh",
        "while read -r line; do eval \"$line\"; done < <(cat todo.txt)",
        "bash <(cat todo.txt)",
        "show() { cat todo.txt; }; show | sh",
        "if true; then cat todo.txt; fi | sh",
        "for i in 1; do cat todo.txt; done | sh",
        "(cat todo.txt) | sh",
        "cat todo.txt | head -3 | sh",
        "find . -name todo.txt | xargs cat | sh",
        "cat todo.txt > >(sh)",
        "exec 3> run.sh; cat todo.txt >&3; sh run.sh",
        "exec > run.sh; cat todo.txt; exec > /dev/tty; sh run.sh",
        "exec > run.sh; cat todo.txt | head -2; sh run.sh",
        "exec > log.txt; cat todo.txt | sh",
        "exec > log.txt; { cat todo.txt; } > run.sh; sh run.sh",
        "exec > log.txt; show() { cat todo.txt; }; show > run.sh; sh run.sh",
        "exec > log.txt; bash -c 'cat todo.txt' > run.sh; sh run.sh",
        "{ true; } > log.txt; exec > run.sh; { cat todo.txt; } 2> log.txt; sh run.sh",
        "exec > log.txt; eval \"$(cat todo.txt)\"",
        "alias show='cat todo.txt'; show | sh",
        "sh <<< \"$(cat todo.txt)\"",
        "python3 -c 'import subprocess; subprocess.run(open(\"todo.txt\").read(), shell=True)'",
        "echo \"$(cat todo.txt)\" | sh",
        "time cat todo.txt | sh",
    ] {
        assert_eq!(deleted(line), ["x"], "{line}");
    }
}

#[test]
fn what_is_printed_after_the_output_was_led_into_a_file_is_written_there() {
    let found = kinds("exec > ~/.bashrc; echo 'a=1'; echo $(echo b=2)");
    let written: Vec<String> = found
        .into_iter()
        .filter_map(|kind| match kind {
            EffectKind::Write { place, content, .. } if place.name() == ".bashrc" => {
                Some(content.map(|content| content.new).unwrap_or_default())
            }
            _ => None,
        })
        .collect();
    assert_eq!(written, ["", "a=1\n", "b=2\n"]);
}

#[test]
fn a_record_of_what_is_printed_is_no_other_program() {
    let opaque = |line: &str| kinds(line).iter().any(|kind| matches!(kind, EffectKind::Opaque { .. }));
    assert!(!opaque("exec > >(tee build.log) 2>&1; echo x"));
    assert!(opaque("exec > >(sh); printf 'rm -rf '; printf /srv/x"));
    assert!(opaque("exec > >(tee >(sh)); echo 'rm -rf /srv/x'"));
    assert!(opaque("exec > >(tee run.sh); echo 'rm -rf /srv/x'; sh run.sh"));
}

#[test]
fn what_is_picked_from_a_file_and_run_is_not_understood() {
    for line in [
        "grep rm todo.txt | sh",
        "cat todo.txt | sort | sh",
        "sort todo.txt > run.sh; sh run.sh",
        "eval \"$(sort todo.txt)\"",
    ] {
        let opaque = |kind: &EffectKind| matches!(kind, EffectKind::Opaque { .. });
        assert!(kinds(line).iter().any(opaque), "{line}");
    }
}

#[test]
fn names_that_are_found_are_known_wherever_they_are_used() {
    for line in [
        "rm $(find d -name 'x*')",
        "find d -name 'x*' | xargs rm",
        "find d -name 'x*' | head -5 | xargs rm",
        "find d -name 'x*' -exec rm {} +",
        "for f in $(find d -name 'x*'); do rm \"$f\"; done",
        "find d -name 'x*' | while read -r f; do rm \"$f\"; done",
    ] {
        assert_eq!(deleted(line), ["x1", "x2"], "{line}");
    }
}
