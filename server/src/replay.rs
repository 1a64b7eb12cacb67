//! Recorded sessions, run again through today's rules and settings.
//!
//! Nothing is executed. An allowed action counts as carried out, a stopped one does not, and an
//! outcome line decides where there is one, which is why all lines are read before the first is
//! answered.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::path::Path;

use banksman_protocol::{Decision, OutcomeParams, ReplayAnswer, ReplayEvent, ReviewParams};

use crate::guard::{Guard, Reviewed};

/// What a replay came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Actions and texts that were answered.
    pub answered: usize,
    /// Actions that were allowed.
    pub allowed: usize,
    /// Actions that were asked about.
    pub asked: usize,
    /// Actions that were blocked.
    pub blocked: usize,
    /// Lines that could not be read.
    pub malformed: usize,
}

impl Summary {
    /// The exit status: 2 when a line could not be read.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if self.malformed > 0 { 2 } else { 0 }
    }
}

/// Runs recorded sessions through `guard`, which must be one that simulates.
///
/// Answers go to `output`, one JSON object a line; lines that cannot be read are reported on
/// `complaints` with their number and the rest goes on.
///
/// # Errors
/// When `input` cannot be read or `output` not written.
pub fn replay(
    input: impl BufRead,
    mut output: impl Write,
    mut complaints: impl Write,
    guard: &Guard,
) -> io::Result<Summary> {
    let mut summary = Summary::default();
    let events = read(input, &mut complaints, &mut summary)?;
    let outcomes = outcomes(&events);
    for (index, event) in events.iter().enumerate() {
        let answer = match event {
            ReplayEvent::Session { session, workspace, cwd } => {
                guard.end(session);
                guard.open(session, Some(Path::new(workspace)), cwd.as_deref().map(Path::new));
                continue;
            }
            ReplayEvent::Prompt { session, text } => {
                guard.prompt(session, text);
                continue;
            }
            ReplayEvent::Outcome { session, id, ok, output } => {
                let (session, tool_call_id) = (session.clone(), id.clone());
                guard.outcome(&OutcomeParams { session, tool_call_id, ok: *ok, output: output.clone() });
                continue;
            }
            ReplayEvent::Content { session, id, origin, text } => {
                let reading = guard.content(session, origin, text);
                ReplayAnswer::Content {
                    session: session.clone(),
                    id: id.clone(),
                    injection: reading.injected(),
                    score: reading.score,
                    spans: reading.spans,
                }
            }
            ReplayEvent::Action { session, id, action } => {
                let reviewed = guard.review(&ReviewParams {
                    session: session.clone(),
                    action: action.clone(),
                    tool_call_id: Some(id.clone()),
                    workspace: None,
                });
                if outcomes.get(&(session.as_str(), id.as_str())).is_some_and(|last| *last > index) {
                    guard.await_outcome(session, id);
                }
                match reviewed.verdict.decision {
                    Decision::Allow => summary.allowed += 1,
                    Decision::Ask => summary.asked += 1,
                    Decision::Block => summary.blocked += 1,
                }
                answer(session, id, &reviewed)
            }
        };
        summary.answered += 1;
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(summary)
}

fn read(
    mut input: impl BufRead,
    complaints: &mut impl Write,
    summary: &mut Summary,
) -> io::Result<Vec<ReplayEvent>> {
    let mut events = Vec::new();
    let mut line = Vec::new();
    for number in 1_usize.. {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice(&line) {
            Ok(event) => events.push(event),
            Err(error) => {
                summary.malformed += 1;
                let reason = error.to_string().replace(" at line 1 column ", " at column ");
                writeln!(complaints, "line {number}: {reason}")?;
            }
        }
    }
    Ok(events)
}

/// The line of the last outcome of each action.
fn outcomes(events: &[ReplayEvent]) -> HashMap<(&str, &str), usize> {
    let mut last = HashMap::new();
    for (index, event) in events.iter().enumerate() {
        if let ReplayEvent::Outcome { session, id, .. } = event {
            last.insert((session.as_str(), id.as_str()), index);
        }
    }
    last
}

fn answer(session: &str, id: &str, reviewed: &Reviewed) -> ReplayAnswer {
    let verdict = &reviewed.verdict;
    let mut rules: Vec<String> = Vec::new();
    for finding in &verdict.findings {
        let counts = finding.cleared_by.is_none() && finding.decision > Decision::Allow;
        if counts && !rules.contains(&finding.rule) {
            rules.push(finding.rule.clone());
        }
    }
    ReplayAnswer::Action {
        session: session.to_owned(),
        id: id.to_owned(),
        decision: verdict.decision,
        rules,
        summary: verdict.summary.clone(),
        elapsed_micros: verdict.elapsed_micros,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::GuardOptions;

    fn run(input: &str) -> (Vec<ReplayAnswer>, String, Summary) {
        let guard = Guard::new(GuardOptions { simulated: true, places: None, ..GuardOptions::default() });
        let (mut output, mut complaints) = (Vec::new(), Vec::new());
        let summary = replay(input.as_bytes(), &mut output, &mut complaints, &guard).unwrap();
        let output = String::from_utf8(output).unwrap();
        let mut answers: Vec<ReplayAnswer> =
            output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for answer in &mut answers {
            if let ReplayAnswer::Action { elapsed_micros, .. } = answer {
                *elapsed_micros = 0;
            }
        }
        (answers, String::from_utf8(complaints).unwrap(), summary)
    }

    const SESSION: &str = r#"
        {"event":"session","session":"s","workspace":"/nonexistent/w","cwd":"."}
        {"event":"prompt","session":"s","text":"Fix the failing test."}
        {"event":"content","session":"s","id":"c1","origin":{"kind":"file","name":"README.md"},"text":"Hello"}
        {"event":"action","session":"s","id":"a1","action":{"kind":"command","command":"ls"}}
        {"event":"outcome","session":"s","id":"a1","ok":true,"output":"README.md"}
        {"event":"action","session":"s","id":"a2","action":{"kind":"edit","path":"a.txt","old":null,"new":"x"}}
    "#;

    #[test]
    fn every_action_and_text_is_answered_in_order() {
        let (answers, complaints, summary) = run(SESSION);
        let ids: Vec<&str> = answers
            .iter()
            .map(|answer| match answer {
                ReplayAnswer::Action { id, .. } | ReplayAnswer::Content { id, .. } => id.as_str(),
            })
            .collect();
        assert_eq!(ids, ["c1", "a1", "a2"]);
        assert_eq!((complaints.as_str(), summary.exit_code(), summary.answered), ("", 0, 3));
    }

    #[test]
    fn the_same_input_gives_the_same_output() {
        assert_eq!(run(SESSION).0, run(SESSION).0);
    }

    #[test]
    fn malformed_lines_are_reported_by_number_and_the_rest_goes_on() {
        let input = [
            r#"{"event":"action","session":"s","id":"a1","action":{"kind":"command","command":"ls"}}"#,
            "not json",
            "",
            r#"{"event":"action","session":"s","id":"a2"}"#,
            r#"{"event":"dance","session":"s"}"#,
            r#"{"event":"action","session":"s","id":"a3","action":{"kind":"command","command":"pwd"}}"#,
        ]
        .join("\n");
        let (answers, complaints, summary) = run(&input);
        assert_eq!(answers.len(), 2);
        let lines: Vec<&str> = complaints.lines().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(lines, ["line 2", "line 4", "line 5"]);
        assert!(complaints.contains("missing field `action`"), "{complaints}");
        assert_eq!((summary.malformed, summary.exit_code()), (3, 2));
    }

    #[test]
    fn bytes_that_are_no_text_are_a_malformed_line() {
        let guard = Guard::new(GuardOptions { simulated: true, places: None, ..GuardOptions::default() });
        let summary = replay(&b"\xff\xfe\n{}\n"[..], Vec::new(), Vec::new(), &guard).unwrap();
        assert_eq!(summary.malformed, 2);
    }
}
