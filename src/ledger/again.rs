//! What an export of a log tells from which something was erased: events that are gone, and others that point at them.

use super::batch::{Batch, Outcome, Repeats, Stored};
use super::error::Error;
use crate::event::{Body, Draft, Gone, Refusal};

impl Batch<'_> {
    /// Gives a place to an event whose content was erased in the log that the input comes from, so that the copy has the same
    /// events at the same places. The `erase` event that names it has to follow in this batch.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::Log`].
    pub fn add_gone(&mut self, gone: &Gone) -> Result<Outcome, Error> {
        self.begin_log(None::<&Body>)?;
        if let Some(row) = self.append.reader().by_id(gone.id)? {
            if row.seq > self.input_at && self.options.repeats == Repeats::Refused && !self.provided.contains(&row.id) {
                return Err(Refusal::field("id", format!("the id {} stands in this input already", row.id)).into());
            }
            return Ok(self.duplicate(&row));
        }
        let hash = gone.hash().ok_or_else(|| Refusal::field("sha256", "expected 64 hexadecimal digits"))?;
        let seq = self.append.store_gone(gone.id, &hash, self.now())?.seq;
        self.gone.insert(gone.id);
        self.summary.appended += 1;
        self.show(Stored { seq, id: gone.id, body: r#"{"type":"erased"}"#.to_owned() });
        Ok(Outcome::Appended { seq, id: gone.id })
    }

    /// Adds an event that was recorded by a log, as its export tells: it may name what was erased there. A word, a claim or
    /// a slug whose definition is gone means nothing, but is no mistake of whoever appends the export.
    ///
    /// # Errors
    /// As for [`Batch::add`].
    pub fn add_told(&mut self, draft: Draft) -> Result<Outcome, Error> {
        self.is_told = true;
        let outcome = self.add(draft);
        self.is_told = false;
        outcome
    }

    /// Whether something was erased from this log, the batch included.
    ///
    /// # Errors
    /// [`Error::Log`].
    pub fn has_erased(&self) -> Result<bool, Error> {
        Ok(!self.gone.is_empty() || self.append.reader().erased()? > 0)
    }

    /// Whether every event that was told as erased is named by an `erase` event: only then it can be committed.
    pub fn is_whole(&self) -> bool {
        self.gone.is_empty()
    }

    /// Refuses a batch that is not whole.
    pub(super) fn check_gone(&self) -> Result<(), Error> {
        match self.gone.first() {
            None => Ok(()),
            Some(id) => {
                let said = format!("event {id} is told as erased, but no `erase` event in the input names it; export the log to its end");
                Err(Refusal::field("", said).into())
            }
        }
    }
}
