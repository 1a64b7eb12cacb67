//! curl.

use super::{
    Arg, Call, EffectKind, Message, Remote, Shell, Source, Value, WriteHow, at_file, file_or_stdin, name_in,
    observe, remote, sources_of, unchecked,
};
use crate::effects::Worst;
use crate::effects::argv::{Parsed, Spec, parse, tail};

const SHORT: &str = "AbcCdDeEFHKmoPQrtTuUwxXyYz";

const LONG: &[&str] = &[
    "abstract-unix-socket",
    "alt-svc",
    "aws-sigv4",
    "cacert",
    "capath",
    "cert",
    "cert-type",
    "ciphers",
    "config",
    "connect-timeout",
    "connect-to",
    "continue-at",
    "cookie",
    "cookie-jar",
    "crlfile",
    "curves",
    "data",
    "data-ascii",
    "data-binary",
    "data-raw",
    "data-urlencode",
    "dns-servers",
    "doh-url",
    "dump-header",
    "engine",
    "etag-compare",
    "etag-save",
    "form",
    "form-string",
    "ftp-port",
    "header",
    "hsts",
    "interface",
    "json",
    "keepalive-time",
    "key",
    "key-type",
    "libcurl",
    "limit-rate",
    "local-port",
    "login-options",
    "max-filesize",
    "max-redirs",
    "max-time",
    "netrc-file",
    "noproxy",
    "oauth2-bearer",
    "output",
    "output-dir",
    "parallel-max",
    "pass",
    "pinnedpubkey",
    "preproxy",
    "proto",
    "proto-default",
    "proto-redir",
    "proxy",
    "proxy-cacert",
    "proxy-cert",
    "proxy-header",
    "proxy-key",
    "proxy-user",
    "proxy1.0",
    "pubkey",
    "quote",
    "random-file",
    "range",
    "rate",
    "referer",
    "request",
    "request-target",
    "resolve",
    "retry",
    "retry-delay",
    "retry-max-time",
    "service-name",
    "socks4",
    "socks4a",
    "socks5",
    "socks5-hostname",
    "speed-limit",
    "speed-time",
    "stderr",
    "telnet-option",
    "tftp-blksize",
    "time-cond",
    "tls-max",
    "tls13-ciphers",
    "trace",
    "trace-ascii",
    "unix-socket",
    "upload-file",
    "url",
    "url-query",
    "user",
    "user-agent",
    "variable",
    "write-out",
    "mail-from",
    "mail-rcpt",
    "mail-auth",
    "postquote",
    "prequote",
    "krb",
    "delegation",
    "hostpubmd5",
    "hostpubsha256",
];

const SPEC: Spec = Spec { short: SHORT, long: LONG, operand_ends: false, single_dash: false };

/// How many settings of a file given with `-K` are followed.
const CONFIG_LIMIT: usize = 200;

pub(super) fn curl(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let mut parsed = parse(call.args, &SPEC);
    if parsed.has(&["--help", "--version", "--manual"])
        || parsed.options.iter().any(|option| matches!(option.name.as_str(), "-h" | "-V" | "-M"))
    {
        return observe(call, shell);
    }
    with_config(call, &mut parsed, shell);
    if parsed.unsure {
        shell.opaque("an argument of curl is not known and could be any option", Worst::Writes, call.span);
    }
    let mut message = Message::default();
    bodies(call, &parsed, &mut message, shell);
    headers(call, &parsed, &mut message, shell);
    other_files(call, &parsed, &mut message, shell);

    let addresses: Vec<Arg> = parsed.operands.iter().chain(parsed.values(&["--url"])).cloned().collect();
    if addresses.is_empty() {
        return observe(call, shell);
    }
    let remotes: Vec<Remote> = addresses.iter().map(|address| target(&parsed, address)).collect();
    if let Some(option) = parsed.find(&["-k", "--insecure", "--proxy-insecure"]) {
        unchecked("curl -k", &remotes, option.span, shell);
    }
    if socket(&parsed, &message, shell) {
        return Value::output("curl", [Source::Url(addresses.first().map(Arg::shown).unwrap_or_default())]);
    }
    proxies(&parsed, &message, shell);
    saves(&parsed, &addresses, &mut message);
    let mut out = Value::default();
    for (at, (address, to)) in addresses.iter().zip(remotes).enumerate() {
        if address.value.prefix().to_ascii_lowercase().starts_with("file:") {
            out.push(&local_file(address, message.saves.get(at), shell));
            continue;
        }
        let back = message.exchange(call, address, to, message.saves.get(at).cloned(), shell);
        out.push(&back);
    }
    out
}

/// A file of options counts as if they stood in the line.
fn with_config(call: &Call<'_>, parsed: &mut Parsed, shell: &mut Shell<'_>) {
    let files: Vec<Arg> = parsed.values(&["-K", "--config"]).cloned().collect();
    for file in files {
        let text = file_or_stdin(call, &file, shell);
        let Some(known) = text.text() else {
            shell.opaque("curl takes its options from a file that is not known", Worst::Writes, file.span);
            continue;
        };
        let mut args = Vec::new();
        for line in known.lines().take(CONFIG_LIMIT) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, value) = line.split_once(['=', ' ', ':']).unwrap_or((line, ""));
            let name = name.trim();
            args.push(Arg::known(
                if name.starts_with('-') { name.to_owned() } else { format!("--{name}") },
                file.span,
            ));
            let value = value.trim().trim_start_matches(['=', ':']).trim().trim_matches('"');
            if !value.is_empty() {
                args.push(Arg::known(value, file.span));
            }
        }
        let more = parse(&args, &SPEC);
        parsed.options.extend(more.options);
        parsed.operands.extend(more.operands);
    }
}

/// `--connect-to` and `--resolve` send what is meant for one host to another.
fn target(parsed: &Parsed, address: &Arg) -> Remote {
    let written = remote(&address.value);
    if let Some(other) = parsed.value(&["--connect-to"]).and_then(Arg::text) {
        let host = other.split(':').nth(2).unwrap_or_default();
        if !host.is_empty() {
            return Remote { shown: address.shown(), ..Remote::read(host) };
        }
    }
    if let Some(other) = parsed.value(&["--resolve"]).and_then(Arg::text) {
        let mut parts = other.splitn(3, ':');
        let name = parts.next().unwrap_or_default().trim_start_matches('+');
        let host = parts.nth(1).unwrap_or_default();
        if !host.is_empty() && (name == "*" || Some(name) == written.host.as_deref()) {
            return Remote { shown: address.shown(), ..Remote::read(host) };
        }
    }
    written
}

fn bodies(call: &Call<'_>, parsed: &Parsed, message: &mut Message, shell: &mut Shell<'_>) {
    let in_address = parsed.has(&["-G", "--get"]);
    for option in &parsed.options {
        let Some(arg) = &option.value else { continue };
        let value = match option.name.as_str() {
            "-d" | "--data" | "--data-ascii" | "--data-binary" | "--json" => at_file(call, arg, shell),
            "--data-raw" | "--form-string" => arg.value.clone(),
            "--data-urlencode" | "--url-query" => encoded(call, arg, shell),
            "-F" | "--form" => form(call, arg, shell),
            "-T" | "--upload-file" => file_or_stdin(call, arg, shell),
            _ => continue,
        };
        if (in_address && option.name.contains("-d")) || option.name == "--url-query" {
            Message::add(&mut message.address, &value);
        } else {
            message.body(&value);
        }
    }
    message.method = if parsed.has(&["-I", "--head"]) {
        Some("HEAD".to_owned())
    } else {
        parsed.value(&["-X", "--request"]).map(|method| method.shown().to_ascii_uppercase())
    };
}

/// `content`, `=content`, `name=content`, `@file`, `name@file`.
fn encoded(call: &Call<'_>, arg: &Arg, shell: &mut Shell<'_>) -> Value {
    let prefix = arg.value.prefix();
    match (prefix.find('='), prefix.find('@')) {
        (Some(equals), Some(at)) if equals < at => arg.value.clone(),
        (_, Some(at)) => file_or_stdin(call, &tail(arg, at + 1), shell),
        _ => arg.value.clone(),
    }
}

/// `name=content`, `name=@file;type=…`, `name=<file`.
fn form(call: &Call<'_>, arg: &Arg, shell: &mut Shell<'_>) -> Value {
    let Some((name, content)) = arg.value.prefix().split_once('=') else { return arg.value.clone() };
    if !content.starts_with(['@', '<']) {
        return arg.value.clone();
    }
    let mut file = tail(arg, name.len() + 2);
    if let Some(text) = file.text().map(str::to_owned) {
        let path = text.split(';').next().unwrap_or_default().trim_matches('"');
        let mut out = Value::default();
        for path in path.split(',') {
            out.push(&file_or_stdin(call, &Arg::known(path, arg.span), shell));
        }
        return out;
    }
    file.pattern = false;
    file_or_stdin(call, &file, shell)
}

fn headers(call: &Call<'_>, parsed: &Parsed, message: &mut Message, shell: &mut Shell<'_>) {
    for header in parsed.values(&["-H", "--header", "--proxy-header"]) {
        let value = at_file(call, header, shell);
        message.header(&value);
    }
    for value in parsed.values(&["-u", "--user", "--oauth2-bearer", "-U", "--proxy-user"]) {
        Message::add(&mut message.login, &value.value);
    }
    for value in parsed.values(&["-A", "--user-agent", "-e", "--referer", "-Q", "--quote"]) {
        Message::add(&mut message.address, &value.value);
    }
    for cookie in parsed.values(&["-b", "--cookie"]) {
        if cookie.value.prefix().contains('=') {
            Message::add(&mut message.login, &cookie.value);
        } else {
            let value = shell.read_file(cookie);
            Message::add(&mut message.login, &value);
        }
    }
}

fn other_files(call: &Call<'_>, parsed: &Parsed, message: &mut Message, shell: &mut Shell<'_>) {
    let written = [
        "-D",
        "--dump-header",
        "-c",
        "--cookie-jar",
        "--trace",
        "--trace-ascii",
        "--stderr",
        "--libcurl",
        "--etag-save",
        "--hsts",
        "--alt-svc",
    ];
    for file in parsed.values(&written) {
        if !matches!(file.text(), Some("-" | "" | "%")) {
            shell.write(file, WriteHow::Replace, None);
        }
    }
    if let Some(engine) = parsed.value(&["--engine"]).filter(|engine| engine.value.prefix().contains('/')) {
        shell.add(EffectKind::Inject { variable: "--engine".to_owned(), value: engine.shown() }, engine.span);
    }
    if let Some(file) = parsed.value(&["--netrc-file"]) {
        let value = shell.read_file(file);
        Message::add(&mut message.login, &value);
    }
    if let Some(format) = parsed
        .value(&["-w", "--write-out"])
        .and_then(|arg| arg.value.prefix().strip_prefix('@').map(|_| tail(arg, 1)))
    {
        file_or_stdin(call, &format, shell);
    }
}

/// Behind a Unix socket stands a service of this machine; some of them can do anything.
fn socket(parsed: &Parsed, message: &Message, shell: &mut Shell<'_>) -> bool {
    let Some(path) = parsed.value(&["--unix-socket", "--abstract-unix-socket"]) else { return false };
    let reads = !message.has_body
        && !message.method.as_deref().is_some_and(|method| !matches!(method, "GET" | "HEAD"));
    let rules_machine =
        ["docker.sock", "podman.sock", "containerd.sock", "crio.sock", "lxd", "incus", "dbus"];
    let shown = path.shown();
    if !reads && rules_machine.iter().any(|name| shown.contains(name)) {
        shell.add(EffectKind::Privilege { how: format!("`{shown}`, which can start anything") }, path.span);
    } else {
        let to = Remote { shown, host: None, local: true };
        let what = sources_of([&Value::default()]);
        if reads {
            shell.add(EffectKind::Fetch { from: to, saves: None }, path.span);
        } else {
            shell.add(EffectKind::Send { to, what, how: super::SendHow::Body }, path.span);
        }
    }
    true
}

/// A proxy sees what goes through it.
fn proxies(parsed: &Parsed, message: &Message, shell: &mut Shell<'_>) {
    let names = [
        "-x",
        "--proxy",
        "--preproxy",
        "--socks4",
        "--socks4a",
        "--socks5",
        "--socks5-hostname",
        "--proxy1.0",
        "--doh-url",
    ];
    for proxy in parsed.values(&names) {
        let to = remote(&proxy.value);
        if to.local || proxy.value.is_empty() {
            continue;
        }
        let what: Vec<Source> =
            message.body.iter().chain(&message.login).chain(&message.address).cloned().collect();
        let kind = if what.is_empty() {
            EffectKind::Fetch { from: to, saves: None }
        } else {
            EffectKind::Send { to, what, how: super::SendHow::Body }
        };
        shell.add(kind, proxy.span);
    }
}

fn saves(parsed: &Parsed, addresses: &[Arg], message: &mut Message) {
    let folder = parsed.value(&["--output-dir"]);
    let named: Vec<&Arg> = parsed.values(&["-o", "--output"]).collect();
    let by_address = parsed.has(&["-O", "--remote-name", "--remote-name-all", "-J", "--remote-header-name"]);
    for (at, address) in addresses.iter().enumerate() {
        let file = match named.get(at) {
            Some(file) => (*file).clone(),
            None if by_address => name_in(address),
            None => break,
        };
        message.saves.push(match folder {
            Some(folder) => {
                let mut value = folder.value.clone();
                value.push_text("/");
                value.push(&file.value);
                Arg { value, span: file.span, pattern: false }
            }
            None => file,
        });
    }
}

fn local_file(address: &Arg, saves: Option<&Arg>, shell: &mut Shell<'_>) -> Value {
    let prefix = address.value.prefix();
    let skip =
        prefix.len() - prefix.trim_start_matches(|letter: char| letter != '/').trim_start_matches('/').len();
    let path = match address.text().and_then(crate::effects::fetches::local_path) {
        Some(path) => Arg::known(path, address.span),
        None => tail(address, skip.saturating_sub(1)),
    };
    let text = shell.read_file(&path);
    match saves {
        Some(file) => {
            shell.write(file, WriteHow::Replace, Some(text));
            Value::default()
        }
        None => text,
    }
}
