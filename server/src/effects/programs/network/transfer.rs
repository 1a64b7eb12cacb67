//! Programs that carry files to other machines and back.

use super::ssh::{settings, split_remote};
use super::{
    Arg, Call, EffectKind, Remote, SendHow, Shell, Source, Value, WriteHow, asks_for_help, file_or_stdin,
    observe, remote, sources_of,
};
use crate::effects::argv::{Parsed, Spec, parse};
use crate::effects::programs::common::{mailed, printed};
use crate::effects::{Elsewhere, ServiceClass, ServiceReach};
use crate::world::Place;
use banksman_protocol::Certainty;

/// Where a copy of `source` comes to stand when it is copied to `target`.
fn target_of(source: &str, target: &Arg, shell: &Shell<'_>) -> Place {
    let folder = shell.place(target);
    let name = source.rsplit(['/', ':']).next().unwrap_or_default();
    let into = folder.known && (target.shown().ends_with('/') || shell.world().is_folder(&folder.path));
    if into && !name.is_empty() && !matches!(name, "." | "..") && !name.contains('*') {
        shell.place_at(&folder.path.join(name).to_string_lossy())
    } else {
        folder
    }
}

fn sends_files(files: &[Arg], to: &Remote, span: banksman_protocol::Span, shell: &mut Shell<'_>) {
    let text = shell.read_files(files);
    let what = text.sources().to_vec();
    shell.add(EffectKind::Send { to: to.clone(), what, how: SendHow::Body }, span);
}

fn fetches(source: &Arg, from: Remote, target: &Arg, shell: &mut Shell<'_>) {
    let shown = source.shown();
    let place = target_of(&shown, target, shell);
    shell.add(EffectKind::Fetch { from, saves: Some(place.clone()) }, source.span);
    let content = Value::output("scp", [Source::Url(shown)]);
    let how = if shell.world().is_folder(&place.path) { WriteHow::Change } else { WriteHow::Replace };
    shell.write_place(place, how, Some(content), target.span);
}

pub(super) fn scp(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "cDFiJloPSX", long: &[], ..Spec::default() });
    settings(&parsed, shell);
    if let Some(program) = parsed.value(&["-S"]) {
        shell.run_line(&program.value, program.span, &Value::default());
    }
    let Some((target, from)) = parsed.operands.split_last().filter(|(_, from)| !from.is_empty()) else {
        return observe(call, shell);
    };
    let local: Vec<Arg> = from.iter().filter(|source| split_remote(source).is_none()).cloned().collect();
    match split_remote(target) {
        Some(to) => {
            if !local.is_empty() {
                sends_files(&local, &to, call.span, shell);
            }
            for source in from {
                if let Some(from) = split_remote(source) {
                    let what = vec![Source::Url(from.shown)];
                    shell.add(EffectKind::Send { to: to.clone(), what, how: SendHow::Body }, source.span);
                }
            }
        }
        None => {
            for source in from {
                match split_remote(source) {
                    Some(from) => fetches(source, from, target, shell),
                    None => copies(source, target, WriteHow::Replace, shell),
                }
            }
        }
    }
    Value::default()
}

fn copies(source: &Arg, target: &Arg, how: WriteHow, shell: &mut Shell<'_>) {
    let text = shell.read_file(source);
    let place = target_of(&source.shown(), target, shell);
    let how = if shell.world().is_folder(&place.path) { WriteHow::Change } else { how };
    shell.write_place(place, how, Some(text), target.span);
}

const RSYNC_LONG: &[&str] = &[
    "rsh",
    "rsync-path",
    "exclude",
    "include",
    "exclude-from",
    "include-from",
    "files-from",
    "filter",
    "log-file",
    "log-file-format",
    "backup-dir",
    "suffix",
    "temp-dir",
    "compare-dest",
    "copy-dest",
    "link-dest",
    "partial-dir",
    "password-file",
    "port",
    "bwlimit",
    "timeout",
    "contimeout",
    "max-size",
    "min-size",
    "max-delete",
    "chmod",
    "chown",
    "usermap",
    "groupmap",
    "block-size",
    "info",
    "debug",
    "out-format",
    "write-batch",
    "only-write-batch",
    "read-batch",
    "modify-window",
    "sockopts",
    "address",
    "iconv",
    "checksum-choice",
    "compress-choice",
    "compress-level",
    "skip-compress",
    "remote-option",
    "protocol",
    "config",
    "dparam",
    "early-input",
];

pub(super) fn rsync(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "efTBM", long: RSYNC_LONG, ..Spec::default() });
    if asks_for_help(call.args) {
        return observe(call, shell);
    }
    if let Some(command) = parsed.value(&["-e", "--rsh"]) {
        shell.run_line(&command.value, command.span, &Value::default());
    }
    if parsed.has(&["--daemon"]) {
        shell.add(EffectKind::Listen { address: "0.0.0.0:873".to_owned(), serves: None }, call.span);
        return Value::default();
    }
    let Some((target, from)) = parsed.operands.split_last() else { return observe(call, shell) };
    let to = split_remote(target);
    if let Some(program) = parsed.value(&["--rsync-path"]).filter(|program| program.text() != Some("rsync")) {
        let other = to.clone().or_else(|| from.iter().find_map(split_remote));
        match other {
            Some(host) => {
                let kind =
                    EffectKind::RunElsewhere { place: Elsewhere::Host(host), command: Some(program.shown()) };
                shell.add(kind, program.span);
            }
            None => {
                shell.run_line(&program.value, program.span, &Value::default());
            }
        }
    }
    let dry = parsed.surely(&["-n", "--dry-run", "--list-only"]);
    if dry || from.is_empty() {
        return observe(call, shell);
    }
    for file in parsed.values(&["--log-file", "--write-batch", "--only-write-batch"]) {
        shell.write(file, WriteHow::Append, None);
    }
    let deletes = parsed.options.iter().any(|option| option.name.starts_with("--del"));
    let local: Vec<Arg> = from.iter().filter(|source| split_remote(source).is_none()).cloned().collect();
    match to {
        Some(to) => {
            sends_files(&local, &to, call.span, shell);
            if deletes {
                let command = Some(format!("rsync --delete {}", target.shown()));
                shell.add(EffectKind::RunElsewhere { place: Elsewhere::Host(to), command }, call.span);
            }
        }
        None => {
            if deletes {
                let place = shell.place(target);
                let state = shell.state_of(&place);
                if state.exists {
                    shell.add_as(
                        EffectKind::Delete { place, state, recursive: true },
                        target.span,
                        Certainty::Likely,
                    );
                }
            }
            for source in from {
                match split_remote(source) {
                    Some(from) => fetches(source, from, target, shell),
                    None => copies(source, target, WriteHow::Replace, shell),
                }
            }
        }
    }
    if parsed.has(&["--remove-source-files"]) {
        for source in &local {
            shell.delete(source, true);
        }
    }
    printed(call)
}

pub(super) fn ftp(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "becfupPoiFDJlBRSXm", long: &[], ..Spec::default() });
    if asks_for_help(call.args) {
        return observe(call, shell);
    }
    settings(&parsed, shell);
    let host = parsed.operands.first().cloned();
    let to = host.as_ref().map_or_else(
        || Remote::unknown(call.name),
        |host| split_remote(host).unwrap_or_else(|| remote(&host.value)),
    );
    let mut script = call.stdin.clone();
    for option in &parsed.options {
        let Some(value) = &option.value else { continue };
        match (call.name, option.name.as_str()) {
            ("sftp", "-b") | ("lftp", "-f") => script.push(&file_or_stdin(call, value, shell)),
            ("lftp", "-e" | "-c") | ("tftp", "-c") => script.push(&value.value),
            _ => {}
        }
    }
    script_of(call, &script, &to, shell)
}

/// What the commands of a file transfer program send, fetch and run.
fn script_of(call: &Call<'_>, script: &Value, to: &Remote, shell: &mut Shell<'_>) -> Value {
    let Some(text) = script.text().map(str::to_owned) else {
        let what = script.sources().to_vec();
        shell.add(EffectKind::Send { to: to.clone(), what, how: SendHow::Body }, call.span);
        return Value::default();
    };
    let mut sends = false;
    for line in text.split(['\n', ';']).map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(command) = line.strip_prefix('!') {
            shell.run_line(&Value::known(command), call.span, &Value::default());
            continue;
        }
        let mut words = line.split_whitespace();
        let verb = words.next().unwrap_or_default();
        let reverse = line.contains(" -R");
        let files: Vec<Arg> =
            words.filter(|word| !word.starts_with('-')).map(|word| Arg::known(word, call.span)).collect();
        match verb {
            "put" | "mput" | "send" | "reput" => {
                sends = true;
                sends_files(files.get(..1).unwrap_or_default(), to, call.span, shell);
            }
            "mirror" if reverse => {
                sends = true;
                sends_files(files.get(..1).unwrap_or_default(), to, call.span, shell);
            }
            "rm" | "mdelete" | "delete" | "rmdir" | "mrm" => {
                sends = true;
                let place = Elsewhere::Host(to.clone());
                shell.add(EffectKind::RunElsewhere { place, command: Some(line.to_owned()) }, call.span);
            }
            "get" | "mget" | "recv" | "reget" => {
                if let Some(file) = files.last() {
                    let name = file.shown();
                    let name = name.rsplit('/').next().unwrap_or_default();
                    let saves = Some(shell.place_at(name));
                    shell.add(EffectKind::Fetch { from: to.clone(), saves }, call.span);
                    sends = true;
                }
            }
            _ => {}
        }
    }
    if !sends {
        shell.add(EffectKind::Fetch { from: to.clone(), saves: None }, call.span);
    }
    Value::output(call.name, [Source::Url(to.shown.clone())])
}

pub(super) fn rclone(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "",
            long: &["config", "include", "exclude", "filter", "transfers", "log-file", "bwlimit"],
            ..Spec::default()
        },
    );
    let verb = parsed.operand(0).unwrap_or_default().to_owned();
    if parsed.surely(&["-n", "--dry-run"]) {
        return observe(call, shell);
    }
    let (from, to) = (parsed.operands.get(1), parsed.operands.get(2));
    let service = |class, target: String| EffectKind::Service {
        service: "rclone".to_owned(),
        operation: verb.clone(),
        target,
        class,
        reach: ServiceReach::Remote,
    };
    match (verb.as_str(), from, to) {
        ("copy" | "copyto" | "sync" | "move" | "moveto" | "bisync", Some(from), Some(to)) => {
            let there =
                split_remote(to).or_else(|| to.shown().contains(':').then(|| Remote::unknown(&to.shown())));
            match there {
                Some(remote) => {
                    if split_remote(from).is_none() {
                        sends_files(std::slice::from_ref(from), &remote, call.span, shell);
                    }
                    if verb == "sync" {
                        shell.add(service(ServiceClass::Destroy, to.shown()), to.span);
                    }
                }
                None => match split_remote(from) {
                    Some(remote) => fetches(from, remote, to, shell),
                    None => copies(from, to, WriteHow::Replace, shell),
                },
            }
            Value::default()
        }
        ("delete" | "purge" | "deletefile" | "rmdir" | "rmdirs" | "cleanup", Some(target), _) => {
            shell.add(service(ServiceClass::Destroy, target.shown()), call.span);
            Value::default()
        }
        ("serve", ..) => {
            let address = parsed.value(&["--addr"]).map_or_else(|| "127.0.0.1".to_owned(), Arg::shown);
            shell.add(EffectKind::Listen { address, serves: None }, call.span);
            Value::default()
        }
        ("config", ..) if matches!(parsed.operand(1), Some("show" | "dump")) => {
            shell.add(EffectKind::Secret { what: "rclone's credentials".to_owned() }, call.span);
            Value::output("rclone config", [Source::Secret("rclone credentials".to_owned())])
        }
        ("link", Some(target), _) => {
            shell.add(service(ServiceClass::Publish, target.shown()), call.span);
            Value::default()
        }
        _ => observe(call, shell),
    }
}

/// Hands files to whoever has the code.
pub(super) fn hand_over(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec::default());
    let to = Remote::unknown(&format!("whoever has {}'s code", call.name));
    match parsed.operand(0) {
        Some("send" | "add" | "upload") => {
            sends_files(parsed.rest(1), &to, call.span, shell);
            Value::default()
        }
        Some("receive" | "get" | "download") => {
            shell.add(EffectKind::Fetch { from: to, saves: Some(shell.place_at(".")) }, call.span);
            Value::default()
        }
        _ => observe(call, shell),
    }
}

pub(super) fn mail(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let long = &["to", "from", "server", "body", "attach", "header", "data", "subject"];
    let parsed: Parsed = parse(call.args, &Spec { short: "sacbArSfFeiHq", long, ..Spec::default() });
    if asks_for_help(call.args) {
        return observe(call, shell);
    }
    let mut recipients: Vec<String> = parsed.operands.iter().map(Arg::shown).collect();
    recipients.extend(parsed.values(&["--to", "-c", "-b"]).map(Arg::shown));
    if recipients.is_empty() && !parsed.has(&["-t"]) {
        return observe(call, shell);
    }
    let attachments: Vec<Arg> = parsed.values(&["-a", "-A", "--attach", "-i"]).cloned().collect();
    let text = shell.read_files(&attachments);
    let mut body = call.stdin.clone();
    for value in parsed.values(&["-s", "--subject", "--body", "--data"]) {
        body.add_sources(value.value.sources().iter().cloned());
    }
    let target = recipients.join(", ");
    let to = Remote::read(recipients.first().map(String::as_str).unwrap_or_default());
    let to = Remote { shown: target.clone(), ..to };
    shell.add(EffectKind::Send { to, what: sources_of([&text, &body]), how: SendHow::Body }, call.span);
    mailed(target, call.span, shell);
    Value::default()
}

pub(super) fn gpg(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "orucN",
            long: &[
                "output",
                "recipient",
                "local-user",
                "keyserver",
                "homedir",
                "passphrase",
                "passphrase-file",
                "default-key",
                "photo-viewer",
                "exec-path",
            ],
            ..Spec::default()
        },
    );
    let server = parsed
        .value(&["--keyserver"])
        .map_or_else(|| Remote::read("keys.openpgp.org"), |server| remote(&server.value));
    for command in parsed.values(&["--photo-viewer"]) {
        shell.run_line(&command.value, command.span, &Value::default());
    }
    if parsed.has(&["--send-keys"]) {
        shell.add(EffectKind::Send { to: server, what: Vec::new(), how: SendHow::Body }, call.span);
        return Value::default();
    }
    if parsed.has(&[
        "--recv-keys",
        "--receive-keys",
        "--search-keys",
        "--refresh-keys",
        "--fetch-keys",
        "--auto-key-locate",
    ]) {
        shell.add(EffectKind::Fetch { from: server, saves: None }, call.span);
        return Value::default();
    }
    if parsed.has(&["--export-secret-keys", "--export-secret-subkeys"]) {
        shell.add(EffectKind::Secret { what: "the user's private GPG keys".to_owned() }, call.span);
        let out = Value::output("gpg", [Source::Secret("private GPG key".to_owned())]);
        if let Some(file) = parsed.value(&["-o", "--output"]) {
            shell.write(file, WriteHow::Replace, Some(out));
            return Value::default();
        }
        return out;
    }
    if parsed.options.iter().any(|option| option.name.starts_with("--delete-secret")) {
        let kind =
            EffectKind::Machine { what: "deletes private GPG keys of the user".to_owned(), grave: true };
        shell.add(kind, call.span);
        return Value::default();
    }
    if parsed.options.iter().any(|option| {
        option.name.starts_with("--list")
            || option.name == "-k"
            || option.name == "-K"
            || option.name == "--fingerprint"
    }) {
        return observe(call, shell);
    }
    let text =
        if parsed.operands.is_empty() { call.stdin.clone() } else { shell.read_files(&parsed.operands) };
    let made = Value::output("gpg", text.sources().to_vec());
    if let Some(file) = parsed.value(&["-o", "--output"]) {
        shell.write(file, WriteHow::Replace, Some(made));
        return Value::default();
    }
    shell.add(EffectKind::Observe, call.span);
    made
}
