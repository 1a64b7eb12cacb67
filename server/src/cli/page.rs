//! A rule's page, drawn for the terminal.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style};

/// The first sentence of a page: what stands below its heading.
pub(super) fn summary(page: &str) -> String {
    page.lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .unwrap_or_default()
        .to_owned()
}

/// The page with headings, examples and code set apart.
pub(super) fn draw(page: &str, width: usize) -> String {
    let title = Style::new().bold();
    let heading = AnsiColor::Yellow.on_default().bold();
    let mut out = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(text) = line.strip_prefix("# ") {
            let _ = writeln!(out, "{title}{text}{title:#}");
        } else if let Some(text) = line.strip_prefix("## ") {
            let _ = writeln!(out, "{heading}{text}{heading:#}");
        } else if let Some(kind) = line.strip_prefix("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            example(&mut out, kind, &code);
        } else {
            let (first, rest) = match line.trim_start().strip_prefix("- ") {
                Some(_) => ("", "  "),
                None => ("", ""),
            };
            let options = textwrap::Options::new(width).initial_indent(first).subsequent_indent(rest);
            for line in textwrap::wrap(line, options) {
                out.push_str(&with_code(&line));
                out.push('\n');
            }
        }
    }
    out
}

/// An example with what becomes of it.
fn example(out: &mut String, kind: &str, code: &[&str]) {
    let decision = kind.split_whitespace().next_back().unwrap_or_default();
    let style = match decision {
        "allow" => AnsiColor::Green.on_default().bold(),
        "ask" => AnsiColor::Yellow.on_default().bold(),
        "block" => AnsiColor::Red.on_default().bold(),
        _ => Style::new(),
    };
    let mark = if style == Style::new() { "" } else { decision };
    let quiet = Style::new().dimmed();
    for (index, line) in code.iter().enumerate() {
        let mark = if index == 0 { mark } else { "" };
        let said = line.strip_prefix("prompt:");
        let _ = match said {
            Some(words) => writeln!(out, "  {style}{mark:5}{style:#}  {quiet}the user:{words}{quiet:#}"),
            None => writeln!(out, "  {style}{mark:5}{style:#}  {line}"),
        };
    }
}

/// What stands in backticks, coloured instead. Where there are no colours the ticks stay.
fn with_code(line: &str) -> String {
    let style = AnsiColor::Cyan.on_default();
    let mut out = String::new();
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        if index % 2 == 1 {
            let _ = write!(out, "{style}{part}{style:#}");
        } else {
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_the_sentence_below_the_heading() {
        assert_eq!(summary("# name\n\nStops this.\n\n## Why\n"), "Stops this.");
    }

    #[test]
    fn a_page_keeps_all_its_words() {
        let page = "# name\n\nStops `x`.\n\n```action ask\nprompt: Do it.\nrm x\n```\n";
        let drawn = anstream::adapter::strip_str(&draw(page, 80)).to_string();
        for words in ["name", "Stops `x`.", "ask", "the user: Do it.", "rm x"] {
            assert!(drawn.contains(words), "{drawn}");
        }
    }
}
