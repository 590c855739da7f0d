//! The tail: the last events of the log in memory, so that a thousand who follow it read it once.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use tokio::sync::{Notify, watch};

use super::follower::Follower;
use super::problem::Problem;
use super::reader::{Lane, Readers};
use crate::event::{Body, Event};
use crate::ledger::{Asked, Error, EventsWanted, Ledger, Seq, recorded_json};

/// Events that are kept.
const KEPT_MAX: usize = 4096;
/// Events that are read at once, and bytes of them, unless one has more.
pub(super) const READ_MAX: usize = 512;
const READ_BYTES_MAX: usize = 2 << 20;
/// Bytes of events that are kept.
const KEPT_BYTES_MAX: usize = 32 << 20;

/// An event as it is sent to those who follow.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) seq: Seq,
    /// Nothing once its content was erased.
    pub(super) event: Option<Event>,
    pub(super) json: String,
}

/// The last events, and how far they go.
pub(super) struct Tail {
    kept: RwLock<VecDeque<Arc<Sent>>>,
    reached: watch::Sender<Seq>,
    /// Told when somebody wants to hear of it.
    wanted: Notify,
    /// How often something was erased since the server began.
    erasures: AtomicU64,
}

impl Tail {
    /// An empty tail of a log that has come to a place.
    pub(super) fn new(head: Seq) -> Self {
        Self { kept: RwLock::default(), reached: watch::Sender::new(head), wanted: Notify::new(), erasures: AtomicU64::new(0) }
    }

    /// How often something was erased: what was computed before the last time does not hold any more.
    pub(super) fn erasures(&self) -> u64 {
        self.erasures.load(Ordering::Acquire)
    }

    /// How far the tail goes, as long as one wants to hear of it.
    pub(super) fn reached(&self) -> watch::Receiver<Seq> {
        let reached = self.reached.subscribe();
        self.wanted.notify_one();
        reached
    }

    /// Follows the log until the server stops.
    pub(super) async fn follow(&self, follower: Follower, readers: Readers, mut closing: watch::Receiver<bool>) {
        let mut heads = follower.heads();
        loop {
            if self.reached.receiver_count() == 0 {
                // Nobody follows: nothing is read, so that the views may take in many small commits at once.
                tokio::select! {
                    () = self.wanted.notified() => self.skip_to(*heads.borrow_and_update()),
                    _ = closing.wait_for(|closing| *closing) => return,
                }
                continue;
            }
            let head = *heads.borrow_and_update();
            let reached = *self.reached.borrow();
            if head > reached {
                match read(&readers, reached).await {
                    Ok(read) => self.keep(read),
                    Err(problem) => {
                        tracing::error!(problem = %problem.detail, "the tail does not follow");
                        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    }
                }
                continue;
            }
            tokio::select! {
                changed = heads.changed() => if changed.is_err() { return },
                _ = closing.wait_for(|closing| *closing) => return,
            }
        }
    }

    /// Goes on at a place; whoever wants what is before it reads the log.
    fn skip_to(&self, head: Seq) {
        if head > *self.reached.borrow() {
            if let Ok(mut kept) = self.kept.write() {
                kept.clear();
            }
            // What was not read may have been an erasure.
            self.erasures.fetch_add(1, Ordering::AcqRel);
            self.reached.send_replace(head);
        }
    }

    fn keep(&self, read: Vec<Arc<Sent>>) {
        let Some(last) = read.last().map(|sent| sent.seq) else { return };
        let erases = |sent: &Arc<Sent>| sent.event.as_ref().is_some_and(|event| matches!(event.body, Body::Erase(_)));
        let erases = read.iter().any(erases);
        if let Ok(mut kept) = self.kept.write() {
            if erases {
                // What was erased is in memory no longer either; who comes for it reads the log.
                kept.clear();
                self.erasures.fetch_add(1, Ordering::AcqRel);
            }
            kept.extend(read);
            let mut bytes: usize = kept.iter().map(|sent| sent.json.len()).sum();
            while kept.len() > KEPT_MAX || (bytes > KEPT_BYTES_MAX && kept.len() > 1) {
                bytes -= kept.pop_front().map_or(0, |sent| sent.json.len());
            }
        }
        self.reached.send_replace(last);
    }

    /// The events behind a place that are kept; nothing where older ones are wanted.
    fn kept_after(&self, after: Seq) -> Option<Vec<Arc<Sent>>> {
        let kept = self.kept.read().ok()?;
        let first = kept.front()?.seq;
        let skipped = usize::try_from(after.0 + 1 - first.0).ok()?;
        Some(kept.iter().skip(skipped).take(READ_MAX).map(Arc::clone).collect())
    }

    /// The events behind a place, from memory or from the log.
    ///
    /// What is in memory is not told while an erasure that was acknowledged has not been read yet.
    pub(super) async fn after(&self, readers: &Readers, after: Seq, erased_at: Seq) -> Result<Vec<Arc<Sent>>, Problem> {
        let is_clean = *self.reached.borrow() >= erased_at;
        match is_clean.then(|| self.kept_after(after)).flatten() {
            Some(kept) => Ok(kept),
            None => read(readers, after).await,
        }
    }
}

async fn read(readers: &Readers, after: Seq) -> Result<Vec<Arc<Sent>>, Problem> {
    readers.ask(Lane::Short, move |ledger| Ok(events_after(ledger, after)?)).await
}

fn events_after(ledger: &Ledger, after: Seq) -> Result<Vec<Arc<Sent>>, Error> {
    let mut events = Vec::new();
    let wanted = EventsWanted { after: Some(after), limit: Some(READ_MAX), ..EventsWanted::default() };
    let mut bytes = 0;
    ledger.events(&wanted, &Asked::default(), |row| {
        if bytes < READ_BYTES_MAX {
            let json = recorded_json(&row);
            bytes += json.len();
            events.push(Arc::new(Sent { seq: row.seq, event: row.event()?, json }));
        }
        Ok(())
    })?;
    Ok(events)
}
