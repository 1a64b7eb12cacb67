//! Services and schedules: what runs by itself, and what would no longer protect.

use super::{Call, EffectKind, Shell, Source, Value, asks_for_help, machine, observe, weaken};
use crate::effects::argv::{Arg, Spec, parse};

/// Services that protect or record.
const PROTECTIVE: &[&str] = &[
    "auditd",
    "apparmor",
    "selinux",
    "fail2ban",
    "ufw",
    "firewalld",
    "rsyslog",
    "systemd-journald",
    "crowdsec",
    "falcon",
    "clamav",
    "osquery",
    "wazuh",
    "unattended-upgrades",
    "nftables",
    "iptables",
    "syslog",
    "sysmon",
    "defender",
    "mdatp",
    "sentinel",
];

pub(super) fn services(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "tpHMnos",
            long: &[
                "type", "state", "property", "host", "machine", "lines", "output", "signal", "root",
                "kill-who",
            ],
            ..Spec::default()
        },
    );
    // `service NAME VERB`, `systemctl VERB NAME`, `update-rc.d NAME VERB`.
    let name_first = matches!(call.name, "service" | "rc-service" | "update-rc.d" | "chkconfig");
    let (verb, names) = if name_first {
        (parsed.operand(1), parsed.operands.get(..1).unwrap_or_default())
    } else {
        (parsed.operand(0), parsed.rest(1))
    };
    let target = names.iter().map(Arg::shown).collect::<Vec<_>>().join(" ");
    let Some(verb) = verb else { return observe(call, shell) };
    let protective = PROTECTIVE.iter().any(|name| target.contains(name));
    match verb {
        "status" | "show" | "list-units" | "list-unit-files" | "list-timers" | "list-sockets"
        | "list-dependencies" | "list-jobs" | "is-active" | "is-enabled" | "is-failed"
        | "is-system-running" | "cat" | "help" | "get-default" | "list" | "list-sessions" | "list-users"
        | "user-status" | "session-status" | "show-environment" | "list-machines" | "avail" | "pid"
        | "tail" => observe(call, shell),
        "stop" | "disable" | "mask" | "kill" | "off" | "remove" | "down" if protective => {
            weaken(format!("`{target}` would no longer protect or record"), call.span, shell)
        }
        "enable" | "link" | "reenable" | "add" | "defaults" | "on" | "enable-linger" | "preset" | "edit"
        | "revert" | "set-property" | "add-wants" | "add-requires" => {
            shell.add(EffectKind::Persist { mechanism: format!("{} {verb} {target}", call.name) }, call.span);
            Value::default()
        }
        "poweroff" | "reboot" | "halt" | "suspend" | "hibernate" | "rescue" | "emergency" | "isolate"
        | "kexec" | "soft-reboot" | "set-default" | "default" | "terminate-user" | "kill-user"
        | "terminate-session" => {
            machine(format!("`{} {verb}` stops work on this machine", call.name), true, call.span, shell)
        }
        "set-environment" | "import-environment" => {
            shell.add(
                EffectKind::Inject { variable: "systemd's environment".to_owned(), value: target },
                call.span,
            );
            Value::default()
        }
        _ => {
            let own = parsed.has(&["--user"]);
            let what = format!("`{verb}` for the {}service {target}", if own { "user's " } else { "" });
            machine(what, false, call.span, shell)
        }
    }
}

pub(super) fn crontab(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "ucTn", long: &[], ..Spec::default() });
    if parsed.has(&["-l", "-V"]) || asks_for_help(call.args) {
        let file = Source::Output("crontab -l".to_owned());
        shell.add(EffectKind::Observe, call.span);
        return Value::output("crontab -l", [file]);
    }
    if parsed.has(&["-r"]) {
        return machine("deletes all scheduled commands of the user", true, call.span, shell);
    }
    if let Some(file) = parsed.operands.first().filter(|file| file.text() != Some("-")).cloned() {
        shell.read_file(&file);
    }
    shell.add(EffectKind::Persist { mechanism: "crontab".to_owned() }, call.span);
    Value::default()
}

pub(super) fn at(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "qft", long: &[], ..Spec::default() });
    if call.name == "atq" || parsed.has(&["-l", "-c", "-V"]) {
        return observe(call, shell);
    }
    if call.name == "atrm" || parsed.has(&["-d", "-r"]) {
        return machine("deletes scheduled commands", false, call.span, shell);
    }
    let line = match parsed.value(&["-f"]).cloned() {
        Some(file) => shell.read_file(&file),
        None => call.stdin.clone(),
    };
    shell.add(EffectKind::Persist { mechanism: call.name.to_owned() }, call.span);
    if !line.is_empty() {
        shell.run_line(&line, call.span, &Value::default());
    }
    Value::default()
}
