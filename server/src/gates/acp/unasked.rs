//! Work that the agent began without asking.
//!
//! Some agents ask for little, some for nothing. What they tell of their work is judged all the
//! same: what would have been blocked is cancelled, and the person hears of it. That comes late,
//! so it is no gate, and the pages say so.

use std::time::Duration;

use banksman_protocol::{Decision, Origin, OriginKind};
use serde_json::Value;

use super::calls::Stage;
use super::proxy::{Judged, Proxy};
use super::{actions, says};
use crate::gates::proxy::Out;
use crate::gates::{attend, read};

/// How long an agent has to ask for what it says it has begun: some tell first and ask then.
const GRACE: Duration = Duration::from_millis(800);

/// How many calls may be waited for.
const SUSPECTS: usize = 64;

impl Proxy {
    /// An update tells of a call.
    pub(super) fn told(&mut self, session: &str, update: &Value) -> Vec<Out> {
        let agent = self.around.agent.clone();
        let conversation = self.conversation(session);
        let replayed = conversation.replayed;
        let Some(call) = conversation.calls.told(update) else { return Vec::new() };
        let status = update.get("status").and_then(Value::as_str).unwrap_or_default();
        let ended = matches!(status, "completed" | "failed");
        if replayed {
            call.settle(Stage::Done, Vec::new());
            return Vec::new();
        }
        let begun = ended || status == "in_progress";
        let (id, stage) = (call.id.clone(), call.stage);
        let mut outs = Vec::new();
        if begun && matches!(stage, Stage::Told | Stage::Suspect) {
            let meant = actions::of(call, &agent);
            // A call of which nothing is known was not asked about; its title is no evidence.
            let known = if meant.sure { meant.actions } else { Vec::new() };
            call.actions.clone_from(&known);
            // What did not run has done nothing. A command may have failed half-way.
            let ran = status != "failed" || call.kind == "execute";
            if ran {
                let judged = self.review(session, Some(&id), &known);
                outs.extend(self.unasked(session, &id, &judged, ended));
            }
        }
        if ended && stage != Stage::Done {
            outs.extend(self.finished(session, &id, status == "completed", update));
        }
        outs
    }

    /// What the guard says to what was not asked for.
    fn unasked(&mut self, session: &str, id: &str, judged: &Judged, ended: bool) -> Vec<Out> {
        let reason = judged.reason.as_ref().map(|reason| reason.person.clone()).unwrap_or_default();
        match judged.decision {
            Decision::Allow => Vec::new(),
            Decision::Block if ended => self.stop(session, id, &reason),
            Decision::Block => {
                let full = self.suspects.len() >= SUSPECTS;
                let Some(call) = self.conversation(session).calls.get(id) else { return Vec::new() };
                if call.stage == Stage::Suspect {
                    return Vec::new();
                }
                if full {
                    return self.stop(session, id, &reason);
                }
                call.stage = Stage::Suspect;
                let token = self.next();
                self.suspects.insert(token, (session.to_owned(), id.to_owned()));
                vec![Out::Later(token, GRACE)]
            }
            // What only needed a question is not worth cancelling a turn, but worth knowing.
            Decision::Ask if ended => {
                vec![says::tell(session, &format!("the agent did this without asking. {reason}"))]
            }
            Decision::Ask => Vec::new(),
        }
    }

    /// The time is over in which a call could have asked.
    pub(super) fn look_again(&mut self, token: u64) -> Vec<Out> {
        let Some((session, id)) = self.suspects.remove(&token) else { return Vec::new() };
        let Some(call) = self.conversation(&session).calls.get(&id) else { return Vec::new() };
        if call.stage != Stage::Suspect {
            return Vec::new();
        }
        let known = call.actions.clone();
        let judged = self.review(&session, Some(&id), &known);
        let reason = judged.reason.map(|reason| reason.person).unwrap_or_default();
        self.stop(&session, &id, &reason)
    }

    /// Cancels the turn and tells the person.
    fn stop(&mut self, session: &str, id: &str, reason: &str) -> Vec<Out> {
        if let Some(call) = self.conversation(session).calls.get(id) {
            call.stage = Stage::Settled;
        }
        let text = format!(
            "the agent began this without asking, so its turn is cancelled; it may have run in part. {reason}"
        );
        vec![says::cancel(session), says::tell(session, &text)]
    }

    /// A call has ended: what it gave back was read by the agent.
    fn finished(&mut self, session: &str, id: &str, ok: bool, update: &Value) -> Option<Out> {
        let call = self.conversation(session).calls.get(id)?;
        call.stage = Stage::Done;
        let actions = std::mem::take(&mut call.actions);
        let (title, looked) = (call.title.clone(), call.kind != "edit");
        let command = call.kind == "execute";
        // A command that failed may have done half of its work.
        self.ended(session, id, ok || command);
        self.withdraw(session, Some(id));
        let output = output(update);
        let named = actions.iter().find_map(attend::origin);
        let origin = named.or_else(|| looked.then_some(Origin { kind: OriginKind::Tool, name: title }))?;
        self.read(session, &origin, &output)
    }
}

/// What a call gave back: as the agent got it, else as the editor shows it.
fn output(update: &Value) -> String {
    if let Some(raw) = update.get("rawOutput").filter(|raw| !raw.is_null()) {
        return read::output(raw);
    }
    let content = update.get("content").and_then(Value::as_array).into_iter().flatten();
    let texts = content.filter_map(|item| item.pointer("/content/text")?.as_str());
    texts.collect::<Vec<_>>().join("\n")
}
