//! Erasing: the content of events destroyed in the file, behind a recorded `erase` event; and copies of the file.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::append::{Append, heed_triggers};
use super::error::{BUSY_MS, Error, doing};
use super::read::{Log, Reader};
use super::seq::Seq;

impl Append<'_> {
    /// Destroys body and salt of an event, behind the `erase` event at `by`, in this append's transaction. Whether this is
    /// its first erasure.
    ///
    /// What stood there is gone from the file and its journal when the append is committed.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn erase(&mut self, seq: Seq, by: Seq) -> Result<bool, Error> {
        let erases = doing("erasing the content of an event");
        let conn = self.reader().conn;
        heed_triggers(conn, true)?;
        let sql = "INSERT INTO erasure (seq, erased_by) SELECT seq, ?2 FROM event WHERE seq = ?1 AND seq NOT IN (SELECT seq FROM erasure)";
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

/// Leaves nothing of erased content in the file and its journal: both are written anew, and that is put on record.
///
/// Pages may hold remains of rows that SQLite moved long before they were erased, where no overwriting reaches them; so
/// the whole file is written anew from its rows. It takes as long as copying the log. Should we die before the end, the
/// record is not there, and whoever opens the log for writing next begins again.
pub(super) fn scrub(conn: &Connection) -> Result<(), Error> {
    let scrubs = doing("writing the log's file anew after an erasure");
    heed_triggers(conn, true)?;
    // What somebody else erases meanwhile is not ours to put on record.
    let last: Option<i64> = conn.query_row("SELECT max(erased_by) FROM erasure", [], |row| row.get(0)).map_err(&scrubs)?;
    conn.execute_batch("VACUUM").map_err(&scrubs)?;
    truncate(conn)?;
    let Some(last) = last else { return Ok(()) };
    let is_last = "?1 = (SELECT max(erased_by) FROM erasure)";
    let updated = conn.execute(&format!("UPDATE scrub SET erased_by = ?1 WHERE erased_by < ?1 AND {is_last}"), [last]).map_err(&scrubs)?;
    if updated == 0 {
        let sql = format!("INSERT INTO scrub SELECT 1, ?1 WHERE {is_last} AND NOT EXISTS (SELECT 1 FROM scrub)");
        conn.execute(&sql, [last]).map_err(scrubs)?;
    }
    Ok(())
}

/// Moves the journal into the file and empties it, which nobody who reads an older state may keep it from.
fn truncate(conn: &Connection) -> Result<(), Error> {
    let empties = doing("emptying the log's journal after an erasure");
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(empties)?;
    if busy == 0 { Ok(()) } else { Err(Error::Reading) }
}

/// Ends what an earlier process began: it erased something, and came to its end before the file was rid of it. Whether
/// there was anything to do, done or not.
///
/// What keeps it from being done now (somebody who reads, a full disk) is no reason not to open the log.
pub(super) fn finish(conn: &Connection) -> Result<bool, Error> {
    if !(Reader { conn }).is_scrub_due()? {
        return Ok(false);
    }
    // Writing the file anew is of no use, and takes its time, while somebody reads: so that is asked first, without waiting.
    let sets = doing("looking whether the log's file can be written anew");
    conn.busy_timeout(Duration::ZERO).map_err(&sets)?;
    let is_free = truncate(conn).is_ok();
    conn.busy_timeout(Duration::from_millis(BUSY_MS)).map_err(sets)?;
    if is_free {
        // Where this fails, the next one who opens the log tries again; `status` and `audit verify` tell until then.
        let _ = scrub(conn);
    }
    Ok(true)
}

impl Reader<'_> {
    /// The `erase` event that destroyed the content of the event at a place; nothing where none did.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn erased_by(&self, seq: Seq) -> Result<Option<Seq>, Error> {
        let sql = "SELECT erased_by FROM erasure WHERE seq = ?1";
        let read = self.conn.prepare_cached(sql).and_then(|mut s| s.query_row([seq.0], |row| row.get(0).map(Seq)).optional());
        read.map_err(doing("looking by what an event was erased"))
    }

    /// Whether the file keeps on record that it was written anew; one of an older layout does not.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn has_scrubs(&self) -> Result<bool, Error> {
        self.has_table("scrub")
    }

    /// Whether text that was erased may still stand in the file, as it was not written anew since. A file of an older
    /// layout does not know.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn is_scrub_due(&self) -> Result<bool, Error> {
        let looks = doing("looking whether the log's file is rid of what was erased");
        if !self.has_scrubs()? {
            return Ok(false);
        }
        let sql = "SELECT ifnull((SELECT max(erased_by) FROM erasure), 0) > ifnull((SELECT max(erased_by) FROM scrub), 0)";
        self.conn.prepare_cached(sql).and_then(|mut s| s.query_row([], |row| row.get(0))).map_err(looks)
    }
}

impl Log {
    /// Leaves nothing of erased content in the file and its journal, where a first try could not, as somebody was reading.
    ///
    /// # Errors
    /// [`Error::Reading`] while another process keeps reading an older state; [`Error::Busy`], [`Error::Sqlite`].
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EventId, Micros};

    #[test]
    fn an_erasure_is_held_against_what_the_file_demands_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::open(&folder.path().join("stances.db")).unwrap();
        let mut append = log.begin().unwrap();
        for id in [1, 2] {
            append.store(EventId::from_bytes([id; 16]), r#"{"type":"stance"}"#, Micros(1)).unwrap();
        }
        let refused = append.erase(Seq(1), Seq(2)).unwrap_err().to_string();
        assert!(refused.contains("erasing the content of an event"), "no `erase` event names it: {refused}");
        drop(append);
        assert_eq!(log.reader().head().unwrap(), Seq::START);
    }
}
