//! Programs that act on services: forges, clouds, containers, clusters, databases, secret stores.
//!
//! Most of them say what they do by their first words, `gh repo delete` or `docker volume rm`, so a
//! program is a table of such words. A row holds patterns, parted by `;`; the first that fits counts.

use super::common::{observe, printed};
use super::{Call, Program};
use crate::effects::argv::{Arg, Parsed, Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{
    EffectKind, Elsewhere, Remote, SendHow, ServiceClass, ServiceReach, Source, secret_variable,
};
use crate::world::Role;

mod pattern;
mod table;
mod given;
mod reach;

mod forges;
mod containers;
mod clusters;
mod clouds;
mod deploys;
mod databases;

pub(crate) use containers::MIGHTY_CAPABILITIES;
pub(in crate::effects) use databases::of_task;
use given::{Given, follow};
use reach::{by_names, is_production, local, remote};
use table::*;

/// The programs that are tables.
const TOOLS: &[&[Tool]] = &[
    forges::TOOLS,
    containers::TOOLS,
    clusters::TOOLS,
    clouds::TOOLS,
    deploys::TOOLS,
    databases::MIGRATORS,
    databases::QUEUES,
];

/// The programs of which a table does not say all.
const PROGRAMS: &[&[Program]] = &[
    containers::PROGRAMS,
    clusters::PROGRAMS,
    deploys::PROGRAMS,
    databases::CLIENTS,
    databases::DOCUMENTS,
    databases::TASKS,
];

fn tools() -> impl Iterator<Item = &'static Tool> {
    TOOLS.iter().copied().flatten()
}

/// All programs of this family.
pub(super) fn programs() -> impl Iterator<Item = Program> {
    let tables = tools().map(|tool| Program { names: tool.names, model: tabled });
    PROGRAMS.iter().copied().flatten().copied().chain(tables)
}

/// The model of the programs that are tables.
fn tabled(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    match tools().find(|tool| tool.names.contains(&call.name)) {
        Some(tool) => follow(tool, call, shell),
        None => Value::default(),
    }
}

#[cfg(test)]
mod tests;
