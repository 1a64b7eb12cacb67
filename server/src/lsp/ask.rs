//! The only place that sends requests to the client: detached, so that a cancelled review does not
//! drop a reply on the floor, and with a deadline, so that nobody waits for ever.

use std::time::Duration;

use banksman_protocol::{Action, Answer, AskParams, AskResult, Resolution, method};
use dashmap::DashMap;
use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp::Client;
use tower_lsp::jsonrpc;
use tower_lsp::lsp_types::request::Request;
use tower_lsp::lsp_types::{ConfigurationItem, MessageActionItem, MessageType, Registration, Url, WatchKind};

use super::convert;

/// How long a person has, unless told otherwise.
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

/// How long a program has.
const PROMPTNESS: Duration = Duration::from_secs(10);

/// The four answers, as the editor's own message shows them.
const CHOICES: [(&str, Answer); 4] = [
    ("Allow once", Answer::Once),
    ("Allow in this session", Answer::Session),
    ("Allow in this workspace", Answer::Workspace),
    ("No", Answer::No),
];

/// How the person is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By `banksman/ask`.
    Own,
    /// By `window/showMessageRequest`.
    Window,
}

/// Asks the client.
#[derive(Debug)]
pub(super) struct Ask {
    client: Client,
    /// Reviews that wait for a person, by verdict.
    open: DashMap<String, oneshot::Sender<Settled>>,
}

/// What a person decided by another way than the question.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub(super) answer: Answer,
    /// What the person wants the agent to know.
    pub(super) note: Option<String>,
    pub(super) resolution: Resolution,
}

/// What became of a question.
#[derive(Debug)]
pub(super) enum Reply {
    /// The person answered the question.
    Answered(AskResult),
    /// The person decided by another way.
    Settled(Settled),
    /// Nobody answered, or not in a way that could be understood.
    Silence,
}

enum AskRequest {}

impl Request for AskRequest {
    type Params = AskParams;
    type Result = AskResult;
    const METHOD: &'static str = method::ASK;
}

impl Ask {
    pub(super) fn new(client: Client) -> Self {
        Self { client, open: DashMap::new() }
    }

    /// Puts a verdict to the person.
    pub(super) async fn person(&self, way: Way, params: AskParams) -> Reply {
        let (sender, elsewhere) = oneshot::channel();
        let verdict = params.verdict.id.clone();
        let deadline = Duration::from_millis(params.deadline_millis);
        self.open.insert(verdict.clone(), sender);
        let _closing = Closing { open: &self.open, verdict: &verdict };
        let question = self.question(way, params);
        tokio::select! {
            biased;
            settled = elsewhere => settled.map_or(Reply::Silence, Reply::Settled),
            answer = question => match answer {
                // Whoever takes the question off the table has answered it.
                Some(answer) if self.open.remove(&verdict).is_some() => Reply::Answered(answer),
                _ => Reply::Silence,
            },
            () = tokio::time::sleep(deadline) => Reply::Silence,
        }
    }

    /// Takes an open question off the table because the person decided by another way.
    pub(super) fn take(&self, verdict: &str) -> Option<oneshot::Sender<Settled>> {
        self.open.remove(verdict).map(|(_, sender)| sender)
    }

    async fn question(&self, way: Way, params: AskParams) -> Option<AskResult> {
        let client = self.client.clone();
        match way {
            Way::Own => detached(async move { client.send_request::<AskRequest>(params).await }).await,
            Way::Window => {
                let text = question(&params);
                let choices = CHOICES
                    .iter()
                    .map(|(title, _)| MessageActionItem {
                        title: (*title).to_owned(),
                        properties: Default::default(),
                    })
                    .collect();
                let chosen = detached(async move {
                    client.show_message_request(MessageType::WARNING, text, Some(choices)).await
                })
                .await??;
                let (_, answer) = CHOICES.iter().find(|(title, _)| *title == chosen.title)?;
                Some(AskResult { answer: *answer, note: None })
            }
        }
    }

    /// The client's settings in the section `banksman`: for all, and for each folder.
    pub(super) async fn settings(&self, folders: Vec<Url>) -> Option<Vec<Value>> {
        let client = self.client.clone();
        let items = std::iter::once(None)
            .chain(folders.into_iter().map(Some))
            .map(|scope_uri| ConfigurationItem { scope_uri, section: Some("banksman".to_owned()) })
            .collect();
        let pulled = detached(async move { client.configuration(items).await });
        tokio::time::timeout(PROMPTNESS, pulled).await.ok().flatten()
    }

    /// Wants to hear of settings files that change on disk.
    pub(super) async fn watch_settings_files(&self) -> bool {
        let client = self.client.clone();
        let kind = WatchKind::Create | WatchKind::Change | WatchKind::Delete;
        let registration = Registration {
            id: "banksman-settings-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(serde_json::json!({
                "watchers": [{ "globPattern": "**/banksman.toml", "kind": kind }]
            })),
        };
        let registered = detached(async move { client.register_capability(vec![registration]).await });
        tokio::time::timeout(PROMPTNESS, registered).await.is_ok_and(|done| done.is_some())
    }
}

/// Takes the question off the table whatever becomes of the review that asked it.
struct Closing<'a> {
    open: &'a DashMap<String, oneshot::Sender<Settled>>,
    verdict: &'a str,
}

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.open.remove(self.verdict);
    }
}

/// Sends a request by a task of its own: tower-lsp panics at a reply that nobody waits for.
async fn detached<T: Send + 'static>(
    request: impl Future<Output = jsonrpc::Result<T>> + Send + 'static,
) -> Option<T> {
    match tokio::spawn(request).await {
        Ok(Ok(result)) => Some(result),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the client did not answer as it should");
            None
        }
        Err(_) => None,
    }
}

/// What the editor's own message says.
fn question(params: &AskParams) -> String {
    format!("Banksman: {}\n{}", params.verdict.summary, proposal(&params.action))
}

/// What the agent wants, in one line.
fn proposal(action: &Action) -> String {
    let shown = |text: &str| convert::one_line(text, 300);
    match action {
        Action::Command { command, .. } => format!("The agent wants to run `{}`.", shown(command)),
        Action::Edit { path, .. } => format!("The agent wants to edit `{}`.", shown(path)),
        Action::Delete { path } => format!("The agent wants to delete `{}`.", shown(path)),
        Action::Read { path } => format!("The agent wants to read `{}`.", shown(path)),
        Action::Fetch { url, method, .. } => {
            format!("The agent wants to send `{}` to `{}`.", shown(method), shown(url))
        }
        Action::Tool { server, tool, .. } => {
            format!("The agent wants to call `{}` of `{}`.", shown(tool), shown(server))
        }
        Action::Delegate { prompt } => format!("The agent wants to hand on `{}`.", shown(prompt)),
    }
}
