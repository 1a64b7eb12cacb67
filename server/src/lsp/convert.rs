//! Between the guard's words and those of the Language Server Protocol.

use std::path::{Path, PathBuf};

use banksman_protocol::{Decision, Explanation};
use serde_json::json;
use tower_lsp::jsonrpc::{Error, ErrorCode};
use tower_lsp::lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, InitializeParams,
    Location, NumberOrString, Url,
};

use super::notices::Notice;
use super::params::failure;
use crate::guard::GuardError;
use crate::rules;

/// A notice as the editor draws it.
pub(super) fn diagnostic(notice: &Notice) -> Diagnostic {
    let related: Vec<_> = notice
        .related
        .iter()
        .map(|(spot, message)| DiagnosticRelatedInformation {
            location: Location { uri: spot.uri.clone(), range: spot.range },
            message: message.clone(),
        })
        .collect();
    let mut message = notice.message.clone();
    for (what, text) in [("What clears it", &notice.clears), ("Instead", &notice.instead)] {
        if !text.is_empty() {
            message.push_str(&format!("\n{what}: {text}"));
        }
    }
    Diagnostic {
        range: notice.spot.range,
        severity: Some(severity(notice.decision)),
        code: Some(NumberOrString::String(notice.rule.clone())),
        code_description: page(&notice.rule).map(|href| CodeDescription { href }),
        source: Some("banksman".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        tags: None,
        data: notice.origin.as_ref().map(|origin| json!({ "verdict": origin.verdict })),
    }
}

fn severity(decision: Decision) -> DiagnosticSeverity {
    match decision {
        Decision::Block => DiagnosticSeverity::ERROR,
        Decision::Ask => DiagnosticSeverity::WARNING,
        Decision::Allow => DiagnosticSeverity::INFORMATION,
    }
}

/// The page of a rule.
fn page(rule: &str) -> Option<Url> {
    let path = rules::named(rule)?.path;
    Url::parse(&format!("{}/blob/main/{path}", env!("CARGO_PKG_REPOSITORY"))).ok()
}

/// What a person reads when hovering over a notice.
pub(super) fn hover(notice: &Notice) -> String {
    let mut text = format!("**{}**: {}", notice.rule, notice.message);
    for (what, more) in [("What clears it", &notice.clears), ("Instead", &notice.instead)] {
        if !more.is_empty() {
            text.push_str(&format!("\n\n*{what}*: {more}"));
        }
    }
    if let Some(rule) = rules::named(&notice.rule) {
        text.push_str("\n\n---\n\n");
        text.push_str(rule.page);
    }
    text
}

/// An explanation for editors that have no view of their own.
pub(super) fn told(explanation: &Explanation) -> String {
    let mut lines = vec![explanation.verdict.summary.clone()];
    for finding in &explanation.findings {
        let cleared = finding.cleared_by.as_ref().map(|quote| format!(" (cleared: \u{201c}{quote}\u{201d})"));
        lines.push(format!("{}: {}{}", finding.rule, finding.message, cleared.unwrap_or_default()));
    }
    lines.extend(explanation.effects.iter().map(|effect| format!("It would {}.", effect.summary)));
    lines.extend(
        explanation.provenance.iter().map(|seen| format!("`{}` comes from {}.", seen.what, seen.origin)),
    );
    lines.join("\n")
}

/// The guard's error on the wire.
pub(super) fn guard_error(error: &GuardError) -> Error {
    let code = match error {
        GuardError::UnknownVerdict(_) => ErrorCode::ServerError(banksman_protocol::UNKNOWN_VERDICT),
        GuardError::ModeTooLoose { .. } => ErrorCode::ServerError(banksman_protocol::REFUSED),
    };
    failure(code, &error.to_string())
}

/// The folders of the editor's workspace.
pub(super) fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    match &params.workspace_folders {
        Some(folders) => folders.iter().filter_map(|folder| path(&folder.uri)).collect(),
        None => params.root_uri.as_ref().and_then(path).into_iter().collect(),
    }
}

/// The file that a URI names; `None` when it names none.
pub(super) fn path(uri: &Url) -> Option<PathBuf> {
    if uri.scheme() == "file" { uri.to_file_path().ok() } else { None }
}

/// The URI of a file; `None` for a path that is not absolute.
pub(super) fn uri(path: &Path) -> Option<Url> {
    Url::from_file_path(path).ok()
}

/// Text for a place where only one line has room: no control characters, cut at `limit` characters.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    for (count, char) in text.chars().enumerate() {
        if count == limit {
            line.push('\u{2026}');
            break;
        }
        match char {
            '\n' => line.push('\u{23ce}'),
            '\t' => line.push(' '),
            char if char.is_control() => line.push('\u{fffd}'),
            char => line.push(char),
        }
    }
    line
}
