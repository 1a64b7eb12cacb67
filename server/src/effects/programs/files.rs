//! Files and folders: rm, cp, mv, ln, mkdir, touch, chmod, install, shred, truncate.

use std::path::Path;

use super::{Call, Program};
use crate::effects::argv::{Arg, Parsed, Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::{Hole, Value};
use crate::effects::{EffectKind, Permission, Source, WriteHow};
use crate::world::{Place, Scope};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["rm", "unlink", "grm", "del"], model: remove },
    Program { names: &["rmdir"], model: remove_empty },
    Program { names: &["trash", "trash-put", "rmtrash"], model: trash },
    Program { names: &["shred", "srm", "wipe"], model: shred },
    Program { names: &["cp", "gcp", "install", "ditto"], model: copy },
    Program { names: &["mv", "gmv"], model: move_ },
    Program { names: &["rename", "prename"], model: rename },
    Program { names: &["ln", "gln", "link", "symlink"], model: link },
    Program { names: &["mkdir", "gmkdir"], model: make_folder },
    Program { names: &["touch"], model: touch },
    Program { names: &["mktemp"], model: make_temporary },
    Program { names: &["truncate", "fallocate"], model: truncate },
    Program { names: &["chmod"], model: chmod },
    Program { names: &["chown", "chgrp"], model: chown },
    Program { names: &["setfacl", "chattr", "chflags", "xattr"], model: attributes },
    Program { names: &["mkfifo", "mknod"], model: make_node },
];

fn remove(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { long: &["interactive"], ..Spec::default() });
    if parsed.has(&["--help", "--version"]) {
        return observe(call, shell);
    }
    let recursive = parsed.unsure || parsed.has(&["-r", "-R", "--recursive"]);
    for operand in &parsed.operands {
        shell.delete(operand, recursive);
    }
    // `find … | xargs rm` comes here with what flowed in as an operand; nothing else is to be read.
    Value::default()
}

/// `rmdir` takes only what is empty.
fn remove_empty(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    for operand in &parse(call.args, &Spec::default()).operands {
        let place = shell.place_itself(operand);
        if matches!(place.scope, Scope::Workspace | Scope::Temp) {
            shell.add(EffectKind::Observe, operand.span);
        } else {
            shell.delete(operand, false);
        }
    }
    Value::default()
}

/// What is put into the trash can be taken out again.
fn trash(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    for operand in &parse(call.args, &Spec::default()).operands {
        let from = shell.place_itself(operand);
        let to = shell.place_at("~/.local/share/Trash");
        shell.add(EffectKind::Move { from, to, state: crate::world::State::missing() }, operand.span);
    }
    Value::default()
}

fn shred(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "ns", long: &["iterations", "size", "random-source"], ..Spec::default() },
    );
    for operand in &parsed.operands {
        let place = shell.place(operand);
        if matches!(place.scope, Scope::Device) {
            shell.add(EffectKind::Device { path: place.text(), how: "overwrite".to_owned() }, operand.span);
        } else {
            shell.delete(operand, true);
        }
    }
    Value::default()
}

/// Whether sources are put into the destination, and not in its place.
fn goes_into(shell: &Shell<'_>, parsed: &Parsed, sources: &[Arg], to: &Arg, whole: bool) -> bool {
    let folder = || {
        let to = shell.place(to);
        shell.world().is_folder(&to.path) && !shell.gone(&to.path)
    };
    !whole
        && (sources.len() > 1
            || parsed.has(&["-t", "--target-directory"])
            || to.shown().ends_with('/')
            || folder())
}

/// The places that sources are copied or moved to: the destination, or below it when it is a folder.
fn destinations(shell: &Shell<'_>, parsed: &Parsed, sources: &[Arg], to: &Arg, whole: bool) -> Vec<Place> {
    let place = shell.place(to);
    if !goes_into(shell, parsed, sources, to, whole) || !place.known {
        return vec![place; sources.len().max(1)];
    }
    sources
        .iter()
        .map(|source| {
            let name = source.text().map(|text| super::base_name(text.trim_end_matches('/')).to_owned());
            match (name, place.path.to_str()) {
                (Some(name), Some(folder)) if !name.is_empty() && name != "." && name != ".." => {
                    shell.place_at(&format!("{folder}/{name}"))
                }
                _ => place.clone(),
            }
        })
        .collect()
}

/// Splits operands into sources and destination.
fn split(parsed: &Parsed) -> Option<(&[Arg], &Arg)> {
    if let Some(to) = parsed.value(&["-t", "--target-directory"]) {
        return Some((&parsed.operands, to));
    }
    let (to, sources) = parsed.operands.split_last()?;
    (!sources.is_empty()).then_some((sources, to))
}

fn copy(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let spec = Spec {
        short: "tSmgo",
        long: &["target-directory", "suffix", "mode", "group", "owner", "sparse", "reflink", "backup"],
        ..Spec::default()
    };
    let mut parsed = parse(call.args, &spec);
    if call.name == "install" && parsed.has(&["-d", "--directory"]) {
        for operand in &parsed.operands {
            shell.write(operand, WriteHow::Create, None);
        }
        return Value::default();
    }
    if call.name != "install" {
        // For `cp`, `-m`, `-g` and `-o` are no options with a value.
        parsed = parse(call.args, &Spec { short: "tS", ..spec });
    }
    let Some((sources, to)) = split(&parsed) else { return Value::default() };
    let keeps = parsed.has(&["-n", "--no-clobber", "--update"]) || parsed.has(&["-b", "--backup"]);
    let links = parsed.has(&["-s", "--symbolic-link", "-l", "--link"]);
    let places = destinations(shell, &parsed, sources, to, parsed.has(&["-T", "--no-target-directory"]));
    for (source, place) in sources.iter().zip(places) {
        let from = shell.place(source);
        if links {
            shell.link(place, from, source.span);
            continue;
        }
        let content = shell.read_file(source);
        let how = if keeps { WriteHow::Create } else { WriteHow::Replace };
        // A copy into a name that is free overwrites nothing, whatever is around it.
        shell.write_place(place, how, Some(content), to.span);
    }
    if let Some(mode) = parsed.value(&["-m", "--mode"]).filter(|_| call.name == "install") {
        let place = shell.place(to);
        permit(shell, mode, place, false);
    }
    Value::default()
}

fn move_(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "tS", long: &["target-directory", "suffix", "backup"], ..Spec::default() },
    );
    let Some((sources, to)) = split(&parsed) else { return Value::default() };
    let keeps = parsed.has(&["-n", "--no-clobber", "-b", "--backup"]);
    let places = destinations(shell, &parsed, sources, to, parsed.has(&["-T", "--no-target-directory"]));
    for (source, place) in sources.iter().zip(places) {
        let from = shell.place_itself(source);
        if place.scope == Scope::Sink {
            // `mv x /dev/null` loses x.
            shell.delete(source, true);
            continue;
        }
        let state = if keeps { crate::world::State::missing() } else { shell.state_of(&place) };
        shell.carry(&from, &place);
        shell.add(EffectKind::Move { from, to: place, state }, source.span);
    }
    Value::default()
}

fn rename(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec::default());
    if parsed.has(&["-n", "--nono", "--just-print", "--no-act"]) {
        return observe(call, shell);
    }
    for operand in parsed.rest(1) {
        let from = shell.place_itself(operand);
        shell.add(
            EffectKind::Move { to: from.clone(), from, state: crate::world::State::missing() },
            operand.span,
        );
    }
    Value::default()
}

fn link(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        parse(call.args, &Spec { short: "tS", long: &["target-directory", "suffix"], ..Spec::default() });
    let (sources, to) = match (parsed.value(&["-t", "--target-directory"]), parsed.operands.as_slice()) {
        (Some(to), sources) => (sources.to_vec(), to.clone()),
        (None, [only]) => (vec![only.clone()], Arg::known(".", only.span)),
        (None, [sources @ .., to]) => (sources.to_vec(), to.clone()),
        (None, []) => return Value::default(),
    };
    let symbolic = parsed.has(&["-s", "--symbolic"]);
    let itself = shell.place_itself(&to);
    let over = parsed.has(&["-n", "--no-dereference"]) && !shell.world().is_real_folder(&itself.path);
    let whole = parsed.has(&["-T", "--no-target-directory"]) || over;
    let into = goes_into(shell, &parsed, &sources, &to, whole);
    for (source, place) in sources.iter().zip(destinations(shell, &parsed, &sources, &to, whole)) {
        // What stands at the name itself is what the link takes the place of.
        let place = if into { place } else { itself.clone() };
        let target = match (source.text(), place.path.parent().and_then(Path::to_str)) {
            (Some(text), Some(folder))
                if symbolic && !text.starts_with('/') && !parsed.has(&["-r", "--relative"]) =>
            {
                shell.place_at(&format!("{folder}/{text}"))
            }
            _ => shell.place(source),
        };
        shell.link(place, target, to.span);
    }
    Value::default()
}

fn make_folder(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "m", long: &["mode"], ..Spec::default() });
    for operand in &parsed.operands {
        shell.write(operand, WriteHow::Create, None);
    }
    Value::default()
}

fn touch(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        parse(call.args, &Spec { short: "rtd", long: &["reference", "date", "time"], ..Spec::default() });
    for operand in &parsed.operands {
        shell.write(operand, WriteHow::Create, Some(Value::default()));
    }
    Value::default()
}

/// The name is not known, but it is new and in the folder for temporary files.
fn make_temporary(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, call.span);
    shell.temporary_name()
}

fn truncate(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "srlo", long: &["size", "reference", "length", "offset"], ..Spec::default() },
    );
    let empties = parsed
        .value(&["-s", "--size"])
        .and_then(Arg::text)
        .is_some_and(|size| size.trim_start().starts_with(['0', '-', '<', '/', '%']));
    let how = if empties { WriteHow::Replace } else { WriteHow::Change };
    for operand in &parsed.operands {
        let content = empties.then(Value::default);
        shell.write(operand, how, content);
    }
    Value::default()
}

fn chmod(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    // `-x` and `-w` are modes, not options.
    let is_option = |arg: &&Arg| matches!(arg.text(), Some(text) if text.starts_with("--") || matches!(text, "-R" | "-v" | "-f" | "-c" | "-Rf" | "-fR" | "-vR" | "-Rv"));
    let recursive = call
        .args
        .iter()
        .filter(is_option)
        .filter_map(Arg::text)
        .any(|text| text.contains('R') || text.starts_with("--rec"));
    let rest: Vec<&Arg> = call.args.iter().filter(|arg| !is_option(arg)).collect();
    let by_reference = call.args.iter().any(|arg| arg.value.prefix().starts_with("--reference"));
    let (mode, files) = match rest.split_first() {
        Some((mode, files)) if !by_reference => (Some((*mode).clone()), files.to_vec()),
        _ => (None, rest),
    };
    for file in files {
        let place = shell.place(file);
        match &mode {
            Some(mode) => permit_at(shell, mode, place, recursive, file),
            None => shell.add(EffectKind::Permit { place, change: Permission::Other, recursive }, file.span),
        }
    }
    Value::default()
}

fn permit(shell: &mut Shell<'_>, mode: &Arg, place: Place, recursive: bool) {
    permit_at(shell, mode, place, recursive, mode);
}

fn permit_at(shell: &mut Shell<'_>, mode: &Arg, place: Place, recursive: bool, file: &Arg) {
    let change = mode.text().map_or(Permission::Other, permission);
    let span =
        banksman_protocol::Span::new(mode.span.start.min(file.span.start), file.span.end.max(mode.span.end));
    shell.add(EffectKind::Permit { place, change, recursive }, span);
}

/// What a mode, in numbers or letters, gives to whom.
#[must_use]
pub fn permission(mode: &str) -> Permission {
    if let Ok(number) = u32::from_str_radix(mode, 8) {
        return if number & 0o6000 != 0 {
            Permission::SetId
        } else if number & 0o002 != 0 && number & 0o1000 == 0 {
            Permission::WorldWritable
        } else if number & 0o111 != 0 {
            Permission::Executable
        } else {
            Permission::Other
        };
    }
    let mut change = Permission::Other;
    for clause in mode.split(',') {
        let Some(at) = clause.find(['+', '=']) else { continue };
        let (who, what) = clause.split_at(at);
        let what = what.get(1..).unwrap_or_default();
        let others = who.is_empty() || who.contains(['o', 'a']);
        if what.contains('s') {
            return Permission::SetId;
        }
        if what.contains('w') && who.contains(['o', 'a']) {
            change = Permission::WorldWritable;
        } else if what.contains(['x', 'X']) && change == Permission::Other {
            change = Permission::Executable;
        } else if what.contains('w') && others && change == Permission::Other {
            change = Permission::Other;
        }
    }
    change
}

fn chown(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { long: &["from", "reference"], ..Spec::default() });
    let recursive = parsed.has(&["-R", "--recursive"]);
    let skip = usize::from(!parsed.has(&["--reference"]));
    for operand in parsed.rest(skip) {
        let place = shell.place(operand);
        shell.add(EffectKind::Permit { place, change: Permission::Owner, recursive }, operand.span);
    }
    Value::default()
}

fn attributes(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "mxM", ..Spec::default() });
    for operand in parsed.operands.iter().filter(|operand| operand.shown().contains(['/', '.'])) {
        let place = shell.place(operand);
        shell.add(EffectKind::Permit { place, change: Permission::Other, recursive: false }, operand.span);
    }
    Value::default()
}

fn make_node(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "m", long: &["mode"], ..Spec::default() });
    if call.name == "mknod" && matches!(parsed.operand(1), Some("b" | "c" | "u")) {
        let path = parsed.operands.first().map(Arg::shown).unwrap_or_default();
        shell.add(EffectKind::Device { path, how: "make a device file".to_owned() }, call.span);
        return Value::default();
    }
    if let Some(operand) = parsed.operands.first() {
        let content = Value::unknown(Hole::Any("what flows through it".to_owned()));
        shell.write(operand, WriteHow::Append, Some(content));
    }
    Value::default()
}

pub(super) fn observe(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    shell.add(EffectKind::Observe, call.span);
    let sources: Vec<Source> = call.stdin.sources().to_vec();
    Value::output(call.name, sources)
}
