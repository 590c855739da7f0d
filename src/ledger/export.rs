//! Whole derived tables, visited row by row.

use super::Ledger;
use super::error::Error;
use super::when::Asked;
use crate::query::ChangeItem;

impl Ledger {
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
