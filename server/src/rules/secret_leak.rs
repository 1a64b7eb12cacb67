//! Secrets that would leave the machine.

use banksman_protocol::Decision;

use super::Context;
use super::support::{names, secrets};
use crate::consent::Operation;
use crate::effects::{Content, Effect, EffectKind, Remote, SendHow, Source};
use crate::trail::{MentionKind, Provenance};
use crate::verdict::Finding;
use crate::world::{Place, Role, Scope};

pub(super) const NAME: &str = "secret-leak";

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        if let EffectKind::Write { place, content: Some(content), .. } = &effect.kind {
            findings.extend(written(context, effect, place, content));
            continue;
        }
        let EffectKind::Send { to, what, how } = &effect.kind else { continue };
        if *how == SendHow::Commit {
            findings.extend(what.iter().filter_map(|source| committed(context, effect, source)));
            continue;
        }
        let away = what.iter().filter(|source| !secrets::is_at_home(source, to, *how));
        let secret = away.filter(|_| !to.local).find_map(|source| secrets::of_source(context, source));
        let Some(secret) = secret else { continue };
        if *how == SendHow::Login {
            findings.extend(login(context, effect, to, &secret));
            continue;
        }
        let finding = Finding::new(
            NAME,
            Decision::Block,
            effect,
            format!(
                "This would send {secret} to {}. A secret that has left cannot be called back.",
                names::quoted(&to.shown)
            ),
        )
        .hard()
        .instead(
            "Leave the secret out. If a service needs it, the user gives it to that service's own login.",
        );
        findings.push(finding);
    }
}

/// A secret that is shown to a host to be let in there, when neither the user nor the project knows that host.
/// A host that only a variable of the user's environment names is the user's own choice.
fn login(context: &Context<'_>, effect: &Effect, to: &Remote, secret: &str) -> Option<Finding> {
    let host = to.host.as_deref()?;
    let named = matches!(context.trail.named_by(MentionKind::Host, host), Provenance::User(_));
    let own = context.world.git(context.world.workspace()).is_some_and(|git| {
        git.remotes.iter().any(|remote| Remote::read(&remote.url).host.as_deref() == Some(host))
    });
    if named || own || context.settings.trusts_host(host) {
        return None;
    }
    let shown = names::quoted(host);
    let message = format!(
        "This would log in to {shown} with {secret}. The user has not named that host, and whoever runs it gets to see the secret."
    );
    Some(
        Finding::new(NAME, Decision::Ask, effect, message)
            .unless(
                names::need(&[Operation::Fetch, Operation::Send, Operation::Publish], names::of_remote(to)),
                format!("The user names {shown}, or the settings trust it."),
            )
            .instead("Ask the user whether the secret belongs to that host."),
    )
}

/// A file of secrets that git is told to keep.
fn committed(context: &Context<'_>, effect: &Effect, source: &Source) -> Option<Finding> {
    let Source::File(place) = source else { return None };
    if context.world.trail().made(&place.path) {
        return None;
    }
    let name = names::place(context.world, place);
    let message = format!(
        "This would put {name} into the history of the repository. With the next push, everybody who has the code has what stands in it."
    );
    Some(
        asked(context, effect, place, message, &[Operation::Commit, Operation::Send], "commit it")
            .instead("Leave it ignored, and commit an example of it without the values."),
    )
}

/// Parts of paths under which secrets are made up.
const MADE_UP: [&str; 12] = [
    "test", "spec", "fixture", "example", "sample", "mock", "doc", "demo", "snapshot", "stub", "fake",
    "readme",
];

/// A secret that is written where it would be committed and shared.
fn written(context: &Context<'_>, effect: &Effect, place: &Place, content: &Content) -> Option<Finding> {
    let Source::Secret(kind) = content.from.iter().find(|source| matches!(source, Source::Secret(_)))? else {
        return None;
    };
    let path = place.text().to_ascii_lowercase();
    let inner =
        path.strip_prefix(&context.world.workspace().to_string_lossy().to_ascii_lowercase()).unwrap_or(&path);
    let own = !matches!(place.role, Role::Ordinary | Role::Build | Role::Ci | Role::EditorTasks);
    if place.scope != Scope::Workspace || own || MADE_UP.iter().any(|word| inner.contains(word)) {
        return None;
    }
    let name = names::place(context.world, place);
    let message = format!(
        "This would write a {kind} into {name}, where a commit would share it with everybody who has the code."
    );
    Some(
        asked(context, effect, place, message, &[Operation::Edit, Operation::Create], "put it there")
            .instead("Read it from the environment or from an ignored file."),
    )
}

/// A finding that the user clears by naming the file and saying what may happen with it.
fn asked(
    context: &Context<'_>,
    effect: &Effect,
    place: &Place,
    message: String,
    operations: &[Operation],
    words: &str,
) -> Finding {
    let mut targets = vec!["@exact".to_owned()];
    targets.extend(names::of_place(context.world, place));
    Finding::new(NAME, Decision::Ask, effect, message).unless(
        names::need(operations, targets),
        format!("The user names {} and says to {words}.", names::place(context.world, place)),
    )
}
