//! Actions that are made to use up whoever reads them.

use banksman_protocol::Action;

/// A command in no directory of its own.
pub(crate) fn command(command: impl Into<String>) -> Action {
    Action::Command { command: command.into(), cwd: None }
}

/// The same text `times` times.
fn times(text: &str, times: usize) -> String {
    text.repeat(times)
}

/// `inner` within `times` pairs of `open` and `close`.
fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

/// `echo x`, quoted and handed to another shell again and again.
fn shells(depth: usize) -> String {
    let mut line = "rm -rf /".to_owned();
    for _ in 0..depth {
        if line.len() > 64 * 1024 {
            break;
        }
        line = format!("bash -c '{}'", line.replace('\'', "'\\''"));
    }
    line
}

/// Command lines that are made to use up whoever reads them, each with a name.
pub(crate) fn lines() -> Vec<(&'static str, String)> {
    const LARGE: usize = 64 * 1024;
    let mut lines: Vec<(&'static str, String)> = vec![
        ("open substitutions", times("$(", LARGE / 2)),
        ("nested substitutions", nested("$(", "id", ")", 20_000)),
        ("nested quoted substitutions", nested("\"$(echo ", "id", ")\"", 60)),
        ("nested echo substitutions", nested("$(echo ", "id", ")", 90)),
        ("backticks", times("`", LARGE)),
        ("pairs of backticks", times("`a`", LARGE / 3)),
        ("open braces", times("{", LARGE)),
        ("open braces with commas", times("{a,", LARGE / 3)),
        ("nested braces", nested("{a,", "b", "}", 10_000)),
        ("a few nested braces", nested("{a,", "b", "}", 24)),
        ("open parameter braces", times("${", LARGE / 2)),
        ("nested parameters", nested("${a:-", "b", "}", 10_000)),
        ("a few nested parameters", nested("${a:-", "b", "}", 24)),
        ("a few open parameters", times("${a:-", 24)),
        ("nested quoted parameters", nested("\"${a:-", "b", "}\"", 24)),
        ("groups", nested("{ ", "a", "; }", 10_000)),
        ("a few groups", nested("{ ", "a", "; }", 20)),
        ("a few open groups", times("{ ", 20)),
        ("subshells", nested("(", "a", ")", 30_000)),
        ("a few subshells", nested("(", "a", ")", 20)),
        ("a few open subshells", times("(", 20)),
        ("many open subshells", times("( ", 90)),
        ("arithmetic", nested("((", "1", "))", 15_000)),
        ("a few arithmetics", nested("$((", "1", "))", 12)),
        ("a few open arithmetics", times("$((", 12)),
        ("deep arithmetic", format!("echo $(({}1{}))", times("(", 90), times(")", 90))),
        ("long arithmetic", format!("echo $((1{}))", times("+1", 8_000))),
        ("arithmetic signs", format!("echo $(({}1))", times("-", 8_000))),
        ("arithmetic questions", format!("echo $(({}1))", times("1?", 40))),
        ("arithmetic powers", "echo $((9**9**9**9**9))".to_owned()),
        ("single quotes", times("'", LARGE - 1)),
        ("double quotes", times("\"", LARGE - 1)),
        ("double quotes in turn", times("\"'", LARGE / 2)),
        ("open extended tests", times("[[ ", 2_000)),
        ("extended tests", nested("[[ ( ", "a", " ) ]]", 80)),
        ("deep extended test", format!("[[ {}a{} ]]", times("( ", 80), times(" )", 80))),
        ("not in extended tests", format!("[[ {}a ]]", times("! ", 8_000))),
        ("negations", times("! ", 8_000)),
        ("open ifs", times("if ", 2_000)),
        ("nested ifs", nested("if true; then ", "a", "; fi", 90)),
        ("a few open ifs", times("if true; then ", 20)),
        ("nested whiles", nested("while true; do ", "a", "; done", 40)),
        ("nested fors", nested("for x in 1 2 3; do ", "rm -rf $x", "; done", 20)),
        ("wide loops", nested("for x in {1..60}; do ", "rm -rf $x", "; done", 4)),
        ("nested cases", nested("case a in a) ", "b", ";; esac", 40)),
        ("many cases", format!("case $x in {} esac", times("a) b;; ", 2_000))),
        ("function definitions", nested("f() { ", "a", "; }", 40)),
        (
            "many functions",
            (0..2_000).map(|n| format!("f{n}() {{ f{}; f{}; }}; ", n + 1, n + 1)).collect::<String>() + "f0",
        ),
        (
            "functions that call on",
            (0..30).map(|n| format!("f{n}() {{ f{}; f{}; }}; ", n + 1, n + 1)).collect::<String>() + "f0",
        ),
        ("fork bomb", ":(){ :|:& };:".to_owned()),
        ("function without end", "f() { f; }; f".to_owned()),
        ("functions without end", "f() { g; g; }; g() { f; f; }; f; g".to_owned()),
        ("loop without end", "while :; do rm -rf x; done".to_owned()),
        ("eval of itself", "a='eval \"$a\"'; eval \"$a\"".to_owned()),
        ("eval of itself twice", "a='eval \"$a\"; eval \"$a\"'; eval \"$a\"".to_owned()),
        ("alias of itself", "alias a='a;a'; a".to_owned()),
        ("trap of itself", "trap 'trap \"$BASH_COMMAND\" EXIT' EXIT".to_owned()),
        ("shells in shells", shells(40)),
        ("shells in shells, quoted", nested("bash -c \"", "id", "\"", 200)),
        ("evals in evals", times("eval ", 8_000) + "id"),
        ("wrappers in wrappers", times("env ", 8_000) + "id"),
        ("sudo in sudo", times("sudo ", 8_000) + "id"),
        ("xargs in xargs", times("xargs ", 8_000) + "id"),
        ("doubling text", format!("x=aaaaaaaa; {} echo $x", times("x=$x$x; ", 60))),
        ("doubling text in a loop", "x=aaaaaaaa; for i in {1..60}; do x=$x$x; done; echo $x".to_owned()),
        ("doubling an array", format!("x=(a b); {} echo ${{x[@]}}", times("x=(${x[@]} ${x[@]}); ", 40))),
        ("doubling parameters", format!("set -- a b; {} echo $@", times("set -- \"$@\" \"$@\"; ", 40))),
        ("growing by replacement", format!("x=aaaaaaaa; {} echo $x", times("x=${x//a/aaaaaaaaaa}; ", 20))),
        ("doubling a file", format!("echo aaaaaaaa > f; {} cat f", times("cat f f > g; cat g g > f; ", 30))),
        ("doubling what is printed", format!("x=a; {} echo $x", times("x=$(echo $x $x $x $x); ", 30))),
        ("doubling what is not known", format!("{} echo $x", times("x=$x$x; ", 60))),
        (
            "padding",
            "printf '%999999999d' 1; printf '%*d' 999999999 1; x=$(printf '%0999999999d' 1); echo $x"
                .to_owned(),
        ),
        ("a huge sequence of braces", "echo {1..999999999}".to_owned()),
        ("huge sequences of braces", times("rm {1..999999999}{a..z}{a..z}; ", 200)),
        ("a huge sequence of words", format!("rm {}", times("{1..999} ", 7_000))),
        ("a product of braces", format!("rm {}", times("{a,b}", 400))),
        ("backward braces", "echo {9223372036854775807..-9223372036854775808..1}".to_owned()),
        (
            "strange braces",
            "echo {a..z..0} {1..5..0} {z..a..-3} {1..-9223372036854775808..-9223372036854775808}".to_owned(),
        ),
        ("seq", "for i in $(seq 1 999999999); do rm -rf $i; done".to_owned()),
        ("stars", format!("rm {}", times("/*", 2_000))),
        ("stars in one name", format!("rm {}b", times("*a", 2_000))),
        ("questions", format!("rm {}", times("?", 8_000))),
        ("globs of everything", "rm -rf /*/*/*/*/*/* **/**/**/**".to_owned()),
        ("extended globs", format!("rm {}", nested("@(a|", "b", ")", 80))),
        ("open extended globs", format!("rm {}", times("+(a|", 80))),
        (
            "patterns of patterns",
            format!("x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaa; echo ${{x##{}b}}", times("*a", 200)),
        ),
        (
            "extended patterns",
            "shopt -s extglob; x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; echo ${x##+(+(+(a)))b}".to_owned(),
        ),
        ("subcommands", times("rm -rf x; ", 10_000)),
        ("different subcommands", (0..10_000).map(|n| format!("rm -rf x{n}; ")).collect()),
        ("subcommands that may fail", times("cd x || ", 5_000) + "id"),
        ("subcommands in the balance", times("cd x && ", 5_000) + "id"),
        (
            "undecided ways",
            (0..60).map(|n| format!("foo && x{n}=1; ")).collect::<String>() + "rm -rf $x1$x2$x3",
        ),
        ("a pipe of thousands", times("cat | ", 8_000) + "sh"),
        ("background", times("a & ", 10_000)),
        (
            "variables",
            (0..6_000).map(|n| format!("v{n}={n}; ")).collect::<String>() + "echo $(echo $(echo $v1))",
        ),
        ("variables in subshells", (0..2_000).map(|n| format!("v{n}={n}; (a); ")).collect()),
        ("redirections", format!("cat {}", times("> f ", 10_000))),
        ("descriptors", format!("cat {}", times("2>&1 ", 10_000))),
        ("here-documents", (0..2_000).map(|n| format!("cat <<E{n}\nx\nE{n}\n")).collect()),
        ("open here-documents", (0..1_000).map(|n| format!("cat <<E{n} ")).collect::<String>() + "\nx\n"),
        (
            "here-documents in here-documents",
            (0..20).map(|n| format!("bash <<E{n}\n")).collect::<String>()
                + "id\n"
                + &(0..20).rev().map(|n| format!("E{n}\n")).collect::<String>(),
        ),
        ("here-strings", format!("cat {}", times("<<< a ", 5_000))),
        ("process substitutions", nested("cat <(", "id", ")", 40)),
        ("a word of a quarter of a megabyte", "a".repeat(256 * 1024)),
        ("a quoted word of a quarter of a megabyte", format!("echo '{}'", "a".repeat(256 * 1024 - 8))),
        ("a megabyte", "rm -rf / ".repeat(120_000)),
        ("a megabyte of lines", "rm -rf /\n".repeat(120_000)),
        ("long unparsed lines", format!("{}\n(", "rm -rf x $(\n".repeat(2_000))),
        ("unparsed lines of quotes", "echo \"a\nb'\n".repeat(4_000)),
        ("newlines", times("\n", LARGE)),
        ("backslashes", times("\\", LARGE - 1)),
        ("continued lines", times("a \\\n", 10_000)),
        ("comments", times("# rm\n", 10_000)),
        ("tildes", times("~a:", 10_000)),
        ("dollars", times("$", LARGE)),
        ("parameters", times("$a", LARGE / 2)),
        ("different characters", (0..20_000_u32).filter_map(|n| char::from_u32(0x4e00 + n)).collect()),
        ("commands that are not ASCII", times("ré ö; ", 8_000)),
        ("a path of many parts", format!("rm -rf {}", times("a/", 30_000))),
        ("a path of many parents", format!("rm -rf {}", times("../", 20_000))),
        ("many flags", format!("rm {}", times("-rf ", 15_000))),
        ("many arguments", format!("rm {}", (0..10_000).map(|n| format!("x{n} ")).collect::<String>())),
        ("git arguments", format!("git {} status", times("-c a=b ", 8_000))),
        ("git aliases", format!("git {} a", times("-c alias.a=!a ", 2_000))),
        ("git alias of itself", "git -c alias.a='!git -c alias.a=\"!git a\" a' a".to_owned()),
        ("find", format!("find . {} -delete", times("-o -name a ", 5_000))),
        ("find that runs", format!("find . {}", times("-exec rm {} \\; ", 3_000))),
        ("find in find", nested("find . -exec ", "id", " \\;", 200)),
        ("sed scripts", format!("sed {} f", times("-e 's/a/b/w f' ", 3_000))),
        ("awk", format!("awk '{}'", times("{ system(\"id\") } ", 3_000))),
        ("curl", format!("curl {}", times("-d @x http://a.b ", 3_000))),
        ("base64", format!("echo {} | base64 -d | sh", times("cm0gLXJmIC8g", 4_000))),
        ("hex", format!("echo {} | xxd -r -p | sh", times("726d202d7266202f20", 3_000))),
        ("tr", format!("echo {} | tr a-z b-za | sh", times("abc", 10_000))),
        (
            "python in python",
            format!("python3 -c 'import os; os.system(\"{}\")'", times("rm -rf x; ", 3_000)),
        ),
        ("python brackets", format!("python3 -c '{}'", times("(", 30_000))),
        ("make", times("make ", 10_000)),
        ("ssh in ssh", times("ssh h ", 5_000)),
        ("docker in docker", times("docker run a ", 3_000)),
        ("tee", format!("echo a | {} cat", times("tee f | ", 5_000))),
        ("read loops", format!("printf '{}' | while read x; do rm -rf $x; done", times("a\\n", 5_000))),
        ("coprocesses", times("coproc ", 4_000)),
        ("times and selects", times("time ", 8_000)),
        ("brackets of indices", nested("${a[", "1", "]}", 30)),
        ("indirect", times("${!", 40)),
        ("mixed openers", times("$({`\"'((", 2_000)),
        ("a few mixed openers", times("$({`\"'((", 12)),
        ("a few double quotes and substitutions", times("\"$(", 30)),
        ("a few backticks in quotes", times("\"`", 31)),
        (
            "nested escaped backticks",
            "`echo \\`echo \\\\\\`echo \\\\\\\\\\\\\\`id\\\\\\\\\\\\\\`\\\\\\`\\``".to_owned(),
        ),
        ("case in substitution", nested("$(case a in a) ", "id", ";; esac)", 20)),
    ];
    for open in [
        "coproc a { ",
        "for x do ",
        "for x in a; do ",
        "for ((;;)); do ",
        "case a in (a) ",
        "case a in a) ",
        "while ",
        "until a; do ",
        "if a; then ",
        "if ",
        "f() ",
        "f() ( ",
        "f() { ",
        "function f ( ",
        "select x in a; do ",
        "! ( ",
        "time ( ",
        "a | ( ",
        "a && ( ",
        "( a; ",
        "{ ( ",
        "[[ ( ",
        "$(( ( ",
        "(( ( ",
        "x=( ",
        "<( ",
        "a <( ",
        "a $( ",
        "a \"$( ",
        "a `",
        "a=$( ",
        "a ${a:-$( ",
        "a ${a[",
        "a \"${a[",
        "a ${a/$( ",
        "a ${a:",
        "a $((a[",
        "a @(",
        "a {a,",
        "a {1..",
        "<<a $( ",
        "\"${a-\"",
        "$'",
        "$\"",
        "a '",
        "~+",
        "a[$( ",
    ] {
        lines.push(("many open brackets of a kind", times(open, 30)));
        lines.push(("more open brackets of a kind", times(open, 95)));
        lines.push(("hundreds of open brackets of a kind", times(open, 600)));
    }
    for (open, close) in [
        ("( ", " )"),
        ("( a; ", "; b )"),
        ("((", "))"),
        ("$((", "))"),
        ("$(( (", ") ))"),
        ("{ ", "; }"),
        ("x=(", ")"),
        ("<(", ")"),
        ("${a:-", "}"),
        ("${a[", "]}"),
        ("\"${a:-", "}\""),
        ("${a:-\"", "\"}"),
        ("${a/", "/b}"),
        ("${a:", "}"),
        ("$(", ")"),
        ("\"$(", ")\""),
        ("`", "`"),
        ("@(", ")"),
        ("{a,", "}"),
        ("{1..", "}"),
        ("[[ ", " ]]"),
        ("if ", "; then a; fi"),
        ("f() { ", "; }"),
        ("case ", " in a) ;; esac"),
        ("a[", "]="),
        ("$((a[", "]))"),
        ("for ((", ";;)); do a; done"),
        ("while ", "; do a; done"),
        ("coproc { ", "; }"),
        ("(a) ", " (b)"),
    ] {
        for depth in [8, 14, 22, 40, 90] {
            lines.push(("brackets of a kind around a command", nested(open, "rm -rf x", close, depth)));
            lines.push(("brackets of a kind around an error", nested(open, "; ) a", close, depth)));
            lines.push((
                "brackets of a kind around many words",
                nested(open, &times("a ", 3_000), close, depth),
            ));
        }
    }
    for length in [1, 2, 7, 15] {
        lines.push((
            "openers in turn",
            times("(", length) + &times("{ ", length) + &times("$(", length) + &times("\"", length),
        ));
    }
    lines
}

/// Code in other languages that is made to use up whoever reads it, each with its language.
pub(crate) fn code() -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for language in ["python", "node", "perl", "ruby", "php", "sh"] {
        for text in [
            times("(", 60_000),
            times("[", 60_000),
            times("{", 60_000),
            times("\"", 60_001),
            times("'", 60_001),
            times("`", 60_001),
            times("\\", 60_000),
            times("a.", 30_000),
            times("a(", 30_000),
            times("a[", 30_000),
            times("-", 60_000),
            times("not ", 15_000),
            times("lambda: ", 8_000),
            times("f\"{", 10_000),
            times("${", 30_000),
            times("`${", 20_000),
            times("=>", 30_000),
            times("if x:\n", 10_000),
            (0..600).map(|n| format!("{}if x:\n", " ".repeat(n))).collect(),
            times("x = x + x\n", 6_000),
            format!("x = 'aaaaaaaa'\n{}", times("x = x + x\n", 60)),
            format!("x = 'aaaaaaaa'\n{}import os\nos.system(x)", times("x = x * 1000\n", 60)),
            format!("import os\nx = 'a' * 999999999\nos.system(x)\n{}", times("x += x\n", 60)),
            format!("x = [1]\n{}", times("x = x + x\n", 60)),
            format!("x = 'a'\n{}", times("x = f'{x}{x}'\n", 60)),
            "def f():\n  f()\n  f()\nf()\n".to_owned(),
            "def f():\n  g(); g()\ndef g():\n  f(); f()\nf()\n".to_owned(),
            (0..200).map(|n| format!("def f{n}():\n  f{}(); f{}()\n", n + 1, n + 1)).collect::<String>()
                + "f0()",
            "import os\nwhile True:\n  os.fork()\n".to_owned(),
            format!("import os\n{}", times("os.system('rm -rf x')\n", 5_000)),
            format!("const cp = require('child_process');\n{}", times("cp.execSync('rm -rf x');\n", 5_000)),
            times("system('rm -rf x');\n", 5_000),
            format!("exec({}", times("exec('", 5_000)),
            nested("eval(\"", "1", "\")", 100),
            nested("os.system('python3 -c ", "1", "')", 60),
            times("/", 60_000),
            times("#", 60_000),
            times("/*", 30_000),
            times("<<A\n", 10_000),
            times("q(", 20_000),
            times("%w[", 20_000),
            times("a ? ", 15_000),
            times("a, ", 20_000),
            times("a = ", 15_000),
            times("[x for x in ", 5_000),
            times("é", 30_000),
            "\u{0}\u{feff}\u{202e}".repeat(1_000),
        ] {
            all.push((language, text));
        }
    }
    all
}
