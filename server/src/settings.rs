//! The settings in force: options as written ([`options`]) become settings as used.
//!
//! They are written in up to four places; how these come together, and what a workspace that is
//! not trusted may do, stands in [`layer`].

use std::collections::BTreeMap;
use std::path::PathBuf;

use banksman_protocol::{Action, Decision, Mode};

use crate::effects::{Effect, EffectKind, shell};
use crate::rules::Context;
use crate::verdict::Finding;

pub mod chosen;
pub mod files;
pub mod layer;
pub mod options;
pub mod own;
pub mod pattern;
mod problem;
mod read;
pub mod schema;
mod shelf;
mod target;
pub mod trust;

pub use files::{FILE_NAME, Loaded, Places, WorkspaceFile, load, problems};
pub use options::Level;
pub use own::{OwnRule, YOUR_RULES};
pub use problem::Problem;
pub use shelf::Shelf;

use pattern::Match;
use target::PathPattern;

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The mode that sessions start in.
    pub mode: Mode,
    /// The managed file's mode: sessions may be tighter than that, but not looser.
    pub least_mode: Option<Mode>,
    /// How many seconds a person has to answer when asked. Silence means no.
    pub ask_deadline_seconds: u32,
    /// After this many blocks in a row `auto` pauses to `manual`. 0: never.
    pub pause_after_blocks_in_a_row: u32,
    /// After this many blocks in a session `auto` pauses to `manual`. 0: never.
    pub pause_after_blocks: u32,
    /// Hosts that the user trusts, as globs.
    pub hosts: Vec<String>,
    /// Git remotes that the user trusts, as globs of names or addresses.
    pub remotes: Vec<String>,
    /// Branches that others build on, as globs.
    pub shared_branches: Vec<String>,
    /// What built-in rules ask for, where that was changed, by name.
    pub levels: BTreeMap<String, RuleLevel>,
    /// Rules of your own.
    pub own: Vec<OwnRule>,
    protected: Vec<(String, PathPattern, PathBuf)>,
}

/// What a built-in rule asks for, as changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLevel {
    /// How strict it is.
    pub level: Level,
    /// Hard findings are concerned too.
    pub reaches_hard: bool,
    /// The file in which that stands.
    pub file: PathBuf,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mode: Mode::Auto,
            least_mode: None,
            ask_deadline_seconds: 300,
            pause_after_blocks_in_a_row: 3,
            pause_after_blocks: 20,
            hosts: Vec::new(),
            remotes: Vec::new(),
            shared_branches: ["main", "master", "trunk", "develop", "release/*"].map(str::to_owned).to_vec(),
            levels: BTreeMap::new(),
            own: Vec::new(),
            protected: Vec::new(),
        }
    }
}

impl Settings {
    /// A session may be put into this mode.
    #[must_use]
    pub fn permits_mode(&self, mode: Mode) -> bool {
        self.least_mode.is_none_or(|least| layer::at_least_as_tight(mode, least))
    }

    /// So many blocks in a row, or in all, pause a session.
    #[must_use]
    pub fn pauses_after(&self, in_a_row: u32, in_all: u32) -> bool {
        let reached = |count: u32, limit: u32| limit > 0 && count >= limit;
        reached(in_a_row, self.pause_after_blocks_in_a_row) || reached(in_all, self.pause_after_blocks)
    }

    /// The user trusts this host.
    #[must_use]
    pub fn trusts_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| target::host_matches(&known.to_ascii_lowercase(), host))
    }

    /// The user trusts this remote, by its name or its address.
    #[must_use]
    pub fn trusts_remote(&self, remote: &str) -> bool {
        self.remotes.iter().any(|known| pattern::glob(known, remote))
    }

    /// Others build on this branch.
    #[must_use]
    pub fn is_shared_branch(&self, branch: &str) -> bool {
        self.shared_branches.iter().any(|known| pattern::glob(known, branch))
    }

    /// Lets the user's own rules speak. The strictest wins: an allow clears what built-in rules
    /// found and is not hard, never what a rule of your own asks for or blocks.
    pub fn apply(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        self.set_levels(findings);
        if self.own.is_empty() && self.protected.is_empty() {
            return;
        }
        let commands = match context.action {
            Action::Command { command, cwd } => shell::commands(command, cwd.as_deref(), context.world),
            _ => Vec::new(),
        };
        for finding in findings.iter_mut().filter(|finding| !finding.hard && finding.cleared_by.is_none()) {
            let allow = self
                .own
                .iter()
                .filter(|rule| rule.decision == Decision::Allow)
                .find(|rule| rule.clears(finding, context, &commands));
            if let Some(rule) = allow {
                finding.cleared_by = Some(format!("{}: allow {}", rule.file, rule.shown));
            }
        }
        for rule in self.own.iter().filter(|rule| rule.decision != Decision::Allow) {
            rule.stop(context, &commands, findings);
        }
        self.protect(context, findings);
    }

    fn set_levels(&self, findings: &mut [Finding]) {
        for finding in findings {
            let Some(set) = self.levels.get(finding.rule) else { continue };
            if finding.hard && !set.reaches_hard && set.level < Level::Default {
                continue;
            }
            match set.level {
                Level::Off => {
                    finding.cleared_by =
                        Some(format!("{}: rules.{} is off", set.file.display(), finding.rule));
                }
                Level::Ask => finding.decision = finding.decision.min(Decision::Ask),
                Level::Default => {}
                Level::Block => finding.decision = finding.decision.max(Decision::Block),
            }
        }
    }

    /// Whatever changes a protected path asks.
    fn protect(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        for (shown, pattern, file) in &self.protected {
            let hit = context
                .effects
                .iter()
                .filter(|effect| changes(effect))
                .filter_map(|effect| {
                    let places = target::places(&effect.kind);
                    let reach = places
                        .into_iter()
                        .map(|place| pattern.reaches(place, effect, context.world))
                        .max()?;
                    (reach != Match::No).then_some((reach, effect))
                })
                .max_by_key(|(reach, _)| *reach);
            let Some((reach, effect)) = hit else { continue };
            let verb = if reach == Match::Certain { "changes" } else { "may change" };
            let file = if file.as_os_str().is_empty() {
                "the editor's settings".into()
            } else {
                file.display().to_string()
            };
            let message = format!("This {verb} `{shown}`, which `{file}` protects.");
            let mut finding = Finding::new(YOUR_RULES, Decision::Ask, effect, message);
            finding.clears = "A yes when you are asked.".to_owned();
            findings.push(finding);
        }
    }
}

/// Something at a place is changed.
fn changes(effect: &Effect) -> bool {
    matches!(
        effect.kind,
        EffectKind::Write { .. }
            | EffectKind::Delete { .. }
            | EffectKind::Move { .. }
            | EffectKind::Permit { .. }
            | EffectKind::Link { .. }
            | EffectKind::Fetch { saves: Some(_), .. }
    )
}

#[cfg(test)]
mod tests;
