//! Importing: rows of a foreign format to events, in batches, with what is refused kept.

use super::batch::{BatchOptions, Repeats, Summary};
use super::error::Error;
use super::{Batch, Ledger};
use crate::event::{self, Refusal};
use crate::exchange::{BadRow, Fact};

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
        Self { batch: 10_000, dry_run: false }
    }
}

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
        mut reject: impl FnMut(BadRow) -> Result<(), Error>,
        mut progress: impl FnMut(u64),
    ) -> Result<Summary, Error> {
        let mut facts = facts.peekable();
        let mut total = Summary::default();
        while facts.peek().is_some() || total.head == 0 {
            let batch_options = BatchOptions { repeats: Repeats::Counted, ..BatchOptions::default() };
            let mut batch = self.begin(batch_options)?;
            batch.vocabulary(event::cameo().map_err(Error::BuiltIn)?)?;
            for fact in facts.by_ref().take(options.batch) {
                take(&mut batch, fact, &mut reject)?;
            }
            let summary = if options.dry_run { batch.abandon() } else { batch.commit()? };
            total = total.plus(summary);
            progress(total.rows);
        }
        if !options.dry_run {
            self.catch_up(|_| {})?;
        }
        Ok(total)
    }
}

/// Adds one fact to the batch, or has it rejected.
fn take(batch: &mut Batch<'_>, fact: Result<Fact, BadRow>, reject: &mut impl FnMut(BadRow) -> Result<(), Error>) -> Result<(), Error> {
    let fact = match fact {
        Ok(fact) => fact,
        Err(refused) => {
            batch.count(1, 1);
            return reject(refused);
        }
    };
    batch.count(fact.rows, 0);
    let refusal = match batch.add(fact.draft) {
        Ok(_) => {
            batch.count_repeats(fact.rows.saturating_sub(1));
            return Ok(());
        }
        Err(Error::Refused(refusal)) => refusal,
        Err(Error::IdReused { seq, .. }) => Refusal::field("", format!("the log tells the same fact otherwise, at seq {seq}")),
        Err(other) => return Err(other),
    };
    batch.count(0, fact.rows);
    reject(BadRow { line: fact.line, reason: refusal, row: fact.row })
}
