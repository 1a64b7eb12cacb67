//! Claims about the README: its tables are generated, its examples hold.
#![expect(clippy::disallowed_methods, reason = "generated files are compared on disk")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use banksman::rules;
use banksman::settings::trust::TrustNothing;
use banksman::settings::{Places, load};

fn readme() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")
}

fn text() -> String {
    std::fs::read_to_string(readme()).unwrap().replace("\r\n", "\n")
}

/// What stands below a page's heading.
fn summary(page: &str) -> &str {
    page.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap()
}

#[test]
fn the_table_of_rules_is_not_stale() {
    let mut table = String::from("| rule | |\n|---|---|\n");
    for rule in rules::ALL {
        writeln!(table, "| [`{}`]({}) | {} |", rule.name, rule.path, summary(rule.page)).unwrap();
    }
    let text = text();
    let (before, rest) = text.split_once("<!-- rules -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /rules -->").unwrap();
    let wanted = format!("{before}<!-- rules -->\n{table}<!-- /rules -->{after}");
    if wanted != text {
        std::fs::write(readme(), wanted).unwrap();
        panic!("README.md was stale and is written anew; look at it and commit it");
    }
}

#[test]
fn the_example_of_settings_is_taken_without_a_complaint() {
    let text = text();
    let (_, rest) = text.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let places = Places::within(folder.path());
    std::fs::create_dir_all(places.user.parent().unwrap()).unwrap();
    std::fs::write(&places.user, example).unwrap();
    let loaded = load(folder.path(), None, &places, &TrustNothing);
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    assert_eq!(loaded.settings.own.len(), 2);
}

#[test]
fn what_the_readme_links_to_is_there() {
    let text = text();
    for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        if !target.contains("://") {
            let file = readme().parent().unwrap().join(target);
            assert!(file.exists(), "{target}");
        }
    }
}
