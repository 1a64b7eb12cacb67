//! Looking up names, scanning, and opening tunnels.

use super::{Call, EffectKind, Remote, SendHow, Shell, Source, Value, observe, remote};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::programs::common::{asks_for_help_on, printed};

/// A name that is looked up reaches the server of its domain: what it is made of leaves the machine.
pub(super) fn lookup(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let short = match call.name {
        "ping" | "ping6" | "arping" => "cIiWwsStTMmlpQ",
        "traceroute" | "tracepath" | "mtr" => "mqwfpiIsc",
        _ => "bcfkpqtxyTDN",
    };
    let parsed = parse(call.args, &Spec { short, long: &["count", "interval"], ..Spec::default() });
    if let Some(file) = parsed.value(&["-f"]).filter(|_| matches!(call.name, "dig" | "kdig")) {
        let read = shell.read_file(file);
        let to = Remote::unknown("the name servers of what the file lists");
        shell.add(EffectKind::Send { to, what: read.sources().to_vec(), how: SendHow::Address }, file.span);
    }
    let mut told = false;
    for arg in call.args {
        let what: Vec<Source> = arg.value.sources().to_vec();
        if what.is_empty() {
            continue;
        }
        told = true;
        let suffix = arg.value.suffix().trim_start_matches('.');
        let to = if arg.value.text().is_some() || suffix.is_empty() {
            remote(&arg.value)
        } else {
            Remote { shown: arg.shown(), ..Remote::read(suffix) }
        };
        shell.add(EffectKind::Send { to, what, how: SendHow::Address }, arg.span);
    }
    // A pattern that fills packets carries data as well.
    if let Some(pattern) = parsed.value(&["-p"]).filter(|_| call.name.starts_with("ping"))
        && !pattern.value.sources().is_empty()
    {
        told = true;
    }
    if told { printed(call) } else { observe(call, shell) }
}

pub(super) fn tunnel(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    let words: Vec<&str> = call.args.iter().filter_map(Arg::text).collect();
    let first = words.first().copied().unwrap_or_default();
    let looks = match call.name {
        "tailscale" => {
            !matches!(first, "serve" | "funnel" | "up" | "ssh" | "set" | "down" | "logout" | "file" | "nc")
                || words.contains(&"status")
        }
        "cloudflared" => {
            matches!(first, "version" | "update" | "") || words.contains(&"list") || words.contains(&"info")
        }
        "devtunnel" => matches!(first, "list" | "show" | "user" | "limits" | "clusters" | ""),
        "zrok" => matches!(first, "status" | "overview" | "version" | "list" | ""),
        "ngrok" => matches!(first, "version" | "config" | "diagnose" | "credits" | ""),
        _ => false,
    };
    if looks {
        return observe(call, shell);
    }
    let via = match call.name {
        "tailscale" | "cloudflared" => format!("{} {first}", call.name),
        name => name.to_owned(),
    };
    shell.add(EffectKind::Tunnel { via }, call.span);
    printed(call)
}
