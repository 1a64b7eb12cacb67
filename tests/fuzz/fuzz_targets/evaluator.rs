//! Any text as any kind of action: a verdict, the same one twice, and not more effects than are looked at.
//!
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz -s none evaluator -- -max_len=4096`
//! with `tests/fuzz/seeds/evaluator` as a second corpus.
#![no_main]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use banksman::consent::Consent;
use banksman::effects::shell;
use banksman::injection;
use banksman::review::review;
use banksman::settings::Settings;
use banksman::trail::Trail;
use banksman::world::{Disk, World};
use banksman_protocol::{Action, Mode, Origin, OriginKind};
use libfuzzer_sys::fuzz_target;

static DISK: LazyLock<Disk> = LazyLock::new(|| Disk::with_environment(PathBuf::from("/nonexistent/home"), BTreeMap::new()));

/// The parser of another project panics on some texts, which the evaluator takes for not understood.
/// What panics beyond that ends the run all the same.
static QUIET: LazyLock<()> = LazyLock::new(|| std::panic::set_hook(Box::new(|_| {})));

fuzz_target!(|data: &[u8]| {
    LazyLock::force(&QUIET);
    let Some((kind, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest).into_owned();
    let workspace = Path::new("/nonexistent/home/work");
    let mut trail = Trail::default();
    let mut consent = Consent::default();
    let action = match kind % 16 {
        // Commands are what hostile text mostly comes as.
        0..=7 => Action::Command { command: text, cwd: None },
        8 => Action::Edit { path: "run.sh".to_owned(), old: None, new: text },
        9 => Action::Edit { path: ".github/workflows/ci.yml".to_owned(), old: None, new: text },
        10 => Action::Fetch { url: text.clone(), method: "POST".to_owned(), body: Some(text) },
        11 => {
            let Ok(arguments) = serde_json::from_str(&text) else { return };
            Action::Tool { server: "s".to_owned(), tool: "run".to_owned(), arguments, annotations: None, description: None }
        }
        12 => {
            consent.hear(&text);
            trail.heard(1, &text);
            Action::Command { command: "rm -rf src && git push --force".to_owned(), cwd: None }
        }
        13 => {
            let origin = Origin { kind: OriginKind::Web, name: "https://example.com".to_owned() };
            trail.read_marked(&origin, &text, &injection::read(&text, &origin));
            Action::Command { command: text, cwd: None }
        }
        other => {
            let language = if other == 14 { "python" } else { "node" };
            let world = World::new(&DISK, &trail, workspace, workspace);
            let effects = shell::read_code(language, &text, &world);
            assert!((1..=2_002).contains(&effects.len()));
            return;
        }
    };
    let judge = || {
        let world = World::new(&DISK, &trail, workspace, workspace);
        review(&action, &world, &trail, &consent, &Settings::default(), Mode::Auto)
    };
    let first = judge();
    assert!((1..=2_002).contains(&first.effects.len()));
    assert_eq!(first, judge());
});
