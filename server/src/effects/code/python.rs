//! Python: parsed, and followed statement by statement as far as values are known.

use std::collections::BTreeMap;
use std::rc::Rc;

use banksman_protocol::Span;
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged;

use super::super::argv::Arg;
use super::super::shell::Shell;
use super::super::value::Value;
use super::super::{EffectKind, Worst};
use super::{Deed, Item, perform, tables};

/// How deep functions and expressions are followed.
const DEPTH: usize = 40;
/// How many statements and expressions are looked at.
const STEPS: usize = 50_000;
/// The walk recurses: it gets a stack of its own when less than this is left.
pub(super) const RED_ZONE: usize = 256 * 1024;
/// How large that stack is, in bytes.
pub(super) const STACK: usize = 4 * 1024 * 1024;
/// How often a function is followed within itself.
const RECURSIONS: usize = 3;
/// How many rounds of a loop over known values are followed.
const ROUNDS: usize = 32;

/// Follows Python code and returns what it prints.
pub(super) fn read(shell: &mut Shell<'_>, text: &str, args: &[Arg], span: Span) -> Value {
    // Whoever makes a syntax tree and whoever lets go of it recurses with the nesting of the code.
    stacker::maybe_grow(4 << 20, 16 << 20, || match ruff_python_parser::parse_module(text) {
        Ok(module) => follow(shell, &module.into_syntax(), text, args, span),
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
        names: BTreeMap::from([("sys.argv".to_owned(), Item::List(argv))]),
        functions: BTreeMap::new(),
        called: Vec::new(),
        running: Vec::new(),
        signs: Signs::default(),
        depth: 0,
        deep: false,
        steps: 0,
    };
    reader.verbatim = reader.shell.stands_at(text, span);
    reader.body(&module.body);
    reader.uncalled();
    reader.judge_signs();
    shell.end_code(before)
}

/// Signs of a shell that is handed to another machine, which no single call tells.
#[derive(Debug, Default)]
struct Signs {
    peer: Option<(String, Span)>,
    listens: bool,
    wired: bool,
    runs_input: bool,
    forks_in_loop: Option<Span>,
}

pub(super) struct Reader<'s, 'w> {
    pub(super) shell: &'s mut Shell<'w>,
    whole: Span,
    /// Where the code stands word for word in the text that is read, when it does.
    verbatim: Option<usize>,
    pub(super) names: BTreeMap<String, Item>,
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
                    Item::List(items) if items.len() <= ROUNDS => {
                        for item in items {
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

    /// Rounds over this never end.
    pub(super) fn endless(&mut self, over: &Expr) -> bool {
        let Expr::Call(call) = over else { return false };
        let name = self.full_name(&call.func);
        super::load::is_endless(name.as_deref(), call)
    }

    /// Copies of the program are started without end.
    pub(super) fn note_endless_fork(&mut self, evidence: &Expr) {
        self.signs.forks_in_loop = Some(self.span(evidence));
    }

    /// What a call gives, after it has happened.
    pub(super) fn call(&mut self, call: &ast::ExprCall) -> Item {
        self.depth += 1;
        let out = if self.depth > DEPTH {
            self.too_deep();
            Item::Unknown
        } else {
            self.call_inner(call)
        };
        self.depth -= 1;
        out
    }

    fn call_inner(&mut self, call: &ast::ExprCall) -> Item {
        let span = self.span(call);
        let name = self.full_name(&call.func);
        let mut args: Vec<Item> = call.arguments.args.iter().map(|arg| self.expression(arg)).collect();
        let keywords: Vec<(String, Item)> = call
            .arguments
            .keywords
            .iter()
            .map(|keyword| {
                let name = keyword.arg.as_ref().map(|arg| arg.as_str().to_owned()).unwrap_or_default();
                (name, self.expression(&keyword.value))
            })
            .collect();
        if let Some(function) = name.as_deref().and_then(|name| name.strip_prefix("<function>.")) {
            return self.call_function(function, &args, &keywords);
        }
        let receiver = match &*call.func {
            Expr::Attribute(attribute) => {
                Some((self.expression(&attribute.value), attribute.attr.to_string()))
            }
            _ => None,
        };
        if let Some(value) = self.known_call(name.as_deref(), receiver.as_ref(), &args, &keywords) {
            return value;
        }
        self.watch(name.as_deref(), receiver.as_ref(), &args, &keywords, span);
        self.loads(name.as_deref(), call, &args, span);
        // Files and requests may be named by keyword.
        for (keyword, value) in &keywords {
            match keyword.as_str() {
                "args" | "cmd" | "command" | "path" | "file" | "url" | "src" | "filename"
                    if args.is_empty() =>
                {
                    args.push(value.clone())
                }
                "mode" if args.len() == 1 => args.push(value.clone()),
                "data" | "json" | "files" | "params" | "headers" | "content" | "dst" | "input" => {
                    args.push(value.clone())
                }
                _ => {}
            }
        }
        // The functions of a library of the system, called past Python.
        if let Some((_, method)) = &receiver
            && matches!(method.as_str(), "system" | "popen" | "execve" | "execv" | "execl" | "execvp")
            && self.names.values().any(|item| matches!(item, Item::Name(name) if name.starts_with("ctypes")))
        {
            if method.starts_with("exec") {
                self.shell.opaque("another program takes the place of Python", Worst::Runs, span);
            }
            return perform(self.shell, "python", Deed::Run, &args, span);
        }
        if let Some(deed) = name.as_deref().and_then(|name| tables::deed(tables::PYTHON, name)) {
            if deed == Deed::Get
                && (keywords.iter().any(|(name, _)| name == "data")
                    || args.get(1).is_some_and(|item| item.value().hole().is_none() && item.is_known()))
                && name.as_deref().is_some_and(|name| name.contains("urlopen"))
            {
                return perform(self.shell, "python", Deed::Post, &args, span);
            }
            let out = perform(self.shell, "python", deed, &args, span);
            // `open(path, "w")` is a file that later calls write into.
            return if deed == Deed::Open && matches!(&out, Item::File(value) if value.is_empty()) {
                Item::Unknown
            } else {
                out
            };
        }
        if let Some((object, method)) = receiver {
            return self.method(&object, &method, &args, &keywords, span);
        }
        // What goes into an unknown call may come out of it.
        let sources: Vec<_> = args.iter().flat_map(|item| item.value().sources().to_vec()).collect();
        if sources.is_empty() { Item::Unknown } else { Item::Text(Value::output("a call", sources)) }
    }

    fn method(
        &mut self,
        object: &Item,
        method: &str,
        args: &[Item],
        keywords: &[(String, Item)],
        span: Span,
    ) -> Item {
        if let Some(deed) = tables::deed(tables::PYTHON, &format!(".{method}")) {
            let mut with_object = vec![object.clone()];
            with_object.extend(args.iter().cloned());
            if deed == Deed::Unpack {
                with_object = vec![Item::Text(object.value())];
                with_object.push(
                    args.first()
                        .cloned()
                        .or_else(|| {
                            keywords.iter().find(|(name, _)| name == "path").map(|(_, value)| value.clone())
                        })
                        .unwrap_or(Item::known(".")),
                );
            }
            if object.is_known() || matches!(deed, Deed::Unpack) {
                return perform(self.shell, "python", deed, &with_object, span);
            }
            return Item::Unknown;
        }
        let address = args.first().is_some_and(|item| item.value().prefix().contains("://"));
        match method {
            "get" | "request" | "urlopen" | "stream" if address => {
                return perform(
                    self.shell,
                    "python",
                    if keywords.iter().any(|(name, _)| matches!(name.as_str(), "data" | "json" | "files")) {
                        Deed::Post
                    } else {
                        Deed::Get
                    },
                    args,
                    span,
                );
            }
            "post" | "put" | "patch" | "delete" if address => {
                let mut all = args.to_vec();
                all.extend(keywords.iter().map(|(_, value)| value.clone()));
                return perform(self.shell, "python", Deed::Post, &all, span);
            }
            "send" | "sendall" | "sendto" => {
                if let Some((peer, _)) = self.signs.peer.clone() {
                    let mut all = vec![Item::known(peer)];
                    all.extend(args.iter().cloned());
                    return perform(self.shell, "python", Deed::Post, &all, span);
                }
            }
            "sendmail" | "send_message" => return perform(self.shell, "python", Deed::Post, args, span),
            "exec_command" => {
                let command = args.first().and_then(Item::text);
                let place = super::super::Elsewhere::Host(super::super::Remote::unknown("a host"));
                self.shell.add(EffectKind::RunElsewhere { place, command }, span);
            }
            _ => {}
        }
        let mut sources = object.value().sources().to_vec();
        sources.extend(args.iter().flat_map(|item| item.value().sources().to_vec()));
        if sources.is_empty() { Item::Unknown } else { Item::Text(Value::output("a method", sources)) }
    }

    /// Takes note of what together makes a shell for somebody else.
    fn watch(
        &mut self,
        name: Option<&str>,
        receiver: Option<&(Item, String)>,
        args: &[Item],
        keywords: &[(String, Item)],
        span: Span,
    ) {
        if let Some((object, method)) = receiver {
            let socket = !object.is_known();
            match method.as_str() {
                "connect" | "connect_ex" if socket => {
                    if let Some(Item::List(items)) = args.first() {
                        let shown = super::deed::peer(&[Item::List(items.clone())]);
                        self.signs.peer = Some((shown, span));
                    }
                }
                "bind" if socket => {
                    if let Some(Item::List(items)) = args.first() {
                        self.signs.listens = true;
                        perform(self.shell, "python", Deed::Listen, &[Item::List(items.clone())], span);
                    }
                }
                _ => {}
            }
        }
        let std_streams = keywords.iter().any(|(name, value)| {
            matches!(name.as_str(), "stdin" | "stdout")
                && !value.is_known()
                && !matches!(value, Item::Name(_))
        });
        match name {
            Some("os.dup2") => self.signs.wired = true,
            Some("pty.spawn") => self.signs.wired = true,
            Some(name)
                if name.starts_with("subprocess.")
                    || name.starts_with("os.system")
                    || name.starts_with("os.popen") =>
            {
                let unknown = args.first().is_none_or(|item| !item.is_known());
                if std_streams {
                    self.signs.wired = true;
                }
                if unknown {
                    self.signs.runs_input = true;
                }
            }
            _ => {}
        }
    }

    fn judge_signs(&mut self) {
        let signs = std::mem::take(&mut self.signs);
        if let Some(span) = signs.forks_in_loop {
            self.shell.add(
                EffectKind::Exhaust { how: "a loop that starts copies of itself without end".to_owned() },
                span,
            );
        }
        if !(signs.wired || signs.runs_input) {
            return;
        }
        if let Some((peer, span)) = signs.peer {
            self.shell.add(EffectKind::OpenShell { peer }, span);
        } else if signs.listens {
            self.shell.add(EffectKind::OpenShell { peer: "whoever connects".to_owned() }, self.whole);
        }
    }

    fn call_function(&mut self, name: &str, args: &[Item], keywords: &[(String, Item)]) -> Item {
        let Some(function) = self.functions.get(name).cloned() else { return Item::Unknown };
        // A function that calls itself does again what is being looked at.
        if self.running.iter().filter(|running| *running == name).count() >= RECURSIONS {
            return Item::Unknown;
        }
        if !self.called.contains(&name.to_owned()) {
            self.called.push(name.to_owned());
        }
        let weight: usize = self.names.values().map(Item::weight).sum();
        if !self.works(self.names.len() / 4 + weight / 8_192) {
            return Item::Unknown;
        }
        let before = self.names.clone();
        let positional = function.parameters.posonlyargs.iter().chain(&function.parameters.args);
        for (index, parameter) in positional.enumerate() {
            let bound = parameter.parameter.name.to_string();
            let given = args
                .get(index)
                .cloned()
                .or_else(|| keywords.iter().find(|(name, _)| *name == bound).map(|(_, value)| value.clone()));
            let value = match (given, &parameter.default) {
                (Some(value), _) => value,
                (None, Some(default)) => self.expression(default),
                (None, None) => Item::Unknown,
            };
            self.names.insert(bound, value);
        }
        self.names.remove("<return>");
        self.depth += 1;
        self.running.push(name.to_owned());
        if self.depth < DEPTH {
            self.body(&function.body);
        } else {
            self.too_deep();
        }
        self.running.pop();
        self.depth -= 1;
        let out = self.names.remove("<return>").unwrap_or(Item::Unknown);
        self.names = before;
        out
    }

    /// Functions that the code defines and does not call may be called by others.
    fn uncalled(&mut self) {
        let names: Vec<String> =
            self.functions.keys().filter(|name| !self.called.contains(name)).cloned().collect();
        for name in names {
            self.call_function(&name, &[], &[]);
        }
    }
}

fn mentions_fork(body: &[Stmt]) -> bool {
    body.iter().any(|statement| match statement {
        Stmt::Expr(expression) => is_fork(&expression.value),
        _ => false,
    })
}

pub(super) fn is_fork(expression: &Expr) -> bool {
    let Expr::Call(call) = expression else { return false };
    match &*call.func {
        Expr::Attribute(attribute) => attribute.attr.as_str() == "fork",
        Expr::Name(name) => name.id.as_str() == "fork",
        _ => false,
    }
}
