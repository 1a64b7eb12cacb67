//! A child process between two streams: what both proxies need of the process.
#![expect(clippy::disallowed_methods, reason = "the proxy starts what it stands in front of")]

use std::ffi::OsString;
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use banksman::gates::proxy::{Ended, Far, Judge, Pump};

use super::{Failure, Outcome};

/// Starts the child, and passes frames until one end is gone. The status is the child's.
pub(super) fn run<J: Judge>(
    command: &[OsString],
    variables: Vec<(&'static str, String)>,
    judge: impl FnOnce() -> Result<J, Failure>,
) -> Outcome {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Failure::new("there is no program to start"));
    };
    let start = || {
        let child = tokio::process::Command::new(program)
            .args(arguments)
            .envs(variables)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                Failure::new(format!("`{}` cannot be started: {error}", program.to_string_lossy()))
            })?;
        Ok(Far::Process(child))
    };
    between(start, judge)
}

/// Passes frames between stdin and stdout and what is started, until one end is gone.
pub(super) fn between<J: Judge>(
    start: impl FnOnce() -> Result<Far, Failure>,
    judge: impl FnOnce() -> Result<J, Failure>,
) -> Outcome {
    let judge = judge()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("the proxy cannot start: {error}")))?;
    let ended = runtime.block_on(async {
        let pump = Pump::new(start()?);
        Ok::<_, Failure>(pump.run(judge, tokio::io::stdin(), tokio::io::stdout(), told_to_stop()).await?)
    });
    // A read of stdin cannot be taken back; nobody waits for it.
    runtime.shutdown_background();
    match ended? {
        Ended::Child(code) => Ok(code),
        Ended::Client => Ok(0),
    }
}

/// What the child is called: the program, or the package that a runner of packages is to run.
pub(super) fn name(command: &[OsString]) -> String {
    let mut words = command.iter().map(|word| {
        let word = word.to_string_lossy();
        let last = word.rsplit(['/', '\\']).next().unwrap_or(&word);
        let bare = last.split_once('@').map_or(last, |(name, _)| name);
        bare.trim_end_matches(".exe").trim_end_matches(".cmd").trim_end_matches(".js").to_owned()
    });
    let Some(program) = words.next() else { return String::new() };
    let runs_packages = matches!(
        program.as_str(),
        "npx"
            | "bunx"
            | "pnpx"
            | "uvx"
            | "pipx"
            | "npm"
            | "pnpm"
            | "yarn"
            | "bun"
            | "deno"
            | "uv"
            | "node"
            | "python"
            | "python3"
    );
    let package = words
        .find(|word| !word.starts_with('-') && !["exec", "run", "dlx", "x", "tool"].contains(&word.as_str()));
    package.filter(|_| runs_packages).unwrap_or(program)
}

/// Something that no other run is called.
pub(super) fn run_name() -> String {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    format!("proxy-{micros:x}-{:x}", std::process::id())
}

/// Until somebody tells the process to end.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
        let mut signals: Vec<_> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
        let waits = signals.iter_mut().map(|signal| Box::pin(signal.recv()));
        if waits.len() > 0 {
            let _ = futures::future::select_all(waits).await;
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_called_by_what_it_is() {
        for (command, expected) in [
            ("claude-agent-acp", "claude-agent-acp"),
            ("/opt/bin/opencode acp", "opencode"),
            ("npx -y @modelcontextprotocol/server-filesystem@1.0 /tmp", "server-filesystem"),
            ("node dist/index.js", "index"),
            ("uvx mcp-server-git", "mcp-server-git"),
        ] {
            let words: Vec<OsString> = command.split(' ').map(OsString::from).collect();
            assert_eq!(name(&words), expected, "{command}");
        }
    }
}
