//! Events that a dry run shows: as they would be recorded, one a line.

use super::failure::Failure;
use super::out::Out;
use crate::ledger::Stored;

/// Prints an event that is not recorded.
pub(super) fn print(event: &Stored, out: &mut Out) -> Result<(), Failure> {
    out.json_text(&event.json())?;
    out.bytes(b"\n")
}
