//! Reading secrets.

use banksman_protocol::Decision;

use super::Context;
use super::support::{names, secrets};
use crate::consent::Operation;
use crate::effects::{Effect, EffectKind, Remote, ServiceClass};
use crate::verdict::Finding;
use crate::world::{Place, Role, Scope, SecretKind};

pub(super) const NAME: &str = "secret-read";

/// Addresses at which a cloud hands out the keys of the machine that asks.
const METADATA_HOSTS: [&str; 6] = [
    "169.254.169.254",
    "metadata.tencentyun.com",
    "metadata.google.internal",
    "169.254.170.2",
    "100.100.100.200",
    "fd00:ec2::254",
];

/// Adds what it finds.
pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    for effect in context.effects {
        match &effect.kind {
            EffectKind::Read { place } => file(context, effect, place, "show", findings),
            EffectKind::Move { from, .. } if from.scope != Scope::Workspace => {
                file(context, effect, from, "move", findings)
            }
            EffectKind::Link { to, .. } if to.scope != Scope::Workspace => {
                file(context, effect, to, "link to", findings)
            }
            EffectKind::Secret { what } => {
                let message = format!(
                    "This would show {what} to the agent, and with it to everything that the agent's conversation reaches."
                );
                push(
                    effect,
                    Decision::Ask,
                    message,
                    names::words(what),
                    format!("The user asks for {what}."),
                    findings,
                );
            }
            EffectKind::Service { service, operation, target, class: ServiceClass::ReadSecret, .. } => {
                let mut targets = names::words(target);
                targets.extend(names::words(service));
                let who = names::quoted(&format!("{service} {operation}"));
                kept(effect, &who, target, targets, findings);
            }
            EffectKind::Tool { server, tool, target, class: ServiceClass::ReadSecret } => {
                let mut targets = names::words(target);
                targets.extend([server.clone(), tool.clone()]);
                kept(effect, &format!("The tool {}", names::quoted(tool)), target, targets, findings);
            }
            EffectKind::Fetch { from, .. } if is_metadata(from) => {
                let message = format!(
                    "{} hands out the keys of this machine to whoever asks from it.",
                    names::quoted(&from.shown)
                );
                push(
                    effect,
                    Decision::Block,
                    message,
                    names::of_remote(from),
                    "The user names that address.".to_owned(),
                    findings,
                );
            }
            _ => {}
        }
    }
}

fn file(context: &Context<'_>, effect: &Effect, place: &Place, verb: &str, findings: &mut Vec<Finding>) {
    let (decision, what) = match place.role {
        Role::Secret(kind)
            if names::own(effect)
                && matches!(place.scope, Scope::Workspace | Scope::Temp)
                && kind != SecretKind::System =>
        {
            return;
        }
        Role::Secret(SecretKind::Environment) => (Decision::Ask, secrets::kind(SecretKind::Environment)),
        Role::Secret(kind) if matches!(place.scope, Scope::Workspace | Scope::Temp) => {
            (Decision::Ask, secrets::kind(kind))
        }
        Role::Secret(kind) => (Decision::Block, secrets::kind(kind)),
        Role::History => (Decision::Ask, "what was typed into shells, passwords among it"),
        _ if rules_machine(place) => {
            (Decision::Ask, "the socket of a daemon, and who talks to it can start anything as root")
        }
        _ => return,
    };
    if context.world.trail().made(&place.path) {
        return;
    }
    let name = names::place(context.world, place);
    let message =
        format!("This would {verb} {name}: {what}. Once read, it stands in the agent's conversation.");
    push(
        effect,
        decision,
        message,
        names::of_place(context.world, place),
        format!("The user names {name} and says to read it."),
        findings,
    );
}

/// A secret that `who` keeps elsewhere.
fn kept(effect: &Effect, who: &str, secret: &str, targets: Vec<String>, findings: &mut Vec<Finding>) {
    let secret = names::quoted(secret);
    let message = format!("{who} would show a secret ({secret}) to the agent.");
    let clears = format!("The user asks for the secret {secret}.");
    push(effect, Decision::Ask, message, targets, clears, findings);
}

fn push(
    effect: &Effect,
    decision: Decision,
    message: String,
    targets: Vec<String>,
    clears: String,
    findings: &mut Vec<Finding>,
) {
    findings.push(
        Finding::new(NAME, decision, effect, message)
            .unless(names::need(&[Operation::ReadSecret], targets), clears)
            .instead("Let the program that needs the secret read it by itself, or look only at the names, not the values."),
    );
}

/// Behind these sockets stand daemons that start containers with any rights.
fn rules_machine(place: &Place) -> bool {
    ["docker.sock", "podman.sock", "containerd.sock", "crio.sock"].contains(&place.name())
}

fn is_metadata(remote: &Remote) -> bool {
    remote.host.as_deref().is_some_and(|host| METADATA_HOSTS.contains(&host))
}
