//! One review, from the message to the answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use banksman_protocol::{
    Action, Answer, AskParams, Decision, Finding, ResolveParams, ReviewParams, Span, Verdict, VerdictParams,
};
use serde_json::Value;
use tower_lsp::jsonrpc::Result;

use super::ask::{Reply, Settled, Way};
use super::locate::Ground;
use super::notices::Notice;
use super::params;
use super::server::Server;
use crate::guard::Reviewed;

impl Server {
    pub(super) async fn review(&self, params: Value) -> Result<Verdict> {
        let params: ReviewParams = params::read(params)?;
        params::check_size(&params.action)?;
        let place = self.sessions.place(&params.session);
        let turn = self.sessions.look(&params.session).await;
        let session = params.session.clone();
        let action = params.action.clone();
        let server = self.clone();
        let worked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let reviewed = server.guard.review(&params);
            let root =
                params.workspace.map(PathBuf::from).or_else(|| server.guard.folders().into_iter().next());
            let (documents, encoding) = (&*server.documents, server.encoding());
            let ground = Ground { documents, encoding, root: root.as_deref(), action: &params.action };
            let notices = ground.drawn(&reviewed);
            (reviewed, notices, server.patience(&params.session))
        });
        let Ok((reviewed, notices, patience)) = worked.await else {
            tracing::error!(session, "a review failed");
            return Ok(failed(&action));
        };
        {
            let _order = place.reached().await;
            self.tell(&reviewed, notices);
        }
        match self.way() {
            Some(way) if reviewed.verdict.decision == Decision::Ask => {
                Ok(self.put(way, reviewed, patience, std::future::pending()).await)
            }
            _ => Ok(reviewed.verdict),
        }
    }

    /// Lets the decision view and the editor know.
    pub(super) fn tell(&self, reviewed: &Reviewed, notices: Vec<Notice>) {
        self.notices.verdict(&reviewed.session, &reviewed.verdict.digest, notices);
        self.voice.verdict(VerdictParams {
            session: reviewed.session.clone(),
            action: reviewed.action.clone(),
            verdict: reviewed.verdict.clone(),
        });
        self.tell_troubles();
    }

    /// Puts a verdict to the person and gives the verdict that holds then. The question is taken off
    /// the table when nobody waits for the answer any more.
    pub(super) async fn put(
        &self,
        way: Way,
        reviewed: Reviewed,
        patience: Duration,
        given_up: impl Future<Output = ()>,
    ) -> Verdict {
        let Reviewed { mut verdict, action, session, .. } = reviewed;
        let question = AskParams {
            session: session.clone(),
            action: action.clone(),
            verdict: verdict.clone(),
            deadline_millis: u64::try_from(patience.as_millis()).unwrap_or(u64::MAX),
        };
        let reply = tokio::select! {
            biased;
            reply = self.ask.person(way, question) => reply,
            () = given_up => Reply::Silence,
        };
        let settled = match reply {
            Reply::Settled(settled) => Some(settled),
            Reply::Silence => None,
            Reply::Answered(said) => {
                let answer = said.answer;
                self.settle(ResolveParams { verdict: verdict.id.clone(), answer, note: said.note }).await
            }
        };
        verdict.decision = match &settled {
            Some(settled) if settled.answer != Answer::No => settled.resolution.decision,
            _ => Decision::Block,
        };
        verdict.summary = summary(settled.as_ref(), &verdict);
        if settled.is_some() {
            self.notices.settle(&verdict.id);
        }
        self.voice.verdict(VerdictParams { session, action, verdict: verdict.clone() });
        verdict
    }

    /// Writes the answer to a question down.
    async fn settle(&self, params: ResolveParams) -> Option<Settled> {
        let guard = Arc::clone(&self.guard);
        let (answer, note) = (params.answer, params.note.clone());
        let resolution = tokio::task::spawn_blocking(move || guard.settle(&params)).await;
        match resolution {
            Ok(Ok(resolution)) => Some(Settled { answer, note, resolution }),
            Ok(Err(error)) => {
                self.voice.warn(format!("The answer could not be taken: {error}."));
                None
            }
            Err(_) => None,
        }
    }
}

/// Who decided, in one line.
fn summary(settled: Option<&Settled>, verdict: &Verdict) -> String {
    let Some(settled) = settled else {
        return format!("Nobody answered in time, so this is not to be run. {}", verdict.summary);
    };
    if let Some(reason) = &settled.resolution.reason {
        return reason.clone();
    }
    said(settled.answer, settled.note.as_deref())
}

/// What a person answered, in one line, with the words they put to a no.
pub(super) fn said(answer: Answer, note: Option<&str>) -> String {
    let scope = match answer {
        Answer::Once => "once",
        Answer::Session => "for this session",
        Answer::Workspace => "in this workspace",
        Answer::No => return crate::verdict::refused(note),
    };
    format!("The user allowed this {scope}.")
}

/// The verdict when even the guard's own safety net did not hold.
fn failed(action: &Action) -> Verdict {
    let message = "The guard failed on this action, so nothing is known of what it would do.";
    Verdict {
        id: String::new(),
        decision: Decision::Block,
        digest: String::new(),
        summary: message.to_owned(),
        findings: vec![Finding {
            rule: "guard-failure".to_owned(),
            decision: Decision::Block,
            hard: false,
            message: message.to_owned(),
            span: Span::new(0, crate::action::text(action).len()),
            place: None,
            clears: "Nothing from here: read the action and run it yourself if it is sound.".to_owned(),
            instead: "Do it another way, and report this as a bug.".to_owned(),
            cleared_by: None,
        }],
        effects: Vec::new(),
        grants: Vec::new(),
        elapsed_micros: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_review_stops_the_action() {
        let verdict = failed(&Action::Read { path: "a".to_owned() });
        assert_eq!(verdict.decision, Decision::Block);
        assert_eq!(verdict.findings.first().map(|finding| finding.span), Some(Span::new(0, 1)));
    }
}
