//! Between a session and the ledger: what is written down, and what is taken up again.

use banksman_protocol::{Decision, InjectionSpan, Mode, Origin, OriginKind, Span};
use serde::{Deserialize, Serialize};

use super::session::{Done, Pending, Session};
use crate::injection::Reading;
use crate::ledger::News;
use crate::redact::redact;
use crate::settings::Settings;
use crate::trail::{Addressed, MentionKind, Seen, Trail};

/// How many mentions of one text are written down.
const MENTIONS: usize = 2_000;
/// How many bytes of passages that try to instruct are written down.
const PASSAGES: usize = 4_096;

/// What a text mentions, as it is written down.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plain: Vec<(MentionKind, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    injected: Vec<(MentionKind, String)>,
    /// What is named where the text speaks to an agent, with what it says there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addressed: Vec<(MentionKind, String, String)>,
}

/// What is written down of a text that the agent read: its mentions as JSON, and the passages
/// that try to instruct the agent. Both without secrets.
pub(super) fn keep(origin: &Origin, text: &str, reading: &Reading) -> (String, String) {
    let mut alone = Trail::default();
    alone.read_marked(origin, text, reading);
    let mut kept = Kept::default();
    for (kind, plain, seen) in alone.mentions.read().into_iter().take(MENTIONS) {
        let injected = matches!(seen, Seen::Content { injected: true, .. });
        let list = if injected { &mut kept.injected } else { &mut kept.plain };
        list.push((kind, redact(plain).into_owned()));
    }
    for (kind, plain, said) in alone.mentions.all_addressed().take(MENTIONS) {
        kept.addressed.push((kind, redact(plain).into_owned(), redact(&said.quote).into_owned()));
    }
    let mut passages = String::new();
    if reading.injected() {
        for passage in reading.reach(text) {
            let room = PASSAGES.saturating_sub(passages.len());
            passages.extend(redact(passage).chars().take(room));
            passages.push('\n');
        }
    }
    (serde_json::to_string(&kept).unwrap_or_default(), passages)
}

impl Session {
    /// Takes up what other processes wrote down about this session.
    pub(super) fn take_up(&mut self, news: News, settings: &Settings) {
        if let Some((workspace, cwd)) = news.place {
            self.workspace = workspace;
            self.cwd = cwd;
        }
        self.mode = news.mode.or(self.mode);
        let mut answered = news.answered;
        for heard in news.prompts {
            answered = answered.max(heard.at);
            self.hear(&heard.text);
        }
        for read in news.contents {
            let injected = read.score >= crate::injection::THRESHOLD;
            let kept: Kept = serde_json::from_str(&read.mentions).unwrap_or_default();
            let passages = InjectionSpan {
                span: Span::new(0, read.passages.len()),
                why: String::new(),
                score: read.score,
            };
            let spans = if injected && !read.passages.is_empty() { vec![passages] } else { Vec::new() };
            self.trail.read_marked(
                &read.origin,
                &read.passages,
                &Reading { score: read.score, spans, addressed: Vec::new() },
            );
            for (kind, plain, quote) in kept.addressed {
                let said = Addressed { origin: read.origin.clone(), quote };
                self.trail.mentions.take_up_addressed(kind, &plain, said);
            }
            for (mentions, injected) in [(kept.injected, true), (kept.plain, false)] {
                let seen = Seen::Content { origin: read.origin.clone(), injected };
                for (kind, plain) in mentions {
                    self.trail.mentions.take_up(kind, &plain, &seen);
                }
            }
        }
        if answered > 0 {
            self.lift();
        }
        for review in news.reviews {
            // Blocks before the user's last answer are settled.
            let before = review.at < answered;
            self.count(review.decision, Mode::Auto, settings);
            if before {
                self.lift();
            }
            let leaves =
                review.leaves.and_then(|leaves| serde_json::from_str(&leaves).ok()).unwrap_or_default();
            self.expect(Pending {
                call: review.call,
                allowed: review.decision == Decision::Allow,
                awaited: false,
                done: Done::Leaves(leaves),
            });
        }
        for (call, ok) in news.outcomes {
            self.settle_elsewhere(&call, ok);
        }
    }
}

/// Where the output of an action comes from.
pub(super) fn origin(action: &banksman_protocol::Action) -> Origin {
    use banksman_protocol::Action;
    let (kind, name) = match action {
        Action::Command { command, .. } => (OriginKind::Command, command.clone()),
        Action::Edit { path, .. } | Action::Delete { path } | Action::Read { path } => {
            (OriginKind::File, path.clone())
        }
        Action::Fetch { url, .. } => (OriginKind::Web, url.clone()),
        Action::Tool { server, tool, .. } => (OriginKind::Tool, format!("{server}/{tool}")),
        Action::Delegate { .. } => (OriginKind::Tool, "subagent".to_owned()),
    };
    Origin { kind, name }
}
