//! What of a prompt is the user's own: paragraphs and code, without what is only shown.

pub(super) enum Block {
    Text(String),
    Code(String),
}

/// Takes out what stands between tags that tools and pastes use.
pub(super) fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tagged) = rest.split_at(at);
        out.push_str(before);
        let inner = tagged.strip_prefix('<').unwrap_or(tagged);
        let name: String =
            inner.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
        let close = format!("</{name}>");
        let known = name.contains(['-', '_']) || QUOTING_TAGS.contains(&name.to_ascii_lowercase().as_str());
        if name.is_empty() || !known {
            out.push('<');
            rest = inner;
            continue;
        }
        out.push('\n');
        rest = match tagged.find(&close) {
            Some(end) => tagged.get(end + close.len()..).unwrap_or_default(),
            None if tagged.get(name.len() + 1..).is_some_and(|after| after.starts_with('>')) => "",
            None => inner,
        };
    }
    out.push_str(rest);
    out
}

const QUOTING_TAGS: [&str; 20] = [
    "issue",
    "output",
    "result",
    "results",
    "stdout",
    "stderr",
    "document",
    "documents",
    "context",
    "log",
    "logs",
    "file",
    "error",
    "diff",
    "email",
    "message",
    "page",
    "content",
    "example",
    "quote",
];

/// Paragraphs and code blocks, without quoted lines and what is pasted.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut all = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut code: Option<(String, Vec<&str>)> = None;
    let mut quoting = false;
    let flush = |paragraph: &mut Vec<&str>, all: &mut Vec<Block>| {
        if !paragraph.is_empty() {
            all.push(Block::Text(join_lines(paragraph)));
            paragraph.clear();
        }
    };
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some((fence, lines)) = &mut code {
            if trimmed.starts_with(fence.as_str()) {
                all.push(Block::Code(lines.join("\n")));
                code = None;
            } else {
                lines.push(line);
            }
            continue;
        }
        if trimmed.starts_with("\"\"\"") || trimmed.starts_with("'''") {
            flush(&mut paragraph, &mut all);
            quoting = !quoting;
            continue;
        }
        if quoting {
            continue;
        }
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            flush(&mut paragraph, &mut all);
            code = Some((trimmed.chars().take(3).collect(), Vec::new()));
        } else if trimmed.is_empty() || is_shown(line) {
            flush(&mut paragraph, &mut all);
        } else if introduces_paste(trimmed) {
            // The rest is somebody else's text, and where it ends cannot be told.
            paragraph.push(trimmed);
            flush(&mut paragraph, &mut all);
            let fenced = text.get(offset_after(text, line)..).is_some_and(|rest| {
                let rest = rest.trim_start();
                rest.starts_with("```")
                    || rest.starts_with("~~~")
                    || rest.starts_with('>')
                    || rest.starts_with("\"\"\"")
            });
            if !fenced {
                break;
            }
        } else {
            paragraph.push(trimmed);
        }
    }
    flush(&mut paragraph, &mut all);
    if let Some((_, lines)) = code {
        all.push(Block::Code(lines.join("\n")));
    }
    all
}

fn offset_after(text: &str, line: &str) -> usize {
    (line.as_ptr() as usize).saturating_sub(text.as_ptr() as usize) + line.len()
}

/// The line is shown, not said: a quotation, a log, a diff, a trace.
fn is_shown(line: &str) -> bool {
    let line = line.trim_start();
    let starts = [
        ">",
        "$ ",
        "diff --git",
        "@@ ",
        "+++ ",
        "--- ",
        "Traceback (",
        "File \"",
        "at ",
        "error[",
        "error:",
        "ERROR",
        "WARN",
        "INFO",
        "DEBUG",
        "FATAL",
        "fatal:",
        "warning:",
        "npm ERR",
        "remote:",
        "panicked at",
        "thread '",
        "E   ",
        "| ",
    ];
    let first = line.chars().next().unwrap_or(' ');
    let stamp = line.chars().take(19).filter(char::is_ascii_digit).count() >= 8
        && line.chars().take(24).any(|c| c == ':');
    let bracketed = first == '['
        && line.contains(']')
        && !line.contains("](")
        && !line.starts_with("[ ]")
        && !line.starts_with("[x]");
    let traced = !line.starts_with("at ") || line.contains('(');
    let started = traced && starts.iter().any(|start| line.starts_with(start));
    started || stamp || bracketed
}

/// "Here is the issue:", "The log says:".
fn introduces_paste(line: &str) -> bool {
    let Some(line) = line.strip_suffix(':') else { return false };
    let low = line.to_lowercase();
    let has = |words: &[&str]| low.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
    has(&[
        "issue",
        "issues",
        "log",
        "logs",
        "output",
        "error",
        "message",
        "mail",
        "email",
        "comment",
        "comments",
        "review",
        "readme",
        "docs",
        "documentation",
        "trace",
        "stacktrace",
        "traceback",
        "ticket",
        "report",
        "response",
        "description",
        "instructions",
        "transcript",
        "thread",
        "post",
        "page",
        "content",
        "contents",
    ]) && has(&[
        "here",
        "following",
        "this",
        "says",
        "said",
        "reads",
        "from",
        "the",
        "below",
        "get",
        "got",
        "see",
        "its",
    ]) && !has(&["fix", "address", "do", "tasks"])
}

/// Lines of one paragraph: a line break ends a sentence unless the line was only wrapped.
fn join_lines(lines: &[&str]) -> String {
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            let before = lines.get(at - 1).copied().unwrap_or_default();
            out.push(if is_wrapped(before, line) { ' ' } else { '\n' });
        }
        out.push_str(line);
    }
    out
}

fn is_wrapped(before: &str, line: &str) -> bool {
    let last = before.rsplit(' ').next().unwrap_or_default().to_lowercase();
    if HANGING.contains(&last.as_str()) || before.ends_with(',') {
        return !is_item(line);
    }
    let upper = line.chars().next().is_some_and(char::is_uppercase);
    before.chars().count() >= 60 && !upper && !is_item(line) && !before.ends_with(['.', '!', '?', ':', ';'])
}

const HANGING: [&str; 28] = [
    "not", "don't", "never", "to", "the", "a", "an", "and", "or", "with", "of", "in", "on", "at", "by",
    "for", "please", "you", "must", "should", "can", "no", "without", "only", "until", "before", "do", "nor",
];

pub(super) fn is_item(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        Some('-' | '*' | '•' | '+') => chars.next() == Some(' '),
        Some(c) if c.is_ascii_digit() => {
            chars.find(|c| !c.is_ascii_digit()).is_some_and(|c| matches!(c, '.' | ')'))
                && chars.next() == Some(' ')
        }
        _ => false,
    }
}
