//! Arguments, logging, exit code.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

mod cli;

/// A panic ends with status 2 and one line, as every other failure: clients of agents read some
/// statuses, and 101 among them, as "go on".
fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(location = ?panic.location().map(ToString::to_string), "{}", words(panic.payload()));
    }));
    match catch_unwind(AssertUnwindSafe(cli::run)) {
        Ok(code) => code,
        Err(payload) => {
            let words = words(&*payload);
            cli::complain(&format!("a fault in Banksman itself, please report it: {words}"));
            ExitCode::from(cli::FAILED)
        }
    }
}

fn words(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
    text.lines().next().unwrap_or("no reason given").to_owned()
}
