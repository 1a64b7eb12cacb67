//! Git: what each command reads, changes, throws away, rewrites, sends and runs.

use std::sync::Arc;

use super::common::{asks_for_help, made, observe, printed};
use super::{Call, Program};
use crate::effects::argv::{Arg, Opt, Parsed, Spec, parse, tail};
use crate::effects::shell::Shell;
use crate::effects::value::Value;
use crate::effects::{EffectKind, Source, Worst};
use crate::world::{GitFacts, State};
use banksman_protocol::{Certainty, Span};

mod abbreviations;
mod history;
mod look;
mod push;
mod remotes;
mod settings;
mod tree;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["git"], model: git },
    Program { names: &["gitk", "git-gui", "tig"], model: observe },
    Program { names: &["git-lfs"], model: as_subcommand },
];

/// How often an alias may stand for another.
const ALIAS_LIMIT: usize = 8;

/// One git command, with the repository that it works on.
struct Git<'c> {
    /// The subcommand.
    name: &'c str,
    /// What stands behind it.
    args: &'c [Arg],
    /// What flows into it.
    stdin: &'c Value,
    /// The whole call.
    span: Span,
    /// What is known of the repository.
    facts: Option<Arc<GitFacts>>,
    /// Untracked files are removed without `--force`.
    clean_needs_no_force: bool,
}

type Handler = fn(&Git<'_>, &mut Shell<'_>) -> Value;

const COMMANDS: &[&[(&[&str], Handler)]] = &[
    look::COMMANDS,
    tree::COMMANDS,
    history::COMMANDS,
    push::COMMANDS,
    remotes::COMMANDS,
    settings::COMMANDS,
];

impl Git<'_> {
    /// `git` with the subcommand, and the options that tell what it is about.
    fn title(&self) -> String {
        let mut out = format!("git {}", self.name);
        for word in self.args.iter().take(3).filter_map(Arg::text).take_while(|word| word.len() < 24) {
            let telling = word.starts_with('-') && word != "--" && !word.starts_with("-m");
            if !telling {
                break;
            }
            out.push(' ');
            out.push_str(word);
        }
        out
    }

    fn parse(&self, short: &'static str, long: &'static [&'static str]) -> Parsed {
        let mut parsed = parse(self.args, &Spec { short, long, ..Spec::default() });
        abbreviations::written_out(self.name, &mut parsed);
        parsed
    }

    /// `-n` or `--dry-run` is among the words, and nothing takes it back.
    fn only_looks(&self) -> bool {
        let short = self.args.iter().any(|arg| arg.text() == Some("-n"));
        let parsed = self.parse("", &[]);
        parsed.surely(&["--dry-run"]) || (short && !parsed.has(&["--no-dry-run"]))
    }

    fn observe(&self, shell: &mut Shell<'_>) -> Value {
        shell.add(EffectKind::Observe, self.span);
        self.printed()
    }

    fn printed(&self) -> Value {
        let command = format!("git {}", self.name);
        Value::output(&command, [Source::Output(command.clone())])
    }

    fn local(&self, shell: &mut Shell<'_>) -> Value {
        shell.add(EffectKind::GitLocal { what: self.title() }, self.span);
        self.printed()
    }

    fn discard(&self, shell: &mut Shell<'_>, state: State, span: Span) {
        shell.add(EffectKind::GitDiscard { what: self.title(), state }, span);
    }

    fn rewrite(&self, shell: &mut Shell<'_>, published: Option<bool>, recoverable: bool) -> Value {
        let certainty = if published.is_some() { Certainty::Certain } else { Certainty::Possible };
        let kind =
            EffectKind::GitRewrite { what: self.title(), published: published.unwrap_or(true), recoverable };
        shell.add_as(kind, self.span, certainty);
        self.printed()
    }

    fn bypass(&self, shell: &mut Shell<'_>, option: &Opt) {
        let what = format!("`git {} {}` skips the hooks of the project", self.name, option.name);
        shell.add(EffectKind::BypassReview { what }, option.span);
    }

    /// A command that git hands to a shell.
    fn runs(&self, shell: &mut Shell<'_>, command: &Arg) {
        shell.run_line(&command.value, command.span, self.stdin);
    }

    /// Whether somebody else may have the commit that is checked out.
    fn published(&self, shell: &Shell<'_>) -> Option<bool> {
        let facts = self.facts.as_ref()?;
        let Some(head) = &facts.head else { return Some(false) };
        let made = &shell.world().trail().made_refs;
        if made.iter().any(|name| name.len() >= 7 && head.starts_with(name.as_str())) {
            return Some(false);
        }
        if let Some(upstream) = &facts.upstream
            && let Some((_, commit)) = facts.tracking.iter().find(|(name, _)| name == upstream)
        {
            return Some(commit == head);
        }
        Some(facts.tracking.iter().any(|(_, commit)| commit == head))
    }

    /// The session made this branch, commit or stash.
    fn made(&self, shell: &Shell<'_>, name: &str) -> bool {
        shell.world().trail().made_refs.iter().any(|made| made == name)
    }
}

fn as_subcommand(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let name = call.name.strip_prefix("git-").unwrap_or(call.name);
    let mut args = vec![made(name, call)];
    args.extend(call.args.iter().cloned());
    git(&Call { name: "git", args: &args, ..call.clone() }, shell)
}

fn git(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    if asks_for_help(call.args) || call.args.is_empty() {
        return observe(call, shell);
    }
    settings::variables(call, shell);
    global(call, call.args, Global::default(), shell)
}

/// How many words of options before the subcommand are looked at.
const OPTION_LIMIT: usize = 64;

/// What stands before the subcommand.
#[derive(Clone, Debug, Default)]
struct Global {
    repository: Option<Arg>,
    worktree: Option<Arg>,
    aliases: Vec<(String, String)>,
    clean_needs_no_force: bool,
    depth: usize,
}

fn global(call: &Call<'_>, args: &[Arg], mut global_options: Global, shell: &mut Shell<'_>) -> Value {
    let Some((first, rest)) = args.split_first() else { return observe(call, shell) };
    if call.args.len() > args.len() + OPTION_LIMIT {
        shell.opaque("git is given more options than are looked at", Worst::Runs, call.span);
        return Value::default();
    }
    let prefix = first.value.prefix();
    let word = first.text();
    match (word, rest.split_first()) {
        (Some("-C"), Some((folder, rest))) => {
            return shell.in_folder(folder, |shell| global(call, rest, global_options, shell));
        }
        (Some("-c"), Some((setting, rest))) => {
            settings::once(call, setting, &mut global_options, shell);
            return global(call, rest, global_options, shell);
        }
        (Some("--git-dir"), Some((folder, rest))) => {
            global_options.repository = Some(folder.clone());
            return global(call, rest, global_options, shell);
        }
        (Some("--work-tree"), Some((folder, rest))) => {
            global_options.worktree = Some(folder.clone());
            return global(call, rest, global_options, shell);
        }
        (Some("--namespace" | "--super-prefix" | "--attr-source" | "--list-cmds"), Some((_, rest))) => {
            return global(call, rest, global_options, shell);
        }
        (Some("--config-env"), Some((_, rest))) => {
            shell.opaque("git takes a setting from the environment", Worst::Runs, first.span);
            return global(call, rest, global_options, shell);
        }
        (
            Some(
                "--exec-path" | "--html-path" | "--man-path" | "--info-path" | "--version" | "-v" | "--help"
                | "-h",
            ),
            _,
        ) => {
            return observe(call, shell);
        }
        _ => {}
    }
    if prefix.starts_with("--exec-path=") {
        let value = tail(first, "--exec-path=".len());
        shell.add(EffectKind::Inject { variable: "GIT_EXEC_PATH".into(), value: value.shown() }, first.span);
        return global(call, rest, global_options, shell);
    }
    if prefix.starts_with("--git-dir=") {
        global_options.repository = Some(tail(first, "--git-dir=".len()));
        return global(call, rest, global_options, shell);
    }
    if prefix.starts_with("--work-tree=") {
        global_options.worktree = Some(tail(first, "--work-tree=".len()));
        return global(call, rest, global_options, shell);
    }
    if prefix.starts_with("--config-env=") {
        shell.opaque("git takes a setting from the environment", Worst::Runs, first.span);
        return global(call, rest, global_options, shell);
    }
    if prefix.starts_with('-') {
        return global(call, rest, global_options, shell);
    }
    let Some(name) = word else {
        shell.opaque("the git command is not known", Worst::Runs, first.span);
        return Value::default();
    };
    subcommand(call, name, rest, global_options, shell)
}

fn subcommand(
    call: &Call<'_>,
    name: &str,
    args: &[Arg],
    mut options: Global,
    shell: &mut Shell<'_>,
) -> Value {
    let facts = facts_of(call, &options, shell);
    let git = Git {
        name,
        args,
        stdin: call.stdin,
        span: call.span,
        facts,
        clean_needs_no_force: options.clean_needs_no_force,
    };
    settings::of_a_foreign_repository(&git, shell);
    let handler = COMMANDS
        .iter()
        .flat_map(|family| family.iter())
        .find(|(names, _)| names.contains(&name))
        .map(|(_, handler)| *handler);
    if let Some(handler) = handler {
        if name != "grep" && abbreviations::asks_for_help(args) {
            return git.observe(shell);
        }
        return match options.worktree.take() {
            Some(folder) => shell.in_folder(&folder, |shell| handler(&git, shell)),
            None => handler(&git, shell),
        };
    }
    let own = options.aliases.iter().rev().find(|(alias, _)| alias.eq_ignore_ascii_case(name));
    let set_up = git
        .facts
        .as_ref()
        .and_then(|facts| facts.aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)));
    let Some((_, meaning)) = own.or(set_up).cloned() else {
        shell.add(EffectKind::RunUnknown { program: format!("git {name}"), place: None }, call.span);
        return printed(call);
    };
    options.depth += 1;
    if options.depth > ALIAS_LIMIT {
        shell.opaque(format!("the alias `{name}` stands for itself"), Worst::Runs, call.span);
        return Value::default();
    }
    if let Some(command) = meaning.strip_prefix('!') {
        let mut line = Value::known(command);
        for arg in args {
            line.push_text(" ");
            line.push(&quoted(&arg.value));
        }
        return shell.run_line(&line, call.span, call.stdin);
    }
    let mut words: Vec<Arg> = split(&meaning).into_iter().map(|word| made(word, call)).collect();
    words.extend(args.iter().cloned());
    global(call, &words, options, shell)
}

/// The value as one word of a shell.
fn quoted(value: &Value) -> Value {
    match value.text() {
        Some(text) => Value::known(format!("'{}'", text.replace('\'', r"'\''"))),
        None => value.clone(),
    }
}

/// The words of an alias, as git splits them.
fn split(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut open = false;
    for letter in text.chars() {
        match (quote, letter) {
            (Some(end), _) if end == letter => quote = None,
            (Some(_), _) => word.push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                open = true;
            }
            (None, _) if letter.is_whitespace() => {
                if open || !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (None, _) => word.push(letter),
        }
    }
    if open || !word.is_empty() {
        out.push(word);
    }
    out
}

fn facts_of(call: &Call<'_>, options: &Global, shell: &Shell<'_>) -> Option<Arc<GitFacts>> {
    let by_variable = |name: &str| {
        call.variables.iter().find(|(known, _)| known == name).map(|(_, value)| Arg {
            value: value.clone(),
            span: call.span,
            pattern: false,
        })
    };
    let named = options.worktree.clone().or_else(|| by_variable("GIT_WORK_TREE"));
    let named = named.or_else(|| options.repository.clone()).or_else(|| by_variable("GIT_DIR"));
    match named {
        Some(folder) => {
            let place = shell.place(&folder);
            let inside = place.path.file_name().is_some_and(|name| name == ".git");
            let path = if inside { place.path.parent()? } else { place.path.as_path() };
            place.known.then(|| shell.world().git(path)).flatten()
        }
        None => shell.world().git(shell.cwd()?),
    }
}

#[cfg(test)]
mod tests;
