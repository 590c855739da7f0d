//! Foreign formats in, one file each; answers and events out, as rows and as JSON Lines.
//!
//! Promises:
//! - exchange-1: an importer streams: memory is flat in the length of the file.
//! - exchange-2: the same row has the same event id for ever, made of its content.
//! - exchange-3: a row is taken or refused with its line and the reason; none is dropped.
//!
//! Not here: names and ids of the log (`ledger`), CAMEO's meaning (`schema/vocabulary/cameo.json`).

pub mod claim_review;
mod claim_table;
mod cloud_event;
#[cfg(feature = "parquet")]
mod column;
#[cfg(feature = "parquet")]
mod columnar;
mod date;
mod document;
pub mod entity_list;
mod fact;
pub mod gdelt;
mod graph;
pub mod icews;
mod input;
mod listed;
mod map;
pub mod mapped;
mod mention;
pub mod polecat;
mod rating;
mod reference;
mod review;
mod roll_call;
mod row;
mod table;
pub mod vote;

pub use cloud_event::{Enveloped, derived_message, event_message};
#[cfg(feature = "parquet")]
pub use column::{Columnar, ParquetFile};
#[cfg(feature = "parquet")]
pub use columnar::{EventRow, StanceRow};
pub use fact::{BadRow, Fact, Flaw, Told, Trouble, row_of};
pub use graph::GraphMl;
pub use input::Encoding;
pub use map::{Column, Field, Map};
pub use mention::Mentions;
pub use roll_call::RollCalls;
pub use row::{DERIVED, Rows, Shape, is_derived};
pub use table::{Recorded, Tabular, csv_row, planned_json, recorded_json};
