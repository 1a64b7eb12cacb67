//! What a rule is, and the list of them.
//!
//! A rule looks at effects, never at raw text, and adds findings. Its page, beside it
//! (`rules/<module>.md`), is its manual, its hover text and its test at once.

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
    /// Its name in kebab-case: diagnostic code and settings key.
    pub name: &'static str,
    /// Where its page stands in the repository.
    pub path: &'static str,
    /// Its page in Markdown: manual, hover text and tests.
    pub page: &'static str,
    /// Adds what it finds.
    pub check: fn(&Context<'_>, &mut Vec<Finding>),
}

macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*

        /// All rules.
        pub const ALL: &[Rule] = &[
            $(Rule {
                name: $module::NAME,
                path: concat!("server/src/rules/", stringify!($module), ".md"),
                page: include_str!(concat!("rules/", stringify!($module), ".md")),
                check: $module::check,
            }),*
        ];
    };
}

mod support;

rules! {
    irrecoverable_delete,
    discarded_work,
    rewritten_history,
    overwritten_file,
    device_write,
    outside_workspace,
    destroyed_data,
    downloaded_code,
    unknown_program,
    opaque_command,
    injected_environment,
    package_source,
    global_install,
    steering_edit,
    git_settings,
    secret_leak,
    secret_read,
    unnamed_host,
    guard_tampering,
    agent_tampering,
    weakened_security,
    bypassed_review,
    persistence,
    privilege,
    machine_change,
    exhausted_machine,
    foreign_process,
    open_shell,
    exposed_port,
    remote_command,
    unasked_push,
    unasked_publish,
    unasked_message,
    remote_change,
    crossed_boundary,
    untrusted_origin,
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
mod tests;
