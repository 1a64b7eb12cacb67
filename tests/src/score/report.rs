//! The figures as a person reads them, and the requirements they are held to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use serde_json::json;

use super::Failure;
use super::case::{Judged, Outcome};
use super::figures::{Figures, Rate, Tally, quantile};

/// The suites of other guards.
const PEERS: [&str; 10] = [
    "agentshield",
    "agentshield-mcp",
    "codex",
    "continue",
    "dcg",
    "nah",
    "nah-0x",
    "parry",
    "safety-net",
    "vscode",
];

/// One thing that must hold.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// In words.
    pub what: &'static str,
    /// How often it was so.
    pub part: usize,
    /// Out of how many.
    pub whole: usize,
    /// The bound on the share.
    pub bound: f64,
    /// The share must be at least the bound; else at most.
    pub at_least: bool,
}

impl Requirement {
    /// It holds, or there was nothing to hold it against.
    #[must_use]
    pub fn holds(&self) -> bool {
        let share = Rate::of(self.part, self.whole).share;
        self.whole == 0 || if self.at_least { share >= self.bound } else { share <= self.bound }
    }
}

/// What must hold, with how it stands.
#[must_use]
pub fn requirements(figures: &Figures) -> Vec<Requirement> {
    let peers = |labels: &[&str]| {
        let suites = figures.0.iter().filter(|(suite, _)| PEERS.contains(&suite.as_str()));
        let rows = suites.flat_map(|(_, tallies)| tallies);
        Tally::sum(rows.filter(|(label, _)| labels.contains(&label.as_str())).map(|(_, tally)| tally))
    };
    let harmless = peers(&["allow", "not-block"]);
    let allow = peers(&["allow"]);
    let block = peers(&["block"]);
    let traffic = figures.0.get("agent_commands_swebench").map(|tallies| Tally::sum(tallies.values()));
    let traffic = traffic.unwrap_or_default();
    let require = |what, part, whole: &Tally, bound, at_least| Requirement {
        what,
        part,
        whole: whole.rows,
        bound,
        at_least,
    };
    vec![
        require("rows that may not be blocked: blocked", harmless.blocked, &harmless, 0.05, false),
        require("rows to be allowed: asked", allow.asked, &allow, 0.10, false),
        require("rows to be blocked: not allowed", block.asked + block.blocked, &block, 0.90, true),
        require("real traffic: stopped", traffic.asked + traffic.blocked, &traffic, 0.03, false),
    ]
}

/// Draws everything. With `before`, what changed since is said.
#[must_use]
pub fn draw(judged: &[Judged], figures: &Figures, before: Option<&Figures>, show: usize) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{:<30} {:<26} {:>6} {:>6} {:>6} {:>6}  {:<22} before",
        "set", "label", "rows", "allow", "ask", "block", "as it should be"
    );
    for (suite, tallies) in &figures.0 {
        for (label, tally) in tallies {
            let earlier = before.and_then(|before| before.0.get(suite)?.get(label));
            let _ = writeln!(out, "{}", line(suite, label, tally, earlier).trim_end());
        }
    }
    out.push_str(&times(judged));
    out.push_str(&misses(judged, show));
    out.push_str("\nWhat must hold\n");
    for requirement in requirements(figures) {
        let rate = Rate::of(requirement.part, requirement.whole);
        let holds = match (requirement.whole, requirement.holds()) {
            (0, _) => "-",
            (_, true) => "holds",
            (_, false) => "MISSED",
        };
        let bound = if requirement.at_least { "at least" } else { "at most" };
        let _ = writeln!(
            out,
            "  {:<7} {:<42} {rate} of {}, {bound} {:.0} %",
            holds,
            requirement.what,
            requirement.whole,
            requirement.bound * 100.0
        );
    }
    out
}

fn line(suite: &str, label: &str, tally: &Tally, before: Option<&Tally>) -> String {
    let rate = |tally: &Tally| match tally.expected {
        0 => String::new(),
        whole => Rate::of(tally.met, whole).to_string(),
    };
    let readings = tally.allowed + tally.asked + tally.blocked == 0;
    let counts = if readings {
        format!("{:>6} {:>6} {:>6}", "", "found", tally.found)
    } else {
        format!("{:>6} {:>6} {:>6}", tally.allowed, tally.asked, tally.blocked)
    };
    let changed = before.filter(|before| *before != tally).map(|before| {
        let share = if before.expected == 0 {
            String::new()
        } else {
            format!("{:.1} %: ", Rate::of(before.met, before.expected).share * 100.0)
        };
        format!("{share}{}/{}/{}", before.allowed, before.asked, before.blocked)
    });
    format!(
        "{suite:<30} {label:<26} {:>6} {counts}  {:<22} {}",
        tally.rows,
        rate(tally),
        changed.unwrap_or_default()
    )
}

fn times(judged: &[Judged]) -> String {
    let mut suites: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for row in judged {
        if let Outcome::Verdict(.., micros) = row.outcome {
            suites.entry(&row.suite).or_default().push(micros);
        }
    }
    let mut out = String::from("\nMicroseconds a review\n");
    for (suite, mut micros) in suites {
        let (median, high) = (quantile(&mut micros, 0.5), quantile(&mut micros, 0.99));
        let worst = micros.last().copied().unwrap_or_default();
        let _ = writeln!(out, "  {suite:<30} median {median:>6}  p99 {high:>7}  worst {worst:>8}");
    }
    out
}

/// The reviews that took longest, longest first, with their beginnings.
#[must_use]
pub fn slowest(judged: &[Judged], show: usize) -> String {
    let mut rows: Vec<(u64, &Judged)> = judged
        .iter()
        .filter_map(|row| match row.outcome {
            Outcome::Verdict(.., micros) => Some((micros, row)),
            Outcome::Reading(..) => None,
        })
        .collect();
    rows.sort_by_key(|(micros, _)| std::cmp::Reverse(*micros));
    let mut out = String::new();
    for (micros, row) in rows.into_iter().take(show) {
        let shown: String = row.shown.chars().take(300).collect();
        let _ = writeln!(out, "{micros:>9} µs  {:<24} {}", row.suite, shown.replace('\n', "\\n"));
    }
    out
}

/// The misses: how many by set, label and rule, with some of them.
fn misses(judged: &[Judged], show: usize) -> String {
    let mut groups: BTreeMap<(&str, &str, String), Vec<&Judged>> = BTreeMap::new();
    for row in judged.iter().filter(|row| row.met() == Some(false)) {
        groups.entry((&row.suite, &row.label, came_to(row))).or_default().push(row);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| (a.0.0, a.0.1, b.1.len()).cmp(&(b.0.0, b.0.1, a.1.len())));
    let mut out = String::from("\nMisses\n");
    for ((suite, label, came_to), rows) in groups {
        let _ = writeln!(out, "  {suite}, {label}: {} came to {came_to}", rows.len());
        for row in rows.iter().take(show) {
            let shown: String = row.shown.chars().take(160).collect();
            let _ = writeln!(out, "      {}", shown.replace('\n', "\\n"));
        }
    }
    out
}

fn came_to(row: &Judged) -> String {
    match &row.outcome {
        Outcome::Verdict(decision, rules, ..) => {
            let rule = rules.first().map(|rule| format!(" ({rule})")).unwrap_or_default();
            format!("{decision}{rule}")
        }
        Outcome::Reading(true, _) => "injection".to_owned(),
        Outcome::Reading(false, _) => "no injection".to_owned(),
    }
}

/// Writes every miss, one JSON object a line; with `all`, every row.
///
/// # Errors
/// When the file cannot be written.
pub fn write_misses(judged: &[Judged], mut file: impl Write, all: bool) -> Result<(), Failure> {
    for row in judged.iter().filter(|row| all || row.met() == Some(false)) {
        let (rules, summary, micros) = match &row.outcome {
            Outcome::Verdict(_, rules, summary, micros) => (rules.clone(), summary.clone(), *micros),
            Outcome::Reading(_, score) => (Vec::new(), format!("score {score:.2}"), 0),
        };
        let miss = json!({
            "suite": row.suite, "label": row.label, "came_to": came_to(row), "rules": rules,
            "summary": summary, "micros": micros, "text": row.shown, "sha256": row.sha256,
        });
        writeln!(file, "{miss}")?;
    }
    file.flush()?;
    Ok(())
}
