//! Options and operands of a program, as getopt would split them.

use banksman_protocol::Span;

use super::value::Value;

/// One argument of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arg {
    /// What it is, as far as known.
    pub value: Value,
    /// Where it stands in the text of the action.
    pub span: Span,
    /// It still holds an unquoted glob, because nothing matches or too much does.
    pub pattern: bool,
}

impl Arg {
    /// A known argument.
    #[must_use]
    pub fn known(text: impl Into<String>, span: Span) -> Self {
        Self { value: Value::known(text), span, pattern: false }
    }

    /// The whole text, when it is known.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.value.text()
    }

    /// The text as it is shown to people.
    #[must_use]
    pub fn shown(&self) -> String {
        self.value.shown()
    }
}

/// Which options of a program take a value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spec {
    /// Short options that take a value, one character each.
    pub short: &'static str,
    /// Long options that take a value, without dashes. `--name=value` is understood for any.
    pub long: &'static [&'static str],
    /// Options end at the first operand, as for programs that run other programs.
    pub operand_ends: bool,
    /// Long options are written with one dash, as for `find`, `java` or `terraform`.
    pub single_dash: bool,
}

/// One option as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opt {
    /// With its dashes: `-r`, `--recursive`.
    pub name: String,
    /// Its value, when it has one.
    pub value: Option<Arg>,
    /// Where it stands.
    pub span: Span,
    /// Whether it is on, when it is a switch.
    pub switch: Switch,
}

/// Whether an option that may be a switch is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// It is, or the option is none that could be switched off.
    On,
    /// It may be: its value is not known, or the word behind it may be its value.
    Perhaps,
    /// It is off: `--flag=false`, or `--no-flag` stands behind it.
    Off,
}

/// Options and operands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The options, in order.
    pub options: Vec<Opt>,
    /// The operands, in order.
    pub operands: Vec<Arg>,
    /// An argument whose beginning is not known could be any option.
    pub unsure: bool,
}

impl Parsed {
    /// One of these options is given and not off. Long options may be abbreviated, as GNU programs take them.
    ///
    /// For options that make an action graver; [`Self::surely`] is for those that make it harmless.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        self.find(names).is_some()
    }

    /// One of these switches is on, whatever the rest may turn out to be: `--dry-run`, but neither
    /// `--dry-run=false` nor `--dry-run="$value"`. The last one counts.
    #[must_use]
    pub fn surely(&self, names: &[&str]) -> bool {
        let names_it = |option: &Opt| is_one_of(&option.name, names);
        let negates = |option: &Opt| opposite(&option.name).is_some_and(|name| is_one_of(&name, names));
        let negated =
            |option: &Opt| names.iter().any(|name| opposite(name).is_some_and(|name| option.name == name));
        let last =
            self.options.iter().rev().find(|option| names_it(option) || negates(option) || negated(option));
        last.is_some_and(|option| {
            names_it(option)
                && option.switch == Switch::On
                && option.value.as_ref().is_none_or(|value| {
                    value.text().is_some_and(|text| !is_false(text) && !NEVER.contains(&text))
                })
        })
    }

    /// The first of these options that is given and not off.
    #[must_use]
    pub fn find(&self, names: &[&str]) -> Option<&Opt> {
        self.options.iter().find(|option| option.switch != Switch::Off && is_one_of(&option.name, names))
    }

    /// Adds a long option, and switches off what it negates.
    fn push_long(&mut self, name: String, value: Option<Arg>, span: Span, switch: Switch) {
        let off = if switch == Switch::Off { Some(name.clone()) } else { opposite(&name) };
        if let Some(off) = off {
            for earlier in self.options.iter_mut().filter(|option| option.name == off) {
                earlier.switch = Switch::Off;
            }
        }
        self.options.push(Opt { name, value, span, switch });
    }

    /// The value of the last of these options: the one that counts.
    #[must_use]
    pub fn value(&self, names: &[&str]) -> Option<&Arg> {
        self.options
            .iter()
            .rev()
            .find(|option| is_one_of(&option.name, names))
            .and_then(|option| option.value.as_ref())
    }

    /// All values of these options.
    pub fn values<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = &'a Arg> {
        self.options
            .iter()
            .filter(move |option| is_one_of(&option.name, names))
            .filter_map(|option| option.value.as_ref())
    }

    /// The known text of the operand at `index`.
    #[must_use]
    pub fn operand(&self, index: usize) -> Option<&str> {
        self.operands.get(index).and_then(Arg::text)
    }

    /// The operands from `index` on.
    #[must_use]
    pub fn rest(&self, index: usize) -> &[Arg] {
        self.operands.get(index..).unwrap_or_default()
    }
}

/// Values that say no where a switch takes more than yes and no.
const NEVER: [&str; 5] = ["0", "f", "n", "never", "none"];

fn is_false(text: &str) -> bool {
    ["false", "no", "off"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The switch that `--no-flag` switches off.
fn opposite(name: &str) -> Option<String> {
    name.strip_prefix("--no-").map(|flag| format!("--{flag}"))
}

/// Whether a switch with a value is on.
fn switched(value: &Arg) -> Switch {
    match value.text() {
        Some(text) if is_false(text) => Switch::Off,
        Some(_) => Switch::On,
        None => Switch::Perhaps,
    }
}

fn is_one_of(given: &str, names: &[&str]) -> bool {
    names
        .iter()
        .any(|name| given == *name || (given.len() > 4 && given.starts_with("--") && name.starts_with(given)))
}

/// Splits arguments into options and operands.
#[must_use]
pub fn parse(args: &[Arg], spec: &Spec) -> Parsed {
    let mut parsed = Parsed::default();
    let mut rest = args.iter().peekable();
    while let Some(arg) = rest.next() {
        let prefix = arg.value.prefix();
        if arg.value.text().is_none() && prefix.is_empty() {
            parsed.unsure = true;
        }
        if prefix == "--" && arg.text().is_some() {
            parsed.operands.extend(rest.cloned());
            break;
        }
        if let Some(long) = prefix
            .strip_prefix("--")
            .or_else(|| prefix.strip_prefix('-').filter(|word| spec.single_dash && word.len() > 1))
        {
            let dashes = if prefix.starts_with("--") { "--" } else { "-" };
            match long.split_once('=') {
                Some((name, _)) => {
                    let value = tail(arg, dashes.len() + name.len() + 1);
                    let switch = if spec.long.contains(&name) { Switch::On } else { switched(&value) };
                    parsed.push_long(format!("{dashes}{name}"), Some(value), arg.span, switch);
                }
                None => {
                    let takes = spec.long.contains(&long)
                        || (long.len() > 2
                            && spec.long.iter().filter(|name| name.starts_with(long)).count() == 1);
                    let value = if takes { rest.next().cloned() } else { None };
                    // Some programs take `--flag false` as `--flag=false`.
                    let denied = |next: &&Arg| next.text().is_some_and(is_false);
                    let switch =
                        if !takes && rest.peek().is_some_and(denied) { Switch::Perhaps } else { Switch::On };
                    parsed.push_long(format!("{dashes}{long}"), value, arg.span, switch);
                }
            }
            continue;
        }
        if let Some(letters) = prefix.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            for (at, letter) in letters.char_indices() {
                let name = format!("-{letter}");
                if spec.short.contains(letter) {
                    let after = 1 + at + letter.len_utf8();
                    let value = if after < prefix.len() || arg.text().is_none() {
                        Some(tail(arg, after))
                    } else {
                        rest.next().cloned()
                    };
                    parsed.options.push(Opt { name, value, span: arg.span, switch: Switch::On });
                    break;
                }
                parsed.options.push(Opt { name, value: None, span: arg.span, switch: Switch::On });
            }
            continue;
        }
        parsed.operands.push(arg.clone());
        if spec.operand_ends {
            parsed.operands.extend(rest.cloned());
            break;
        }
    }
    parsed
}

/// What is left of an argument behind its first `skip` bytes, which are known.
#[must_use]
pub fn tail(arg: &Arg, skip: usize) -> Arg {
    use super::value::Piece;
    let mut value = Value::default();
    for (index, piece) in arg.value.pieces().iter().enumerate() {
        match piece {
            Piece::Text(text) if index == 0 => value.push_text(text.get(skip..).unwrap_or_default()),
            Piece::Text(text) => value.push_text(text),
            Piece::Hole(hole) => value.push(&Value::unknown(hole.clone())),
        }
    }
    value.add_sources(arg.value.sources().iter().cloned());
    Arg { value, span: arg.span, pattern: arg.pattern }
}

/// The known words of the arguments, unknown ones as they are shown: for tables that look at subcommands.
#[must_use]
pub fn words(args: &[Arg]) -> Vec<String> {
    args.iter().map(Arg::shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Parsed {
        let args: Vec<Arg> = line
            .split_whitespace()
            .map(|word| {
                let mut value = Value::default();
                let (known, unknown) = word.split_once('$').map_or((word, None), |(a, b)| (a, Some(b)));
                if !known.is_empty() {
                    value.push_text(known);
                }
                if let Some(name) = unknown {
                    value.push(&Value::unknown(super::super::value::Hole::Any(name.to_owned())));
                }
                Arg { value, span: Span::new(0, 0), pattern: false }
            })
            .collect();
        parse(&args, &Spec { short: "m", long: &["message"], ..Spec::default() })
    }

    #[test]
    fn a_switch_that_is_off_is_not_given() {
        for line in ["--dry-run=false", "--dry-run=no", "--dry-run --no-dry-run", "--dry-run --dry-run=OFF"] {
            let parsed = parsed(line);
            assert!(!parsed.has(&["--dry-run"]) && !parsed.surely(&["--dry-run"]), "{line}");
        }
        for line in ["--dry-run", "--dry-run=true", "--dry-run=client", "--no-dry-run --dry-run", "--dry-r"] {
            let parsed = parsed(line);
            assert!(parsed.has(&["--dry-run"]) && parsed.surely(&["--dry-run"]), "{line}");
        }
    }

    #[test]
    fn what_may_be_off_is_given_but_not_for_sure() {
        for line in ["--dry-run=$x", "--dry-run false", "--dry-run=none", "--dry-run=0"] {
            let parsed = parsed(line);
            assert!(parsed.has(&["--dry-run"]) && !parsed.surely(&["--dry-run"]), "{line}");
        }
        assert!(!parsed("-n --no-dry-run").surely(&["-n", "--dry-run"]));
        assert!(!parsed("$x").surely(&["--dry-run"]));
    }

    #[test]
    fn a_value_is_no_switch() {
        let parsed = parsed("--message=no --no-verify");
        assert_eq!(parsed.value(&["--message"]).and_then(Arg::text), Some("no"));
        assert!(parsed.has(&["--message"]) && parsed.has(&["--no-verify"]));
    }
}
