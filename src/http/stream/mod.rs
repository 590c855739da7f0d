//! Streams of server-sent events: the log as it grows, and the stances that it moves.
//!
//! A stream is pulled: what its reader does not take is not made, so a slow reader costs the others nothing. One that takes
//! nothing for long is cut off by its connection.

mod events;
mod stances;
mod place;

pub(super) use events::{__path_events, events};
pub(super) use stances::{__path_changes, Moved, changes};
