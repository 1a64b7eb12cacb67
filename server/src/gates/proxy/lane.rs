//! The way to one side: a short queue, bounded in lines and in bytes.

use std::sync::Arc;

use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// How many lines may wait.
const LINES: usize = 64;
/// How many bytes may wait. A longer line waits alone.
const BYTES: u32 = 8 * 1024 * 1024;

/// The way to one side.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    queue: mpsc::Sender<Parcel>,
    room: Arc<Semaphore>,
}

#[derive(Debug)]
enum Parcel {
    /// With the room that it takes, until it is written.
    Line(Vec<u8>, OwnedSemaphorePermit),
    Close,
}

/// The other end takes nothing any more.
#[derive(Debug)]
pub(super) struct Gone;

impl Lane {
    /// A lane, and the work of writing what comes along it. The work ends with the lane, and with
    /// the other end.
    pub(super) fn to(mut end: impl AsyncWrite + Unpin + Send + 'static) -> (Self, impl Future<Output = ()>) {
        let (queue, mut parcels) = mpsc::channel(LINES);
        let room = Arc::new(Semaphore::new(BYTES as usize));
        let work = async move {
            while let Some(Parcel::Line(line, _room)) = parcels.recv().await {
                if end.write_all(&line).await.is_err() || end.flush().await.is_err() {
                    break;
                }
            }
            let _ = end.shutdown().await;
        };
        (Self { queue, room }, work)
    }

    /// Waits for room, then queues a line.
    pub(super) async fn send(&self, line: Vec<u8>) -> Result<(), Gone> {
        let size = u32::try_from(line.len()).unwrap_or(BYTES).clamp(1, BYTES);
        let room = Arc::clone(&self.room).acquire_many_owned(size);
        let room = tokio::select! {
            room = room => room.map_err(|_| Gone)?,
            () = self.queue.closed() => return Err(Gone),
        };
        self.queue.send(Parcel::Line(line, room)).await.map_err(|_| Gone)
    }

    /// Nothing more comes: what is queued is written, then the other end is told.
    pub(super) async fn close(&self) {
        let _ = self.queue.send(Parcel::Close).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn who_does_not_read_is_waited_for_and_nothing_is_lost() {
        let (near, mut far) = tokio::io::duplex(16);
        let (lane, work) = Lane::to(near);
        tokio::spawn(work);
        let sending = tokio::spawn(async move {
            for nth in 0..500_u32 {
                lane.send(format!("{nth}\n").into_bytes()).await.unwrap();
            }
            lane.close().await;
        });
        tokio::task::yield_now().await;
        assert!(!sending.is_finished());
        let mut text = String::new();
        far.read_to_string(&mut text).await.unwrap();
        let expected: String = (0..500).map(|nth| format!("{nth}\n")).collect();
        assert_eq!(text, expected);
    }

    #[tokio::test]
    async fn who_is_gone_is_not_waited_for() {
        let (near, far) = tokio::io::duplex(16);
        let (lane, work) = Lane::to(near);
        drop(far);
        tokio::spawn(work);
        while lane.send(vec![b'x'; 100]).await.is_ok() {
            tokio::task::yield_now().await;
        }
        assert!(lane.send(vec![b'x']).await.is_err());
    }
}
