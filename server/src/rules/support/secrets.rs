//! What counts as a secret, for the rules about reading and sending.

use super::names;
use crate::effects::{Remote, Source, secret_variable};
use crate::rules::Context;
use crate::world::{Role, SecretKind};

/// The kind of secret in words.
pub(in crate::rules) fn kind(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::PrivateKey => "a private key",
        SecretKind::Cloud => "keys to a cloud",
        SecretKind::Registry => "a token of a package registry",
        SecretKind::Forge => "a token of a forge",
        SecretKind::Cluster => "keys to a cluster",
        SecretKind::Environment => "the project's secrets",
        SecretKind::Passwords => "passwords",
        SecretKind::Browser => "a browser's cookies and passwords",
        SecretKind::Wallet => "a wallet",
        SecretKind::System => "the machine's own passwords",
        SecretKind::Other => "a secret",
    }
}

/// The source is a secret; says which, in words.
pub(in crate::rules) fn of_source(context: &Context<'_>, source: &Source) -> Option<String> {
    match source {
        Source::File(place) => match place.role {
            Role::Secret(what) => Some(format!("{} ({})", names::place(context.world, place), kind(what))),
            Role::History => {
                Some(format!("{} (what was typed into shells)", names::place(context.world, place)))
            }
            Role::AgentRecord => {
                Some(format!("{} (an agent's conversations)", names::place(context.world, place)))
            }
            _ => None,
        },
        Source::Variable(name) if is_secret_name(name) => {
            Some(format!("the variable {}", names::quoted(name)))
        }
        Source::Environment => Some("all variables of the environment, tokens included".to_owned()),
        Source::Secret(what) => Some(what.clone()),
        Source::Variable(_) | Source::Url(_) | Source::Output(_) => None,
    }
}

/// Whose secret it is, by the kind that its form tells, and the domains of that service.
const OWN: [(&str, &[&str]); 13] = [
    ("AWS access key", &["amazonaws.com", "aws.amazon.com"]),
    ("GitHub token", &["github.com", "githubusercontent.com", "ghcr.io"]),
    ("GitLab token", &["gitlab.com"]),
    ("Slack token", &["slack.com"]),
    ("Slack webhook", &["slack.com"]),
    ("Anthropic key", &["anthropic.com"]),
    ("OpenAI key", &["openai.com", "openai.azure.com"]),
    ("Google key", &["googleapis.com", "google.com"]),
    ("Google token", &["googleapis.com", "google.com"]),
    ("Stripe key", &["stripe.com"]),
    ("npm token", &["npmjs.org", "npmjs.com"]),
    ("Hugging Face token", &["huggingface.co", "hf.co"]),
    ("SendGrid key", &["sendgrid.com", "sendgrid.net"]),
];

/// The secret goes to the very service that it is for.
pub(in crate::rules) fn is_at_home(source: &Source, to: &Remote) -> bool {
    let (Source::Secret(kind), Some(host)) = (source, &to.host) else { return false };
    OWN.iter()
        .filter(|(known, _)| known == kind)
        .flat_map(|(_, domains)| *domains)
        .any(|domain| host == domain || host.strip_suffix(domain).is_some_and(|before| before.ends_with('.')))
}

/// The variable is named as secrets are named. What leaves is judged by a wider net than what is shown:
/// a name that only says "key" is enough.
fn is_secret_name(name: &str) -> bool {
    secret_variable(name) || name.to_ascii_uppercase().ends_with("_KEY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_secret_variables_by_their_names() {
        assert!(is_secret_name("GITHUB_TOKEN"));
        assert!(is_secret_name("aws_secret_access_key"));
        assert!(is_secret_name("MAPS_KEY"));
        assert!(is_secret_name("DATABASE_URL"));
        assert!(!is_secret_name("PATH"));
        assert!(!is_secret_name("KEYBOARD"));
    }
}
