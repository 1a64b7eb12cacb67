//! How the words of a call are compared with a row of a table.
//!
//! | in a pattern | fits |
//! |---|---|
//! | `word` | the next operand, when it is this word |
//! | `a\|b` | one of these words |
//! | `de*`, `*ed` | words that begin or end so |
//! | `*` | any operand |
//! | `**` | any number of operands |
//! | `.` | the end of the operands |
//! | `-x`, `--long` | nothing itself: the option must be given somewhere |
//! | `--name=v*` | the same, with such a value |

use crate::effects::argv::{Arg, Parsed};

/// How many operands a pattern takes, when one of the patterns parted by `;` fits.
pub(super) fn fit(patterns: &str, words: &[String], parsed: &Parsed) -> Option<usize> {
    patterns.split(';').find_map(|pattern| fits(pattern.trim(), words, parsed))
}

fn fits(pattern: &str, words: &[String], parsed: &Parsed) -> Option<usize> {
    let (options, operands): (Vec<&str>, Vec<&str>) =
        pattern.split_whitespace().partition(|token| token.starts_with('-'));
    let given = options.iter().all(|option| has(option, parsed));
    if given { follow(&operands, words) } else { None }
}

fn has(token: &str, parsed: &Parsed) -> bool {
    token.split('|').any(|option| match option.split_once('=') {
        Some((name, value)) => parsed.values(&[name]).filter_map(Arg::text).any(|text| is(value, text)),
        None => parsed
            .options
            .iter()
            .any(|given| given.name == option && given.value.as_ref().and_then(Arg::text) != Some("false")),
    })
}

fn follow(tokens: &[&str], words: &[String]) -> Option<usize> {
    let Some((token, later)) = tokens.split_first() else { return Some(0) };
    match *token {
        "." => words.is_empty().then_some(0),
        "**" => (0..=words.len())
            .find_map(|skipped| follow(later, words.get(skipped..)?).map(|taken| skipped + taken)),
        _ => {
            let (word, rest) = words.split_first()?;
            let same = token.split('|').any(|option| is(option, word));
            if same { follow(later, rest).map(|taken| taken + 1) } else { None }
        }
    }
}

fn is(pattern: &str, word: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(""), _) => true,
        (Some(middle), Some(_)) => word.contains(middle.trim_end_matches('*')),
        (Some(end), None) => word.ends_with(end),
        (None, Some(beginning)) => word.starts_with(beginning),
        (None, None) => pattern == word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pattern: &str, line: &str) -> Option<usize> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        fit(pattern, &words, &Parsed::default())
    }

    #[test]
    fn patterns_fit_by_words_and_their_ends() {
        assert_eq!(taken("pr create|edit", "pr edit 5"), Some(2));
        assert_eq!(taken("pr list; issue list", "issue list"), Some(2));
        assert_eq!(taken("* describe-*", "ec2 describe-instances"), Some(2));
        assert_eq!(taken("** delete", "compute instances delete x"), Some(3));
        assert_eq!(taken("ls .", "ls x"), None);
        assert_eq!(taken("pr create --web", "pr create"), None);
    }
}
