//! Rules of your own: how they are read, proven by their examples, and how they speak.

use std::path::Path;

use banksman_protocol::{Action, Decision};

use super::options::OwnRuleOptions;
use super::pattern::{self, CommandPattern, Match};
use super::problem::Report;
use super::target::EffectPattern;
use crate::effects::shell::{SimpleCommand, commands};
use crate::effects::{self, Effect};
use crate::rules::Context;
use crate::trail::Trail;
use crate::verdict::Finding;
use crate::world::{Disk, World};

/// The name by which findings of your own rules go.
pub const YOUR_RULES: &str = "your-rules";

/// Rules about what is said and read in the session itself: what was allowed beforehand, in a
/// file, does not speak to that.
const OF_THE_MOMENT: [&str; 2] = ["crossed-boundary", "untrusted-origin"];

/// A rule of your own, ready to be asked.
#[derive(Clone, Debug)]
pub struct OwnRule {
    /// What it says: `allow`, `ask` or `block`.
    pub decision: Decision,
    /// The pattern as written, for people.
    pub shown: String,
    /// Why, in the words of whoever wrote it.
    pub reason: String,
    /// The file it stands in.
    pub file: String,
    /// It comes from the managed file: nothing said in a conversation and no allow of the user clears it.
    pub managed: bool,
    matcher: Matcher,
}

#[derive(Clone, Debug)]
enum Matcher {
    Command(CommandPattern),
    Effect(Box<EffectPattern>),
}

impl OwnRule {
    /// Reads a rule and proves its examples. What is wrong goes to `report`. A rule that allows and
    /// is not proven is left out; one that tightens is kept if it can be understood at all.
    pub(super) fn read(
        decision: Decision,
        options: &OwnRuleOptions,
        at: Option<usize>,
        managed: bool,
        report: &mut Report<'_>,
    ) -> Option<Self> {
        let key = decision.as_str();
        let matcher = match matcher(options) {
            Ok(matcher) => matcher,
            Err((message, suggestion)) => {
                report.add(at, format!("`[[{key}]]`: {message}"), Some(suggestion.to_owned()));
                return None;
            }
        };
        let rule = Self {
            decision,
            shown: shown(options),
            reason: options.reason.clone().unwrap_or_default(),
            file: file_name(report.path()),
            managed,
            matcher,
        };
        if decision == Decision::Allow
            && let Some(why) = rule.wholesale()
        {
            let suggestion = Some("name what may be run; this rule is left out".to_owned());
            report.add(at, format!("`[[allow]]` {}: {why}", rule.shown), suggestion);
            return None;
        }
        let proven = rule.prove(options, at, report);
        (proven || decision != Decision::Allow).then_some(rule)
    }

    fn wholesale(&self) -> Option<String> {
        match &self.matcher {
            Matcher::Command(pattern) => pattern::wholesale(pattern),
            Matcher::Effect(pattern) => pattern
                .is_wholesale()
                .map(|effect| format!("`{}` alone is too much to allow; say of what", effect.as_str())),
        }
    }

    fn prove(&self, options: &OwnRuleOptions, at: Option<usize>, report: &mut Report<'_>) -> bool {
        if options.examples.is_empty() && options.not_examples.is_empty() {
            return true;
        }
        let disk = Disk::with_home("/home/you".into());
        let trail = Trail::default();
        let workspace = Path::new("/home/you/workspace");
        let world = World::new(&disk, &trail, workspace, workspace);
        let mut proven = true;
        let wanted = options.examples.iter().map(|line| (line, true));
        for (line, expected) in wanted.chain(options.not_examples.iter().map(|line| (line, false))) {
            if self.says(line, &world) != expected {
                let what = if expected { "does not match its example" } else { "matches what it must not," };
                let suggestion =
                    (self.decision == Decision::Allow).then(|| "this rule is left out".to_owned());
                report.add(at, format!("`[[{}]]` {} {what} `{line}`", self.decision, self.shown), suggestion);
                proven = false;
            }
        }
        proven
    }

    /// The rule speaks about a command line.
    fn says(&self, line: &str, world: &World<'_>) -> bool {
        let tightens = self.decision != Decision::Allow;
        match &self.matcher {
            Matcher::Command(pattern) => {
                let found = commands(line, None, world);
                if tightens {
                    found.iter().any(|command| pattern::stops(pattern, &command.words) != Match::No)
                } else {
                    !found.is_empty() && found.iter().all(|command| pattern::allows(pattern, &command.words))
                }
            }
            Matcher::Effect(pattern) => {
                let action = Action::Command { command: line.to_owned(), cwd: None };
                let found = effects::of(&action, world);
                if tightens {
                    found.iter().any(|effect| pattern.stops(effect, world) != Match::No)
                } else {
                    found.iter().any(|effect| pattern.allows(effect, world))
                }
            }
        }
    }

    /// Adds a finding if the rule asks for or blocks something that the action does.
    pub(super) fn stop(
        &self,
        context: &Context<'_>,
        commands: &[SimpleCommand],
        findings: &mut Vec<Finding>,
    ) {
        let mut hit: Option<(Match, Effect)> = None;
        let mut keep = |sure: Match, evidence: Effect| {
            if sure > hit.as_ref().map_or(Match::No, |(best, _)| *best) {
                hit = Some((sure, evidence));
            }
        };
        match &self.matcher {
            Matcher::Command(pattern) => {
                for command in commands {
                    let evidence = Effect::new(effects::EffectKind::Observe, command.span);
                    keep(pattern::stops(pattern, &command.words), evidence);
                }
            }
            Matcher::Effect(pattern) => {
                for effect in context.effects {
                    keep(pattern.stops(effect, context.world), effect.clone());
                }
            }
        }
        let Some((sure, evidence)) = hit else { return };
        let decision = if sure == Match::Possible { self.decision.min(Decision::Ask) } else { self.decision };
        let may = if sure == Match::Possible { "may be" } else { "is" };
        let stopped = if self.decision == Decision::Block {
            "what your rules forbid"
        } else {
            "what your rules ask about"
        };
        let mut message = format!("This {may} {stopped}: {} in `{}`.", self.shown, self.file);
        if !self.reason.is_empty() {
            message.push(' ');
            message.push_str(self.reason.trim_end_matches('.'));
            message.push('.');
        }
        let mut finding = Finding::new(YOUR_RULES, decision, &evidence, message);
        finding.hard = self.managed;
        finding.clears = match decision {
            Decision::Block => format!("A change of the rule in `{}`.", self.file),
            _ => "A yes when you are asked.".to_owned(),
        };
        findings.push(finding);
    }

    /// The rule allows what this finding is about.
    pub(super) fn clears(
        &self,
        finding: &Finding,
        context: &Context<'_>,
        commands: &[SimpleCommand],
    ) -> bool {
        if OF_THE_MOMENT.contains(&finding.rule) {
            return false;
        }
        match &self.matcher {
            Matcher::Command(pattern) => {
                let innermost = innermost(finding, commands);
                !innermost.is_empty()
                    && innermost
                        .iter()
                        .all(|command| command.plain && pattern::allows(pattern, &command.words))
            }
            Matcher::Effect(pattern) => {
                let mut about = context
                    .effects
                    .iter()
                    .filter(|effect| effect.span == finding.span && effect.inside == finding.inside)
                    .filter(|effect| !effect.is_read_only() || pattern.allows(effect, context.world))
                    .peekable();
                about.peek().is_some() && about.all(|effect| pattern.allows(effect, context.world))
            }
        }
    }
}

/// The smallest commands in which the evidence of a finding stands. Several commands share a span
/// when quoting hides where each of them begins; then all of them count.
fn innermost<'c>(finding: &Finding, commands: &'c [SimpleCommand]) -> Vec<&'c SimpleCommand> {
    let around = |command: &&SimpleCommand| {
        command.span.start <= finding.span.start && finding.span.end <= command.span.end
    };
    let length = |command: &SimpleCommand| command.span.end - command.span.start;
    let Some(smallest) = commands.iter().filter(around).map(length).min() else { return Vec::new() };
    commands.iter().filter(around).filter(|command| length(command) == smallest).collect()
}

fn matcher(options: &OwnRuleOptions) -> Result<Matcher, (String, &'static str)> {
    let effect = EffectPattern::read(options).map_err(|message| (message, "correct the path"))?;
    match (&options.command, effect) {
        (Some(_), Some(_)) => {
            Err(("has both a command and an effect or a target".to_owned(), "write two rules"))
        }
        (None, None) => Err((
            "names nothing".to_owned(),
            "give it `command`, or `effect`, `path`, `host`, `package`, `tool` or `branch`",
        )),
        (None, Some(effect)) => Ok(Matcher::Effect(Box::new(effect))),
        (Some(command), None) => CommandPattern::read(command).map(Matcher::Command).ok_or_else(|| {
            (format!("`{command}` is no command"), "write words, as `npm run *`; close every quote")
        }),
    }
}

/// The conditions of a rule in one line.
fn shown(options: &OwnRuleOptions) -> String {
    let effect = options.effect.map(|effect| effect.as_str().to_owned());
    let parts = [
        ("command", &options.command),
        ("effect", &effect),
        ("path", &options.path),
        ("host", &options.host),
        ("package", &options.package),
        ("tool", &options.tool),
        ("branch", &options.branch),
    ];
    let named: Vec<String> = parts
        .into_iter()
        .filter_map(|(key, value)| value.as_ref().map(|value| (key, value)))
        .map(|(key, value)| if key == "command" { format!("`{value}`") } else { format!("{key} `{value}`") })
        .collect();
    named.join(", ")
}

/// The file as a rule names it to people.
fn file_name(path: &Path) -> String {
    if path.as_os_str().is_empty() { "the editor's settings".to_owned() } else { path.display().to_string() }
}
