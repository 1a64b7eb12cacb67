//! A verdict, drawn: the evidence underlined in the command or file, what clears it, what instead.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use banksman::{action, redact};
use banksman_protocol::{Action, Certainty, Decision, EffectView, Finding, Reversibility, Span, Verdict};
use clap::builder::styling::{AnsiColor, Style};

/// How many lines of an action are shown when nothing of it is evidence.
const PLAIN_LINES: usize = 6;

/// How a verdict is drawn.
pub(super) struct Look<'a> {
    /// How wide lines may be, in columns.
    pub(super) width: usize,
    /// Show every effect.
    pub(super) verbose: bool,
    /// Reads a file in which evidence stands.
    pub(super) read: &'a dyn Fn(&Path) -> Option<String>,
    /// What people call a file.
    pub(super) name: &'a dyn Fn(&Path) -> String,
}

/// The verdict on an action, with styles in it. The spans count in the action as it is given,
/// which is without secrets.
pub(super) fn verdict(action: &Action, verdict: &Verdict, look: &Look<'_>) -> String {
    let source = Source::new(&action::text(action));
    let mut out = if verdict.findings.iter().any(counts) || verdict.decision != Decision::Allow {
        stopped(action, &source, verdict, look)
    } else {
        allowed(action, &source)
    };
    for finding in verdict.findings.iter().filter(|finding| !counts(finding)) {
        out.push_str(&cleared(finding, look.width));
    }
    if look.verbose {
        out.push_str(&effects(&verdict.effects, look.width));
        let quiet = Style::new().dimmed();
        let _ = writeln!(out, "{quiet}reviewed in {} µs{quiet:#}", verdict.elapsed_micros);
    }
    out
}

/// The finding stands: nothing has cleared it.
fn counts(finding: &Finding) -> bool {
    finding.cleared_by.is_none() && finding.decision > Decision::Allow
}

// ---- allowed ----------------------------------------------------------------------------------

fn allowed(action: &Action, source: &Source) -> String {
    let style = colour(Decision::Allow);
    let (first, more) = match source.text.split_once('\n') {
        Some((first, _)) => (first, " …"),
        None => (source.text.as_str(), ""),
    };
    let shown = match action {
        Action::Command { .. } => format!("{}{more}", shortened(first, 200)),
        Action::Edit { path, .. } => format!("edit {}", redact::escape_controls(path)),
        other => format!("{} {}{more}", other.kind(), shortened(first, 200)),
    };
    format!("{style}allow{style:#}: {shown}\n")
}

fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

// ---- asked and blocked ------------------------------------------------------------------------

fn stopped(action: &Action, source: &Source, verdict: &Verdict, look: &Look<'_>) -> String {
    let standing: Vec<&Finding> = verdict.findings.iter().filter(|finding| counts(finding)).collect();
    let level = match verdict.decision {
        Decision::Block => Level::ERROR.with_name("block"),
        Decision::Ask => Level::WARNING.with_name("ask"),
        Decision::Allow => Level::INFO.with_name("allow"),
    };
    let deciding = standing.iter().find(|finding| finding.message == verdict.summary);
    let here = annotations(&standing, source, verdict.decision);
    // The evidence is labelled with the rule; without evidence the title names it.
    let rule = deciding
        .filter(|finding| here.is_empty() && finding.place.is_none())
        .map(|finding| finding.rule.as_str());
    let indent = verdict.decision.as_str().len() + 2 + rule.map_or(0, |rule| rule.len() + 2);
    let title = level.primary_title(wrapped(&verdict.summary, look.width, indent));
    let mut group = Group::with_title(match rule {
        Some(rule) => title.id(rule),
        None => title,
    });
    let nothing_here = here.is_empty();
    let lines = source.text.lines().count();
    if !source.text.is_empty() && (!nothing_here || lines <= PLAIN_LINES) {
        let mut snippet = Snippet::source(source.text.as_str()).fold(!nothing_here).annotations(here);
        if let Action::Edit { path, old, .. } = action {
            snippet = snippet.path(redact::escape_controls(path).into_owned());
            snippet = snippet.line_start(first_line(path, old.as_deref(), look));
        }
        group = group.element(snippet);
    }
    for finding in &standing {
        if let Some(snippet) = elsewhere(finding, verdict.decision, look) {
            group = group.element(snippet);
        }
    }
    let mut told: Vec<(&str, &str)> = Vec::new();
    // What is weaker than the verdict is marked in the text above; to clear it would not help.
    for finding in standing.iter().filter(|finding| look.verbose || finding.decision >= verdict.decision) {
        if deciding.is_none_or(|deciding| *deciding != *finding) {
            let name = format!("{}[{}]", finding.decision, finding.rule);
            let text = wrapped(&finding.message, look.width, name.len() + 7);
            group = group.element(level_of(finding.decision).with_name(name).message(text));
        }
        for (name, text) in [("clears", &finding.clears), ("instead", &finding.instead)] {
            if !text.is_empty() && !told.contains(&(name, text)) {
                told.push((name, text));
                let text = wrapped(text, look.width, name.len() + 7);
                group = group.element(Level::HELP.with_name(name).message(text));
            }
        }
    }
    let renderer = Renderer::styled()
        .decor_style(DecorStyle::Unicode)
        .term_width(look.width)
        .error(colour(Decision::Block))
        .warning(colour(Decision::Ask))
        .info(colour(Decision::Allow))
        .help(AnsiColor::Cyan.on_default().bold());
    renderer.render(&[group]) + "\n"
}

/// The line of the file at which an edit begins, counted from 1.
fn first_line(path: &str, old: Option<&str>, look: &Look<'_>) -> usize {
    let file = old.and_then(|_| (look.read)(Path::new(path))).unwrap_or_default();
    let before = old.and_then(|old| file.split_once(old)).map_or("", |(before, _)| before);
    before.matches('\n').count() + 1
}

fn level_of(decision: Decision) -> Level<'static> {
    match decision {
        Decision::Block => Level::ERROR,
        Decision::Ask => Level::WARNING,
        Decision::Allow => Level::NOTE,
    }
}

/// The evidence in the text of the action. Findings with the same evidence share one line.
fn annotations<'a>(standing: &[&Finding], source: &Source, decision: Decision) -> Vec<Annotation<'a>> {
    let mut by_span: Vec<(Range<usize>, Vec<&str>, bool)> = Vec::new();
    for finding in standing.iter().filter(|finding| finding.place.is_none()) {
        let Some(span) = source.span(finding.span) else { continue };
        let decides = finding.decision >= decision;
        match by_span.iter_mut().find(|(known, _, _)| *known == span) {
            Some((_, rules, primary)) => {
                if !rules.contains(&finding.rule.as_str()) {
                    rules.push(&finding.rule);
                }
                *primary |= decides;
            }
            None => by_span.push((span, vec![&finding.rule], decides)),
        }
    }
    by_span
        .into_iter()
        .map(|(span, rules, primary)| {
            let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            kind.span(span).label(rules.join(", "))
        })
        .collect()
}

/// The evidence in a file that the action runs.
fn elsewhere<'a>(
    finding: &Finding,
    decision: Decision,
    look: &Look<'_>,
) -> Option<Snippet<'a, Annotation<'a>>> {
    let place = finding.place.as_ref()?;
    let line_number = usize::try_from(place.line).ok()?;
    let text = (look.read)(Path::new(&place.path))?;
    let line = text.lines().nth(line_number.checked_sub(1)?)?;
    let shown = Source::new(&redact::redact(line));
    let start = shown.text.len() - shown.text.trim_start().len();
    let end = shown.text.trim_end().len();
    let kind = if finding.decision >= decision { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(start..end.max(start)).label(finding.rule.clone());
    let path = redact::escape_controls(&(look.name)(Path::new(&place.path))).into_owned();
    Some(Snippet::source(shown.text).line_start(line_number).path(path).annotation(annotation))
}

pub(super) fn colour(decision: Decision) -> Style {
    match decision {
        Decision::Allow => AnsiColor::Green.on_default().bold(),
        Decision::Ask => AnsiColor::Yellow.on_default().bold(),
        Decision::Block => AnsiColor::Red.on_default().bold(),
    }
}

// ---- what else --------------------------------------------------------------------------------

fn cleared(finding: &Finding, width: usize) -> String {
    let style = colour(Decision::Allow);
    let by = finding.cleared_by.as_deref().unwrap_or_default();
    let head = format!("cleared[{}]: ", finding.rule);
    let text = if by.is_empty() { finding.message.clone() } else { format!("\u{201c}{by}\u{201d}") };
    let text = wrapped(&text, width, head.len());
    let text = text.replace('\n', &format!("\n{}", " ".repeat(head.len())));
    format!("{style}cleared{style:#}[{}]: {text}\n", finding.rule)
}

fn effects(effects: &[EffectView], width: usize) -> String {
    let head = Style::new().bold();
    let quiet = Style::new().dimmed();
    let mut out = format!("{head}effects{head:#}\n");
    for effect in effects {
        let undo = match effect.reversibility {
            Reversibility::Harmless => "",
            Reversibility::Reversible => ", can be undone",
            Reversibility::Unknown => ", may not be undone",
            Reversibility::Irreversible => ", cannot be undone",
        };
        let sure = match effect.certainty {
            Certainty::Possible => "possible",
            Certainty::Likely => "likely",
            Certainty::Certain => "certain",
        };
        let text = wrapped(&effect.summary, width, 4).replace('\n', "\n    ");
        let _ = writeln!(out, "  \u{2022} {text} {quiet}({sure}{undo}){quiet:#}");
    }
    out
}

/// Words for people, without controls, broken into lines that leave room for `indent` columns.
pub(super) fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let text = redact::escape_controls(text);
    textwrap::wrap(&text, width.saturating_sub(indent).max(30)).join("\n")
}

/// A text of which controls and what cannot be seen are spelled out, with the means to find spans again.
struct Source {
    text: String,
    /// For every byte of the original where a character begins: where that is now.
    moved: Vec<(usize, usize)>,
}

impl Source {
    fn new(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut moved = Vec::new();
        for (at, c) in original.char_indices() {
            let mut buffer = [0; 4];
            let shown = redact::escape_controls(c.encode_utf8(&mut buffer));
            if shown.len() != c.len_utf8() {
                moved.push((at + c.len_utf8(), text.len() + shown.len()));
            }
            text.push_str(&shown);
        }
        Self { text, moved }
    }

    /// Where a span of the action's text stands in what is shown. `None`: nothing to point at.
    fn span(&self, span: Span) -> Option<Range<usize>> {
        let start = self.position(span.start);
        let end = self.position(span.end);
        let text = self.text.get(start..end)?;
        let trimmed = text.trim_end();
        (!trimmed.trim().is_empty())
            .then(|| start + (text.len() - text.trim_start().len())..start + trimmed.len())
    }

    fn position(&self, at: usize) -> usize {
        let before = self.moved.partition_point(|(from, _)| *from <= at);
        let shift = before.checked_sub(1).and_then(|last| self.moved.get(last));
        let mut now = shift.map_or(at, |(from, to)| to + (at - from)).min(self.text.len());
        while !self.text.is_char_boundary(now) {
            now += 1;
        }
        now
    }
}
