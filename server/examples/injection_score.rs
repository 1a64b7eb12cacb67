//! Prints how many rows of each set count as injected.
//!
//! `cargo run --release --example injection_score -- FOLDER…`, with folders of JSON Lines
//! (`{"text": "…", "label": 0 or 1}`), or the variable `INJECTION_SETS`. With `--misses N`,
//! N rows of each set that were judged against their label are shown.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a tool that reads files and prints figures"
)]

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::path::{Path, PathBuf};

use banksman::injection;
use banksman_protocol::{Origin, OriginKind};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut misses = 0;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--misses" {
            misses = arguments.next().unwrap_or_default().parse()?;
        } else {
            folders.push(argument.into());
        }
    }
    if folders.is_empty() {
        folders.extend(std::env::var("INJECTION_SETS").ok().map(PathBuf::from));
    }
    println!("{:<42} {:>6} {:>7} {:>8} {:>9}", "set", "rows", "found", "percent", "MB/s");
    for folder in folders {
        let mut paths: Vec<PathBuf> = Vec::new();
        if folder.is_dir() {
            for entry in std::fs::read_dir(&folder)? {
                paths.push(entry?.path());
            }
        } else {
            paths.push(folder);
        }
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "jsonl")) {
            measure(path, misses)?;
        }
    }
    Ok(())
}

#[derive(Default)]
struct Tally {
    rows: usize,
    found: usize,
}

fn measure(path: &Path, misses: usize) -> Result<(), Failure> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let mut shown = 0;
    let mut bytes = 0;
    let mut spent = std::time::Duration::ZERO;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let rules = name.contains("rules");
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        let row: serde_json::Value = serde_json::from_str(&line?)?;
        let Some(text) = row.get("text").and_then(serde_json::Value::as_str) else { continue };
        let label = row.get("label").and_then(serde_json::Value::as_i64).unwrap_or_default();
        let origin = if rules {
            Origin { kind: OriginKind::File, name: ".cursor/rules/project.mdc".to_owned() }
        } else {
            Origin { kind: OriginKind::Web, name: "https://example.org/".to_owned() }
        };
        let begun = std::time::Instant::now();
        let reading = injection::read(text, &origin);
        spent += begun.elapsed();
        bytes += text.len();
        let meta =
            |key: &str| row.get("meta").and_then(|meta| meta.get(key)).and_then(serde_json::Value::as_str);
        let mut groups = vec![format!("{name} [{label}]")];
        if label == 1 && name.starts_with("agentdojo") {
            groups.extend(meta("attack").map(|attack| format!("{name} [1] {attack}")));
        }
        for group in groups {
            let tally = tallies.entry(group).or_default();
            tally.rows += 1;
            tally.found += usize::from(reading.injected());
        }
        if reading.injected() != (label == 1) && shown < misses {
            shown += 1;
            println!("--- {name} label {label} score {}", reading.score);
            for found in &reading.spans {
                let passage = text.get(found.span.start..found.span.end).unwrap_or_default();
                println!("    {} {}: {passage:?}", found.score, found.why);
            }
            if label == 1 {
                println!("    {}", text.chars().take(300).collect::<String>().replace('\n', "\\n"));
            }
        }
    }
    let speed = bytes as f64 / 1e6 / spent.as_secs_f64().max(1e-9);
    for (group, tally) in tallies {
        let percent = 100.0 * tally.found as f64 / tally.rows.max(1) as f64;
        println!("{group:<42} {:>6} {:>7} {percent:>7.1}% {speed:>9.0}", tally.rows, tally.found);
    }
    Ok(())
}
