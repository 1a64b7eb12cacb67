//! Programs that talk to other machines: what they fetch, what they send, whom they let in.

use super::common::{asks_for_help, observe, remote, sources_of};
use super::{Call, Program};
use crate::effects::argv::Arg;
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Remote, SendHow, Source, WriteHow};
use banksman_protocol::Span;

mod curl;
mod names;
mod probes;
mod sockets;
mod ssh;
mod transfer;
mod web;

pub(super) use probes::PROGRAMS as PROBES;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["curl"], model: curl::curl },
    Program { names: &["wget", "wget2"], model: web::wget },
    Program { names: &["http", "https", "xh", "xhs", "httpie"], model: web::httpie },
    Program { names: &["aria2c", "axel"], model: web::aria },
    Program { names: &["yt-dlp", "youtube-dl", "gallery-dl"], model: web::video },
    Program {
        names: &[
            "lynx",
            "w3m",
            "links",
            "elinks",
            "wscat",
            "ab",
            "wrk",
            "hey",
            "vegeta",
            "whois",
            "ssh-keyscan",
        ],
        model: web::page,
    },
    Program {
        names: &["nc", "ncat", "netcat", "nc.openbsd", "nc.traditional", "telnet"],
        model: sockets::netcat,
    },
    Program { names: &["socat"], model: sockets::socat },
    Program { names: &["websocat"], model: sockets::websocat },
    Program { names: &["openssl"], model: sockets::openssl },
    Program { names: &["tcpdump", "tshark", "dumpcap"], model: sockets::sniffer },
    Program { names: &["ssh", "autossh", "mosh", "dbclient"], model: ssh::ssh },
    Program { names: &["ssh-copy-id"], model: ssh::copy_id },
    Program { names: &["ssh-keygen"], model: ssh::keygen },
    Program { names: &["ssh-agent"], model: ssh::agent },
    Program { names: &["ssh-add"], model: observe },
    Program { names: &["sshpass"], model: ssh::with_password },
    Program { names: &["scp"], model: transfer::scp },
    Program { names: &["sftp", "ftp", "lftp", "tftp", "ncftp"], model: transfer::ftp },
    Program { names: &["rsync"], model: transfer::rsync },
    Program { names: &["rclone"], model: transfer::rclone },
    Program {
        names: &["croc", "wormhole", "ipfs", "magic-wormhole", "transfer.sh", "ffsend"],
        model: transfer::hand_over,
    },
    Program {
        names: &["mail", "mailx", "s-nail", "mutt", "neomutt", "sendmail", "msmtp", "ssmtp", "swaks"],
        model: transfer::mail,
    },
    Program { names: &["gpg", "gpg2"], model: transfer::gpg },
    Program {
        names: &[
            "dig",
            "nslookup",
            "host",
            "drill",
            "kdig",
            "delv",
            "ping",
            "ping6",
            "traceroute",
            "tracepath",
            "mtr",
            "arping",
            "resolvectl",
        ],
        model: names::lookup,
    },
    Program {
        names: &[
            "ngrok",
            "cloudflared",
            "lt",
            "localtunnel",
            "bore",
            "frpc",
            "frps",
            "zrok",
            "chisel",
            "devtunnel",
            "gs-netcat",
            "gsocket",
            "telebit",
            "pagekite",
            "inlets",
            "tailscale",
        ],
        model: names::tunnel,
    },
];

/// What is known of a call to a network program while its options are read.
#[derive(Debug, Default)]
struct Message {
    /// What goes into the body.
    body: Vec<Source>,
    /// There is a body, even when it comes from nowhere but the line.
    has_body: bool,
    /// What goes into address and headers.
    address: Vec<Source>,
    /// What the other side is shown as credentials.
    login: Vec<Source>,
    /// The method, in capitals, when it is given.
    method: Option<String>,
    /// The files that what comes back is saved to.
    saves: Vec<Arg>,
}

impl Message {
    fn add(into: &mut Vec<Source>, value: &Value) {
        for source in value.sources() {
            if !into.contains(source) {
                into.push(source.clone());
            }
        }
    }

    fn body(&mut self, value: &Value) {
        self.has_body = true;
        Self::add(&mut self.body, value);
    }

    /// `Name: value`: what authorises is a login, everything else goes into the message.
    fn header(&mut self, value: &Value) {
        let name = value.prefix().split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
        let authorises = [
            "authorization",
            "proxy-authorization",
            "private-token",
            "x-api-key",
            "api-key",
            "apikey",
            "x-auth-token",
            "job-token",
            "cookie",
        ];
        if authorises.contains(&name.as_str()) {
            Self::add(&mut self.login, value);
        } else {
            Self::add(&mut self.body, value);
        }
    }

    /// Tells what one address gets and gives, and returns what comes back.
    fn exchange(
        &self,
        call: &Call<'_>,
        address: &Arg,
        to: Remote,
        saves: Option<Arg>,
        shell: &mut Shell<'_>,
    ) -> Value {
        let shown = address.shown();
        let back = Value::output(&format!("{} {shown}", call.name), [Source::Url(shown.clone())]);
        let changes = self
            .method
            .as_deref()
            .is_some_and(|method| !matches!(method, "GET" | "HEAD" | "OPTIONS" | "PROPFIND" | "TRACE"));
        let mut in_address = address.value.sources().to_vec();
        in_address.retain(|source| !matches!(source, Source::Url(_)));
        in_address.extend(self.address.iter().cloned());
        let mut fetches = true;
        if self.has_body || !self.body.is_empty() || changes {
            shell.add(
                EffectKind::Send { to: to.clone(), what: self.body.clone(), how: SendHow::Body },
                address.span,
            );
            fetches = saves.is_some();
        }
        if !in_address.is_empty() {
            shell.add(
                EffectKind::Send { to: to.clone(), what: in_address, how: SendHow::Address },
                address.span,
            );
        }
        if !self.login.is_empty() {
            shell.add(
                EffectKind::Send { to: to.clone(), what: self.login.clone(), how: SendHow::Login },
                address.span,
            );
        }
        let file = saves.filter(|file| file.text() != Some("-"));
        let place = file
            .as_ref()
            .map(|file| shell.place(file))
            .filter(|place| place.scope != crate::world::Scope::Sink);
        if fetches {
            shell.add(EffectKind::Fetch { from: to, saves: place.clone() }, address.span);
        }
        match file {
            Some(file) => {
                shell.write(&file, WriteHow::Replace, Some(back));
                Value::default()
            }
            None => back,
        }
    }
}

/// What may be sent: the file after an `@`, or the text itself. `-` and `@-` mean what flows in.
fn at_file(call: &Call<'_>, arg: &Arg, shell: &mut Shell<'_>) -> Value {
    match arg.value.prefix().strip_prefix('@') {
        Some(_) => file_or_stdin(call, &crate::effects::argv::tail(arg, 1), shell),
        None => arg.value.clone(),
    }
}

fn file_or_stdin(call: &Call<'_>, file: &Arg, shell: &mut Shell<'_>) -> Value {
    if matches!(file.text(), Some("-" | "." | "/dev/stdin")) {
        return call.stdin.clone();
    }
    shell.read_file(file)
}

/// The last part of an address, as a file name.
fn name_in(address: &Arg) -> Arg {
    let shown = address.shown();
    let path = shown.split(['?', '#']).next().unwrap_or_default();
    let after_host = path.split_once("://").map_or(path, |(_, rest)| rest);
    let name = match after_host.rsplit_once('/') {
        Some((_, name)) if !name.is_empty() => name.to_owned(),
        _ => "index.html".to_owned(),
    };
    Arg::known(name, address.span)
}

/// A check of who the other side is, is off for this call.
fn unchecked(option: &str, remotes: &[Remote], span: Span, shell: &mut Shell<'_>) {
    if remotes.iter().all(|remote| remote.local) && !remotes.is_empty() {
        return;
    }
    let what = format!("`{option}` does not check who the other side is");
    shell.add(EffectKind::Weaken { what, once: true }, span);
}

/// Joins words as a shell's line.
fn joined(words: &[Arg]) -> String {
    words.iter().map(Arg::shown).collect::<Vec<_>>().join(" ")
}

/// A shell printed what flows into a connection.
fn is_a_shell(program: &str) -> bool {
    let first = program.split_whitespace().next().unwrap_or_default();
    let name = first.rsplit(['/', '\\']).next().unwrap_or_default();
    matches!(
        name,
        "sh" | "bash"
            | "zsh"
            | "dash"
            | "ksh"
            | "ash"
            | "fish"
            | "busybox"
            | "cmd"
            | "cmd.exe"
            | "powershell"
            | "pwsh"
            | "powershell.exe"
    )
}

#[cfg(test)]
mod tests;
