//! Pushes that nobody asked for, and pushes that destroy.

use banksman_protocol::Decision;

use super::Context;
use super::support::names;
use crate::consent::Operation;
use crate::effects::{Effect, EffectKind, RefUpdate};
use crate::verdict::Finding;

pub(super) const NAME: &str = "unasked-push";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        let EffectKind::Push { remote, updates, known_remote } = &effect.kind else { continue };
        if !known_remote && !context.settings.trusts_remote(remote) {
            findings.push(elsewhere(context, effect, remote, updates));
        }
        for update in updates {
            let shared = update.shared || (!update.tag && context.settings.is_shared_branch(&update.name));
            findings.extend(one(context, effect, remote, &RefUpdate { shared, ..update.clone() }));
        }
        if updates.is_empty() && context.consent.has_scope() {
            let message = format!("This would push to {}, where others see it.", names::quoted(remote));
            findings.push(finding(
                effect,
                Decision::Ask,
                message,
                &[Operation::Push],
                vec![remote.clone(), "@branch".into()],
                "The user says to push.",
            ));
        }
    }
}

fn one(context: &Context<'_>, effect: &Effect, remote: &str, update: &RefUpdate) -> Option<Finding> {
    let shown = names::quoted(&update.name);
    let at = names::quoted(remote);
    let targets = targets(context, remote, update);
    let kind = if update.tag { "tag" } else { "branch" };
    let others = if update.shared { ", which others build on" } else { "" };
    if update.delete {
        let decision = if update.shared { Decision::Block } else { Decision::Ask };
        let message = format!(
            "This would delete the {kind} {shown} on {at}{others}. Commits that are nowhere else would be lost."
        );
        return Some(finding(
            effect,
            decision,
            message,
            &[Operation::DeleteRef],
            targets,
            &format!("The user says to delete {shown} on {at}."),
        ));
    }
    if update.force {
        let decision = if update.shared { Decision::Block } else { Decision::Ask };
        let message = format!(
            "This would replace the {kind} {shown} on {at}{others}. Commits that are only there would be lost."
        );
        return Some(finding(
            effect,
            decision,
            message,
            &[Operation::ForcePush],
            targets,
            &format!("The user says to force-push {shown}."),
        ));
    }
    if !context.consent.has_scope() {
        return None;
    }
    let (operations, words): (&[Operation], _) = if update.tag {
        (&[Operation::Tag], "to push the tag")
    } else {
        (&[Operation::Push, Operation::Propose], "to push")
    };
    let message = format!("This would push {shown} to {at}, where others see it. Nobody asked for that yet.");
    Some(finding(
        effect,
        Decision::Ask,
        message,
        operations,
        targets,
        &format!("The user says {words} {shown}."),
    ))
}

fn elsewhere(context: &Context<'_>, effect: &Effect, remote: &str, updates: &[RefUpdate]) -> Finding {
    let shown = names::quoted(remote);
    let mut targets = names::of_remote(&crate::effects::Remote::read(remote));
    targets.extend(names::words(remote));
    let what = updates.first().map_or_else(|| "commits".to_owned(), |update| names::quoted(&update.name));
    let message = format!(
        "This would push {what} to {shown}, which is none of the repository's remotes: the code would leave for another place."
    );
    let _ = context;
    finding(
        effect,
        Decision::Ask,
        message,
        &[Operation::Push, Operation::Send],
        targets,
        &format!("The user names {shown} and says to push there."),
    )
}

/// Every name by which the user may have called a ref on a remote.
fn targets(context: &Context<'_>, remote: &str, update: &RefUpdate) -> Vec<String> {
    // The bare name of a branch stands for the local one: who lets that go has not let go of the remote's.
    let mut targets = vec![format!("{remote}/{}", update.name)];
    if !update.delete || update.tag {
        targets.push(update.name.clone());
    }
    let checked_out = context.world.git(context.world.cwd()).and_then(|git| git.branch.clone());
    if !update.tag && !update.delete && checked_out.is_none_or(|branch| branch == update.name) {
        targets.push("@branch".to_owned());
    }
    if !update.delete && !update.force {
        targets.push(remote.to_owned());
    }
    targets
}

fn finding(
    effect: &Effect,
    decision: Decision,
    message: String,
    operations: &[Operation],
    targets: Vec<String>,
    clears: &str,
) -> Finding {
    let instead = match decision {
        Decision::Block => {
            "Push to a branch of its own, or add a commit that undoes the unwanted ones (`git revert`)."
        }
        _ => "Commit locally, and let the user push or say so.",
    };
    Finding::new(NAME, decision, effect, message)
        .unless(names::need(operations, targets), clears)
        .instead(instead)
}
