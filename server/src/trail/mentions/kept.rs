//! Mentions as they are kept for other processes.

use std::sync::Arc;

use super::{Addressed, MentionKind, Mentions, Seen, keep};

impl Mentions {
    /// Everything that was read and where, sorted. The user's own words are not among it.
    #[must_use]
    pub fn read(&self) -> Vec<(MentionKind, &str, &Seen)> {
        let mut all: Vec<_> = self
            .first
            .iter()
            .flat_map(|(kind, known)| known.iter().map(move |(text, sight)| (*kind, &**text, sight)))
            .filter_map(|(kind, text, sight)| Some((kind, text, self.at(sight.other)?)))
            .collect();
        all.sort_by_key(|(kind, text, _)| (*kind, *text));
        all
    }

    /// Takes up something that was mentioned, in its plainest form.
    pub fn take_up(&mut self, kind: MentionKind, plain: &str, seen: &Seen) {
        let sight = self.sight(seen);
        let user = matches!(seen, Seen::Prompt(_));
        keep(Arc::make_mut(&mut self.first), &mut self.full, kind, plain.to_owned(), sight, user);
    }

    /// Everything that was named where a text speaks to an agent, sorted.
    pub fn all_addressed(&self) -> impl Iterator<Item = (MentionKind, &str, &Addressed)> {
        self.addressed.iter().map(|((kind, text), said)| (*kind, &**text, &**said))
    }

    /// Takes up something that was named where a text speaks to an agent.
    pub fn take_up_addressed(&mut self, kind: MentionKind, plain: &str, said: Addressed) {
        Arc::make_mut(&mut self.addressed).entry((kind, plain.into())).or_insert_with(|| Arc::new(said));
    }
}
