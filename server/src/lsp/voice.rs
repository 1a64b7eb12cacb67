//! Everything that is said without an answer goes through one queue, so that it arrives in the order
//! in which it became true.

use banksman_protocol::{VerdictParams, method};
use tokio::sync::mpsc;
use tower_lsp::Client;
use tower_lsp::lsp_types::notification::Notification;
use tower_lsp::lsp_types::{Diagnostic, MessageType, Url};

/// Says things to the client. Never waits.
#[derive(Clone, Debug)]
pub(super) struct Voice {
    queue: mpsc::UnboundedSender<Said>,
}

#[derive(Debug)]
enum Said {
    Diagnostics(Url, Vec<Diagnostic>),
    Verdict(Box<VerdictParams>),
    Shown(MessageType, String),
    Logged(MessageType, String),
}

enum VerdictNotification {}

impl Notification for VerdictNotification {
    type Params = VerdictParams;
    const METHOD: &'static str = method::VERDICT;
}

impl Voice {
    /// A voice, and the task that carries it to the client.
    pub(super) fn new(client: Client) -> Self {
        let (queue, mut said) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(said) = said.recv().await {
                match said {
                    Said::Diagnostics(uri, diagnostics) => {
                        client.publish_diagnostics(uri, diagnostics, None).await;
                    }
                    Said::Verdict(params) => client.send_notification::<VerdictNotification>(*params).await,
                    Said::Shown(kind, text) => client.show_message(kind, text).await,
                    Said::Logged(kind, text) => client.log_message(kind, text).await,
                }
            }
        });
        Self { queue }
    }

    pub(super) fn diagnostics(&self, uri: Url, diagnostics: Vec<Diagnostic>) {
        self.say(Said::Diagnostics(uri, diagnostics));
    }

    pub(super) fn verdict(&self, params: VerdictParams) {
        self.say(Said::Verdict(Box::new(params)));
    }

    /// Tells the person.
    pub(super) fn show(&self, kind: MessageType, text: impl Into<String>) {
        self.say(Said::Shown(kind, text.into()));
    }

    /// Notes a warning in the client's log and in the server's own.
    pub(super) fn warn(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!("{text}");
        self.say(Said::Logged(MessageType::WARNING, text));
    }

    fn say(&self, said: Said) {
        // It fails only at the end of the session, when nobody listens any more.
        let _ = self.queue.send(said);
    }
}
