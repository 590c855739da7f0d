//! Audits: verifying a log, proving what is in it, and bundles that answer a question far from it.
//!
//! Promises:
//! - audit-1: every byte that the log's tables hold is checked against another; findings are data, and all are told.
//! - audit-2: memory is flat in the length of the log, however much is wrong with it.
//! - audit-3: damage is a finding, never an error; and what keeps the file from being read is never told as damage.
//! - audit-4: a bundle is checked without log and network; no byte of it can change unnoticed, and no input makes it panic.
//!
//! Not here: SQL (the log and the views are looked at through their own rooms), keys on disk (`ledger`), printing.

mod error;
mod finding;
mod row;
mod events;
mod verify;
mod views;
mod proof;
mod bundle;
mod check;
mod report;

pub use bundle::{Asking, BUNDLE_FORMAT, Bundle, BundledEvent};
pub use check::{Checked, check_bundle};
pub use error::{Error, unreadable};
pub use finding::{Finding, Kind};
pub use proof::{Consistency, HeadItem, Proof, consistency, prove, sign_checkpoint};
pub use report::report;
pub use verify::{Verdict, verify};
pub use views::compare_views;
