//! Editors that are told on the command line what to do.

use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::Call;
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, PackageSource, Reach, Worst};

pub(super) fn editor(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &["cmd", "eval", "load", "script", "execute"];
    // The editors of the line take `-s` and `-e` alone: `ex -sc COMMAND`, `vim -es`.
    let bundled =
        call.args.iter().filter_map(Arg::text).any(|arg| matches!(arg, "-es" | "-Es" | "-e" | "-E"));
    let vi = matches!(call.name, "vim" | "vi" | "nvim" | "view") && bundled;
    let short = if call.name == "ex" || vi { "cSuT" } else { "cSsuTe" };
    let parsed = parse(call.args, &Spec { short, long, ..Spec::default() });
    let lines: Vec<Arg> = parsed
        .values(&["-c", "--cmd", "--eval", "--execute", "-S", "-s"])
        .cloned()
        .chain(parsed.operands.iter().filter(|operand| operand.value.prefix().starts_with('+')).cloned())
        .collect();
    for line in &lines {
        let shown = line.shown();
        match shown.split_once('!') {
            Some((before, command)) if !before.contains("wq") && !before.ends_with('q') => {
                shell.run_line(&Value::known(command), line.span, &Value::default());
            }
            _ if shown.contains("system(")
                || shown.contains("shell-command")
                || shown.contains("call-process")
                || shown.contains("os.execute") =>
            {
                shell.opaque("an editor runs a command of its own", Worst::Runs, line.span);
            }
            _ => {}
        }
    }
    let acts = !lines.is_empty();
    for file in parsed.operands.iter().filter(|operand| !operand.value.prefix().starts_with('+')) {
        if matches!(call.name, "open" | "xdg-open") && file.shown().contains("://") {
            let from = crate::effects::Remote::read(&file.shown());
            shell.add(EffectKind::Fetch { from, saves: None }, file.span);
        } else if acts {
            shell.rewrite(file);
        } else {
            shell.read_file(file);
        }
    }
    shell.add(EffectKind::Observe, call.span);
    Value::default()
}

/// An editor whose extensions, once installed, run with all of the user's rights.
pub(super) fn extensible(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &[
        "install-extension",
        "uninstall-extension",
        "add-mcp",
        "extensions-dir",
        "user-data-dir",
        "profile",
    ];
    let parsed = parse(call.args, &Spec { short: "g", long, ..Spec::default() });
    // What the marketplace has is known to many; a file is not.
    let installs: Vec<Arg> = parsed
        .values(&["--install-extension"])
        .filter(|extension| extension.text().is_none_or(|text| text.ends_with(".vsix")))
        .cloned()
        .collect();
    let adds: Vec<Arg> = parsed.values(&["--add-mcp"]).cloned().collect();
    for extension in &installs {
        let source = PackageSource::Local(extension.shown());
        let (manager, package) = (call.name.to_owned(), extension.shown());
        shell.add(EffectKind::Install { manager, package, source, reach: Reach::User }, extension.span);
    }
    for server in &adds {
        let what = format!("a server whose tools agents may call (`{}`)", server.shown());
        shell.add(EffectKind::Machine { what, grave: false }, server.span);
    }
    if installs.is_empty() && adds.is_empty() {
        return editor(call, shell);
    }
    Value::default()
}

pub(super) fn line_editor(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "p", ..Spec::default() });
    match call.stdin.text() {
        Some(text) => {
            for line in text
                .lines()
                .filter_map(|line| line.trim().strip_prefix('!'))
                .map(str::to_owned)
                .collect::<Vec<_>>()
            {
                shell.run_line(&Value::known(line), call.span, &Value::default());
            }
        }
        None => shell.opaque("which commands the editor is given is not known", Worst::Writes, call.span),
    }
    for file in &parsed.operands {
        shell.rewrite(file);
    }
    Value::default()
}
