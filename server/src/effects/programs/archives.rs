//! Archives, compression and raw copies: tar, zip, unzip, gzip, 7z, cpio, dd, split.

use super::{Call, Program};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Remote, SendHow, Source, Worst, WriteHow};
use crate::world::Scope;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["tar", "gtar", "bsdtar"], model: tar },
    Program { names: &["zip"], model: zip },
    Program { names: &["unzip", "unrar", "unar"], model: unzip },
    Program { names: &["7z", "7za", "7zz", "7zr", "rar"], model: seven_zip },
    Program {
        names: &[
            "gzip", "gunzip", "bzip2", "bunzip2", "xz", "unxz", "zstd", "unzstd", "lz4", "compress", "pigz",
            "brotli",
        ],
        model: compress,
    },
    Program { names: &["zcat", "gzcat", "bzcat", "xzcat", "zstdcat"], model: uncompressed },
    Program { names: &["cpio", "pax"], model: cpio },
    Program { names: &["dd", "gdd"], model: dd },
    Program { names: &["split", "csplit"], model: split },
];

fn tar(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    // GNU tar reads options from the environment first.
    let given = call.variables.iter().find(|(name, _)| name == "TAR_OPTIONS").map(|(_, value)| value.clone());
    let Some(options) = given.or_else(|| shell.variable("TAR_OPTIONS")) else { return packed(call, shell) };
    let Some(text) = options.text() else {
        let reason = "`tar` takes options from a variable whose value is not known";
        shell.opaque(reason, Worst::Runs, call.span);
        return packed(call, shell);
    };
    let mut args: Vec<Arg> = text.split_whitespace().map(|word| Arg::known(word, call.span)).collect();
    args.extend_from_slice(call.args);
    packed(&Call { args: &args, ..call.clone() }, shell)
}

fn packed(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    // Old style: the first word is a bundle of letters without a dash.
    let mut args = call.args.to_vec();
    if let Some(first) = args.first_mut()
        && let Some(text) = first
            .text()
            .filter(|text| {
                !text.starts_with('-') && !text.is_empty() && text.chars().all(|c| c.is_ascii_alphabetic())
            })
            .map(str::to_owned)
    {
        // Values follow in the order of the letters; `f` is the one that counts and the usual last.
        first.value = Value::known(format!("-{text}"));
    }
    let spec = Spec {
        short: "fCTXbgIKNVLFH",
        long: &[
            "file",
            "directory",
            "files-from",
            "exclude-from",
            "exclude",
            "use-compress-program",
            "to-command",
            "checkpoint-action",
            "checkpoint",
            "rsh-command",
            "transform",
            "info-script",
            "new-volume-script",
            "owner",
            "group",
            "mode",
            "strip-components",
            "newer",
            "format",
        ],
        ..Spec::default()
    };
    let parsed = parse(&args, &spec);
    for line in parsed
        .values(&[
            "-I",
            "--use-compress-program",
            "--to-command",
            "--rsh-command",
            "-F",
            "--info-script",
            "--new-volume-script",
        ])
        .cloned()
        .collect::<Vec<_>>()
    {
        if !matches!(
            line.text(),
            Some("zstd" | "pigz" | "gzip" | "xz" | "bzip2" | "lz4" | "lbzip2" | "pbzip2")
        ) {
            shell.run_line(&line.value, line.span, &Value::default());
        }
    }
    for action in parsed.values(&["--checkpoint-action"]).cloned().collect::<Vec<_>>() {
        match action.text().and_then(|text| text.strip_prefix("exec=")) {
            Some(line) => {
                shell.run_line(&Value::known(line), action.span, &Value::default());
            }
            None if action.text().is_none() => {
                shell.opaque("tar runs a command that is not known", Worst::Runs, action.span)
            }
            None => {}
        }
    }
    let archive = parsed.value(&["-f", "--file"]).cloned().filter(|file| file.text() != Some("-"));
    let folder = parsed.value(&["-C", "--directory"]).cloned();
    let long_name = |name: &str| parsed.options.iter().any(|option| option.name == name);
    if parsed.has(&["-c", "-r", "-u", "-A"])
        || parsed.has(&["--create"])
        || long_name("--append")
        || long_name("--update")
    {
        let read = |shell: &mut Shell<'_>| shell.read_files(&parsed.operands);
        let contents = match &folder {
            Some(folder) => shell.in_folder(folder, read),
            None => read(shell),
        };
        let packed = Value::output("tar", contents.sources().to_vec());
        if parsed.has(&["--remove-files"]) {
            let delete = |shell: &mut Shell<'_>| {
                for operand in &parsed.operands {
                    shell.delete(operand, true);
                }
            };
            match &folder {
                Some(folder) => shell.in_folder(folder, delete),
                None => delete(shell),
            }
        }
        // `host:file` is an archive on another machine.
        let host =
            archive.as_ref().and_then(Arg::text).and_then(|file| file.split_once(':')).filter(|(host, _)| {
                !host.is_empty() && !host.contains('/') && !parsed.has(&["--force-local"])
            });
        if let Some((host, _)) = host {
            let (to, what) = (Remote::read(host), packed.sources().to_vec());
            shell.add(EffectKind::Send { to, what, how: SendHow::Body }, call.span);
            return Value::default();
        }
        return match archive {
            Some(file) => {
                shell.write(&file, WriteHow::Replace, Some(packed));
                Value::default()
            }
            None => packed,
        };
    }
    let contents = match &archive {
        Some(file) => shell.read_file(file),
        None => call.stdin.clone(),
    };
    if parsed.has(&["-t"]) || long_name("--list") || long_name("--diff") || long_name("--compare") {
        return Value::output("tar", contents.sources().to_vec());
    }
    if parsed.has(&["-O", "--to-stdout"]) {
        return Value::output("tar", contents.sources().to_vec());
    }
    if parsed.has(&["-P", "--absolute-names"]) {
        shell.opaque("the archive itself says which files are written", Worst::Writes, call.span);
    }
    unpack(shell, folder.as_ref(), &contents, call);
    Value::output("tar", Vec::new())
}

/// The folder that is unpacked into now holds what came out of the archive.
fn unpack(shell: &mut Shell<'_>, folder: Option<&Arg>, contents: &Value, call: &Call<'_>) {
    let here = Arg::known(".", call.span);
    let folder = folder.unwrap_or(&here);
    let packed = Value::output(call.name, contents.sources().to_vec());
    shell.unpacked_into(folder, packed);
}

fn zip(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "bixnPsO", long: &["unzip-command", "temp-path"], ..Spec::default() },
    );
    for option in
        parsed.options.iter().filter(|option| option.name == "-TT" || option.name == "--unzip-command")
    {
        if let Some(line) = &option.value {
            shell.run_line(&line.value, line.span, &Value::default());
        }
    }
    // `zip -T -TT 'sh #'` runs a command to test the archive.
    if let Some(at) = call
        .args
        .iter()
        .position(|arg| arg.value.prefix().starts_with("-TT") || arg.text() == Some("--unzip-command"))
        && let Some(line) = call.args.get(at + 1)
    {
        shell.run_line(&line.value, line.span, &Value::default());
    }
    let Some((archive, files)) = parsed.operands.split_first() else { return Value::default() };
    let contents = shell.read_files(files);
    let packed = Value::output("zip", contents.sources().to_vec());
    if parsed.has(&["-m", "--move"]) {
        for file in files {
            shell.delete(file, true);
        }
    }
    if archive.text() == Some("-") {
        return packed;
    }
    shell.write(archive, WriteHow::Replace, Some(packed));
    Value::default()
}

fn unzip(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "dxPO", ..Spec::default() });
    let Some(archive) = parsed.operands.first() else { return Value::default() };
    let contents = shell.read_file(archive);
    if parsed.has(&["-l", "-v", "-t", "-p", "-Z", "-z", "-c"]) {
        return Value::output(call.name, contents.sources().to_vec());
    }
    unpack(shell, parsed.value(&["-d"]), &contents, call);
    Value::default()
}

fn seven_zip(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let Some((sub, rest)) = call.args.split_first() else { return Value::default() };
    let operands: Vec<Arg> =
        rest.iter().filter(|arg| !arg.value.prefix().starts_with('-')).cloned().collect();
    let Some((archive, files)) = operands.split_first() else { return Value::default() };
    match sub.text() {
        Some("a" | "u" | "m") => {
            let contents = shell.read_files(files);
            shell.write(archive, WriteHow::Replace, Some(Value::output("7z", contents.sources().to_vec())));
        }
        Some("x" | "e") => {
            let contents = shell.read_file(archive);
            let folder = rest.iter().find_map(|arg| {
                let text = arg.text()?.strip_prefix("-o")?;
                Some(Arg { value: Value::known(text), ..arg.clone() })
            });
            unpack(shell, folder.as_ref(), &contents, call);
        }
        _ => {
            shell.read_file(archive);
        }
    }
    Value::output(call.name, Vec::new())
}

fn compress(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed =
        parse(call.args, &Spec { short: "SoTMD", long: &["suffix", "output", "threads"], ..Spec::default() });
    if parsed.operands.is_empty() {
        return Value::output(call.name, call.stdin.sources().to_vec());
    }
    let contents = shell.read_files(&parsed.operands);
    if parsed.has(&["-c", "--stdout", "--to-stdout", "-t", "--test", "-l", "--list"]) {
        return Value::output(call.name, contents.sources().to_vec());
    }
    for operand in &parsed.operands {
        // The packed or unpacked file takes the place of the other: nothing is lost.
        let mut name = operand.clone();
        name.value.push_text(".packed");
        if name.text().is_some() {
            shell.write(&name, WriteHow::Create, Some(contents.clone()));
        }
    }
    Value::default()
}

fn uncompressed(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec::default());
    let contents =
        if parsed.operands.is_empty() { call.stdin.clone() } else { shell.read_files(&parsed.operands) };
    Value::output(call.name, contents.sources().to_vec())
}

fn cpio(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec { short: "FODEHIMR", long: &["file", "directory", "rsh-command"], ..Spec::default() },
    );
    for line in parsed.values(&["--rsh-command"]).cloned().collect::<Vec<_>>() {
        shell.run_line(&line.value, line.span, &Value::default());
    }
    if parsed.has(&["-i", "--extract", "-p", "--pass-through", "-x"]) {
        unpack(shell, parsed.value(&["-D", "--directory"]), call.stdin, call);
    } else if call.name == "ar" {
        for operand in parsed.rest(1).iter().take(1) {
            shell.write(operand, WriteHow::Change, None);
        }
    }
    Value::output(call.name, call.stdin.sources().to_vec())
}

fn dd(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let operand = |name: &str| {
        call.args
            .iter()
            .find(|arg| arg.value.prefix().starts_with(name))
            .map(|arg| crate::effects::argv::tail(arg, name.len()))
    };
    let contents = match operand("if=") {
        Some(file) => {
            let place = shell.place(&file);
            if place.scope == Scope::Device {
                shell.add(EffectKind::Read { place }, file.span);
                Value::output("dd", Vec::new())
            } else {
                shell.read_file(&file)
            }
        }
        None => call.stdin.clone(),
    };
    let Some(to) = operand("of=") else { return contents };
    let place = shell.place(&to);
    match place.scope {
        Scope::Device => {
            shell.add(EffectKind::Device { path: place.text(), how: "overwrite".to_owned() }, to.span)
        }
        _ => {
            let keeps = call.args.iter().any(|arg| {
                arg.text().is_some_and(|text| text.starts_with("conv=") && text.contains("notrunc"))
                    || arg.text() == Some("oflag=append")
            });
            let how = if keeps { WriteHow::Change } else { WriteHow::Replace };
            shell.write(&to, how, Some(contents));
        }
    }
    Value::default()
}

fn split(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "abClnfk",
            long: &["bytes", "lines", "number", "filter", "suffix-length", "additional-suffix"],
            ..Spec::default()
        },
    );
    for line in parsed.values(&["--filter"]).cloned().collect::<Vec<_>>() {
        shell.run_line(&line.value, line.span, &Value::default());
    }
    let mut sources: Vec<Source> = call.stdin.sources().to_vec();
    if let Some(file) = parsed.operands.first().filter(|file| file.text() != Some("-")) {
        sources.extend(shell.read_file(file).sources().iter().cloned());
    }
    if let Some(prefix) = parsed.operands.get(1) {
        let mut name = prefix.clone();
        name.value.push_text("aa");
        shell.write(&name, WriteHow::Create, Some(Value::output("split", sources)));
    }
    Value::default()
}
