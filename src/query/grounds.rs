//! What an answer rests on, for whoever wants to answer it again elsewhere.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{Day, EventId, Side, Tier};
use crate::log::Seq;
use crate::projection::Span;

/// One event as it counts for a pair.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Its place in the log.
    pub seq: i64,
    /// Its id.
    pub id: EventId,
    /// The first microsecond since 1970 that it may have happened at.
    pub earliest_us: i64,
    /// The last one.
    pub latest_us: i64,
    /// The day that it counts on.
    #[schema(value_type = Day)]
    pub day: String,
    /// How strongly it tells.
    pub tier: Tier,
    /// The side it takes toward the target.
    #[schema(required = true)]
    pub side: Option<Side>,
    /// A vote, a signature, a law.
    pub formal: bool,
    /// The slug of whoever spoke or acted.
    pub speaker: String,
}

impl Snapshot<'_> {
    /// The counting events of a pair, in valid order.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn counted(&self, actor: i64, target: i64) -> Result<Vec<Counted>, Error> {
        let (actor, target) = (self.world.class(actor)?, self.world.class(target)?);
        let one = |entry: crate::stance::Entry| {
            Ok(Counted {
                seq: entry.seq,
                id: self.id(entry.seq)?,
                earliest_us: entry.earliest.0,
                latest_us: entry.latest.0,
                day: entry.day().to_string(),
                tier: entry.tier,
                side: entry.side,
                formal: entry.formal,
                speaker: self.slug(entry.speaker)?,
            })
        };
        self.entries(&actor, &target, Span::ALL)?.into_iter().map(one).collect()
    }

    /// The places of all events that the answer of a pair follows from, the sources of their evidence included.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn grounds(&self, actor: i64, target: i64) -> Result<BTreeSet<Seq>, Error> {
        let (actor, target) = (self.world.class(actor)?, self.world.class(target)?);
        let mut grounds = self.world.grounds(&actor, &target, Span::ALL.until(self.when.as_of))?;
        for seq in grounds.clone() {
            let Some((_, event)) = self.event(seq)? else { continue };
            for source in event.common.evidence.iter().filter_map(|one| one.source.as_deref()) {
                grounds.extend(self.world.source_definitions(source)?);
            }
        }
        grounds.extend(self.reader.erasing()?.into_iter().map(|seq| seq.0));
        Ok(grounds.into_iter().map(Seq).collect())
    }
}
