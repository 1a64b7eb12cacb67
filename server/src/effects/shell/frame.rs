//! Where things stand: from the text that is being read to the text of the action, or to a file.

use std::path::PathBuf;

use banksman_protocol::Span;

use super::{Inside, Shell, syntax};

/// How places in the text that is being read are told to people.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The text that is being read.
    pub(super) text: syntax::Line,
    /// Where it stands in the text of the action.
    pub(super) stands: Stands,
    /// The file it stands in.
    pub(super) file: Option<InFile>,
}

#[derive(Clone, Debug)]
pub(super) struct InFile {
    pub(super) path: PathBuf,
    /// The line that the text begins in, counted from 1.
    pub(super) line: usize,
    /// The file is the project's own and committed.
    pub(super) own: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Stands {
    /// Word for word, from this byte on.
    At(usize),
    /// Changed by quoting or decoding: somewhere in there.
    Within(Span),
}

impl Shell<'_> {
    pub(super) fn tell(&self, span: Span) -> (Span, Option<Inside>) {
        let inside = self.frame.file.as_ref().map(|file| Inside {
            path: file.path.clone(),
            line: u32::try_from(file.line + self.lines_before(span)).unwrap_or(u32::MAX),
            own: file.own,
        });
        let span = match self.frame.stands {
            // In a here-document that never ends, the parser counts beyond the end of the text.
            Stands::At(offset) => {
                let end = span.end.min(self.frame.text.len());
                Span::new(offset + span.start.min(end), offset + end)
            }
            Stands::Within(whole) => whole,
        };
        (span, inside)
    }

    fn lines_before(&self, span: Span) -> usize {
        self.frame.text.get(..span.start).unwrap_or_default().bytes().filter(|byte| *byte == b'\n').count()
    }

    /// The frame of a text that stands inside the one being read, somewhere in `span`.
    pub(super) fn frame_in(&self, text: &str, span: Span) -> Frame {
        let whole = self.frame.text.get(span.start..span.end).unwrap_or_default();
        let stands = match (self.frame.stands, whole.find(text)) {
            (Stands::At(offset), Some(at)) if !text.is_empty() => Stands::At(offset + span.start + at),
            _ => Stands::Within(self.tell(span).0),
        };
        let file = self
            .frame
            .file
            .as_ref()
            .map(|file| InFile { line: file.line + self.lines_before(span), ..file.clone() });
        Frame { text: text.into(), stands, file }
    }

    /// Where `text` stands word for word in what is being read, somewhere in `span`.
    pub(in crate::effects) fn stands_at(&self, text: &str, span: Span) -> Option<usize> {
        let whole = self.frame.text.get(span.start..span.end)?;
        // Mostly it is the whole of it.
        let at = if whole == text { Some(0) } else { whole.find(text) };
        at.map(|at| span.start + at)
    }
}
