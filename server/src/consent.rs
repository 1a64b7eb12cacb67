//! What the user's own words allow and forbid, as data.
//!
//! Only prompts and answers to an ask come in here. Questions grant nothing, quotations grant
//! nothing, and nothing that an agent read or said is ever looked at.

use std::path::{Path, PathBuf};

use crate::effects::{Effect, EffectKind};

mod boundary;
mod command;
mod delegated;
mod grant;
mod implied;
mod meaning;
mod mood;
mod names;
mod operation;
mod prompt;
mod sentence;
mod target;
mod verbs;

#[cfg(test)]
mod tests;

pub use grant::{Boundary, BoundaryForce, Grant, Target};
pub use operation::{Need, Operation, operations_of};

/// All that the user has said in a session, as understood.
#[derive(Clone, Debug, Default)]
pub struct Consent {
    /// The user's words, in order.
    pub prompts: Vec<String>,
    /// What is allowed.
    pub grants: Vec<Grant>,
    /// What is forbidden.
    pub boundaries: Vec<Boundary>,
    /// Command lines that the user asked to run as they are.
    pub asked_commands: Vec<String>,
    /// Requests to do what somebody else wrote: a list of tasks, the instructions in a letter.
    pub handed_over: Vec<String>,
    /// The workspace that paths in the user's words are read from, when it is known.
    pub workspace: Option<PathBuf>,
    mentioned: Vec<String>,
    said: usize,
}

impl Consent {
    /// Takes in what the user said next.
    pub fn hear(&mut self, text: &str) {
        self.prompts.push(text.to_owned());
        let turn = self.prompts.len();
        prompt::hear(self, text, turn);
    }

    /// Takes in that the user answered an ask with yes: `need` is what the asking rule wanted named.
    pub fn answer(&mut self, need: &Need, quote: &str) {
        for operation in &need.operations {
            let target =
                if need.targets.is_empty() { Target::Any } else { Target::Named(need.targets.clone()) };
            let order = self.next_order();
            self.grants.push(Grant { order, ..Grant::new(*operation, target, quote, self.prompts.len()) });
        }
    }

    /// There are words to compare an action with.
    #[must_use]
    pub fn has_scope(&self) -> bool {
        !self.prompts.is_empty()
    }

    /// The grant that covers what a rule says must be named.
    #[must_use]
    pub fn covers(&self, need: &Need) -> Option<&Grant> {
        self.grants.iter().rev().find(|grant| grant.covers(need))
    }

    /// The boundary that an effect crosses and that no later words lift. Paths are read from
    /// [`Consent::workspace`].
    #[must_use]
    pub fn crossed(&self, effect: &Effect) -> Option<&Boundary> {
        self.crossed_in(effect, self.workspace.as_deref())
    }

    /// The boundary that an effect crosses, with paths in the user's words read from `workspace`.
    #[must_use]
    pub fn crossed_in(&self, effect: &Effect, workspace: Option<&Path>) -> Option<&Boundary> {
        if let EffectKind::Delegate { prompt } = &effect.kind {
            return self.boundaries.iter().find(|boundary| delegated::crosses(self, boundary, prompt));
        }
        self.boundaries.iter().find(|boundary| {
            boundary.is_crossed_by(effect, workspace) && !self.is_lifted(boundary, effect, workspace)
        })
    }

    /// Later words of the user name what the effect does, and to what.
    fn is_lifted(&self, boundary: &Boundary, effect: &Effect, workspace: Option<&Path>) -> bool {
        let mut operations = operations_of(effect);
        if !boundary.operations.is_empty() {
            operations.retain(|operation| boundary.operations.contains(operation));
        }
        let mut called = names::of(effect, workspace);
        if boundary.target == Target::Any {
            match &effect.kind {
                EffectKind::Push { updates, .. } if updates.len() < 2 => called.push("@branch".to_owned()),
                EffectKind::GitLocal { .. } | EffectKind::GitRewrite { .. } | EffectKind::Service { .. } => {
                    called.push("@branch".to_owned())
                }
                EffectKind::GitDiscard { .. } => called.push("@uncommitted".to_owned()),
                _ => {}
            }
        }
        let later = |grant: &&Grant| grant.order > boundary.order;
        !operations.is_empty()
            && operations.iter().all(|operation| {
                let need = Need { operations: vec![*operation], targets: called.clone() };
                self.grants.iter().filter(later).any(|grant| {
                    let named = grant.is_exact()
                        || (boundary.target == Target::Any && !boundary.operations.is_empty());
                    named && grant.names_it(&need)
                })
            })
    }

    /// The user asked for this very command: the words are theirs, as they wrote it.
    #[must_use]
    pub fn asked_to_run(&self, line: &str) -> Option<&str> {
        self.asked_commands.iter().rev().find(|asked| command::is_same(asked, line)).map(String::as_str)
    }

    /// The user speaks, in their own words and not to forbid it, of this host, path, package or person.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        let wanted = names::plain(name);
        self.mentioned.iter().any(|known| *known == wanted || known.ends_with(&format!("/{wanted}")))
            || self.mentioned.contains(&names::stem(&wanted))
    }

    fn next_order(&mut self) -> usize {
        self.said += 1;
        self.said
    }
}
