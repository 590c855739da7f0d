//! Verifying a log: everything in the file against everything that it must agree with.

use super::error::Error;
use super::events::{self, Sum, over_tile};
use super::finding::{Finding, Kind};
use crate::event::{Body, EventId};
use crate::log::{Layout, Log, RawTile, Reader, Seq};
use crate::merkle::{Hash, TILE_WIDTH, TileId, TileStore, Tree, TreeHead};

/// What a verification came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// The place of the last event.
    pub last: i64,
    /// Size and root of the tree; nothing where it does not read.
    pub tree: Option<TreeHead>,
    /// How many events' content was erased; none where that does not read, which is a finding.
    pub erased: u64,
    /// How many findings there were.
    pub findings: u64,
}

/// Verifies a log from its stored bytes alone, and against heads of its tree that are trusted.
///
/// `progress` hears the seq reached, `visit` every finding. What is appended meanwhile is verified too. The log is read in slices,
/// so that nobody who writes is kept from emptying its journal for as long as this takes: what was walked over cannot change
/// but by an erasure, and erasures are looked at in the end.
///
/// # Errors
/// What keeps the file from being read at all; damage is a finding, not an error.
pub fn verify<E: From<Error>>(
    log: &Log,
    trusted: &[TreeHead],
    progress: &mut dyn FnMut(i64),
    mut visit: impl FnMut(Finding) -> Result<(), E>,
) -> Result<Verdict, E> {
    let (mut findings, mut stopped) = (0, None);
    let mut note = |finding| {
        findings += 1;
        // The visitor's own error ends the verification; it is handed on as it is.
        visit(finding).map_err(|error| stopped = Some(error)).map_err(|()| Error::Log(crate::log::Error::Poisoned))
    };
    let verified = verify_all(log, trusted, progress, &mut note);
    match (stopped, verified) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(error.into()),
        (None, Ok(verdict)) => Ok(Verdict { findings, ..verdict }),
    }
}

type Visit<'a> = &'a mut dyn FnMut(Finding) -> Result<(), Error>;

fn verify_all(log: &Log, trusted: &[TreeHead], progress: &mut dyn FnMut(i64), visit: Visit<'_>) -> Result<Verdict, Error> {
    let reader = log.reader();
    found(check_layout(reader, visit), "sqlite_schema", visit)?;
    let sum = Sum::new();
    let (walked, _still) = match events::walk(log, &sum, progress, visit) {
        Ok(walked) => walked,
        Err(error) => {
            visit(error.into_finding("event", None)?)?;
            return Ok(Verdict { last: 0, tree: None, erased: 0, findings: 0 });
        }
    };
    events::check_ids(reader, &sum, &walked, visit)?;
    found(check_erasures(reader, &walked.erases, visit), "erasure", visit)?;
    let tree = match check_tiles(reader, walked.last, visit) {
        Ok(tree) => tree,
        // A log of the first layout; that another has lost its tree, its layout has told.
        Err(Error::Log(crate::log::Error::Treeless)) => None,
        Err(error) => {
            visit(error.into_finding("tile", None)?)?;
            None
        }
    };
    for head in trusted {
        check_trusted(reader, walked.last, *head, visit)?;
    }
    Ok(Verdict { last: walked.last, tree, erased: reader.erased().unwrap_or_default(), findings: 0 })
}

/// Turns damage that a check met into a finding.
fn found(checked: Result<(), Error>, table: &str, visit: Visit<'_>) -> Result<(), Error> {
    checked.or_else(|error| visit(error.into_finding(table, None)?))
}

/// Tables, triggers and recorded layouts against those that this program makes.
fn check_layout(reader: Reader<'_>, visit: Visit<'_>) -> Result<(), Error> {
    let is = reader.layout()?;
    let due = Layout::shipped(is.version)?;
    for (number, hash) in &due.migrations {
        match is.migrations.get(number) {
            Some(stored) if stored == hash => {}
            stored => {
                let found = stored.map_or_else(|| "nothing".to_owned(), |hash| super::row::hex(hash));
                visit(Finding::of("migration", Kind::Layout, format!("layout {number}: {}", super::row::hex(hash)), found))?;
            }
        }
    }
    for number in is.migrations.keys().filter(|number| !due.migrations.contains_key(number)) {
        visit(Finding::of("migration", Kind::Layout, format!("{} layouts", due.migrations.len()), format!("layout {number}")))?;
    }
    for (key @ (kind, name), object) in &due.objects {
        let found = |found: &str| Finding::of(&object.0, Kind::Layout, format!("the {kind} {name} as it was made"), found);
        match is.objects.get(key) {
            Some(stored) if stored == object => {}
            Some(_) => visit(found("another one"))?,
            None => visit(found("none"))?,
        }
    }
    for ((kind, name), (table, _)) in is.objects.iter().filter(|(key, _)| !due.objects.contains_key(key)) {
        visit(Finding::of(table, Kind::Layout, "nothing", format!("a {kind} {name} that is none of the log's")))?;
    }
    Ok(())
}

/// Every erasure against its `erase` event, and every `erase` event against the erasures that it must have made.
fn check_erasures(reader: Reader<'_>, erases: &[i64], visit: Visit<'_>) -> Result<(), Error> {
    let mut last = None;
    reader.raw_erasures(|(seq, by)| {
        last = last.max(Some(by));
        check_erasure(reader, seq, by, visit)
    })?;
    for by in erases {
        for id in named_by(reader, *by)?.unwrap_or_default() {
            // What came later, and the record of an erasure itself, no erasure can take.
            let left = reader.by_id(id)?.filter(|row| row.body.is_some() && row.seq.0 < *by && !erases.contains(&row.seq.0));
            if let Some(row) = left {
                visit(Finding::at(row.seq.0, Kind::Erasure, format!("content erased by the event at seq {by}"), "content"))?;
            }
        }
    }
    check_scrubs(reader, last, visit)
}

/// Whether the file was written anew since the last erasure, so that nothing of what was erased is left in it.
fn check_scrubs(reader: Reader<'_>, last: Option<i64>, visit: Visit<'_>) -> Result<(), Error> {
    if !reader.has_scrubs()? {
        return Ok(());
    }
    let told = |found: String| {
        let expected =
            last.map_or("no file written anew".to_owned(), |last| format!("a file written anew after the erasure at seq {last}"));
        Finding { seq: last, ..Finding::of("scrub", Kind::Erasure, expected, found) }
    };
    let mut scrubs = Vec::new();
    reader.raw_scrubs(|scrub| {
        scrubs.push(scrub);
        Ok::<_, Error>(())
    })?;
    match (&scrubs[..], last) {
        ([], None) => Ok(()),
        ([(1, by)], Some(last)) if *by == last => Ok(()),
        ([], Some(_)) => visit(told("one that may still hold text that was erased; the next command that writes removes it".to_owned())),
        ([(1, by)], Some(last)) if *by < last => visit(told(format!(
            "one written anew after seq {by}, which may hold text erased since; the next command that writes removes it"
        ))),
        (other, _) => visit(told(format!("records of that: {other:?}"))),
    }
}

fn check_erasure(reader: Reader<'_>, seq: i64, by: i64, visit: Visit<'_>) -> Result<(), Error> {
    let told = |expected: String, is: &str| Finding { seq: Some(seq), ..Finding::of("erasure", Kind::Erasure, expected, is) };
    let Some(erased) = reader.at(Seq(seq))? else { return visit(told(format!("an event at seq {seq}"), "none")) };
    match named_by(reader, by)? {
        Some(named) if by > seq && named.contains(&erased.id) => Ok(()),
        Some(_) => visit(told(format!("a later erase event that names event {seq}"), &format!("the event at seq {by}"))),
        None => visit(told(format!("an erase event at seq {by}"), "none")),
    }
}

/// The ids that the `erase` event at a place names; nothing where none is there.
fn named_by(reader: Reader<'_>, by: i64) -> Result<Option<Vec<EventId>>, Error> {
    match reader.at(Seq(by))?.map(|row| row.event()).transpose()?.flatten().map(|event| event.body) {
        Some(Body::Erase(erase)) => Ok(Some(erase.events)),
        Some(_) | None => Ok(None),
    }
}

/// The tiles: which there are, how wide, and each hash of an upper level against the tile under it.
fn check_tiles(reader: Reader<'_>, last: i64, visit: Visit<'_>) -> Result<Option<TreeHead>, Error> {
    let size = reader.tree(Seq(last.max(0)))?.size();
    let mut counts = [0u64; 8];
    reader.raw_tiles(|RawTile { level, place, length }| {
        let id = u8::try_from(level).ok().zip(u64::try_from(place).ok()).map(|(level, index)| TileId { level, index });
        let due = id.filter(|id| id.level < 8).map_or(0, |id| id.width_at(size) * Hash::BYTES);
        if due == 0 || length != i64::try_from(due).ok() {
            let expected = if due > 0 { format!("tile {level}/{place} of {due} bytes") } else { format!("no tile {level}/{place}") };
            let found = length.map_or_else(|| "something else than bytes".to_owned(), |length| format!("{length} bytes"));
            return visit(Finding::of("tile", Kind::Tile, expected, found));
        }
        let Some(id) = id else { return Ok(()) };
        counts[usize::from(id.level)] += 1;
        // The hashes of the lowest level, and what stands over them, were looked at together with their events.
        if id.level > 0 && due == TILE_WIDTH * Hash::BYTES {
            let hashes_of = |level, index| Ok::<_, Error>(reader.tile(level, index)?.unwrap_or_default());
            let hashes = hashes_of(id.level, id.index)?.as_chunks().0.iter().copied().map(Hash).collect();
            let over = hashes_of(id.level + 1, id.index / TILE_WIDTH as u64)?;
            let over = over.as_chunks().0.get((id.index % TILE_WIDTH as u64) as usize).copied().map(Hash);
            return over_tile(level, place, hashes, over).map_or(Ok(()), &mut *visit);
        }
        Ok::<_, Error>(())
    })?;
    for (level, count) in (0u8..).zip(counts) {
        let due = (size.get() >> (8 * u32::from(level))).div_ceil(TILE_WIDTH as u64);
        if count < due {
            visit(Finding::of("tile", Kind::Tile, format!("{due} tiles of level {level}"), format!("{count}")))?;
        }
    }
    match Tree::at(reader, size).head() {
        Ok(head) => Ok(Some(head)),
        Err(error) => Err(crate::log::Error::from(error).into()),
    }
}

/// A head of the tree that somebody has kept, against the tree.
fn check_trusted(reader: Reader<'_>, last: i64, head: TreeHead, visit: Visit<'_>) -> Result<(), Error> {
    let size = head.size.get();
    let due = format!("root {} over {size} events", head.root);
    if last.max(0).unsigned_abs() < size {
        return visit(Finding::of("event", Kind::Rollback, due, format!("a log of {last} events")));
    }
    match Tree::at(reader, head.size).head() {
        Ok(is) if is == head => Ok(()),
        Ok(is) => visit(Finding::of("event", Kind::Rewritten, due, format!("root {}", is.root))),
        Err(error) => visit(Error::from(crate::log::Error::from(error)).into_finding("tile", None)?),
    }
}
