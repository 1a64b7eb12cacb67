//! Verbs that make and change: what they make decides.

use super::super::Operation::{self, *};
use super::super::Target;
use super::super::target::Object;
use super::super::verbs::Hit;
use super::{is_proposal, named, release, target};

/// What is made when the object, not the verb, says it: "open a PR", "add a dependency", "create a tag".
pub(super) fn made(hit: &Hit, object: &Object, all: &mut Vec<(Operation, Target)>) {
    let verb = hit.verb.split(' ').next().unwrap_or_default();
    let making = matches!(
        verb,
        "open"
            | "create"
            | "make"
            | "raise"
            | "file"
            | "submit"
            | "put"
            | "send"
            | "draft"
            | "add"
            | "write"
            | "set"
            | "push"
            | "leave"
            | "post"
            | "get"
            | "propose"
            | "init"
            | "initialize"
            | "generate"
            | "do"
            | "update"
    );
    if !making {
        return;
    }
    if is_proposal(object) && !matches!(verb, "update" | "get" | "leave" | "add" | "write") {
        all.retain(|(operation, _)| !matches!(operation, Message | Send | Read));
        // What it holds and which branch it is for are told when it is opened.
        all.push((Propose, Target::Any));
        all.push((Push, named(&["@branch"])));
    }
    if object.is_of(&["issue", "ticket"]) && !matches!(verb, "push" | "get" | "set") {
        all.push((Message, target(object.every_name())));
        all.push((ServiceChange, target(object.every_name())));
    }
    if object.is_of(&["comment", "message", "reply", "email", "mail", "dm", "review"])
        && matches!(verb, "write" | "leave" | "add" | "post" | "send" | "create" | "draft")
        && !object.towards.is_empty()
    {
        all.push((Message, Target::Named(object.towards.clone())));
    }
    if object.is_of(&["tag"]) && matches!(verb, "create" | "add" | "make" | "push") {
        all.push((Tag, target(object.names.clone())));
    }
    if object.is_of(&["release"])
        && matches!(verb, "create" | "make" | "do" | "draft" | "push")
        && !object.is_of(&["note", "workflow", "script"])
    {
        release("release", object, all);
    }
    if object.is_of(&["gist"]) {
        all.push((Publish, named(&["gist"])));
    }
    let people = object.has(&[
        "collaborator",
        "member",
        "channel",
        "team",
        "group",
        "organization",
        "org",
        "admin",
        "maintainer",
    ]);
    if verb == "add" && (people || object.is_of(&["key"])) {
        let mut names = object.every_name();
        names.extend(object.nouns.iter().cloned());
        all.push((Grant, target(names)));
    }
    if verb == "add" && !people {
        let dependency = object.has(&[
            "dependency",
            "package",
            "crate",
            "library",
            "plugin",
            "dependencies",
            "gem",
            "packages",
        ]);
        let manifest = object.towards.iter().any(|name| {
            name.ends_with(".toml") || name.ends_with("package.json") || name.contains("requirements")
        });
        let lone = object.names.len() == 1
            && object.towards.is_empty()
            && !object.names.iter().any(|name| name.contains(['/', '.']));
        if dependency || manifest || lone {
            let mut names = object.names.clone();
            if dependency {
                names.extend(object.towards.iter().cloned());
            }
            if !names.is_empty() {
                all.push((Install, Target::Named(names)));
            }
        }
    }
    if object.is_of(&["cron", "crontab", "systemd", "launchd", "autostart", "startup", "cronjob"])
        || object.towards.iter().chain(&object.within).any(|name| {
            name.contains("bashrc")
                || name.contains("zshrc")
                || name.contains("profile")
                || name.contains("crontab")
        })
    {
        let mut names = object.every_name();
        names.extend(object.nouns.iter().cloned());
        all.push((Persist, target(names)));
    }
    if object.is_of(&["payment", "transaction"])
        && object.has(&["recurring", "scheduled", "standing", "payment"])
    {
        all.push((Pay, target(object.every_name())));
    }
    if object.is_of(&[
        "password",
        "account",
        "repo",
        "repository",
        "bucket",
        "dns",
        "record",
        "secret",
        "webhook",
        "flag",
        "label",
        "milestone",
        "project",
        "database",
        "order",
    ]) {
        let mut names = object.every_name();
        names.extend(object.nouns.iter().cloned());
        all.push((ServiceChange, target(names)));
    }
    if object.is_of(&["remote"]) && object.has(&["git", "remote"]) && matches!(verb, "set" | "add" | "update")
    {
        all.push((GitSetup, target(object.every_name())));
    }
}
