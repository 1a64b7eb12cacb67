//! Ending processes: whose they are decides.

use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::programs::common::{asks_for_help, observe, printed};
use crate::effects::shell::Shell;
use crate::effects::value::{Hole, Value};
use crate::effects::{EffectKind, Source, Whose};

/// Servers that a coding session starts and ends again all day.
const OWN_SERVERS: &[&str] = &["$!", "%"];

pub(super) fn kill(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let mut targets = Vec::new();
    let mut signal_follows = false;
    for (index, arg) in call.args.iter().enumerate() {
        let text = arg.shown();
        if std::mem::take(&mut signal_follows) {
            if matches!(text.as_str(), "0" | "EXIT") {
                return observe(call, shell);
            }
            continue;
        }
        match text.as_str() {
            "-l" | "-L" | "--list" | "--table" | "--help" | "-0" => return observe(call, shell),
            "-s" | "-n" | "--signal" | "-q" => signal_follows = true,
            "--" => {}
            _ if index == 0 && text.starts_with('-') && text.len() > 1 => {}
            _ => targets.push(arg),
        }
    }
    if targets.is_empty() {
        return observe(call, shell);
    }
    for arg in targets {
        let whose = whose_process(arg, shell);
        shell.add(EffectKind::Kill { target: arg.shown(), whose }, arg.span);
    }
    Value::default()
}

/// Whose process a number, a job or what a command printed means.
fn whose_process(arg: &Arg, shell: &Shell<'_>) -> Whose {
    let text = arg.shown();
    if text == "-1" || text == "1" {
        return Whose::Everything;
    }
    if OWN_SERVERS.iter().any(|own| text.starts_with(own)) {
        return Whose::Ours;
    }
    match arg.value.hole() {
        Some(Hole::Variable(name) | Hole::Unset(name)) if name == "!" => Whose::Ours,
        // A variable that the line has set to `$!`, a file in which the session kept a number.
        Some(Hole::Output(command) | Hole::Any(command)) => {
            let started = &shell.world().trail().started;
            let own = started.iter().any(|program| !program.is_empty() && command.contains(program.as_str()));
            let kept = arg.value.sources().iter().any(|source| match source {
                Source::File(place) => {
                    shell.world().trail().made(&place.path)
                        || shell.written(&place.path).is_some()
                        || place.name().ends_with(".pid") && place.scope == crate::world::Scope::Workspace
                }
                _ => false,
            });
            if own || kept || command == "$!" || command == "the last job" {
                Whose::Ours
            } else {
                Whose::Others
            }
        }
        _ => Whose::Others,
    }
}

fn started_here(pattern: &str, shell: &Shell<'_>) -> bool {
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    !pattern.is_empty()
        && shell.world().trail().started.iter().any(|program| {
            !program.is_empty()
                && (program == pattern || pattern.contains(program.as_str()) || program.contains(pattern))
        })
}

pub(super) fn kill_by_name(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "ugGPstnUonyZ",
            long: &[
                "signal",
                "user",
                "euid",
                "uid",
                "group",
                "parent",
                "session",
                "terminal",
                "older-than",
                "younger-than",
                "ns",
                "pidfile",
            ],
            ..Spec::default()
        },
    );
    let looks = parsed.has(&["-l", "--list", "--list-name", "-V", "--version", "--help", "-0"])
        || parsed.value(&["-s", "--signal"]).is_some_and(|signal| signal.text() == Some("0"));
    if looks || call.args.iter().any(|arg| arg.text() == Some("-0")) {
        return observe(call, shell);
    }
    if call.name == "killall5" {
        shell.add(
            EffectKind::Kill { target: "every process".to_owned(), whose: Whose::Everything },
            call.span,
        );
        return Value::default();
    }
    let by_user = parsed.has(&["-u", "-U", "--user", "--euid", "--uid"]);
    if parsed.operands.is_empty() {
        let whose = if by_user { Whose::Everything } else { Whose::Others };
        let target = call.args.last().map(Arg::shown).unwrap_or_else(|| call.name.to_owned());
        shell.add(EffectKind::Kill { target, whose }, call.span);
        return Value::default();
    }
    for arg in &parsed.operands {
        let pattern = arg.shown();
        // Long patterns of `pkill -f` name one command line; one that matches all is everything.
        let whose = if matches!(pattern.as_str(), "." | ".*" | "" | "^" | "*") {
            Whose::Everything
        } else if started_here(&pattern, shell) {
            Whose::Ours
        } else {
            Whose::Others
        };
        shell.add(EffectKind::Kill { target: pattern, whose }, arg.span);
    }
    Value::default()
}

pub(super) fn kill_by_use(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let kills = call.name != "fuser"
        || call.args.iter().filter_map(Arg::text).any(|arg| {
            arg == "--kill"
                || (arg.starts_with('-')
                    && !arg.starts_with("--")
                    && !arg.starts_with("-n")
                    && arg.contains('k'))
        });
    if !kills || asks_for_help(call.args) {
        return observe(call, shell);
    }
    for arg in call.args.iter().filter(|arg| !arg.value.prefix().starts_with('-')) {
        let whose = if started_here(&arg.shown(), shell) { Whose::Ours } else { Whose::Others };
        shell.add(EffectKind::Kill { target: arg.shown(), whose }, arg.span);
    }
    printed(call)
}

/// Load that is made on purpose: more memory than a machine has to spare stops everything else.
pub(super) fn stress(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let words: Vec<String> = call.args.iter().map(Arg::shown).collect();
    let value = |names: &[&str]| {
        words.iter().enumerate().find_map(|(at, word)| {
            let (name, attached) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            names.contains(&name).then(|| attached.or_else(|| words.get(at + 1).cloned())).flatten()
        })
    };
    let workers = value(&["--vm", "-m"]).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).max(1);
    let bytes = value(&["--vm-bytes", "--vm-hang-bytes"]);
    let much = bytes.as_deref().is_some_and(|text| match megabytes(text) {
        Some(each) => each.saturating_mul(workers) >= 4 * 1024,
        None => true,
    });
    let floods =
        ["--fork", "--vfork", "--bigheap", "--brk", "--mmap", "--clone", "--fallocate", "--hdd", "-d"];
    let floods = words.iter().find(|word| floods.contains(&word.as_str()));
    if much || floods.is_some() {
        let how = bytes.map_or_else(
            || format!("`{} {}`", call.name, floods.cloned().unwrap_or_default()),
            |bytes| format!("{workers} workers that take {bytes} of memory each"),
        );
        shell.add(EffectKind::Exhaust { how }, call.span);
        return printed(call);
    }
    observe(call, shell)
}

/// `16G`, `512m`, `80%` in megabytes, when it can be told.
fn megabytes(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let amount: u64 = digits.parse().ok()?;
    Some(match text.get(digits.len()..)?.to_ascii_lowercase().as_str() {
        "g" | "gb" => amount.saturating_mul(1024),
        "t" | "tb" => amount.saturating_mul(1024 * 1024),
        "m" | "mb" => amount,
        "k" | "kb" => amount / 1024,
        _ => amount / (1024 * 1024),
    })
}
