//! Parquet out: the columns of each kind of table, with their types, and a file that is written row group by row group.
//!
//! What is null is null. Dates stay as they were recorded, in EDTF; events have their bounds beside them, as points in time.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_json::ReaderBuilder;
use arrow_json::reader::Decoder;
use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde::Serialize;

/// So many bytes of rows as JSON, or so many rows, are turned into columns at once.
const HELD_MAX: usize = 4 << 20;
const ROWS_MAX: usize = 4096;
/// A row group is ended when its columns take so many bytes, or has so many rows.
const GROUP_MAX: usize = 16 << 20;
const GROUP_ROWS_MAX: usize = 1 << 17;

/// A row of a Parquet file: its fields, as it is serialised, are the columns.
pub trait Columnar: Serialize {
    /// The columns.
    fn columns() -> Vec<Field>;
}

/// A Parquet file that is being written. Memory is bounded whatever the number of rows.
pub struct ParquetFile<W: Write + Send> {
    writer: ArrowWriter<W>,
    decoder: Decoder,
    line: Vec<u8>,
    bytes: usize,
    rows: usize,
}

impl<W: Write + Send> ParquetFile<W> {
    /// Begins a file of rows of one kind, with what it says of itself.
    ///
    /// # Errors
    /// Those of the output.
    pub fn begin<T: Columnar>(output: W, about: &[(&str, Option<String>)]) -> io::Result<Self> {
        let schema = Arc::new(Schema::new(T::columns()));
        let about =
            about.iter().filter(|(_, value)| value.is_some()).map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone())).collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS_MAX))
            .set_created_by(format!("stancelog {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(about))
            .build();
        let writer = ArrowWriter::try_new(output, Arc::clone(&schema), Some(properties)).map_err(io::Error::other)?;
        // A field that is no column would be lost in silence.
        let decoder =
            ReaderBuilder::new(schema).with_batch_size(ROWS_MAX).with_strict_mode(true).build_decoder().map_err(io::Error::other)?;
        Ok(Self { writer, decoder, line: Vec::new(), bytes: 0, rows: 0 })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Those of the output.
    pub fn row(&mut self, row: &impl Columnar) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, row)?;
        self.line.push(b'\n');
        let mut rest = &self.line[..];
        while !rest.is_empty() {
            let taken = self.decoder.decode(rest).map_err(io::Error::other)?;
            rest = &rest[taken..];
            if taken == 0 {
                break;
            }
        }
        self.bytes += self.line.len();
        self.rows += 1;
        if self.bytes >= HELD_MAX || self.rows >= ROWS_MAX { self.hand_on() } else { Ok(()) }
    }

    /// Turns the rows that are held into columns.
    fn hand_on(&mut self) -> io::Result<()> {
        (self.bytes, self.rows) = (0, 0);
        if let Some(batch) = self.decoder.flush().map_err(io::Error::other)? {
            self.writer.write(&batch).map_err(io::Error::other)?;
        }
        if self.writer.in_progress_size() >= GROUP_MAX { self.writer.flush().map_err(io::Error::other) } else { Ok(()) }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Those of the output.
    pub fn end(mut self) -> io::Result<()> {
        self.hand_on()?;
        self.writer.close().map(drop).map_err(io::Error::other)
    }
}

/// A column that always has a value.
pub(super) fn given(name: &str, kind: DataType) -> Field {
    Field::new(name, kind, false)
}

/// A column that may be null.
pub(super) fn maybe(name: &str, kind: DataType) -> Field {
    Field::new(name, kind, true)
}

/// Text.
pub(super) const TEXT: DataType = DataType::Utf8;

/// A point in time, to the microsecond, UTC: by its offset, as names of zones would need a table of all of them.
pub(super) fn instant() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()))
}

/// A list of values that are all there.
pub(super) fn list(kind: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("element", kind, false)))
}

/// A list of records.
pub(super) fn records(fields: Vec<Field>) -> DataType {
    list(DataType::Struct(Fields::from(fields)))
}
