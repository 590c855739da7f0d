//! Foreign files by the name of their format: what a door needs to import them without knowing their readers.

use std::io::Read;

use super::Ledger;
use super::batch::{BatchOptions, Repeats, Stored, Summary};
use super::error::Error;
use super::import::{ImportOptions, take};
use crate::event;
use crate::exchange::{BadRow, icews};

/// The formats that can be imported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Foreign {
    /// ICEWS: the raw files of 20 columns, and the common form of five.
    Icews,
}

impl Ledger {
    /// Imports a file of a foreign format; otherwise like [`Ledger::import`].
    ///
    /// # Errors
    /// As for [`Ledger::import`].
    ///
    /// ```
    /// use stancelog::{ledger::{Foreign, ImportOptions}, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let mut ledger = Ledger::open(&path)?;
    /// let rows = "2014-01-01\tFrance\tPraise\tMali\t051\n";
    /// let summary = ledger.import_file(Foreign::Icews, rows.as_bytes(), ImportOptions::default(), |_| Ok(()), |_| {})?;
    /// assert_eq!((summary.appended, summary.registered), (1, 2));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn import_file(
        &mut self,
        format: Foreign,
        input: impl Read + Send,
        options: ImportOptions,
        reject: impl FnMut(BadRow) -> Result<(), Error>,
        progress: impl FnMut(u64),
    ) -> Result<Summary, Error> {
        match format {
            Foreign::Icews => self.import(icews::facts(input), options, reject, progress),
        }
    }

    /// Shows what importing a file would store, event by event, and stores nothing.
    ///
    /// # Errors
    /// As for [`Ledger::import`], and the visitor's own.
    ///
    /// ```
    /// use stancelog::{ledger::Foreign, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let mut ledger = Ledger::open(&path)?;
    /// let rows = "2014-01-01\tFrance\tPraise\tMali\t051\n";
    /// let mut shown = 0;
    /// let summary = ledger.rehearse_file(Foreign::Icews, rows.as_bytes(), |_| Ok(()), |_| { shown += 1; Ok(()) })?;
    /// assert_eq!((summary.appended, ledger.status()?.head), (1, 0));
    /// assert_eq!(shown, 5); // the built-in vocabulary, that of CAMEO, two entities, the event
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn rehearse_file(
        &mut self,
        format: Foreign,
        input: impl Read,
        mut reject: impl FnMut(BadRow) -> Result<(), Error>,
        mut visit: impl FnMut(Stored) -> Result<(), Error>,
    ) -> Result<Summary, Error> {
        let facts = match format {
            Foreign::Icews => icews::facts(input),
        };
        let mut batch = self.begin(BatchOptions { repeats: Repeats::Counted, ..BatchOptions::default() })?;
        batch.keep_stored();
        batch.vocabulary(event::cameo().map_err(Error::BuiltIn)?)?;
        for fact in facts {
            take(&mut batch, fact, &mut reject)?;
            batch.stored.drain(..).try_for_each(&mut visit)?;
        }
        Ok(batch.abandon())
    }
}
