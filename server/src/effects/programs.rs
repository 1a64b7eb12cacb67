//! What programs do, by family.
//!
//! A model maps a call to effects and says what the program prints. Adding a program is adding a
//! row to the table of its family.

use std::collections::HashMap;
use std::sync::LazyLock;

use banksman_protocol::Span;

use super::argv::Arg;
use super::shell::Shell;
use super::value::Value;

mod archives;
mod banksman;
mod common;
mod files;
mod find;
mod git;
mod interpreters;
mod machine;
mod network;
mod observe;
mod packages;
mod project;
mod services;
mod text;
mod wrappers;

pub(in crate::effects) use common::exposes;
pub use files::permission;
pub(crate) use services::MIGHTY_CAPABILITIES;
pub(in crate::effects) use services::of_task;

/// One call of a program.
#[derive(Clone, Debug)]
pub struct Call<'c> {
    /// The program's name without its folder.
    pub name: &'c str,
    /// Its arguments, without the name.
    pub args: &'c [Arg],
    /// What flows into it.
    pub stdin: &'c Value,
    /// Variables that are set for this call only.
    pub variables: &'c [(String, Value)],
    /// The whole call in the text of the action.
    pub span: Span,
}

/// What a program does, and what it prints.
pub type Model = fn(&Call<'_>, &mut Shell<'_>) -> Value;

/// A row of a family's table.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The names it goes by.
    pub names: &'static [&'static str],
    /// What it does.
    pub model: Model,
}

const FAMILIES: &[&[Program]] = &[
    archives::PROGRAMS,
    banksman::PROGRAMS,
    files::PROGRAMS,
    find::PROGRAMS,
    git::PROGRAMS,
    machine::PROGRAMS,
    network::PROGRAMS,
    network::PROBES,
    interpreters::PROGRAMS,
    observe::PROGRAMS,
    packages::PROGRAMS,
    project::PROGRAMS,
    text::PROGRAMS,
    wrappers::PROGRAMS,
];

fn programs() -> impl Iterator<Item = Program> {
    FAMILIES.iter().copied().flatten().copied().chain(services::programs())
}

static MODELS: LazyLock<HashMap<&'static str, Model>> = LazyLock::new(|| {
    programs().flat_map(|program| program.names.iter().map(move |name| (*name, program.model))).collect()
});

/// The model of a program.
#[must_use]
pub fn model(name: &str) -> Option<Model> {
    // On file systems that ignore case, `GIT` is `git`.
    MODELS.get(name).or_else(|| MODELS.get(name.to_ascii_lowercase().as_str())).copied()
}

/// A tool with which projects are built, tested, linted or formatted.
#[must_use]
pub fn project_tool(name: &str) -> bool {
    project::PROGRAMS.iter().any(|program| program.names.contains(&name))
}

/// A program's name without its folder.
#[must_use]
pub fn base_name(name: &str) -> &str {
    let base = name.rsplit('/').next().unwrap_or(name);
    base.strip_suffix(".exe").unwrap_or(base)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_name_has_one_model() {
        let mut names: Vec<&str> =
            super::programs().flat_map(|program| program.names.iter().copied()).collect();
        names.sort_unstable();
        let twice: Vec<&str> =
            names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        assert_eq!(twice, [""; 0]);
    }
}

#[cfg(test)]
pub(crate) mod testing;
