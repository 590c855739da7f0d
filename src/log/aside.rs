//! A log to try an append on: what it stores stands beside the file, and nothing of it stays.

use std::path::Path;

use super::error::{Error, doing};
use super::read::Log;

/// In front of the file's events stand those of a table that only this connection has, which takes what is appended. Names
/// without a schema are looked up there first.
const ASIDE: &str = "
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE aside (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, recorded_at, header, leaf, salt, body);
CREATE TEMP VIEW event AS
SELECT seq, id, recorded_at, header, leaf, salt, body FROM main.event
UNION ALL SELECT seq, id, recorded_at, header, leaf, salt, body FROM aside;
CREATE TEMP TRIGGER event_stands_aside INSTEAD OF INSERT ON event BEGIN
  SELECT RAISE(FAIL, 'the id is known') FROM main.event WHERE id = NEW.id;
  INSERT INTO aside VALUES (NEW.seq, NEW.id, NEW.recorded_at, NEW.header, NEW.leaf, NEW.salt, NEW.body);
END;";

impl Log {
    /// Opens a log to try appends on, which nobody waits for: an append begins with the file as it stands, reads what it
    /// stores itself behind that, and can only be dropped.
    ///
    /// # Errors
    /// As for [`Log::open_read_only`].
    pub fn open_aside(path: &Path) -> Result<Self, Error> {
        let log = Self::open_read_only(path)?;
        log.conn.execute_batch(ASIDE).map_err(doing("making a place beside the log"))?;
        Ok(log)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EventId, Micros};
    use crate::log::Seq;

    #[test]
    fn what_is_tried_is_read_and_nothing_of_it_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stances.db");
        let mut log = Log::open(&path).unwrap();
        let (known, tried) = (EventId::from_bytes([1; 16]), EventId::from_bytes([2; 16]));
        let mut append = log.begin().unwrap();
        append.store(known, "{}", Micros(1)).unwrap();
        append.commit().unwrap();
        // Somebody is appending meanwhile.
        let append = log.begin().unwrap();
        let mut aside = Log::open_aside(&path).unwrap();
        let mut trial = aside.begin().unwrap();
        assert!(matches!(trial.store(known, "{}", Micros(2)), Err(Error::IdTaken { .. })));
        assert_eq!(trial.store(tried, "{}", Micros(2)).unwrap().seq, Seq(2));
        assert!(matches!(trial.store(tried, "{}", Micros(2)), Err(Error::IdTaken { .. })));
        assert_eq!((trial.reader().head().unwrap(), trial.reader().by_id(tried).unwrap().unwrap().seq), (Seq(2), Seq(2)));
        drop(trial);
        let mut trial = aside.begin().unwrap();
        assert_eq!((trial.head(), trial.reader().at(Seq(2)).unwrap()), (Seq(1), None));
        trial.store(tried, "{}", Micros(2)).unwrap();
        assert!(trial.commit().is_err());
        drop(append);
        assert_eq!(log.reader().head().unwrap(), Seq(1));
    }
}
