//! Every message that is served, in one place.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use banksman_protocol::{
    ContentParams, ExplainParams, Explanation, Mode, Origin, OriginKind, OutcomeParams, PromptParams,
    SessionEndParams, SessionParams, SessionState, SetModeParams, method,
};
use dashmap::DashSet;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::*;
use tower_lsp::{Client, ClientSocket, LanguageServer, LspService};

use super::ask::{Ask, PATIENCE, Way};
use super::documents::{Document, Documents, Encoding};
use super::hooks::Hooks;
use super::initialize::{Facts, capabilities, facts};
use super::notices::Notices;
use super::sessions::Sessions;
use super::voice::Voice;
use super::{convert, params};
use crate::guard::Guard;
use crate::injection;

/// The largest document that is looked through for hidden instructions, in bytes.
const READING_LIMIT: usize = 1024 * 1024;

/// One client's server.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) guard: Arc<Guard>,
    pub(super) documents: Arc<Documents>,
    pub(super) notices: Arc<Notices>,
    pub(super) sessions: Arc<Sessions>,
    pub(super) ask: Arc<Ask>,
    pub(super) hooks: Arc<Hooks>,
    pub(super) voice: Voice,
    client: Arc<OnceLock<Facts>>,
    /// What was told of the settings, so that it is told once.
    told: Arc<DashSet<String>>,
}

/// The service that tower-lsp's router makes of the server.
pub(super) fn service(guard: Arc<Guard>, hooks: Arc<Hooks>) -> (LspService<Server>, ClientSocket) {
    let builder = LspService::build(|client| Server::new(client, guard, hooks))
        .custom_method(method::REVIEW, Server::review)
        .custom_method(method::RESOLVE, Server::resolve)
        .custom_method(method::EXPLAIN, Server::explain)
        .custom_method(method::SESSION, Server::session)
        .custom_method(method::SET_MODE, Server::set_mode)
        .custom_method(method::PROMPT, Server::prompt)
        .custom_method(method::CONTENT, Server::content)
        .custom_method(method::OUTCOME, Server::outcome)
        .custom_method(method::SESSION_END, Server::session_end);
    builder.finish()
}

impl Server {
    fn new(client: Client, guard: Arc<Guard>, hooks: Arc<Hooks>) -> Self {
        let voice = Voice::new(client.clone());
        Self {
            guard,
            documents: Arc::default(),
            notices: Arc::new(Notices::new(voice.clone())),
            sessions: Arc::default(),
            ask: Arc::new(Ask::new(client)),
            hooks,
            voice,
            client: Arc::default(),
            told: Arc::default(),
        }
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.client.get().map_or(Encoding::default(), |facts| facts.encoding)
    }

    pub(super) fn way(&self) -> Option<Way> {
        self.client.get().and_then(|facts| facts.way)
    }

    /// How long a person has in a session: what its settings say, or less when the client says so.
    /// May read the settings from the disk.
    pub(super) fn patience(&self, session: &str) -> Duration {
        let place = self.guard.place(session).or_else(|| self.guard.folders().into_iter().next());
        let set = place.map_or(PATIENCE, |place| {
            Duration::from_secs(self.guard.settings(&place).settings.ask_deadline_seconds.into())
        });
        self.client.get().and_then(|facts| facts.patience).map_or(set, |own| own.min(set))
    }

    pub(super) fn speaks_banksman(&self) -> bool {
        self.client.get().is_some_and(|facts| facts.speaks_banksman)
    }

    pub(super) fn shows_questions(&self) -> bool {
        self.client.get().is_some_and(|facts| facts.shows_questions)
    }

    /// Does work that may take a while where it holds nobody up.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::internal_error())
    }

    pub(super) fn tell_troubles(&self) {
        for trouble in self.guard.troubles() {
            self.voice.show(MessageType::WARNING, trouble);
        }
    }

    /// The parameters of a notification; what cannot be taken is told, since it cannot be answered.
    fn noted<T: DeserializeOwned>(&self, method: &str, params: Value) -> Option<T> {
        params::read(params)
            .map_err(|error| self.voice.warn(format!("`{method}` was not taken in: {}.", error.message)))
            .ok()
    }
}

/// The messages of Banksman. The queue of the session is joined before anything else is awaited.
impl Server {
    async fn explain(&self, params: Value) -> Result<Explanation> {
        let params: ExplainParams = params::read(params)?;
        self.explanation(params.verdict).await
    }

    async fn session(&self, params: Value) -> Result<SessionState> {
        let params: SessionParams = params::read(params)?;
        let turn = self.sessions.look(&params.session).await;
        let guard = Arc::clone(&self.guard);
        self.blocking(move || {
            let _turn = turn;
            guard.session(&params.session)
        })
        .await
    }

    async fn set_mode(&self, params: Value) -> Result<Mode> {
        let params: SetModeParams = params::read(params)?;
        let turn = match &params.session {
            Some(session) => Some(self.sessions.change(session).await),
            None => None,
        };
        let guard = Arc::clone(&self.guard);
        let mode = self
            .blocking(move || {
                let _turn = turn;
                guard.set_mode(params.session.as_deref(), params.mode)
            })
            .await?;
        mode.map_err(|error| convert::guard_error(&error))
    }

    async fn prompt(&self, params: Value) {
        let Some(params) = self.noted::<PromptParams>(method::PROMPT, params) else { return };
        let turn = self.sessions.change(&params.session).await;
        let guard = Arc::clone(&self.guard);
        self.carried_out(method::PROMPT, move || {
            let _turn = turn;
            guard.prompt(&params.session, &params.text);
        })
        .await;
    }

    async fn content(&self, params: Value) {
        let Some(params) = self.noted::<ContentParams>(method::CONTENT, params) else { return };
        let turn = self.sessions.change(&params.session).await;
        let server = self.clone();
        self.carried_out(method::CONTENT, move || {
            let _turn = turn;
            let reading = server.guard.content(&params.session, &params.origin, &params.text);
            let root = server.guard.folders().into_iter().next().unwrap_or_default();
            server.has_read(&params.session, &params.origin, &params.text, &reading, &root);
        })
        .await;
    }

    /// Shows the hidden instructions of a file that an agent has read.
    pub(super) fn has_read(
        &self,
        session: &str,
        origin: &Origin,
        text: &str,
        reading: &injection::Reading,
        root: &Path,
    ) {
        if origin.kind != OriginKind::File {
            return;
        }
        let path = root.join(&origin.name);
        let Some(uri) = convert::uri(&path) else { return };
        let whole = self.documents.or_on_disk(&uri, &path);
        let encoding = self.encoding();
        if whole.text() == text || whole.text().is_empty() {
            let document = Document::new(text.to_owned());
            self.notices.source(session, &origin.name, &uri, &document, reading, encoding);
            self.notices.reading(&uri, &document, reading, encoding);
        } else if reading.injected() {
            // The agent saw a part of it, or saw it with numbers before the lines.
            let reading = injection::read(whole.text(), origin);
            self.notices.source(session, &origin.name, &uri, &whole, &reading, encoding);
            self.notices.reading(&uri, &whole, &reading, encoding);
        }
    }

    async fn outcome(&self, params: Value) {
        let Some(params) = self.noted::<OutcomeParams>(method::OUTCOME, params) else { return };
        let turn = self.sessions.change(&params.session).await;
        let guard = Arc::clone(&self.guard);
        self.carried_out(method::OUTCOME, move || {
            let _turn = turn;
            guard.outcome(&params);
        })
        .await;
    }

    async fn session_end(&self, params: Value) {
        let Some(params) = self.noted::<SessionEndParams>(method::SESSION_END, params) else { return };
        let turn = self.sessions.change(&params.session).await;
        let guard = Arc::clone(&self.guard);
        let session = params.session.clone();
        self.carried_out(method::SESSION_END, move || {
            let _turn = turn;
            guard.end(&params.session);
        })
        .await;
        self.notices.end(&session);
        self.sessions.forget(&session);
    }

    async fn carried_out(&self, method: &str, work: impl FnOnce() + Send + 'static) {
        if self.blocking(work).await.is_err() {
            self.voice.warn(format!("`{method}` failed inside the server."));
        }
        self.tell_troubles();
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Server {
    // No `await` in here: what the client sends behind `initialize` is served only once it is done.
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let folders = convert::folders(&params);
        let facts = self.client.get_or_init(|| facts(&params));
        self.listen(&folders);
        self.guard.set_folders(folders);
        let encoding = match facts.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        };
        Ok(InitializeResult {
            capabilities: capabilities(encoding),
            server_info: Some(ServerInfo {
                name: "banksman".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let facts = self.client.get().cloned().unwrap_or_default();
        let server = self.clone();
        tokio::spawn(async move {
            if facts.watches_files && !server.ask.watch_settings_files().await {
                server.voice.warn("The client does not watch settings files; reload after changing them.");
            }
            server.pull_settings().await;
            server.tell_problems().await;
        });
        self.tell_troubles();
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let TextDocumentItem { uri, text, .. } = params.text_document;
        let document = self.documents.open(uri.clone(), text);
        self.look_through(uri, document).await;
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri;
        self.notices.edited(&uri, &params.content_changes);
        self.documents.change(&uri, params.content_changes, self.encoding());
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        let uri = params.text_document.uri;
        let document = self.documents.get(&uri);
        self.settings_files(vec![uri.clone()]).await;
        if let Some(document) = document {
            self.look_through(uri, document).await;
        }
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.documents.close(&params.text_document.uri);
        self.notices.closed(&params.text_document.uri);
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
        let notices = self.notices.at(&text_document.uri, Range::new(position, position));
        let range = notices.first().map(|notice| notice.spot.range);
        let pages: Vec<String> = notices.iter().map(convert::hover).collect();
        let value = pages.join("\n\n---\n\n");
        let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value });
        Ok(range.map(|range| Hover { contents, range: Some(range) }))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        Ok(Some(self.actions_at(&params)))
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        self.execute(params).await
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        if self.client.get().is_some_and(|facts| facts.pulls_settings) {
            let server = self.clone();
            tokio::spawn(async move { server.pull_settings().await });
            return;
        }
        let section = params.settings.get("banksman").cloned().unwrap_or_default();
        self.configure(None, section).await;
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.settings_files(params.changes.into_iter().map(|change| change.uri).collect()).await;
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let mut folders = self.guard.folders();
        let removed: Vec<PathBuf> =
            params.event.removed.iter().filter_map(|folder| convert::path(&folder.uri)).collect();
        folders.retain(|folder| !removed.contains(folder));
        for added in params.event.added.iter().filter_map(|folder| convert::path(&folder.uri)) {
            if !folders.contains(&added) {
                folders.push(added);
            }
        }
        self.listen(&folders);
        self.guard.set_folders(folders);
        let server = self.clone();
        tokio::spawn(async move {
            server.pull_settings().await;
            server.tell_problems().await;
        });
    }
}

/// Settings and files.
impl Server {
    /// Shows the hidden instructions of a document.
    async fn look_through(&self, uri: Url, document: Arc<Document>) {
        let Some(path) = convert::path(&uri).filter(|_| document.text().len() <= READING_LIMIT) else {
            return;
        };
        let origin = Origin { kind: OriginKind::File, name: path.to_string_lossy().into_owned() };
        let read = Arc::clone(&document);
        let Ok(reading) = self.blocking(move || injection::read(read.text(), &origin)).await else { return };
        // It may have been changed or closed while it was read.
        if self.documents.get(&uri).is_some_and(|now| Arc::ptr_eq(&now, &document)) {
            self.notices.reading(&uri, &document, &reading, self.encoding());
        }
    }

    /// Asks the client for its settings, if it lets itself be asked.
    async fn pull_settings(&self) {
        if !self.client.get().is_some_and(|facts| facts.pulls_settings) {
            return;
        }
        let folders = self.guard.folders();
        let uris: Vec<Url> = folders.iter().filter_map(|folder| convert::uri(folder)).collect();
        let Some(pulled) = self.ask.settings(uris).await else { return };
        let scopes = std::iter::once(None).chain(folders.into_iter().map(Some));
        for (scope, section) in scopes.zip(pulled) {
            self.configure(scope, section).await;
        }
    }

    async fn configure(&self, folder: Option<PathBuf>, section: Value) {
        if section.is_null() {
            return;
        }
        let guard = Arc::clone(&self.guard);
        let _ = self.blocking(move || guard.configure(folder.as_deref(), section)).await;
        self.tell_problems().await;
    }

    /// Reads the settings files among these files again.
    async fn settings_files(&self, files: Vec<Url>) {
        for path in files.iter().filter_map(convert::path) {
            if path.file_name().is_some_and(|name| name == "banksman.toml") {
                let guard = Arc::clone(&self.guard);
                let _ = self.blocking(move || guard.settings_changed(&path)).await;
                self.tell_problems().await;
            }
        }
    }

    /// Shows what is wrong with settings: on its line, or once in a message where there is no line.
    async fn tell_problems(&self) {
        let server = self.clone();
        let shown = self.blocking(move || {
            let problems = server.guard.problems(None);
            server.notices.problems(&problems, &server.documents, server.encoding());
            for problem in problems.iter().filter(|problem| convert::uri(&problem.path).is_none()) {
                if server.told.insert(problem.to_string()) {
                    server.voice.show(MessageType::WARNING, format!("Banksman: {problem}"));
                }
            }
        });
        if shown.await.is_err() {
            tracing::error!("what is wrong with the settings could not be shown");
        }
    }
}
