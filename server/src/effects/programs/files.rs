//! Files and folders: rm, cp, mv, ln, mkdir, chmod and their like.

use super::{Call, Program};
use crate::effects::argv::{Spec, parse};
use crate::effects::shell::Shell;
use crate::effects::value::Value;

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["rm", "unlink", "rmdir"], model: remove }];

fn remove(call: &Call<'_>, shell: &mut Shell<'_>) -> Value {
    let parsed = parse(call.args, &Spec::default());
    let recursive = parsed.has(&["-r", "-R", "--recursive"]);
    for operand in &parsed.operands {
        shell.delete(operand, recursive);
    }
    Value::default()
}
