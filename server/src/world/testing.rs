//! Git's own program, beside which the tests hold what is read here.

use std::path::Path;
use std::process::Command;

/// Runs git in a workspace and gives what it prints.
pub(super) fn git(workspace: &Path, home: &Path, arguments: &[&str]) -> String {
    let done = Command::new("git")
        .args(["-c", "user.name=T", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false"])
        .args(["-c", "core.fsmonitor=", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(workspace)
        .env("HOME", home)
        .env_remove("GIT_DIR")
        .output()
        .unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}
