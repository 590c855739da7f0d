//! Appending: one transaction that stores a batch whole or not at all.

use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection};

use super::error::{Error, doing};
use super::leaf::{SALT_LEN, body_hash, header, leaf_hash};
use super::read::{Log, Reader, Row};
use super::seq::Seq;
use super::tree;
use crate::event::{EventId, Micros};
use crate::merkle::{Appender, Hash};

/// Salts are drawn for so many events at once: those of a commit that many callers share.
const SALT_POOL: usize = 16 * SALT_LEN;

/// An append under way. Dropped without [`Append::commit`], nothing of it exists.
pub struct Append<'a> {
    conn: &'a Connection,
    poisoned: &'a mut bool,
    /// Where the log keeps the edge of its tree between appends.
    edge: &'a mut Option<Appender>,
    /// The tree as this append grows it.
    tree: Appender,
    insert: Option<CachedStatement<'a>>,
    head: Seq,
    last_recorded_at: Micros,
    salts: Vec<u8>,
    open: bool,
    /// Whether content was erased, which the file must be rid of after the commit.
    pub(super) erased: bool,
}

/// Where an append stood when [`Append::mark`] was called.
pub struct Mark {
    head: Seq,
    last_recorded_at: Micros,
    tree: Appender,
    erased: bool,
}

impl<'a> Append<'a> {
    pub(super) fn begin(log: &'a mut Log) -> Result<Self, Error> {
        let Log { conn, poisoned, edge, .. } = log;
        if *poisoned {
            return Err(Error::Poisoned);
        }
        heed_triggers(conn, false)?;
        conn.execute_batch("BEGIN IMMEDIATE").map_err(doing("beginning an append"))?;
        // From here on the transaction is open: whatever fails, dropping this value rolls it back.
        let (insert, head, last_recorded_at, salts) = (None, Seq::START, Micros::MIN, Vec::new());
        // The edge is the log's again only after a commit, so that it never runs ahead of the file.
        let (known, tree) = (edge.take(), Appender::empty());
        let (open, erased) = (true, false);
        let mut append = Self { conn, poisoned, edge, tree, insert, head, last_recorded_at, salts, open, erased };
        append.head = append.reader().head()?;
        if let Some(last) = append.reader().at(append.head)? {
            append.last_recorded_at = last.recorded_at;
        }
        // The edge that the last append left is the file's, unless another process has appended since.
        let size = append.head.tree_size()?;
        append.tree = match known.filter(|edge| edge.head().size == size) {
            Some(edge) => edge,
            None => tree::open(append.conn, append.head)?,
        };
        let sql = "INSERT OR FAIL INTO event (seq, id, recorded_at, header, leaf, salt, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        append.insert = Some(append.conn.prepare_cached(sql).map_err(doing("preparing to store events"))?);
        Ok(append)
    }

    /// The log's content, what was stored in this append included.
    pub fn reader(&self) -> Reader<'_> {
        Reader { conn: self.conn }
    }

    /// The place of the last event, what was stored in this append included.
    pub fn head(&self) -> Seq {
        self.head
    }

    /// Refuses to go on unless the head is where the caller expects it.
    ///
    /// # Errors
    /// [`Error::HeadMoved`].
    pub fn expect_head(&self, expected: Option<Seq>) -> Result<(), Error> {
        match expected {
            Some(expected) if expected != self.head => Err(Error::HeadMoved { expected, head: self.head }),
            Some(_) | None => Ok(()),
        }
    }

    /// Stores one event at the end of the log, as of `now` or, where the clock stepped back, as of the event before it.
    /// What comes back is its row without its content.
    ///
    /// # Errors
    /// [`Error::IdTaken`], after which the append is as it was before; [`Error::Sqlite`], [`Error::Random`].
    pub fn store(&mut self, id: EventId, body: &str, now: Micros) -> Result<Row, Error> {
        let salt = self.salt()?;
        self.insert_row(id, Some((&salt, body)), &body_hash(&salt, body.as_bytes()), now)
    }

    fn insert_row(&mut self, id: EventId, content: Option<(&[u8], &str)>, body_hash: &[u8; 32], now: Micros) -> Result<Row, Error> {
        let seq = self.head.next();
        let recorded_at = now.max(self.last_recorded_at);
        let header = header(seq, id, recorded_at, body_hash);
        let leaf = leaf_hash(&header);
        let (salt, body) = content.unzip();
        let row = (seq.0, id.as_bytes(), recorded_at.0, &header[..], &leaf[..], salt, body);
        let insert = self.insert.as_mut().ok_or(Error::Poisoned)?;
        insert.execute(row).map_err(|source| match source.sqlite_error_code() {
            // The file refuses two things of an insert: a seq that is not the next one, which this is, and a known id.
            Some(rusqlite::ErrorCode::ConstraintViolation) => Error::IdTaken { id },
            Some(_) | None => doing("storing an event")(source),
        })?;
        self.tree.push(Hash(leaf))?;
        (self.head, self.last_recorded_at) = (seq, recorded_at);
        Ok(Row { seq, id, recorded_at, leaf, body: None })
    }

    /// Marks the place that [`Append::back_to`] goes back to, until [`Append::keep`].
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn mark(&mut self) -> Result<Mark, Error> {
        self.conn.execute_batch("SAVEPOINT mark").map_err(doing("marking a place in an append"))?;
        Ok(Mark { head: self.head, last_recorded_at: self.last_recorded_at, tree: self.tree.clone(), erased: self.erased })
    }

    /// Keeps what was stored since the mark.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn keep(&mut self, _: Mark) -> Result<(), Error> {
        self.conn.execute_batch("RELEASE mark").map_err(doing("keeping a part of an append"))
    }

    /// Undoes what was stored since the mark.
    ///
    /// # Errors
    /// [`Error::Sqlite`], after which the append must be dropped.
    pub fn back_to(&mut self, mark: Mark) -> Result<(), Error> {
        self.conn.execute_batch("ROLLBACK TO mark; RELEASE mark").map_err(doing("undoing a part of an append"))?;
        let Mark { head, last_recorded_at, tree, erased } = mark;
        (self.head, self.last_recorded_at, self.tree, self.erased) = (head, last_recorded_at, tree, erased);
        Ok(())
    }

    /// Stores an event of another log whose content was erased there: its id, and the hash of its content. An erasure that
    /// names it has to follow in the same append.
    ///
    /// # Errors
    /// As for [`Append::store`].
    pub fn store_gone(&mut self, id: EventId, body_hash: &[u8; 32], now: Micros) -> Result<Row, Error> {
        self.insert_row(id, None, body_hash, now)
    }

    fn salt(&mut self) -> Result<[u8; SALT_LEN], Error> {
        if self.salts.is_empty() {
            self.salts.resize(SALT_POOL, 0);
            getrandom::fill(&mut self.salts).map_err(|source| Error::Random { source })?;
        }
        let mut salt = [0; SALT_LEN];
        let left = self.salts.len() - SALT_LEN;
        salt.copy_from_slice(&self.salts[left..]);
        self.salts.truncate(left);
        Ok(salt)
    }

    /// Makes the append durable. Until this returns, nothing of it exists; after it returned, nothing can undo it.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Sqlite`]. Where the failure leaves open what happened, the log's handle is poisoned.
    /// [`Error::NotScrubbed`] where the append stands, but text that it erased may still be in the file.
    pub fn commit(mut self) -> Result<Seq, Error> {
        // If this fails, dropping `self` rolls back events and tiles together.
        tree::write(self.conn, &mut self.tree)?;
        self.open = false;
        self.insert = None;
        let Err(source) = self.conn.execute_batch("COMMIT") else {
            *self.edge = Some(std::mem::replace(&mut self.tree, Appender::empty()));
            // The commit stands, whatever comes of this: a failure here says that the text may still be in the file.
            let scrubbed = if self.erased { super::erase::scrub(self.conn) } else { Ok(()) };
            return scrubbed.map(|()| self.head).map_err(|source| Error::NotScrubbed { head: self.head, source: Box::new(source) });
        };
        // If SQLite still has the transaction, nothing happened and it can be undone; if it is gone, only the file
        // knows whether the commit took effect.
        let undone = !self.conn.is_autocommit() && self.conn.execute_batch("ROLLBACK").is_ok();
        *self.poisoned = !undone;
        Err(doing("committing an append")(source))
    }
}

/// Says whether this connection's own statements are held against the triggers that keep the file append-only.
///
/// Everybody else's always are. Appending only adds events at the end, with numbers of its own and ids that the table keeps
/// unique, and hashes at the end of tiles; to hold each event against the triggers as well takes a good part of the time of
/// storing it. What erases is held against them.
pub(super) fn heed_triggers(conn: &Connection, heeds: bool) -> Result<(), Error> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, heeds).map(|_| ()).map_err(doing("asking for the file's triggers"))
}

impl Drop for Append<'_> {
    fn drop(&mut self) {
        self.insert = None;
        if self.open && !self.conn.is_autocommit() && self.conn.execute_batch("ROLLBACK").is_err() {
            *self.poisoned = true;
        }
    }
}
