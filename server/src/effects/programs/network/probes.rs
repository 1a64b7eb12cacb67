//! Programs that probe or attack other machines: port and name scanners, crawlers, password guessers.

use super::super::common::{asks_for_help_on, observe, printed};
use super::super::{Call, Program};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Remote, SendHow, Worst, WriteHow};

/// The programs, by what they look for.
pub(in crate::effects::programs) const PROGRAMS: &[Program] = &[Program {
    names: &[
        "nmap",
        "masscan",
        "zmap",
        "rustscan",
        "unicornscan",
        "hping3",
        "fping",
        "netdiscover",
        "arp-scan",
        "naabu",
        "nbtscan",
        "onesixtyone",
        "arpspoof",
        "ettercap",
        "bettercap",
        "responder",
        "dnsenum",
        "dnsrecon",
        "dnsmap",
        "dnsx",
        "fierce",
        "massdns",
        "amass",
        "subfinder",
        "assetfinder",
        "sublist3r",
        "findomain",
        "theharvester",
        "theHarvester",
        "recon-ng",
        "holehe",
        "sherlock",
        "photon",
        "gau",
        "getallurls",
        "waybackurls",
        "shodan",
        "censys",
        "spiderfoot",
        "gobuster",
        "ffuf",
        "feroxbuster",
        "dirb",
        "dirsearch",
        "wfuzz",
        "nikto",
        "nuclei",
        "whatweb",
        "wafw00f",
        "wpscan",
        "sqlmap",
        "commix",
        "xsser",
        "zap-cli",
        "arachni",
        "katana",
        "hakrawler",
        "httprobe",
        "hydra",
        "medusa",
        "ncrack",
        "patator",
        "crackmapexec",
        "netexec",
        "nxc",
        "enum4linux",
        "enum4linux-ng",
        "smbmap",
        "rpcclient",
        "ldapsearch",
        "windapsearch",
        "bloodhound-python",
        "kerbrute",
        "evil-winrm",
        "msfconsole",
        "msfvenom",
        "searchsploit",
        "beef-xss",
        "setoolkit",
        "impacket-secretsdump",
        "secretsdump.py",
        "psexec.py",
        "wmiexec.py",
    ],
    model: probe,
}];

/// What is probed is among the arguments. When nothing there looks like a machine, it is the service that
/// the program asks, or a network that it finds by itself.
fn probe(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if call.args.is_empty() || asks_for_help_on(call.args) {
        return observe(call, shell);
    }
    let script = parse(call.args, &Spec { long: &["script"], ..Spec::default() })
        .value(&["--script"])
        .filter(|script| script.text().is_none_or(|text| text.contains(['/', '.'])))
        .cloned();
    if let Some(script) = script {
        let program = format!("{} --script {}", call.name, script.shown());
        shell.add(EffectKind::RunUnknown { program, place: Some(shell.place(&script)) }, script.span);
    }
    if call.args.iter().any(|arg| arg.text() == Some("--interactive")) {
        shell.opaque(format!("{} would take commands", call.name), Worst::Runs, call.span);
    }
    for pair in call.args.windows(2) {
        let [option, file] = pair else { continue };
        if matches!(option.text(), Some("-oN" | "-oX" | "-oG" | "-oA" | "-oS")) {
            shell.write(file, WriteHow::Replace, None);
        }
    }
    let mut targets: Vec<(Remote, &Arg)> = Vec::new();
    for arg in call.args {
        let shown = arg.shown();
        let shown = shown
            .split_once('=')
            .filter(|_| shown.starts_with('-'))
            .map_or(shown.as_str(), |(_, value)| value);
        let shown = shown.trim_start_matches('@');
        if is_machine(shown) && !shell.world().exists(&shell.place_at(shown).path) {
            targets.push((Remote::read(shown), arg));
        }
    }
    if targets.is_empty() {
        let to = Remote::read(&format!("whatever {} finds", call.name));
        shell.add(EffectKind::Send { to, what: Vec::new(), how: SendHow::Probe }, call.span);
    }
    for (to, arg) in targets {
        shell.add(EffectKind::Send { to, what: Vec::new(), how: SendHow::Probe }, arg.span);
    }
    printed(call)
}

/// An address, a name with a dot, or a network: `10.0.0.0/8`, `target.example`, `http://x/FUZZ`.
fn is_machine(text: &str) -> bool {
    if text.contains("://") || text == "localhost" {
        return true;
    }
    let host = text.split(['/', ':']).next().unwrap_or_default();
    let parts: Vec<&str> = host.split('.').collect();
    let name = |part: &&str| {
        !part.is_empty() && part.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '-' | '*'))
    };
    let ending = parts.last().copied().unwrap_or_default();
    let file = ["txt", "lst", "yaml", "yml", "json", "xml", "conf", "csv", "py", "rb", "sh", "nse", "html"];
    !text.starts_with(['-', '/', '.']) && parts.len() > 1 && parts.iter().all(name) && !file.contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::is_machine;

    #[test]
    fn machines_are_told_from_files_and_options() {
        for machine in ["10.0.0.0/8", "target.example", "http://x/FUZZ", "localhost", "a.b:8080"] {
            assert!(is_machine(machine), "{machine}");
        }
        for other in ["-sV", "wordlist.txt", "/usr/share/x.y", "dir", "80"] {
            assert!(!is_machine(other), "{other}");
        }
    }
}
