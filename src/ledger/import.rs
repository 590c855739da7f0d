//! Importing: rows of a foreign format to events, in batches, with what is refused kept.
//!
//! Three threads share the work: one reads the file, one appends to the log, and the views follow on a third, so that they
//! are ready soon after the last commit.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use super::batch::{BatchOptions, Repeats, Summary};
use super::error::Error;
use super::{Batch, Ledger};
use crate::event::{self, Refusal};
use crate::exchange::{BadRow, Fact};
use crate::log::{Log, Row};
use crate::projection::{Follower, Views, views_path};

/// How rows are imported.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions {
    /// Facts that one commit holds.
    pub batch: usize,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { batch: 1_000 }
    }
}

/// What a row of a file tells, or why it tells nothing.
type Told = Result<Fact, BadRow>;

/// How many batches wait for the appending, besides the one being read.
const READ_AHEAD: usize = 1;
/// How many events gather before the views go on; more at once is less work for each.
const FOLLOW_AFTER: usize = 32_000;
/// How many events are kept for views that are busy; more than that, and they read them from the log.
const GATHERED_MAX: usize = 48_000;

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
        facts: impl Iterator<Item = Result<Fact, BadRow>> + Send,
        options: ImportOptions,
        reject: impl FnMut(BadRow) -> Result<(), Error>,
        progress: impl FnMut(u64),
    ) -> Result<Summary, Error> {
        let path = self.path.clone();
        let total = thread::scope(|scope| {
            let (ahead, told) = sync_channel(READ_AHEAD);
            scope.spawn(move || read(facts, options.batch.max(1), &ahead));
            let (to, committed) = sync_channel(1);
            scope.spawn(move || follow(&path, &committed));
            let total = self.import_batches(&told, &mut Gathered { rows: Vec::new(), to }, reject, progress)?;
            // Closing the log would do this later, when no views keep the other core busy; a failure shows then as well.
            let _ = self.log.get_mut().settle();
            Ok::<_, Error>(total)
        })?;
        // What the thread could not do (it says nothing when it fails) is done here, or fails here with its error.
        self.catch_up(|_| {})?;
        Ok(total)
    }

    fn import_batches(
        &mut self,
        told: &Receiver<Vec<Told>>,
        gathered: &mut Gathered,
        mut reject: impl FnMut(BadRow) -> Result<(), Error>,
        mut progress: impl FnMut(u64),
    ) -> Result<Summary, Error> {
        let mut total = Summary::default();
        // A file without rows still brings its vocabulary.
        let mut next = Some(told.recv().unwrap_or_default());
        let mut is_first = true;
        while let Some(facts) = next {
            let mut batch = self.begin(BatchOptions { repeats: Repeats::Counted, ..BatchOptions::default() })?;
            batch.append.keep_rows();
            if std::mem::take(&mut is_first) {
                batch.vocabulary(event::cameo().map_err(Error::BuiltIn)?)?;
            }
            for fact in facts {
                take(&mut batch, fact, &mut reject)?;
            }
            let rows = batch.append.take_rows();
            let summary = batch.commit()?;
            gathered.add(rows);
            total = total.plus(summary);
            progress(total.rows);
            next = told.recv().ok();
        }
        gathered.hand_over_last();
        Ok(total)
    }
}

/// Reads a file ahead of the appending, batch by batch, until it ends or nobody listens any more.
fn read(mut facts: impl Iterator<Item = Told>, batch: usize, ahead: &SyncSender<Vec<Told>>) {
    loop {
        let facts: Vec<Told> = facts.by_ref().take(batch).collect();
        if facts.is_empty() || ahead.send(facts).is_err() {
            return;
        }
    }
}

/// Committed events on their way to the views.
struct Gathered {
    rows: Vec<Row>,
    to: SyncSender<Vec<Row>>,
}

impl Gathered {
    /// Adds what was committed, and hands it over when there is enough and the views are not busy. Nothing waits for them:
    /// what does not reach the views this way, they read from the log.
    fn add(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows);
        if self.rows.len() < FOLLOW_AFTER {
            return;
        }
        match self.to.try_send(std::mem::take(&mut self.rows)) {
            Err(TrySendError::Full(rows)) if rows.len() < GATHERED_MAX => self.rows = rows,
            Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
        }
    }

    /// Hands over what is left.
    fn hand_over_last(&mut self) {
        // If the follower is gone, the views catch up at the end.
        let _ = self.to.send(std::mem::take(&mut self.rows));
    }
}

/// Lets the views follow the log until the import ends.
fn follow(path: &Path, committed: &Receiver<Vec<Row>>) {
    let (Ok(log), Ok(views)) = (Log::open_read_only(path), Views::open(&views_path(path))) else { return };
    let mut follower = Follower::new(&views, log.reader());
    for rows in committed {
        if follower.take(&rows).is_err() {
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
