//! Signs that no single call tells: a shell that is handed to another machine, copies without end.

use banksman_protocol::Span;
use ruff_python_ast::{Expr, Stmt};

use super::super::{Deed, Item, perform};
use super::Reader;
use crate::effects::EffectKind;

/// Signs of a shell that is handed to another machine, which no single call tells.
#[derive(Debug, Default)]
pub(super) struct Signs {
    pub(super) peer: Option<(String, Span)>,
    pub(super) listens: bool,
    pub(super) wired: bool,
    pub(super) runs_input: bool,
    pub(super) forks_in_loop: Option<Span>,
}

impl Reader<'_, '_> {
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

    /// Takes note of what together makes a shell for somebody else.
    pub(super) fn watch(
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
                        let shown = super::super::deed::peer(&[Item::List(items.clone())]);
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

    pub(super) fn judge_signs(&mut self) {
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
}

pub(super) fn mentions_fork(body: &[Stmt]) -> bool {
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
