//! Where every host, address, path, package and command line was first seen.

use std::collections::HashMap;

use banksman_protocol::Origin;

/// Something that an action can be decided by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mention {
    /// What kind of thing it is.
    pub kind: MentionKind,
    /// The thing, in its plainest form: hosts in lower case, paths without trailing slash.
    pub text: String,
}

/// What kind of thing a mention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
}

/// The first sight of everything.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    first: HashMap<Mention, Seen>,
}

impl Mentions {
    /// Takes note of all that `text` mentions. The user's words outrank what was read, whichever came first.
    pub fn add_text(&mut self, text: &str, seen: &Seen) {
        let _ = (text, seen);
    }

    /// Where this was first seen.
    #[must_use]
    pub fn first_seen(&self, mention: &Mention) -> Option<&Seen> {
        self.first.get(mention)
    }
}
