//! Programs that only print facts about the machine, its processes and its files.

use super::common::{observe, printed};
use super::{Call, Program};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, WriteHow};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "ps",
            "top",
            "htop",
            "btop",
            "df",
            "du",
            "free",
            "uname",
            "id",
            "whoami",
            "uptime",
            "vmstat",
            "iostat",
            "mpstat",
            "lsof",
            "netstat",
            "nproc",
            "lscpu",
            "lsblk",
            "lsusb",
            "lspci",
            "lsmod",
            "lsns",
            "blkid",
            "stat",
            "file",
            "arch",
            "groups",
            "users",
            "who",
            "w",
            "last",
            "lastlog",
            "tty",
            "locale",
            "pstree",
            "pgrep",
            "pidof",
            "pwdx",
            "findmnt",
            "getconf",
            "getent",
            "sw_vers",
            "system_profiler",
            "vm_stat",
            "ldd",
            "nm",
            "objdump",
            "readelf",
            "size",
            "sysinfo",
            "neofetch",
            "fastfetch",
            "cloc",
            "tokei",
            "scc",
            "cal",
            "ncal",
            "factor",
            "numfmt",
            "expr",
            "pathchk",
            "whatis",
            "apropos",
            "info",
            "tldr",
            "clear",
            "reset",
            "tput",
            "getopt",
            "cksum",
            "sum",
            "md5sum",
            "sha1sum",
            "sha224sum",
            "sha256sum",
            "sha384sum",
            "sha512sum",
            "b2sum",
            "md5",
            "shasum",
            "lsb_release",
            "hostid",
            "logname",
            "dmidecode",
            "sensors",
            "acpi",
            "nvidia-smi",
            "rocm-smi",
            "tree",
            "exa",
            "eza",
            "lsd",
            "otool",
            "lipo",
            "nettop",
            "lsattr",
            "getfacl",
            "getcap",
            "namei",
            "pmap",
            "slabtop",
            "ipcs",
            "runlevel",
            "lslocks",
            "lsipc",
            "lslogins",
            "lsmem",
            "fc-list",
            "xdpyinfo",
            "xrandr",
            "wmctrl",
            "ifstat",
            "iftop",
            "nload",
        ],
        model: look,
    },
    Program { names: &["date"], model: date },
    Program { names: &["hostname", "domainname"], model: hostname },
    Program { names: &["dmesg"], model: dmesg },
    Program { names: &["journalctl"], model: journalctl },
    Program { names: &["stty", "setterm"], model: observe },
    Program { names: &["man"], model: manual },
    Program { names: &["ss"], model: sockets },
];

/// `--output` and `-o` of these programs write a file.
const WRITERS: &[&str] = &["tree"];

fn look(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if WRITERS.contains(&call.name) {
        let parsed = parse(call.args, &Spec { short: "oILPH", long: &["filelimit"], ..Spec::default() });
        if let Some(file) = parsed.value(&["-o", "--output"]) {
            shell.write(file, WriteHow::Replace, Some(printed(call)));
        }
    }
    match (call.name, call.args) {
        ("whoami" | "logname", []) => {
            shell.add(EffectKind::Observe, call.span);
            shell.variable("USER").filter(|user| user.text().is_some()).unwrap_or_else(|| printed(call))
        }
        ("basename", [path]) => {
            shell.add(EffectKind::Observe, call.span);
            path.value
                .map_text(|text| text.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned())
        }
        ("dirname", [path]) => {
            shell.add(EffectKind::Observe, call.span);
            path.value.map_text(|text| match text.trim_end_matches('/').rsplit_once('/') {
                Some(("", _)) => "/".to_owned(),
                Some((folder, _)) => folder.to_owned(),
                None => ".".to_owned(),
            })
        }
        ("realpath", [path]) | ("readlink", [_, path])
            if path.text().is_some_and(|text| !text.starts_with('-')) =>
        {
            shell.add(EffectKind::Observe, call.span);
            let place = shell.place(path);
            if place.known { Value::known(place.path.to_string_lossy().into_owned()) } else { printed(call) }
        }
        ("strings" | "objdump" | "readelf" | "nm", args) => {
            let files: Vec<Arg> =
                args.iter().filter(|arg| !arg.value.prefix().starts_with('-')).cloned().collect();
            let read = shell.read_files(&files);
            Value::output(call.name, read.sources().to_vec())
        }
        ("seq", args) => seq(args).unwrap_or_else(|| observe(call, shell)),
        _ => observe(call, shell),
    }
}

/// Short runs of numbers are known, so that loops over them are followed.
fn seq(args: &[Arg]) -> Option<Value> {
    let numbers: Vec<i64> = args.iter().map(|arg| arg.text()?.parse().ok()).collect::<Option<_>>()?;
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] => (*first, *step, *last),
        _ => return None,
    };
    let steps = last.checked_sub(first)?.checked_div(step)?;
    if !(0..64).contains(&steps) {
        return None;
    }
    let lines: Vec<String> = (0..=steps).map(|at| (first + at * step).to_string()).collect();
    Some(Value::known(lines.join("\n")))
}

fn date(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "dfrsI", long: &["date", "file", "reference", "set"], ..Spec::default() },
    );
    if parsed.has(&["-s", "--set"]) {
        let kind = EffectKind::Machine { what: "sets the clock of the machine".to_owned(), grave: false };
        shell.add(kind, call.span);
    }
    if let Some(file) = parsed.value(&["-f", "--file"]) {
        return shell.read_file(file);
    }
    observe(call, shell)
}

fn hostname(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "F", long: &["file"], ..Spec::default() });
    if parsed.operands.is_empty() && !parsed.has(&["-F", "--file"]) {
        return observe(call, shell);
    }
    let kind = EffectKind::Machine { what: "renames the machine".to_owned(), grave: false };
    shell.add(kind, call.span);
    Value::default()
}

fn dmesg(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        parse(call.args, &Spec { short: "Ffln", long: &["file", "facility", "level"], ..Spec::default() });
    if parsed.has(&["-C", "--clear", "-c", "--read-clear"]) {
        let what = "clears the kernel's messages".to_owned();
        shell.add(EffectKind::Weaken { what, once: false }, call.span);
    }
    observe(call, shell)
}

fn journalctl(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let clears = |arg: &&Arg| arg.value.prefix().starts_with("--vacuum") || arg.text() == Some("--rotate");
    if let Some(arg) = call.args.iter().find(clears) {
        let what = "deletes the machine's logs".to_owned();
        shell.add(EffectKind::Weaken { what, once: false }, arg.span);
    }
    observe(call, shell)
}

/// `man` runs the pager and the browser that it is told to.
fn manual(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "PHCLmMSse", long: &["pager", "html", "preprocessor"], ..Spec::default() },
    );
    for command in parsed.values(&["-P", "--pager", "-H", "--html"]) {
        shell.run_line(&command.value, command.span, &Value::default());
    }
    observe(call, shell)
}

fn sockets(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "DFfAN", long: &["diag", "filter", "family", "query", "net"], ..Spec::default() },
    );
    if let Some(file) = parsed.value(&["-D", "--diag"]) {
        shell.write(file, WriteHow::Replace, None);
    }
    if parsed.has(&["-K", "--kill"]) {
        let kind = EffectKind::Machine {
            what: "closes network connections of other programs".to_owned(),
            grave: false,
        };
        shell.add(kind, call.span);
    }
    observe(call, shell)
}
