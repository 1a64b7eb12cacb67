//! A brief for a subagent that orders what the user has forbidden.

use super::{Boundary, BoundaryForce, Consent, Operation, Target};

/// What leaves traces that a subagent must not leave in the user's stead.
const GRAVE: [Operation; 14] = [
    Operation::Push,
    Operation::ForcePush,
    Operation::Delete,
    Operation::Discard,
    Operation::Deploy,
    Operation::Publish,
    Operation::Release,
    Operation::Merge,
    Operation::Propose,
    Operation::Message,
    Operation::Pay,
    Operation::Database,
    Operation::ServiceDelete,
    Operation::RewriteHistory,
];

/// The brief asks for what the boundary forbids, and no later words of the user allow it.
pub(super) fn crosses(consent: &Consent, boundary: &Boundary, brief: &str) -> bool {
    if boundary.operations.is_empty() || boundary.force == BoundaryForce::Only {
        return false;
    }
    let mut ordered = Consent::default();
    ordered.hear(brief);
    ordered.grants.iter().any(|order| {
        let forbidden = GRAVE.contains(&order.operation) && boundary.operations.contains(&order.operation);
        let meant = match (&boundary.target, &order.target) {
            (Target::Any, _) => true,
            (Target::Named(forbidden), Target::Named(ordered)) => {
                forbidden.iter().any(|name| ordered.contains(name))
            }
            (Target::Named(_), Target::Any) => false,
        };
        let lifted = consent
            .grants
            .iter()
            .any(|grant| grant.order > boundary.order && grant.operation == order.operation);
        forbidden && meant && !lifted
    })
}
