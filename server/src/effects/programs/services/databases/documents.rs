//! Stores of documents and keys: MongoDB, Redis.

use super::*;

pub(in super::super) const PROGRAMS: &[Program] = &[
    Program { names: &["mongosh", "mongo"], model: mongo },
    Program {
        names: &[
            "mongodump",
            "mongoexport",
            "mongorestore",
            "mongoimport",
            "mongostat",
            "mongotop",
            "mongofiles",
        ],
        model: mongo_tool,
    },
    Program { names: &["redis-cli", "valkey-cli", "keydb-cli"], model: redis },
];

const MONGO: Spec = Spec {
    short: "updhfco",
    long: &[
        "username",
        "password",
        "host",
        "port",
        "authenticationDatabase",
        "eval",
        "file",
        "db",
        "uri",
        "collection",
        "out",
        "query",
        "archive",
        "nsInclude",
        "nsFrom",
        "nsTo",
        "type",
        "fields",
    ],
    operand_ends: false,
    single_dash: false,
};

fn mongo_database(parsed: &Parsed, shell: &Shell<'_>) -> Database {
    let address = parsed
        .value(&["--uri"])
        .or_else(|| parsed.operands.first().filter(|arg| !arg.shown().ends_with(".js")));
    let name = parsed.value(&["-d", "--db"]).map(Arg::shown);
    if let Some(host) = parsed.value(&["-h", "--host"]) {
        return Database::new("mongodb", Some(&host.shown()), &name.unwrap_or_default());
    }
    match (address, name) {
        (Some(address), _) => Database::given("mongodb", address, shell),
        (None, name) => Database::new("mongodb", None, &name.unwrap_or_default()),
    }
}

fn mongo(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &MONGO);
    let database = mongo_database(&parsed, shell);
    let mut texts: Vec<Value> = parsed.values(&["--eval"]).map(|arg| arg.value.clone()).collect();
    let scripts = parsed
        .operands
        .iter()
        .filter(|arg| arg.shown().ends_with(".js"))
        .chain(parsed.values(&["-f", "--file"]));
    for script in scripts.cloned().collect::<Vec<_>>() {
        texts.push(shell.read_file(&script));
    }
    if texts.is_empty() && !call.stdin.is_empty() {
        texts.push(call.stdin.clone());
    }
    if texts.is_empty() {
        database.add("connect", C::Read, "", call, shell);
    }
    for text in texts {
        let (class, verb) = script(&text.shown());
        database.add(verb, class, "", call, shell);
        if text.shown().contains("child_process") || text.text().is_none() {
            shell.opaque("what the script does is not known", Worst::Runs, call.span);
        }
    }
    printed(call)
}

/// What a script for MongoDB does, by its strongest call.
fn script(text: &str) -> (C, &'static str) {
    let has = |part: &str| text.contains(part);
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let all = [".deleteMany({})", ".remove({})", ".deleteMany()", ".remove()"]
        .iter()
        .any(|call| bare.contains(call));
    if has("dropDatabase") {
        (C::Destroy, "dropDatabase")
    } else if bare.contains(".drop()") || bare.contains(".drop({") || all {
        (C::Destroy, "drop")
    } else if has("createUser")
        || has("grantRoles")
        || has("changeUserPassword")
        || has("updateUser")
        || has("createRole")
    {
        (C::Grant, "createUser")
    } else if [
        "delete",
        "remove",
        "insert",
        "update",
        "replace",
        "bulkWrite",
        "create",
        "rename",
        "save(",
        "findAndModify",
        "findOneAnd",
        "shutdown",
        "runCommand",
        "setProfiling",
        "$out",
        "$merge",
    ]
    .iter()
    .any(|part| has(part))
    {
        (C::Change, "change")
    } else {
        (C::Read, "query")
    }
}

fn mongo_tool(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &MONGO);
    let mut database = mongo_database(&Parsed { operands: Vec::new(), ..parsed.clone() }, shell);
    let class = match call.name {
        "mongorestore" | "mongoimport" => {
            database.spare = database.spare || is_spare(&database.name);
            for file in parsed.values(&["--file"]).chain(&parsed.operands).cloned().collect::<Vec<_>>() {
                shell.read_file(&file);
            }
            if parsed.options.iter().any(|option| option.name == "--drop") { C::Destroy } else { C::Change }
        }
        _ => {
            for file in parsed.values(&["-o", "--out"]).cloned().collect::<Vec<_>>() {
                shell.write(&file, WriteHow::Replace, None);
            }
            C::Read
        }
    };
    database.add(call.name, class, "", call, shell);
    printed(call)
}

fn redis(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let spec = Spec {
        short: "hpsatunrieDdX",
        long: &["user", "pass", "askpass", "eval", "pattern", "rdb", "cert", "key", "cacert", "sni", "count"],
        operand_ends: true,
        single_dash: false,
    };
    let parsed = parse(call.args, &spec);
    if parsed.has(&["--help", "--version"]) {
        return observe(call, shell);
    }
    let host = parsed.value(&["-h"]).map(Arg::shown);
    let database = match parsed.value(&["-u"]) {
        Some(address) => Database::given("redis", address, shell),
        None => Database::new("redis", host.as_deref(), ""),
    };
    for file in parsed.values(&["--rdb"]).cloned().collect::<Vec<_>>() {
        shell.write(&file, WriteHow::Replace, None);
    }
    for file in parsed.values(&["--eval"]).cloned().collect::<Vec<_>>() {
        shell.read_file(&file);
        database.add("eval", C::Change, "", call, shell);
    }
    let mut commands: Vec<Vec<String>> = Vec::new();
    if !parsed.operands.is_empty() {
        commands.push(parsed.operands.iter().map(Arg::shown).collect());
    } else if let Some(text) = call.stdin.text() {
        commands.extend(text.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()));
    } else {
        database.add("script", C::Change, "", call, shell);
    }
    commands.retain(|command: &Vec<String>| !command.is_empty());
    if commands.is_empty() && !parsed.has(&["--eval"]) {
        database.add("connect", C::Read, "", call, shell);
    }
    for command in commands {
        let verb = command.first().map(|verb| verb.to_ascii_lowercase()).unwrap_or_default();
        let second = command.get(1).map(|word| word.to_ascii_lowercase()).unwrap_or_default();
        let class = match (verb.as_str(), second.as_str()) {
            ("flushall" | "flushdb", _) => C::Destroy,
            (
                "shutdown" | "debug" | "replicaof" | "slaveof" | "failover" | "migrate" | "restore"
                | "swapdb",
                _,
            ) => C::Change,
            ("config", "set" | "rewrite") | ("acl", "setuser" | "deluser" | "load") | ("module", _) => {
                C::Grant
            }
            ("config", _) | ("acl", _) => C::Read,
            ("del" | "unlink", _) => C::Delete,
            (verb, _) if reads(verb) => C::Read,
            _ => C::Change,
        };
        // Redis was made to write files anywhere by its own settings.
        if verb == "config"
            && second == "set"
            && command
                .get(2)
                .is_some_and(|key| matches!(key.to_ascii_lowercase().as_str(), "dir" | "dbfilename"))
        {
            shell.add(
                EffectKind::Weaken { what: "where the database may write its files".to_owned(), once: false },
                call.span,
            );
        }
        database.add(&verb, class, &command.get(1).cloned().unwrap_or_default(), call, shell);
    }
    printed(call)
}

fn reads(verb: &str) -> bool {
    matches!(
        verb,
        "ping"
            | "get"
            | "mget"
            | "keys"
            | "scan"
            | "info"
            | "dbsize"
            | "ttl"
            | "pttl"
            | "type"
            | "exists"
            | "strlen"
            | "hget"
            | "hgetall"
            | "hkeys"
            | "hvals"
            | "hlen"
            | "hmget"
            | "hscan"
            | "lrange"
            | "llen"
            | "lindex"
            | "smembers"
            | "scard"
            | "sismember"
            | "sscan"
            | "zrange"
            | "zcard"
            | "zscore"
            | "zrank"
            | "zscan"
            | "zrangebyscore"
            | "xrange"
            | "xlen"
            | "xinfo"
            | "xread"
            | "monitor"
            | "client"
            | "command"
            | "echo"
            | "time"
            | "memory"
            | "object"
            | "slowlog"
            | "latency"
            | "lastsave"
            | "role"
            | "dump"
            | "subscribe"
            | "psubscribe"
            | "pubsub"
            | "cluster"
            | "getrange"
            | "randomkey"
            | "select"
            | "auth"
            | "hello"
            | "save"
            | "bgsave"
            | "quit"
            | "json.get"
            | "ft.search"
            | "ft.info"
            | "touch"
            | "wait"
    )
}
