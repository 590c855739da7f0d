//! Importing: rows of a foreign format to events, in batches, with what is refused kept.
//!
//! Three threads share the work: one reads the file, one appends to the log, and the views follow on a third, so that they
//! are ready soon after the last commit.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::batch::{BatchOptions, Repeats, Summary};
use super::error::Error;
use super::{Batch, Ledger};
use crate::event::{self, Body, Refusal};
use crate::exchange::{BadRow, Encoding, Fact, Told, Trouble, row_of};
use crate::log::Log;
use crate::projection::{Arrivals, Follower, Packed, Views, views_path};

/// How rows are imported.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions {
    /// Facts that one commit holds.
    pub batch: usize,
    /// How the characters of the file are written.
    pub encoding: Encoding,
    /// The words that the facts are told in.
    pub words: Words,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { batch: 1_000, encoding: Encoding::default(), words: Words::default() }
    }
}

/// The words that a format tells its facts in: what it brings to a log that does not have them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Words {
    /// Those that every log has, and what its users defined.
    #[default]
    Own,
    /// The codes of CAMEO.
    Cameo,
    /// The types and modes of PLOVER.
    Plover,
}

impl Words {
    pub(super) fn bring(self, batch: &mut Batch<'_>) -> Result<(), Error> {
        match self {
            Words::Own => Ok(()),
            Words::Cameo => batch.vocabulary(event::cameo().map_err(Error::BuiltIn)?),
            Words::Plover => batch.vocabulary(event::plover().map_err(Error::BuiltIn)?),
        }
    }
}

/// What an import came to: rows = appended + duplicates + rejected, and the rejected ones by reason.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Imported {
    /// The counts.
    #[serde(flatten)]
    pub summary: Summary,
    /// How many rows were refused for which reason; their sum is `rejected`.
    pub rejected_by: BTreeMap<String, u64>,
}

impl Imported {
    /// The sum of two files, with the later one's head.
    #[must_use]
    pub fn plus(mut self, later: Imported) -> Imported {
        for (kind, rows) in later.rejected_by {
            *self.rejected_by.entry(kind).or_default() += rows;
        }
        Imported { summary: self.summary.plus(later.summary), rejected_by: self.rejected_by }
    }

    /// Counts a refused row by its reason. A file that gives ever new reasons does not fill the memory with them.
    pub(super) fn refuse(&mut self, bad: &BadRow) {
        let kind = if self.rejected_by.len() < KINDS_MAX || self.rejected_by.contains_key(&*bad.kind) { &*bad.kind } else { "other" };
        match self.rejected_by.get_mut(kind) {
            Some(rows) => *rows += bad.rows,
            None => drop(self.rejected_by.insert(kind.to_owned(), bad.rows)),
        }
    }
}

/// So many reasons are told apart.
const KINDS_MAX: usize = 100;
/// A batch with so many bytes of rows takes no more.
const BATCH_BYTES: usize = 8 << 20;
/// How many batches wait for the appending, besides the one being read.
const READ_AHEAD: usize = 1;
/// How many batches wait for the views, before the appending waits for them: about as many as are appended while the views
/// settle a chunk.
const BEHIND: usize = 128;

impl Ledger {
    /// Imports the facts of a file, batch by batch; what is refused goes to `reject`.
    ///
    /// Each batch is in the log whole or not at all, so that an import that dies can be run again: what is there is
    /// counted as a duplicate. `progress` hears how many rows have been read.
    ///
    /// # Errors
    /// [`Error::Log`]; [`Error::File`] where the file cannot be read on, after what was read of it is committed. A row that
    /// is refused is no error.
    pub fn import(
        &mut self,
        facts: impl Iterator<Item = Told> + Send,
        options: ImportOptions,
        reject: impl FnMut(BadRow) -> Result<(), Error>,
        progress: impl FnMut(u64),
    ) -> Result<Imported, Error> {
        let path = self.path.clone();
        self.log.get_mut().expect_many()?;
        let total = thread::scope(|scope| {
            let (ahead, told) = sync_channel(READ_AHEAD);
            scope.spawn(move || read(facts, options.batch.max(1), &ahead));
            let (arrived, arrivals) = sync_channel(BEHIND);
            scope.spawn(move || follow(&path, &arrivals));
            let total = self.import_batches(&told, options.words, &arrived, reject, progress);
            drop(arrived);
            // Closing the log would do this later, when no views keep the other core busy; a failure shows then as well.
            let _ = self.log.get_mut().settle();
            total
        })?;
        // What the thread could not do (it says nothing when it fails) is done here, or fails here with its error.
        self.catch_up(|_| {})?;
        Ok(total)
    }

    fn import_batches(
        &mut self,
        told: &Receiver<Vec<Told>>,
        words: Words,
        arrived: &SyncSender<Packed>,
        mut reject: impl FnMut(BadRow) -> Result<(), Error>,
        mut progress: impl FnMut(u64),
    ) -> Result<Imported, Error> {
        let mut total = Imported::default();
        // A file without rows still brings its vocabulary.
        let mut next = Some(told.recv().unwrap_or_default());
        let mut is_first = true;
        while let Some(facts) = next {
            let mut batch = self.begin(BatchOptions { repeats: Repeats::Counted, ..BatchOptions::default() })?;
            batch.arrivals = Some(Arrivals::default());
            if std::mem::take(&mut is_first) {
                words.bring(&mut batch)?;
            }
            let mut broken = None;
            for told in facts {
                match told {
                    Ok(fact) => take(&mut batch, fact, &mut total, &mut reject)?,
                    Err(Trouble::Row(bad)) => refuse(&mut batch, bad, &mut total, &mut reject)?,
                    Err(Trouble::File(source)) => broken = Some(cannot_read(source)),
                }
            }
            let arrivals = batch.arrivals.take();
            let summary = batch.commit()?;
            // If nobody follows any more, the views catch up at the end.
            if let Some(arrivals) = arrivals {
                let _ = arrived.send(arrivals.pack());
            }
            total.summary = total.summary.plus(summary);
            progress(total.summary.rows);
            if let Some(error) = broken {
                return Err(error);
            }
            next = told.recv().ok();
        }
        Ok(total)
    }
}

/// Reads a file ahead of the appending, batch by batch, until it ends or nobody listens any more.
fn read(mut facts: impl Iterator<Item = Told>, batch: usize, ahead: &SyncSender<Vec<Told>>) {
    loop {
        let facts = next_batch(&mut facts, batch);
        if facts.is_empty() || ahead.send(facts).is_err() {
            return;
        }
    }
}

/// The next facts, at most so many, and fewer where they are large.
fn next_batch(facts: &mut impl Iterator<Item = Told>, batch: usize) -> Vec<Told> {
    let (mut next, mut bytes) = (Vec::new(), 0);
    while next.len() < batch
        && bytes < BATCH_BYTES
        && let Some(told) = facts.next()
    {
        bytes += match &told {
            // Each of the events may repeat the whole row.
            Ok(fact) => fact.record.as_slice().len() * (fact.beside.len() + 1),
            Err(Trouble::Row(bad)) => bad.row.len(),
            Err(Trouble::File(_)) => 0,
        };
        next.push(told);
    }
    next
}

/// Lets the views follow the log until the import ends.
fn follow(path: &Path, arrivals: &Receiver<Packed>) {
    let (Ok(log), Ok(views)) = (Log::open_read_only(path), Views::open(&views_path(path))) else { return };
    // Whatever keeps the views from following now, they catch up at the end, or fail then with their error.
    let _ = Follower::new(&views, log.reader()).follow(arrivals);
}

/// A file that cannot be read on; whoever knows what it is called says so.
pub(super) fn cannot_read(source: std::io::Error) -> Error {
    Error::File { doing: "read", path: "-".into(), source }
}

/// Adds one fact to the batch, or has it rejected.
pub(super) fn take(
    batch: &mut Batch<'_>,
    fact: Fact,
    total: &mut Imported,
    reject: &mut impl FnMut(BadRow) -> Result<(), Error>,
) -> Result<(), Error> {
    let Fact { mut draft, beside, line, rows, record } = fact;
    let placed = match (&mut draft.body, draft.id) {
        (Body::Entity(entity), Some(id)) if entity.entity.is_empty() => batch.place(id, entity),
        _ => Ok(()),
    };
    let reason = match placed.and_then(|()| batch.add_with(beside, draft)) {
        Ok(_) => {
            batch.count(rows, 0);
            batch.count_repeats(rows.saturating_sub(1));
            return Ok(());
        }
        Err(Error::Refused(refusal)) => refusal,
        Err(Error::IdReused { seq, .. }) => Refusal::field("", format!("the log tells the same fact otherwise, at seq {seq}")),
        Err(other) => return Err(other),
    };
    let kind = format!("refused by the log: {}", gist(&reason.message)).into();
    refuse(batch, BadRow { kind, line, column: None, rows, reason, row: row_of(&record) }, total, reject)
}

/// Counts a refused row and hands it over.
pub(super) fn refuse(
    batch: &mut Batch<'_>,
    bad: BadRow,
    total: &mut Imported,
    reject: &mut impl FnMut(BadRow) -> Result<(), Error>,
) -> Result<(), Error> {
    batch.count(bad.rows, bad.rows);
    total.refuse(&bad);
    reject(bad)
}

/// A gist has at most so many characters: what looks like our own words may be the user's.
const GIST_MAX: usize = 60;

/// What a message says around the user's own words and numbers.
fn gist(message: &str) -> &str {
    let from = match message.strip_prefix('`') {
        Some(quoted) => quoted.split_once('`').map_or(message, |(_, rest)| rest),
        None => message.trim_start_matches(|c: char| c.is_ascii_digit()),
    };
    let stops = |c: char| matches!(c, '`' | ';' | ':' | ',' | '(') || c.is_ascii_digit();
    let end = from.char_indices().enumerate().find(|(count, (_, c))| *count == GIST_MAX || stops(*c));
    from[..end.map_or(from.len(), |(_, (at, _))| at)].trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Draft, parse};

    #[test]
    fn a_batch_of_large_rows_has_few() {
        let draft = || -> Draft { parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap() };
        let of = |bytes: usize, beside: usize| {
            let record = csv::ByteRecord::from(vec![vec![b'x'; bytes]]);
            Ok(Fact { draft: draft(), beside: (0..beside).map(|_| draft()).collect(), line: 1, rows: 1, record })
        };
        let count = |bytes, beside| next_batch(&mut std::iter::repeat_with(|| of(bytes, beside)).take(2_000), 1_000).len();
        assert_eq!((count(100, 3), count(1 << 20, 0), count(1 << 20, 9)), (1_000, 8, 1));
    }

    #[test]
    fn the_gist_of_a_message_is_the_same_for_all_rows_like_it() {
        let table = [
            ("unknown action `cameo-999`; did you mean", "unknown action"),
            ("1001 bytes long; a name has at most 1000", "bytes long"),
            ("`Not A Slug` is no slug (a-z and 0-9 in groups", "is no slug"),
            ("is empty", "is empty"),
        ];
        for (message, said) in table {
            assert_eq!(gist(message), said);
        }
        let long = format!("`a`{}` is no slug", "é".repeat(1_000));
        assert_eq!(gist(&long), "é".repeat(GIST_MAX));
    }
}
