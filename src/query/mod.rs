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
mod grounds;
mod history;
mod timeline;
mod why;
mod lookup;
mod kind;
mod criteria;
mod event;
mod pairs;
mod every;
mod page;
mod claim;
mod flip;
mod compare;
mod diff;
mod moved;
mod review;
mod search;
mod export;
mod numbers;
mod lane;
mod course;

pub use answer::{Answer, Detail, Held};
pub use claim::{ClaimFilter, ClaimItem, HoldingItem, RelationItem, VerdictItem, VoiceItem};
pub use compare::{Ally, Comparison, Shared};
pub use course::{Course, StatusPoint, Utterance, VoiceCourse};
pub use criteria::Criteria;
pub use diff::DiffItem;
pub use error::Error;
pub use event::{Direction, EventFilter};
pub use flip::{FlipFilter, FlipItem, GapItem};
pub use grounds::Counted;
pub use history::{Act, AllegedItem, ChangeItem, HistoryItem, Retracted, SpeechItem};
pub use lane::{Lane, Lanes, Mark, Parting, Turn};
pub use lookup::{ActionItem, EntityItem};
pub use numbers::{Holders, Numbers, TallyPoint};
pub use page::PageFilter;
pub use review::{ReviewItem, ReviewPart, WeakSpot};
pub use search::Hit;
pub use snapshot::{Snapshot, When};
pub use why::Why;
