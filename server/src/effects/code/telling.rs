//! Languages of which only telling words are known: Scala, Kotlin, Groovy, Swift, Julia, Elixir, Lisps and Tcl.
//!
//! Nothing is followed here. A statement that holds the name of a call which starts programs, deletes or
//! reaches the network is read with the texts that stand in it.

use banksman_protocol::Span;

use super::super::shell::Shell;
use super::super::value::Value;
use super::super::{EffectKind, Remote, SendHow, Source, Worst};
use crate::effects::argv::Arg;

/// Names by which programs are started.
const STARTS: &[&str] = &[
    "sys.process",
    "Process(",
    "ProcessBuilder",
    "getRuntime",
    ".execute()",
    "run(`",
    "launchedProcess",
    "executableURL",
    "launchPath",
    "System.cmd",
    "System.shell",
    "os:cmd",
    ":os.cmd",
    "Port.open",
    "(system ",
    "(system* ",
    "(shell-command",
    "(process* ",
    "run-program",
    "(sh ",
    "do shell script",
    "[exec ",
];

/// Names by which files and folders are deleted.
const DELETES: &[&str] = &[
    "deleteRecursively",
    "deleteDir(",
    "deleteOnExit",
    ".delete()",
    "removeItem",
    "removeAll(",
    "File.rm",
    "rm(",
    "Files.delete",
    "(delete-file ",
    "(delete-directory",
    "file delete",
];

/// Names by which files are written.
const WRITES: &[&str] = &["writeText(", "Files.write", "appendText(", "File.write", "write(to", "newWriter("];

/// Names by which files are read.
const READS: &[&str] = &[
    "fromFile(",
    "readText(",
    "readLines(",
    "File.read",
    "Files.read",
    "contentsOf",
    "[open ",
    "read(\"",
    ".text",
    "readline(\"",
    "slurp ",
];

/// Names by which the network is reached.
const CONNECTS: &[&str] = &[
    "java.net",
    "URL(",
    ".toURL(",
    "URLSession",
    "HTTP.",
    "HTTPoison",
    "Req.",
    ":httpc",
    "http::geturl",
    "Downloads.download",
    "download.file(",
    "httr::",
    "curl::",
    "Socket(",
    "socket ",
    "open-uri",
];

/// Looks at code for telling words.
pub(super) fn read(shell: &mut Shell<'_>, text: &str, span: Span) {
    let uses_processes = text.contains("sys.process");
    let mut carried = Vec::new();
    for statement in text.split([';', '\n']) {
        let literals = literals(statement);
        let holds = |names: &[&str]| names.iter().any(|name| holds(statement, name));
        if holds(STARTS)
            || statement.trim_start().starts_with("exec ")
            || (uses_processes && [".!", "!!", ".lazyLines"].iter().any(|mark| statement.contains(mark)))
        {
            starts(shell, statement, &literals, span);
        }
        let paths: Vec<&String> = literals.iter().filter(|text| is_path(text)).collect();
        if holds(DELETES) {
            // `rm(x)` of R forgets a variable.
            if paths.is_empty() && !statement.contains("rm(") {
                shell.opaque("the code deletes what is only known when it runs", Worst::Writes, span);
            }
            for path in &paths {
                shell.delete(&Arg::known(path.as_str(), span), true);
            }
        }
        if holds(WRITES) {
            for path in &paths {
                shell.write(&Arg::known(path.as_str(), span), super::super::WriteHow::Replace, None);
            }
        }
        if holds(READS) {
            for path in paths.iter().map(|path| path.as_str()).chain(opened(statement)) {
                let read = shell.read_file(&Arg::known(path, span));
                carried.extend(read.sources().iter().cloned());
            }
        }
        if holds(CONNECTS) {
            connects(shell, statement, &literals, &carried, span);
        }
    }
}

/// The name stands there, and is not the end of a longer one.
fn holds(statement: &str, name: &str) -> bool {
    statement.match_indices(name).any(|(at, _)| {
        let before = statement.get(..at).and_then(|before| before.chars().next_back());
        !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

fn starts(shell: &mut Shell<'_>, statement: &str, literals: &[String], span: Span) {
    if let Some(line) = tcl_command(statement) {
        shell.run_line(&Value::known(line), span, &Value::default());
        return;
    }
    let words: Vec<&str> =
        literals.iter().map(String::as_str).filter(|text| !text.is_empty() && *text != "-c").collect();
    if words.is_empty() {
        if !statement.trim_start().starts_with("import") && !statement.trim_start().starts_with("using") {
            let reason = "the code starts a program that is only known when it runs";
            shell.opaque(reason, Worst::Runs, span);
        }
        return;
    }
    if statement.contains("with administrator privileges") {
        shell.add(EffectKind::Privilege { how: "administrator privileges".to_owned() }, span);
    }
    shell.run_line(&Value::known(words.join(" ")), span, &Value::default());
}

/// `exec rm -rf x`, `[exec rm -rf x]` of Tcl.
fn tcl_command(statement: &str) -> Option<String> {
    let (before, after) = statement.split_once("exec ")?;
    let command = before.trim_end().is_empty() || before.ends_with('[');
    let end = after.find(']').unwrap_or(after.len());
    command.then(|| after.get(..end).unwrap_or_default().trim_start_matches("-- ").to_owned())
}

/// `[open NAME]` of Tcl.
fn opened(statement: &str) -> Option<&str> {
    let (_, after) = statement.split_once("[open ")?;
    let name = after.split([']', ' ']).next()?;
    (!name.starts_with(['"', '$', '['])).then_some(name)
}

fn connects(shell: &mut Shell<'_>, statement: &str, literals: &[String], carried: &[Source], span: Span) {
    let bare =
        statement.split_whitespace().find(|word| word.starts_with("http://") || word.starts_with("https://"));
    let address = literals.iter().map(String::as_str).find(|text| text.contains("://")).or(bare);
    let Some(address) = address else {
        if !carried.is_empty() {
            let reason = "the code connects to a machine that is only known when it runs";
            shell.opaque(reason, Worst::Runs, span);
        }
        return;
    };
    let to = Remote::read(address.trim_matches(['"', '\'', ']', ')']));
    if carried.is_empty() {
        shell.add(EffectKind::Fetch { from: to, saves: None }, span);
    } else {
        shell.add(EffectKind::Send { to, what: carried.to_vec(), how: SendHow::Body }, span);
    }
}

fn is_path(text: &str) -> bool {
    !text.contains("://")
        && !text.contains(char::is_whitespace)
        && (text.contains('/') || text.starts_with(['.', '~']))
}

/// The texts in a statement, in quotes or backticks.
fn literals(statement: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut chars = statement.chars();
    while let Some(open) = chars.next() {
        if !matches!(open, '"' | '\'' | '`') {
            continue;
        }
        let mut text = String::new();
        let mut closed = false;
        while let Some(c) = chars.next() {
            match c {
                '\\' => text.extend(chars.next()),
                c if c == open => {
                    closed = true;
                    break;
                }
                c => text.push(c),
            }
        }
        if closed {
            out.push(text);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{is_path, literals};

    #[test]
    fn texts_stand_in_any_quotes() {
        assert_eq!(literals(r#"a("b \"c\"", 'd') + `e`"#), ["b \"c\"", "d", "e"]);
    }

    #[test]
    fn addresses_and_sentences_are_no_paths() {
        assert!(is_path("/etc/x") && is_path(".env"));
        assert!(!is_path("https://example.org/x") && !is_path("a / b") && !is_path("word"));
    }
}
