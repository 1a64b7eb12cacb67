//! The machine's network and its firewall.

use super::{Call, EffectKind, Shell, Source, Value, asks_for_help, machine, observe, weaken, words};

pub(super) fn firewall(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    let has = |options: &[&str]| all.iter().any(|word| options.contains(&word.as_str()));
    let looks = match call.name {
        "ufw" => has(&["status", "version", "show", "--dry-run"]),
        "firewall-cmd" => all.iter().all(|word| {
            word.starts_with("--list")
                || word.starts_with("--get")
                || word.starts_with("--query")
                || word == "--state"
                || word.starts_with("--zone")
        }),
        "nft" => has(&["list", "-c", "--check"]),
        "pfctl" => all.iter().any(|word| word.starts_with("-s")) && !has(&["-d", "-F"]),
        "fail2ban-client" => has(&["status", "ping", "get", "banned"]),
        _ => {
            has(&["-L", "-S", "--list", "--list-rules", "-nL", "-vnL", "-nvL", "-Ln", "list", "-t"])
                && !has(&["-A", "-I", "-D", "-F", "-P", "-X", "--flush"])
        }
    };
    if looks || asks_for_help(call.args) || all.is_empty() {
        return observe(call, shell);
    }
    let loosens =
        has(&["disable", "reset", "-F", "--flush", "flush", "-X", "-d", "--panic-off", "stop", "unban"])
            || (has(&["-P", "--policy"]) && has(&["ACCEPT"]))
            || has(&["allow", "ACCEPT", "delete", "-D"]);
    if loosens {
        return weaken("the firewall of the machine", call.span, shell);
    }
    machine("changes the firewall of the machine", false, call.span, shell)
}

pub(super) fn network(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    let has = |options: &[&str]| all.iter().any(|word| options.contains(&word.as_str()));
    let looks = match call.name {
        "ip" => !has(&[
            "add", "del", "delete", "set", "change", "replace", "append", "flush", "exec", "restore", "up",
            "down",
        ]),
        "ifconfig" => all.len() < 2,
        "route" | "arp" => !has(&["add", "del", "delete", "change", "flush", "-d", "-s", "-f"]),
        "nmcli" => !has(&[
            "add",
            "delete",
            "del",
            "modify",
            "mod",
            "up",
            "down",
            "connect",
            "disconnect",
            "on",
            "off",
            "import",
            "clone",
            "edit",
        ]),
        "ethtool" => !all
            .iter()
            .any(|word| matches!(word.as_str(), "-s" | "-K" | "-G" | "-C" | "-A" | "-f" | "--change")),
        "iw" | "iwconfig" | "tc" | "brctl" | "bridge" => !has(&[
            "set",
            "add",
            "del",
            "addbr",
            "delbr",
            "addif",
            "delif",
            "connect",
            "disconnect",
            "replace",
            "change",
            "essid",
        ]),
        "networksetup" => all.iter().all(|word| {
            !word.starts_with("-set")
                && !word.starts_with("-create")
                && !word.starts_with("-remove")
                && !word.starts_with("-add")
        }),
        "scutil" => !has(&["--set", "--renew"]),
        "ipconfig" => !has(&["set", "setverbose"]),
        "wg" => all.is_empty() || has(&["show", "genkey", "pubkey", "genpsk"]),
        "resolvconf" => has(&["-l", "--version"]),
        _ => false,
    };
    let shows = call.name == "nmcli"
        && (has(&["--show-secrets", "show-password", "export"])
            || all.iter().any(|word| is_bundle(word) && word.contains('s')));
    if shows {
        shell.add(EffectKind::Secret { what: "the passwords of networks".to_owned() }, call.span);
        return Value::output(call.name, [Source::Secret("the passwords of networks".to_owned())]);
    }
    if looks || asks_for_help(call.args) {
        return observe(call, shell);
    }
    if call.name == "ip" && all.first().map(String::as_str) == Some("netns") && has(&["exec"]) {
        let at = call.args.iter().position(|arg| arg.text() == Some("exec")).map_or(0, |at| at + 2);
        let command = call.args.get(at..).unwrap_or_default();
        return shell.run_words(command, call.span, call.stdin);
    }
    if matches!(call.name, "openvpn" | "wg-quick") {
        shell.add(EffectKind::Tunnel { via: call.name.to_owned() }, call.span);
        return Value::default();
    }
    machine(format!("`{}` changes the network of the machine", call.name), false, call.span, shell)
}

/// One dash and the letters of one or more short options.
fn is_bundle(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|letters| !letters.is_empty() && !letters.starts_with('-'))
}
