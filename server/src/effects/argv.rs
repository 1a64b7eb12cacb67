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
    /// One of these options is given. Long options may be abbreviated, as GNU programs take them.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        self.find(names).is_some()
    }

    /// The first of these options that is given.
    #[must_use]
    pub fn find(&self, names: &[&str]) -> Option<&Opt> {
        self.options.iter().find(|option| is_one_of(&option.name, names))
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

fn is_one_of(given: &str, names: &[&str]) -> bool {
    names
        .iter()
        .any(|name| given == *name || (given.len() > 4 && given.starts_with("--") && name.starts_with(given)))
}

/// Splits arguments into options and operands.
#[must_use]
pub fn parse(args: &[Arg], spec: &Spec) -> Parsed {
    let mut parsed = Parsed::default();
    let mut rest = args.iter();
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
                    let skip = dashes.len() + name.len() + 1;
                    parsed.options.push(Opt {
                        name: format!("{dashes}{name}"),
                        value: Some(tail(arg, skip)),
                        span: arg.span,
                    });
                }
                None => {
                    let takes = spec.long.contains(&long)
                        || (long.len() > 2
                            && spec.long.iter().filter(|name| name.starts_with(long)).count() == 1);
                    let value = if takes { rest.next().cloned() } else { None };
                    parsed.options.push(Opt { name: format!("{dashes}{long}"), value, span: arg.span });
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
                    parsed.options.push(Opt { name, value, span: arg.span });
                    break;
                }
                parsed.options.push(Opt { name, value: None, span: arg.span });
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
