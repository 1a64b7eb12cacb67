//! Calls that only compute something from what they are given.

use base64::Engine as _;

use super::super::Item;
use super::super::deed::FOUND;
use super::Reader;
use crate::effects::value::{Hole, Value};

impl Reader<'_, '_> {
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
            // Each round gives a folder, the folders in it and the files in it.
            Some("os.walk" | "os.fwalk") => {
                let root = first.map(Item::value).unwrap_or_else(|| Value::known("."));
                return Some(walked(root));
            }
            Some("glob.glob" | "glob.iglob" | "os.listdir" | "os.scandir") => {
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
            (Item::Text(value), "walk") => Some(walked(value.clone())),
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
                let tail = crate::effects::argv::tail(&item.arg(banksman_protocol::Span::default()), 1);
                out.push(&tail.value);
                Item::Text(out)
            }
            _ => item.clone(),
        }
    }
}

pub(super) fn joined_path(folder: &Item, part: &Item) -> Item {
    if !folder.is_known() && !matches!(folder, Item::Text(_)) {
        return Item::Unknown;
    }
    let mut value = folder.value();
    // What was found in the folder is already told with it.
    let found = part.text().is_none()
        && value.text().is_some_and(|folder| {
            part.value().prefix().strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        });
    if found || part.value().prefix().starts_with('/') {
        return part.clone();
    }
    if !value.suffix().ends_with('/') && !value.is_empty() {
        value.push_text("/");
    }
    value.push(&part.value());
    Item::Text(value)
}

/// What a walk through a folder gives.
fn walked(root: Value) -> Item {
    let found = || Item::List(vec![Item::Text(Value::unknown(Hole::Any(FOUND.to_owned())))]);
    Item::List(vec![Item::List(vec![Item::Text(root), found(), found()])])
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
    value.push(&Value::unknown(Hole::Any(FOUND.to_owned())));
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
pub(super) fn formatted(format: &Item, values: &Item) -> Item {
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

pub(super) fn repeated(left: &Item, right: &Item) -> Item {
    let times = right.text().and_then(|text| text.parse::<usize>().ok()).filter(|times| *times <= 256);
    match (left.text(), times) {
        (Some(text), Some(times)) if text.len() * times <= 4_096 => Item::known(text.repeat(times)),
        _ => Item::Unknown,
    }
}
