//! What a container gets of the machine it runs on: mounts, rights, namespaces.

use super::{Arg, EffectKind, Parsed, Scope, Shell, Value, Worst, harmless};
use crate::effects::argv::tail;
use crate::world::{Place, Role};

/// Capabilities with which a container can reach beyond its walls.
pub(crate) const MIGHTY: [&str; 9] = [
    "ALL",
    "SYS_ADMIN",
    "SYS_PTRACE",
    "SYS_MODULE",
    "SYS_RAWIO",
    "DAC_READ_SEARCH",
    "DAC_OVERRIDE",
    "NET_ADMIN",
    "BPF",
];

/// Says what the options of `docker run` open; returns where what is mounted comes from.
pub(super) fn check(parsed: &Parsed, shell: &mut Shell<'_>) -> Value {
    if let Some(option) = parsed
        .find(&["--privileged"])
        .filter(|option| option.value.as_ref().and_then(Arg::text) != Some("false"))
    {
        opens("the walls between the container and this machine (`--privileged`)", option.span, shell);
    }
    for (names, word) in [
        (&["--pid"][..], "processes"),
        (&["--ipc"][..], "memory"),
        (&["--userns"][..], "users"),
        (&["--cgroupns"][..], "control groups"),
        (&["--uts"][..], "name"),
    ] {
        if let Some(value) = parsed.value(names).filter(|value| value.text() == Some("host")) {
            let what = format!("the walls between the container and this machine's {word}");
            if matches!(word, "processes" | "users") {
                opens(&what, value.span, shell);
            } else {
                shell.add(EffectKind::Weaken { what, once: true }, value.span);
            }
        }
    }
    for value in parsed.values(&["--cap-add"]) {
        let name = value.shown().to_ascii_uppercase();
        let name = name.trim_start_matches("CAP_").to_owned();
        if MIGHTY.contains(&name.as_str()) {
            let what = format!("the walls of the container (`--cap-add {name}`)");
            if matches!(name.as_str(), "ALL" | "SYS_ADMIN" | "SYS_MODULE" | "SYS_RAWIO" | "DAC_READ_SEARCH") {
                opens(&what, value.span, shell);
            } else {
                shell.add(EffectKind::Weaken { what, once: true }, value.span);
            }
        }
    }
    for value in parsed.values(&["--security-opt"]) {
        if value.shown().contains("unconfined")
            || value.shown().contains("label=disable")
            || value.shown().contains("label:disable")
        {
            shell.add(
                EffectKind::Weaken {
                    what: format!("the walls of the container (`{}`)", value.shown()),
                    once: true,
                },
                value.span,
            );
        }
    }
    for value in parsed.values(&["--device"]) {
        let device = value.shown();
        let disk = [
            "/dev/sd",
            "/dev/nvme",
            "/dev/vd",
            "/dev/mem",
            "/dev/kmem",
            "/dev/dm-",
            "/dev/mapper",
            "/dev/disk",
        ];
        if disk.iter().any(|start| device.starts_with(start)) || device == "/dev" {
            let path = device.split(':').next().unwrap_or_default().to_owned();
            shell.add(EffectKind::Device { path, how: "hand it to a container".to_owned() }, value.span);
        }
    }
    let mut mounted = Value::default();
    let volumes: Vec<Arg> = parsed.values(&["-v", "--volume"]).cloned().collect();
    for volume in volumes {
        if let Some((from, writable)) = bind(&volume) {
            mount(&from, writable, &mut mounted, shell);
        }
    }
    let mounts: Vec<Arg> = parsed.values(&["--mount"]).cloned().collect();
    for described in mounts {
        if let Some((from, writable)) = described_mount(&described) {
            mount(&from, writable, &mut mounted, shell);
        }
    }
    mounted
}

/// From now on whoever is in the container is root on this machine.
fn opens(what: &str, span: banksman_protocol::Span, shell: &mut Shell<'_>) {
    shell.add(EffectKind::Weaken { what: what.to_owned(), once: false }, span);
}

/// The host's side of `-v FROM:TO[:ro]`, when it is a path and no volume's name.
fn bind(volume: &Arg) -> Option<(Arg, bool)> {
    let shown = volume.shown();
    // What is not known at the beginning is a path as well as a name; it is shown by its variable.
    if volume.value.text().is_none() {
        shown.find(':')?;
        let mut from = volume.clone();
        from.value = cut(volume);
        return Some((from, !read_only(&shown)));
    }
    let (from, _) = shown.split_once(':')?;
    let path = from.starts_with(['/', '.', '~']) || from.contains('/');
    path.then(|| (Arg::known(from, volume.span), !read_only(&shown)))
}

/// The value up to the first `:` outside of what is not known.
fn cut(volume: &Arg) -> Value {
    use crate::effects::value::Piece;
    let mut value = Value::default();
    for piece in volume.value.pieces() {
        match piece {
            Piece::Text(text) => match text.split_once(':') {
                Some((before, _)) => {
                    value.push_text(before);
                    return value;
                }
                None => value.push_text(text),
            },
            Piece::Hole(hole) => value.push(&Value::unknown(hole.clone())),
        }
    }
    value
}

fn read_only(shown: &str) -> bool {
    shown.rsplit_once(':').is_some_and(|(_, options)| options.split(',').any(|option| option == "ro"))
}

/// The host's side of `--mount type=bind,src=FROM,dst=TO`.
fn described_mount(described: &Arg) -> Option<(Arg, bool)> {
    let shown = described.shown();
    if !shown.contains("type=bind") && !shown.contains("src=/") && !shown.contains("source=/") {
        return None;
    }
    let read_only =
        shown.split(',').any(|part| matches!(part, "readonly" | "ro" | "readonly=true" | "ro=true"));
    let part = shown
        .split(',')
        .find_map(|part| part.strip_prefix("src=").or_else(|| part.strip_prefix("source=")))?;
    let arg = match described.text() {
        Some(_) => Arg::known(part, described.span),
        None => tail(described, described.value.prefix().len()),
    };
    Some((arg, !read_only))
}

/// A folder of this machine is in the container.
fn mount(from: &Arg, writable: bool, mounted: &mut Value, shell: &mut Shell<'_>) {
    let place = shell.place(from);
    let shown = place.text();
    if shown.ends_with("docker.sock") || shown.ends_with("podman.sock") || shown.ends_with("containerd.sock")
    {
        opens(
            "the walls of the container: who holds the daemon's socket is root on this machine",
            from.span,
            shell,
        );
        return;
    }
    if !place.known && matches!(place.scope, Scope::Unknown | Scope::Root | Scope::System | Scope::HomeRoot) {
        shell.opaque(
            format!("which folder `{}` gives to the container is not known", from.shown()),
            Worst::Writes,
            from.span,
        );
        return;
    }
    let own = place.path == shell.world().workspace() || Some(place.path.as_path()) == shell.cwd();
    if is_whole(&place, writable) && !own {
        let what = format!("the walls between the container and this machine: `{shown}` is handed over");
        opens(&what, from.span, shell);
        return;
    }
    if matches!(place.role, Role::Secret(_)) {
        // What runs in the container reads it, where nothing here sees it.
        mounted.push(&shell.read_file(from));
        return;
    }
    if writable && !own && !harmless(place.scope) && place.scope != Scope::Unknown && !is_clock(&shown) {
        let what = format!("the container may change `{shown}`");
        shell.add(EffectKind::Weaken { what, once: true }, from.span);
    }
}

/// A part of this machine that nobody gives away for one container.
fn is_whole(place: &Place, writable: bool) -> bool {
    match place.scope {
        Scope::Root | Scope::HomeRoot => true,
        Scope::System => {
            writable && !is_clock(&place.text())
                || place.path.starts_with("/proc")
                || place.path == std::path::Path::new("/etc")
        }
        _ => false,
    }
}

/// What is mounted everywhere and harms nothing.
fn is_clock(path: &str) -> bool {
    ["/etc/localtime", "/etc/timezone", "/usr/share", "/tmp/.X11-unix", "/lib/modules", "/etc/ssl/certs"]
        .iter()
        .any(|start| path.starts_with(start))
}
