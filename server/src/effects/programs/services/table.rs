//! A program as a table: its options, and what its words mean.

use super::*;

/// A program whose first words say what it does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tool {
    /// The names it goes by.
    pub(super) names: &'static [&'static str],
    /// The service it acts on, as people call it.
    pub(super) service: &'static str,
    /// Its options.
    pub(super) options: Options,
    /// How far what it does reaches.
    pub(super) reach: fn(&Given<'_>, &Shell<'_>) -> ServiceReach,
    /// What its words mean, the first that fits.
    pub(super) rows: &'static [(&'static str, Does)],
    /// What words mean that no row knows.
    pub(super) otherwise: Does,
}

/// The options of a program, as far as they matter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    /// Short ones that take a value.
    pub(super) short: &'static str,
    /// Long ones that take a value, without dashes.
    pub(super) long: &'static [&'static str],
    /// Every long option takes the next word as its value, but for [`Options::switches`].
    pub(super) greedy: bool,
    /// Long options that take no value, without dashes, where the others do.
    pub(super) switches: &'static [&'static [&'static str]],
    /// Long options are written with one dash.
    pub(super) single_dash: bool,
    /// Options whose value names a file that is read.
    pub(super) reads: &'static [&'static str],
    /// Options whose value names a file that is written.
    pub(super) writes: &'static [&'static str],
    /// Options whose value says on what, beside the operands.
    pub(super) scope: &'static [&'static str],
    /// Options with which nothing is changed.
    pub(super) dry: &'static [&'static str],
    /// Options whose value logs in: it goes to the service that it belongs to.
    pub(super) login: &'static [&'static str],
}

/// The usual.
pub(super) const PLAIN: Options = Options {
    short: "",
    long: &[],
    greedy: false,
    switches: &[],
    single_dash: false,
    reads: &[],
    writes: &[],
    scope: &[],
    dry: &["--dry-run", "--dryrun"],
    login: &[
        "--token",
        "--password",
        "--api-key",
        "--auth",
        "--access-token",
        "--apikey",
        "--username",
        "--user",
    ],
};

/// Options that take no value in most of these programs.
pub(super) const USUAL: &[&str] = &[
    "yes",
    "force",
    "json",
    "verbose",
    "debug",
    "quiet",
    "all",
    "help",
    "prod",
    "confirm",
    "wait",
    "watch",
    "no-wait",
    "follow",
    "recursive",
    "no-input",
    "interactive",
    "no-interactive",
    "production",
    "version",
    "approve",
    "dry-run",
    "delete",
    "preview",
    "non-interactive",
    "staging",
    "public",
    "private",
    "now",
    "detach",
    "local",
    "linked",
];

/// A program of which only names, service and rows are to be said.
pub(super) const REMOTE: Tool = Tool {
    names: &[],
    service: "",
    options: Options {
        greedy: true,
        switches: &[USUAL, &["force-reset", "accept-data-loss", "skip-generate", "skip-confirmation"]],
        ..PLAIN
    },
    reach: by_names,
    rows: &[],
    otherwise: Does::Acts(ServiceClass::Change),
};

/// What words mean.
#[derive(Clone, Copy, Debug)]
pub(super) enum Does {
    /// It looks at this machine or at itself.
    Looks,
    /// It does this in the service.
    Acts(ServiceClass),
    /// As [`Does::Acts`], on something for development on this machine.
    Here(ServiceClass),
    /// It prints a secret.
    Shows,
    /// It hands the service a secret to keep.
    Keeps,
    /// It runs, builds or serves the project.
    Project,
    /// It loosens this protection from now on.
    Weakens(&'static str),
    /// It runs a command in the service; the words behind these are the command.
    Runs,
    /// More than a row can say.
    Special(fn(&Given<'_>, &mut Shell<'_>) -> Value),
    /// Not known.
    Unknown,
}

pub(super) const READ: Does = Does::Acts(ServiceClass::Read);

pub(super) const CREATE: Does = Does::Acts(ServiceClass::Create);

pub(super) const CHANGE: Does = Does::Acts(ServiceClass::Change);

pub(super) const DELETE: Does = Does::Acts(ServiceClass::Delete);

pub(super) const DESTROY: Does = Does::Acts(ServiceClass::Destroy);

pub(super) const GRANT: Does = Does::Acts(ServiceClass::Grant);

pub(super) const DEPLOY: Does = Does::Acts(ServiceClass::Deploy);

pub(super) const PUBLISH: Does = Does::Acts(ServiceClass::Publish);

pub(super) const RUN: Does = Does::Acts(ServiceClass::Run);

pub(super) const MESSAGE: Does = Does::Acts(ServiceClass::Message);

pub(super) const PAY: Does = Does::Acts(ServiceClass::Pay);
