use banksman_protocol::{Origin, OriginKind, Span};

use super::*;
use crate::trail::{MentionKind, Provenance};
use crate::world::{Place, Role, Scope};

fn place(path: &str) -> Place {
    Place {
        shown: path.to_owned(),
        path: path.into(),
        known: true,
        scope: Scope::Workspace,
        role: Role::Ordinary,
    }
}

fn effect(kind: EffectKind) -> Effect {
    Effect::new(kind, Span::new(0, 0))
}

fn there() -> State {
    State { exists: true, untracked: 1, ..State::default() }
}

fn written(new: &str, old: Option<&str>, from: &[Source]) -> Option<Content> {
    Some(Content { new: new.to_owned(), old: old.map(str::to_owned), from: from.to_vec() })
}

fn write(path: &str, state: State, how: WriteHow, content: Option<Content>) -> Effect {
    effect(EffectKind::Write { place: place(path), state, how, content })
}

fn create(path: &str, text: &str) -> Effect {
    write(path, State::missing(), WriteHow::Replace, written(text, None, &[]))
}

fn make_folder(path: &str) -> Effect {
    write(path, State::missing(), WriteHow::Create, None)
}

fn delete(path: &str) -> Effect {
    effect(EffectKind::Delete { place: place(path), state: there(), recursive: true })
}

fn rename(from: &str, to: &str) -> Effect {
    effect(EffectKind::Move { from: place(from), to: place(to), state: State::missing() })
}

fn fetch(from: &str, to: &str) -> Effect {
    effect(EffectKind::Fetch { from: Remote::read(from), saves: Some(place(to)) })
}

fn file(path: &str) -> Source {
    Source::File(Box::new(place(path)))
}

/// What stood on the disk: one file and two folders.
struct Stood;

impl Before for Stood {
    fn text(&self, path: &Path) -> Option<Arc<str>> {
        (path == Path::new("/w/a.txt")).then(|| "one two two".into())
    }
    fn exists(&self, path: &Path) -> bool {
        self.is_folder(path) || path == Path::new("/w/a.txt")
    }
    fn is_folder(&self, path: &Path) -> bool {
        ["/w", "/w/src"].iter().any(|folder| path == Path::new(folder))
    }
}

fn after(effects: &[Effect]) -> Trail {
    let mut trail = Trail::default();
    for effect in effects {
        trail.record_over(std::slice::from_ref(effect), true, &Stood);
    }
    trail
}

/// What a simulated file holds; `None` when it is gone or not known.
fn holds<'a>(trail: &'a Trail, path: &str) -> Option<&'a str> {
    trail.overlay(Path::new(path)).filter(|trace| !trace.gone).and_then(|trace| trace.content.as_deref())
}

#[test]
fn a_simulated_write_shows_its_text() {
    let change = |new: &str, old: Option<&str>, how| write("/w/a.txt", there(), how, written(new, old, &[]));
    let rows: [(&[Effect], &str, Option<&str>); 12] = [
        (&[create("/w/n", "x")], "/w/n", Some("x")),
        (&[create("/w/n", "x"), create("/w/n", "y")], "/w/n", Some("y")),
        (&[change("three", Some("two"), WriteHow::Change)], "/w/a.txt", Some("one three two")),
        (&[change("!", None, WriteHow::Append)], "/w/a.txt", Some("one two two!")),
        (&[change("z", None, WriteHow::Replace)], "/w/a.txt", Some("z")),
        (&[change("z", None, WriteHow::Change)], "/w/a.txt", None),
        (&[create("/w/n", "x"), delete("/w/n")], "/w/n", None),
        (&[create("/w/d/n", "x"), delete("/w/d")], "/w/d/n", None),
        (&[create("/w/n", "x"), rename("/w/n", "/w/m")], "/w/m", Some("x")),
        (&[create("/w/n", "x"), rename("/w/n", "/w/m")], "/w/n", None),
        (&[create("/w/d/n", "x"), rename("/w/d", "/w/e")], "/w/e/n", Some("x")),
        (&[rename("/w/a.txt", "/w/b.txt")], "/w/b.txt", Some("one two two")),
    ];
    for (effects, path, expected) in rows {
        assert_eq!(holds(&after(effects), path), expected, "{path} after {effects:?}");
    }
}

#[test]
fn a_copy_holds_what_was_copied() {
    let copy = write("/w/c", State::missing(), WriteHow::Replace, written("", None, &[file("/w/a.txt")]));
    assert_eq!(holds(&after(&[copy]), "/w/c"), Some("one two two"));
}

#[test]
fn what_a_simulated_action_deleted_is_gone_with_all_it_held() {
    let trail = after(&[delete("/w/src")]);
    for path in ["/w/src", "/w/src/lib.rs", "/w/src/deep/er.rs"] {
        assert!(trail.overlay(Path::new(path)).is_some_and(|trace| trace.gone), "{path} is still there");
    }
    assert!(trail.overlay(Path::new("/w/srcs")).is_none());
    let mut names = vec!["lib.rs".to_owned()];
    trail.relist(Path::new("/w/src"), &mut names);
    assert!(names.is_empty());
}

#[test]
fn a_folder_made_again_does_not_bring_back_what_it_held() {
    let trail = after(&[delete("/w/src"), make_folder("/w/src"), create("/w/src/new.rs", "n")]);
    assert!(trail.made_folder(Path::new("/w/src")));
    assert!(trail.overlay(Path::new("/w/src/lib.rs")).is_some_and(|trace| trace.gone));
    let mut names = vec!["lib.rs".to_owned()];
    trail.relist(Path::new("/w/src"), &mut names);
    assert_eq!(names, ["new.rs"]);
}

#[test]
fn a_simulated_write_makes_the_folders_on_its_way() {
    let trail = after(&[create("/w/src/x/y/z.rs", "z")]);
    assert!(trail.made_folder(Path::new("/w/src/x")));
    assert!(trail.made_folder(Path::new("/w/src/x/y")));
    assert!(!trail.made_folder(Path::new("/w/src")));
}

#[test]
fn what_was_not_there_before_is_made_by_the_session() {
    let over = |how| write("/w/a.txt", there(), how, written("x", None, &[]));
    let rows: [(&[Effect], &str, bool); 12] = [
        (&[create("/w/n", "x")], "/w/n", true),
        (&[over(WriteHow::Replace)], "/w/a.txt", false),
        (&[over(WriteHow::Append)], "/w/a.txt", false),
        (
            &[create("/w/n", "x"), write("/w/n", there(), WriteHow::Replace, written("y", None, &[]))],
            "/w/n",
            true,
        ),
        (&[make_folder("/w/out")], "/w/out/deep/file", true),
        (&[make_folder("/w/out")], "/w/other", false),
        (&[create("/w/n", "x"), rename("/w/n", "/w/m")], "/w/m", true),
        (&[rename("/w/a.txt", "/w/b.txt")], "/w/b.txt", false),
        (&[make_folder("/w/out"), rename("/w/a.txt", "/w/out/a.txt")], "/w/out/a.txt", false),
        (&[fetch("https://x.test/a.tgz", "/w/a.tgz")], "/w/a.tgz", true),
        (&[fetch("https://github.com/a/b", "/w/b")], "/w/b/src/main.rs", true),
        (&[write("/w/a.txt", there(), WriteHow::Create, None)], "/w/a.txt", false),
    ];
    for (effects, path, expected) in rows {
        for simulated in [false, true] {
            let mut trail = Trail::default();
            trail.record_over(effects, simulated, &Stood);
            assert_eq!(trail.made(Path::new(path)), expected, "{path} after {effects:?}");
        }
    }
}

#[test]
fn what_came_from_another_machine_is_known_through_every_step() {
    let url = "https://x.test/a.tgz";
    let unpack = write("/w/tool", State::missing(), WriteHow::Create, written("", None, &[file("/w/a.tgz")]));
    let copy = |from: &str, to: &str| {
        write(to, State::missing(), WriteHow::Replace, written("", None, &[file(from)]))
    };
    let piped = write(
        "/w/p.sh",
        State::missing(),
        WriteHow::Replace,
        written("", None, &[Source::Url(url.to_owned())]),
    );
    let link = effect(EffectKind::Link { place: place("/w/l"), to: place("/w/a.tgz") });
    let got = fetch(url, "/w/a.tgz");
    let clone = fetch("https://github.com/a/b.git", "/w/b");
    let rows: [(&[Effect], &str, Option<&str>); 12] = [
        (std::slice::from_ref(&got), "/w/a.tgz", Some(url)),
        (&[got.clone(), unpack.clone()], "/w/tool/bin/run", Some(url)),
        (&[unpack], "/w/tool/bin/run", None),
        (&[got.clone(), copy("/w/a.tgz", "/w/c")], "/w/c", Some(url)),
        (&[got.clone(), copy("/w/a.tgz", "/w/c"), copy("/w/c", "/w/d")], "/w/d", Some(url)),
        (&[got.clone(), rename("/w/a.tgz", "/w/m")], "/w/m", Some(url)),
        (&[got.clone(), link], "/w/l", Some(url)),
        (&[piped], "/w/p.sh", Some(url)),
        (std::slice::from_ref(&clone), "/w/b/install.sh", Some("https://github.com/a/b.git")),
        (&[clone.clone(), rename("/w/b", "/w/c")], "/w/c/install.sh", Some("https://github.com/a/b.git")),
        (
            &[clone.clone(), rename("/w/b/install.sh", "/w/i.sh")],
            "/w/i.sh",
            Some("https://github.com/a/b.git"),
        ),
        (&[got.clone(), create("/w/a.tgz", "mine")], "/w/a.tgz", None),
    ];
    for (effects, path, expected) in rows {
        for simulated in [false, true] {
            let mut trail = Trail::default();
            trail.record_over(effects, simulated, &Stood);
            assert_eq!(trail.came_from(Path::new(path)), expected, "{path} after {effects:?}");
        }
    }
}

#[test]
fn an_edit_of_a_downloaded_file_does_not_make_it_the_agents_own() {
    let edit = write("/w/s.sh", there(), WriteHow::Change, written("b", Some("a"), &[]));
    let trail = after(&[fetch("https://x.test/s.sh", "/w/s.sh"), edit]);
    assert!(trail.downloaded(Path::new("/w/s.sh")));
}

#[test]
fn what_was_really_done_is_no_overlay() {
    let mut trail = Trail::default();
    trail.record(&[create("/w/n", "x")], false);
    assert!(trail.overlay(Path::new("/w/n")).is_none());
    assert_eq!(trail.written().collect::<Vec<_>>(), [Path::new("/w/n")]);
}

#[test]
fn a_place_that_is_not_known_leaves_nothing() {
    let mut trail = Trail::default();
    let unknown = Place::unknown("$X/y");
    trail.record(&[effect(EffectKind::Delete { place: unknown, state: there(), recursive: true })], true);
    assert!(trail.overlay(Path::new("/w/a.txt")).is_none());
}

#[test]
fn started_programs_commits_refs_and_packages_are_remembered() {
    let mut trail = Trail::default();
    let git = |what: &str| effect(EffectKind::GitLocal { what: what.to_owned() });
    trail.record(
        &[
            effect(EffectKind::RunProject { task: "npm run dev".to_owned() }),
            effect(EffectKind::RunUnknown { program: "/w/bin/serve".to_owned(), place: None }),
            git("git commit"),
            git("git checkout -b feature"),
            git("git branch -d old"),
            git("git stash"),
        ],
        false,
    );
    assert!(trail.started("npm") && trail.started("serve") && !trail.started("postgres"));
    assert_eq!(trail.commits, 1);
    assert_eq!(trail.made_refs, ["feature", "stash"]);
}

#[test]
fn what_the_agent_wrote_itself_is_named_by_nobody_else() {
    let mut trail = Trail::default();
    trail.record(&[create("/w/n", "see https://own.test/")], false);
    let origin = Origin { kind: OriginKind::File, name: "n".to_owned() };
    trail.read(&origin, "see https://own.test/", false);
    assert_eq!(trail.named_by(MentionKind::Host, "own.test"), Provenance::Nobody);
}
