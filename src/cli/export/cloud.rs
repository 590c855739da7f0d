//! An export as a CloudEvents batch: one JSON array, written as it comes, an event a line; or arrays of so many events.

use crate::cli::failure::Failure;
use crate::cli::out::Out;

/// A batch that is being written.
pub(super) struct Batches<'a> {
    out: &'a mut Out,
    size: u64,
    events: u64,
}

impl<'a> Batches<'a> {
    /// Begins; without a size everything is one batch, with one each batch is a line of its own.
    pub(super) fn of(out: &'a mut Out, size: Option<u64>) -> Self {
        Self { out, size: size.unwrap_or(u64::MAX), events: 0 }
    }

    /// Writes an event, which is JSON already.
    pub(super) fn event(&mut self, json: &str) -> Result<(), Failure> {
        let is_one = self.size == u64::MAX;
        let before = match (self.events % self.size, is_one) {
            (0, true) => "[\n",
            (0, false) => "[",
            (_, true) => ",\n",
            (_, false) => ",",
        };
        self.out.bytes(before.as_bytes())?;
        self.out.json_text(json)?;
        self.events += 1;
        if self.events.is_multiple_of(self.size) { self.out.bytes(b"]\n") } else { Ok(()) }
    }

    /// Ends the last batch.
    pub(super) fn end(self) -> Result<(), Failure> {
        match (self.events, self.size == u64::MAX) {
            (0, _) => self.out.bytes(b"[]\n"),
            (_, true) => self.out.bytes(b"\n]\n"),
            (events, false) if events.is_multiple_of(self.size) => Ok(()),
            (_, false) => self.out.bytes(b"]\n"),
        }
    }
}
