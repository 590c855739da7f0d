//! One reader's place in the log: what comes next, and whether it is for this reader.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::http::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::event::Body;
use crate::http::access::Caller;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::http::tail::Sent;
use crate::ledger::{Pattern, Seq, Sieve, changes_who_is_whom};

/// A reader's place.
pub(super) struct Place {
    pub(super) desk: Desk,
    pattern: Pattern,
    pub(super) sieve: Sieve,
    after: Seq,
    reached: watch::Receiver<Seq>,
    closing: watch::Receiver<bool>,
    waiting: VecDeque<Arc<Sent>>,
    /// Where something had been erased last when what waits was read.
    erased_at: Seq,
    caller: Caller,
    _open: OwnedSemaphorePermit,
}

/// What comes next.
pub(super) enum Next {
    /// An event; whether it passes the reader's own pattern.
    Event(Arc<Sent>, bool),
    /// Nothing for a while.
    Silence,
    /// The server stops.
    End,
}

impl Place {
    /// Opens a stream behind a seq.
    pub(super) async fn open(desk: Desk, caller: Caller, pattern: Pattern, after: Option<Seq>) -> Result<Self, Problem> {
        let open = Arc::clone(&desk.streams).try_acquire_owned().map_err(|_| Problem::busy("too many streams are open"))?;
        let asked = pattern.clone();
        let (sieve, head) = desk.readers.ask(Lane::Short, move |ledger| Ok((ledger.sieve(&asked)?, ledger.head()?))).await?;
        let after = after.unwrap_or(head);
        if after > head {
            let said = format!("the log has come to {head}; nobody can have seen it up to {after}");
            return Err(Problem::bad_field("after", said));
        }
        desk.metrics.subscribers.inc();
        let (reached, closing) = (desk.tail.reached(), desk.closing.clone());
        let (waiting, erased_at) = (VecDeque::new(), Seq(0));
        Ok(Self { desk, pattern, sieve, after, reached, closing, waiting, erased_at, caller, _open: open })
    }

    /// Waits for what comes next.
    pub(super) async fn next(&mut self) -> Result<Next, Problem> {
        loop {
            if *self.closing.borrow() {
                return Ok(Next::End);
            }
            let erased_at = self.desk.follower.erased_at();
            if erased_at > self.erased_at {
                // What waits may be what nobody may see any more: it is read again.
                self.waiting.clear();
            }
            if let Some(sent) = self.waiting.pop_front() {
                self.after = sent.seq;
                return self.passed(sent).await;
            }
            let reached = *self.reached.borrow_and_update();
            if reached > self.after {
                self.desk.access.still(&self.caller)?;
                self.waiting.extend(self.desk.tail.after(&self.desk.readers, self.after, erased_at).await?);
                self.erased_at = erased_at;
                continue;
            }
            let heartbeat = self.desk.options.limits.heartbeat;
            tokio::select! {
                changed = self.reached.changed() => if changed.is_err() { return Ok(Next::End) },
                _ = self.closing.wait_for(|closing| *closing) => return Ok(Next::End),
                () = tokio::time::sleep(heartbeat) => {
                    self.desk.access.still(&self.caller)?;
                    return Ok(Next::Silence);
                }
            }
        }
    }

    async fn passed(&mut self, sent: Arc<Sent>) -> Result<Next, Problem> {
        let Some(event) = &sent.event else { return Ok(Next::Event(sent, self.pattern == Pattern::default())) };
        let is_named = matches!(event.body, Body::Entity(_)) && self.sieve.is_open();
        if (changes_who_is_whom(&event.body) || is_named) && self.pattern != Pattern::default() {
            let asked = self.pattern.clone();
            self.sieve = self.desk.readers.ask(Lane::Short, move |ledger| Ok(ledger.sieve(&asked)?)).await?;
        }
        let passes = self.sieve.lets_through(&event.body);
        Ok(Next::Event(sent, passes))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.desk.metrics.subscribers.dec();
    }
}

/// The seq behind which a stream goes on: the last that the reader had, or the one that it asks for.
pub(super) fn resumed(headers: &HeaderMap, after: Option<i64>) -> Result<Option<Seq>, Problem> {
    let given = match headers.get("last-event-id") {
        Some(id) => {
            let id = id.to_str().ok().and_then(|id| id.trim().parse().ok());
            Some(id.ok_or_else(|| Problem::bad_field("Last-Event-ID", "the id of an event of this stream is a seq"))?)
        }
        None => after,
    };
    match given {
        Some(seq) if seq < 0 => Err(Problem::bad_field("after", "a seq is 0 or more")),
        given => Ok(given.map(Seq)),
    }
}
