//! Lists for programs, written item by item: one JSON array, one object a line, or rows of CSV.

use serde::Serialize;

use super::call::Format;
use super::failure::Failure;
use super::out::Out;
use crate::ledger::{Recorded, Row, Tabular, csv_row, recorded_json};

/// A list that is being written.
pub(super) struct List<'a> {
    out: &'a mut Out,
    format: Format,
    items: u64,
}

impl<'a> List<'a> {
    /// Begins a list of one kind of item; CSV begins with its header.
    pub(super) fn of<T: Tabular>(out: &'a mut Out, format: Format) -> Result<Self, Failure> {
        match format {
            Format::Json => out.bytes(b"[")?,
            Format::Csv => out.bytes(&csv_row(T::COLUMNS)?)?,
            Format::Jsonl | Format::Table => {}
        }
        Ok(Self { out, format, items: 0 })
    }

    /// Writes an item.
    pub(super) fn item(&mut self, item: &(impl Serialize + Tabular)) -> Result<(), Failure> {
        self.write(item, || serde_json::to_string(item))
    }

    /// Writes a recorded event.
    pub(super) fn row(&mut self, row: &Row) -> Result<(), Failure> {
        match self.format {
            Format::Csv => self.cells(&Recorded::read(row).map_err(crate::ledger::Error::from)?),
            Format::Json | Format::Jsonl | Format::Table => self.json(&recorded_json(row)),
        }
    }

    /// Writes an item whose JSON is made by itself.
    pub(super) fn write(&mut self, item: &impl Tabular, json: impl FnOnce() -> serde_json::Result<String>) -> Result<(), Failure> {
        match self.format {
            Format::Csv => self.cells(item),
            Format::Json | Format::Jsonl | Format::Table => self.json(&json().map_err(|e| Failure::Output(e.into()))?),
        }
    }

    fn cells(&mut self, item: &impl Tabular) -> Result<(), Failure> {
        for cells in item.rows() {
            self.items += 1;
            self.out.bytes(&csv_row(cells)?)?;
        }
        Ok(())
    }

    fn json(&mut self, text: &str) -> Result<(), Failure> {
        let (before, after) = match (self.format, self.items) {
            (Format::Json, 0) => ("\n", ""),
            (Format::Json, _) => (",\n", ""),
            (Format::Jsonl | Format::Table | Format::Csv, _) => ("", "\n"),
        };
        self.items += 1;
        self.out.bytes(before.as_bytes())?;
        self.out.json_text(text)?;
        self.out.bytes(after.as_bytes())
    }

    /// Ends the list.
    pub(super) fn end(self) -> Result<(), Failure> {
        match (self.format, self.items) {
            (Format::Json, 0) => self.out.bytes(b"]\n"),
            (Format::Json, _) => self.out.bytes(b"\n]\n"),
            (Format::Jsonl | Format::Csv | Format::Table, _) => Ok(()),
        }
    }
}

/// Writes a whole list.
pub(super) fn print<'a, T: Serialize + Tabular + 'a>(
    items: impl IntoIterator<Item = &'a T>,
    format: Format,
    out: &mut Out,
) -> Result<(), Failure> {
    let mut list = List::of::<T>(out, format)?;
    items.into_iter().try_for_each(|item| list.item(item))?;
    list.end()
}

/// Writes one answer as CSV, with the header.
pub(super) fn csv<T: Serialize + Tabular>(answer: &T, out: &mut Out) -> Result<(), Failure> {
    print([answer], Format::Csv, out)
}
