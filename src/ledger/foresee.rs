//! What an event would change, found by appending it and taking the append back.

use super::Ledger;
use super::batch::{Batch, BatchOptions, Outcome};
use super::error::Error;
use crate::event::{Body, Draft, Refusal};
use crate::log::Seq;
use crate::projection::Foreseen;
use crate::query::{DiffItem, Snapshot, When};
use crate::stance::Rule;

impl Ledger {
    /// The stances that an event would change, by slugs, were it recorded now; nothing of it stays. Nothing for one that the
    /// log has. Others who append wait meanwhile.
    ///
    /// # Errors
    /// [`Error::Refused`] for what an append would refuse, and for an erasure; [`Error::Log`], [`Error::Projection`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, stance::Rule, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let draft = parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap();
    /// let moved = ledger.foresee(draft, Rule::Latest)?;
    /// assert_eq!((moved[0].from.stance.word(), moved[0].to.stance.word()), ("none", "favor"));
    /// assert_eq!(ledger.head()?.0, 0);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn foresee(&self, draft: Draft, rule: Rule) -> Result<Vec<DiffItem>, Error> {
        if matches!(draft.body, Body::Erase(_)) {
            return Err(Refusal::field("type", "what an erasure destroys is not looked at beforehand").into());
        }
        let (mut log, views, mut memory) = (self.log.borrow_mut(), self.views.borrow(), self.memory.borrow_mut());
        let mut batch = Batch::begin(log.begin()?, &views, &mut memory, &*self.clock, BatchOptions::default())?;
        let Outcome::Appended { seq, .. } = batch.add(draft)? else { return Ok(Vec::new()) };
        let Batch { append, reading, .. } = batch;
        drop(reading);
        let _foreseen = Foreseen::begin(&views, append.reader())?;
        let when = When { as_of: None, known_at: Some(seq), rule };
        let after = Snapshot::within(&views, append.reader(), when)?;
        let before = after.asked(When { known_at: Some(Seq(seq.0.saturating_sub(1))), ..when })?;
        Ok(after.moved_since(&before)?)
    }
}
