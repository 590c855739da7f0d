//! All events, 256 at a time under their tile of the tree: each is hashed where SQLite has it, so that nothing is copied;
//! another thread hashes the nodes over a tile that is full.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use super::error::Error;
use super::finding::{Finding, Kind};
use super::row::{self, Plain, describe, hex};
use crate::log::{Cell, Log, RawEvent, Reader, Standstill};
use crate::merkle::{Hash, TILE_WIDTH, TileStore, node_hash};

/// Events that are read from one state of the file: whole tiles, which never change once they are full. Between two slices others
/// may move SQLite's journal into the file, and write the file anew after an erasure.
const SLICE: u32 = 32 * TILE_WIDTH as u32;
/// Tiles that wait for the other thread, so that memory stays flat when it falls behind.
const WAITING: usize = 16;

/// The events under one tile of the lowest level: that tile, the hash that stands over it, and what is wrong with them.
struct Chunk {
    place: i64,
    /// Nothing for a log of the first layout.
    tile: Option<Vec<Hash>>,
    over: Option<Hash>,
    /// Whether an event was told to stand beyond the tile's end: then all after it do.
    is_beyond: bool,
    found: Vec<Finding>,
}

/// A full tile, its place, and the hash that must be its root.
type Full = (i64, Vec<Hash>, Option<Hash>);

/// What reading all events came to.
pub(super) struct Walked {
    /// The seq of the last one.
    pub(super) last: i64,
    /// A sum over ids and seqs, in whatever order.
    pub(super) ids: u64,
    /// The seqs of the `erase` events; they are few.
    pub(super) erases: Vec<i64>,
}

/// How the bodies of `erase` events begin.
const ERASE: &[u8] = br#"{"type":"erase","#;

/// How ids and seqs are summed up; another one at each run, so that nobody can prepare for it.
pub(super) struct Sum([u64; 3]);

impl Sum {
    pub(super) fn new() -> Self {
        Self([1, 2, 3].map(|part: u8| RandomState::new().hash_one(part)))
    }

    pub(super) fn of(&self, id: &[u8], seq: i64) -> u64 {
        let part = |from: usize| id.get(from..from + 8).and_then(|part| part.try_into().ok()).map_or(0, u64::from_be_bytes);
        let Self([first, second, third]) = self;
        // The id's two halves and the seq, each hidden behind a secret, folded by a product that nobody can foresee.
        let product = u128::from(part(0) ^ first) * u128::from(part(8) ^ second ^ (seq as u64).wrapping_mul(third | 1));
        (product >> 64) as u64 ^ product as u64
    }
}

struct Walk<'a, V> {
    reader: Reader<'a>,
    has_tree: bool,
    sum: &'a Sum,
    visit: V,
    chunk: Option<Chunk>,
    walked: Walked,
    recorded_at: i64,
    out: SyncSender<Full>,
    back: Receiver<Finding>,
}

/// Visits what is wrong with the events, in their order; `progress` hears the seq reached. The log stands still from the last
/// slice on, which reaches its head.
pub(super) fn walk<'a>(
    log: &'a Log,
    sum: &Sum,
    progress: &mut dyn FnMut(i64),
    visit: &mut dyn FnMut(Finding) -> Result<(), Error>,
) -> Result<(Walked, Standstill<'a>), Error> {
    let reader = log.reader();
    let has_tree = reader.has_tree()?;
    std::thread::scope(|scope| {
        let (out, tiles) = sync_channel(WAITING);
        let (found, back) = channel();
        scope.spawn(move || hash_all(tiles, &found));
        let walked = Walked { last: 0, ids: 0, erases: Vec::new() };
        let (chunk, recorded_at) = (None, i64::MIN);
        let mut walk = Walk { reader, has_tree, sum, visit, chunk, walked, recorded_at, out, back };
        let mut from = i64::MIN;
        loop {
            let still = log.stand_still()?;
            let (mut count, mut next) = (0, from);
            let read = reader.raw_events(from, SLICE, |raw| {
                if raw.seq % 4096 == 0 {
                    progress(raw.seq);
                }
                (count, next) = (count + 1, raw.seq.saturating_add(1));
                walk.take(&raw)
            });
            // A file whose keys are out of order is not read on from a key, and has been told to be so.
            if read.is_err() || count < SLICE || next <= from {
                return Ok((walk.end(read)?, still));
            }
            // Should a slice end within a tile, which holes bring about, the tile may have grown when it is read on.
            walk.hand_on(None)?;
            from = next;
        }
    })
}

impl<V: FnMut(Finding) -> Result<(), Error>> Walk<'_, V> {
    fn take(&mut self, raw: &RawEvent<'_>) -> Result<(), Error> {
        let due = self.walked.last.saturating_add(1);
        if raw.seq != due {
            self.hand_on(None)?;
            (self.visit)(hole(due, raw.seq))?;
        }
        let place = raw.seq.saturating_sub(1).div_euclid(TILE_WIDTH as i64);
        if self.chunk.as_ref().is_none_or(|chunk| chunk.place != place) {
            let next = self.begin(place)?;
            self.hand_on(Some(next))?;
        }
        self.walked.last = raw.seq.max(self.walked.last);
        let Some(chunk) = &mut self.chunk else { return Ok(()) };
        if let Cell::Blob(id) = raw.id {
            self.walked.ids = self.walked.ids.wrapping_add(self.sum.of(id, raw.seq));
        }
        if let Cell::Integer(at) = raw.recorded_at {
            if at < self.recorded_at {
                let expected = format!("recorded at {} or later", self.recorded_at);
                chunk.found.push(Finding::at(raw.seq, Kind::Order, expected, format!("recorded at {at}")));
            }
            self.recorded_at = at;
        }
        if let Cell::Text(body) = raw.body
            && body.starts_with(ERASE)
        {
            self.walked.erases.push(raw.seq);
        }
        let gone = matches!((raw.salt, raw.body), (Cell::Null, Cell::Null));
        if gone != raw.erased {
            let (expected, is) = if raw.erased { ("erased content", "content") } else { ("content, or its erasure", "neither") };
            chunk.found.push(Finding::at(raw.seq, Kind::Content, expected, is));
        }
        match row::plain(raw) {
            Ok(plain) => {
                row::check(&plain, &mut chunk.found);
                under_tile(&plain, chunk);
            }
            Err(finding) => chunk.found.push(finding),
        }
        Ok(())
    }

    fn begin(&self, place: i64) -> Result<Chunk, Error> {
        let mut chunk = Chunk { place, tile: None, over: None, is_beyond: false, found: Vec::new() };
        let Ok(at) = u64::try_from(place) else { return Ok(chunk) };
        if self.has_tree {
            let hashes = |level, index| Ok::<_, Error>(self.reader.tile(level, index)?.unwrap_or_default());
            chunk.tile = Some(hashes(0, at)?.as_chunks().0.iter().copied().map(Hash).collect());
            let position = (at % TILE_WIDTH as u64) as usize;
            chunk.over = hashes(1, at / TILE_WIDTH as u64)?.as_chunks().0.get(position).copied().map(Hash);
        }
        Ok(chunk)
    }

    /// Tells what is wrong with the events of the chunk that is done, and sends its tile to be hashed, if it is full.
    fn hand_on(&mut self, next: Option<Chunk>) -> Result<(), Error> {
        if let Some(Chunk { place, tile, over, mut found, .. }) = std::mem::replace(&mut self.chunk, next) {
            found.sort_by_key(|finding| finding.seq.unwrap_or(i64::MAX));
            found.into_iter().try_for_each(&mut self.visit)?;
            if let Some(tile) = tile.filter(|tile| tile.len() == TILE_WIDTH) {
                // The other end lives as long as this one; should it have died, the walk ends with its panic.
                let _ = self.out.send((place, tile, over));
            }
        }
        while let Ok(found) = self.back.try_recv() {
            (self.visit)(found)?;
        }
        Ok(())
    }

    fn end(mut self, read: Result<(), Error>) -> Result<Walked, Error> {
        self.hand_on(None)?;
        let Walk { out, back, mut visit, walked, .. } = self;
        drop(out);
        for found in back {
            visit(found)?;
        }
        if let Err(error) = read {
            visit(error.into_finding("event", Some(walked.last.saturating_add(1)))?)?;
        }
        Ok(walked)
    }
}

fn hole(due: i64, found: i64) -> Finding {
    if found < due {
        return Finding::at(found, Kind::Hole, format!("no event before seq {due}"), format!("one at seq {found}"));
    }
    let last = found - 1;
    let missing = if last == due { format!("an event at seq {due}") } else { format!("events at seq {due} to {last}") };
    Finding::at(due, Kind::Hole, missing, format!("the next is at seq {found}"))
}

fn hash_all(tiles: Receiver<Full>, back: &Sender<Finding>) {
    for (place, tile, over) in tiles {
        if let Some(found) = over_tile(0, place, tile, over)
            && back.send(found).is_err()
        {
            return;
        }
    }
}

/// Whether the chunk's tile has the row's leaf. Told once where the tile is not that wide, as it has none of the others.
fn under_tile(row: &Plain, chunk: &mut Chunk) {
    let Some(tile) = chunk.tile.as_ref().filter(|_| !chunk.is_beyond) else { return };
    let position = row.seq.saturating_sub(1).rem_euclid(TILE_WIDTH as i64) as usize;
    let hash = tile.get(position);
    if hash.is_some_and(|hash| hash.as_bytes() == &row.leaf) {
        return;
    }
    chunk.is_beyond = hash.is_none();
    let is = hash.map_or_else(|| "a tile that ends before it".to_owned(), ToString::to_string);
    let expected = format!("leaf {} in tile 0/{}", hex(&row.leaf), chunk.place);
    chunk.found.push(Finding { table: "tile".to_owned(), ..Finding::at(row.seq, Kind::Tile, expected, is) });
}

/// Whether the hash over a full tile is its root.
pub(super) fn over_tile(level: i64, place: i64, mut hashes: Vec<Hash>, over: Option<Hash>) -> Option<Finding> {
    while hashes.len() > 1 {
        hashes = hashes.as_chunks().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    let root = hashes.first().copied();
    let said = |hash: Option<Hash>| hash.map_or_else(|| "nothing".to_owned(), |hash| hash.to_string());
    (root != over).then(|| Finding::of("tile", Kind::Tile, format!("{} over tile {level}/{place}", said(root)), said(over)))
}

/// The index of ids against what the walk saw: each id once, in order, and the same sum.
pub(super) fn check_ids(
    reader: Reader<'_>,
    sum: &Sum,
    walked: &Walked,
    visit: &mut dyn FnMut(Finding) -> Result<(), Error>,
) -> Result<(), Error> {
    let (mut before, mut ids): (Option<Vec<u8>>, u64) = (None, 0);
    let read = reader.raw_ids(|(id, seq)| {
        let Cell::Blob(id) = id else {
            return visit(Finding::at(seq, Kind::Id, "an id of 16 bytes in the index of ids", describe(id)));
        };
        if before.as_deref().is_some_and(|before| before >= id) {
            visit(Finding::at(seq, Kind::Id, "each id once, in order", hex(id)))?;
        }
        let last = before.get_or_insert_default();
        last.clear();
        last.extend_from_slice(id);
        ids = ids.wrapping_add(sum.of(id, seq));
        Ok(())
    });
    match read {
        Err(error) => visit(error.into_finding("event", None)?),
        Ok(()) if ids != walked.ids => {
            visit(Finding::of("event", Kind::Id, "an index of ids that leads to the events", "one that leads elsewhere"))
        }
        Ok(()) => Ok(()),
    }
}
