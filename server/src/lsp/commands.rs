//! What a person can do about a notice.

use std::sync::Arc;

use banksman_protocol::{Answer, Decision, Explanation, Resolution, ResolveParams};
use serde_json::Value;
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, Command, ExecuteCommandParams,
    MessageType,
};

use super::ask::Settled;
use super::server::Server;
use super::{convert, params};

/// A command, its title, and the answer it stands for.
struct Choice {
    command: &'static str,
    title: &'static str,
    answer: Option<Answer>,
}

const ALLOW_ONCE: &str = "banksman.allowOnce";
const ALLOW_IN_WORKSPACE: &str = "banksman.allowInWorkspace";
const KEEP_BLOCKED: &str = "banksman.keepBlocked";
const DISMISS: &str = "banksman.dismiss";
const WHY: &str = "banksman.why";

const CHOICES: [Choice; 5] = [
    Choice { command: ALLOW_ONCE, title: "Allow once", answer: Some(Answer::Once) },
    Choice { command: ALLOW_IN_WORKSPACE, title: "Allow in this workspace", answer: Some(Answer::Workspace) },
    Choice { command: KEEP_BLOCKED, title: "Keep blocked", answer: Some(Answer::No) },
    Choice { command: DISMISS, title: "Dismiss", answer: None },
    Choice { command: WHY, title: "Why?", answer: None },
];

/// The names of all commands.
pub(super) fn names() -> Vec<String> {
    CHOICES.iter().map(|choice| choice.command.to_owned()).collect()
}

impl Server {
    /// The commands for what stands at a place.
    pub(super) fn actions_at(&self, params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
        let mut actions = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for notice in self.notices.at(&params.text_document.uri, params.range) {
            let Some(origin) = &notice.origin else { continue };
            if seen.contains(&origin.verdict) {
                continue;
            }
            seen.push(origin.verdict.clone());
            actions.extend(CHOICES.iter().map(|choice| {
                let title = format!("Banksman: {} ({})", choice.title, notice.rule);
                let arguments = Some(vec![Value::String(origin.verdict.clone())]);
                CodeActionOrCommand::CodeAction(CodeAction {
                    title: title.clone(),
                    kind: Some(CodeActionKind::QUICKFIX),
                    diagnostics: Some(vec![convert::diagnostic(&notice)]),
                    command: Some(Command { title, command: choice.command.to_owned(), arguments }),
                    ..CodeAction::default()
                })
            }));
        }
        actions
    }

    pub(super) async fn execute(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        let Some(choice) = CHOICES.iter().find(|choice| choice.command == params.command) else {
            return Err(params::bad(&format!("`command`: there is no command `{}`", params.command)));
        };
        let Some(Value::String(verdict)) = params.arguments.into_iter().next() else {
            return Err(params::bad("`arguments`: the first is the id of a verdict"));
        };
        match choice.answer {
            Some(answer) => {
                let resolution = self.resolve_to(ResolveParams { verdict, answer, note: None }).await?;
                if let Some(reason) = &resolution.reason {
                    self.voice.show(MessageType::WARNING, reason.clone());
                }
                Ok(serde_json::to_value(resolution).ok())
            }
            None if choice.command == DISMISS => {
                self.notices.settle(&verdict);
                Ok(None)
            }
            None => {
                let explanation = self.explanation(verdict).await?;
                if !self.speaks_banksman() {
                    self.voice.show(MessageType::INFO, convert::told(&explanation));
                }
                Ok(serde_json::to_value(explanation).ok())
            }
        }
    }

    pub(super) async fn resolve(&self, params: Value) -> Result<Resolution> {
        self.resolve_to(params::read(params)?).await
    }

    /// A person decides: a review that waits for it goes on, else a retry will find it.
    async fn resolve_to(&self, params: ResolveParams) -> Result<Resolution> {
        let waiting = self.ask.take(&params.verdict);
        let holds_back = waiting.is_some();
        let (verdict, answer, note) = (params.verdict.clone(), params.answer, params.note.clone());
        let guard = Arc::clone(&self.guard);
        let resolution = self
            .blocking(move || if holds_back { guard.settle(&params) } else { guard.resolve(&params) })
            .await?;
        let resolution = resolution.map_err(|error| convert::guard_error(&error))?;
        if resolution.decision == Decision::Allow || answer == Answer::No {
            self.notices.settle(&verdict);
        }
        if let Some(waiting) = waiting {
            // A review that was cancelled meanwhile does not want to know.
            let _ = waiting.send(Settled { answer, note, resolution: resolution.clone() });
        } else {
            self.hooks.reconsider();
        }
        Ok(resolution)
    }

    pub(super) async fn explanation(&self, verdict: String) -> Result<Explanation> {
        let guard = Arc::clone(&self.guard);
        self.blocking(move || guard.explain(&verdict)).await?.map_err(|error| convert::guard_error(&error))
    }
}
