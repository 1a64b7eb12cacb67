//! Lists, pipelines and compound commands: which commands run, in which state, fed by what.

use std::sync::Arc;

use brush_parser::ast;

use super::flows;
use super::loops::is_always;
use super::state::{End, Function, join, ways};
use super::{
    Arg, BYTES_A_STEP, DEPTH_LIMIT, EffectKind, Frame, Hole, STEP_LIMIT, Shell, Span, State, Value, Worst,
    syntax,
};

/// How many ways that a line may have gone are followed side by side, by the commands that were looked at.
const WAYS: [(usize, usize); 3] = [(256, 8), (1_024, 4), (usize::MAX, 2)];

/// The ways a command may have gone, and what it printed.
pub(super) type Ways = (Vec<State>, Value);

impl Shell<'_> {
    /// Runs a text in the current state, as `eval` would, and returns what it prints.
    pub(super) fn run_text(&mut self, text: &str, frame: Frame, stdin: &Value) -> Value {
        if self.depth >= DEPTH_LIMIT {
            let whole = Span::new(0, frame.text.len());
            self.within(frame, |shell| {
                shell.opaque("commands are nested too deep to follow", Worst::Runs, whole)
            });
            return Value::unknown(Hole::Output("a nested command".to_owned()));
        }
        if !self.works(1 + text.len() / BYTES_A_STEP) {
            return Value::unknown(Hole::Output("a command that was not followed".to_owned()));
        }
        // Whoever runs a text within the line may use what it prints.
        let nested = self.depth > 0;
        self.depth += 1;
        let out = self.flowing(nested, |shell| {
            shell.within(frame, |shell| {
                stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || match syntax::parse(text) {
                    Ok(program) => shell.program(&program, stdin),
                    Err(reason) => shell.unparsed(text, &reason, stdin),
                })
            })
        });
        self.depth -= 1;
        out
    }

    /// Counts work, in commands. False when there has been too much of it, which is told once.
    pub(super) fn works(&mut self, work: usize) -> bool {
        if self.steps < STEP_LIMIT {
            self.steps += work;
            if self.steps < STEP_LIMIT {
                return true;
            }
            let whole = Span::new(0, self.frame.text.len());
            self.opaque("the command is too long to follow", Worst::Runs, whole);
        }
        false
    }

    /// Does something while the text that is read is another one.
    pub(super) fn within<T>(&mut self, frame: Frame, inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.frame, frame);
        let out = inner(self);
        self.frame = before;
        out
    }

    fn program(&mut self, program: &ast::Program, stdin: &Value) -> Value {
        let mut states = vec![self.state.clone()];
        let mut out = Value::default();
        for list in &program.complete_commands {
            if self.steps >= STEP_LIMIT {
                break;
            }
            let (next, printed) = self.list(list, states, stdin);
            states = next;
            out.push(&printed);
        }
        self.state = join(states, &self.state);
        out
    }

    /// What does not parse is opaque; lines of it that do parse are looked at all the same.
    fn unparsed(&mut self, text: &str, reason: &str, stdin: &Value) -> Value {
        let whole = Span::new(0, text.len());
        self.opaque(format!("the command could not be read: {reason}"), Worst::Runs, whole);
        for line in text.lines().take(256).filter(|line| line.trim() != text.trim()) {
            if let Ok(program) = syntax::parse(line) {
                let frame = self.frame_in(line, whole);
                self.within(frame, |shell| shell.program(&program, stdin));
            }
        }
        Value::unknown(Hole::Output("an unreadable command".to_owned()))
    }

    pub(super) fn list(&mut self, list: &ast::CompoundList, states: Vec<State>, stdin: &Value) -> Ways {
        let mut states = states;
        let mut out = Value::default();
        for ast::CompoundListItem(and_or, separator) in &list.0 {
            // It has been told that nothing more is followed.
            if self.steps >= STEP_LIMIT {
                break;
            }
            let (live, done): (Vec<State>, Vec<State>) =
                states.into_iter().partition(|state| state.ended.is_none());
            if live.is_empty() {
                states = done;
                break;
            }
            let (mut next, printed) = match separator {
                ast::SeparatorOperator::Sequence => self.and_or(and_or, live, stdin),
                ast::SeparatorOperator::Async => {
                    let (_, printed) = self.and_or(and_or, live.clone(), &Value::default());
                    let started = live
                        .into_iter()
                        .map(|mut state| {
                            state.set("!", Value::unknown(Hole::Variable("!".to_owned())));
                            state.status = Some(true);
                            state
                        })
                        .collect();
                    (started, printed)
                }
            };
            let strayed: Vec<State> = next
                .iter()
                .filter(|state| state.stray.is_some())
                .map(|state| state.clone().settle(false))
                .collect();
            next = next.into_iter().map(|state| state.settle(true)).collect();
            next.extend(strayed);
            next.extend(done);
            states = self.ways(next);
            out.push(&printed);
        }
        (states, out)
    }

    /// The different ways among `states`. A line that is long is not followed as widely as it goes on.
    pub(super) fn ways(&self, states: Vec<State>) -> Vec<State> {
        let kept = WAYS.iter().find(|(steps, _)| self.steps < *steps).map_or(1, |(_, kept)| *kept);
        ways(states, kept)
    }

    /// The different ways, with those that differ in nothing but how the last command ended kept apart.
    fn apart(&self, states: Vec<State>) -> Vec<State> {
        let (good, rest): (Vec<State>, Vec<State>) =
            states.into_iter().partition(|state| state.status == Some(true));
        let (bad, open): (Vec<State>, Vec<State>) =
            rest.into_iter().partition(|state| state.status == Some(false));
        [good, bad, open].into_iter().flat_map(|states| self.ways(states)).collect()
    }

    fn and_or(&mut self, and_or: &ast::AndOrList, states: Vec<State>, stdin: &Value) -> Ways {
        let (mut states, mut out) = self.pipeline(&and_or.first, states, stdin);
        for next in &and_or.additional {
            let (pipeline, on_success) = match next {
                ast::AndOr::And(pipeline) => (pipeline, true),
                ast::AndOr::Or(pipeline) => (pipeline, false),
            };
            let mut runs = Vec::new();
            let mut skips = Vec::new();
            for state in states {
                if state.ended.is_some() {
                    skips.push(state);
                    continue;
                }
                match state.status {
                    Some(status) if status == on_success => runs.push(state),
                    Some(_) => skips.push(state),
                    None => {
                        let mut skip = state.clone().settle(!on_success);
                        skip.status = Some(!on_success);
                        skips.push(skip);
                        let mut run = state.settle(on_success);
                        run.status = Some(on_success);
                        runs.push(run);
                    }
                }
            }
            if !runs.is_empty() {
                let (after, printed) = self.pipeline(pipeline, runs, stdin);
                skips.extend(after);
                out.push(&printed);
            }
            // The skipped ways keep their own status: what follows in the chain depends on it.
            states = self.apart(skips);
        }
        (states, out)
    }

    fn pipeline(&mut self, pipeline: &ast::Pipeline, states: Vec<State>, stdin: &Value) -> Ways {
        let (mut states, out) = match pipeline.seq.as_slice() {
            [only] => self.command(only, states, stdin),
            stages => {
                let mut out = Value::default();
                let mut after = Vec::with_capacity(states.len());
                for state in states {
                    let mut flow = stdin.clone();
                    for (at, stage) in stages.iter().enumerate() {
                        let rest = stages.get(at + 1..).unwrap_or_default();
                        let piped = !rest.iter().all(flows::only_shows) || state.outputs.contains_key(&1);
                        let inner = if rest.is_empty() { state.clone() } else { state.clone().piped() };
                        let (_, printed) =
                            self.flowing(piped, |shell| shell.command(stage, vec![inner], &flow));
                        flow = printed;
                    }
                    out = flow;
                    after.push(State { status: None, ..state });
                }
                (after, out)
            }
        };
        if pipeline.bang {
            for state in &mut states {
                state.status = state.status.map(|status| !status);
            }
        }
        (states, out)
    }

    pub(super) fn command(&mut self, command: &ast::Command, states: Vec<State>, stdin: &Value) -> Ways {
        let work: usize = states.iter().map(|state| 1 + state.weight()).sum();
        if !self.works(work + stdin.weight() / 8_192) {
            return (states, Value::unknown(Hole::Output("a command that was not followed".to_owned())));
        }
        match command {
            ast::Command::Simple(simple) => self.each(states, |shell| shell.simple(simple, stdin)),
            ast::Command::Compound(compound, None) => self.compound(compound, states, stdin),
            ast::Command::Compound(compound, Some(redirects)) => {
                let mut out = Value::default();
                let mut after = Vec::new();
                for state in states {
                    self.state = state;
                    let redirects = self.redirects(redirects.0.iter(), stdin);
                    let stdin = redirects.stdin.clone().unwrap_or_else(|| stdin.clone());
                    let kept = self.take_kept_open(&redirects);
                    let states = vec![self.state.clone()];
                    let (mut next, printed) =
                        self.flowing(true, |shell| shell.compound(compound, states, &stdin));
                    for state in &mut next {
                        flows::put_back(state, kept.as_ref());
                    }
                    out.push(&self.redirected(&redirects, printed));
                    after.extend(next);
                }
                (after, out)
            }
            ast::Command::Function(definition) => self.each(states, |shell| {
                let function = Function { body: definition.body.clone(), frame: shell.frame.clone() };
                let name = definition.fname.value.clone();
                let function = Arc::new(function);
                shell.state.functions.insert(name.clone(), Arc::clone(&function));
                // Whoever calls the program from now on gets this instead.
                if super::later::is_called_unseen(&name) {
                    let state = shell.state.clone();
                    let span = shell.around;
                    shell.call_function(&function, &[], &Value::default(), span);
                    shell.state = state;
                }
                shell.state.status = Some(true);
                Value::default()
            }),
            ast::Command::ExtendedTest(test, redirects) => self.each(states, |shell| {
                shell.extended_test(&test.expr);
                if let Some(redirects) = redirects {
                    let redirects = shell.redirects(redirects.0.iter(), stdin);
                    shell.redirected(&redirects, Value::default());
                }
                shell.state.status = None;
                Value::default()
            }),
        }
    }

    fn each(&mut self, states: Vec<State>, mut inner: impl FnMut(&mut Self) -> Value) -> Ways {
        let mut out: Option<Value> = None;
        let mut after = Vec::with_capacity(states.len());
        for state in states {
            self.state = state;
            let printed = inner(self);
            out = Some(match out {
                None => printed,
                Some(before) if before == printed => before,
                Some(before) => {
                    let sources =
                        before.sources().iter().chain(printed.sources()).cloned().collect::<Vec<_>>();
                    Value::output("one of several commands", sources)
                }
            });
            after.push(self.state.clone());
        }
        (after, out.unwrap_or_default())
    }

    fn compound(&mut self, compound: &ast::CompoundCommand, states: Vec<State>, stdin: &Value) -> Ways {
        use ast::CompoundCommand as Compound;
        match compound {
            Compound::BraceGroup(group) => self.list(&group.list, states, stdin),
            Compound::Subshell(subshell) => {
                let (inner, out) = self.list(&subshell.list, states.clone(), stdin);
                let status = join(inner, &self.state).status;
                (states.into_iter().map(|state| State { status, ..state }).collect(), out)
            }
            Compound::Arithmetic(arithmetic) => self.each(states, |shell| {
                shell.arithmetic(&arithmetic.expr.value);
                shell.state.status = None;
                Value::default()
            }),
            Compound::IfClause(clause) => self.if_clause(clause, states, stdin),
            Compound::CaseClause(clause) => self.case_clause(clause, states, stdin),
            Compound::ForClause(clause) => self.for_clause(clause, states, stdin),
            Compound::ArithmeticForClause(clause) => {
                for part in [&clause.initializer, &clause.condition].into_iter().flatten() {
                    self.each(states.clone(), |shell| {
                        shell.arithmetic(&part.value);
                        Value::default()
                    });
                }
                let update = clause.updater.as_ref();
                self.rounds(&clause.body.list, states, stdin, |shell| {
                    if let Some(update) = update {
                        shell.arithmetic(&update.value);
                    }
                })
            }
            Compound::WhileClause(ast::WhileOrUntilClauseCommand(condition, body, _)) => {
                let forever =
                    is_always(condition, &["true", ":", "/bin/true", "/usr/bin/true", "[[ 1 ]]", "[ 1 ]"]);
                self.while_clause(condition, &body.list, states, stdin, forever)
            }
            Compound::UntilClause(ast::WhileOrUntilClauseCommand(condition, body, _)) => {
                let forever = is_always(condition, &["false", "/bin/false", "/usr/bin/false"]);
                self.while_clause(condition, &body.list, states, stdin, forever)
            }
            Compound::Coprocess(coprocess) => self.each(states, |shell| shell.coprocess(coprocess)),
        }
    }

    fn if_clause(&mut self, clause: &ast::IfClauseCommand, states: Vec<State>, stdin: &Value) -> Ways {
        let (tested, mut out) = self.list(&clause.condition, states, stdin);
        let (yes, mut no) = fork(tested);
        let (mut after, printed) = self.list_if_any(&clause.then, yes, stdin);
        out.push(&printed);
        for branch in clause.elses.iter().flatten() {
            let (yes, still_no) = match &branch.condition {
                Some(condition) => {
                    let (tested, printed) = self.list_if_any(condition, no, stdin);
                    out.push(&printed);
                    fork(tested)
                }
                None => (no, Vec::new()),
            };
            let (next, printed) = self.list_if_any(&branch.body, yes, stdin);
            out.push(&printed);
            after.extend(next);
            no = still_no;
        }
        after.extend(no.into_iter().map(|state| State { status: Some(true), ..state }));
        (self.ways(after), out)
    }

    fn list_if_any(&mut self, list: &ast::CompoundList, states: Vec<State>, stdin: &Value) -> Ways {
        if states.is_empty() { (states, Value::default()) } else { self.list(list, states, stdin) }
    }

    fn case_clause(&mut self, clause: &ast::CaseClauseCommand, states: Vec<State>, stdin: &Value) -> Ways {
        let mut out = Value::default();
        let mut after = Vec::new();
        for state in states {
            self.state = state.clone();
            let value = self.expand_one(&clause.value);
            let mut matched_for_sure = false;
            let mut falls = false;
            for case in &clause.cases {
                let verdict = case.patterns.iter().map(|pattern| {
                    let pattern = self.expand_pattern(pattern);
                    match (value.text(), pattern) {
                        (Some(text), Some(pattern)) => Some(super::glob::matches(&pattern, text)),
                        _ => None,
                    }
                });
                let verdicts: Vec<Option<bool>> = verdict.collect();
                let sure = verdicts.contains(&Some(true));
                let may = sure || falls || verdicts.contains(&None);
                if may && let Some(list) = &case.cmd {
                    let (next, printed) = self.list(list, vec![state.clone()], stdin);
                    after.extend(next);
                    out.push(&printed);
                }
                falls = may
                    && matches!(
                        case.post_action,
                        ast::CaseItemPostAction::UnconditionallyExecuteNextCaseItem
                    );
                if sure && matches!(case.post_action, ast::CaseItemPostAction::ExitCase) {
                    matched_for_sure = true;
                    break;
                }
            }
            if !matched_for_sure {
                after.push(state);
            }
        }
        (self.ways(after), out)
    }

    /// Calls a function of the line.
    pub(super) fn call_function(
        &mut self,
        function: &Function,
        args: &[Arg],
        stdin: &Value,
        span: Span,
    ) -> Value {
        if self.depth >= DEPTH_LIMIT {
            // A function that feeds or forks itself uses up the machine; one that only calls itself may end.
            let body = function.body.to_string();
            if body.contains(['|', '&']) {
                self.add(
                    EffectKind::Exhaust { how: "a function that starts itself without end".to_owned() },
                    span,
                );
                self.steps = STEP_LIMIT;
            } else {
                self.opaque("a function that calls itself deeper than is followed", Worst::Runs, span);
            }
            return Value::default();
        }
        self.depth += 1;
        let positional = self.state.positional.replace(args.iter().map(|arg| arg.value.clone()).collect());
        let outer = self.state.variables.clone();
        let outer_locals = self.locals.replace(Vec::new());
        let states = vec![self.state.clone()];
        let ast::FunctionBody(body, redirects) = &function.body;
        let (states, printed) = self.within(function.frame.clone(), |shell| {
            stacker::maybe_grow(256 * 1024, 4 * 1024 * 1024, || match redirects {
                None => shell.compound(body, states, stdin),
                Some(_) => {
                    shell.command(&ast::Command::Compound(body.clone(), redirects.clone()), states, stdin)
                }
            })
        });
        let mut state = join(states, &self.state);
        if state.ended == Some(End::Return) {
            state.ended = None;
        }
        state.positional = positional;
        for name in std::mem::replace(&mut self.locals, outer_locals).into_iter().flatten() {
            match outer.get(&name) {
                Some(variable) => state.variables.insert(name, variable.clone()),
                None => state.variables.remove(&name),
            };
        }
        self.state = state;
        self.depth -= 1;
        printed
    }

    fn extended_test(&mut self, test: &ast::ExtendedTestExpr) {
        use ast::ExtendedTestExpr as Test;
        match test {
            Test::And(left, right) | Test::Or(left, right) => {
                self.extended_test(left);
                self.extended_test(right);
            }
            Test::Not(inner) | Test::Parenthesized(inner) => self.extended_test(inner),
            Test::UnaryTest(_, word) => {
                self.expand_one(word);
            }
            Test::BinaryTest(_, left, right) => {
                self.expand_one(left);
                self.expand_one(right);
            }
        }
    }
}

/// The ways in which a test may have come out: yes and no.
fn fork(tested: Vec<State>) -> (Vec<State>, Vec<State>) {
    let mut yes = Vec::new();
    let mut no = Vec::new();
    for state in tested {
        if state.ended.is_some() {
            yes.push(state);
            continue;
        }
        if state.status != Some(false) {
            yes.push(state.clone());
        }
        if state.status != Some(true) {
            no.push(state);
        }
    }
    (yes, no)
}
