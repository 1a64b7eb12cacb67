//! One thing that the user allows or forbids.

use std::path::Path;

use super::names::{self, Reading};
use super::operation::Alone;
use super::{Need, Operation, operations_of};
use crate::effects::{Effect, EffectKind, PackageSource, Reach, SendHow};
use crate::world::Scope;

/// Something that the user allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What may be done.
    pub operation: Operation,
    /// To what.
    pub target: Target,
    /// The user's words.
    pub quote: String,
    /// The turn they were said in, counted from 1.
    pub turn: usize,
    /// The other words of the request, without endings: what the task is about.
    pub topic: Vec<String>,
    /// What the user made it depend on, in their words.
    pub condition: Option<String>,
    /// Its place among all that the user said: later words outrank earlier ones.
    pub order: usize,
}

/// What a grant or a boundary is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Whatever it is done to, or something that the user did not name.
    Any,
    /// One of these, as the user wrote them, in lower case.
    Named(Vec<String>),
}

/// Something that the user forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// What may not be done. Empty: nothing that changes anything.
    pub operations: Vec<Operation>,
    /// To what. For [`BoundaryForce::Only`]: to what it may be done.
    pub target: Target,
    /// What kind of boundary it is.
    pub force: BoundaryForce,
    /// The user's words.
    pub quote: String,
    /// The turn they were said in, counted from 1.
    pub turn: usize,
    /// Its place among all that the user said: later words outrank earlier ones.
    pub order: usize,
}

/// What kind of boundary it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundaryForce {
    /// Not at all, until it is lifted.
    Never,
    /// Not without asking first.
    AskFirst,
    /// Nowhere but there.
    Only,
}

impl Grant {
    /// A grant that no other words qualify.
    #[must_use]
    pub fn new(operation: Operation, target: Target, quote: impl Into<String>, turn: usize) -> Self {
        Self {
            operation,
            target,
            quote: quote.into(),
            turn,
            topic: Vec::new(),
            condition: None,
            order: usize::MAX,
        }
    }

    /// The user named the target.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        matches!(self.target, Target::Named(_))
    }

    /// The grant covers what a rule says must be named.
    #[must_use]
    pub fn covers(&self, need: &Need) -> bool {
        need.operations.iter().any(|operation| self.covers_one(*operation, &need.targets))
    }

    fn covers_one(&self, operation: Operation, targets: &[String]) -> bool {
        if !self.operation.includes(operation) {
            return false;
        }
        if targets.is_empty() {
            return true;
        }
        let named = match &self.target {
            Target::Named(named) => named
                .iter()
                .any(|name| targets.iter().any(|called| names::means(name, called, reading_of(operation)))),
            Target::Any if targets.iter().any(|name| name == "@exact") => false,
            Target::Any if self.operation == operation => match operation.alone() {
                Alone::Anything => true,
                Alone::NotProduction => {
                    !targets.iter().any(|name| name == "@production" || names::is_production(name))
                }
                Alone::Nothing => false,
            },
            Target::Any => false,
        };
        named || (is_means(operation) && self.is_about(targets.iter().map(String::as_str)))
    }

    /// As [`Grant::covers`], but only by name: what a task implies is not enough.
    pub(super) fn names_it(&self, need: &Need) -> bool {
        Self { topic: Vec::new(), ..self.clone() }.covers(need)
    }

    /// The request is about one of these words.
    pub(super) fn is_about<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> bool {
        words.into_iter().any(|word| {
            let wanted: Vec<String> = word.split_whitespace().map(names::stem).collect();
            !wanted.is_empty() && self.topic.windows(wanted.len()).any(|at| at == wanted.as_slice())
        })
    }
}

/// A task implies such an operation without naming the file.
fn is_means(operation: Operation) -> bool {
    matches!(operation, Operation::EditSteering | Operation::EditAgent | Operation::Edit | Operation::Create)
}

fn reading_of(operation: Operation) -> Reading {
    use Operation::*;
    match operation {
        Read | Edit | Create | Delete | Discard | Overwrite | WriteOutside | ReadSecret | EditSteering
        | EditAgent | Move | Run | RunDownloaded | Persist => Reading::Path,
        _ => Reading::Exact,
    }
}

impl Boundary {
    /// Nothing at all may be changed.
    pub(super) fn is_blanket(&self) -> bool {
        self.operations.is_empty() && self.target == Target::Any && self.force != BoundaryForce::Only
    }

    /// The effect crosses the boundary. Paths in the boundary are read from `workspace`.
    #[must_use]
    pub fn is_crossed_by(&self, effect: &Effect, workspace: Option<&Path>) -> bool {
        if self.operations.is_empty() && !changes(effect, &self.target) {
            return false;
        }
        let mut operations = operations_of(effect);
        operations.extend(self.besides(effect));
        let concerned =
            self.operations.is_empty() || operations.iter().any(|done| self.operations.contains(done));
        if !concerned {
            return false;
        }
        match (&self.target, self.force) {
            (Target::Any, BoundaryForce::Only) => false,
            // Who rules out the network does not mean the program that is being worked on.
            (Target::Any, _) if !self.operations.is_empty() && stays_here(effect) => false,
            (Target::Any, _) => true,
            (Target::Named(named), BoundaryForce::Only) => {
                !is_scratch(effect) && is_known(effect) && !is_among(named, effect, &operations, workspace)
            }
            (Target::Named(named), _) => is_among(named, effect, &operations, workspace),
        }
    }

    /// What an effect does by the way: a package that is added stands in the manifest, a migration changes
    /// the database.
    fn besides(&self, effect: &Effect) -> Option<Operation> {
        match &effect.kind {
            EffectKind::Install { source, reach: Reach::Project, .. } => (*source != PackageSource::Declared
                && self.force != BoundaryForce::Only)
                .then_some(Operation::Edit),
            EffectKind::RunProject { task } => names::migrates(task).then_some(Operation::Database),
            _ => None,
        }
    }
}

/// The effect talks to this machine alone.
fn stays_here(effect: &Effect) -> bool {
    match &effect.kind {
        EffectKind::Fetch { from, saves: None } => from.local,
        EffectKind::Send { to, how, .. } => to.local && *how != SendHow::Commit,
        _ => false,
    }
}

/// The effect changes something that a user who says "change nothing" means.
fn changes(effect: &Effect, target: &Target) -> bool {
    if effect.is_read_only() || is_scratch(effect) {
        return false;
    }
    match &effect.kind {
        // Building and testing leave traces, but nobody calls them changes.
        EffectKind::RunProject { .. } | EffectKind::Listen { .. } | EffectKind::Fetch { saves: None, .. } => {
            false
        }
        EffectKind::RunUnknown { .. } => *target == Target::Any,
        _ => true,
    }
}

fn is_scratch(effect: &Effect) -> bool {
    effect.place().is_some_and(|place| matches!(place.scope, Scope::Temp | Scope::Sink))
}

fn is_known(effect: &Effect) -> bool {
    effect.place().is_none_or(|place| place.known) && !matches!(effect.kind, EffectKind::Opaque { .. })
}

fn is_among(named: &[String], effect: &Effect, operations: &[Operation], workspace: Option<&Path>) -> bool {
    let called = names::of(effect, workspace);
    let reading = if operations.iter().any(|operation| reading_of(*operation) == Reading::Path) {
        Reading::Path
    } else {
        Reading::Exact
    };
    named.iter().any(|name| called.iter().any(|called| names::means(name, called, reading)))
}
