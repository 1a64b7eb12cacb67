//! Which request a tool's call serves, when the user did not name its target word for word.
//!
//! "Send them the difference" and "star the ones without stars" ask for calls whose targets are only
//! found on the way. A request carries a call when it asks for that kind of thing, speaks of what the
//! tool is for, and names nobody else.

use super::{Consent, Grant, Operation, Target, names};
use crate::effects::ServiceClass;

/// What requests about money speak of.
const MONEY: &[&str] = &[
    "payment",
    "transaction",
    "rent",
    "order",
    "bill",
    "transfer",
    "subscription",
    "amount",
    "money",
    "invoice",
    "refund",
    "difference",
    "fee",
    "price",
    "cost",
    "expense",
    "deposit",
];
/// What requests about words to people speak of.
const WORDS: &[&str] = &[
    "message", "question", "email", "mail", "comment", "reply", "issue", "feedback", "note", "answer", "dm",
    "greeting",
];
/// What requests about rights speak of.
const RIGHTS: &[&str] = &[
    "user",
    "member",
    "collaborator",
    "channel",
    "invitation",
    "permission",
    "role",
    "key",
    "access",
    "colleague",
    "people",
    "owner",
    "ownership",
    "team",
    "group",
    "workspace",
];
/// Words of a tool's name that say nothing of what it is about.
const EMPTY: &[&str] =
    &["git", "github", "gitlab", "the", "tool", "api", "mcp", "server", "for", "and", "from", "with", "new"];

impl Consent {
    /// The words of the user that ask for a call of this class by a tool whose name has these words,
    /// on `target`, although its target is described rather than named.
    #[must_use]
    pub fn implies(&self, class: ServiceClass, words: &[String], target: &str) -> Option<&str> {
        let asked = self.grants.iter().rev().find(|grant| {
            grant.condition.is_none()
                && asks_for(grant, class, words)
                && names_nobody_else(grant, words, target)
        });
        let handed = || {
            let small = matches!(class, ServiceClass::Message | ServiceClass::Create | ServiceClass::Change);
            self.handed_over.last().filter(|_| small).map(String::as_str)
        };
        asked.map(|grant| grant.quote.as_str()).or_else(handed)
    }
}

fn asks_for(grant: &Grant, class: ServiceClass, words: &[String]) -> bool {
    use Operation::*;
    let operation = grant.operation;
    let change = matches!(operation, Edit | Create | ServiceChange);
    let speaks_of = |known: &[&str]| grant.is_about(known.iter().copied());
    match class {
        ServiceClass::Pay => operation == Pay || (change && speaks_of(MONEY)),
        ServiceClass::Message => matches!(operation, Message | Send) || (change && speaks_of(WORDS)),
        ServiceClass::Grant => {
            operation == Grant
                || ((change || operation == Install) && speaks_of(RIGHTS) && shares_a_word(grant, words))
        }
        ServiceClass::Create | ServiceClass::Change => {
            (change || matches!(operation, Send | Publish | Database | ServiceDelete | Move))
                && shares_a_word(grant, words)
        }
        ServiceClass::Delete => matches!(operation, Delete | ServiceDelete) && shares_a_word(grant, words),
        _ => false,
    }
}

/// The request and the tool's name speak of the same thing, or use the same verb.
fn shares_a_word(grant: &Grant, words: &[String]) -> bool {
    let said: Vec<String> = grant
        .quote
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 2)
        .map(|word| names::stem(&word.to_lowercase()))
        .collect();
    let same = |word: &String| {
        let word = if word == "info" { "information".to_owned() } else { names::stem(word) };
        let plain = word.strip_prefix("un").filter(|rest| rest.len() > 3).unwrap_or(&word);
        said.iter().any(|said| *said == word || said == plain)
    };
    let telling: Vec<&String> =
        words.iter().filter(|word| word.len() > 2 && !EMPTY.contains(&word.as_str())).collect();
    let shared = telling.iter().filter(|word| same(word)).count();
    // One word of a long name may be shared by chance.
    shared > 0 && shared * 2 >= telling.len()
}

/// None of the people, places and accounts that the request names is another one.
fn names_nobody_else(grant: &Grant, words: &[String], target: &str) -> bool {
    let Target::Named(named) = &grant.target else { return true };
    let target = target.to_lowercase();
    let mut proper =
        named.iter().filter(|name| is_proper(&grant.quote, name) && !words.contains(name)).peekable();
    proper.peek().is_none() || proper.any(|name| target.contains(name.as_str()))
}

/// A file is not who gets something.
fn is_file(name: &str) -> bool {
    const ENDINGS: [&str; 14] = [
        "txt", "md", "pdf", "csv", "json", "doc", "docx", "xls", "xlsx", "html", "yml", "yaml", "log", "eml",
    ];
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

/// The name stands for one person, account or place: it is written as an address, or with a capital.
fn is_proper(quote: &str, name: &str) -> bool {
    if is_file(name) {
        return false;
    }
    let digits = name.chars().filter(char::is_ascii_digit).count();
    if name.contains(['@', '/', '_']) || digits >= 4 {
        return !name.starts_with('@');
    }
    quote.split(|c: char| !(c.is_alphanumeric() || "._-'".contains(c))).skip(1).any(|word| {
        let word = word.trim_matches(['.', '\'']);
        word.chars().next().is_some_and(char::is_uppercase) && word.to_lowercase() == *name
    })
}
