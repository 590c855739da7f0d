//! Timelines of an actor: what it did, the latest first, and what others say that it did.

use super::Ledger;
use super::ask::find;
use super::error::Error;
use super::when::Asked;
use crate::query::{AllegedItem, HistoryItem};

impl Ledger {
    /// What an actor did and said and how its stances changed, the latest in the world first: a part of it, and whether there
    /// is more. What others allege is told by [`Ledger::alleged`].
    ///
    /// # Errors
    /// As for [`Ledger::entity`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::{Asked, HistoryItem}, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let does = |action: &str, year: u16| parse(&format!(r#"{{"actor":"Ann","action":"{action}","target":"Tax","occurred":"{year}"}}"#)).unwrap();
    /// ledger.append([does("opposes", 2024), does("backs", 2023)])?;
    /// let (lines, is_more) = ledger.timeline("ann", 1, 1, &Asked::default())?;
    /// assert!(matches!(&lines[0], HistoryItem::Event(act) if act.action == "opposes") && is_more);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn timeline(&self, actor: &str, skip: usize, limit: usize, asked: &Asked) -> Result<(Vec<HistoryItem>, bool), Error> {
        self.ask(asked, |snapshot| Ok(snapshot.timeline(find(snapshot, actor)?, skip, limit)?))
    }

    /// What claims say that an actor did; it never counts toward a stance.
    ///
    /// # Errors
    /// As for [`Ledger::entity`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let claim = r#"{"type":"claim","claim":"raid","text":"Ann attacked Bea","about":{"actor":"Ann","action":"attacks","target":"Bea"}}"#;
    /// ledger.append([parse(claim).unwrap()])?;
    /// assert_eq!(ledger.alleged("ann", &Asked::default())?[0].action, "attacks");
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn alleged(&self, actor: &str, asked: &Asked) -> Result<Vec<AllegedItem>, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.alleged(find(snapshot, actor)?)?))
    }
}
