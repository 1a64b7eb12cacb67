//! The documents that the editor has open, and positions in them.

use std::path::Path;
use std::sync::Arc;

use dashmap::DashMap;
use tower_lsp::lsp_types::{Position, Range, TextDocumentContentChangeEvent, Url};

/// The largest file that is read to find a line in it, in bytes.
const READ_LIMIT: u64 = 1024 * 1024;

/// The open documents.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open: DashMap<Url, Arc<Document>>,
}

impl Documents {
    pub(super) fn get(&self, uri: &Url) -> Option<Arc<Document>> {
        self.open.get(uri).map(|document| Arc::clone(&document))
    }

    /// A file as the editor has it, else as the disk has it; empty when neither does.
    pub(super) fn or_on_disk(&self, uri: &Url, path: &Path) -> Arc<Document> {
        self.get(uri).unwrap_or_else(|| {
            let readable =
                std::fs::metadata(path).is_ok_and(|facts| facts.is_file() && facts.len() <= READ_LIMIT);
            let text = readable.then(|| std::fs::read_to_string(path).unwrap_or_default());
            Arc::new(Document::new(text.unwrap_or_default()))
        })
    }

    pub(super) fn open(&self, uri: Url, text: String) -> Arc<Document> {
        let document = Arc::new(Document::new(text));
        self.open.insert(uri, Arc::clone(&document));
        document
    }

    pub(super) fn close(&self, uri: &Url) {
        self.open.remove(uri);
    }

    /// Takes in what the person typed. `None` for a document that is not open.
    pub(super) fn change(
        &self,
        uri: &Url,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Option<Arc<Document>> {
        let mut document = self.get(uri)?;
        for change in changes {
            document = Arc::new(match change.range {
                Some(range) => document.edited(range, &change.text, encoding),
                None => Document::new(change.text),
            });
        }
        self.open.insert(uri.clone(), Arc::clone(&document));
        Some(document)
    }
}

/// The unit in which the client counts columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of UTF-16, as the protocol has it from the beginning.
    #[default]
    Utf16,
}

/// A text and where its lines start.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Document {
    text: String,
    starts: Vec<usize>,
}

impl Document {
    pub(super) fn new(text: String) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(at + 1);
            }
        }
        Self { text, starts }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The position of a byte. A byte inside a character counts as the character.
    pub(super) fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        let column = match encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.encode_utf16().count(),
        };
        Position::new(number(line), number(column))
    }

    pub(super) fn range(&self, start: usize, end: usize, encoding: Encoding) -> Range {
        Range::new(self.position(start, encoding), self.position(end.max(start), encoding))
    }

    /// The byte at a position. A column beyond the line is its end, a line beyond the text the text's.
    pub(super) fn offset(&self, position: Position, encoding: Encoding) -> usize {
        let line = self.line(position.line);
        let Some(start) = usize::try_from(position.line).ok().and_then(|line| self.starts.get(line)) else {
            return self.text.len();
        };
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        let mut column = 0;
        for (at, char) in line.char_indices() {
            let width = match encoding {
                Encoding::Utf8 => char.len_utf8(),
                Encoding::Utf16 => char.len_utf16(),
            };
            if column + width > wanted {
                return start + at;
            }
            column += width;
        }
        start + line.len()
    }

    /// A line without what ends it, counted from 0; empty beyond the text.
    pub(super) fn line(&self, line: u32) -> &str {
        let index = usize::try_from(line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(index).copied() else { return "" };
        let end = self.starts.get(index.saturating_add(1)).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    /// The text of a line, from its first character that is not blank to its last.
    pub(super) fn line_range(&self, line: u32, encoding: Encoding) -> Range {
        let text = self.line(line);
        let Some(start) = usize::try_from(line).ok().and_then(|line| self.starts.get(line)).copied() else {
            return Range::new(Position::new(line, 0), Position::new(line, 0));
        };
        let blank = text.len() - text.trim_start().len();
        self.range(start + blank, start + text.trim_end().len().max(blank), encoding)
    }

    fn edited(&self, range: Range, new: &str, encoding: Encoding) -> Self {
        let start = self.offset(range.start, encoding);
        let end = self.offset(range.end, encoding).max(start);
        let mut text = String::with_capacity(self.text.len() + new.len());
        text.push_str(self.text.get(..start).unwrap_or_default());
        text.push_str(new);
        text.push_str(self.text.get(end..).unwrap_or_default());
        Self::new(text)
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(range: Option<(u32, u32, u32, u32)>, text: &str) -> TextDocumentContentChangeEvent {
        let range = range.map(|(a, b, c, d)| Range::new(Position::new(a, b), Position::new(c, d)));
        TextDocumentContentChangeEvent { range, range_length: None, text: text.to_owned() }
    }

    #[test]
    fn columns_count_in_bytes_or_in_units_of_utf_16() {
        let document = Document::new("a\u{e4}\u{1f600}b\nnext".to_owned());
        let b = document.text().find('b').unwrap();
        assert_eq!(document.position(b, Encoding::Utf8), Position::new(0, 7));
        assert_eq!(document.position(b, Encoding::Utf16), Position::new(0, 4));
        assert_eq!(document.offset(Position::new(0, 7), Encoding::Utf8), b);
        assert_eq!(document.offset(Position::new(0, 4), Encoding::Utf16), b);
        assert_eq!(document.position(b + 2, Encoding::Utf16), Position::new(1, 0));
    }

    #[test]
    fn a_position_beyond_the_text_is_its_nearest_end() {
        let document = Document::new("one\r\ntwo".to_owned());
        assert_eq!(document.offset(Position::new(0, 99), Encoding::Utf16), 3);
        assert_eq!(document.offset(Position::new(9, 9), Encoding::Utf16), 8);
        assert_eq!(document.position(99, Encoding::Utf16), Position::new(1, 3));
    }

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        let document = Document::new("a\nb\r\nc\rd".to_owned());
        let lines: Vec<&str> = (0..4).map(|line| document.line(line)).collect();
        assert_eq!(lines, ["a", "b", "c", "d"]);
    }

    #[test]
    fn incremental_changes_add_up_to_the_text_in_both_encodings() {
        for (encoding, after_smile) in [(Encoding::Utf8, 4), (Encoding::Utf16, 2)] {
            let documents = Documents::default();
            let uri = Url::parse("file:///a.txt").unwrap();
            documents.open(uri.clone(), "\u{1f600}x\nsecond\n".to_owned());
            let changes = vec![
                change(Some((0, after_smile, 0, after_smile + 1)), "y"),
                change(Some((1, 0, 2, 0)), ""),
                change(Some((1, 0, 1, 0)), "end"),
            ];
            let document = documents.change(&uri, changes, encoding).unwrap();
            assert_eq!(document.text(), "\u{1f600}y\nend");
        }
    }

    #[test]
    fn a_change_to_a_document_that_is_not_open_is_ignored() {
        let documents = Documents::default();
        let uri = Url::parse("file:///a.txt").unwrap();
        assert!(documents.change(&uri, vec![change(None, "x")], Encoding::Utf8).is_none());
    }
}
