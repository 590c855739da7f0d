//! The writer: one thread that takes all appends waiting, stores them in one commit, and tells each what became of its own.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;

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
    pub(super) fn start(ledger: Ledger, grouping: Grouping, follower: Follower, metrics: Arc<Metrics>) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        let thread = std::thread::spawn(move || Thread { ledger, grouping, follower, metrics, waiting }.run());
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
    waiting: mpsc::Receiver<Waiting>,
}

impl Thread {
    fn run(mut self) {
        while let Some(first) = self.waiting.blocking_recv() {
            let group = self.gather(first);
            self.store(group);
        }
    }

    /// All that waits, up to a limit.
    fn gather(&mut self, first: Waiting) -> Vec<Waiting> {
        let mut events = first.request.drafts.len();
        let mut group = vec![first];
        while self.grouping == Grouping::Shared && events < GROUP_MAX {
            let Ok(next) = self.waiting.try_recv() else { break };
            events += next.request.drafts.len();
            group.push(next);
        }
        group
    }

    fn store(&mut self, group: Vec<Waiting>) {
        let (mut requests, mut replies) = (Vec::new(), Vec::new());
        for Waiting { request, reply } in group {
            requests.push(request);
            replies.push(reply);
        }
        let mut replies = replies.into_iter();
        while !requests.is_empty() {
            let begun = Instant::now();
            let erases: Vec<bool> = requests.iter().map(erases).collect();
            match caught(|| self.ledger.append_group(requests)) {
                Ok(group) => {
                    let appended = group.done.iter().flatten().map(|receipt| receipt.summary.appended + receipt.summary.registered).sum();
                    self.metrics.committed(group.done.len(), appended, begun.elapsed());
                    // What is acknowledged is on disk, and seen by whoever asks after the acknowledgement.
                    let erased = erases.iter().take(group.done.len()).any(|erases| *erases);
                    if erased && let Ok(head) = self.ledger.head() {
                        self.follower.erased(head);
                    }
                    self.acknowledge();
                    // An erasure is acknowledged when the files are rid of the text, also where it is only told again.
                    let unswept = if erased { group.unswept.or_else(|| self.ledger.finish_erasing().err()) } else { group.unswept };
                    let unswept = unswept.map(Arc::new);
                    if let Some(error) = &unswept {
                        tracing::error!(error = %error, "what was erased is still in the files");
                    }
                    for ((done, erases), reply) in group.done.into_iter().zip(erases).zip(replies.by_ref()) {
                        let done = match (&unswept, done) {
                            (Some(error), Ok(_)) if erases => Err(Refused::Commit(Arc::clone(error))),
                            (_, done) => done.map_err(Refused::Itself),
                        };
                        // A caller who has gone is told nothing.
                        let _ = reply.send(done);
                    }
                    requests = group.left;
                }
                Err(error) => {
                    self.metrics.failed();
                    tracing::error!(error = %error, "a commit failed");
                    let is_passing = error.kind() == ErrorKind::Conflict;
                    let error = Arc::new(error);
                    for reply in replies.by_ref() {
                        let _ = reply.send(Err(Refused::Commit(Arc::clone(&error))));
                    }
                    if !is_passing {
                        self.open_anew();
                    }
                    return;
                }
            }
        }
    }

    fn acknowledge(&self) {
        match self.ledger.head() {
            Ok(head) => self.follower.committed(head),
            Err(error) => tracing::error!(error = %error, "the head does not read"),
        }
    }

    /// After a commit with an unknown outcome only the file knows what is true.
    fn open_anew(&mut self) {
        match Ledger::open(self.ledger.path()) {
            Ok(ledger) => {
                self.ledger = ledger;
                self.acknowledge();
            }
            Err(error) => tracing::error!(error = %error, "the log does not open"),
        }
    }
}
