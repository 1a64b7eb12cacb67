//! How the places where settings are written come together.
//!
//! | place | may loosen | hard findings |
//! |---|---|---|
//! | built-in defaults | | |
//! | user file | yes | may turn off |
//! | editor configuration | yes | stay |
//! | workspace file, trusted | yes | stay |
//! | workspace file, not trusted | no: it only tightens | stay |
//! | managed file | yes, and it is final | may turn off |
//!
//! To tighten means, key by key: `mode` may only become one that never decides less strictly
//! ([`at_least_as_tight`]); `ask_deadline_seconds` and the pauses may only become smaller (a pause
//! of 0, never, is the largest); the level of a rule may only rise in `off < ask < default < block`;
//! `protected`, `shared_branches`, `[[ask]]` and `[[block]]` may only gain entries; `hosts`,
//! `remotes` and `[[allow]]` may gain none.

use banksman_protocol::{Decision, Mode};

use super::options::Level;
use super::own::OwnRule;
use super::problem::Report;
use super::read::Written;
use super::target::PathPattern;
use super::{RuleLevel, Settings};

/// A place where settings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// The user's own file.
    User,
    /// The editor's configuration.
    Editor,
    /// `banksman.toml` in the workspace, whose content the user trusts.
    Trusted,
    /// `banksman.toml` in the workspace: it only tightens.
    Workspace,
    /// The file of whoever manages the machine.
    Managed,
}

impl Layer {
    fn may_loosen(self) -> bool {
        self != Self::Workspace
    }

    fn reaches_hard(self) -> bool {
        matches!(self, Self::User | Self::Managed)
    }
}

/// In every case in which the two modes differ, `new` decides more strictly.
#[must_use]
pub fn at_least_as_tight(new: Mode, old: Mode) -> bool {
    match (new, old) {
        _ if new == old => true,
        (_, Mode::Bypass) => true,
        (Mode::Manual | Mode::Strict | Mode::Plan, Mode::Auto) => true,
        (Mode::Plan, Mode::Manual) => true,
        _ => false,
    }
}

/// Lays what is written in one place over what holds so far.
pub(super) fn lay(settings: &mut Settings, written: &Written, layer: Layer, report: &mut Report<'_>) {
    let mut over = Over { written, layer, report };
    let options = &written.options;
    if let Some(mode) = options.mode
        && over.may("mode", at_least_as_tight(mode, settings.mode))
    {
        settings.mode = mode;
        if layer == Layer::Managed {
            settings.least_mode = Some(mode);
        }
    }
    if let Some(seconds) = options.ask_deadline_seconds
        && over.may("ask_deadline_seconds", seconds <= settings.ask_deadline_seconds)
    {
        settings.ask_deadline_seconds = seconds;
    }
    for (key, new, kept) in [
        (
            "pause_after_blocks_in_a_row",
            options.pause_after_blocks_in_a_row,
            &mut settings.pause_after_blocks_in_a_row,
        ),
        ("pause_after_blocks", options.pause_after_blocks, &mut settings.pause_after_blocks),
    ] {
        if let Some(new) = new
            && over.may(key, never_last(new) <= never_last(*kept))
        {
            *kept = new;
        }
    }
    for (key, new, kept) in
        [("hosts", &options.hosts, &mut settings.hosts), ("remotes", &options.remotes, &mut settings.remotes)]
    {
        let added: Vec<&String> = new.iter().filter(|entry| !kept.contains(entry)).collect();
        if !added.is_empty() && over.may(key, false) {
            kept.extend(added.into_iter().cloned());
        }
    }
    if let Some(branches) = &options.shared_branches {
        if !matches!(layer, Layer::Workspace | Layer::Managed) {
            settings.shared_branches.clear();
        }
        for branch in branches {
            if !settings.shared_branches.contains(branch) {
                settings.shared_branches.push(branch.clone());
            }
        }
    }
    for path in &options.protected {
        match PathPattern::read(path) {
            Ok(pattern) => settings.protected.push((path.clone(), pattern, over.report.path().to_path_buf())),
            Err(message) => {
                over.report.add(written.at("protected"), format!("`protected`: {message}"), None);
            }
        }
    }
    over.levels(settings);
    over.own_rules(settings);
}

/// A pause of 0 means never: it comes after every number.
fn never_last(pause: u32) -> u32 {
    if pause == 0 { u32::MAX } else { pause }
}

struct Over<'o, 'r, 't> {
    written: &'o Written,
    layer: Layer,
    report: &'r mut Report<'t>,
}

impl Over<'_, '_, '_> {
    /// A key may take effect; if not, that is reported.
    fn may(&mut self, key: &str, tightens: bool) -> bool {
        let may = tightens || self.layer.may_loosen();
        if !may {
            let message = format!("`{key}` would loosen what holds and waits until you trust this file");
            self.report.add(self.written.at(key), message, Some(TRUST.to_owned()));
        }
        may
    }

    fn levels(&mut self, settings: &mut Settings) {
        for (name, rule) in &self.written.options.rules {
            let Some(level) = rule.level else { continue };
            let now = settings.levels.get(name).map_or(Level::Default, |known| known.level);
            if self.may(&format!("rules.{name}"), level >= now) {
                let file = self.report.path().to_path_buf();
                let reaches_hard = self.layer.reaches_hard();
                settings.levels.insert(name.clone(), RuleLevel { level, reaches_hard, file });
            }
        }
    }

    fn own_rules(&mut self, settings: &mut Settings) {
        let [allow, ask, block] = &self.written.own;
        let options = &self.written.options;
        let managed = self.layer == Layer::Managed;
        let lists = [
            (Decision::Allow, &options.allow, allow),
            (Decision::Ask, &options.ask, ask),
            (Decision::Block, &options.block, block),
        ];
        for (decision, rules, places) in lists {
            for (rule, at) in rules.iter().zip(places) {
                if decision == Decision::Allow && !self.layer.may_loosen() {
                    let message = "`[[allow]]` waits until you trust this file";
                    self.report.add(*at, message, Some(TRUST.to_owned()));
                    continue;
                }
                settings.own.extend(OwnRule::read(decision, rule, *at, managed, self.report));
            }
        }
    }
}

const TRUST: &str = "read the file, then run `banksman trust`";
