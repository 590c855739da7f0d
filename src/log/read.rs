//! Reading the log: the head, single events, everything after a place.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::append::Append;
use super::error::{Error, doing};
use super::open;
use super::seq::Seq;
use crate::event::{Event, EventId, Micros, parse_stored};
use crate::merkle::Appender;

/// One event as it is stored.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Its place.
    pub seq: Seq,
    /// Its id.
    pub id: EventId,
    /// When the log learned of it.
    pub recorded_at: Micros,
    /// Its leaf hash.
    pub leaf: [u8; 32],
    /// Its canonical JSON; nothing once its content was erased.
    pub body: Option<String>,
}

impl Row {
    /// The event itself; nothing once its content was erased.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the body is no event.
    pub fn event(&self) -> Result<Option<Event>, Error> {
        let Some(body) = &self.body else { return Ok(None) };
        let damaged = |e: serde_json::Error| Error::Damaged { seq: self.seq, reason: format!("its body is no event: {e}") };
        parse_stored(self.id, body).map(Some).map_err(damaged)
    }
}

const COLUMNS: &str = "seq, id, recorded_at, leaf, body";

fn row_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        seq: Seq(row.get(0)?),
        id: EventId::from_bytes(row.get(1)?),
        recorded_at: Micros(row.get(2)?),
        leaf: row.get(3)?,
        body: row.get(4)?,
    })
}

/// A view of the log's content: of a whole log, or of one in the middle of an append.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub(super) conn: &'a Connection,
}

impl Reader<'_> {
    /// Whether the file has a table, which one of an older layout may not have.
    pub(super) fn has_table(&self, name: &str) -> Result<bool, Error> {
        let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
        self.conn.prepare_cached(sql).and_then(|mut s| s.exists([name])).map_err(doing("looking how the log is laid out"))
    }

    /// The place of the last event; [`Seq::START`] for an empty log.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn head(&self) -> Result<Seq, Error> {
        // The greatest of the file's own is found at once, also where what is tried beside it stands behind.
        let sql = "SELECT ifnull(max(seq), 0) FROM event WHERE seq >= ifnull((SELECT max(seq) FROM main.event), 0)";
        self.conn.prepare_cached(sql).and_then(|mut s| s.query_row([], |row| row.get(0))).map(Seq).map_err(doing("reading the log's head"))
    }

    /// How many events' content was erased.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn erased(&self) -> Result<u64, Error> {
        let counts = doing("counting erasures");
        let mut statement = self.conn.prepare_cached("SELECT count(*) FROM erasure").map_err(&counts)?;
        statement.query_row([], |row| row.get::<_, i64>(0)).map(|n| n.unsigned_abs()).map_err(counts)
    }

    /// The places of the `erase` events that destroyed something.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn erasing(&self) -> Result<Vec<Seq>, Error> {
        let reads = doing("looking for erasures");
        let mut statement = self.conn.prepare_cached("SELECT DISTINCT erased_by FROM erasure ORDER BY 1").map_err(&reads)?;
        statement.query_map([], |row| row.get(0).map(Seq)).and_then(Iterator::collect).map_err(reads)
    }

    /// The event at a place.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn at(&self, seq: Seq) -> Result<Option<Row>, Error> {
        self.one(&format!("SELECT {COLUMNS} FROM event WHERE seq = ?1"), [seq.0])
    }

    /// The bytes that the leaf of the event at a place is the hash of.
    ///
    /// # Errors
    /// [`Error::Sqlite`]; [`Error::Damaged`] where there is no such event.
    pub fn header(&self, seq: Seq) -> Result<Vec<u8>, Error> {
        self.column("header", seq)?.ok_or_else(|| Error::Damaged { seq, reason: "it is missing".to_owned() })
    }

    /// The salt of the event at a place; nothing once its content was erased.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn salt(&self, seq: Seq) -> Result<Option<Vec<u8>>, Error> {
        self.column("salt", seq)
    }

    fn column(&self, column: &str, seq: Seq) -> Result<Option<Vec<u8>>, Error> {
        let sql = format!("SELECT {column} FROM event WHERE seq = ?1");
        let read = self.conn.prepare_cached(&sql).and_then(|mut s| s.query_row([seq.0], |row| row.get(0)).optional());
        read.map(Option::flatten).map_err(doing("reading what is hashed for an event"))
    }

    /// The event with an id.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn by_id(&self, id: EventId) -> Result<Option<Row>, Error> {
        self.one(&format!("SELECT {COLUMNS} FROM event WHERE id = ?1"), [id.as_bytes()])
    }

    fn one(&self, sql: &str, key: impl rusqlite::Params) -> Result<Option<Row>, Error> {
        let reads = doing("reading an event");
        let mut statement = self.conn.prepare_cached(sql).map_err(&reads)?;
        statement.query_row(key, row_of).optional().map_err(reads)
    }

    /// The events whose ids lie between two (both included), at most `limit`.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn by_id_range(&self, first: EventId, last: EventId, limit: usize) -> Result<Vec<Row>, Error> {
        let reads = doing("looking up events by id");
        let sql = format!("SELECT {COLUMNS} FROM event WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3");
        let mut statement = self.conn.prepare_cached(&sql).map_err(&reads)?;
        let rows = statement.query_map((first.as_bytes(), last.as_bytes(), limit as i64), row_of).map_err(&reads)?;
        rows.collect::<rusqlite::Result<_>>().map_err(reads)
    }

    /// Visits the events after a place, in order, until the visitor has enough. Returns the place reached.
    ///
    /// # Errors
    /// [`Error::Sqlite`], and the visitor's own.
    pub fn after<E: From<Error>>(&self, after: Seq, visit: impl FnMut(Row) -> Result<ControlFlow<()>, E>) -> Result<Seq, E> {
        self.walk(&format!("SELECT {COLUMNS} FROM event WHERE seq > ?1 ORDER BY seq"), after, visit)
    }

    /// Visits the events before a place, the last one first, until the visitor has enough. Returns the place reached.
    ///
    /// # Errors
    /// [`Error::Sqlite`], and the visitor's own.
    pub fn before<E: From<Error>>(&self, before: Seq, visit: impl FnMut(Row) -> Result<ControlFlow<()>, E>) -> Result<Seq, E> {
        self.walk(&format!("SELECT {COLUMNS} FROM event WHERE seq < ?1 ORDER BY seq DESC"), before, visit)
    }

    fn walk<E: From<Error>>(&self, sql: &str, from: Seq, mut visit: impl FnMut(Row) -> Result<ControlFlow<()>, E>) -> Result<Seq, E> {
        let reads = doing("reading the log");
        let mut statement = self.conn.prepare_cached(sql).map_err(&reads)?;
        let mut rows = statement.query([from.0]).map_err(&reads)?;
        let mut reached = from;
        while let Some(row) = rows.next().map_err(&reads)? {
            let row = row_of(row).map_err(&reads)?;
            let seq = row.seq;
            let flow = visit(row)?;
            reached = seq;
            if flow.is_break() {
                break;
            }
        }
        Ok(reached)
    }

    /// The last place whose event was recorded at or before an instant; [`Seq::START`] when there is none.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn known_at(&self, instant: Micros) -> Result<Seq, Error> {
        // recorded_at never decreases along seq, so the place is found by halving, without an index of its own.
        let (mut known, mut beyond) = (0, self.head()?.0 + 1);
        while beyond - known > 1 {
            let middle = known + (beyond - known) / 2;
            match self.at(Seq(middle))? {
                Some(row) if row.recorded_at <= instant => known = middle,
                Some(_) => beyond = middle,
                None => return Err(Error::Damaged { seq: Seq(middle), reason: "it is missing".to_owned() }),
            }
        }
        Ok(Seq(known))
    }
}

/// An open log.
pub struct Log {
    pub(super) conn: Connection,
    path: PathBuf,
    pub(super) poisoned: bool,
    /// The right edge of the tree as the last append of this handle left it.
    pub(super) edge: Option<Appender>,
    /// Whether an earlier process had left an erasure unfinished, which opening the log ended, or tried to.
    was_unfinished: bool,
}

impl Log {
    /// Opens a log for questions only. Never creates or changes the file.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Open`], [`Error::Foreign`].
    pub fn open_read_only(path: &Path) -> Result<Self, Error> {
        Ok(Self { conn: open::for_reading(path)?, path: path.to_owned(), poisoned: false, edge: None, was_unfinished: false })
    }

    /// Opens a log for appending, and creates it where there is none. Where an earlier process erased something and came
    /// to its end before the file was rid of it, that is done first.
    ///
    /// # Errors
    /// [`Error::Open`], [`Error::Foreign`], [`Error::Busy`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        let conn = open::for_writing(path)?;
        let was_unfinished = super::erase::finish(&conn)?;
        Ok(Self { conn, path: path.to_owned(), poisoned: false, edge: None, was_unfinished })
    }

    /// Whether an earlier process had left an erasure unfinished when this one opened the log: what it erased may stand in
    /// other places, too.
    pub fn was_unfinished(&self) -> bool {
        self.was_unfinished
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The log's content.
    pub fn reader(&self) -> Reader<'_> {
        Reader { conn: &self.conn }
    }

    /// Moves what was committed from SQLite's journal into the file proper, which is otherwise left to a later commit or to
    /// the closing of the log. What others still read stays in the journal.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Sqlite`]; nothing is lost or undone by it.
    pub fn settle(&self) -> Result<(), Error> {
        self.conn.execute_batch("PRAGMA wal_checkpoint(PASSIVE)").map_err(doing("settling the log's journal"))
    }

    /// Lets SQLite's journal grow to some 50 MB before it is moved into the file: less work for whoever appends a lot at once.
    /// With few appends at a time it had better stay short, as writing over what is there is sooner on disk than a longer file.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn expect_many(&self) -> Result<(), Error> {
        self.conn.pragma_update(None, "wal_autocheckpoint", 6000).map_err(doing("letting the log's journal grow"))
    }

    /// Begins an append: from here to its end no other process writes.
    ///
    /// # Errors
    /// [`Error::Busy`] when another process keeps writing, [`Error::Poisoned`] after a commit with an unknown outcome.
    pub fn begin(&mut self) -> Result<Append<'_>, Error> {
        Append::begin(self)
    }
}
