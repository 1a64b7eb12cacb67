//! PostgreSQL and what speaks as it does.

use super::*;

const PSQL: Spec = Spec {
    short: "cdfFhLopPRTUv",
    long: &[
        "command",
        "dbname",
        "file",
        "field-separator",
        "host",
        "log-file",
        "output",
        "port",
        "pset",
        "record-separator",
        "table-attr",
        "username",
        "set",
        "variable",
        "url",
        "execute",
        "database",
        "format",
    ],
    operand_ends: false,
    single_dash: false,
};

pub(super) fn psql(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let mut args = call.args;
    if call.name == "cockroach" {
        match args.split_first() {
            Some((sub, rest)) if sub.text() == Some("sql") => args = rest,
            _ => return observe(call, shell),
        }
    }
    let parsed = parse(args, &PSQL);
    let database = postgres(&parsed, call, shell);
    if parsed.has(&["-l", "--list", "--version", "-V", "--help"]) {
        database.add("list", C::Read, "", call, shell);
        return printed(call);
    }
    for file in parsed.values(&["-o", "--output", "-L", "--log-file"]).cloned().collect::<Vec<_>>() {
        match file.value.prefix().strip_prefix('|') {
            Some(command) => {
                let command = Value::known(command.to_owned());
                shell.run_line(&command, file.span, &Value::default());
            }
            None => shell.write(&file, WriteHow::Replace, None),
        }
    }
    let texts = parsed
        .values(&["-c", "--command", "-e", "--execute"])
        .map(|arg| arg.value.clone())
        .collect::<Vec<_>>();
    let files = parsed.values(&["-f", "--file"]).cloned().collect::<Vec<_>>();
    session(&database, texts, files, call, shell)
}

fn postgres(parsed: &Parsed, call: &Call<'_>, shell: &Shell<'_>) -> Database {
    let host = parsed.value(&["-h", "--host"]).map(Arg::shown).or_else(|| value_of("PGHOST", call, shell));
    let named = parsed.value(&["-d", "--dbname", "--database", "--url"]).or_else(|| parsed.operands.first());
    let Some(named) = named else {
        let name = value_of("PGDATABASE", call, shell).unwrap_or_default();
        return Database::new("postgres", host.as_deref(), &name);
    };
    let shown = named.shown();
    if named.text().is_none() && named.value.prefix().is_empty() && host.is_none() {
        return Database::given("postgres", named, shell);
    }
    if shown.contains("://") {
        let known: String = named
            .value
            .pieces()
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Hole(_) => "x".to_owned(),
            })
            .collect();
        return Database::at("postgres", &known);
    }
    if shown.contains('=') {
        let part =
            |key: &str| shown.split_whitespace().find_map(|word| word.strip_prefix(key).map(str::to_owned));
        let host = part("host=").or(host);
        return Database::new("postgres", host.as_deref(), &part("dbname=").unwrap_or_default());
    }
    Database::new("postgres", host.as_deref(), &shown)
}

pub(super) fn postgres_tool(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec { short: "hUpdfFTtnNsOjDEvxl", ..PSQL });
    if parsed.has(&["--help", "--version"]) || matches!(call.name, "pg_isready" | "pg_lsclusters") {
        return observe(call, shell);
    }
    let operand = parsed.operands.last().map(Arg::shown).unwrap_or_default();
    let mut database = postgres(&parsed, call, shell);
    match call.name {
        "dropdb" => database.add("drop database", C::Destroy, "", call, shell),
        "createdb" => database.add("create database", C::Create, "", call, shell),
        "dropuser" => database.add("drop user", C::Delete, &operand, call, shell),
        "createuser" => database.add("create user", C::Grant, &operand, call, shell),
        "pg_dump" | "pg_dumpall" | "pg_basebackup" => {
            for file in parsed.values(&["-f", "--file", "-D"]).cloned().collect::<Vec<_>>() {
                shell.write(&file, WriteHow::Replace, None);
            }
            database.add("dump", C::Read, "", call, shell);
        }
        "pg_restore" => {
            if let Some(file) = parsed.operands.last().cloned() {
                shell.read_file(&file);
            }
            if parsed.value(&["-d", "--dbname"]).is_some() {
                let class =
                    if parsed.options.iter().any(|option| matches!(option.name.as_str(), "-c" | "--clean")) {
                        C::Destroy
                    } else {
                        C::Change
                    };
                database.add("restore", class, "", call, shell);
            }
        }
        "pg_ctl" | "pg_ctlcluster" => {
            shell.add(EffectKind::RunProject { task: format!("{} {operand}", call.name) }, call.span)
        }
        "initdb" => {
            for folder in parsed.values(&["-D"]).cloned().collect::<Vec<_>>() {
                shell.write(&folder, WriteHow::Create, None);
            }
            database = Database::new("postgres", None, "");
            database.add("init", C::Create, "", call, shell);
        }
        "pg_dropcluster" => database.add("drop cluster", C::Destroy, &operand, call, shell),
        _ => database.add(call.name, C::Change, "", call, shell),
    }
    printed(call)
}
