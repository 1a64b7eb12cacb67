//! Patterns so wide that they stand for any command: what runs whatever comes behind it.

use super::is_wild;

/// `words` end where any words may follow, or hold a wildcard themselves.
pub(super) fn runs_anything(words: &[&str]) -> Option<String> {
    let Some((program, rest)) = words.split_first() else {
        return Some("it would allow every command".to_owned());
    };
    if is_wild(program) {
        return Some("the program must be named".to_owned());
    }
    let name = program.rsplit('/').next().unwrap_or(program);
    let unversioned = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if words
        .iter()
        .any(|word| matches!(*word, "-exec" | "-execdir" | "-ok" | "-okdir" | "--exec" | "-x" | "-X"))
        && matches!(name, "find" | "fd" | "fdfind")
    {
        return Some(format!("`{name}` runs any program in this way"));
    }
    if WRAPPERS.contains(&name) {
        let inner = rest.iter().position(|word| !is_setting(word)).and_then(|at| rest.get(at..));
        return match inner {
            Some([first, ..]) if first.starts_with('-') => {
                Some(format!("`{name}` with options can run anything"))
            }
            Some(inner) => runs_anything(inner).map(|_| format!("`{name}` would run anything in this way")),
            None => Some(format!("`{name}` runs whatever follows")),
        };
    }
    for path in RUNNERS {
        if let Some(after) = after(words, path) {
            let quiet = |word: &&&str| matches!(**word, "-y" | "--yes" | "--no" | "--no-install" | "--");
            let named = after.iter().find(|word| !quiet(word));
            let shown = path.join(" ");
            return match named {
                Some(word) if !word.starts_with('-') && !is_wild(word) => None,
                _ => Some(format!("`{shown}` runs whatever follows; name what it is to run")),
            };
        }
    }
    for path in ELSEWHERE {
        if let Some(after) = after(words, path) {
            let shown = path.join(" ");
            return match after {
                [place, command @ ..]
                    if !place.starts_with('-') && !is_wild(place) && !command.is_empty() =>
                {
                    runs_anything(command).map(|_| format!("`{shown}` would run anything in this way"))
                }
                _ => Some(format!("`{shown}` runs whatever follows; name the place and the command")),
            };
        }
    }
    if INTERPRETERS.contains(&name) || INTERPRETERS.contains(&unversioned) {
        return match rest {
            ["-m", module, ..] if !is_wild(module) => None,
            [script, ..] if !script.starts_with('-') && !is_wild(script) => None,
            _ => Some(format!("`{name}` runs any code; name the script, as `{name} scripts/build *`")),
        };
    }
    if WITH_SUBCOMMAND.contains(&name) {
        let rest = rest.strip_prefix(&["compose"]).unwrap_or(rest);
        return match rest.first() {
            Some(word) if !word.starts_with('-') && !is_wild(word) => None,
            _ => Some(format!(
                "`{name}` can run anything; name the subcommand, as `{name} {} *`",
                sample(name)
            )),
        };
    }
    None
}

/// Programs that run the program which is named after them.
const WRAPPERS: &[&str] = &[
    "env", "sudo", "doas", "su", "xargs", "nohup", "nice", "ionice", "timeout", "time", "command", "exec",
    "eval", "source", ".", "builtin", "watch", "setsid", "stdbuf", "chroot", "unshare", "nsenter", "strace",
    "ltrace", "gdb", "parallel", "flock", "script", "expect", "entr", "runuser", "pkexec", "busybox", "trap",
];

/// Programs that run code which they are given.
const INTERPRETERS: &[&str] = &[
    "bash",
    "sh",
    "zsh",
    "dash",
    "ksh",
    "fish",
    "csh",
    "tcsh",
    "pwsh",
    "powershell",
    "cmd",
    "python",
    "python2",
    "python3",
    "pypy",
    "pypy3",
    "node",
    "nodejs",
    "deno",
    "bun",
    "perl",
    "ruby",
    "php",
    "lua",
    "luajit",
    "Rscript",
    "osascript",
    "tclsh",
    "awk",
    "gawk",
    "mawk",
    "nawk",
    "irb",
    "ipython",
    "ts-node",
    "tsx",
    "groovy",
    "scala",
    "julia",
    "elixir",
    "erl",
    "swift",
    "java",
];

/// Programs and subcommands that fetch a package and run it, or run what is named after them.
const RUNNERS: &[&[&str]] = &[
    &["npx"],
    &["pnpx"],
    &["bunx"],
    &["uvx"],
    &["pipx", "run"],
    &["npm", "exec"],
    &["npm", "x"],
    &["npm", "init"],
    &["npm", "create"],
    &["pnpm", "dlx"],
    &["pnpm", "exec"],
    &["pnpm", "create"],
    &["yarn", "dlx"],
    &["yarn", "exec"],
    &["yarn", "create"],
    &["bun", "x"],
    &["bun", "run"],
    &["deno", "run"],
    &["deno", "eval"],
    &["uv", "run"],
    &["uv", "tool"],
    &["poetry", "run"],
    &["pipenv", "run"],
    &["pdm", "run"],
    &["hatch", "run"],
    &["conda", "run"],
    &["bundle", "exec"],
    &["go", "run"],
    &["nix", "run"],
    &["nix", "shell"],
    &["nix", "develop"],
    &["mise", "exec"],
    &["asdf", "exec"],
    &["direnv", "exec"],
    &["rustup", "run"],
    &["dotnet", "exec"],
];

/// Programs and subcommands that run a command somewhere else: after the place comes the command.
const ELSEWHERE: &[&[&str]] = &[
    &["ssh"],
    &["docker", "run"],
    &["docker", "exec"],
    &["docker", "compose", "run"],
    &["docker", "compose", "exec"],
    &["podman", "run"],
    &["podman", "exec"],
    &["kubectl", "exec"],
    &["kubectl", "run"],
    &["kubectl", "debug"],
    &["lxc", "exec"],
    &["vagrant", "ssh"],
];

/// Programs of which the subcommand says what they do.
const WITH_SUBCOMMAND: &[&str] = &[
    "npm",
    "pnpm",
    "yarn",
    "cargo",
    "go",
    "uv",
    "pip",
    "pip3",
    "pipx",
    "poetry",
    "pipenv",
    "pdm",
    "hatch",
    "conda",
    "bundle",
    "nix",
    "mise",
    "asdf",
    "direnv",
    "rustup",
    "dotnet",
    "git",
    "docker",
    "podman",
    "kubectl",
    "helm",
    "terraform",
    "aws",
    "gcloud",
    "az",
    "gh",
    "glab",
    "systemctl",
    "brew",
    "apt",
    "apt-get",
    "lxc",
    "vagrant",
];

fn sample(program: &str) -> &'static str {
    match program {
        "npm" | "pnpm" | "yarn" => "run",
        "git" => "status",
        "docker" | "podman" | "kubectl" | "helm" => "logs",
        "cargo" | "go" => "test",
        _ => "list",
    }
}

/// The words after a program and its subcommands.
fn after<'a, 'w>(words: &'a [&'w str], path: &[&'w str]) -> Option<&'a [&'w str]> {
    let (program, rest) = words.split_first()?;
    let name = program.rsplit('/').next().unwrap_or(program);
    let (wanted, subcommands) = path.split_first()?;
    if name != *wanted {
        return None;
    }
    rest.strip_prefix(subcommands)
}

/// `NAME=value`, or the number that `timeout` and `nice` take.
fn is_setting(word: &str) -> bool {
    let name = word.split_once('=').map(|(name, _)| name);
    name.is_some_and(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !is_wild(word)
    }) || word.trim_end_matches(['s', 'm', 'h']).parse::<f64>().is_ok()
}
