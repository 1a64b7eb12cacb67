//! `banksman rules`: the manual of the rules.

use std::fmt::Write as _;

use banksman::rules::{self, Rule};
use clap::builder::styling::AnsiColor;

use super::{Failure, Outcome, page, say, say_json, width};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman rules
  banksman rules unasked-push")]
pub(super) struct Arguments {
    /// Show the page of this rule
    name: Option<String>,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// A rule as `--json` shows it.
#[derive(Debug, serde::Serialize)]
struct Shown {
    name: &'static str,
    summary: String,
    page: &'static str,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    match (&arguments.name, arguments.json) {
        (None, false) => say(&list())?,
        (None, true) => say_json(&rules::ALL.iter().map(shown).collect::<Vec<_>>())?,
        (Some(name), json) => {
            let rule = rules::named(name).ok_or_else(|| unknown(name))?;
            if json { say_json(&shown(rule))? } else { say(&page::draw(rule.page, width()))? }
        }
    }
    Ok(0)
}

fn shown(rule: &Rule) -> Shown {
    Shown { name: rule.name, summary: page::summary(rule.page), page: rule.page }
}

fn unknown(name: &str) -> Failure {
    let near = rules::ALL
        .iter()
        .map(|rule| (rule.name, strsim::jaro_winkler(name, rule.name)))
        .filter(|(_, score)| *score > 0.7)
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let hint = near.map_or_else(
        || "`banksman rules` lists them".to_owned(),
        |(near, _)| format!("did you mean `{near}`?"),
    );
    Failure::new(format!("there is no rule `{name}`; {hint}"))
}

fn list() -> String {
    let name_style = AnsiColor::Cyan.on_default().bold();
    let widest = rules::ALL.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let room = width().saturating_sub(widest + 2).max(20);
    let mut out = String::new();
    for rule in rules::ALL {
        let summary = page::summary(rule.page);
        let lines = textwrap::wrap(&summary, room);
        for (index, line) in lines.iter().enumerate() {
            let name = if index == 0 { rule.name } else { "" };
            let _ = writeln!(out, "{name_style}{name:widest$}{name_style:#}  {line}");
        }
    }
    let _ = writeln!(out, "\n`banksman rules NAME` shows what a rule stops, why, and what clears it.");
    out
}
