//! Looking at the file as it is, whatever it should be: for audits, which trust nothing that stands there.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::error::{Error, doing};
use super::open;
use super::read::{Log, Reader};

/// A stored value as it is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number that is none of the log's.
    Real(f64),
    /// Text, which need not be UTF-8.
    Text(&'a [u8]),
    /// Bytes.
    Blob(&'a [u8]),
}

impl<'a> From<ValueRef<'a>> for Cell<'a> {
    fn from(value: ValueRef<'a>) -> Self {
        match value {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(number) => Cell::Integer(number),
            ValueRef::Real(number) => Cell::Real(number),
            ValueRef::Text(text) => Cell::Text(text),
            ValueRef::Blob(bytes) => Cell::Blob(bytes),
        }
    }
}

/// A row of the table of events, column by column.
#[derive(Clone, Copy, Debug)]
pub struct RawEvent<'a> {
    /// Its key.
    pub seq: i64,
    /// 16 bytes, if all is well.
    pub id: Cell<'a>,
    /// A number.
    pub recorded_at: Cell<'a>,
    /// 65 bytes.
    pub header: Cell<'a>,
    /// 32 bytes.
    pub leaf: Cell<'a>,
    /// 16 bytes, or nothing.
    pub salt: Cell<'a>,
    /// Text, or nothing.
    pub body: Cell<'a>,
    /// Whether an erasure stands for it.
    pub erased: bool,
}

/// A row of the table of tiles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RawTile {
    /// Its level.
    pub level: i64,
    /// Its place in the level.
    pub place: i64,
    /// How many bytes it has; nothing where it is of something else.
    pub length: Option<i64>,
}

/// How a file is laid out: what makes it a log, its tables, indexes and triggers, and by which texts they were made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// How many layouts it has gone through.
    pub version: i64,
    /// The SHA-256 of each layout's text, by number.
    pub migrations: BTreeMap<i64, Vec<u8>>,
    /// The table and the text of each table, index and trigger, by kind and name.
    pub objects: BTreeMap<(String, String), (String, String)>,
}

impl Layout {
    /// The layout that this program gives a file, at one of its versions.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn shipped(version: i64) -> Result<Self, Error> {
        let conn = Connection::open_in_memory().map_err(doing("opening a database in memory"))?;
        open::migrate(&conn, std::path::Path::new(":memory:"), usize::try_from(version).unwrap_or(usize::MAX))?;
        Self::of(&conn)
    }

    fn of(conn: &Connection) -> Result<Self, Error> {
        let reads = doing("reading how the log is laid out");
        let version = conn.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(&reads)?;
        let mut statement = conn.prepare("SELECT version, sha256 FROM migration").map_err(&reads)?;
        let migrations = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).and_then(Iterator::collect).map_err(&reads)?;
        // Indexes that SQLite makes for a constraint have no text; statistics may be gathered by anybody.
        let sql = "SELECT type, name, tbl_name, ifnull(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'";
        let mut statement = conn.prepare(sql).map_err(&reads)?;
        let object = |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)));
        let objects = statement.query_map([], object).and_then(Iterator::collect).map_err(reads)?;
        Ok(Self { version, migrations, objects })
    }
}

impl Reader<'_> {
    /// How the file is laid out.
    ///
    /// # Errors
    /// [`Error::Sqlite`], [`Error::Corrupt`].
    pub fn layout(&self) -> Result<Layout, Error> {
        Layout::of(self.conn)
    }

    /// Visits so many rows of the table of events by their key, from a key on.
    ///
    /// # Errors
    /// [`Error::Sqlite`], [`Error::Corrupt`], and the visitor's own.
    pub fn raw_events<E: From<Error>>(&self, from: i64, limit: u32, mut visit: impl FnMut(RawEvent<'_>) -> Result<(), E>) -> Result<(), E> {
        // Most logs have no erasure, and looking for one at each event takes its time.
        let has_erased = self.erased()? > 0;
        let (erased, joined) =
            if has_erased { (", erasure.seq IS NOT NULL", "LEFT JOIN erasure ON erasure.seq = e.seq") } else { ("", "") };
        let columns = "e.seq, e.id, e.recorded_at, e.header, e.leaf, e.salt, e.body";
        let sql = format!("SELECT {columns}{erased} FROM event e {joined} WHERE e.seq >= {from} ORDER BY e.seq LIMIT {limit}");
        self.each("reading the events as they are", &sql, |row| {
            let cell = |column| row.get_ref(column).map(Cell::from);
            let (id, recorded_at, header, leaf) = (cell(1)?, cell(2)?, cell(3)?, cell(4)?);
            let (salt, body, erased) = (cell(5)?, cell(6)?, has_erased && row.get(7)?);
            Ok(visit(RawEvent { seq: row.get(0)?, id, recorded_at, header, leaf, salt, body, erased }))
        })
    }

    /// Visits the index of ids in its order: each id with the seq that it leads to.
    ///
    /// # Errors
    /// [`Error::Sqlite`], [`Error::Corrupt`], and the visitor's own.
    pub fn raw_ids<E: From<Error>>(&self, mut visit: impl FnMut((Cell<'_>, i64)) -> Result<(), E>) -> Result<(), E> {
        let sql = "SELECT id, seq FROM event INDEXED BY sqlite_autoindex_event_1 ORDER BY id";
        self.each("reading the index of ids", sql, |row| Ok(visit((row.get_ref(0)?.into(), row.get(1)?))))
    }

    /// Visits every tile by level and place: whether it is of bytes, and how many, which is told without reading them.
    ///
    /// # Errors
    /// [`Error::Sqlite`], [`Error::Corrupt`], and the visitor's own.
    pub fn raw_tiles<E: From<Error>>(&self, mut visit: impl FnMut(RawTile) -> Result<(), E>) -> Result<(), E> {
        let sql = "SELECT level, place, CASE typeof(hashes) WHEN 'blob' THEN length(hashes) END FROM tile ORDER BY level, place";
        self.each("reading the tiles as they are", sql, |row| {
            Ok(visit(RawTile { level: row.get(0)?, place: row.get(1)?, length: row.get(2)? }))
        })
    }

    /// Visits every erasure: which event, by which.
    ///
    /// # Errors
    /// [`Error::Sqlite`], [`Error::Corrupt`], and the visitor's own.
    pub fn raw_erasures<E: From<Error>>(&self, mut visit: impl FnMut((i64, i64)) -> Result<(), E>) -> Result<(), E> {
        let sql = "SELECT seq, erased_by FROM erasure ORDER BY seq";
        self.each("reading the erasures as they are", sql, |row| Ok(visit((row.get(0)?, row.get(1)?))))
    }

    /// Visits every record of the file's having been written anew: its key, and the last `erase` event before it. A file of
    /// an older layout has none.
    ///
    /// # Errors
    /// [`Error::Sqlite`], [`Error::Corrupt`], and the visitor's own.
    pub fn raw_scrubs<E: From<Error>>(&self, mut visit: impl FnMut((i64, i64)) -> Result<(), E>) -> Result<(), E> {
        let sql = "SELECT one, erased_by FROM scrub ORDER BY one";
        self.each("reading when the file was written anew", sql, |row| Ok(visit((row.get(0)?, row.get(1)?))))
    }

    /// Hands on row by row; what SQLite says is wrong with a row is told as such, what the visitor says is its own.
    fn each<E: From<Error>>(
        &self,
        what: &'static str,
        sql: &str,
        mut visit: impl FnMut(&Row<'_>) -> rusqlite::Result<Result<(), E>>,
    ) -> Result<(), E> {
        let reads = doing(what);
        let mut statement = self.conn.prepare(sql).map_err(&reads)?;
        let mut rows = statement.query([]).map_err(&reads)?;
        while let Some(row) = rows.next().map_err(&reads)? {
            visit(row).map_err(&reads)??;
        }
        Ok(())
    }
}

/// The log as it stands when this begins, until it is dropped, whatever others append.
pub struct Standstill<'a>(&'a Log);

impl Log {
    /// Begins to read the log as it stands now.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Sqlite`].
    pub fn stand_still(&self) -> Result<Standstill<'_>, Error> {
        self.conn.execute_batch("BEGIN").map_err(doing("beginning to read the log"))?;
        Ok(Standstill(self))
    }
}

impl Drop for Standstill<'_> {
    fn drop(&mut self) {
        // Ending a read transaction changes nothing, and the connection ends it anyhow when it is closed.
        let _ = self.0.conn.execute_batch("COMMIT");
    }
}
