//! `banksman doctor`: every gate that is set up gets a harmless and a forbidden probe.
//!
//! Only Banksman's own program is ever run, and nothing that is proposed to it.
#![expect(clippy::disallowed_methods, reason = "the doctor reads settings and calls the hooks as clients do")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use banksman::gates::probe::{self, Taken};
use banksman::gates::setup::trust::{self, Trust};
use banksman::gates::setup::{self, CLIENTS, Client, Found, SetupError};
use banksman::ledger::Ledger;
use serde_json::Value;

use super::{Failure, Outcome, install, say, surroundings, tidy};

#[derive(Debug, clap::Args)]
#[command(after_help = "Nothing that is proposed in a probe is run.
Exit status: 0 all gates that are set up are closed, 1 one is open, 2 it could not be found out.")]
pub(super) struct Arguments {
    /// Look at this client only
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(CLIENTS.iter().map(|client| client.name)))]
    client: Option<String>,
}

/// How much sooner than the client's patience a hook has to be done, in seconds.
const LEEWAY: u64 = 3;

/// What was found, for people, and whether a gate is open.
#[derive(Default)]
struct Report {
    text: String,
    gates: usize,
    open: usize,
}

impl Report {
    fn line(&mut self, words: &str) {
        let _ = writeln!(self.text, "  {words}");
    }

    fn open(&mut self, words: &str) {
        self.open += 1;
        let _ = writeln!(self.text, "  OPEN: {words}");
    }
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let program = std::env::current_exe().and_then(std::fs::canonicalize)?;
    let workspace = surroundings::workspace(&surroundings::folder(None)?);
    let mut report = Report::default();
    ledger(&mut report);
    for client in
        CLIENTS.iter().filter(|client| arguments.client.as_deref().is_none_or(|name| name == client.name))
    {
        let places = [install::file(client, None), install::file(client, Some(&workspace))];
        for file in places.into_iter().flatten() {
            examine(&mut report, client, &file, &program, &workspace)?;
        }
    }
    if report.gates == 0 {
        let _ = writeln!(report.text, "No gate is set up here. `banksman install CLIENT` sets one up.");
    }
    say(&report.text)?;
    Ok(u8::from(report.open > 0))
}

fn ledger(report: &mut Report) {
    let Some(path) = Ledger::usual_path() else {
        let _ = writeln!(report.text, "ledger");
        return report.line("there is no home folder for it, so every hook asks or stops");
    };
    let _ = writeln!(report.text, "ledger {}", tidy(&path));
    match Ledger::open(&path) {
        Ok(_) => report.line("works"),
        Err(error) => report.line(&format!("{error}; until it works, every hook asks or stops")),
    }
}

fn examine(
    report: &mut Report,
    client: &Client,
    file: &Path,
    program: &Path,
    workspace: &Path,
) -> Result<(), Failure> {
    let Ok(text) = std::fs::read_to_string(file) else { return Ok(()) };
    let found = match setup::found(&text, client) {
        Ok(found) if found.is_empty() => return Ok(()),
        Ok(found) => found,
        Err(error) => {
            let _ = writeln!(report.text, "{} {}", client.name, tidy(file));
            let words = format!("{error}, so it is not known whether a gate is set up here");
            // What stands there in Banksman's name was meant to gate.
            if error == SetupError::Altered {
                report.open(&words)
            } else {
                report.line(&words)
            }
            report.gates += 1;
            return Ok(());
        }
    };
    report.gates += 1;
    let _ = writeln!(report.text, "{} {}", client.name, tidy(file));
    let before = report.open;
    for event in client.events {
        let gates = client.gates.contains(event);
        let hook = found.iter().find(|hook| hook.event == *event);
        match hook {
            None if gates => {
                report.open(&format!("no hook for `{event}`; `banksman install {}` mends it", client.name))
            }
            None => report.line(&format!(
                "no hook for `{event}`, so less is known; `banksman install {}` mends it",
                client.name
            )),
            Some(hook) if gates && !hook.everything => {
                report.open(&format!("the hook for `{event}` is called for some tools only"));
            }
            Some(hook) if gates => fire(report, client, hook, program, workspace)?,
            Some(_) => {}
        }
        if let Some(hook) = hook.filter(|_| client.asks.contains(event)) {
            patience(report, client, hook);
        }
    }
    switches(report, client, workspace);
    if client.name == "codex" {
        codex(report, client, file, &text);
    }
    if report.open == before {
        report.line("closed");
    }
    Ok(())
}

/// Whoever waits longer for a person than the client waits for the hook leaves the gate open.
fn patience(report: &mut Report, client: &Client, hook: &Found) {
    let Some(patience) = hook.patience.map(Duration::from_millis) else { return };
    let (event, name) = (&hook.event, client.name);
    let (takes, waits) = (hook.wait().as_secs(), patience.as_secs());
    if takes + LEEWAY > waits {
        report.open(&format!(
            "the hook for `{event}` may take {takes} s when a person is asked, and the client goes on without it \
             after {waits} s; `banksman install {name}` mends it"
        ));
    } else if takes < u64::from(setup::WAIT) {
        report.line(&format!(
            "a person who is asked in the editor has {takes} s; `banksman install {name}` makes five minutes of it"
        ));
    }
}

/// Calls the hook as the client would, with a ledger of its own.
fn fire(
    report: &mut Report,
    client: &Client,
    hook: &Found,
    program: &Path,
    workspace: &Path,
) -> Result<(), Failure> {
    let named = hook.words.first().map(PathBuf::from).unwrap_or_default();
    match named.canonicalize() {
        Err(_) => {
            report.open(&format!(
                "`{}` is not there; `banksman install {}` mends it",
                named.display(),
                client.name
            ));
            return Ok(());
        }
        Ok(real) if real != program => {
            report.open(&format!("`{}` is another program than this one and was not tried", named.display()));
            return Ok(());
        }
        Ok(_) => {}
    }
    let ledger = std::env::temp_dir().join(format!("banksman-doctor-{}", std::process::id()));
    std::fs::create_dir_all(&ledger)?;
    for (command, expected) in [(probe::HARMLESS, Taken::Runs), (probe::FORBIDDEN, Taken::Stopped)] {
        let start = Instant::now();
        let taken = call(client, program, workspace, &ledger.join("ledger.sqlite3"), command);
        let millis = start.elapsed().as_millis();
        match taken {
            Ok(taken) if taken == expected => {
                let word = if taken == Taken::Runs { "runs" } else { "is stopped" };
                report.line(&format!("`{command}` {word} ({millis} ms)"));
            }
            Ok(Taken::Runs) => report.open(&format!("`{command}` would run")),
            Ok(_) => {
                report.line(&format!("`{command}` would not simply run; the settings here may ask for that"))
            }
            Err(error) => report.open(&format!("the hook cannot be called: {error}")),
        }
    }
    let _ = std::fs::remove_dir_all(&ledger);
    Ok(())
}

fn call(
    client: &Client,
    program: &Path,
    workspace: &Path,
    ledger: &Path,
    command: &str,
) -> std::io::Result<Taken> {
    let said = probe::proposal(client.name, "doctor", workspace, command).to_string();
    let mut child = Command::new(program)
        .args(["hook", client.name])
        .current_dir(workspace)
        .env("BANKSMAN_LEDGER", ledger)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(said.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(probe::taken(client.name, output.status.code(), &text(&output.stdout), &text(&output.stderr)))
}

fn switches(report: &mut Report, client: &Client, workspace: &Path) {
    for switch in client.switches {
        let mut files = Vec::new();
        if switch.file.starts_with('/') {
            files.push(PathBuf::from(switch.file));
        } else {
            files.extend(surroundings::home().map(|home| home.join(switch.file)));
            if switch.project {
                files.push(workspace.join(switch.file));
            }
        }
        let harmful: Option<Value> = serde_json::from_str(switch.value).ok();
        for file in files {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let settings = setup::value(&text).unwrap_or_default();
            let found = settings.pointer(switch.pointer);
            let listed =
                |harmful: &Value| found.and_then(Value::as_array).is_some_and(|list| list.contains(harmful));
            if harmful.as_ref().is_some_and(|harmful| found == Some(harmful) || listed(harmful)) {
                let words = format!(
                    "{} (`{}` in {})",
                    switch.meaning,
                    switch.pointer.trim_start_matches('/'),
                    tidy(&file)
                );
                if switch.opens { report.open(&words) } else { report.line(&words) }
            }
        }
    }
}

/// Codex passes over every hook that it was not told to trust, and says nothing.
fn codex(report: &mut Report, client: &Client, file: &Path, text: &str) {
    let config = install::codex_settings().and_then(|file| std::fs::read_to_string(file).ok());
    let config = config.unwrap_or_default();
    let real = file.canonicalize().unwrap_or_else(|_| file.to_path_buf());
    let places = [trust::known(text, file, client), trust::known(text, &real, client)];
    let [Ok(named), Ok(real)] = places else { return };
    let mends = "start `codex`, enter `/hooks` and trust it, or run `banksman install codex --trust`";
    for (named, real) in named.iter().zip(&real) {
        let gates = client.gates.contains(&named.event.as_str());
        let found = [trust::trust(&config, named), trust::trust(&config, real)];
        let words = if found.contains(&Trust::Given) {
            continue;
        } else if found.contains(&Trust::Off) {
            format!("the hook for `{}` is switched off in Codex", named.event)
        } else if found.contains(&Trust::Outdated) {
            format!(
                "the hook for `{}` was changed since Codex was told to trust it, and is passed over: {mends}",
                named.event
            )
        } else {
            format!("Codex was not told to trust the hook for `{}` and passes over it: {mends}", named.event)
        };
        if gates { report.open(&words) } else { report.line(&words) }
    }
    let settings: toml::Table = config.parse().unwrap_or_default();
    let text = |name: &str| settings.get(name).and_then(toml::Value::as_str);
    if settings.get("features").and_then(|features| features.get("hooks")?.as_bool()) == Some(false) {
        report.open("hooks are switched off (`features.hooks` in Codex's config.toml)");
    }
    if text("approval_policy") == Some("never") && text("sandbox_mode") == Some("danger-full-access") {
        report.line(
            "Codex's own questions and its sandbox are switched off; what Banksman lets pass runs unlimited",
        );
    }
    let managed = std::fs::read_to_string("/etc/codex/requirements.toml").unwrap_or_default();
    let managed: toml::Table = managed.parse().unwrap_or_default();
    if managed.get("allow_managed_hooks_only").and_then(toml::Value::as_bool) == Some(true) {
        report.open("only the hooks of the managed settings run (`/etc/codex/requirements.toml`)");
    }
}
