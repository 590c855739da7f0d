//! An excerpt: some events of a log, in memory, for whoever has no more of it.

use std::ops::ControlFlow;

use rusqlite::Connection;

use super::error::{Error, doing};
use super::read::{Reader, Row};
use super::seq::Seq;
use crate::event::Body;

/// Some events of a log at their places, read like a log with holes.
pub struct Excerpt {
    conn: Connection,
}

impl Excerpt {
    /// Takes some events; those without a body are taken as erased.
    ///
    /// # Errors
    /// [`Error::Sqlite`], where two have one place or one id.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Result<Self, Error> {
        let makes = doing("putting events together in memory");
        let conn = Connection::open_in_memory().map_err(&makes)?;
        conn.execute_batch(
            "CREATE TABLE event (seq INTEGER PRIMARY KEY, id BLOB UNIQUE, recorded_at INTEGER, leaf BLOB, body TEXT);
             CREATE TABLE erasure (seq INTEGER PRIMARY KEY, erased_by INTEGER)",
        )
        .map_err(&makes)?;
        for row in rows {
            let columns = (row.seq.0, row.id.as_bytes(), row.recorded_at.0, row.leaf, &row.body);
            conn.execute("INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5)", columns).map_err(&makes)?;
        }
        let excerpt = Self { conn };
        excerpt.note_erasures()?;
        Ok(excerpt)
    }

    /// Notes which events are erased, each with the first `erase` event here that names it.
    fn note_erasures(&self) -> Result<(), Error> {
        let notes = doing("noting which events are erased");
        let sql = "INSERT OR IGNORE INTO erasure SELECT seq, ?2 FROM event WHERE id = ?1 AND body IS NULL";
        self.reader().after(Seq::START, |row| {
            if let Some(Body::Erase(erase)) = row.event()?.map(|event| event.body) {
                for id in &erase.events {
                    let note = self.conn.prepare_cached(sql).and_then(|mut s| s.execute((id.as_bytes(), row.seq.0)));
                    note.map_err(&notes)?;
                }
            }
            Ok::<_, Error>(ControlFlow::Continue(()))
        })?;
        Ok(())
    }

    /// Its content.
    pub fn reader(&self) -> Reader<'_> {
        Reader { conn: &self.conn }
    }
}
