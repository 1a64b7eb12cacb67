//! Clients that speak SQL, and the tools that come with them.

use super::*;
use crate::effects::value::Piece;

mod postgres;

pub(in super::super) const PROGRAMS: &[Program] = &[
    Program { names: &["psql", "pgcli", "cockroach", "usql", "vsql"], model: postgres::psql },
    Program { names: &["mysql", "mariadb", "mycli", "mysqlsh"], model: mysql },
    Program { names: &["sqlite3", "sqlite", "litecli", "duckdb", "sqlcipher"], model: file_client },
    Program {
        names: &[
            "clickhouse-client",
            "clickhouse",
            "clickhouse-local",
            "trino",
            "presto",
            "beeline",
            "snowsql",
            "cqlsh",
            "sqlcmd",
            "mssql-cli",
            "isql",
            "sqlplus",
            "influx",
            "surreal",
            "tsql",
        ],
        model: other,
    },
    Program {
        names: &[
            "dropdb",
            "createdb",
            "dropuser",
            "createuser",
            "vacuumdb",
            "reindexdb",
            "clusterdb",
            "pg_dump",
            "pg_dumpall",
            "pg_restore",
            "pg_isready",
            "pg_basebackup",
            "pg_ctl",
            "initdb",
            "pg_ctlcluster",
            "pg_lsclusters",
            "pg_dropcluster",
            "pgbench",
        ],
        model: postgres::postgres_tool,
    },
    Program {
        names: &[
            "mysqldump",
            "mariadb-dump",
            "mysqladmin",
            "mariadb-admin",
            "mysqlimport",
            "mysqlshow",
            "mysqlcheck",
            "mysql_upgrade",
            "mysqlpump",
        ],
        model: mysql_tool,
    },
];

/// The statements of a client: as options, from files, from what flows in.
fn session(
    database: &Database,
    texts: Vec<Value>,
    files: Vec<Arg>,
    call: &Call<'_>,
    shell: &mut Shell<'_>,
) -> Value {
    let none = texts.is_empty() && files.is_empty();
    for text in texts {
        database.run(&text, call, shell);
    }
    for file in files {
        let text = if file.text() == Some("-") { call.stdin.clone() } else { shell.read_file(&file) };
        database.run(&text, call, shell);
    }
    if none {
        let fed = !call.stdin.is_empty() || !call.stdin.sources().is_empty();
        if fed {
            database.run(call.stdin, call, shell);
        } else {
            database.add("connect", C::Read, "", call, shell);
        }
    }
    printed(call)
}

/// `-pSECRET` takes its value only when it is attached.
fn without_password(args: &[Arg]) -> Vec<Arg> {
    args.iter()
        .filter(|arg| !arg.value.prefix().starts_with("-p") || arg.value.prefix().starts_with("--"))
        .cloned()
        .collect()
}

const MYSQL: Spec = Spec {
    short: "DehPSuVr",
    long: &[
        "database",
        "execute",
        "host",
        "port",
        "socket",
        "user",
        "password",
        "init-command",
        "defaults-file",
        "defaults-extra-file",
        "ssl-ca",
        "ssl-mode",
        "protocol",
        "tee",
        "pager",
        "result-file",
        "where",
        "tables",
        "ignore-table",
        "databases-list",
        "default-character-set",
        "login-path",
        "prompt",
    ],
    operand_ends: false,
    single_dash: false,
};

fn mysql(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(&without_password(call.args), &MYSQL);
    if parsed.has(&["--help", "--version"]) {
        return observe(call, shell);
    }
    let database = mysql_database(&parsed, call, shell);
    for file in parsed.values(&["--tee"]).cloned().collect::<Vec<_>>() {
        shell.write(&file, WriteHow::Replace, None);
    }
    for pager in parsed.values(&["--pager"]).cloned().collect::<Vec<_>>() {
        shell.run_line(&pager.value, pager.span, &Value::default());
    }
    let texts = parsed.values(&["-e", "--execute", "--init-command"]).map(|arg| arg.value.clone()).collect();
    let files = parsed.values(&["--file", "-f"]).cloned().collect();
    session(&database, texts, files, call, shell)
}

fn mysql_database(parsed: &Parsed, call: &Call<'_>, shell: &Shell<'_>) -> Database {
    let host =
        parsed.value(&["-h", "--host"]).map(Arg::shown).or_else(|| value_of("MYSQL_HOST", call, shell));
    let name = parsed.value(&["-D", "--database"]).or_else(|| parsed.operands.first());
    match name {
        Some(arg) if arg.shown().contains("://") => Database::at("mysql", &arg.shown()),
        name => Database::new("mysql", host.as_deref(), &name.map(Arg::shown).unwrap_or_default()),
    }
}

/// Clients whose database is a file.
fn file_client(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let long: &[&str] = &[
        "cmd",
        "init",
        "separator",
        "nullvalue",
        "newline",
        "mmap",
        "vfs",
        "maxsize",
        "lookaside",
        "pagecache",
        "A",
        "c",
        "s",
        "f",
    ];
    let parsed = parse(call.args, &Spec { long, single_dash: true, ..Spec::default() });
    if parsed.has(&["-version", "--version", "-help"]) {
        return observe(call, shell);
    }
    let given = parsed.operands.first();
    let name = given.map(Arg::shown).unwrap_or_default();
    let memory = name.is_empty() || name.contains(":memory:");
    let mut database = Database::new(if call.name == "duckdb" { "duckdb" } else { "sqlite" }, None, &name);
    // A file is one database of many; whoever keeps it under version control or made it can bring it back.
    database.spare |= memory;
    if let Some(file) = given.filter(|_| !memory) {
        let place = shell.place(file);
        let state = shell.state_of(&place);
        database.spare |= place.scope == Scope::Temp || !state.exists || state.recoverable();
        if !matches!(place.scope, Scope::Workspace | Scope::Temp) || is_secret_place(&place) {
            shell.add(EffectKind::Read { place }, file.span);
        }
        database.file = Some(file.clone());
    }
    let mut texts: Vec<Value> = parsed.values(&["-cmd", "-c", "-s"]).map(|arg| arg.value.clone()).collect();
    texts.extend(parsed.rest(1).iter().map(|arg| arg.value.clone()));
    let files = parsed.values(&["-init", "-f"]).cloned().collect();
    session(&database, texts, files, call, shell)
}

fn is_secret_place(place: &crate::world::Place) -> bool {
    matches!(place.role, Role::Secret(_))
}

/// Clients of other servers, each with its own letters.
fn other(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let (service, spec, query, host, name): (_, &str, &[&str], &[&str], &[&str]) = match call.name {
        "cqlsh" => ("cassandra", "efkup", &["-e", "--execute"], &[], &["-k", "--keyspace"]),
        "sqlcmd" | "mssql-cli" | "tsql" => {
            ("sqlserver", "SdUPQqio", &["-Q", "-q"], &["-S", "--server"], &["-d", "--database"])
        }
        "snowsql" => {
            ("snowflake", "qfdarsuwo", &["-q", "--query"], &["-a", "--accountname"], &["-d", "--dbname"])
        }
        "beeline" => ("hive", "unpefd", &["-e"], &["-u"], &[]),
        "influx" => ("influx", "hntob", &["-q", "--execute"], &["--host"], &["-b", "--bucket", "--database"]),
        _ => (
            "clickhouse",
            "qhdu",
            &["-q", "--query", "--execute"],
            &["-h", "--host", "--server"],
            &["-d", "--database", "--catalog"],
        ),
    };
    let long: &[&str] = &[
        "query",
        "host",
        "database",
        "port",
        "user",
        "password",
        "execute",
        "file",
        "queries-file",
        "keyspace",
        "server",
        "dbname",
        "accountname",
        "username",
        "bucket",
        "org",
        "token",
        "output-file",
        "catalog",
        "schema",
        "endpoint",
        "namespace",
        "ns",
        "db",
        "conn",
    ];
    let parsed = parse(call.args, &Spec { short: spec, long, ..Spec::default() });
    let address = parsed.value(host).map(Arg::shown).or_else(|| {
        let first = parsed.operands.first().map(Arg::shown)?;
        (call.name == "cqlsh").then_some(first)
    });
    let remote_by_nature = matches!(service, "snowflake");
    let address = address.or_else(|| remote_by_nature.then(|| "snowflake".to_owned()));
    let address = address.map(|shown| Remote::read(shown.trim_start_matches("jdbc:")).host.unwrap_or(shown));
    let database =
        Database::new(service, address.as_deref(), &parsed.value(name).map(Arg::shown).unwrap_or_default());
    if call.name == "influx" && !parsed.operands.is_empty() {
        return influx(&database, &parsed, call, shell);
    }
    let texts = parsed.values(query).map(|arg| arg.value.clone()).collect();
    let files = parsed.values(&["-f", "--file", "-i", "--queries-file"]).cloned().collect();
    session(&database, texts, files, call, shell)
}

fn influx(database: &Database, parsed: &Parsed, call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let words: Vec<String> = parsed.operands.iter().map(Arg::shown).collect();
    let has = |word: &str| words.iter().any(|known| known == word);
    let class = if has("delete") {
        C::Destroy
    } else if has("list") || has("query") || has("ping") || has("export") || has("version") {
        C::Read
    } else if has("auth") || has("user") {
        C::Grant
    } else {
        C::Change
    };
    database.add(&words.join(" "), class, "", call, shell);
    printed(call)
}

fn mysql_tool(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(&without_password(call.args), &MYSQL);
    if parsed.has(&["--help", "--version"]) {
        return observe(call, shell);
    }
    let server = Parsed { operands: Vec::new(), ..parsed.clone() };
    let database = mysql_database(if call.name.ends_with("admin") { &server } else { &parsed }, call, shell);
    let words: Vec<String> = parsed.operands.iter().map(Arg::shown).collect();
    let class = match (call.name, words.first().map(String::as_str)) {
        ("mysqladmin" | "mariadb-admin", Some("drop")) => C::Destroy,
        (
            "mysqladmin" | "mariadb-admin",
            Some("status" | "ping" | "version" | "processlist" | "variables" | "extended-status"),
        ) => C::Read,
        ("mysqladmin" | "mariadb-admin", Some("password")) => C::Grant,
        ("mysqladmin" | "mariadb-admin" | "mysqlimport", _) => C::Change,
        _ => C::Read,
    };
    for file in parsed.values(&["-r", "--result-file"]).cloned().collect::<Vec<_>>() {
        shell.write(&file, WriteHow::Replace, None);
    }
    let target = words.get(1).cloned().unwrap_or_default();
    let database =
        if class == C::Destroy { Database { spare: is_spare(&target), ..database } } else { database };
    database.add(
        &format!("{} {}", call.name, words.first().cloned().unwrap_or_default()),
        class,
        &target,
        call,
        shell,
    );
    printed(call)
}

/// A client that runs in a container still acts on the data there.
pub(in super::super) fn in_container(words: &[Arg], call: &Call<'_>, shell: &mut Shell<'_>) {
    const CLIENTS: [&str; 16] = [
        "psql",
        "mysql",
        "mariadb",
        "mongosh",
        "mongo",
        "redis-cli",
        "clickhouse-client",
        "dropdb",
        "createdb",
        "pg_restore",
        "mysqladmin",
        "cqlsh",
        "sqlcmd",
        "rabbitmqctl",
        "etcdctl",
        "influx",
    ];
    let Some((first, rest)) = words.split_first() else { return };
    let Some(name) = first.text().map(crate::effects::programs::base_name) else { return };
    let shells = matches!(name, "sh" | "bash" | "ash");
    let line = rest.iter().skip_while(|arg| arg.text() != Some("-c")).nth(1).and_then(Arg::text);
    if shells
        && line
            .is_some_and(|line| CLIENTS.iter().any(|client| line.split_whitespace().next() == Some(client)))
    {
        // The line is simple enough to be cut at blanks only when nothing in it is quoted.
        let line = line.unwrap_or_default();
        let cut = shell_words(line);
        let words: Vec<Arg> = cut.into_iter().map(|word| Arg::known(word, call.span)).collect();
        return in_container(&words, call, shell);
    }
    if CLIENTS.contains(&name) {
        let inner = Call { name, args: rest, stdin: call.stdin, variables: &[], span: call.span };
        shell.call_model(name, &inner);
    }
}

/// The words of a line in which at most whole words are quoted.
fn shell_words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut now = String::new();
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, c) if c.is_whitespace() => {
                if !now.is_empty() {
                    out.push(std::mem::take(&mut now));
                }
            }
            (_, c) => now.push(c),
        }
    }
    if !now.is_empty() {
        out.push(now);
    }
    out
}
