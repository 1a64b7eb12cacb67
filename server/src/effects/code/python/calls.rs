//! What a call does: a deed, a function of the code itself, a method of something known.

use banksman_protocol::Span;
use ruff_python_ast::{self as ast, Expr};

use super::super::{Deed, Item, perform, tables};
use super::{DEPTH, Reader};
use crate::effects::value::Value;
use crate::effects::{EffectKind, Elsewhere, Remote, Worst};

/// How often a function is followed within itself.
const RECURSIONS: usize = 3;

impl Reader<'_, '_> {
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
        // `partial(remove, path)()`: what is called is made by another call.
        if matches!(&*call.func, Expr::Call(_)) {
            self.expression(&call.func);
        }
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
        self.handed_on(name.as_deref(), &args, &keywords, span);
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

    /// A function that is handed to another one is called by it, with what stands behind it:
    /// `map(os.remove, names)`, `partial(rmtree, path)`, `Thread(target=os.system, args=("…",))`.
    fn handed_on(&mut self, called: Option<&str>, args: &[Item], keywords: &[(String, Item)], span: Span) {
        let deed_of = |item: &Item| match item {
            Item::Name(name) => tables::deed(tables::PYTHON, name).filter(|deed| {
                matches!(
                    deed,
                    Deed::Run
                        | Deed::RunProgram
                        | Deed::Eval
                        | Deed::Delete
                        | Deed::DeleteTree
                        | Deed::Move
                        | Deed::Copy
                        | Deed::Post
                        | Deed::Save
                )
            }),
            _ => None,
        };
        let given = |name: &str| keywords.iter().find(|(keyword, _)| keyword == name).map(|(_, item)| item);
        if let Some(deed) = given("target").and_then(deed_of) {
            let behind = match given("args") {
                Some(Item::List(items)) => items.clone(),
                Some(other) => vec![other.clone()],
                None => Vec::new(),
            };
            if !behind.is_empty() {
                perform(self.shell, "python", deed, &behind, span);
            }
        }
        // What is asked about a function does not call it.
        let asks =
            ["getattr", "hasattr", "isinstance", "inspect.getsource", "help", "print", "repr", "callable"];
        if called.is_some_and(|name| asks.contains(&name)) {
            return;
        }
        for (at, arg) in args.iter().enumerate() {
            let Some(deed) = deed_of(arg) else { continue };
            let rest = args.get(at + 1..).unwrap_or_default();
            let each = called.is_some_and(|name| name == "map" || name.ends_with(".map") || name == "filter");
            match rest.first() {
                Some(Item::List(items)) if each => {
                    for item in Item::followed(items, self.shell) {
                        perform(self.shell, "python", deed, &[item], span);
                    }
                }
                Some(_) => drop(perform(self.shell, "python", deed, rest, span)),
                None => {}
            }
        }
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
                let place = Elsewhere::Host(Remote::unknown("a host"));
                self.shell.add(EffectKind::RunElsewhere { place, command }, span);
            }
            _ => {}
        }
        let mut sources = object.value().sources().to_vec();
        sources.extend(args.iter().flat_map(|item| item.value().sources().to_vec()));
        if sources.is_empty() { Item::Unknown } else { Item::Text(Value::output("a method", sources)) }
    }

    pub(super) fn call_function(&mut self, name: &str, args: &[Item], keywords: &[(String, Item)]) -> Item {
        let Some(function) = self.functions.get(name).cloned() else { return Item::Unknown };
        // A function that calls itself does again what is being looked at.
        if self.running.iter().filter(|running| *running == name).count() >= RECURSIONS {
            return Item::Unknown;
        }
        if !self.called.contains(&name.to_owned()) {
            self.called.push(name.to_owned());
        }
        if !self.works(1) {
            return Item::Unknown;
        }
        self.names.begin();
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
        self.names.end();
        out
    }

    /// Functions that the code defines and does not call may be called by others.
    pub(super) fn uncalled(&mut self) {
        let names: Vec<String> =
            self.functions.keys().filter(|name| !self.called.contains(name)).cloned().collect();
        for name in names {
            self.call_function(&name, &[], &[]);
        }
    }
}
