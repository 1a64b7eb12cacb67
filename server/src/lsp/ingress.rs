//! The door: bytes come in, messages reach the service in wire order, answers go out.
//!
//! tower-lsp's own transport gives a handler one of four slots, starves cancellation when they are
//! taken, dies of a handler's panic, stops reading at the first malformed frame, ends with no exit
//! code and outlives its client. This file stands in its place and is the only one that knows of it.
//!
//! Every handler is polled once, here, in wire order, and spawned if that did not finish it. So what
//! a handler does before its first `await` happens in the order of the wire, no handler waits for
//! another, and a cancellation is served at once. The law that remains for handlers:
//!
//! > Take what you need from the session before your first `await`. Long work goes to
//! > `spawn_blocking`. Only `ask.rs` sends requests to the client, detached and with a deadline.

mod frames;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::future::FutureExt;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::task::{JoinSet, coop};
use tower::Service;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{ClientSocket, ExitedError, LanguageServer, LspService};

use frames::{Frame, Frames, Message};

/// Messages that wait for a client that is slow to read. When there are more, the rest waits, and
/// reading waits with it.
const OUTPUT_QUEUE: usize = 4096;

/// Requests that may be unanswered at one time. More are refused, so that a client cannot make the
/// server hold its memory without end.
const IN_FLIGHT: usize = 16_384;

/// How long an orderly end may take: unfinished answers after the client has closed its side, and
/// what is still to be written.
const GRACE: Duration = Duration::from_secs(1);

/// Serves until the client says `exit` or goes away. Gives the exit code of the process: 0 after
/// `shutdown`, else 1.
pub(super) async fn serve<R, W, S>(read: R, write: W, service: LspService<S>, socket: ClientSocket) -> i32
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin + Send + 'static,
    S: LanguageServer,
{
    let (to_client, mut from_client) = socket.split();
    let (out, queue) = mpsc::channel(OUTPUT_QUEUE);
    let mut writer = tokio::spawn(write_messages(write, queue));
    let forward = tokio::spawn(forward(to_client, out.clone()));
    let mut door = Door { service, out, tasks: JoinSet::new(), shutdown: false };
    let mut frames = Frames::new(read);
    let mut writing = true;

    loop {
        let frame = tokio::select! {
            biased;
            _ = &mut writer => { writing = false; break }
            frame = frames.next() => frame,
        };
        match frame {
            Frame::Message(Message::Call(request)) if request.method() == "exit" => {
                door.finish().await;
                break;
            }
            Frame::Message(Message::Call(request)) => door.call(request).await,
            Frame::Message(Message::Reply(reply)) => {
                // A reply that nobody waits for any more makes tower-lsp panic.
                let taken = AssertUnwindSafe(from_client.send(reply)).catch_unwind().await;
                if taken.is_err() {
                    tracing::debug!("a reply of the client came too late");
                }
            }
            Frame::Broken(broken) => {
                tracing::warn!(reason = %broken.reason, "malformed message");
                door.say(&broken.answer()).await;
            }
            Frame::End { whole } => {
                if !whole {
                    tracing::warn!("the client went away in the middle of a message");
                }
                door.finish().await;
                break;
            }
        }
    }

    let Door { out, mut tasks, shutdown, .. } = door;
    tasks.shutdown().await;
    forward.abort();
    let _ = forward.await;
    drop(out);
    if writing && tokio::time::timeout(GRACE, &mut writer).await.is_err() {
        tracing::warn!("the client does not read; what was still to be said is dropped");
        writer.abort();
    }
    i32::from(!shutdown)
}

struct Door<S> {
    service: LspService<S>,
    out: mpsc::Sender<String>,
    tasks: JoinSet<()>,
    shutdown: bool,
}

impl<S: LanguageServer> Door<S> {
    /// Starts a handler, and answers at once if it is done at once.
    async fn call(&mut self, request: Request) {
        let request = tolerated(request);
        let id = request.id().cloned();
        self.shutdown |= request.method() == "shutdown" && id.is_some();
        while self.tasks.try_join_next().is_some() {}
        if id.is_some() && self.tasks.len() >= IN_FLIGHT {
            return self.answer(id.map(|id| Response::from_error(id, busy()))).await;
        }
        let handler = match std::panic::catch_unwind(AssertUnwindSafe(|| self.service.call(request))) {
            Ok(handler) => handler,
            Err(_) => return self.answer(crashed(id)).await,
        };
        let mut handler = AssertUnwindSafe(handler).catch_unwind();
        // Without a budget: a handler that were put off here would lose its place in the order.
        if let Some(done) = coop::unconstrained(&mut handler).now_or_never() {
            return self.answer(settled(done, id)).await;
        }
        let out = self.out.clone();
        self.tasks.spawn(async move {
            if let Some(reply) = settled(handler.await, id) {
                say(&out, &reply).await;
            }
        });
    }

    async fn answer(&mut self, reply: Option<Response>) {
        if let Some(reply) = reply {
            say(&self.out, &reply).await;
        }
    }

    async fn say(&mut self, message: &Value) {
        say(&self.out, message).await;
    }

    /// Lets what is under way finish, for a moment.
    async fn finish(&mut self) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::debug!(left = self.tasks.len(), "requests are left unanswered");
        }
    }
}

/// `shutdown` takes no parameters, but some clients send an empty object.
fn tolerated(request: Request) -> Request {
    if request.method() != "shutdown" || request.params().is_none() {
        return request;
    }
    let (method, id, _) = request.into_parts();
    let bare = Request::build(method);
    match id {
        Some(id) => bare.id(id).finish(),
        None => bare.finish(),
    }
}

type Outcome = Result<Result<Option<Response>, ExitedError>, Box<dyn std::any::Any + Send>>;

fn settled(outcome: Outcome, id: Option<Id>) -> Option<Response> {
    match outcome {
        Ok(Ok(reply)) => reply,
        Ok(Err(ExitedError { .. })) => None,
        Err(_) => crashed(id),
    }
}

fn crashed(id: Option<Id>) -> Option<Response> {
    tracing::error!("a handler panicked");
    id.map(|id| {
        let mut error = Error::internal_error();
        error.message = "this request failed inside the server; nothing was allowed".into();
        Response::from_error(id, error)
    })
}

fn busy() -> Error {
    let mut error = Error::internal_error();
    error.message = format!("{IN_FLIGHT} requests are unanswered; wait for some of them").into();
    error
}

async fn say<T: serde::Serialize>(out: &mpsc::Sender<String>, message: &T) {
    let text = serde_json::to_string(message).unwrap_or_else(|error| {
        tracing::error!(%error, "a message could not be written");
        json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32603, "message": "the answer could not be written" } })
            .to_string()
    });
    // It fails only when the writer is gone, and then the session ends.
    let _ = out.send(text).await;
}

/// What the server itself says: notifications, and requests to the client.
async fn forward(mut messages: impl futures::Stream<Item = Request> + Unpin, out: mpsc::Sender<String>) {
    while let Some(message) = messages.next().await {
        say(&out, &message).await;
    }
}

async fn write_messages(mut write: impl AsyncWrite + Unpin, mut queue: mpsc::Receiver<String>) {
    while let Some(body) = queue.recv().await {
        let mut batch = framed(&body);
        while batch.len() < 64 * 1024
            && let Ok(body) = queue.try_recv()
        {
            batch.push_str(&framed(&body));
        }
        if write.write_all(batch.as_bytes()).await.is_err() || write.flush().await.is_err() {
            return;
        }
    }
}

fn framed(body: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{body}", body.len())
}

#[cfg(test)]
mod tests;
