//! Cells of notebooks: Python with lines for the shell between them.

use banksman_protocol::Span;

use super::python;
use crate::effects::argv::Arg;
use crate::effects::shell::Shell;
use crate::effects::value::Value;

/// Words behind a percent sign that hand the rest to the shell.
const SHELLS: [&str; 6] = ["sx", "system", "bash", "sh", "script", "shell"];
/// Words behind a percent sign that only watch the Python behind them.
const WATCHES: [&str; 5] = ["time", "timeit", "capture", "prun", "memit"];

/// Lines for the shell, or words for the notebook itself, stand in the code.
pub(super) fn stand_in(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with(['!', '%']) || shell_part(line).is_some())
}

/// Follows a cell: its lines for the shell in order, then its Python.
pub(super) fn read(shell: &mut Shell<'_>, text: &str, args: &[Arg], span: Span) -> Value {
    if let Some((word, rest)) = text.trim_start().strip_prefix("%%").map(|rest| split(rest, '\n')) {
        let word = word.split_whitespace().next().unwrap_or_default();
        if SHELLS.contains(&word) {
            return shell.run_code("sh", &Value::known(rest), span);
        }
        if !WATCHES.contains(&word) {
            let language = match word {
                "javascript" | "js" => "node",
                "perl" | "ruby" => word,
                // Pages and files: nothing of them runs here.
                _ => return Value::default(),
            };
            return shell.run_code(language, &Value::known(rest), span);
        }
        return python::read(shell, rest, args, span);
    }
    let mut code = String::with_capacity(text.len());
    for line in text.lines() {
        match shell_part(line) {
            Some(command) => {
                shell.run_line(&Value::known(command), span, &Value::default());
                // Blocks that hold nothing else stay whole.
                let indent = line.len() - line.trim_start().len();
                code.push_str(line.get(..indent).unwrap_or_default());
                code.push_str("pass");
            }
            None => match line.trim_start().strip_prefix('%') {
                Some(magic) => {
                    let (word, rest) = split(magic, ' ');
                    code.push_str(if WATCHES.contains(&word) { rest } else { "" });
                }
                None => code.push_str(line),
            },
        }
        code.push('\n');
    }
    if stand_in(&code) { Value::default() } else { python::read(shell, &code, args, span) }
}

/// What a line hands to the shell: `!command`, `name = !command`, `%sx command`.
fn shell_part(line: &str) -> Option<&str> {
    let bare = line.trim();
    if let Some(command) = bare.strip_prefix('!') {
        return Some(command.trim_start_matches('!'));
    }
    if let Some((word, rest)) = bare.strip_prefix('%').map(|rest| split(rest, ' ')) {
        return SHELLS.contains(&word).then_some(rest);
    }
    let (name, command) = bare.split_once('=')?;
    let plain = name.trim().chars().all(|c| c.is_alphanumeric() || c == '_');
    plain
        .then(|| command.trim_start().strip_prefix('!').filter(|command| !command.starts_with('=')))
        .flatten()
}

fn split(text: &str, mark: char) -> (&str, &str) {
    text.split_once(mark).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::effects::EffectKind;
    use crate::effects::shell::read_code;
    use crate::trail::Trail;
    use crate::world::{Disk, World};

    fn deletes(cell: &str) -> bool {
        let (disk, trail) = (Disk::with_home("/home/someone".into()), Trail::default());
        let world = World::new(&disk, &trail, Path::new("/nonexistent/w"), Path::new("/nonexistent/w"));
        read_code("python", cell, &world)
            .iter()
            .any(|effect| matches!(effect.kind, EffectKind::Delete { .. }))
    }

    #[test]
    fn lines_of_a_cell_for_the_shell_are_followed() {
        for cell in [
            "!rm -rf ~",
            "import os\nif True:\n    !rm -rf ~\nprint(1)",
            "out = !rm -rf ~",
            "%%bash\nrm -rf ~",
            "%sx rm -rf ~",
            "%matplotlib inline\nimport shutil\nshutil.rmtree('/srv/x')",
            "%time __import__('shutil').rmtree('/srv/x')",
        ] {
            assert!(deletes(cell), "{cell}");
        }
    }

    #[test]
    fn cells_that_only_compute_do_nothing() {
        for cell in
            ["!ls -la", "%matplotlib inline\nx = 1 != 2", "%%html\n<b>rm -rf ~</b>", "x = '!rm -rf ~'"]
        {
            assert!(!deletes(cell), "{cell}");
        }
    }
}
