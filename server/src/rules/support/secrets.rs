//! What counts as a secret, for the rules about reading and sending.

use super::names;
use crate::effects::{Remote, SendHow, Source, secret_variable};
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
const OWN: [(&str, &[&str]); 14] = [
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
    ("Docker token", &["docker.io", "docker.com"]),
];

/// The secret goes to the very service that it is for, as its form tells; of a login, as the name of its variable
/// or of its folder does, too.
pub(in crate::rules) fn is_at_home(source: &Source, to: &Remote, how: SendHow) -> bool {
    let Some(host) = &to.host else { return false };
    let names: Vec<String> = match source {
        Source::Variable(name) if how == SendHow::Login => name.split('_').map(str::to_owned).collect(),
        Source::File(place) if how == SendHow::Login => {
            place.path.iter().map(|part| part.to_string_lossy().trim_start_matches('.').to_owned()).collect()
        }
        _ => Vec::new(),
    };
    let is_for = |known: &str| {
        let service = known.split(' ').next().unwrap_or(known);
        let short = if service == "GitHub" { "GH" } else { service };
        matches!(source, Source::Secret(kind) if kind == known)
            || names.iter().any(|name| name.eq_ignore_ascii_case(service) || name.eq_ignore_ascii_case(short))
    };
    OWN.iter()
        .filter(|(known, _)| is_for(known))
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
