//! A value as far as it is known: a word of a command line, a variable, what flows through a pipe.

use super::Source;

/// How many bytes of a value that is put together are kept; what is longer is not known.
const LENGTH_LIMIT: usize = 256 * 1024;
/// How many parts of a value are kept.
const PIECE_LIMIT: usize = 1_024;
/// How many origins of a value are kept.
const SOURCE_LIMIT: usize = 512;

/// A text of which parts may be unknown, with where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    pieces: Vec<Piece>,
    from: Vec<Source>,
    /// How many bytes the pieces hold.
    bytes: usize,
}

/// A part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// It is known.
    Text(String),
    /// It is not.
    Hole(Hole),
}

/// Why a part of a value is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hole {
    /// This variable is set nowhere: it is empty unless the agent's own shell has it.
    Unset(String),
    /// This variable is set, to what is not known.
    Variable(String),
    /// What this command prints.
    Output(String),
    /// One of many, as in a loop over more names than are looked at.
    Any(String),
}

impl Hole {
    /// The part as it is shown to people.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Unset(name) | Self::Variable(name) => format!("${name}"),
            Self::Output(command) => format!("$({command})"),
            Self::Any(what) => what.clone(),
        }
    }
}

impl Hole {
    fn name(&self) -> &str {
        match self {
            Self::Unset(name) | Self::Variable(name) | Self::Output(name) | Self::Any(name) => name,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::known(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::known(text)
    }
}

impl Value {
    /// A known text.
    #[must_use]
    pub fn known(text: impl Into<String>) -> Self {
        let text = text.into();
        let bytes = text.len();
        let pieces = if text.is_empty() { Vec::new() } else { vec![Piece::Text(text)] };
        Self { pieces, from: Vec::new(), bytes }
    }

    /// Nothing of it is known but where it comes from.
    #[must_use]
    pub fn unknown(hole: Hole) -> Self {
        let bytes = hole.name().len();
        Self { pieces: vec![Piece::Hole(hole)], from: Vec::new(), bytes }
    }

    /// What a program prints: not known, made of what went into it.
    #[must_use]
    pub fn output(program: &str, from: impl IntoIterator<Item = Source>) -> Self {
        let mut value = Self::unknown(Hole::Output(program.to_owned()));
        value.add_sources(from);
        value
    }

    /// The same text, known to come from there too.
    #[must_use]
    pub fn with_source(mut self, source: Source) -> Self {
        self.add_sources([source]);
        self
    }

    /// Takes note of where it comes from.
    pub fn add_sources(&mut self, sources: impl IntoIterator<Item = Source>) {
        for source in sources {
            if self.from.len() < SOURCE_LIMIT && !self.from.contains(&source) {
                self.from.push(source);
            }
        }
    }

    /// Where it comes from; empty for what stands in the action itself.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.from
    }

    /// The parts.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The whole text, when all of it is known.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// What is known of its beginning.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// What is known of its end.
    #[must_use]
    pub fn suffix(&self) -> &str {
        match self.pieces.last() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// The text with unset variables taken as empty, when nothing else is unknown:
    /// what the shell would make of it if they really are unset.
    #[must_use]
    pub fn if_unset_is_empty(&self) -> Option<String> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Hole(Hole::Unset(_)) => {}
                Piece::Hole(_) => return None,
            }
        }
        Some(out)
    }

    /// The first part that is not known.
    #[must_use]
    pub fn hole(&self) -> Option<&Hole> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Text(_) => None,
        })
    }

    /// Nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The value as it is shown to people, unknown parts by their names.
    #[must_use]
    pub fn shown(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Hole(hole) => hole.shown(),
            })
            .collect()
    }

    /// About how many bytes it takes.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.bytes + 32 * (self.pieces.len() + self.from.len())
    }

    /// There is room for so many bytes more. When there is not, what follows is not known.
    fn has_room(&mut self, bytes: usize) -> bool {
        if self.pieces.len() < PIECE_LIMIT && self.weight() + bytes <= LENGTH_LIMIT {
            return true;
        }
        let cut = Piece::Hole(Hole::Any("…".to_owned()));
        if self.pieces.last() != Some(&cut) {
            self.bytes += "…".len();
            self.pieces.push(cut);
        }
        false
    }

    /// Adds text at the end.
    pub fn push_text(&mut self, text: &str) {
        if text.is_empty() || !self.has_room(text.len()) {
            return;
        }
        self.bytes += text.len();
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    /// Adds another value at the end.
    pub fn push(&mut self, other: &Self) {
        for piece in &other.pieces {
            match piece {
                Piece::Text(text) => self.push_text(text),
                Piece::Hole(hole) => {
                    if self.has_room(hole.name().len()) {
                        self.bytes += hole.name().len();
                        self.pieces.push(Piece::Hole(hole.clone()));
                    }
                }
            }
        }
        self.add_sources(other.from.iter().cloned());
    }

    /// The same origins, another text.
    #[must_use]
    pub fn map_text(&self, change: impl Fn(&str) -> String) -> Self {
        let mut value = match self.text() {
            Some(text) => Self::known(change(text)),
            None => Self { pieces: self.pieces.clone(), from: Vec::new(), bytes: self.bytes },
        };
        value.from.clone_from(&self.from);
        value
    }
}
