//! What follows from the log: identity, which events count, stances, their changes, flips and gaps, claims.
//!
//! Pure: no clock, no files, no SQL. Everything here is a function of entries that are handed in.
//!
//! Promises:
//! - stance-1: there is one [`Fold`]; the present and the past are the same code over different entries.
//! - stance-2: the order of arrival changes nothing but ties that `seq` decides.
//! - stance-3: weaker tiers never change an answer.
//!
//! Not here: names of things (they are numbers here), scores of any kind.

mod value;
mod entry;
mod tier;
mod fold;
mod classes;
mod supersession;
mod claim;
mod hearing;

pub use claim::{ClaimStanding, Holding, SpeechEntry, Status, Voice};
pub use classes::Classes;
pub use entry::Entry;
pub use fold::{Fold, Standing};
pub use hearing::Hearing;
pub use supersession::{Fate, How, fate};
pub use tier::WINDOW_DAYS;
pub(crate) use value::StanceValue;
pub use value::{Change, Deciding, Grade, Order, Rule, Sides, Value};
