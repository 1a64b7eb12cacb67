//! What hooks tell of, done.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use banksman_protocol::{Answer, Decision, VerdictParams};
use tokio::sync::watch;

use super::super::ask::Way;
use super::super::locate::Ground;
use super::super::notices::Notice;
use super::super::review::said;
use super::super::server::Server;
use super::calls::{Key, Stage};
use crate::gates::attend;
use crate::gates::dialects::{Call, Event, Heard, Say};
use crate::gates::say;
use crate::guard::Reviewed;

/// A question that nobody could answer in this time is not put.
const LEAST: std::time::Duration = std::time::Duration::from_secs(2);

impl Server {
    /// Starts to answer a call of a hook.
    pub(super) fn answer_hook(&self, heard: Heard, root: PathBuf, until: Instant) -> watch::Receiver<Stage> {
        let server = self.clone();
        if let Event::Before(call) | Event::Held(call) = &heard.event {
            let key = Key::of(&heard, call);
            let (receiver, fresh) = self.hooks.calls.enter(&key);
            if let Some(stage) = fresh {
                tokio::spawn(async move {
                    let mut ending = Ending { server: &server, key, stage, say: None };
                    let (Event::Before(call) | Event::Held(call)) = &heard.event else { return };
                    ending.say = server.propose(&heard, call, &root, until, &ending.stage).await;
                });
            }
            return receiver;
        }
        let (stage, receiver) = watch::channel(Stage::Reviewing);
        tokio::spawn(async move {
            let say = server.note(heard, root).await;
            stage.send_replace(Stage::Done(say));
        });
        receiver
    }

    /// All but proposals.
    async fn note(&self, heard: Heard, root: PathBuf) -> Say {
        let turn = self.sessions.change(&heard.session).await;
        let (kind, ends, session) = (heard.moment.kind, heard.event == Event::End, heard.session.clone());
        let answered = match &heard.event {
            Event::Answered { verdicts, answer } => Some((verdicts.clone(), *answer)),
            _ => None,
        };
        let server = self.clone();
        let noted = self.blocking(move || {
            let _turn = turn;
            attend::enter(&server.guard, &heard, |_| root.clone());
            let (say, read) = attend::note(&server.guard, &heard);
            if let Some(read) = read {
                let root = server.guard.place(&heard.session).unwrap_or(root);
                server.has_read(&heard.session, &read.origin, read.text, &read.reading, &root);
            }
            say
        });
        let say = noted.await.unwrap_or_else(|_| attend::failed(kind, "the guard itself failed"));
        if let Some((verdicts, answer)) = answered {
            self.show_answered(&session, verdicts, answer, &say).await;
        }
        if ends {
            self.notices.end(&session);
            self.sessions.forget(&session);
        }
        self.tell_troubles();
        say
    }

    /// A person answered somewhere else what this editor shows as open. That client puts its question
    /// when it has heard the verdict, so this is told after it; it has no place for a note.
    async fn show_answered(&self, session: &str, verdicts: Vec<String>, answer: Answer, say: &Say) {
        self.hooks.reconsider();
        let (decision, summary) = match say {
            // A yes that could not be taken is a stop, and says why.
            Say::Deny(reason) => (Decision::Block, reason.person.clone()),
            _ => (Decision::Allow, said(answer, None)),
        };
        for verdict in verdicts {
            if decision == Decision::Allow || answer == Answer::No {
                self.notices.settle(&verdict);
            }
            let Ok(explained) = self.explanation(verdict).await else { continue };
            let mut verdict = explained.verdict;
            verdict.decision = decision;
            verdict.summary.clone_from(&summary);
            self.voice.verdict(VerdictParams {
                session: session.to_owned(),
                action: explained.action,
                verdict,
            });
        }
    }

    /// Reviews a call, and asks the person where that is better than what the client can do.
    /// `None` when nobody waits for the answer any more.
    async fn propose(
        &self,
        heard: &Heard,
        call: &Call,
        root: &Path,
        until: Instant,
        stage: &watch::Sender<Stage>,
    ) -> Option<Say> {
        let failed = || attend::failed(heard.moment.kind, "the guard itself failed");
        let place = self.sessions.place(&heard.session);
        let Ok(reviewed) = self.review_call(heard, call, root).await else { return Some(failed()) };
        let strictest = reviewed.iter().map(|(reviewed, _)| reviewed.verdict.decision).max();
        {
            let _order = place.reached().await;
            for (reviewed, notices) in &reviewed {
                self.tell(reviewed, notices.clone());
            }
        }
        let reviewed: Vec<Reviewed> = reviewed.into_iter().map(|(reviewed, _)| reviewed).collect();
        if strictest == Some(Decision::Ask)
            && matches!(heard.event, Event::Before(_))
            && let Some(way) = self.way_for(heard)
            && until.saturating_duration_since(now()) > LEAST
        {
            return self.ask_about(way, heard, call, reviewed, until, stage).await;
        }
        if call.actions.len() == 1 {
            // Nothing is written down then.
            return Some(attend::decided(&self.guard, heard, call, &reviewed));
        }
        let (server, heard, call) = (self.clone(), heard.clone(), call.clone());
        let decided = self.blocking(move || attend::decided(&server.guard, &heard, &call, &reviewed)).await;
        Some(decided.unwrap_or_else(|_| failed()))
    }

    async fn review_call(
        &self,
        heard: &Heard,
        call: &Call,
        root: &Path,
    ) -> tower_lsp::jsonrpc::Result<Vec<(Reviewed, Vec<Notice>)>> {
        let turn = self.sessions.look(&heard.session).await;
        let (server, heard, call, root) = (self.clone(), heard.clone(), call.clone(), root.to_path_buf());
        self.blocking(move || {
            let _turn = turn;
            attend::enter(&server.guard, &heard, |_| root.clone());
            let root = server.guard.place(&heard.session).unwrap_or(root);
            let reviewed = attend::reviews(&server.guard, &heard, &call).into_iter();
            let shown = reviewed.zip(&call.actions).map(|(reviewed, action)| {
                let encoding = server.encoding();
                let ground = Ground { documents: &server.documents, encoding, root: Some(&root), action };
                let notices = ground.drawn(&reviewed);
                (reviewed, notices)
            });
            shown.collect()
        })
        .await
    }

    /// Who asks the person in the editor. `None` leaves it to the client.
    fn way_for(&self, heard: &Heard) -> Option<Way> {
        self.way().or_else(|| (!heard.moment.asks && self.shows_questions()).then_some(Way::Window))
    }

    /// Puts everything in a call that wants an answer to the person, until the first no.
    async fn ask_about(
        &self,
        way: Way,
        heard: &Heard,
        call: &Call,
        reviewed: Vec<Reviewed>,
        until: Instant,
        stage: &watch::Sender<Stage>,
    ) -> Option<Say> {
        stage.send_replace(Stage::Asking);
        let (server, session) = (self.clone(), heard.session.clone());
        let patience = self.blocking(move || server.patience(&session)).await.unwrap_or_default();
        let asked = reviewed.into_iter().filter(|reviewed| reviewed.verdict.decision == Decision::Ask);
        for reviewed in asked {
            let patience = until.saturating_duration_since(now()).min(patience);
            let verdict = self.put(way, reviewed, patience, stage.closed()).await;
            if verdict.decision != Decision::Allow {
                let (server, held, call) = (self.clone(), heard.clone(), call.clone());
                let _ = self.blocking(move || attend::hold(&server.guard, &held, &call)).await;
                // Nobody waits: the client may come again with the same call.
                return (!stage.is_closed()).then(|| Say::Deny(say::reason(&verdict, true)));
            }
        }
        Some(Say::Allow)
    }
}

#[expect(clippy::disallowed_methods, reason = "a question has a deadline")]
fn now() -> Instant {
    Instant::now()
}

/// Brings a call to an end, whatever becomes of its task.
struct Ending<'a> {
    server: &'a Server,
    key: Key,
    stage: Arc<watch::Sender<Stage>>,
    say: Option<Say>,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        let say = self.say.take();
        self.server.hooks.calls.end(&self.key, &self.stage, say);
    }
}
