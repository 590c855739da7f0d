//! What can go wrong at the front desk, in five kinds that every door translates.

use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
use std::path::PathBuf;

use super::token::BadToken;
use crate::event::{EventId, Refusal};
use crate::{audit, log, merkle, projection, query};

/// What can go wrong, whatever was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is not right.
    #[error("{0}")]
    Refused(Refusal),
    /// What was asked for is not in the log.
    #[error("{what}")]
    NotFound {
        /// What is not there, in one sentence.
        what: String,
        /// The nearest things that are.
        nearest: Vec<String>,
    },
    /// An id that is in the log with other content.
    #[error("the log holds an event {id} with other content, at seq {seq}")]
    IdReused {
        /// The id.
        id: EventId,
        /// Where it stands.
        seq: log::Seq,
    },
    /// Something was appended that the caller wanted to have seen before.
    #[error("what the condition excludes was appended meanwhile, at seq {seq}")]
    Overtaken {
        /// Where it stands.
        seq: log::Seq,
        /// Its id, where that is known.
        id: Option<EventId>,
    },
    /// The views do not come as far as the log, and somebody else has to see to it.
    #[error("the views are behind the log: {why}")]
    Behind {
        /// Why, as far as is known.
        why: String,
    },
    /// The log failed.
    #[error("{0}")]
    Log(#[source] log::Error),
    /// The views failed.
    #[error("{0}")]
    Projection(#[source] projection::Error),
    /// A file that was given cannot be read or written.
    #[error("cannot {doing} {path}")]
    File {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// The file of a token cannot be used.
    #[error("{0}")]
    BadToken(BadToken),
    /// The system's source of random bytes failed.
    #[error("cannot {doing}: the system gives no random bytes")]
    Random {
        /// What they were for.
        doing: &'static str,
        /// The system's words.
        source: getrandom::Error,
    },
    /// A key, a signed text or a proof is not right.
    #[error("{doing}")]
    Proof {
        /// What was being done.
        doing: &'static str,
        /// What is wrong.
        source: merkle::Error,
    },
    /// The program's own data are not what they must be.
    #[error("the built-in vocabulary cannot be read")]
    BuiltIn(#[source] serde_json::Error),
}

/// The five kinds of failure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// The input is not right.
    Refused,
    /// What was asked for is not there.
    NotFound,
    /// The log moved on, or holds something else.
    Conflict,
    /// Stored bytes are not what they were.
    Damaged,
    /// The file cannot be used now.
    Unavailable,
}

/// What a function that writes an answer says when it cannot.
pub const ANSWER: &str = "write the answer to";

impl Error {
    /// An answer that could not be written.
    pub(super) fn answer(source: std::io::Error) -> Self {
        Error::File { doing: ANSWER, path: "the output".into(), source }
    }

    /// Which of the five kinds it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::Refused(_) | Error::Proof { .. } => ErrorKind::Refused,
            // The system read the file; what stands in it is not right.
            Error::File { source, .. } if matches!(source.kind(), InvalidData | InvalidInput | UnexpectedEof) => ErrorKind::Refused,
            Error::NotFound { .. } => ErrorKind::NotFound,
            Error::IdReused { .. } | Error::Overtaken { .. } => ErrorKind::Conflict,
            Error::Log(log) | Error::Projection(projection::Error::Log(log)) => log_kind(log),
            Error::Behind { .. } | Error::Projection(_) | Error::File { .. } | Error::BuiltIn(_) => ErrorKind::Unavailable,
            // A token's file may be from a newer program, which is no damage.
            Error::BadToken(_) | Error::Random { .. } => ErrorKind::Unavailable,
        }
    }
}

impl Error {
    /// The head of a log that is not where the caller expected it.
    pub fn moved_head(&self) -> Option<log::Seq> {
        match self {
            Error::Log(log::Error::HeadMoved { head, .. }) => Some(*head),
            _ => None,
        }
    }

    /// Whether a request is to blame, and the log would take another.
    pub(super) fn is_of_the_request(&self) -> bool {
        match self {
            Error::Refused(_) | Error::NotFound { .. } | Error::IdReused { .. } | Error::Overtaken { .. } => true,
            Error::Log(log) => matches!(log, log::Error::HeadMoved { .. }),
            Error::Behind { .. } | Error::Projection(_) | Error::File { .. } | Error::Proof { .. } | Error::BuiltIn(_) => false,
            Error::BadToken(_) | Error::Random { .. } => false,
        }
    }

    /// The same, told of one event of a list.
    pub(super) fn of_event(self, index: usize) -> Self {
        match self {
            Error::Refused(refusal) => Error::Refused(refusal.within(&format!("[{index}]"))),
            other => other,
        }
    }
}

fn log_kind(error: &log::Error) -> ErrorKind {
    match error {
        log::Error::HeadMoved { .. } | log::Error::IdTaken { .. } => ErrorKind::Conflict,
        log::Error::Damaged { .. } | log::Error::Foreign { .. } | log::Error::Tree { .. } | log::Error::Corrupt { .. } => {
            ErrorKind::Damaged
        }
        log::Error::Missing { .. } | log::Error::Open { .. } | log::Error::Busy { .. } => ErrorKind::Unavailable,
        log::Error::Poisoned | log::Error::Treeless | log::Error::Sqlite { .. } | log::Error::Random { .. } => ErrorKind::Unavailable,
        log::Error::NotScrubbed { .. } | log::Error::Reading => ErrorKind::Unavailable,
    }
}

impl From<log::Error> for Error {
    fn from(error: log::Error) -> Self {
        Error::Log(error)
    }
}

impl From<projection::Error> for Error {
    fn from(error: projection::Error) -> Self {
        match error {
            projection::Error::Log(log) => Error::Log(log),
            other => Error::Projection(other),
        }
    }
}

impl From<query::Error> for Error {
    fn from(error: query::Error) -> Self {
        match error {
            query::Error::Log(log) => log.into(),
            query::Error::Projection(projection) => projection.into(),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal)
    }
}

impl From<audit::Error> for Error {
    fn from(error: audit::Error) -> Self {
        match error {
            audit::Error::Log(log) => log.into(),
            audit::Error::Projection(projection) => projection.into(),
            audit::Error::Query(query) => query.into(),
            audit::Error::Merkle { doing, source } => Error::Proof { doing, source },
            audit::Error::Json(source) => Error::BuiltIn(source),
        }
    }
}
