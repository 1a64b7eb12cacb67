//! ssh and what belongs to it.

use super::{
    Arg, Call, EffectKind, Remote, SendHow, Shell, Source, Value, WriteHow, joined, observe, remote,
};
use crate::effects::Elsewhere;
use crate::effects::argv::{Parsed, Spec, parse};
use banksman_protocol::Span;

const SHORT: &str = "BbcDEeFIiJLlmOopPQRSWw";

pub(super) fn ssh(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let short = if call.name == "autossh" { "BbcDEeFIiJLlmOopPQRSWwM" } else { SHORT };
    let first = parse(call.args, &Spec { short, long: &[], operand_ends: true, single_dash: false });
    // Options may stand between the host and its command too.
    let (host, parsed, command) = match first.operands.split_first() {
        Some((host, rest)) => {
            let second = parse(rest, &Spec { short, long: &[], operand_ends: true, single_dash: false });
            let mut options = first.options.clone();
            options.extend(second.options);
            (Some(host.clone()), Parsed { options, ..Parsed::default() }, second.operands)
        }
        None => (None, first, Vec::new()),
    };
    if parsed.has(&["-V", "-Q", "-G"]) && host.is_none() || parsed.has(&["-G"]) {
        return observe(call, shell);
    }
    settings(&parsed, shell);
    let Some(host) = host else { return observe(call, shell) };
    let to = remote(&host.value);
    forwards(&parsed, shell);
    if let Some(file) = parsed.value(&["-E"]) {
        shell.write(file, WriteHow::Append, None);
    }
    if !host.value.sources().is_empty() {
        let what = host.value.sources().to_vec();
        shell.add(EffectKind::Send { to: to.clone(), what, how: SendHow::Address }, host.span);
    }
    let source = Source::Url(format!("ssh://{}", host.shown()));
    let is_forge = host.value.prefix().starts_with("git@");
    // Whoever uses the port reaches everything that the other machine reaches.
    let relays = parsed.has(&["-D"]);
    if command.is_empty() && !relays && (is_forge || parsed.has(&["-O", "-N"])) {
        shell.add(EffectKind::Fetch { from: to, saves: None }, call.span);
        return Value::output("ssh", [source]);
    }
    let mut what = call.stdin.sources().to_vec();
    for arg in &command {
        what.extend(arg.value.sources().iter().cloned());
    }
    if !what.is_empty() {
        shell.add(EffectKind::Send { to: to.clone(), what, how: SendHow::Body }, call.span);
    }
    let told = (!command.is_empty())
        .then(|| joined(&command))
        .or_else(|| call.stdin.text().filter(|text| !text.is_empty()).map(str::to_owned));
    shell.add(EffectKind::RunElsewhere { place: Elsewhere::Host(to), command: told }, call.span);
    Value::output(&format!("ssh {}", host.shown()), [source])
}

/// Settings given with `-o`: some are commands, some switch off the check of who the other side is.
pub(super) fn settings(parsed: &Parsed, shell: &mut Shell<'_>) {
    let mut unchecked: Option<Span> = None;
    for option in parsed.values(&["-o"]) {
        let text = option.value.prefix();
        let Some(at) = text.find(['=', ' ']) else { continue };
        let key = text.get(..at).unwrap_or_default().trim().to_ascii_lowercase();
        let value = crate::effects::argv::tail(option, at + 1);
        match key.as_str() {
            "proxycommand" | "localcommand" | "knownhostscommand" if value.text() != Some("none") => {
                shell.run_line(&value.value, option.span, &Value::default());
            }
            "pkcs11provider" | "securitykeyprovider" | "include" => {
                shell.add(EffectKind::Inject { variable: key, value: value.shown() }, option.span);
            }
            "stricthostkeychecking" if matches!(value.text(), Some("no" | "off")) => {
                unchecked = Some(option.span)
            }
            "userknownhostsfile" if value.text() == Some("/dev/null") => {
                unchecked = unchecked.or(Some(option.span))
            }
            "remoteforward" => shell.add(EffectKind::Tunnel { via: "ssh -R".to_owned() }, option.span),
            _ => {}
        }
    }
    if let Some(span) = unchecked {
        let what = "ssh does not check who the other side is".to_owned();
        shell.add(EffectKind::Weaken { what, once: true }, span);
    }
    if let Some(library) = parsed.value(&["-I"]) {
        shell.add(
            EffectKind::Inject { variable: "PKCS11Provider".to_owned(), value: library.shown() },
            library.span,
        );
    }
    if let Some(file) =
        parsed.value(&["-F"]).filter(|file| !matches!(file.text(), Some("none" | "/dev/null")))
    {
        let text = shell.read_file(file);
        let commands = text.text().unwrap_or_default().to_owned();
        for line in commands.lines() {
            let line = line.trim();
            let lower = line.to_ascii_lowercase();
            if lower.starts_with("proxycommand") || lower.starts_with("localcommand") {
                let command = line.split_once([' ', '=']).map(|(_, command)| command).unwrap_or_default();
                shell.run_line(&Value::known(command), file.span, &Value::default());
            }
        }
    }
}

fn forwards(parsed: &Parsed, shell: &mut Shell<'_>) {
    for forward in parsed.values(&["-R"]) {
        shell.add(EffectKind::Tunnel { via: format!("ssh -R {}", forward.shown()) }, forward.span);
    }
    if let Some(device) = parsed.value(&["-w"]) {
        shell.add(EffectKind::Tunnel { via: "ssh -w".to_owned() }, device.span);
    }
    let everybody = parsed.has(&["-g"]);
    for forward in parsed.values(&["-L", "-D"]) {
        let text = forward.shown();
        let bind = match text.split(':').count() {
            4 | 2 => text.split(':').next().unwrap_or_default().to_owned(),
            _ => "127.0.0.1".to_owned(),
        };
        let bind = if everybody || bind.is_empty() || bind == "*" { "0.0.0.0".to_owned() } else { bind };
        shell.add(EffectKind::Listen { address: bind, serves: None }, forward.span);
    }
}

pub(super) fn copy_id(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "ipotF", long: &[], ..Spec::default() });
    let Some(host) = parsed.operands.first() else { return observe(call, shell) };
    shell.add(
        EffectKind::Persist { mechanism: format!("a key in `authorized_keys` on {}", host.shown()) },
        call.span,
    );
    Value::default()
}

pub(super) fn keygen(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "bfNCtmIORFDPsVnzwaAMSrYaE", long: &[], ..Spec::default() });
    if let Some(library) = parsed.value(&["-D", "-w"]) {
        shell.add(
            EffectKind::Inject { variable: "PKCS11Provider".to_owned(), value: library.shown() },
            library.span,
        );
        return observe(call, shell);
    }
    if let Some(host) = parsed.value(&["-R"]) {
        let file = Arg::known(shell.world().home().join(".ssh/known_hosts").to_string_lossy(), host.span);
        shell.write(&file, WriteHow::Change, None);
        return Value::default();
    }
    if parsed.has(&["-l", "-F", "-B", "-y", "-L", "-H", "-Q", "-e", "-i"]) {
        return observe(call, shell);
    }
    let file = parsed.value(&["-f"]).cloned().unwrap_or_else(|| {
        let kind = parsed.value(&["-t"]).and_then(Arg::text).unwrap_or("ed25519");
        Arg::known(shell.world().home().join(format!(".ssh/id_{kind}")).to_string_lossy(), call.span)
    });
    let how = if parsed.has(&["-p", "-c"]) { WriteHow::Change } else { WriteHow::Replace };
    shell.write(&file, how, None);
    Value::default()
}

/// `ssh-agent` prints variables to evaluate, or runs a command.
pub(super) fn agent(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        parse(call.args, &Spec { short: "aEOPt", long: &[], operand_ends: true, single_dash: false });
    if parsed.operands.is_empty() {
        shell.add(EffectKind::Observe, call.span);
        return Value::known("SSH_AUTH_SOCK=/tmp/ssh-agent; export SSH_AUTH_SOCK;");
    }
    shell.run_words(&parsed.operands, call.span, call.stdin)
}

pub(super) fn with_password(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "fdpP", long: &[], operand_ends: true, single_dash: false });
    if let Some(file) = parsed.value(&["-f"]) {
        shell.read_file(file);
    }
    shell.run_words(&parsed.operands, call.span, call.stdin)
}

/// `user@host:path` or `scheme://…`: the machine and the path on it.
pub(super) fn split_remote(arg: &Arg) -> Option<Remote> {
    let known = arg.value.prefix();
    if known.contains("://") {
        return Some(remote(&arg.value));
    }
    let colon = known.find(':');
    let slash = known.find('/').unwrap_or(usize::MAX);
    match colon {
        Some(at) if at > 1 && at < slash => {
            let host = known.get(..at).unwrap_or_default();
            Some(Remote { shown: arg.shown(), ..Remote::read(host) })
        }
        // `$HOST:path`
        None if arg.text().is_none() && slash == usize::MAX && arg.value.suffix().starts_with(':') => {
            Some(Remote::unknown(&arg.shown()))
        }
        _ => None,
    }
}
