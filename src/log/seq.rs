//! Places in the log, and the head.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in the log: 1, 2, 3 … without a hole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub i64);

impl Seq {
    /// Before the first event: what "after" means for a reader who has seen nothing, and the head of an empty log.
    pub const START: Seq = Seq(0);

    /// The next place.
    pub fn next(self) -> Seq {
        Seq(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
