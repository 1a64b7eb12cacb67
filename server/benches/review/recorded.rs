//! Commands that somebody recorded.

use std::path::{Path, PathBuf};

/// The commands of a recording that was made in the folder `made_in`, as they would be in `workspace`; those
/// that are longer than four kilobytes left out.
pub(crate) fn commands(file: &str, made_in: &str, workspace: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).expect("the recording can be read");
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON Lines"));
    let here = workspace.to_str().expect("a temporary folder has a plain name");
    lines
        .filter_map(|line| {
            // The verdicts that `banksman log --json` prints hold the whole action.
            let command = line.get("command").or_else(|| line.get("action")?.get("command"))?;
            Some(command.as_str()?.replace(made_in, here))
        })
        .filter(|line| line.len() <= crate::population::LONGEST)
        .collect()
}

/// Lays the files that the commands name.
pub(crate) fn lay_files(lines: &[String], workspace: &Path) {
    for path in lines.iter().flat_map(|line| named_files(line, workspace)) {
        lay(&path);
    }
}

/// The files of the workspace that a command seems to name: words with a slash and an ending.
fn named_files(line: &str, workspace: &Path) -> Vec<PathBuf> {
    let word = |part: &str| part.chars().all(|char| char.is_ascii_alphanumeric() || "/._-".contains(char));
    line.split(|char: char| char.is_whitespace() || "'\"`;|&()<>:=,".contains(char))
        .filter(|name| word(name) && !name.contains("..") && !name.ends_with('/'))
        .map(|name| name.trim_start_matches("./"))
        .filter(|name| name.contains('/') && Path::new(name).extension().is_some())
        .map(|name| workspace.join(name))
        .filter(|path| path.starts_with(workspace) && path.as_os_str().len() < 250)
        .collect()
}

/// A file of six kilobytes, as far as nothing else is there.
fn lay(path: &Path) {
    if path.exists() {
        return;
    }
    let Some(folder) = path.parent() else { return };
    if std::fs::create_dir_all(folder).is_ok() {
        let text = "def part_of_it(value):\n    return [value + 1, value * 2]\n\n".repeat(100);
        let _ = std::fs::write(path, text);
    }
}
