//! Reads the tables and folds; returns plain values.
//!
//! Promises:
//! - query-1: a question is answered from one snapshot, whatever is appended meanwhile.
//! - query-2: an answer at the present reads a table; at another (T, K) it folds the pair's entries by the same fold.
//! - query-3: every answer names the events that decide it.
//!
//! Not here: resolving names, parsing dates (`ledger`), writing of any kind.

mod error;
mod snapshot;
mod answer;
mod history;
mod lookup;

pub use answer::{Answer, Detail};
pub use error::Error;
pub use history::{Act, ChangeItem, HistoryItem, Why};
pub use lookup::{ActionItem, EntityItem, EventFilter};
pub use snapshot::{Snapshot, When};
