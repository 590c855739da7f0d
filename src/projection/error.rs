//! What can go wrong with the views.

use std::path::PathBuf;

use crate::log;

/// What can go wrong with the views.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be opened or created.
    #[error("cannot open the views at {path}")]
    Open {
        /// The file.
        path: PathBuf,
        /// SQLite's own words.
        source: rusqlite::Error,
    },
    /// Another process kept writing to the views.
    #[error("another process has been bringing the views up to date for {waited_ms} ms; try again")]
    Busy {
        /// How long was waited.
        waited_ms: u64,
    },
    /// Another process goes on reading the views as they were, so that what stood in them cannot be removed.
    #[error("another process keeps reading the views as they were before; end it, and erase once more")]
    Reading,
    /// SQLite failed while something was done.
    #[error("{doing}")]
    Sqlite {
        /// What was being done.
        doing: &'static str,
        /// SQLite's own words.
        source: rusqlite::Error,
    },
    /// A row of the views does not read; deleting the file mends it.
    #[error("the views do not read ({what}); `stancelog rebuild` makes them anew")]
    Unreadable {
        /// What does not read.
        what: &'static str,
    },
    /// The log failed.
    #[error("reading the log for the views")]
    Log(#[from] log::Error),
}

/// How long a process waits for another one that writes to the views, in milliseconds.
pub(super) const BUSY_MS: u64 = 30_000;

/// Wraps SQLite's error with what was being done.
pub(crate) fn doing(doing: &'static str) -> impl Fn(rusqlite::Error) -> Error + Copy {
    move |source| match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Error::Busy { waited_ms: BUSY_MS },
        Some(_) | None => Error::Sqlite { doing, source },
    }
}

impl Error {
    /// Whether it says that the views are not what they must be, and not that they cannot be read now.
    pub fn is_damage(&self) -> bool {
        match self {
            Error::Unreadable { .. } => true,
            Error::Sqlite { source, .. } => log::is_damage(source),
            Error::Log(error) => error.is_damage(),
            Error::Open { .. } | Error::Busy { .. } | Error::Reading => false,
        }
    }
}
