//! What the proxy knows, and the guard it calls.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use banksman_protocol::{Action, Annotations, Decision, Origin, OriginKind};
use serde_json::{Map, Value};

use super::elicit::{Asked, Held};
use super::pins::Pins;
use super::says;
use crate::gates::counsel::{Counsel, Place};
use crate::gates::dialects::{Call, Event};
use crate::gates::proxy::{Frame, Judge, Out, Side};
use crate::gates::say::{Reason, Say};

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
    /// The workspace folder.
    pub workspace: PathBuf,
    /// The folder that relative paths start from.
    pub cwd: PathBuf,
    /// The session's name. The protocol knows no conversations.
    pub session: String,
}

/// Between a client and a server.
#[derive(Debug)]
pub struct Proxy {
    pub(super) counsel: Arc<Counsel>,
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
    /// What a server puts to the person in its editor, by the token of the errand.
    pub(super) elsewhere: BTreeMap<u64, Asked>,
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

/// What was said of a call.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) decision: Decision,
    /// Why, when it does not simply go on.
    pub(super) reason: Option<Reason>,
    pub(super) call: String,
    pub(super) action: Action,
    /// A server said it, and its editor shows it.
    pub(super) elsewhere: bool,
}

impl Judged {
    /// For the model.
    pub(super) fn why(&self) -> &str {
        self.reason.as_ref().map_or("", |reason| &reason.agent)
    }
}

impl Proxy {
    /// A proxy in front of whoever decides.
    #[must_use]
    pub fn new(counsel: impl Into<Counsel>, around: Around) -> Self {
        let proxy = Self {
            counsel: Arc::new(counsel.into()),
            pins: Pins::of(&around.identity),
            around,
            elicits: false,
            wanted: BTreeMap::new(),
            held: BTreeMap::new(),
            deadlines: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            count: 0,
        };
        proxy.counsel.tell(&proxy.place(), Event::Begin);
        proxy
    }

    /// Who speaks, and where.
    pub(super) fn place(&self) -> Place {
        let Around { session, cwd, workspace, .. } = self.around.clone();
        Place { session, cwd, workspace }
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
        let seconds = self.counsel.guard().settings(&self.around.workspace).settings.ask_deadline_seconds;
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
        let held = Call { id: Some(call.clone()), actions: vec![action.clone()] };
        let told = self.counsel.tell(&self.place(), Event::Held(held));
        let (decision, reason) = match told.say {
            Say::Allow => (Decision::Allow, None),
            Say::Ask(reason) => (Decision::Ask, Some(reason)),
            Say::Deny(reason) => (Decision::Block, Some(reason)),
            Say::Nothing | Say::Warn(_) | Say::Unheard(_) => {
                (Decision::Block, Some(Reason::failure("the answer was not understood")))
            }
        };
        Judged { decision, reason, call, action, elsewhere: told.elsewhere }
    }

    /// What became of a call.
    pub(super) fn ended(&self, call: &str, ok: bool) {
        self.counsel.ended(&self.place(), call, ok);
    }

    /// Something of this server's.
    pub(super) fn origin(&self, what: &str) -> Origin {
        Origin { kind: OriginKind::Tool, name: format!("{}/{what}", self.around.server) }
    }
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
        if self.elsewhere.contains_key(&token) {
            self.answered_elsewhere(token)
        } else {
            self.too_late(token)
        }
    }

    fn over(&mut self) {
        self.counsel.tell(&self.place(), Event::End);
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
