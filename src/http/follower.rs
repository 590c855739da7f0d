//! The follower: one thread that brings the views up to the log's head, and tells everybody how far the log has come.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::metrics::Metrics;
use crate::Ledger;
use crate::ledger::{Error, Lead, Seq};

/// How often the log is looked at for events of other processes.
const LOOK_MS: u64 = 100;
/// How long the views may lag behind while nobody asks: many small commits are taken in at once, which costs less.
const LAG_MS: u64 = 400;
/// How many events they may be behind then, so that whoever asks next does not wait long.
const LAG_EVENTS: i64 = 4_000;
/// How long a question waits for the views.
const PATIENCE_S: u64 = 30;

/// How far everything has come.
#[derive(Debug, Default)]
struct Progress {
    /// The log.
    committed: i64,
    /// The views.
    reached: i64,
    /// What a question waits for.
    wanted: i64,
    /// Why the views do not come on, until they do.
    failure: Option<String>,
    closing: bool,
}

struct Inner {
    progress: Mutex<Progress>,
    to_thread: Condvar,
    to_askers: Condvar,
    head: watch::Sender<Seq>,
    /// Where something was erased last, 0 for nowhere.
    erased_at: AtomicI64,
}

/// The way to the follower.
#[derive(Clone)]
pub(super) struct Follower {
    inner: Arc<Inner>,
}

impl Follower {
    /// Starts the thread; it ends on [`Follower::close`].
    pub(super) fn start(ledger: Ledger, metrics: Arc<Metrics>) -> Result<(Self, JoinHandle<()>), Error> {
        let head = ledger.head()?;
        let progress = Mutex::new(Progress { committed: head.0, ..Progress::default() });
        let (to_thread, to_askers, head) = (Condvar::new(), Condvar::new(), watch::Sender::new(head));
        let follower = Self { inner: Arc::new(Inner { progress, to_thread, to_askers, head, erased_at: AtomicI64::new(0) }) };
        let inner = Arc::clone(&follower.inner);
        let thread = std::thread::spawn(move || inner.run(&ledger, &metrics));
        Ok((follower, thread))
    }

    /// How far the log has come, as long as one wants to hear of it.
    pub(super) fn heads(&self) -> watch::Receiver<Seq> {
        self.inner.head.subscribe()
    }

    /// Tells that the log has come to a place.
    pub(super) fn committed(&self, head: Seq) {
        let mut progress = self.inner.lock();
        progress.committed = progress.committed.max(head.0);
        // The thread comes to a few by itself, or as soon as somebody asks.
        if progress.committed - progress.reached >= LAG_EVENTS {
            progress.wanted = progress.committed;
            self.inner.to_thread.notify_one();
        }
        drop(progress);
        self.inner.publish(head);
    }

    /// Tells, before it is acknowledged, that something was erased up to a place.
    pub(super) fn erased(&self, head: Seq) {
        self.inner.erased_at.fetch_max(head.0, Ordering::AcqRel);
    }

    /// Where something was erased last: what was read before the log came there may show what nobody may see any more.
    pub(super) fn erased_at(&self) -> Seq {
        Seq(self.inner.erased_at.load(Ordering::Acquire))
    }

    /// How many events the views are behind the log.
    pub(super) fn lag(&self) -> i64 {
        let progress = self.inner.lock();
        (progress.committed - progress.reached).max(0)
    }

    /// What a reading ledger calls before it answers: returns when the views have come to a place.
    pub(super) fn lead(&self) -> Lead {
        let inner = Arc::clone(&self.inner);
        Box::new(move |place| inner.wait_for(place))
    }

    /// Has the thread bring the views to the head once more, and end.
    pub(super) fn close(&self) {
        self.inner.lock().closing = true;
        self.inner.to_thread.notify_one();
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Progress> {
        // The state is whole after every statement, whatever its holder died of.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, head: Seq) {
        self.head.send_if_modified(|known| {
            let is_news = head > *known;
            *known = head.max(*known);
            is_news
        });
    }

    fn wait_for(&self, place: Seq) -> Result<(), Error> {
        let deadline = Instant::now() + Duration::from_secs(PATIENCE_S);
        let mut progress = self.lock();
        progress.wanted = progress.wanted.max(place.0);
        self.to_thread.notify_one();
        while progress.reached < place.0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || progress.closing {
                let why = progress.failure.clone().unwrap_or_else(|| "the views are still being made".to_owned());
                return Err(Error::Behind { why });
            }
            progress = self.to_askers.wait_timeout(progress, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }

    fn run(&self, ledger: &Ledger, metrics: &Metrics) {
        loop {
            self.follow(ledger, metrics);
            let mut progress = self.lock();
            if progress.closing {
                return;
            }
            // With events to take in, but nobody asking, others may join them; with none, the log is looked at soon.
            let is_behind = progress.committed > progress.reached;
            let wait = Duration::from_millis(if is_behind { LAG_MS } else { LOOK_MS });
            let deadline = Instant::now() + wait;
            loop {
                let left = deadline.saturating_duration_since(Instant::now());
                if progress.wanted > progress.reached || progress.closing || left.is_zero() {
                    break;
                }
                progress = self.to_thread.wait_timeout(progress, left).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    /// Looks how far the log has come and brings the views there.
    fn follow(&self, ledger: &Ledger, metrics: &Metrics) {
        let followed = ledger.head().and_then(|head| {
            self.publish(head);
            ledger.catch_up(|_| {})?;
            Ok(head)
        });
        let mut progress = self.lock();
        match followed {
            Ok(head) => {
                progress.committed = progress.committed.max(head.0);
                progress.reached = progress.reached.max(head.0);
                progress.failure = None;
            }
            Err(error) => {
                tracing::error!(error = %error, "the views do not come on");
                progress.wanted = 0;
                progress.failure = Some(error.to_string());
            }
        }
        metrics.followed(progress.committed, progress.reached);
        drop(progress);
        self.to_askers.notify_all();
    }
}
