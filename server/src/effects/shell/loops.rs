//! Loops: over words that are known one by one, over others as far as their rounds may differ.

use brush_parser::ast;

use super::run::Ways;
use super::state::{End, Variable, join};
use super::{Arg, EffectKind, Hole, Shell, Span, State, Value};

impl Shell<'_> {
    pub(super) fn for_clause(
        &mut self,
        clause: &ast::ForClauseCommand,
        states: Vec<State>,
        stdin: &Value,
    ) -> Ways {
        let mut out = Value::default();
        let mut after = Vec::new();
        for state in states {
            self.state = state;
            let values: Option<Vec<Arg>> = match &clause.values {
                Some(words) => {
                    let mut values = Vec::new();
                    for word in words {
                        self.expand_into(word, &mut values);
                    }
                    Some(values)
                }
                None => self.state.positional.clone().map(|values| {
                    values
                        .into_iter()
                        .map(|value| Arg { value, span: Span::default(), pattern: false })
                        .collect()
                }),
            };
            let name = clause.variable_name.clone();
            let mut ways_now = vec![self.state.clone()];
            let values = match values {
                Some(values) => {
                    let values: Vec<Value> = values.into_iter().map(loop_value).collect();
                    let (which, any) = self.followed_of(&values, &format!("${name}"));
                    which.into_iter().filter_map(|at| values.get(at).cloned()).chain(any).collect()
                }
                None => vec![Value::unknown(Hole::Any(format!("${name}")))],
            };
            let mut skipped = Vec::new();
            for value in values {
                for way in &mut ways_now {
                    way.set(&name, value.clone());
                }
                let (next, printed) = self.list(&clause.body.list, ways_now, stdin);
                out.push(&printed);
                let (left, next): (Vec<State>, Vec<State>) =
                    next.into_iter().partition(|way| matches!(way.ended, Some(End::Exit | End::Return)));
                skipped.extend(left);
                ways_now = self.ways(next.into_iter().map(again).collect());
                if ways_now.is_empty() {
                    break;
                }
            }
            after.extend(ways_now);
            after.extend(skipped);
        }
        (self.ways(after), out)
    }

    pub(super) fn while_clause(
        &mut self,
        condition: &ast::CompoundList,
        body: &ast::CompoundList,
        mut states: Vec<State>,
        stdin: &Value,
        forever: bool,
    ) -> Ways {
        if let Some(names) = read_names(condition)
            && let Some(text) = stdin.text()
        {
            let lines: Vec<Value> = text.lines().map(Value::known).collect();
            let (which, any) = self.followed_of(&lines, "a line");
            let followed: Vec<&str> =
                which.into_iter().filter_map(|at| lines.get(at).and_then(Value::text)).collect();
            let (after, printed) = self.read_lines(&names, &followed, stdin, body, states);
            if any.is_none() {
                return (after, printed);
            }
            states = after;
        }
        if forever && starts_more(body) {
            let how = "a loop without end that starts more and more in the background".to_owned();
            self.add(EffectKind::Exhaust { how }, self.around);
        }
        let (tested, mut out) = self.list(condition, states, stdin);
        let (after, printed) = self.rounds(body, tested, stdin, |_| {});
        out.push(&printed);
        // What the condition does, it does again with what the body has changed.
        let (after, _) = self.list(condition, after, stdin);
        (after, out)
    }

    /// A `while read` loop over lines that are known.
    fn read_lines(
        &mut self,
        names: &[String],
        lines: &[&str],
        stdin: &Value,
        body: &ast::CompoundList,
        states: Vec<State>,
    ) -> Ways {
        let mut out = Value::default();
        let mut states = states;
        for line in lines {
            for state in &mut states {
                super::lines::assign_fields(state, names, line, stdin.sources());
            }
            let (next, printed) = self.list(body, states, &Value::default());
            out.push(&printed);
            states = self.ways(next.into_iter().map(again).collect());
        }
        (states, out)
    }

    /// A loop of which the number of rounds is not known: once as it is, once with all that changes not known.
    pub(super) fn rounds(
        &mut self,
        body: &ast::CompoundList,
        states: Vec<State>,
        stdin: &Value,
        mut between: impl FnMut(&mut Self),
    ) -> Ways {
        let before = join(states.clone(), &self.state);
        let (first, mut out) = self.list(body, states.clone(), stdin);
        let first: Vec<State> = first.into_iter().map(again).collect();
        let mut widened = join(first.clone(), &before);
        self.state = widened.clone();
        between(self);
        widened = self.state.clone();
        let mut changed = false;
        for (name, variable) in &*widened.variables.clone() {
            if before.variables.get(name) != Some(variable) {
                let mut any = Value::unknown(Hole::Any(format!("${name}")));
                if let Variable::Scalar(value) = variable {
                    any.add_sources(value.sources().iter().cloned());
                }
                widened.set(name, any);
                changed = true;
            }
        }
        if widened.cwd != before.cwd {
            widened.cwd = None;
            changed = true;
        }
        let mut after = states;
        after.extend(first);
        if changed {
            let (second, printed) = self.list(body, vec![widened], stdin);
            out.push(&printed);
            after.extend(second.into_iter().map(again));
        }
        (self.ways(after), out)
    }
}

/// After a round of a loop the next one may begin.
fn again(mut state: State) -> State {
    if state.ended == Some(End::Loop) {
        state.ended = None;
    }
    state
}

fn loop_value(arg: Arg) -> Value {
    if !arg.pattern {
        return arg.value;
    }
    let mut value = Value::default();
    let prefix = arg.value.prefix();
    let folder = prefix.rfind('/').map_or("", |at| prefix.get(..=at).unwrap_or_default());
    value.push_text(folder);
    value.push(&Value::unknown(Hole::Any(arg.shown())));
    value
}

/// The variables of a condition that is nothing but `read`.
fn read_names(condition: &ast::CompoundList) -> Option<Vec<String>> {
    let [ast::CompoundListItem(and_or, _)] = condition.0.as_slice() else { return None };
    let [ast::Command::Simple(simple)] = and_or.first.seq.as_slice() else { return None };
    if !and_or.additional.is_empty() || simple.word_or_name.as_ref()?.value != "read" {
        return None;
    }
    let mut names = Vec::new();
    for item in simple.suffix.iter().flat_map(|suffix| &suffix.0) {
        match item {
            ast::CommandPrefixOrSuffixItem::Word(word) if word.value == "-r" => {}
            ast::CommandPrefixOrSuffixItem::Word(word)
                if word.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') =>
            {
                names.push(word.value.clone());
            }
            _ => return None,
        }
    }
    if names.is_empty() {
        names.push("REPLY".to_owned());
    }
    Some(names)
}

/// The condition of a loop is one of these words and nothing else, or a test of a plain word.
pub(super) fn is_always(condition: &ast::CompoundList, words: &[&str]) -> bool {
    if let [ast::CompoundListItem(and_or, _)] = condition.0.as_slice()
        && let [ast::Command::ExtendedTest(test, None)] = and_or.first.seq.as_slice()
        && let ast::ExtendedTestExpr::UnaryTest(ast::UnaryPredicate::StringHasNonZeroLength, word) =
            &test.expr
    {
        let plain = !word.value.is_empty() && !word.value.contains(['$', '`', '"', '\'']);
        return plain && words.contains(&"true") && !and_or.first.bang && and_or.additional.is_empty();
    }
    matches!(condition.0.as_slice(), [only] if words.contains(&only.to_string().trim().trim_end_matches(';').trim()))
}

/// The body of a loop starts something in the background, and neither waits for it nor leaves the loop.
fn starts_more(body: &ast::CompoundList) -> bool {
    let text = body.to_string();
    let waits = text.split(|char: char| !char.is_ascii_alphanumeric() && char != '_');
    let starts = body
        .0
        .iter()
        .any(|ast::CompoundListItem(_, separator)| matches!(separator, ast::SeparatorOperator::Async));
    starts
        && !waits.into_iter().any(|word| matches!(word, "wait" | "break" | "exit" | "return" | "fg" | "read"))
}
