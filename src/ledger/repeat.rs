//! What is told again: an id that the log has is a duplicate where the content is the same, a conflict where it is not.

use super::batch::{Batch, Outcome, Repeats};
use super::error::Error;
use super::names::{names_in, names_in_mut};
use crate::event::{Body, Draft, Refusal, fold_name, stored_json};
use crate::log::Row;

impl Batch<'_> {
    /// An id that is there: the same content is a duplicate, other content a conflict.
    pub(super) fn known(&mut self, draft: Draft, row: Row) -> Result<Outcome, Error> {
        if row.seq > self.input_at && self.options.repeats == Repeats::Refused && !self.provided.contains(&row.id) {
            return Err(Refusal::field("id", format!("the id {} stands in this input already", row.id)).into());
        }
        let Some(stored) = row.event()? else {
            // Its content was erased: what it was cannot be compared, and must not come back.
            return Ok(self.duplicate(&row));
        };
        let Draft { mut body, common, .. } = draft;
        self.adopt(&mut body, &stored.body)?;
        let same = stored_json(&body, &common).ok() == row.body;
        if same { Ok(self.duplicate(&row)) } else { Err(Error::IdReused { id: row.id, seq: row.seq }) }
    }

    pub(super) fn duplicate(&mut self, row: &Row) -> Outcome {
        self.summary.duplicates += 1;
        Outcome::Duplicate { seq: row.seq, id: row.id }
    }

    /// Puts stored slugs in the place of names that were ever theirs, so that contents can be compared: names move on,
    /// what was recorded stays.
    fn adopt(&mut self, given: &mut Body, stored: &Body) -> Result<(), Error> {
        if let (Body::Stance(given), Body::Stance(stored)) = (&mut *given, stored) {
            given.actor_as.clone_from(&stored.actor_as);
            given.target_as.clone_from(&stored.target_as);
        }
        if let (Body::Erase(given), Body::Erase(stored)) = (&mut *given, stored)
            && given.keeps.is_empty()
        {
            given.keeps.clone_from(&stored.keeps);
        }
        for ((_, given), (_, stored)) in names_in_mut(given).into_iter().zip(names_in(stored)) {
            if self.resolver().was_named(&stored, &fold_name(given))? {
                *given = stored;
            }
        }
        Ok(())
    }
}
