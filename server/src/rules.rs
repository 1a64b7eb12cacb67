//! What a rule is, and the list of them.
//!
//! A rule looks at effects, never at raw text, and adds findings. Its page (`rules/<name>.md`)
//! is its manual, its hover text and its test at once.

use banksman_protocol::Action;

use crate::consent::Consent;
use crate::effects::Effect;
use crate::settings::Settings;
use crate::trail::Trail;
use crate::verdict::Finding;
use crate::world::World;

/// What a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// What the agent proposes. For its kind and for what it names, not for matching its text.
    pub action: &'a Action,
    /// What it would do.
    pub effects: &'a [Effect],
    /// What it is read against.
    pub world: &'a World<'a>,
    /// What the session saw and did.
    pub trail: &'a Trail,
    /// What the user's words allow and forbid.
    pub consent: &'a Consent,
    /// The settings in force.
    pub settings: &'a Settings,
}

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name in kebab-case: file stem, diagnostic code and settings key.
    pub name: &'static str,
    /// Its page in Markdown: manual, hover text and tests.
    pub page: &'static str,
    /// Adds what it finds.
    pub check: fn(&Context<'_>, &mut Vec<Finding>),
}

macro_rules! rules {
    ($($module:ident = $name:literal),* $(,)?) => {
        $(mod $module;)*

        /// All rules.
        pub const ALL: &[Rule] = &[
            $(Rule { name: $name, page: include_str!(concat!("rules/", $name, ".md")), check: $module::check }),*
        ];
    };
}

// Helpers that several rules share.
mod names;
mod openings;
mod popular;
mod secrets;
mod services;
mod sources;

rules! {
    irrecoverable_delete = "irrecoverable-delete",
    discarded_work = "discarded-work",
    rewritten_history = "rewritten-history",
    overwritten_file = "overwritten-file",
    device_write = "device-write",
    outside_workspace = "outside-workspace",
    destroyed_data = "destroyed-data",
    downloaded_code = "downloaded-code",
    unknown_program = "unknown-program",
    opaque_command = "opaque-command",
    injected_environment = "injected-environment",
    package_source = "package-source",
    global_install = "global-install",
    steering_edit = "steering-edit",
    git_settings = "git-settings",
    secret_leak = "secret-leak",
    secret_read = "secret-read",
    unnamed_host = "unnamed-host",
    guard_tampering = "guard-tampering",
    agent_tampering = "agent-tampering",
    weakened_security = "weakened-security",
    bypassed_review = "bypassed-review",
    persistence = "persistence",
    privilege = "privilege",
    machine_change = "machine-change",
    exhausted_machine = "exhausted-machine",
    foreign_process = "foreign-process",
    open_shell = "open-shell",
    exposed_port = "exposed-port",
    remote_command = "remote-command",
    unasked_push = "unasked-push",
    unasked_publish = "unasked-publish",
    unasked_message = "unasked-message",
    remote_change = "remote-change",
    crossed_boundary = "crossed-boundary",
    untrusted_origin = "untrusted-origin",
}

/// What all rules say, strictest first.
#[must_use]
pub fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in ALL {
        (rule.check)(context, &mut findings);
    }
    findings
}

/// The rule of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.name == name)
}

#[cfg(test)]
mod pages;
#[cfg(test)]
mod tests;
