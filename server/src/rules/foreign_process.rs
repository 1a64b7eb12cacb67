//! Ending processes that are not the session's.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::{EffectKind, Whose};
use crate::verdict::Finding;

pub(super) const NAME: &str = "foreign-process";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::Kill { target, whose } = &effect.kind else { continue };
        let shown = names::quoted(target);
        let (decision, message) = match whose {
            Whose::Ours => continue,
            Whose::Others => (
                Decision::Ask,
                format!(
                    "This would end {shown}, which this session did not start. Unsaved work in it would be lost."
                ),
            ),
            Whose::Everything => (
                Decision::Block,
                format!(
                    "This would end every process that it reaches ({shown}), the user's editor among them."
                ),
            ),
        };
        findings.push(
            Finding::new(NAME, decision, effect, message)
                .unless(
                    names::need(&[Operation::Kill], called(target)),
                    format!("The user says to end {shown}."),
                )
                .instead("End only what this session started, by its process id."),
        );
    }
}

/// The words of what is ended, and the port that it is found by.
fn called(target: &str) -> Vec<String> {
    let mut names = names::words(target);
    let ports = target.split(|c: char| !c.is_ascii_digit()).filter(|digits| (2..=5).contains(&digits.len()));
    for port in ports {
        names::add(&mut names, port);
    }
    names
}
