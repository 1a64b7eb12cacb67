//! The words of a tool's name, and what they say it does.

use super::classes::{self, Deed};

/// A tool's name, taken apart.
pub(super) struct Name {
    words: Vec<String>,
    server: Vec<String>,
    /// What the first word that tells it says is done.
    pub(super) deed: Option<Deed>,
}

impl Name {
    /// Takes a name apart: `mcp__github__createPullRequest` is create, pull, request.
    pub(super) fn read(server: &str, tool: &str) -> Self {
        let own = tool.rsplit("__").next().filter(|own| !own.is_empty()).unwrap_or(tool);
        let server = words(server);
        let mut words = words(own);
        // A name that begins with that of its server says the rest by itself.
        let whole = words.clone();
        if words.len() > 1 && words.first().is_some_and(|first| server.contains(first)) {
            words.remove(0);
        }
        let told = |words: &[String]| words.iter().find_map(|word| classes::deed(word));
        let deed = told(&words).or_else(|| told(&whole));
        Self { words, server, deed }
    }

    /// One of these words is in it, in the singular or the plural.
    pub(super) fn has(&self, wanted: &[&str]) -> bool {
        self.words.iter().any(|word| {
            wanted.contains(&word.as_str())
                || word.strip_suffix('s').is_some_and(|single| wanted.contains(&single))
                || word.strip_suffix("ies").is_some_and(|stem| wanted.contains(&format!("{stem}y").as_str()))
        })
    }

    /// One of these words is in it or in the name of the server.
    pub(super) fn is_of(&self, wanted: &[&str]) -> bool {
        self.has(wanted) || self.server.iter().any(|word| wanted.contains(&word.as_str()))
    }

    /// The server is called by one of these words.
    pub(super) fn served_by(&self, wanted: &[&str]) -> bool {
        self.server.iter().any(|word| wanted.contains(&word.as_str()))
    }

    /// It is what secrets are given to.
    pub(super) fn keeps_secrets(&self) -> bool {
        self.is_of(&[
            "secret",
            "secrets",
            "vault",
            "credential",
            "password",
            "login",
            "auth",
            "authenticate",
            "signin",
            "token",
            "redact",
            "scan",
            "keychain",
            "onepassword",
            "bitwarden",
            "verify",
            "ssh",
        ])
    }

    /// The words.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }
}

/// The words of a name in lower case, parted at separators and at capitals.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        if !c.is_alphanumeric() {
            keep(&mut words, &mut word);
        } else {
            let begins = c.is_uppercase()
                && (before.is_lowercase()
                    || (before.is_uppercase() && rest.peek().is_some_and(|next| next.is_lowercase())));
            if begins {
                keep(&mut words, &mut word);
            }
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    keep(&mut words, &mut word);
    words
}

fn keep(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_names_apart() {
        assert_eq!(words("createPullRequest"), ["create", "pull", "request"]);
        assert_eq!(words("create-pull_request"), ["create", "pull", "request"]);
        assert_eq!(words("HTTPRequest"), ["http", "request"]);
        assert_eq!(Name::read("github", "mcp__github__list_issues").words(), ["list", "issues"]);
        assert_eq!(Name::read("slack", "slack_post_message").words(), ["post", "message"]);
    }
}
