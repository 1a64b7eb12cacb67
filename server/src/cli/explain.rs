//! `banksman explain`: everything a verdict rests on.

use std::fmt::Write as _;
use std::path::Path;

use banksman::guard::Guard;
use banksman_protocol::{ConsentView, Explanation};
use clap::builder::styling::Style;

use super::{Failure, Outcome, draw, say, say_json, surroundings, tidy, width};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  banksman explain 63f0c2a1
  banksman explain 63f0c2a1 --json

`banksman log` shows the names; the beginning of one will do.")]
pub(super) struct Arguments {
    /// The name of the verdict, or its beginning
    #[arg(value_name = "ID")]
    verdict: String,
    /// Answer as JSON, as `banksman/explain` has it
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let guard = Guard::new(surroundings::guard_options());
    let explained = guard.explain(&arguments.verdict).map_err(|error| Failure::new(error.to_string()));
    let troubles = guard.troubles();
    for trouble in troubles {
        super::complain(&trouble);
    }
    let explanation = explained?;
    if arguments.json {
        say_json(&explanation)?
    } else {
        say(&drawn(&explanation))?
    }
    Ok(0)
}

fn drawn(explanation: &Explanation) -> String {
    let look = draw::Look {
        width: width(),
        verbose: true,
        read: &surroundings::glance,
        name: &|path: &Path| tidy(path),
    };
    let mut out = draw::verdict(&explanation.action, &explanation.verdict, &look);
    consent(&mut out, "the user's words allow", &explanation.grants);
    consent(&mut out, "the user's words forbid", &explanation.boundaries);
    if !explanation.provenance.is_empty() {
        heading(&mut out, "first seen");
        for origin in &explanation.provenance {
            let line = format!("{}: {}", origin.what, origin.origin);
            let _ =
                writeln!(out, "  \u{2022} {}", draw::wrapped(&line, look.width, 4).replace('\n', "\n    "));
        }
    }
    let quiet = Style::new().dimmed();
    let verdict = &explanation.verdict;
    let _ = writeln!(out, "{quiet}verdict {}, sha256 {}{quiet:#}", verdict.id, verdict.digest);
    out
}

fn consent(out: &mut String, title: &str, views: &[ConsentView]) {
    if views.is_empty() {
        return;
    }
    heading(out, title);
    for view in views {
        let line = format!("{}: \u{201c}{}\u{201d} (turn {})", view.meaning, view.quote, view.turn);
        let _ = writeln!(out, "  \u{2022} {}", draw::wrapped(&line, width(), 4).replace('\n', "\n    "));
    }
}

fn heading(out: &mut String, title: &str) {
    let head = Style::new().bold();
    let _ = writeln!(out, "{head}{title}{head:#}");
}
