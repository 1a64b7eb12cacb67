//! Rewriting commits that somebody else may have, or cutting off the way back.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;

pub(super) const NAME: &str = "rewritten-history";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::GitRewrite { what, published, recoverable } = &effect.kind else { continue };
        let shown = names::quoted(what);
        let (decision, message) = match (published, recoverable) {
            (true, false) => (
                Decision::Block,
                format!("{shown} would rewrite commits that others may have and leave no way back to them."),
            ),
            (false, false) => (
                Decision::Ask,
                format!(
                    "{shown} would cut commits off for good: not even the reflog would lead back to them."
                ),
            ),
            (true, true) => (
                Decision::Ask,
                format!(
                    "{shown} would rewrite commits that are already on the remote, so that it can only be pushed by force."
                ),
            ),
            (false, true) => continue,
        };
        findings.push(
            Finding::new(NAME, decision, effect, message)
                .unless(
                    names::need(&[Operation::RewriteHistory, Operation::ForcePush], branch_names(context, what)),
                    "The user asks for this history to be rewritten.",
                )
                .instead("Add a new commit (`git revert`, `git commit --fixup`), or make a branch that keeps the old commits first."),
        );
    }
}

fn branch_names(context: &Context<'_>, what: &str) -> Vec<String> {
    let mut targets = names::words(what);
    targets.push("@branch".to_owned());
    if let Some(branch) = context.world.git(context.world.cwd()).and_then(|git| git.branch.clone()) {
        targets.push(branch);
    }
    targets
}
