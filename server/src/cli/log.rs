//! `banksman log`: what was reviewed.
#![expect(clippy::disallowed_methods, reason = "ages count from now")]

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use banksman::ledger::{Entry, Filter, Ledger};
use banksman::{action, redact};
use banksman_protocol::{Action, Decision, VerdictParams};
use clap::builder::styling::{AnsiColor, Style};

use super::{Failure, Outcome, draw, say, say_json, width};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman log                        the latest
  banksman log --stopped --since 2d   what was asked or blocked in two days
  banksman log --rule unasked-push --json")]
pub(super) struct Arguments {
    /// Only this session
    #[arg(long, value_name = "ID", help_heading = "Which")]
    session: Option<String>,
    /// Only this decision
    #[arg(long, value_enum, help_heading = "Which")]
    decision: Option<DecisionName>,
    /// Only what was asked or blocked
    #[arg(long, conflicts_with = "decision", help_heading = "Which")]
    stopped: bool,
    /// Only where this rule spoke
    #[arg(long, value_name = "NAME", help_heading = "Which")]
    rule: Option<String>,
    /// Only the last while: `30m`, `2h`, `7d`
    #[arg(long, value_name = "TIME", value_parser = seconds, help_heading = "Which")]
    since: Option<u64>,
    /// At most so many, the latest
    #[arg(short = 'n', long, default_value_t = 50, help_heading = "Which")]
    limit: usize,
    /// Answer as JSON Lines, as `banksman/verdict` has it
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum DecisionName {
    Allow,
    Ask,
    Block,
}

impl From<DecisionName> for Decision {
    fn from(name: DecisionName) -> Self {
        match name {
            DecisionName::Allow => Self::Allow,
            DecisionName::Ask => Self::Ask,
            DecisionName::Block => Self::Block,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let filter = Filter {
        session: arguments.session.clone(),
        decision: arguments.decision.map(Decision::from),
        rule: arguments.rule.clone(),
        since: arguments.since.map(|ago| micros(now.saturating_sub(ago))),
        // What is left out here is left out of the latest, not of all.
        limit: if arguments.stopped { usize::MAX } else { arguments.limit },
    };
    let mut entries = match open()? {
        Some(ledger) => ledger.log(&filter).map_err(|error| Failure::new(error.to_string()))?,
        None => Vec::new(),
    };
    if arguments.stopped {
        entries.retain(|entry| entry.verdict.decision != Decision::Allow);
        let surplus = entries.len().saturating_sub(arguments.limit);
        entries.drain(..surplus);
    }
    if arguments.json {
        for entry in entries {
            say_json(&VerdictParams {
                session: entry.session,
                action: entry.action,
                verdict: entry.verdict,
            })?;
        }
    } else if entries.is_empty() {
        say("nothing was reviewed yet that fits\n")?;
    } else {
        say(&table(&entries, now))?;
    }
    Ok(0)
}

/// The ledger, when there is one: to look is not to make one.
fn open() -> Result<Option<Ledger>, Failure> {
    let Some(path) = Ledger::usual_path().filter(|path| path.is_file()) else { return Ok(None) };
    Ledger::open(&path).map(Some).map_err(|error| Failure::new(error.to_string()))
}

fn table(entries: &[Entry], now: u64) -> String {
    let quiet = Style::new().dimmed();
    let id_style = AnsiColor::Cyan.on_default();
    let id_width = entries.iter().map(|entry| entry.verdict.id.chars().count()).max().unwrap_or(0);
    let room = width().saturating_sub(id_width + 19).max(20);
    let mut out = String::new();
    for entry in entries {
        let decision = entry.verdict.decision;
        let style = draw::colour(decision);
        let rules = rules(entry);
        let left = room.saturating_sub(if rules.is_empty() { 0 } else { rules.len() + 2 }).max(16);
        let what = cut(&what(&entry.action), left);
        let mark = match (decision, entry.outcome) {
            (Decision::Ask | Decision::Block, Some(true)) => " (was carried out)",
            (_, Some(false)) => " (failed)",
            _ => "",
        };
        let _ = writeln!(
            out,
            "{quiet}{:>8}{quiet:#}  {style}{decision:5}{style:#}  {id_style}{:id_width$}{id_style:#}  {what}{quiet}{mark}{}{rules}{quiet:#}",
            age(now, entry.at),
            entry.verdict.id,
            if rules.is_empty() { "" } else { "  " },
        );
    }
    out
}

/// The rules that decided.
fn rules(entry: &Entry) -> String {
    let decision = entry.verdict.decision;
    if decision == Decision::Allow {
        return String::new();
    }
    let mut names: Vec<&str> = Vec::new();
    for finding in &entry.verdict.findings {
        let counts = finding.cleared_by.is_none() && finding.decision >= decision.min(Decision::Ask);
        if counts && !names.contains(&finding.rule.as_str()) {
            names.push(&finding.rule);
        }
    }
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, more @ ..] => format!("{first} +{}", more.len()),
    }
}

/// An action in one line.
fn what(action: &Action) -> String {
    let text = match action {
        Action::Command { command, .. } => command.clone(),
        Action::Edit { path, .. } => format!("edit {path}"),
        Action::Tool { server, tool, .. } => format!("tool {server}/{tool}"),
        other => format!("{} {}", other.kind(), action::text(other)),
    };
    redact::escape_controls(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: &str, room: usize) -> String {
    if textwrap::core::display_width(text) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        let with =
            textwrap::core::display_width(&out) + textwrap::core::display_width(c.encode_utf8(&mut [0; 4]));
        if with + 1 > room {
            break;
        }
        out.push(c);
    }
    out + "…"
}

fn age(now: u64, at: i64) -> String {
    let then = u64::try_from(at).unwrap_or(0) / 1_000_000;
    match now.saturating_sub(then) {
        seconds @ 0..60 => format!("{seconds}s ago"),
        seconds @ 60..3_600 => format!("{}m ago", seconds / 60),
        seconds @ 3_600..86_400 => format!("{}h ago", seconds / 3_600),
        seconds => format!("{}d ago", seconds / 86_400),
    }
}

fn micros(seconds: u64) -> i64 {
    i64::try_from(seconds.saturating_mul(1_000_000)).unwrap_or(i64::MAX)
}

/// A time as `30m` in seconds.
fn seconds(text: &str) -> Result<u64, String> {
    let told = || format!("`{text}` is no time; write it as `90s`, `30m`, `2h` or `7d`");
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(number.len()..).unwrap_or_default();
    let unit = match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return Err(told()),
    };
    number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit)).ok_or_else(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_numbers_with_a_unit() {
        assert_eq!(seconds("2h"), Ok(7_200));
        assert_eq!(seconds("7d"), Ok(604_800));
        assert!(seconds("2").is_err());
        assert!(seconds("h").is_err());
        assert!(seconds("99999999999999999999d").is_err());
    }

    #[test]
    fn ages_are_told_in_the_largest_unit() {
        assert_eq!(age(100, 40_000_000), "1m ago");
        assert_eq!(age(100, 99_000_000), "1s ago");
        assert_eq!(age(1_000_000, 0), "11d ago");
    }

    #[test]
    fn long_texts_are_cut_by_columns() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("abc", 4), "abc");
    }
}
