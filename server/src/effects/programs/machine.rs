//! Programs that change the machine: processes, services, users, network, disks, power, schedules.

use super::common::{asks_for_help, observe};
use super::{Call, Program};
use crate::effects::argv::Arg;
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Source};
use banksman_protocol::Span;

mod processes;
mod attach;
mod services;
mod rights;
mod secrets;
mod network;
mod disks;
mod settings;
mod mac;

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
        model: services::services,
    },
    Program { names: &["crontab"], model: services::crontab },
    Program { names: &["at", "batch", "atrm", "atq"], model: services::at },
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
        model: rights::users,
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
        model: rights::confinement,
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
    Program { names: &["auditctl", "auditd", "augenrules"], model: rights::audit },
    Program { names: &["sysctl"], model: settings::sysctl },
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
        model: settings::settings,
    },
    Program { names: &["stress", "stress-ng"], model: processes::stress },
    Program { names: &["setcap"], model: rights::setcap },
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
        model: secrets::secrets,
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

#[cfg(test)]
mod tests;
