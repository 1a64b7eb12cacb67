//! What comes from the agent.

use banksman_protocol::{Action, Answer, Decision};
use serde_json::Value;

use super::permission::{Options, outcome};
use super::proxy::{Own, Passed, Proxy, Wanted};
use super::{actions, modes, says};
use crate::gates::proxy::frame::line;
use crate::gates::proxy::{Frame, Out, Side};

const FROM: Side = Side::Child;

impl Proxy {
    pub(super) fn hear_agent(&mut self, frame: &Frame) -> Vec<Out> {
        let params = frame.params();
        let session = params.get("sessionId").and_then(Value::as_str).unwrap_or_default();
        let Some(method) = frame.method() else { return self.agent_answers(frame) };
        let guarded = matches!(
            method,
            "session/request_permission"
                | "fs/read_text_file"
                | "fs/write_text_file"
                | "terminal/create"
                | "terminal/output"
        );
        match (guarded, frame.id()) {
            (_, Some(id)) if self.is_taken(id) => {
                says::error(FROM, Some(id), "Banksman: another request of this name is under way")
                    .into_iter()
                    .collect()
            }
            (true, Some(id)) if method == "session/request_permission" => self.permission(frame, id, session),
            (true, Some(id)) => self.asked_of_editor(frame, id, session, method),
            // Nobody could be answered.
            (true, None) => Vec::new(),
            (false, _) if method == "session/update" => self.updated(frame, session, params),
            (false, _) => vec![frame.pass(FROM)],
        }
    }

    /// The agent asks the person.
    fn permission(&mut self, frame: &Frame, id: &Value, session: &str) -> Vec<Out> {
        let params = frame.params();
        let options = Options::read(params);
        let Some((call, meant, kind)) = self.asked_for(session, params) else {
            // A subject of which nothing is known is for the person.
            return self.ask_person(frame, id, session, Question { options, ..Question::default() });
        };
        let looks = matches!(kind.as_str(), "read" | "search" | "think" | "fetch");
        if meant.actions.is_empty() && !(looks && meant.sure) {
            return self.ask_person(frame, id, session, Question { options, call, ..Question::default() });
        }
        let judged = self.review(session, Some(&call), &meant.actions);
        match judged.decision {
            Decision::Allow if options.yes().is_some() => {
                vec![says::result(FROM, id, &outcome(options.yes(), None))]
            }
            Decision::Allow => {
                self.ask_person(frame, id, session, Question { options, call, ..Question::default() })
            }
            // Some agents ask twice for one call, once for each of its sides.
            Decision::Ask
                if options.yes().is_some()
                    && meant.actions.iter().all(|action| self.is_granted(session, Some(&call), action))
                    && self.settle(session, &judged.asked, Answer::Once) =>
            {
                vec![says::result(FROM, id, &outcome(options.yes(), None))]
            }
            Decision::Ask => {
                let (reason, asked) = (judged.reason.map(|reason| reason.person), judged.asked);
                let actions = meant.actions;
                self.ask_person(frame, id, session, Question { options, call, reason, asked, actions })
            }
            Decision::Block => {
                let reason =
                    judged.reason.unwrap_or_else(|| crate::gates::say::Reason::failure("no reason is known"));
                vec![
                    says::result(FROM, id, &outcome(options.no(), Some(&reason.agent))),
                    says::tell(session, &reason.person),
                ]
            }
        }
    }

    /// What permission is asked for: the call, what it would do, and its kind.
    fn asked_for(&mut self, session: &str, params: &Value) -> Option<(String, actions::Meant, String)> {
        let subject = params.get("subject");
        if let Some(subject) = subject.filter(|subject| subject.get("command").is_some()) {
            let action = actions::terminal(subject)?;
            let call = subject.get("toolCallId").and_then(Value::as_str).unwrap_or_default().to_owned();
            let meant = actions::Meant { actions: vec![action], sure: true };
            return Some((call, meant, "execute".to_owned()));
        }
        let told = params.get("toolCall").or_else(|| subject?.get("toolCall"))?;
        let agent = self.around.agent.clone();
        let call = self.conversation(session).calls.told(told)?;
        let meant = actions::of(call, &agent);
        call.settle(super::calls::Stage::Settled, meant.actions.clone());
        Some((call.id.clone(), meant, call.kind.clone()))
    }

    /// Passes a request on to the person, with the reason.
    fn ask_person(&mut self, frame: &Frame, id: &Value, session: &str, question: Question) -> Vec<Out> {
        let Question { options, call, reason, asked, actions } = question;
        let offered = if actions.is_empty() { options.for_a_question() } else { options.for_an_action() };
        let mut outs = Vec::new();
        let mut message = frame.message().cloned().unwrap_or_default();
        let mut changed = false;
        if let Some(shown) = message.pointer_mut("/params/options").filter(|shown| **shown != offered) {
            *shown = offered;
            changed = true;
        }
        if let Some(reason) = &reason {
            let content = self.conversation(session).calls.get(&call).map(|call| call.content.clone());
            if let Some(told) = message.pointer_mut("/params/toolCall").and_then(Value::as_object_mut) {
                let mut shown = vec![note(reason)];
                shown.extend(content.unwrap_or_default());
                told.insert("content".to_owned(), Value::Array(shown));
                changed = true;
            }
            outs.push(says::tell(session, reason));
        }
        let passed = Passed::Permission {
            session: session.to_owned(),
            call,
            options: options.clone(),
            asked,
            actions,
        };
        if !self.pass_on(id, passed) {
            let why = "Banksman: too many requests are under way";
            return vec![says::result(FROM, id, &outcome(options.no(), Some(why)))];
        }
        outs.push(if changed { Out::To(FROM.other(), line(&message)) } else { frame.pass(FROM) });
        outs
    }

    /// An answer: to the editor, or to the proxy itself.
    fn agent_answers(&mut self, frame: &Frame) -> Vec<Out> {
        let Some(id) = frame.id() else { return vec![frame.pass(FROM)] };
        if let Some(Own::ModeBack { session, mode }) = id.as_str().and_then(|id| self.own.remove(id)) {
            return match frame.result() {
                Some(_) => {
                    let update =
                        serde_json::json!({ "sessionUpdate": "current_mode_update", "currentModeId": mode });
                    vec![says::update(&session, &update)]
                }
                None => vec![says::tell(
                    &session,
                    &format!(
                        "the agent did not go to mode `{mode}`. What it does is seen only afterwards; better start it in a mode that asks."
                    ),
                )],
            };
        }
        let mut outs = vec![frame.pass(FROM)];
        let Some(Wanted::Session { name, cwd }) = self.by_editor.remove(&id.to_string()) else { return outs };
        let Some(result) = frame.result() else { return outs };
        let session =
            result.get("sessionId").and_then(Value::as_str).map(str::to_owned).or_else(|| name.clone());
        let Some(session) = session else { return outs };
        if name.is_none() {
            self.open(&session, cwd.as_deref());
        }
        self.conversation(&session).replayed = false;
        outs.extend(self.leave_modes(&session, result));
        outs
    }

    /// The agent tells what it does.
    fn updated(&mut self, frame: &Frame, session: &str, params: &Value) -> Vec<Out> {
        let mut outs = vec![frame.pass(FROM)];
        let update = params.get("update").unwrap_or(&Value::Null);
        match update.get("sessionUpdate").and_then(Value::as_str) {
            Some("tool_call" | "tool_call_update") => outs.extend(self.told(session, update)),
            Some("current_mode_update") => {
                let mode = update.get("currentModeId").and_then(Value::as_str).unwrap_or_default();
                if modes::is_unasking(mode) {
                    let back = self.conversation(session).mode_before.clone();
                    outs.extend(self.send_back(session, mode, back.as_deref(), |mode| {
                        ("session/set_mode", serde_json::json!({ "sessionId": session, "modeId": mode }))
                    }));
                } else {
                    self.conversation(session).mode_before = Some(mode.to_owned());
                }
            }
            Some("config_option_update") => outs.extend(self.leave_modes(session, update)),
            _ => {}
        }
        outs
    }

    /// The agent wants the editor to read, to write or to run something.
    fn asked_of_editor(&mut self, frame: &Frame, id: &Value, session: &str, method: &str) -> Vec<Out> {
        let params = frame.params();
        let text = |name: &str| params.get(name).and_then(Value::as_str).map(str::to_owned);
        let session = session.to_owned();
        let nth = self.next();
        let call = format!("{}/{nth}", self.around.run);
        let action = match method {
            "terminal/output" => {
                let passed = Passed::Output { session, terminal: text("terminalId").unwrap_or_default() };
                self.pass_on(id, passed);
                return vec![frame.pass(FROM)];
            }
            "fs/read_text_file" => text("path").map(|path| Action::Read { path }),
            "fs/write_text_file" => {
                text("path").zip(text("content")).map(|(path, new)| Action::Edit { path, old: None, new })
            }
            _ => actions::terminal(params),
        };
        let Some(action) = action else {
            return says::error(
                FROM,
                Some(id),
                "Banksman could not read this request, so it is not passed on",
            )
            .into_iter()
            .collect();
        };
        let follow = match &action {
            Action::Read { path } => Passed::Read { session: session.clone(), path: path.clone() },
            Action::Command { command, .. } => {
                Passed::Terminal { session: session.clone(), call: call.clone(), command: command.clone() }
            }
            _ => Passed::Done { session: session.clone(), call: call.clone() },
        };
        self.vet(frame, id, &session, &call, action, follow)
    }
}

/// What a person is asked.
#[derive(Default)]
struct Question {
    options: Options,
    call: String,
    reason: Option<String>,
    asked: Vec<String>,
    actions: Vec<Action>,
}

/// A text among what is shown of a call.
pub(super) fn note(text: &str) -> Value {
    serde_json::json!({ "type": "content", "content": { "type": "text", "text": text } })
}
