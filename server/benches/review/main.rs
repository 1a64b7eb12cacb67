//! How long a review takes, in a repository of ten thousand committed files: median and 99th percentile.
//!
//! `cargo bench --bench review` reviews a thousand commands as agents send them, of up to four kilobytes, and
//! tells whether the bound holds; then classes of actions with their extremes. `-- four` shows those with `four`
//! in their names, action by action; a second word picks the actions that begin with it.
//! `-- --recorded FILE FOLDER` reviews the commands of a recording instead, of up to four kilobytes: JSON Lines
//! with a `command` each, or what `banksman log --json` prints, recorded in FOLDER. The repository then holds
//! the files that they name, too. What is measured is [`banksman::review::review`] itself, with all it looks at
//! on the disk; a session that has read and done things stands behind it.
#![expect(clippy::disallowed_methods, reason = "a benchmark makes its own repository and looks at the clock")]
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a benchmark prints, and fails by panicking")]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use banksman::consent::Consent;
use banksman::injection;
use banksman::review::review;
use banksman::settings::Settings;
use banksman::trail::Trail;
use banksman::world::{Disk, World};
use banksman_protocol::{Action, Mode, Origin, OriginKind};

mod classes;
mod population;
mod recorded;
mod repository;

use classes::{classes, commands};
use population::sent;

/// The bound, of the median and of the 99th percentile.
const BOUND: (Duration, Duration) = (Duration::from_micros(150), Duration::from_micros(1_000));
/// The lengths that are shown apart, each up to so many bytes.
const LENGTHS: [usize; 7] = [50, 100, 200, 500, 1_000, 2_500, population::LONGEST];

fn main() {
    // As in the server, whose threads have a stack of this size.
    let measured = std::thread::Builder::new().stack_size(banksman::effects::shell::STACK).spawn(measure);
    measured.expect("a thread").join().expect("every class is measured");
}

fn measure() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let scene = Scene::new(folder.path());
    match arguments.as_slice() {
        [flag, file, made_in] if flag == "--recorded" => {
            let lines = recorded::commands(file, made_in, &scene.workspace);
            recorded::lay_files(&lines, &scene.workspace);
            repository::make(&scene.workspace);
            recorded_commands(&scene, &lines);
        }
        [] => {
            repository::make(&scene.workspace);
            as_agents_send(&scene);
            by_class(&scene);
        }
        [only, rest @ ..] => {
            repository::make(&scene.workspace);
            one_by_one(&scene, only, rest.first().map_or("", String::as_str));
        }
    }
}

/// What stands around every review.
struct Scene {
    workspace: PathBuf,
    disk: Disk,
    trail: Trail,
    consent: Consent,
    settings: Settings,
}

impl Scene {
    fn new(folder: &std::path::Path) -> Self {
        let (trail, consent) = session();
        Self {
            workspace: folder.join("home/project"),
            disk: Disk::with_home(folder.join("home")),
            trail,
            consent,
            settings: Settings::default(),
        }
    }

    /// Reviews all actions, one after the other, so many times; the first time does not count.
    fn review(&self, actions: &[Action], rounds: usize) -> Vec<Vec<Duration>> {
        let mut each = vec![Vec::with_capacity(rounds); actions.len()];
        for round in 0..=rounds {
            for (action, own) in actions.iter().zip(&mut each) {
                let start = Instant::now();
                // What the shell around it makes anew for every action.
                let world = World::new(&self.disk, &self.trail, &self.workspace, &self.workspace);
                let action = black_box(action);
                let judgement =
                    review(action, &world, &self.trail, &self.consent, &self.settings, Mode::Auto);
                black_box(&judgement);
                if round > 0 {
                    own.push(start.elapsed());
                }
            }
        }
        each
    }
}

fn as_agents_send(scene: &Scene) {
    let (shapes, actions): (Vec<_>, Vec<_>) =
        sent().into_iter().map(|sent| (sent.shape, sent.action)).unzip();
    let each = scene.review(&actions, 20);
    head("as agents send them");
    let mut names = shapes.clone();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let own = shapes.iter().zip(&each).filter(|(shape, _)| **shape == name);
        show(name, own.flat_map(|(_, times)| times).copied().collect());
    }
    by_length(&actions, &each);
    bound("all as agents send them", each.concat());
}

fn by_length(actions: &[Action], each: &[Vec<Duration>]) {
    let mut from = 0;
    for to in LENGTHS {
        let fit = actions.iter().zip(each).filter(|(action, _)| (from + 1..=to).contains(&length(action)));
        let own: Vec<_> = fit.flat_map(|(_, times)| times).copied().collect();
        if !own.is_empty() {
            show(&format!("{} to {to} bytes", from + 1), own);
        }
        from = to;
    }
}

fn by_class(scene: &Scene) {
    head("class, with its extremes");
    let mut all = Vec::new();
    for (class, actions) in classes() {
        let times = scene.review(&actions, 100).concat();
        all.extend_from_slice(&times);
        show(class, times);
    }
    show("all classes", all);
}

fn one_by_one(scene: &Scene, only: &str, begin: &str) {
    let mut groups = classes();
    for sent in sent() {
        match groups.iter_mut().find(|(name, _)| *name == sent.shape) {
            Some((_, actions)) => actions.push(sent.action),
            None => groups.push((sent.shape, vec![sent.action])),
        }
    }
    for (class, mut actions) in groups {
        actions.retain(|action| class.contains(only) && name(action).starts_with(begin));
        if actions.is_empty() {
            continue;
        }
        head(class);
        let each = scene.review(&actions, 100);
        for (action, own) in actions.iter().zip(&each) {
            show(&name(action), own.clone());
        }
        show(class, each.concat());
    }
}

fn recorded_commands(scene: &Scene, lines: &[String]) {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let actions = commands(&lines);
    let each = scene.review(&actions, 3);
    head("the slowest");
    let mut slowest: Vec<_> = actions.iter().zip(&each).collect();
    slowest.sort_by_key(|(_, own)| std::cmp::Reverse(own.iter().min().copied()));
    for (action, own) in slowest.iter().take(10) {
        show(&name(action), own.to_vec());
    }
    by_length(&actions, &each);
    bound("recorded", each.concat());
}

/// How many bytes a command has.
fn length(action: &Action) -> usize {
    if let Action::Command { command, .. } = action { command.len() } else { 0 }
}

/// The beginning of an action, on one line.
fn name(action: &Action) -> String {
    let text = match action {
        Action::Command { command, .. } => command.clone(),
        other => serde_json::to_string(other).expect("an action is JSON"),
    };
    text.replace('\n', " ").chars().take(26).collect()
}

fn head(title: &str) {
    println!("\n{title:<28}{:>8}{:>12}{:>12}{:>12}", "reviews", "median", "p99", "slowest");
}

fn show(class: &str, times: Vec<Duration>) {
    let _ = shown(class, times);
}

/// Shows a row, and whether it is within the bound.
fn bound(class: &str, times: Vec<Duration>) {
    let (median, high) = shown(class, times);
    let holds = |time: Duration, bound: Duration| if time <= bound { "holds" } else { "does not hold" };
    println!(
        "the bound: median up to {:?} {}, 99th percentile up to {:?} {}",
        BOUND.0,
        holds(median, BOUND.0),
        BOUND.1,
        holds(high, BOUND.1)
    );
}

fn shown(class: &str, mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |part: usize| {
        times.get((times.len() * part / 1_000).min(times.len() - 1)).copied().unwrap_or_default()
    };
    let micros = |time: Duration| format!("{:.1} µs", time.as_secs_f64() * 1e6);
    println!(
        "{class:<28}{:>8}{:>12}{:>12}{:>12}",
        times.len(),
        micros(at(500)),
        micros(at(990)),
        micros(at(1_000))
    );
    (at(500), at(990))
}

/// A session that has read a page, some output and some files, and in which the user has spoken.
fn session() -> (Trail, Consent) {
    let mut trail = Trail::default();
    let mut consent = Consent::default();
    let prompt = "Fix the failing test in src/module3 and push the branch. Do not touch package.json.";
    consent.hear(prompt);
    trail.heard(1, prompt);
    for index in 0..50 {
        let origin = Origin { kind: OriginKind::Command, name: format!("cargo test {index}") };
        let text =
            format!("error in src/module{index}/file{index}.rs:12, see https://docs.example.com/{index}\n");
        trail.read_marked(&origin, &text, &injection::read(&text, &origin));
    }
    (trail, consent)
}
