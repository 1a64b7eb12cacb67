//! What client and server say of themselves when they meet.

use std::time::Duration;

use banksman_protocol::{ClientCapability, InitializationOptions, ServerCapability, VERSION};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower_lsp::lsp_types::*;

use super::ask::Way;
use super::commands;
use super::documents::Encoding;

/// What the client said of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) encoding: Encoding,
    /// How a person is asked, when the server is to ask.
    pub(super) way: Option<Way>,
    pub(super) patience: Option<Duration>,
    pub(super) speaks_banksman: bool,
    /// It can show a message with buttons.
    pub(super) shows_questions: bool,
    pub(super) pulls_settings: bool,
    pub(super) watches_files: bool,
}

pub(super) fn facts(params: &InitializeParams) -> Facts {
    let capabilities = &params.capabilities;
    let workspace = capabilities.workspace.as_ref();
    let declared = own::<ClientCapability>(capabilities.experimental.as_ref());
    let wanted = own::<InitializationOptions>(params.initialization_options.as_ref()).unwrap_or_default();
    let encodings = capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    let utf8 = encodings.is_some_and(|offered| offered.contains(&PositionEncodingKind::UTF8));
    let way = match &declared {
        Some(ClientCapability { ask: true }) => Some(Way::Own),
        _ if wanted.ask => Some(Way::Window),
        _ => None,
    };
    Facts {
        encoding: if utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
        way,
        patience: wanted.ask_deadline_millis.map(Duration::from_millis),
        speaks_banksman: declared.is_some(),
        shows_questions: capabilities.window.as_ref().is_some_and(|window| window.show_message.is_some()),
        pulls_settings: workspace.and_then(|workspace| workspace.configuration).unwrap_or_default(),
        watches_files: workspace
            .and_then(|workspace| workspace.did_change_watched_files)
            .and_then(|watching| watching.dynamic_registration)
            .unwrap_or_default(),
    }
}

/// What a free-form value holds for Banksman.
fn own<T: DeserializeOwned>(value: Option<&Value>) -> Option<T> {
    let section = value?.get("banksman")?;
    serde_json::from_value(section.clone())
        .map_err(|error| tracing::warn!(%error, "what the client says of itself was not understood"))
        .ok()
}

pub(super) fn capabilities(encoding: PositionEncodingKind) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: commands::names(),
            ..ExecuteCommandOptions::default()
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        experimental: serde_json::to_value(ServerCapability { version: VERSION })
            .ok()
            .map(|capability| json!({ "banksman": capability })),
        ..ServerCapabilities::default()
    }
}
