//! Where what is printed goes: to whoever started the line, on into the line, or into a file kept open for it.

use brush_parser::ast::{self, CommandPrefixOrSuffixItem, CompoundListItem};

use super::Shell;
use super::redirect::{Output, Redirects, To};
use super::state::State;

/// Programs that show some of what flows in.
const SHOW: [&str; 9] = ["head", "tail", "grep", "egrep", "wc", "sort", "uniq", "cut", "nl"];
/// Programs that put what flows in into files, or show it.
const RECORD: [&str; 5] = ["tee", "cat", "ts", "logger", "grep"];

impl Shell<'_> {
    /// What the command prints may be used further on in this line.
    #[must_use]
    pub fn flows_on(&self) -> bool {
        self.flows_on
    }

    /// Runs `inner`, of which what it prints may be used further on if `flows_on` says so, or is anyway.
    pub(super) fn flowing<T>(&mut self, flows_on: bool, inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.flows_on;
        self.flows_on |= flows_on;
        let out = inner(self);
        self.flows_on = before;
        out
    }

    /// Lets what is printed go into the file that `exec` has opened for it, unless it goes elsewhere.
    pub(super) fn lead_to_kept_open(&self, redirects: &mut Redirects) {
        if let Some(to @ To::File { .. }) = self.state.outputs.get(&1).filter(|_| !redirects.lead_away()) {
            redirects.outputs.push(Output { number: 1, stdout: true, stderr: false, to: to.clone() });
        }
    }

    /// Takes the file away that `exec` has opened for what is printed, for as long as that goes elsewhere.
    pub(super) fn take_kept_open(&mut self, redirects: &Redirects) -> Option<To> {
        if !redirects.lead_away() || !self.state.outputs.contains_key(&1) {
            return None;
        }
        self.state.outputs.remove(&1)
    }
}

/// What is printed goes into the file again that was taken away.
pub(super) fn put_back(state: &mut State, kept: Option<&To>) {
    if let Some(to) = kept {
        state.outputs.insert(1, to.clone());
    }
}

impl Redirects {
    /// What is printed or told as an error goes elsewhere than to whoever started the line.
    pub(super) fn lead_on(&self) -> bool {
        !self.outputs.is_empty()
    }

    /// What is printed has a place of its own to go to.
    fn lead_away(&self) -> bool {
        self.outputs.iter().any(|output| output.stdout)
    }
}

/// The stage of a pipeline shows some of what flows in, and does nothing else with it.
pub(super) fn only_shows(stage: &ast::Command) -> bool {
    is_plain_call(stage, &SHOW)
}

/// What flows into the command is put into files and shown, whatever it is.
pub(super) fn only_records(item: &CompoundListItem) -> bool {
    let CompoundListItem(and_or, _) = item;
    and_or.additional.is_empty() && and_or.first.seq.iter().all(|stage| is_plain_call(stage, &RECORD))
}

/// One of these programs is called, with nothing but words.
fn is_plain_call(command: &ast::Command, programs: &[&str]) -> bool {
    let ast::Command::Simple(simple) = command else { return false };
    let named = simple.word_or_name.as_ref().is_some_and(|name| programs.contains(&name.value.as_str()));
    let mut words = simple.suffix.iter().flat_map(|suffix| &suffix.0);
    named && simple.prefix.is_none() && words.all(|item| matches!(item, CommandPrefixOrSuffixItem::Word(_)))
}
