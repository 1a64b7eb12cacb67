//! What a request is about: the words after its verb as names.

mod words;

use super::names;
use super::sentence::{Kind, Token};
pub(super) use words::{ALL, STOP};
use words::{KNOWN, PRONOUNS, TYPES, VAGUE};

/// What stands after a verb.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Object {
    /// Names of what the verb is done to, as written, in lower case.
    pub names: Vec<String>,
    /// Names after "to", "on", "at", "with": where it goes, by what.
    pub towards: Vec<String>,
    /// Names after "in", "from", "under": where it lies.
    pub within: Vec<String>,
    /// Names after "except", "but", "other than".
    pub except: Vec<String>,
    /// Words of the direct object that say something, without endings.
    pub nouns: Vec<String>,
    /// Words of the whole clause that say something, without endings.
    pub topic: Vec<String>,
    /// All words, in lower case.
    pub words: Vec<String>,
    /// "everything", "anything", "all".
    pub all: bool,
    /// "it", "them".
    pub pronoun: bool,
    /// The description cannot be checked: "old", "unused", "temporary".
    pub vague: bool,
    /// The names are a guess from a bare noun.
    pub guessed: bool,
}

impl Object {
    pub(super) fn has(&self, words: &[&str]) -> bool {
        self.words.iter().any(|word| words.contains(&word.as_str()))
    }

    pub(super) fn is_of(&self, nouns: &[&str]) -> bool {
        self.nouns.iter().any(|noun| nouns.contains(&noun.as_str()))
    }

    pub(super) fn every_name(&self) -> Vec<String> {
        let mut all = self.names.clone();
        all.extend(self.towards.iter().cloned());
        all.extend(self.within.iter().cloned());
        all
    }
}

/// Reads the words after a verb.
pub(super) fn object(tokens: &[Token]) -> Object {
    let mut object = Object::default();
    let mut part: Vec<&Token> = Vec::new();
    let mut place = Place::Direct;
    for (at, token) in tokens.iter().enumerate() {
        object.words.push(token.low.clone());
        let opens = if token.is_word() { place_of(&token.low, tokens.get(at + 1), place) } else { None };
        match opens {
            Some(next) => {
                close(&mut object, &mut part, place);
                place = next;
            }
            None => part.push(token),
        }
    }
    close(&mut object, &mut part, place);
    object.topic = tokens
        .iter()
        .filter(|token| !matches!(token.kind, Kind::Comma | Kind::Colon))
        .flat_map(|token| token.low.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| !STOP.contains(&word.as_str()))
        .map(|word| if word.contains(['/', '.']) { word } else { names::stem(&word) })
        .collect();
    for list in [&mut object.names, &mut object.towards, &mut object.within, &mut object.except] {
        let mut seen = Vec::new();
        list.retain(|name| {
            !name.is_empty() && !seen.contains(name) && {
                seen.push(name.clone());
                true
            }
        });
    }
    object
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Direct,
    Towards,
    Within,
    Except,
    Aside,
}

fn place_of(word: &str, next: Option<&Token>, now: Place) -> Option<Place> {
    let next = next.map(|token| token.low.as_str()).unwrap_or_default();
    match word {
        "of" if now != Place::Except => Some(Place::Within),
        "from" | "in" | "inside" | "under" | "within" | "below" | "beneath" => Some(Place::Within),
        "to" | "into" | "onto" | "on" | "at" | "with" | "via" | "through" | "using" | "upstream" => {
            Some(Place::Towards)
        }
        "except" | "besides" | "excluding" => Some(Place::Except),
        "but" if now == Place::Direct => Some(Place::Except),
        "outside" => Some(Place::Except),
        "other" if next == "than" => Some(Place::Except),
        "for" | "as" | "about" | "by" | "like" | "because" => Some(Place::Aside),
        _ => None,
    }
}

fn close(object: &mut Object, part: &mut Vec<&Token>, place: Place) {
    let tokens = std::mem::take(part);
    if tokens.is_empty() {
        return;
    }
    let found = names_in(&tokens);
    match place {
        Place::Direct => {
            object.all |= tokens.iter().any(|token| ALL.contains(&token.low.as_str()));
            object.vague |= tokens.iter().any(|token| VAGUE.contains(&token.low.as_str()));
            object.pronoun |= tokens.iter().any(|token| PRONOUNS.contains(&token.low.as_str()));
            object.nouns.extend(
                tokens
                    .iter()
                    .filter(|token| token.is_word() && !STOP.contains(&token.low.as_str()))
                    .map(|token| names::stem(&token.low)),
            );
            object.guessed |= found.guessed;
            object.names.extend(found.names);
        }
        Place::Towards => object.towards.extend(found.names),
        Place::Within => object.within.extend(found.names),
        Place::Except => object.except.extend(found.names),
        Place::Aside => {}
    }
}

struct Found {
    names: Vec<String>,
    guessed: bool,
}

/// The names in one part of an object.
fn names_in(tokens: &[&Token]) -> Found {
    let mut names: Vec<String> = Vec::new();
    let mut phrases: Vec<Vec<&Token>> = vec![Vec::new()];
    for token in tokens {
        let separates = token.kind == Kind::Comma
            || (token.is_word() && matches!(token.low.as_str(), "and" | "or" | "nor" | "&" | "plus"));
        if separates {
            phrases.push(Vec::new());
        } else if let Some(phrase) = phrases.last_mut() {
            phrase.push(token);
        }
    }
    let mut guessed = false;
    for phrase in &phrases {
        let mut found = false;
        for (at, token) in phrase.iter().enumerate() {
            if let Some(own) = explicit(token) {
                found = true;
                names.extend(own);
            } else if let Some(own) = numbered(phrase, at) {
                found = true;
                names.extend(own);
            }
        }
        names.extend(special(phrase));
        if !found && let Some(name) = described(phrase) {
            guessed |= name.guessed;
            names.push(name.text);
        }
    }
    Found { names, guessed }
}

/// "PR 12", "port 3000", "process 1234".
fn numbered(phrase: &[&Token], at: usize) -> Option<Vec<String>> {
    let token = phrase.get(at)?;
    let digits = token.low.trim_start_matches('#');
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let before =
        at.checked_sub(1).and_then(|at| phrase.get(at)).map(|token| token.low.as_str()).unwrap_or_default();
    let mut names = vec![digits.to_owned(), format!("#{digits}")];
    if before == "port" {
        names.push(format!(":{digits}"));
    }
    Some(names)
}

/// What a token names by its form alone: a path, a quoted name, an address, a version.
pub(super) fn explicit(token: &Token) -> Option<Vec<String>> {
    let low = token.low.trim();
    match token.kind {
        Kind::Code | Kind::Quote => {
            if low.is_empty() || low.len() > 200 {
                return None;
            }
            return Some(with_variants(low));
        }
        Kind::Word => {}
        _ => return None,
    }
    let raw = token.raw.as_str();
    if STOP.contains(&low)
        || low.chars().all(|c| !c.is_alphanumeric() && !matches!(c, '*' | '~' | '/' | '.'))
        || low.contains('\'')
    {
        return None;
    }
    let inner_dot = low.char_indices().any(|(at, c)| c == '.' && at + 1 < low.len());
    let path_like = (low.contains('/')
        && !matches!(low, "and/or" | "i/o" | "ci/cd" | "n/a" | "w/o" | "yes/no"))
        || (low.len() > 1 && low.starts_with(['.', '#']))
        || low.starts_with('~')
        || low.contains(['*', '@', '\\', ':', '='])
        || (inner_dot && !matches!(low, "e.g" | "i.e"));
    let joined = low.contains('_')
        || (low.contains('-') && low.chars().any(char::is_alphabetic) && !is_adjective(low));
    let lettered = low.chars().any(|c| c.is_ascii_digit()) && low.chars().any(char::is_alphabetic);
    let acronym = raw.len() > 1
        && raw.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        && matches!(low, "makefile" | "readme" | "license" | "changelog" | "dockerfile");
    let camel = raw.chars().skip(1).any(char::is_uppercase) && raw.chars().any(char::is_lowercase);
    let proper =
        raw.chars().next().is_some_and(char::is_uppercase) && raw.chars().skip(1).any(char::is_lowercase);
    let known = KNOWN.contains(&low);
    (path_like || joined || lettered || acronym || camel || known || proper).then(|| with_variants(low))
}

/// Hyphenated words that describe rather than name.
fn is_adjective(word: &str) -> bool {
    ["-related", "-only", "-like", "-specific", "-side", "-level", "-wide", "-based", "-in", "-up", "-party"]
        .iter()
        .any(|end| word.ends_with(end))
        || matches!(
            word,
            "left-over"
                | "old-style"
                | "so-called"
                | "one-off"
                | "pre-commit"
                | "follow-up"
                | "force-push"
                | "read-only"
        )
}

/// A name and what else it says: the host of an address, a package without its version.
fn with_variants(low: &str) -> Vec<String> {
    let mut all = vec![names::plain(low)];
    if let Ok(url) = url::Url::parse(low)
        && low.contains("://")
    {
        all.extend(url.host_str().map(str::to_owned));
    } else if low.starts_with("www.") {
        all.push(low.trim_start_matches("www.").to_owned());
    } else if let Some((host, _)) = low.split_once('/')
        && host.contains('.')
        && !host.starts_with('.')
        && host.rsplit('.').next().is_some_and(|end| {
            matches!(
                end,
                "com" | "org" | "net" | "io" | "dev" | "sh" | "rs" | "ai" | "app" | "co" | "de" | "uk"
            )
        })
    {
        all.push(host.to_owned());
    }
    if let Some(bare) = low.strip_prefix(['#', '@'])
        && !bare.contains('/')
    {
        all.push(bare.to_owned());
    }
    if let Some((name, version)) = low.rsplit_once('@')
        && !name.is_empty()
        && version.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'v' | '^' | '~'))
    {
        all.push(name.to_owned());
    }
    if let Some((name, _)) = low.split_once("==").or_else(|| low.split_once(">=")) {
        all.push(name.to_owned());
    }
    if names::is_production(low) && !low.contains(['/', '.']) {
        all.push("@production".to_owned());
    }
    all
}

/// Descriptions that stand for something that a rule can check.
fn special(phrase: &[&Token]) -> Vec<String> {
    let words: Vec<&str> = phrase.iter().map(|token| token.low.as_str()).collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let mut all = Vec::new();
    let named = phrase.iter().any(|token| explicit(token).is_some());
    if has(&["branch"])
        && !named
        && !has(&["remote", "other", "another", "old"])
        && has(&["my", "this", "current", "our", "the", "feature", "working"])
    {
        all.push("@branch");
    }
    if has(&["branches"]) && has(&["merged"]) && !has(&["remote", "unmerged"]) {
        all.push("@merged");
    }
    let work = has(&["changes", "edits", "modifications", "work"]);
    if work && has(&["my", "local", "uncommitted", "unstaged", "pending", "staged"]) {
        all.push("@uncommitted");
    }
    let yours = has(&["your"])
        || words.windows(2).any(|at| {
            at.first() == Some(&"you")
                && matches!(
                    at.get(1),
                    Some(&"created" | &"made" | &"wrote" | &"added" | &"did" | &"just" | &"generated")
                )
        });
    if yours && !has(&["you're"]) {
        all.push("@session");
    }
    if has(&["untracked"]) {
        all.push("@untracked");
    }
    if has(&["repo", "repository"]) && words.len() <= 3 && !named {
        all.push("@repo");
    }
    if has(&["workspace", "project"]) && words.len() <= 3 && !named {
        all.push("@workspace");
    }
    if has(&["tests", "test"]) && !named {
        all.push("@tests");
    }
    if has(&["production", "prod", "live"]) {
        all.push("@production");
    }
    if words.join(" ").contains("node modules") {
        all.push("node_modules");
    }
    all.into_iter().map(str::to_owned).collect()
}

struct Described {
    text: String,
    guessed: bool,
}

/// "the legacy folder", "branch feature", "legacy".
fn described(phrase: &[&Token]) -> Option<Described> {
    let words: Vec<&Token> = phrase.iter().copied().filter(|token| token.is_word()).collect();
    let named = |token: &Token| {
        let low = token.low.as_str();
        (!STOP.contains(&low) && !VAGUE.contains(&low) && !TYPES.contains(&low) && !ALL.contains(&low))
            .then(|| low.to_owned())
    };
    if let Some(at) = words.iter().position(|token| TYPES.contains(&token.low.as_str())) {
        let follows = words
            .get(at + 1)
            .filter(|next| matches!(next.low.as_str(), "called" | "named"))
            .map_or(at + 1, |_| at + 2);
        let before = at.checked_sub(1).and_then(|place| words.get(place)).and_then(|token| named(token));
        let after = words.get(follows).and_then(|token| named(token)).filter(|_| words.len() <= follows + 1);
        let vague = words.iter().take(at).any(|token| VAGUE.contains(&token.low.as_str()));
        return after.or(before.filter(|_| !vague)).map(|text| Described { text, guessed: false });
    }
    let vague = words.iter().any(|token| VAGUE.contains(&token.low.as_str()));
    let content: Vec<String> = words.iter().filter_map(|token| named(token)).collect();
    match content.as_slice() {
        [one] if !vague && one.chars().all(|c| c.is_ascii_alphanumeric()) => {
            Some(Described { text: one.clone(), guessed: true })
        }
        _ => None,
    }
}
