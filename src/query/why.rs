//! Why an answer is as it is: down to the events that decide it.

use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, Detail};
use super::error::Error;
use super::history::{Act, ChangeItem};
use super::snapshot::Snapshot;
use crate::projection::Span;

/// Why an answer is as it is.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Why {
    /// The answer.
    pub answer: Answer,
    /// The events that decide it, with their evidence.
    pub events: Vec<Act>,
    /// The changes that led to it.
    pub changes: Vec<ChangeItem>,
    /// Events that would count, had they not been taken back or superseded.
    pub retracted: Vec<Act>,
}

impl Snapshot<'_> {
    /// Why an answer is as it is: the answer, the events that decide it and their evidence, the changes that led to it.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn why(&self, actor: i64, target: i64) -> Result<Why, Error> {
        let answer = self.answer(actor, target, Detail::Full)?;
        let (actor, target) = (self.world.class(actor)?, self.world.class(target)?);
        let deciding = self.fold(&actor, &target)?.standing(self.when.rule).deciding;
        let deciding = self.deciding_entries(&actor, &target, deciding)?;
        let events = deciding.iter().map(|entry| self.act(entry, &actor, &target)).collect::<Result<_, _>>()?;
        let entries = self.entries(&actor, &target, Span::ALL)?;
        let changes = self.changes(&actor, &target)?;
        let changes = changes.iter().map(|change| self.change_item(change, &actor, &target, &entries)).collect::<Result<_, _>>()?;
        let retracted = self.retracted(&actor, &target)?;
        Ok(Why { answer, events, changes, retracted })
    }
}
