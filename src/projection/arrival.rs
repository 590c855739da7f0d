//! Arrivals: events on their way to the views in memory, without the detour by the file.

use indexmap::IndexSet;

use crate::event::{Body, Common, Micros, Stance};
use crate::log::{Row, Seq};

/// Bytes of a commit's events, as they are stored, that are kept of at all, and of those that are kept as they are; what is
/// beyond, the views read from the log.
const BYTES_MAX: usize = 1 << 20;
const STORED_MAX: usize = 128 << 10;

/// The events of a commit, one after another, with as much of them as the views need.
#[derive(Default)]
pub struct Arrivals {
    events: Vec<Arrived>,
    slugs: IndexSet<String>,
    actions: IndexSet<String>,
    at: Place,
}

/// How far arrivals have come: how many events are kept, the last one with its leaf, the bytes of all and of those that are
/// kept as they are stored.
#[derive(Clone, Copy, Default)]
pub struct Place {
    kept: usize,
    last: Option<(Seq, [u8; 32])>,
    bytes: usize,
    stored: usize,
}

impl Place {
    fn is_full(&self) -> bool {
        self.bytes > BYTES_MAX || self.stored > STORED_MAX
    }
}

/// The same while they wait for the views, small, for many commits may wait.
pub struct Packed {
    pub(super) events: Box<[Arrived]>,
    /// The slugs that its stance events name, each once, one on a line.
    pub(super) slugs: Box<str>,
    /// Their words, likewise.
    pub(super) actions: Box<str>,
    /// The last one, with its leaf.
    pub(super) last: Option<(Seq, [u8; 32])>,
}

/// What arrived: of a plain stance event what the views need, everything else as it is stored.
pub(super) enum Arrived {
    Stance(ArrivedStance),
    Stored(Box<Row>),
}

/// A stance event, with the places of its slugs and word among those of the commit.
#[derive(Clone, Copy)]
pub(super) struct ArrivedStance {
    pub(super) actor: u32,
    pub(super) action: u32,
    pub(super) target: u32,
    pub(super) earliest: Micros,
    pub(super) latest: Micros,
}

impl Arrivals {
    /// Adds an event that was stored as `json`; `row` is what the log says of it, with or without its content.
    pub fn add(&mut self, row: Row, json: String, body: &Body, common: &Common) {
        if self.at.is_full() {
            // What comes after an event that is read from the log is read there, too.
            return;
        }
        self.at.bytes += json.len();
        let plain = if let Body::Stance(stance) = body { self.stance(stance, common) } else { None };
        if plain.is_none() {
            self.at.stored += json.len();
        }
        if self.at.is_full() {
            return;
        }
        (self.at.kept, self.at.last) = (self.at.kept + 1, Some((row.seq, row.leaf)));
        self.events.push(plain.unwrap_or_else(|| Arrived::Stored(Box::new(Row { body: Some(json), ..row }))));
    }

    /// Marks a place, to which an append that is undone comes back.
    pub fn mark(&self) -> Place {
        self.at
    }

    /// Forgets what was added since the mark.
    pub fn back_to(&mut self, mark: Place) {
        self.events.truncate(mark.kept);
        self.at = mark;
    }

    /// Packs them, to be sent.
    pub fn pack(self) -> Packed {
        let Self { events, slugs, actions, at } = self;
        let lines = |texts: IndexSet<String>| texts.into_iter().collect::<Vec<_>>().join("\n").into_boxed_str();
        Packed { events: events.into_boxed_slice(), slugs: lines(slugs), actions: lines(actions), last: at.last }
    }

    /// A stance event, unless it says more than who stands where.
    fn stance(&mut self, stance: &Stance, common: &Common) -> Option<Arrived> {
        if !stance.on_behalf_of.is_empty() || common.replaces.is_some() || common.note.is_some() {
            return None;
        }
        Some(Arrived::Stance(ArrivedStance {
            actor: place(&mut self.slugs, &stance.actor)?,
            action: place(&mut self.actions, &stance.action)?,
            target: place(&mut self.slugs, &stance.target)?,
            earliest: stance.occurred.earliest(),
            latest: stance.occurred.latest(),
        }))
    }
}

impl Packed {
    /// Those of them that stand behind a place; nothing where others stand between.
    pub(super) fn after(&self, reached: Seq) -> Option<&[Arrived]> {
        let last = self.last.map_or(Seq::START, |(last, _)| last);
        let new = usize::try_from(last.0 - reached.0).unwrap_or(0);
        Some(&self.events[self.events.len().checked_sub(new)?..])
    }
}

/// The place of a text among others, given to it now where it has none.
fn place(texts: &mut IndexSet<String>, text: &str) -> Option<u32> {
    let place = texts.get_index_of(text).unwrap_or_else(|| texts.insert_full(text.to_owned()).0);
    u32::try_from(place).ok()
}
