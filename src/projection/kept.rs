//! What is kept of erased corrections: what they took back or superseded, as the `erase` events have it.

use std::collections::HashMap;

use super::error::Error;
use crate::event::{Body, EventId, Kept};
use crate::log::{Reader, Row, Seq};

/// What the `erase` event that was looked at last keeps: it may name many events, which are asked for one after another.
#[derive(Default)]
pub(super) struct KeptCorrections {
    by: Option<Seq>,
    kept: HashMap<EventId, Kept>,
}

impl KeptCorrections {
    /// What is kept of an erased event; nothing where it corrected none.
    pub(super) fn of(&mut self, reader: Reader<'_>, row: &Row) -> Result<Option<Kept>, Error> {
        let Some(by) = reader.erased_by(row.seq)? else { return Ok(None) };
        if self.by != Some(by) {
            let record = reader.at(by)?.map(|row| row.event()).transpose()?.flatten();
            self.kept = match record.map(|event| event.body) {
                Some(Body::Erase(erase)) => erase.keeps.into_iter().map(|kept| (kept.event, kept)).collect(),
                Some(_) | None => HashMap::new(),
            };
            self.by = Some(by);
        }
        Ok(self.kept.get(&row.id).copied())
    }
}
