//! What is wrong with settings as written, and where. The rest of the settings still applies.

use std::path::{Path, PathBuf};

use serde::Serialize;

/// Something in the settings that does not apply as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file; empty for the editor's configuration.
    pub path: PathBuf,
    /// The line, counted from 1; 0 when there is none.
    pub line: u32,
    /// The column in characters, counted from 1; 0 when there is none.
    pub column: u32,
    /// What does not apply, and why.
    pub message: String,
    /// What to write or do instead, when there is something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.path.as_os_str().is_empty() {
            write!(f, "editor settings: {}", self.message)?;
        } else if self.line == 0 {
            write!(f, "{}: {}", self.path.display(), self.message)?;
        } else {
            write!(f, "{}:{}:{}: {}", self.path.display(), self.line, self.column, self.message)?;
        }
        match &self.suggestion {
            Some(suggestion) => write!(f, " ({suggestion})"),
            None => Ok(()),
        }
    }
}

/// Collects what is wrong with one file.
#[derive(Debug)]
pub(super) struct Report<'a> {
    path: &'a Path,
    text: &'a str,
    problems: Vec<Problem>,
}

impl<'a> Report<'a> {
    pub(super) fn new(path: &'a Path, text: &'a str) -> Self {
        Self { path, text, problems: Vec::new() }
    }

    pub(super) fn path(&self) -> &'a Path {
        self.path
    }

    /// Takes note of a problem at byte `at` of the text.
    pub(super) fn add(&mut self, at: Option<usize>, message: impl Into<String>, suggestion: Option<String>) {
        let (line, column) = at.map_or((0, 0), |at| position(self.text, at));
        let message = message.into();
        self.problems.push(Problem { path: self.path.to_path_buf(), line, column, message, suggestion });
    }

    /// What was collected, in the order of the file.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        self.problems.sort();
        self.problems.dedup();
        self.problems
    }
}

/// Line and column, both counted from 1, of a byte.
fn position(text: &str, at: usize) -> (u32, u32) {
    let before = (0..=at.min(text.len())).rev().find_map(|at| text.get(..at)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// The known word that `word` was probably meant to be.
pub(super) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let word = word.to_ascii_lowercase().replace('_', "-");
    let (best, score) = known
        .into_iter()
        .map(|known| (known, strsim::jaro_winkler(&word, &known.replace('_', "-"))))
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    (score > 0.8).then(|| format!("did you mean `{best}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_columns_in_characters() {
        assert_eq!(position("a\nüb = 1", 5), (2, 3));
        assert_eq!(position("", 7), (1, 1));
    }

    #[test]
    fn suggests_the_nearest_word_or_nothing() {
        assert_eq!(did_you_mean("mod", ["mode", "hosts"]), Some("did you mean `mode`?".into()));
        assert_eq!(did_you_mean("zzz", ["mode", "hosts"]), None);
    }
}
