//! The session, drawn: who says what on the left, the verdicts below what they are about.

use std::fmt::Write as _;
use std::path::Path;

use banksman::redact::escape_controls;
use banksman_protocol::{Action, Answer, Decision, SessionState, Verdict};
use clap::builder::styling::{AnsiColor, Style};

use crate::cli::draw;

/// Where what is said begins.
const MARGIN: usize = 8;

/// How many lines of an output are shown.
const OUTPUT_LINES: usize = 4;

const QUIET: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();
const YOU: Style = AnsiColor::Cyan.on_default().bold();

/// Reads a file that the evidence stands in.
pub(super) type Glance<'a> = &'a dyn Fn(&Path) -> Option<String>;

/// Draws for a terminal of a certain width.
pub(super) struct Stage {
    pub(super) width: usize,
}

impl Stage {
    pub(super) fn opening(&self) -> String {
        let title = format!("{BOLD}banksman demo{BOLD:#}");
        let rest = "a coding agent at work, reviewed by the real language server";
        let note = "Commands are never run; the project is a throw-away.";
        format!("\n{title}  {rest}\n{QUIET}{note}{QUIET:#}\n\n")
    }

    pub(super) fn chapter(&self, text: &str) -> String {
        let line = "\u{2500}".repeat(self.width.saturating_sub(text.chars().count() + 4));
        format!("\n{QUIET}\u{2500}\u{2500}{QUIET:#} {BOLD}{text}{BOLD:#} {QUIET}{line}{QUIET:#}\n\n")
    }

    pub(super) fn said(&self, who: &str, text: &str) -> String {
        let style = if who == "you" { YOU } else { BOLD };
        let mut out = String::new();
        for (index, line) in draw::wrapped(text, self.width, MARGIN + 1).lines().enumerate() {
            let who = if index == 0 { who } else { "" };
            let _ = writeln!(out, " {style}{who:<7}{style:#}{line}");
        }
        out
    }

    /// An action that flows: one quiet line, and the user's words when it needed them.
    pub(super) fn flows(&self, action: &Action, verdict: &Verdict) -> String {
        let mark = draw::colour(Decision::Allow);
        let time = span_of_time(verdict.elapsed_micros);
        let shown = proposal(action);
        let room = self.width.saturating_sub(MARGIN + 2 + time.chars().count() + 1);
        let shown = shortened(&shown, room);
        let gap = " ".repeat(room.saturating_sub(shown.chars().count()) + 1);
        let margin = " ".repeat(MARGIN);
        let mut out = format!("{margin}{mark}\u{2713}{mark:#} {shown}{gap}{QUIET}{time}{QUIET:#}\n");
        for quote in &verdict.grants {
            let quote = draw::wrapped(&format!("you said: \u{201c}{quote}\u{201d}"), self.width, MARGIN + 2);
            for line in quote.lines() {
                let _ = writeln!(out, "{margin}  {QUIET}{line}{QUIET:#}");
            }
        }
        out
    }

    /// What an action gave back.
    pub(super) fn output(&self, text: &str) -> String {
        let mut out = String::new();
        for line in text.lines().take(OUTPUT_LINES) {
            for line in draw::wrapped(line, self.width, MARGIN + 4).lines() {
                let _ = writeln!(out, "{:MARGIN$}  {QUIET}\u{2502} {line}{QUIET:#}", "");
            }
        }
        out
    }

    /// An action that stops: the verdict with its evidence, as an editor shows it.
    pub(super) fn stopped(&self, action: &Action, verdict: &Verdict, read: Glance<'_>) -> String {
        let colour = draw::colour(verdict.decision);
        let name = |path: &Path| path.display().to_string();
        let width = self.width.saturating_sub(MARGIN + 2);
        let look = draw::Look { width, verbose: false, read, name: &name };
        let mut out = String::new();
        let mark = if verdict.decision == Decision::Block { "\u{2717}" } else { "?" };
        let badge = verdict.decision.as_str().to_uppercase();
        let room = self.width.saturating_sub(MARGIN + 2 + badge.len() + 3);
        let what = shortened(&proposal(action), room);
        let gap = " ".repeat(room.saturating_sub(what.chars().count()) + 1);
        let filled = colour.invert();
        let _ =
            writeln!(out, "{:MARGIN$}{colour}{mark}{colour:#} {what}{gap}{filled} {badge} {filled:#}", "");
        for line in draw::verdict(action, verdict, &look).lines() {
            let _ = writeln!(out, "{:MARGIN$}{colour}\u{258e}{colour:#} {line}", "");
        }
        out
    }

    /// The person's answer to a question, as it is chosen among the possible ones.
    pub(super) fn answered(&self, answer: Answer) -> String {
        let chosen = YOU.invert();
        let choices = [
            (Answer::Once, "Allow once"),
            (Answer::Session, "Allow in this session"),
            (Answer::Workspace, "Allow in this workspace"),
            (Answer::No, "No"),
        ];
        let mut out = format!(" {YOU}{:<7}{YOU:#}", "you");
        for (choice, title) in choices {
            let _ = if choice == answer {
                write!(out, "{chosen}[{title}]{chosen:#} ")
            } else {
                write!(out, "{QUIET} {title} {QUIET:#} ")
            };
        }
        out.push('\n');
        out
    }

    /// The server's own count at the end.
    pub(super) fn closing(&self, state: &SessionState, median: u64) -> String {
        let line = "\u{2500}".repeat(self.width);
        let counted = [
            (Decision::Allow, state.allowed, "allowed"),
            (Decision::Ask, state.asked, "asked"),
            (Decision::Block, state.blocked, "blocked"),
        ];
        let mut out = format!("\n{QUIET}{line}{QUIET:#}\n\n ");
        for (decision, count, word) in counted {
            let style = draw::colour(decision);
            let _ = write!(out, "{style}{count} {word}{style:#}   ");
        }
        let _ = writeln!(out, "{QUIET}half of the reviews took {} or less{QUIET:#}\n", span_of_time(median));
        for (words, command) in [
            ("What is stopped, and why", "banksman rules"),
            ("One action of your own", "banksman review -- 'git push --force'"),
            ("In your editor", "banksman lsp"),
        ] {
            let _ = writeln!(out, " {words:<26}{BOLD}{command}{BOLD:#}");
        }
        out.push('\n');
        out
    }
}

/// What the agent wants, in one line.
fn proposal(action: &Action) -> String {
    let text = match action {
        Action::Command { command, .. } => format!("$ {command}"),
        Action::Edit { path, old, .. } => format!("{} {path}", if old.is_some() { "edit" } else { "write" }),
        Action::Delete { path } => format!("delete {path}"),
        Action::Read { path } => format!("read {path}"),
        Action::Fetch { url, .. } => format!("fetch {url}"),
        Action::Tool { server, tool, .. } => format!("call {tool} of {server}"),
        Action::Delegate { prompt } => format!("hand on: {prompt}"),
    };
    escape_controls(&text).replace('\n', " ")
}

fn span_of_time(micros: u64) -> String {
    if micros < 10_000 { format!("{micros} \u{b5}s") } else { format!("{} ms", micros / 1_000) }
}

fn shortened(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['\u{2026}']).collect()
}
