//! Finds hosts, addresses, paths, packages, recipients and command lines in a text, in one pass.

mod words;

use super::MentionKind;
use super::mentions::MENTION_LIMIT;
pub(super) use words::COMMON_WORDS;
use words::{EXTENSIONS, INSTALLERS, TOP_DOMAINS};

/// How many mentions are taken from one text.
const FOUND_LIMIT: usize = 20_000;
/// How long a command line may be to be remembered.
const COMMAND_LIMIT: usize = 400;

/// The first `limit` bytes, cut between characters.
pub(super) fn head(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Reports every mention in `text`, in order, repeats included.
pub(super) fn scan(text: &str, found: &mut dyn FnMut(MentionKind, &str)) {
    let mut left = FOUND_LIMIT;
    let mut report = |kind: MentionKind, text: &str| {
        if left > 0 {
            left -= 1;
            found(kind, text);
        }
    };
    let mut fence = Fence::None;
    for line in text.lines() {
        let trimmed = line.trim_start();
        if let Some(rest) = trimmed.strip_prefix("```").or_else(|| trimmed.strip_prefix("~~~")) {
            fence = fence.turn(rest.trim());
            continue;
        }
        command_line(trimmed, fence, &mut report);
        if line.len() <= 64 * 1024 {
            packages(trimmed, &mut report);
        }
        for token in trimmed.split(|c: char| c.is_whitespace() || "\"'`<>()[]{}|,;\\".contains(c)) {
            one(token, trimmed, &mut report);
        }
    }
}

/// Whether we are in a block of code, and of which kind.
#[derive(Clone, Copy, PartialEq)]
enum Fence {
    None,
    Shell,
    Other,
}

impl Fence {
    fn turn(self, language: &str) -> Self {
        if self != Self::None {
            return Self::None;
        }
        let language =
            language.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
        match language.as_str() {
            "" | "sh" | "bash" | "shell" | "zsh" | "console" | "terminal" | "shellsession" | "fish"
            | "cmd" | "text" => Self::Shell,
            _ => Self::Other,
        }
    }
}

/// A line after a prompt sign or in a block of shell code, and what stands between backticks.
fn command_line(line: &str, fence: Fence, report: &mut impl FnMut(MentionKind, &str)) {
    let prompted = ["$ ", "% ", "> "].iter().find_map(|sign| line.strip_prefix(sign));
    let whole = match (prompted, fence) {
        (Some(rest), _) if line.starts_with("$ ") || fence == Fence::Shell => Some(rest),
        (_, Fence::Shell) => Some(line),
        _ => None,
    };
    if let Some(command) = whole.map(str::trim).filter(|command| is_command(command)) {
        report(MentionKind::Command, command);
    }
    if fence == Fence::None && line.contains('`') {
        for (nth, part) in line.split('`').enumerate() {
            if nth % 2 == 1 && is_command(part) {
                report(MentionKind::Command, part);
            }
        }
    }
    if fence == Fence::None {
        for lead in ["run:", "execute:", "command:", "run ", "execute "] {
            if let Some((_, rest)) = line.split_once(lead)
                && is_command(rest.trim())
            {
                report(MentionKind::Command, rest.trim().trim_end_matches(['.', '`', '"']));
                break;
            }
        }
    }
}

fn is_command(text: &str) -> bool {
    text.len() > 3
        && text.len() <= COMMAND_LIMIT
        && text.contains(' ')
        && text.starts_with(|c: char| c.is_ascii_alphanumeric() || "./~_$".contains(c))
}

/// The names after `pip install` and its kin.
fn packages(line: &str, report: &mut impl FnMut(MentionKind, &str)) {
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || "`\"'()|;&".contains(c))
        .filter(|word| !word.is_empty())
        .take(4_000)
        .collect();
    for at in 0..words.len() {
        let Some(rest) = words.get(at..) else { return };
        let Some(installer) = INSTALLERS.iter().find(|installer| rest.starts_with(installer)) else {
            continue;
        };
        let mut value_next = false;
        for word in rest.iter().skip(installer.len()).take(40) {
            if std::mem::take(&mut value_next) {
                continue;
            }
            if word.starts_with('-') {
                value_next = matches!(
                    *word,
                    "-r" | "-c"
                        | "-i"
                        | "--index-url"
                        | "--extra-index-url"
                        | "--registry"
                        | "-t"
                        | "-e"
                        | "-v"
                        | "-p"
                        | "--name"
                );
                continue;
            }
            let plausible = word.len() <= 214
                && word.chars().all(|c| c.is_ascii_alphanumeric() || "@/._-+=<>~!^[]:*".contains(c))
                && word.chars().any(char::is_alphanumeric);
            if !plausible {
                break;
            }
            let last = word.ends_with(['.', ':', '!']);
            let word = word.trim_end_matches(['.', ':', '!']);
            if COMMON_WORDS.contains(&word) {
                break;
            }
            report(MentionKind::Package, word);
            if last || installer.len() == 1 {
                break;
            }
        }
    }
}

/// What one token names.
fn one(token: &str, line: &str, report: &mut impl FnMut(MentionKind, &str)) {
    let token = token.trim_end_matches(['.', ':', '!', '?', '*', '…']).trim_start_matches(['*', '=', ':']);
    if token.len() < 2 || token.len() > 2_048 {
        return;
    }
    if let Some(at) = token.find("://") {
        let start = token
            .get(..at)
            .and_then(|before| before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '+')))
            .map_or(0, |before| before + 1);
        let address = token.get(start..).unwrap_or(token).trim_start_matches(|c: char| !c.is_ascii());
        if address.starts_with("file://") {
            report(MentionKind::Path, address);
        } else {
            report(MentionKind::Host, head(address, MENTION_LIMIT));
            report(MentionKind::Url, head(address, MENTION_LIMIT));
        }
        return;
    }
    let token = match token.split_once('=') {
        Some((_, value)) if value.len() > 1 && !token.contains('?') => value,
        _ => token,
    };
    if token.len() > 300 {
        return;
    }
    if let Some((user, domain)) = token.split_once('@') {
        return at_sign(token, user, domain, line, report);
    }
    if let Some(channel) = token.strip_prefix('#') {
        if !line.starts_with('#')
            && channel.len() >= 2
            && is_handle(channel)
            && channel.starts_with(char::is_alphabetic)
        {
            report(MentionKind::Recipient, token);
        }
        return;
    }
    if is_account(token) {
        report(MentionKind::Recipient, token);
        return;
    }
    let (before_slash, has_slash) =
        token.split_once('/').map_or((token, false), |(before, _)| (before, true));
    if is_host(before_slash) {
        report(MentionKind::Host, before_slash);
        if has_slash {
            report(MentionKind::Url, token);
        }
    }
    if is_path(token, has_slash) {
        report(MentionKind::Path, token);
    }
}

fn at_sign(token: &str, user: &str, domain: &str, line: &str, report: &mut impl FnMut(MentionKind, &str)) {
    if user.is_empty() {
        if domain.contains('/') {
            report(MentionKind::Package, token);
        } else if is_handle(domain) && !line.starts_with('@') {
            report(MentionKind::Recipient, token);
        }
        return;
    }
    let user = user.strip_prefix("mailto:").unwrap_or(user);
    let (host, rest) = domain.split_once([':', '/']).unwrap_or((domain, ""));
    let named = host.parse::<std::net::IpAddr>().is_ok()
        || (host.contains('.') && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-')));
    if !named || !user.chars().all(|c| c.is_alphanumeric() || "._%+-".contains(c)) {
        return;
    }
    report(MentionKind::Host, host);
    if rest.is_empty() {
        report(MentionKind::Recipient, &format!("{user}@{host}"));
    } else {
        report(MentionKind::Url, token);
    }
}

fn is_handle(text: &str) -> bool {
    text.len() <= 80 && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// An account number, a telephone number or a wallet.
fn is_account(token: &str) -> bool {
    let body = token.trim_start_matches('+');
    if !body.is_ascii() {
        return false;
    }
    let bytes = body.as_bytes();
    if (8..=24).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit) {
        return true;
    }
    if let Some(rest) = body.strip_prefix("0x") {
        return rest.len() == 40 && rest.bytes().all(|b| b.is_ascii_hexdigit());
    }
    if body.starts_with("bc1") && bytes.len() > 25 && bytes.iter().all(u8::is_ascii_alphanumeric) {
        return true;
    }
    let country = bytes.iter().take(2).all(u8::is_ascii_uppercase);
    let check = bytes.iter().skip(2).take(2).all(u8::is_ascii_digit);
    country
        && check
        && (14..=34).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// A bare host name or address, with or without a port.
fn is_host(token: &str) -> bool {
    let (name, port) = token.split_once(':').unwrap_or((token, ""));
    if !port.bytes().all(|b| b.is_ascii_digit()) {
        return token.matches(':').count() > 1 && token.parse::<std::net::IpAddr>().is_ok();
    }
    if name == "localhost" || name.parse::<std::net::IpAddr>().is_ok() {
        return true;
    }
    let Some((rest, top)) = name.rsplit_once('.') else { return false };
    let labels = name.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    });
    if !labels || rest.ends_with('_') || rest.len() < 2 {
        return false;
    }
    let top = top.to_ascii_lowercase();
    let country = top.len() == 2 && top.bytes().all(|b| b.is_ascii_lowercase());
    (country && rest.chars().any(char::is_alphabetic))
        || TOP_DOMAINS.contains(&top.as_str())
        || top.starts_with("xn--")
}

fn is_path(token: &str, has_slash: bool) -> bool {
    let plain = token.chars().all(|c| c.is_alphanumeric() || "/._-~+@%*?$:#".contains(c));
    if !plain {
        return false;
    }
    if has_slash {
        return token.chars().any(char::is_alphanumeric);
    }
    if let Some(rest) = token.strip_prefix('.') {
        return rest.len() >= 2 && rest.starts_with(char::is_alphabetic);
    }
    let bare = token.split(':').next().unwrap_or(token);
    bare.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty() && EXTENSIONS.contains(&ending.to_ascii_lowercase().as_str())
    })
}
