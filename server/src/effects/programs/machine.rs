//! Programs that change the machine: processes, services, users, network, disks, power, schedules.

use super::common::{asks_for_help, observe};
use super::{Call, Program};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Permission, Source, WriteHow};
use banksman_protocol::Span;

mod attach;
mod mac;
mod network;

mod processes;
mod disks;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["kill", "skill"], model: processes::kill },
    Program { names: &["pkill", "killall", "killall5", "xkill", "snice"], model: processes::kill_by_name },
    Program { names: &["fuser", "kill-port", "fkill"], model: processes::kill_by_use },
    Program {
        names: &[
            "systemctl",
            "service",
            "rc-service",
            "rc-update",
            "initctl",
            "update-rc.d",
            "chkconfig",
            "sv",
            "supervisorctl",
            "loginctl",
            "machinectl",
        ],
        model: services,
    },
    Program { names: &["crontab"], model: crontab },
    Program { names: &["at", "batch", "atrm", "atq"], model: at },
    Program {
        names: &[
            "useradd",
            "adduser",
            "usermod",
            "userdel",
            "deluser",
            "groupadd",
            "groupmod",
            "groupdel",
            "gpasswd",
            "passwd",
            "chpasswd",
            "chage",
            "newusers",
            "vipw",
            "vigr",
            "visudo",
            "chfn",
            "chsh",
            "pwconv",
            "sudoedit",
            "dscl",
            "sysadminctl",
        ],
        model: users,
    },
    Program {
        names: &[
            "iptables",
            "ip6tables",
            "iptables-restore",
            "nft",
            "ufw",
            "firewall-cmd",
            "pfctl",
            "ebtables",
            "arptables",
            "ipset",
            "fail2ban-client",
        ],
        model: network::firewall,
    },
    Program {
        names: &[
            "ip",
            "ifconfig",
            "route",
            "nmcli",
            "iw",
            "iwconfig",
            "ethtool",
            "tc",
            "brctl",
            "bridge",
            "arp",
            "networksetup",
            "scutil",
            "ipconfig",
            "wg",
            "wg-quick",
            "openvpn",
            "dhclient",
            "resolvconf",
        ],
        model: network::network,
    },
    Program {
        names: &[
            "setenforce",
            "apparmor_parser",
            "aa-disable",
            "aa-teardown",
            "aa-complain",
            "setsebool",
            "semanage",
            "semodule",
        ],
        model: confinement,
    },
    Program {
        names: &["gcore", "reptyr", "conspy", "coredumpctl", "pyrasite", "injcode"],
        model: attach::attach,
    },
    Program {
        names: &["sshuttle", "tmate", "ttyd", "gotty", "upterm", "sshx", "wetty", "teleconsole", "shellhub"],
        model: attach::shared_terminal,
    },
    Program { names: &["dbus-send", "busctl", "gdbus", "qdbus"], model: attach::message_bus },
    Program { names: &["patchelf", "chrpath", "install_name_tool", "objcopy"], model: attach::binary },
    Program { names: &["auditctl", "auditd", "augenrules"], model: audit },
    Program { names: &["sysctl"], model: sysctl },
    Program {
        names: &["mount", "umount", "losetup", "swapon", "swapoff", "fusermount", "kpartx"],
        model: disks::mount,
    },
    Program {
        names: &[
            "mkfs",
            "mkfs.ext2",
            "mkfs.ext3",
            "mkfs.ext4",
            "mkfs.xfs",
            "mkfs.btrfs",
            "mkfs.vfat",
            "mkfs.fat",
            "mkfs.ntfs",
            "mke2fs",
            "mkswap",
            "mkdosfs",
            "fdisk",
            "sfdisk",
            "cfdisk",
            "gdisk",
            "sgdisk",
            "parted",
            "wipefs",
            "blkdiscard",
            "hdparm",
            "nvme",
            "cryptsetup",
            "pvcreate",
            "pvremove",
            "vgremove",
            "lvremove",
            "vgcreate",
            "lvcreate",
            "mdadm",
            "zpool",
            "zfs",
            "badblocks",
            "fsck.ext4",
            "e2fsck",
            "resize2fs",
            "tune2fs",
            "debugfs",
            "xfs_db",
            "extundelete",
            "photorec",
            "testdisk",
            "btrfs",
            "flashrom",
        ],
        model: disks::disks,
    },
    Program {
        names: &[
            "modprobe",
            "insmod",
            "rmmod",
            "depmod",
            "kexec",
            "grub-install",
            "update-grub",
            "efibootmgr",
            "bootctl",
            "mkinitcpio",
            "update-initramfs",
            "dracut",
            "bpftool",
            "bpftrace",
            "pivot_root",
            "switch_root",
        ],
        model: disks::kernel,
    },
    Program {
        names: &["shutdown", "reboot", "halt", "poweroff", "init", "telinit", "pm-suspend"],
        model: disks::power,
    },
    Program {
        names: &[
            "hostnamectl",
            "timedatectl",
            "localectl",
            "update-alternatives",
            "ldconfig",
            "ntpdate",
            "hwclock",
            "update-ca-certificates",
            "trust",
            "locale-gen",
            "dpkg-reconfigure",
            "debconf-set-selections",
            "logrotate",
            "tmpreaper",
            "tuned-adm",
        ],
        model: settings,
    },
    Program { names: &["stress", "stress-ng"], model: processes::stress },
    Program { names: &["setcap"], model: setcap },
    Program {
        names: &[
            "security",
            "defaults",
            "csrutil",
            "spctl",
            "tmutil",
            "diskutil",
            "pmset",
            "systemsetup",
            "profiles",
            "kextload",
            "launchctl",
            "tccutil",
            "mdutil",
            "nvram",
            "installer",
            "softwareupdate",
            "codesign",
            "hdiutil",
            "pbcopy",
            "pbpaste",
            "screencapture",
            "say",
        ],
        model: mac::mac,
    },
    Program { names: &["xclip", "xsel", "wl-copy", "wl-paste", "clip"], model: mac::clipboard },
    Program {
        names: &["notify-send", "wall", "write", "mesg", "espeak", "zenity", "dialog", "whiptail"],
        model: observe,
    },
    Program {
        names: &["secret-tool", "keyctl", "kwallet-query", "pass", "gopass", "bw", "lpass", "age"],
        model: secrets,
    },
];

fn machine(what: impl Into<String>, grave: bool, span: Span, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Machine { what: what.into(), grave }, span);
    Value::default()
}

fn weaken(what: impl Into<String>, span: Span, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Weaken { what: what.into(), once: false }, span);
    Value::default()
}

fn words(call: &Call<'_>) -> Vec<String> {
    call.args.iter().map(Arg::shown).collect()
}

// ---- services and schedules -----------------------------------------------------------------

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

fn services(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
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

fn crontab(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
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

fn at(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
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

// ---- rights ---------------------------------------------------------------------------------

fn users(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "gGsducepkKbfRrmMaA",
            long: &["groups", "gid", "shell", "home", "comment", "password", "uid", "root", "file"],
            ..Spec::default()
        },
    );
    let all = words(call);
    let looks = match call.name {
        "passwd" => all.iter().any(|word| matches!(word.as_str(), "-S" | "--status")),
        "chage" => all.iter().any(|word| word == "-l" || word == "--list"),
        "visudo" => all.iter().any(|word| word.starts_with("-c") || word == "--check"),
        "chsh" => all.iter().any(|word| word == "-l" || word == "--list-shells"),
        "dscl" => all.iter().any(|word| {
            matches!(word.as_str(), "-list" | "list" | "-read" | "read" | "-search" | "ls" | "cat")
        }),
        "useradd" => all.iter().any(|word| word == "-D") && all.len() == 1,
        _ => false,
    };
    if looks || asks_for_help(call.args) {
        return observe(call, shell);
    }
    let grants = all.iter().any(|word| {
        ["sudo", "wheel", "admin", "root", "docker", "lxd", "shadow", "disk", "adm"]
            .iter()
            .any(|group| word.split(',').any(|part| part == *group))
    });
    let removes = matches!(call.name, "userdel" | "deluser" | "groupdel");
    let who = parsed.operands.last().map(Arg::shown).unwrap_or_default();
    if grants && !removes && matches!(call.name, "usermod" | "useradd" | "adduser" | "gpasswd") {
        shell.add(
            EffectKind::Privilege {
                how: format!("`{}` puts {who} into a group that rules the machine", call.name),
            },
            call.span,
        );
    }
    if matches!(call.name, "visudo" | "sudoedit" | "vipw" | "vigr") {
        shell.add(EffectKind::Privilege { how: call.name.to_owned() }, call.span);
    }
    machine(format!("`{}` changes the users of the machine", call.name), true, call.span, shell)
}

fn setcap(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let files = call.args.iter().skip(1).filter(|arg| !arg.value.prefix().starts_with('-'));
    for file in files {
        let place = shell.place(file);
        let change = Permission::SetId;
        shell.add(EffectKind::Permit { place, change, recursive: false }, file.span);
    }
    Value::default()
}

fn confinement(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    match call.name {
        "setenforce" if all.iter().any(|word| matches!(word.as_str(), "1" | "Enforcing" | "enforcing")) => {
            machine("switches SELinux on", false, call.span, shell)
        }
        "semanage" | "semodule"
            if all.iter().any(|word| matches!(word.as_str(), "-l" | "--list" | "list")) =>
        {
            observe(call, shell)
        }
        "apparmor_parser"
            if all.iter().any(|word| matches!(word.as_str(), "-a" | "-r" | "--add" | "--replace")) =>
        {
            machine("loads an AppArmor profile", false, call.span, shell)
        }
        _ => weaken("the confinement of programs on this machine", call.span, shell),
    }
}

fn audit(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if words(call).iter().all(|word| matches!(word.as_str(), "-l" | "-s" | "--list" | "-v")) {
        return observe(call, shell);
    }
    weaken("the machine's audit log", call.span, shell)
}

fn secrets(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let verb = call
        .args
        .iter()
        .filter_map(Arg::text)
        .find(|word| !word.starts_with('-'))
        .unwrap_or_default()
        .to_owned();
    let shows = match call.name {
        "secret-tool" => matches!(verb.as_str(), "lookup" | "search"),
        "keyctl" => matches!(verb.as_str(), "read" | "pipe" | "print" | "setperm" | "chown"),
        "kwallet-query" => !words(call).iter().any(|word| word == "-l"),
        "pass" | "gopass" => !matches!(
            verb.as_str(),
            "" | "ls"
                | "list"
                | "find"
                | "search"
                | "git"
                | "help"
                | "version"
                | "generate"
                | "insert"
                | "rm"
                | "mv"
                | "cp"
                | "edit"
                | "init"
        ),
        "bw" => matches!(verb.as_str(), "get" | "list" | "export"),
        "lpass" => matches!(verb.as_str(), "show" | "export"),
        _ => false,
    };
    if shows {
        shell.add(EffectKind::Secret { what: format!("what `{}` keeps", call.name) }, call.span);
        return Value::output(call.name, [Source::Secret(format!("from `{}`", call.name))]);
    }
    if call.name == "age" {
        let parsed = parse(
            call.args,
            &Spec { short: "oirR", long: &["output", "identity", "recipient"], ..Spec::default() },
        );
        let text =
            if parsed.operands.is_empty() { call.stdin.clone() } else { shell.read_files(&parsed.operands) };
        let made = Value::output("age", text.sources().to_vec());
        if let Some(file) = parsed.value(&["-o", "--output"]) {
            shell.write(file, WriteHow::Replace, Some(made));
            return Value::default();
        }
        return made;
    }
    if matches!(verb.as_str(), "rm" | "delete" | "clear" | "remove" | "revoke" | "unlink") {
        return machine(format!("deletes secrets that `{}` keeps", call.name), true, call.span, shell);
    }
    observe(call, shell)
}

// ---- kernel, disks, power -------------------------------------------------------------------

fn sysctl(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let writes = call.args.iter().filter_map(Arg::text).any(|arg| {
        arg == "-w"
            || arg == "-p"
            || arg.starts_with("--load")
            || arg == "--write"
            || arg == "--system"
            || (arg.contains('=') && !arg.starts_with('-'))
    });
    if !writes {
        return observe(call, shell);
    }
    let protective = [
        "randomize_va_space",
        "kptr_restrict",
        "dmesg_restrict",
        "ptrace_scope",
        "unprivileged_bpf",
        "protected_",
        "rp_filter",
        "suid_dumpable",
    ];
    let all = words(call).join(" ");
    if protective.iter().any(|key| all.contains(key)) {
        return weaken("a protection of the kernel", call.span, shell);
    }
    machine("changes how the kernel works", false, call.span, shell)
}

fn settings(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let all = words(call);
    let first = all.iter().find(|word| !word.starts_with('-')).map(String::as_str).unwrap_or_default();
    let looks = match call.name {
        "hostnamectl" | "timedatectl" | "localectl" => {
            !first.starts_with("set") && first != "hostname" || all.len() < 2
        }
        "update-alternatives" => all
            .iter()
            .any(|word| matches!(word.as_str(), "--list" | "--display" | "--query" | "--get-selections")),
        "ldconfig" => all.iter().any(|word| matches!(word.as_str(), "-p" | "--print-cache" | "-N" | "-V")),
        "hwclock" => all.iter().all(|word| matches!(word.as_str(), "-r" | "--show" | "--verbose" | "-v")),
        "trust" => matches!(first, "list" | "dump" | "extract" | ""),
        "ntpdate" => all.iter().any(|word| word == "-q"),
        "logrotate" => all.iter().any(|word| matches!(word.as_str(), "-d" | "--debug")),
        _ => false,
    };
    if looks || asks_for_help(call.args) {
        return observe(call, shell);
    }
    if matches!(call.name, "trust" | "update-ca-certificates") {
        return weaken("whose certificates this machine trusts", call.span, shell);
    }
    machine(format!("`{}` changes settings of the machine", call.name), false, call.span, shell)
}

#[cfg(test)]
mod tests;
