//! The words in which a verdict is told to the agent and to the person.

use banksman_protocol::{Decision, Finding, Verdict};
use serde::{Deserialize, Serialize};

/// How many characters a reason has at the most.
const REASON: usize = 1_200;

/// What is answered to a client, before it is put in the client's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Say {
    /// Banksman has no say in this.
    Nothing,
    /// Go on.
    Allow,
    /// A person is to decide.
    Ask(Reason),
    /// Do not run it.
    Deny(Reason),
    /// The text that was read tries to instruct the agent.
    Warn(String),
    /// The user's words could not be noted, so the agent should not hear them yet.
    Unheard(String),
}

/// Why something does not simply go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// For the agent: what, why, what instead.
    pub agent: String,
    /// For the person: the verdict in a line and where to read more.
    pub person: String,
    /// The verdicts that wait for the person's answer, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<String>,
}

impl Reason {
    /// Why something went wrong with the guard itself.
    #[must_use]
    pub fn failure(what: &str) -> Self {
        let what = format!(
            "Banksman could not review this, so it does not run: {what}. Tell the user; `banksman doctor` looks for the cause."
        );
        Self::plain(what)
    }

    /// The same words for the agent and for the person.
    pub(super) fn plain(what: String) -> Self {
        Self { agent: what.clone(), person: what, verdicts: Vec::new() }
    }
}

/// The reason that a verdict gives.
pub(crate) fn reason(verdict: &Verdict, unanswerable: bool) -> Reason {
    let word = match verdict.decision {
        Decision::Block => "stopped this",
        Decision::Ask if unanswerable => {
            "stopped this, because a person must decide and cannot be asked here"
        }
        _ => "asks a person about this",
    };
    let finding = verdict
        .findings
        .iter()
        .find(|finding| finding.cleared_by.is_none() && finding.decision == verdict.decision);
    let rule = finding.map_or(String::new(), |finding| format!(" [{}]", finding.rule));
    let mut agent = format!("Banksman {word}{rule}: {}", verdict.summary);
    if let Some(finding) = finding {
        sentence(&mut agent, "What clears it: ", &finding.clears);
        sentence(&mut agent, "Instead: ", &finding.instead);
    }
    if verdict.decision == Decision::Ask && unanswerable && !says_so(finding) {
        sentence(&mut agent, "", "Ask the user in the conversation and try again when they have said yes.");
    }
    if verdict.decision == Decision::Block {
        sentence(&mut agent, "", "Do not try to reach the same by another way.");
    }
    let person = format!("Banksman {word}{rule}: {} See `banksman explain {}`.", verdict.summary, verdict.id);
    let short = |text: &str| text.chars().take(REASON).collect();
    let verdicts = if verdict.decision == Decision::Ask { vec![verdict.id.clone()] } else { Vec::new() };
    Reason { agent: short(&agent), person: short(&person), verdicts }
}

fn says_so(finding: Option<&Finding>) -> bool {
    finding.is_some_and(|finding| finding.clears.contains("Ask the user"))
}

fn sentence(text: &mut String, lead: &str, more: &str) {
    if more.is_empty() {
        return;
    }
    text.push(' ');
    text.push_str(lead);
    text.push_str(more);
}
