//! The language server: what editors and agents' clients talk to.
//!
//! Handlers take what they need, hand the work to the guard and return what is to be said.
//! `ingress` reads and orders the messages, `notices` alone says what squiggles, `ask` alone asks.
#![expect(clippy::disallowed_methods, reason = "the language server reads the files that it points into")]

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::guard::Guard;

mod ask;
mod commands;
mod convert;
mod documents;
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
/// Work that blocks may still be under way when this returns; end the process without waiting for it.
pub async fn serve<R, W>(read: R, write: W, guard: Arc<Guard>) -> i32
where
    R: AsyncRead + Unpin + Send + 'static,
    W: AsyncWrite + Unpin + Send + 'static,
{
    let (service, socket) = server::service(guard);
    ingress::serve(read, write, service, socket).await
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
