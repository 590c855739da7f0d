//! Arrivals: events on their way to the views in memory, without the detour by the file.

use std::borrow::Cow;

use crate::event::{Body, Common, Micros, StanceGlance};
use crate::log::{Row, Seq};

/// Bytes of events that are kept, as they are stored; of more, the views read from the log.
const BYTES_MAX: usize = 1 << 20;

/// The events of a commit, with as much of them as the views need.
#[derive(Default)]
pub struct Arrivals {
    pub(super) events: Vec<Arrival>,
    bytes: usize,
}

pub(super) struct Arrival {
    pub(super) seq: Seq,
    pub(super) leaf: [u8; 32],
    pub(super) what: Arrived,
}

/// What arrived: of a stance event what a glance at its bytes would tell, everything else as it is stored.
pub(super) enum Arrived {
    Stance { stance: StanceGlance<'static>, earliest: Micros, latest: Micros },
    Stored(Row),
}

impl Arrivals {
    /// Adds an event that was stored as `json`; `row` is what the log says of it, with or without its content.
    pub fn add(&mut self, row: Row, json: String, body: &Body, common: &Common) {
        self.bytes += json.len();
        if self.bytes <= BYTES_MAX {
            self.events.push(Arrival { seq: row.seq, leaf: row.leaf, what: Arrived::new(row, json, body, common) });
        }
    }
}

impl Arrived {
    fn new(row: Row, json: String, body: &Body, common: &Common) -> Self {
        let Body::Stance(stance) = body else { return Self::Stored(Row { body: Some(json), ..row }) };
        let glance = StanceGlance {
            actor: Cow::Owned(stance.actor.clone()),
            action: Cow::Owned(stance.action.clone()),
            target: Cow::Owned(stance.target.clone()),
            // Its bounds stand beside it.
            occurred: Cow::Borrowed(""),
            on_behalf_of: stance.on_behalf_of.clone(),
            replaces: common.replaces,
            note: common.note.clone().map(Cow::Owned),
        };
        Self::Stance { stance: glance, earliest: stance.occurred.earliest(), latest: stance.occurred.latest() }
    }
}
