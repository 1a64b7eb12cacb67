//! What the proxy knows, and the guard it calls.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use banksman_protocol::{Action, Answer, Decision, Origin};
use serde_json::Value;

use super::calls::Calls;
use super::held::Held;
use super::permission::{Options, outcome};
use super::{modes, says};
use crate::gates::attend;
use crate::gates::counsel::{self, Counsel, Place};
use crate::gates::dialects::{Call, Ended, Event};
use crate::gates::proxy::{Frame, Judge, Out, Side};
use crate::gates::say::{Reason, Say};

/// How many requests may be under way, and how many sessions may be open.
pub(super) const OPEN: usize = 1024;
/// How many things a person said yes to wait for the agent to do them.
const GRANTED: usize = 64;
/// Shorter names of sessions may come again in another process.
const UNIQUE: usize = 16;
/// Requests of the proxy's own begin so.
const OWN: &str = "banksman-";

/// What the proxy found around it.
#[derive(Clone, Debug)]
pub struct Around {
    /// The agent's name, for tools that no other name is known of.
    pub agent: String,
    /// The folder the proxy was started in.
    pub cwd: PathBuf,
    /// The workspace around a folder.
    pub workspace_of: fn(&Path) -> PathBuf,
    /// Something that no other run of the proxy is called.
    pub run: String,
}

/// Between an editor and its agent.
#[derive(Debug)]
pub struct Proxy {
    pub(super) counsel: Counsel,
    pub(super) around: Around,
    pub(super) sessions: BTreeMap<String, Conversation>,
    /// The editor's requests whose answers say something, by their names.
    pub(super) by_editor: BTreeMap<String, Wanted>,
    /// The agent's requests whose answers say something.
    pub(super) by_agent: BTreeMap<String, Passed>,
    /// The proxy's own requests, to the editor and to the agent.
    pub(super) own: BTreeMap<String, Own>,
    /// What is to be looked at later: the session and the call.
    pub(super) suspects: BTreeMap<u64, (String, String)>,
    count: u64,
}

/// One session.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    pub(super) calls: Calls,
    /// Where it works.
    cwd: Option<PathBuf>,
    /// What was said before is being told again.
    pub(super) replayed: bool,
    /// Terminals by name, with the command that runs there and the length of what was read of it.
    pub(super) terminals: BTreeMap<String, (String, usize)>,
    /// The last mode that it was in and that asks.
    pub(super) mode_before: Option<String>,
    /// What a person said yes to and the agent has not done yet, with the call it belongs to.
    granted: VecDeque<(String, Action)>,
}

/// What the editor wants to know.
#[derive(Debug)]
pub(super) enum Wanted {
    /// A session in a folder. It has a name yet when it is taken up again.
    Session { name: Option<String>, cwd: Option<PathBuf> },
}

/// What the agent wants to know.
#[derive(Debug)]
pub(super) enum Passed {
    Read { session: String, path: String },
    Done { session: String, call: String },
    Terminal { session: String, call: String, command: String },
    Output { session: String, terminal: String },
    Permission { session: String, call: String, options: Options, asked: Vec<String>, actions: Vec<Action> },
}

/// What the proxy wants to know.
#[derive(Debug)]
pub(super) enum Own {
    /// Whether the person allows what the agent asked the editor for.
    Held(Box<Held>),
    /// Whether the agent went back into a mode that asks.
    ModeBack { session: String, mode: String },
}

/// What the guard said to all that one call would do.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) decision: Decision,
    /// Why, when it does not simply go on.
    pub(super) reason: Option<Reason>,
    /// The verdicts that a person is asked about, by name.
    pub(super) asked: Vec<String>,
}

impl Proxy {
    /// A proxy in front of whoever decides.
    #[must_use]
    pub fn new(counsel: impl Into<Counsel>, around: Around) -> Self {
        Self {
            counsel: counsel.into(),
            around,
            sessions: BTreeMap::new(),
            by_editor: BTreeMap::new(),
            by_agent: BTreeMap::new(),
            own: BTreeMap::new(),
            suspects: BTreeMap::new(),
            count: 0,
        }
    }

    /// The name of a session for the guard, which remembers sessions of other runs too.
    pub(super) fn name(&self, session: &str) -> String {
        if session.len() >= UNIQUE { session.to_owned() } else { format!("{}/{session}", self.around.run) }
    }

    /// A session that may not be known yet: an agent may speak of it before it has answered.
    pub(super) fn conversation(&mut self, session: &str) -> &mut Conversation {
        if !self.sessions.contains_key(session) && self.sessions.len() >= OPEN {
            self.sessions.pop_first();
        }
        self.sessions.entry(session.to_owned()).or_default()
    }

    /// Where a session works.
    pub(super) fn open(&mut self, session: &str, cwd: Option<&Path>) {
        self.conversation(session).cwd = cwd.map(Path::to_path_buf);
        self.counsel.tell(&self.place(session), Event::Begin);
    }

    /// Who speaks, and where.
    pub(super) fn place(&self, session: &str) -> Place {
        let known = self.sessions.get(session).and_then(|conversation| conversation.cwd.clone());
        let cwd = known.unwrap_or_else(|| self.around.cwd.clone());
        Place { session: self.name(session), workspace: (self.around.workspace_of)(&cwd), cwd }
    }

    /// A name for a request of the proxy's own.
    pub(super) fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    pub(super) fn next_id(&mut self) -> String {
        format!("{OWN}{}", self.next())
    }

    /// Notes a request so that its answer is understood. False when that cannot be.
    pub(super) fn pass_on(&mut self, id: &Value, passed: Passed) -> bool {
        let id = id.to_string();
        let room = self.by_agent.len() < OPEN && !self.by_agent.contains_key(&id);
        if room {
            self.by_agent.insert(id, passed);
        }
        room
    }

    /// The agent's request cannot be told from another one.
    pub(super) fn is_taken(&self, id: &Value) -> bool {
        self.by_agent.contains_key(&id.to_string()) || id.as_str().is_some_and(|id| id.starts_with(OWN))
    }

    /// Reviews all that a call would do. The strictest verdict counts for the call.
    pub(super) fn review(&self, session: &str, call: Option<&str>, actions: &[Action]) -> Judged {
        if actions.is_empty() {
            return Judged { decision: Decision::Allow, reason: None, asked: Vec::new() };
        }
        let call = Call { id: call.map(str::to_owned), actions: actions.to_vec() };
        let judged = |decision, reason: Reason| {
            let asked = reason.verdicts.clone();
            Judged { decision, reason: Some(reason), asked }
        };
        match self.counsel.tell(&self.place(session), Event::Held(call)).say {
            Say::Allow => Judged { decision: Decision::Allow, reason: None, asked: Vec::new() },
            Say::Ask(reason) => judged(Decision::Ask, reason),
            Say::Deny(reason) => judged(Decision::Block, reason),
            Say::Nothing | Say::Warn(_) | Say::Unheard(_) => {
                judged(Decision::Block, Reason::failure("the answer was not understood"))
            }
        }
    }

    /// What a person answered. False when it may not run all the same.
    pub(super) fn settle(&self, session: &str, asked: &[String], answer: Answer) -> bool {
        self.counsel.settle(&self.place(session), asked, answer)
    }

    /// What became of a call.
    pub(super) fn ended(&self, session: &str, call: &str, ok: bool) {
        self.counsel.ended(&self.place(session), call, ok);
    }

    /// The agent reads. Tells the person when the text tries to give it orders.
    pub(super) fn read(&self, session: &str, origin: &Origin, text: &str) -> Option<Out> {
        if text.is_empty() {
            return None;
        }
        let call = Call { id: None, actions: vec![counsel::bringing(origin, &self.around.agent)] };
        let ended = Ended { ok: true, output: text.to_owned() };
        let told = self.counsel.tell(&self.place(session), Event::After(call, ended));
        if !matches!(told.say, Say::Warn(_)) {
            return None;
        }
        let name = crate::redact::escape_controls(&crate::redact::redact(&origin.name)).into_owned();
        let passage = attend::passage(&crate::injection::read(text, origin), text);
        let told = format!(
            "the agent has read `{name}`, which tries to give it orders (`{passage}`). What only that text asks for is blocked."
        );
        Some(says::tell(session, &told))
    }

    /// What a person said yes to need not be asked again, when the agent asks a second time for the
    /// same call or has the editor do it.
    pub(super) fn grant(&mut self, session: &str, call: &str, actions: Vec<Action>) {
        let granted = &mut self.conversation(session).granted;
        granted.extend(actions.into_iter().map(|action| (call.to_owned(), action)));
        while granted.len() > GRANTED {
            granted.pop_front();
        }
    }

    /// A person said yes to this a moment ago: in this call, or in any when it is done by the editor.
    pub(super) fn is_granted(&mut self, session: &str, call: Option<&str>, action: &Action) -> bool {
        let granted = &self.conversation(session).granted;
        granted.iter().any(|(of, known)| call.is_none_or(|call| call == of) && is_same(known, action))
    }

    /// Uses up a person's yes to this.
    pub(super) fn use_grant(&mut self, session: &str, action: &Action) -> bool {
        let granted = &mut self.conversation(session).granted;
        let at = granted.iter().position(|(_, known)| is_same(known, action));
        at.is_some_and(|at| granted.remove(at).is_some())
    }

    /// A call is over, or all of them are: what a person said yes to in it counts no more.
    pub(super) fn withdraw(&mut self, session: &str, call: Option<&str>) {
        self.conversation(session).granted.retain(|(of, _)| call.is_some_and(|call| call != of));
    }

    /// Sends the agent back into modes that ask, when it stands in one that does not.
    pub(super) fn leave_modes(&mut self, session: &str, state: &Value) -> Vec<Out> {
        let mut outs = Vec::new();
        if let Some(offered) = state.pointer("/modes/availableModes").and_then(Value::as_array) {
            let offered: Vec<&str> = offered.iter().filter_map(|mode| mode.get("id")?.as_str()).collect();
            let back = modes::asking(&offered).map(str::to_owned);
            self.conversation(session).mode_before = back;
        }
        if let Some((current, back)) = state.get("modes").and_then(modes::to_leave) {
            outs.extend(self.send_back(session, current, back, |mode| {
                ("session/set_mode", serde_json::json!({ "sessionId": session, "modeId": mode }))
            }));
            return outs;
        }
        for (option, back) in state.get("configOptions").map(modes::options_to_leave).unwrap_or_default() {
            outs.extend(self.send_back(session, option, back, |value| {
                let params = serde_json::json!({ "sessionId": session, "configId": option, "value": value });
                ("session/set_config_option", params)
            }));
        }
        outs
    }

    pub(super) fn send_back(
        &mut self,
        session: &str,
        from: &str,
        back: Option<&str>,
        request: impl FnOnce(&str) -> (&'static str, Value),
    ) -> Vec<Out> {
        let Some(back) = back else {
            let text = format!(
                "the agent is in mode `{from}`, in which it does not ask before it acts, and offers no other. What it does is seen only afterwards."
            );
            return vec![says::tell(session, &text)];
        };
        let id = self.next_id();
        let (method, params) = request(back);
        self.own.insert(id.clone(), Own::ModeBack { session: session.to_owned(), mode: back.to_owned() });
        vec![
            says::request(Side::Child, &id, method, &params),
            says::tell(session, &format!("{} The agent is asked to go to `{back}`.", unasking(from))),
        ]
    }

    /// Whatever went wrong with the guard itself, told once.
    pub(super) fn troubles(&self, session: &str) -> Vec<Out> {
        self.counsel.guard().troubles().iter().map(|trouble| says::tell(session, trouble)).collect()
    }
}

/// Why a mode is refused.
pub(super) fn unasking(mode: &str) -> String {
    let mode = crate::redact::escape_controls(mode);
    format!(
        "in mode `{mode}` the agent does not ask before it acts, so nothing could be reviewed. In a mode that asks, \
         what is safe flows without a question all the same."
    )
}

/// The same deed, told in two ways: the same text into the same file, the same words of a command.
fn is_same(known: &Action, action: &Action) -> bool {
    match (known, action) {
        (Action::Command { command: known, .. }, Action::Command { command, .. }) => {
            known.split_whitespace().eq(command.split_whitespace())
        }
        (Action::Edit { path: known, new: text, .. }, Action::Edit { path, new, .. }) => {
            known == path && text == new
        }
        _ => known == action,
    }
}

impl Judge for Proxy {
    fn hear(&mut self, from: Side, frame: &Frame) -> Vec<Out> {
        match from {
            Side::Client => self.hear_editor(frame),
            Side::Child => self.hear_agent(frame),
        }
    }

    fn due(&mut self, token: u64) -> Vec<Out> {
        self.look_again(token)
    }

    fn refuse(from: Side, frame: &Frame, why: &str) -> Vec<Out> {
        let reason = Reason::failure(why).agent;
        let params = frame.params();
        let session = params.get("sessionId").and_then(Value::as_str).unwrap_or_default();
        match (from, frame.method().unwrap_or_default()) {
            (Side::Client, "session/prompt" | "session/set_mode" | "session/set_config_option")
            | (Side::Child, "fs/read_text_file" | "fs/write_text_file" | "terminal/create") => {
                says::error(from, frame.id(), &reason).into_iter().collect()
            }
            (Side::Child, "session/request_permission") => {
                let no = outcome(Options::read(params).no(), Some(&reason));
                let answer = frame.id().map(|id| says::result(Side::Child, id, &no));
                answer.into_iter().chain([says::tell(session, &reason)]).collect()
            }
            (Side::Child, "session/update") if params.pointer("/update/toolCallId").is_some() => {
                vec![frame.pass(from), says::cancel(session), says::tell(session, &reason)]
            }
            _ => vec![frame.pass(from)],
        }
    }
}
