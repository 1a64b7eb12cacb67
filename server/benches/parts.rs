//! How long the parts of a review take. `cargo bench --bench parts`.
#![expect(clippy::disallowed_methods, reason = "a benchmark makes its own repository")]
#![expect(clippy::expect_used, reason = "a benchmark fails by panicking")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use banksman::consent::Consent;
use banksman::effects::shell;
use banksman::injection;
use banksman::redact::redact;
use banksman::trail::Trail;
use banksman::world::{Disk, World, role_of};
use banksman_protocol::{Origin, OriginKind};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

struct Ground {
    _folder: tempfile::TempDir,
    workspace: PathBuf,
    disk: Disk,
    trail: Trail,
}

static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let workspace = folder.path().join("home/project");
    std::fs::create_dir_all(workspace.join("src")).expect("a folder");
    for file in 0..250 {
        std::fs::write(workspace.join(format!("src/file{file}.rs")), "fn main() {}\n").expect("a file");
    }
    for arguments in [
        &["init", "-q", "-b", "main"][..],
        &["add", "-A"],
        &["-c", "user.name=A", "-c", "user.email=a@localhost", "commit", "-q", "-m", "first"],
    ] {
        let status = std::process::Command::new("git").args(arguments).current_dir(&workspace).status();
        assert!(status.expect("git runs").success(), "git {arguments:?}");
    }
    let disk = Disk::with_home(folder.path().join("home"));
    Ground { _folder: folder, workspace, disk, trail: Trail::default() }
});

fn world(ground: &Ground) -> World<'_> {
    World::new(&ground.disk, &ground.trail, &ground.workspace, &ground.workspace)
}

#[divan::bench]
fn role(bencher: Bencher<'_, '_>) {
    let ground = &*GROUND;
    bencher.bench(|| {
        role_of(black_box(Path::new("/home/a/project/src/file1.rs")), Path::new("/home/a"), &ground.workspace)
    });
}

#[divan::bench]
fn place(bencher: Bencher<'_, '_>) {
    let ground = &*GROUND;
    bencher.bench(|| world(ground).place(&ground.workspace, black_box("src/file1.rs")));
}

#[divan::bench(args = ["src/file1.rs", "src"])]
fn state(bencher: Bencher<'_, '_>, path: &str) {
    let ground = &*GROUND;
    bencher.bench(|| {
        let world = world(ground);
        world.state(&world.place(&ground.workspace, black_box(path)))
    });
}

#[divan::bench]
fn git(bencher: Bencher<'_, '_>) {
    let ground = &*GROUND;
    bencher.bench(|| world(ground).git(black_box(&ground.workspace)));
}

#[divan::bench(args = ["true", "rm -rf src && git push origin main", "bash -c 'for x in a b c; do rm $x; done'"])]
fn effects(bencher: Bencher<'_, '_>, line: &str) {
    let ground = &*GROUND;
    bencher.bench(|| shell::read_command(black_box(line), None, &world(ground)));
}

#[divan::bench(args = [1, 10, 100])]
fn injection_in_kilobytes(bencher: Bencher<'_, '_>, kilobytes: usize) {
    let sentence = "The build reads its settings from config.toml, then it runs the tests (see https://example.com/docs). ";
    let text = sentence.repeat(kilobytes * 1024 / sentence.len());
    let origin = Origin { kind: OriginKind::Web, name: "https://example.com".to_owned() };
    bencher.bench(|| injection::read(black_box(&text), &origin));
}

#[divan::bench(args = [1, 100])]
fn mentions_in_kilobytes(bencher: Bencher<'_, '_>, kilobytes: usize) {
    let sentence =
        "error in src/module1/file1.rs:12, see https://docs.example.com/e0308 and ask ada@example.com. ";
    let text = sentence.repeat(kilobytes * 1024 / sentence.len());
    let origin = Origin { kind: OriginKind::Command, name: "cargo test".to_owned() };
    bencher.bench(|| {
        let mut trail = Trail::default();
        trail.read(&origin, black_box(&text), false);
        trail
    });
}

#[divan::bench]
fn redacting_four_kilobytes(bencher: Bencher<'_, '_>) {
    let text = "export NAME=value; echo hello world; cat src/main.rs | grep fn\n".repeat(64);
    bencher.bench(|| redact(black_box(&text)).len());
}

#[divan::bench]
fn hearing(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let mut consent = Consent::default();
        consent.hear(black_box(
            "Fix the failing test in src/module3 and push the branch. Do not touch package.json.",
        ));
        consent
    });
}
