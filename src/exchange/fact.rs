//! A fact: what one or several rows of a foreign format tell, as an event to be appended.

use std::borrow::Cow;
use std::io;

use csv::ByteRecord;

use crate::event::{Draft, Refusal};

/// What one or several rows tell.
#[derive(Clone, PartialEq, Debug)]
pub struct Fact {
    /// The event, with an id made of its content.
    pub draft: Draft,
    /// Events that come with it and are stored before it: a source, the entity of a motion, a claim. Each has an id made of
    /// its content, so that what is there already is passed over. They are no rows of their own.
    pub beside: Vec<Draft>,
    /// The line of its first row, from 1, in the unpacked file.
    pub line: u64,
    /// How many rows tell it.
    pub rows: u64,
    /// Its first row.
    pub record: ByteRecord,
}

/// What reading a file on comes to: a fact, or why there is none.
pub type Told = Result<Fact, Trouble>;

/// Why there is no fact.
#[derive(Debug)]
pub enum Trouble {
    /// A row tells nothing that could be recorded; reading goes on behind it.
    Row(BadRow),
    /// The file cannot be read on.
    File(io::Error),
}

/// A row that tells nothing that could be recorded.
#[derive(Clone, PartialEq, Debug)]
pub struct BadRow {
    /// The reason in few words, the same for all rows like it ("no actor"): what a summary counts by.
    pub kind: Cow<'static, str>,
    /// Its line, from 1, in the unpacked file.
    pub line: u64,
    /// The column of the table that is meant, from 1; nothing where the whole row is.
    pub column: Option<usize>,
    /// How many rows are refused with it.
    pub rows: u64,
    /// Why.
    pub reason: Refusal,
    /// The row as it stood in the file.
    pub row: String,
}

/// What is wrong with a row, before it is known where the row stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Flaw {
    kind: &'static str,
    column: Option<usize>,
    reason: Refusal,
}

impl Flaw {
    /// A flaw of one field: its kind in few words, and the whole sentence.
    pub fn new(kind: &'static str, field: &str, said: impl Into<String>) -> Self {
        Self { kind, column: None, reason: Refusal::field(field, said) }
    }

    /// The same in a column of the table, counted from 0.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        Self { column: Some(index + 1), ..self }
    }

    /// The same in a column of the table, where the field stands in one.
    #[must_use]
    pub fn in_column(self, index: Option<usize>) -> Self {
        match index {
            Some(index) => self.at(index),
            None => self,
        }
    }

    /// The same with the nearest right things.
    #[must_use]
    pub fn with_nearest(self, nearest: Vec<String>) -> Self {
        Self { reason: self.reason.with_nearest(nearest), ..self }
    }

    /// The field that has it.
    pub fn field(&self) -> &str {
        &self.reason.field
    }

    /// The whole sentence.
    pub fn said(&self) -> &str {
        &self.reason.message
    }

    /// The row that has it.
    pub fn of_row(self, line: u64, record: &ByteRecord) -> BadRow {
        let Self { kind, column, reason } = self;
        BadRow { kind: kind.into(), line, column, rows: 1, reason, row: row_of(record) }
    }
}

/// A row as text, columns with tabs between them.
pub fn row_of(record: &ByteRecord) -> String {
    record.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join("\t")
}

/// A column of a row as text; columns count from 0.
///
/// # Errors
/// Bytes that are no UTF-8, with the column.
pub fn cell<'a>(record: &'a ByteRecord, column: usize, field: &str) -> Result<&'a str, Flaw> {
    let bytes = record.get(column).unwrap_or_default();
    std::str::from_utf8(bytes).map_err(|e| {
        let said =
            format!("column {}: not UTF-8 from its byte {} on; is the file Latin-1? (--encoding latin1)", column + 1, e.valid_up_to() + 1);
        Flaw::new("not UTF-8", field, said).at(column)
    })
}

/// Whether a value says that there is none.
pub fn is_missing(value: &str) -> bool {
    matches!(value.trim(), "" | "NA" | "N/A" | "null" | "NULL" | "---")
}
