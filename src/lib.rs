//! **stancelog**: an event-sourced record of who stands where.
//!
//! The house, in reading order; imports go only down this list:
//!
//! 1. [`event`]: what can be recorded. Pure.
//! 2. [`stance`]: what follows from it. Pure.
//! 3. [`log`]: the append-only SQLite log, the only truth.
//! 4. [`projection`]: tables that may be thrown away at any time.
//! 5. [`query`]: reads those tables and folds; returns plain values.
//! 6. [`exchange`]: foreign formats in and out.
//! 7. [`ledger`]: the front desk: one function per thing that a person can ask for.
//! 8. [`cli`]: the command line, a door to the ledger.
#![warn(clippy::unwrap_used)]

pub mod event;
pub mod stance;
pub mod log;
pub mod projection;
pub mod query;
pub mod exchange;
pub mod ledger;
pub mod cli;

pub use ledger::Ledger;

/// The README's example, run as a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
