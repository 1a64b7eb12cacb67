//! What secrets look like.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, MatchKind};
use banksman_protocol::Span;
use regex::{Captures, Regex, RegexBuilder};

/// How much may be taken for a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// Only what is one.
    Sure,
    /// Whatever could be one.
    Any,
}

/// One form that secrets take.
struct Form {
    kind: &'static str,
    /// In lower case; one of them stands in or beside every secret of this form.
    signs: &'static [&'static str],
    /// The first group that took part is the secret; the whole match where there is none.
    pattern: &'static str,
    /// The form alone does not tell a secret from a placeholder.
    doubtful: bool,
}

const fn form(kind: &'static str, signs: &'static [&'static str], pattern: &'static str) -> Form {
    Form { kind, signs, pattern, doubtful: false }
}

const fn doubtful(kind: &'static str, signs: &'static [&'static str], pattern: &'static str) -> Form {
    Form { kind, signs, pattern, doubtful: true }
}

/// The forms, the telling ones first: where two overlap, the earlier one names the secret.
const FORMS: &[Form] = &[
    form(
        "private key",
        &["-----begin"],
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
    ),
    form("AWS access key", &["akia", "asia", "abia", "acca"], r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
    form(
        "GitHub token",
        &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
        r"\b(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255})\b",
    ),
    form(
        "GitLab token",
        &["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-"],
        r"\bgl(?:pat|dt|rt|cbt|ptt)-[A-Za-z0-9_.=-]{20,}",
    ),
    form("Slack token", &["xox", "xapp-"], r"\b(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}"),
    form(
        "Slack webhook",
        &["hooks.slack.com"],
        r"hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_-]{20,})",
    ),
    form("Anthropic key", &["sk-ant-"], r"\bsk-ant-[A-Za-z0-9_-]{20,}"),
    form("OpenAI key", &["sk-"], r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}"),
    form("Google key", &["aiza"], r"\bAIza[A-Za-z0-9_-]{35}"),
    form("Google token", &["ya29.", "gocspx-"], r"\b(?:ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})"),
    form(
        "Stripe key",
        &["k_live_", "k_test_", "whsec_"],
        r"\b(?:[rsp]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{20,})",
    ),
    form("npm token", &["npm_"], r"\bnpm_[A-Za-z0-9]{36}\b"),
    form("PyPI token", &["pypi-"], r"\bpypi-[A-Za-z0-9_-]{50,}"),
    form("Hugging Face token", &["hf_"], r"\bhf_[A-Za-z0-9]{30,}\b"),
    form("SendGrid key", &["sg."], r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    form("DigitalOcean token", &["dop_v1_", "doo_v1_", "dor_v1_"], r"\bdo[opr]_v1_[a-f0-9]{64}\b"),
    form("age key", &["age-secret-key-"], r"\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b"),
    form("JSON web token", &["eyj"], r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    doubtful(
        "authorization",
        &["authorization"],
        r#"(?i)\bauthorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer|token|digest|apikey|negotiate)\s+)?([^\s"'\\,;]{4,})"#,
    ),
    doubtful("bearer token", &["bearer "], r#"(?i)\bbearer\s+([A-Za-z0-9_.~+/=-]{16,})"#),
    doubtful(
        "password in an address",
        &["://"],
        r#"(?i)\b[a-z][a-z0-9+.-]*://[^\s/:@'"?#]*:([^\s/@'"]+)@[^\s/@'"]"#,
    ),
    doubtful(
        "password",
        &["password", "passwd", "passphrase", "pwd", "pass"],
        concat!(
            r#"(?i)(?:[\w-]*(?:password|passwd|passphrase)|\b(?:\w*[_-])?(?:pwd|pass))["']?"#,
            r#"(?:\s*(?::=|=>|=|:)\s*|\s+IS\s+)(?:"((?:[^"\\\n]|\\.)+)"|'([^'\n]+)'|([^\s"'`,;&|<>(){}\[\]\\]{3,}))"#,
        ),
    ),
    doubtful(
        "password",
        &["--password", "--passwd", "--passphrase", "--pass"],
        r#"(?i)--(?:[\w-]+-)?(?:password|passwd|passphrase|pass)[ =](?:"((?:[^"\\\n]|\\.)+)"|'([^'\n]+)'|([^\s"'`,;&|<>(){}\[\]\\-][^\s"'`,;&|<>(){}\[\]\\]{2,}))"#,
    ),
    doubtful(
        "secret",
        &["secret", "token", "api", "key", "credential"],
        concat!(
            r#"(?i)[\w-]*(?:secret|token|api[_-]?key|apikey|(?:access|private|signing|encryption|master|auth|service|account|storage)[_-]?key|credentials?)(?:[_-]?(?:id|key|value|base|hash))?["']?"#,
            r#"\s*(?::=|=>|=|:)\s*(?:"((?:[^"\\\n]|\\.)+)"|'([^'\n]+)'|([^\s"'`,;&|<>(){}\[\]\\]{6,}))"#,
        ),
    ),
    doubtful(
        "secret",
        &["--token", "--secret", "--api-key", "--apikey", "-key", "-token", "-secret"],
        r#"(?i)--(?:[\w-]+-)?(?:token|secret|api-?key|access-key|secret-key|private-key)[ =](?:"((?:[^"\\\n]|\\.)+)"|'([^'\n]+)'|([^\s"'`,;&|<>(){}\[\]\\-][^\s"'`,;&|<>(){}\[\]\\]{5,}))"#,
    ),
];

struct Search {
    signs: AhoCorasick,
    /// For each sign, the form it belongs to.
    form_of: Vec<usize>,
    /// Made when a sign of the form is first seen: most processes never see one.
    patterns: [OnceLock<Option<Regex>>; FORMS.len()],
}

static SEARCH: LazyLock<Option<Search>> = LazyLock::new(|| {
    let mut words = Vec::new();
    let mut form_of = Vec::new();
    for (index, form) in FORMS.iter().enumerate() {
        for sign in form.signs {
            words.push(*sign);
            form_of.push(index);
        }
    }
    let signs = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .build(words)
        .ok()?;
    Some(Search { signs, form_of, patterns: [const { OnceLock::new() }; FORMS.len()] })
});

/// Every thread that searches has such a cache of its own.
const CACHE_LIMIT: usize = 128 * 1024;

fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).dfa_size_limit(CACHE_LIMIT).build().ok()
}

/// Secrets in order, none inside another.
pub(super) fn find(text: &str, care: Care) -> Vec<(Span, &'static str)> {
    let Some(search) = SEARCH.as_ref() else { return Vec::new() };
    let mut wanted = [false; FORMS.len()];
    for sign in search.signs.find_overlapping_iter(text) {
        if let Some(flag) =
            search.form_of.get(sign.pattern().as_usize()).and_then(|form| wanted.get_mut(*form))
        {
            *flag = true;
        }
    }
    // By where they start; none overlaps another.
    let mut found: BTreeMap<usize, (usize, &'static str)> = BTreeMap::new();
    for ((form, pattern), _) in FORMS.iter().zip(&search.patterns).zip(wanted).filter(|(_, wanted)| *wanted) {
        let Some(pattern) = pattern.get_or_init(|| compile(form.pattern)) else { continue };
        for captures in pattern.captures_iter(text) {
            let Some((span, secret)) = secret_of(&captures) else { continue };
            if form.doubtful && !is_secret(secret, form.kind, care) {
                continue;
            }
            let before = found.range(..span.end).next_back();
            if before.is_none_or(|(_, (end, _))| *end <= span.start) {
                found.insert(span.start, (span.end, form.kind));
            }
        }
    }
    found.into_iter().map(|(start, (end, kind))| (Span::new(start, end), kind)).collect()
}

fn secret_of<'a>(captures: &Captures<'a>) -> Option<(Span, &'a str)> {
    let whole = captures.get(0)?;
    let secret = captures.iter().skip(1).flatten().next().unwrap_or(whole);
    Some((Span::new(secret.start(), secret.end()), secret.as_str()))
}

/// Whether a value that stands where secrets stand is one.
fn is_secret(value: &str, kind: &str, care: Care) -> bool {
    if is_placeholder(value) {
        return false;
    }
    let varied = value.chars().any(|c| c.is_ascii_digit()) && value.chars().any(|c| c.is_ascii_alphabetic());
    match (care, kind) {
        (Care::Any, "secret") => value.len() >= 8 && !is_code(value),
        (Care::Any, _) => true,
        (Care::Sure, "bearer token" | "authorization") => value.len() >= 16 && varied && !is_code(value),
        (Care::Sure, "password in an address") => value.len() >= 6 && varied,
        (Care::Sure, "password") => value.len() >= 8 && varied && !is_code(value),
        (Care::Sure, _) => value.len() >= 16 && varied && entropy(value) > 3.0 && !is_code(value),
    }
}

/// The value stands for one that is put in later.
fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let lower = lower.trim();
    let inserted = ["$", "{{", "<", "%(", "%{", "#{", "@", "\u{2039}redacted"]
        .iter()
        .any(|mark| lower.starts_with(mark));
    let spoken = [
        "your",
        "example",
        "changeme",
        "change_me",
        "change-me",
        "placeholder",
        "redacted",
        "dummy",
        "xxxx",
        "todo",
    ]
    .iter()
    .any(|word| lower.contains(word));
    let nothing = [
        "true",
        "false",
        "null",
        "none",
        "nil",
        "undefined",
        "yes",
        "no",
        "string",
        "str",
        "required",
        "secret",
    ];
    let repeated = lower.chars().next().is_some_and(|first| lower.chars().all(|c| c == first));
    inserted || spoken || repeated || nothing.contains(&lower)
}

/// The value is an expression, a path or a name in a program rather than a secret itself.
fn is_code(value: &str) -> bool {
    let path = value.starts_with(['/', '.', '~']) || value.contains("://");
    let call = value.contains('(') || value.contains("::") || value.ends_with(':');
    let dotted = value.split('.').count() > 1
        && value
            .split('.')
            .all(|part| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && part.len() < 24);
    path || call || dotted || value.contains(' ')
}

/// Bits a character.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let length = value.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / length;
            -share * share.log2()
        })
        .sum()
}

/// Forms whose pattern cannot be used.
#[cfg(test)]
pub(super) fn broken() -> Vec<&'static str> {
    FORMS.iter().filter(|form| compile(form.pattern).is_none()).map(|form| form.pattern).collect()
}
