//! Tables made from the log, which may be thrown away at any time: rows and cursor move in one transaction.
//!
//! Promises:
//! - projection-1: first run, catch-up and rebuild are one function, [`catch_up`], and come to the same tables.
//! - projection-2: deleting the file loses nothing.
//! - projection-3: memory is flat in the length of the log: a chunk of events at a time, one pair at a time.
//! - projection-4: a late event, a retraction, a merge or a redefinition changes exactly the pairs that it concerns.
//!
//! Not here: answers (`query`), anything that the log does not say.

mod error;
mod views;
mod world;
mod entries;
mod sweep;
mod claims;
mod kept;
mod arrival;
mod intake;
mod touch;
mod refresh;
mod catch_up;
mod registry;
mod replay;
mod difference;
mod grounds;

pub use arrival::{Arrivals, Packed};
pub use catch_up::{Follower, Foreseen, catch_up, is_caught_up};
pub use difference::Difference;
pub use entries::Span;
pub use error::Error;
pub(crate) use error::doing;
pub use registry::{Known, Named, Registry};
pub use replay::{ClaimMoved, Moved, Replay};
pub use views::{Cursor, Reading, Views, views_path};
pub use world::{Class, World};
