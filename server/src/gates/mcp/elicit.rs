//! Questions to a person, by the client's own form.

use banksman_protocol::{Answer, Decision, ResolveParams};
use serde_json::{Value, json};

use super::proxy::{Judged, Proxy, reason};
use super::says;
use crate::gates::proxy::{Frame, Out};

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

impl Proxy {
    /// Puts a request to a person where the client can do that, else stops it.
    pub(super) fn ask(
        &mut self,
        frame: &Frame,
        method: &str,
        tool: &str,
        changed: bool,
        judged: Judged,
    ) -> Vec<Out> {
        let Some(id) = frame.id() else { return Vec::new() };
        let why = self.why(tool, changed, &judged);
        if !self.elicits || self.held.len() >= WAITING {
            self.ended(&judged.call, false);
            return vec![says::refuse(method, id, &why)];
        }
        let question = self.question(frame, tool, changed, &judged);
        let (own, token) = (self.next_id(), self.next());
        let (frame, method, tool) = (frame.clone(), method.to_owned(), tool.to_owned());
        self.held.insert(own.clone(), Held { frame, method, tool, judged, changed, why });
        self.deadlines.insert(token, own.clone());
        vec![says::request(&own, "elicitation/create", &question), Out::Later(token, self.patience())]
    }

    /// What the model is told when a person would have had to agree.
    fn why(&self, tool: &str, changed: bool, judged: &Judged) -> String {
        if !changed {
            return reason(&judged.verdict, true).agent;
        }
        format!(
            "Banksman stopped this [changed-tool]: `{}` says something else of its tool `{tool}` than when it was first \
             seen. Tell the user. What clears it: the user reads what the server says now and runs \
             `banksman mcp --accept` with the server's command or address.",
            self.around.server
        )
    }

    fn question(&self, frame: &Frame, tool: &str, changed: bool, judged: &Judged) -> Value {
        let shown = |text: &str, limit: usize| -> String {
            let text = crate::redact::redact(text);
            crate::redact::escape_controls(&text).chars().take(limit).collect()
        };
        let arguments = frame.params().get("arguments").or_else(|| frame.params().get("uri"));
        let arguments = shown(&arguments.map(Value::to_string).unwrap_or_default(), 400);
        let mut message =
            format!("The agent wants to call `{tool}` of `{}` with `{arguments}`.", self.around.server);
        if judged.verdict.decision == Decision::Ask {
            message.push_str(&format!(" {}", reason(&judged.verdict, false).person));
        }
        if changed {
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
        if judged.verdict.decision == Decision::Ask {
            let params = ResolveParams { verdict: judged.verdict.id.clone(), answer, note: None };
            let resolved = self.guard.settle(&params);
            fine &= resolved.is_ok_and(|resolution| resolution.decision == Decision::Allow);
        }
        if !fine {
            self.ended(&judged.call, false);
            return vec![says::refuse(&method, id, &format!("{otherwise} {why}"))];
        }
        if changed && answer == Answer::Session {
            self.pins.agree(&self.guard, &tool);
        }
        self.forward(&frame, &method, &tool, judged.call)
    }
}
