//! Why a server does not start.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::ledger::{self, ErrorKind};

/// Why a server does not start, or did not end well.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The log does not open.
    #[error("{0}")]
    Ledger(#[from] ledger::Error),
    /// The address cannot be listened at.
    #[error("cannot listen at {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's words.
        source: std::io::Error,
    },
    /// The address can be reached from other machines, and nothing would protect the log.
    #[error(
        "{address} can be reached from other machines, and this log has no tokens; make one with `stancelog token create NAME --role append`, or listen at 127.0.0.1"
    )]
    Unprotected {
        /// The address.
        address: SocketAddr,
    },
    /// A file for TLS is not right.
    #[error("cannot use {path} for TLS: {reason}")]
    Tls {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// An origin for CORS is none.
    #[error("`{origin}` is no origin; write https://example.org")]
    Origin {
        /// As given.
        origin: String,
    },
    /// The system gives no threads, signals or timers.
    #[error("cannot start the server: {0}")]
    System(#[source] std::io::Error),
}

impl Error {
    /// Which of the five kinds it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::Ledger(error) => error.kind(),
            Error::Unprotected { .. } | Error::Origin { .. } | Error::Tls { .. } => ErrorKind::Refused,
            Error::Listen { .. } | Error::System(_) => ErrorKind::Unavailable,
        }
    }
}
