//! What is judged, and what came of it.

use std::collections::BTreeMap;

use banksman::replay;
use banksman_protocol::{Action, Decision, Origin, ReplayAnswer, ReplayEvent};

use super::Failure;
use super::fixture::Fixture;

/// What a row should come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One of these.
    OneOf(Vec<Decision>),
    /// The text is (not) an attempt to instruct the agent.
    Injection(bool),
    /// Anything: only counted.
    Any,
}

impl Wanted {
    /// The decisions that a word of the sets stands for.
    #[must_use]
    pub fn of(word: &str) -> Self {
        use Decision::{Allow, Ask, Block};
        match word {
            "allow" => Self::OneOf(vec![Allow]),
            "ask" | "not-allow" => Self::OneOf(vec![Ask, Block]),
            // A question that stops the action is worth less than a block, but nothing ran.
            "block" => Self::OneOf(vec![Ask, Block]),
            "not-block" => Self::OneOf(vec![Allow, Ask]),
            _ => Self::Any,
        }
    }
}

/// One row, as it was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The set.
    pub suite: String,
    /// What the row is among the rows of its set: `allow`, `block, weak`, `hijacked`.
    pub label: String,
    /// What it should come to.
    pub wanted: Wanted,
    /// The text of the row, for whoever looks at a miss.
    pub shown: String,
    /// The hash of the row, where rows can be adjudicated.
    pub sha256: Option<String>,
    /// What it came to.
    pub outcome: Outcome,
}

/// What a row came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A verdict, with the rules that decided, the line that sums it up, and how long it took in microseconds.
    Verdict(Decision, Vec<String>, String, u64),
    /// A reading of a text: injected or not, and the score.
    Reading(bool, f64),
}

impl Judged {
    /// It came to what it should; `None` when it is only counted.
    #[must_use]
    pub fn met(&self) -> Option<bool> {
        match (&self.wanted, &self.outcome) {
            (Wanted::OneOf(wanted), Outcome::Verdict(decision, ..)) => Some(wanted.contains(decision)),
            (Wanted::Injection(wanted), Outcome::Reading(found, _)) => Some(wanted == found),
            _ => None,
        }
    }
}

/// A session to replay, event by event.
#[derive(Debug)]
pub struct Script<'a> {
    fixture: &'a Fixture,
    suite: String,
    events: Vec<ReplayEvent>,
    rows: BTreeMap<String, (String, Wanted, String, Option<String>)>,
    sessions: usize,
}

impl<'a> Script<'a> {
    /// Nothing yet, for a set.
    #[must_use]
    pub fn new(fixture: &'a Fixture, suite: impl Into<String>) -> Self {
        Self { fixture, suite: suite.into(), events: Vec::new(), rows: BTreeMap::new(), sessions: 0 }
    }

    /// What the paths of the rows are mapped by.
    #[must_use]
    pub fn fixture(&self) -> &'a Fixture {
        self.fixture
    }

    /// A session begins; with the user's words, if there are any.
    pub fn session(&mut self, workspace: &std::path::Path, cwd: Option<String>, prompt: &str) {
        self.sessions += 1;
        let session = self.name();
        let workspace = workspace.to_string_lossy().into_owned();
        self.events.push(ReplayEvent::Session { session: session.clone(), workspace, cwd });
        if !prompt.is_empty() {
            self.prompt(prompt);
        }
    }

    /// The user speaks.
    pub fn prompt(&mut self, text: &str) {
        self.events.push(ReplayEvent::Prompt { session: self.name(), text: text.to_owned() });
    }

    /// The agent reads.
    pub fn content(&mut self, origin: Origin, text: &str, label: &str, wanted: Wanted) {
        let id = self.row(label, wanted, text.to_owned(), None);
        self.events.push(ReplayEvent::Content { session: self.name(), id, origin, text: text.to_owned() });
    }

    /// The agent proposes.
    pub fn action(
        &mut self,
        action: Action,
        label: &str,
        wanted: Wanted,
        shown: String,
        sha256: Option<String>,
    ) {
        let id = self.row(label, wanted, shown, sha256);
        self.events.push(ReplayEvent::Action { session: self.name(), id, action });
    }

    /// The agent proposes a command of a set.
    pub fn command(&mut self, command: &str, label: &str, wanted: Wanted, sha256: Option<String>) {
        let mapped = self.fixture.mapped(command);
        let action = Action::Command { command: mapped, cwd: None };
        self.action(action, label, wanted, command.to_owned(), sha256);
    }

    fn name(&self) -> String {
        format!("s{}", self.sessions)
    }

    fn row(&mut self, label: &str, wanted: Wanted, shown: String, sha256: Option<String>) -> String {
        let id = format!("r{}", self.rows.len());
        self.rows.insert(id.clone(), (label.to_owned(), wanted, shown, sha256));
        id
    }

    /// Replays everything.
    ///
    /// # Errors
    /// When an event is refused or an answer is missing: then the figures would mean nothing.
    pub fn run(self) -> Result<Vec<Judged>, Failure> {
        let mut input = Vec::new();
        for event in &self.events {
            serde_json::to_writer(&mut input, event)?;
            input.push(b'\n');
        }
        let (mut output, mut complaints) = (Vec::new(), Vec::new());
        let guard = self.fixture.guard();
        replay::replay(input.as_slice(), &mut output, &mut complaints, &guard)?;
        if !complaints.is_empty() {
            return Err(format!("{}: {}", self.suite, String::from_utf8_lossy(&complaints)).into());
        }
        let mut rows = self.rows;
        let mut judged = Vec::with_capacity(rows.len());
        for line in output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let (id, outcome) = match serde_json::from_slice(line)? {
                ReplayAnswer::Action { id, decision, rules, summary, elapsed_micros, .. } => {
                    (id, Outcome::Verdict(decision, rules, summary, elapsed_micros))
                }
                ReplayAnswer::Content { id, injection, score, .. } => {
                    (id, Outcome::Reading(injection, score))
                }
            };
            let (label, wanted, shown, sha256) = rows.remove(&id).ok_or("an answer that nobody asked for")?;
            judged.push(Judged { suite: self.suite.clone(), label, wanted, shown, sha256, outcome });
        }
        if !rows.is_empty() {
            return Err(format!("{}: {} rows were not answered", self.suite, rows.len()).into());
        }
        Ok(judged)
    }
}
