//! Questions to a person: in the editor where a language server runs that can ask there, else by the
//! client's own form.

use std::sync::{Arc, Mutex, PoisonError};

use banksman_protocol::{Answer, Decision};
use serde_json::{Value, json};

use super::proxy::{Judged, Proxy};
use super::says;
use crate::gates::dialects::{Call, Reason, Say};
use crate::gates::proxy::{Errand, Frame, Out};
use crate::gates::socket::Hangup;

/// How many requests may wait for a person.
const WAITING: usize = 32;

/// A request of the client that waits for a person.
#[derive(Debug)]
pub(super) struct Held {
    frame: Frame,
    method: String,
    tool: String,
    judged: Judged,
    changed: bool,
    /// What is said when nobody agrees.
    why: String,
}

/// A request that a server puts to the person in its editor.
#[derive(Debug)]
pub(super) struct Asked {
    held: Held,
    state: Arc<Mutex<State>>,
}

/// How far that has come.
#[derive(Debug, Default)]
struct State {
    said: Option<Say>,
    hangup: Option<Hangup>,
    /// The client does not want it any more.
    unwanted: bool,
}

impl Proxy {
    /// Puts a request to a person where that can be done, else stops it.
    pub(super) fn ask(
        &mut self,
        frame: &Frame,
        method: &str,
        tool: &str,
        changed: bool,
        judged: Judged,
    ) -> Vec<Out> {
        let why = self.why(tool, changed, &judged);
        let (frame, method, tool) = (frame.clone(), method.to_owned(), tool.to_owned());
        let held = Held { frame, method, tool, judged, changed, why };
        // A server knows nothing of what tools said before.
        if held.judged.elsewhere && !changed && self.elsewhere.len() < WAITING {
            return self.ask_elsewhere(held);
        }
        if !self.elicits && !changed {
            return self.nobody(held);
        }
        self.elicit(held)
    }

    /// By the client's own form.
    fn elicit(&mut self, held: Held) -> Vec<Out> {
        let Some(id) = held.frame.id() else { return Vec::new() };
        if !self.elicits || self.held.len() >= WAITING {
            self.ended(&held.judged.call, false);
            return vec![says::refuse(&held.method, id, &held.why)];
        }
        let question = self.question(&held);
        let (own, token) = (self.next_id(), self.next());
        self.held.insert(own.clone(), held);
        self.deadlines.insert(token, own.clone());
        vec![says::request(&own, "elicitation/create", &question), Out::Later(token, self.patience())]
    }

    /// Nobody can be asked: the reason says so.
    fn nobody(&mut self, held: Held) -> Vec<Out> {
        let Some(id) = held.frame.id() else { return Vec::new() };
        let said = self.counsel.put(&self.place(), held.judged.call(), false, self.patience(), |_| ());
        let why = match said {
            Say::Deny(reason) | Say::Ask(reason) => reason.agent,
            _ => held.why.clone(),
        };
        self.ended(&held.judged.call, false);
        vec![says::refuse(&held.method, id, &why)]
    }

    /// In the editor of the server that reviewed it. Meanwhile other lines go on passing.
    fn ask_elsewhere(&mut self, held: Held) -> Vec<Out> {
        let token = self.next();
        let state = Arc::new(Mutex::new(State::default()));
        let (counsel, place, call) = (Arc::clone(&self.counsel), self.place(), held.judged.call());
        let (asks, patience, kept) = (self.elicits, self.patience(), Arc::clone(&state));
        let errand = Errand::new(move || {
            let said = counsel.put(&place, call.clone(), asks, patience, |stream| {
                let mut state = kept.lock().unwrap_or_else(PoisonError::into_inner);
                let hangup = stream.hangup();
                if let (true, Some(hangup)) = (state.unwanted, &hangup) {
                    hangup.hang_up();
                }
                state.hangup = hangup;
            });
            kept.lock().unwrap_or_else(PoisonError::into_inner).said = Some(said);
        });
        self.elsewhere.insert(token, Asked { held, state });
        vec![Out::Errand(token, errand)]
    }

    /// The server has said what became of its question.
    pub(super) fn answered_elsewhere(&mut self, token: u64) -> Vec<Out> {
        let Some(Asked { held, state }) = self.elsewhere.remove(&token) else { return Vec::new() };
        let said = state.lock().unwrap_or_else(PoisonError::into_inner).said.take();
        let Some(id) = held.frame.id() else { return Vec::new() };
        match said {
            Some(Say::Allow) => self.forward(&held.frame, &held.method, &held.tool, held.judged.call.clone()),
            // It asks nobody in its editor.
            Some(Say::Ask(_)) => self.elicit(held),
            Some(Say::Deny(reason)) => {
                self.ended(&held.judged.call, false);
                vec![says::refuse(&held.method, id, &reason.agent)]
            }
            _ => {
                self.ended(&held.judged.call, false);
                vec![says::refuse(&held.method, id, &Reason::failure("the guard itself failed").agent)]
            }
        }
    }

    /// What the model is told when nobody agrees.
    fn why(&self, tool: &str, changed: bool, judged: &Judged) -> String {
        if !changed {
            return judged.why().to_owned();
        }
        format!(
            "Banksman stopped this [changed-tool]: `{}` says something else of its tool `{tool}` than when it was first \
             seen. Tell the user. What clears it: the user reads what the server says now and runs \
             `banksman mcp --accept` with the server's command or address.",
            self.around.server
        )
    }

    fn question(&self, held: &Held) -> Value {
        let Held { frame, tool, changed, judged, .. } = held;
        let shown = |text: &str, limit: usize| -> String {
            let text = crate::redact::redact(text);
            crate::redact::escape_controls(&text).chars().take(limit).collect()
        };
        let arguments = frame.params().get("arguments").or_else(|| frame.params().get("uri"));
        let arguments = shown(&arguments.map(Value::to_string).unwrap_or_default(), 400);
        let mut message =
            format!("The agent wants to call `{tool}` of `{}` with `{arguments}`.", self.around.server);
        if let Some(reason) = judged.reason.as_ref().filter(|_| judged.decision == Decision::Ask) {
            message.push_str(&format!(" {}", reason.person));
        }
        if *changed {
            let now = self.pins.tool(tool).and_then(|tool| tool.description.as_deref()).unwrap_or("nothing");
            message.push_str(&format!(
                " The server says something else of this tool than when it was first seen; now it says: `{}`",
                shown(now, 600)
            ));
        }
        let answers = json!({ "type": "string", "title": "Let it run?",
            "enum": ["once", "session", "no"], "enumNames": ["Once", "This in this session", "No"] });
        json!({ "message": message,
            "requestedSchema": { "type": "object", "properties": { "answer": answers }, "required": ["answer"] } })
    }

    /// The client answers a question of the proxy's, or one of the server's.
    pub(super) fn client_answers(&mut self, frame: &Frame) -> Vec<Out> {
        let own = frame.id().and_then(Value::as_str).map(str::to_owned);
        let Some(held) = own.as_ref().and_then(|own| self.held.remove(own)) else {
            // A late answer to a question that is off the table is nobody's.
            let ours = own.is_some_and(|own| own.starts_with("banksman-"));
            return if ours { Vec::new() } else { vec![frame.pass(crate::gates::proxy::Side::Client)] };
        };
        self.deadlines.retain(|_, waiting| Some(&*waiting) != own.as_ref());
        let result = frame.result().unwrap_or(&Value::Null);
        let agreed = result.get("action").and_then(Value::as_str) == Some("accept");
        let answer = match result.pointer("/content/answer").and_then(Value::as_str).filter(|_| agreed) {
            Some("once") => Answer::Once,
            Some("session") => Answer::Session,
            _ => Answer::No,
        };
        self.decided(held, answer, "The user said no.")
    }

    /// Nobody answered in time.
    pub(super) fn too_late(&mut self, token: u64) -> Vec<Out> {
        let Some(own) = self.deadlines.remove(&token) else { return Vec::new() };
        let Some(held) = self.held.remove(&own) else { return Vec::new() };
        let mut outs = vec![says::take_back(&own, "nobody answered in time")];
        outs.extend(self.decided(held, Answer::No, "Nobody answered in time."));
        outs
    }

    /// The client wants a request no more: its question is taken back, and nobody is answered.
    pub(super) fn client_cancels(&mut self, frame: &Frame, params: &Value) -> Vec<Out> {
        let unwanted = params.get("requestId");
        let asked = self.elsewhere.iter().find(|(_, asked)| asked.held.frame.id() == unwanted);
        if let Some(Asked { held, state }) =
            asked.map(|(token, _)| *token).and_then(|token| self.elsewhere.remove(&token))
        {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.unwanted = true;
            if let Some(hangup) = &state.hangup {
                hangup.hang_up();
            }
            drop(state);
            self.ended(&held.judged.call, false);
            return Vec::new();
        }
        let own = self.held.iter().find(|(_, held)| held.frame.id() == unwanted).map(|(own, _)| own.clone());
        let Some((own, held)) = own.and_then(|own| self.held.remove(&own).map(|held| (own, held))) else {
            return vec![frame.pass(crate::gates::proxy::Side::Client)];
        };
        self.deadlines.retain(|_, waiting| *waiting != own);
        self.ended(&held.judged.call, false);
        vec![says::take_back(&own, "it is not wanted any more")]
    }

    fn decided(&mut self, held: Held, answer: Answer, otherwise: &str) -> Vec<Out> {
        let Held { frame, method, tool, judged, changed, why } = held;
        let Some(id) = frame.id() else { return Vec::new() };
        let mut fine = answer != Answer::No;
        if judged.decision == Decision::Ask {
            let asked = judged.reason.as_ref().map_or(&[] as &[String], |reason| reason.verdicts.as_slice());
            // What nobody can be asked about by name is not settled by a yes.
            fine &= self.counsel.settle(&self.place(), asked, answer) && !asked.is_empty();
        }
        if !fine {
            self.ended(&judged.call, false);
            return vec![says::refuse(&method, id, &format!("{otherwise} {why}"))];
        }
        if changed && answer == Answer::Session {
            self.pins.agree(self.counsel.guard(), &tool);
        }
        self.forward(&frame, &method, &tool, judged.call)
    }
}

impl Judged {
    /// The call as it is proposed.
    fn call(&self) -> Call {
        Call { id: Some(self.call.clone()), actions: vec![self.action.clone()] }
    }
}
