//! Python: parsed, and followed statement by statement as far as values are known.

mod values;
mod compute;
mod calls;
mod signs;
mod load;
mod names;

use std::collections::BTreeMap;
use std::rc::Rc;

use banksman_protocol::Span;
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged;

use super::super::Worst;
use super::super::argv::Arg;
use super::super::shell::Shell;
use super::super::value::Value;
use super::{Item, tables};
use names::Names;
use signs::{Signs, mentions_fork};

/// How deep functions and expressions are followed.
const DEPTH: usize = 40;
/// How many statements and expressions are looked at.
const STEPS: usize = 50_000;
/// The walk recurses: it gets a stack of its own when less than this is left.
pub(super) const RED_ZONE: usize = 256 * 1024;
/// How large that stack is, in bytes.
pub(super) const STACK: usize = 4 * 1024 * 1024;

/// Follows Python code and returns what it prints.
pub(super) fn read(shell: &mut Shell<'_>, text: &str, args: &[Arg], span: Span) -> Value {
    // Whoever makes a syntax tree and whoever lets go of it recurses with the nesting of the code.
    stacker::maybe_grow(4 << 20, 16 << 20, || match ruff_python_parser::parse_module(text) {
        Ok(module) => follow(shell, &module.into_syntax(), text, args, span),
        Err(_) if super::magics::stand_in(text) => super::magics::read(shell, text, args, span),
        // Python itself runs nothing of what does not parse; an older Python may parse it, though.
        Err(_) => super::scan::read(shell, "python", text, span),
    })
}

fn follow(shell: &mut Shell<'_>, module: &ast::ModModule, text: &str, args: &[Arg], span: Span) -> Value {
    let mut argv = vec![Item::known("")];
    argv.extend(args.iter().map(|arg| Item::Text(arg.value.clone())));
    let before = shell.begin_code();
    let mut reader = Reader {
        shell,
        whole: span,
        verbatim: None,
        names: Names::default(),
        functions: BTreeMap::new(),
        called: Vec::new(),
        running: Vec::new(),
        signs: Signs::default(),
        depth: 0,
        deep: false,
        steps: 0,
    };
    reader.names.insert("sys.argv".to_owned(), Item::List(argv));
    reader.verbatim = reader.shell.stands_at(text, span);
    reader.body(&module.body);
    reader.uncalled();
    reader.judge_signs();
    shell.end_code(before)
}

pub(super) struct Reader<'s, 'w> {
    pub(super) shell: &'s mut Shell<'w>,
    whole: Span,
    /// Where the code stands word for word in the text that is read, when it does.
    verbatim: Option<usize>,
    names: Names,
    functions: BTreeMap<String, Rc<ast::StmtFunctionDef>>,
    called: Vec<String>,
    /// Functions that are being followed.
    running: Vec<String>,
    signs: Signs,
    depth: usize,
    deep: bool,
    steps: usize,
}

impl Reader<'_, '_> {
    fn body(&mut self, body: &[Stmt]) {
        for statement in body {
            if !self.works(1) {
                return;
            }
            stacker::maybe_grow(RED_ZONE, STACK, || self.statement(statement));
        }
    }

    /// Counts work, in statements and expressions. False when there has been too much of it, which is told once.
    pub(super) fn works(&mut self, work: usize) -> bool {
        if self.steps > STEPS {
            return false;
        }
        self.steps += work;
        if self.steps > STEPS {
            self.shell.opaque("the Python code does more than is followed", Worst::Runs, self.whole);
            return false;
        }
        true
    }

    /// Calls are nested deeper than is followed, which is told once.
    fn too_deep(&mut self) {
        if !std::mem::replace(&mut self.deep, true) {
            self.shell.opaque(
                "the calls of the Python code are nested too deep to follow",
                Worst::Runs,
                self.whole,
            );
        }
    }

    pub(super) fn span(&self, node: &impl Ranged) -> Span {
        let range = node.range();
        match self.verbatim {
            Some(offset) => Span::new(offset + range.start().to_usize(), offset + range.end().to_usize()),
            None => self.whole,
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.name.as_str();
                    let (bound, full) = match &alias.asname {
                        Some(bound) => (bound.as_str(), name),
                        None => {
                            (name.split('.').next().unwrap_or(name), name.split('.').next().unwrap_or(name))
                        }
                    };
                    self.names.insert(bound.to_owned(), Item::Name(full.to_owned()));
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map(|module| module.as_str()).unwrap_or_default();
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    if alias.name.as_str() == "*" {
                        self.names.insert(format!("<{module}>"), Item::Name(module.to_owned()));
                        for name in tables::PYTHON.iter().flat_map(|(_, names)| names.iter()) {
                            if let Some(last) =
                                name.strip_prefix(module).and_then(|rest| rest.strip_prefix('.'))
                            {
                                self.names.insert(last.to_owned(), Item::Name((*name).to_owned()));
                            }
                        }
                        continue;
                    }
                    self.names
                        .insert(bound.to_owned(), Item::Name(format!("{module}.{}", alias.name.as_str())));
                }
            }
            Stmt::Assign(assign) => {
                let value = self.expression(&assign.value);
                for target in &assign.targets {
                    self.assign(target, value.clone());
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    let value = self.expression(value);
                    self.assign(&assign.target, value);
                }
            }
            Stmt::AugAssign(assign) => {
                let before = self.expression(&assign.target);
                let value = self.expression(&assign.value);
                let sum = self.added(&before, &value);
                self.assign(&assign.target, sum);
            }
            Stmt::Expr(expression) => {
                self.expression(&expression.value);
            }
            Stmt::Return(ret) => {
                if let Some(value) = &ret.value {
                    let value = self.expression(value);
                    self.names.insert("<return>".to_owned(), value);
                }
            }
            Stmt::FunctionDef(function) => {
                for decorator in &function.decorator_list {
                    self.expression(&decorator.expression);
                }
                self.names
                    .insert(function.name.to_string(), Item::Name(format!("<function>.{}", function.name)));
                let function = stacker::maybe_grow(4 << 20, 16 << 20, || Rc::new(function.clone()));
                self.functions.insert(function.name.to_string(), function);
            }
            Stmt::ClassDef(class) => self.body(&class.body),
            Stmt::If(clause) => {
                self.expression(&clause.test);
                self.body(&clause.body);
                for branch in &clause.elif_else_clauses {
                    if let Some(test) = &branch.test {
                        self.expression(test);
                    }
                    self.body(&branch.body);
                }
            }
            Stmt::For(clause) => {
                if self.endless(&clause.iter) && mentions_fork(&clause.body) {
                    self.note_endless_fork(&clause.iter);
                }
                let over = self.expression(&clause.iter);
                match over {
                    Item::List(items) => {
                        for item in Item::followed(&items, self.shell) {
                            self.assign(&clause.target, item);
                            self.body(&clause.body);
                        }
                    }
                    other => {
                        let each = match other {
                            Item::File(value) => {
                                Item::Text(Value::output("a line", value.sources().to_vec()))
                            }
                            Item::Text(value) => Item::Text(value),
                            _ => Item::Unknown,
                        };
                        self.assign(&clause.target, each);
                        self.body(&clause.body);
                    }
                }
                self.body(&clause.orelse);
            }
            Stmt::While(clause) => {
                self.expression(&clause.test);
                let endless = matches!(&*clause.test, Expr::BooleanLiteral(literal) if literal.value)
                    || matches!(&*clause.test, Expr::NumberLiteral(_));
                if endless && mentions_fork(&clause.body) {
                    self.signs.forks_in_loop = Some(self.span(clause));
                }
                self.body(&clause.body);
                self.body(&clause.orelse);
            }
            Stmt::With(with) => {
                for item in &with.items {
                    let value = self.expression(&item.context_expr);
                    if let Some(target) = &item.optional_vars {
                        self.assign(target, value);
                    }
                }
                self.body(&with.body);
            }
            Stmt::Try(clause) => {
                self.body(&clause.body);
                for handler in &clause.handlers {
                    let ast::ExceptHandler::ExceptHandler(handler) = handler;
                    self.body(&handler.body);
                }
                self.body(&clause.orelse);
                self.body(&clause.finalbody);
            }
            Stmt::Match(clause) => {
                self.expression(&clause.subject);
                for case in &clause.cases {
                    self.body(&case.body);
                }
            }
            Stmt::Assert(assert) => {
                self.expression(&assert.test);
            }
            Stmt::Raise(raise) => {
                if let Some(value) = &raise.exc {
                    self.expression(value);
                }
            }
            _ => {}
        }
    }

    fn assign(&mut self, target: &Expr, value: Item) {
        match (target, value) {
            (Expr::Name(name), value) => {
                self.names.insert(name.id.to_string(), value);
            }
            (Expr::Attribute(attribute), value) => {
                // `self.path` is remembered by its last part only.
                self.names.insert(format!(".{}", attribute.attr), value);
            }
            (
                Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }),
                Item::List(items),
            ) => {
                for (target, value) in elts.iter().zip(items) {
                    self.assign(target, value);
                }
            }
            (Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }), other) => {
                let sources = other.value().sources().to_vec();
                for target in elts {
                    let part = if sources.is_empty() {
                        Item::Unknown
                    } else {
                        Item::Text(Value::output("a part", sources.clone()))
                    };
                    self.assign(target, part);
                }
            }
            (Expr::Subscript(subscript), value) => {
                if let (Expr::Attribute(_) | Expr::Name(_), Some(key)) =
                    (&*subscript.value, self.expression(&subscript.slice).text())
                    && self.full_name(&subscript.value).as_deref() == Some("os.environ")
                {
                    let span = self.span(subscript);
                    self.shell.set_for_call(&key, &value.value(), span);
                }
            }
            _ => {}
        }
    }
}
