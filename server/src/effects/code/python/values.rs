//! Python's expressions: texts, lists, names.

use ruff_python_ast::{self as ast, Expr, InterpolatedStringElement, Operator};

use super::super::Item;
use super::compute::{formatted, joined_path, repeated};
use super::{RED_ZONE, Reader, STACK};
use crate::effects::Source;
use crate::effects::value::{Hole, Value};

impl Reader<'_, '_> {
    /// What an expression is. Calls in it happen.
    pub(super) fn expression(&mut self, expression: &Expr) -> Item {
        if !self.works(1) {
            return Item::Unknown;
        }
        stacker::maybe_grow(RED_ZONE, STACK, || self.expression_inner(expression))
    }

    fn expression_inner(&mut self, expression: &Expr) -> Item {
        match expression {
            Expr::StringLiteral(literal) => Item::known(literal.value.to_str()),
            Expr::BytesLiteral(literal) => {
                let bytes: Vec<u8> = literal.value.bytes().collect();
                String::from_utf8(bytes).map_or(Item::Unknown, Item::known)
            }
            Expr::NumberLiteral(literal) => match &literal.value {
                ast::Number::Int(number) => Item::known(number.to_string()),
                ast::Number::Float(number) => Item::known(number.to_string()),
                ast::Number::Complex { .. } => Item::Unknown,
            },
            Expr::FString(literal) => {
                let mut value = Value::default();
                for element in literal.value.elements() {
                    match element {
                        InterpolatedStringElement::Literal(text) => value.push_text(&text.value),
                        InterpolatedStringElement::Interpolation(inner) => {
                            let item = self.expression(&inner.expression);
                            value.push(&item.value());
                        }
                    }
                }
                for part in literal.value.iter() {
                    if let ast::FStringPart::Literal(text) = part {
                        // Plain parts of an implicit concatenation come first or last: the order is kept well enough.
                        let mut whole = Value::known(&*text.value);
                        whole.push(&value);
                        value = whole;
                    }
                }
                Item::Text(value)
            }
            Expr::Name(name) => match self.names.get(name.id.as_str()) {
                Some(item) => item.clone(),
                None => Item::Name(name.id.to_string()),
            },
            Expr::List(ast::ExprList { elts, .. }) | Expr::Tuple(ast::ExprTuple { elts, .. }) => {
                let mut items = Vec::with_capacity(elts.len());
                for element in elts {
                    match element {
                        Expr::Starred(starred) => match self.expression(&starred.value) {
                            Item::List(inner) => items.extend(inner),
                            other => items.push(other),
                        },
                        other => items.push(self.expression(other)),
                    }
                }
                Item::list(items)
            }
            Expr::Set(set) => Item::list(set.elts.iter().map(|element| self.expression(element)).collect()),
            Expr::Dict(dict) => {
                // A dictionary carries what its values carry.
                let items: Vec<Item> = dict.items.iter().map(|item| self.expression(&item.value)).collect();
                Item::list(items)
            }
            Expr::Call(call) => self.call(call),
            Expr::Attribute(attribute) => self.attribute(attribute),
            Expr::Subscript(subscript) => self.subscript(subscript),
            Expr::BinOp(operation) => {
                let left = self.expression(&operation.left);
                let right = self.expression(&operation.right);
                match operation.op {
                    Operator::Add => self.added(&left, &right),
                    Operator::Div => joined_path(&left, &right),
                    Operator::Mod => formatted(&left, &right),
                    Operator::Mult => repeated(&left, &right),
                    _ => Item::Unknown,
                }
            }
            Expr::If(choice) => {
                self.expression(&choice.test);
                let yes = self.expression(&choice.body);
                let no = self.expression(&choice.orelse);
                if yes == no || !no.is_known() { yes } else { self.either(&yes, &no) }
            }
            Expr::BoolOp(operation) => {
                let items: Vec<Item> = operation.values.iter().map(|value| self.expression(value)).collect();
                items.into_iter().find(Item::is_known).unwrap_or(Item::Unknown)
            }
            Expr::Await(inner) => self.expression(&inner.value),
            Expr::Named(named) => {
                let value = self.expression(&named.value);
                if let Expr::Name(name) = &*named.target {
                    self.names.insert(name.id.to_string(), value.clone());
                }
                value
            }
            Expr::Lambda(lambda) => {
                self.expression(&lambda.body);
                Item::Unknown
            }
            Expr::ListComp(ast::ExprListComp { elt, generators, .. })
            | Expr::SetComp(ast::ExprSetComp { elt, generators, .. })
            | Expr::Generator(ast::ExprGenerator { elt, generators, .. }) => {
                self.comprehension(elt, generators)
            }
            Expr::Compare(compare) => {
                self.expression(&compare.left);
                for right in &compare.comparators {
                    self.expression(right);
                }
                Item::Unknown
            }
            Expr::UnaryOp(operation) => {
                let item = self.expression(&operation.operand);
                match (operation.op, item.text()) {
                    (ast::UnaryOp::USub, Some(text)) => Item::known(format!("-{text}")),
                    _ => Item::Unknown,
                }
            }
            Expr::Starred(starred) => self.expression(&starred.value),
            Expr::Yield(inner) => inner.value.as_ref().map_or(Item::Unknown, |value| self.expression(value)),
            _ => Item::Unknown,
        }
    }

    fn comprehension(&mut self, element: &Expr, generators: &[ast::Comprehension]) -> Item {
        for generator in generators {
            if super::signs::is_fork(element) && self.endless(&generator.iter) {
                self.note_endless_fork(&generator.iter);
            }
        }
        self.rounds(element, generators)
    }

    fn rounds(&mut self, element: &Expr, generators: &[ast::Comprehension]) -> Item {
        let Some((first, rest)) = generators.split_first() else { return self.expression(element) };
        let before = match &first.target {
            Expr::Name(name) => {
                self.names.get(name.id.as_str()).cloned().map(|item| (name.id.to_string(), item))
            }
            _ => None,
        };
        let out = match self.expression(&first.iter) {
            Item::List(items) if items.len() <= 256 => {
                Item::list(items.into_iter().map(|item| self.round(element, first, rest, item)).collect())
            }
            over => {
                let each = match over {
                    Item::Unknown => Item::Unknown,
                    over => Item::Text(over.value()),
                };
                let out = self.round(element, first, rest, each);
                Item::Text(Value::output("a list", out.value().sources().to_vec()))
            }
        };
        if let Some((name, item)) = before {
            self.names.insert(name, item);
        }
        out
    }

    fn round(
        &mut self,
        element: &Expr,
        generator: &ast::Comprehension,
        rest: &[ast::Comprehension],
        item: Item,
    ) -> Item {
        self.assign(&generator.target, item);
        for condition in &generator.ifs {
            self.expression(condition);
        }
        self.rounds(element, rest)
    }

    /// The full name of a function or module that an expression means.
    pub(super) fn full_name(&mut self, expression: &Expr) -> Option<String> {
        if !self.works(1) {
            return None;
        }
        stacker::maybe_grow(RED_ZONE, STACK, || self.full_name_inner(expression))
    }

    fn full_name_inner(&mut self, expression: &Expr) -> Option<String> {
        match expression {
            Expr::Name(name) => match self.names.get(name.id.as_str()) {
                Some(Item::Name(full)) => Some(full.clone()),
                Some(_) => None,
                None => Some(name.id.to_string()),
            },
            Expr::Attribute(attribute) => self.full_name_of(attribute),
            Expr::Call(call) => {
                // `operator.attrgetter("system")(os)`.
                if let Expr::Call(getter) = &*call.func
                    && self.full_name(&getter.func).is_some_and(|name| name.ends_with("attrgetter"))
                {
                    let owner = call.arguments.args.first().and_then(|arg| self.full_name(arg))?;
                    let attribute = getter.arguments.args.first().map(|arg| self.expression(arg))?.text()?;
                    return Some(format!("{owner}.{attribute}"));
                }
                let name = self.full_name(&call.func)?;
                match name.as_str() {
                    "__import__" | "importlib.import_module" | "import_module" => {
                        call.arguments.args.first().and_then(|arg| self.expression(arg).text())
                    }
                    "getattr" => {
                        let owner = call.arguments.args.first().and_then(|arg| self.full_name(arg))?;
                        let attribute = call
                            .arguments
                            .args
                            .get(1)
                            .map(|arg| self.expression(arg))
                            .and_then(|item| item.text())?;
                        Some(format!("{owner}.{attribute}"))
                    }
                    _ => None,
                }
            }
            Expr::Subscript(subscript) => {
                // `__builtins__["eval"]`, `globals()["os"]`, `vars(os)["system"]`, `os.__dict__["system"]`.
                let key = self.expression(&subscript.slice).text()?;
                if let Expr::Call(call) = &*subscript.value {
                    let owner = call.arguments.args.first();
                    return match (self.full_name(&call.func).as_deref(), owner) {
                        (Some("vars"), Some(owner)) => Some(format!("{}.{key}", self.full_name(owner)?)),
                        (Some("globals" | "locals" | "vars"), None) => match self.names.get(&key) {
                            Some(Item::Name(full)) => Some(full.clone()),
                            Some(_) => None,
                            None => Some(key),
                        },
                        _ => None,
                    };
                }
                match self.full_name(&subscript.value)?.as_str() {
                    "__builtins__" | "builtins.__dict__" | "__builtins__.__dict__" | "sys.modules" => {
                        Some(key)
                    }
                    owner => owner.strip_suffix(".__dict__").map(|owner| format!("{owner}.{key}")),
                }
            }
            _ => None,
        }
    }

    fn full_name_of(&mut self, attribute: &ast::ExprAttribute) -> Option<String> {
        let owner = self.full_name(&attribute.value)?;
        Some(format!("{owner}.{}", attribute.attr))
    }

    fn attribute(&mut self, attribute: &ast::ExprAttribute) -> Item {
        if let Some(item) = self
            .names
            .get(&format!(".{}", attribute.attr))
            .filter(|_| matches!(&*attribute.value, Expr::Name(name) if name.id.as_str() == "self"))
        {
            return item.clone();
        }
        if let Some(full) = self.full_name_of(attribute) {
            match full.as_str() {
                "os.environ" => return Item::Text(Value::output("the environment", [Source::Environment])),
                "sys.argv" => return self.names.get("sys.argv").cloned().unwrap_or(Item::Unknown),
                "os.sep" => return Item::known("/"),
                "sys.executable" => return Item::known("python3"),
                _ => return Item::Name(full),
            }
        }
        let object = self.expression(&attribute.value);
        match attribute.attr.as_str() {
            "parent" => object.text().map_or(Item::Unknown, |text| {
                Item::known(text.rsplit_once('/').map_or(".", |(folder, _)| folder))
            }),
            // What a scan of a folder finds.
            "path" if matches!(&object, Item::Text(value) if value.hole().is_some() && value.sources().is_empty()) => {
                object
            }
            "text" | "content" | "stdout" | "name" | "stderr" | "body" | "data" | "raw" => object,
            _ => {
                let sources = object.value().sources().to_vec();
                if sources.is_empty() { Item::Unknown } else { Item::Text(Value::output("a part", sources)) }
            }
        }
    }

    fn subscript(&mut self, subscript: &ast::ExprSubscript) -> Item {
        if self.full_name(&subscript.value).as_deref() == Some("os.environ") {
            return match self.expression(&subscript.slice).text() {
                Some(name) => Item::Text(self.shell.named_variable(&name)),
                None => Item::Text(Value::output("the environment", [Source::Environment])),
            };
        }
        let object = self.expression(&subscript.value);
        if let Expr::Slice(slice) = &*subscript.slice {
            let backwards = slice.lower.is_none()
                && slice.upper.is_none()
                && slice
                    .step
                    .as_ref()
                    .is_some_and(|step| self.expression(step).text().as_deref() == Some("-1"));
            return match (&object, backwards) {
                (Item::Text(value), true) => Item::Text(value.map_text(|text| text.chars().rev().collect())),
                (Item::List(items), true) => Item::List(items.iter().rev().cloned().collect()),
                (Item::List(items), false) => match slice
                    .lower
                    .as_ref()
                    .and_then(|lower| self.expression(lower).text())
                    .and_then(|text| text.parse::<usize>().ok())
                {
                    Some(from) => Item::List(items.iter().skip(from).cloned().collect()),
                    None => object,
                },
                _ => Item::Text(Value::output("a part", object.value().sources().to_vec())),
            };
        }
        let index = self.expression(&subscript.slice).text();
        match (object, index.as_deref().and_then(|text| text.parse::<i64>().ok())) {
            (Item::List(items), Some(index)) => {
                let at = if index < 0 { items.len() as i64 + index } else { index };
                usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().unwrap_or(Item::Unknown)
            }
            (other, _) => {
                let sources = other.value().sources().to_vec();
                if sources.is_empty() { Item::Unknown } else { Item::Text(Value::output("a part", sources)) }
            }
        }
    }

    pub(super) fn added(&self, left: &Item, right: &Item) -> Item {
        match (left, right) {
            (Item::List(left), Item::List(right)) => Item::list(left.iter().chain(right).cloned().collect()),
            (Item::Unknown | Item::Name(_), Item::Unknown | Item::Name(_)) => Item::Unknown,
            _ => {
                let mut value = left.value();
                value.push(&right.value());
                Item::Text(value)
            }
        }
    }

    fn either(&self, yes: &Item, no: &Item) -> Item {
        let mut value = Value::unknown(Hole::Any("one of two".to_owned()));
        value.add_sources(yes.value().sources().iter().chain(no.value().sources()).cloned());
        if yes.is_known() && !no.is_known() { yes.clone() } else { Item::Text(value) }
    }
}
