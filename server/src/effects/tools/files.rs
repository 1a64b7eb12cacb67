//! Tools that read and change files of this machine.

use std::path::Path;

use banksman_protocol::Span;

use super::Call;
use super::arguments::{Leaf, covering};
use super::classes::Deed;
use super::run;
use crate::effects::{
    Content, Effect, EffectKind, Permission, Remote, SendHow, ServiceClass, Source, WriteHow, content,
    fetches, read,
};
use crate::world::{Place, Role, Scope};

/// What a path is called, whatever it looks like.
const PATHS: &[&str] = &[
    "path",
    "filepath",
    "filename",
    "paths",
    "filepaths",
    "directory",
    "dir",
    "folder",
    "folderpath",
    "directorypath",
    "dirpath",
    "notebookpath",
    "absolutepath",
    "absolutefilepath",
    "relativepath",
    "relativeworkspacepath",
    "targetfile",
    "targetpath",
    "sourcepath",
    "destinationpath",
    "oldpath",
    "newpath",
    "localpath",
    "localdirpath",
    "savedir",
    "savepath",
    "outputpath",
    "outputdir",
    "inputpath",
    "imagepath",
    "repopath",
    "rootpath",
    "projectpath",
    "frompath",
    "topath",
    "documentpath",
    "configpath",
    "scriptpath",
    "attachmentpath",
    "localfilepath",
];
/// What a path may be called, when it looks like one.
const LOOSE: &[&str] = &[
    "file",
    "files",
    "uri",
    "url",
    "root",
    "source",
    "src",
    "from",
    "destination",
    "dest",
    "dst",
    "to",
    "target",
    "output",
    "outputfile",
    "input",
    "inputfile",
    "location",
    "resource",
    "attachment",
    "attachments",
    "document",
    "name",
    "resourceuri",
    "pattern",
    "glob",
    "image",
];
/// Where something is put.
const DESTINATIONS: &[&str] = &[
    "destination",
    "dest",
    "dst",
    "to",
    "target",
    "newpath",
    "destinationpath",
    "targetpath",
    "savedir",
    "savepath",
    "outputpath",
    "outputdir",
    "output",
    "outputfile",
    "topath",
    "localdirpath",
    "newname",
];
const NEW: &[&str] = &[
    "content",
    "contents",
    "filetext",
    "filecontent",
    "newstring",
    "newstr",
    "newtext",
    "newcontent",
    "inserttext",
    "text",
    "data",
    "body",
    "code",
    "codeedit",
    "replacement",
    "newsource",
    "lines",
    "value",
    "patch",
    "diff",
    "insert",
];
const OLD: &[&str] = &["oldstring", "oldstr", "oldtext", "oldcontent", "search", "oldsource"];
/// What says that a path lies in a service and not on this machine.
const ELSEWHERE: &[&str] = &[
    "owner",
    "repo",
    "repository",
    "repoid",
    "reponame",
    "projectid",
    "bucket",
    "bucketname",
    "branch",
    "sha",
    "siteid",
    "driveid",
    "fileid",
    "documentid",
    "databaseid",
    "pageid",
    "teamid",
    "spreadsheetid",
    "host",
    "container",
    "containerid",
    "pod",
    "namespace",
    "organization",
    "gistid",
    "method",
    "workspaceslug",
    "reposlug",
];

/// What the call does with files, when it is about files.
pub(super) fn of(call: &Call<'_>) -> Option<Vec<Effect>> {
    if call.arguments.has(ELSEWHERE)
        || call.name.served_by(&["gdrive", "dropbox", "onedrive", "sharepoint", "notion", "confluence", "s3"])
    {
        return None;
    }
    let paths: Vec<&Leaf<'_>> = paths(call).collect();
    let first = paths.first()?;
    let editing = call.arguments.text(&["command"]).map(|leaf| leaf.text);
    let deed = match editing {
        Some("view" | "read") => Some(Deed::Look),
        Some(_) if call.name.has(&["editor", "replace"]) => Some(Deed::Change),
        _ => call.name.deed,
    };
    let new = call.arguments.text(NEW);
    let mut effects = Vec::new();
    if paths.iter().all(|leaf| is_foreign(call, &place(call, leaf))) {
        return Some(foreign(call, deed, new.is_some(), first.span));
    }
    match deed {
        Some(Deed::List) => {
            effects.extend(paths.iter().map(|leaf| Effect::new(EffectKind::Observe, leaf.span)))
        }
        Some(Deed::Look | Deed::Get | Deed::Compute | Deed::Browse) => look(call, &paths, &mut effects),
        Some(Deed::Move | Deed::Copy) => relocate(call, &paths, deed == Some(Deed::Move), &mut effects),
        Some(Deed::Remove | Deed::Destroy) => {
            for leaf in &paths {
                let place = call.world.place_itself(call.world.cwd(), &plain(call, leaf.text));
                let state = call.world.state(&place);
                let recursive = state.folder;
                effects.push(Effect::new(EffectKind::Delete { place, state, recursive }, leaf.span));
            }
        }
        Some(Deed::Run) => {
            return Some(run::as_command(call, &run::quoted(&plain(call, first.text)), None, first.span));
        }
        Some(Deed::Publish | Deed::Speak | Deed::Deploy | Deed::Release) => {
            let from = paths.iter().map(|leaf| Source::File(Box::new(place(call, leaf)))).collect();
            let to = Remote::unknown(&call.shown());
            look(call, &paths, &mut effects);
            if effects.iter().any(|effect| effect.place().is_some_and(|place| place.role != Role::Ordinary)) {
                effects
                    .push(Effect::new(EffectKind::Send { to, what: from, how: SendHow::Body }, first.span));
            }
            effects.extend(super::services::of(call));
        }
        Some(Deed::Make | Deed::Change)
            if call.name.has(&["permission", "permissions", "chmod", "mode", "owner", "chown"]) =>
        {
            let change = permission(call);
            effects.extend(paths.iter().map(|leaf| {
                Effect::new(
                    EffectKind::Permit { place: place(call, leaf), change, recursive: false },
                    leaf.span,
                )
            }));
        }
        Some(Deed::Make | Deed::Change) => write(call, &paths, &mut effects),
        None if new.is_some() => write(call, &paths, &mut effects),
        None => look(call, &paths, &mut effects),
        Some(_) => return None,
    }
    Some(effects)
}

/// The place lies in a folder of the root that this machine does not have: the tool has files of its own.
pub(super) fn is_foreign(call: &Call<'_>, place: &Place) -> bool {
    let top = place.path.components().nth(1);
    matches!(place.scope, Scope::Elsewhere | Scope::Root)
        && matches!(place.role, Role::Ordinary | Role::NotSecret | Role::Build)
        && top.is_some_and(|top| !call.world.exists(&Path::new("/").join(top)))
}

/// What is done in a file system that is not this machine's.
fn foreign(call: &Call<'_>, deed: Option<Deed>, carries: bool, span: Span) -> Vec<Effect> {
    let class = match deed {
        Some(Deed::Look | Deed::List | Deed::Get | Deed::Compute | Deed::Browse) => ServiceClass::Read,
        Some(Deed::Make | Deed::Change | Deed::Move | Deed::Copy) => ServiceClass::Create,
        Some(Deed::Remove | Deed::Destroy) => ServiceClass::Delete,
        Some(_) => return super::services::of(call),
        None if carries => ServiceClass::Create,
        None => ServiceClass::Read,
    };
    vec![Effect::new(super::services::tool(call, class), span)]
}

/// The arguments that are paths.
pub(super) fn paths<'c>(call: &'c Call<'_>) -> impl Iterator<Item = &'c Leaf<'c>> {
    call.arguments.texts().filter(|leaf| {
        let text = leaf.text;
        let fits = !text.is_empty()
            && text.len() < 4_096
            && !text.contains('\n')
            && (!text.contains("://") || fetches::local_path(text).is_some());
        fits && (PATHS.contains(&leaf.key.as_str())
            || (LOOSE.contains(&leaf.key.as_str()) && looks_like_path(&leaf.key, text)))
    })
}

/// One of the arguments is a path.
pub(super) fn has_path(call: &Call<'_>) -> bool {
    paths(call).next().is_some()
}

/// The place where the call puts something, when it says one.
pub(super) fn destination(call: &Call<'_>) -> Option<(Place, Span)> {
    let leaf =
        paths(call).find(|leaf| DESTINATIONS.contains(&leaf.key.as_str())).or_else(|| paths(call).next())?;
    Some((place(call, leaf), leaf.span))
}

/// The place that an argument names.
pub(super) fn place(call: &Call<'_>, leaf: &Leaf<'_>) -> Place {
    call.world.place(call.world.cwd(), &plain(call, leaf.text))
}

/// The path as this machine reads it.
fn plain(call: &Call<'_>, text: &str) -> String {
    if let Some(path) = fetches::local_path(text) {
        return read::home(&path, call.world).into_owned();
    }
    let decoded = fetches::unescaped(text);
    if decoded != text && (decoded.contains("../") || decoded.contains("..\\") || hides(text)) {
        // Nobody encodes dots and slashes but to hide where a path leads.
        return read::home(&decoded.replace('\\', "/"), call.world).into_owned();
    }
    if text.contains("..\\") {
        return read::home(&text.replace('\\', "/"), call.world).into_owned();
    }
    let mut start = text.chars();
    let drive = start.next().is_some_and(|c| c.is_ascii_alphabetic()) && start.next() == Some(':');
    match text.get(2..) {
        // Paths of Windows are read as if the drive were the root.
        Some(rest) if drive && rest.starts_with(['/', '\\']) => rest.replace('\\', "/"),
        _ => read::home(text, call.world).into_owned(),
    }
}

/// A dot or a slash is written as its number.
fn hides(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["%2e", "%2f", "%5c", "%25"].iter().any(|escape| lower.contains(escape))
}

fn looks_like_path(key: &str, text: &str) -> bool {
    let rooted =
        text.starts_with(['/', '~', '.']) || fetches::local_path(text).is_some() || text.starts_with("%2");
    let windows = text.get(1..3).is_some_and(|rest| matches!(rest, ":\\" | ":/"));
    let sure = matches!(
        key,
        "file" | "files" | "source" | "src" | "destination" | "dest" | "dst" | "outputfile" | "inputfile"
    );
    let named =
        sure && !text.contains(char::is_whitespace) && !text.contains('@') && text.contains(['/', '.']);
    rooted || windows || named
}

fn look(call: &Call<'_>, paths: &[&Leaf<'_>], effects: &mut Vec<Effect>) {
    let lists = call.name.has(&["directory", "dir", "tree", "folder", "metadata", "size", "exist"]);
    for leaf in paths {
        let kind = if lists { EffectKind::Observe } else { EffectKind::Read { place: place(call, leaf) } };
        effects.push(Effect::new(kind, leaf.span));
    }
}

fn relocate(call: &Call<'_>, paths: &[&Leaf<'_>], moves: bool, effects: &mut Vec<Effect>) {
    let (to, from): (Vec<&Leaf<'_>>, Vec<&Leaf<'_>>) =
        paths.iter().partition(|leaf| DESTINATIONS.contains(&leaf.key.as_str()));
    let target = to.first().copied().or_else(|| call.arguments.text(DESTINATIONS));
    for leaf in from {
        let source = place(call, leaf);
        let Some(target) = target else {
            effects.push(Effect::new(EffectKind::Read { place: source }, leaf.span));
            continue;
        };
        let to = place(call, target);
        let state = call.world.state(&to);
        if moves {
            effects.push(Effect::new(EffectKind::Move { from: source, to, state }, leaf.span));
        } else {
            let told =
                Content { new: String::new(), old: None, from: vec![Source::File(Box::new(source.clone()))] };
            effects.push(Effect::new(EffectKind::Read { place: source }, leaf.span));
            let kind = EffectKind::Write { place: to, state, how: WriteHow::Replace, content: Some(told) };
            effects.push(Effect::new(kind, target.span));
        }
    }
}

fn permission(call: &Call<'_>) -> Permission {
    let mode = call
        .arguments
        .all()
        .find(|leaf| matches!(leaf.key.as_str(), "mode" | "permissions" | "permission" | "octal"));
    let mode = mode.map(Leaf::shown).unwrap_or_default();
    if call.name.has(&["owner", "chown"]) {
        return Permission::Owner;
    }
    let digits = mode.trim_start_matches(['0', 'o']);
    let last = digits.chars().last().and_then(|c| c.to_digit(8)).unwrap_or(0);
    let set_id = (digits.len() == 4 && digits.starts_with(['2', '4', '6'])) || mode.contains("+s");
    if set_id {
        Permission::SetId
    } else if last & 2 != 0 || mode.contains("o+w") || mode.contains("a+w") {
        Permission::WorldWritable
    } else if mode.contains('x') || digits.chars().any(|c| c.to_digit(8).is_some_and(|digit| digit & 1 != 0))
    {
        Permission::Executable
    } else {
        Permission::Other
    }
}

fn write(call: &Call<'_>, paths: &[&Leaf<'_>], effects: &mut Vec<Effect>) {
    let folder = call.name.has(&["directory", "dir", "folder", "mkdir"]);
    let new: Vec<&Leaf<'_>> =
        call.arguments.named(NEW).filter(|leaf| !paths.iter().any(|path| path.span == leaf.span)).collect();
    let old = call.arguments.text(OLD).map(|leaf| leaf.text.to_owned());
    let creates = call.arguments.text(&["command"]).is_some_and(|leaf| leaf.text == "create");
    let how = if folder {
        WriteHow::Create
    } else if call.name.has(&["append"]) {
        WriteHow::Append
    } else if creates {
        WriteHow::Replace
    } else if old.is_some()
        || call.name.has(&["edit", "str", "replace", "insert", "patch", "modify", "update", "change"])
    {
        WriteHow::Change
    } else {
        WriteHow::Replace
    };
    for leaf in paths {
        let place = place(call, leaf);
        let state = call.world.state(&place);
        let text = new.iter().map(|leaf| leaf.text).collect::<Vec<_>>().join("\n");
        let told = (!folder).then(|| Content { from: call.sources(&text), old: old.clone(), new: text });
        let kind = EffectKind::Write { place: place.clone(), state, how, content: told };
        effects.push(Effect::new(kind, new.first().map_or(leaf.span, |new| covering(leaf.span, new.span))));
        for new in &new {
            for later in content::later(&place, old.as_deref(), new.text, call.world) {
                effects.push(Effect { span: new.inner(later.span), ..later });
            }
        }
    }
}
