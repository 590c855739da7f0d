//! The log and what follows from it as Parquet.

use std::io::Write;

use super::Ledger;
use super::ask::EventsWanted;
use super::error::Error;
use super::when::Asked;
use crate::exchange::{Columnar, EventRow, ParquetFile, StanceRow};
use crate::query::{ChangeItem, ClaimItem, Detail};

/// Which table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Table {
    /// The log.
    Events,
    /// The stance of every pair that has a counting event.
    Stances,
    /// Its changes.
    Changes,
    /// The claims.
    Claims,
}

impl Ledger {
    /// Writes a table as a Parquet file; of the log, as far as `wanted` goes. The file says of what it is: head, root, as_of,
    /// known_at, rule, version.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`], [`Error::File`] where the output fails.
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::{Asked, EventsWanted, Table}, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// let mut file = Vec::new();
    /// ledger.parquet(Table::Stances, &EventsWanted::default(), &Asked::default(), &mut file)?;
    /// assert!(file.starts_with(b"PAR1") && file.ends_with(b"PAR1"));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn parquet(&self, table: Table, wanted: &EventsWanted<'_>, asked: &Asked, output: impl Write + Send) -> Result<(), Error> {
        let stamp = self.stamp(asked)?;
        let asked = stamp.asked(asked);
        let about = stamp.parts();
        match table {
            Table::Events => {
                let mut file = begin::<EventRow, _>(output, &about)?;
                self.events(wanted, &asked, |row| file.row(&EventRow::of(&row)?).map_err(Error::answer))?;
                file.end().map_err(Error::answer)
            }
            Table::Stances => {
                let mut file = begin::<StanceRow<'_>, _>(output, &about)?;
                self.every_stance(&asked, Detail::Full, |answer| file.row(&StanceRow::of(&answer)).map_err(Error::answer))?;
                file.end().map_err(Error::answer)
            }
            Table::Changes => {
                let mut file = begin::<ChangeItem, _>(output, &about)?;
                self.every_change(&asked, |change| file.row(&change).map_err(Error::answer))?;
                file.end().map_err(Error::answer)
            }
            Table::Claims => {
                let mut file = begin::<ClaimItem, _>(output, &about)?;
                for claim in self.claims(None, None, &asked)? {
                    file.row(&claim).map_err(Error::answer)?;
                }
                file.end().map_err(Error::answer)
            }
        }
    }
}

fn begin<T: Columnar, W: Write + Send>(output: W, about: &[(&str, Option<String>)]) -> Result<ParquetFile<W>, Error> {
    ParquetFile::begin::<T>(output, about).map_err(Error::answer)
}
