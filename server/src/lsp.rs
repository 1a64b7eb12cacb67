//! The language server: what editors and agents' clients talk to.
//!
//! Handlers take what they need, hand the work to the guard and return what is to be said.
//! `ingress` reads and orders the messages, `notices` alone says what squiggles, `ask` alone asks.
#![expect(clippy::disallowed_methods, reason = "the language server reads the files that it points into")]

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::gates::socket::Meeting;
use crate::guard::Guard;

mod ask;
mod commands;
mod convert;
mod documents;
mod hooks;
mod initialize;
mod ingress;
mod locate;
mod notices;
mod params;
mod review;
mod server;
mod sessions;
mod voice;

/// Serves one client until it says `exit` or goes away. Gives the exit code for the process:
/// 0 after `shutdown`, else 1.
///
/// Hooks of agents' clients come to `meeting`; without one nobody comes.
///
/// Work that blocks may still be under way when this returns; end the process without waiting for it.
pub async fn serve<R, W>(read: R, write: W, guard: Arc<Guard>, meeting: Option<Meeting>) -> i32
where
    R: AsyncRead + Unpin + Send + 'static,
    W: AsyncWrite + Unpin + Send + 'static,
{
    let hooks = Arc::new(hooks::Hooks::new(meeting));
    let (service, socket) = server::service(guard, Arc::clone(&hooks));
    let code = ingress::serve(read, write, service, socket).await;
    hooks.close().await;
    code
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
