//! One row of the log against itself: every column against the header, the header against the leaf, the content
//! against its hash.

use super::finding::{Finding, Kind};
use crate::event::{EventId, FORMAT, Micros};
use crate::log::{self, Cell, HEADER_LEN, RawEvent, SALT_LEN, Seq, body_hash, leaf_hash};

/// A row whose columns are of the kinds that they must be, in a memory of its own, so that it can be checked elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub(super) seq: i64,
    pub(super) id: [u8; 16],
    pub(super) recorded_at: i64,
    pub(super) header: [u8; HEADER_LEN],
    pub(super) leaf: [u8; 32],
    /// The hash of salt and body; nothing where both are gone.
    pub(super) content: Option<[u8; 32]>,
}

/// The columns as what they must be, or which of them is not.
pub(super) fn plain(raw: &RawEvent<'_>) -> Result<Plain, Finding> {
    let recorded_at = match raw.recorded_at {
        Cell::Integer(number) => number,
        other => return Err(Finding::at(raw.seq, Kind::Header, "recorded_at: a number", describe(other))),
    };
    let content = match (raw.salt, raw.body) {
        (Cell::Null, Cell::Null) => None,
        (Cell::Blob(salt), Cell::Text(body)) if salt.len() == SALT_LEN => Some(body_hash(salt, body)),
        (salt, body) => {
            let found = format!("salt: {}; body: {}", describe(salt), describe(body));
            return Err(Finding::at(raw.seq, Kind::Content, "a salt of 16 bytes and a body of text, or neither", found));
        }
    };
    let id = array(raw.seq, "id", raw.id)?;
    let (header, leaf) = (array(raw.seq, "header", raw.header)?, array(raw.seq, "leaf", raw.leaf)?);
    Ok(Plain { seq: raw.seq, id, recorded_at, header, leaf, content })
}

fn array<const N: usize>(seq: i64, name: &str, cell: Cell<'_>) -> Result<[u8; N], Finding> {
    match cell {
        Cell::Blob(bytes) => bytes.try_into().ok(),
        Cell::Null | Cell::Integer(_) | Cell::Real(_) | Cell::Text(_) => None,
    }
    .ok_or_else(|| Finding::at(seq, Kind::Header, format!("{name}: {N} bytes"), describe(cell)))
}

/// Checks one row; hands on what is wrong with it.
pub(super) fn check(row: &Plain, found: &mut Vec<Finding>) {
    if row.header[0] != FORMAT {
        found.push(Finding::at(row.seq, Kind::Header, format!("format {FORMAT}"), format!("format {}", row.header[0])));
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(&row.header[33..]);
    let due = log::header(Seq(row.seq), EventId::from_bytes(row.id), Micros(row.recorded_at), &hash);
    for (name, range) in [("seq", 1..9), ("id", 9..25), ("recorded_at", 25..33)] {
        let (column, header) = (&due[range.clone()], &row.header[range]);
        if column != header {
            let expected = format!("{name} as the header has it: {}", hex(header));
            found.push(Finding::at(row.seq, Kind::Header, expected, hex(column)));
        }
    }
    let leaf = leaf_hash(&row.header);
    if leaf != row.leaf {
        found.push(Finding::at(row.seq, Kind::Leaf, hex(&leaf), hex(&row.leaf)));
    }
    if let Some(is) = row.content.filter(|is| *is != hash) {
        found.push(Finding::at(row.seq, Kind::Body, hex(&hash), hex(&is)));
    }
}

/// What stands in a column, in words.
pub(super) fn describe(cell: Cell<'_>) -> String {
    match cell {
        Cell::Null => "nothing".to_owned(),
        Cell::Integer(number) => format!("the number {number}"),
        Cell::Real(number) => format!("the number {number}"),
        Cell::Text(text) => format!("text of {} bytes", text.len()),
        Cell::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
