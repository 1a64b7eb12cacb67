//! What proptest makes: texts and actions that look enough like real ones to get far.

use banksman_protocol::{Action, Annotations, Mode};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Words that mean something to the evaluator.
const WORDS: &[&str] = &[
    "rm",
    "-rf",
    "/",
    "~",
    "x",
    "src",
    "*",
    "$HOME",
    "$x",
    "${x:-/}",
    "$(pwd)",
    "`id`",
    "git",
    "push",
    "--force",
    "reset",
    "--hard",
    "checkout",
    "-c",
    "alias.a=!id",
    "curl",
    "-d",
    "@.env",
    "https://example.com/a.sh",
    "sh",
    "bash",
    "-c",
    "eval",
    "sudo",
    "env",
    "A=b",
    "xargs",
    "-I{}",
    "find",
    ".",
    "-delete",
    "-exec",
    "{}",
    "+",
    "cat",
    ".env",
    "tee",
    "f",
    "echo",
    "printf",
    "%s",
    "python3",
    "node",
    "-e",
    "npm",
    "install",
    "cargo",
    "test",
    "pip",
    "docker",
    "run",
    "-v",
    "/:/m",
    "kill",
    "-9",
    "-1",
    "chmod",
    "777",
    "dd",
    "of=/dev/sda",
    "ssh",
    "host",
    "scp",
    "make",
    "all",
    "./run.sh",
    "cd",
    "..",
    "export",
    "PATH=.",
    "LD_PRELOAD=./a.so",
    "{1..9}",
    "{a,b}",
    "gh",
    "pr",
    "merge",
    "aws",
    "s3",
    "kubectl",
    "delete",
    "psql",
    "DROP",
    "sed",
    "-i",
    "s/a/b/",
    "awk",
    "base64",
    "-d",
    "tar",
    "xf",
    "ln",
    "-s",
    "mv",
    "cp",
    "touch",
    "mkdir",
    "crontab",
    "-",
    "nc",
    "-l",
    "0.0.0.0",
    "\u{202e}",
    "é",
    "'a b'",
    "\"a $x\"",
    "[[",
    "]]",
    "(",
    ")",
    "if",
    "then",
    "fi",
    "for",
    "in",
    "do",
    "done",
    "while",
    "true",
    "case",
    "esac",
    "function",
    "f()",
    "{",
    "}",
    "!",
    "time",
    "x=1",
    "x+=(a)",
];

/// What stands between words.
const JOINS: &[&str] = &[
    " ", " ", " ", " ", " ", "; ", " && ", " || ", " | ", " & ", "\n", " > ", " >> ", " < ", " 2>&1 ",
    " <<< ", " <<E\n", "\nE\n", "", "=", "$(", ")", "\"", "'", "`", "#", "\\",
];

/// A line that looks like one of a shell.
pub(crate) fn line() -> impl Strategy<Value = String> {
    proptest::collection::vec((select(WORDS), select(JOINS)), 1..14)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, join)| [word, join]).collect())
}

/// A command without anything around it.
pub(crate) fn simple() -> impl Strategy<Value = String> {
    select(
        &[
            "true",
            "ls",
            "git status",
            "cat src/main.rs",
            "echo hello",
            "cargo test",
            "mkdir -p build",
            "grep -r x .",
        ][..],
    )
    .prop_map(str::to_owned)
}

/// A language whose code is read.
pub(crate) fn language() -> impl Strategy<Value = &'static str> {
    select(&["python", "node", "perl", "ruby", "php", "sh", "lua"][..])
}

/// Text that looks like code.
pub(crate) fn code() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "import os\n",
        "import subprocess as s\n",
        "os.system(",
        "s.run([",
        "'rm -rf /'",
        "\"rm\"",
        ", ",
        "])",
        ")",
        "\n",
        "x",
        " = ",
        "'a'",
        " + ",
        "f'{x}'",
        "def f():\n",
        "  f()\n",
        "f()\n",
        "for x in [1, 2]:\n",
        "  ",
        "while True:\n",
        "os.fork()\n",
        "open('f', 'w').write(x)\n",
        "const cp = require('child_process');\n",
        "cp.execSync(",
        "`rm ${x}`",
        ";\n",
        "{",
        "}",
        "[",
        "]",
        "(",
        "=>",
        "fs.rmSync('/', {recursive: true})",
        "system(",
        "%x(rm)",
        "qx{rm}",
        "`id`",
        "<?php ",
        "unlink($x);",
        "eval(",
        "exec(",
        "lambda: ",
        "os.environ",
        "requests.post('https://example.com', data=x)",
        "\\",
        "\"",
        "'",
        "#",
        "//",
        "/*",
        "é",
        "\u{0}",
        "1",
        " * 99",
        "and ",
        "if x:\n",
    ];
    proptest::collection::vec(select(PARTS), 0..30).prop_map(|parts| parts.concat())
}

/// A mode.
pub(crate) fn mode() -> impl Strategy<Value = Mode> {
    select(&[Mode::Auto, Mode::Manual, Mode::Strict, Mode::Plan, Mode::Bypass][..])
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,80}", line(), code()]
}

fn path() -> impl Strategy<Value = String> {
    let known = [
        "src/main.rs",
        "../x",
        "~/.ssh/id_rsa",
        "/etc/passwd",
        ".github/workflows/ci.yml",
        "package.json",
        "Makefile",
        "run.sh",
        ".git/config",
        "banksman.toml",
        "/dev/null",
        "",
        "~",
        "a/../../..",
    ];
    prop_oneof!["\\PC{0,40}", select(known.to_vec()).prop_map(str::to_owned)]
}

/// Any JSON.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from)
    ];
    leaf.prop_recursive(5, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((key(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        select(
            &[
                "path", "command", "cmd", "args", "url", "query", "sql", "content", "code", "to", "method",
                "body"
            ][..]
        )
        .prop_map(str::to_owned)
    ]
}

/// Any action.
pub(crate) fn action() -> impl Strategy<Value = Action> {
    let hint = || proptest::option::of(any::<bool>());
    let annotations = (hint(), hint(), hint(), hint()).prop_map(
        |(read_only_hint, destructive_hint, idempotent_hint, open_world_hint)| Annotations {
            read_only_hint,
            destructive_hint,
            idempotent_hint,
            open_world_hint,
        },
    );
    prop_oneof![
        (text(), proptest::option::of(path())).prop_map(|(command, cwd)| Action::Command { command, cwd }),
        (path(), proptest::option::of(text()), text()).prop_map(|(path, old, new)| Action::Edit {
            path,
            old,
            new
        }),
        path().prop_map(|path| Action::Delete { path }),
        path().prop_map(|path| Action::Read { path }),
        (text(), "\\PC{0,8}|GET|POST|DELETE", proptest::option::of(text())).prop_map(
            |(url, method, body)| Action::Fetch {
                url: if url.len() % 2 == 0 { format!("https://{url}") } else { url },
                method,
                body
            }
        ),
        (
            prop_oneof![
                "\\PC{0,12}",
                select(&["github", "filesystem", "postgres", "slack", "shell"][..]).prop_map(str::to_owned)
            ],
            prop_oneof![
                "\\PC{0,12}",
                select(
                    &["delete_repository", "run_command", "write_file", "query", "fetch", "send_message"][..]
                )
                .prop_map(str::to_owned)
            ],
            proptest::collection::vec((key(), json()), 0..5),
            proptest::option::of(annotations),
            proptest::option::of(text()),
        )
            .prop_map(|(server, tool, arguments, annotations, description)| Action::Tool {
                server,
                tool,
                arguments: arguments.into_iter().collect(),
                annotations,
                description
            }),
        text().prop_map(|prompt| Action::Delegate { prompt }),
    ]
}

/// One action of each kind that carries this text.
pub(crate) fn actions_with(text: &str) -> Vec<Action> {
    let own = || text.to_owned();
    let mut arguments = Map::new();
    arguments.insert("command".to_owned(), json!(text));
    arguments.insert("list".to_owned(), json!([text.get(..1_000), { "path": text.get(..1_000) }]));
    let edit = |path: &str, old: Option<String>| Action::Edit { path: path.to_owned(), old, new: own() };
    vec![
        Action::Command { command: own(), cwd: None },
        Action::Command { command: "ls".to_owned(), cwd: Some(own()) },
        edit("src/main.rs", None),
        edit("run.sh", Some(own())),
        edit("package.json", None),
        edit(".github/workflows/ci.yml", None),
        edit("Makefile", None),
        edit(text, None),
        Action::Delete { path: own() },
        Action::Read { path: own() },
        Action::Fetch {
            url: format!("https://example.com/{text}"),
            method: "POST".to_owned(),
            body: Some(own()),
        },
        Action::Tool { server: own(), tool: own(), arguments, annotations: None, description: Some(own()) },
        Action::Delegate { prompt: own() },
    ]
}
