//! What can go wrong with the log.

use std::path::PathBuf;

use super::seq::Seq;
use crate::event::EventId;

/// What can go wrong with the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no file to read.
    #[error("there is no log at {path}")]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file cannot be opened or created.
    #[error("cannot open the log at {path}: {reason}")]
    Open {
        /// The file.
        path: PathBuf,
        /// What stands in the way.
        reason: String,
        /// SQLite's own words.
        source: rusqlite::Error,
    },
    /// The file is an SQLite database, but no log of ours, or one of a newer program.
    #[error("{path} is no log that this program can read: {reason}")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// Another process is writing, and did not finish in time.
    #[error("another process has been writing to the log for {waited_ms} ms; try again")]
    Busy {
        /// How long was waited.
        waited_ms: u64,
    },
    /// The log moved on since the caller looked.
    #[error("the log's head is {head}, not {expected}: something was appended in between")]
    HeadMoved {
        /// What the caller expected.
        expected: Seq,
        /// What it is.
        head: Seq,
    },
    /// The content of the row does not say what its header says, or is no event.
    #[error("event {seq} is damaged: {reason}")]
    Damaged {
        /// The event.
        seq: Seq,
        /// What is wrong with it.
        reason: String,
    },
    /// A commit failed in a way that leaves open whether it took effect.
    #[error("this handle's last commit failed with an unknown outcome; open the log again to see what is true")]
    Poisoned,
    /// The stored tree is not that of the log's events.
    #[error("the log's tree does not read")]
    Tree {
        /// What is wrong with it.
        source: crate::merkle::Error,
    },
    /// A log of the first layout, which has no tree.
    #[error("the log is of an older layout and has no tree yet; the next write gives it one")]
    Treeless,
    /// An id that is in the log already.
    #[error("an event with id {id} is in the log already")]
    IdTaken {
        /// The id.
        id: EventId,
    },
    /// SQLite failed while something was done.
    #[error("{doing}")]
    Sqlite {
        /// What was being done.
        doing: &'static str,
        /// SQLite's own words.
        source: rusqlite::Error,
    },
    /// SQLite found the file damaged while something was done.
    #[error("{doing}: the file is damaged")]
    Corrupt {
        /// What was being done.
        doing: &'static str,
        /// SQLite's own words.
        source: rusqlite::Error,
    },
    /// The append stands, but the text of the events that it erased may still stand in the file or its journal.
    #[error(
        "the events are erased and the erasure is on record, but their text may still stand in the log's file; the next command that writes removes it"
    )]
    NotScrubbed {
        /// The log's head with the append.
        head: Seq,
        /// What kept the file from being written anew.
        source: Box<Error>,
    },
    /// Another process goes on reading an older state, so that the journal cannot be emptied.
    #[error("another process keeps reading the log as it was before; end it, and erase once more")]
    Reading,
    /// The system's source of random bytes failed.
    #[error("the system gives no random bytes for salts")]
    Random {
        /// Its own words.
        source: getrandom::Error,
    },
}

/// How long a writer waits for another process, in milliseconds.
pub(super) const BUSY_MS: u64 = 10_000;

/// Wraps SQLite's error with what was being done; a lock that did not come is [`Error::Busy`].
pub(super) fn doing(doing: &'static str) -> impl Fn(rusqlite::Error) -> Error {
    move |source| match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Error::Busy { waited_ms: BUSY_MS },
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => Error::Corrupt { doing, source },
        Some(_) | None => Error::Sqlite { doing, source },
    }
}

impl Error {
    /// Whether it says that the file is not what it must be, and not that it cannot be read now.
    pub fn is_damage(&self) -> bool {
        match self {
            Error::Corrupt { .. } | Error::Damaged { .. } | Error::Tree { .. } => true,
            Error::Sqlite { source, .. } => is_damage(source),
            Error::Missing { .. } | Error::Open { .. } | Error::Foreign { .. } | Error::Busy { .. } | Error::HeadMoved { .. } => false,
            Error::Poisoned | Error::Treeless | Error::Reading | Error::IdTaken { .. } | Error::Random { .. } => false,
            Error::NotScrubbed { source, .. } => source.is_damage(),
        }
    }
}

/// Whether SQLite, or the reading of a row, complains of what stands in the file.
pub(crate) fn is_damage(source: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{ConstraintViolation, DatabaseCorrupt, NotADatabase, TooBig, TypeMismatch, Unknown};
    match source.sqlite_error_code() {
        // SQLite's plain error: a table, column or index is not there.
        Some(Unknown | DatabaseCorrupt | NotADatabase | ConstraintViolation | TypeMismatch | TooBig) => true,
        Some(_) => false,
        None => true,
    }
}
