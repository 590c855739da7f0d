//! A fact: what one or several rows of a foreign format tell, as an event to be appended.

use csv::ByteRecord;

use crate::event::{Draft, Refusal};

/// What one or several rows tell.
#[derive(Clone, PartialEq, Debug)]
pub struct Fact {
    /// The event, with an id made of its content.
    pub draft: Draft,
    /// The line of its first row, from 1.
    pub line: u64,
    /// How many rows tell it.
    pub rows: u64,
    /// Its first row.
    pub record: ByteRecord,
}

/// A row as text, columns with tabs between them.
pub fn row_of(record: &ByteRecord) -> String {
    record.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join("\t")
}

/// A row that tells nothing that could be recorded.
#[derive(Clone, PartialEq, Debug)]
pub struct BadRow {
    /// Its line, from 1.
    pub line: u64,
    /// Why.
    pub reason: Refusal,
    /// The row as it stood in the file.
    pub row: String,
}
