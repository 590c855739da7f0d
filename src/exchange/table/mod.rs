//! Answers as tables: the columns of each kind of answer, and its rows, the same behind every door.
//!
//! What is null is an empty cell; several values stand in one cell with `; ` between.

mod stance;
mod change;
mod history;
mod claim;
mod registry;
mod finding;
mod recorded;

use std::io;

use csv::WriterBuilder;

use crate::event::EventId;

pub use recorded::{Recorded, planned_json, recorded_json};

/// What can be written as rows of a table.
///
/// ```
/// use stancelog::{ledger::{FlipItem, Tabular}, stance::{Grade, Order, Value}, event::Tier};
/// let flip = FlipItem {
///     actor: "ann".into(), target: "tax".into(), grade: Grade::Full, confirmed: true, from: Value::Favor, to: Value::Against,
///     at: "2024-05-01".into(), basis: Tier::Declared, order: Order::Certain, events: Vec::new(),
/// };
/// assert_eq!(FlipItem::COLUMNS[..3], ["actor", "target", "grade"]);
/// assert_eq!(flip.rows()[0][..3], ["ann", "tax", "full"]);
/// ```
pub trait Tabular {
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];

    /// Its rows, each with a cell for every column: one for most, as many as it has parts for what is a list itself.
    fn rows(&self) -> Vec<Vec<String>>;
}

/// One row of CSV (RFC 4180, but for lines that end with LF) as bytes.
///
/// # Errors
/// None in practice: the bytes go to memory.
pub fn csv_row(cells: impl IntoIterator<Item = impl AsRef<[u8]>>) -> io::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().buffer_capacity(1 << 9).from_writer(Vec::new());
    writer.write_record(cells)?;
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// A value that may be missing, in a cell.
fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Several values in a cell.
fn joined(values: impl IntoIterator<Item = String>) -> String {
    values.into_iter().collect::<Vec<_>>().join("; ")
}

/// Ids in a cell.
fn ids(events: &[EventId]) -> String {
    joined(events.iter().map(ToString::to_string))
}
