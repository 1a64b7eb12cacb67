//! `banksman review`: one action, one verdict.

use std::path::{Path, PathBuf};

use banksman::guard::{Guard, GuardOptions};
use banksman::settings::Places;
use banksman_protocol::{Action, Decision, Mode, Origin, OriginKind, ReviewParams};

use super::mode::ModeName;
use super::{Failure, Outcome, complain, draw, say, say_json, surroundings, tidy, width};

/// The one session of this process.
const SESSION: &str = "review";

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman review -- 'git push --force origin main'
  banksman review --prompt 'force-push my branch' -- 'git push --force'
  banksman review --edit .github/workflows/ci.yml --new new.yml --prompt 'fix the build'
  banksman review --action '{\"kind\":\"fetch\",\"url\":\"https://example.com\"}' --json
  banksman review --content README.md -- './setup.sh'

Nothing is run and nothing is written down.
Exit status: 0 allow, 3 ask, 4 block, 2 could not be reviewed.")]
#[command(group = clap::ArgGroup::new("what").required(true).args(["command", "edit", "action"]))]
pub(super) struct Arguments {
    /// The command line, best in single quotes; several words are taken as the program and its arguments
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// An edit of this file
    #[arg(long, value_name = "PATH", requires = "new", help_heading = "The action")]
    edit: Option<PathBuf>,
    /// The text that the edit puts in, read from this file
    #[arg(long, value_name = "FILE", requires = "edit", help_heading = "The action")]
    new: Option<PathBuf>,
    /// The text that it takes the place of, read from this file; without it `--new` is the whole file
    #[arg(long, value_name = "FILE", requires = "edit", help_heading = "The action")]
    old: Option<PathBuf>,
    /// Any action, as JSON; `-` reads it from stdin
    #[arg(long, value_name = "JSON", help_heading = "The action")]
    action: Option<String>,
    /// What the user has said, in order
    #[arg(long = "prompt", value_name = "TEXT", help_heading = "What came before")]
    prompts: Vec<String>,
    /// A file that the agent has read
    #[arg(long = "content", value_name = "FILE", help_heading = "What came before")]
    contents: Vec<PathBuf>,
    /// The folder that the agent works in
    #[arg(long, value_name = "DIR", help_heading = "Where")]
    cwd: Option<PathBuf>,
    /// The workspace; without it the repository around the folder
    #[arg(long, value_name = "DIR", help_heading = "Where")]
    workspace: Option<PathBuf>,
    /// How much flows, instead of what the settings say
    #[arg(long, help_heading = "How")]
    mode: Option<ModeName>,
    /// Answer with the verdict as JSON
    #[arg(long, help_heading = "How")]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, verbose: bool) -> Outcome {
    let cwd = surroundings::folder(arguments.cwd.as_deref())?;
    let workspace = match &arguments.workspace {
        Some(named) => surroundings::folder(Some(named))?,
        None => surroundings::workspace(&cwd),
    };
    let action = action(arguments)?;
    let guard = Guard::new(GuardOptions { places: Some(Places::of_this_user()), ..GuardOptions::default() });
    guard.set_folders(vec![workspace.clone()]);
    guard.open(SESSION, Some(&workspace), Some(&cwd));
    for problem in guard.problems(Some(&workspace)) {
        complain(&problem.to_string());
    }
    for prompt in &arguments.prompts {
        guard.prompt(SESSION, prompt);
    }
    for file in &arguments.contents {
        let text = surroundings::text("--content", file)?;
        let origin = Origin { kind: OriginKind::File, name: file.display().to_string() };
        guard.content(SESSION, &origin, &text);
    }
    if let Some(mode) = arguments.mode {
        let mode = Mode::from(mode);
        guard.set_mode(Some(SESSION), mode).map_err(|error| Failure::new(format!("--mode: {error}")))?;
    }
    let params = ReviewParams {
        session: SESSION.to_owned(),
        action,
        tool_call_id: None,
        workspace: Some(workspace.display().to_string()),
    };
    let reviewed = guard.review(&params);
    for trouble in guard.troubles() {
        complain(&trouble);
    }
    if arguments.json {
        say_json(&reviewed.verdict)?;
    } else {
        let name = |path: &Path| {
            path.strip_prefix(&cwd).map_or_else(|_| tidy(path), |path| path.display().to_string())
        };
        let look = draw::Look { width: width(), verbose, read: &surroundings::glance, name: &name };
        say(&draw::verdict(&reviewed.action, reviewed.shown(), &look))?;
    }
    Ok(status(reviewed.verdict.decision))
}

/// The exit status of a decision.
fn status(decision: Decision) -> u8 {
    match decision {
        Decision::Allow => 0,
        Decision::Ask => 3,
        Decision::Block => 4,
    }
}

fn action(arguments: &Arguments) -> Result<Action, Failure> {
    if let Some(json) = &arguments.action {
        let text = if json == "-" { surroundings::text("--action", Path::new("-"))? } else { json.clone() };
        return serde_json::from_str(&text).map_err(|error| Failure::new(format!("--action: {error}")));
    }
    if let (Some(path), Some(new)) = (&arguments.edit, &arguments.new) {
        let old = arguments.old.as_deref().map(|file| surroundings::text("--old", file)).transpose()?;
        let new = surroundings::text("--new", new)?;
        return Ok(Action::Edit { path: path.display().to_string(), old, new });
    }
    let command = match arguments.command.as_slice() {
        [line] => line.clone(),
        words => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
    };
    Ok(Action::Command { command, cwd: None })
}

/// A word as a shell would have to be given it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%^".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_a_shell_reads_them() {
        for (word, expected) in
            [("a-b", "a-b"), ("", "''"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("$X", "'$X'")]
        {
            assert_eq!(quoted(word), expected);
        }
    }
}
