//! Erasing: the content of events destroyed in the file, behind a recorded `erase` event; and copies of the file.

use std::path::Path;

use rusqlite::Connection;

use super::append::Append;
use super::error::{Error, doing};
use super::read::Log;
use super::seq::Seq;

impl Append<'_> {
    /// Destroys body and salt of an event, behind the `erase` event at `by`, in this append's transaction. Whether there
    /// was anything left to destroy.
    ///
    /// What stood there is gone from the file and its journal when the append is committed.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn erase(&mut self, seq: Seq, by: Seq) -> Result<bool, Error> {
        let erases = doing("erasing the content of an event");
        let conn = self.reader().conn;
        let sql = "INSERT INTO erasure (seq, erased_by) SELECT seq, ?2 FROM event WHERE seq = ?1 AND body IS NOT NULL";
        if conn.prepare_cached(sql).and_then(|mut s| s.execute((seq.0, by.0))).map_err(&erases)? == 0 {
            return Ok(false);
        }
        // The connection has secure_delete on: what SQLite frees, it overwrites with zeros.
        let sql = "UPDATE event SET body = NULL, salt = NULL WHERE seq = ?1";
        conn.prepare_cached(sql).and_then(|mut s| s.execute([seq.0])).map_err(erases)?;
        self.erased = true;
        Ok(true)
    }
}

/// Leaves nothing of erased content in the file and its journal: both are written anew.
///
/// Pages may hold remains of rows that SQLite moved long before they were erased, where no overwriting reaches them; so
/// the whole file is written anew from its rows. It takes as long as copying the log.
pub(super) fn scrub(conn: &Connection) -> Result<(), Error> {
    let scrubs = doing("writing the log's file anew after an erasure");
    conn.execute_batch("VACUUM").map_err(&scrubs)?;
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(scrubs)?;
    if busy == 0 { Ok(()) } else { Err(Error::NotScrubbed) }
}

impl Log {
    /// Leaves nothing of erased content in the file and its journal, where a first try could not, as somebody was reading.
    ///
    /// # Errors
    /// [`Error::NotScrubbed`] while another process keeps reading an older state; [`Error::Busy`], [`Error::Sqlite`].
    pub fn scrub(&mut self) -> Result<(), Error> {
        scrub(&self.conn)
    }

    /// Writes a copy of the log as it stands now, safe while others write.
    ///
    /// # Errors
    /// [`Error::Sqlite`]; a file that is there already is refused.
    pub fn copy_to(&self, path: &Path) -> Result<(), Error> {
        let text = path.to_str().ok_or_else(|| Error::Foreign { path: path.to_owned(), reason: "its name is not UTF-8".to_owned() })?;
        self.conn.execute("VACUUM INTO ?1", [text]).map(|_| ()).map_err(doing("copying the log"))
    }
}
