//! Python's expressions: texts, lists, names, and the calls that only compute.

use base64::Engine as _;
use ruff_python_ast::{self as ast, Expr, InterpolatedStringElement, Operator};

use super::super::Source;
use super::super::value::{Hole, Value};
use super::Item;
use super::python::{RED_ZONE, Reader, STACK};

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
            if super::python::is_fork(element) && self.endless(&generator.iter) {
                self.note_endless_fork(&generator.iter);
            }
        }
        let [only] = generators else {
            for generator in generators {
                self.expression(&generator.iter);
            }
            return self.expression(element);
        };
        match (self.expression(&only.iter), &only.target) {
            (Item::List(items), Expr::Name(name)) if items.len() <= 256 => {
                let before = self.names.get(name.id.as_str()).cloned();
                let out = items
                    .into_iter()
                    .map(|item| {
                        self.names.insert(name.id.to_string(), item);
                        self.expression(element)
                    })
                    .collect();
                if let Some(before) = before {
                    self.names.insert(name.id.to_string(), before);
                }
                Item::list(out)
            }
            (over, target) => {
                if let Expr::Name(name) = target {
                    self.names.insert(name.id.to_string(), Item::Text(over.value()));
                }
                let out = self.expression(element);
                Item::Text(Value::output("a list", out.value().sources().to_vec()))
            }
        }
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
                // `__builtins__["eval"]`, `globals()["os"]`.
                let key = self.expression(&subscript.slice).text()?;
                match self.full_name(&subscript.value).as_deref() {
                    Some("__builtins__" | "builtins.__dict__" | "__builtins__.__dict__") => Some(key),
                    _ => None,
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

    /// Calls that only compute something from what they are given.
    pub(super) fn known_call(
        &mut self,
        name: Option<&str>,
        receiver: Option<&(Item, String)>,
        args: &[Item],
        keywords: &[(String, Item)],
    ) -> Option<Item> {
        let first = args.first();
        match name {
            // A syntax tree is made of what the code itself says.
            Some(name) if name.starts_with("ast.") => return Some(Item::Name(name.to_owned())),
            Some("psutil.process_iter") => {
                return Some(Item::List(vec![Item::Name("psutil.Process".to_owned())]));
            }
            Some("compile" | "builtins.compile") => return first.cloned(),
            Some("os.path.join" | "posixpath.join") => {
                let mut path = first.cloned().unwrap_or(Item::Unknown);
                for part in args.iter().skip(1) {
                    path = joined_path(&path, part);
                }
                return Some(path);
            }
            Some("os.path.expanduser") => return first.map(|item| self.home_expanded(item)),
            Some(
                "os.path.abspath" | "os.path.realpath" | "os.path.normpath" | "str" | "bytes" | "bytearray"
                | "os.fspath" | "shlex.quote" | "list" | "tuple" | "sorted" | "iter" | "repr" | "set"
                | "reversed" | "os.path.expandvars" | "json.dumps",
            ) => return first.cloned(),
            Some("pathlib.Path" | "Path" | "pathlib.PurePath" | "pathlib.PosixPath") => {
                let mut path = first.cloned().unwrap_or(Item::known("."));
                for part in args.iter().skip(1) {
                    path = joined_path(&path, part);
                }
                return Some(path);
            }
            Some("pathlib.Path.home" | "Path.home") => {
                return Some(Item::Text(self.shell.named_variable("HOME")));
            }
            Some("os.getcwd" | "pathlib.Path.cwd" | "Path.cwd") => return Some(Item::known(".")),
            Some(
                "tempfile.mkdtemp"
                | "tempfile.mktemp"
                | "tempfile.mkstemp"
                | "tempfile.NamedTemporaryFile"
                | "tempfile.TemporaryDirectory",
            ) => {
                return Some(Item::Text(self.shell.temporary_name()));
            }
            Some("chr") => {
                return first
                    .and_then(Item::text)
                    .and_then(|text| text.parse::<u32>().ok())
                    .and_then(char::from_u32)
                    .map(|c| Item::known(c.to_string()));
            }
            Some(
                "base64.b64decode"
                | "base64.standard_b64decode"
                | "base64.urlsafe_b64decode"
                | "base64.decodebytes",
            ) => {
                return first.map(|item| {
                    decoded(item, |text| {
                        let text: String = text
                            .chars()
                            .filter(|c| !c.is_whitespace())
                            .map(|c| match c {
                                '-' => '+',
                                '_' => '/',
                                c => c,
                            })
                            .collect();
                        base64::engine::general_purpose::STANDARD.decode(text).ok()
                    })
                });
            }
            Some("bytes.fromhex" | "bytearray.fromhex" | "binascii.unhexlify" | "codecs.decode") => {
                return first.map(|item| {
                    decoded(item, |text| {
                        let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
                        digits
                            .chunks(2)
                            .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok())
                            .collect()
                    })
                });
            }
            Some("glob.glob" | "glob.iglob" | "os.listdir" | "os.scandir" | "os.walk") => {
                let root = first.map(Item::value).unwrap_or_else(|| Value::known("."));
                return Some(Item::Text(below(
                    &root,
                    name == Some("glob.glob") || name == Some("glob.iglob"),
                )));
            }
            Some("shlex.split") => {
                return first
                    .and_then(Item::text)
                    .map(|text| Item::list(text.split_whitespace().map(Item::known).collect()));
            }
            Some(
                "range" | "len" | "int" | "float" | "enumerate" | "zip" | "isinstance" | "hasattr" | "type"
                | "min" | "max" | "sum" | "bool",
            ) => return Some(Item::Unknown),
            Some("urllib.request.Request" | "Request" | "requests.Request") => {
                // A request with a body sends it when it is opened.
                if keywords.iter().any(|(name, _)| name == "data") || args.len() > 1 {
                    return None;
                }
                return first.cloned();
            }
            _ => {}
        }
        let (object, method) = receiver?;
        match (object, method.as_str()) {
            (Item::Text(value), "join") => {
                let Some(Item::List(items)) = first else { return first.cloned() };
                let glue = value.text()?.to_owned();
                let mut out = Value::default();
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push_text(&glue);
                    }
                    out.push(&item.value());
                }
                Some(Item::Text(out))
            }
            (Item::Text(value), "format") => Some(format_method(value, args, keywords)),
            (Item::Text(value), "replace") => {
                let (from, to) = (first?.text()?, args.get(1)?.text()?);
                let most = value.weight().saturating_mul(to.len() / from.len().max(1) + 1);
                if most > 256 * 1024 {
                    return Some(Item::Text(Value::output("a long text", value.sources().to_vec())));
                }
                Some(Item::Text(value.map_text(|text| text.replace(&from, &to))))
            }
            (Item::Text(value), "strip" | "rstrip" | "lstrip") => {
                Some(Item::Text(value.map_text(|text| text.trim().to_owned())))
            }
            (Item::Text(value), "lower") => Some(Item::Text(value.map_text(str::to_lowercase))),
            (Item::Text(value), "upper") => Some(Item::Text(value.map_text(str::to_uppercase))),
            (
                Item::Text(value),
                "decode" | "encode" | "resolve" | "absolute" | "read" | "json" | "expanduser" | "as_posix"
                | "getvalue" | "readlines" | "splitlines" | "copy",
            ) => {
                if method == "expanduser" {
                    return Some(self.home_expanded(object));
                }
                Some(Item::Text(value.clone()))
            }
            (Item::Text(value), "split") => {
                let text = value.text()?;
                let parts: Vec<Item> = match first.and_then(Item::text) {
                    Some(mark) if !mark.is_empty() => text.split(&mark).map(Item::known).collect(),
                    _ => text.split_whitespace().map(Item::known).collect(),
                };
                Some(Item::list(parts))
            }
            (Item::Text(_), "joinpath") => {
                let mut path = object.clone();
                for part in args {
                    path = joined_path(&path, part);
                }
                Some(path)
            }
            (Item::Text(value), "glob" | "rglob" | "iterdir") => Some(Item::Text(below(value, false))),
            (Item::File(value), "read" | "readline" | "readlines" | "json" | "decode") => {
                Some(Item::Text(value.clone()))
            }
            (Item::List(_), "append" | "extend" | "insert") => Some(Item::Unknown),
            _ => None,
        }
    }

    fn home_expanded(&self, item: &Item) -> Item {
        let home = self.shell.named_variable("HOME");
        let value = item.value();
        match value.prefix().strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                let mut out = home;
                let tail = super::super::argv::tail(&item.arg(banksman_protocol::Span::default()), 1);
                out.push(&tail.value);
                Item::Text(out)
            }
            _ => item.clone(),
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

fn joined_path(folder: &Item, part: &Item) -> Item {
    if !folder.is_known() && !matches!(folder, Item::Text(_)) {
        return Item::Unknown;
    }
    if part.value().prefix().starts_with('/') {
        return part.clone();
    }
    let mut value = folder.value();
    if !value.suffix().ends_with('/') && !value.is_empty() {
        value.push_text("/");
    }
    value.push(&part.value());
    Item::Text(value)
}

/// Something in a folder, or something that a glob matches.
fn below(root: &Value, glob: bool) -> Value {
    let known = root.prefix();
    let folder = if glob {
        let plain = known.split(['*', '?', '[']).next().unwrap_or_default();
        plain.rfind('/').map_or("./", |at| plain.get(..=at).unwrap_or("./")).to_owned()
    } else {
        format!("{}/", known.trim_end_matches('/'))
    };
    let mut value = Value::known(folder);
    value.push(&Value::unknown(Hole::Any("what is found".to_owned())));
    value
}

fn decoded(item: &Item, decode: impl Fn(&str) -> Option<Vec<u8>>) -> Item {
    let value = item.value();
    match value.text().and_then(decode).and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) => {
            let mut out = Value::known(text);
            out.add_sources(value.sources().iter().cloned());
            Item::Text(out)
        }
        None => Item::Text(Value::output("something decoded", value.sources().to_vec())),
    }
}

/// `"…%s…" % values`.
fn formatted(format: &Item, values: &Item) -> Item {
    let Some(text) = format.text() else { return Item::Unknown };
    let values = match values {
        Item::List(items) => items.clone(),
        other => vec![other.clone()],
    };
    let mut values = values.into_iter();
    let mut out = Value::default();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push_text(c.encode_utf8(&mut [0; 4]));
            continue;
        }
        match chars.find(|c| c.is_ascii_alphabetic() || *c == '%') {
            Some('%') => out.push_text("%"),
            _ => out.push(&values.next().unwrap_or(Item::Unknown).value()),
        }
    }
    Item::Text(out)
}

/// `"…{}…{name}…".format(…)`.
fn format_method(format: &Value, args: &[Item], keywords: &[(String, Item)]) -> Item {
    let Some(text) = format.text() else { return Item::Unknown };
    let mut out = Value::default();
    let mut next = args.iter();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_text(before);
        let Some((field, tail)) = after.split_once('}') else { break };
        let name = field.split([':', '!']).next().unwrap_or_default();
        let item = if name.is_empty() {
            next.next().cloned()
        } else if let Ok(index) = name.parse::<usize>() {
            args.get(index).cloned()
        } else {
            keywords.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        out.push(&item.unwrap_or(Item::Unknown).value());
        rest = tail;
    }
    out.push_text(rest);
    Item::Text(out)
}

fn repeated(left: &Item, right: &Item) -> Item {
    let times = right.text().and_then(|text| text.parse::<usize>().ok()).filter(|times| *times <= 256);
    match (left.text(), times) {
        (Some(text), Some(times)) if text.len() * times <= 4_096 => Item::known(text.repeat(times)),
        _ => Item::Unknown,
    }
}
