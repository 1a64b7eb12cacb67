//! Banksman's own command line: looking is free, loosening is for the person alone. So is speaking as
//! a client: whoever calls the gates can put words into the user's mouth.

use super::{Call, Program, common};
use crate::effects::EffectKind;
use crate::effects::argv::Arg;
use crate::effects::shell::Shell;
use crate::effects::value::Value;

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["banksman"], model: banksman }];

fn banksman(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let words: Vec<&str> =
        call.args.iter().filter_map(Arg::text).filter(|word| !word.starts_with('-')).collect();
    let shows = call.args.iter().any(|arg| matches!(arg.text(), Some("--show" | "--help" | "-h")));
    match words.as_slice() {
        ["mode"] => common::observe(call, shell),
        ["trust" | "mode" | "install" | "uninstall" | "import" | "hook" | "lsp", ..] if !shows => {
            let what = format!("Banksman itself (`{}`)", common::title(call, 2));
            shell.add(EffectKind::Weaken { what, once: false }, call.span);
            Value::default()
        }
        _ => common::observe(call, shell),
    }
}
