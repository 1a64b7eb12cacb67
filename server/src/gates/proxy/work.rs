//! The thread that the judge sits in.
//!
//! Deeply nested commands are read by recursion, so the thread has a large stack. A judge that
//! panics on a frame refuses this frame; one that does not come back refuses all that follow.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::{Frame, Judge, Out, Side};

const STACK: usize = 256 * 1024 * 1024;

/// Something to look at.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Heard(Side, Arc<Frame>),
    Due(u64),
    Over,
}

type Job = (Event, oneshot::Sender<Option<Vec<Out>>>);

/// Where frames are handed to the judge.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    jobs: mpsc::Sender<Job>,
    lost: Arc<AtomicBool>,
    patience: Duration,
}

impl Desk {
    /// Gives the judge a thread of its own.
    pub(super) fn new(judge: impl Judge, patience: Duration) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(1);
        std::thread::Builder::new()
            .name("judge".to_owned())
            .stack_size(STACK)
            .spawn(move || sit(judge, waiting))?;
        Ok(Self { jobs, lost: Arc::default(), patience })
    }

    /// What is to be done after a frame. Comes back in time, whatever happens.
    pub(super) async fn hear<J: Judge>(&self, from: Side, frame: Frame) -> Vec<Out> {
        if let Some(outs) = frame.unread(from) {
            return outs;
        }
        let frame = Arc::new(frame);
        match self.ask(Event::Heard(from, Arc::clone(&frame))).await {
            Ok(outs) => outs,
            Err(why) => J::refuse(from, &frame, why),
        }
    }

    /// As [`Self::hear`], for something that was to be looked at later.
    pub(super) async fn due(&self, token: u64) -> Vec<Out> {
        self.ask(Event::Due(token)).await.unwrap_or_default()
    }

    /// Nothing more comes.
    pub(super) async fn over(&self) {
        let _ = self.ask(Event::Over).await;
    }

    async fn ask(&self, event: Event) -> Result<Vec<Out>, &'static str> {
        if self.lost.load(Ordering::Relaxed) {
            return Err("an earlier review did not end");
        }
        let (sender, answer) = oneshot::channel();
        let asked = async {
            self.jobs.send((event, sender)).await.map_err(|_| "the guard itself has ended")?;
            answer.await.ok().flatten().ok_or("the guard itself failed")
        };
        match tokio::time::timeout(self.patience, asked).await {
            Ok(answer) => answer,
            Err(_) => {
                self.lost.store(true, Ordering::Relaxed);
                Err("the review took too long")
            }
        }
    }
}

fn sit(mut judge: impl Judge, mut waiting: mpsc::Receiver<Job>) {
    while let Some((event, answer)) = waiting.blocking_recv() {
        let outs = catch_unwind(AssertUnwindSafe(|| match &event {
            Event::Heard(from, frame) => judge.hear(*from, frame),
            Event::Due(token) => judge.due(*token),
            Event::Over => {
                judge.over();
                Vec::new()
            }
        }));
        let _ = answer.send(outs.ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics, hangs or passes on, as the method says.
    struct Moody;

    impl Judge for Moody {
        fn hear(&mut self, from: Side, frame: &Frame) -> Vec<Out> {
            match frame.method() {
                Some("panic") => panic!("a bug in the judge"),
                Some("hang") => loop {
                    std::thread::park();
                },
                _ => vec![frame.pass(from)],
            }
        }

        fn due(&mut self, _: u64) -> Vec<Out> {
            Vec::new()
        }

        fn refuse(_: Side, _: &Frame, why: &str) -> Vec<Out> {
            vec![Out::To(Side::Child, why.as_bytes().to_vec())]
        }
    }

    async fn said(desk: &Desk, method: &str) -> String {
        let frame = Frame::read(format!("{{\"method\":\"{method}\"}}").into_bytes());
        let outs = desk.hear::<Moody>(Side::Client, frame).await;
        outs.into_iter().map(|out| format!("{out:?}")).collect()
    }

    #[tokio::test]
    async fn a_panic_refuses_one_frame_and_a_hang_all_that_follow() {
        let desk = Desk::new(Moody, Duration::from_secs(60)).unwrap();
        let passed = said(&desk, "fine").await;
        let refused = |why: &str| format!("{:?}", Out::To(Side::Child, why.as_bytes().to_vec()));
        assert_eq!(said(&desk, "panic").await, refused("the guard itself failed"));
        assert_eq!(said(&desk, "fine").await, passed);
        let desk = Desk::new(Moody, Duration::from_millis(300)).unwrap();
        assert_eq!(said(&desk, "hang").await, refused("the review took too long"));
        assert_eq!(said(&desk, "fine").await, refused("an earlier review did not end"));
    }
}
