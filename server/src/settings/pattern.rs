//! Patterns of commands, word by word, and which of them would allow anything to be run.

mod wide;

use crate::effects::value::Value;

/// A pattern of a command, as `npm run *`.
///
/// `*` and `?` in a word stand for any characters of that word. A `*` that is the last word stands
/// for any further words, none included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandPattern {
    words: Vec<String>,
    open: bool,
}

/// How a command compares with a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It does not match.
    No,
    /// It may: a word of it is not known.
    Possible,
    /// It matches.
    Certain,
}

impl CommandPattern {
    /// Reads a pattern. `None`: there is no word in it, or a quote is not closed.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut words = split(text)?;
        let open = words.last().is_some_and(|word| word == "*");
        if open {
            words.pop();
        }
        (open || !words.is_empty()).then_some(Self { words, open })
    }
}

/// Whether `words` are a command that the pattern allows. Exact: every word is known and stands
/// where the pattern has it; only what an ending `*` stands for may be anything, and even that
/// does not reach into the options by which `find` and its like run other programs.
#[must_use]
pub fn allows(pattern: &CommandPattern, words: &[Value]) -> bool {
    let fixed = pattern.words.len();
    if words.len() < fixed || (!pattern.open && words.len() > fixed) {
        return false;
    }
    let named = pattern
        .words
        .iter()
        .zip(words)
        .all(|(pattern, word)| word.text().is_some_and(|word| glob(pattern, word)));
    const RUNS: [&str; 6] = ["-exec", "-execdir", "-ok", "-okdir", "--exec", "--exec-batch"];
    let rest = words.get(fixed..).unwrap_or_default();
    named && !rest.iter().any(|word| RUNS.contains(&word.text().unwrap_or_default()))
}

/// Whether `words` are a command that the pattern stops. Lenient: a program matches by its name
/// however it is called, options may stand in between (`git -C x push` is `git push`), and a word
/// that is not known may be any word but the program.
#[must_use]
pub fn stops(pattern: &CommandPattern, words: &[Value]) -> Match {
    let Some((program, arguments)) = words.split_first() else { return Match::No };
    let Some((first, rest)) = pattern.words.split_first() else { return Match::Certain };
    let Some(program) = program.text() else { return Match::No };
    let base = program.rsplit('/').next().unwrap_or(program);
    if !glob(first, program) && !glob(first, base) {
        return Match::No;
    }
    stops_from(rest, pattern.open, arguments)
}

fn stops_from(pattern: &[String], open: bool, words: &[Value]) -> Match {
    let Some((wanted, later)) = pattern.split_first() else {
        return if open || words.is_empty() { Match::Certain } else { Match::No };
    };
    let Some((word, rest)) = words.split_first() else { return Match::No };
    let here = match word.text() {
        Some(text) if glob(wanted, text) => stops_from(later, open, rest),
        Some(_) => Match::No,
        None => stops_from(later, open, rest).min(Match::Possible),
    };
    let is_option = word.prefix().starts_with('-') && !wanted.starts_with('-');
    if here == Match::Certain || !is_option {
        return here;
    }
    let skipped = stops_from(pattern, open, rest);
    let with_value = rest.get(1..).map_or(Match::No, |rest| stops_from(pattern, open, rest));
    here.max(skipped).max(with_value)
}

/// Why a pattern may not be allowed: it would let anything be run. `None`: it may.
#[must_use]
pub fn wholesale(pattern: &CommandPattern) -> Option<String> {
    let wild = pattern.open || pattern.words.iter().any(|word| is_wild(word));
    if !wild {
        return None;
    }
    let words: Vec<&str> = pattern.words.iter().map(String::as_str).collect();
    wide::runs_anything(&words)
}

fn is_wild(word: &str) -> bool {
    word.contains(['*', '?'])
}

/// `*` stands for any characters, `?` for one.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(c) = text.get(t) {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == c => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|c| *c == '*')
}

/// Words as a shell would split them, with quotes but nothing else.
fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::value::Hole;

    fn pattern(text: &str) -> CommandPattern {
        CommandPattern::read(text).unwrap()
    }

    fn words(line: &str) -> Vec<Value> {
        line.split(' ')
            .map(|word| match word.strip_prefix('$') {
                Some(name) => Value::unknown(Hole::Variable(name.to_owned())),
                None => Value::known(word),
            })
            .collect()
    }

    #[test]
    fn allows_exactly_what_the_pattern_names() {
        for (text, line, expected) in [
            ("npm run *", "npm run build", true),
            ("npm run *", "npm run", true),
            ("npm run *", "npm run $X", true),
            ("npm run *", "npm publish", false),
            ("npm run *", "./npm run build", false),
            ("npm run *", "npm --prefix x run build", false),
            ("npm run build", "npm run build", true),
            ("npm run build", "npm run build --watch", false),
            ("npm run build:*", "npm run build:web", true),
            ("npm run build:*", "npm run $X", false),
            ("git push origin feature/*", "git push origin feature/a", true),
            ("git push origin feature/*", "git push origin main", false),
            ("git push origin feature/*", "git push origin feature/a --force", false),
            ("find . *", "find . -name x", true),
            ("find . *", "find . -exec rm", false),
            ("echo 'a b' *", "echo $A", false),
        ] {
            assert_eq!(allows(&pattern(text), &words(line)), expected, "{text} / {line}");
        }
    }

    #[test]
    fn stops_the_command_however_it_is_called() {
        for (text, line, expected) in [
            ("git push *", "git push origin main", Match::Certain),
            ("git push *", "git -C x push", Match::Certain),
            ("git push *", "git --no-pager push", Match::Certain),
            ("git push *", "/usr/bin/git push", Match::Certain),
            ("git push *", "git $SUB", Match::Possible),
            ("git push *", "git commit -m push", Match::No),
            ("git push *", "$CMD push", Match::No),
            ("git push --force *", "git push origin", Match::No),
            ("git push * --force", "git push origin --force", Match::Certain),
            ("terraform apply", "terraform apply", Match::Certain),
            ("terraform apply", "terraform apply x", Match::No),
            ("*", "anything at all", Match::Certain),
        ] {
            assert_eq!(stops(&pattern(text), &words(line)), expected, "{text} / {line}");
        }
    }

    #[test]
    fn refuses_to_allow_whatever_runs_anything() {
        for text in [
            "*",
            "b* x",
            "bash *",
            "sh -c *",
            "python -c *",
            "python3.12 *",
            "/usr/bin/python3 *",
            "node *",
            "node -e *",
            "env *",
            "env A=1 *",
            "sudo *",
            "sudo bash *",
            "sudo -u x *",
            "npx *",
            "npx -y *",
            "npx -p x *",
            "npm *",
            "npm exec *",
            "npm r* x",
            "docker compose exec web *",
            "docker compose *",
            "pnpm dlx *",
            "uv run *",
            "go run *",
            "xargs *",
            "xargs -n1 *",
            "ssh *",
            "ssh host *",
            "ssh -o X host ls *",
            "docker run *",
            "docker run alpine *",
            "docker exec web sh -c *",
            "find * -exec *",
            "find . -exec rm *",
            "timeout 10 *",
            "timeout 10 bash *",
            "git *",
            "git -c *",
            "cargo *",
            "time *",
            "watch *",
            "nohup *",
            "deno run *",
            "bun *",
            "bun run *",
            "eval *",
            "env bash -c *",
            "perl -e *",
        ] {
            assert!(wholesale(&pattern(text)).is_some(), "{text}");
        }
    }

    #[test]
    fn lets_named_commands_be_allowed() {
        for text in [
            "npm run *",
            "npm test *",
            "cargo test *",
            "bash scripts/check.sh",
            "bash scripts/check.sh *",
            "git push origin *",
            "python manage.py *",
            "python -m pytest *",
            "npx prettier *",
            "npx -y prettier *",
            "timeout 60 npm run *",
            "env CI=1 npm run *",
            "sudo systemctl restart *",
            "docker exec web npm run *",
            "ssh host uptime",
            "make *",
            "find . -name *",
            "terraform plan *",
            "bash",
            "docker compose up *",
        ] {
            assert_eq!(wholesale(&pattern(text)), None, "{text}");
        }
    }

    #[test]
    fn takes_no_pattern_without_a_word_or_with_an_open_quote() {
        assert_eq!(CommandPattern::read("  "), None);
        assert_eq!(CommandPattern::read("echo 'a"), None);
    }
}
