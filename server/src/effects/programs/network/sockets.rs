//! Raw connections: netcat, socat, openssl. Where a program is put at their end, somebody gets a shell.

use super::{
    Arg, Call, EffectKind, Remote, SendHow, Shell, Source, Value, WriteHow, asks_for_help, is_a_shell,
    observe, remote,
};
use crate::effects::argv::{Spec, parse, tail};

pub(super) fn netcat(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help(call.args) {
        return observe(call, shell);
    }
    let long = &[
        "exec",
        "sh-exec",
        "lua-exec",
        "source",
        "source-port",
        "wait",
        "idle-timeout",
        "proxy",
        "proxy-type",
        "proxy-auth",
        "output",
        "hex-dump",
        "delay",
        "max-conns",
        "allow",
        "deny",
    ];
    // `-c` takes a command with some netcats and nothing with others.
    let short = if call.name == "telnet" { "lbSXkne" } else { "ecgGimoOpPqsTVwWxXI" };
    let parsed = parse(call.args, &Spec { short, long, ..Spec::default() });
    let listens = parsed.has(&["-l", "--listen"]);
    let host = parsed.operands.first();
    if let Some(path) = host.filter(|_| parsed.has(&["-U", "--unixsock"]) && !listens) {
        let place = shell.place(path);
        shell.add(EffectKind::Read { place }, path.span);
    }
    let port = parsed
        .operands
        .get(1)
        .map(Arg::shown)
        .or_else(|| parsed.value(&["-p", "--source-port"]).map(Arg::shown));
    let peer = match (host, &port) {
        (Some(host), Some(port)) if !listens => format!("{}:{port}", host.shown()),
        (Some(only), _) => only.shown(),
        (None, Some(port)) => format!("port {port}"),
        (None, None) => "anybody".to_owned(),
    };
    let command = if call.name == "telnet" {
        None
    } else {
        parsed.value(&["-e", "--exec", "-c", "--sh-exec", "--lua-exec"])
    };
    if let Some(output) = parsed
        .value(&["-o", "--output", "-x", "--hex-dump"])
        .filter(|file| call.name == "ncat" && file.value.prefix().contains(['/', '.']))
    {
        shell.write(output, WriteHow::Replace, None);
    }
    let from_a_shell = is_of_a_shell(call.stdin);
    if let Some(command) = command {
        if is_a_shell(&command.shown()) || command.text().is_none() {
            shell.add(EffectKind::OpenShell { peer: peer.clone() }, command.span);
        } else {
            let back = Value::output("nc", [Source::Url(peer.clone())]);
            shell.run_line(&command.value, command.span, &back);
        }
    } else if from_a_shell {
        shell.add(EffectKind::OpenShell { peer: peer.clone() }, call.span);
    }
    if listens {
        let address = format!("0.0.0.0:{}", port.or_else(|| host.map(Arg::shown)).unwrap_or_default());
        shell.add(EffectKind::Listen { address, serves: None }, call.span);
        return Value::output("nc", [Source::Url(peer)]);
    }
    let Some(host) = host else { return observe(call, shell) };
    let to = Remote { shown: peer.clone(), ..remote(&host.value) };
    connect(call, host, to, parsed.has(&["-z"]), shell);
    Value::output("nc", [Source::Url(peer)])
}

/// What flows in goes out; the name itself can carry something too.
fn connect(call: &Call<'_>, host: &Arg, to: Remote, only_looks: bool, shell: &mut Shell<'_>) {
    if !host.value.sources().is_empty() {
        let what = host.value.sources().to_vec();
        shell.add(EffectKind::Send { to: to.clone(), what, how: SendHow::Address }, host.span);
    }
    if call.stdin.is_empty() || only_looks {
        shell.add(EffectKind::Fetch { from: to, saves: None }, call.span);
    } else {
        let what = call.stdin.sources().to_vec();
        shell.add(EffectKind::Send { to, what, how: SendHow::Body }, call.span);
    }
}

/// One of the two ends of a socat.
enum End {
    Network(Remote),
    Listening(String),
    Program(Arg),
    File(Arg),
    Standard,
}

fn end_of(arg: &Arg) -> End {
    let text = arg.value.prefix();
    let (kind, _) = text.split_once(':').unwrap_or((text, ""));
    let rest = || {
        let mut rest = tail(arg, (kind.len() + 1).min(text.len()));
        if let Some(known) = rest.text() {
            let plain = known.split(',').next().unwrap_or_default().to_owned();
            rest = Arg::known(plain, arg.span);
        }
        rest
    };
    let upper = kind.to_ascii_uppercase();
    match upper.as_str() {
        "-" | "STDIO" | "STDIN" | "STDOUT" | "STDERR" | "PIPE" | "PTY" | "READLINE" | "FD" => End::Standard,
        "EXEC" | "SYSTEM" | "SHELL" => End::Program(rest()),
        "FILE" | "OPEN" | "CREATE" | "GOPEN" => End::File(rest()),
        _ if upper.contains("LISTEN") || upper.ends_with("-L") || upper.contains("RECV") => {
            let bind = text.split(',').find_map(|part| part.strip_prefix("bind=")).unwrap_or("0.0.0.0");
            if upper.starts_with("UNIX") || upper.starts_with("ABSTRACT") {
                End::Standard
            } else {
                End::Listening(format!("{bind}:{}", rest().shown()))
            }
        }
        _ if upper.starts_with("UNIX") || upper.starts_with("ABSTRACT") => {
            End::Network(Remote { shown: rest().shown(), host: None, local: true })
        }
        _ if text.starts_with(['/', '.']) => End::File(arg.clone()),
        _ => End::Network(remote(&rest().value)),
    }
}

pub(super) fn socat(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "bBtTLWl", long: &[], ..Spec::default() });
    let [one, other] = parsed.operands.as_slice() else { return observe(call, shell) };
    let ends = [end_of(one), end_of(other)];
    for arg in [one, other] {
        let text = arg.value.prefix();
        if text.get(..5).is_some_and(|kind| kind.eq_ignore_ascii_case("unix-"))
            && let Some((_, path)) = text.split_once(':')
        {
            let place = shell.place_at(path.split(',').next().unwrap_or(path));
            shell.add(EffectKind::Read { place }, arg.span);
        }
    }
    let peer = ends.iter().find_map(|end| match end {
        End::Network(remote) if !remote.local => Some(remote.shown.clone()),
        End::Listening(address) => Some(address.clone()),
        _ => None,
    });
    let mut out = Value::default();
    let mut read = Value::default();
    for end in &ends {
        if let End::File(file) = end {
            read.push(&shell.read_file(file));
        }
    }
    for end in &ends {
        match end {
            End::Listening(address) => {
                shell.add(EffectKind::Listen { address: address.clone(), serves: None }, call.span);
                if ends.iter().any(|end| matches!(end, End::Network(_)))
                    && !address.starts_with("127.")
                    && !address.starts_with("localhost")
                {
                    shell.add(EffectKind::Tunnel { via: "socat".to_owned() }, call.span);
                }
            }
            End::Program(command) => match &peer {
                Some(peer) => shell.add(EffectKind::OpenShell { peer: peer.clone() }, command.span),
                None => {
                    shell.run_line(&command.value, command.span, call.stdin);
                }
            },
            End::Network(remote) => {
                out.add_sources([Source::Url(remote.shown.clone())]);
                let mut what = call.stdin.sources().to_vec();
                what.extend(read.sources().iter().cloned());
                let kind = if call.stdin.is_empty() && what.is_empty() {
                    EffectKind::Fetch { from: remote.clone(), saves: None }
                } else {
                    EffectKind::Send { to: remote.clone(), what, how: SendHow::Body }
                };
                shell.add(kind, call.span);
            }
            End::File(_) | End::Standard => {}
        }
    }
    let sources = out.sources().to_vec();
    Value::output("socat", sources)
}

pub(super) fn websocat(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let addresses: Vec<&Arg> = call.args.iter().filter(|arg| !arg.value.prefix().starts_with('-')).collect();
    let runs = addresses.iter().find(|arg| {
        let text = arg.value.prefix();
        ["exec:", "sh-c:", "cmd:"].iter().any(|kind| text.contains(kind))
    });
    let Some(address) = addresses.iter().find(|arg| arg.value.prefix().contains("://")) else {
        return observe(call, shell);
    };
    let to = remote(&address.value);
    if let Some(program) = runs {
        shell.add(EffectKind::OpenShell { peer: to.shown.clone() }, program.span);
    }
    connect(call, address, to, false, shell);
    Value::output("websocat", [Source::Url(address.shown())])
}

pub(super) fn openssl(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &[
        "in",
        "out",
        "keyout",
        "connect",
        "host",
        "port",
        "key",
        "cert",
        "inkey",
        "CAfile",
        "pass",
        "passin",
        "passout",
        "k",
        "K",
        "iv",
        "kfile",
        "days",
        "subj",
        "newkey",
        "config",
        "engine",
        "provider-path",
        "provider",
        "accept",
        "servername",
        "pkeyopt",
        "algorithm",
        "signkey",
        "CA",
        "CAkey",
        "export_",
        "name",
        "set_serial",
        "extfile",
        "sign",
        "verify",
        "signature",
        "md",
        "rand",
        "writerand",
    ];
    let parsed = parse(call.args, &Spec { short: "", long, single_dash: true, ..Spec::default() });
    for (option, what) in [("-engine", "engine"), ("-provider-path", "provider")] {
        if let Some(path) =
            parsed.value(&[option]).filter(|path| path.text().is_none_or(|path| path.contains('/')))
        {
            shell.add(
                EffectKind::Inject { variable: format!("openssl {what}"), value: path.shown() },
                path.span,
            );
        }
    }
    let form = parsed.operand(0).unwrap_or_default();
    if matches!(form, "s_client" | "s_time") {
        let address = parsed.value(&["-connect", "-host"]).or_else(|| parsed.operands.get(1)).cloned();
        let Some(address) = address else { return observe(call, shell) };
        let to = remote(&address.value);
        if is_of_a_shell(call.stdin) {
            shell.add(EffectKind::OpenShell { peer: to.shown.clone() }, call.span);
        }
        connect(call, &address, to, false, shell);
        return Value::output("openssl s_client", [Source::Url(address.shown())]);
    }
    if form == "s_server" {
        let address = parsed
            .value(&["-accept", "-port"])
            .map_or_else(|| "0.0.0.0:4433".to_owned(), |arg| format!("0.0.0.0:{}", arg.shown()));
        shell.add(EffectKind::Listen { address, serves: None }, call.span);
        return Value::default();
    }
    let mut text = match parsed.value(&["-in"]) {
        Some(file) => shell.read_file(file),
        None => call.stdin.clone(),
    };
    for file in parsed.values(&["-inkey"]) {
        text.push(&shell.read_file(file));
    }
    let mut written = false;
    for file in parsed.values(&["-out", "-keyout"]) {
        written = true;
        let made = Value::output(&format!("openssl {form}"), text.sources().to_vec());
        shell.write(file, WriteHow::Replace, Some(made));
    }
    if written {
        return Value::default();
    }
    shell.add(EffectKind::Observe, call.span);
    Value::output(&format!("openssl {form}"), text.sources().to_vec())
}

pub(super) fn sniffer(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        parse(call.args, &Spec { short: "wrziCGcsFEyBTDZ", long: &["interface"], ..Spec::default() });
    if asks_for_help(call.args) || parsed.has(&["-D", "--list-interfaces"]) {
        return observe(call, shell);
    }
    if let Some(command) = parsed.value(&["-z"]).filter(|_| call.name == "tcpdump") {
        shell.run_line(&command.value, command.span, &Value::default());
    }
    if let Some(file) = parsed.value(&["-w"]) {
        shell.write(file, WriteHow::Replace, None);
    }
    match parsed.value(&["-r"]) {
        Some(file) => shell.read_file(file),
        None => {
            shell.add(
                EffectKind::Secret { what: "what flows over this machine's network".to_owned() },
                call.span,
            );
            Value::output(call.name, [Source::Secret("network traffic".to_owned())])
        }
    }
}

/// What flows in is what a shell prints.
fn is_of_a_shell(stdin: &Value) -> bool {
    stdin.sources().iter().any(|source| matches!(source, Source::Output(command) if is_a_shell(command)))
}
