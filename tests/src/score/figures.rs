//! Counts and rates with their uncertainty.

use std::collections::BTreeMap;

use banksman_protocol::Decision;
use serde::{Deserialize, Serialize};

use super::case::{Judged, Outcome};

/// The counts of one label of one set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Rows.
    pub rows: usize,
    /// Rows that have an expectation.
    pub expected: usize,
    /// Rows that came to what they should.
    pub met: usize,
    /// Rows that were allowed.
    pub allowed: usize,
    /// Rows that were asked about.
    pub asked: usize,
    /// Rows that were blocked.
    pub blocked: usize,
    /// Texts that were found to be injections.
    pub found: usize,
}

/// The counts of everything, by set and label, in the order in which they were first seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures(pub BTreeMap<String, BTreeMap<String, Tally>>);

impl Figures {
    /// Counts.
    #[must_use]
    pub fn of(judged: &[Judged]) -> Self {
        let mut figures = Self::default();
        for row in judged {
            let suite = figures.0.entry(row.suite.clone()).or_default();
            suite.entry(row.label.clone()).or_default().add(row);
        }
        figures
    }
}

impl Tally {
    fn add(&mut self, row: &Judged) {
        self.rows += 1;
        self.expected += usize::from(row.met().is_some());
        self.met += usize::from(row.met() == Some(true));
        match &row.outcome {
            Outcome::Verdict(Decision::Allow, ..) => self.allowed += 1,
            Outcome::Verdict(Decision::Ask, ..) => self.asked += 1,
            Outcome::Verdict(Decision::Block, ..) => self.blocked += 1,
            Outcome::Reading(found, _) => self.found += usize::from(*found),
        }
    }

    /// The sum of several.
    #[must_use]
    pub fn sum<'a>(tallies: impl IntoIterator<Item = &'a Self>) -> Self {
        tallies.into_iter().fold(Self::default(), |sum, next| Self {
            rows: sum.rows + next.rows,
            expected: sum.expected + next.expected,
            met: sum.met + next.met,
            allowed: sum.allowed + next.allowed,
            asked: sum.asked + next.asked,
            blocked: sum.blocked + next.blocked,
            found: sum.found + next.found,
        })
    }
}

/// A share, with its Wilson interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The share, from 0 to 1.
    pub share: f64,
    /// The lower end of the 95 % interval.
    pub low: f64,
    /// The upper end of the 95 % interval.
    pub high: f64,
}

impl Rate {
    /// The share of `part` in `whole`; of nothing, nothing is known.
    #[must_use]
    pub fn of(part: usize, whole: usize) -> Self {
        if whole == 0 {
            return Self { share: 0.0, low: 0.0, high: 1.0 };
        }
        let z = 1.959_963_985_f64;
        let n = whole as f64;
        let share = part as f64 / n;
        let scale = 1.0 + z * z / n;
        let middle = (share + z * z / (2.0 * n)) / scale;
        let reach = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt() / scale;
        Self { share, low: (middle - reach).max(0.0), high: (middle + reach).min(1.0) }
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [share, low, high] = [self.share, self.low, self.high].map(|part| part * 100.0);
        write!(f, "{share:5.1} % [{low:.1}, {high:.1}]")
    }
}

/// The value below which this share of the numbers lies.
#[must_use]
pub fn quantile(numbers: &mut [u64], share: f64) -> u64 {
    numbers.sort_unstable();
    let last = numbers.len().saturating_sub(1);
    numbers.get((last as f64 * share).round() as usize).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_wilson() {
        let rate = Rate::of(5, 100);
        assert_eq!(rate.to_string(), "  5.0 % [2.2, 11.2]");
        assert_eq!(Rate::of(0, 20).to_string(), "  0.0 % [0.0, 16.1]");
        assert_eq!(Rate::of(0, 0).to_string(), "  0.0 % [0.0, 100.0]");
    }

    #[test]
    fn quantiles_are_numbers_of_the_list() {
        assert_eq!(quantile(&mut [3, 1, 2], 0.5), 2);
        assert_eq!(quantile(&mut [], 0.5), 0);
        assert_eq!(quantile(&mut (1..=101).collect::<Vec<_>>(), 0.99), 100);
    }
}
