//! The plainest form of a name, in which two ways of writing it are the same.

use super::MentionKind;

/// Domains whose subdomains belong to different owners, and public suffixes of two parts.
const SHARED_DOMAINS: [&str; 68] = [
    "co.uk",
    "org.uk",
    "ac.uk",
    "gov.uk",
    "com.au",
    "net.au",
    "org.au",
    "co.nz",
    "co.jp",
    "co.kr",
    "co.in",
    "com.br",
    "com.cn",
    "com.tr",
    "com.mx",
    "com.sg",
    "co.za",
    "com.tw",
    "com.hk",
    "github.io",
    "gitlab.io",
    "githubusercontent.com",
    "herokuapp.com",
    "vercel.app",
    "netlify.app",
    "pages.dev",
    "workers.dev",
    "r2.dev",
    "web.app",
    "firebaseapp.com",
    "ngrok.io",
    "ngrok.app",
    "ngrok-free.app",
    "ngrok-free.dev",
    "trycloudflare.com",
    "loca.lt",
    "serveo.net",
    "amazonaws.com",
    "cloudfront.net",
    "elasticbeanstalk.com",
    "azurewebsites.net",
    "windows.net",
    "azureedge.net",
    "cloudapp.net",
    "appspot.com",
    "run.app",
    "cloudfunctions.net",
    "googleapis.com",
    "blogspot.com",
    "wordpress.com",
    "fly.dev",
    "railway.app",
    "onrender.com",
    "deno.dev",
    "repl.co",
    "replit.dev",
    "replit.app",
    "glitch.me",
    "surge.sh",
    "myshopify.com",
    "pipedream.net",
    "oast.fun",
    "oastify.com",
    "requestcatcher.com",
    "hf.space",
    "readthedocs.io",
    "duckdns.org",
    "sslip.io",
];

/// Hosts where the first two parts of a path say whose ground it is.
const FORGES: [&str; 8] = [
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "raw.githubusercontent.com",
    "huggingface.co",
    "gist.github.com",
    "api.github.com",
];

/// The plainest form of `text` as a name of this kind.
pub(super) fn plain(kind: MentionKind, text: &str) -> String {
    let text = text.trim();
    match kind {
        MentionKind::Host => host(text),
        MentionKind::Url => url(text),
        MentionKind::Path => path(text).to_owned(),
        MentionKind::Package => package(text),
        MentionKind::Command => command(text),
        MentionKind::Recipient => recipient(text),
    }
}

/// The host of an address of any form: lower case, no user, no port, no final dot, no `www.`.
pub(super) fn host(text: &str) -> String {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or(rest);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let bare = if let Some(inner) = authority.strip_prefix('[') {
        inner.split(']').next().unwrap_or(inner)
    } else if authority.matches(':').count() > 1 {
        authority
    } else {
        authority.split(':').next().unwrap_or(authority)
    };
    let lower = bare.trim_end_matches('.').to_lowercase();
    let lower = lower.strip_prefix("www.").map(str::to_owned).unwrap_or(lower);
    if !lower.is_empty() && lower.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, 'x' | '.')) {
        // `0x7f.1` and `2130706433` are addresses too.
        if let Ok(parsed) = url::Url::parse(&format!("http://{lower}/")) {
            return parsed.host_str().unwrap_or(&lower).to_owned();
        }
    }
    if !lower.is_ascii()
        && let Ok(parsed) = url::Url::parse(&format!("http://{lower}/"))
    {
        return parsed.host_str().unwrap_or(&lower).to_owned();
    }
    lower
}

/// The address without scheme, user, fragment and final slash.
fn url(text: &str) -> String {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or(rest);
    let scp = !text.contains("://") && rest.contains('@');
    let rest = match rest.split_once('@') {
        Some((user, after)) if !user.contains('/') => after,
        _ => rest,
    };
    let cut = rest.find(['/', '?', if scp { ':' } else { '/' }]).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at_checked(cut).unwrap_or((rest, ""));
    let tail = tail.trim_start_matches([':', '/']).trim_end_matches('/');
    let tail = tail.strip_suffix(".git").unwrap_or(tail);
    let host = host(authority);
    if tail.is_empty() { host } else { format!("{host}/{tail}") }
}

/// The path without `./`, `file://`, final slash and `:line:column`.
pub(super) fn path(text: &str) -> &str {
    let text = text.strip_prefix("file://").unwrap_or(text);
    let mut text = text;
    while let Some(rest) = text.strip_prefix("./") {
        text = rest.trim_start_matches('/');
    }
    for _ in 0..2 {
        if let Some((before, after)) = text.rsplit_once(':')
            && !after.is_empty()
            && after.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        {
            text = before;
        }
    }
    let trimmed = text.trim_end_matches('/');
    if trimmed.is_empty() { text } else { trimmed }
}

/// The package without version, extras and registry, `_` and `.` as `-`.
pub(super) fn package(text: &str) -> String {
    let text = text.trim_matches(['"', '\'', '`']);
    if text.contains("://") || text.starts_with("git@") {
        return url(text.strip_prefix("git+").unwrap_or(text));
    }
    let scoped = text.starts_with('@');
    let body = if scoped { text.get(1..).unwrap_or(text) } else { text };
    let end = body.find(['@', '=', '<', '>', '~', '!', '[', '^', ';', ':', ' ']).unwrap_or(body.len());
    let name = body.get(..end).unwrap_or(body).to_lowercase().replace(['_'], "-");
    if scoped { format!("@{name}") } else { name }
}

/// The command line with single spaces, without prompt signs.
pub(super) fn command(text: &str) -> String {
    let text = text.trim();
    let text = ["$ ", "> ", "% ", "# "].iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Who gets something: lower case, no `@`, `#`, `mailto:`; account numbers without spaces.
pub(super) fn recipient(text: &str) -> String {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let text = text.trim_start_matches(['@', '#', '+']);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = text.to_lowercase();
    if digits >= 8 && digits * 2 >= text.chars().filter(|c| c.is_alphanumeric()).count() {
        return plain.chars().filter(|c| c.is_alphanumeric()).collect();
    }
    plain
}

/// The domain that one owner has: `example.com` of `a.b.example.com`, but `me.github.io` of `me.github.io`.
pub(super) fn owner(host: &str) -> &str {
    if host.parse::<std::net::IpAddr>().is_ok() {
        return host;
    }
    let mut starts: Vec<usize> = host.rmatch_indices('.').map(|(at, _)| at + 1).collect();
    starts.push(0);
    let from = |nth: usize| starts.get(nth).and_then(|at| host.get(*at..)).unwrap_or(host);
    let two = from(1);
    if SHARED_DOMAINS.contains(&two) { from(2) } else { two }
}

/// How many parts of an address's path say whose ground it is.
pub(super) fn owner_parts(host: &str) -> usize {
    if FORGES.contains(&host) { 2 } else { 1 }
}
