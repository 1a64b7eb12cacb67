//! The settings as written. The doc comments here are the descriptions in the schema, in the
//! editors and in the manual.

use std::collections::BTreeMap;

use banksman_protocol::Mode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Settings of Banksman, as they stand in a `banksman.toml` or in an editor's configuration.
///
/// Every key may be left out. A `banksman.toml` in a workspace only tightens until
/// `banksman trust` has pinned that very file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Options {
    /// The mode that sessions start in: `manual`, `auto`, `strict`, `bypass` or `plan`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// How many seconds a person has to answer when asked. Silence means no.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 86_400))]
    pub ask_deadline_seconds: Option<u32>,
    /// After this many blocks in a row, `auto` pauses to `manual` until the user answers. 0: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_after_blocks_in_a_row: Option<u32>,
    /// After this many blocks in a session, `auto` pauses to `manual` until the user answers. 0: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_after_blocks: Option<u32>,
    /// Hosts that the agent may talk to and download from: `example.com` or `*.example.com`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
    /// Git remotes that the agent may push to, by name or address: `origin`, `git@example.com:team/*`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remotes: Vec<String>,
    /// Paths that are not changed without asking: `infra/**`, `*.pem`, `~/notes/**`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub protected: Vec<String>,
    /// Branches that others build on: `main`, `release/*`. Without it: `main`, `master`, `trunk`,
    /// `develop`, `release/*`, and what the remote calls its default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared_branches: Option<Vec<String>>,
    /// What the built-in rules ask for, by the rule's name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, RuleOptions>,
    /// What you allow, although a built-in rule would ask or block.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<OwnRuleOptions>,
    /// What you want to be asked about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ask: Vec<OwnRuleOptions>,
    /// What you want to be blocked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub block: Vec<OwnRuleOptions>,
}

/// What one built-in rule asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RuleOptions {
    /// `off`: it says nothing. `ask`: it only asks. `default`: as built in. `block`: it always blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

/// How strict a built-in rule is. Ordered: what stands later is at least as strict.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It says nothing.
    Off,
    /// It asks where it would block.
    Ask,
    /// As built in.
    #[default]
    Default,
    /// It blocks where it would ask.
    Block,
}

impl Level {
    /// The word in the settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Ask => "ask",
            Self::Default => "default",
            Self::Block => "block",
        }
    }
}

/// One rule of your own: either a `command` pattern, or an `effect` and what it acts on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct OwnRuleOptions {
    /// A command, word by word: `npm run *`. `*` in a word stands for any characters, a `*` at the
    /// end for any further words. It is compared with each simple command as the shell would run
    /// it, never with raw text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// A kind of effect: `push`, `delete`, `send` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<EffectName>,
    /// The paths that it acts on: `dist/**`, `*.pem`, `~/notes/**`. Relative to the workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The hosts that it talks to: `example.com`, `*.example.com`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The packages that it installs or removes: `left-pad`, `@acme/*`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The tools of MCP servers that it calls: `github/create_issue`, `github/*`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// The branches or tags of a remote that it changes: `main`, `release/*`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Why, for the person and the agent who read the verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Command lines that the rule must match. Proven when the settings are loaded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// Command lines that the rule must not match. Proven when the settings are loaded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_examples: Vec<String>,
}

macro_rules! effect_names {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)*) => {
        /// The kinds of effects, as rules of your own name them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum EffectName {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl EffectName {
            /// The word in the settings.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
        }
    };
}

effect_names! {
    /// Looks at facts: listings, help, versions, status.
    Observe = "observe",
    /// Reads what a file holds.
    Read = "read",
    /// Changes a file or creates it.
    Write = "write",
    /// Deletes a file or a folder.
    Delete = "delete",
    /// Moves a file or a folder.
    Move = "move",
    /// Changes who may do what with a file.
    Permit = "permit",
    /// Makes one path stand for another.
    Link = "link",
    /// Writes a raw device.
    Device = "device",
    /// Gets something from another machine.
    Fetch = "fetch",
    /// Sends something to another machine.
    Send = "send",
    /// Opens a port on this machine.
    Listen = "listen",
    /// Gives a shell on this machine to another one.
    OpenShell = "open-shell",
    /// Makes this machine reachable from outside.
    Tunnel = "tunnel",
    /// Runs a command on another machine, in a container or a cluster.
    RunElsewhere = "run-elsewhere",
    /// Builds, tests, lints or runs the project's own code.
    RunProject = "run-project",
    /// Runs code that came from another machine.
    RunDownloaded = "run-downloaded",
    /// Runs a program that Banksman has no model of.
    RunUnknown = "run-unknown",
    /// Adds a package.
    Install = "install",
    /// Removes a package.
    Uninstall = "uninstall",
    /// Local git work that can be undone.
    GitLocal = "git-local",
    /// Throws away work that git does not keep.
    GitDiscard = "git-discard",
    /// Rewrites commits.
    GitRewrite = "git-rewrite",
    /// Changes a branch or tag of a remote.
    Push = "push",
    /// Changes git's own settings.
    GitSetup = "git-setup",
    /// Does something in a service: a forge, a cloud, a database.
    Service = "service",
    /// Ends processes.
    Kill = "kill",
    /// Gets more rights than the user has.
    Privilege = "privilege",
    /// Changes this machine beyond the workspace.
    Machine = "machine",
    /// Arranges for something to run later.
    Persist = "persist",
    /// Switches off or loosens a protection.
    Weaken = "weaken",
    /// Goes round checks that the project has set up.
    BypassReview = "bypass-review",
    /// Sets a variable that makes a program run something else.
    Inject = "inject",
    /// Shows or fetches a secret.
    Secret = "secret",
    /// Uses up the machine.
    Exhaust = "exhaust",
    /// Calls a tool of an MCP server.
    Tool = "tool",
    /// Hands a brief to a subagent.
    Delegate = "delegate",
    /// Could not be understood.
    Opaque = "opaque",
}
