//! Data in services and volumes that would be gone for ever.

use banksman_protocol::{Certainty, Decision};

use super::Context;
use super::support::services;
use crate::consent::Operation;
use crate::effects::{ServiceClass, ServiceReach};
use crate::verdict::Finding;

pub(super) const NAME: &str = "destroyed-data";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let Some(deed) = services::deed(effect) else { continue };
        if deed.class != ServiceClass::Destroy {
            continue;
        }
        // Of a database for development on this machine the user decides with a word; a volume may hold anything.
        let here = deed.reach == ServiceReach::Local && is_for_development(deed.service);
        let unsure = effect.certainty == Certainty::Possible;
        let decision = if here || unsure { Decision::Ask } else { Decision::Block };
        let place = if deed.reach == ServiceReach::Local { "on this machine" } else { "beyond this machine" };
        findings.push(
            Finding::new(
                NAME,
                decision,
                effect,
                format!("{} would remove data for ever{}, {place}.", deed.shown(), deed.on()),
            )
            .unless(
                deed.need(&[Operation::ServiceDelete, Operation::Delete], true),
                "The user names what is to be destroyed and says to destroy it.",
            )
            .instead("Make a backup first, or show the user what would be gone."),
        );
    }
}

/// What projects keep on this machine to be made again: databases, queues, machines.
fn is_for_development(service: &str) -> bool {
    matches!(
        service,
        "postgres"
            | "mysql"
            | "sqlite"
            | "duckdb"
            | "mongodb"
            | "redis"
            | "clickhouse"
            | "cassandra"
            | "sqlserver"
            | "influx"
            | "database"
            | "kafka"
            | "queue"
            | "etcd"
            | "virtual machine"
            | "local cluster"
            | "aws"
            | "cloud"
    )
}
