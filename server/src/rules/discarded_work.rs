//! Throwing away work that git does not keep.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::EffectKind;
use crate::verdict::Finding;

pub(super) const NAME: &str = "discarded-work";

/// From so many files on, removing untracked files is taken for destroying a tree.
const MANY: usize = 10;

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::GitDiscard { what, state } = &effect.kind else { continue };
        if state.recoverable() {
            continue;
        }
        let lost = state.lost();
        let untracked = state.untracked + state.ignored + state.unversioned;
        let loss = if lost == 0 {
            "work that no commit holds".to_owned()
        } else {
            format!("what {} hold that no commit has", names::files(lost))
        };
        let decision = if untracked >= MANY { Decision::Block } else { Decision::Ask };
        let message =
            format!("{} would throw away {loss}; git could not bring it back.", names::quoted(what));
        let mut targets = names::words(what);
        targets.push("@workspace".to_owned());
        if state.changed > 0 || state.capped {
            targets.push("@uncommitted".to_owned());
        }
        if state.changed == 0 && untracked > 0 {
            targets.push("@untracked".to_owned());
        }
        findings.push(
            Finding::new(NAME, decision, effect, message)
                .unless(
                    names::need(&[Operation::Discard, Operation::Delete], targets),
                    "The user says to discard the uncommitted changes.",
                )
                .instead("Run `git stash --include-untracked`, which keeps them."),
        );
    }
}
