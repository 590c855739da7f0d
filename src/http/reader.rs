//! The readers: a few threads with a ledger each, which answer questions one after the other.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::follower::Follower;
use super::problem::Problem;
use crate::Ledger;
use crate::ledger::Error;

/// Questions that may wait in a lane; more are refused.
const WAITING_MAX: usize = 1024;

type Job = Box<dyn FnOnce(&Ledger) + Send>;

/// How much a question may have to read: long ones must not keep short ones waiting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lane {
    /// A pair, an event, a page of a list.
    Short,
    /// Something about the whole log.
    Long,
}

/// The way to the readers.
#[derive(Clone)]
pub(super) struct Readers {
    short: SyncSender<Job>,
    long: SyncSender<Job>,
}

impl Readers {
    /// Starts `each` threads for each lane; `open` makes their ledgers. They end when every clone of the handle is gone.
    pub(super) fn start(
        each: usize,
        follower: &Follower,
        open: impl Fn() -> Result<Ledger, Error>,
    ) -> Result<(Self, Vec<JoinHandle<()>>), Error> {
        let (short, short_jobs) = sync_channel(WAITING_MAX);
        let (long, long_jobs) = sync_channel(WAITING_MAX);
        let mut threads = Vec::new();
        for jobs in [short_jobs, long_jobs] {
            let jobs = Arc::new(Mutex::new(jobs));
            for _ in 0..each {
                let ledger = open()?.led_by(follower.lead());
                let jobs = Arc::clone(&jobs);
                threads.push(std::thread::spawn(move || work(&ledger, &jobs)));
            }
        }
        Ok((Self { short, long }, threads))
    }

    /// Has a question answered.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        lane: Lane,
        question: impl FnOnce(&Ledger) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |ledger| {
            // Nobody waits any more for a question whose asker has gone.
            if !reply.is_closed() {
                let _ = reply.send(question(ledger));
            }
        });
        let lane = match lane {
            Lane::Short => &self.short,
            Lane::Long => &self.long,
        };
        lane.try_send(job).map_err(|_| Problem::busy("too many questions are waiting"))?;
        answer.await.unwrap_or_else(|_| Err(Problem::busy("the question could not be answered")))
    }
}

fn work(ledger: &Ledger, jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // A question that panics has found a bug of ours; the thread goes on with the next.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(ledger)));
        if outcome.is_err() {
            tracing::error!("a question panicked");
        }
    }
}
