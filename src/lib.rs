//! **stancelog**: an event-sourced record of who stands where.
//!
//! The house, in reading order; imports go only down this list:
//!
//! 1. [`event`]: what can be recorded. Pure.
//! 2. [`stance`]: what follows from it. Pure.
//! 3. [`merkle`]: tree hashes, proofs, checkpoints. Knows no events.
//! 4. [`log`]: the append-only SQLite log, the only truth.
//! 5. [`projection`]: tables that may be thrown away at any time.
//! 6. [`query`]: reads those tables and folds; returns plain values.
//! 7. [`audit`]: verifying a log, proofs, bundles.
//! 8. [`exchange`]: foreign formats in and out.
//! 9. [`ledger`]: the front desk: one function per thing that a person can ask for.
//! 10. [`chart`]: answers as SVG.
//! 11. [`cli`]: the command line, a door to the ledger.
//! 12. [`http`]: the HTTP API, the other door.
#![warn(clippy::unwrap_used)]

pub mod event;
pub mod stance;
pub mod merkle;
pub mod log;
pub mod projection;
pub mod query;
pub mod audit;
pub mod exchange;
pub mod ledger;
pub mod chart;
pub mod cli;
pub mod http;

pub use ledger::Ledger;

/// The README's example, run as a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
