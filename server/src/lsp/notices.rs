//! What is shown in the editor, and until when. Nothing else publishes diagnostics.

use std::collections::BTreeMap;

use banksman_protocol::{Decision, InjectionSpan};
use dashmap::DashMap;
use tower_lsp::lsp_types::{Position, Range, TextDocumentContentChangeEvent, Url};

use super::convert;
use super::documents::{Document, Documents, Encoding};
use super::locate::Spot;
use super::voice::Voice;
use crate::injection::{Reading, THRESHOLD};
use crate::settings::Problem;

/// The most notices that one file shows; the oldest go first.
const MOST: usize = 100;

/// The name under which hidden instructions are shown.
const HIDDEN: &str = "hidden-instruction";

/// The name under which mistakes in settings are shown.
const SETTINGS: &str = "settings";

/// One thing that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) spot: Spot,
    /// The verdict it belongs to; `None` for what is wrong with the file itself.
    pub(super) origin: Option<Origin>,
    /// How strict it is: `Allow` only informs.
    pub(super) decision: Decision,
    pub(super) rule: String,
    pub(super) message: String,
    pub(super) clears: String,
    pub(super) instead: String,
    /// Other places that belong to it.
    pub(super) related: Vec<(Spot, String)>,
}

impl Notice {
    /// A notice about a file that says nothing yet.
    fn bare(uri: &Url, range: Range, rule: &str) -> Self {
        Self {
            spot: Spot { uri: uri.clone(), range },
            origin: None,
            decision: Decision::Allow,
            rule: rule.to_owned(),
            message: String::new(),
            clears: String::new(),
            instead: String::new(),
            related: Vec::new(),
        }
    }
}

/// The verdict that a notice belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) verdict: String,
    pub(super) session: String,
    pub(super) digest: String,
}

/// All that is shown, by file.
#[derive(Debug)]
pub(super) struct Notices {
    shown: DashMap<Url, Vec<Notice>>,
    /// Files that tried to give a session's agent orders, by session.
    sources: DashMap<String, Vec<Source>>,
    voice: Voice,
}

/// A file that tried to give an agent orders.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Source {
    /// As the session names it.
    name: String,
    spot: Spot,
}

impl Notices {
    pub(super) fn new(voice: Voice) -> Self {
        Self { shown: DashMap::new(), sources: DashMap::new(), voice }
    }

    /// What stands at a place.
    pub(super) fn at(&self, uri: &Url, range: Range) -> Vec<Notice> {
        let touches =
            |notice: &&Notice| notice.spot.range.start <= range.end && range.start <= notice.spot.range.end;
        self.shown
            .get(uri)
            .map(|notices| notices.iter().filter(touches).cloned().collect())
            .unwrap_or_default()
    }

    /// Shows a verdict on an action in place of the one that was shown for the same action.
    pub(super) fn verdict(&self, session: &str, digest: &str, notices: Vec<Notice>) {
        self.clear(|origin| origin.session == session && origin.digest == digest);
        let sources = self.sources.get(session).map(|sources| sources.clone()).unwrap_or_default();
        for mut notice in notices {
            let told = sources.iter().filter(|source| notice.message.contains(&format!("`{}`", source.name)));
            let told: Vec<_> =
                told.map(|source| (source.spot.clone(), "It was told to by this text.".to_owned())).collect();
            notice.related.extend(told);
            let uri = notice.spot.uri.clone();
            self.update(&uri, |shown| shown.push(notice));
        }
    }

    /// A verdict is settled, or the person does not want to see it any more.
    pub(super) fn settle(&self, verdict: &str) {
        self.clear(|origin| origin.verdict == verdict);
    }

    /// A session is over.
    pub(super) fn end(&self, session: &str) {
        self.sources.remove(session);
        self.clear(|origin| origin.session == session);
    }

    /// Keeps in mind where a file that a session read tries to give orders.
    pub(super) fn source(
        &self,
        session: &str,
        name: &str,
        uri: &Url,
        document: &Document,
        reading: &Reading,
        encoding: Encoding,
    ) {
        let worst = reading.spans.iter().max_by(|a, b| a.score.total_cmp(&b.score));
        let Some(span) = worst.filter(|_| reading.injected()) else { return };
        let range = document.range(span.span.start, span.span.end, encoding);
        let source = Source { name: name.to_owned(), spot: Spot { uri: uri.clone(), range } };
        let mut sources = self.sources.entry(session.to_owned()).or_default();
        sources.retain(|known| known.name != name);
        sources.push(source);
        let over = sources.len().saturating_sub(MOST);
        sources.drain(..over);
    }

    /// Shows the hidden instructions of a file in place of those that were shown.
    pub(super) fn reading(&self, uri: &Url, document: &Document, reading: &Reading, encoding: Encoding) {
        let spans: &[InjectionSpan] = if reading.injected() { &reading.spans } else { &[] };
        let found = spans.iter().map(|span| Notice {
            decision: if span.score >= THRESHOLD { Decision::Ask } else { Decision::Allow },
            message: format!("This text tries to instruct an agent that reads it: {}", span.why),
            ..Notice::bare(uri, document.range(span.span.start, span.span.end, encoding), HIDDEN)
        });
        self.replace(uri, HIDDEN, found.collect());
    }

    /// Shows what is wrong with settings files, and no longer what is right now.
    pub(super) fn problems(&self, problems: &[Problem], documents: &Documents, encoding: Encoding) {
        let mut files: BTreeMap<Url, Vec<&Problem>> = BTreeMap::new();
        for entry in &self.shown {
            if entry.value().iter().any(|notice| notice.rule == SETTINGS) {
                files.insert(entry.key().clone(), Vec::new());
            }
        }
        for problem in problems {
            if let Some(uri) = convert::uri(&problem.path) {
                files.entry(uri).or_default().push(problem);
            }
        }
        for (uri, problems) in files {
            let Some(path) = convert::path(&uri) else { continue };
            let document = documents.or_on_disk(&uri, &path);
            let found = problems.iter().map(|problem| Notice {
                decision: Decision::Ask,
                message: problem.message.clone(),
                instead: problem.suggestion.clone().unwrap_or_default(),
                ..Notice::bare(&uri, document.line_range(problem.line.saturating_sub(1), encoding), SETTINGS)
            });
            self.replace(&uri, SETTINGS, found.collect());
        }
    }

    /// Shows these in place of what a file shows under a name.
    fn replace(&self, uri: &Url, rule: &str, found: Vec<Notice>) {
        if found.is_empty() && !self.shown.contains_key(uri) {
            return;
        }
        self.update(uri, |shown| {
            shown.retain(|notice| notice.rule != rule);
            shown.extend(found);
        });
    }

    /// The person edits a file: what stood on the edited lines is settled, the rest moves along.
    pub(super) fn edited(&self, uri: &Url, changes: &[TextDocumentContentChangeEvent]) {
        if !self.shown.contains_key(uri) {
            return;
        }
        self.update(uri, |shown| {
            for change in changes {
                match change.range {
                    None => shown.clear(),
                    Some(range) => {
                        shown.retain(|notice| !overlaps(notice.spot.range, range));
                        for notice in shown.iter_mut() {
                            notice.spot.range = moved(notice.spot.range, range, &change.text);
                        }
                    }
                }
            }
        });
    }

    /// The file is closed; a hidden instruction in it is found again when it is opened again.
    pub(super) fn closed(&self, uri: &Url) {
        if self.shown.contains_key(uri) {
            self.update(uri, |shown| shown.retain(|notice| notice.rule != HIDDEN));
        }
    }

    fn clear(&self, settled: impl Fn(&Origin) -> bool) {
        self.shown.retain(|uri, notices| {
            let before = notices.len();
            notices.retain(|notice| !notice.origin.as_ref().is_some_and(&settled));
            if notices.len() != before {
                self.publish(uri, notices);
            }
            !notices.is_empty()
        });
    }

    /// Changes what a file shows, and says so before anybody else can change it again.
    fn update(&self, uri: &Url, change: impl FnOnce(&mut Vec<Notice>)) {
        let mut shown = self.shown.entry(uri.clone()).or_default();
        let before = shown.clone();
        change(&mut shown);
        let over = shown.len().saturating_sub(MOST);
        shown.drain(..over);
        if *shown != before {
            self.publish(uri, &shown);
        }
    }

    fn publish(&self, uri: &Url, notices: &[Notice]) {
        self.voice.diagnostics(uri.clone(), notices.iter().map(convert::diagnostic).collect());
    }
}

fn overlaps(shown: Range, edited: Range) -> bool {
    shown.start.line <= edited.end.line && edited.start.line <= shown.end.line
}

/// Where a range stands after an edit that does not touch its lines.
fn moved(shown: Range, edited: Range, new: &str) -> Range {
    if shown.start.line <= edited.end.line {
        return shown;
    }
    let added = u32::try_from(new.matches('\n').count()).unwrap_or(u32::MAX);
    let removed = edited.end.line.saturating_sub(edited.start.line);
    let line = |position: Position| {
        Position::new(position.line.saturating_sub(removed).saturating_add(added), position.character)
    };
    Range::new(line(shown.start), line(shown.end))
}
