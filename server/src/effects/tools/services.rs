//! Tools of services: forges, chats, mail, banks, clouds, trackers.

use banksman_protocol::{Certainty, Span};

use super::arguments::Leaf;
use super::classes::{self, Deed};
use super::{Call, files, run};
use crate::effects::{Effect, EffectKind, RefUpdate, Remote, ServiceClass};

/// Who gets something, the most telling name first.
const RECIPIENTS: &[&str] = &[
    "recipient",
    "recipients",
    "to",
    "toemail",
    "email",
    "emails",
    "emailaddress",
    "useremail",
    "collaboratoremail",
    "newowneremail",
    "newowner",
    "iban",
    "beneficiary",
    "payee",
    "toaccount",
    "destinationaccount",
    "accountnumber",
    "walletaddress",
    "account",
    "address",
    "cc",
    "bcc",
    "attendees",
    "participants",
    "invitees",
    "member",
    "members",
    "collaborator",
    "username",
    "user",
    "userid",
    "assignee",
    "assignees",
    "phone",
    "phonenumber",
    "chatid",
    "channel",
    "channelid",
    "channelname",
    "webhookurl",
    "url",
    "sharewith",
    "principal",
];
/// What is acted on.
const OBJECTS: &[&str] = &[
    "reponame",
    "repository",
    "fullname",
    "repo",
    "projectid",
    "project",
    "url",
    "path",
    "table",
    "tablename",
    "database",
    "databasename",
    "bucket",
    "bucketname",
    "cluster",
    "instance",
    "instanceid",
    "domain",
    "zone",
    "container",
    "containerid",
    "image",
    "service",
    "servicename",
    "environment",
    "environmentid",
    "namespace",
    "deployment",
    "deploymentid",
    "stack",
    "branch",
    "branchname",
    "tag",
    "tagname",
    "issuenumber",
    "issueid",
    "pullnumber",
    "prnumber",
    "pullrequestnumber",
    "number",
    "issuekey",
    "ticketid",
    "pageid",
    "documentid",
    "fileid",
    "eventid",
    "messageid",
    "threadid",
    "channel",
    "channelid",
    "channelname",
    "user",
    "userid",
    "username",
    "email",
    "sshkey",
    "keyid",
    "key",
    "id",
    "name",
    "title",
    "resource",
    "resourceid",
    "target",
    "subject",
    "query",
    "summary",
];

/// What a tool does whose name is understood on its own: git, pushes by way of a forge, variables.
pub(super) fn known(call: &Call<'_>) -> Option<Vec<Effect>> {
    delegated(call)
        .or_else(|| git(call))
        .or_else(|| pushed(call))
        .or_else(|| variable(call))
        .or_else(|| project(call))
}

/// What a tool of a service does.
pub(super) fn of(call: &Call<'_>) -> Vec<Effect> {
    let (class, certainty) = match classes::class(&call.name) {
        Some(_) if only_numbers(call) => (ServiceClass::Read, Certainty::Likely),
        Some(class) => (class, Certainty::Likely),
        None if only_numbers(call) => (ServiceClass::Read, Certainty::Possible),
        None => (ServiceClass::Change, Certainty::Possible),
    };
    let span = telling(call, class).map_or_else(|| call.arguments.whole(), |leaf| leaf.span);
    vec![Effect { certainty, ..Effect::new(tool(call, class), span) }]
}

/// The effect of a tool of this class.
pub(super) fn tool(call: &Call<'_>, class: ServiceClass) -> EffectKind {
    EffectKind::Tool {
        server: call.server.to_owned(),
        tool: call.tool.to_owned(),
        class,
        target: target(call, class),
    }
}

/// A name of one word that is given numbers only computes.
fn only_numbers(call: &Call<'_>) -> bool {
    let number = |leaf: &Leaf<'_>| leaf.value.is_some_and(serde_json::Value::is_number);
    call.name.words().len() == 1 && call.arguments.all().next().is_some() && call.arguments.all().all(number)
}

fn is_for_people(class: ServiceClass) -> bool {
    matches!(class, ServiceClass::Message | ServiceClass::Grant | ServiceClass::Pay | ServiceClass::Publish)
}

/// The argument that tells most about what is acted on.
fn telling<'c>(call: &'c Call<'_>, class: ServiceClass) -> Option<&'c Leaf<'c>> {
    chosen(call, class).into_iter().next()
}

/// What is acted on: who gets it where somebody gets something, otherwise the thing.
fn target(call: &Call<'_>, class: ServiceClass) -> String {
    if !matches!(class, ServiceClass::Grant | ServiceClass::Pay)
        && let (Some(owner), Some(repo)) =
            (call.arguments.text(&["owner", "org"]), call.arguments.text(&["repo", "repository"]))
    {
        return format!("{}/{}", owner.text, repo.text);
    }
    chosen(call, class).iter().map(|leaf| leaf.shown()).collect::<Vec<_>>().join(", ")
}

fn chosen<'c>(call: &'c Call<'_>, class: ServiceClass) -> Vec<&'c Leaf<'c>> {
    let lists: [&[&str]; 2] =
        if is_for_people(class) { [RECIPIENTS, OBJECTS] } else { [OBJECTS, RECIPIENTS] };
    for keys in lists {
        let mut found: Vec<&Leaf<'_>> = Vec::new();
        for key in keys {
            for leaf in call.arguments.all() {
                let short = leaf.value.is_none_or(serde_json::Value::is_number) && leaf.text.len() <= 200;
                if leaf.key == *key && short && !leaf.shown().is_empty() && found.len() < 6 {
                    found.push(leaf);
                }
            }
            // Somebody is often named twice, by name and by address: both tell.
            if !found.is_empty() && !is_for_people(class) {
                break;
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Tools of a git server say what git itself would be told.
fn git(call: &Call<'_>) -> Option<Vec<Effect>> {
    let git = call.tool.starts_with("git_") || call.tool.starts_with("git-") || call.name.served_by(&["git"]);
    if !git || call.arguments.has(&["owner", "projectid"]) {
        return None;
    }
    let words: Vec<&str> =
        call.name.words().iter().map(String::as_str).filter(|word| *word != "git").collect();
    let whole = call.arguments.whole();
    let folder = files::destination(call);
    if words.first() == Some(&"clone") {
        let from = call.arguments.text(&["url", "repourl", "reponame", "repository", "repo", "remoteurl"])?;
        let name = from.text.trim_end_matches(".git").rsplit('/').next().unwrap_or_default();
        let address = if from.text.contains(':') {
            from.text.to_owned()
        } else {
            format!("https://github.com/{}", from.text)
        };
        let saves = folder
            .map(|(place, _)| call.world.place(call.world.cwd(), &format!("{}/{name}", place.shown)))
            .filter(|place| !files::is_foreign(call, place));
        return Some(vec![Effect::new(EffectKind::Fetch { from: Remote::read(&address), saves }, from.span)]);
    }
    let (folder, _) = folder?;
    if files::is_foreign(call, &folder) && words.first() == Some(&"push") {
        // Nothing is known of that repository but that it is one.
        let remote = call.server.to_owned();
        return Some(vec![Effect::new(
            EffectKind::Push { remote, updates: Vec::new(), known_remote: true },
            whole,
        )]);
    }
    let mut line = String::from("git");
    match words.as_slice() {
        ["create", "branch"] => line.push_str(" branch"),
        ["diff", ..] => line.push_str(" diff"),
        ["list", "branches"] | ["branch"] => line.push_str(" branch --list"),
        ["add"] => line.push_str(" add"),
        ["commit", ..] => line.push_str(" commit -m message"),
        [
            verb @ ("status" | "log" | "show" | "init" | "reset" | "push" | "pull" | "fetch" | "stash"
            | "merge" | "rebase" | "checkout" | "revert" | "tag"),
            ..,
        ] => {
            line.push(' ');
            line.push_str(verb);
        }
        _ => return None,
    }
    let flag = |keys: &[&str]| {
        call.arguments.all().any(|leaf| {
            keys.contains(&leaf.key.as_str()) && leaf.value.is_some_and(|value| value.as_bool() == Some(true))
        })
    };
    for (keys, text) in [(["force", "forced"], " --force"), (["hard", "discard"], " --hard")] {
        if flag(&keys) {
            line.push_str(text);
        }
    }
    for leaf in call.arguments.named(&["remote", "branch", "branchname", "ref", "target", "mode", "files"]) {
        line.push(' ');
        line.push_str(&run::quoted(leaf.text));
    }
    Some(run::as_command(call, &line, Some(&folder.text()), whole))
}

/// Commits that a forge makes right on a remote branch.
fn pushed(call: &Call<'_>) -> Option<Vec<Effect>> {
    let on_files =
        call.name.has(&["file"]) && call.arguments.has(&["owner", "repo", "repository", "projectid"]);
    if !on_files
        || !matches!(
            call.name.deed,
            Some(Deed::Make | Deed::Change | Deed::Push | Deed::Remove | Deed::Publish)
        )
    {
        return None;
    }
    let leaf = |keys: &[&str]| call.arguments.text(keys).map(|leaf| leaf.text);
    let repository = leaf(&["repo", "repository", "projectid", "reponame"]).unwrap_or_default();
    let remote = leaf(&["owner", "org"])
        .map_or_else(|| repository.to_owned(), |owner| format!("{owner}/{repository}"));
    let name =
        leaf(&["branch", "branchname", "ref"]).unwrap_or("main").trim_start_matches("refs/heads/").to_owned();
    let shared = matches!(name.as_str(), "main" | "master" | "trunk" | "develop" | "production")
        || name.starts_with("release");
    let update = RefUpdate { name, force: false, delete: false, tag: false, shared };
    let known_remote = true;
    Some(vec![Effect::new(
        EffectKind::Push { remote, updates: vec![update], known_remote },
        call.arguments.whole(),
    )])
}

/// A brief for another agent.
fn delegated(call: &Call<'_>) -> Option<Vec<Effect>> {
    if !call.name.has(&["delegate", "subagent", "handoff"]) {
        return None;
    }
    let brief =
        call.arguments.text(&["prompt", "task", "description", "instructions", "message", "brief"])?;
    Some(vec![Effect::new(EffectKind::Delegate { prompt: brief.text.to_owned() }, brief.span)])
}

/// A variable of the environment that is shown.
fn variable(call: &Call<'_>) -> Option<Vec<Effect>> {
    if !call.name.has(&["env", "environment", "envvar", "getenv"])
        || !matches!(call.name.deed, None | Some(Deed::Look | Deed::List))
    {
        return None;
    }
    let name = call.arguments.text(&["name", "variable", "key", "var", "variablename"]);
    let kind = match name {
        Some(name) if crate::effects::secret_variable(name.text) || name.text.ends_with("_KEY") => {
            EffectKind::Secret { what: format!("the variable `{}`", name.text) }
        }
        Some(_) => EffectKind::Observe,
        None => EffectKind::Secret { what: "every variable of the environment".to_owned() },
    };
    Some(vec![Effect::new(kind, name.map_or_else(|| call.arguments.whole(), |name| name.span))])
}

/// Building and testing the project at hand.
fn project(call: &Call<'_>) -> Option<Vec<Effect>> {
    let words = call.name.words();
    let tasks = words.iter().any(|word| {
        matches!(word.as_str(), "test" | "tests" | "build" | "lint" | "typecheck" | "compile" | "format")
    });
    let runs = matches!(call.name.deed, Some(Deed::Run)) || words.len() <= 2;
    let texts = call.arguments.texts().any(|leaf| leaf.text.contains(char::is_whitespace));
    if !tasks
        || !runs
        || texts
        || words.iter().any(|word| word == "deploy" || word == "create" || word == "delete")
        || files::has_path(call)
    {
        return None;
    }
    Some(vec![Effect::new(
        EffectKind::RunProject { task: call.shown() },
        Span::new(0, call.arguments.whole().end),
    )])
}
