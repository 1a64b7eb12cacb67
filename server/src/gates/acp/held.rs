//! What the agent asks the editor for: reviewed, and held back while a person is asked.

use banksman_protocol::{Action, Decision};
use serde_json::{Value, json};

use super::agent::note;
use super::permission::{Options, selected};
use super::proxy::{Own, Passed, Proxy};
use super::says;
use crate::gates::proxy::{Frame, Out, Side};

/// How many requests may wait for a person.
const WAITING: usize = 64;

const FROM: Side = Side::Child;

/// A request of the agent that waits for a person.
#[derive(Debug)]
pub(super) struct Held {
    frame: Frame,
    session: String,
    call: String,
    asked: Vec<String>,
    follow: Passed,
    options: Options,
    reason: String,
}

impl Proxy {
    /// Lets a request through, refuses it, or holds it back and asks.
    pub(super) fn vet(
        &mut self,
        frame: &Frame,
        id: &Value,
        session: &str,
        call: &str,
        action: Action,
        follow: Passed,
    ) -> Vec<Out> {
        let granted = self.use_grant(session, &action);
        let judged = self.review(session, Some(call), std::slice::from_ref(&action));
        // A person said yes to this a moment ago, when the agent asked for permission.
        if judged.decision == Decision::Allow
            || (granted && self.settle(session, &judged.asked, banksman_protocol::Answer::Once))
        {
            return self.forward(frame, id, follow);
        }
        let reason = judged.reason.map_or_else(String::new, |reason| reason.agent);
        let waiting = self.own.values().filter(|own| matches!(own, Own::Held(_))).count();
        if judged.decision == Decision::Block || waiting >= WAITING {
            self.ended(session, call, false);
            let told = says::tell(session, &reason);
            return says::error(FROM, Some(id), &reason).into_iter().chain([told]).collect();
        }
        let (own, question) = (self.next_id(), question(session, call, &action, &reason));
        let options = Options::read(&question);
        let held = Held {
            frame: frame.clone(),
            session: session.to_owned(),
            call: call.to_owned(),
            asked: judged.asked,
            follow,
            options,
            reason,
        };
        self.own.insert(own.clone(), Own::Held(Box::new(held)));
        vec![says::request(Side::Client, &own, "session/request_permission", &question)]
    }

    /// A person answered.
    pub(super) fn answered_for_held(&mut self, held: Held, frame: &Frame) -> Vec<Out> {
        let Held { frame: request, session, call, asked, follow, options, reason } = held;
        let Some(id) = request.id().cloned() else { return Vec::new() };
        let chosen = frame.result().and_then(selected);
        let fine = chosen.is_some_and(|chosen| self.settle(&session, &asked, options.meaning(chosen)));
        if fine {
            return self.forward(&request, &id, follow);
        }
        self.ended(&session, &call, false);
        let why = match chosen {
            Some(_) => format!("The user said no. {reason}"),
            None => format!("Nobody allowed this. {reason}"),
        };
        says::error(FROM, Some(&id), &why).into_iter().collect()
    }

    fn forward(&mut self, frame: &Frame, id: &Value, follow: Passed) -> Vec<Out> {
        if self.pass_on(id, follow) {
            return vec![frame.pass(FROM)];
        }
        says::error(FROM, Some(id), "Banksman: too many requests are under way").into_iter().collect()
    }
}

/// What a person is asked, as the agent itself would have asked it.
fn question(session: &str, call: &str, action: &Action, reason: &str) -> Value {
    let (kind, title, shown) = match action {
        Action::Command { command, .. } => ("execute", command.clone(), None),
        Action::Edit { path, new, .. } => {
            let shown = json!({ "type": "diff", "path": path, "oldText": null, "newText": new });
            ("edit", format!("Write {path}"), Some(shown))
        }
        Action::Read { path } => ("read", format!("Read {path}"), None),
        other => ("other", crate::action::text(other), None),
    };
    let content: Vec<Value> = std::iter::once(note(reason)).chain(shown).collect();
    json!({
        "sessionId": session,
        "toolCall": { "toolCallId": call, "title": title, "kind": kind, "status": "pending", "content": content },
        "options": [
            { "optionId": "once", "name": "Allow once", "kind": "allow_once" },
            { "optionId": "session", "name": "Allow this in this session", "kind": "allow_always" },
            { "optionId": "no", "name": "No", "kind": "reject_once" },
        ],
    })
}
