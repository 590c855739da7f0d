//! What can be recorded: event types, ids, EDTF time, vocabulary; their JSON; validation.
//!
//! Pure: no clock, no files, no look-ups. The way in is [`parse`] (a line of JSON to a [`Draft`]) and [`check`]; the way
//! to the log is [`stored_json`].
//!
//! Promises:
//! - event-1: stored bytes never change their meaning; a new form gets a new [`FORMAT`] beside the old one.
//! - event-2: what is refused is refused with its field, and with its place where the line is known.
//! - event-3: nothing is guessed: an unknown field, type or word is refused.
//!
//! Not here: who an actor is, whether an id exists (that takes a log), what follows from an event (`stance`).

mod time;
mod plain;
mod slug;
mod id;
mod word;
mod evidence;
mod entity;
mod action;
mod body;
mod wire;
mod gone;
mod refusal;
mod check;
mod vocabulary;
mod schema;
mod component;

pub use action::{Action, Code, Vocabulary};
pub use body::{
    About, Body, Claim, Common, Erase, Event, EventType, Kept, Merge, Rating, Relation, RelationKind, Retract, Source, Stance, Verdict,
};
pub use check::{TEXT_MAX, check};
pub(crate) use component::{recorded as recorded_schema, schema_of};
pub use entity::{Alias, Entity, Kind, LimitedAlias, MotionSide, Role, StandsFor};
pub use evidence::{Evidence, Selector};
pub use gone::{Gone, Mark, is_recorded};
pub use id::EventId;
pub use plain::{is_treacherous, printable};
pub use refusal::{Refusal, explain, nearest, span_of};
pub use schema::json_schema;
pub use slug::{CLAIM_PREFIX, NAME_MAX, SLUG_MAX, SlugError, TargetRef, check_slug, fold_name, is_slug, slug_of, with_suffix};
pub use time::{DateError, Day, Micros, Occurred};
pub use vocabulary::{built_in, cameo, plover, vocabulary_id};
pub use wire::{Draft, FORMAT, StanceGlance, glance, parse, parse_stored, stored_json};
pub(crate) use word::words;
pub use word::{Meaning, Side, Speech, Tier, Toward};
