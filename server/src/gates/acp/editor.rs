//! What comes from the editor.

use std::path::PathBuf;

use banksman_protocol::{Answer, Origin, OriginKind};
use serde_json::Value;

use super::permission::{outcome, selected};
use super::proxy::{OPEN, Own, Passed, Proxy, Wanted, unasking};
use super::{modes, says};
use crate::gates::dialects::{Event, Say};
use crate::gates::proxy::{Frame, Out, Side};

const FROM: Side = Side::Client;

/// How many terminals of one session are known.
const TERMINALS: usize = 256;

impl Proxy {
    pub(super) fn hear_editor(&mut self, frame: &Frame) -> Vec<Out> {
        let params = frame.params();
        let text = |name: &str| params.get(name).and_then(Value::as_str);
        let session = text("sessionId").unwrap_or_default();
        match frame.method() {
            None => self.editor_answers(frame),
            Some("session/new" | "session/load" | "session/resume" | "session/fork") => {
                self.editor_opens(frame, params)
            }
            Some("session/prompt") => self.prompted(frame, session, params),
            Some("session/set_mode") => match text("modeId").filter(|mode| modes::is_unasking(mode)) {
                Some(mode) => refuse(frame, mode),
                None => vec![frame.pass(FROM)],
            },
            Some("session/set_config_option") => {
                let option = text("configId").unwrap_or_default();
                let value = params.get("value").unwrap_or(&Value::Null);
                if modes::switches_off(option, value) {
                    return refuse(frame, value.as_str().unwrap_or(option));
                }
                vec![frame.pass(FROM)]
            }
            Some(_) => vec![frame.pass(FROM)],
        }
    }

    fn editor_opens(&mut self, frame: &Frame, params: &Value) -> Vec<Out> {
        let cwd =
            params.get("cwd").and_then(Value::as_str).map(PathBuf::from).filter(|path| path.is_absolute());
        let forked = frame.method() == Some("session/fork");
        let name = params.get("sessionId").and_then(Value::as_str).filter(|_| !forked).map(str::to_owned);
        if let Some(session) = &name {
            self.open(session, cwd.as_deref());
            self.conversation(session).replayed = true;
        }
        if let Some(id) = frame.id() {
            if self.by_editor.len() >= OPEN {
                self.by_editor.pop_first();
            }
            self.by_editor.insert(id.to_string(), Wanted::Session { name, cwd });
        }
        vec![frame.pass(FROM)]
    }

    /// The user speaks.
    fn prompted(&mut self, frame: &Frame, session: &str, params: &Value) -> Vec<Out> {
        self.withdraw(session, None);
        let mut words = Vec::new();
        let mut outs = vec![frame.pass(FROM)];
        for block in params.get("prompt").and_then(Value::as_array).into_iter().flatten() {
            let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
            match block.get("type").and_then(Value::as_str) {
                Some("text") => words.extend(text(block, "text")),
                // A file that the user put beside the words is not the user's words.
                Some("resource") => {
                    let resource = block.get("resource").unwrap_or(&Value::Null);
                    let name = text(resource, "uri").unwrap_or_default();
                    let name = name.strip_prefix("file://").unwrap_or(&name).to_owned();
                    let origin = Origin { kind: OriginKind::File, name };
                    outs.extend(self.read(session, &origin, &text(resource, "text").unwrap_or_default()));
                }
                _ => {}
            }
        }
        let told = self.counsel.tell(&self.place(session), Event::Prompt(words.join("\n")));
        if let Say::Unheard(why) = told.say {
            outs.push(says::tell(session, &why));
        }
        outs.extend(self.troubles(session));
        outs
    }

    /// An answer: to the agent, or to the proxy itself.
    fn editor_answers(&mut self, frame: &Frame) -> Vec<Out> {
        let Some(id) = frame.id() else { return vec![frame.pass(FROM)] };
        if let Some(own) = id.as_str().and_then(|id| self.own.remove(id)) {
            return match own {
                Own::Held(held) => self.answered_for_held(*held, frame),
                Own::ModeBack { .. } => Vec::new(),
            };
        }
        let none = Value::Null;
        let result = frame.result().unwrap_or(&none);
        let text = |name: &str| result.get(name).and_then(Value::as_str).unwrap_or_default();
        let mut outs = vec![frame.pass(FROM)];
        match self.by_agent.remove(&id.to_string()) {
            None => {}
            Some(Passed::Read { session, path }) => {
                let origin = Origin { kind: OriginKind::File, name: path };
                outs.extend(self.read(&session, &origin, text("content")));
            }
            Some(Passed::Done { session, call }) => self.ended(&session, &call, frame.result().is_some()),
            Some(Passed::Terminal { session, call, command }) => {
                self.ended(&session, &call, frame.result().is_some());
                let terminals = &mut self.conversation(&session).terminals;
                if terminals.len() >= TERMINALS {
                    terminals.pop_first();
                }
                terminals.insert(text("terminalId").to_owned(), (command, 0));
            }
            Some(Passed::Output { session, terminal }) => {
                outs.extend(self.printed(&session, &terminal, text("output")))
            }
            Some(Passed::Permission { session, call, options, asked, actions }) => {
                let Some(chosen) = selected(result) else {
                    // Nobody answered: the turn was cancelled.
                    self.ended(&session, &call, false);
                    return outs;
                };
                let answer = options.meaning(chosen);
                if asked.is_empty() {
                    return outs;
                }
                let fine = self.settle(&session, &asked, answer);
                if !fine {
                    self.ended(&session, &call, false);
                    if answer != Answer::No {
                        return vec![says::result(Side::Child, id, &outcome(options.no(), None))];
                    }
                } else {
                    self.grant(&session, &call, actions);
                    if answer == Answer::Session && options.yes().is_some() {
                        // The agent goes on asking; it is remembered here.
                        return vec![says::result(Side::Child, id, &outcome(options.yes(), None))];
                    }
                }
            }
        }
        outs
    }

    /// What a terminal has printed. It is told again and again, the whole of it.
    fn printed(&mut self, session: &str, terminal: &str, output: &str) -> Option<Out> {
        let (command, read) = self.conversation(session).terminals.get_mut(terminal)?;
        if *read == output.len() {
            return None;
        }
        *read = output.len();
        let origin = Origin { kind: OriginKind::Command, name: command.clone() };
        self.read(session, &origin, output)
    }
}

fn refuse(frame: &Frame, mode: &str) -> Vec<Out> {
    let why = format!("Banksman refuses this: {}", unasking(mode));
    says::error(FROM, frame.id(), &why).into_iter().collect()
}
