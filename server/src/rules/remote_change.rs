//! Changes to systems that are not on this machine.

use banksman_protocol::Decision;

use super::Context;
use super::support::services;
use crate::consent::Operation;
use crate::effects::{ServiceClass, ServiceReach};
use crate::verdict::Finding;

pub(super) const NAME: &str = "remote-change";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let Some(deed) = services::deed(effect) else { continue };
        if deed.reach == ServiceReach::Local {
            continue;
        }
        let production = deed.reach == ServiceReach::Production;
        let quiet = !production && !context.consent.has_scope();
        let (decision, what, operations): (_, _, &[Operation]) = match deed.class {
            ServiceClass::Create if quiet && !is_bill(deed.service) => continue,
            ServiceClass::Change | ServiceClass::Run if quiet && is_forge(deed.service) => continue,
            ServiceClass::Create => (Decision::Ask, "would make something new", &[Operation::ServiceChange]),
            ServiceClass::Change => {
                (Decision::Ask, "would change something", &[Operation::ServiceChange, Operation::Database])
            }
            ServiceClass::Run => {
                (Decision::Ask, "would run something", &[Operation::ServiceChange, Operation::RunElsewhere])
            }
            ServiceClass::Delete => (
                if production { Decision::Block } else { Decision::Ask },
                "would remove something",
                &[Operation::ServiceDelete, Operation::Delete],
            ),
            ServiceClass::Grant => (
                if production { Decision::Block } else { Decision::Ask },
                "would give rights to somebody",
                &[Operation::Grant],
            ),
            ServiceClass::Pay => {
                (Decision::Ask, "would move money or bind the user to something", &[Operation::Pay])
            }
            _ => continue,
        };
        let exactly = matches!(deed.class, ServiceClass::Delete | ServiceClass::Grant | ServiceClass::Pay);
        let mut finding = Finding::new(
            NAME,
            decision,
            effect,
            format!("{} {what}{}, beyond this machine.", deed.shown(), deed.on()),
        )
        .unless(deed.need(operations, exactly), "The user names this change and what it is made to.")
        .instead("Look first (list, describe, plan, dry run), and show the user what would change.");
        finding.cleared_by = services::implied(context, effect);
        findings.push(finding);
    }
}

/// Where code lives: changes to labels and runs there are a part of the work on it.
fn is_forge(service: &str) -> bool {
    matches!(service, "github" | "gitlab" | "gitea" | "tracker")
}

/// What is made there runs on, and is paid for.
fn is_bill(service: &str) -> bool {
    matches!(
        service,
        "aws"
            | "gcloud"
            | "azure"
            | "cloud"
            | "storage"
            | "bigquery"
            | "kubernetes"
            | "helm"
            | "cluster"
            | "terraform"
            | "pulumi"
            | "infrastructure"
    )
}
