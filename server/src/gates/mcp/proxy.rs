//! What the proxy knows, and the guard it calls.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use banksman_protocol::{
    Action, Annotations, Decision, Origin, OriginKind, OutcomeParams, ReviewParams, Verdict,
};
use serde_json::{Map, Value};

use super::elicit::Held;
use super::pins::Pins;
use super::says;
use crate::gates::proxy::{Frame, Judge, Out, Side};
use crate::gates::say::{self, Reason};
use crate::guard::Guard;

/// How many requests may be under way.
const OPEN: usize = 1024;
/// Requests of the proxy's own begin so.
const OWN: &str = "banksman-";

/// What the proxy found around it.
#[derive(Clone, Debug)]
pub struct Around {
    /// The server's name.
    pub server: String,
    /// The name under which its tools are kept, see [`super::identity`].
    pub identity: String,
    /// The workspace.
    pub workspace: PathBuf,
    /// The folder that relative paths start from.
    pub cwd: PathBuf,
    /// The session's name. The protocol knows no conversations.
    pub session: String,
}

/// Between a client and a server.
#[derive(Debug)]
pub struct Proxy {
    pub(super) guard: Guard,
    pub(super) around: Around,
    pub(super) pins: Pins,
    /// The client can put a question to a person.
    pub(super) elicits: bool,
    /// The client's requests whose answers say something, by their names.
    pub(super) wanted: BTreeMap<String, Wanted>,
    /// Requests that wait for a person, by the name of the question.
    pub(super) held: BTreeMap<String, Held>,
    /// Questions by the token of their deadline.
    pub(super) deadlines: BTreeMap<u64, String>,
    count: u64,
}

/// What the client wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What the server is.
    Greeting,
    /// Its tools.
    Tools,
    /// Something to read, and the call that brings it.
    Text { origin: Origin, call: Option<String> },
}

/// What the guard said.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    pub(super) call: String,
}

impl Proxy {
    /// A proxy in front of a guard.
    #[must_use]
    pub fn new(guard: Guard, around: Around) -> Self {
        guard.open(&around.session, Some(&around.workspace), Some(&around.cwd));
        Self {
            guard,
            pins: Pins::of(&around.identity),
            around,
            elicits: false,
            wanted: BTreeMap::new(),
            held: BTreeMap::new(),
            deadlines: BTreeMap::new(),
            count: 0,
        }
    }

    pub(super) fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    pub(super) fn next_id(&mut self) -> String {
        format!("{OWN}{}", self.next())
    }

    /// How long a person has to answer.
    pub(super) fn patience(&self) -> Duration {
        let seconds = self.guard.settings(&self.around.workspace).settings.ask_deadline_seconds;
        Duration::from_secs(u64::from(seconds))
    }

    /// Notes a request so that its answer is understood. False when that cannot be.
    pub(super) fn want(&mut self, id: &Value, wanted: Wanted) -> bool {
        let id = id.to_string();
        let room = self.wanted.len() < OPEN && !self.wanted.contains_key(&id);
        if room {
            self.wanted.insert(id, wanted);
        }
        room
    }

    pub(super) fn review(&mut self, tool: &str, arguments: Map<String, Value>) -> Judged {
        let known = self.pins.tool(tool);
        let annotations: Option<Annotations> = known.and_then(|tool| tool.annotations.clone());
        let description = known.and_then(|tool| tool.description.clone());
        let nth = self.next();
        let call = format!("{}/{nth}", self.around.session);
        let server = self.around.server.clone();
        let action = Action::Tool { server, tool: tool.to_owned(), arguments, annotations, description };
        let params = ReviewParams {
            session: self.around.session.clone(),
            action,
            tool_call_id: Some(call.clone()),
            workspace: None,
        };
        Judged { verdict: self.guard.review(&params).verdict, call }
    }

    /// What became of a call.
    pub(super) fn ended(&self, call: &str, ok: bool) {
        let (session, tool_call_id) = (self.around.session.clone(), call.to_owned());
        self.guard.outcome(&OutcomeParams { session, tool_call_id, ok, output: None });
    }

    /// Something of this server's.
    pub(super) fn origin(&self, what: &str) -> Origin {
        Origin { kind: OriginKind::Tool, name: format!("{}/{what}", self.around.server) }
    }
}

/// The reason that a verdict gives.
pub(super) fn reason(verdict: &Verdict, unanswerable: bool) -> Reason {
    say::reason(verdict, unanswerable && verdict.decision == Decision::Ask)
}

/// The methods that are gated.
pub(super) fn is_gated(method: &str) -> bool {
    matches!(method, "tools/call" | "resources/read" | "resources/subscribe")
}

impl Judge for Proxy {
    fn hear(&mut self, from: Side, frame: &Frame) -> Vec<Out> {
        match from {
            Side::Client => self.hear_client(frame),
            Side::Child => self.hear_server(frame),
        }
    }

    fn due(&mut self, token: u64) -> Vec<Out> {
        self.too_late(token)
    }

    fn refuse(from: Side, frame: &Frame, why: &str) -> Vec<Out> {
        let reason = Reason::failure(why).agent;
        let method = frame.method().unwrap_or_default();
        match (from, frame.id()) {
            (Side::Client, Some(id)) if is_gated(method) => vec![says::refuse(method, id, &reason)],
            (Side::Client, None) if is_gated(method) => Vec::new(),
            // An answer that was not read may hold anything.
            (Side::Child, Some(id)) if frame.result().is_some() => vec![says::error(id, &reason)],
            _ => vec![frame.pass(from)],
        }
    }
}
