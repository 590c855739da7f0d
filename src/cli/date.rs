//! Dates as people write them in flags: EDTF, `today`, `-30d`. Days are UTC days.

use super::failure::Failure;
use crate::Ledger;
use crate::event::{DateError, Day, Occurred, Refusal};

/// When something happened.
pub(super) fn occurred(flag: &str, text: &str, ledger: &Ledger) -> Result<Occurred, Failure> {
    let written = match relative(text, ledger) {
        Some(day) => day.to_string(),
        None => text.to_owned(),
    };
    let refuse = |e: DateError| {
        let said = format!("{e} (at its character {}); write EDTF (2022, 2022-02-24), today or -1d", e.offset + 1);
        Refusal::field(flag, said)
    };
    Ok(Occurred::parse(&written).map_err(refuse)?)
}

/// The first day that a date covers.
pub(super) fn first_day(flag: &str, text: &str, ledger: &Ledger) -> Result<Day, Failure> {
    Ok(occurred(flag, text, ledger)?.earliest().day())
}

/// The day that `today` or `-30d` means.
fn relative(text: &str, ledger: &Ledger) -> Option<Day> {
    let today = ledger.now().day();
    match text.strip_prefix('-').and_then(|rest| rest.strip_suffix('d')) {
        Some(days) => Some(today.minus(days.parse().ok()?)),
        None => (text == "today").then_some(today),
    }
}
