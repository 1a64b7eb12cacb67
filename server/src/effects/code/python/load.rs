//! Python objects and models that run code of their own when they are loaded.

use banksman_protocol::Span;
use ruff_python_ast::{self as ast, Expr};

use super::super::Item;
use super::Reader;
use crate::effects::{EffectKind, Source, Worst};
use crate::world::{Place, Scope};

/// What loads objects from an open file, bytes or a text.
const FROM_CONTENT: &[&str] = &[
    "pickle.load",
    "pickle.loads",
    "pickle.Unpickler",
    "_pickle.load",
    "_pickle.loads",
    "cPickle.load",
    "cPickle.loads",
    "cloudpickle.load",
    "cloudpickle.loads",
    "dill.load",
    "dill.loads",
    "jsonpickle.decode",
    "yaml.unsafe_load",
    "yaml.unsafe_load_all",
];

/// What loads objects from the file of this name too.
const FROM_PATH: &[&str] =
    &["torch.load", "joblib.load", "pandas.read_pickle", "shelve.open", "dill.load_session", "skops.io.load"];

/// Keywords by which a library is told to run what comes with a model.
const TRUSTS: [&str; 2] = ["trust_remote_code", "trust_repo"];

impl Reader<'_, '_> {
    /// Takes note of a call that runs code which comes from elsewhere.
    pub(super) fn loads(&mut self, name: Option<&str>, call: &ast::ExprCall, args: &[Item], span: Span) {
        let flag = |wanted: &str| {
            call.arguments
                .keywords
                .iter()
                .find(|keyword| keyword.arg.as_ref().is_some_and(|name| name.as_str() == wanted))
        };
        let is_true = |wanted: &str| {
            flag(wanted).is_some_and(
                |keyword| matches!(&keyword.value, Expr::BooleanLiteral(literal) if literal.value),
            )
        };
        if TRUSTS.iter().any(|keyword| is_true(keyword)) {
            self.model(args.first(), span);
            return;
        }
        let Some(name) = name else { return };
        if name == "torch.hub.load" {
            let local = flag("source").is_some_and(|keyword| {
                matches!(&keyword.value, Expr::StringLiteral(text) if text.value.to_str() == "local")
            });
            if !local {
                self.model(args.first(), span);
            }
            return;
        }
        let safe = name == "torch.load" && is_true("weights_only");
        let runs = (FROM_CONTENT.contains(&name) || FROM_PATH.contains(&name)) && !safe
            || name == "numpy.load" && is_true("allow_pickle")
            || matches!(name, "yaml.load" | "yaml.load_all") && any_loader(call);
        if runs && let Some(item) = args.first() {
            self.objects(item, !FROM_CONTENT.contains(&name), span);
        }
    }

    /// The code of a model's repository runs, unless the model lies here.
    fn model(&mut self, named: Option<&Item>, span: Span) {
        let text = named.and_then(Item::text);
        if let Some(text) = &text {
            let place = self.shell.place_at(text);
            if text.starts_with(['.', '/', '~']) || self.shell.world().exists(&place.path) {
                return;
            }
        }
        let shown = text.unwrap_or_else(|| "a model".to_owned());
        let reason = format!("the code that comes with `{shown}` is fetched and run");
        self.shell.opaque(reason, Worst::Runs, span);
    }

    fn objects(&mut self, item: &Item, is_path: bool, span: Span) {
        let mut sources = item.value().sources().to_vec();
        if is_path && let Some(text) = item.text().filter(|_| matches!(item, Item::Text(_))) {
            if text.contains("://") {
                sources.push(Source::Url(text));
            } else {
                sources.push(Source::File(Box::new(self.shell.place_at(&text))));
            }
        }
        for source in sources {
            match source {
                Source::Url(from) => {
                    self.shell.add(EffectKind::RunDownloaded { from, place: None }, span);
                }
                Source::File(place) => {
                    if let Some(from) = self.shell.came_from(&place.path) {
                        let place = Some(*place);
                        self.shell.add(EffectKind::RunDownloaded { from, place }, span);
                    } else if self.lies_about(&place) {
                        let reason = format!("loading `{}` runs whatever was stored in it", place.shown);
                        self.shell.opaque(reason, Worst::Runs, span);
                    }
                }
                _ => {}
            }
        }
    }

    /// Anybody may have put it there.
    fn lies_about(&self, place: &Place) -> bool {
        place.scope == Scope::Temp
            && self.shell.written(&place.path).is_none()
            && !self.shell.world().trail().made(&place.path)
    }
}

/// `yaml.load` with a loader that makes any object.
fn any_loader(call: &ast::ExprCall) -> bool {
    let by_name = call
        .arguments
        .keywords
        .iter()
        .find(|keyword| keyword.arg.as_ref().is_some_and(|name| name.as_str() == "Loader"));
    let loader = by_name.map(|keyword| &keyword.value).or_else(|| call.arguments.args.get(1));
    let name = match loader {
        Some(Expr::Attribute(attribute)) => attribute.attr.as_str(),
        Some(Expr::Name(name)) => name.id.as_str(),
        _ => return false,
    };
    matches!(name, "Loader" | "UnsafeLoader" | "CLoader")
}

/// A round without end: `iter(int, 1)`, `itertools.count()`.
pub(super) fn is_endless(name: Option<&str>, call: &ast::ExprCall) -> bool {
    match name {
        Some("iter") => call.arguments.args.len() == 2,
        Some("itertools.count" | "itertools.cycle") => true,
        Some("itertools.repeat") => call.arguments.args.len() == 1,
        _ => false,
    }
}
