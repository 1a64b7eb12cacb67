//! Globs and braces, resolved read-only against the real folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use brush_parser::word::{BraceExpressionMember, BraceExpressionOrText, SubstringMatchKind};

use super::Value;
use crate::world::{Scope, World, fits_stars};

/// How many names a glob may stand for.
const NAMES: usize = 512;
/// How many folders are looked into for one glob.
const FOLDERS: usize = 256;

/// How many bytes a text may have after something in it was replaced.
const REPLACED: usize = 256 * 1024;

/// What a glob stands for.
pub(super) enum Matches {
    /// These, sorted.
    Names(Vec<String>),
    /// Nothing matches: the shell leaves the glob as it is.
    None,
    /// More than is looked at, or everything in a folder that is grave as a whole.
    Many,
}

/// Resolves a glob. Quoted characters are escaped in `pattern`.
pub(super) fn expand(
    world: &World<'_>,
    cwd: &Path,
    pattern: &str,
    written: &BTreeMap<PathBuf, Value>,
) -> Matches {
    let absolute = pattern.starts_with('/');
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    let start = if absolute { PathBuf::from("/") } else { cwd.to_path_buf() };
    let mut found: Vec<(PathBuf, String)> =
        vec![(start, if absolute { "/".to_owned() } else { String::new() })];
    let mut looked = 0_usize;
    for (index, part) in parts.iter().enumerate() {
        let last = index + 1 == parts.len();
        let mut next = Vec::new();
        let pattern = Pattern::new(part);
        for (folder, shown) in found {
            let glue = if shown.is_empty() || shown.ends_with('/') { "" } else { "/" };
            if !part.contains(['*', '?', '[']) || !is_glob(part) {
                let plain = unescape(part);
                let path = folder.join(&plain);
                if !last || world.exists(&path) || written.contains_key(&path) {
                    next.push((path, format!("{shown}{glue}{plain}")));
                }
                continue;
            }
            // Everything in the root or in home is judged as the whole folder, not file by file.
            if last && matches!(world.place(&folder, ".").scope, Scope::Root | Scope::HomeRoot) {
                return Matches::Many;
            }
            looked += 1;
            if looked > FOLDERS {
                return Matches::Many;
            }
            let listing = world.list(&folder);
            if listing.capped {
                return Matches::Many;
            }
            let mut names = listing.names.clone();
            for path in written.keys().filter(|path| path.parent() == Some(folder.as_path())) {
                let name =
                    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            for name in names {
                let hidden = name.starts_with('.') && !part.starts_with('.') && !part.starts_with("\\.");
                let deep = *part == "**";
                if !hidden && (deep || pattern.fits(&name)) && name != "." && name != ".." {
                    next.push((folder.join(&name), format!("{shown}{glue}{name}")));
                }
                if next.len() > NAMES {
                    return Matches::Many;
                }
            }
        }
        found = next;
    }
    // With a slash at its end a glob stands for folders, and for links that lead to one.
    let folders = pattern.ends_with('/') && !parts.is_empty();
    let mut names: Vec<String> = found
        .into_iter()
        .filter(|(path, _)| !folders || world.is_folder(path))
        .map(|(_, shown)| if folders { format!("{shown}/") } else { shown })
        .collect();
    names.sort();
    if names.is_empty() { Matches::None } else { Matches::Names(names) }
}

fn is_glob(part: &str) -> bool {
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '*' | '?' | '[' => return true,
            _ => {}
        }
    }
    false
}

/// The text as a pattern that matches nothing else.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        out.push(if c == '\\' { chars.next().unwrap_or('\\') } else { c });
    }
    out
}

/// Whether a shell pattern matches the whole text. What could not be read as a pattern matches itself.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    Pattern::new(pattern).fits(text)
}

/// A shell pattern, read once for all the names it is held against.
#[derive(Debug)]
pub struct Pattern<'a>(Kind<'a>);

#[derive(Debug)]
enum Kind<'a> {
    /// Nothing but itself.
    Plain(&'a str),
    /// Nothing but stars is special.
    Stars(&'a str),
    /// Everything else.
    Regex(regex::Regex),
}

impl<'a> Pattern<'a> {
    /// Reads a pattern. What cannot be read as one means itself.
    #[must_use]
    pub fn new(pattern: &'a str) -> Self {
        if !pattern.contains(['*', '?', '[', '\\', '(']) {
            return Self(Kind::Plain(pattern));
        }
        if !pattern.contains(['?', '[', '\\', '(']) {
            return Self(Kind::Stars(pattern));
        }
        Self(regex(pattern).map_or(Kind::Plain(pattern), Kind::Regex))
    }

    /// The pattern fits the whole text.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        match &self.0 {
            Kind::Plain(plain) => *plain == text,
            Kind::Stars(pattern) => fits_stars(pattern, text),
            Kind::Regex(regex) => regex.is_match(text),
        }
    }
}

fn regex(pattern: &str) -> Option<regex::Regex> {
    let body = brush_parser::pattern::pattern_to_regex_str(pattern, true).ok()?;
    regex::RegexBuilder::new(&format!("(?s)^(?:{body})$")).size_limit(1 << 20).build().ok()
}

/// `${name#pattern}` and `${name##pattern}`.
pub(super) fn trim_prefix(text: &str, pattern: &str, longest: bool) -> String {
    let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if longest {
        ends.reverse();
    }
    let cut = cut_at(text, pattern, &ends, |text, at| text.get(..at));
    text.get(cut.unwrap_or(0)..).unwrap_or_default().to_owned()
}

/// `${name%pattern}` and `${name%%pattern}`.
pub(super) fn trim_suffix(text: &str, pattern: &str, longest: bool) -> String {
    let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if !longest {
        starts.reverse();
    }
    let cut = cut_at(text, pattern, &starts, |text, at| text.get(at..));
    text.get(..cut.unwrap_or(text.len())).unwrap_or_default().to_owned()
}

fn cut_at(
    text: &str,
    pattern: &str,
    places: &[usize],
    part: fn(&str, usize) -> Option<&str>,
) -> Option<usize> {
    let matcher = regex(pattern);
    places.iter().copied().take(4_096).find(|at| {
        part(text, *at).is_some_and(|part| match &matcher {
            Some(matcher) => matcher.is_match(part),
            None => part == pattern,
        })
    })
}

/// `${name/pattern/with}` and its kin; `None` when it would be longer than is looked at.
pub(super) fn replace(text: &str, pattern: &str, with: &str, kind: &SubstringMatchKind) -> Option<String> {
    let Ok(body) = brush_parser::pattern::pattern_to_regex_str(pattern, true) else {
        return Some(text.to_owned());
    };
    let body = match kind {
        SubstringMatchKind::Prefix => format!("(?s)^(?:{body})"),
        SubstringMatchKind::Suffix => format!("(?s)(?:{body})$"),
        _ => format!("(?s){body}"),
    };
    let Ok(regex) = regex::RegexBuilder::new(&body).size_limit(1 << 20).build() else {
        return Some(text.to_owned());
    };
    let most = REPLACED.saturating_sub(text.len()) / with.len().max(1);
    if regex.find_iter(text).take(most + 1).count() > most {
        return None;
    }
    let with = regex::NoExpand(with);
    Some(match kind {
        SubstringMatchKind::Anywhere => regex.replace_all(text, with).into_owned(),
        _ => regex.replace(text, with).into_owned(),
    })
}

/// All words that a brace expression stands for, at most `most`.
pub(super) fn braces(parts: &[BraceExpressionOrText], most: usize) -> Vec<String> {
    let mut words = vec![String::new()];
    for part in parts {
        let choices: Vec<String> = match part {
            BraceExpressionOrText::Text(text) => vec![text.clone()],
            BraceExpressionOrText::Expr(members) => {
                members.iter().flat_map(|member| choices(member, most)).collect()
            }
        };
        let mut next = Vec::new();
        for word in &words {
            for choice in &choices {
                if next.len() >= most {
                    break;
                }
                next.push(format!("{word}{choice}"));
            }
        }
        words = next;
    }
    words
}

fn choices(member: &BraceExpressionMember, most: usize) -> Vec<String> {
    match member {
        BraceExpressionMember::Child(parts) => braces(parts, most),
        BraceExpressionMember::NumberSequence { start, end, increment } => {
            let step = increment.unsigned_abs().max(1);
            let count = (start.abs_diff(*end) / step).saturating_add(1);
            (0..count)
                .take(most)
                .map(|index| {
                    let way = i64::try_from(index.saturating_mul(step)).unwrap_or(i64::MAX);
                    if end >= start { start.saturating_add(way) } else { start.saturating_sub(way) }
                        .to_string()
                })
                .collect()
        }
        BraceExpressionMember::CharSequence { start, end, increment } => {
            let step = usize::try_from(increment.unsigned_abs().max(1)).unwrap_or(1);
            let (low, high) = if start <= end { (*start, *end) } else { (*end, *start) };
            let mut chars: Vec<String> = (low..=high).step_by(step).take(most).map(String::from).collect();
            if start > end {
                chars.reverse();
            }
            chars
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_alone_mean_what_the_full_reading_makes_of_them() {
        let patterns = ["*", "a*", "*a", "a*b", "*a*b*", "a**b", "a.b*", "*.rs", "a+*", "{*}", "^*$"];
        let texts =
            ["", "a", "b", "ab", "aab", "axb", "xaybz", "a.b", "axb.rs", ".rs", "a+b", "{x}", "a\nb", "^$"];
        for pattern in patterns {
            let full = regex(pattern).unwrap();
            for text in texts {
                assert_eq!(matches(pattern, text), full.is_match(text), "{pattern} {text}");
            }
        }
    }
}
