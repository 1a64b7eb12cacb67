//! find and fd: what they delete, run and write, on the places they search.

use super::{Call, Program, wrappers};
use crate::effects::argv::{Arg, Spec, parse};
use crate::effects::shell::{Pattern, Shell};
use crate::effects::value::{Hole, Value};
use crate::effects::{EffectKind, Source, WriteHow};
use crate::world::Scope;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["find", "gfind"], model: find },
    Program { names: &["fd", "fdfind"], model: fd },
    Program { names: &["locate", "mlocate", "plocate", "updatedb", "mdfind"], model: super::files::observe },
];

/// How many found names are followed one by one.
const FOUND: usize = 128;
/// How many folders are looked into when something is done to what is found.
const FOLDERS: usize = 1_024;
/// How many folders are looked into when it is only shown.
const SHOWN_FOLDERS: usize = 256;

fn find(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let mut args = call.args;
    while let Some((first, rest)) = args.split_first() {
        match first.text() {
            Some("-H" | "-L" | "-P") => args = rest,
            Some("-D") => args = rest.get(1..).unwrap_or_default(),
            Some(text) if text.starts_with("-O") => args = rest,
            _ => break,
        }
    }
    let starts = args
        .iter()
        .position(|arg| arg.value.prefix().starts_with(['-', '(', '!', ')']))
        .unwrap_or(args.len());
    let (roots, tests) = args.split_at(starts);
    let here = [Arg::known(".", call.span)];
    let roots = if roots.is_empty() { &here } else { roots };
    let names = name_tests(tests);
    let shallow = tests.windows(2).any(
        |pair| matches!(pair, [flag, depth] if flag.text() == Some("-maxdepth") && depth.text() == Some("0")),
    );
    let mut acts = false;
    let mut index = 0;
    while let Some(test) = tests.get(index) {
        index += 1;
        match test.text() {
            Some("-delete") => {
                acts = true;
                for root in roots {
                    let scope = shell.place_itself(root).scope;
                    let ours = matches!(scope, Scope::Workspace | Scope::WorkspaceRoot | Scope::Temp);
                    if ours && only_empty(tests) {
                        shell.add(EffectKind::Observe, test.span);
                    } else {
                        delete_found(shell, root, &names, test);
                    }
                }
            }
            Some("-exec" | "-execdir" | "-ok" | "-okdir") => {
                acts = true;
                let rest = tests.get(index..).unwrap_or_default();
                let end =
                    rest.iter().position(|arg| matches!(arg.text(), Some(";" | "+"))).unwrap_or(rest.len());
                let words = rest.get(..end).unwrap_or_default();
                index += end + 1;
                for item in roots
                    .iter()
                    .flat_map(|root| found(shell, root, &names, shallow, FOLDERS))
                    .take(FOUND)
                    .collect::<Vec<_>>()
                {
                    let words: Vec<Arg> =
                        words.iter().map(|word| wrappers::feeds::filled(word, "{}", &item)).collect();
                    shell.run_words(&words, call.span, &Value::default());
                }
            }
            Some("-fprint" | "-fprint0" | "-fls" | "-fprintf") => {
                acts = true;
                if let Some(file) = tests.get(index) {
                    shell.write(file, WriteHow::Replace, None);
                }
                index += 1;
            }
            _ => {}
        }
    }
    if !acts {
        shell.add(EffectKind::Observe, call.span);
    }
    names_found(shell, roots, &names, shallow)
}

/// A pattern that names have to fit.
struct NameTest {
    pattern: String,
    /// `-iname`: case does not count.
    any_case: bool,
}

impl NameTest {
    /// Whether any of these is fitted, with the patterns read once.
    fn any(tests: &[Self]) -> impl Fn(&str) -> bool {
        let patterns: Vec<(Pattern<'_>, bool)> =
            tests.iter().map(|test| (Pattern::new(&test.pattern), test.any_case)).collect();
        move |name| {
            patterns.iter().any(|(pattern, any_case)| {
                if *any_case { pattern.fits(&name.to_lowercase()) } else { pattern.fits(name) }
            })
        }
    }
}

/// Tests that only a look at each file can answer.
const OTHER_TESTS: [&str; 20] = [
    "-size",
    "-mtime",
    "-mmin",
    "-newer",
    "-atime",
    "-amin",
    "-ctime",
    "-cmin",
    "-perm",
    "-user",
    "-group",
    "-regex",
    "-iregex",
    "-path",
    "-ipath",
    "-wholename",
    "-links",
    "-newermt",
    "-nouser",
    "-nogroup",
];

/// The patterns of `-name`, one of which whatever is found must fit; `*` when other tests choose among all
/// files. Empty when everything is found.
fn name_tests(tests: &[Arg]) -> Vec<NameTest> {
    let is = |at: usize, words: &[&str]| {
        tests.get(at).and_then(Arg::text).is_some_and(|text| words.contains(&text))
    };
    let mut names = Vec::new();
    let mut complete = true;
    for alternative in tests.split(|arg| matches!(arg.text(), Some("-o" | "-or"))) {
        let mut chosen = false;
        for (at, pair) in alternative.windows(2).enumerate() {
            let [flag, pattern] = pair else { continue };
            let before = at.checked_sub(1).and_then(|at| alternative.get(at)).and_then(Arg::text);
            let any_case = flag.text() == Some("-iname");
            if matches!(before, Some("!" | "-not")) || !(any_case || flag.text() == Some("-name")) {
                continue;
            }
            if let Some(pattern) = pattern.text() {
                let pattern = if any_case { pattern.to_lowercase() } else { pattern.to_owned() };
                names.push(NameTest { pattern, any_case });
                chosen = true;
            }
        }
        complete &= chosen;
    }
    let negated = |at: usize| at > 0 && is(at - 1, &["!", "-not"]);
    let chosen_otherwise = !tests.iter().any(|arg| matches!(arg.text(), Some("-o" | "-or")))
        && (0..tests.len()).any(|at| is(at, &OTHER_TESTS) && !negated(at));
    if names.is_empty() || !complete {
        return if chosen_otherwise {
            vec![NameTest { pattern: "*".to_owned(), any_case: false }]
        } else {
            Vec::new()
        };
    }
    names
}

/// Only what holds nothing is found.
fn only_empty(tests: &[Arg]) -> bool {
    let words: Vec<&str> = tests.iter().filter_map(Arg::text).collect();
    words.contains(&"-empty") && !words.iter().any(|word| matches!(*word, "-o" | "-or" | "!" | "-not"))
}

/// What a search with a name finds is below the folder it starts in.
fn found(shell: &Shell<'_>, root: &Arg, names: &[NameTest], shallow: bool, folders: usize) -> Vec<Value> {
    let shown = root.shown();
    if shallow {
        return vec![root.value.clone()];
    }
    if root.text().is_none() {
        return vec![root.value.clone()];
    }
    let place = shell.place(root);
    let folder = shown.trim_end_matches('/');
    if !names.is_empty() {
        let found = below(shell, &place.path, names, folders);
        // Nothing of that name elsewhere is no promise: what is there changes without the project.
        let sure = place.scope <= Scope::Temp || found.as_ref().is_some_and(|found| !found.is_empty());
        if let Some(found) = found.filter(|_| sure) {
            return found.into_iter().map(|name| Value::known(format!("{folder}/{name}"))).collect();
        }
        let named = |test: &NameTest| {
            let mut item = Value::known(format!("{folder}/"));
            item.push(&Value::unknown(Hole::Any(test.pattern.clone())));
            item
        };
        return names.iter().map(named).collect();
    }
    let mut items = Vec::new();
    let mut any = Value::known(format!("{}/", shown.trim_end_matches('/')));
    any.push(&Value::unknown(Hole::Any("what is found".to_owned())));
    if names.is_empty() && shown != "." {
        // Without a name the folder itself is found too.
        items.push(root.value.clone());
    }
    items.push(any);
    items
}

/// Names below a folder that match, relative to it; `None` when there is more than is looked at.
fn below(
    shell: &Shell<'_>,
    folder: &std::path::Path,
    names: &[NameTest],
    most_folders: usize,
) -> Option<Vec<String>> {
    let fits = NameTest::any(names);
    let mut out = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    let mut looked = 0;
    while let Some((path, shown)) = folders.pop() {
        looked += 1;
        if looked + folders.len() > most_folders {
            return None;
        }
        let listing = shell.world().list(&path);
        if listing.capped {
            return None;
        }
        for name in &listing.names {
            if name == ".git" || name == "node_modules" || name == "target" {
                continue;
            }
            if fits(name) {
                out.push(format!("{shown}{name}"));
            } else if listing.is_folder(name) {
                folders.push((path.join(name), format!("{shown}{name}/")));
            }
            if out.len() > FOUND {
                return None;
            }
        }
    }
    out.sort();
    Some(out)
}

fn delete_found(shell: &mut Shell<'_>, root: &Arg, names: &[NameTest], at: &Arg) {
    let place = shell.place_itself(root);
    if !names.is_empty() && matches!(place.scope, Scope::Workspace | Scope::WorkspaceRoot | Scope::Temp) {
        if names.iter().all(|test| crate::world::rebuildable_name(&test.pattern)) {
            // Caches and compiled files, wherever they lie.
            shell.add(EffectKind::Observe, at.span);
            return;
        }
        if let Some(found) = below(shell, &place.path, names, FOLDERS) {
            shell.add(EffectKind::Observe, at.span);
            for name in found {
                let arg = Arg {
                    value: Value::known(format!("{}/{name}", root.shown().trim_end_matches('/'))),
                    ..root.clone()
                };
                shell.delete(&arg, false);
            }
            return;
        }
    }
    let span =
        banksman_protocol::Span::new(root.span.start.min(at.span.start), root.span.end.max(at.span.end));
    let arg = Arg { span, ..root.clone() };
    shell.delete(&arg, true);
}

fn names_found(shell: &Shell<'_>, roots: &[Arg], names: &[NameTest], shallow: bool) -> Value {
    // Where nothing in the line could use the names, nobody walks for them.
    if !shell.flows_on() {
        return narrowed(roots);
    }
    let mut out = Value::default();
    for root in roots {
        for item in found(shell, root, names, shallow, SHOWN_FOLDERS) {
            out.push(&item);
            out.push_text("\n");
        }
    }
    if out.text().is_some() { out } else { narrowed(roots) }
}

/// Names that are found, all below one folder.
pub(super) fn narrowed(roots: &[Arg]) -> Value {
    match roots {
        [root] if root.text().is_some() => {
            let mut value = Value::known(format!("{}/", root.shown().trim_end_matches('/')));
            value.push(&Value::unknown(Hole::Any("what is found".to_owned())));
            value
        }
        _ => Value::output("find", Vec::<Source>::new()),
    }
}

fn fd(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let args: Vec<Arg> = call.args.to_vec();
    let at = args.iter().position(|arg| matches!(arg.text(), Some("-x" | "-X" | "--exec" | "--exec-batch")));
    let parsed = parse(
        args.get(..at.unwrap_or(args.len())).unwrap_or_default(),
        &Spec {
            short: "detESjc",
            long: &[
                "max-depth",
                "extension",
                "type",
                "exclude",
                "size",
                "threads",
                "color",
                "base-directory",
            ],
            ..Spec::default()
        },
    );
    let roots: Vec<Arg> =
        if parsed.operands.len() > 1 { parsed.rest(1).to_vec() } else { vec![Arg::known(".", call.span)] };
    match at {
        Some(at) => {
            let words = args.get(at + 1..).unwrap_or_default();
            let end = words.iter().position(|arg| arg.text() == Some(";")).unwrap_or(words.len());
            let words = words.get(..end).unwrap_or_default();
            for item in roots
                .iter()
                .flat_map(|root| found(shell, root, &[], false, SHOWN_FOLDERS))
                .collect::<Vec<_>>()
            {
                let mut words: Vec<Arg> =
                    words.iter().map(|word| wrappers::feeds::filled(word, "{}", &item)).collect();
                if !words.iter().any(|word| word.value == item) {
                    words.push(Arg { value: item, span: call.span, pattern: false });
                }
                shell.run_words(&words, call.span, &Value::default());
            }
        }
        None => shell.add(EffectKind::Observe, call.span),
    }
    narrowed(&roots)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the folders are made on the real disk")]

    use crate::effects::programs::testing::{brief, effects_in};
    use crate::trail::Trail;

    fn does(folders: usize, line: &str) -> Vec<String> {
        let ground = tempfile::tempdir().unwrap();
        for number in 0..folders {
            let folder = ground.path().join(format!("d{number}"));
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("plain.txt"), "").unwrap();
        }
        std::fs::write(ground.path().join("d0/Notes.DOC"), "").unwrap();
        effects_in(ground.path(), &Trail::default(), line).iter().map(brief).collect()
    }

    #[test]
    fn case_does_not_count_for_iname() {
        let found = does(1, "find . -iname *.doc -delete");
        assert!(found.contains(&"delete ./d0/Notes.DOC".to_owned()), "{found:?}");
        assert_eq!(does(1, "find . -name *.doc -delete"), ["observe"]);
    }

    #[test]
    fn what_is_deleted_is_looked_for_in_a_large_workspace() {
        let found = does(300, "find . -name *.DOC -delete");
        assert_eq!(found, ["observe", "delete ./d0/Notes.DOC"]);
    }

    #[test]
    fn what_is_too_much_to_look_for_is_the_whole_folder() {
        let found = does(super::FOLDERS + 1, "find . -name *.DOC -delete");
        assert_eq!(found, ["delete . -r"]);
    }
}
