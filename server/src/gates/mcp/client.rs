//! What comes from the client.

use banksman_protocol::Decision;
use serde_json::{Map, Value};

use super::proxy::{Proxy, Wanted, is_gated};
use super::says;
use crate::gates::proxy::{Frame, Out, Side};

const FROM: Side = Side::Client;

impl Proxy {
    pub(super) fn hear_client(&mut self, frame: &Frame) -> Vec<Out> {
        let Some(method) = frame.method() else { return self.client_answers(frame) };
        let params = frame.params();
        let text = |name: &str| params.get(name).and_then(Value::as_str).unwrap_or_default();
        let wanted = match method {
            "initialize" => {
                self.elicits = can_ask(params);
                Wanted::Greeting
            }
            // Later revisions have no greeting, and let the client ask what the server is.
            "server/discover" => Wanted::Greeting,
            "tools/list" => Wanted::Tools,
            "prompts/get" => Wanted::Text { origin: self.origin(text("name")), call: None },
            "notifications/cancelled" => return self.client_cancels(frame, params),
            method if is_gated(method) => return self.gated(frame, method, params),
            _ => return vec![frame.pass(FROM)],
        };
        match frame.id() {
            Some(id) if !self.want(id, wanted) => {
                vec![says::error(id, "Banksman: another request of this name is under way")]
            }
            _ => vec![frame.pass(FROM)],
        }
    }

    /// A call of a tool, or a read of a resource.
    fn gated(&mut self, frame: &Frame, method: &str, params: &Value) -> Vec<Out> {
        // Nobody could be answered.
        let Some(id) = frame.id() else { return Vec::new() };
        let called = if method == "tools/call" {
            let arguments = match params.get("arguments") {
                None | Some(Value::Null) => Some(Map::new()),
                Some(arguments) => arguments.as_object().cloned(),
            };
            params.get("name").and_then(Value::as_str).zip(arguments)
        } else {
            params.get("uri").map(|uri| (method, Map::from_iter([("uri".to_owned(), uri.clone())])))
        };
        let Some((tool, arguments)) = called else {
            return vec![says::refuse(method, id, "Banksman could not read this call, so it does not run.")];
        };
        if self.wanted.contains_key(&id.to_string()) {
            return vec![says::refuse(method, id, "Banksman: another request of this name is under way")];
        }
        let changed = self.pins.tool(tool).is_some_and(|tool| tool.changed);
        let judged = self.review(tool, arguments);
        if judged.decision == Decision::Block {
            self.ended(&judged.call, false);
            return vec![says::refuse(method, id, judged.why())];
        }
        if judged.decision == Decision::Allow && !changed {
            return self.forward(frame, method, tool, judged.call);
        }
        self.ask(frame, method, tool, changed, judged)
    }

    /// Lets a request through to the server.
    pub(super) fn forward(&mut self, frame: &Frame, method: &str, tool: &str, call: String) -> Vec<Out> {
        let Some(id) = frame.id() else { return Vec::new() };
        let name = if method == "tools/call" {
            tool.to_owned()
        } else {
            frame.params().get("uri").and_then(Value::as_str).unwrap_or(tool).to_owned()
        };
        let wanted = Wanted::Text { origin: self.origin(&name), call: Some(call) };
        if self.want(id, wanted) {
            vec![frame.pass(FROM)]
        } else {
            vec![says::refuse(method, id, "Banksman: too many requests are under way")]
        }
    }
}

/// The client can put a form to a person.
fn can_ask(params: &Value) -> bool {
    let Some(elicitation) = params.pointer("/capabilities/elicitation").and_then(Value::as_object) else {
        return false;
    };
    elicitation.is_empty() || elicitation.contains_key("form")
}
