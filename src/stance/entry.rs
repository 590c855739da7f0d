//! An entry: one stance event as it counts for one pair of actor and target.

use crate::event::{Day, Micros, Side, Tier};

/// One stance event as it counts for one pair.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its place in the log.
    pub seq: i64,
    /// The first microsecond that it may have happened at.
    pub earliest: Micros,
    /// The last one.
    pub latest: Micros,
    /// How strongly it tells.
    pub tier: Tier,
    /// The side it takes toward this target (through a motion: the side that the vote takes).
    pub side: Option<Side>,
    /// A vote, a signature, a law.
    pub formal: bool,
    /// The entity that spoke or acted, which is another than the pair's actor where it did so on behalf of it.
    pub speaker: i64,
}

impl Entry {
    /// The day that it counts on.
    pub fn day(&self) -> Day {
        self.earliest.day()
    }

    /// What entries are ordered by in valid time.
    pub fn order(&self) -> (Micros, Micros, i64) {
        (self.earliest, self.latest, self.seq)
    }
}
