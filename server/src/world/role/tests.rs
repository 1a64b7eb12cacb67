use super::*;

fn role(path: &str) -> Role {
    role_of(Path::new(path), Path::new("/home/u"), Path::new("/home/u/work/project"))
}

fn all(expected: Role, paths: &[&str]) {
    for path in paths {
        assert_eq!(role(path), expected, "{path}");
    }
}

#[test]
fn secrets_are_known_by_name_and_place() {
    all(
        Role::Secret(SecretKind::PrivateKey),
        &[
            "/home/u/.ssh/id_rsa",
            "/home/u/.ssh/deploy",
            "/home/u/.ssh",
            "/home/u/.gnupg",
            "/root/.ssh/id_ed25519",
            "/Users/x/.ssh/id_rsa",
            "/home/u/work/project/server.key",
            "/mnt/old/home/x/.ssh/id_rsa",
            "/home/u/work/project/certs/private.pem",
            "/home/u/work/project/release.jks",
        ],
    );
    all(
        Role::Secret(SecretKind::Cloud),
        &[
            "/home/u/.aws/credentials",
            "/home/u/.aws",
            "/home/u/.config/gcloud",
            "/home/u/work/project/terraform.tfstate",
            "/home/u/.config/gcloud/application_default_credentials.json",
            "/home/u/.azure/accessTokens.json",
        ],
    );
    all(
        Role::Secret(SecretKind::Environment),
        &[
            "/home/u/work/project/.env",
            "/home/u/work/project/.env.production",
            "/home/u/work/project/api/prod.env",
        ],
    );
    all(
        Role::Secret(SecretKind::Registry),
        &["/home/u/.npmrc", "/home/u/.pypirc", "/root/.docker/config.json"],
    );
    all(Role::Secret(SecretKind::Forge), &["/home/u/.git-credentials", "/home/u/.config/gh/hosts.yml"]);
    all(
        Role::Secret(SecretKind::Passwords),
        &["/home/x/.netrc", "/home/u/.password-store", "/home/u/.pgpass"],
    );
    all(
        Role::Secret(SecretKind::Browser),
        &[
            "/home/u/.mozilla/firefox/abc.default/logins.json",
            "/home/u/.config/google-chrome/Default/Login Data",
            "/Users/x/Library/Application Support/Google/Chrome/Default/Cookies",
        ],
    );
    all(
        Role::Secret(SecretKind::System),
        &["/etc/shadow", "/etc/shadow-", "/proc/self/environ", "/proc/12/environ"],
    );
    all(Role::Secret(SecretKind::Cluster), &["/home/u/.kube/config", "/run/secrets/db"]);
    all(Role::Secret(SecretKind::Other), &["/home/u/.claude/.credentials.json", "/home/u/.codex/auth.json"]);
}

#[test]
fn public_counterparts_of_secrets_are_none() {
    all(
        Role::NotSecret,
        &[
            "/home/u/.ssh/id_rsa.pub",
            "/home/u/.ssh/known_hosts",
            "/home/u/work/project/.env.example",
            "/home/u/work/project/cert.pem",
            "/etc/ssl/certs/ca-certificates.crt",
        ],
    );
    all(Role::Ordinary, &["/home/u/.ssh/config", "/home/u/work/project/src/credentials.rs"]);
}

#[test]
fn case_does_not_hide_a_secret() {
    all(Role::Secret(SecretKind::PrivateKey), &["/home/u/.SSH/ID_RSA", "/home/u/.\u{17f}sh/id_rsa"]);
    all(Role::Secret(SecretKind::Environment), &["/home/u/work/project/.ENV"]);
    all(
        Role::GitHook,
        &["/home/u/work/project/.GIT/hooks/pre-commit", "/home/u/work/project/.g\u{200c}it/hooks/pre-commit"],
    );
}

#[test]
fn the_guard_knows_itself() {
    all(
        Role::Guard,
        &[
            "/home/u/work/project/banksman.toml",
            "/home/u/.config/banksman/settings.toml",
            "/etc/banksman/policy.toml",
            "/home/u/.local/state/banksman/ledger.db",
            "/home/u/.cargo/bin/banksman",
            "/usr/local/bin/banksman",
            "/home/u/.local/share/banksman",
        ],
    );
}

#[test]
fn what_steers_an_agent_is_known() {
    all(
        Role::AgentSettings,
        &[
            "/home/u/work/project/.claude/settings.json",
            "/home/u/work/project/.claude/settings.local.json",
            "/home/u/.claude/settings.json",
            "/home/u/.claude.json",
            "/home/u/work/project/.mcp.json",
            "/home/u/work/project/.github/hooks/x.json",
            "/home/u/work/project/.codex/hooks.json",
            "/home/u/work/project/opencode.json",
            "/etc/claude-code/managed-settings.json",
            "/home/u/.codex/config.toml",
            "/home/u/work/project/.cursor/mcp.json",
            "/home/u/work/project/.vscode/mcp.json",
        ],
    );
    all(
        Role::AgentInstructions,
        &[
            "/home/u/work/project/CLAUDE.md",
            "/home/u/work/project/sub/AGENTS.md",
            "/home/u/work/project/.cursorrules",
            "/home/u/work/project/.claude/agents/reviewer.md",
            "/home/u/work/project/.github/copilot-instructions.md",
            "/home/u/.claude/CLAUDE.md",
            "/home/u/.claude/projects/p/memory/MEMORY.md",
        ],
    );
    all(
        Role::AgentRecord,
        &["/home/u/.claude/projects/-home-u/1.jsonl", "/home/u/.codex/sessions/2026/1.jsonl"],
    );
}

#[test]
fn what_runs_later_is_known() {
    all(Role::Ci, &["/home/u/work/project/.github/workflows/ci.yml", "/home/u/work/project/Jenkinsfile"]);
    all(
        Role::GitHook,
        &["/home/u/work/project/.git/hooks/pre-push", "/home/u/work/project/.husky/pre-commit"],
    );
    all(Role::GitSettings, &["/home/u/work/project/.git/config", "/home/u/.gitconfig"]);
    all(Role::GitStore, &["/home/u/work/project/.git", "/home/u/work/project/.git/HEAD"]);
    all(
        Role::Build,
        &[
            "/home/u/work/project/package.json",
            "/home/u/work/project/Makefile",
            "/home/u/work/project/build.rs",
            "/home/u/work/project/vite.config.ts",
            "/home/u/work/project/a/Dockerfile",
            "/home/u/work/project/BUILD",
            "/home/u/work/project/.npmrc",
            "/home/u/work/project/tests/conftest.py",
        ],
    );
    all(Role::EditorTasks, &["/home/u/work/project/.vscode/tasks.json", "/home/u/work/project/.envrc"]);
    all(Role::ShellStartup, &["/home/u/.bashrc", "/home/other/.zshrc", "/etc/profile.d/x.sh"]);
    all(
        Role::Persistence,
        &[
            "/etc/cron.d/x",
            "/home/u/.ssh/authorized_keys",
            "/home/u/.config/systemd/user/x.service",
            "/home/u/.config/autostart/x.desktop",
            "/etc/ld.so.preload",
            "/Users/x/Library/LaunchAgents/a.plist",
        ],
    );
    all(Role::MachineSettings, &["/etc/passwd", "/etc/hosts", "/etc/sudoers.d/x", "/private/etc/hosts"]);
    all(Role::History, &["/home/u/.bash_history"]);
}

#[test]
fn ordinary_work_is_ordinary() {
    all(
        Role::Ordinary,
        &[
            "/home/u/work/project/src/main.rs",
            "/home/u/work/project/README.md",
            "/home/u/work/project/build",
            "/home/u/work/project/workspace/a.txt",
            "/home/u/work/project",
            "/home/u/notes.txt",
            "/home/u/work/project/.bashrc",
            "/home/u/work/project/.editorconfig",
            "/home/u/work/project/src/env.rs",
            "/home/u/work/project/src/environment.ts",
            "/home/u/work/project/Cargo.lock",
            "/tmp/x",
            "/",
            "/home/u/work/project/.gitignore",
            "/home/u/work/project/docs/keys.md",
            "/home/u/.ssh/config",
        ],
    );
}

#[test]
fn the_place_of_the_workspace_does_not_colour_its_files() {
    let workspace = Path::new("/home/u/.claude/worktrees/fix");
    let home = Path::new("/home/u");
    assert_eq!(role_of(&workspace.join("src/main.rs"), home, workspace), Role::Ordinary);
    assert_eq!(role_of(&workspace.join(".claude/settings.json"), home, workspace), Role::AgentSettings);
    let workspace = Path::new("/home/u/.ssh");
    assert_eq!(role_of(&workspace.join("deploy"), home, workspace), Role::Secret(SecretKind::PrivateKey));
}
