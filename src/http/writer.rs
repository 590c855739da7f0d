//! The writer: one thread that takes all appends waiting, stores them in one commit, and tells each what became of its own.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::follower::Follower;
use super::metrics::Metrics;
use super::problem::Problem;
use crate::Ledger;
use crate::event::Body;
use crate::ledger::{Error, ErrorKind, Group, Receipt, Request};

/// Appends that may wait; more are refused.
const WAITING_MAX: usize = 4096;
/// Events that one commit takes at most, so that nobody waits long for a commit that others fill.
const GROUP_MAX: usize = 5_000;
/// How long a commit takes up what comes while it is made ready.
const GATHERED_FOR: Duration = Duration::from_millis(5);

/// What became of a request: its own receipt or refusal, or the failure of the whole commit.
type Reply = Result<Receipt, Refused>;

/// Why a request was not stored.
#[derive(Debug)]
pub(super) enum Refused {
    /// It was at fault itself.
    Itself(Error),
    /// The commit failed that it was to be part of.
    Commit(Arc<Error>),
}

struct Waiting {
    request: Request,
    reply: oneshot::Sender<Reply>,
}

/// The way to the writer.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Waiting>,
}

impl Writer {
    /// Starts the thread. It ends when every clone of the handle is gone, after it has stored what waits.
    pub(super) fn start(
        ledger: Ledger,
        grouping: Grouping,
        follower: Follower,
        metrics: Arc<Metrics>,
        runtime: Handle,
    ) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        let thread = std::thread::spawn(move || Thread { ledger, grouping, follower, metrics, runtime, waiting }.run());
        (Self { queue }, thread)
    }

    /// Stores a request; returns when it is on disk, or refused.
    ///
    /// Whoever drops the future does not take the request back: it may be stored all the same.
    pub(super) async fn append(&self, request: Request) -> Result<Receipt, Problem> {
        let (reply, told) = oneshot::channel();
        self.queue.try_send(Waiting { request, reply }).map_err(|_| Problem::busy("too many appends are waiting"))?;
        match told.await {
            Ok(Ok(receipt)) => Ok(receipt),
            Ok(Err(Refused::Itself(error))) => Err(error.into()),
            Ok(Err(Refused::Commit(error))) => Err(Problem::of(&error)),
            Err(_) => Err(Problem::busy("the server is stopping; whether it was stored, the log tells")),
        }
    }
}

/// Whether a request destroys something.
fn erases(request: &Request) -> bool {
    request.drafts.iter().any(|draft| matches!(draft.body, Body::Erase(_)))
}

/// The outcome of what may panic, which is a bug of ours: the handle is thrown away then, as after a commit that failed.
fn caught(append: impl FnOnce() -> Result<Group, Error>) -> Result<Group, Error> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(append))
        .unwrap_or_else(|_| Err(Error::Behind { why: "an append panicked; whether it is stored, the log tells".to_owned() }))
}

/// Whether appends share commits; one commit for each is there to be measured against.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Grouping {
    /// All that wait are stored in one commit.
    #[default]
    Shared,
    /// Each request has a commit of its own.
    Single,
}

struct Thread {
    ledger: Ledger,
    grouping: Grouping,
    follower: Follower,
    metrics: Arc<Metrics>,
    /// Where callers are told, while this thread goes on with the next commit.
    runtime: Handle,
    waiting: mpsc::Receiver<Waiting>,
}

/// The requests of one commit: one that waited, and all others that wait or come while those before them are taken.
struct Gathering<'a> {
    first: Option<Waiting>,
    waiting: &'a mut mpsc::Receiver<Waiting>,
    grouping: Grouping,
    begun: Instant,
    /// How many events were taken.
    events: usize,
    /// Whom to tell, in the order of the requests, and whether his request destroys something.
    replies: Vec<(oneshot::Sender<Reply>, bool)>,
}

impl Gathering<'_> {
    fn is_full(&self) -> bool {
        self.grouping == Grouping::Single || self.events >= GROUP_MAX || self.begun.elapsed() >= GATHERED_FOR
    }
}

impl Iterator for Gathering<'_> {
    type Item = Request;

    fn next(&mut self) -> Option<Request> {
        let next = self.first.take();
        let Waiting { request, reply } = next.or_else(|| if self.is_full() { None } else { self.waiting.try_recv().ok() })?;
        self.events += request.drafts.len();
        self.replies.push((reply, erases(&request)));
        Some(request)
    }
}

impl Thread {
    fn run(mut self) {
        while let Some(first) = self.waiting.blocking_recv() {
            self.store(first);
        }
    }

    /// Stores a request, and in the same commit those that wait with it.
    fn store(&mut self, first: Waiting) {
        let begun = Instant::now();
        let (waiting, grouping) = (&mut self.waiting, self.grouping);
        let mut gathering = Gathering { first: Some(first), waiting, grouping, begun, events: 0, replies: Vec::new() };
        let stored = caught(|| self.ledger.append_group(&mut gathering));
        let Gathering { first, replies, .. } = gathering;
        match stored {
            Ok(group) => {
                let appended = group.done.iter().flatten().map(|receipt| receipt.summary.appended + receipt.summary.registered).sum();
                self.metrics.committed(group.done.len(), appended, begun.elapsed());
                self.acknowledge(group, replies);
            }
            Err(error) => self.fail(error, replies.into_iter().map(|(reply, _)| reply).chain(first.map(|first| first.reply))),
        }
    }

    /// Tells each caller what became of his request. What is acknowledged is on disk, and seen by whoever asks afterwards.
    fn acknowledge(&self, group: Group, replies: Vec<(oneshot::Sender<Reply>, bool)>) {
        let erased = replies.iter().any(|(_, erases)| *erases);
        if erased {
            self.follower.erased(group.head);
        }
        self.follower.committed(group.head);
        // An erasure is acknowledged when the files are rid of the text, also where it is only told again.
        let unswept = if erased { group.unswept.or_else(|| self.ledger.finish_erasing().err()) } else { group.unswept };
        let unswept = unswept.map(Arc::new);
        if let Some(error) = &unswept {
            tracing::error!(error = %error, "what was erased is still in the files");
        }
        self.runtime.spawn(async move {
            for (done, (reply, erases)) in group.done.into_iter().zip(replies) {
                let done = match (&unswept, done) {
                    (Some(error), Ok(_)) if erases => Err(Refused::Commit(Arc::clone(error))),
                    (_, done) => done.map_err(Refused::Itself),
                };
                // A caller who has gone is told nothing.
                let _ = reply.send(done);
            }
        });
    }

    /// Tells the callers of a commit that it failed.
    fn fail(&mut self, error: Error, replies: impl Iterator<Item = oneshot::Sender<Reply>>) {
        self.metrics.failed();
        tracing::error!(error = %error, "a commit failed");
        let is_passing = error.kind() == ErrorKind::Conflict;
        let error = Arc::new(error);
        for reply in replies {
            let _ = reply.send(Err(Refused::Commit(Arc::clone(&error))));
        }
        if !is_passing {
            self.open_anew();
        }
    }

    /// After a commit with an unknown outcome only the file knows what is true.
    fn open_anew(&mut self) {
        let opened = Ledger::open(self.ledger.path()).and_then(|ledger| Ok((ledger.head()?, ledger)));
        match opened {
            Ok((head, ledger)) => {
                self.ledger = ledger;
                self.follower.committed(head);
            }
            Err(error) => tracing::error!(error = %error, "the log does not open"),
        }
    }
}
