//! Foreign files by the name of their format: what a door needs to import them without knowing their readers.

use std::io::Read;

use super::Ledger;
use super::batch::{BatchOptions, Repeats, Stored};
use super::error::Error;
use super::import::{ImportOptions, Imported, Words, cannot_read, refuse, take};
use crate::exchange::{
    BadRow, Encoding, Map, Mentions, RollCalls, Told, Trouble, claim_review, entity_list, gdelt, icews, mapped, polecat, vote,
};

/// The formats that can be imported.
#[derive(Debug)]
pub enum Foreign {
    /// ICEWS: the raw files of 20 columns, and the common form of five.
    Icews,
    /// GDELT: exports of 2.0 and 1.0, with the mentions of their events where they are given.
    Gdelt(Option<Mentions>),
    /// POLECAT.
    Polecat,
    /// Any table whose columns a map explains.
    Table(Map),
    /// Votes by roll call, with what is known of the roll calls.
    Votes(RollCalls),
    /// Reviews of claims: ClaimReview as JSON-LD, and tables; with who reviewed, where the file does not say so.
    ClaimReview(Option<String>),
    /// Lists of entities.
    Entities,
}

impl Foreign {
    /// The words that the format tells its facts in.
    pub fn words(&self) -> Words {
        match self {
            Foreign::Icews | Foreign::Gdelt(_) => Words::Cameo,
            Foreign::Polecat => Words::Plover,
            Foreign::Table(_) | Foreign::Votes(_) | Foreign::ClaimReview(_) | Foreign::Entities => Words::Own,
        }
    }

    /// The facts of a file.
    fn facts<'a>(&'a self, input: impl Read + Send + 'a, encoding: Encoding) -> Box<dyn Iterator<Item = Told> + Send + 'a> {
        match self {
            Foreign::Icews => Box::new(icews::facts(input, encoding)),
            Foreign::Gdelt(mentions) => Box::new(gdelt::facts(input, encoding, mentions.as_ref())),
            Foreign::Table(map) => Box::new(mapped::facts(input, encoding, map)),
            Foreign::Polecat => Box::new(polecat::facts(input, encoding)),
            Foreign::Votes(calls) => Box::new(vote::facts(input, encoding, calls)),
            Foreign::Entities => entity_list::facts(input, encoding),
            Foreign::ClaimReview(reviewer) => claim_review::facts(input, encoding, reviewer.as_deref()),
        }
    }
}

impl Ledger {
    /// Imports a file of a foreign format, packed with gzip or zstd or plain; otherwise like [`Ledger::import`]. The words
    /// are those of the format.
    ///
    /// # Errors
    /// As for [`Ledger::import`].
    ///
    /// ```
    /// use stancelog::{ledger::{Foreign, ImportOptions}, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let mut ledger = Ledger::open(&path)?;
    /// let rows = "2014-01-01\tFrance\tPraise\tMali\t051\n2014-01-01\t\tPraise\tMali\t051\n";
    /// let imported = ledger.import_file(&Foreign::Icews, rows.as_bytes(), ImportOptions::default(), |_| Ok(()), |_| {})?;
    /// assert_eq!((imported.summary.appended, imported.summary.registered), (1, 2));
    /// assert_eq!(imported.rejected_by["no actor"], 1);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn import_file(
        &mut self,
        format: &Foreign,
        input: impl Read + Send,
        options: ImportOptions,
        reject: impl FnMut(BadRow) -> Result<(), Error>,
        progress: impl FnMut(u64),
    ) -> Result<Imported, Error> {
        let options = ImportOptions { words: format.words(), ..options };
        self.import(format.facts(input, options.encoding), options, reject, progress)
    }

    /// Shows what importing a file would store, event by event, and stores nothing.
    ///
    /// # Errors
    /// As for [`Ledger::import`], and the visitor's own.
    ///
    /// ```
    /// use stancelog::{ledger::{Foreign, ImportOptions}, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let mut ledger = Ledger::open(&path)?;
    /// let rows = "2014-01-01\tFrance\tPraise\tMali\t051\n";
    /// let mut shown = 0;
    /// let options = ImportOptions::default();
    /// let imported = ledger.rehearse_file(&Foreign::Icews, rows.as_bytes(), options, |_| Ok(()), |_| { shown += 1; Ok(()) })?;
    /// assert_eq!((imported.summary.appended, ledger.status()?.head), (1, 0));
    /// assert_eq!(shown, 5); // the built-in vocabulary, that of CAMEO, two entities, the event
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn rehearse_file(
        &mut self,
        format: &Foreign,
        input: impl Read + Send,
        options: ImportOptions,
        mut reject: impl FnMut(BadRow) -> Result<(), Error>,
        mut visit: impl FnMut(Stored) -> Result<(), Error>,
    ) -> Result<Imported, Error> {
        let mut batch = self.begin(BatchOptions { repeats: Repeats::Counted, ..BatchOptions::default() })?;
        batch.keep_stored();
        format.words().bring(&mut batch)?;
        let mut total = Imported::default();
        for told in format.facts(input, options.encoding) {
            match told {
                Ok(fact) => take(&mut batch, fact, &mut total, &mut reject)?,
                Err(Trouble::Row(bad)) => refuse(&mut batch, bad, &mut total, &mut reject)?,
                Err(Trouble::File(source)) => return Err(cannot_read(source)),
            }
            batch.stored.drain(..).try_for_each(&mut visit)?;
        }
        total.summary = batch.abandon();
        Ok(total)
    }
}
