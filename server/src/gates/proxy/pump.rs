//! The streams of a proxy: who is read, who is written to, and what happens when an end dies.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite, BufReader};

use super::far::Far;
use super::lane::Lane;
use super::work::Desk;
use super::{Judge, LIMIT, Out, PATIENCE, Side, lines};

/// How long a child may take to end by itself once its client is gone, and how long what it still
/// says is waited for once it has ended.
const GRACE: Duration = Duration::from_secs(3);

/// How long the judge may take to end its session.
const PARTING: Duration = Duration::from_millis(500);

/// A far end between two streams. Here it is called the child, which it mostly is.
#[derive(Debug)]
pub struct Pump {
    /// What the proxy started, with both streams.
    pub child: Far,
    /// How long one frame may be looked at.
    pub patience: Duration,
    /// The longest frame that is read, in bytes.
    pub limit: usize,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The child ended, with this status.
    Child(u8),
    /// The client went away, or the proxy was told to stop, and the child had to be ended.
    Client,
}

impl Pump {
    /// A child with the usual limits.
    #[must_use]
    pub fn new(child: Far) -> Self {
        Self { child, patience: PATIENCE, limit: LIMIT }
    }

    /// Passes frames until one end is gone. The child does not outlive this.
    ///
    /// # Errors
    /// When the child has no streams, or no thread can be started.
    pub async fn run<J: Judge>(
        mut self,
        judge: J,
        from_client: impl AsyncRead + Unpin + Send + 'static,
        to_client: impl AsyncWrite + Unpin + Send + 'static,
        stop: impl Future<Output = ()>,
    ) -> std::io::Result<Ended> {
        let (stdin, stdout) = self.child.streams()?;
        let desk = Desk::new(judge, self.patience)?;
        let (client, writing_client) = Lane::to(to_client);
        let (child, writing_child) = Lane::to(stdin);
        let post = Post { desk, client, child };
        let mut writing_client = tokio::spawn(writing_client);
        tokio::spawn(writing_child);
        let mut hearing_client =
            tokio::spawn(post.clone().listen::<J, _>(Side::Client, from_client, self.limit));
        let mut hearing_child = tokio::spawn(post.clone().listen::<J, _>(Side::Child, stdout, self.limit));

        let ended = tokio::select! {
            status = self.child.wait() => Ended::Child(status),
            _ = &mut hearing_child => {
                let status = tokio::time::timeout(GRACE, self.child.wait()).await;
                Ended::Child(status.unwrap_or(1))
            }
            _ = &mut hearing_client => self.leave(&post).await,
            _ = &mut writing_client => self.leave(&post).await,
            () = stop => self.leave(&post).await,
        };
        self.child.kill();
        let _ = tokio::time::timeout(GRACE, self.child.wait()).await;
        hearing_client.abort();
        // What it said before it ended is still on its way.
        if !hearing_child.is_finished() {
            let _ = tokio::time::timeout(GRACE, &mut hearing_child).await;
            hearing_child.abort();
        }
        let _ = tokio::time::timeout(PARTING, post.desk.over()).await;
        let _ = tokio::time::timeout(GRACE, async {
            post.client.close().await;
            if !writing_client.is_finished() {
                let _ = writing_client.await;
            }
        })
        .await;
        Ok(ended)
    }

    /// Lets the child end by itself: it has nobody to talk to any more.
    async fn leave(&mut self, post: &Post) -> Ended {
        let ended = tokio::time::timeout(GRACE, async {
            post.child.close().await;
            self.child.wait().await
        });
        match ended.await {
            Ok(status) => Ended::Child(status),
            Err(_) => Ended::Client,
        }
    }
}

/// Both ways, and the desk between them.
#[derive(Clone, Debug)]
struct Post {
    desk: Desk,
    client: Lane,
    child: Lane,
}

impl Post {
    /// Reads one side to its end. The next frame is read when all that follows from the one before
    /// is queued, so that whoever is not read slows down whoever talks.
    async fn listen<J: Judge, R: AsyncRead + Unpin>(self, from: Side, stream: R, limit: usize) {
        let mut stream = BufReader::with_capacity(64 * 1024, stream);
        while let Ok(Some(frame)) = lines::next(&mut stream, limit).await {
            let outs = self.desk.hear::<J>(from, frame).await;
            self.deliver(outs).await;
        }
    }

    async fn deliver(&self, outs: Vec<Out>) {
        for out in outs {
            match out {
                Out::To(Side::Client, line) => drop(self.client.send(line).await),
                Out::To(Side::Child, line) => drop(self.child.send(line).await),
                Out::Later(token, after) => {
                    let post = self.clone();
                    tokio::spawn(async move {
                        tokio::time::sleep(after).await;
                        post.come_back(token).await;
                    });
                }
                Out::Errand(token, errand) => {
                    let post = self.clone();
                    tokio::spawn(async move {
                        // What fails leaves nothing behind, and that is seen.
                        let _ = tokio::task::spawn_blocking(move || errand.run()).await;
                        post.come_back(token).await;
                    });
                }
            }
        }
    }

    /// The time of something that was put off.
    fn come_back(&self, token: u64) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let outs = self.desk.due(token).await;
            self.deliver(outs).await;
        })
    }
}
