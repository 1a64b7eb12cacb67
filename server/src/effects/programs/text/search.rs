//! Programs that pick from files and folders: grep, ls, jq.

use super::{changed, origins};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Source, WriteHow, secret_variable};

pub(super) fn grep(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let ripgrep = matches!(call.name, "rg" | "ripgrep");
    let spec = Spec {
        short: if ripgrep { "efgtTmABCjMrE" } else { "efmABCdD" },
        long: &[
            "regexp",
            "file",
            "max-count",
            "after-context",
            "before-context",
            "context",
            "include",
            "exclude",
            "exclude-dir",
            "color",
            "colour",
            "glob",
            "type",
            "type-not",
            "pre",
            "pre-glob",
            "hostname-bin",
            "replace",
            "max-depth",
            "threads",
            "sort",
            "encoding",
            "label",
        ],
        ..Spec::default()
    };
    let parsed = parse(call.args, &spec);
    for program in parsed.values(&["--pre", "--hostname-bin", "--pager"]).cloned().collect::<Vec<_>>() {
        shell.run_line(&program.value, program.span, &Value::default());
    }
    for file in parsed.values(&["-f", "--file"]).cloned().collect::<Vec<_>>() {
        shell.read_file(&file);
    }
    let named = parsed.has(&["-e", "--regexp", "-f", "--file", "--files"]);
    let pattern = parsed
        .value(&["-e", "--regexp"])
        .or_else(|| parsed.operands.first())
        .and_then(Arg::text)
        .unwrap_or_default()
        .to_owned();
    let files = parsed.rest(usize::from(!named));
    let whole_tree = files.is_empty()
        && (ripgrep
            || parsed.has(&["-r", "-R", "--recursive"])
            || matches!(call.name, "ag" | "ack" | "ugrep"));
    if files.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    let quiet = parsed.has(&[
        "-q",
        "--quiet",
        "--silent",
        "-l",
        "-L",
        "-c",
        "--count",
        "--files-with-matches",
        "--files-without-match",
    ]);
    let recursive = parsed.has(&["-r", "-R", "--recursive"]) || ripgrep;
    let out = if whole_tree {
        Value::default()
    } else if recursive || quiet {
        let mut out = Value::default();
        for file in files {
            let place = shell.place(file);
            if !matches!(place.role, crate::world::Role::Secret(_)) || !quiet {
                out.push(&shell.read_file_unseen(file));
            } else {
                shell.add(EffectKind::Observe, file.span);
            }
        }
        out
    } else {
        origins(shell, files, call.stdin)
    };
    if parsed.has(&["-l", "-L", "--files-with-matches", "--files-without-match"]) {
        let here = [Arg::known(".", call.span)];
        return crate::effects::programs::find::narrowed(if files.is_empty() { &here } else { files });
    }
    let inverted = parsed.has(&["-v", "--invert-match"]);
    let mut sources: Vec<Source> = if quiet { Vec::new() } else { out.sources().to_vec() };
    // Picking harmless names out of the environment shows no secret.
    if !inverted
        && !pattern.is_empty()
        && pattern.chars().any(|c| c.is_ascii_alphabetic())
        && !seeks_secret(&pattern)
    {
        sources.retain(|source| *source != Source::Environment);
    }
    Value::output(call.name, sources)
}

/// A pattern that would pick secrets out of the environment.
fn seeks_secret(pattern: &str) -> bool {
    let upper = pattern.to_ascii_uppercase();
    secret_variable(&upper)
        || ["KEY", "TOKEN", "SECRET", "PASS", "AUTH", "CRED", "."]
            .iter()
            .any(|word| upper.contains(word) && (*word != "." || upper.len() < 4))
}

pub(super) fn list(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "ITw",
            long: &["ignore", "sort", "time", "color", "width", "time-style", "block-size", "hide"],
            ..Spec::default()
        },
    );
    shell.add(EffectKind::Observe, call.span);
    // `-d` prints the names that it is given.
    if parsed.has(&["-d", "--directory"]) && !parsed.has(&["-l", "-g", "-o", "-n", "-s", "-i", "-F", "-p"]) {
        let names: Option<Vec<&str>> =
            parsed.operands.iter().map(|operand| operand.text().filter(|_| !operand.pattern)).collect();
        return match names {
            Some(names) if !names.is_empty() => Value::known(names.join("\n")),
            Some(_) => Value::known("."),
            None => Value::output("ls", Vec::new()),
        };
    }
    // The names are known when nothing but folders are listed.
    let long = parsed.has(&["-l", "-g", "-o", "-n", "-s", "-i", "-R", "-F", "-p", "--recursive"]);
    if !shell.flows_on()
        || long
        || parsed.operands.len() > 1
        || parsed.operands.iter().any(|operand| operand.text().is_none())
    {
        return Value::output("ls", Vec::new());
    }
    let here = Arg::known(".", call.span);
    let folder = shell.place(parsed.operands.first().unwrap_or(&here));
    if !shell.world().is_folder(&folder.path) {
        return Value::output("ls", Vec::new());
    }
    let listing = shell.world().list(&folder.path);
    if listing.capped || listing.names.len() > 256 {
        return Value::output("ls", Vec::new());
    }
    let all = parsed.has(&["-a", "-A", "--all", "--almost-all"]);
    let names: Vec<String> =
        listing.names.iter().filter(|name| all || !name.starts_with('.')).cloned().collect();
    Value::known(names.join("\n"))
}

pub(super) fn query(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "fLpoI",
            long: &["from-file", "input-format", "output-format", "indent"],
            ..Spec::default()
        },
    );
    let skip =
        usize::from(!parsed.has(&["-f", "--from-file", "-n", "--null-input"]) || !parsed.operands.is_empty());
    // `--arg NAME VALUE` and its kin take two words that are no files.
    let mut files: Vec<Arg> = Vec::new();
    let mut rest = call.args.iter().filter(|arg| !arg.value.prefix().starts_with('-')).skip(skip).peekable();
    let pairs = call.args.windows(3).filter_map(|three| match three {
        [flag, name, value]
            if matches!(
                flag.text(),
                Some("--arg" | "--argjson" | "--slurpfile" | "--rawfile" | "--argfile")
            ) =>
        {
            Some([name.clone(), value.clone()])
        }
        _ => None,
    });
    let given: Vec<Arg> = pairs.flatten().collect();
    for arg in rest.by_ref() {
        if !given.contains(arg) {
            files.push(arg.clone());
        }
    }
    let only_eval = matches!(call.args.first().and_then(Arg::text), Some("eval" | "e" | "eval-all" | "ea"));
    if only_eval && !files.is_empty() {
        files.remove(0);
    }
    if files.is_empty() {
        shell.add(EffectKind::Observe, call.span);
    }
    if parsed.has(&["-i", "--inplace", "--in-place"]) && call.name != "jq" {
        for file in &files {
            shell.write(file, WriteHow::Change, None);
        }
        return Value::default();
    }
    let out = origins(shell, &files, call.stdin);
    changed(call, &out)
}
