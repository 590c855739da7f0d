//! The only writer: the append-only SQLite log, append at an expected head, read from a place on.
//!
//! Promises:
//! - log-1: seq starts at 1 and has no holes; recorded_at never decreases, whatever the clock does.
//! - log-2: a batch is in the log whole or not at all; what [`Append::commit`] acknowledged is on disk.
//! - log-3: the file itself refuses UPDATE and DELETE, through any client; of this one, all but plain appending is held against it.
//! - log-4: what is hashed is stored byte for byte, in a form that golden files pin.
//! - log-5: a reader never creates or changes the file.
//! - log-6: the tree over all leaves is written in the transaction that appends them, each changed tile once.
//!
//! Not here: what events mean, names, projections. The seam for a replicated log is [`Log::begin`] and
//! [`Append::commit`]: order a commit, store it.

mod seq;
mod error;
mod leaf;
mod tree;
mod open;
mod append;
mod read;
mod inspect;
mod erase;
mod excerpt;
mod aside;

pub use append::{Append, Mark};
pub use error::Error;
pub(crate) use error::is_damage;
pub use excerpt::Excerpt;
pub use inspect::{Cell, Layout, RawEvent, RawTile, Standstill};
pub use leaf::{HEADER_LEN, SALT_LEN, body_hash, header, leaf_hash};
pub use read::{Log, Reader, Row};
pub use seq::Seq;
