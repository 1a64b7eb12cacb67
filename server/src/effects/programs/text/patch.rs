//! Patches: text that names the files it changes.

use super::Call;
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, WriteHow};

/// A patch names the files it changes itself.
pub(super) fn patch(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(
        call.args,
        &Spec {
            short: "dDBzFgiopVY",
            long: &["directory", "input", "output", "strip", "reject-file"],
            ..Spec::default()
        },
    );
    if parsed.surely(&["--dry-run", "-C", "--check"]) {
        shell.add(EffectKind::Observe, call.span);
        return Value::default();
    }
    let text = match parsed.value(&["-i", "--input"]).or_else(|| parsed.operands.get(1)).cloned() {
        Some(file) => shell.read_file(&file),
        None => call.stdin.clone(),
    };
    let work = |shell: &mut Shell<'_>| {
        if let Some(file) = parsed.operands.first() {
            shell.write(file, WriteHow::Change, None);
            return;
        }
        let strip =
            parsed.value(&["-p", "--strip"]).and_then(Arg::text).and_then(|text| text.parse::<usize>().ok());
        let names = text.text().map(|text| patched_files(text, strip)).unwrap_or_default();
        if names.is_empty() {
            let here = Arg::known("./.", call.span);
            shell.write(&here, WriteHow::Change, None);
        }
        for name in names {
            let arg = Arg::known(name, call.span);
            shell.write(&arg, WriteHow::Change, None);
        }
    };
    match parsed.value(&["-d", "--directory"]).cloned() {
        Some(folder) => shell.in_folder(&folder, work),
        None => work(shell),
    }
    Value::default()
}

fn patched_files(text: &str, strip: Option<usize>) -> Vec<String> {
    let mut names: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("+++ "))
        .filter_map(|name| name.split('\t').next())
        .filter(|name| *name != "/dev/null")
        .map(|name| {
            let parts: Vec<&str> = name.split('/').collect();
            let skip = strip.unwrap_or_else(|| usize::from(matches!(parts.first(), Some(&"a" | &"b"))));
            parts.get(skip..).unwrap_or_default().join("/")
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::patched_files;

    #[test]
    fn a_patch_names_its_files() {
        assert_eq!(patched_files("--- a/x.rs\n+++ b/x.rs\n@@\n", None), ["x.rs"]);
    }
}
