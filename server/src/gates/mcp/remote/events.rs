//! A stream of events, none of them longer than is bearable.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::stream::{BoxStream, StreamExt as _};
use reqwest::Response;
use sse_stream::{Sse, SseByteStream};

use super::http::words;
use crate::gates::proxy::LIMIT;

/// What a server sends, event by event.
pub(super) struct Events {
    stream: BoxStream<'static, Result<Sse, sse_stream::Error>>,
    /// How many bytes have come since the last event ended.
    unread: Arc<AtomicUsize>,
}

impl Events {
    pub(super) fn of(response: Response) -> Self {
        let unread = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&unread);
        let chunks = futures::stream::unfold(Some((response, counter)), |state| async move {
            let (mut response, counter) = state?;
            match response.chunk().await {
                Ok(None) => None,
                Ok(Some(chunk)) => {
                    if counter.fetch_add(chunk.len(), Ordering::Relaxed) > LIMIT {
                        return Some((Err(std::io::Error::other("an event is too long")), None));
                    }
                    Some((Ok(chunk), Some((response, counter))))
                }
                Err(error) => Some((Err(std::io::Error::other(words(&error))), None)),
            }
        });
        Self { stream: SseByteStream::new(Box::pin(chunks)).boxed(), unread }
    }

    /// The next event. `None` at the end of the stream, and after what broke it.
    pub(super) async fn next(&mut self) -> Option<Sse> {
        match self.stream.next().await? {
            Ok(event) => {
                self.unread.store(0, Ordering::Relaxed);
                Some(event)
            }
            Err(error) => {
                tracing::warn!(%error, "a stream of events broke off");
                None
            }
        }
    }
}
