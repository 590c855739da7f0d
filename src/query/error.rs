//! What can go wrong with a question.

use crate::{log, projection};

/// What can go wrong with a question.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The log failed.
    #[error("{0}")]
    Log(#[from] log::Error),
    /// The views failed.
    #[error("{0}")]
    Projection(#[from] projection::Error),
}
