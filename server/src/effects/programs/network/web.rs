//! wget, HTTPie and other programs that get pages and files.

use super::{
    Arg, Call, EffectKind, Message, Remote, Shell, Source, Value, WriteHow, file_or_stdin, name_in, observe,
    remote, unchecked,
};
use crate::effects::Worst;
use crate::effects::argv::{Spec, parse, tail};

pub(super) fn wget(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &[
        "output-document",
        "directory-prefix",
        "output-file",
        "append-output",
        "execute",
        "input-file",
        "post-data",
        "post-file",
        "body-data",
        "body-file",
        "method",
        "header",
        "user",
        "password",
        "http-user",
        "http-password",
        "ftp-user",
        "ftp-password",
        "use-askpass",
        "load-cookies",
        "save-cookies",
        "user-agent",
        "referer",
        "tries",
        "timeout",
        "wait",
        "quota",
        "level",
        "base",
        "accept",
        "reject",
        "domains",
        "exclude-domains",
        "include-directories",
        "exclude-directories",
        "ca-certificate",
        "certificate",
        "private-key",
        "limit-rate",
        "cut-dirs",
        "bind-address",
        "config",
        "regex-type",
        "accept-regex",
        "reject-regex",
        "warc-file",
        "rejected-log",
        "hsts-file",
        "waitretry",
        "dns-timeout",
        "connect-timeout",
        "read-timeout",
    ];
    let parsed = parse(call.args, &Spec { short: "OPoaeiTtwQlBUIXDAR", long, ..Spec::default() });
    if parsed.has(&["--help", "--version"])
        || parsed.options.iter().any(|option| matches!(option.name.as_str(), "-h" | "-V"))
    {
        return observe(call, shell);
    }
    let mut message = Message::default();
    for (names, from_file) in
        [(["--post-data", "--body-data"], false), (["--post-file", "--body-file"], true)]
    {
        for arg in parsed.values(&names) {
            let value = if from_file { file_or_stdin(call, arg, shell) } else { arg.value.clone() };
            message.body(&value);
        }
    }
    for header in parsed.values(&["--header"]) {
        message.header(&header.value);
    }
    for arg in parsed.values(&["--user", "--password", "--http-user", "--http-password"]) {
        Message::add(&mut message.login, &arg.value);
    }
    for file in parsed.values(&["--load-cookies"]) {
        let value = shell.read_file(file);
        Message::add(&mut message.login, &value);
    }
    for arg in parsed.values(&["-U", "--user-agent", "--referer"]) {
        Message::add(&mut message.address, &arg.value);
    }
    message.method = parsed.value(&["--method"]).map(|method| method.shown().to_ascii_uppercase());
    for command in parsed.values(&["--use-askpass"]) {
        shell.run_line(&command.value, command.span, &Value::default());
    }
    for setting in parsed.values(&["-e", "--execute"]) {
        if let Some((key, value)) = setting.value.prefix().split_once('=')
            && key.trim().replace(['_', '-'], "").eq_ignore_ascii_case("useaskpass")
        {
            shell.run_line(&Value::known(value.trim()), setting.span, &Value::default());
        }
    }
    for file in parsed.values(&["-o", "--output-file", "--save-cookies", "--rejected-log", "--warc-file"]) {
        shell.write(file, WriteHow::Replace, None);
    }
    for file in parsed.values(&["-a", "--append-output"]) {
        shell.write(file, WriteHow::Append, None);
    }
    let mut addresses = parsed.operands.clone();
    for file in parsed.values(&["-i", "--input-file"]) {
        let list = file_or_stdin(call, file, shell);
        match list.text() {
            Some(text) => addresses.extend(
                text.lines()
                    .filter(|line| !line.trim().is_empty())
                    .take(100)
                    .map(|line| Arg::known(line.trim(), file.span)),
            ),
            None => addresses.push(Arg { value: list, span: file.span, pattern: false }),
        }
    }
    let remotes: Vec<Remote> = addresses.iter().map(|address| remote(&address.value)).collect();
    if let Some(option) = parsed.find(&["--no-check-certificate"]) {
        unchecked("wget --no-check-certificate", &remotes, option.span, shell);
    }
    let keeps = !parsed.has(&["--spider"]) && message.method.as_deref() != Some("HEAD");
    let named = parsed.value(&["-O", "--output-document"]).cloned();
    let folder = parsed.value(&["-P", "--directory-prefix"]).cloned();
    let many = parsed.has(&[
        "-r",
        "--recursive",
        "-m",
        "--mirror",
        "-p",
        "--page-requisites",
        "-x",
        "--force-directories",
    ]);
    let mut out = Value::default();
    for (address, to) in addresses.iter().zip(remotes) {
        let file = match (&named, &folder) {
            _ if !keeps => None,
            (Some(named), _) => Some(named.clone()),
            (None, Some(folder)) if many => Some(folder.clone()),
            (None, folder) => {
                let name = if many {
                    Arg::known(to.host.clone().unwrap_or_else(|| ".".to_owned()), address.span)
                } else {
                    name_in(address)
                };
                Some(match folder {
                    Some(folder) => {
                        let mut value = folder.value.clone();
                        value.push_text("/");
                        value.push(&name.value);
                        Arg { value, span: address.span, pattern: false }
                    }
                    None => name,
                })
            }
        };
        let prints = file.as_ref().is_some_and(|file| file.text() == Some("-"));
        let back = message.exchange(call, address, to, file, shell);
        if prints {
            out.push(&back);
        }
    }
    out
}

pub(super) fn httpie(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &[
        "output",
        "auth",
        "auth-type",
        "session",
        "session-read-only",
        "proxy",
        "verify",
        "cert",
        "cert-key",
        "timeout",
        "print",
        "style",
        "pretty",
        "raw",
        "bearer",
        "max-redirects",
        "boundary",
        "format-options",
        "http-version",
    ];
    let parsed = parse(call.args, &Spec { short: "oaApsP", long, ..Spec::default() });
    if super::asks_for_help(call.args) || parsed.has(&["--offline"]) {
        return observe(call, shell);
    }
    let mut message = Message::default();
    let mut operands = parsed.operands.as_slice();
    if let Some((first, rest)) = operands.split_first()
        && let Some(word) = first.text()
        && word.len() < 12
        && !rest.is_empty()
        && word.chars().all(|letter| letter.is_ascii_uppercase())
    {
        message.method = Some(word.to_owned());
        operands = rest;
    }
    let Some((address, items)) = operands.split_first() else { return observe(call, shell) };
    for item in items {
        let text = item.value.prefix();
        let at = text.find(['=', ':', '@']).unwrap_or(text.len());
        let mark = text.get(at..).unwrap_or_default();
        if mark.starts_with("==") {
            Message::add(&mut message.address, &item.value);
        } else if mark.starts_with("=@") || mark.starts_with(":=@") || mark.starts_with('@') {
            let skip = at + mark.find('@').unwrap_or_default() + 1;
            let value = shell.read_file(&tail(item, skip));
            message.body(&value);
        } else if mark.starts_with(":=") || mark.starts_with('=') {
            message.body(&item.value);
        } else {
            message.header(&item.value);
        }
    }
    for raw in parsed.values(&["--raw"]) {
        message.body(&raw.value);
    }
    for login in parsed.values(&["-a", "--auth", "--bearer", "-A"]) {
        Message::add(&mut message.login, &login.value);
    }
    if !call.stdin.is_empty() && !parsed.has(&["--ignore-stdin", "-I"]) {
        message.body(call.stdin);
    }
    // `:8000/path` means this machine.
    let to = if address.value.prefix().starts_with(':') {
        Remote { shown: address.shown(), host: Some("localhost".to_owned()), local: true }
    } else {
        remote(&address.value)
    };
    if parsed.value(&["--verify"]).is_some_and(|value| matches!(value.text(), Some("no" | "false"))) {
        unchecked("--verify=no", std::slice::from_ref(&to), call.span, shell);
    }
    let file = match parsed.value(&["-o", "--output"]) {
        Some(file) => Some(file.clone()),
        None if parsed.has(&["-d", "--download"]) => Some(name_in(address)),
        None => None,
    };
    message.exchange(call, address, to, file, shell)
}

pub(super) fn aria(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &[
        "out",
        "dir",
        "input-file",
        "log",
        "max-connection-per-server",
        "split",
        "header",
        "user-agent",
        "checksum",
        "output",
        "conf-path",
        "save-session",
    ];
    let parsed = parse(call.args, &Spec { short: "odilxskjUTSn", long, ..Spec::default() });
    if super::asks_for_help(call.args) {
        return observe(call, shell);
    }
    for option in parsed.options.iter().filter(|option| option.name.starts_with("--on-")) {
        if let Some(command) = &option.value {
            shell.run_line(&command.value, command.span, &Value::default());
        }
    }
    for file in parsed.values(&["-l", "--log"]) {
        shell.write(file, WriteHow::Append, None);
    }
    let mut addresses = parsed.operands.clone();
    for file in parsed.values(&["-i", "--input-file"]) {
        let list = file_or_stdin(call, file, shell);
        match list.text() {
            Some(text) => addresses.extend(
                text.lines()
                    .filter(|line| line.contains("://"))
                    .take(100)
                    .map(|line| Arg::known(line.trim(), file.span)),
            ),
            None => shell.opaque("the list of addresses is not known", Worst::Writes, file.span),
        }
    }
    let remotes: Vec<Remote> = addresses.iter().map(|address| remote(&address.value)).collect();
    if parsed.value(&["--check-certificate"]).is_some_and(|value| value.text() == Some("false")) {
        unchecked("--check-certificate=false", &remotes, call.span, shell);
    }
    let mut message = Message::default();
    for header in parsed.values(&["--header"]) {
        message.header(&header.value);
    }
    for (address, to) in addresses.iter().zip(remotes) {
        let name = parsed.value(&["-o", "--out", "--output"]).cloned().unwrap_or_else(|| name_in(address));
        let file = match parsed.value(&["-d", "--dir"]) {
            Some(folder) if call.name == "aria2c" => {
                let mut value = folder.value.clone();
                value.push_text("/");
                value.push(&name.value);
                Arg { value, span: name.span, pattern: false }
            }
            _ => name,
        };
        message.exchange(call, address, to, Some(file), shell);
    }
    Value::default()
}

pub(super) fn video(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &[
        "exec",
        "exec-before-download",
        "output",
        "format",
        "paths",
        "config-locations",
        "cookies",
        "cookies-from-browser",
        "batch-file",
        "downloader",
        "external-downloader",
        "proxy",
    ];
    let parsed = parse(call.args, &Spec { short: "ofPra", long, ..Spec::default() });
    for command in
        parsed.values(&["--exec", "--exec-before-download", "--downloader", "--external-downloader"])
    {
        shell.run_line(&command.value, command.span, &Value::default());
    }
    if parsed.has(&["--cookies-from-browser"]) {
        shell.add(EffectKind::Secret { what: "the browser's cookies".to_owned() }, call.span);
    }
    page(call, shell)
}

/// Gets what its operands name, and prints it.
pub(super) fn page(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if super::asks_for_help(call.args) {
        return observe(call, shell);
    }
    let mut out = Value::default();
    let parsed = parse(call.args, &Spec::default());
    for address in &parsed.operands {
        let shown = address.shown();
        if !shown.contains('.') && !shown.contains(':') && address.text().is_some() && shown != "localhost" {
            continue;
        }
        let back = Message::default().exchange(call, address, remote(&address.value), None, shell);
        out.push(&back);
        out.add_sources([Source::Url(shown)]);
    }
    if out.is_empty() { observe(call, shell) } else { out }
}
