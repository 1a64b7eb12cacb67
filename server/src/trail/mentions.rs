//! Where every host, address, path, package and command line was first seen.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use banksman_protocol::{Origin, OriginKind};

use super::{extract, name};

/// Something that an action can be decided by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mention {
    /// What kind of thing it is.
    pub kind: MentionKind,
    /// The thing, in its plainest form: hosts in lower case, paths without trailing slash.
    pub text: String,
}

impl Mention {
    /// The thing in its plainest form.
    #[must_use]
    pub fn new(kind: MentionKind, text: &str) -> Self {
        Self { kind, text: name::plain(kind, text) }
    }
}

/// What kind of thing a mention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MentionKind {
    /// A host name or address.
    Host,
    /// A web address.
    Url,
    /// A path.
    Path,
    /// A package.
    Package,
    /// A command line.
    Command,
    /// A mail address, an account number, a channel, a user: who gets something.
    Recipient,
}

impl MentionKind {
    /// How many things of this kind are kept, so that a flood of one kind drowns no other.
    fn limit(self) -> usize {
        match self {
            Self::Host => 8_000,
            Self::Url => 10_000,
            Self::Path => 20_000,
            Self::Package => 3_000,
            Self::Command => 4_000,
            Self::Recipient => 5_000,
        }
    }
}

/// Where something was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// In the user's words, in this turn, counted from 1.
    Prompt(usize),
    /// In a text that the agent read.
    Content {
        /// Where the text comes from.
        origin: Origin,
        /// The text tries to instruct the agent.
        injected: bool,
    },
    /// In an action of the agent, before any text that it read.
    Agent,
}

impl Seen {
    /// Nobody who may decide named it there: a page, an output, a tool's result, or any text that
    /// tries to instruct the agent. A file counts as the user's unless it tries to instruct.
    #[must_use]
    pub fn untrusted(&self) -> bool {
        match self {
            Self::Prompt(_) | Self::Agent => false,
            Self::Content { origin, injected } => *injected || origin.kind != OriginKind::File,
        }
    }
}

/// Who named something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The user, in this turn, counted from 1.
    User(usize),
    /// Only a text that the agent read.
    Content {
        /// Where the text comes from.
        origin: Origin,
        /// The text tries to instruct the agent.
        injected: bool,
    },
    /// Not the user; more was read than is remembered, so that some text may have.
    Forgotten,
    /// No prompt and no text that was read: the agent itself, or the world around it.
    Nobody,
}

/// The first sight of everything.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    first: Arc<BTreeMap<MentionKind, HashMap<Box<str>, Sight>>>,
    /// Words in passages that try to instruct the agent.
    words: Arc<HashMap<Box<str>, u32>>,
    /// What was named where a text speaks to an agent.
    addressed: Arc<BTreeMap<Named, Arc<Addressed>>>,
    seen: Arc<Vec<Seen>>,
    prompts: Arc<Vec<(usize, String)>>,
    full: BTreeMap<MentionKind, bool>,
}

/// What is named, in its plain form.
type Named = (MentionKind, Box<str>);

/// A passage that speaks to an agent and not to a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    /// Where the text comes from.
    pub origin: Origin,
    /// What it says, shortened, on one line. Not yet redacted.
    pub quote: String,
}

/// The first sights of one thing, as places in the list of sights.
#[derive(Clone, Copy, Debug, Default)]
struct Sight {
    user: Option<u32>,
    other: Option<u32>,
}

/// How many things that are named where an agent is spoken to are kept.
const ADDRESSED_LIMIT: usize = 2_000;
/// How many characters of such a passage are kept.
const QUOTE_LIMIT: usize = 160;
/// How many words of passages that try to instruct are kept.
const WORD_LIMIT: usize = 20_000;
/// How many bytes of a text are looked through.
const TEXT_LIMIT: usize = 4 * 1024 * 1024;
/// How many bytes of all prompts together are kept.
const PROMPT_LIMIT: usize = 512 * 1024;
/// How many bytes long a mention is at the most.
pub(super) const MENTION_LIMIT: usize = 512;

impl Mentions {
    /// Takes note of all that `text` mentions. The user's words outrank what was read, whichever came first.
    pub fn add_text(&mut self, text: &str, seen: &Seen) {
        let text = extract::head(text, TEXT_LIMIT);
        let sight = self.sight(seen);
        if let Seen::Prompt(turn) = seen {
            let kept: usize = self.prompts.iter().map(|(_, text)| text.len()).sum();
            let text = extract::head(text, PROMPT_LIMIT.saturating_sub(kept));
            Arc::make_mut(&mut self.prompts).push((*turn, spaced(text)));
        }
        let user = matches!(seen, Seen::Prompt(_));
        let first = Arc::make_mut(&mut self.first);
        let full = &mut self.full;
        extract::scan(text, &mut |kind, found| {
            let plain = name::plain(kind, found);
            if plain.is_empty() || plain.len() > MENTION_LIMIT {
                return;
            }
            if kind == MentionKind::Host {
                let owner = name::owner(&plain);
                if owner != plain {
                    keep(first, full, kind, format!("*.{owner}"), sight, user);
                }
            }
            keep(first, full, kind, plain, sight, user);
        });
    }

    /// Takes note of the bare words of a passage that tries to instruct the agent: names of
    /// people, channels and things have no form by which they could be told from other words.
    pub(super) fn add_words(&mut self, passage: &str, seen: &Seen) {
        let sight = self.sight(seen);
        let words = Arc::make_mut(&mut self.words);
        for word in passage.split(|c: char| !(c.is_alphanumeric() || "_-.@/".contains(c))) {
            let word = word.trim_matches(['.', '-', '/']).to_lowercase();
            if word.len() < 3 || word.len() > 128 || extract::COMMON_WORDS.contains(&word.as_str()) {
                continue;
            }
            if words.len() >= WORD_LIMIT {
                return;
            }
            words.entry(word.into_boxed_str()).or_insert(sight);
        }
    }

    /// Takes note of all that is mentioned in a passage that speaks to an agent.
    pub fn add_addressed(&mut self, passage: &str, origin: &Origin) {
        let words: Vec<&str> = passage.split_whitespace().collect();
        let quote = words.join(" ").chars().take(QUOTE_LIMIT).collect();
        let said = Arc::new(Addressed { origin: origin.clone(), quote });
        let known = Arc::make_mut(&mut self.addressed);
        extract::scan(extract::head(passage, TEXT_LIMIT), &mut |kind, found| {
            let plain = name::plain(kind, found);
            if !plain.is_empty() && plain.len() <= MENTION_LIMIT && known.len() < ADDRESSED_LIMIT {
                known.entry((kind, plain.into_boxed_str())).or_insert_with(|| Arc::clone(&said));
            }
        });
        for package in wanted_packages(&words) {
            if known.len() < ADDRESSED_LIMIT {
                let plain = name::plain(MentionKind::Package, package).into_boxed_str();
                known.entry((MentionKind::Package, plain)).or_insert_with(|| Arc::clone(&said));
            }
        }
    }

    /// The passage that speaks to an agent and names this.
    #[must_use]
    pub fn addressed(&self, kind: MentionKind, text: &str) -> Option<&Addressed> {
        if self.addressed.is_empty() {
            return None;
        }
        let plain = name::plain(kind, text);
        forms(kind, &plain)
            .into_iter()
            .find_map(|form| self.addressed.get(&(kind, form.into_boxed_str())))
            .map(|said| &**said)
    }

    /// Where this was first seen.
    #[must_use]
    pub fn first_seen(&self, mention: &Mention) -> Option<&Seen> {
        let sight = self.first.get(&mention.kind)?.get(mention.text.as_str())?;
        self.seen.get(sight.user.or(sight.other)? as usize)
    }

    /// The agent has read something.
    #[must_use]
    pub fn from_content(&self) -> bool {
        self.seen.iter().any(|seen| matches!(seen, Seen::Content { .. }))
    }

    /// Some things that were read are not remembered.
    #[must_use]
    pub fn full(&self, kind: MentionKind) -> bool {
        self.full.get(&kind).copied().unwrap_or_default()
    }

    /// Who named this.
    #[must_use]
    pub fn named_by(&self, kind: MentionKind, text: &str) -> Provenance {
        let plain = name::plain(kind, text);
        if plain.is_empty() {
            return Provenance::Nobody;
        }
        let forms = forms(kind, &plain);
        for form in &forms {
            if let Some(Seen::Prompt(turn)) = self.of(kind, form).and_then(|sight| self.at(sight.user)) {
                return Provenance::User(*turn);
            }
        }
        if let Some(turn) = self.said(kind, &plain) {
            return Provenance::User(turn);
        }
        for form in &forms {
            match self.of(kind, form).and_then(|sight| self.at(sight.other)) {
                Some(Seen::Content { origin, injected }) => {
                    return Provenance::Content { origin: origin.clone(), injected: *injected };
                }
                Some(_) => return Provenance::Nobody,
                None => {}
            }
        }
        match kind {
            MentionKind::Url => return self.named_by(MentionKind::Host, &plain),
            MentionKind::Host | MentionKind::Command => {}
            MentionKind::Path | MentionKind::Package | MentionKind::Recipient => {
                if let Some(Seen::Content { origin, injected }) =
                    self.words.get(plain.as_str()).and_then(|at| self.at(Some(*at)))
                {
                    return Provenance::Content { origin: origin.clone(), injected: *injected };
                }
            }
        }
        if self.full(kind) { Provenance::Forgotten } else { Provenance::Nobody }
    }

    /// The first host, address or recipient in `text` that only a text which tries to instruct has named.
    #[must_use]
    pub fn injected_in(&self, text: &str) -> Option<(MentionKind, String)> {
        let mut hit = None;
        extract::scan(extract::head(text, TEXT_LIMIT), &mut |kind, found| {
            let telling = matches!(kind, MentionKind::Host | MentionKind::Url | MentionKind::Recipient);
            if hit.is_none()
                && telling
                && matches!(self.named_by(kind, found), Provenance::Content { injected: true, .. })
            {
                hit = Some((kind, found.to_owned()));
            }
        });
        hit
    }

    fn of(&self, kind: MentionKind, plain: &str) -> Option<Sight> {
        self.first.get(&kind)?.get(plain).copied()
    }

    fn at(&self, sight: Option<u32>) -> Option<&Seen> {
        self.seen.get(sight? as usize)
    }

    /// The turn in which the user said these words, for things that have no form of their own.
    fn said(&self, kind: MentionKind, plain: &str) -> Option<usize> {
        let needle = match kind {
            MentionKind::Host => return None,
            // A repository of a forge is called by its owner and name.
            MentionKind::Url => match plain.split_once('/') {
                Some((host, path)) if name::owner_parts(host) == 2 && path.contains('/') => path,
                _ => return None,
            },
            MentionKind::Path => {
                let last = plain.rsplit('/').next().unwrap_or(plain);
                if last.len() < 4 || extract::COMMON_WORDS.contains(&last.to_lowercase().as_str()) {
                    return None;
                }
                last
            }
            MentionKind::Package | MentionKind::Command | MentionKind::Recipient => plain,
        };
        if needle.chars().count() < 2 {
            return None;
        }
        let needle = needle.to_lowercase();
        self.prompts.iter().find(|(_, text)| has_word(text, &needle)).map(|(turn, _)| *turn)
    }

    /// The place of this sight in the list of sights.
    fn sight(&mut self, seen: &Seen) -> u32 {
        let list = Arc::make_mut(&mut self.seen);
        let at = list.iter().rposition(|known| known == seen).unwrap_or_else(|| {
            list.push(seen.clone());
            list.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

fn keep(
    first: &mut BTreeMap<MentionKind, HashMap<Box<str>, Sight>>,
    full: &mut BTreeMap<MentionKind, bool>,
    kind: MentionKind,
    plain: String,
    sight: u32,
    user: bool,
) {
    let known = first.entry(kind).or_default();
    if let Some(old) = known.get_mut(plain.as_str()) {
        let slot = if user { &mut old.user } else { &mut old.other };
        slot.get_or_insert(sight);
        return;
    }
    if !user && known.len() >= kind.limit() {
        full.insert(kind, true);
        return;
    }
    let new = if user {
        Sight { user: Some(sight), other: None }
    } else {
        Sight { user: None, other: Some(sight) }
    };
    known.insert(plain.into_boxed_str(), new);
}

/// The forms under which somebody may have named this, the most exact first.
fn forms(kind: MentionKind, plain: &str) -> Vec<String> {
    let mut forms = vec![plain.to_owned()];
    match kind {
        MentionKind::Host => {
            let owner = name::owner(plain);
            if owner != plain {
                forms.push(owner.to_owned());
            }
            forms.push(format!("*.{owner}"));
        }
        MentionKind::Url => {
            let least = name::owner_parts(plain.split('/').next().unwrap_or(plain));
            let mut at = plain.split('?').next().unwrap_or(plain);
            if at != plain {
                forms.push(at.to_owned());
            }
            while let Some((before, _)) = at.rsplit_once('/') {
                if before.matches('/').count() < least || forms.len() > 12 {
                    break;
                }
                forms.push(before.to_owned());
                at = before;
            }
        }
        MentionKind::Path => {
            let mut at = plain;
            while let Some((_, after)) = at.split_once('/') {
                if after.is_empty() || forms.len() > 16 {
                    break;
                }
                forms.push(after.to_owned());
                at = after;
            }
        }
        MentionKind::Command => {
            let parts = plain.split(['\n', ';', '|', '&']).map(str::trim);
            forms.extend(
                parts.filter(|part| part.len() > 3 && part.contains(' ')).take(16).map(str::to_owned),
            );
        }
        MentionKind::Package | MentionKind::Recipient => {}
    }
    forms
}

/// The text in lower case with single spaces.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        out.push_str(&word.to_lowercase());
        out.push(' ');
    }
    out
}

/// `needle` stands in `text` as a word of its own.
fn has_word(text: &str, needle: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text.match_indices(needle).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let mut after = text.get(at + needle.len()..).unwrap_or_default().chars();
        let ends = match after.next() {
            Some('.') => !after.next().is_some_and(inner),
            Some(c) => !inner(c),
            None => true,
        };
        ends && !before.is_some_and(|c| inner(c) || c == '.')
    })
}

mod kept;

/// Names behind a word that wants them put in: "install fast-csv", "add the `left-pad` package".
fn wanted_packages<'a>(words: &[&'a str]) -> impl Iterator<Item = &'a str> {
    const WANTING: [&str; 4] = ["install", "add", "use", "upgrade"];
    const BETWEEN: [&str; 9] = ["the", "a", "an", "our", "latest", "new", "package", "library", "module"];
    let bare = |word: &'a str| word.trim_matches(|c: char| !(c.is_alphanumeric() || c == '@'));
    let mut found = Vec::new();
    for (at, _) in
        words.iter().enumerate().filter(|(_, word)| WANTING.contains(&bare(word).to_lowercase().as_str()))
    {
        let behind = words.iter().skip(at + 1).take(4).map(|word| bare(word));
        found.extend(behind.into_iter().find(|word| !BETWEEN.contains(&word.to_lowercase().as_str())));
    }
    found.into_iter().filter(|word| !word.is_empty() && word.len() <= MENTION_LIMIT)
}

#[cfg(test)]
mod tests;
