//! What SQL does: statements by what becomes of the data, and the ways out of a database.
//!
//! The text is cut into words as every dialect would cut it. Where dialects differ, the reading that finds
//! more counts. Nothing is looked up: which tables there are is not known here.

mod words;

use words::{Token, split};

/// What one statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// What becomes of data, rights or files.
    pub does: Does,
    /// The statement in a few words, as `drop table`.
    pub verb: String,
    /// What it is done to, as written; may be empty.
    pub target: String,
}

/// What becomes of data, rights or files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Does {
    /// Data is looked at.
    Reads,
    /// Data or its shape is changed.
    Changes,
    /// Data is gone for ever.
    Destroys,
    /// Somebody gets rights, or a protection of the data is taken away.
    Grants,
    /// The server runs the command that is the target.
    Runs,
    /// The client runs the command that is the target.
    RunsHere,
    /// The server writes the file that is the target.
    Writes,
    /// The client writes the file that is the target.
    WritesHere,
    /// The server reads the file that is the target.
    Opens,
    /// The client reads the file that is the target.
    OpensHere,
    /// The client runs the statements in the file that is the target.
    Includes,
    /// The server loads code from the file that is the target.
    Loads,
    /// What was selected is run as statements.
    Unknown,
}

/// What the statements in a text do.
#[must_use]
pub fn deeds(text: &str) -> Vec<Deed> {
    let mut all = read(text, false);
    // Some dialects let a backslash keep a quote in a string, some do not.
    if text.contains("\\'") {
        for deed in read(text, true) {
            if !all.contains(&deed) {
                all.push(deed);
            }
        }
    }
    all
}

fn read(text: &str, backslash: bool) -> Vec<Deed> {
    let mut all: Vec<Deed> = Vec::new();
    let mut opened: Option<usize> = None;
    for statement in split(text, backslash) {
        match word(&statement, 0) {
            "begin" | "start" if opens_transaction(&statement) => opened = Some(all.len()),
            "commit" | "end" => opened = None,
            "rollback" | "abort" if !statement.iter().any(|token| token.is("to")) => {
                // What is rolled back has not happened; what changes the shape of data may have.
                if let Some(at) = opened.take() {
                    for deed in all.iter_mut().skip(at) {
                        let rows = deed.verb.starts_with("delete")
                            || deed.verb.starts_with("update")
                            || deed.verb.starts_with("insert");
                        if rows {
                            deed.does = Does::Reads;
                        }
                    }
                }
            }
            _ => statement_deeds(&statement, &mut all),
        }
    }
    all
}

/// `BEGIN` alone, not the `BEGIN` of a block.
fn opens_transaction(statement: &[Token]) -> bool {
    let kinds =
        ["", "transaction", "work", "tran", "isolation", "immediate", "deferred", "exclusive", "read"];
    kinds.contains(&word(statement, 1)) && statement.len() < 8
}

fn word(tokens: &[Token], at: usize) -> &str {
    match tokens.get(at) {
        Some(Token::Word(word)) => word,
        _ => "",
    }
}

fn statement_deeds(tokens: &[Token], all: &mut Vec<Deed>) {
    if let Some(Token::Meta(line)) = tokens.first() {
        all.push(meta(line));
        return statement_deeds(tokens.get(1..).unwrap_or_default(), all);
    }
    let Some(first) = tokens.first() else { return };
    let first = match first {
        Token::Word(word) => word.as_str(),
        Token::Symbol('(') => "select",
        _ => "",
    };
    let before = all.len();
    if first == "explain" && !tokens.iter().take(8).any(|token| token.is("analyze") || token.is("analyse")) {
        all.push(deed(Does::Reads, "explain", String::new()));
        return;
    }
    if matches!(first, "create" | "alter")
        && tokens
            .iter()
            .take(4)
            .any(|token| token.is("function") || token.is("procedure") || token.is("trigger"))
    {
        let foreign = ["plpythonu", "plpython3u", "plperlu", "plsh", "c", "pltclu"];
        let runs = tokens.windows(2).any(|pair| matches!(pair, [lead, Token::Word(name)] if lead.is("language") && foreign.contains(&name.as_str())));
        all.push(deed(
            if runs { Does::Runs } else { Does::Changes },
            &format!("{first} function"),
            String::new(),
        ));
        return;
    }
    for at in 0..tokens.len() {
        clause(tokens, at, first, all);
    }
    for token in tokens {
        match token {
            Token::Body(text) if matches!(first, "do" | "execute" | "begin" | "declare") => {
                all.extend(read(text, false))
            }
            Token::Text(text)
                if matches!(first, "exec" | "execute" | "prepare") && !word(tokens, 1).starts_with("xp_") =>
            {
                all.extend(read(text, false))
            }
            Token::Meta(line) => all.push(meta(line)),
            _ => {}
        }
    }
    if all.len() == before {
        all.push(otherwise(first, tokens));
    }
}

fn deed(does: Does, verb: &str, target: String) -> Deed {
    Deed { does, verb: verb.to_owned(), target }
}

/// A statement in which nothing further stands out.
fn otherwise(first: &str, tokens: &[Token]) -> Deed {
    let does = match first {
        "select" | "with" => {
            if tokens.iter().any(|token| token.is("into")) {
                Does::Changes
            } else {
                Does::Reads
            }
        }
        "show" | "explain" | "describe" | "desc" | "values" | "table" | "fetch" | "use" | "set" | "reset"
        | "declare" | "help" | "pragma" | "analyze" | "status" | "list" | "close" | "savepoint"
        | "release" | "listen" | "from" | "summarize" | "exit" | "quit" | "go" | "begin" | "end"
        | "commit" | "rollback" | "print" | "checkpoint" | "discard" | "exists" | "delimiter" | "" => {
            let schema = first == "pragma" && tokens.iter().any(|token| token.is("writable_schema"));
            if schema { Does::Changes } else { Does::Reads }
        }
        _ => Does::Changes,
    };
    let verb = match word(tokens, 1) {
        next if does == Does::Changes && !next.is_empty() => format!("{first} {next}"),
        _ => first.to_owned(),
    };
    let target = if does == Does::Changes { name(tokens, 2) } else { String::new() };
    deed(does, &verb, target)
}

/// What begins at `at` in a statement, wherever that is: after `WITH`, after `EXPLAIN ANALYZE`, after nothing.
fn clause(tokens: &[Token], at: usize, first: &str, all: &mut Vec<Deed>) {
    let here = word(tokens, at);
    let next = word(tokens, at + 1);
    let leads = at == 0
        || matches!(tokens.get(at - 1), Some(Token::Symbol('(' | ')')))
        || first == "explain"
        || before_is_end(tokens, at);
    match here {
        "drop" => {
            let (does, skip) = match next {
                "table" | "database" | "schema" | "keyspace" | "tablespace" | "column" | "partition"
                | "owned" | "collection" | "dataset" | "warehouse" | "bucket" | "stage" | "share"
                | "catalog" | "measurement" | "series" | "retention" => (Does::Destroys, 2),
                "materialized" | "foreign" | "temporary" | "temp" => (Does::Changes, 3),
                "policy" | "row" => (Does::Grants, 2),
                "view" | "index" | "function" | "procedure" | "trigger" | "type" | "sequence" | "user"
                | "role" | "extension" | "constraint" | "default" | "not" | "aggregate" | "domain"
                | "event" | "primary" | "login" | "rule" | "server" | "statistics" | "synonym"
                | "publication" | "subscription" | "identity" | "expression" => (Does::Changes, 2),
                // `ALTER TABLE t DROP c` leaves the word `COLUMN` out.
                _ if first == "alter" => (Does::Destroys, 1),
                _ => return,
            };
            let temporary = next.starts_with("temp");
            all.push(deed(
                if temporary { Does::Changes } else { does },
                &format!("drop {next}"),
                name(tokens, at + skip),
            ));
        }
        "truncate" if leads => {
            let skip = if next == "table" { 2 } else { 1 };
            all.push(deed(Does::Destroys, "truncate", name(tokens, at + skip)));
        }
        "delete" if next == "from" || (leads && first != "alter") => {
            let skip = if next == "from" { 2 } else { 1 };
            rows(tokens, at, "delete", name(tokens, at + skip), all);
        }
        "update" if leads && next != "of" => rows(tokens, at, "update", name(tokens, at + 1), all),
        "insert" | "replace" | "merge" | "upsert" if leads => {
            let skip = if next == "into" || next == "or" { 2 } else { 1 };
            all.push(deed(Does::Changes, here, name(tokens, at + skip)));
        }
        "grant" | "revoke" if leads => {
            let does = if here == "grant" { Does::Grants } else { Does::Changes };
            all.push(deed(does, here, name(tokens, at + 1)));
        }
        "create" | "alter"
            if leads && matches!(next, "user" | "role" | "login" | "group" | "policy" | "default") =>
        {
            all.push(deed(Does::Grants, &format!("{here} {next}"), name(tokens, at + 2)));
        }
        "alter" if leads && next == "system" => {
            all.push(deed(Does::Grants, "alter system", name(tokens, at + 3)))
        }
        "disable" | "no" if first == "alter" && (next == "row" || next == "force") => {
            all.push(deed(Does::Grants, "disable row level security", name(tokens, 2)));
        }
        "password" if first == "set" => all.push(deed(Does::Grants, "set password", String::new())),
        "program" => {
            if let Some(Token::Text(command)) = tokens.get(at + 1) {
                all.push(deed(Does::Runs, "copy program", command.clone()));
            }
        }
        "to" | "from" if first == "copy" => {
            if let Some(Token::Text(path)) = tokens.get(at + 1) {
                all.push(deed(if here == "to" { Does::Writes } else { Does::Opens }, "copy", path.clone()));
            } else if here == "from" && next == "stdin" {
                all.push(deed(Does::Changes, "copy", name(tokens, 1)));
            }
        }
        "outfile" | "dumpfile" => {
            if let Some(Token::Text(path)) = tokens.get(at + 1) {
                all.push(deed(Does::Writes, "into outfile", path.clone()));
            }
        }
        "infile" => {
            if let Some(Token::Text(path)) = tokens.get(at + 1) {
                let local = word(tokens, at.saturating_sub(1)) == "local";
                all.push(deed(if local { Does::OpensHere } else { Does::Opens }, "load data", path.clone()));
            }
            all.push(deed(Does::Changes, "load data", String::new()));
        }
        "attach" if leads => {
            if let Some(Token::Text(path)) =
                tokens.iter().skip(at).find(|token| matches!(token, Token::Text(_)))
            {
                all.push(deed(Does::OpensHere, "attach", path.clone()));
            }
        }
        "into" if matches!(first, "vacuum") => {
            if let Some(Token::Text(path)) = tokens.get(at + 1) {
                all.push(deed(Does::WritesHere, "vacuum into", path.clone()));
            }
        }
        "database" if first == "export" => {
            if let Some(Token::Text(path)) = tokens.get(at + 1) {
                all.push(deed(Does::WritesHere, "export database", path.clone()));
            }
        }
        "xp_cmdshell" | "sp_oacreate" | "sys_exec" | "sys_eval" => {
            all.push(deed(Does::Runs, here, argument(tokens, at)))
        }
        "load_extension" => all.push(deed(Does::Loads, here, argument(tokens, at))),
        "load_file"
        | "pg_read_file"
        | "pg_read_binary_file"
        | "pg_ls_dir"
        | "pg_stat_file"
        | "lo_import"
        | "readfile"
        | "read_text"
        | "read_blob"
        | "read_csv"
        | "read_csv_auto"
        | "read_json"
        | "read_json_auto"
        | "read_parquet"
        | "parquet_scan"
        | "openrowset"
            if matches!(tokens.get(at + 1), Some(Token::Symbol('('))) =>
        {
            all.push(deed(Does::Opens, here, argument(tokens, at)));
        }
        "writefile" | "edit" | "lo_export" | "pg_file_write"
            if matches!(tokens.get(at + 1), Some(Token::Symbol('('))) =>
        {
            let path = if here == "lo_export" { last_text(tokens) } else { argument(tokens, at) };
            all.push(deed(Does::Writes, here, path));
        }
        "pg_terminate_backend"
        | "pg_cancel_backend"
        | "pg_reload_conf"
        | "dblink_exec"
        | "dblink"
        | "setval"
        | "pg_drop_replication_slot" => {
            all.push(deed(Does::Changes, here, String::new()));
        }
        _ => {}
    }
}

/// A statement begins behind `AS` or `ELSE`, or where a dialect needs no semicolon.
fn before_is_end(tokens: &[Token], at: usize) -> bool {
    at > 0 && matches!(word(tokens, at - 1), "go" | "then" | "else" | "begin" | "as" | "loop")
}

/// `DELETE` and `UPDATE` are for ever where nothing says which rows.
fn rows(tokens: &[Token], at: usize, verb: &str, target: String, all: &mut Vec<Deed>) {
    if verb == "update" && !tokens.iter().skip(at).any(|token| token.is("set")) {
        return;
    }
    let rest = tokens.get(at..).unwrap_or_default();
    let narrows = rest.iter().position(|token| token.is("where")).is_some_and(|place| {
        let condition = rest.get(place + 1..).unwrap_or_default();
        !always(condition)
    });
    let joined = rest.iter().any(|token| token.is("using") || token.is("join") || token.is("limit"));
    let does = if narrows || joined { Does::Changes } else { Does::Destroys };
    let said = if does == Does::Destroys { format!("{verb} all rows") } else { verb.to_owned() };
    all.push(deed(does, &said, target));
}

/// A condition that holds for every row.
fn always(condition: &[Token]) -> bool {
    match condition {
        [] => true,
        [Token::Word(word), ..] if word == "true" => condition.len() == 1,
        [Token::Number(one)] => one != "0",
        [Token::Number(left), Token::Symbol('='), Token::Number(right)] => left == right,
        [Token::Text(left), Token::Symbol('='), Token::Text(right)] => left == right,
        [Token::Number(left), Token::Symbol('='), Token::Number(right), Token::Word(or), ..]
            if or == "or" =>
        {
            left == right
        }
        [.., Token::Word(or), Token::Number(left), Token::Symbol('='), Token::Number(right)]
            if or == "or" =>
        {
            left == right
        }
        _ => false,
    }
}

/// The name that begins at a token, with its schema; `IF EXISTS` and the like stand before it.
fn name(tokens: &[Token], at: usize) -> String {
    let mut out = String::new();
    let skipped = ["if", "exists", "not", "only", "table", "concurrently", "ignore", "low_priority"];
    let mut rest = tokens.iter().skip(at).skip_while(|token| skipped.iter().any(|word| token.is(word)));
    loop {
        match rest.next() {
            Some(Token::Word(word) | Token::Name(word) | Token::Text(word)) => out.push_str(word),
            _ => return out,
        }
        match rest.next() {
            Some(Token::Symbol('.')) => out.push('.'),
            _ => return out,
        }
    }
}

/// The first text among a function's arguments.
fn argument(tokens: &[Token], at: usize) -> String {
    tokens
        .iter()
        .skip(at)
        .find_map(|token| match token {
            Token::Text(text) => Some(text.clone()),
            _ => None,
        })
        .unwrap_or_default()
}

fn last_text(tokens: &[Token]) -> String {
    tokens
        .iter()
        .rev()
        .find_map(|token| match token {
            Token::Text(text) => Some(text.clone()),
            _ => None,
        })
        .unwrap_or_default()
}

/// A command to the client: `\! ls`, `.shell ls`, `source x.sql`.
fn meta(line: &str) -> Deed {
    let line = line.trim().trim_end_matches(';');
    let (head, rest) = line.find(char::is_whitespace).map_or((line, ""), |at| line.split_at(at));
    let rest = rest.trim().to_owned();
    let plain = rest.trim_matches(['\'', '"']).to_owned();
    // `\!ls` needs no blank.
    if let Some(command) = line.strip_prefix("\\!") {
        return deed(Does::RunsHere, "\\!", command.trim().to_owned());
    }
    match head {
        ".shell" | ".system" | "system" | "pager" | "\\P" => deed(Does::RunsHere, head, rest),
        "\\o" | "\\out" | "\\g" | "\\gx" | "\\w" | "\\write" | ".output" | ".once" | "tee" | "\\T" => {
            match rest.strip_prefix('|') {
                Some(command) => {
                    deed(Does::RunsHere, head, command.trim().trim_matches(['\'', '"']).to_owned())
                }
                None if plain.is_empty() || plain == "stdout" => deed(Does::Reads, head, String::new()),
                None => deed(Does::WritesHere, head, plain),
            }
        }
        "\\i" | "\\ir" | "\\include" | ".read" | "source" | "\\." => match plain.strip_prefix('|') {
            Some(command) => deed(Does::RunsHere, head, command.to_owned()),
            None => deed(Does::Includes, head, plain),
        },
        "\\copy" => {
            let tokens = split(&format!("copy {rest}"), false).into_iter().next().unwrap_or_default();
            let mut inner = Vec::new();
            for at in 0..tokens.len() {
                clause(&tokens, at, "copy", &mut inner);
            }
            let path = rest
                .split_whitespace()
                .skip_while(|word| !matches!(*word, "to" | "from" | "TO" | "FROM"))
                .nth(1)
                .unwrap_or_default()
                .trim_matches('\'')
                .to_owned();
            match inner.into_iter().next().map(|found| (found.does, found.target)) {
                Some((Does::Runs, command)) => deed(Does::RunsHere, "\\copy", command),
                Some((Does::Writes, path)) => deed(Does::WritesHere, "\\copy", path),
                Some((Does::Opens, path)) => deed(Does::OpensHere, "\\copy", path),
                Some((does, target)) => deed(does, "\\copy", target),
                None if rest.to_ascii_lowercase().contains(" to ") => {
                    if matches!(path.as_str(), "stdout" | "pstdout" | "STDOUT") {
                        deed(Does::Reads, head, String::new())
                    } else {
                        deed(Does::WritesHere, "\\copy", path)
                    }
                }
                None => deed(Does::OpensHere, "\\copy", path),
            }
        }
        "\\gexec" => deed(Does::Unknown, head, String::new()),
        "\\lo_export" | "\\s" | ".save" | ".backup" | ".clone" | ".log" | ".trace" => {
            let file = plain.split_whitespace().last().unwrap_or_default().to_owned();
            if file.is_empty() || matches!(file.as_str(), "stdout" | "off" | "on") {
                deed(Does::Reads, head, file)
            } else {
                deed(Does::WritesHere, head, file)
            }
        }
        ".restore" => deed(Does::Destroys, head, plain),
        ".import" | "\\lo_import" => {
            let file =
                plain.split_whitespace().find(|word| !word.starts_with("--")).unwrap_or_default().to_owned();
            match file.strip_prefix('|') {
                Some(_) => deed(Does::RunsHere, head, rest.trim_start_matches(['"', '\'', '|']).to_owned()),
                None => deed(Does::OpensHere, head, file),
            }
        }
        ".load" => deed(Does::Loads, head, plain),
        "\\password" => deed(Does::Grants, head, plain),
        "\\e" | "\\edit" | "\\ef" => deed(Does::Unknown, head, String::new()),
        _ => deed(Does::Reads, head, String::new()),
    }
}

#[cfg(test)]
mod tests;
