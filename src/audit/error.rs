//! What keeps an audit from being made. What an audit finds is no error.

use super::finding::{Finding, Kind};
use crate::{log, merkle, projection, query};

/// What keeps an audit from being made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The log cannot be read now.
    #[error("{0}")]
    Log(#[from] log::Error),
    /// The views cannot be made.
    #[error("{0}")]
    Projection(#[from] projection::Error),
    /// A question cannot be answered.
    #[error("{0}")]
    Query(#[from] query::Error),
    /// A proof, a key or a signed text is not right.
    #[error("{doing}")]
    Merkle {
        /// What was being done.
        doing: &'static str,
        /// What is wrong.
        source: merkle::Error,
    },
    /// Values that JSON cannot write.
    #[error("the bundle cannot be written")]
    Json(#[from] serde_json::Error),
}

impl Error {
    /// Damage is what an audit looks for; everything else keeps it from looking.
    pub(super) fn into_finding(self, table: &str, seq: Option<i64>) -> Result<Finding, Error> {
        let unreadable = |said: String| Finding { seq, ..Finding::of(table, Kind::Unreadable, "rows that read", said) };
        match self {
            Error::Log(error) | Error::Projection(projection::Error::Log(error)) | Error::Query(query::Error::Log(error)) => {
                if error.is_damage() { Ok(unreadable(with_cause(&error))) } else { Err(Error::Log(error)) }
            }
            Error::Projection(error) if error.is_damage() => Ok(unreadable(with_cause(&error))),
            other => Err(other),
        }
    }
}

/// A finding that says that something does not read.
pub fn unreadable(table: &str, error: &dyn std::error::Error) -> Finding {
    Finding::of(table, Kind::Unreadable, "rows that read", with_cause(error))
}

fn with_cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
