//! Importing: rows of a foreign format to events, in batches, with what is refused kept.
//!
//! The views follow on a thread of their own while the log grows, so that they are ready soon after the last commit.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::batch::{BatchOptions, Repeats, Summary};
use super::error::Error;
use super::{Batch, Ledger};
use crate::event::{self, Refusal};
use crate::exchange::{BadRow, Fact};
use crate::log::{Log, Seq};
use crate::projection::{self, Views, views_path};

/// How rows are imported.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions {
    /// Facts that one commit holds.
    pub batch: usize,
    /// Whether nothing is stored, only counted.
    pub dry_run: bool,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { batch: 1_000, dry_run: false }
    }
}

/// How many events the views let gather before they go on; more at once is less work for each.
const FOLLOW_AFTER: i64 = 30_000;

impl Ledger {
    /// Imports the facts of a file whose actions are CAMEO codes, batch by batch; what is refused goes to `reject`.
    ///
    /// Each batch is in the log whole or not at all, so that an import that dies can be run again: what is there is
    /// counted as a duplicate. `progress` hears how many rows have been read.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::File`]; a row that is refused is none.
    pub fn import(
        &mut self,
        facts: impl Iterator<Item = Result<Fact, BadRow>>,
        options: ImportOptions,
        reject: impl FnMut(BadRow) -> Result<(), Error>,
        progress: impl FnMut(u64),
    ) -> Result<Summary, Error> {
        let path = self.path.clone();
        let total = thread::scope(|scope| {
            let (committed, heads) = channel();
            if !options.dry_run {
                scope.spawn(move || follow(&path, &heads));
            }
            self.import_batches(facts, options, &committed, reject, progress)
        })?;
        // What the thread could not do (it says nothing when it fails) is done here, or fails here with its error.
        if !options.dry_run {
            self.catch_up(|_| {})?;
        }
        Ok(total)
    }

    fn import_batches(
        &mut self,
        facts: impl Iterator<Item = Result<Fact, BadRow>>,
        options: ImportOptions,
        committed: &Sender<Seq>,
        mut reject: impl FnMut(BadRow) -> Result<(), Error>,
        mut progress: impl FnMut(u64),
    ) -> Result<Summary, Error> {
        let mut facts = facts.peekable();
        let (mut total, mut is_first) = (Summary::default(), true);
        while facts.peek().is_some() || is_first {
            let batch_options = BatchOptions { repeats: Repeats::Counted, ..BatchOptions::default() };
            let mut batch = self.begin(batch_options)?;
            if std::mem::take(&mut is_first) {
                batch.vocabulary(event::cameo().map_err(Error::BuiltIn)?)?;
            }
            for fact in facts.by_ref().take(options.batch) {
                take(&mut batch, fact, &mut reject)?;
            }
            let summary = if options.dry_run { batch.abandon() } else { batch.commit()? };
            // If the follower is gone, the views catch up at the end.
            let _ = committed.send(Seq(summary.head));
            total = total.plus(summary);
            progress(total.rows);
        }
        Ok(total)
    }
}

/// Lets the views follow the log until the import ends.
fn follow(path: &Path, heads: &Receiver<Seq>) {
    let views_path: PathBuf = views_path(path);
    let (Ok(log), Ok(views)) = (Log::open_read_only(path), Views::open(&views_path)) else { return };
    let Ok(mut reached) = views.cursor().map(|cursor| cursor.seq) else { return };
    loop {
        let head = heads.recv();
        let head = heads.try_iter().last().map_or(head, Ok);
        let is_last = head.is_err();
        let is_due = is_last || head.is_ok_and(|head| head.0 - reached.0 >= FOLLOW_AFTER);
        if is_due && projection::catch_up(&views, log.reader(), |seq| reached = seq).is_err() || is_last {
            return;
        }
    }
}

/// Adds one fact to the batch, or has it rejected.
pub(super) fn take(
    batch: &mut Batch<'_>,
    fact: Result<Fact, BadRow>,
    reject: &mut impl FnMut(BadRow) -> Result<(), Error>,
) -> Result<(), Error> {
    let fact = match fact {
        Ok(fact) => fact,
        Err(refused) => {
            batch.count(1, 1);
            return reject(refused);
        }
    };
    let Fact { draft, line, rows, record } = fact;
    batch.count(rows, 0);
    let refusal = match batch.add(draft) {
        Ok(_) => {
            batch.count_repeats(rows.saturating_sub(1));
            return Ok(());
        }
        Err(Error::Refused(refusal)) => refusal,
        Err(Error::IdReused { seq, .. }) => Refusal::field("", format!("the log tells the same fact otherwise, at seq {seq}")),
        Err(other) => return Err(other),
    };
    batch.count(0, rows);
    reject(BadRow { line, reason: refusal, row: crate::exchange::row_of(&record) })
}
