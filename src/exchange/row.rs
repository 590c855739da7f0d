//! The rows of a table in a text file, each with the line where it begins and a bound on its length.

use std::io::{self, BufRead, Read};

use csv::ByteRecord;
use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};

use super::fact::{BadRow, Fact, Flaw, Told, Trouble};
use super::input::{Encoding, Text, text};
use crate::event::{Draft, Refusal};

/// A row has at most so many bytes.
const ROW_MAX: usize = 1 << 20;
/// So many quotes that never close, and the file is taken for one of another kind. Looking for the end of each costs up to
/// [`ROW_MAX`] bytes.
const OPEN_QUOTES_MAX: u32 = 100;
/// So much of a row that is too long is kept.
const EXCERPT: usize = 1_000;
/// How the header of `export stances --format csv` begins.
const STANCES: &[u8] = b"actor,actor_name,target,target_name,stance,basis";

/// How the columns of a row stand apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// By a character that stands in no value; quotes mean nothing.
    Bare(u8),
    /// By a character; values in double quotes may hold it, and ends of lines.
    Quoted(u8),
}

/// The rows of a file.
pub struct Rows<'a> {
    input: io::Result<Text<'a>>,
    /// Nothing before the first line, where that is to tell it.
    shape: Option<Shape>,
    /// Lines that were read already: those behind a quote that never closed.
    again: Vec<u8>,
    again_at: usize,
    line: Vec<u8>,
    number: u64,
    open_quotes: u32,
    is_done: bool,
    fields: Vec<u8>,
    ends: Vec<usize>,
}

impl<'a> Rows<'a> {
    /// The rows of a file, packed or not. Where no shape is given, tabs without quotes if the first line has one, else commas,
    /// with quotes.
    pub fn of(input: impl Read + Send + 'a, encoding: Encoding, shape: impl Into<Option<Shape>>) -> Self {
        let (again, line, fields, ends) = Default::default();
        let (again_at, number, open_quotes, is_done) = Default::default();
        Self { input: text(input, encoding), shape: shape.into(), again, again_at, line, number, open_quotes, is_done, fields, ends }
    }

    /// Reads the next row that is not empty; its line, nothing at the end of the file.
    ///
    /// # Errors
    /// [`Trouble::Row`] for a row that is too long or has a quote that never closes, after which reading goes on;
    /// [`Trouble::File`], after which there is nothing more.
    pub fn read(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Trouble> {
        if self.is_done {
            return Ok(None);
        }
        let read = self.read_row(record);
        self.is_done = matches!(read, Ok(None) | Err(Trouble::File(_)));
        read
    }

    /// What the rows tell, one by one, behind a header if the first row has `header` as its first value.
    pub fn telling(
        mut self,
        header: &'static str,
        mut tell: impl FnMut(&ByteRecord) -> Result<Draft, Flaw> + Send + 'a,
    ) -> impl Iterator<Item = Told> + Send + 'a {
        let mut record = ByteRecord::new();
        std::iter::from_fn(move || {
            loop {
                let line = match self.read(&mut record) {
                    Ok(line) => line?,
                    Err(trouble) => return Some(Err(trouble)),
                };
                if line == 1 && record.get(0).is_some_and(|first| first.eq_ignore_ascii_case(header.as_bytes())) {
                    continue;
                }
                return Some(match tell(&record) {
                    Ok(draft) => Ok(Fact { draft, beside: Vec::new(), line, rows: 1, record: record.clone() }),
                    Err(flaw) => Err(Trouble::Row(flaw.of_row(line, &record))),
                });
            }
        })
    }

    fn read_row(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, Trouble> {
        loop {
            if !self.read_line()? {
                return Ok(None);
            }
            if self.number == 1 && self.line.starts_with(STANCES) {
                return Err(Trouble::File(io::Error::new(io::ErrorKind::InvalidData, DERIVED)));
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        record.clear();
        let told = || if self.line.contains(&b'\t') { Shape::Bare(b'\t') } else { Shape::Quoted(b',') };
        match *self.shape.get_or_insert_with(told) {
            Shape::Bare(delimiter) => self.line.split(|byte| *byte == delimiter).for_each(|field| record.push_field(field)),
            Shape::Quoted(delimiter) => return self.read_quoted(delimiter, record).map(Some),
        }
        Ok(Some(self.number))
    }

    /// Reads a row whose first line is read, and which may go on over the next ones.
    fn read_quoted(&mut self, delimiter: u8, record: &mut ByteRecord) -> Result<u64, Trouble> {
        let first = self.number;
        let mut reader = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
        let (mut filled, mut ended) = (0, 0);
        // The lines behind the first one, should they have to be read again.
        let (mut behind, mut start) = (Vec::new(), Vec::new());
        loop {
            self.line.push(b'\n');
            let mut given = &self.line[..];
            loop {
                self.fields.resize((filled + given.len() + 1).max(self.fields.len()), 0);
                self.ends.resize((ended + given.len() + 1).max(self.ends.len()), 0);
                let (result, taken, wrote, closed) = reader.read_record(given, &mut self.fields[filled..], &mut self.ends[ended..]);
                given = &given[taken..];
                (filled, ended) = (filled + wrote, ended + closed);
                match result {
                    ReadRecordResult::Record | ReadRecordResult::End => {
                        let mut from = 0;
                        for end in &self.ends[..ended] {
                            record.push_field(&self.fields[from..*end]);
                            from = *end;
                        }
                        return Ok(first);
                    }
                    ReadRecordResult::InputEmpty => break,
                    ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
                }
            }
            // The line is at its end and the row is not: it stands in quotes.
            let bytes = std::mem::take(&mut self.line);
            if start.is_empty() {
                start = bytes
            } else {
                behind.extend_from_slice(&bytes)
            }
            if start.len() + behind.len() > ROW_MAX || !self.read_line()? {
                return Err(self.open_quote(first, ended, &start, behind));
            }
        }
    }

    /// The row has a quote that never closes: it is refused alone, and the lines behind it are read again.
    fn open_quote(&mut self, line: u64, column: usize, row: &[u8], mut behind: Vec<u8>) -> Trouble {
        self.open_quotes += 1;
        let said = format!("a quote opens in column {} and never closes", column + 1);
        if self.open_quotes > OPEN_QUOTES_MAX {
            return Trouble::File(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("line {line}: {said}, as in {OPEN_QUOTES_MAX} rows before it"),
            ));
        }
        behind.extend_from_slice(&self.again[self.again_at..]);
        (self.again, self.again_at, self.number) = (behind, 0, line);
        let row = String::from_utf8_lossy(row.trim_ascii_end()).into_owned();
        Trouble::Row(BadRow {
            kind: "quote never closes".into(),
            line,
            column: Some(column + 1),
            rows: 1,
            reason: Refusal::field("", said),
            row,
        })
    }

    /// Reads a line, without its end; whether there was one.
    fn read_line(&mut self) -> Result<bool, Trouble> {
        self.line.clear();
        if self.again_at < self.again.len() {
            let rest = &self.again[self.again_at..];
            let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
            self.line.extend_from_slice(&rest[..end]);
            self.again_at += end;
        } else {
            let input = match &mut self.input {
                Ok(input) => input,
                Err(error) => return Err(Trouble::File(io::Error::new(error.kind(), error.to_string()))),
            };
            input.take(ROW_MAX as u64 + 1).read_until(b'\n', &mut self.line).map_err(Trouble::File)?;
        }
        if self.line.is_empty() {
            return Ok(false);
        }
        self.number += 1;
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
            if self.line.last() == Some(&b'\r') {
                self.line.pop();
            }
        } else if self.line.len() > ROW_MAX {
            return Err(self.too_long());
        }
        Ok(true)
    }

    /// Passes over the rest of a line that is too long.
    fn too_long(&mut self) -> Trouble {
        if let Ok(input) = &mut self.input
            && let Err(error) = input.skip_until(b'\n')
        {
            return Trouble::File(error);
        }
        let row = String::from_utf8_lossy(&self.line[..EXCERPT]).into_owned();
        let reason = Refusal::field("", format!("the row is longer than {ROW_MAX} bytes"));
        Trouble::Row(BadRow { kind: "row too long".into(), line: self.number, column: None, rows: 1, reason, row })
    }
}

/// Why a table of stances is not imported.
pub const DERIVED: &str = "these are stances, as `export stances` writes them: they are derived from events and are none themselves; \
    take the events of that log instead (`stancelog export events`)";

/// Whether a file begins as a table of stances does.
pub fn is_derived(first_line: &[u8]) -> bool {
    first_line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first_line).starts_with(STANCES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], shape: impl Into<Option<Shape>>) -> Vec<(u64, String)> {
        let (mut rows, mut record, mut all) = (Rows::of(text, Encoding::Utf8, shape), ByteRecord::new(), Vec::new());
        loop {
            match rows.read(&mut record) {
                Ok(Some(line)) => all.push((line, record.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join("|"))),
                Ok(None) => return all,
                Err(Trouble::Row(bad)) => all.push((bad.line, format!("{} at {:?}", bad.kind, bad.column))),
                Err(Trouble::File(error)) => {
                    all.push((0, error.to_string()));
                    return all;
                }
            }
        }
    }

    fn told(rows: &[(u64, &str)]) -> Vec<(u64, String)> {
        rows.iter().map(|(line, row)| (*line, (*row).to_owned())).collect()
    }

    #[test]
    fn rows_have_the_line_where_they_begin() {
        assert_eq!(read(b"a\tb\"\r\n\r\nc\td", Shape::Bare(b'\t')), told(&[(1, "a|b\""), (3, "c|d")]));
        let quoted = b"a,\"b\r\n\"\"x\"\"\"\n\nc,d\n5\" pipe,e";
        assert_eq!(read(quoted, Shape::Quoted(b',')), told(&[(1, "a|b\n\"x\""), (4, "c|d"), (5, "5\" pipe|e")]));
        assert_eq!(read(quoted, None), read(quoted, Shape::Quoted(b',')), "the first line tells the shape");
        assert_eq!(read(b"\n\"a\tb\"\nc,d", None), told(&[(2, "\"a|b\""), (3, "c,d")]));
    }

    #[test]
    fn a_quote_that_never_closes_costs_its_own_row() {
        let open = b"a,b\nc,\"d\ne,f\ng,h\n";
        assert_eq!(read(open, Shape::Quoted(b',')), told(&[(1, "a|b"), (2, "quote never closes at Some(2)"), (3, "e|f"), (4, "g|h")]));
        let long = ["\"open\n".to_owned(), "e,f\n".repeat(600_000)].concat();
        let rows = read(long.as_bytes(), Shape::Quoted(b','));
        assert_eq!(
            (rows.len(), rows[0].1.as_str(), &rows[600_000]),
            (600_001, "quote never closes at Some(1)", &(600_001, "e|f".to_owned()))
        );
    }

    #[test]
    fn a_file_full_of_open_quotes_is_given_up() {
        let rows = read("a\"b,\"c\n".repeat(300_000).as_bytes(), Shape::Quoted(b','));
        assert!(rows.len() < 200 && rows.last().unwrap().1.contains("never closes"), "{}", rows.len());
    }

    #[test]
    fn a_line_without_an_end_is_passed_over_and_stances_are_no_events() {
        let long = [&vec![b'x'; ROW_MAX * 3][..], b"\na,b\n"].concat();
        assert_eq!(read(&long, Shape::Bare(b',')), told(&[(1, "row too long at None"), (2, "a|b")]));
        let rows = read(b"actor,actor_name,target,target_name,stance,basis,rule\na,A,b,B,favor,declared,latest\n", Shape::Bare(b'\t'));
        assert!(rows.len() == 1 && rows[0].1.contains("derived"), "{rows:?}");
    }
}
