//! Lists for programs, written item by item: one JSON array, one object a line, or rows of CSV.

use serde::Serialize;

use super::call::Format;
use super::failure::Failure;
use super::out::Out;
use super::stored;
use crate::ledger::Row;

/// A list that is being written.
pub(super) struct List<'a> {
    out: &'a mut Out,
    format: Format,
    items: u64,
}

impl<'a> List<'a> {
    /// Begins a list; CSV begins with its header.
    pub(super) fn begin(out: &'a mut Out, format: Format, columns: &[&str]) -> Result<Self, Failure> {
        match format {
            Format::Json => out.bytes(b"[")?,
            Format::Csv => csv_row(out, columns)?,
            Format::Jsonl | Format::Table => {}
        }
        Ok(Self { out, format, items: 0 })
    }

    /// Writes an item that has both a JSON form and cells.
    pub(super) fn item<C: AsRef<[u8]>>(&mut self, value: &impl Serialize, cells: impl FnOnce() -> Vec<C>) -> Result<(), Failure> {
        match self.format {
            Format::Csv => {
                self.items += 1;
                csv_row(self.out, cells())
            }
            Format::Json | Format::Jsonl | Format::Table => {
                let text = serde_json::to_string(value).map_err(|e| Failure::Output(e.into()))?;
                self.json(&text)
            }
        }
    }

    /// Writes a recorded event.
    pub(super) fn row(&mut self, row: &Row) -> Result<(), Failure> {
        if self.format == Format::Csv {
            return csv_row(self.out, stored::cells(row)?);
        }
        self.json(&stored::json(row))
    }

    /// Writes an item that is JSON already.
    pub(super) fn json(&mut self, text: &str) -> Result<(), Failure> {
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

/// Writes one row of CSV.
pub(super) fn csv_row<C: AsRef<[u8]>>(out: &mut Out, cells: impl IntoIterator<Item = C>) -> Result<(), Failure> {
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 9).from_writer(Vec::new());
    writer.write_record(cells)?;
    let line = writer.into_inner().map_err(|e| Failure::Output(e.into_error()))?;
    out.bytes(&line)
}
