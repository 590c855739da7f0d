//! Whole derived tables, visited row by row.

use super::Ledger;
use super::error::Error;
use super::when::Asked;
use crate::event::{Gone, Mark};
use crate::log::{HEADER_LEN, Row};
use crate::query::ChangeItem;

impl Ledger {
    /// What an export tells of the event at a place, whose content was erased: as JSON, for [`Ledger::append_lines`] of another
    /// log to give it a place.
    ///
    /// # Errors
    /// [`Error::Log`].
    ///
    /// ```
    /// use stancelog::{event::{Gone, parse}, ledger::Erasing, Ledger};
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// ledger.erase(&Erasing { events: &["4".to_owned()], reason: "asked", authority: "GDPR art. 17", recorded_by: None })?;
    /// let line = serde_json::to_string(&ledger.gone(&ledger.event("4")?)?).unwrap();
    /// assert_eq!(Gone::parse(&line).unwrap().seq, Some(4));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn gone(&self, row: &Row) -> Result<Gone, Error> {
        let header = self.log.borrow().reader().header(row.seq)?;
        let sha256 = header.iter().skip(HEADER_LEN - 32).map(|byte| format!("{byte:02x}")).collect();
        let (seq, recorded_at) = (Some(row.seq.0.unsigned_abs()), Some(row.recorded_at.to_string()));
        Ok(Gone { seq, id: row.id, recorded_at, mark: Mark::Erased, sha256 })
    }

    /// Visits the changes of stance of every pair, by the actors' slugs, then the targets', then by day.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`], and the visitor's own.
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let vote = |action: &str, day: &str| parse(&format!(r#"{{"actor":"Ann","action":"{action}","target":"Tax","occurred":"{day}"}}"#)).unwrap();
    /// ledger.append([vote("votes-for", "2023-05-01"), vote("votes-against", "2024-05-01")])?;
    /// let mut changes = Vec::new();
    /// ledger.every_change(&Asked::default(), |change| {
    ///     changes.push(format!("{} {}", change.at, change.to));
    ///     Ok(())
    /// })?;
    /// assert_eq!(changes, ["2023-05-01 favor", "2024-05-01 against"]);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn every_change(&self, asked: &Asked, visit: impl FnMut(ChangeItem) -> Result<(), Error>) -> Result<(), Error> {
        self.ask(asked, |snapshot| snapshot.every_change(visit))
    }
}
