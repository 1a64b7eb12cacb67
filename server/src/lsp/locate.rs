//! Where in the workspace a finding is shown.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use banksman_protocol::{Action, Decision};
use tower_lsp::lsp_types::{Range, Url};

use super::convert;
use super::documents::{Documents, Encoding};
use super::notices::{Notice, Origin};
use crate::guard::Reviewed;
use crate::verdict::Finding;
use crate::world::{Place, Scope};

/// A stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) uri: Url,
    pub(super) range: Range,
}

/// What is looked at to find a spot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub(super) documents: &'a Documents,
    pub(super) encoding: Encoding,
    /// The workspace folder of the session.
    pub(super) root: Option<&'a Path>,
    /// What the agent proposes, as it was proposed.
    pub(super) action: &'a Action,
}

impl Ground<'_> {
    /// The notices for a verdict. What cannot be drawn is no reason to lose the verdict.
    pub(super) fn drawn(&self, reviewed: &Reviewed) -> Vec<Notice> {
        catch_unwind(AssertUnwindSafe(|| self.notices(reviewed))).unwrap_or_default()
    }

    /// One for each finding that still counts.
    fn notices(&self, reviewed: &Reviewed) -> Vec<Notice> {
        let verdict = &reviewed.verdict;
        if verdict.decision == Decision::Allow {
            return Vec::new();
        }
        let origin = Origin {
            verdict: verdict.id.clone(),
            session: reviewed.session.clone(),
            digest: verdict.digest.clone(),
        };
        let counting =
            reviewed.judgement.findings.iter().filter(|finding| finding.weight() > Decision::Allow);
        let mut notices: Vec<Notice> = counting
            .filter_map(|finding| {
                Some(Notice {
                    spot: self.spot(reviewed, Some(finding))?,
                    origin: Some(origin.clone()),
                    decision: finding.weight(),
                    rule: finding.rule.to_owned(),
                    message: finding.message.clone(),
                    clears: finding.clears.clone(),
                    instead: finding.instead.clone(),
                    related: Vec::new(),
                })
            })
            .collect();
        if notices.is_empty() {
            // A mode stopped it, not a rule.
            notices.extend(self.spot(reviewed, None).map(|spot| Notice {
                spot,
                origin: Some(origin),
                decision: verdict.decision,
                rule: "mode".to_owned(),
                message: verdict.summary.clone(),
                clears: String::new(),
                instead: String::new(),
                related: Vec::new(),
            }));
        }
        if !notices.iter().any(|notice| notice.decision == verdict.decision) {
            notices.iter_mut().for_each(|notice| notice.decision = verdict.decision);
        }
        relate(&mut notices);
        notices
    }

    fn spot(&self, reviewed: &Reviewed, finding: Option<&Finding>) -> Option<Spot> {
        if let Some(inside) = finding.and_then(|finding| finding.inside.as_ref())
            && let Some(spot) = self.line(&inside.path, inside.line)
        {
            return Some(spot);
        }
        match self.action {
            Action::Edit { path, old, .. } => self.edit(&self.named(reviewed, path)?, old.as_deref()),
            Action::Delete { path } | Action::Read { path } => {
                let path = self.named(reviewed, path)?;
                if path.is_dir() { self.carrier() } else { self.first_line(&path) }
            }
            _ => self.concerned(reviewed, finding).or_else(|| self.carrier()),
        }
    }

    /// The lines that an edit would touch.
    fn edit(&self, path: &Path, old: Option<&str>) -> Option<Spot> {
        let uri = convert::uri(path)?;
        let document = self.documents.or_on_disk(&uri, path);
        let range = old
            .filter(|old| !old.is_empty())
            .and_then(|old| document.text().find(old).map(|at| (at, at + old.trim_end().len())))
            .map_or_else(
                || document.line_range(0, self.encoding),
                |(start, end)| document.range(start, end, self.encoding),
            );
        Some(Spot { uri, range })
    }

    /// The file in the workspace that an effect with this evidence acts on.
    fn concerned(&self, reviewed: &Reviewed, finding: Option<&Finding>) -> Option<Spot> {
        let overlaps = |span: banksman_protocol::Span| {
            finding.is_none_or(|finding| span.start < finding.span.end && finding.span.start < span.end)
        };
        let files = || {
            reviewed.judgement.effects.iter().filter_map(|effect| {
                let place = effect.place().filter(|place| in_workspace(place))?;
                place.path.is_file().then_some((effect.span, place.path.as_path()))
            })
        };
        let near = files().find(|(span, _)| overlaps(*span));
        near.or_else(|| files().next()).and_then(|(_, path)| self.first_line(path))
    }

    /// What shows an action that no file of the workspace is concerned by: the settings file if there
    /// is one, else the folder itself. Editors list it, and no innocent file gets a squiggle.
    fn carrier(&self) -> Option<Spot> {
        let root = self.root?;
        let settings = root.join("banksman.toml");
        if settings.is_file() { self.first_line(&settings) } else { self.first_line(root) }
    }

    fn first_line(&self, path: &Path) -> Option<Spot> {
        self.line(path, 1)
    }

    /// A line, counted from 1.
    fn line(&self, path: &Path, line: u32) -> Option<Spot> {
        let uri = convert::uri(path)?;
        let range = self.documents.or_on_disk(&uri, path).line_range(line.saturating_sub(1), self.encoding);
        Some(Spot { uri, range })
    }

    /// The file that an action names.
    fn named(&self, reviewed: &Reviewed, path: &str) -> Option<PathBuf> {
        let given = Path::new(path);
        let places = reviewed.judgement.effects.iter().filter_map(|effect| effect.place());
        let known = places.into_iter().find(|place| place.known && place.path.ends_with(given));
        if given.is_absolute() {
            return Some(given.to_owned());
        }
        known.map(|place| place.path.clone()).or_else(|| Some(self.root?.join(given)))
    }
}

fn in_workspace(place: &Place) -> bool {
    place.known && matches!(place.scope, Scope::Workspace)
}

/// Lets every notice point to the other places of the same verdict.
fn relate(notices: &mut [Notice]) {
    let all: Vec<(Spot, String)> =
        notices.iter().map(|notice| (notice.spot.clone(), notice.message.clone())).collect();
    for notice in notices {
        let others = all.iter().filter(|(spot, _)| *spot != notice.spot);
        notice.related = others.take(8).cloned().collect();
    }
}
